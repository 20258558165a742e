// The findings by severity: what was found, why it matters, what else it could be, and the bytes that show it.
#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "report/item_key.hpp"
#include "report/sections.hpp"
#include "report/visible.hpp"

namespace deadbox::report {
namespace {

constexpr std::size_t k_shown = 50;  // items of one finding in the report for people; the annex has all
constexpr std::size_t k_whole = 5;   // of these, with all that is known of them; the others are rows of a table
constexpr std::size_t k_brief = 300; // findings that are told whole; where there are more, those of the graver severities
constexpr std::size_t k_brief_items = 10, k_brief_excerpt = 240;

std::string times_text(const Times& times) {
    std::string text;
    const std::pair<char, const Time&> named[] = {{'m', times.modified}, {'a', times.accessed}, {'c', times.changed}, {'b', times.born}, {'d', times.deleted}};
    for (const auto& [letter, time] : named)
        if (time) text += fmt::format("{}{} {}", text.empty() ? "" : ";  ", letter, time_text(time).substr(0, 19));
    return text.empty() ? text : text + " UTC";
}

Phrase item_name(const DocumentWriter& d, const ReportItem& i) {
    Phrase name;
    if (i.path) name.code(*i.path, Tone::strong);
    else if (i.inode) name.code(fmt::format("inode {}", *i.inode), Tone::strong);
    if (!i.cites.empty() && d.finding(i.cites) != nullptr) name.say(name.empty() ? "" : " · ").link(finding_anchor(i.cites), i.cited);
    else if (!i.key.empty() && i.key != i.path) name.say(name.empty() ? "" : " · ").code(shown_key(i), Tone::strong);
    if (i.line) name.say(fmt::format(" {} {}", d.say("line"), *i.line), Tone::muted);
    if (i.inode && !i.name_allocated) name.say(fmt::format(" ({})", d.say("deleted_name")), Tone::muted);
    return name;
}

Phrase reference_phrase(const DocumentWriter& d, const plugin::Reference& r) {
    Phrase text((r.package.empty() ? "" : r.package + ": ") + d.texts().of("reference." + r.kind));
    if (!r.expected.empty()) text.line().say(fmt::format("{} {} ", r.algorithm, d.say("expected_digest"))).code(r.expected);
    if (!r.found.empty()) text.line().say(fmt::format("{} {} ", r.algorithm, d.say("found_digest"))).code(r.found);
    return text;
}

void write_item(DocumentWriter& d, const ReportItem& i) {
    d.open(Box::item);
    d.paragraph(item_name(d, i));
    if (i.excerpt) d.listing(*i.excerpt);
    else if (!i.record.empty()) d.paragraph(Phrase(d.say("record_said") + " ", Tone::muted).say(i.record));
    Terms terms(d);
    if (i.inode) {
        std::string owner = fmt::format("{}:{}", i.uid, i.gid);
        if (!i.user.empty() || !i.group.empty()) owner += fmt::format(" ({}:{})", i.user.empty() ? "?" : i.user, i.group.empty() ? "?" : i.group);
        const std::string place = fmt::format("{} {} ({} {}){}", d.say("inode"), *i.inode, d.say("volume"), i.volume, i.content == "live" || i.content.empty() ? "" : ", " + d.texts().of("content." + i.content));
        terms.text("file", fmt::format("{}, {} {:04o}, {} {}", size_text(i.size, d.texts()), d.say("mode"), i.mode, d.say("owner"), owner)).text("place", place);
        terms.text("times", times_text(i.times)).code("md5", i.md5).code("sha1", i.sha1).code("sha256", i.sha256);
    }
    if (i.reference && i.reference->kind != "none") terms.add("reference", reference_phrase(d, *i.reference));
    terms.text("site", i.site).code("ref", i.ref);
    Phrase commands;
    for (const auto& command : i.reproduce) commands.line().code(command);
    terms.add("reproduce", std::move(commands));
    d.terms(terms.take());
    d.close(Box::item);
}

enum class Excerpts : bool { no, yes };

// Items as rows: where each lies and its fingerprint.
Table item_table(const DocumentWriter& d, const ReportFinding& f, std::size_t from, std::size_t to, Excerpts excerpts) {
    Table table;
    table.columns = {{d.say("file"), 5}, {d.say("changed"), 1.5}, {d.say("size"), 1, Align::right}};
    for (std::size_t n = from; n < to; ++n) {
        const auto& i = f.items[n];
        Phrase name = item_name(d, i);
        if (!i.sha256.empty()) name.line().say("SHA-256 ", Tone::muted).code(i.sha256);
        if (i.reference && !i.reference->expected.empty()) name.line().say(fmt::format("{} {} ", i.reference->algorithm, d.say("expected_digest")), Tone::muted).code(i.reference->expected);
        if (excerpts == Excerpts::yes && i.excerpt && !i.excerpt->empty()) name.line().program(shortened(*i.excerpt, k_brief_excerpt), Tone::muted);
        if (!i.record.empty()) name.line().say(d.say("record_said") + " ", Tone::muted).say(shortened(i.record, k_brief_excerpt), Tone::muted);
        if (name.empty()) continue;
        table.rows.push_back({std::move(name), Phrase(i.inode ? time_text(i.times.changed).substr(0, 19) : ""), Phrase(i.inode ? size_text(i.size, d.texts()).substr(0, size_text(i.size, d.texts()).find(" (")) : "")});
    }
    return table;
}

// What is not shown, and where it stands.
void write_cut(DocumentWriter& d, const ReportFinding& f, std::size_t shown) {
    if (f.item_count <= static_cast<std::int64_t>(shown)) return;
    Phrase rest(d.say("items_cut", {{"shown", std::to_string(shown)}, {"count", std::to_string(f.item_count)}}), Tone::muted);
    for (const auto& annex : d.annexes()) rest.say(" ").say(annex.name + " ", Tone::muted).link("annexes", d.say("see_annexes"));
    d.paragraph(std::move(rest));
}

// How much is told of a finding: where there are thousands, a report that can be read leaves to the annex what it has.
enum class Extent : bool { whole, brief };

void write_items(DocumentWriter& d, const ReportFinding& f, Extent extent) {
    if (f.items.empty()) return;
    const std::size_t shown = std::min(f.items.size(), extent == Extent::brief ? k_brief_items : k_shown);
    if (extent == Extent::brief) {
        d.table(item_table(d, f, 0, shown, Excerpts::yes));
        write_cut(d, f, shown);
        return;
    }
    d.heading(3, {}, Phrase(d.say("items")));
    const std::size_t whole = shown <= k_whole + 1 ? shown : k_whole;
    for (std::size_t n = 0; n < whole; ++n) write_item(d, f.items[n]);
    if (whole < shown) {
        d.open(Box::details, {}, Tone::plain, Phrase(d.say("more_items", {{"count", std::to_string(shown - whole)}})));
        d.table(item_table(d, f, whole, shown, Excerpts::no));
        d.close(Box::details);
    }
    write_cut(d, f, shown);
}

void write_part(DocumentWriter& d, std::string_view key, std::string_view text) {
    if (text.empty()) return;
    d.paragraph(Phrase(d.say(key) + ". ", Tone::strong).say(text));
}

// `first`: of its rule in this report.
void write_one(DocumentWriter& d, const ReportFinding& f, Extent extent, bool first) {
    Phrase label = severity_phrase(d, f.severity).say("  ").say(f.title, Tone::strong);
    d.open(Box::finding, finding_anchor(f.id), tone_of(f.severity), std::move(label), f.state);
    Phrase meta(d.texts().of("confidence." + std::string(name_of(f.confidence))) + " · ", Tone::muted);
    meta.code(f.rule, Tone::muted).say(fmt::format(" v{}", f.rule_version), Tone::muted);
    if (f.first_seen) meta.say(fmt::format(" · {} {} ({})", d.say("since"), time_text(f.first_seen), d.texts().of("basis." + std::string(name_of(f.basis)))), Tone::muted);
    if (f.first_recorded) meta.say(fmt::format(", {} {}", d.say("recorded"), time_text(f.first_recorded)), Tone::muted);
    if (f.last_seen) meta.say(fmt::format(" · {} {}", d.say("last"), time_text(f.last_seen)), Tone::muted);
    if (f.last_recorded) meta.say(fmt::format(", {} {}", d.say("recorded"), time_text(f.last_recorded)), Tone::muted);
    std::string attack;
    for (const auto& id : f.attack) attack += " · " + id;
    if (!attack.empty()) meta.say(attack, Tone::muted);
    meta.say(" · ", Tone::muted).code(f.id, Tone::muted);
    d.paragraph(std::move(meta));
    if (f.provisional) d.paragraph(Phrase(d.say("provisional"), Tone::muted));
    if (f.state != "open" || !f.tags.empty()) {
        Phrase state(d.texts().of("state." + f.state) + " ", Tone::strong);
        state.say(f.reason);
        for (const auto& tag : f.tags) state.say(" ").code(tag);
        d.paragraph(std::move(state));
    }
    write_part(d, "why", f.explanation);
    if (extent == Extent::whole || first) {  // the same for every finding of a rule, but for names
        write_part(d, "innocent", f.innocent_reason);
        write_part(d, "next", f.next_step);
    }
    for (const auto& mark : f.marks)
        if (!mark.comment.empty()) d.paragraph(Phrase(fmt::format("{} {}: ", mark.at.substr(0, 19), mark.by), Tone::muted).say(mark.comment));
    write_items(d, f, extent);
    d.close(Box::finding);
}

}  // namespace

void write_findings(DocumentWriter& d) {
    const Report& r = d.report();
    std::vector<const ReportFinding*> told;
    for (const auto& f : r.findings)
        if (is_told(f, d.selection().findings)) told.push_back(&f);
    if (told.empty()) d.paragraph(Phrase(d.say(r.findings.empty() ? "no_findings" : "no_told_findings"), Tone::muted));
    // From which severity downwards findings are told briefly: where these and the graver ones are more than can be read.
    std::array<std::size_t, 5> count{};
    for (const auto* f : told) ++count[static_cast<std::size_t>(f->severity)];
    int whole_from = 4;
    for (std::size_t sum = count[4]; whole_from > 0 && sum + count[static_cast<std::size_t>(whole_from) - 1] <= k_brief;) sum += count[static_cast<std::size_t>(--whole_from)];
    if (told.size() > k_brief) d.paragraph(Phrase(d.say("brief_text", {{"count", std::to_string(told.size())}, {"severity", d.texts().of("severity." + std::string(name_of(static_cast<plugin::Severity>(whole_from))))}}), Tone::muted));
    std::set<std::string_view> rules;
    std::optional<plugin::Severity> severity;
    for (const auto* one : told) {
        const auto& f = *one;
        if (severity != f.severity) {
            severity = f.severity;
            d.heading(2, "findings-" + std::string(name_of(f.severity)), severity_phrase(d, f.severity));
        }
        const bool first = rules.insert(f.rule).second;
        write_one(d, f, static_cast<int>(f.severity) >= whole_from ? Extent::whole : Extent::brief, first);
    }
}

}  // namespace deadbox::report
