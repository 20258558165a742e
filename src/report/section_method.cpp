// How the analysis was done, who did what with the evidence, what was written down meanwhile, and the words used.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "report/custody_words.hpp"
#include "report/findings.hpp"
#include "report/sections.hpp"

namespace deadbox::report {
namespace {

constexpr std::size_t k_details = 600;  // bytes of an entry's details; a seal has a digest of every table

// The rule's own severity; where its detector judged a finding of this case graver, how far that went.
Phrase severity_of(const DocumentWriter& d, const RuleInfo& rule) {
    const auto own = severity_named(rule.severity);
    if (!rule.highest || !own || *rule.highest <= *own) return Phrase(d.texts().of("severity." + rule.severity));
    return Phrase(d.say("severity_up_to", {{"severity", d.texts().of("severity." + rule.severity)}, {"highest", d.texts().of("severity." + std::string(name_of(*rule.highest)))}}));
}

std::string source_of(const DocumentWriter& d, const RuleInfo& rule) {
    const auto slash = rule.id.find('/');
    const auto& text = d.texts().find(rule.id.substr(0, slash), "rules." + rule.id.substr(slash + 1) + ".source");
    return text.empty() ? rule.source : text;
}

Phrase own_file_phrase(const DocumentWriter& d, const OwnFileInfo& file) {
    Phrase phrase(d.say("own_file_said", {{"kind", d.texts().of("own_file." + file.kind + (file.as.empty() ? "" : "_" + file.as))}, {"name", file.name}, {"count", std::to_string(file.entries)}}));
    return phrase.line().code(file.file).say("  SHA-256 ", Tone::muted).code(file.sha256);
}

void write_rules(DocumentWriter& d) {
    const Method& m = d.report().method;
    d.open(Box::details, {}, Tone::plain, Phrase(d.say("rules_count", {{"count", std::to_string(m.rules.size())}})));
    Table table;
    table.columns = {{d.say("rule"), 3}, {d.say("version"), 0.8, Align::right}, {d.say("severity"), 1}, {d.say("confidence"), 1}, {d.say("findings"), 0.9, Align::right}, {d.say("source"), 3}};
    for (const auto& rule : m.rules)
        table.rows.push_back({Phrase().code(rule.id), Phrase(std::to_string(rule.version)), severity_of(d, rule), Phrase(d.texts().of("confidence." + rule.confidence)),
                              Phrase(std::to_string(rule.findings)), Phrase(source_of(d, rule))});
    d.table(std::move(table));
    d.close(Box::details);
}

void write_annexes(DocumentWriter& d) {
    if (d.annexes().empty()) return;
    d.heading(2, "annexes", Phrase(d.say("annexes")));
    d.paragraph(Phrase(d.say("annexes_text")));
    for (const auto& annex : d.annexes()) d.terms(Terms(d).code("file", annex.name).text("size", size_text(static_cast<std::int64_t>(annex.size), d.texts())).code("sha256", annex.sha256).take());
}

}  // namespace

void write_method(DocumentWriter& d) {
    const Report& r = d.report();
    d.paragraph(Phrase(d.say("method_text")).say(" ").say(d.say(r.redact == Redact::none ? "redacted_none" : r.redact == Redact::secrets ? "redacted" : "redacted_persons")));
    std::string command, topics, parameters, trust;
    for (const auto& word : r.run.command) command += (command.empty() ? "" : " ") + word;
    for (const auto& [id, version] : r.method.topics) topics += fmt::format("{}{} {}", topics.empty() ? "" : ", ", id, version);
    for (const auto& [name, value] : r.method.parameters) parameters += fmt::format("{}{}={}", parameters.empty() ? "" : ", ", name, value.empty() ? "–" : value);
    for (const auto& kind : r.method.trust) trust += fmt::format("{}{}", trust.empty() ? "" : "; ", d.texts().of("reference." + kind));
    Terms terms(d);
    terms.text("version", "deadbox " + r.run.version).code("command", command).text("started", r.run.started).text("finished", r.run.finished).text("workers", std::to_string(r.run.jobs)).code("parameters", parameters);
    terms.text("timezone", r.method.time_zone.empty() ? d.say("zone_own") : r.method.time_zone).text("clock_offset", clock_text(d));
    for (const auto& file : r.run.own_files) terms.add("own_file", own_file_phrase(d, file));
    terms.text("trust", trust.empty() ? d.texts().of("reference.none") : trust).text("topics", topics);
    for (const auto& what : r.run.timeouts) terms.code("timeouts", what);
    for (const auto& c : r.coverage)
        if (c.level == "assumption") terms.text("assumption", fmt::format("{}{}: {}{} ({})", d.machine(c.system).empty() ? "" : d.machine(c.system) + ", ", d.texts().area(c.area), d.texts().reason(c.reason), c.path.empty() ? "" : ", " + c.path, c.count));
    d.terms(terms.take());
    write_rules(d);
    write_annexes(d);
}

void write_custody(DocumentWriter& d) {
    const Report& r = d.report();
    d.paragraph(Phrase(d.say("custody_text")));
    d.heading(2, "custody-evidence", Phrase(d.say("custody_evidence")));
    for (const auto& e : r.evidence) {
        Terms terms(d);
        Phrase files;
        for (const auto& f : e.files) files.line().code(f.name);
        terms.add("evidence", std::move(files));
        bool before = false;
        const auto add = [&](const std::string& digest) {
            if (!digest.empty()) terms.code("hash_before", digest), before = true;
        };
        if (e.acquisition) add(e.acquisition->stored_md5), add(e.acquisition->stored_sha1), add(e.acquisition->stored_sha256);
        add(e.expected);
        if (!before) terms.text("hash_before", d.say("none_stored_custody"));
        if (e.media_sha256.empty()) terms.text("hash_after", d.say("not_computed"));
        else terms.code("hash_after", e.media_sha256);
        const auto matches = e.expected_matches ? e.expected_matches : e.acquisition ? e.acquisition->matches : std::nullopt;
        terms.add("equal", Phrase(d.say(!matches ? "not_compared" : *matches ? "match" : "mismatch"), matches == false ? Tone::critical : Tone::plain));
        d.terms(terms.take());
    }
    d.heading(2, "custody-entries", Phrase(d.say("custody_entries")));
    Table table;
    table.columns = {{d.say("when_who"), 1.5}, {d.say("what_tool"), 4.6}};
    std::int64_t batches = 0;
    for (const auto& c : r.custody) {
        if (c.action == "batch") {  // thousands, each a piece of the same work
            ++batches;
            continue;
        }
        const std::string key = "custody." + c.action, plain = d.texts().find("report", key);
        const auto at = c.actor.find('@');
        Phrase who(c.at.substr(0, 19) + "Z");
        who.line().say(c.actor.substr(0, at), Tone::strong);
        if (at != std::string::npos) who.line().say(fmt::format("{} {}", d.say("on_host"), c.actor.substr(at + 1)), Tone::muted);
        Phrase what(plain.empty() ? c.action : plain, Tone::strong);
        what.say(fmt::format("  deadbox {}", r.run.version), Tone::muted);
        auto details = custody_words(c.details, d.texts());
        if (details.size() > k_details) details = fmt::format("{}… ({} B)", details.substr(0, k_details), details.size());
        what.line().code(details);
        what.line().say(d.say("before") + " ", Tone::muted).code(c.previous, Tone::muted).line().say(d.say("after") + " ", Tone::muted).code(c.hash, Tone::muted);
        table.rows.push_back({std::move(who), std::move(what)});
    }
    d.table(std::move(table));
    if (batches > 0) d.paragraph(Phrase(d.say("batches", {{"count", std::to_string(batches)}}), Tone::muted));
    d.terms(Terms(d).code("custody_head", r.run.custody_head).take());
}

void write_notes(DocumentWriter& d) {
    const Report& r = d.report();
    if (r.notes.empty()) d.paragraph(Phrase(d.say("none"), Tone::muted));
    for (const auto& n : r.notes) {
        Phrase head(d.say("note_number", {{"number", std::to_string(n.number)}}) + "  ", Tone::strong);
        head.say(fmt::format("{} {} {}", n.at.substr(0, 19) + "Z", d.texts().of("note." + n.kind), n.who), Tone::muted);
        if (!n.audience.empty()) head.say(", " + d.texts().find("communication", n.audience + ".title"), Tone::muted);
        if (n.corrects) head.say(", " + d.say("note_corrects", {{"number", std::to_string(*n.corrects)}}), Tone::muted);
        if (!n.permitted_by.empty()) head.say(fmt::format(", {} {}", d.say("permitted_by"), n.permitted_by), Tone::muted);
        if (!n.finding.empty()) head.say(", ", Tone::muted).link(finding_anchor(n.finding), n.finding);
        d.paragraph(head.line().say(n.text));
    }
}

void write_glossary(DocumentWriter& d) {
    std::vector<Term> words;
    for (const char* word : {"evidence", "inode", "allocated", "times", "sha256", "webshell", "attack", "gap", "reference", "custody"})
        words.push_back({d.texts().of(std::string("glossary.") + word + ".word"), Phrase(d.texts().of(std::string("glossary.") + word + ".meaning"))});
    d.terms(std::move(words));
}

}  // namespace deadbox::report
