#include "report/sources.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/glob.hpp"
#include "base/paths.hpp"
#include "case/hour.hpp"
#include "case/view_timeline_index.hpp"
#include "plugin/topic.hpp"
#include "report/texts.hpp"

namespace deadbox::report {
namespace {

using case_file::Statement;
using case_file::View;

constexpr std::array<std::string_view, k_sources> k_names{"accounts", "packages", "digests", "content_types", "scripts", "web_roots", "auth_logs", "login_records", "web_logs", "mail_logs", "package_logs", "account_backups"};

// Folders whose loss leaves a decisive source unread: accounts, package lists, login binaries and what they load.
constexpr std::array<std::string_view, 13> k_decisive_folders{"/etc", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/usr/bin", "/usr/sbin", "/usr/lib", "/usr/lib32", "/usr/lib64",
                                                              "/var/lib/dpkg", "/var/lib/rpm"};
// Below these of them lie only things that no verdict rests on.
constexpr std::array<std::string_view, 4> k_of_no_weight{"/usr/lib/python3", "/usr/lib/modules", "/usr/lib/firmware", "/usr/lib/debug"};

// The events of these sources (EventDef::source) are what the log said.
struct LogSource {
    Source source;
    std::string_view events;
};
constexpr std::array<LogSource, 7> k_log_sources{{{Source::auth_logs, "auth"}, {Source::auth_logs, "utmp"}, {Source::login_records, "utmp"}, {Source::web_logs, "web"}, {Source::mail_logs, "mail"},
                                                  {Source::package_logs, "dpkg"}, {Source::package_logs, "apt"}}};

// System logs of one kind by their path, for what a log says by being there and read: its lines need not be events.
struct LogPlace {
    Source source;
    std::string_view files;  // glob
};
constexpr std::array<LogPlace, 2> k_log_places{{{Source::auth_logs, "/var/log/**/{auth.log,authlog,secure,sshd.log}*"}, {Source::mail_logs, "/var/log/**/{mail.log,mail.info,mail.warn,mail.err,maillog}*"}}};

bool decisive(const CoverageRow& row, const std::vector<std::string>& web_roots) {
    const std::string_view path = row.path;
    if (row.area == "media") return false;  // a file that it hurts has a row of its own
    if (row.area == "container" || path.empty()) return true;  // a whole volume, or more
    if (path == "/") return true;
    for (const auto folder : k_of_no_weight)
        if (base::is_at_or_below(path, folder)) return false;
    const auto touches = [&](std::string_view folder) { return base::is_at_or_below(path, folder) || base::is_at_or_below(folder, path); };
    return std::any_of(k_decisive_folders.begin(), k_decisive_folders.end(), touches) || std::any_of(web_roots.begin(), web_roots.end(), touches);
}

base::Result<bool> exists(const View& view, const std::string& sql) {
    TRY_ASSIGN(Statement statement, view.prepare(sql));
    return statement.step();
}

// Has every system a row of this table? (Rows without a system belong to all.)
base::Result<bool> rows_of_each(const View& view, std::string_view table, std::string_view where, const std::vector<std::int64_t>& systems) {
    TRY_ASSIGN(const bool there, view.has_table(table));
    if (!there) return false;
    for (const auto system : systems) {
        TRY_ASSIGN(const bool row, exists(view, fmt::format("SELECT 1 FROM \"{}\" WHERE ifnull(system, {}) = {} AND {} LIMIT 1", table, system, system, where)));
        if (!row) return false;
    }
    return !systems.empty();
}

base::Result<bool> packages_examined(const View& view, const std::vector<std::int64_t>& systems) {
    TRY_ASSIGN(const bool dpkg, view.has_table("package_list"));
    for (const auto system : systems) {
        bool found = false;
        for (const plugin::Topic* topic : plugin::topics()) {
            for (const auto& table : topic->tables) {
                if (table.role != "packaged_file" || found) continue;
                TRY_ASSIGN(found, rows_of_each(view, table.name, "1", {system}));
            }
        }
        if (!found) return false;
        if (!dpkg) continue;
        // Lists without a single digest are nothing to compare with.
        const auto of_system = fmt::format("SELECT 1 FROM package_list WHERE ifnull(system, {}) = {}", system, system);
        TRY_ASSIGN(const bool listed, exists(view, of_system + " LIMIT 1"));
        TRY_ASSIGN(const bool with_digests, exists(view, of_system + " AND digests > 0 LIMIT 1"));
        if (listed && !with_digests) return false;
    }
    return !systems.empty();
}

base::Result<std::vector<std::string>> web_roots(const View& view) {
    std::vector<std::string> roots;
    const auto* table = plugin::find_table("web_root");
    TRY_ASSIGN(const bool there, view.has_table("web_root"));
    if (table == nullptr || !there) return roots;
    const auto column = std::find_if(table->columns.begin(), table->columns.end(), [](const auto& c) { return c.name == "path" || c.name == "root" || c.name == "folder"; });
    if (column == table->columns.end()) return roots;
    TRY_ASSIGN(Statement row, view.prepare(fmt::format("SELECT DISTINCT \"{0}\" FROM web_root WHERE \"{0}\" IS NOT NULL", column->name)));
    for (;;) {
        TRY_ASSIGN(const bool more, row.step());
        if (!more) return roots;
        roots.emplace_back(row.text(0));
    }
}

// Did --scope or --exclude leave out what a verdict rests on? Asked of one path that stands for each place.
base::Result<bool> decisive_left_out(const View& view, const std::vector<std::string>& web_roots) {
    const auto globs = [&](std::string_view key) -> base::Result<std::vector<base::Glob>> {
        TRY_ASSIGN(const auto list, view.meta(key));
        std::vector<base::Glob> all;
        for (const auto& pattern : parse_list(list.value_or(""))) all.emplace_back(pattern);
        return all;
    };
    TRY_ASSIGN(const auto scope, globs("case.scope"));
    TRY_ASSIGN(const auto exclude, globs("case.exclude"));
    const auto any = [](const std::vector<base::Glob>& list, const std::string& path) { return std::any_of(list.begin(), list.end(), [&](const auto& glob) { return glob.matches(path); }); };
    const auto left_out = [&](const std::string& path) { return (!scope.empty() && !any(scope, path)) || any(exclude, path); };
    for (const char* path : {"/etc/passwd", "/usr/bin/login", "/usr/bin/id", "/usr/sbin/sshd"})
        if (left_out(path)) return true;
    return std::any_of(web_roots.begin(), web_roots.end(), [&](const auto& root) { return left_out(root + "/index.php"); });
}

// The first and the last event of some kinds, which lie in these hours.
base::Result<std::pair<Time, Time>> period(const View& view, std::set<std::int64_t> kinds, std::int64_t first_hour, std::int64_t last_hour) {
    case_file::TimelineQuery query;
    query.files = query.every_kind = false, query.kinds = std::move(kinds);
    TRY_ASSIGN(auto pages, case_file::TimelinePages::open(view, query));
    const auto start_of = [](std::int64_t hour) { return case_file::TimelineKey{hour * case_file::k_hour, -1, 0, 0}; };
    TRY_ASSIGN(const auto first, pages.keys(start_of(first_hour), start_of(first_hour + 1), 1));
    TRY_ASSIGN(const auto last, pages.keys_before(start_of(last_hour), start_of(last_hour + 1), 1));
    const auto time = [](const std::vector<case_file::TimelineKey>& keys) { return keys.empty() ? Time() : Time({keys.front().s, static_cast<std::uint32_t>(keys.front().ns)}); };
    return std::pair(time(first), time(last));
}

base::Result<void> log_periods(const View& view, Examined& examined) {
    struct Log {
        std::set<std::int64_t> kinds;
        std::int64_t first_hour = std::numeric_limits<std::int64_t>::max(), last_hour = std::numeric_limits<std::int64_t>::min();
    };
    std::map<Source, Log> logs;
    TRY_ASSIGN(Statement row, view.prepare("SELECT k.source, k.id, min(h.hour), max(h.hour) FROM event_hour h JOIN kind k ON k.id = h.kind GROUP BY k.id"));
    for (;;) {
        TRY_ASSIGN(const bool more, row.step());
        if (!more) break;
        for (const auto& source : k_log_sources) {
            if (source.events != row.text(0)) continue;
            auto& log = logs[source.source];
            log.kinds.insert(row.integer(1));
            log.first_hour = std::min(log.first_hour, row.integer(2)), log.last_hour = std::max(log.last_hour, row.integer(3));
        }
    }
    row.reset();
    TRY_ASSIGN(const case_file::Clock clock, case_file::clock_of(view));
    for (const auto& [source, log] : logs) {
        auto& state = examined.sources[static_cast<std::size_t>(source)];
        state.examined = true;
        TRY_ASSIGN(const auto times, period(view, log.kinds, log.first_hour, log.last_hour));
        if (times.first) state.from = clock.corrected(*times.first);
        if (times.second) state.to = clock.corrected(*times.second);
    }
    return {};
}

base::Result<void> logs_by_path(const View& view, Examined& examined) {
    TRY_ASSIGN(const bool there, view.has_table("log_file"));
    if (!there) return {};
    TRY_ASSIGN(const case_file::Clock clock, case_file::clock_of(view));
    TRY_ASSIGN(Statement row, view.prepare("SELECT p.path, l.first_s, l.last_s FROM log_file l JOIN inode_path p ON p.inode = l.inode WHERE l.lines > 0"));
    for (;;) {
        TRY_ASSIGN(const bool more, row.step());
        if (!more) return {};
        for (const auto& place : k_log_places) {
            if (!base::Glob(place.files).matches(row.text(0))) continue;
            auto& state = examined.sources[static_cast<std::size_t>(place.source)];
            state.examined = true;
            if (row.is_null(1) || row.is_null(2)) continue;
            const auto from = clock.corrected(base::Timestamp{row.integer(1), 0}), to = clock.corrected(base::Timestamp{row.integer(2), 0});
            if (!state.from || from < *state.from) state.from = from;
            if (!state.to || *state.to < to) state.to = to;
        }
    }
}

}  // namespace

std::string_view name_of(Source source) { return k_names[static_cast<std::size_t>(source)]; }

base::Result<Examined> examined_sources(const View& view, const std::vector<CoverageRow>& coverage, const std::vector<std::int64_t>& systems) {
    Examined examined;
    const auto set = [&](Source source) -> bool& { return examined.sources[static_cast<std::size_t>(source)].examined; };
    TRY_ASSIGN(set(Source::accounts), rows_of_each(view, "account", "source = 'passwd'", systems));
    TRY_ASSIGN(set(Source::packages), packages_examined(view, systems));
    TRY_ASSIGN(set(Source::digests), exists(view, "SELECT 1 FROM content WHERE sha256 IS NOT NULL LIMIT 1"));
    TRY_ASSIGN(set(Source::content_types), exists(view, "SELECT 1 FROM content WHERE type IS NOT NULL LIMIT 1"));
    set(Source::scripts) = set(Source::content_types);
    TRY_ASSIGN(const auto roots, web_roots(view));
    set(Source::web_roots) = set(Source::content_types) && !systems.empty();
    TRY(log_periods(view, examined));
    TRY(logs_by_path(view, examined));
    TRY_ASSIGN(set(Source::account_backups), rows_of_each(view, "account", "source = 'passwd-'", systems));
    for (const Source source : {Source::accounts, Source::packages, Source::digests})
        if (!set(source)) examined.decisive_missing.push_back(fmt::format("decisive.{}", name_of(source)));
    TRY_ASSIGN(const bool left_out, decisive_left_out(view, roots));
    if (left_out) examined.decisive_missing.emplace_back("decisive.scope");
    for (const auto& row : coverage)
        if (row.level == "limit" && (row.area == "content" || row.area == "scope")) examined.left_out.push_back(row.reason);
    for (const auto& row : coverage)
        if (row.area == "binaries" && (row.level == "limit" || row.level == "gap")) examined.not_compared.push_back(row);
    for (const auto& row : coverage)
        if (row.level == "gap" && decisive(row, roots)) examined.decisive_gaps.push_back(row);
    return examined;
}

}  // namespace deadbox::report
