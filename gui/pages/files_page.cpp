#include "gui/pages/files_page.hpp"

#include <QDir>
#include <QEventLoop>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QItemSelectionModel>
#include <QLineEdit>
#include <QSplitter>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

#include <array>

#include "gui/models/evidence_bytes.hpp"
#include "gui/models/evidence_export.hpp"
#include "gui/models/evidence_text.hpp"
#include "gui/models/file_list_model.hpp"
#include "gui/models/folder_model.hpp"
#include "gui/widgets/dragged_files.hpp"
#include "gui/widgets/empty_state.hpp"
#include "gui/widgets/file_viewer.hpp"
#include "gui/widgets/message_bar.hpp"
#include "gui/widgets/palettes.hpp"
#include "gui/widgets/plain_label.hpp"
#include "gui/widgets/table_view.hpp"

namespace deadbox::gui {
namespace {

constexpr std::int64_t k_large = 100ll << 20;
constexpr qsizetype k_most_exported = 5000;  // chosen one by one; a folder stands for all below it
// The switches of the filter.
struct Switch {
    const char* text;
    const char* tip;
    void (*set)(case_file::FileChoice&);
};
constexpr std::array<Switch, 8> k_switches{{
    {QT_TRANSLATE_NOOP("deadbox::gui::FilesPage", "With findings"), QT_TRANSLATE_NOOP("deadbox::gui::FilesPage", "Files that a finding names"),
     [](case_file::FileChoice& f) { f.with_finding = true; }},
    {QT_TRANSLATE_NOOP("deadbox::gui::FilesPage", "Deleted"), QT_TRANSLATE_NOOP("deadbox::gui::FilesPage", "Names that were deleted and can still be seen"),
     [](case_file::FileChoice& f) { f.deleted = true; }},
    {QT_TRANSLATE_NOOP("deadbox::gui::FilesPage", "Reallocated"), QT_TRANSLATE_NOOP("deadbox::gui::FilesPage", "Deleted names whose inode belongs to another file now"),
     [](case_file::FileChoice& f) { f.reallocated = true; }},
    {QT_TRANSLATE_NOOP("deadbox::gui::FilesPage", "Altered"), QT_TRANSLATE_NOOP("deadbox::gui::FilesPage", "Files whose bytes are not those that their package delivered"),
     [](case_file::FileChoice& f) { f.altered = true; }},
    {QT_TRANSLATE_NOOP("deadbox::gui::FilesPage", "Unowned"), QT_TRANSLATE_NOOP("deadbox::gui::FilesPage", "Files that no package has, in folders where packages have files"),
     [](case_file::FileChoice& f) { f.unowned = true; }},
    {QT_TRANSLATE_NOOP("deadbox::gui::FilesPage", "Hidden"), QT_TRANSLATE_NOOP("deadbox::gui::FilesPage", "Names that begin with a dot, and all below such a folder"),
     [](case_file::FileChoice& f) { f.hidden = true; }},
    {QT_TRANSLATE_NOOP("deadbox::gui::FilesPage", "Set-id"), QT_TRANSLATE_NOOP("deadbox::gui::FilesPage", "Programs that run with the rights of their owner or group"),
     [](case_file::FileChoice& f) { f.set_id = true; }},
    {QT_TRANSLATE_NOOP("deadbox::gui::FilesPage", "Large"), QT_TRANSLATE_NOOP("deadbox::gui::FilesPage", "Files of 100 MiB or more"),
     [](case_file::FileChoice& f) { f.smallest = k_large; }},
}};

// The row of the case that a path, ref or inode means; its folder with it.
base::Result<std::optional<case_file::FileDetail>> find_file(CaseReader& reader, const Link& link) {
    TRY_ASSIGN(case_file::Files files, case_file::Files::open(reader.view()));
    const auto path = view_of(link.value);
    if (link.inode != 0) {
        // Under the name that the link has, where the inode has several.
        if (!path.empty()) {
            TRY_ASSIGN(auto named, files.at_path(path));
            for (auto& file : named) {
                if (file.inode == link.inode) return std::optional(std::move(file));
            }
        }
        return files.of(link.inode);
    }
    if (link.kind == Link::Kind::ref) {
        TRY_ASSIGN(const auto target, reader.view().refs().resolve(reader.view().database(), path));
        return files.of(target.inode, target.directory, target.name);
    }
    TRY_ASSIGN(auto found, files.at_path(path));
    if (found.empty()) return std::optional<case_file::FileDetail>();
    return std::optional(std::move(found.front()));
}

}  // namespace

FilesPage::FilesPage(Frame& frame, QWidget* parent) : Page(QStringLiteral("files"), frame, parent), m_export(new EvidenceExport(this)) {
    build();
    connect(m_export, &EvidenceExport::finished, this, [this](bool well, const QString& folder, const QString& words) {
        m_exporting = false;
        if (!well) messages().showError(tr("Not everything could be exported to %1.").arg(folder), words);
        if (const auto done = std::exchange(m_done, nullptr)) done(well);
    });
    addPageAction(tr("Export the chosen files…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_E), [this] { choose_export_folder(); });
    addPageAction(tr("Go to a path"), QKeySequence(Qt::CTRL | Qt::Key_L), [this] {
        m_path->setFocus();
        m_path->selectAll();
    });
}

FilesPage::~FilesPage() = default;

void FilesPage::build() {
    m_path = new QLineEdit;
    m_path->setPlaceholderText(tr("Path on the machine"));
    m_path->setAccessibleName(tr("Path on the machine"));
    m_path->setFont(mono_font());
    m_filter = new QLineEdit;
    m_filter->setPlaceholderText(tr("Name holds…  (Enter looks everywhere)"));
    m_filter->setAccessibleName(tr("Filter by name"));
    m_filter->setClearButtonEnabled(true);
    m_count = new PlainLabel({}, TextWeight::quiet);
    auto* take_out = new QToolButton;
    take_out->setText(tr("Export…"));
    take_out->setToolTip(tr("Copies of the chosen files into a folder, with a manifest of their hashes"));
    connect(take_out, &QToolButton::clicked, this, [this] { choose_export_folder(); });

    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(8, 4, 8, 4);
    bar->setSpacing(4);
    bar->addWidget(m_path, 3);
    bar->addWidget(m_filter, 2);
    bar->addWidget(take_out);

    m_tree = new QTreeView;
    m_tree->setHeaderHidden(true);
    m_tree->setUniformRowHeights(true);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setAccessibleName(tr("Folders"));
    m_list = new TableView(QStringLiteral("files"), frame());
    m_list->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_list->setSortingEnabled(true);
    m_list->setAccessibleName(tr("Files"));
    m_list->setDragSource([this] { return dragged(); });
    m_viewer = new FileViewer(frame());

    auto* middle = new QWidget;
    auto* column = new QVBoxLayout(middle);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_list, 1);
    m_count->setContentsMargins(8, 2, 8, 2);
    column->addWidget(m_count);

    auto* parts = new QSplitter;
    parts->addWidget(m_tree);
    parts->addWidget(middle);
    parts->addWidget(m_viewer);
    parts->setStretchFactor(0, 1);
    parts->setStretchFactor(1, 3);
    parts->setStretchFactor(2, 2);
    parts->setSizes({220, 560, 420});
    parts->setChildrenCollapsible(false);

    auto* contents = new QWidget;
    auto* all = new QVBoxLayout(contents);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addLayout(bar);
    all->addWidget(build_switches());
    all->addWidget(parts, 1);
    setContents(contents);

    connect(m_path, &QLineEdit::returnPressed, this, [this] { open(Link::to(Link::Kind::path, bytes_of(m_path->text()))); });
    connect(m_filter, &QLineEdit::returnPressed, this, [this] { search(); });
    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString& text) {
        if (text.isEmpty() && m_directory == 0) search();
    });
    connect(m_list, &TableView::currentRowChanged, this, [this] { show_current(); });
    connect(m_list, &TableView::opened, this, [this](const Link& link) {
        const auto* file = m_files ? m_files->file(m_list->currentIndex().row()) : nullptr;
        if (file && file->type == 2) show_folder(file->inode);
        else frame().go(link, QStringLiteral("files"));
    });
    connect(m_viewer, &FileViewer::failed, this, &FilesPage::content_failed);
    connect(m_viewer, &FileViewer::chosen, this, [this](const Link& link) { frame().go(link); });
}

QWidget* FilesPage::build_switches() {
    auto* row = new QWidget;
    auto* switches = new QHBoxLayout(row);
    switches->setContentsMargins(8, 0, 8, 4);
    switches->setSpacing(2);
    for (const auto& each : k_switches) {
        auto* button = new QToolButton;
        button->setText(tr(each.text));
        button->setToolTip(tr(each.tip));
        button->setCheckable(true);
        button->setAutoRaise(true);
        connect(button, &QToolButton::clicked, this, [this] { search(); });
        m_states << button;
        switches->addWidget(button);
    }
    switches->addStretch(1);
    return row;
}

void FilesPage::caseChanged() {
    m_viewer->show_file(nullptr, nullptr, {}, {});
    m_tree->setModel(nullptr);
    m_list->setModel(nullptr);
    m_folders.reset();
    m_files.reset();
    m_bytes.reset();
    m_directory = 0;
    m_count->clear();
    m_path->clear();
    {
        const QSignalBlocker quiet(m_filter);
        m_filter->clear();  // it was another case's
    }
    for (auto* button : m_states) button->setChecked(false);
    messages().clear();
}

void FilesPage::content_failed(const QString& why) {
    if (!session()) return;
    const auto gone = [places = session()->evidence_places()](const case_file::EvidenceRow& row) {
        const auto argument = QFile::decodeName(QByteArray::fromStdString(row.argument));
        return places.isEmpty() && row.error.empty() && !argument.startsWith(QStringLiteral("fd:")) && !QFileInfo::exists(argument);
    };
    session()->ask(Lane::rows, this, [](CaseReader& reader) { return case_file::evidence(reader.view()); }, [this, why, gone](base::Result<std::vector<case_file::EvidenceRow>> rows) {
        if (!rows || std::none_of(rows->begin(), rows->end(), gone)) return messages().showError(tr("This file's content cannot be shown."), why);
        messages().offer(tr("The evidence is not where it was: its contents cannot be shown."), tr("Say where it is…"), [this] { frame().find_evidence(); });
    });
}

void FilesPage::shown() {
    if (!m_folders) load();
}

void FilesPage::load() {
    auto* of_case = session();
    if (!of_case) return;
    m_folders = std::make_unique<FolderModel>(*of_case);
    m_files = std::make_unique<FileListModel>(*of_case);
    m_files->set_time_format(frame().time_format());
    m_bytes = std::make_unique<EvidenceBytes>(of_case->path(), of_case->evidence_places());
    connect(of_case, &CaseSession::evidenceMoved, m_files.get(), [this] {
        m_bytes = std::make_unique<EvidenceBytes>(session()->path(), session()->evidence_places());
        messages().clear();
        show_current();
    });
    m_tree->setModel(m_folders.get());
    m_list->setModel(m_files.get());
    m_list->sortByColumn(FileListModel::NameColumn, Qt::AscendingOrder);
    delete m_empty;
    m_empty = new EmptyState(m_list, tr("No files here."));
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex& index) {
        if (const auto directory = index.data(FolderModel::DirectoryRole).toLongLong(); directory != 0 && directory != m_directory) show_folder(directory);
    });
    connect(m_folders.get(), &QAbstractItemModel::rowsInserted, this, [this](const QModelIndex& parent) {
        if (parent.isValid()) return;
        for (int row = 0; row < m_folders->rowCount(); ++row) m_tree->expand(m_folders->index(row, 0));
        if (m_directory == 0 && m_wanted == 0 && m_folders->rowCount() > 0) m_tree->setCurrentIndex(m_folders->index(0, 0));
    });
    connect(m_folders.get(), &FolderModel::arrived, this, [this](const QModelIndex& index) {
        m_tree->setCurrentIndex(index);
        m_tree->scrollTo(index);
    });
    const auto complain = [this](const QString& why) { messages().showError(tr("The case cannot be read here."), why); };
    connect(m_folders.get(), &FolderModel::failed, this, complain);
    connect(m_files.get(), &FileListModel::failed, this, complain);
    connect(m_files.get(), &FileListModel::loaded, this, [this] {
        const int rows = m_files->rowCount();
        m_count->setText(m_files->is_listing() ? tr("%1 entries so far…").arg(count_text(rows)) : tr("%Ln entry(s)", nullptr, static_cast<int>(rows)));
        m_empty->setText(m_directory != 0 ? tr("This folder is empty.") : m_files->is_listing() ? tr("Looking through all folders…") : tr("No file of this case fits the filter."));
        if (m_list->currentIndex().isValid() && m_wanted == 0) return;  // it grows behind what is looked at
        const int row = m_wanted != 0 ? m_files->row_of(m_wanted, m_wanted_name) : rows > 0 ? 0 : -1;
        if (row < 0 && m_files->is_listing()) return;
        m_wanted = 0;
        if (row >= 0) m_list->setCurrentIndex(m_files->index(row, FileListModel::NameColumn));
        show_current();
    });
    connect(m_files.get(), &FileListModel::pageLoaded, this, [this] {
        if (m_shown_row != m_list->currentIndex().row()) show_current();
    });
    connect(m_files.get(), &FileListModel::aboutToChange, this, [this] {
        // The place is kept when the order changes.
        if (const auto* file = m_files->file(m_list->currentIndex().row()); file && m_wanted == 0) m_wanted = file->inode, m_wanted_name = QByteArray(file->name.data(), static_cast<qsizetype>(file->name.size()));
        m_shown_row = -1;
    });
}

void FilesPage::show_folder(qint64 directory) {
    const auto order = m_list->horizontalHeader();
    if (order->sortIndicatorSection() < 0) {  // a search stood in the order of the store
        const QSignalBlocker quiet(order);
        order->setSortIndicator(FileListModel::NameColumn, Qt::AscendingOrder);
    }
    if (m_wanted == 0) m_list->setCurrentIndex({});
    m_directory = directory;
    m_count->setText(tr("Reading…"));
    m_files->show_folder(directory);
    m_folders->go_to(directory);
}

void FilesPage::search() {
    if (!m_files) return;
    case_file::FileChoice filter;
    filter.name_holds = bytes_of(m_filter->text());
    bool any = !filter.name_holds.empty();
    for (int place = 0; place < m_states.size(); ++place) {
        if (!m_states[place]->isChecked()) continue;
        k_switches[static_cast<std::size_t>(place)].set(filter);
        any = true;
    }
    if (!any) {
        const auto here = m_tree->currentIndex().data(FolderModel::DirectoryRole).toLongLong();
        if (here != 0) show_folder(here);
        return;
    }
    m_directory = 0;
    m_count->setText(tr("Looking through all folders…"));
    {
        const QSignalBlocker quiet(m_list->horizontalHeader());
        m_list->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);
    }
    m_list->setCurrentIndex({});
    m_files->show_found(filter);
}

void FilesPage::show_current() {
    const int row = m_list->currentIndex().row();
    const auto* file = m_files ? m_files->file(row) : nullptr;
    if (!file && row >= 0) {  // its page is on its way: what is shown stays until then
        (void)m_files->index(row, FileListModel::NameColumn).data();
        return;
    }
    m_shown_row = row;
    m_viewer->show_file(session(), m_bytes.get(), file ? std::optional(*file) : std::nullopt, frame().time_format());
    if (!file) return;
    if (m_wanted_line > 0) m_viewer->mark_line(std::exchange(m_wanted_line, 0));
    m_path->setText(plain(file->path));
    Q_EMIT selectionChanged(m_files->link(row));
}

bool FilesPage::open(const Link& link) {
    if (link.kind != Link::Kind::path && link.kind != Link::Kind::ref) return false;
    if (!session()) return false;
    if (!m_folders) load();
    session()->ask(
        Lane::rows, this, [link](CaseReader& reader) { return find_file(reader, link); },
        [this, link](base::Result<std::optional<case_file::FileDetail>> file) {
            if (!file) messages().showError(tr("%1 cannot be looked up.").arg(label_of(link)), plain(file.error().what));
            else if (!*file) messages().showError(tr("This case has no file %1.").arg(label_of(link)));
            else go_to(**file);
        });
    return true;
}

void FilesPage::go_to(const case_file::FileDetail& file) {
    m_wanted = file.inode;
    m_wanted_name = QByteArray(file.name.data(), static_cast<qsizetype>(file.name.size()));
    if (file.directory) show_folder(*file.directory);
    else if (file.type == 2) show_folder(file.inode);
    else {  // an inode without a name stands in no folder: it is shown by itself
        m_wanted = 0;
        m_viewer->show_file(session(), m_bytes.get(), file, frame().time_format());
    }
}

Link FilesPage::selection() const { return m_files ? m_files->link(m_list->currentIndex().row()) : Link(); }

QVariantMap FilesPage::place() const {
    QVariantMap place;
    if (const auto* file = m_files ? m_files->file(m_list->currentIndex().row()) : nullptr) {
        place.insert(QStringLiteral("inode"), QVariant::fromValue<qint64>(file->inode));
        place.insert(QStringLiteral("path"), QByteArray(file->path.data(), static_cast<qsizetype>(file->path.size())));
    }
    return place;
}

void FilesPage::restore(const QVariantMap& place) {
    const auto inode = place.value(QStringLiteral("inode")).toLongLong();
    if (inode != 0) open(Link::to_file(view_of(place.value(QStringLiteral("path")).toByteArray()), inode));
}

void FilesPage::zoneChanged() {
    if (m_files) m_files->set_time_format(frame().time_format());
}

void FilesPage::focusFilter() {
    m_filter->setFocus();
    m_filter->selectAll();
}

QString FilesPage::selectedText() const { return m_list->selectedText(); }
QString FilesPage::selectedJson() const { return m_list->selectedJson(); }

QList<int> FilesPage::chosen_rows() const {
    QList<int> rows;
    if (!m_files || !m_list->selectionModel()) return rows;
    for (const auto& index : m_list->selectionModel()->selectedRows(FileListModel::NameColumn)) rows << index.row();
    return rows;
}

void FilesPage::choose_export_folder() {
    if (chosen_rows().isEmpty()) return messages().showError(tr("Nothing is chosen: choose the files to export in the list first."));
    const auto folder = QFileDialog::getExistingDirectory(this, tr("Folder for the copies"));
    if (!folder.isEmpty()) export_to(folder);
}

void FilesPage::export_to(const QString& folder) {
    run_export(folder, [this, folder](bool whole) {
        if (whole) frame().say(tr("Exported to %1, with manifest.sha256").arg(QDir::toNativeSeparators(folder)));
    });
}

bool FilesPage::run_export(const QString& folder, std::function<void(bool)> done) {
    if (m_exporting) return messages().showError(tr("An export is still running.")), false;
    std::vector<case_file::FileKey> keys;
    for (const int row : chosen_rows())
        if (const auto* key = m_files->key(row)) keys.push_back(*key);
    if (keys.empty() || !session()) return false;
    if (static_cast<qsizetype>(keys.size()) > k_most_exported) return messages().showError(tr("At most %1 files are exported at once: choose fewer, or a folder for all below it.").arg(count_text(k_most_exported))), false;
    m_exporting = true;
    session()->ask(
        Lane::rows, this,
        [keys](CaseReader& reader) -> base::Result<QStringList> {
            TRY_ASSIGN(const auto rows, case_file::file_rows(reader.view(), keys));
            TRY_ASSIGN(const case_file::Files files, case_file::Files::open(reader.view()));
            QStringList arguments;
            for (const auto& row : rows) {
                // A folder stands for all below it; a ref is this name and no namesake.
                if (row.file.type == 2) arguments << QStringLiteral("hex:") + QString::fromLatin1(QByteArray(row.file.path.data(), static_cast<qsizetype>(row.file.path.size())).toHex());
                else arguments << QStringLiteral("--ref") << own(files.ref_of(row.file));
            }
            return arguments;
        },
        [this, folder, done](base::Result<QStringList> files) {
            if (files) {
                m_done = done;
                return m_export->start(*session(), folder, *files);
            }
            m_exporting = false;
            messages().showError(tr("The case cannot be read here."), plain(files.error().what));
            done(false);
        });
    return true;
}

QMimeData* FilesPage::dragged() {
    if (chosen_rows().isEmpty()) return nullptr;
    return new DraggedFiles([page = QPointer<FilesPage>(this)] { return page ? page->make_dragged() : QString(); });
}

// The other program waits for the data, so this waits too; the window goes on.
QString FilesPage::make_dragged() {
    auto room = std::make_unique<QTemporaryDir>();
    if (!room->isValid()) return messages().showError(tr("No folder for the copies can be made in %1.").arg(QDir::tempPath())), QString();
    const auto folder = room->filePath(QStringLiteral("deadbox-export"));
    QEventLoop wait;
    bool ended = false, whole = false;
    const bool started = run_export(folder, [&](bool all) {
        ended = true, whole = all;
        wait.quit();
    });
    if (!started) return {};
    if (!ended) wait.exec(QEventLoop::ExcludeUserInputEvents);
    m_dragged.push_back(std::move(room));
    return whole ? folder : QString();
}

}  // namespace deadbox::gui
