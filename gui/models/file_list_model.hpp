// The files of one folder, or all files that a filter lets through, sortable by every column.
#pragma once

#include <QAbstractTableModel>

#include <map>
#include <optional>
#include <vector>

#include "case/view_files.hpp"
#include "gui/models/case_session.hpp"
#include "gui/models/link.hpp"
#include "gui/models/time_format.hpp"

namespace deadbox::gui {

class FileListModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { SignColumn, NameColumn, SizeColumn, ModifiedColumn, ChangedColumn, AccessedColumn, BornColumn, DeletedColumn, ModeColumn, OwnerColumn, GroupColumn, KindColumn,
                  StateColumn, InodeColumn, Sha256Column, FolderColumn, ColumnCount };
    static constexpr std::size_t k_most = 100'000;  // rows; more are said to be there, not shown

    explicit FileListModel(CaseSession& session, QObject* parent = nullptr);

    void show_folder(qint64 directory);
    void show_found(const case_file::FileFilter& filter);
    void set_time_format(const TimeFormat& format);
    const case_file::FileDetail* file(int row) const;
    std::optional<plugin::Severity> severity(int row) const;
    int row_of(qint64 inode, const QByteArray& name) const;  // -1: not in the list; an empty name: any
    Link link(int row) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void sort(int column, Qt::SortOrder order) override;

Q_SIGNALS:
    // `cut`: there are more than k_most.
    void loaded(bool cut);
    void failed(const QString& why);

private:
    struct Answer {
        std::vector<case_file::FileDetail> files;
        std::map<std::int64_t, int> severities;
        bool cut = false;
    };
    void ask(std::function<base::Result<Answer>(CaseReader&)> work, Lane lane);
    void order();
    QString text(const case_file::FileDetail& file, int column) const;

    CaseSession& m_session;
    Ticket m_ticket;
    std::vector<case_file::FileDetail> m_files;
    std::map<std::int64_t, int> m_severities;
    TimeFormat m_format;
    int m_sorted = NameColumn;
    Qt::SortOrder m_order = Qt::AscendingOrder;
};

// -rwxr-xr-x of a type and permission bits.
QString mode_text(int type, std::uint32_t mode);

}  // namespace deadbox::gui
