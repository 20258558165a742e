// The examiner's journal: actions, decisions, communications (who was told what), and the conclusion.
#pragma once

#include "gui/models/list_model.hpp"
#include "gui/pages/page.hpp"
#include "report/model.hpp"

class QComboBox;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace deadbox::gui {

class EmptyState;
class PlainLabel;
class TableView;

class NotesPage : public Page {
    Q_OBJECT
public:
    NotesPage(Frame& frame, QWidget* parent);
    QString title() const override { return tr("Notes"); }
    QIcon icon() const override { return icon_named(QStringLiteral("document-edit")); }
    void caseChanged() override;
    void shown() override { refresh(); }
    void refresh() override;
    void zoneChanged() override { refresh(); }
    bool open(const Link& link) override;  // begins a note about it
    QVariantMap place() const override;
    void restore(const QVariantMap& place) override;
    Link selection() const override;
    void focusFilter() override;
    bool closeLast() override;
    QString selectedText() const override;
    QString selectedJson() const override;
    void write();

Q_SIGNALS:
    void written();

private:
    void conclude();
    // Begins a note that corrects the chosen one.
    void correct();
    bool is_communication() const;
    void showChoice();
    ListModel* m_model;
    TableView* m_table;
    QComboBox *m_show, *m_kind, *m_level, *m_audience;
    QLineEdit *m_filter, *m_who, *m_permitted, *m_at;
    QPlainTextEdit *m_text, *m_conclusion;
    QPushButton *m_add, *m_save;
    PlainLabel* m_about;
    EmptyState* m_empty;
    QByteArray m_finding;  // that the note is about
    std::int64_t m_corrects = 0;  // number of the note that is corrected
    std::vector<ListRow> m_rows;
    std::vector<report::NoteEntry> m_notes;  // of m_rows
};

}  // namespace deadbox::gui
