// The findings: the list beside the card of the one that is selected; states, tags, comments, bookmarks, undo.
#pragma once

#include "case/edit.hpp"
#include "gui/models/finding_model.hpp"
#include "gui/pages/page.hpp"

class QComboBox;
class QLineEdit;
class QTreeView;

namespace deadbox::gui {

class EmptyState;
class EvidenceExport;
class FindingCard;
class PlainLabel;

class FindingsPage : public Page {
    Q_OBJECT
public:
    FindingsPage(Frame& frame, QWidget* parent);
    QString title() const override { return tr("Findings"); }
    QIcon icon() const override { return icon_named(QStringLiteral("flag")); }
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
    // Of all selected findings, with undo.
    void setState(const QString& state, const QString& reason);

    FindingModel* model() const { return m_model; }
    QTreeView* list() const { return m_list; }
    FindingCard* card() const { return m_card; }
    void select(const QString& id);
    // Copies of the files that the selected findings rest on; of all that are not dismissed where only one is selected.
    void export_to(const QString& folder);

Q_SIGNALS:
    void loaded();
    void exported(bool well);

private:
    std::vector<const report::ReportFinding*> selected() const;
    void select_shown(const QString& kept);
    void open_group_menu(const QModelIndex& group, const QPoint& global);
    void select_group(const QModelIndex& group);
    void step(int by);
    void showCurrent();
    void updateSummary();
    void write(std::vector<case_file::Mark> marks, const QString& said, std::vector<case_file::Mark> undo);
    void undo_last();
    QWidget* make_bulk();
    void choose_export_folder();
    void update_bulk();
    void ask_reason();
    void comment(const QString& text);
    void tag(const QString& tag);

    FindingModel* m_model;
    QTreeView* m_list;
    QLineEdit* m_filter;
    QComboBox* m_grouping;
    PlainLabel* m_summary;
    FindingCard* m_card;
    EmptyState* m_empty;
    QString m_wanted;  // the finding to select once they are loaded
    QString m_put_aside, m_instead;  // the finding that a filter hides, and the one that the card shows for it
    std::string m_said;  // what the card shows
    std::vector<std::vector<case_file::Mark>> m_undo;  // what takes each change back, the last one last
    QWidget* m_bulk = nullptr;      // what can be done with several at once
    PlainLabel* m_bulk_count = nullptr;
    EvidenceExport* m_export;
};

}  // namespace deadbox::gui
