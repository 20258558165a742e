#include "gui/models/fact_model.hpp"

#include <algorithm>
#include <array>

#include "gui/models/table_words.hpp"
#include "gui/widgets/palettes.hpp"

namespace deadbox::gui {
namespace {

// How columns are called in the topics' tables, and what their values are.
struct Named {
    std::string_view name;
    Link::Kind kind;
};
constexpr std::array<Named, 18> k_names{{{"path", Link::Kind::path}, {"folder", Link::Kind::path}, {"file", Link::Kind::path}, {"home", Link::Kind::path}, {"shell", Link::Kind::path}, {"root", Link::Kind::path},
                                         {"target", Link::Kind::path}, {"log", Link::Kind::path}, {"user", Link::Kind::account}, {"account", Link::Kind::account}, {"owner", Link::Kind::account},
                                         {"address", Link::Kind::address}, {"ip", Link::Kind::address}, {"remote", Link::Kind::address}, {"md5", Link::Kind::hash}, {"sha1", Link::Kind::hash},
                                         {"sha256", Link::Kind::hash}, {"digest", Link::Kind::hash}}};

}  // namespace

Link link_of(std::string_view column, const case_file::FactValue& value) {
    if (const auto* time = std::get_if<base::Timestamp>(&value)) return Link::to_time(*time);
    const auto* text = std::get_if<std::string>(&value);
    if (text == nullptr || text->empty()) return {};
    const auto found = std::find_if(k_names.begin(), k_names.end(), [&](const Named& named) { return named.name == column; });
    if (found != k_names.end() && (found->kind != Link::Kind::path || text->starts_with('/'))) return Link::to(found->kind, *text);
    if (text->starts_with('/')) return Link::to(Link::Kind::path, *text);
    return Link::to(Link::Kind::text, *text);
}

void FactModel::setTable(CaseSession* session, const plugin::TableDef* table) {
    m_session = session;
    m_query = {};
    m_query.table = table;
    m_ids.clear();
    m_cache.clear();
    std::vector<ColumnSpec> columns;
    if (table != nullptr) {
        for (const auto& column : table->columns) {
            const bool number = column.type == plugin::ColumnType::integer || column.type == plugin::ColumnType::real;
            const bool time = column.type == plugin::ColumnType::time;
            columns.push_back({column_name(*table, column.name), column_meaning(*table, column), time ? 176 : number ? 90 : 170, (number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter});
        }
        columns.push_back({tr("Read from"), tr("The file that this row came from"), 260});
    }
    beginResetModel();
    set_columns(std::move(columns));
    endResetModel();
    reset_rows(0);
    reload();
}

void FactModel::setFilter(const QString& text) {
    m_query.text = bytes_of(text);
    reload();
}

void FactModel::sort(int column, Qt::SortOrder order) {
    if (m_query.table == nullptr) return;
    const bool own_column = column >= 0 && column < static_cast<int>(m_query.table->columns.size());
    m_query.sort = own_column ? std::string(m_query.table->columns[static_cast<std::size_t>(column)].name) : std::string();
    m_query.order = order == Qt::DescendingOrder ? case_file::Order::descending : case_file::Order::ascending;
    reload();
}

void FactModel::reload() {
    m_loading.cancel();
    if (!m_session || m_query.table == nullptr) return;
    m_loading = m_session->ask(Lane::chart, this, [query = m_query](CaseReader& reader) { return case_file::fact_ids(reader.view(), query); }, [this](base::Result<std::vector<std::int64_t>> ids) {
        if (!ids) {
            if (ids.error().code != base::Errc::interrupted) Q_EMIT failed(own(ids.error().what));
            return;
        }
        m_ids = std::move(*ids);
        m_cache.clear();
        reset_rows(static_cast<std::int64_t>(m_ids.size()));
        Q_EMIT loaded();
    });
}

void FactModel::setTimeFormat(const TimeFormat& format) {
    m_format = format;
    if (rowCount() > 0) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

std::int64_t FactModel::place_of(std::int64_t id) const {
    const auto found = std::find(m_ids.begin(), m_ids.end(), id);
    return found == m_ids.end() ? -1 : found - m_ids.begin();
}

Ticket FactModel::fetch(std::int64_t first, std::int64_t count) {
    std::vector<std::int64_t> ids(m_ids.begin() + first, m_ids.begin() + first + count);
    return m_session->ask(Lane::rows, this, [table = m_query.table, ids = std::move(ids)](CaseReader& reader) { return case_file::fact_rows(reader.view(), *table, ids); },
                          [this, first, table = m_query.table](base::Result<std::vector<case_file::FactRow>> rows) {
                              if (table != m_query.table) return;
                              if (!rows) return fetch_failed(first, rows.error());
                              m_cache.store(first, std::move(*rows));
                              arrived(first);
                          });
}

QVariant FactModel::cell(std::int64_t row, int column, int role) const {
    const auto& one = *this->row(row);
    if (role == k_row_link_role) return QVariant::fromValue(Link{Link::Kind::fact, QByteArray(m_query.table->name.data(), static_cast<qsizetype>(m_query.table->name.size())), one.id, {}});
    return value(one, column, role);
}

QVariant FactModel::value(const case_file::FactRow& row, int column, int role) const {
    const auto at = static_cast<std::size_t>(column);
    const bool text_role = role == Qt::DisplayRole || role == Qt::AccessibleTextRole || role == Qt::ToolTipRole;
    if (at >= row.values.size()) {  // the file that it came from
        if (row.path.empty()) return {};
        if (role == k_evidence_role) return QVariant::fromValue(shown(row.path));
        if (role == k_link_role) return QVariant::fromValue(Link::to_file(row.path, row.inode.value_or(0)));
        if (role == Qt::ToolTipRole) return plain(row.path).toHtmlEscaped();
        return text_role ? QVariant(plain(row.path)) : QVariant();
    }
    const auto& definition = m_query.table->columns[at];
    const auto& value = row.values[at];
    if (std::holds_alternative<std::monostate>(value)) return {};
    if (definition.privacy == plugin::Privacy::secret) {
        if (role == k_quiet_role) return true;
        return text_role ? QVariant(role == Qt::ToolTipRole ? tr("Secret: `deadbox facts --redact none` prints it") : tr("hidden")) : QVariant();
    }
    if (role == k_link_role) {
        const auto link = link_of(definition.name, value);
        return link.is_none() ? QVariant() : QVariant::fromValue(link);
    }
    if (const auto* text = std::get_if<std::string>(&value)) {
        if (role == k_evidence_role) return QVariant::fromValue(shown(*text, 1024));
        if (role == Qt::ToolTipRole) return plain(*text).left(2000).toHtmlEscaped();
        return text_role ? QVariant(shown(*text, 1024).text) : QVariant();
    }
    if (const auto* time = std::get_if<base::Timestamp>(&value)) {
        if (role == Qt::FontRole) return mono_font();
        if (role == Qt::ToolTipRole) return m_format.exact(*time);
        return text_role ? QVariant(m_format.text(*time)) : QVariant();
    }
    if (!text_role) return {};
    if (const auto* number = std::get_if<std::int64_t>(&value)) return QString::number(*number);
    return QString::number(std::get<double>(value));
}

}  // namespace deadbox::gui
