#include <fmt/format.h>

#include "case/reader.hpp"
#include "engine/waves.hpp"
#include "plugin/folder_links.hpp"

namespace deadbox::engine {
namespace {

// Rows of a table of the role web_root whose folder is reached through links only, with the folder that they lead to.
base::Result<std::vector<std::pair<std::int64_t, std::string>>> linked_roots(const case_file::Database& database, const plugin::TableDef& table) {
    std::vector<std::pair<std::int64_t, std::string>> found;
    std::map<std::optional<std::int64_t>, std::vector<std::pair<std::int64_t, std::string>>> rows;  // by system
    TRY_ASSIGN(case_file::Statement query, database.prepare(fmt::format(
        "SELECT id, system, path FROM \"{}\" w WHERE path GLOB '/?*' AND NOT EXISTS (SELECT 1 FROM directory d JOIN tree t ON t.id = d.tree WHERE d.path = w.path AND d.allocated AND t.system IS w.system) ORDER BY id", table.name)));
    for (;;) {
        TRY_ASSIGN(const bool row, query.step());
        if (!row) break;
        rows[query.maybe_integer(1)].emplace_back(query.integer(0), query.text(2));
    }
    for (const auto& [system, roots] : rows) {
        const case_file::DetectorReader reader(database, plugin::FolderLinks::k_reads);
        plugin::FolderLinks links(reader, system);
        TRY(links.load());
        for (const auto& [id, path] : roots)
            if (auto folder = links.resolve(path)) found.emplace_back(id, std::move(*folder));
    }
    std::sort(found.begin(), found.end());
    return found;
}

}  // namespace

base::Result<void> add_linked_web_roots(Session& session) {
    for (const auto* topic : plugin::topics())
        for (const auto& table : topic->tables) {
            if (table.role != "web_root") continue;
            TRY_ASSIGN(const auto roots, linked_roots(session.database, table));
            std::string columns;
            for (const auto& column : table.columns) columns += fmt::format(", \"{}\"", column.name);
            TRY_ASSIGN(case_file::Statement row, session.database.prepare(fmt::format("SELECT system, inode{} FROM \"{}\" WHERE id = ?", columns, table.name)));
            for (const auto& [id, folder] : roots) {
                row.bind(1, id);
                TRY_ASSIGN(const bool there, row.step());
                if (!there) continue;
                std::vector<plugin::Value> values;
                for (std::size_t i = 0; i < table.columns.size(); ++i) {
                    const int at = static_cast<int>(i) + 2;
                    if (table.columns[i].name == "path") values.emplace_back(std::string_view(folder));
                    else if (row.is_null(at)) values.emplace_back();
                    else if (table.columns[i].type == plugin::ColumnType::text) values.emplace_back(row.text(at));
                    else values.emplace_back(row.integer(at));
                }
                TRY(session.writer.topic_row(table, row.maybe_integer(0), row.maybe_integer(1), values));
                row.reset();
            }
        }
    return {};
}

}  // namespace deadbox::engine
