#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/waves.hpp"

namespace deadbox::engine {
namespace {

// The zone in which a machine's programs wrote local times: where /etc/localtime leads, else what a configuration file says, else
// the rule in a copied /etc/localtime. "" where nothing says it, or where it says several. Without a system: of all of them.
base::Result<std::string> time_zone(const case_file::Database& database, std::optional<std::int64_t> system) {
    std::vector<std::string> zones;
    const auto collect = [&](std::string sql, std::string_view before) -> base::Result<void> {
        if (system) sql += " AND system = " + std::to_string(*system);
        TRY_ASSIGN(case_file::Statement query, database.prepare(sql));
        for (;;) {
            TRY_ASSIGN(const bool row, query.step());
            if (!row) return {};
            auto zone = query.text(0);
            if (!before.empty()) {
                const auto at = zone.find(before);
                if (at == std::string_view::npos) continue;
                zone.remove_prefix(at + before.size());
            }
            if (!zone.empty() && std::find(zones.begin(), zones.end(), zone) == zones.end()) zones.emplace_back(zone);
        }
    };
    TRY(collect("SELECT target FROM file WHERE folder = '/etc' AND name = 'localtime' AND type = 3 AND name_allocated = 1 AND target IS NOT NULL", "zoneinfo/"));
    if (zones.empty()) TRY(collect("SELECT value FROM system_fact WHERE key = 'time.zone'", ""));
    if (zones.empty()) TRY(collect("SELECT value FROM system_fact WHERE key = 'time.rule'", ""));
    return zones.size() == 1 ? zones.front() : std::string();
}

}  // namespace

base::Result<Requests> Requests::load(const Session& session, int round) {
    Requests requests;
    TRY(requests.load_zones(session.database));
    TRY_ASSIGN(case_file::Statement query, session.database.prepare("SELECT DISTINCT parser, glob, parameters FROM request WHERE resolved BETWEEN 1 AND ? ORDER BY parser, glob, parameters"));
    query.bind(1, std::int64_t{round});
    for (;;) {
        TRY_ASSIGN(const bool row, query.step());
        if (!row) break;
        One one{std::string(query.text(0)), base::Glob(query.text(1)), {}};
        const auto parameters = nlohmann::json::parse(query.text(2), nullptr, false);
        if (parameters.is_object())
            for (const auto& [name, value] : parameters.items())
                if (value.is_string()) one.parameters.emplace_back(name, value.get<std::string>());
        requests.m_all.push_back(std::move(one));
    }
    return requests;
}

// The analyst's word is for all machines; of several each has its own.
base::Result<void> Requests::load_zones(const case_file::Database& database) {
    TRY_ASSIGN(case_file::Statement given, database.prepare("SELECT value FROM meta WHERE key = 'time_zone' AND value <> ''"));
    TRY_ASSIGN(const bool said, given.step());
    if (said) {
        m_zone = given.text(0);
        return {};
    }
    TRY_ASSIGN(m_zone, time_zone(database, std::nullopt));
    TRY_ASSIGN(case_file::Statement trees, database.prepare("SELECT id, system FROM tree WHERE system IS NOT NULL AND (SELECT count(*) FROM system) > 1 ORDER BY id"));
    for (;;) {
        TRY_ASSIGN(const bool row, trees.step());
        if (!row) return {};
        TRY_ASSIGN(m_zones[trees.integer(0)], time_zone(database, trees.integer(1)));
    }
}

const std::string& Requests::zone_of(std::int64_t tree) const {
    const auto own = m_zones.find(tree);
    return own == m_zones.end() ? m_zone : own->second;
}

bool Requests::any(std::string_view path) const {
    return std::any_of(m_all.begin(), m_all.end(), [&](const One& one) { return one.glob.matches(path); });
}

std::vector<std::size_t> Requests::matching(std::string_view path) const {
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < m_all.size(); ++i)
        if (m_all[i].glob.matches(path)) places.push_back(i);
    return places;
}

void Requests::add_patterns(std::vector<base::Glob>& patterns) const {
    for (const auto& one : m_all) patterns.push_back(one.glob);
}

void Requests::put(ipc::Encoder& order, std::int64_t tree, std::string_view path) const {
    const auto requests = matching(path);
    const auto& zone = zone_of(tree);
    order.put(requests.size() + (zone.empty() ? 0 : 1));
    if (!zone.empty()) order.put("*").put(1).put("timezone").put(zone);  // for every parser
    for (const auto place : requests) {
        const auto& one = m_all[place];
        order.put(one.parser).put(one.parameters.size());
        for (const auto& [name, value] : one.parameters) order.put(name).put(value);
    }
}

}  // namespace deadbox::engine
