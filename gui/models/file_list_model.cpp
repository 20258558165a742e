#include "gui/models/file_list_model.hpp"

#include <algorithm>
#include <numeric>

#include "case/view_tree.hpp"
#include "case/writer.hpp"
#include "gui/models/evidence_text.hpp"
#include "gui/models/paged_model.hpp"

namespace deadbox::gui {
namespace {

using case_file::FileDetail;

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

FileListModel::FileListModel(CaseSession& session, QObject* parent) : QAbstractTableModel(parent), m_session(session) {}

void FileListModel::ask(std::function<base::Result<Answer>(CaseReader&)> work, Lane lane) {
    m_ticket.cancel();
    m_ticket = m_session.ask(lane, this, std::move(work), [this](base::Result<Answer> answer) {
        if (!answer) return Q_EMIT failed(plain(answer.error().what));
        beginResetModel();
        m_files = std::move(answer->files);
        m_severities = std::move(answer->severities);
        order();
        endResetModel();
        Q_EMIT loaded(answer->cut);
    });
}

void FileListModel::show_folder(qint64 directory) {
    ask(
        [directory](CaseReader& reader) -> base::Result<Answer> {
            Answer answer;
            TRY_ASSIGN(answer.severities, case_file::severity_by_inode(reader.view()));
            TRY_ASSIGN(case_file::Files files, case_file::Files::open(reader.view()));
            TRY(files.in_folder(directory, [&](const FileDetail& file) {
                answer.cut = answer.files.size() >= k_most;
                if (answer.cut || reader.stopped()) return base::Next::stop;
                answer.files.push_back(file);
                return base::Next::go_on;
            }));
            return answer;
        },
        Lane::rows);
}

void FileListModel::show_found(const case_file::FileFilter& filter) {
    ask(
        [filter](CaseReader& reader) -> base::Result<Answer> {
            Answer answer;
            TRY_ASSIGN(answer.severities, case_file::severity_by_inode(reader.view()));
            TRY_ASSIGN(case_file::Files files, case_file::Files::open(reader.view()));
            TRY(files.find(filter, k_most + 1, [&](const FileDetail& file) {
                answer.cut = answer.files.size() >= k_most;
                if (answer.cut || reader.stopped()) return base::Next::stop;
                answer.files.push_back(file);
                return base::Next::go_on;
            }));
            return answer;
        },
        Lane::slow);
}

void FileListModel::set_time_format(const TimeFormat& format) {
    m_format = format;
    if (!m_files.empty()) Q_EMIT dataChanged(index(0, ModifiedColumn), index(rowCount() - 1, DeletedColumn));
}

const FileDetail* FileListModel::file(int row) const { return row >= 0 && static_cast<std::size_t>(row) < m_files.size() ? &m_files[static_cast<std::size_t>(row)] : nullptr; }

std::optional<plugin::Severity> FileListModel::severity(int row) const {
    const auto* of = file(row);
    const auto found = of ? m_severities.find(of->inode) : m_severities.end();
    if (found == m_severities.end()) return {};
    return static_cast<plugin::Severity>(std::clamp(found->second, 0, 4));
}

int FileListModel::row_of(qint64 inode, const QByteArray& name) const {
    const auto found = std::find_if(m_files.begin(), m_files.end(), [&](const FileDetail& file) { return file.inode == inode && (name.isEmpty() || file.name == view_of(name)); });
    return found == m_files.end() ? -1 : static_cast<int>(found - m_files.begin());
}

Link FileListModel::link(int row) const {
    const auto* of = file(row);
    return of ? Link::to_file(of->path, of->inode, of->modified) : Link();
}

int FileListModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_files.size()); }

int FileListModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant FileListModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
        case SignColumn: return QString();
        case NameColumn: return tr("Name");
        case SizeColumn: return tr("Size");
        case ModifiedColumn: return tr("Modified");
        case ChangedColumn: return tr("Changed");
        case AccessedColumn: return tr("Accessed");
        case BornColumn: return tr("Born");
        case DeletedColumn: return tr("Deleted");
        case ModeColumn: return tr("Mode");
        case OwnerColumn: return tr("Owner");
        case GroupColumn: return tr("Group");
        case KindColumn: return tr("Content");
        case StateColumn: return tr("State");
        case InodeColumn: return tr("Inode");
        case Sha256Column: return tr("SHA-256");
        case FolderColumn: return tr("Folder");
        default: return {};
    }
}

QString FileListModel::text(const FileDetail& file, int column) const {
    if (const auto* time = time_of(file, column)) return *time ? m_format.short_text(**time) : QString();
    switch (column) {
        case NameColumn: return plain(file.directory ? file.name : file.path);
        case SizeColumn: return file.type == 1 ? size_text(file.size) : QString();
        case ModeColumn: return mode_text(file.type, file.mode);
        case OwnerColumn: return QString::number(file.uid);
        case GroupColumn: return QString::number(file.gid);
        case KindColumn: return file.type == 3 ? tr("link to %1").arg(plain(file.target)) : plain(file.content_type);
        case StateColumn:
            if (file.name_allocated && file.inode_allocated) return {};
            return file.inode_allocated ? tr("reallocated") : tr("deleted");
        case InodeColumn: return QString::number(case_file::inode_number(file.inode));
        case Sha256Column: return own(file.sha256);
        case FolderColumn: return plain(folder_of(file));
        default: return {};
    }
}

QVariant FileListModel::data(const QModelIndex& index, int role) const {
    const auto* of = file(index.row());
    if (!of) return {};
    const int column = index.column();
    switch (role) {
        case Qt::DisplayRole: return text(*of, column);
        case k_evidence_role:
            if (column == NameColumn) return QVariant::fromValue(shown(of->directory ? of->name : of->path));
            if (column == FolderColumn) return QVariant::fromValue(shown(folder_of(*of)));
            if (column == ModeColumn || column == Sha256Column) return QVariant::fromValue(EvidenceText{text(*of, column), {}});
            return {};
        case k_severity_role:
            if (const auto gravest = severity(index.row()); gravest && column == SignColumn) return static_cast<int>(*gravest);
            return {};
        case k_row_link_role: return QVariant::fromValue(link(index.row()));
        case k_link_role:
            if (column == Sha256Column && !of->sha256.empty()) return QVariant::fromValue(Link::to(Link::Kind::hash, of->sha256));
            if (const auto* time = time_of(*of, column); time && *time) return QVariant::fromValue(Link::to_time(**time));
            return column == NameColumn ? QVariant::fromValue(link(index.row())) : QVariant();
        case k_quiet_role: return !of->name_allocated || !of->inode_allocated;
        case Qt::TextAlignmentRole:
            if (column == SizeColumn || column == InodeColumn || column == OwnerColumn || column == GroupColumn) return int(Qt::AlignRight | Qt::AlignVCenter);
            return {};
        case Qt::ToolTipRole:
            if (const auto* time = time_of(*of, column)) return *time ? QVariant(m_format.exact(**time)) : QVariant();
            if (column == SizeColumn) return tr("%1 bytes").arg(count_text(of->size));
            return plain(of->path);
        default: return {};
    }
}

void FileListModel::sort(int column, Qt::SortOrder order_wanted) {
    m_sorted = column;
    m_order = order_wanted;
    Q_EMIT layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
    const auto old = persistentIndexList();
    std::vector<std::pair<std::int64_t, std::string>> kept;
    for (const auto& index : old) {
        const auto* of = file(index.row());
        kept.emplace_back(of ? of->inode : -1, of ? of->name : std::string());
    }
    order();
    for (int place = 0; place < old.size(); ++place) {
        const auto& [inode, name] = kept[static_cast<std::size_t>(place)];
        const int row = row_of(inode, QByteArray(name.data(), static_cast<qsizetype>(name.size())));
        changePersistentIndex(old[place], row < 0 ? QModelIndex() : index(row, old[place].column()));
    }
    Q_EMIT layoutChanged({}, QAbstractItemModel::VerticalSortHint);
}

void FileListModel::order() {
    const auto before = [&](const FileDetail& a, const FileDetail& b) {
        if (time_of(a, m_sorted)) return *time_of(a, m_sorted) < *time_of(b, m_sorted);  // unknown first
        switch (m_sorted) {
            case SignColumn: {
                const auto x = m_severities.find(a.inode), y = m_severities.find(b.inode);
                return (x == m_severities.end() ? -1 : x->second) < (y == m_severities.end() ? -1 : y->second);
            }
            case SizeColumn: return a.size < b.size;
            case ModeColumn: return std::tie(a.type, a.mode) < std::tie(b.type, b.mode);
            case OwnerColumn: return a.uid < b.uid;
            case GroupColumn: return a.gid < b.gid;
            case KindColumn: return a.content_type < b.content_type;
            case StateColumn: return std::tie(b.name_allocated, b.inode_allocated) < std::tie(a.name_allocated, a.inode_allocated);
            case InodeColumn: return a.inode < b.inode;
            case Sha256Column: return a.sha256 < b.sha256;
            case FolderColumn: return folder_of(a) < folder_of(b);
            default: return std::pair(a.type != 2, std::string_view(a.name)) < std::pair(b.type != 2, std::string_view(b.name));
        }
    };
    if (m_order == Qt::AscendingOrder) std::stable_sort(m_files.begin(), m_files.end(), before);
    else std::stable_sort(m_files.begin(), m_files.end(), [&](const FileDetail& a, const FileDetail& b) { return before(b, a); });
}

}  // namespace deadbox::gui
