#include "gui/models/preview_table_model.hpp"

#include "gui/models/evidence_text.hpp"
#include "gui/models/file_list_model.hpp"
#include "gui/models/paged_model.hpp"
#include "gui/widgets/palettes.hpp"

namespace deadbox::gui {
namespace {

constexpr std::size_t k_longest_text = 1024;
constexpr qint64 k_micro = 1'000'000;

base::Timestamp moment(qint64 microseconds) {
    qint64 seconds = microseconds / k_micro, rest = microseconds % k_micro;
    if (rest < 0) rest += k_micro, --seconds;
    return {seconds, static_cast<std::uint32_t>(rest * 1000)};
}

// A clock's time without a zone: nothing is added to it.
QString wall_text(qint64 seconds) {
    const auto text = base::to_rfc3339({seconds, 0});
    return own(std::string_view(text).substr(0, 10)) + QLatin1Char(' ') + own(std::string_view(text).substr(11, 8));
}

}  // namespace

void PreviewTableModel::set_table(PreviewTable table, qint64 after, OwnWords own_words) {
    beginResetModel();
    m_table = std::move(table);
    m_after = after;
    m_own_words = own_words;
    m_asked = false;
    endResetModel();
}

void PreviewTableModel::add_rows(PreviewTable page, qint64 after) {
    m_asked = false;
    m_after = m_table.cells.size() + page.cells.size() >= k_most ? -1 : after;
    if (page.cells.empty() || page.columns.size() != m_table.columns.size()) return;
    const int first = rowCount();
    beginInsertRows({}, first, first + static_cast<int>(page.cells.size()) - 1);
    for (auto& row : page.cells) m_table.cells.push_back(std::move(row));
    endInsertRows();
}

void PreviewTableModel::set_time_format(const TimeFormat& format) {
    m_format = format;
    if (rowCount() > 0) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

const PreviewCell* PreviewTableModel::cell(int row, int column) const {
    if (row < 0 || static_cast<std::size_t>(row) >= m_table.cells.size()) return nullptr;
    const auto& cells = m_table.cells[static_cast<std::size_t>(row)];
    return column < 0 || static_cast<std::size_t>(column) >= cells.size() ? nullptr : &cells[static_cast<std::size_t>(column)];
}

int PreviewTableModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_table.cells.size()); }
int PreviewTableModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_table.columns.size()); }

QString PreviewTableModel::text(const PreviewCell& cell, preview::Form form) const {
    using preview::Form;
    if (const auto* bytes = std::get_if<std::string>(&cell)) return m_own_words == OwnWords::all ? preview_word(std::string_view(*bytes).substr(0, k_longest_text)) : shown(*bytes, k_longest_text).text;
    if (const auto* real = std::get_if<double>(&cell)) return QString::number(*real, 'g', 12);
    const auto* number = std::get_if<qint64>(&cell);
    if (number == nullptr) return {};
    switch (form) {
        case Form::size: return size_text(*number);
        case Form::time: return m_format.text(moment(*number));
        case Form::wall: return wall_text(*number);
        case Form::mode: return mode_text(0, static_cast<std::uint32_t>(*number)).mid(1);
        default: return QString::number(*number);
    }
}

QVariant PreviewTableModel::data(const QModelIndex& index, int role) const {
    const auto* value = cell(index.row(), index.column());
    if (value == nullptr) return {};
    const auto form = m_table.columns[static_cast<std::size_t>(index.column())].form;
    const auto* bytes = std::get_if<std::string>(value);
    switch (role) {
        case Qt::DisplayRole:
        case Qt::AccessibleTextRole: return text(*value, form);
        case Qt::ToolTipRole:
            if (const auto* number = std::get_if<qint64>(value); number && form == preview::Form::time) return m_format.exact(moment(*number));
            if (const auto* number = std::get_if<qint64>(value); number && form == preview::Form::wall) return tr("%1 by a clock whose zone is not told").arg(wall_text(*number));
            if (const auto* number = std::get_if<qint64>(value); number && form == preview::Form::size) return tr("%1 bytes").arg(count_text(*number));
            return bytes ? QVariant(plain(*bytes).left(2000).toHtmlEscaped()) : QVariant();
        case k_evidence_role:
            if (!bytes) return {};
            return QVariant::fromValue(m_own_words == OwnWords::all && preview_word(*bytes) != plain(*bytes) ? EvidenceText{preview_word(*bytes), {}} : shown(*bytes, k_longest_text));
        case k_quiet_role: return std::holds_alternative<std::monostate>(*value);
        case Qt::FontRole: return form == preview::Form::time || form == preview::Form::wall || form == preview::Form::mode ? QVariant(mono_font()) : QVariant();
        case Qt::TextAlignmentRole: return form == preview::Form::number || form == preview::Form::size || std::holds_alternative<qint64>(*value) ? QVariant(int(Qt::AlignRight | Qt::AlignVCenter)) : QVariant();
        default: return {};
    }
}

QVariant PreviewTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation == Qt::Vertical || section < 0 || section >= columnCount()) return {};
    const auto& column = m_table.columns[static_cast<std::size_t>(section)];
    if (role == Qt::TextAlignmentRole && (column.form == preview::Form::number || column.form == preview::Form::size)) return int(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole) return {};
    const bool ours = m_own_words != OwnWords::none;
    auto title = ours ? preview_word(column.name) : plain(column.name);
    if (ours && !title.isEmpty()) title[0] = title[0].toUpper();
    return title;
}

bool PreviewTableModel::canFetchMore(const QModelIndex& parent) const { return !parent.isValid() && m_after >= 0 && !m_asked; }

void PreviewTableModel::fetchMore(const QModelIndex& parent) {
    if (!canFetchMore(parent)) return;
    m_asked = true;
    Q_EMIT wanted(m_after);
}

}  // namespace deadbox::gui
