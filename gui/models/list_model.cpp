#include "gui/models/list_model.hpp"

#include <algorithm>

namespace deadbox::gui {

ListModel::ListModel(std::vector<ColumnSpec> columns, QObject* parent) : QAbstractTableModel(parent), m_columns(std::move(columns)) {}

void ListModel::setRows(std::vector<ListRow> rows) {
    beginResetModel();
    m_rows = std::move(rows);
    show();
    endResetModel();
}

void ListModel::setFilter(const QString& text) {
    beginResetModel();
    m_filter = text;
    show();
    endResetModel();
}

void ListModel::sort(int column, Qt::SortOrder order) {
    Q_EMIT layoutAboutToBeChanged();
    m_sort = column, m_order = order;
    const auto before = m_shown;
    show();
    const auto old = persistentIndexList();
    for (const auto& index : old) {
        const auto place = std::find(m_shown.begin(), m_shown.end(), before[static_cast<std::size_t>(index.row())]);
        changePersistentIndex(index, place == m_shown.end() ? QModelIndex() : this->index(static_cast<int>(place - m_shown.begin()), index.column()));
    }
    Q_EMIT layoutChanged();
}

void ListModel::show() {
    m_shown.clear();
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const auto& cells = m_rows[i].cells;
        if (m_filter.isEmpty() || std::any_of(cells.begin(), cells.end(), [&](const ListCell& cell) { return cell.text.contains(m_filter, Qt::CaseInsensitive); })) m_shown.push_back(i);
    }
    if (m_sort < 0 || m_sort >= columnCount()) return;
    const auto at = static_cast<std::size_t>(m_sort);
    const auto less = [&](std::size_t a, std::size_t b) {
        const auto &x = m_rows[a].cells[at], &y = m_rows[b].cells[at];
        const int order = x.is_number && y.is_number ? (x.number < y.number ? -1 : x.number > y.number ? 1 : 0) : QString::compare(x.text, y.text, Qt::CaseInsensitive);
        return m_order == Qt::AscendingOrder ? order < 0 : order > 0;
    };
    std::stable_sort(m_shown.begin(), m_shown.end(), less);
}

int ListModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_shown.size()); }
int ListModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_columns.size()); }

QVariant ListModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const auto& row = m_rows[m_shown[static_cast<std::size_t>(index.row())]];
    const auto& cell = row.cells[static_cast<std::size_t>(index.column())];
    switch (role) {
        case Qt::DisplayRole:
        case Qt::AccessibleTextRole: return cell.text;
        case Qt::TextAlignmentRole: return QVariant::fromValue(m_columns[static_cast<std::size_t>(index.column())].alignment);
        case Qt::ToolTipRole: return (cell.tip.isEmpty() ? cell.text : cell.tip).left(2000).toHtmlEscaped();
        case k_evidence_role: return cell.evidence ? QVariant::fromValue(*cell.evidence) : QVariant();
        case k_severity_role: return cell.severity < 0 ? QVariant() : QVariant(cell.severity);
        case k_link_role: return cell.link.is_none() ? QVariant() : QVariant::fromValue(cell.link);
        case k_row_link_role: return row.link.is_none() ? QVariant() : QVariant::fromValue(row.link);
        default: return {};
    }
}

QVariant ListModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation == Qt::Vertical) return role == Qt::DisplayRole ? QVariant(section + 1) : QVariant();
    if (section < 0 || section >= columnCount()) return {};
    const auto& column = m_columns[static_cast<std::size_t>(section)];
    if (role == Qt::DisplayRole) return column.title;
    if (role == Qt::ToolTipRole && !column.tip.isEmpty()) return column.tip;
    if (role == Qt::TextAlignmentRole) return QVariant::fromValue(column.alignment);
    return {};
}

}  // namespace deadbox::gui
