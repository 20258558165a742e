// The evidence with its digests, the machines on it, whom the findings name, and what was not seen.
#include <algorithm>

#include <fmt/format.h>

#include "report/sections.hpp"
#include "report/spoken_name.hpp"
#include "report/system_names.hpp"

namespace deadbox::report {
namespace {

constexpr std::size_t k_named = 200;  // rows of one table of names

Phrase compared(const DocumentWriter& d, std::string_view digest, const std::optional<bool>& matches) {
    return Phrase().code(digest).say(": ").say(d.say(!matches ? "not_compared" : *matches ? "match" : "mismatch"), !matches || *matches ? Tone::plain : Tone::critical);
}

// A text where there is one for this value, which another version may have added.
std::string word(const DocumentWriter& d, const std::string& key, const std::string& value) {
    const auto& text = d.texts().find("report", key);
    return text.empty() ? value : text;
}

void write_media(DocumentWriter& d, const ReportEvidence& e) {
    Terms terms(d);
    terms.text("format", e.format).text("size", size_text(e.media_size, d.texts()));
    if (e.media_sha256.empty()) terms.text("sha256_media", d.say("not_computed"));
    else terms.code("sha256_media", e.media_sha256);
    terms.code("sha1_media", e.media_sha1).code("md5_media", e.media_md5);
    if (e.acquisition) {
        const auto& a = *e.acquisition;
        terms.text("acquired", a.tool + (a.date.empty() ? "" : " " + a.date) + (a.examiner.empty() ? "" : " " + a.examiner)).text("serial", a.serial);
        terms.text("number", a.case_number).text("evidence_number", a.evidence_number).text("description", a.description).text("notes", a.notes);
        for (const std::string* stored : {&a.stored_md5, &a.stored_sha1, &a.stored_sha256})
            if (!stored->empty()) terms.add("stored_digests", compared(d, *stored, a.matches));
        for (const auto& range : a.bad_ranges) terms.code("bad_range", range);
    }
    if (!e.expected.empty()) terms.add("expected", compared(d, e.expected, e.expected_matches));
    d.terms(terms.take());
}

}  // namespace

void write_evidence(DocumentWriter& d) {
    for (const auto& e : d.report().evidence) {
        d.heading(2, fmt::format("evidence-{}", e.id), Phrase(fmt::format("{} {}", d.say("evidence"), e.id)).say(e.files.empty() ? "" : ": ").code(e.files.empty() ? "" : e.files.front().name));
        if (!e.error.empty()) d.alarm(Phrase(e.error));
        write_media(d, e);
        Table files;
        files.columns = {{d.say("file"), 2.4}, {d.say("size"), 1.6, Align::right}, {d.say("sha256"), 5}};
        for (const auto& f : e.files) files.rows.push_back({Phrase().code(f.name), Phrase(size_text(f.size, d.texts())), f.sha256.empty() ? Phrase(d.say("not_computed"), Tone::muted) : Phrase().code(f.sha256)});
        d.table(std::move(files));
        Table volumes;
        volumes.columns = {{d.say("volume"), 0.8}, {d.say("start"), 1.2, Align::right}, {d.say("size"), 1.6, Align::right}, {d.say("filesystem"), 3.2}, {d.say("label"), 1}, {d.say("mount"), 1.2}, {d.say("state"), 1.6}};
        for (const auto& v : e.volumes) {
            Phrase filesystem(v.filesystem.empty() ? v.type : v.filesystem);
            if (!v.uuid.empty()) filesystem.line().code(v.uuid);
            Phrase state(v.clean ? d.say(*v.clean ? "clean" : "unclean") : "");
            if (!v.journal.empty()) state.line().say(fmt::format("{}: {}", d.say("journal"), word(d, "journal_state." + v.journal, v.journal)));
            volumes.rows.push_back({Phrase(v.id).line().say(d.machine(v.system), Tone::muted), Phrase(std::to_string(v.start)), Phrase(size_text(v.size, d.texts())), std::move(filesystem), Phrase(v.label), Phrase().code(v.mount_point), std::move(state)});
        }
        d.table(std::move(volumes));
    }
    for (const auto& s : d.report().systems) {
        d.heading(2, fmt::format("system-{}", s.id), Phrase(fmt::format("{} {}: {}", d.say("system"), s.id, s.hostname.empty() && s.name.empty() ? d.say("unknown") : name_in_text(s, d.texts()))));
        std::string addresses;
        for (const auto& address : s.addresses) addresses += (addresses.empty() ? "" : ", ") + address;
        d.terms(Terms(d).text("hostname", s.is_host_name ? s.hostname : d.texts().of("verdict.no_host_name", {{"name", s.spoken}})).text("os", spoken_line(s.os)).text("kernel", s.kernel).text("timezone", s.timezone).code("machine_id", s.machine_id).time("installed", s.installed)
                    .time("last_activity", s.last_activity).text("addresses", addresses).take());
    }
}

void write_entities(DocumentWriter& d) {
    const Report& r = d.report();
    Table named;
    named.columns = {{d.say("kind"), 1}, {d.say("name"), 3}, {d.say("findings"), 5}};
    for (const auto& e : r.entities) {
        if (named.rows.size() == k_named) break;
        Phrase findings;
        for (std::size_t i = 0; i < e.findings.size() && i < 4; ++i)
            if (const auto* f = d.finding(e.findings[i])) link_to(findings.line(), *f);
        if (e.findings.size() > 4) findings.line().say(d.say("more_below", {{"count", std::to_string(e.findings.size() - 4)}}), Tone::muted);
        named.rows.push_back({Phrase(d.texts().of("entity." + e.kind)), Phrase().code(e.name), std::move(findings)});
    }
    d.heading(2, "named", Phrase(d.say("named")));
    if (named.rows.empty()) d.paragraph(Phrase(d.say("none"), Tone::muted));
    d.table(std::move(named));
    if (r.entities.size() > k_named) d.paragraph(Phrase(d.say("rows_cut", {{"shown", std::to_string(k_named)}, {"count", std::to_string(r.entities.size())}}), Tone::muted));
    d.heading(2, "accounts", Phrase(d.say("accounts")));
    Table accounts;
    accounts.columns = {{d.say("system"), 0.8}, {d.say("account"), 2}, {"uid", 1, Align::right}, {d.say("home"), 3}, {d.say("shell"), 2}, {d.say("password"), 1}};
    for (const auto& a : r.accounts) {
        if (accounts.rows.size() == k_named) break;
        const Tone tone = a.uid == 0 && a.user != "root" ? Tone::critical : Tone::plain;
        accounts.rows.push_back({Phrase(a.system ? (d.machine(a.system).empty() ? std::to_string(*a.system) : d.machine(a.system)) : ""), Phrase().code(a.user, tone), Phrase(a.uid ? std::to_string(*a.uid) : "", tone), Phrase().code(a.home), Phrase().code(a.shell), Phrase(a.password.empty() ? "" : d.texts().of("password." + a.password), a.password == "empty" ? Tone::critical : Tone::plain)});
    }
    if (accounts.rows.empty()) d.paragraph(Phrase(d.say("none"), Tone::muted));
    d.table(std::move(accounts));
    if (r.accounts.size() > k_named) d.paragraph(Phrase(d.say("rows_cut", {{"shown", std::to_string(k_named)}, {"count", std::to_string(r.accounts.size())}}), Tone::muted));
}

void write_coverage(DocumentWriter& d) {
    const Report& r = d.report();
    d.paragraph(Phrase(d.say("coverage_text")));
    if (r.coverage.empty()) d.paragraph(Phrase(d.say("no_coverage"), Tone::muted));
    constexpr std::size_t k_rows = 1000;
    Table table;
    table.columns = {{d.say("level"), 1}, {d.say("area"), 1.1}, {d.say("reason"), 3}, {d.say("where"), 2}, {d.say("count"), 0.8, Align::right}, {d.say("examples"), 3}};
    for (const auto& c : r.coverage) {
        if (table.rows.size() == k_rows) break;
        Phrase examples, where(d.machine(c.system), Tone::strong);
        where.line().code(c.path);
        for (const auto& example : c.examples) examples.line().code(example);
        table.rows.push_back({Phrase(d.texts().of("level." + c.level), c.level == "gap" ? Tone::strong : Tone::plain), Phrase(d.texts().area(c.area)), Phrase(d.texts().reason(c.reason)), std::move(where), Phrase(std::to_string(c.count)), std::move(examples)});
    }
    d.table(std::move(table));
    if (r.coverage.size() > k_rows) d.paragraph(Phrase(d.say("rows_cut", {{"shown", std::to_string(k_rows)}, {"count", std::to_string(r.coverage.size())}}), Tone::muted));
}

}  // namespace deadbox::report
