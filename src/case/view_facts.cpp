#include "case/view_facts.hpp"

#include <set>

#include <fmt/format.h>

#include "base/encoding.hpp"
#include "case/view_search.hpp"

namespace deadbox::case_file {
namespace {

const plugin::ColumnDef* column_named(const plugin::TableDef& table, std::string_view name) {
    for (const auto& column : table.columns)
        if (column.name == name) return &column;
    return nullptr;
}

std::string sort_terms(const plugin::ColumnDef& column, Order order) {
    const char* direction = order == Order::descending ? " DESC" : "";
    if (column.type == plugin::ColumnType::time) return fmt::format("\"{0}_s\"{1}, \"{0}_ns\"{1}, ", column.name, direction);
    return fmt::format("\"{}\"{}, ", column.name, direction);
}

FactValue value_of(const Statement& row, int at, plugin::ColumnType type) {
    if (row.is_null(at)) return {};
    switch (type) {
        case plugin::ColumnType::integer: return row.integer(at);
        case plugin::ColumnType::real: return row.real(at);
        case plugin::ColumnType::text: return std::string(row.text(at));
        case plugin::ColumnType::blob: return base::to_hex(row.blob(at));
        case plugin::ColumnType::time: return base::Timestamp{row.integer(at), static_cast<std::uint32_t>(row.integer(at + 1))};
    }
    return {};
}

}  // namespace

base::Result<std::vector<FactTable>> fact_tables(const View& view) {
    std::vector<FactTable> tables;
    for (const plugin::Topic* topic : plugin::topics()) {
        for (const auto& table : topic->tables) {
            TRY_ASSIGN(const bool there, view.has_table(table.name));
            if (!there) continue;
            TRY_ASSIGN(const std::int64_t rows, view.count(table.name));
            tables.push_back({std::string(topic->id), &table, rows});
        }
    }
    return tables;
}

namespace {

base::Result<std::set<std::string, std::less<>>> columns_there(const View& view, const plugin::TableDef& table) {
    TRY_ASSIGN(Statement row, view.prepare("SELECT name FROM pragma_table_info(?1)"));
    row.bind(1, table.name);
    std::set<std::string, std::less<>> names;
    for (;;) {
        TRY_ASSIGN(const bool more, row.step());
        if (!more) return names;
        names.emplace(row.text(0));
    }
}

}  // namespace

base::Result<std::string> fact_columns(const View& view, const plugin::TableDef& table) {
    TRY_ASSIGN(const auto there, columns_there(view, table));
    std::string sql;
    for (const auto& column : table.columns) {
        const bool time = column.type == plugin::ColumnType::time;
        if (!there.contains(std::string(column.name) + (time ? "_s" : ""))) sql += time ? ", NULL, NULL" : ", NULL";
        else sql += time ? fmt::format(", r.\"{0}_s\", r.\"{0}_ns\"", column.name) : fmt::format(", r.\"{}\"", column.name);
    }
    return sql;
}

base::Result<std::vector<std::int64_t>> fact_ids(const View& view, const FactQuery& query) {
    std::string where;
    if (!query.text.empty()) {
        TRY_ASSIGN(const auto there, columns_there(view, *query.table));
        for (const auto& column : query.table->columns)
            if (there.contains(column.name) && column.type == plugin::ColumnType::text && column.privacy != plugin::Privacy::secret)
                where += fmt::format("{}holds(\"{}\", ?1)", where.empty() ? " WHERE " : " OR ", column.name);
        if (where.empty()) return std::vector<std::int64_t>();
    }
    const auto* sort = column_named(*query.table, query.sort);
    TRY_ASSIGN(Statement row, view.prepare(fmt::format("SELECT id FROM \"{}\"{} ORDER BY {}id", query.table->name, where, sort == nullptr ? "" : sort_terms(*sort, query.order))));
    if (!query.text.empty()) row.bind(1, query.text);
    std::vector<std::int64_t> ids;
    for (;;) {
        TRY_ASSIGN(const bool more, row.step());
        if (!more) return ids;
        ids.push_back(row.integer(0));
    }
}

base::Result<std::vector<FactRow>> fact_rows(const View& view, const plugin::TableDef& table, const std::vector<std::int64_t>& ids) {
    TRY_ASSIGN(const auto columns, fact_columns(view, table));
    TRY_ASSIGN(Statement row, view.prepare(fmt::format("SELECT r.id, r.system, r.inode, (SELECT p.path FROM inode_path p WHERE p.inode = r.inode LIMIT 1){} FROM \"{}\" r WHERE r.id = ?", columns, table.name)));
    std::vector<FactRow> rows;
    for (const auto id : ids) {
        row.reset();
        row.bind(1, id);
        TRY_ASSIGN(const bool found, row.step());
        FactRow one;
        one.id = id;
        one.values.resize(table.columns.size());
        if (found) {
            one.system = row.maybe_integer(1), one.inode = row.maybe_integer(2), one.path = row.text(3);
            int at = 4;
            for (std::size_t i = 0; i < table.columns.size(); ++i) {
                one.values[i] = value_of(row, at, table.columns[i].type);
                at += table.columns[i].type == plugin::ColumnType::time ? 2 : 1;
            }
        }
        rows.push_back(std::move(one));
    }
    return rows;
}

}  // namespace deadbox::case_file
