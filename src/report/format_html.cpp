// report.html: one file that needs nothing beside it, no network and no script. Parts in the order in which they are read:
// verdict first, then what it rests on, then everything that lets a reader check it.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "base/resources.hpp"
#include "report/format.hpp"
#include "report/html_exposure.hpp"
#include "report/html_finding.hpp"
#include "report/html_writer.hpp"

namespace deadbox::report {
namespace {

constexpr std::size_t k_basis = 20;  // findings listed under the verdict; all stand below

std::string style_hash(std::string_view style) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    EVP_Digest(style.data(), style.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
    std::array<unsigned char, 64> text{};
    const int length = EVP_EncodeBlock(text.data(), digest.data(), 32);
    return {reinterpret_cast<const char*>(text.data()), static_cast<std::size_t>(length)};
}

void write_head(HtmlWriter& h, const Report& r, std::string_view style) {
    h.raw("<!DOCTYPE html>\n<html lang=\"").text(r.language).raw("\"><head><meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-");
    h.raw(style_hash(style)).raw("'; base-uri 'none'; form-action 'none'\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n");
    h.raw("<meta name=\"generator\" content=\"deadbox\">\n<title>").say("title");
    if (!r.case_data.number.empty()) h.raw(" ").text(r.case_data.number);
    h.raw("</title>\n<style>").raw(style).raw("</style></head><body>\n");
}

void write_title(HtmlWriter& h, const Report& r) {
    if (!r.tlp.empty()) {
        std::string tlp = r.tlp;
        std::transform(tlp.begin(), tlp.end(), tlp.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
        h.raw("<p class=tlp>TLP:").text(tlp).raw("</p>");
    }
    h.raw("<h1>").say("title").raw("</h1>\n<dl>");
    const CaseData& c = r.case_data;
    h.term("number", c.number).term("description", c.description).term("examiner", c.examiner).term("organisation", c.organisation).term("authority", c.authority);
    for (const auto& scope : c.scope) h.term_code("scope", scope);
    for (const auto& exclude : c.exclude) h.term_code("exclude", exclude);
    h.raw("</dl>\n");
    for (const auto& e : r.evidence) {
        const bool wrong = (e.acquisition && e.acquisition->matches == false) || e.expected_matches == false;
        if (wrong) h.raw("<p class=alarm>").say("mismatch_first", {{"file", e.files.empty() ? std::to_string(e.id) : e.files.front().name}}).raw("</p>\n");
    }
}

void write_verdict(HtmlWriter& h, const Report& r) {
    const Verdict& v = r.verdict;
    h.raw("<section class=\"verdict ").text(v.level).raw("\" id=verdict><p class=level>").text(h.texts().of("verdict.level." + v.level)).raw("</p>\n<p>").text(v.summary).raw("</p>\n");
    if (!v.basis.empty()) {
        h.raw("<h4>").say("basis").raw("</h4><ul>");
        std::size_t shown = 0;
        for (const auto& f : r.findings) {
            if (std::find(v.basis.begin(), v.basis.end(), f.id) == v.basis.end()) continue;
            if (shown++ == k_basis) {
                h.raw("<li>").text(fmt::format("+ {}", v.basis.size() - k_basis)).raw("</li>");
                break;
            }
            h.raw("<li>");
            write_severity(h, f.severity);
            h.raw(" <a href=\"#f-").text(f.id).raw("\">").text(f.title).raw("</a></li>");
        }
        h.raw("</ul>");
    }
    h.raw("<h4>").say("limits").raw("</h4><ul>");
    for (const auto& limit : v.limits) h.raw("<li>").text(limit).raw("</li>");
    h.raw("</ul></section>\n<h4>").say("conclusion").raw("</h4>");
    if (r.conclusion) {
        h.raw("<p><strong>").text(r.conclusion->level.empty() ? "" : h.texts().of("verdict.level." + r.conclusion->level)).raw("</strong> ").text(r.conclusion->text).raw("</p><p class=muted>");
        h.text(r.conclusion->by).raw(" ").text(r.conclusion->at).raw("</p>\n");
    } else h.raw("<p class=muted>").say("no_conclusion").raw("</p>\n");
}

void write_contents(HtmlWriter& h) {
    h.raw("<nav><ul>");
    for (const char* part : {"questions", "exposure", "story", "findings", "evidence", "systems", "coverage", "notes", "method", "custody", "glossary"}) h.raw("<li><a href=\"#").raw(part).raw("\">").say(part).raw("</a></li>");
    h.raw("</ul></nav>\n");
}

void write_questions(HtmlWriter& h, const Report& r) {
    h.raw("<h2 id=questions>").say("questions").raw("</h2>\n<table><thead><tr><th>").say("question").raw("</th><th>").say("answer").raw("</th><th>").say("examined").raw("</th></tr></thead><tbody>\n");
    for (const auto& q : r.questions) {
        h.raw("<tr><td>").text(q.question).raw("</td><td><strong>").text(h.texts().of("answer." + q.answer)).raw("</strong>");
        for (const auto& id : q.findings) {
            const auto f = std::find_if(r.findings.begin(), r.findings.end(), [&](const auto& one) { return one.id == id; });
            if (f != r.findings.end()) h.raw("<br><a href=\"#f-").text(id).raw("\">").text(f->title).raw("</a>");
            if (&id - q.findings.data() >= 4) break;
        }
        h.raw("</td><td>").text(q.examined);
        if (q.from && q.to) h.raw(" ").say("period", {{"from", base::to_rfc3339(*q.from).substr(0, 10)}, {"to", base::to_rfc3339(*q.to).substr(0, 10)}});
        for (const auto& limit : q.limits) h.raw("<br><span class=muted>").text(limit).raw("</span>");
        h.raw("</td></tr>\n");
    }
    h.raw("</tbody></table>\n");
}

// Bars by day, logarithmic; where there are more days than pixels, neighbours share a bar.
void write_activity(HtmlWriter& h, const Report& r) {
    std::vector<Activity> days;
    for (const auto& day : r.activity)
        if (day.day > 0 && day.day < 60'000) days.push_back(day);  // a forged year would leave no room for the rest
    if (days.size() < 2) return;
    constexpr double k_width = 960, k_height = 110;
    const std::int64_t first = days.front().day, span = days.back().day - first + 1, columns = std::min<std::int64_t>(span, 320);
    std::vector<Activity> bars(static_cast<std::size_t>(columns));
    double most = 1;
    for (const auto& day : days) {
        auto& bar = bars[static_cast<std::size_t>((day.day - first) * columns / span)];
        bar.files += day.files, bar.events += day.events;
        most = std::max({most, static_cast<double>(bar.files), static_cast<double>(bar.events)});
    }
    const auto height = [&](std::int64_t count) { return count == 0 ? 0.0 : 3 + (k_height - 3) * std::log1p(static_cast<double>(count)) / std::log1p(most); };
    h.raw("<h4>").say("activity").raw("</h4><p class=muted>").say("activity_text").raw("<span class=\"key f\"></span>").say("activity_files").raw("<span class=\"key e\"></span>").say("activity_events").raw("</p>\n");
    h.raw(fmt::format("<svg viewBox=\"0 0 {:.0f} {:.0f}\" role=img><title>", k_width, k_height + 20)).say("activity").raw("</title>");
    const double step = k_width / static_cast<double>(columns);
    for (std::size_t i = 0; i < bars.size(); ++i) {
        const double x = static_cast<double>(i) * step, half = std::max(step / 2 - 0.2, 0.5);
        if (bars[i].files > 0) h.raw(fmt::format("<rect class=bar-f x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>", x, k_height - height(bars[i].files), half, height(bars[i].files)));
        if (bars[i].events > 0) h.raw(fmt::format("<rect class=bar-e x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>", x + step / 2, k_height - height(bars[i].events), half, height(bars[i].events)));
    }
    h.raw(fmt::format("<line class=axis x1=\"0\" y1=\"{0:.0f}\" x2=\"{1:.0f}\" y2=\"{0:.0f}\" stroke-width=\"1\"/>", k_height, k_width));
    for (int tick = 0; tick <= 4; ++tick) {
        const auto day = first + (span - 1) * tick / 4;
        h.raw(fmt::format("<text x=\"{:.0f}\" y=\"{:.0f}\" text-anchor=\"{}\">{}</text>", k_width * tick / 4, k_height + 15, tick == 0 ? "start" : tick == 4 ? "end" : "middle", base::to_rfc3339({day * 86'400, 0}).substr(0, 10)));
    }
    h.raw("</svg>\n");
}

void write_story(HtmlWriter& h, const Report& r) {
    h.raw("<h2 id=story>").say("story").raw("</h2>\n");
    if (r.story.empty()) h.raw("<p class=muted>").say("no_story").raw("</p>\n");
    else {
        h.raw("<table><thead><tr><th>").say("time").raw("</th><th>").say("phase").raw("</th><th>").say("what").raw("</th></tr></thead><tbody>\n");
        for (const auto& s : r.story) {
            h.raw("<tr><td class=t>").raw(time_cell(s.time)).raw("</td><td>").text(s.phase.empty() ? "" : h.texts().of("phase." + s.phase)).raw("</td><td>");
            if (!s.findings.empty()) h.raw("<a href=\"#f-").text(s.findings.front()).raw("\">").text(s.text).raw("</a>");
            else h.text(s.text);
            h.raw("</td></tr>\n");
        }
        h.raw("</tbody></table>\n");
    }
    write_activity(h, r);
}

void write_evidence(HtmlWriter& h, const Report& r) {
    h.raw("<h2 id=evidence>").say("evidence").raw("</h2>\n");
    for (const auto& e : r.evidence) {
        h.raw("<dl>").term("format", e.format).term("size", size_text(static_cast<std::uint64_t>(std::max<std::int64_t>(e.media_size, 0))));
        h.raw("<dt>").say("media").raw(" ").say("sha256").raw("</dt><dd>");
        if (e.media_sha256.empty()) h.raw("<span class=muted>").say("not_computed").raw("</span>");
        else h.code(e.media_sha256);
        h.raw("</dd>\n").term_code("sha1", e.media_sha1).term_code("md5", e.media_md5);
        if (e.acquisition) {
            const auto& a = *e.acquisition;
            h.term("acquired", a.tool + (a.date.empty() ? "" : " " + a.date) + (a.examiner.empty() ? "" : " " + a.examiner));
            std::string stored = a.stored_md5 + (a.stored_sha1.empty() ? "" : " " + a.stored_sha1) + (a.stored_sha256.empty() ? "" : " " + a.stored_sha256);
            if (!stored.empty()) h.raw("<dt>").say("stored_digests").raw("</dt><dd>").code(stored).raw(": ").say(!a.matches ? "not_compared" : *a.matches ? "match" : "mismatch").raw("</dd>\n");
        }
        if (!e.expected.empty()) h.raw("<dt>").say("expected").raw("</dt><dd>").code(e.expected).raw(": ").say(!e.expected_matches ? "not_compared" : *e.expected_matches ? "match" : "mismatch").raw("</dd>\n");
        h.raw("</dl>");
        if (!e.error.empty()) h.raw("<p class=alarm>").text(e.error).raw("</p>");
        h.raw("<table><thead><tr><th>").say("file").raw("</th><th class=n>").say("size").raw("</th><th>").say("sha256").raw("</th></tr></thead><tbody>");
        for (const auto& f : e.files) {
            h.raw("<tr><td>").code(f.name).raw("</td><td class=n>").text(size_text(static_cast<std::uint64_t>(std::max<std::int64_t>(f.size, 0)))).raw("</td><td>");
            if (f.sha256.empty()) h.raw("<span class=muted>").say("not_computed").raw("</span>");
            else h.code(f.sha256);
            h.raw("</td></tr>");
        }
        h.raw("</tbody></table>\n<table><thead><tr><th>").say("volume").raw("</th><th class=n>").say("start").raw("</th><th class=n>").say("size").raw("</th><th>").say("filesystem").raw("</th><th>").say("label");
        h.raw("</th><th>").say("mount").raw("</th><th>").say("state").raw("</th></tr></thead><tbody>");
        for (const auto& v : e.volumes) {
            h.raw("<tr><td>").text(v.id).raw("</td><td class=n>").text(std::to_string(v.start)).raw("</td><td class=n>").text(size_text(static_cast<std::uint64_t>(std::max<std::int64_t>(v.size, 0)))).raw("</td><td>");
            h.text(v.filesystem.empty() ? v.type : v.filesystem).raw(v.uuid.empty() ? "" : "<br>").raw("<span class=mono>").text(v.uuid).raw("</span></td><td>").text(v.label).raw("</td><td>").text(v.mount_point).raw("</td><td>");
            if (v.clean) h.say(*v.clean ? "clean" : "unclean");
            if (!v.journal.empty()) h.raw("<br>").say("journal").raw(": ").text(v.journal);
            h.raw("</td></tr>");
        }
        h.raw("</tbody></table>\n");
    }
}

void write_systems(HtmlWriter& h, const Report& r) {
    h.raw("<h2 id=systems>").say("systems").raw("</h2>\n");
    for (const auto& s : r.systems) {
        h.raw("<dl>").term("hostname", s.hostname).term("os", s.os).term("kernel", s.kernel).term("timezone", s.timezone).term_code("machine_id", s.machine_id);
        if (s.installed) h.raw("<dt>").say("installed").raw("</dt><dd>").raw(time_cell(s.installed)).raw("</dd>\n");
        if (s.last_activity) h.raw("<dt>").say("last_activity").raw("</dt><dd>").raw(time_cell(s.last_activity)).raw("</dd>\n");
        std::string addresses;
        for (const auto& address : s.addresses) addresses += (addresses.empty() ? "" : ", ") + address;
        h.term("addresses", addresses).raw("</dl>\n");
    }
}

void write_coverage(HtmlWriter& h, const Report& r) {
    h.raw("<h2 id=coverage>").say("coverage").raw("</h2>\n<p>").say("coverage_text").raw("</p>\n");
    if (r.coverage.empty()) {
        h.raw("<p class=muted>").say("no_coverage").raw("</p>\n");
        return;
    }
    h.raw("<table><thead><tr><th>").say("level").raw("</th><th>").say("area").raw("</th><th>").say("reason").raw("</th><th>").say("where").raw("</th><th class=n>").say("count").raw("</th><th>").say("examples").raw("</th></tr></thead><tbody>\n");
    for (const auto& c : r.coverage) {
        h.raw("<tr><td>").text(h.texts().of("level." + c.level)).raw("</td><td>").text(c.area).raw("</td><td>").text(c.reason).raw("</td><td>").code(c.path).raw("</td><td class=n>").text(std::to_string(c.count)).raw("</td><td>");
        bool first = true;
        for (const auto& example : c.examples) {
            if (!std::exchange(first, false)) h.raw("<br>");
            h.code(example);
        }
        h.raw("</td></tr>\n");
    }
    h.raw("</tbody></table>\n");
}

void write_notes(HtmlWriter& h, const Report& r) {
    h.raw("<h2 id=notes>").say("notes").raw("</h2>\n");
    if (r.notes.empty()) h.raw("<p class=muted>").say("none").raw("</p>\n");
    for (const auto& n : r.notes) {
        h.raw("<p><span class=muted>").text(n.at).raw(" ").text(n.kind).raw(" ").text(n.who);
        if (!n.permitted_by.empty()) h.raw(", ").say("permitted_by").raw(" ").text(n.permitted_by);
        if (!n.finding.empty()) h.raw(", <a href=\"#f-").text(n.finding).raw("\">").text(n.finding).raw("</a>");
        h.raw("</span><br>").text(n.text).raw("</p>\n");
    }
}

void write_method(HtmlWriter& h, const Report& r) {
    h.raw("<h2 id=method>").say("method").raw("</h2>\n<p>").say("method_text").raw(" ").say(r.redact == Redact::none ? "redacted_none" : r.redact == Redact::secrets ? "redacted" : "redacted_persons").raw("</p>\n<dl>");
    std::string command;
    for (const auto& word : r.run.command) command += (command.empty() ? "" : " ") + word;
    h.term("version", "deadbox " + r.run.version).term_code("command", command).term("started", r.run.started).term("finished", r.run.finished);
    h.raw("<dt>").say("counts").raw("</dt><dd>").say("counts_text", {{"files", std::to_string(r.counts.files)}, {"deleted", std::to_string(r.counts.deleted_files)}, {"events", std::to_string(r.counts.events)},
                                                                    {"bytes", std::to_string(r.counts.bytes_hashed)}}).raw("</dd></dl>\n");
}

void write_custody(HtmlWriter& h, const Report& r) {
    h.raw("<h2 id=custody>").say("custody").raw("</h2>\n<p>").say("custody_text", {{"head", r.run.custody_head}}).raw("</p>\n<table><thead><tr><th>").say("time").raw("</th><th>").say("actor").raw("</th><th>").say("action");
    h.raw("</th><th>").say("details").raw("</th></tr></thead><tbody>\n");
    std::int64_t batches = 0;
    for (const auto& c : r.custody) {
        if (c.action == "batch") {  // thousands, each a piece of the same work
            ++batches;
            continue;
        }
        h.raw("<tr><td class=t>").text(c.at.substr(0, 19)).raw("</td><td>").text(c.actor).raw("</td><td>").text(c.action).raw("</td><td>").code(c.details).raw("</td></tr>\n");
    }
    h.raw("</tbody></table>\n");
    if (batches > 0) h.raw("<p class=muted>").say("batches", {{"count", std::to_string(batches)}}).raw("</p>\n");
}

void write_glossary(HtmlWriter& h) {
    h.raw("<h2 id=glossary>").say("glossary").raw("</h2>\n<dl>");
    for (const char* word : {"evidence", "inode", "allocated", "times", "sha256", "webshell", "attack", "gap"})
        h.raw("<dt>").text(h.texts().of(std::string("glossary.") + word + ".word")).raw("</dt><dd>").text(h.texts().of(std::string("glossary.") + word + ".meaning")).raw("</dd>\n");
    h.raw("</dl>\n<footer>deadbox</footer></body></html>\n");
}

}  // namespace

base::Result<void> write_html(const FormatInput& input, OutputFile& out) {
    const Report& r = input.report;
    TRY_ASSIGN(const std::string folder, base::resources_folder());
    TRY_ASSIGN(const std::string style, base::read_resource(folder + "/report/report.css"));
    HtmlWriter h(input.texts);
    write_head(h, r, style);
    write_title(h, r);
    write_verdict(h, r);
    write_contents(h);
    write_questions(h, r);
    write_exposure(h, r);
    write_story(h, r);
    h.raw("<h2 id=findings>").say("findings").raw("</h2>\n");
    if (r.findings.empty()) h.raw("<p class=muted>").say("no_findings").raw("</p>\n");
    for (const auto& f : r.findings) {
        write_html_finding(h, f);
        out.write(h.take());
    }
    write_evidence(h, r);
    write_systems(h, r);
    write_coverage(h, r);
    write_notes(h, r);
    write_method(h, r);
    write_custody(h, r);
    write_glossary(h);
    out.write(h.take());
    return {};
}

}  // namespace deadbox::report
