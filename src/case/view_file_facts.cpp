#include "case/view_file_facts.hpp"

#include <fmt/format.h>

namespace deadbox::case_file {

base::Result<std::vector<FileFact>> facts_of(const View& view, std::int64_t inode, std::size_t most) {
    std::vector<FileFact> facts;
    for (const plugin::Topic* topic : plugin::topics()) {
        for (const auto& table : topic->tables) {
            TRY_ASSIGN(const bool there, view.has_table(table.name));
            if (!there) continue;
            TRY_ASSIGN(Statement row, view.prepare(fmt::format("SELECT id FROM \"{}\" WHERE inode = ?1 ORDER BY id LIMIT ?2", table.name)));
            row.bind(1, inode).bind(2, static_cast<std::int64_t>(most));
            std::vector<std::int64_t> ids;
            for (;;) {
                TRY_ASSIGN(const bool more, row.step());
                if (!more) break;
                ids.push_back(row.integer(0));
            }
            TRY_ASSIGN(auto rows, fact_rows(view, table, ids));
            for (auto& one : rows) facts.push_back({&table, std::move(one)});
        }
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
