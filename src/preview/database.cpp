// SQLite databases: the tables, and the rows of one, by content/sqlite_file's reading.
#include "content/sqlite_file.hpp"

#include <algorithm>

#include "base/encoding.hpp"
#include "preview/previews.hpp"

namespace deadbox::preview {
namespace {

constexpr std::size_t k_most_columns = 200, k_most_tables = 2000;
constexpr std::size_t k_longest_blob = 64;  // bytes of one that are shown

std::string quoted_name(std::string_view name) {
    std::string text = "\"";
    for (const char c : name) text += c, text += c == '"' ? "\"" : "";
    return text + '"';
}

std::string literal(std::string_view text) {
    std::string out = "'";
    for (const char c : text) out += c, out += c == '\'' ? "'" : "";
    return out + '\'';
}

base::Result<std::int64_t> tables(const content::SqliteFile& file, Answer& answer) {
    struct Table {
        std::string name, sql;
        bool rows = false;
    };
    std::vector<Table> all;
    bool more = false;
    const auto read = file.query("SELECT name, sql, rootpage FROM sqlite_schema WHERE type = 'table' ORDER BY name", [&](const content::SqliteRow& row) {
        more = all.size() >= k_most_tables;
        if (more) return base::Next::stop;
        all.push_back({std::string(row.text(0)), std::string(row.text(1)), row.integer(2) > 0});
        return base::Next::go_on;
    });
    for (const auto& [pragma, name] : std::initializer_list<std::pair<const char*, const char*>>{{"encoding", "encoding"}, {"page_size", "page size"}, {"page_count", "pages"}, {"freelist_count", "free pages"},
                                                                                                {"user_version", "user version"}, {"application_id", "application id"}, {"schema_version", "changes of the tables"}}) {
        static_cast<void>(file.query(std::string("PRAGMA ") + pragma, [&, name = name](const content::SqliteRow& row) {
            answer.property("", name, row.text(0));
            return base::Next::stop;
        }));
    }
    answer.table("tables", static_cast<std::int64_t>(all.size()), {{"name", Form::text}, {"rows", Form::number}, {"definition", Form::text}});
    for (const auto& table : all) {
        Cell rows;
        if (table.rows) {
            static_cast<void>(file.query("SELECT count(*) FROM " + quoted_name(table.name), [&](const content::SqliteRow& row) {
                rows = row.integer(0);
                return base::Next::stop;
            }));
        }
        answer.row({std::string_view(table.name), rows, std::string_view(table.sql)});
    }
    if (more) answer.note("there are more tables than are listed");
    if (!read) answer.note(read.error().what);
    return -1;
}

// The name under which the row's own number can be asked for, "" where the table has none or all its names are columns.
std::string key_of(const content::SqliteFile& file, const std::string& table, const std::vector<std::string>& columns) {
    for (const auto* name : {"rowid", "_rowid_", "oid"}) {
        const bool taken = std::any_of(columns.begin(), columns.end(), [&](const std::string& column) { return column.size() == std::string_view(name).size() && std::equal(column.begin(), column.end(), name, [](char a, char b) { return (a | 0x20) == (b | 0x20); }); });
        if (!taken && file.query("SELECT " + std::string(name) + " FROM " + quoted_name(table) + " LIMIT 1", [](const content::SqliteRow&) { return base::Next::stop; })) return name;
    }
    return {};
}

Cell cell_of(const content::SqliteRow& row, int column, std::string& kept) {
    switch (row.type(column)) {
        case content::SqliteRow::Type::null: return {};
        case content::SqliteRow::Type::integer: return row.integer(column);
        case content::SqliteRow::Type::real: return row.real(column);
        case content::SqliteRow::Type::text: kept = row.text(column).substr(0, k_longest_cell + 1); return std::string_view(kept);
        case content::SqliteRow::Type::blob: {
            const auto bytes = row.blob(column);
            kept = "x'" + base::to_hex(bytes.first(std::min(bytes.size(), k_longest_blob))) + (bytes.size() > k_longest_blob ? "… (" + std::to_string(bytes.size()) + ")" : "'");
            return std::string_view(kept);
        }
    }
    return {};
}

// `after` is the last row's own number and one, or, without such numbers, how many rows were given.
base::Result<std::int64_t> rows(const content::SqliteFile& file, const Order& order, Answer& answer) {
    // Of tables alone: a view is a program of the file's, and may never end.
    bool there = false;
    TRY(file.query("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 AND name = " + literal(order.part), [&](const content::SqliteRow&) {
        there = true;
        return base::Next::stop;
    }));
    if (!there) return base::fail(base::Errc::not_found, "the database has no such table");
    std::vector<std::string> columns;
    TRY(file.query("SELECT name FROM pragma_table_info(" + literal(order.part) + ")", [&](const content::SqliteRow& row) {
        if (columns.size() < k_most_columns) columns.emplace_back(row.text(0));
        return base::Next::go_on;
    }));
    if (columns.empty()) return base::fail(base::Errc::not_found, "the columns of the table cannot be read");
    Columns shown;
    std::string list;
    for (const auto& column : columns) shown.emplace_back(column, Form::text), list += ", " + quoted_name(column);
    const auto key = key_of(file, order.part, columns);
    answer.table(order.part, -1, shown);
    const auto most = std::to_string(order.most);
    const auto sql = key.empty() ? "SELECT 0" + list + " FROM " + quoted_name(order.part) + " LIMIT " + most + " OFFSET " + std::to_string(order.after)
                                 : "SELECT " + key + list + " FROM " + quoted_name(order.part) + (order.after == 0 ? "" : " WHERE " + key + " > " + std::to_string(order.after - 1)) + " ORDER BY " + key + " LIMIT " + most;
    std::int64_t given = 0, last = 0;
    std::vector<std::string> kept(columns.size());
    const auto read = file.query(sql, [&](const content::SqliteRow& row) {
        std::vector<Cell> cells;
        for (std::size_t column = 0; column < columns.size(); ++column) cells.push_back(cell_of(row, static_cast<int>(column) + 1, kept[column]));
        answer.row(cells);
        last = row.integer(0), ++given;
        return base::Next::go_on;
    });
    if (!read) answer.note(read.error().what);
    if (!read || given < order.most) return -1;
    return key.empty() ? order.after + given : last >= 0 && last < INT64_MAX ? last + 1 : -1;
}

}  // namespace

base::Result<std::int64_t> database(const Order& order, const Sources& sources, Answer& answer) {
    const auto at = [&](std::size_t place) { return place < sources.size() ? sources[place].get() : nullptr; };
    const auto file = content::SqliteFile::open({at(0), at(1), at(2)});
    if (!file) return tl::unexpected(file.error());
    if (!order.part.empty()) return rows(*file, order, answer);
    if (at(1) != nullptr && at(1)->size() > 0) answer.note("changes that stand in the write-ahead log are shown as made");
    if (at(2) != nullptr && at(2)->size() > 0) answer.note("a change that was under way is taken back, as its journal says");
    return tables(*file, answer);
}

}  // namespace deadbox::preview
