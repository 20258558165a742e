#include "case/view_related.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace deadbox::case_file {
namespace {

constexpr std::size_t k_most_values = 8, k_most_findings = 50;

base::Result<void> add_findings(const View& view, const FactRow& row, const std::vector<std::string>& values, std::vector<std::string>& ids) {
    TRY_ASSIGN(Statement of_file, view.prepare("SELECT id FROM finding WHERE id IN (SELECT finding FROM finding_item WHERE inode = ?1) ORDER BY severity DESC, first_s IS NULL, first_s, first_ns, id"));
    TRY_ASSIGN(Statement of_value, view.prepare("SELECT id FROM finding WHERE subject = ?1 OR id IN (SELECT finding FROM finding_item WHERE key = ?1) ORDER BY severity DESC, first_s IS NULL, first_s, first_ns, id"));
    const auto take = [&](Statement& rows) -> base::Result<void> {
        for (;;) {
            TRY_ASSIGN(const bool more, rows.step());
            if (!more) return {};
            std::string id(rows.text(0));
            if (ids.size() < k_most_findings && std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(std::move(id));
        }
    };
    for (const auto& value : values) {
        of_value.reset();
        of_value.bind(1, std::string_view(value));
        TRY(take(of_value));
    }
    if (!row.inode) return {};
    of_file.bind(1, *row.inode);
    return take(of_file);
}

base::Result<void> add_rows(const View& view, const plugin::TableDef& own, const FactRow& row, const FactTable& table, const std::string& value, std::vector<RelatedRows>& out) {
    for (const auto& column : table.definition->columns) {
        if (column.type != plugin::ColumnType::text || column.privacy == plugin::Privacy::secret) continue;
        TRY_ASSIGN(Statement count, view.prepare(fmt::format("SELECT count(*), min(id) FROM \"{}\" WHERE \"{}\" = ?1 AND id <> ?2", table.definition->name, column.name)));
        count.bind(1, std::string_view(value)).bind(2, table.definition == &own ? row.id : std::int64_t{-1});
        TRY(count.step());
        if (count.integer(0) > 0) out.push_back({table.definition, value, std::string(column.name), count.integer(0), count.integer(1)});
    }
    return {};
}

}  // namespace

base::Result<Related> related_to(const View& view, const plugin::TableDef& table, const FactRow& row, const std::vector<std::string>& values) {
    Related related;
    std::vector<std::string> looked_for(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(std::min(values.size(), k_most_values)));
    std::erase_if(looked_for, [](const std::string& value) { return value.empty(); });
    TRY(add_findings(view, row, looked_for, related.findings));
    TRY_ASSIGN(const auto tables, fact_tables(view));
    for (const auto& value : looked_for)
        for (const auto& one : tables)
            if (one.rows > 0) TRY(add_rows(view, table, row, one, value, related.rows));
    return related;
}

}  // namespace deadbox::case_file
