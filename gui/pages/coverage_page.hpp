// What was not looked at, what limits the answers, what was assumed: the ledger.
#pragma once

#include "gui/models/list_model.hpp"
#include "gui/pages/page.hpp"

class QLineEdit;

namespace deadbox::gui {

class EmptyState;
class PlainLabel;
class TableView;

class CoveragePage : public Page {
    Q_OBJECT
public:
    CoveragePage(Frame& frame, QWidget* parent);
    QString title() const override { return tr("Coverage"); }
    QIcon icon() const override { return icon_named(QStringLiteral("view-list-details")); }
    void caseChanged() override;
    void shown() override { refresh(); }
    void refresh() override;
    bool open(const Link& link) override;
    QVariantMap place() const override;
    void restore(const QVariantMap& place) override;
    Link selection() const override;
    void focusFilter() override;
    bool closeLast() override;
    QString selectedText() const override;
    QString selectedJson() const override;

private:
    void showDetail();
    ListModel* m_model;
    TableView* m_table;
    QLineEdit* m_filter;
    PlainLabel *m_summary, *m_detail;
    EmptyState* m_empty;
};

}  // namespace deadbox::gui
