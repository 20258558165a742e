// The folders of the machine as a tree; each level is read when it is opened.
#pragma once

#include <QAbstractItemModel>

#include <memory>
#include <vector>

#include "case/view_tree.hpp"
#include "gui/models/case_session.hpp"

namespace deadbox::gui {

class FolderModel final : public QAbstractItemModel {
    Q_OBJECT
public:
    enum Role { DirectoryRole = Qt::UserRole + 1, PathRole };  // qint64; QByteArray of raw bytes, empty where it is not known

    explicit FolderModel(CaseSession& session, QObject* parent = nullptr);
    ~FolderModel() override;

    // Opens the levels down to this folder, then says arrived(). Nothing happens where the case does not know it.
    void go_to(qint64 directory);

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& index) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    bool hasChildren(const QModelIndex& parent) const override;
    bool canFetchMore(const QModelIndex& parent) const override;
    void fetchMore(const QModelIndex& parent) override;

Q_SIGNALS:
    void arrived(const QModelIndex& index);
    void failed(const QString& why);

private:
    struct Node;
    Node* node_of(const QModelIndex& index) const;
    QModelIndex index_of(const Node& node) const;
    void fetch(Node& node);
    void take(Node& node, std::vector<case_file::FolderRow> rows);
    void step_down();

    CaseSession& m_session;
    std::unique_ptr<Node> m_top;  // its children are the roots
    qint64 m_goal = 0;                // of the last go_to()
    std::vector<std::int64_t> m_way;  // folders still to be opened, the next first
};

}  // namespace deadbox::gui
