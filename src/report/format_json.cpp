// report.json, as CONTRACT says; resources/schema/report.json describes it.
#include <fmt/format.h>

#include "report/exposure.hpp"
#include "report/communication.hpp"
#include "report/findings.hpp"
#include "report/format.hpp"
#include "report/json_writer.hpp"

namespace deadbox::report {
namespace {

void write_run(JsonWriter& json, const RunInfo& run) {
    json.key("run").begin_object().member("tool", "deadbox").member("version", run.version).member("command", run.command);
    json.member_or_null("started", contract_time(run.started)).member_or_null("finished", contract_time(run.finished)).member("jobs", run.jobs).key("exit").begin_array();
    for (const auto status : run.exit) json.value(status);
    json.end_array().member("timeouts", run.timeouts).key("own_files").begin_array();
    for (const auto& file : run.own_files) {
        json.begin_object().member("kind", file.kind).member("name", file.name).member("file", file.file).key("as").text_or_null(file.as);
        json.member("entries", file.entries).member("sha256", file.sha256).end_object();
    }
    json.end_array().member("custody_head", run.custody_head).end_object();
}

void write_case(JsonWriter& json, const CaseData& data) {
    json.key("case").begin_object().member_or_null("number", data.number).member_or_null("examiner", data.examiner).member_or_null("organisation", data.organisation);
    json.member_or_null("authority", data.authority).member_or_null("description", data.description).member("scope", data.scope).member("exclude", data.exclude).end_object();
}

void write_volume(JsonWriter& json, const ReportVolume& v) {
    json.begin_object().member("id", v.id).member("start", v.start).member("size", v.size).member_or_null("filesystem", v.filesystem).member_or_null("label", v.label);
    json.member_or_null("uuid", v.uuid).member("system", v.system).member_or_null("mount_point", v.mount_point).member("clean", v.clean).member_or_null("journal", v.journal);
    json.member_or_null("scheme", v.scheme).member_or_null("type", v.type).member_or_null("partition_name", v.partition_name).end_object();
}

void write_evidence(JsonWriter& json, const ReportEvidence& e) {
    json.begin_object().member("id", e.id).member("format", e.format).member("media_size", e.media_size).key("files").begin_array();
    for (const auto& f : e.files) json.begin_object().bytes_member("name", f.name).member("size", f.size).member_or_null("sha256", f.sha256).end_object();
    json.end_array().key("media").begin_object().member_or_null("sha256", e.media_sha256).member_or_null("sha1", e.media_sha1).member_or_null("md5", e.media_md5).end_object();
    json.key("acquisition");
    if (e.acquisition) {
        const auto& a = *e.acquisition;
        json.begin_object().member_or_null("tool", a.tool).member_or_null("date", a.date).member_or_null("examiner", a.examiner).member_or_null("serial", a.serial);
        json.member_or_null("case_number", a.case_number).member_or_null("evidence_number", a.evidence_number).member_or_null("description", a.description).member_or_null("notes", a.notes);
        json.member_or_null("stored_md5", a.stored_md5).member_or_null("stored_sha1", a.stored_sha1).member_or_null("stored_sha256", a.stored_sha256).member("matches", a.matches);
        json.key("bad_ranges").begin_array();
        for (const auto& range : a.bad_ranges) json.raw(range);
        json.end_array().end_object();
    } else json.null();
    json.key("expected");
    if (e.expected.empty()) json.null();
    else json.begin_object().member("value", e.expected).member("matches", e.expected_matches).end_object();
    if (!e.error.empty()) json.member("error", e.error);
    json.key("volumes").begin_array();
    for (const auto& v : e.volumes) write_volume(json, v);
    json.end_array().end_object();
}

void write_system(JsonWriter& json, const ReportSystem& s, const case_file::Clock& clock) {
    json.begin_object().member("id", s.id).member_or_null("hostname", s.hostname).member_or_null("os", s.os).member_or_null("kernel", s.kernel).member_or_null("timezone", s.timezone);
    json.member_or_null("machine_id", s.machine_id).member("installed", s.installed).member("last_activity", s.last_activity).member("addresses", s.addresses);
    json.key("clock").begin_object().member("offset", clock.offset).member_or_null("source", clock.source).end_object().end_object();
}

void write_question(JsonWriter& json, const Question& q) {
    json.begin_object().member("id", q.id).member("question", q.question).member("answer", q.answer).member("findings", q.findings).member("examined", q.examined);
    json.key("period").begin_object().member("from", q.from).member("to", q.to).end_object().member("limits", q.limits).end_object();
}

}  // namespace

base::Result<void> write_json(const FormatInput& input, OutputFile& out) {
    const Report& r = input.report;
    std::string text;
    JsonWriter json(text, JsonWriter::Layout::indented);
    const auto pour = [&] {
        out.write(text);
        text.clear();
    };
    json.begin_object().member("schema", "deadbox.report/1");
    write_run(json, r.run);
    write_case(json, r.case_data);
    json.member("language", r.language).member("redacted", r.redact == Redact::none ? "none" : r.redact == Redact::secrets ? "secrets" : "persons").member_or_null("tlp", r.tlp);
    json.key("evidence").begin_array();
    for (const auto& e : r.evidence) write_evidence(json, e);
    json.end_array().key("systems").begin_array();
    for (const auto& s : r.systems) write_system(json, s, r.clock);
    json.end_array().key("verdict").begin_object().member("level", r.verdict.level).member("summary", r.verdict.summary).member("basis", r.verdict.basis);
    json.member("limits", r.verdict.limits).end_object().key("conclusion");
    if (r.conclusion) {
        const auto& c = *r.conclusion;
        json.begin_object().member_or_null("level", c.level).member("text", c.text).member_or_null("by", c.by).member_or_null("at", contract_time(c.at)).end_object();
    } else json.null();
    json.key("questions").begin_array();
    for (const auto& q : r.questions) write_question(json, q);
    json.end_array().key("exposure");
    write_exposure(json, r.exposure);
    json.key("story").begin_array();
    for (const auto& s : r.story) {
        json.begin_object().member("time", s.time);
        if (s.recorded) json.member("time_recorded", s.recorded);
        json.member("phase", s.phase).member("text", s.text).member("findings", s.findings).end_object();
    }
    json.end_array().key("findings").begin_array();
    for (const auto& f : r.findings) {
        write_finding(json, f);
        pour();
    }
    json.end_array().key("coverage").begin_array();
    for (const auto& c : r.coverage) {
        json.begin_object().member("level", c.level).member("area", c.area).member("reason", c.reason).bytes_member("path", c.path).member("count", c.count);
        json.member("examples", c.examples).end_object();
        pour();
    }
    json.end_array().key("notes").begin_array();
    for (const auto& n : r.notes) write_note(json, n);
    json.end_array().key("communication").begin_array();
    for (const auto& c : r.communication) {
        json.begin_object().member("audience", c.audience).member("title", c.title).member("tell", c.tell).member("when", c.when).key("notes").begin_array();
        for (const auto number : c.notes) json.value(number);
        json.end_array().end_object();
    }
    json.end_array().key("counts").begin_object().member("files", r.counts.files).member("deleted_files", r.counts.deleted_files).member("events", r.counts.events);
    json.member("bytes_hashed", r.counts.bytes_hashed).end_object().end_object();
    text += '\n';
    pour();
    return {};
}

}  // namespace deadbox::report
