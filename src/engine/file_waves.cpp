#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <set>
#include <utility>

#include "case/schema.hpp"
#include "engine/apply.hpp"
#include "engine/matching.hpp"
#include "plugin/topic.hpp"

namespace deadbox::engine {
namespace {

constexpr std::size_t k_most_files = 256;
// Files of a kind make batches of their own. Copies of a file have its size: all others are shared out by it, so that one
// child gets them all, and its readers know them.
enum Kind : std::size_t { k_log, k_large, k_rest, k_kinds = k_rest + k_shares };
constexpr std::uint64_t k_large_from = 8ull << 20;
constexpr std::uint64_t k_most_bytes[] = {4ull << 20, 256ull << 20, 64ull << 20};  // of a batch; logs grow when they are unpacked, and each line may be an event
// Of so many batches in a row one is of logs, so that the engine writes their events while the children are busy with the
// rest; and one of large files, which are hashed side by side, and would be alone for long behind the small ones of a batch.
constexpr std::int64_t k_turn = 4;
constexpr std::size_t k_most_path_bytes = 4u << 20;  // an order is a message, which may not be longer than 8 MiB
constexpr int k_most_rounds = 16;
// Holes take no room on the disk, but as long to hash as anything else: some bytes of an inode must not cost days.
constexpr std::int64_t k_most_holes_of_one = std::int64_t{8} << 30, k_most_holes = std::int64_t{64} << 30;

// What triage keeps of the content wave: logs, scripts and packaged programs by their place and name; and, wherever they lie, files
// that run with another's rights, of which there are few: what such a file is tells its content alone.
const char* const k_triage_patterns[] = {
    "/var/log/**", "/root/**", "/home/*/.*", "/home/*/.ssh/**", "/etc/**", "/tmp/**", "/var/tmp/**", "/dev/shm/**", "/run/**", "/var/spool/cron/**",
    // With and without /bin, /sbin and /lib as links into /usr: the same depth, or a link would let all of /usr/lib in.
    "/{usr/,}{bin,sbin}/**", "/usr/local/**", "/{usr/,}lib{,32,64,x32}/*", "/{usr/,}lib{,32,64,x32}/*/*", "/{usr/,}lib{,64}/**/security/**", "/{usr/,}lib/openssh/**", "/{usr/,}lib/modules/*/{extra,updates,misc}/**",
    "/usr/libexec/**", "**.{php,phtml,php3,php4,php5,php6,php7,php8,phps,pht,phar,inc,jsp,jspx,jspf,asp,asa,cer,cdx,aspx,ashx,asmx,ascx,pl,cgi,py,rb,sh,cfm,cfc,cfml,lua,shtml,shtm,stm}", "**/cgi-bin/**", "**/.htaccess", "**/.user.ini",
    "**/index.{html,htm}", "**/default.{html,htm}"};

// Detectors run provisionally when the wave begins and behind 8, 64, 512 ... batches, but not before many times as long has
// gone by as they took the last time: what they cost stays a small part of the whole.
class ProvisionalFindings {
public:
    explicit ProvisionalFindings(Session& session) : m_session(session) {}
    base::Result<void> detect() {
        const auto begin = Clock::now();
        TRY(detect_wave(m_session, plugin::Wave::content, case_file::Standing::provisional));
        const auto end = Clock::now();
        m_due = end + k_pause * (end - begin);
        return {};
    }
    bool is_due(std::uint64_t batches) const { return batches > 1 && std::has_single_bit(batches) && std::countr_zero(batches) % 3 == 0 && Clock::now() >= m_due; }

private:
    using Clock = std::chrono::steady_clock;
    static constexpr int k_pause = 32;
    Session& m_session;
    Clock::time_point m_due;
};

bool any_path(const std::vector<NamePlace>& places, base::FunctionRef<bool(const std::string& path)> is) {
    return std::any_of(places.begin(), places.end(), [&](const NamePlace& place) { return std::any_of(place.paths.begin(), place.paths.end(), is); });
}

// Live regular files, each kind in the order of its place on the media.
class ContentSource {
public:
    ContentSource(Session& session, const Requests& requests)
        : m_session(session), m_scope(session.options), m_requests(requests), m_choice(plugin::Wave::content, requests) {
        for (const char* pattern : k_triage_patterns) m_triage.emplace_back(pattern);
    }

    base::Result<void> open() {
        const bool triage = m_session.options.profile == Profile::triage;
        m_wave = triage ? "content.triage" : "content";
        TRY(take_names());
        // A full run over a triage case does only the remainder; triage over a full one has nothing left.
        // The order is kept aside: a statement left open over the wave would keep the case's log from being taken in.
        TRY(m_session.database.execute("DROP TABLE IF EXISTS temp.content_order; CREATE TEMP TABLE content_order(place INTEGER PRIMARY KEY, inode INTEGER, parent INTEGER, size INTEGER, kind INTEGER, holes INTEGER, elsewhere INTEGER, rights INTEGER)"));
        TRY_ASSIGN(case_file::Statement order, m_session.database.prepare(
            "INSERT INTO temp.content_order(inode, parent, size, kind, holes, elsewhere, rights) "
            "SELECT i.id, i.parent, i.size, CASE WHEN i.parent IN (SELECT id FROM directory WHERE path = '/var/log' OR path GLOB '/var/log/*') THEN ?2 WHEN i.size >= ?3 THEN ?4 ELSE ?5 + abs(i.size % ?6) END AS kind, i.hole_bytes, EXISTS(SELECT 1 FROM link l WHERE l.inode = i.id), i.mode & 2048 <> 0 OR i.mode & 1032 = 1032 "
            "FROM inode i LEFT JOIN content c ON c.inode = i.id LEFT JOIN batch b ON b.id = c.batch "
            "WHERE i.type = 1 AND i.allocated AND (b.wave IS NULL OR b.wave = ?1) ORDER BY kind, i.first_byte, i.id"));
        order.bind(1, m_wave).bind(2, std::int64_t{k_log}).bind(3, static_cast<std::int64_t>(k_large_from)).bind(4, std::int64_t{k_large}).bind(5, std::int64_t{k_rest}).bind(6, std::int64_t{k_shares});
        TRY(order.run());
        TRY_ASSIGN(case_file::Statement count, m_session.database.prepare("SELECT count(*) FROM temp.content_order WHERE kind = ?"));
        std::int64_t place = 0;
        for (std::size_t kind = 0; kind < k_kinds; ++kind) {
            auto& line = m_lines[kind];
            count.bind(1, static_cast<std::int64_t>(kind));
            TRY(count.step());
            line.place = place, line.end = place += count.integer(0);
            count.reset();
            TRY_ASSIGN(line.files, m_session.database.prepare("SELECT inode, parent, size, place, holes, elsewhere, rights FROM temp.content_order WHERE place > ? AND place <= ? ORDER BY place"));
        }
        return {};
    }

    base::Result<std::optional<Batch>> next() {
        for (;;) {
            const auto kind = next_kind();
            auto& line = m_lines[kind];
            std::vector<FileWork> files;
            std::uint64_t bytes = 0;
            std::size_t path_bytes = 0;
            line.files.bind(1, line.place);
            line.files.bind(2, line.end);
            while (!line.exhausted && files.size() < k_most_files && bytes < k_most_bytes[std::min<std::size_t>(kind, k_rest)] && path_bytes < k_most_path_bytes) {
                TRY_ASSIGN(const bool row, line.files.step());
                line.exhausted = !row;
                if (!row) break;
                line.place = line.files.integer(3);
                FileWork work{line.files.integer(0), {}, true};
                TRY_ASSIGN(auto places, m_names->of(work.inode, line.files.integer(1), line.files.integer(5) != 0));
                if (places.empty()) places.push_back({line.files.integer(1), {}, {""}});
                std::erase_if(places, [&](const NamePlace& place) { return !m_scope.allows(place.paths); });
                if (places.empty()) {
                    ++m_outside;
                    continue;
                }
                if (m_wave == "content.triage" && line.files.integer(6) == 0 && !wanted_by_triage(places)) continue;
                m_order->sort(places);
                work.names = m_choice.needed(places);
                for (const auto& name : work.names) path_bytes += name.path.size();
                bytes += static_cast<std::uint64_t>(line.files.integer(2));
                // The worker leaves out what has more holes than one file may have.
                if (const auto holes = line.files.integer(4); holes > 0 && holes <= k_most_holes_of_one) {
                    work.hash = holes <= k_most_holes - m_holes;
                    work.hash ? m_holes += holes : ++m_unhashed;
                }
                files.push_back(std::move(work));
            }
            line.files.reset();
            if (files.empty()) {
                if (std::all_of(m_lines.begin(), m_lines.end(), [](const Line& one) { return one.exhausted; })) return std::nullopt;
                continue;
            }
            const auto unit = std::to_string(m_ordinal++);
            if (m_session.writer.is_done(m_wave, unit)) {
                m_session.progress.state.done += bytes;
                m_session.progress.state.files += files.size();
                continue;
            }
            if (kind == k_log) m_last_log = m_ordinal - 1;
            Batch batch = files_batch(m_wave, unit, plugin::Wave::content, std::move(files), m_requests);
            batch.bytes = bytes;
            if (kind >= k_rest) batch.share = static_cast<int>(kind - k_rest);
            return batch;
        }
    }
    // True of the last batch of logs, and of those behind it.
    bool no_logs_behind(std::int64_t batch) const { return m_lines[k_log].exhausted && batch >= m_last_log; }
    std::uint64_t outside() const { return m_outside; }
    std::uint64_t unhashed() const { return m_unhashed; }  // because of holes
    std::uint64_t overfull() const { return m_names->overfull().size(); }  // folders whose links were not all followed
    const std::string& wave() const { return m_wave; }

private:
    std::size_t next_kind() {
        const auto left = [&](std::size_t kind) { return !m_lines[kind].exhausted; };
        const auto turn = m_ordinal % k_turn;
        if (left(k_log) && turn == 0) return k_log;
        if (left(k_large) && turn == 1) return k_large;
        for (int share = 0; share < k_shares; ++share)
            if (const auto kind = k_rest + static_cast<std::size_t>(m_share++ % k_shares); left(kind)) return kind;
        return left(k_large) ? k_large : k_log;
    }
    base::Result<void> take_names() {
        TRY_ASSIGN(m_order, NameOrder::load(m_session.database, m_requests));
        auto patterns = m_wave == "content.triage" ? m_triage : std::vector<base::Glob>();
        for (const auto* topic : plugin::topics())
            for (const auto& parser : topic->parsers)
                if (parser.wave == plugin::Wave::content)
                    for (const auto pattern : parser.paths) patterns.emplace_back(pattern);
        m_order->add_patterns(patterns);
        m_requests.add_patterns(patterns);
        m_scope.add_patterns(patterns);
        TRY_ASSIGN(m_names, names_of(m_session, std::move(patterns)));
        return {};
    }
    bool wanted_by_triage(const std::vector<NamePlace>& places) const {
        return any_path(places, [&](const std::string& path) {
            return m_requests.any(path) || std::any_of(m_triage.begin(), m_triage.end(), [&](const auto& glob) { return glob.matches(path); });
        });
    }
    Session& m_session;
    Scope m_scope;
    const Requests& m_requests;
    NameChoice m_choice;
    std::optional<NameOrder> m_order;
    Names* m_names = nullptr;
    std::vector<base::Glob> m_triage;
    std::string m_wave;
    int m_share = 0;  // whose turn it is
    std::int64_t m_ordinal = 0, m_last_log = -1;
    std::uint64_t m_outside = 0, m_unhashed = 0;
    std::int64_t m_holes = 0;  // bytes of them that are hashed
    struct Line {
        case_file::Statement files;
        std::int64_t place = 0, end = INT64_MAX;  // of the last file given, of the last one at all
        bool exhausted = false;
    };
    std::array<Line, k_kinds> m_lines;
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

// Of files with several names, the one that people are shown where it is not the first that was found.
static base::Result<void> choose_names(Session& session) {
    TRY_ASSIGN(const Requests requests, Requests::load(session, k_most_rounds));
    TRY_ASSIGN(const NameOrder order, NameOrder::load(session.database, requests));
    std::vector<base::Glob> patterns;
    for (const auto* topic : plugin::topics())
        for (const auto& parser : topic->parsers)
            for (const auto pattern : parser.paths) patterns.emplace_back(pattern);
    order.add_patterns(patterns);
    requests.add_patterns(patterns);
    TRY_ASSIGN(auto* const names, names_of(session, std::move(patterns)));
    TRY_ASSIGN(case_file::Statement files, session.database.prepare("SELECT id, parent, id IN (SELECT inode FROM link) FROM inode WHERE type = 1 AND allocated AND (links > 1 OR id IN (SELECT inode FROM link)) ORDER BY id"));
    TRY_ASSIGN(case_file::Statement shown, session.database.prepare("SELECT directory, name FROM inode_path WHERE inode = ?1 LIMIT 1"));
    for (;;) {
        TRY_ASSIGN(const bool row, files.step());
        if (!row) return {};
        TRY_ASSIGN(auto places, names->of(files.integer(0), files.integer(1), files.integer(2) != 0));
        if (places.empty()) continue;
        order.sort(places);
        shown.bind(1, files.integer(0));
        TRY_ASSIGN(const bool named, shown.step());
        const bool same = named && shown.integer(0) == places.front().directory && shown.text(1) == places.front().name;
        shown.reset();
        if (!same) TRY(session.writer.main_name(files.integer(0), places.front().directory, places.front().name));
    }
}

// The wave's last batch: what is asked for later is the content wave's. Rounds are bounded, so that files that include each
// other for ever do not keep the analysis from going on; what they still ask for is named.
static base::Result<void> end_configuring(Session& session, bool rounds_left) {
    PathFilter filter;
    TRY_ASSIGN(const bool any, rounds_left ? base::Result<bool>(false) : take_requests(session.database, k_most_rounds, filter));
    const auto files = any ? matching_files(session, filter) : base::Result<std::vector<Match>>();
    if (!files) return tl::unexpected(files.error());
    TRY_ASSIGN(const Requests before, Requests::load(session, k_most_rounds - 1));
    TRY(session.writer.begin_batch("configure", "end"));
    for (const auto& file : *files) {
        if (!any_path(file.places, [&](const std::string& path) { return before.any(path); }))
            TRY(session.writer.coverage_of({base::Gap::Level::limit, "configure", "files name each other in more steps than are followed", file.places.front().paths.front(), ""}, file.inode, "configure"));
    }
    auto known = add_linked_web_roots(session);
    if (known) known = choose_names(session);
    if (!known) {
        session.writer.abandon_batch();
        return known;
    }
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
            order.put(case_file::inode_tree(file.inode)).put(case_file::inode_number(file.inode)).put(file.hash).put(file.names.size());
            for (const auto& name : file.names) {
                order.put(case_file::inode_number(name.directory)).put(name.path);
                requests.put(order, case_file::inode_tree(name.directory), name.path);
            }
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
        TRY_ASSIGN(auto matches, matching_files(session, filter));
        std::erase_if(matches, [&](const Match& match) { return !seen.insert(match.inode).second; });
        if (matches.empty()) break;
        state.total += matches.size();
        TRY_ASSIGN(const Requests requests, Requests::load(session, round));
        const NameChoice choice(plugin::Wave::configure, requests);
        std::vector<FileWork> files;
        for (const auto& match : matches) files.push_back({match.inode, choice.needed(match.places), false});
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

base::Result<void> index_events(Session& session) {
    const case_file::Interruptible interruptible(session.database, session.stop());
    return case_file::index_for_reading(session.database);
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
    ProvisionalFindings provisional(session);
    work.started = [&]() -> base::Result<void> {
        TRY(provisional.detect());
        TRY(add_file_times(session));
        session.seal_of_walk = std::make_unique<case_file::SealAhead>(session.database, case_file::SealAhead::k_of_walk);
        return {};
    };
    // Hardly any event comes behind the logs: the readers' indexes are made while the rest is read.
    bool indexed = false;
    work.committed = [&](const Batch& batch) {
        const auto number = std::stoull(batch.unit);
        const bool index = !indexed && source.no_logs_behind(static_cast<std::int64_t>(number)), detect = provisional.is_due(number + 1);
        indexed |= index;
        BatchRunner::Beside beside;
        if (index || detect)
            beside = [&, index, detect]() -> base::Result<void> {
                if (index) TRY(index_events(session));
                return detect ? provisional.detect() : base::Result<void>();
            };
        return beside;
    };
    TRY(session.runner.run(work));
    TRY(add_file_times(session));  // where there was nothing to read
    TRY(note_unread_logs(session, source.wave()));
    const auto limit = [&](const char* unit, const char* area, const char* reason, std::uint64_t count, const char* of = "files") -> base::Result<void> {
        if (count == 0 || session.writer.is_done(source.wave(), unit)) return {};
        TRY(session.writer.begin_batch(source.wave(), unit));
        TRY(session.writer.coverage({base::Gap::Level::limit, area, reason, "", std::to_string(count) + " " + of}, std::nullopt, source.wave()));
        return session.writer.finish_batch();
    };
    TRY(limit("scope", "scope", "files outside of the scope that was given were not read", source.outside()));
    TRY(limit("links", "links", "more links lead to a folder than are followed: patterns may ask for its files by a path that is not known", source.overfull(), "folders"));
    return limit("holes", "digests", "files with holes were not hashed: those before them had 64 GiB of holes together", source.unhashed());
}

}  // namespace deadbox::engine
