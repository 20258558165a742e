// What the topics know: a page for each table that a topic declares, with search and order, and a card of the row on
// which everything is linked.
#pragma once

#include "gui/models/fact_model.hpp"
#include "gui/pages/page.hpp"

class QLineEdit;
class QListWidget;
class QScrollArea;
class QVBoxLayout;

namespace deadbox::gui {

class EmptyState;
class PlainLabel;
class TableView;

class EntitiesPage : public Page {
    Q_OBJECT
public:
    EntitiesPage(Frame& frame, QWidget* parent);
    QString title() const override { return tr("Entities"); }
    QIcon icon() const override { return icon_named(QStringLiteral("view-list-tree")); }
    void caseChanged() override;
    void shown() override { refresh(); }
    void refresh() override;
    void zoneChanged() override;
    bool open(const Link& link) override;
    QVariantMap place() const override;
    void restore(const QVariantMap& place) override;
    Link selection() const override;
    void focusFilter() override;
    bool closeLast() override;
    QString selectedText() const override;
    QString selectedJson() const override;
    void show_table(const std::string& name);
    FactModel* model() const { return m_model; }
    QListWidget* tables() const { return m_tables; }

private:
    void showCard();
    void askRelated(const case_file::FactRow& row);
    struct Known;
    void addRelated(const Known& known);
    void selectRow(std::int64_t row);
    FactModel* m_model;
    QListWidget* m_tables;
    TableView* m_table;
    QLineEdit* m_filter;
    PlainLabel *m_meaning, *m_count;
    QScrollArea* m_card;
    EmptyState* m_empty;
    std::int64_t m_wanted_id = 0;
    int m_wanted_row = -1;
    std::string m_wanted_table;
    QPointer<QVBoxLayout> m_related;  // of the card that is shown: where what else is known stands
    Ticket m_asking;
};

}  // namespace deadbox::gui
