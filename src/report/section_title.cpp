// The first page and the summary for people who are no experts.
#include <algorithm>

#include <fmt/format.h>

#include "report/alarms.hpp"
#include "report/sections.hpp"
#include "report/spoken_name.hpp"
#include "report/system_names.hpp"

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

// What stands about the evidence on the first page: which bytes, and whether they are the ones that were acquired.
Table evidence_table(const DocumentWriter& d) {
    Table table;
    table.columns = {{d.say("evidence"), 2}, {d.say("sha256_media"), 6.4}, {d.say("acquisition"), 2}};
    for (const auto& e : d.report().evidence) {
        Phrase name;
        for (const auto& file : e.files) name.line().code(file.name);
        if (e.files.empty()) name.line().code(e.name);
        if (!e.format.empty()) name.line().say(fmt::format("{}, {}", e.format, size_text(e.media_size, d.texts())), Tone::muted);
        if (!e.error.empty()) name.line().say(d.say("not_opened"), Tone::critical);
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
    const auto& exposure = d.report().exposure;
    Phrase taken(d.say("exposure") + " ");
    taken.say(d.texts().of("exposure.answer." + exposure.answer) + ". ", Tone::strong);
    if (exposure.findings.empty() && !exposure.given.empty()) taken.say(d.texts().of("exposure.given") + " ");
    d.paragraph(std::move(taken.link("exposure", d.say("exposure_see"))));
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
    for (const auto& alarm : alarms(r, d.texts())) d.alarm(Phrase(alarm));
    if (!r.tlp.empty()) d.banner(Phrase("TLP:" + upper(r.tlp)));
    d.heading(0, "top", Phrase(d.say("title")));
    const CaseData& c = r.case_data;
    Terms terms(d);
    // What a court asks for is named where it was not given.
    const auto asked = [&](std::string_view key, const std::string& value) { terms.add(key, value.empty() ? Phrase(d.say("not_given"), Tone::muted) : Phrase(value)); };
    asked("number", c.number);
    terms.text("description", c.description);
    asked("examiner", c.examiner);
    terms.text("organisation", c.organisation);
    asked("authority", c.authority);
    if (!r.clock.is_right()) terms.text("clock_offset", clock_text(d));
    for (const auto& scope : c.scope) terms.code("scope", scope);
    for (const auto& exclude : c.exclude) terms.code("exclude", exclude);
    std::string machines;
    for (const auto& s : r.systems) machines += (machines.empty() ? "" : "; ") + name_in_text(s, d.texts()) + (s.os.empty() ? "" : ", " + spoken_line(s.os));
    terms.text("systems", machines).text("analysed", r.run.whole ? r.run.finished.substr(0, 19) + "Z" : "");
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
        // The examiner may know more than the program, or less of it: whoever reads both is told that they differ.
        if (!r.conclusion->level.empty() && r.conclusion->level != r.verdict.level) text.say(d.say("conclusion_differs", {{"verdict", d.texts().of("verdict.level." + r.verdict.level)}}) + " ", Tone::muted);
        d.paragraph(text.say(r.conclusion->text).line().say(fmt::format("{} {}", r.conclusion->by, r.conclusion->at), Tone::muted));
    } else d.paragraph(Phrase(d.say("no_conclusion"), Tone::muted));
    std::array<int, 5> count{};
    int dismissed = 0;
    std::vector<const ReportFinding*> steps;  // each step once on a machine, of the gravest finding that asks for it
    for (const auto& f : r.findings) {
        if (f.state == "dismissed") {
            ++dismissed;
            continue;
        }
        ++count[static_cast<std::size_t>(f.severity)];
        if (f.severity >= plugin::Severity::high && !f.next_step.empty() && steps.size() < k_steps * std::max<std::size_t>(r.systems.size(), 1) && std::none_of(steps.begin(), steps.end(), [&](const auto* other) { return other->next_step == f.next_step && other->system == f.system; })) steps.push_back(&f);
    }
    const auto& exposure = r.exposure;
    if (!steps.empty() || exposure.credential_count > 0) {
        d.heading(2, "next-steps", Phrase(d.say("next_steps")));
        if (exposure.credential_count > 0) d.bullet(Phrase().link("exposure-credentials", d.say(is_chosen(d.selection(), "exposure") ? "change_credentials" : "change_credentials_elsewhere", {{"count", std::to_string(exposure.credential_count)}})));
        for (const auto* f : steps) {
            Phrase step;
            d.bullet(link_to(step, *f).say(": ").say(f->next_step));
        }
    }
    write_basis(d);
    d.heading(2, "numbers", Phrase(d.say("numbers")));
    std::vector<std::string> parts;
    for (int severity = 4; severity >= 0; --severity)
        if (const int n = count[static_cast<std::size_t>(severity)]; n > 0) parts.push_back(fmt::format("{} {}", n, d.texts().of(fmt::format("severity.{}", name_of(static_cast<plugin::Severity>(severity))))));
    if (dismissed > 0) parts.push_back(fmt::format("{} {}", dismissed, d.texts().of("state.dismissed")));
    d.terms(Terms(d).text("findings", parts.empty() ? d.say("none") : joined(parts))
                .text("counts", d.say("counts_text", {{"files", std::to_string(r.counts.files)}, {"deleted", std::to_string(r.counts.deleted_files)}, {"events", std::to_string(r.counts.events)},
                                                      {"bytes", size_text(r.counts.bytes_hashed, d.texts())}})).take());
}

}  // namespace deadbox::report
