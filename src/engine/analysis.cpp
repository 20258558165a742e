#include "engine/analysis.hpp"

#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/encoding.hpp"
#include "case/custody.hpp"
#include "case/finding_states.hpp"
#include "case/meta.hpp"
#include "case/schema.hpp"
#include "case/seal.hpp"
#include "case/view_clock.hpp"
#include "engine/case_lock.hpp"
#include "engine/evidence_watch.hpp"
#include "engine/own_files.hpp"
#include "engine/waves.hpp"

namespace deadbox::engine {
namespace {

std::string options_json(const AnalysisOptions& o, const OwnFiles& own) {
    return nlohmann::json{{"profile", o.profile == Profile::full ? "full" : "triage"}, {"journal", o.journal == case_file::JournalReading::ignore ? "ignore" : "replay"}, {"time_zone", o.time_zone},
                          {"clock_offset", o.clock_offset ? nlohmann::json(*o.clock_offset) : nlohmann::json()}, {"scope", o.scope}, {"exclude", o.exclude}, {"own_files", nlohmann::json::parse(own.record())}}.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

tl::unexpected<base::Error> another(const std::string& option, const std::string& begun_with, const std::string& given) {
    return base::fail(base::Errc::usage, "the case was begun with " + (begun_with.empty() ? "no " + option : option + " " + begun_with) + ", and " + option + " " + given +
                                             " was given: a case is gone on with as it was begun. Leave " + option + " out, or analyse into a new case");
}

std::string words_of(const std::vector<std::string>& patterns) {
    std::string words;
    for (const auto& pattern : patterns) words += (words.empty() ? "" : " ") + pattern;
    return words;
}

// The options of a case that was begun before: what it was begun with, in place of what is not given.
base::Result<void> keep_to(const case_file::FixedOptions& fixed, AnalysisOptions& options) {
    const auto keep_patterns = [](const char* option, const std::vector<std::string>& begun_with, std::vector<std::string>& given) -> base::Result<void> {
        if (!given.empty() && given != begun_with) return another(option, words_of(begun_with), words_of(given));
        given = begun_with;
        return {};
    };
    TRY(keep_patterns("--scope", fixed.scope, options.scope));
    TRY(keep_patterns("--exclude", fixed.exclude, options.exclude));
    if (!options.time_zone.empty() && options.time_zone != fixed.time_zone) return another("--timezone", fixed.time_zone, options.time_zone);
    options.time_zone = fixed.time_zone;
    const auto name = [](case_file::JournalReading journal) { return std::string(journal == case_file::JournalReading::ignore ? "ignore" : "replay"); };
    if (options.journal && *options.journal != fixed.journal) return another("--journal", name(fixed.journal), name(*options.journal));
    options.journal = fixed.journal;
    return {};
}

// As many images as the case has; those that could not be opened may be left out, and are tried again.
base::Result<void> keep_to_evidence(const case_file::Database& database, AnalysisOptions& options) {
    TRY_ASSIGN(case_file::Statement rows, database.prepare("SELECT argument, error IS NULL, expected FROM evidence ORDER BY id"));
    std::vector<std::string> all;
    std::size_t opened = 0;
    for (;;) {
        TRY_ASSIGN(const bool row, rows.step());
        if (!row) break;
        if (all.empty() && !rows.is_null(2) && !options.expect_hash.empty() && rows.text(2) != options.expect_hash) return another("--expect-hash", std::string(rows.text(2)), options.expect_hash);
        const bool open = rows.integer(1) != 0;
        all.emplace_back(open && opened < options.evidence.size() ? options.evidence[opened] : rows.text(0));
        opened += open ? 1 : 0;
    }
    if (opened == 0 || all.size() == options.evidence.size()) return {};
    if (opened != options.evidence.size())
        return base::fail(base::Errc::usage, "the case has " + std::to_string(all.size()) + " images, and " + std::to_string(options.evidence.size()) + " were given; --resume takes the same images in the same order");
    options.evidence = std::move(all);
    return {};
}

// A full analysis that was begun is gone on with as one: with files left out of it in between its batches would be others.
base::Result<void> keep_to_profile(const case_file::Database& database, AnalysisOptions& options) {
    TRY_ASSIGN(case_file::Statement full, database.prepare("SELECT 1 FROM batch WHERE wave = 'content' LIMIT 1"));
    TRY_ASSIGN(const bool begun, full.step());
    if (begun) options.profile = Profile::full;
    return {};
}

// A row that says what this run is; the same on every resume. `anew`: topics because of which results are made anew.
base::Result<std::int64_t> begin_run(const case_file::Database& database, const AnalysisOptions& options, const OwnFiles& own, int jobs, const std::vector<std::string>& anew) {
    TRY_ASSIGN(case_file::Statement add, database.prepare("INSERT INTO run(version, command, options, started, jobs) VALUES(?, ?, ?, ?, ?)"));
    add.bind(1, options.version).bind(2, nlohmann::json(options.command).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)).bind(3, options_json(options, own));
    add.bind(4, case_file::now_rfc3339()).bind(5, std::int64_t{jobs});
    TRY(add.run());
    const auto id = database.last_row_id();
    TRY(case_file::append_custody(database, case_file::current_actor(), options.resume ? "analysis.resumed" : "analysis.started",
                                  nlohmann::json{{"version", options.version}, {"options", nlohmann::json::parse(options_json(options, own))}, {"jobs", jobs}, {"made_anew", anew}}.dump()));
    TRY(own.keep(database));
    return id;
}

// All that is written before the first wave, in one transaction: what was dropped and that it was cannot be told apart by a
// power cut.
base::Result<std::int64_t> begin(const case_file::Database& database, const AnalysisOptions& options, const OwnFiles& own, int jobs, bool begun) {
    TRY_ASSIGN(const auto clock, case_file::clock_rows(options.clock_offset.value_or(0), options.clock_source));
    TRY_ASSIGN(case_file::Transaction first, case_file::Transaction::begin(database));
    TRY(case_file::prepare_schema(database));
    if (begun) TRY(own.forget_matches(database));
    TRY_ASSIGN(const auto changed, case_file::prepare_topics(database));
    TRY_ASSIGN(const std::int64_t run, begin_run(database, options, own, jobs, begun ? changed : std::vector<std::string>()));
    for (const auto& [key, value] : options.case_data) TRY(case_file::set_meta(database, "case." + key, value));
    for (const auto& [key, value] : clock)
        if (options.clock_offset || !begun) TRY(case_file::set_meta(database, key, value));
    if (!begun) TRY(case_file::fix_options(database, {options.scope, options.exclude, options.time_zone, options.journal.value_or(case_file::JournalReading::replay)}));
    TRY(first.commit());
    return run;
}

// Once for each, however often it is gone on with.
base::Result<void> note_not_compared(case_file::Writer& writer, const case_file::Database& database, const std::vector<std::string>& what) {
    constexpr const char* k_reason = "that the evidence is that of the case was compared in part";
    for (const auto& one : what) {
        TRY_ASSIGN(case_file::Statement known, database.prepare("SELECT 1 FROM coverage WHERE reason = ? AND instr(examples, ?) > 0"));
        known.bind(1, k_reason).bind(2, nlohmann::json(base::to_utf8(one)).dump());
        TRY_ASSIGN(const bool there, known.step());
        known.reset();
        if (!there) TRY(writer.coverage({base::Gap::Level::assumption, "evidence", k_reason, "", one}, std::nullopt, "open"));
    }
    return {};
}

base::Result<void> waves(Session& session, OwnFiles& own) {
    TRY(walk_wave(session));
    TRY(configure_wave(session));
    TRY(detect_wave(session, plugin::Wave::configure, case_file::Standing::final));
    TRY(start_media_digests(session));
    TRY(content_wave(session));
    TRY(known_wave(session, own));
    return finish_media_digests(session);
}

// A case file that this run made: as long as nothing was written into it, it goes again.
class NewCase {
public:
    NewCase(const std::string& path, bool made) : m_path(path), m_made(made) {}
    NewCase(const NewCase&) = delete;
    ~NewCase() {
        if (!m_made) return;
        for (const char* part : {"", "-wal", "-shm", "-journal"}) ::unlink((m_path + part).c_str());
    }
    void keep() { m_made = false; }

private:
    std::string m_path;
    bool m_made;
};

base::Result<AnalysisResult> summarize(const case_file::Database& database) {
    AnalysisResult result;
    TRY_ASSIGN(case_file::Statement gaps, database.prepare("SELECT count(*) FROM coverage WHERE level = 'gap'"));
    TRY(gaps.step());
    result.gaps = gaps.integer(0) > 0;
    TRY_ASSIGN(const auto states, case_file::finding_states(database));
    TRY_ASSIGN(case_file::Statement findings, database.prepare("SELECT id, severity FROM finding"));
    for (;;) {
        TRY_ASSIGN(const bool row, findings.step());
        if (!row) break;
        const auto state = states.find(findings.text(0));
        if (state == states.end() || state->second.state == "dismissed") continue;
        ++result.findings;
        result.highest_severity = std::max(result.highest_severity, static_cast<int>(findings.integer(1)));
    }
    return result;
}

}  // namespace

base::Result<AnalysisResult> analyze(const AnalysisOptions& given, Progress& progress) {
    AnalysisOptions options = given;
    const bool exists = ::access(options.case_path.c_str(), F_OK) == 0;
    if (exists && !options.resume) return base::fail(base::Errc::usage, "the case " + options.case_path + " exists; go on with it by --resume, or choose another name");
    if (!exists && options.resume) return base::fail(base::Errc::usage, "there is no case " + options.case_path + " to resume");
    TRY(case_file::clock_rows(options.clock_offset.value_or(0), options.clock_source));
    TRY_ASSIGN(const base::Descriptor lock, lock_case(options.case_path));
    NewCase made(options.case_path, !exists);  // goes behind the database, ahead of the lock
    TRY_ASSIGN(const case_file::Database database, case_file::Database::open(options.case_path, case_file::Access::write));
    TRY(database.wait_for_disk(false));
    TRY_ASSIGN(const auto fixed, case_file::fixed_options(database));
    if (fixed) {
        TRY(case_file::require_schema(database));
        TRY(keep_to(*fixed, options));
        TRY(keep_to_evidence(database, options));
        TRY(keep_to_profile(database, options));
    }
    TRY_ASSIGN(OwnFiles own, OwnFiles::load(fixed ? &database : nullptr, options));

    const int jobs = std::clamp(options.jobs > 0 ? options.jobs : static_cast<int>(std::thread::hardware_concurrency()), 1, static_cast<int>(ipc::k_slots) - 1);
    ipc::PoolOptions pool_options;
    pool_options.evidence = options.evidence, pool_options.reduced_sandbox = options.reduced_sandbox, pool_options.marks = true;
    pool_options.ignore_journal = options.journal == case_file::JournalReading::ignore;
    pool_options.hang_seconds = options.hang_seconds, pool_options.rules = own.rules();
    auto started = ipc::Pool::start(pool_options, jobs + 1);
    if (!started) {
        const auto& error = started.error();
        return base::fail(error.code, error.code != base::Errc::interrupted ? error.what : error.what + (exists ? ": go on with --resume" : ": nothing was written; start the analysis again"));
    }
    const auto pool = *std::move(started);
    case_file::Writer writer(database);
    BatchRunner runner(*pool, writer, progress);
    runner.use_children(jobs);
    Session session{options, database, writer, *pool, runner, progress, jobs};

    std::vector<std::string> not_compared;
    if (fixed) {
        auto compared = compare_evidence(session);
        if (!compared && pool->killed_from_outside()) compared = base::fail(base::Errc::interrupted, compared.error().what + ": go on with --resume");
        if (!compared && compared.error().code == base::Errc::interrupted) {
            AnalysisResult stopped;
            stopped.begun = false, stopped.interrupted = true, stopped.message = compared.error().what;
            return stopped;
        }
        if (!compared) return tl::unexpected(compared.error());
        not_compared = *std::move(compared);
    }
    TRY_ASSIGN(const std::int64_t run, begin(database, options, own, jobs, fixed.has_value()));
    made.keep();
    TRY(note_not_compared(writer, database, not_compared));

    EvidenceWatch watch(session);
    TRY(watch.begin());
    auto opened = open_wave(session);
    if (opened) TRY(watch.add_files());
    auto done = opened ? waves(session, own) : opened;
    case_file::TableDigests digests;
    if (done) {
        case_file::SealAhead ahead(database, case_file::SealAhead::k_of_content);
        done = detect_wave(session, plugin::Wave::content, case_file::Standing::final);
        if (done) done = place_wave(session);
        if (done) done = index_events(session);
        if (done) digests = ahead.take();
        if (done && session.seal_of_walk) digests.merge(session.seal_of_walk->take());
    }
    if (!done && pool->killed_from_outside()) done = base::fail(base::Errc::interrupted, done.error().what + "; what was found until then is kept: go on with --resume");
    TRY(watch.end());
    AnalysisResult result;
    TRY_ASSIGN(result, summarize(database));
    result.notes = own.changes();
    if (!done) {
        result.message = done.error().what;
        if (done.error().code == base::Errc::interrupted) result.interrupted = true;
        else if (!opened && done.error().code == base::Errc::not_found) result.nothing_opened = true;
        else return tl::unexpected(done.error());
    }
    TRY(database.wait_for_disk(true));
    TRY_ASSIGN(case_file::Transaction last, case_file::Transaction::begin(database));
    TRY_ASSIGN(case_file::Statement finish, database.prepare("UPDATE run SET finished = ? WHERE id = ?"));
    finish.bind(1, case_file::now_rfc3339()).bind(2, run);
    TRY(finish.run());
    if (!result.interrupted) TRY(case_file::seal(database, case_file::SealOf::everything, digests));
    TRY_ASSIGN(const auto head, case_file::append_custody(database, case_file::current_actor(), result.interrupted ? "analysis.interrupted" : "analysis.finished", nlohmann::json{{"findings", result.findings}}.dump()));
    TRY(last.commit());
    result.custody_head = base::to_hex(base::ByteView(head));
    return result;
}

}  // namespace deadbox::engine
