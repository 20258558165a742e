#include "engine/analysis.hpp"

#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/encoding.hpp"
#include "case/custody.hpp"
#include "case/schema.hpp"
#include "case/seal.hpp"
#include "case/view_clock.hpp"
#include "engine/case_lock.hpp"
#include "engine/evidence_watch.hpp"
#include "engine/waves.hpp"

namespace deadbox::engine {
namespace {

std::string options_json(const AnalysisOptions& o) {
    return nlohmann::json{{"profile", o.profile == Profile::full ? "full" : "triage"}, {"journal", o.ignore_journal ? "ignore" : "replay"}, {"time_zone", o.time_zone},
                          {"clock_offset", o.clock_offset ? nlohmann::json(*o.clock_offset) : nlohmann::json()}, {"scope", o.scope}, {"exclude", o.exclude}}.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

base::Result<void> set_meta(const case_file::Database& database, std::string_view key, std::string_view value) {
    TRY_ASSIGN(case_file::Statement set, database.prepare("INSERT OR REPLACE INTO meta VALUES(?, ?)"));
    set.bind(1, key).bind(2, value);
    return set.run();
}

// Did an analysis of this case ever begin? The file may be there without: the power went before its first commit.
base::Result<bool> has_run(const case_file::Database& database) {
    TRY_ASSIGN(case_file::Statement run, database.prepare("SELECT 1 FROM run LIMIT 1"));
    return run.step();
}

// Everything that parsers and detectors made, when topics changed between runs: it is made anew.
base::Result<void> drop_changed(const case_file::Database& database, const std::vector<std::string>& topics, bool fresh) {
    if (fresh || topics.empty()) return {};
    return database.execute("DELETE FROM batch_rows WHERE batch IN (SELECT id FROM batch WHERE wave NOT IN ('open', 'walk', 'media')); "
                            "DELETE FROM batch WHERE wave NOT IN ('open', 'walk', 'media'); DELETE FROM event; DELETE FROM content; DELETE FROM request; DELETE FROM kept; "
                            "DELETE FROM event_hour WHERE kind != 0; DELETE FROM coverage WHERE wave NOT IN ('open', 'walk', 'media', 'watch');");
}

// A row that says what this run is; the same on every resume.
base::Result<std::int64_t> begin_run(const case_file::Database& database, const AnalysisOptions& options, int jobs) {
    TRY_ASSIGN(case_file::Statement add, database.prepare("INSERT INTO run(version, command, options, started, jobs) VALUES(?, ?, ?, ?, ?)"));
    add.bind(1, options.version).bind(2, nlohmann::json(options.command).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)).bind(3, options_json(options));
    add.bind(4, case_file::now_rfc3339()).bind(5, std::int64_t{jobs});
    TRY(add.run());
    const auto id = database.last_row_id();
    TRY(case_file::append_custody(database, case_file::current_actor(), options.resume ? "analysis.resumed" : "analysis.started",
                                  nlohmann::json{{"version", options.version}, {"options", nlohmann::json::parse(options_json(options))}, {"jobs", jobs}}.dump()));
    return id;
}

base::Result<void> waves(Session& session) {
    TRY(walk_wave(session));
    TRY(configure_wave(session));
    TRY(detect_wave(session, plugin::Wave::configure, case_file::Standing::final));
    TRY(start_media_digests(session));
    TRY(content_wave(session));
    return finish_media_digests(session);
}

base::Result<AnalysisResult> summarize(const case_file::Database& database) {
    AnalysisResult result;
    TRY_ASSIGN(case_file::Statement gaps, database.prepare("SELECT count(*) FROM coverage WHERE level = 'gap'"));
    TRY(gaps.step());
    result.gaps = gaps.integer(0) > 0;
    TRY_ASSIGN(case_file::Statement findings, database.prepare(
        "SELECT count(*), coalesce(max(severity), -1) FROM finding f WHERE coalesce((SELECT state FROM mark m WHERE m.finding = f.id AND m.state IS NOT NULL ORDER BY m.id DESC LIMIT 1), 'open') != 'dismissed'"));
    TRY(findings.step());
    result.findings = findings.integer(0);
    result.highest_severity = static_cast<int>(findings.integer(1));
    return result;
}

}  // namespace

base::Result<AnalysisResult> analyze(const AnalysisOptions& options, Progress& progress) {
    const bool exists = ::access(options.case_path.c_str(), F_OK) == 0;
    if (exists && !options.resume) return base::fail(base::Errc::usage, "the case " + options.case_path + " exists; go on with it by --resume, or choose another name");
    if (!exists && options.resume) return base::fail(base::Errc::usage, "there is no case " + options.case_path + " to resume");
    TRY_ASSIGN(const auto clock, case_file::clock_rows(options.clock_offset.value_or(0), options.clock_source));
    TRY_ASSIGN(const base::Descriptor lock, lock_case(options.case_path));
    TRY_ASSIGN(const case_file::Database database, case_file::Database::open(options.case_path, case_file::Access::write));
    TRY(database.wait_for_disk(false));
    TRY(case_file::prepare_schema(database));
    TRY_ASSIGN(const auto changed, case_file::prepare_topics(database));
    TRY(drop_changed(database, changed, !exists));
    TRY_ASSIGN(const bool begun, has_run(database));

    const int jobs = std::clamp(options.jobs > 0 ? options.jobs : static_cast<int>(std::thread::hardware_concurrency()), 1, static_cast<int>(ipc::k_slots) - 1);
    TRY_ASSIGN(case_file::Transaction first, case_file::Transaction::begin(database));
    TRY_ASSIGN(const std::int64_t run, begin_run(database, options, jobs));
    for (const auto& [key, value] : options.case_data) TRY(set_meta(database, "case." + key, value));
    TRY(set_meta(database, "case.scope", nlohmann::json(options.scope).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)));
    TRY(set_meta(database, "case.exclude", nlohmann::json(options.exclude).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)));
    for (const auto& [key, value] : clock)
        if (options.clock_offset || !begun) TRY(set_meta(database, key, value));
    if (!options.time_zone.empty() || !begun) TRY(set_meta(database, "time_zone", options.time_zone));
    TRY(first.commit());

    ipc::PoolOptions pool_options;
    pool_options.evidence = options.evidence, pool_options.ignore_journal = options.ignore_journal, pool_options.reduced_sandbox = options.reduced_sandbox;
    pool_options.hang_seconds = options.hang_seconds;
    TRY_ASSIGN(const auto pool, ipc::Pool::start(pool_options, jobs + 1));
    case_file::Writer writer(database);
    BatchRunner runner(*pool, writer, progress);
    runner.use_children(jobs);
    Session session{options, database, writer, *pool, runner, progress, jobs};

    EvidenceWatch watch(session);
    TRY(watch.begin());
    auto opened = open_wave(session);
    if (opened) TRY(watch.add_files());
    auto done = opened ? waves(session) : opened;
    case_file::TableDigests digests;
    if (done) {
        case_file::SealAhead ahead(database);
        done = detect_wave(session, plugin::Wave::content, case_file::Standing::final);
        if (done) done = place_wave(session);
        if (done) digests = ahead.take();
    }
    TRY(watch.end());
    AnalysisResult result;
    TRY_ASSIGN(result, summarize(database));
    if (!done) {
        result.message = done.error().what;
        if (done.error().code == base::Errc::interrupted) result.interrupted = true;
        else if (!opened && done.error().code == base::Errc::not_found) result.nothing_opened = true;
        else return tl::unexpected(done.error());
    }
    if (done) TRY(case_file::index_for_reading(database));
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
