#include "report/build.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <tuple>
#include <nlohmann/json.hpp>

#include <fmt/format.h>

#include "base/encoding.hpp"
#include "case/custody.hpp"
#include "case/view_timeline_index.hpp"
#include "report/communication.hpp"
#include "report/entities.hpp"
#include "report/exposure.hpp"
#include "report/findings.hpp"
#include "report/ledger.hpp"
#include "report/method.hpp"
#include "report/own_files.hpp"
#include "report/questions.hpp"
#include "report/redaction.hpp"
#include "report/remote_hosts.hpp"
#include "report/system_names.hpp"
#include "report/quoted_records.hpp"
#include "report/sources.hpp"
#include "report/spoken_name.hpp"
#include "report/verdict.hpp"
#include "report/visible.hpp"
#include "report/workstation_paths.hpp"

namespace deadbox::report {
namespace {

using case_file::Statement;
using case_file::View;

std::string lower(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

base::Result<RunInfo> run_info(const View& view) {
    RunInfo info;
    TRY_ASSIGN(const auto row, case_file::last_run(view));
    if (row) {
        info.version = row->version, info.started = row->started, info.finished = row->finished, info.jobs = row->jobs, info.whole = row->whole;
        info.command = parse_list(row->command), info.timeouts = parse_list(row->timeouts);
        for (const auto& text : parse_list(row->exits)) {
            std::int64_t number = 0;
            std::from_chars(text.data(), text.data() + text.size(), number);
            info.exit.push_back(number);
        }
    }
    TRY_ASSIGN(info.own_files, own_files_of(view));
    TRY_ASSIGN(const auto head, case_file::custody_head(view.database()));
    info.custody_head = base::to_hex(head);
    return info;
}

base::Result<CaseData> case_data(const View& view) {
    CaseData data;
    const auto take = [&](std::string_view key, std::string& into) -> base::Result<void> {
        TRY_ASSIGN(const auto value, view.meta(key));
        into = value.value_or("");
        return {};
    };
    TRY(take("case.number", data.number));
    TRY(take("case.examiner", data.examiner));
    TRY(take("case.organisation", data.organisation));
    TRY(take("case.authority", data.authority));
    TRY(take("case.description", data.description));
    std::string list;
    TRY(take("case.scope", list));
    data.scope = parse_list(list);
    TRY(take("case.exclude", list));
    data.exclude = parse_list(list);
    return data;
}

base::Result<std::vector<ReportEvidence>> report_evidence(const View& view) {
    std::vector<ReportEvidence> all;
    TRY_ASSIGN(const auto rows, case_file::evidence(view));
    TRY_ASSIGN(const auto volumes, case_file::volumes(view));
    TRY_ASSIGN(const auto paths, WorkstationPaths::load(view));
    for (const auto& row : rows) {
        ReportEvidence e;
        e.id = row.id, e.format = row.format, e.media_size = row.media_size;
        e.media_md5 = row.media_md5, e.media_sha1 = row.media_sha1, e.media_sha256 = row.media_sha256, e.error = row.error;
        for (const auto& file : row.files) e.files.push_back({file.name, file.sha256, file.size});
        e.name = e.files.empty() ? row.argument.substr(row.argument.rfind('/') + 1) : e.files.front().name;
        paths.shorten(e.error);
        e.acquisition = acquisition_of(row);
        e.expected = row.expected;
        if (!row.expected.empty()) e.expected_matches = equal_digest(row.expected, row);
        for (const auto& v : volumes) {
            if (v.evidence != row.id) continue;
            ReportVolume volume;
            volume.id = v.label_id, volume.filesystem = v.filesystem, volume.label = v.label, volume.uuid = v.uuid, volume.mount_point = v.mount_point;
            volume.journal = v.journal, volume.scheme = v.scheme, volume.type = v.type, volume.partition_name = v.partition_name;
            volume.start = v.start, volume.size = v.size, volume.system = v.system;
            if (!v.filesystem.empty()) volume.clean = v.clean;
            e.volumes.push_back(std::move(volume));
        }
        all.push_back(std::move(e));
    }
    return all;
}

// The last change of an inode's metadata on the system's volumes: the one time that only a wrong clock forges.
base::Result<Time> last_change(const View& view, std::int64_t system, const case_file::Clock& clock) {
    TRY_ASSIGN(Statement row, view.prepare("SELECT f.s, f.ns FROM file_time f WHERE f.what & 4 AND f.inode >> 44 IN (SELECT id FROM tree WHERE system = ?) ORDER BY f.s DESC, f.ns DESC LIMIT 1"));
    row.bind(1, system);
    TRY_ASSIGN(const bool found, row.step());
    if (!found) return Time();
    return Time(clock.corrected({row.integer(0), static_cast<std::uint32_t>(row.integer(1))}));
}

base::Result<std::vector<ReportSystem>> report_systems(const View& view, const case_file::Clock& clock, const Redactor& redactor, const SystemNames& names) {
    std::vector<ReportSystem> all;
    TRY_ASSIGN(const auto ids, case_file::systems(view));
    TRY_ASSIGN(const bool facts, view.has_table("system_fact"));
    for (const auto id : ids) {
        ReportSystem s;
        s.id = id, s.name = names.of(id);
        TRY_ASSIGN(s.os, case_file::system_fact(view, id, "os.pretty_name"));
        TRY_ASSIGN(s.hostname, case_file::system_fact(view, id, "host.name"));
        if (!s.hostname.empty()) s.spoken = spoken_host(s.hostname, redactor), s.is_host_name = is_host_name(s.hostname);
        s.os = redactor.text(s.os), s.hostname = redactor.text(s.hostname);
        TRY_ASSIGN(s.timezone, case_file::system_fact(view, id, "time.zone"));
        TRY_ASSIGN(s.machine_id, case_file::system_fact(view, id, "machine.id"));
        TRY_ASSIGN(s.kernel, case_file::system_fact(view, id, "kernel.version"));
        if (facts) {
            TRY_ASSIGN(Statement row, view.prepare("SELECT DISTINCT value FROM system_fact WHERE system = ? AND key = 'network.address' ORDER BY value"));
            row.bind(1, id);
            for (;;) {
                TRY_ASSIGN(const bool more, row.step());
                if (!more) break;
                s.addresses.emplace_back(row.text(0));
            }
        }
        TRY_ASSIGN(Statement root, view.prepare("SELECT min(i.b_s), i.b_ns FROM system s JOIN directory d ON d.tree = s.tree AND d.level = 0 JOIN inode i ON i.id = d.id WHERE s.id = ?"));
        root.bind(1, id);
        TRY_ASSIGN(const bool found, root.step());
        if (found && !root.is_null(0)) s.installed = clock.corrected({root.integer(0), static_cast<std::uint32_t>(root.integer(1))});
        TRY_ASSIGN(s.last_activity, last_change(view, id, clock));
        all.push_back(std::move(s));
    }
    return all;
}

base::Result<std::vector<Activity>> activity(const View& view) {
    std::vector<Activity> days;
    TRY_ASSIGN(const auto counts, case_file::hour_counts(view));
    for (const auto& c : counts) {
        const std::int64_t day = c.hour >= 0 ? c.hour / 24 : -((23 - c.hour) / 24);
        if (days.empty() || days.back().day != day) days.push_back({day, 0, 0});
        (c.kind == 0 ? days.back().files : days.back().events) += c.count;
    }
    return days;
}

std::vector<StoryEntry> story_of(const std::vector<ReportFinding>& findings) {
    std::vector<StoryEntry> story;
    for (const auto& f : findings)
        if (f.first_seen && !f.phase.empty() && f.state != "dismissed" && f.severity >= plugin::Severity::medium) story.push_back({f.first_seen, f.first_recorded, f.phase, f.title, {f.id}});
    std::stable_sort(story.begin(), story.end(), [](const auto& a, const auto& b) { return std::tie(a.time, a.findings) < std::tie(b.time, b.findings); });
    return story;
}

// The story of the correlation where there is one: its arguments name a text of that topic.
base::Result<std::vector<StoryEntry>> story(const View& view, const Texts& texts, const std::vector<ReportFinding>& findings, const case_file::Clock& clock, const SystemNames& systems, const Redactor& redactor) {
    std::vector<StoryEntry> told;
    TRY_ASSIGN(Statement row, view.prepare("SELECT s, ns, phase, arguments, findings FROM story ORDER BY s, ns, id"));
    std::map<std::string, const ReportFinding*> by_id;
    for (const auto& f : findings) by_id.emplace(f.id, &f);
    const auto system_of = [&](const StoryEntry& entry) {
        const auto first = entry.findings.empty() ? by_id.end() : by_id.find(entry.findings.front());
        return first == by_id.end() ? std::nullopt : first->second->system;
    };
    for (;;) {
        TRY_ASSIGN(const bool more, row.step());
        if (!more) break;
        StoryEntry entry;
        const base::Timestamp recorded{row.integer(0), static_cast<std::uint32_t>(row.integer(1))};
        entry.time = clock.corrected(recorded);
        if (!clock.is_right()) entry.recorded = recorded;
        entry.phase = row.text(2), entry.findings = parse_list(row.text(4));
        auto arguments = parse_arguments(row.text(3));
        const auto which = std::find_if(arguments.begin(), arguments.end(), [](const auto& argument) { return argument.first == "text"; });
        const std::string& sentence = which == arguments.end() ? std::string() : texts.find("correlation", "story." + which->second);
        for (auto& argument : arguments) argument.second = spoken_argument(argument.first, redactor.argument(clock.corrected_text(argument.second)));
        if (!sentence.empty()) entry.text = systems.before(system_of(entry), redactor.filled(fill(sentence, arguments)));
        const auto alive = [&](const std::string& id) { return by_id.contains(id) && by_id[id]->state != "dismissed"; };
        if (std::none_of(entry.findings.begin(), entry.findings.end(), alive)) continue;
        for (const auto& id : entry.findings)
            if (entry.text.empty() && alive(id)) entry.text = by_id[id]->title;
        told.push_back(std::move(entry));
    }
    return told.empty() ? story_of(findings) : told;
}

std::string listed(const std::vector<std::string>& parts, const Texts& texts) {
    std::string text;
    for (std::size_t i = 0; i < parts.size(); ++i) text += (i == 0 ? "" : i + 1 == parts.size() ? " " + texts.of("list.and") + " " : ", ") + parts[i];
    return text;
}

Verdict verdict(const Report& report, const Examined& examined, const Judgement& judgement, const Texts& texts) {
    Verdict v;
    v.level = name_of(judgement.level);
    for (const auto id : judgement.basis) v.basis.emplace_back(id);
    std::array<int, 5> count{}, dismissed{}, fallen{};
    std::vector<std::string> gravest, open;  // open: logins and data that left, of medium weight, that nobody has answered for
    std::set<std::optional<std::int64_t>> hit;  // systems that the basis is about
    Time first;
    for (const auto& f : report.findings) {
        ++(f.state != "dismissed" ? count : f.fallen ? fallen : dismissed)[static_cast<std::size_t>(f.severity)];
        if (f.state != "dismissed" && f.severity == plugin::Severity::medium && (f.question == "data_taken" || f.question == "entry") && open.size() < 3) open.push_back(shortened(f.title, k_title));
        if (f.state == "dismissed" || std::find(v.basis.begin(), v.basis.end(), f.id) == v.basis.end()) continue;
        hit.insert(f.system);
        if (gravest.size() < 3) gravest.push_back(shortened(f.title, k_title));
        if (f.first_seen && (!first || *f.first_seen < *first)) first = f.first_seen;
    }
    const auto counted = [&](const std::array<int, 5>& counts) {
        std::vector<std::string> by_severity;
        for (int severity = 4; severity >= 2; --severity)
            if (const int n = counts[static_cast<std::size_t>(severity)]; n > 0) by_severity.push_back(texts.of(fmt::format("verdict.count.{}", name_of(static_cast<plugin::Severity>(severity))), {{"count", std::to_string(n)}}));
        return listed(by_severity, texts);
    };
    std::vector<std::string> missing;
    // Without a system all else is missing too; that is not told one by one.
    if (!report.run.whole) missing.push_back(texts.of("decisive.unfinished"));
    else if (report.systems.empty()) missing.push_back(texts.of("decisive.system"));
    else
        for (const auto& key : examined.decisive_missing) missing.push_back(texts.of(key));
    if (std::any_of(examined.decisive_gaps.begin(), examined.decisive_gaps.end(), [](const auto& gap) { return gap.area != "system" && gap.area != "analysis"; })) missing.push_back(texts.of("decisive.gaps"));
    // Of several systems only those are accused that the basis names.
    const bool all_hit = hit.empty() || hit.contains(std::nullopt);
    std::vector<std::string> machines, others;
    for (const auto& s : report.systems) {
        const bool is_hit = all_hit || hit.contains(s.id);
        if (is_hit) v.systems.push_back(s.id);
        (is_hit ? machines : others).push_back(name_in_text(s, texts));
    }
    if (machines.empty()) machines.push_back(texts.of("verdict.machine"));
    const std::string set_aside = counted(dismissed);
    const Arguments arguments{{"machine", listed(machines, texts)}, {"others", listed(others, texts)}, {"counts", counted(count)}, {"dismissed", set_aside}, {"fallen", counted(fallen)}, {"gravest", listed(gravest, texts)}, {"open", listed(open, texts)}, {"missing", listed(missing, texts)}};
    const char* which = v.level != "no_indication" ? "" : !open.empty() ? "_open" : !set_aside.empty() ? "_left" : "";
    v.summary = texts.of("verdict.summary." + v.level + which, arguments);
    if (judgement.level <= VerdictLevel::undetermined && !open.empty()) v.summary += " " + texts.of("verdict.open", arguments);
    if (!others.empty()) v.summary += " " + texts.of("verdict.others", arguments);
    if (!set_aside.empty()) v.summary += " " + texts.of("verdict.dismissed", arguments);
    if (first) v.summary += " " + texts.of("verdict.first", {{"time", base::to_rfc3339(*first).substr(0, 19) + "Z"}});
    if (judgement.level >= VerdictLevel::suspicious && !missing.empty()) v.summary += " " + texts.of("verdict.also_missing", arguments);
    v.summary += " " + texts.of("verdict.not_seen");

    if (!set_aside.empty()) v.limits.push_back(texts.of("verdict.dismissed", arguments));
    v.limits.insert(v.limits.end(), {texts.of("limits.memory"), texts.of("limits.network")});
    for (const auto& what : missing) v.limits.push_back(texts.of("limits.missing", {{"what", what}}));
    std::map<std::tuple<std::string, std::string, std::string>, std::int64_t> merged;  // by the machine's name, the area, the reason
    const auto machine_of = [&](const CoverageRow& row) {
        const auto system = std::find_if(report.systems.begin(), report.systems.end(), [&](const auto& s) { return row.system == s.id; });
        return system == report.systems.end() || system->name.empty() ? std::string() : system->name + ": ";
    };
    for (const char* level : {"gap", "limit"}) {
        merged.clear();
        for (const auto& row : report.coverage)
            if (row.level == level) merged[{machine_of(row), row.area, row.reason}] += row.count;
        for (const auto& [what, n] : merged) {
            const auto& [machine, area, reason] = what;
            v.limits.push_back(machine + texts.of(std::string("limits.") + level, {{"area", texts.area(area)}, {"reason", texts.reason(reason)}, {"count", std::to_string(n)}}));
        }
    }
    return v;
}

}  // namespace

std::optional<bool> equal_digest(const std::string& wanted, const case_file::EvidenceRow& row) {
    const std::string value = lower(wanted);
    for (const std::string* have : {&row.media_sha256, &row.media_sha1, &row.media_md5})
        if (have->size() == value.size() && !value.empty()) return *have == value;
    // A file's own hash may be what was expected: of an E01, say.
    if (row.files.size() == 1 && row.files[0].sha256.size() == value.size()) return row.files[0].sha256 == value;
    return std::nullopt;
}

std::optional<Acquisition> acquisition_of(const case_file::EvidenceRow& row) {
    const auto json = nlohmann::json::parse(row.acquisition, nullptr, false);
    if (!json.is_object()) return std::nullopt;
    const auto text = [&](const char* key) {
        const auto found = json.find(key);
        return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
    };
    Acquisition a;
    a.tool = text("tool"), a.date = text("date"), a.examiner = text("examiner"), a.serial = text("serial");
    a.case_number = text("case_number"), a.evidence_number = text("evidence_number"), a.description = text("description"), a.notes = text("notes");
    a.stored_md5 = text("stored_md5"), a.stored_sha1 = text("stored_sha1"), a.stored_sha256 = text("stored_sha256");
    if (const auto ranges = json.find("bad_ranges"); ranges != json.end() && ranges->is_array())
        for (const auto& range : *ranges) a.bad_ranges.push_back(range.dump());
    for (const std::string* stored : {&a.stored_md5, &a.stored_sha1, &a.stored_sha256}) {
        if (stored->empty()) continue;
        const auto equal = equal_digest(*stored, row);
        if (equal) a.matches = a.matches.value_or(true) && *equal;  // one that differs is enough
    }
    return a;
}

base::Result<std::optional<Conclusion>> load_conclusion(const View& view) {
    TRY_ASSIGN(const auto text, view.meta("case.conclusion"));
    const auto json = nlohmann::json::parse(text.value_or(""), nullptr, false);
    if (!json.is_object()) return std::nullopt;
    Conclusion c;
    for (const auto& [key, value] : parse_arguments(*text)) {
        if (key == "level") c.level = value;
        else if (key == "text") c.text = value;
        else if (key == "by") c.by = value;
        else if (key == "at") c.at = value;
    }
    return std::optional(std::move(c));
}

base::Result<Counts> load_counts(const View& view) {
    Counts c;
    const auto number = [&](const char* sql, std::int64_t& into) -> base::Result<void> {
        TRY_ASSIGN(Statement s, view.prepare(sql));
        TRY(s.step());
        into = s.integer(0);
        return {};
    };
    TRY(number("SELECT count(*) FROM name WHERE allocated = 1", c.files));
    std::int64_t nameless = 0;
    TRY(number("SELECT count(*) FROM name WHERE allocated = 0", c.deleted_files));
    TRY(number("SELECT count(*) FROM inode i WHERE i.allocated = 0 AND ifnull(i.parent, 0) = 0", nameless));
    c.deleted_files += nameless;
    TRY(number("SELECT ifnull(sum(count), 0) FROM event_hour WHERE kind <> 0", c.events));
    TRY(number("SELECT ifnull(sum(i.size), 0) FROM content c JOIN inode i ON i.id = c.inode WHERE c.sha256 IS NOT NULL", c.bytes_hashed));
    return c;
}

base::Result<std::vector<NoteEntry>> load_notes(const View& view) {
    std::vector<NoteEntry> all;
    TRY_ASSIGN(const auto written, case_file::notes(view.database()));
    for (const auto& note : written) all.push_back(note_entry(note));
    return all;
}

base::Result<Report> build_report(const View& view, const Texts& texts, const BuildOptions& options) {
    TRY_ASSIGN(const case_file::Snapshot snapshot, case_file::Snapshot::begin(view));
    Report report;
    report.language = texts.language(), report.tlp = options.tlp, report.redact = options.redact;
    TRY_ASSIGN(const Redactor redactor, Redactor::load(view, options.redact));
    TRY_ASSIGN(const SystemNames system_names, SystemNames::load(view, redactor));
    TRY_ASSIGN(report.run, run_info(view));
    TRY_ASSIGN(report.case_data, case_data(view));
    TRY_ASSIGN(report.evidence, report_evidence(view));
    TRY_ASSIGN(report.clock, case_file::clock_of(view));
    TRY_ASSIGN(report.systems, report_systems(view, report.clock, redactor, system_names));
    FindingFilter filter;
    filter.items = options.items;
    TRY_ASSIGN(report.findings, load_findings(view, texts, redactor, system_names, filter));
    if (options.extent == Extent::whole) TRY(quote_records(view, texts, redactor, report.findings));
    TRY_ASSIGN(report.coverage, load_coverage(view));
    redactor.coverage(report.coverage);
    TRY_ASSIGN(report.notes, load_notes(view));
    report.communication = communication_plan(report.notes, texts);
    TRY_ASSIGN(report.conclusion, load_conclusion(view));
    TRY_ASSIGN(report.activity, activity(view));
    if (options.extent == Extent::whole) {
        TRY_ASSIGN(report.counts, load_counts(view));
        TRY_ASSIGN(report.method, method_of(view, report));
        TRY_ASSIGN(report.accounts, accounts_with_a_shell(view));
        for (auto& account : report.accounts) account.user = redactor.text(account.user), account.home = redactor.name(account.home), account.shell = redactor.name(account.shell);
        TRY_ASSIGN(report.remote_hosts, remote_hosts(view, report.findings));
        report.entities = entities_of(report);
        TRY(case_file::custody_entries(view.database(), [&](const case_file::CustodyEntry& entry) {
            report.custody.push_back({entry.at, entry.actor, entry.action, entry.details, base::to_hex(entry.previous), base::to_hex(entry.hash)});
            return base::Next::go_on;
        }));
    }
    redactor.written(report);
    TRY_ASSIGN(const auto ids, case_file::systems(view));
    TRY_ASSIGN(const Examined examined, examined_sources(view, report.coverage, ids));
    std::vector<Weight> weights;
    for (const auto& f : report.findings) weights.push_back({f.id, f.rule, f.severity, f.confidence, f.state == "dismissed"});
    const Judgement judgement = judge(weights, !ids.empty(), !examined.decisive_missing.empty() || !examined.decisive_gaps.empty());
    report.verdict = verdict(report, examined, judgement, texts);
    TRY_ASSIGN(report.exposure, build_exposure(view, report.findings, report.coverage, texts, redactor, system_names));
    report.questions = answer_questions(report.findings, examined, judgement, report.exposure, texts);
    TRY_ASSIGN(report.story, story(view, texts, report.findings, report.clock, system_names, redactor));
    return report;
}

}  // namespace deadbox::report
