#include <algorithm>
#include <bit>
#include <set>
#include <tuple>
#include <utility>

#include "engine/apply.hpp"
#include "engine/waves.hpp"
#include "plugin/topic.hpp"

namespace deadbox::engine {
namespace {

constexpr std::size_t k_most_files = 256;
constexpr std::uint64_t k_most_bytes = 64ull << 20;
constexpr int k_most_rounds = 16;
// Holes take no room on the disk, but as long to hash as anything else: some bytes of an inode must not cost days.
constexpr std::int64_t k_most_holes_of_one = std::int64_t{8} << 30, k_most_holes = std::int64_t{64} << 30;

// Patterns of many parsers, asked for one path after the other, folder by folder.
class PathFilter {
public:
    void add(std::string_view pattern) { m_globs.emplace_back(pattern); }
    void enter(std::string_view folder) {
        m_here.clear();
        for (const auto& glob : m_globs)
            if (glob.may_match_below(folder)) m_here.push_back(&glob);
    }
    bool idle() const { return m_here.empty(); }
    bool matches(std::string_view path) const {
        return std::any_of(m_here.begin(), m_here.end(), [&](const base::Glob* glob) { return glob->matches(path); });
    }

private:
    std::vector<base::Glob> m_globs;
    std::vector<const base::Glob*> m_here;
};

// Scope and exclusions of the warrant: what is outside is never read, and stands in the ledger.
class Scope {
public:
    explicit Scope(const AnalysisOptions& options) {
        for (const auto& pattern : options.scope) m_in.emplace_back(pattern);
        for (const auto& pattern : options.exclude) m_out.emplace_back(pattern);
    }
    bool bounded() const { return !m_in.empty() || !m_out.empty(); }
    bool allows(std::string_view path) const {
        const auto any = [&](const std::vector<base::Glob>& globs) { return std::any_of(globs.begin(), globs.end(), [&](const auto& glob) { return glob.matches(path); }); };
        return (m_in.empty() || any(m_in)) && !any(m_out);
    }

private:
    std::vector<base::Glob> m_in, m_out;
};

// Every live file whose path the filter takes, ordered by path.
base::Result<std::vector<FileWork>> matching_files(const Session& session, PathFilter& filter) {
    const Scope scope(session.options);
    std::vector<FileWork> found;
    TRY_ASSIGN(case_file::Statement folders, session.database.prepare("SELECT id, path FROM directory WHERE allocated ORDER BY id"));
    TRY_ASSIGN(case_file::Statement names, session.database.prepare("SELECT n.name, n.inode FROM name n JOIN inode i ON i.id = n.inode WHERE n.directory = ? AND n.allocated AND i.type = 1 AND i.allocated"));
    for (;;) {
        TRY_ASSIGN(const bool folder, folders.step());
        if (!folder) break;
        filter.enter(folders.text(1));
        if (filter.idle()) continue;
        names.bind(1, folders.integer(0));
        for (;;) {
            TRY_ASSIGN(const bool row, names.step());
            if (!row) break;
            auto path = path_below(folders.text(1), names.text(0));
            if (filter.matches(path) && scope.allows(path)) found.push_back({names.integer(1), folders.integer(0), std::move(path), false});
        }
        names.reset();
    }
    std::sort(found.begin(), found.end(), [](const FileWork& a, const FileWork& b) { return std::tie(a.path, a.inode) < std::tie(b.path, b.inode); });
    return found;
}

// What triage keeps of the content wave: logs, scripts and packaged programs by their place and name.
const char* const k_triage_patterns[] = {
    "/var/log/**", "/root/**", "/home/*/.*", "/home/*/.ssh/**", "/etc/**", "/tmp/**", "/var/tmp/**", "/dev/shm/**", "/run/**", "/var/spool/cron/**",
    "/bin/**", "/sbin/**", "/lib/**", "/lib32/**", "/lib64/**", "/usr/bin/**", "/usr/sbin/**", "/usr/local/**", "/usr/lib/*", "/usr/lib/*/*", "/usr/lib/x86_64-linux-gnu/security/**",
    "/usr/lib/openssh/**", "/usr/lib64/**", "/usr/libexec/**", "**.{php,phtml,php3,php4,php5,php7,php8,pht,phar,inc,jsp,jspx,asp,aspx,ashx,asmx,pl,cgi,py,rb,sh,cfm,lua}", "**/.htaccess", "**/.user.ini",
    "**/index.{html,htm}", "**/default.{html,htm}"};

// Detectors run provisionally when the wave begins and behind 8, 64, 512 ... batches: ever more rarely, so that what they
// cost stays a small part of the whole however large the disk is.
bool is_time_to_detect(std::uint64_t batches) { return batches > 1 && std::has_single_bit(batches) && std::countr_zero(batches) % 3 == 0; }

// Live regular files in the order of their place on the media: the logs, then all others.
class ContentSource {
public:
    ContentSource(Session& session, const Requests& requests) : m_session(session), m_scope(session.options), m_requests(requests) {
        for (const char* pattern : k_triage_patterns) m_triage.emplace_back(pattern);
    }

    base::Result<void> open() {
        const bool triage = m_session.options.profile == Profile::triage;
        m_wave = triage ? "content.triage" : "content";
        // A full run over a triage case does only the remainder; triage over a full one has nothing left. Logs go first: their
        // events take the engine's time while the children are busy with the rest.
        // The order is kept aside: a statement left open over the wave would keep the case's log from being taken in.
        TRY(m_session.database.execute("DROP TABLE IF EXISTS temp.content_order; CREATE TEMP TABLE content_order(place INTEGER PRIMARY KEY, inode INTEGER, parent INTEGER, size INTEGER, log INTEGER, holes INTEGER)"));
        TRY_ASSIGN(case_file::Statement order, m_session.database.prepare(
            "INSERT INTO temp.content_order(inode, parent, size, log, holes) "
            "SELECT i.id, i.parent, i.size, i.parent IN (SELECT id FROM directory WHERE path = '/var/log' OR path GLOB '/var/log/*') AS log, i.hole_bytes "
            "FROM inode i LEFT JOIN content c ON c.inode = i.id LEFT JOIN batch b ON b.id = c.batch "
            "WHERE i.type = 1 AND i.allocated AND (b.wave IS NULL OR b.wave = ?) ORDER BY log DESC, i.first_byte, i.id"));
        order.bind(1, m_wave);
        TRY(order.run());
        TRY_ASSIGN(m_files, m_session.database.prepare("SELECT inode, parent, size, log, place, holes FROM temp.content_order WHERE place > ? ORDER BY place"));
        TRY_ASSIGN(m_path, m_session.database.prepare("SELECT path FROM inode_path WHERE inode = ? LIMIT 1"));
        return {};
    }

    base::Result<std::optional<Batch>> next() {
        for (;;) {
            std::vector<FileWork> files;
            std::uint64_t bytes = 0;
            m_files.bind(1, m_place);
            while (!m_exhausted && files.size() < k_most_files && bytes < k_most_bytes) {
                TRY_ASSIGN(const bool row, m_files.step());
                m_exhausted = !row;
                if (!row) break;
                // A batch is in the order of the media.
                if (const bool logs = m_files.integer(3) != 0; logs != std::exchange(m_logs, logs) && !files.empty()) break;
                m_place = m_files.integer(4);
                FileWork work{m_files.integer(0), m_files.integer(1), {}, true};
                m_path.bind(1, work.inode);
                TRY_ASSIGN(const bool named, m_path.step());
                if (named) work.path = m_path.text(0);
                m_path.reset();
                if (!m_scope.allows(work.path)) {
                    ++m_outside;
                    continue;
                }
                if (m_wave == "content.triage" && !wanted_by_triage(work.path)) continue;
                bytes += static_cast<std::uint64_t>(m_files.integer(2));
                // The worker leaves out what has more holes than one file may have.
                if (const auto holes = m_files.integer(5); holes > 0 && holes <= k_most_holes_of_one) {
                    work.hash = holes <= k_most_holes - m_holes;
                    work.hash ? m_holes += holes : ++m_unhashed;
                }
                files.push_back(std::move(work));
            }
            m_files.reset();
            if (files.empty()) return std::nullopt;
            const auto unit = std::to_string(m_ordinal++);
            if (m_session.writer.is_done(m_wave, unit)) {
                m_session.progress.state.done += bytes;
                m_session.progress.state.files += files.size();
                continue;
            }
            Batch batch = files_batch(m_wave, unit, plugin::Wave::content, std::move(files), m_requests);
            batch.bytes = bytes;
            return batch;
        }
    }
    std::uint64_t outside() const { return m_outside; }
    std::uint64_t unhashed() const { return m_unhashed; }  // because of holes
    const std::string& wave() const { return m_wave; }

private:
    bool wanted_by_triage(std::string_view path) const {
        return m_requests.any(path) || std::any_of(m_triage.begin(), m_triage.end(), [&](const auto& glob) { return glob.matches(path); });
    }
    Session& m_session;
    Scope m_scope;
    const Requests& m_requests;
    std::vector<base::Glob> m_triage;
    std::string m_wave;
    case_file::Statement m_files, m_path;
    std::int64_t m_ordinal = 0;
    std::uint64_t m_outside = 0, m_unhashed = 0;
    std::int64_t m_holes = 0;  // bytes of them that are hashed
    std::int64_t m_place = 0;  // of the last file given
    bool m_exhausted = false, m_logs = true;
};

}  // namespace

// What the last round asked for becomes this round's; the globs for parsers of this wave go into the filter. False where
// there is none.
static base::Result<bool> take_requests(const case_file::Database& database, int round, PathFilter& filter) {
    // An interrupted run may have done this already, and some of the round's files too, whose requests are the next round's.
    const auto number = std::to_string(round);
    TRY(database.execute("UPDATE request SET resolved = " + number + " WHERE resolved = 0 AND NOT EXISTS (SELECT 1 FROM request WHERE resolved = " + number + ")"));
    TRY_ASSIGN(case_file::Statement mine, database.prepare("SELECT parser, glob FROM request WHERE resolved = ? ORDER BY parser, glob"));
    mine.bind(1, std::int64_t{round});
    bool any = false;
    for (;;) {
        TRY_ASSIGN(const bool row, mine.step());
        if (!row) return any;
        for (const auto* topic : plugin::topics())
            for (const auto& parser : topic->parsers)
                if (parser.id == mine.text(0) && parser.wave == plugin::Wave::configure) filter.add(mine.text(1)), any = true;
    }
}

// The wave's last batch: what is asked for later is the content wave's. Rounds are bounded, so that files that include each
// other for ever do not keep the analysis from going on; what they still ask for is named.
static base::Result<void> end_configuring(Session& session, bool rounds_left) {
    PathFilter filter;
    TRY_ASSIGN(const bool any, rounds_left ? base::Result<bool>(false) : take_requests(session.database, k_most_rounds, filter));
    const auto files = any ? matching_files(session, filter) : base::Result<std::vector<FileWork>>();
    if (!files) return tl::unexpected(files.error());
    TRY_ASSIGN(const Requests before, Requests::load(session, k_most_rounds - 1));
    TRY(session.writer.begin_batch("configure", "end"));
    for (const auto& file : *files)
        if (!before.any(file.path)) TRY(session.writer.coverage_of({base::Gap::Level::limit, "configure", "files name each other in more steps than are followed", file.path, ""}, file.inode, "configure"));
    return session.writer.finish_batch();
}

Batch files_batch(std::string wave, std::string unit, plugin::Wave kind, std::vector<FileWork> files, const Requests& requests) {
    Batch batch;
    batch.wave = std::move(wave), batch.unit = std::move(unit), batch.files = files.size();
    batch.order = [files = std::move(files), kind, &requests](std::uint64_t id, const Skips& skips) {
        ipc::Encoder order(static_cast<std::uint8_t>(ipc::Order::files));
        order.put(id).put(kind == plugin::Wave::configure ? 0 : 1).put(skips.size());
        for (const auto& [inode, step] : skips) order.put(inode).put(step);
        for (const auto& file : files) {
            order.put(case_file::inode_tree(file.inode)).put(case_file::inode_number(file.inode)).put(case_file::inode_number(file.directory)).put(file.path).put(file.hash);
            requests.put(order, file.path);
        }
        return order.finish();
    };
    return batch;
}

base::Result<void> configure_wave(Session& session) {
    auto& state = session.progress.state;
    state.wave = "configure", state.unit = "files", state.done = state.total = 0;
    FileApplier applier(session.writer);
    std::set<std::int64_t> seen;
    if (session.writer.is_done("configure", "end")) return {};
    int round = 0;
    for (; round < k_most_rounds; ++round) {
        PathFilter filter;
        if (round == 0) {
            for (const auto* topic : plugin::topics())
                for (const auto& parser : topic->parsers)
                    if (parser.wave == plugin::Wave::configure)
                        for (const auto pattern : parser.paths) filter.add(pattern);
        } else {
            TRY_ASSIGN(const bool any, take_requests(session.database, round, filter));
            if (!any) break;
        }
        TRY_ASSIGN(auto files, matching_files(session, filter));
        std::erase_if(files, [&](const FileWork& file) { return !seen.insert(file.inode).second; });
        if (files.empty()) break;
        state.total += files.size();
        TRY_ASSIGN(const Requests requests, Requests::load(session, round));
        std::size_t place = 0;
        BatchRunner::Work work;
        work.next = [&]() -> base::Result<std::optional<Batch>> {
            while (place < files.size()) {
                const auto count = std::min(k_most_files, files.size() - place);
                std::vector<FileWork> part(files.begin() + static_cast<std::ptrdiff_t>(place), files.begin() + static_cast<std::ptrdiff_t>(place + count));
                const auto unit = std::to_string(round) + ":" + std::to_string(place);
                place += count;
                if (!session.writer.is_done("configure", unit)) return files_batch("configure", unit, plugin::Wave::configure, std::move(part), requests);
                state.done += count;
            }
            return std::nullopt;
        };
        work.apply = [&](ipc::Message& m) { return applier.apply(m, "configure"); };
        TRY(session.runner.run(work));
    }
    return end_configuring(session, round < k_most_rounds);
}

base::Result<void> content_wave(Session& session) {
    auto& state = session.progress.state;
    state.wave = "content", state.unit = "bytes", state.done = 0;
    TRY_ASSIGN(case_file::Statement total, session.database.prepare("SELECT cast(total(max(size - coalesce(hole_bytes, 0), 0)) AS INTEGER) FROM inode WHERE type = 1 AND allocated"));
    TRY(total.step());
    state.total = static_cast<std::uint64_t>(total.integer(0));
    total.reset();
    TRY_ASSIGN(const Requests requests, Requests::load(session, k_most_rounds));
    ContentSource source(session, requests);
    TRY(source.open());
    FileApplier applier(session.writer);
    BatchRunner::Work work;
    work.next = [&] { return source.next(); };
    work.apply = [&](ipc::Message& m) { return applier.apply(m, source.wave()); };
    work.started = [&]() -> base::Result<void> {
        TRY(detect_wave(session, plugin::Wave::content, case_file::Standing::provisional));
        return add_file_times(session);
    };
    work.committed = [&](const Batch& batch) {
        return is_time_to_detect(std::stoull(batch.unit) + 1) ? detect_wave(session, plugin::Wave::content, case_file::Standing::provisional) : base::Result<void>();
    };
    TRY(session.runner.run(work));
    TRY(add_file_times(session));  // where there was nothing to read
    const auto limit = [&](const char* unit, const char* area, const char* reason, std::uint64_t files) -> base::Result<void> {
        if (files == 0 || session.writer.is_done(source.wave(), unit)) return {};
        TRY(session.writer.begin_batch(source.wave(), unit));
        TRY(session.writer.coverage({base::Gap::Level::limit, area, reason, "", std::to_string(files) + " files"}, std::nullopt, source.wave()));
        return session.writer.finish_batch();
    };
    TRY(limit("scope", "scope", "files outside of the scope that was given were not read", source.outside()));
    return limit("holes", "digests", "files with holes were not hashed: those before them had 64 GiB of holes together", source.unhashed());
}

}  // namespace deadbox::engine
