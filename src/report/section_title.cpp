// The first page and the summary for people who are no experts.
#include <algorithm>

#include <fmt/format.h>

#include "report/sections.hpp"

namespace deadbox::report {
namespace {

constexpr std::size_t k_basis = 10;  // findings listed under the verdict; all stand below
constexpr std::size_t k_steps = 6;

std::string upper(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    return text;
}

std::string joined(const std::vector<std::string>& parts) {
    std::string text;
    for (const auto& part : parts) text += (text.empty() ? "" : ", ") + part;
    return text;
}

bool differs(const ReportEvidence& e) { return (e.acquisition && e.acquisition->matches == false) || e.expected_matches == false; }

// What stands about the evidence on the first page: which bytes, and whether they are the ones that were acquired.
Table evidence_table(const DocumentWriter& d) {
    Table table;
    table.columns = {{d.say("evidence"), 2}, {d.say("sha256_media"), 6.4}, {d.say("acquisition"), 2}};
    for (const auto& e : d.report().evidence) {
        Phrase name;
        for (const auto& file : e.files) name.line().code(file.name);
        name.line().say(fmt::format("{}, {}", e.format, size_text(e.media_size)), Tone::muted);
        Phrase digest;
        if (e.media_sha256.empty()) digest.say(d.say("not_computed"), Tone::muted);
        else digest.code(e.media_sha256);
        const bool stored = e.acquisition && (!e.acquisition->stored_md5.empty() || !e.acquisition->stored_sha1.empty() || !e.acquisition->stored_sha256.empty());
        const auto matches = stored ? e.acquisition->matches : e.expected_matches;
        const Phrase acquired = !stored && e.expected.empty() ? Phrase(d.say("none_stored"), Tone::muted)
                                : differs(e)                  ? Phrase(d.say("mismatch"), Tone::critical)
                                : matches                     ? Phrase(d.say("match"), Tone::strong)
                                                              : Phrase(d.say("not_compared"), Tone::muted);
        table.rows.push_back({std::move(name), std::move(digest), acquired});
    }
    return table;
}

void write_verdict(DocumentWriter& d) {
    const Verdict& v = d.report().verdict;
    d.open(Box::verdict, "verdict", tone_of_verdict(v.level), Phrase(d.texts().of("verdict.level." + v.level), tone_of_verdict(v.level)));
    d.paragraph(Phrase(v.summary));
    d.paragraph(Phrase(d.texts().of("summary." + v.level)));
    d.paragraph(Phrase(d.say("exposure") + " ").say(d.texts().of("exposure.answer." + d.report().exposure.answer) + ". ", Tone::strong).link("exposure", d.say("exposure_see")));
    d.close(Box::verdict);
}

void write_basis(DocumentWriter& d) {
    const Verdict& v = d.report().verdict;
    if (!v.basis.empty()) {
        d.heading(2, "basis", Phrase(d.say("basis")));
        std::size_t shown = 0;
        for (const auto& id : v.basis) {
            const auto* f = d.finding(id);
            if (f == nullptr) continue;
            if (shown++ == k_basis) {
                d.bullet(Phrase(d.say("more_below", {{"count", std::to_string(v.basis.size() - k_basis)}}), Tone::muted));
                break;
            }
            d.bullet(link_to(severity_phrase(d, f->severity).say(" "), *f));
        }
    }
    d.heading(2, "limits", Phrase(d.say("limits")));
    for (const auto& limit : v.limits) d.bullet(Phrase(limit));
}

}  // namespace

void write_title_page(DocumentWriter& d) {
    const Report& r = d.report();
    for (const auto& e : r.evidence)
        if (differs(e)) d.alarm(Phrase(d.say("mismatch_first", {{"file", e.files.empty() ? std::to_string(e.id) : e.files.front().name}})));
    if (!r.tlp.empty()) d.banner(Phrase("TLP:" + upper(r.tlp)));
    d.heading(0, "top", Phrase(d.say("title")));
    const CaseData& c = r.case_data;
    Terms terms(d);
    terms.text("number", c.number).text("description", c.description).text("examiner", c.examiner).text("organisation", c.organisation).text("authority", c.authority);
    if (!r.clock.is_right()) terms.text("clock_offset", clock_text(d));
    for (const auto& scope : c.scope) terms.code("scope", scope);
    for (const auto& exclude : c.exclude) terms.code("exclude", exclude);
    std::string machines;
    for (const auto& s : r.systems) machines += (machines.empty() ? "" : "; ") + (s.hostname.empty() ? d.texts().of("verdict.machine") : s.hostname) + (s.os.empty() ? "" : ", " + s.os);
    terms.text("systems", machines).text("analysed", r.run.finished.substr(0, 19) + (r.run.finished.empty() ? "" : "Z"));
    terms.text("verdict", d.texts().of("verdict.level." + r.verdict.level)).code("custody_head", r.run.custody_head);
    d.terms(terms.take());
    d.table(evidence_table(d));
}

void write_summary(DocumentWriter& d) {
    const Report& r = d.report();
    write_verdict(d);
    d.heading(2, "conclusion", Phrase(d.say("conclusion")));
    if (r.conclusion) {
        Phrase text;
        if (!r.conclusion->level.empty()) text.say(d.texts().of("verdict.level." + r.conclusion->level) + ". ", Tone::strong);
        d.paragraph(text.say(r.conclusion->text).line().say(fmt::format("{} {}", r.conclusion->by, r.conclusion->at), Tone::muted));
    } else d.paragraph(Phrase(d.say("no_conclusion"), Tone::muted));
    std::array<int, 5> count{};
    int dismissed = 0;
    std::vector<std::string> steps;
    for (const auto& f : r.findings) {
        if (f.state == "dismissed") {
            ++dismissed;
            continue;
        }
        ++count[static_cast<std::size_t>(f.severity)];
        if (f.severity >= plugin::Severity::high && !f.next_step.empty() && steps.size() < k_steps && std::find(steps.begin(), steps.end(), f.next_step) == steps.end()) steps.push_back(f.next_step);
    }
    const auto& exposure = r.exposure;
    if (!steps.empty() || exposure.credential_count > 0) {
        d.heading(2, "next-steps", Phrase(d.say("next_steps")));
        if (exposure.credential_count > 0) d.bullet(Phrase().link("exposure-credentials", d.say("change_credentials", {{"count", std::to_string(exposure.credential_count)}})));
        for (const auto& step : steps) d.bullet(Phrase(step));
    }
    write_basis(d);
    d.heading(2, "numbers", Phrase(d.say("numbers")));
    std::vector<std::string> parts;
    for (int severity = 4; severity >= 0; --severity)
        if (const int n = count[static_cast<std::size_t>(severity)]; n > 0) parts.push_back(fmt::format("{} {}", n, d.texts().of(fmt::format("severity.{}", name_of(static_cast<plugin::Severity>(severity))))));
    if (dismissed > 0) parts.push_back(fmt::format("{} {}", dismissed, d.texts().of("state.dismissed")));
    d.terms(Terms(d).text("findings", parts.empty() ? d.say("none") : joined(parts))
                .text("counts", d.say("counts_text", {{"files", std::to_string(r.counts.files)}, {"deleted", std::to_string(r.counts.deleted_files)}, {"events", std::to_string(r.counts.events)},
                                                      {"bytes", size_text(r.counts.bytes_hashed)}})).take());
}

}  // namespace deadbox::report
