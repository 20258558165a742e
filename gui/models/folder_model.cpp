#include "gui/models/folder_model.hpp"

#include <QPointer>

#include <algorithm>

#include "gui/models/evidence_text.hpp"

namespace deadbox::gui {

struct FolderModel::Node {
    case_file::FolderRow folder;
    Node* parent = nullptr;
    int row = 0;
    enum class State { unknown, asked, known } state = State::unknown;
    std::vector<std::unique_ptr<Node>> children;
};

FolderModel::FolderModel(CaseSession& session, QObject* parent) : QAbstractItemModel(parent), m_session(session), m_top(std::make_unique<Node>()) {
    m_top->folder.has_folders = true;
    fetch(*m_top);
}

FolderModel::~FolderModel() = default;

FolderModel::Node* FolderModel::node_of(const QModelIndex& index) const { return index.isValid() ? static_cast<Node*>(index.internalPointer()) : m_top.get(); }

QModelIndex FolderModel::index_of(const Node& node) const { return node.parent ? createIndex(node.row, 0, &node) : QModelIndex(); }

QModelIndex FolderModel::index(int row, int column, const QModelIndex& parent) const {
    const Node* node = node_of(parent);
    if (column != 0 || row < 0 || static_cast<std::size_t>(row) >= node->children.size()) return {};
    return createIndex(row, 0, node->children[static_cast<std::size_t>(row)].get());
}

QModelIndex FolderModel::parent(const QModelIndex& index) const {
    const Node* above = index.isValid() ? node_of(index)->parent : nullptr;
    return above ? index_of(*above) : QModelIndex();
}

int FolderModel::rowCount(const QModelIndex& parent) const { return parent.column() > 0 ? 0 : static_cast<int>(node_of(parent)->children.size()); }

int FolderModel::columnCount(const QModelIndex&) const { return 1; }

bool FolderModel::hasChildren(const QModelIndex& parent) const {
    const Node* node = node_of(parent);
    return node->state == Node::State::known ? !node->children.empty() : node->folder.has_folders;
}

bool FolderModel::canFetchMore(const QModelIndex& parent) const {
    const Node* node = node_of(parent);
    return node->state == Node::State::unknown && node->folder.has_folders;
}

void FolderModel::fetchMore(const QModelIndex& parent) {
    if (canFetchMore(parent)) fetch(*node_of(parent));
}

QVariant FolderModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const auto& folder = node_of(index)->folder;
    const bool root = node_of(index)->parent == m_top.get();
    switch (role) {
        case Qt::DisplayRole:
            if (!root) return plain(folder.name);
            return folder.state_name.empty() ? tr("%1 (volume %2)").arg(plain(folder.path), plain(folder.volume))
                                             : tr("%1 (volume %2, %3)").arg(plain(folder.path), plain(folder.volume), plain(folder.state_name));
        case Qt::ToolTipRole: return plain(folder.path).toHtmlEscaped();
        case Qt::AccessibleDescriptionRole: return folder.allocated ? QString() : tr("deleted");
        case DirectoryRole: return QVariant::fromValue<qint64>(folder.directory);
        case PathRole: return QByteArray(folder.path.data(), static_cast<qsizetype>(folder.path.size()));
        default: return {};
    }
}

void FolderModel::fetch(Node& node) {
    node.state = Node::State::asked;
    const bool roots = node.parent == nullptr;
    m_session.ask(
        Lane::rows, this,
        [roots, directory = node.folder.directory](CaseReader& reader) { return roots ? case_file::root_folders(reader.view()) : case_file::folders_in(reader.view(), directory); },
        [this, &node](base::Result<std::vector<case_file::FolderRow>> rows) {  // nodes are never removed: `node` lives as long as the model
            if (rows) return take(node, std::move(*rows));
            node.state = Node::State::known;
            Q_EMIT failed(plain(rows.error().what));
        });
}

void FolderModel::take(Node& node, std::vector<case_file::FolderRow> rows) {
    node.state = Node::State::known;
    if (!rows.empty()) {
        beginInsertRows(index_of(node), 0, static_cast<int>(rows.size()) - 1);
        for (auto& row : rows) {
            auto child = std::make_unique<Node>();
            child->folder = std::move(row);
            child->parent = &node;
            child->row = static_cast<int>(node.children.size());
            node.children.push_back(std::move(child));
        }
        endInsertRows();
    }
    step_down();
}

void FolderModel::go_to(qint64 directory) {
    m_way.clear();  // of a goal before: arriving there now would lead back from this one
    m_goal = directory;
    m_session.ask(
        Lane::rows, this, [directory](CaseReader& reader) { return case_file::folders_above(reader.view(), directory); },
        [this, directory](base::Result<std::vector<std::int64_t>> way) {
            if (directory != m_goal) return;
            if (!way) return Q_EMIT failed(plain(way.error().what));
            m_way = std::move(*way);
            step_down();
        });
}

void FolderModel::step_down() {
    if (m_way.empty()) return;
    Node* node = m_top.get();
    for (std::size_t depth = 0; depth < m_way.size(); ++depth) {
        if (node->state == Node::State::unknown) return fetch(*node);
        if (node->state == Node::State::asked) return;
        const auto child = std::find_if(node->children.begin(), node->children.end(), [&](const auto& each) { return each->folder.directory == m_way[depth]; });
        if (child == node->children.end()) return m_way.clear();
        node = child->get();
    }
    m_way.clear();
    Q_EMIT arrived(index_of(*node));
}

}  // namespace deadbox::gui
