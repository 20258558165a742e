// A table of rows that are all in memory (thousands, not millions), sorted and filtered as one types.
#pragma once

#include <QAbstractTableModel>

#include <optional>
#include <vector>

#include "gui/models/paged_model.hpp"

namespace deadbox::gui {

struct ListCell {
    QString text;
    std::optional<EvidenceText> evidence;  // drawn instead of the text, which is its plain form
    Link link;
    int severity = -1;
    QString tip;
    qint64 number = 0;  // sorts where is_number is set
    bool is_number = false;

    static ListCell words(QString text) { return {std::move(text), {}, {}, -1, {}, 0, false}; }
    static ListCell bytes(std::string_view bytes, Link link = {}) {
        auto seen = shown(bytes);
        return {seen.text, seen, std::move(link), -1, {}, 0, false};
    }
    static ListCell count(std::int64_t number, QString text) { return {std::move(text), {}, {}, -1, {}, number, true}; }
};

struct ListRow {
    std::vector<ListCell> cells;
    Link link;
    std::int64_t number = 0;  // what the list's owner knows it by
};

class ListModel : public QAbstractTableModel {
    Q_OBJECT
public:
    explicit ListModel(std::vector<ColumnSpec> columns, QObject* parent = nullptr);
    void setRows(std::vector<ListRow> rows);  // keeps filter and order
    void setFilter(const QString& text);      // in any cell, any case
    const ListRow& row(int row) const { return m_rows[m_shown[static_cast<std::size_t>(row)]]; }
    int total() const { return static_cast<int>(m_rows.size()); }
    const std::vector<ColumnSpec>& columns() const { return m_columns; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void sort(int column, Qt::SortOrder order) override;

private:
    void show();
    std::vector<ColumnSpec> m_columns;
    std::vector<ListRow> m_rows;
    std::vector<std::size_t> m_shown;
    QString m_filter;
    int m_sort = -1;
    Qt::SortOrder m_order = Qt::AscendingOrder;
};

}  // namespace deadbox::gui
