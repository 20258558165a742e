// The files of one folder, or all files that a choice lets through: any number, in an order that the database makes.
#pragma once

#include <optional>
#include <vector>

#include "case/view_file_list.hpp"
#include "gui/models/paged_model.hpp"
#include "gui/models/time_format.hpp"

namespace deadbox::gui {

class FileListModel final : public PagedModel {
    Q_OBJECT
public:
    enum Column { SignColumn, NameColumn, StateColumn, SizeColumn, ModifiedColumn, ChangedColumn, AccessedColumn, BornColumn, DeletedColumn, ModeColumn, OwnerColumn, GroupColumn, KindColumn,
                  InodeColumn, Sha256Column, FolderColumn, ColumnCount };

    explicit FileListModel(CaseSession& session, QObject* parent = nullptr);

    void show_folder(qint64 directory);
    // Everywhere. Rows come as they are found, in the order of the store, until a column is sorted by.
    void show_found(const case_file::FileChoice& choice);
    void set_time_format(const TimeFormat& format);
    bool is_listing() const { return m_listing; }
    // nullptr: not there yet; asking data() for it fetches it.
    const case_file::FileDetail* file(int row) const;
    const case_file::FileListRow* listed(int row) const { return m_cache.find(row); }
    std::optional<plugin::Severity> severity(int row) const;
    // The row of this inode, -1 where it is not in the list. Of several names the one that is loaded under this name, else the first.
    int row_of(qint64 inode, const QByteArray& name) const;
    const case_file::FileKey* key(int row) const { return row >= 0 && static_cast<std::size_t>(row) < m_keys.size() ? &m_keys[static_cast<std::size_t>(row)] : nullptr; }
    Link link(int row) const;
    void sort(int column, Qt::SortOrder order) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override { return index.isValid() ? PagedModel::flags(index) | Qt::ItemIsDragEnabled : PagedModel::flags(index); }

Q_SIGNALS:
    // Another list comes: what is chosen can still be asked for.
    void aboutToChange();
    // The rows are all there (their contents come by page), or, while listing, the first of them.
    void loaded();

protected:
    bool has(std::int64_t row) const override { return m_cache.find(row) != nullptr; }
    QVariant cell(std::int64_t row, int column, int role) const override;
    Ticket fetch(std::int64_t first, std::int64_t count) override;

private:
    void list();
    void list_from(std::int64_t from, bool first);
    QString text(const case_file::FileListRow& row, int column) const;

    CaseSession& m_session;
    case_file::FileChoice m_choice;
    bool m_chosen = false, m_listing = false;
    int m_sorted = NameColumn;
    bool m_sorted_by_hand = false;  // a column's head was clicked since the choice was made
    Qt::SortOrder m_order = Qt::AscendingOrder;
    std::vector<case_file::FileKey> m_keys;
    RowCache<case_file::FileListRow> m_cache;
    Ticket m_ticket;
    TimeFormat m_format;
};

// -rwxr-xr-x of a type and permission bits.
QString mode_text(int type, std::uint32_t mode);

}  // namespace deadbox::gui
