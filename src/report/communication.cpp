#include "report/communication.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/encoding.hpp"
#include "base/resources.hpp"
#include "report/alarms.hpp"
#include "report/indicators.hpp"
#include "report/spoken_name.hpp"
#include "report/system_names.hpp"
#include "report/tlp.hpp"
#include "report/visible.hpp"

namespace deadbox::report {
namespace {

constexpr std::size_t k_listed = 12;  // findings or indicators in a letter; the report has all

std::string findings_of(const std::vector<const ReportFinding*>& told, const Texts& texts) {
    std::string text;
    for (std::size_t i = 0; i < told.size() && i < k_listed; ++i)
        text += fmt::format("  - {}{}\n", visible(told[i]->title), told[i]->first_seen ? " (" + base::to_rfc3339(*told[i]->first_seen).substr(0, 19) + "Z)" : "");
    if (told.size() > k_listed) text += "  - " + fill(texts.find("communication", "more"), {{"count", std::to_string(told.size())}}) + "\n";
    return text;
}

// What another machine can be searched for.
std::string indicators_of(const Report& report, const std::vector<const ReportFinding*>& told, const Texts& texts) {
    std::vector<std::string> lines;
    std::set<std::string> seen;
    for (const auto* finding : told)
        for (const auto& item : finding->items)
            if (is_planted(*finding, item) && item.path && seen.insert(item.sha256).second) lines.push_back(fmt::format("  sha256  {}  {}\n", item.sha256, visible(*item.path)));
    std::size_t first = 0;  // addresses before files: they are few
    for (const auto& host : report.remote_hosts)
        if (host.hostile)
            lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(first++), fmt::format("  {}  {}\n", texts.find("communication", host.kind == "domain" ? "indicator.domain" : "indicator.address"), visible(host.value)));
    std::string text;
    for (std::size_t i = 0; i < lines.size() && i < k_listed; ++i) text += lines[i];
    if (lines.size() > k_listed) text += "  " + fill(texts.find("communication", "more"), {{"count", std::to_string(lines.size())}}) + "\n";
    return text;
}

std::string evidence_of(const Report& report) {
    std::string text;
    for (const auto& one : report.evidence)
        text += fmt::format("  {}  {}  sha256 {}\n", one.files.empty() ? "?" : visible(one.files.front().name), one.format, one.media_sha256.empty() ? "?" : one.media_sha256);
    return text;
}

std::string answer_of(const Report& report, const Texts& texts, std::string_view id) {
    for (const auto& question : report.questions)
        if (question.id == id) return texts.of("answer." + question.answer);
    return {};
}

// The answer as the report has it, with what stands beside one that is neither yes nor no; it stands inside of a sentence.
std::string data_taken_of(const Report& report, const Texts& texts) {
    const auto& e = report.exposure;
    std::string text = texts.of("exposure.answer." + e.answer) + (e.findings.empty() && !e.given.empty() ? ". " + texts.of("exposure.given") : std::string());
    if (text.ends_with('.')) text.pop_back();
    return text;
}

// What was not given stands as a place to fill in.
std::string or_placeholder(const std::string& value, const Texts& texts, const char* key) { return value.empty() ? texts.find("communication", std::string("placeholder.") + key) : visible(value); }

// Text of the evidence ends up in a letter that is sent: no line ends or hidden characters in it.
Arguments arguments_of(const Report& report, const Texts& texts, std::string_view audience) {
    const auto told = told_findings(report);
    const auto words = [&](std::string_view key) { return texts.find("communication", key); };
    std::string machines, systems;
    for (const auto& system : report.systems) {
        if (std::find(report.verdict.systems.begin(), report.verdict.systems.end(), system.id) == report.verdict.systems.end()) continue;
        machines += (machines.empty() ? "" : ", ") + (system.name.empty() && system.hostname.empty() ? words("nothing.machine") : visible(name_in_text(system, texts)));
        systems += (systems.empty() ? "" : ", ") + spoken_line(system.os);
    }
    Time first;
    for (const auto* finding : told)
        if (finding->first_seen && (!first || *finding->first_seen < *first)) first = finding->first_seen;
    const auto& c = report.case_data;
    const auto& level = report.verdict.level;
    const Arguments of_verdict{{"machine", machines.empty() ? words("nothing.machine") : machines}, {"verdict", texts.of("verdict.level." + level)}};
    const auto findings = findings_of(told, texts), indicators = indicators_of(report, told, texts);
    return {{"machine", of_verdict[0].second},
            {"draft", fill(words("draft." + level), of_verdict)},
            {"subject", fill(words(fmt::format("subject.{}.{}", audience, level)), of_verdict)},
            {"opening", words("opening." + level)},
            {"system", systems.empty() ? words("nothing.system") : systems},
            {"number", visible(c.number)},
            {"examiner", or_placeholder(c.examiner, texts, "examiner")},
            {"organisation", or_placeholder(c.organisation, texts, "organisation")},
            {"authority", or_placeholder(c.authority, texts, "authority")},
            {"verdict", of_verdict[1].second},
            {"summary", visible(report.verdict.summary)},
            {"conclusion", report.conclusion ? visible(report.conclusion->text) : ""},
            {"first", first && !report.verdict.basis.empty() ? base::to_rfc3339(*first).substr(0, 19) + "Z" : ""},
            {"data_taken", data_taken_of(report, texts)},
            {"other_hosts", answer_of(report, texts, "other_hosts")},
            {"restore", answer_of(report, texts, "restore")},
            {"findings", findings.empty() ? words("nothing.findings") : findings},
            {"indicators", indicators.empty() && audience == "cert" ? words("nothing.indicators") : indicators},
            {"evidence", evidence_of(report)},
            {"custody_head", report.run.custody_head}};
}

}  // namespace

const std::vector<std::string>& audiences() {
    static const std::vector<std::string> k_audiences = {"management", "legal", "police", "cert", "customers"};
    return k_audiences;
}

std::string contract_time(const std::string& text) {
    const auto time = base::from_rfc3339(text);
    return time ? base::to_rfc3339(*time) : text;
}

NoteEntry note_entry(const case_file::Note& n) { return {n.number, n.written, n.at, n.kind, n.who, n.permitted_by, n.finding, n.text, n.audience, n.corrects}; }

void write_note(JsonWriter& json, const NoteEntry& n, std::string_view tlp) {
    json.begin_object().member("number", n.number).member("written", contract_time(n.written)).member("at", contract_time(n.at)).member("kind", n.kind).member("who", n.who).member_or_null("permitted_by", n.permitted_by);
    json.member_or_null("finding", n.finding).member("text", n.text).member_or_null("audience", n.audience).member("corrects", n.corrects);
    if (!tlp.empty()) json.member("tlp", tlp);
    json.end_object();
}

std::vector<CommunicationEntry> communication_plan(const std::vector<NoteEntry>& notes, const Texts& texts) {
    std::set<std::int64_t> corrected;
    for (const auto& note : notes)
        if (note.corrects) corrected.insert(*note.corrects);
    std::vector<CommunicationEntry> plan;
    for (const auto& audience : audiences()) {
        const auto text = [&](const char* part) { return texts.find("communication", audience + part); };
        CommunicationEntry entry{audience, text(".title"), text(".tell"), text(".when"), {}};
        for (const auto& note : notes)
            if (note.kind == "communication" && note.audience == audience && !corrected.contains(note.number)) entry.notes.push_back(note.number);
        plan.push_back(std::move(entry));
    }
    return plan;
}

base::Result<std::string> communication_letter(const Report& report, const Texts& texts, std::string_view audience) {
    const auto& known = audiences();
    if (std::find(known.begin(), known.end(), audience) == known.end()) return base::fail(base::Errc::usage, fmt::format("there is no letter to {}; known: {}", audience, fmt::join(known, ", ")));
    TRY_ASSIGN(const auto folder, base::resources_folder());
    const auto path = [&](std::string_view language) { return fmt::format("{}/communication/{}.{}.txt", folder, audience, language); };
    auto text = base::read_resource(path(texts.language()));
    if (!text) text = base::read_resource(path("en"));
    if (!text) return tl::unexpected(text.error());
    std::string letter = report.tlp.empty() ? std::string() : tlp_label(report.tlp) + "\n";
    for (const auto& alarm : alarms(report, texts)) letter += visible(alarm) + '\n';
    if (!letter.empty()) letter += '\n';
    return letter + fill(*text, arguments_of(report, texts, audience));
}

}  // namespace deadbox::report
