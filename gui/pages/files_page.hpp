// Files: the machine's folders, a list, and what is in the chosen file.
#pragma once

#include <QTemporaryDir>

#include <functional>
#include <memory>
#include <vector>

#include "case/view_files.hpp"
#include "gui/pages/page.hpp"

class QLineEdit;
class QMimeData;
class QToolButton;
class QTreeView;

namespace deadbox::gui {

class EmptyState;
class EvidenceBytes;
class EvidenceExport;
class FileListModel;
class FileViewer;
class FolderModel;
class PlainLabel;
class TableView;

class FilesPage final : public Page {
    Q_OBJECT
public:
    explicit FilesPage(Frame& frame, QWidget* parent = nullptr);
    ~FilesPage() override;

    QString title() const override { return tr("Files"); }
    QIcon icon() const override { return icon_named(QStringLiteral("folder")); }
    void caseChanged() override;
    void shown() override;
    void zoneChanged() override;
    bool open(const Link& link) override;
    QVariantMap place() const override;
    void restore(const QVariantMap& place) override;
    Link selection() const override;
    void focusFilter() override;
    QString selectedText() const override;
    QString selectedJson() const override;

    // Copies of the chosen files with a manifest, into a folder; by `deadbox extract`.
    void export_to(const QString& folder);
    // As what is dragged out: the folder of copies is made where the data are asked for.
    QMimeData* dragged();

private:
    void build();
    QWidget* build_switches();
    void load();
    void show_folder(qint64 directory);
    void search();
    void show_current();
    void content_failed(const QString& why);
    void go_to(const case_file::FileDetail& file);
    QList<int> chosen_rows() const;
    void choose_export_folder();
    // done(true): everything was copied. False at once where nothing is chosen or another export runs, with a word about it.
    bool run_export(const QString& folder, std::function<void(bool)> done);
    QString make_dragged();

    std::unique_ptr<FolderModel> m_folders;
    std::unique_ptr<FileListModel> m_files;
    std::unique_ptr<EvidenceBytes> m_bytes;
    QLineEdit *m_path, *m_filter;
    QList<QToolButton*> m_states;  // in the order of the filter's switches
    PlainLabel* m_count;
    QTreeView* m_tree;
    TableView* m_list;
    EmptyState* m_empty = nullptr;
    FileViewer* m_viewer;
    EvidenceExport* m_export;
    std::function<void(bool)> m_done;  // of the export that runs
    bool m_exporting = false;
    std::vector<std::unique_ptr<QTemporaryDir>> m_dragged;  // what was dragged out lives as long as the window
    qint64 m_directory = 0;   // the folder that is listed; 0: what was found
    qint64 m_wanted = 0;      // inode to be chosen when the list is there
    QByteArray m_wanted_name;
    int m_wanted_line = 0;
    int m_shown_row = -1;     // that the viewer shows
};

}  // namespace deadbox::gui
