#include "report/exposure_logs.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <memory>
#include <set>

#include <fmt/format.h>

#include "base/function_ref.hpp"
#include "base/glob.hpp"
#include "base/paths.hpp"
#include "case/reader.hpp"
#include "plugin/folder_links.hpp"
#include "report/system_names.hpp"

namespace deadbox::report {
namespace {

using case_file::Statement;
using case_file::View;

constexpr std::size_t k_paths = 5;
constexpr int k_most_rotations = 1000;

struct LogKind {
    std::string_view id;
    std::string_view folder;  // where its files lie, "" for the homes of the accounts
    std::string_view files;   // glob
};
// Rotated and compressed ones too. A kind may have several rows; web_access has what the servers' configuration names besides.
constexpr std::array k_log_kinds{
    LogKind{"web_access", "/var/log", "/var/log/{apache2,httpd,nginx,lighttpd,caddy,tomcat*,litespeed}/**{access,transfer,other_vhosts}*"},
    LogKind{"web_access", "/usr/local", "/usr/local/{apache,apache2,nginx,lsws}/**/logs/*access*"},
    LogKind{"auth", "/var/log", "/var/log/{auth.log,secure,messages,syslog}*"},
    LogKind{"auth", "/var/log/journal", "/var/log/journal/**.journal*"},
    LogKind{"transfer", "/var/log", "/var/log/{vsftpd,proftpd,pure-ftpd,pureftpd,rsync,rsyncd,sftp}/**"},
    LogKind{"transfer", "/var/log", "/var/log/**{vsftpd,xferlog,proftpd,pure-ftpd,pureftpd,sftp,rsyncd,rsync.log}*"},
    LogKind{"mail", "/var/log", "/var/log/{mail.log,mail.info,mail.warn,mail.err,maillog}*"},
    LogKind{"mail", "/var/log", "/var/log/{exim,exim4}/**"},
    LogKind{"samba", "/var/log", "/var/log/samba/**"},
    LogKind{"database", "/var/log", "/var/log/{mysql,mariadb,postgresql,mongodb,redis}/**"},
    LogKind{"database", "/var/log", "/var/log/{mysql,mysqld,mariadb}.*"},
    LogKind{"database", "/var/lib/mysql", "/var/lib/mysql/*.log"},
    LogKind{"history", "", "/**/.*history"},
    LogKind{"audit", "/var/log/audit", "/var/log/audit/audit.log*"},
    LogKind{"network", "/var/log", "/var/log/**{netflow,nfcapd,argus,zeek,bro,suricata,snort,ntopng,iptables,ufw,firewall,nftables,squid}*"},
    LogKind{"network", "/var/cache/nfdump", "/var/cache/nfdump/**"},
};
constexpr std::array<std::string_view, 9> k_order{"web_access", "auth", "transfer", "mail", "samba", "database", "history", "audit", "network"};

// "access.log.12.gz" -> ("access.log", 12); number 0 for the one that is written to.
std::pair<std::string, int> rotation_of(std::string path) {
    for (const std::string_view ending : {".gz", ".xz", ".bz2", ".zst"})
        if (path.ends_with(ending)) path.resize(path.size() - ending.size());
    const auto dot = path.rfind('.');
    int number = 0;
    if (dot != std::string::npos && dot + 1 < path.size() && path.size() - dot <= 4) {
        const auto [end, error] = std::from_chars(path.data() + dot + 1, path.data() + path.size(), number);
        if (error == std::errc() && end == path.data() + path.size()) return {path.substr(0, dot), number};
    }
    return {std::move(path), 0};
}

struct Period {
    Time from, to;
    void widen(const Time& first, const Time& last) {
        if (first && (!from || *first < *from)) from = first;
        if (last && (!to || *last > *to)) to = last;
    }
};
// What the entries of a log's file cover, by the file's inode.
using Covered = std::map<std::int64_t, Period>;

class LogCollector {
public:
    LogCollector(ExposureLog& log, const Covered& covered, const Redactor& redactor) : m_log(log), m_covered(covered), m_redactor(redactor) {}

    void add(const std::string& path, std::int64_t inode, std::int64_t size, Time modified, Time born, bool to_nowhere, bool read) {
        if (!m_inodes.insert(inode).second) return;
        m_read |= read;
        if (!read && size > 0 && !to_nowhere) m_unread.push_back(path);
        ++m_log.files, m_log.bytes += size;
        m_nowhere |= to_nowhere;
        const auto entries = m_covered.find(inode);
        if (entries != m_covered.end()) m_entries.widen(entries->second.from, entries->second.to);
        else if (size > 0) m_files.widen(born && modified && *born < *modified ? born : modified, modified);
        auto [name, number] = rotation_of(path);
        m_rotations[std::move(name)].insert(number);
        m_paths.insert(path);
    }

    // gaps: numbers that are missing between rotated files, and what findings and the ledger say of these paths.
    void finish(const std::vector<std::string>& damaged) {
        const Period& period = m_entries.from ? m_entries : m_files;
        m_log.from = period.from, m_log.to = period.to;
        m_log.period_basis = m_entries.from ? "entries" : m_files.from ? "files" : "";
        std::vector<std::string> gaps;
        for (const auto& [name, numbers] : m_rotations) {
            const int last = std::min(*numbers.rbegin(), k_most_rotations);
            for (int number = 1; number < last; ++number)
                if (!numbers.contains(number)) gaps.push_back(name + "." + std::to_string(number));
        }
        for (const auto& path : damaged) gaps.push_back(path);
        m_log.state = m_log.files == 0 ? "absent" : m_log.bytes == 0 ? "empty" : !m_read ? "unread" : !gaps.empty() || m_nowhere ? "gaps" : !m_unread.empty() ? "partly_read" : "present";
        if (m_log.files == 0 && !damaged.empty()) m_log.state = "gaps";
        // What is missing or was not read is named first.
        if (m_read) gaps.insert(gaps.end(), m_unread.begin(), m_unread.end());
        for (const auto& path : gaps)
            if (m_log.paths.size() < k_paths) m_log.paths.push_back(m_redactor.name(path));
        for (const auto& path : m_paths)
            if (m_log.paths.size() < k_paths && std::find(gaps.begin(), gaps.end(), path) == gaps.end()) m_log.paths.push_back(m_redactor.name(path));
    }

private:
    ExposureLog& m_log;
    const Covered& m_covered;
    const Redactor& m_redactor;
    Period m_entries, m_files;
    std::set<std::int64_t> m_inodes;
    std::map<std::string, std::set<int>> m_rotations;
    std::set<std::string> m_paths;
    std::vector<std::string> m_unread;  // files that hold something and that no parser understood
    bool m_nowhere = false, m_read = false;
};

// Whether a parser has read the file, as a column: what nobody has read shows nothing, however much of it there is. Nor does a log
// of whose lines none was understood.
constexpr std::string_view k_read = "EXISTS(SELECT 1 FROM step s WHERE s.inode = file.inode AND s.outcome IN (0, 4)) AND NOT EXISTS(SELECT 1 FROM log_file l WHERE l.inode = file.inode AND l.lines = 0)";

Time second_at(const Statement& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return base::Timestamp{row.integer(column), 0};
}

// Of every log that a parser read: its own entries' first and last time.
base::Result<Covered> covered_by_entries(const View& view) {
    constexpr std::pair<std::string_view, std::string_view> k_tables[] = {
        {"access_log_file", "SELECT inode, first_s, last_s FROM access_log_file WHERE first_s IS NOT NULL"},
        {"log_file", "SELECT inode, first_s, last_s FROM log_file WHERE first_s IS NOT NULL"},
        {"shell_command", "SELECT inode, min(time_s), max(time_s) FROM shell_command WHERE time_s IS NOT NULL GROUP BY inode"},
    };
    Covered covered;
    for (const auto& [table, sql] : k_tables) {
        TRY_ASSIGN(const bool there, view.has_table(table));
        if (!there) continue;
        TRY_ASSIGN(Statement row, view.prepare(sql));
        for (;;) {
            TRY_ASSIGN(const bool more, row.step());
            if (!more) break;
            covered[row.integer(0)].widen(second_at(row, 1), second_at(row, 2));
        }
    }
    return covered;
}

// Of which machine the records are: of all where the case has only one, else of one, or of what belongs to none.
struct Scope {
    enum class Of : std::uint8_t { all, one, none };
    Of of = Of::all;
    std::int64_t system = 0;

    bool holds(std::optional<std::int64_t> other) const { return of == Of::all || (of == Of::one ? other == system : !other); }
    std::optional<std::int64_t> machine() const { return of == Of::one ? std::optional(system) : std::nullopt; }
    std::string condition() const { return of == Of::all ? "" : of == Of::one ? fmt::format(" AND system = {}", system) : " AND system IS NULL"; }
};

// Which paths are meant.
using Meant = base::FunctionRef<bool(std::string_view path)>;

// Files whose path is meant, as it reads when their folder `real` is called `asked`: of the folder itself, or of all below it.
// A link to /dev/null is a record that goes nowhere.
enum class Depth : bool { folder, all };
base::Result<void> collect_place(const View& view, const Scope& scope, const std::string& asked, const std::string& real, Depth depth, Meant meant, LogCollector& into) {
    TRY_ASSIGN(Statement row, view.prepare(fmt::format("SELECT path, inode, size, m_s, b_s, type, target, {} FROM file WHERE directory IN (SELECT id FROM directory WHERE path = ?1{}) "
                                                       "AND name_allocated = 1 AND (type = 1 OR (type = 3 AND target = '/dev/null')){} ORDER BY path",
                                                       k_read, depth == Depth::all ? " OR (path > ?1 || '/' AND path < ?1 || '0')" : "", scope.condition())));
    row.bind(1, real);
    for (;;) {
        TRY_ASSIGN(const bool more, row.step());
        if (!more) return {};
        const std::string path(row.text(0));
        if (meant(asked + path.substr(real.size()))) into.add(path, row.integer(1), row.integer(5) == 3 ? 0 : row.integer(2), second_at(row, 3), second_at(row, 4), row.integer(5) == 3, row.integer(7) != 0);
    }
}

// Where the folders that logs are looked for in really lie.
class Folders {
public:
    // `asked`: folders of which below() is asked with what lies in them; `homes`: of which only where they lie.
    static base::Result<std::unique_ptr<Folders>> load(const View& view, const Scope& scope, const std::vector<std::string>& asked, const std::vector<std::string>& homes) {
        // A reader forbids its connection all else while it lives: it gets one of its own.
        TRY_ASSIGN(View own, View::open(sqlite3_db_filename(view.database().handle(), "main")));
        auto folders = std::unique_ptr<Folders>(new Folders(std::move(own)));
        TRY_ASSIGN(const auto systems, case_file::systems(view));
        for (const auto system : systems) {
            if (!scope.holds(system)) continue;
            auto links = std::make_unique<plugin::FolderLinks>(folders->m_reader, system);
            TRY(links->load_near(asked, homes));
            TRY_ASSIGN(const auto to_folders, links->to_folders());
            folders->m_links.insert(folders->m_links.end(), to_folders.begin(), to_folders.end());
            folders->m_systems.push_back(std::move(links));
        }
        return folders;
    }

    struct Place {
        std::string asked, real;  // a folder as it was asked for, or a link below it, and the folder that it leads to
        auto operator<=>(const Place&) const = default;
    };
    std::set<Place> below(const std::string& folder) {
        std::set<Place> places{{folder, folder}};
        for (const auto& links : m_systems)
            if (const auto real = links->resolve(folder)) places.insert({folder, *real});
        for (const auto& link : m_links)
            if (base::is_at_or_below(link.path, folder)) places.insert({link.path, link.folder});
        return places;
    }

private:
    explicit Folders(View own) : m_own(std::move(own)), m_reader(m_own.database(), plugin::FolderLinks::k_reads) {}
    View m_own;
    case_file::DetectorReader m_reader;
    std::vector<std::unique_ptr<plugin::FolderLinks>> m_systems;
    std::vector<plugin::FolderLinks::FolderLink> m_links;
};

// The first words of a list of paths: homes, logs that are configured.
base::Result<std::vector<std::string>> paths(const View& view, const Scope& scope, std::string_view table, std::string_view column, std::string_view which) {
    std::vector<std::string> all;
    TRY_ASSIGN(const bool there, view.has_table(table));
    if (!there) return all;
    TRY_ASSIGN(Statement row, view.prepare(fmt::format("SELECT DISTINCT {1} FROM {0} WHERE {2} AND {1} LIKE '/%'{3} ORDER BY {1}", table, column, which, scope.condition())));
    for (;;) {
        TRY_ASSIGN(const bool more, row.step());
        if (!more) return all;
        all.emplace_back(row.text(0));
    }
}

std::vector<std::string> folders_of(std::string_view id, const std::vector<std::string>& homes) {
    std::vector<std::string> all;
    for (const auto& kind : k_log_kinds)
        if (kind.id == id && !kind.folder.empty()) all.emplace_back(kind.folder);
    if (id == "history") all.insert(all.end(), homes.begin(), homes.end());
    return all;
}

// Could one lie in what was not read: a volume, a folder above or one that holds such files, the rest of an analysis that was broken off?
bool could_be_unseen(const std::vector<std::string>& folders, const std::vector<base::Glob>& globs, const std::vector<CoverageRow>& coverage, const Scope& scope) {
    return std::any_of(coverage.begin(), coverage.end(), [&](const auto& row) {
        if (row.level != "gap" || row.area == "media" || (row.system && !scope.holds(row.system))) return false;  // a file that a bad sector hurts has a row of its own
        if (row.path.empty() || row.path == "/") return true;
        return std::any_of(folders.begin(), folders.end(), [&](const auto& folder) { return base::is_at_or_below(folder, row.path); }) ||
               std::any_of(globs.begin(), globs.end(), [&](const auto& glob) { return glob.matches(row.path + "/x") || glob.matches(row.path + "/access.log"); });
    });
}

// The records of one machine.
class Records {
public:
    Records(const View& view, const Scope& scope, const Covered& covered, const Redactor& redactor) : m_view(view), m_scope(scope), m_covered(covered), m_redactor(redactor) {}

    base::Result<void> load() {
        TRY_ASSIGN(m_configured, paths(m_view, m_scope, "web_log", "path", "kind = 'access'"));
        TRY_ASSIGN(m_homes, paths(m_view, m_scope, "account", "home", "source = 'passwd' AND home <> '/'"));
        std::vector<std::string> asked;
        for (const auto& kind : k_log_kinds)
            if (!kind.folder.empty()) asked.emplace_back(kind.folder);
        for (const auto& path : m_configured)
            if (const auto folder = base::folder_of(path); folder != "/") asked.emplace_back(folder);
        std::sort(asked.begin(), asked.end());
        asked.erase(std::unique(asked.begin(), asked.end()), asked.end());
        TRY_ASSIGN(m_folders, Folders::load(m_view, m_scope, asked, m_homes));
        return {};
    }

    base::Result<ExposureLog> of_kind(std::string_view id, const std::vector<ReportFinding>& findings, const std::vector<CoverageRow>& coverage, bool no_system) {
        ExposureLog log;
        log.id = id, log.system = m_scope.machine();
        LogCollector collector(log, m_covered, m_redactor);
        std::vector<base::Glob> globs;
        std::map<std::string, std::vector<base::Glob>> by_folder;
        for (const auto& kind : k_log_kinds) {
            if (kind.id != id) continue;
            globs.emplace_back(kind.files);
            if (!kind.folder.empty()) by_folder[std::string(kind.folder)].emplace_back(kind.files);
        }
        for (const auto& [folder, wanted] : by_folder) TRY(collect(folder, wanted, collector));
        if (id == "web_access") {
            log.configured = !m_configured.empty();
            TRY(collect_configured(collector));
        }
        if (id == "history") TRY(collect_histories(collector));
        const auto ours = [&](const std::string& path) { return std::any_of(globs.begin(), globs.end(), [&](const auto& glob) { return glob.matches(path); }); };
        std::set<std::string> damaged;
        for (const auto& finding : findings)
            for (const auto& item : finding.items)
                if (finding.question == "logs_tampered" && finding.state != "dismissed" && item.path && m_scope.holds(item.system ? item.system : finding.system) && ours(*item.path)) damaged.insert(*item.path);
        for (const auto& row : coverage)
            for (const auto& example : row.examples)
                if (row.level == "gap" && m_scope.holds(row.system) && ours(example)) damaged.insert(example);
        collector.finish({damaged.begin(), damaged.end()});
        if (log.state == "absent" && (no_system || could_be_unseen(folders_of(id, m_homes), globs, coverage, m_scope))) log.state = "unseen";
        return log;
    }

private:
    // Files below `folder` whose path matches one of the globs, through links too.
    base::Result<void> collect(const std::string& folder, const std::vector<base::Glob>& globs, LogCollector& into) {
        const auto meant = [&](std::string_view path) { return std::any_of(globs.begin(), globs.end(), [&](const auto& glob) { return glob.matches(path); }); };
        for (const auto& [asked, real] : m_folders->below(folder)) TRY(collect_place(m_view, m_scope, asked, real, Depth::all, meant, into));
        return {};
    }
    // Configured paths, with what rotation appends. Hundreds of sites may have theirs in one folder, which is walked once.
    base::Result<void> collect_configured(LogCollector& into) {
        std::map<std::string_view, std::set<std::string_view>> folders;  // with the names
        for (const auto& path : m_configured)
            if (const auto folder = base::folder_of(path); folder != "/") folders[folder].insert(std::string_view(path).substr(folder.size() + 1));
        for (const auto& [folder, names] : folders) {
            const auto meant = [&, prefix = folder.size() + 1](std::string_view path) {
                const auto name = path.substr(std::min(prefix, path.size()));
                for (std::size_t length = 1; length <= name.size(); ++length)
                    if (names.contains(name.substr(0, length))) return true;
                return false;
            };
            for (const auto& [asked, real] : m_folders->below(std::string(folder)))
                if (asked == folder) TRY(collect_place(m_view, m_scope, asked, real, Depth::folder, meant, into));
        }
        return {};
    }
    base::Result<void> collect_histories(LogCollector& into) {
        const auto is_history = [](std::string_view path) {
            const auto name = path.substr(path.rfind('/') + 1);
            return name.starts_with('.') && name.ends_with("history");
        };
        for (const auto& home : m_homes)
            for (const auto& place : m_folders->below(home))
                if (place.asked == home) TRY(collect_place(m_view, m_scope, home, place.real, Depth::folder, is_history, into));
        return {};
    }

    const View& m_view;
    Scope m_scope;
    const Covered& m_covered;
    const Redactor& m_redactor;
    std::vector<std::string> m_configured, m_homes;
    std::unique_ptr<Folders> m_folders;
};

}  // namespace

base::Result<std::vector<ExposureLog>> exposure_logs(const View& view, const std::vector<ReportFinding>& findings, const std::vector<CoverageRow>& coverage, const Texts& texts, const Redactor& redactor, const SystemNames& names) {
    std::vector<ExposureLog> all;
    TRY_ASSIGN(const auto systems, case_file::systems(view));
    TRY_ASSIGN(const case_file::Clock clock, case_file::clock_of(view));
    TRY_ASSIGN(const Covered covered, covered_by_entries(view));
    std::vector<Scope> scopes;
    if (systems.size() < 2) scopes.emplace_back();
    else {
        for (const auto system : systems) scopes.push_back({Scope::Of::one, system});
        scopes.push_back({Scope::Of::none, 0});
    }
    for (const auto& scope : scopes) {
        Records records(view, scope, covered, redactor);
        TRY(records.load());
        for (const auto id : k_order) {
            TRY_ASSIGN(auto log, records.of_kind(id, findings, coverage, systems.empty()));
            if (scope.of == Scope::Of::none && log.files == 0) continue;
            log.title = names.before(log.system, texts.of("exposure.logs." + log.id + ".title"));
            for (Time* time : {&log.from, &log.to})
                if (*time) *time = clock.corrected(**time);
            log.text = texts.of("exposure.logs." + log.id + ".text") + " " + texts.of("exposure.state." + log.state + "_text");
            all.push_back(std::move(log));
        }
    }
    return all;
}

}  // namespace deadbox::report
