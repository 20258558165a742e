#include "gui/models/file_list_model.hpp"

#include <algorithm>
#include <array>

#include "case/writer.hpp"
#include "gui/models/evidence_text.hpp"

namespace deadbox::gui {
namespace {

using case_file::FileColumn;
using case_file::FileDetail;
using case_file::FileListRow;

// As Column has them.
constexpr std::array<FileColumn, FileListModel::ColumnCount> k_columns{FileColumn::severity, FileColumn::name, FileColumn::state, FileColumn::size, FileColumn::modified, FileColumn::changed, FileColumn::accessed, FileColumn::born,
                                                                       FileColumn::deleted, FileColumn::mode, FileColumn::owner, FileColumn::group, FileColumn::content, FileColumn::inode,
                                                                       FileColumn::sha256, FileColumn::folder};

const std::optional<base::Timestamp>* time_of(const FileDetail& file, int column) {
    switch (column) {
        case FileListModel::ModifiedColumn: return &file.modified;
        case FileListModel::ChangedColumn: return &file.changed;
        case FileListModel::AccessedColumn: return &file.accessed;
        case FileListModel::BornColumn: return &file.born;
        case FileListModel::DeletedColumn: return &file.deleted;
        default: return nullptr;
    }
}

std::string_view folder_of(const FileDetail& file) {
    const auto slash = file.path.rfind('/');
    return slash == std::string::npos ? std::string_view() : std::string_view(file.path).substr(0, std::max<std::size_t>(slash, 1));
}

}  // namespace

QString mode_text(int type, std::uint32_t mode) {
    static constexpr char k_types[] = "?-dlcbps";
    QString text(1, QLatin1Char(k_types[type >= 0 && type < 8 ? type : 0]));
    for (int shift = 6; shift >= 0; shift -= 3) {
        const auto bits = mode >> shift & 7;
        const bool special = mode & (shift == 6 ? 04000u : shift == 3 ? 02000u : 01000u);
        text += QLatin1Char(bits & 4 ? 'r' : '-');
        text += QLatin1Char(bits & 2 ? 'w' : '-');
        const char run = shift == 0 ? 't' : 's';
        if (special) text += QLatin1Char(bits & 1 ? run : static_cast<char>(run - 'a' + 'A'));
        else text += QLatin1Char(bits & 1 ? 'x' : '-');
    }
    return text;
}

FileListModel::FileListModel(CaseSession& session, QObject* parent) : PagedModel(parent), m_session(session) {
    const auto right = Qt::AlignRight | Qt::AlignVCenter;
    const auto left = Qt::AlignLeft | Qt::AlignVCenter;
    set_columns({{QString(), tr("The gravest finding that names it"), 28, left},
                 {tr("Name"), {}, 200, left},
                 {tr("State"), tr("Deleted: the name is. Reallocated: its inode is another file's now. Unowned: no package has it, where packages have files. Altered: not what its package delivered. Hidden: a name with a dot"), 90, left},
                 {tr("Size"), {}, 80, right},
                 {tr("Modified"), tr("When its content was last written"), 150, left},
                 {tr("Changed"), tr("When its inode was last changed: owner, mode, links, content. It cannot be set by hand"), 150, left},
                 {tr("Accessed"), {}, 150, left},
                 {tr("Born"), tr("When its inode was made"), 150, left},
                 {tr("Deleted"), {}, 150, left},
                 {tr("Mode"), {}, 100, left},
                 {tr("Owner"), tr("User id"), 60, right},
                 {tr("Group"), tr("Group id"), 60, right},
                 {tr("Content"), tr("What its first bytes are"), 160, left},
                 {tr("Inode"), {}, 90, right},
                 {tr("SHA-256"), {}, 200, left},
                 {tr("Folder"), {}, 240, left}});
}

void FileListModel::show_folder(qint64 directory) {
    m_choice = {};
    m_choice.directory = directory;
    m_chosen = true;
    list();
}

void FileListModel::show_found(const case_file::FileChoice& choice) {
    m_choice = choice;
    m_chosen = true;
    m_sorted_by_hand = false;
    list();
}

void FileListModel::sort(int column, Qt::SortOrder order) {
    m_sorted = column, m_order = order;
    m_sorted_by_hand = m_chosen && !m_choice.directory;
    if (m_chosen) list();
}

void FileListModel::list() {
    m_ticket.cancel();
    m_listing = true;
    list_from(0, true);
}

void FileListModel::list_from(std::int64_t from, bool first) {
    const bool sorted = m_sorted >= 0 && m_sorted < ColumnCount && (m_choice.directory || m_sorted_by_hand);
    const auto column = sorted ? k_columns[static_cast<std::size_t>(m_sorted)] : FileColumn::none;
    const auto order = m_order == Qt::DescendingOrder ? case_file::Order::descending : case_file::Order::ascending;
    m_ticket = m_session.ask(
        m_choice.directory ? Lane::rows : Lane::slow, this, [choice = m_choice, column, order, from](CaseReader& reader) { return case_file::file_keys(reader.view(), choice, column, order, from); },
        [this, first](base::Result<case_file::FileKeyPage> page) {
            if (!page) {
                m_listing = false;
                if (page.error().code != base::Errc::interrupted) Q_EMIT failed(plain(page.error().what));
                return;
            }
            if (first) {
                Q_EMIT aboutToChange();
                m_keys.clear();
                m_cache.clear();
            }
            const auto before = m_keys.size();
            m_keys.insert(m_keys.end(), page->keys.begin(), page->keys.end());
            m_listing = !page->ended && m_keys.size() < case_file::k_most_file_keys;
            if (first) reset_rows(static_cast<std::int64_t>(m_keys.size()));
            else if (before != m_keys.size()) {
                m_cache.drop_page_of(static_cast<std::int64_t>(before));  // its last page was short
                grow_rows(static_cast<std::int64_t>(m_keys.size()));
            }
            if (m_listing) list_from(page->next, false);
            Q_EMIT loaded();
        });
}

Ticket FileListModel::fetch(std::int64_t first, std::int64_t count) {
    std::vector<case_file::FileKey> keys(m_keys.begin() + first, m_keys.begin() + first + count);
    return m_session.ask(Lane::rows, this, [keys](CaseReader& reader) { return case_file::file_rows(reader.view(), keys); },
                         [this, first, keys](base::Result<std::vector<FileListRow>> rows) {
                             if (!rows) return fetch_failed(first, rows.error());
                             const auto* now = key(static_cast<int>(first));
                             if (!now || *now != keys.front()) return;  // the list is another one by now
                             m_cache.store(first, std::move(*rows));
                             arrived(first);
                         });
}

void FileListModel::set_time_format(const TimeFormat& format) {
    m_format = format;
    if (rowCount() > 0) Q_EMIT dataChanged(index(0, ModifiedColumn), index(rowCount() - 1, DeletedColumn));
}

const FileDetail* FileListModel::file(int row) const {
    const auto* of = m_cache.find(row);
    return of ? &of->file : nullptr;
}

std::optional<plugin::Severity> FileListModel::severity(int row) const {
    const auto* of = m_cache.find(row);
    if (!of || !of->severity) return {};
    return static_cast<plugin::Severity>(std::clamp(*of->severity, 0, 4));
}

int FileListModel::row_of(qint64 inode, const QByteArray& name) const {
    int found = -1;
    for (std::size_t row = 0; row < m_keys.size(); ++row) {
        if (m_keys[row].inode != inode) continue;
        const auto* of = m_cache.find(static_cast<std::int64_t>(row));
        if (of && of->file.name == view_of(name)) return static_cast<int>(row);
        if (found < 0) found = static_cast<int>(row);
    }
    return found;
}

Link FileListModel::link(int row) const {
    const auto* of = file(row);
    return of ? Link::to_file(of->path, of->inode, of->modified) : Link();
}

QString FileListModel::text(const FileListRow& row, int column) const {
    const auto& file = row.file;
    if (const auto* time = time_of(file, column)) return *time ? m_format.short_text(**time) : QString();
    switch (column) {
        case NameColumn: return plain(file.directory ? file.name : file.path);
        case SizeColumn: return file.type == 1 ? size_text(file.size) : QString();
        case ModeColumn: return mode_text(file.type, file.mode);
        case OwnerColumn: return QString::number(file.uid);
        case GroupColumn: return QString::number(file.gid);
        case KindColumn: return file.type == 3 ? tr("link to %1").arg(plain(file.target)) : plain(file.content_type);
        case StateColumn: {
            QStringList states;
            if (!file.name_allocated || !file.inode_allocated) states << (file.inode_allocated ? tr("reallocated") : tr("deleted"));
            if (row.altered) states << tr("altered");
            if (row.unowned) states << tr("unowned");
            if (row.hidden) states << tr("hidden");
            return states.join(QStringLiteral(", "));
        }
        case InodeColumn: return QString::number(case_file::inode_number(file.inode));
        case Sha256Column: return own(file.sha256);
        case FolderColumn: return plain(folder_of(file));
        default: return {};
    }
}

QVariant FileListModel::cell(std::int64_t at, int column, int role) const {
    const auto& row = *m_cache.find(at);
    const auto& file = row.file;
    switch (role) {
        case Qt::DisplayRole: return text(row, column);
        case Qt::AccessibleTextRole: {
            const auto gravest = severity(static_cast<int>(at));
            return column == SignColumn ? (gravest ? tr("has a finding") : tr("no finding")) : text(row, column);
        }
        case k_evidence_role:
            if (column == NameColumn) return QVariant::fromValue(shown(file.directory ? file.name : file.path));
            if (column == FolderColumn) return QVariant::fromValue(shown(folder_of(file)));
            if (column == ModeColumn || column == Sha256Column) return QVariant::fromValue(EvidenceText{text(row, column), {}});
            return {};
        case k_severity_role:
            if (const auto gravest = severity(static_cast<int>(at)); gravest && column == SignColumn) return static_cast<int>(*gravest);
            return {};
        case k_row_link_role: return QVariant::fromValue(link(static_cast<int>(at)));
        case k_link_role:
            if (column == Sha256Column && !file.sha256.empty()) return QVariant::fromValue(Link::to(Link::Kind::hash, file.sha256));
            if (const auto* time = time_of(file, column); time && *time) return QVariant::fromValue(Link::to_time(**time));
            return column == NameColumn ? QVariant::fromValue(link(static_cast<int>(at))) : QVariant();
        case k_quiet_role: return !file.name_allocated || !file.inode_allocated;
        case Qt::ToolTipRole:
            if (const auto* time = time_of(file, column)) return *time ? QVariant(m_format.exact(**time)) : QVariant();
            if (column == SizeColumn) return tr("%1 bytes").arg(count_text(file.size));
            if (column == StateColumn && !row.package.empty()) return tr("Package %1").arg(plain(row.package)).toHtmlEscaped();
            return plain(file.path).toHtmlEscaped();
        default: return {};
    }
}

}  // namespace deadbox::gui
