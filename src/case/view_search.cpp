#include "case/view_search.hpp"

#include <algorithm>

#include "case/view_facts.hpp"

namespace deadbox::case_file {
namespace {

bool is_address(std::string_view text) {
    const bool digits = text.find_first_not_of("0123456789abcdefABCDEF.:") == std::string_view::npos;
    return digits && text.find_first_of(".:") != std::string_view::npos && text.size() >= 3;
}

// What a person recognizes a row by: its texts.
std::string summary(const plugin::TableDef& table, const FactRow& row) {
    constexpr std::size_t k_longest = 120;
    std::string text;
    for (std::size_t i = 0; i < table.columns.size() && text.size() < k_longest; ++i) {
        const auto* value = std::get_if<std::string>(&row.values[i]);
        if (value == nullptr || value->empty() || table.columns[i].type != plugin::ColumnType::text || table.columns[i].privacy == plugin::Privacy::secret) continue;
        text += (text.empty() ? "" : "  ") + value->substr(0, k_longest);
    }
    return text;
}

}  // namespace

base::Result<std::vector<SearchHit>> find_names(const View& view, std::string_view text, std::size_t most) {
    std::vector<SearchHit> hits;
    TRY_ASSIGN(Statement row, view.prepare("SELECT n.inode, CASE d.path WHEN '/' THEN '/' || n.name ELSE d.path || '/' || n.name END FROM name n CROSS JOIN directory d ON d.id = n.directory "
                                           "WHERE holds(n.name, ?1) LIMIT ?2"));
    row.bind(1, text).bind(2, static_cast<std::int64_t>(most));
    for (;;) {
        TRY_ASSIGN(const bool more, row.step());
        if (!more) return hits;
        hits.push_back({SearchHit::Kind::name, std::string(row.text(1)), {}, row.integer(0)});
    }
}

base::Result<std::vector<SearchHit>> find_facts(const View& view, std::string_view text, std::size_t most) {
    std::vector<SearchHit> hits;
    for (const plugin::Topic* topic : plugin::topics()) {
        for (const auto& table : topic->tables) {
            if (hits.size() >= most) return hits;
            TRY_ASSIGN(const bool there, view.has_table(table.name));
            if (!there) continue;
            FactQuery query;
            query.table = &table, query.text = text;
            TRY_ASSIGN(auto ids, fact_ids(view, query));
            if (ids.size() > most - hits.size()) ids.resize(most - hits.size());
            if (ids.size() > 5) ids.resize(5);  // no table fills the list alone
            TRY_ASSIGN(const auto rows, fact_rows(view, table, ids));
            for (const auto& one : rows) hits.push_back({SearchHit::Kind::fact, summary(table, one), std::string(table.name), one.id});
        }
    }
    return hits;
}

base::Result<std::vector<SearchHit>> find_actors(const View& view, std::string_view text, std::size_t most) {
    std::vector<SearchHit> hits;
    // Names of events are shared strings; of those a short one may be an actor's.
    TRY_ASSIGN(Statement row, view.prepare("SELECT value FROM string WHERE shared = 1 AND length(value) <= 64 AND holds(value, ?1) AND value NOT LIKE '{%' LIMIT ?2"));
    row.bind(1, text).bind(2, static_cast<std::int64_t>(most * 4));
    for (;;) {
        TRY_ASSIGN(const bool more, row.step());
        if (!more || hits.size() >= most) return hits;
        const std::string value(row.text(0));
        if (value.find_first_of(" /;{}") != std::string::npos) continue;
        hits.push_back({is_address(value) ? SearchHit::Kind::address : SearchHit::Kind::user, value, {}, 0});
    }
}

}  // namespace deadbox::case_file
