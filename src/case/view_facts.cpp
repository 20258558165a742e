#include "case/view_facts.hpp"

#include <fmt/format.h>

#include "base/encoding.hpp"

namespace deadbox::case_file {
namespace {

using plugin::ColumnType;

std::string text_of(const plugin::ColumnDef& column, const Statement& row, int at) {
    if (column.type == ColumnType::blob) return base::to_hex(row.blob(at));
    if (column.type == ColumnType::time) return base::to_rfc3339({row.integer(at), static_cast<std::uint32_t>(row.integer(at + 1))});
    return std::string(row.text(at));
}

base::Result<void> add_facts(const View& view, const plugin::TableDef& table, std::int64_t inode, std::size_t most, std::vector<Fact>& facts) {
    TRY_ASSIGN(const bool there, view.has_table(table.name));
    if (!there) return {};
    std::string sql = "SELECT id";
    for (const auto& column : table.columns) sql += column.type == ColumnType::time ? fmt::format(", \"{0}_s\", \"{0}_ns\"", column.name) : fmt::format(", \"{}\"", column.name);
    TRY_ASSIGN(Statement row, view.prepare(fmt::format("{} FROM \"{}\" WHERE inode = ?1 ORDER BY id LIMIT ?2", sql, table.name)));
    row.bind(1, inode).bind(2, static_cast<std::int64_t>(most));
    for (;;) {
        TRY_ASSIGN(const bool more, row.step());
        if (!more) return {};
        Fact& fact = facts.emplace_back(Fact{&table, {}});
        int at = 1;
        for (const auto& column : table.columns) {
            if (!row.is_null(at)) fact.values.emplace_back(&column, text_of(column, row, at));
            at += column.type == ColumnType::time ? 2 : 1;
        }
    }
}

}  // namespace

base::Result<std::vector<Fact>> facts_of(const View& view, std::int64_t inode, std::size_t most) {
    std::vector<Fact> facts;
    for (const plugin::Topic* topic : plugin::topics()) {
        for (const auto& table : topic->tables) TRY(add_facts(view, table, inode, most, facts));
    }
    return facts;
}

base::Result<std::vector<std::string>> findings_of(const View& view, std::int64_t inode) {
    TRY_ASSIGN(Statement row, view.prepare("SELECT id FROM finding WHERE id IN (SELECT finding FROM finding_item WHERE inode = ?) ORDER BY severity DESC, first_s IS NULL, first_s, first_ns, id"));
    row.bind(1, inode);
    std::vector<std::string> ids;
    for (;;) {
        TRY_ASSIGN(const bool more, row.step());
        if (!more) return ids;
        ids.emplace_back(row.text(0));
    }
}

}  // namespace deadbox::case_file
