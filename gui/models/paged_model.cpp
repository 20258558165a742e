#include "gui/models/paged_model.hpp"

#include <algorithm>
#include <limits>

namespace deadbox::gui {
namespace {
constexpr std::size_t k_questions = 4;  // pages under way; older ones were scrolled past
}

QVariant PagedModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation == Qt::Vertical) return role == Qt::DisplayRole ? QVariant(section + 1) : QVariant();
    if (section < 0 || section >= columnCount()) return {};
    const auto& column = m_columns[static_cast<std::size_t>(section)];
    if (role == Qt::DisplayRole) return column.title;
    if (role == Qt::ToolTipRole && !column.tip.isEmpty()) return column.tip;
    if (role == Qt::TextAlignmentRole) return QVariant::fromValue(column.alignment);
    return {};
}

QVariant PagedModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    if (role == Qt::TextAlignmentRole) return QVariant::fromValue(m_columns[static_cast<std::size_t>(index.column())].alignment);
    const auto row = static_cast<std::int64_t>(index.row());
    if (has(row)) return cell(row, index.column(), role);
    if (role == Qt::DisplayRole) request(row / k_rows_a_page);
    if (role == k_loading_role) return true;
    return {};
}

void PagedModel::request(std::int64_t page) const {
    const auto same = [&](const auto& asked) { return asked.first == page; };
    if (std::any_of(m_asked.begin(), m_asked.end(), same)) return;
    if (m_asked.size() >= k_questions) m_asked.front().second.cancel(), m_asked.pop_front();
    const auto first = page * k_rows_a_page;
    // Asking changes what is kept, not what the table says.
    auto& self = const_cast<PagedModel&>(*this);
    m_asked.emplace_back(page, self.fetch(first, std::min(k_rows_a_page, m_rows - first)));
}

void PagedModel::arrived(std::int64_t first) {
    m_asked.remove_if([&](const auto& asked) { return asked.first == first / k_rows_a_page; });
    const auto last = std::min<std::int64_t>(first + k_rows_a_page, m_rows) - 1;
    if (last >= first) Q_EMIT dataChanged(index(static_cast<int>(first), 0), index(static_cast<int>(last), columnCount() - 1));
    Q_EMIT pageLoaded();
}

void PagedModel::fetch_failed(std::int64_t first, const base::Error& error) {
    m_asked.remove_if([&](const auto& asked) { return asked.first == first / k_rows_a_page; });
    if (error.code != base::Errc::interrupted) Q_EMIT failed(own(error.what));
}

void PagedModel::drop_questions() {
    for (const auto& [page, ticket] : m_asked) ticket.cancel();
    m_asked.clear();
}

void PagedModel::reset_rows(std::int64_t rows) {
    drop_questions();
    beginResetModel();
    m_rows = static_cast<int>(std::min<std::int64_t>(rows, std::numeric_limits<int>::max() / 32));  // a view counts pixels in an int
    endResetModel();
}

void PagedModel::grow_rows(std::int64_t rows) {
    const auto bounded = static_cast<int>(std::min<std::int64_t>(rows, std::numeric_limits<int>::max() / 32));
    if (bounded <= m_rows) return;
    beginInsertRows({}, m_rows, bounded - 1);
    m_rows = bounded;
    endInsertRows();
}

}  // namespace deadbox::gui
