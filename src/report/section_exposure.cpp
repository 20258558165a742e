// Was data taken? What would have shown it, what lay open with whose rights, and which credentials must be changed.
#include <algorithm>

#include "report/sections.hpp"

namespace deadbox::report {
namespace {

constexpr std::size_t k_named_findings = 5;  // findings that an answer names; all stand in their own section

void name_findings(const DocumentWriter& d, Phrase& phrase, const std::vector<std::string>& ids) {
    for (std::size_t place = 0; place < ids.size() && place < k_named_findings; ++place)
        if (const auto* finding = d.finding(ids[place])) link_to(phrase.line(), *finding);
}

void write_rights(DocumentWriter& d, const Exposure& e) {
    d.heading(2, "exposure-rights", Phrase(d.say("exposure_rights")));
    if (e.rights.empty()) return d.paragraph(Phrase(d.say("exposure_no_rights"), Tone::muted));
    for (const auto& right : e.rights) {
        Phrase phrase(right.why);  // names the finding, and with that the machine
        name_findings(d, phrase, right.findings);
        d.bullet(std::move(phrase));
    }
    if (e.areas.empty()) return;
    Table table;
    table.columns = {{d.say("exposure_area"), 4}, {d.say("exposure_files"), 1, Align::right}, {d.say("exposure_bytes"), 1, Align::right}};
    for (const auto& area : e.areas) {
        Phrase title;
        if (const auto machine = d.machine(area.system); !machine.empty()) title.say(machine + ": ", Tone::strong);
        title.say(area.title);
        if (!area.here && !area.host.empty()) title.line().say(d.say("exposure_elsewhere"), Tone::muted);
        else if (area.here && area.files == 0) title.line().say(d.say("exposure_no_files"), Tone::muted);
        const bool counted = area.here && area.files > 0;
        table.rows.push_back({std::move(title), Phrase(counted ? std::to_string(area.files) : "–"), Phrase(counted ? size_text(area.bytes, d.texts()) : "–")});
    }
    d.table(std::move(table));
    const auto more = e.area_count - static_cast<std::int64_t>(e.areas.size());
    if (more > 0) d.paragraph(Phrase(d.say("exposure_more", {{"count", std::to_string(more)}}), Tone::muted));
}

void write_logs(DocumentWriter& d, const Exposure& e) {
    d.heading(2, "exposure-logs", Phrase(d.say("exposure_logs")));
    Table table;
    table.columns = {{d.say("exposure_record"), 1.6}, {d.say("state"), 1}, {d.say("exposure_files"), 0.6, Align::right}, {d.say("exposure_bytes"), 0.9, Align::right}, {d.say("exposure_period"), 1.2}, {d.say("exposure_meaning"), 3}};
    for (const auto& log : e.logs) {
        Phrase period, meaning(log.text);
        if (log.from && log.to) period.say(base::to_rfc3339(*log.from).substr(0, 10)).line().say(base::to_rfc3339(*log.to).substr(0, 10));
        if (log.period_basis == "files") period.line().say(d.say("exposure_file_times"), Tone::muted);
        for (const auto& path : log.paths) meaning.line().code(path);
        table.rows.push_back({Phrase(log.title), Phrase(d.texts().of("exposure.state." + log.state)), Phrase(std::to_string(log.files)), Phrase(size_text(log.bytes, d.texts())), std::move(period), std::move(meaning)});
    }
    d.table(std::move(table));
}

void write_intruder_accounts(DocumentWriter& d, const Exposure& e) {
    for (const auto& account : e.intruder_accounts) {
        const auto machine = d.machine(account.system);
        d.paragraph(Phrase(d.say("exposure_intruder_account", {{"user", account.user}, {"machine", machine}}), Tone::strong));
    }
}

void write_credentials(DocumentWriter& d, const Exposure& e) {
    if (e.credentials.empty()) return write_intruder_accounts(d, e);
    d.heading(2, "exposure-credentials", Phrase(d.say("exposure_credentials")));
    d.paragraph(Phrase(d.say("exposure_credentials_text")));
    write_intruder_accounts(d, e);
    for (const auto& row : d.report().coverage)
        if (row.level == "limit" && row.area == "content") d.paragraph(Phrase(d.say("exposure_credentials_limit", {{"reason", d.texts().reason(row.reason)}, {"count", std::to_string(row.count)}}), Tone::strong));
    for (const auto& row : d.report().coverage)
        if (row.level == "limit" && row.area == "credentials") d.paragraph(Phrase(d.say("exposure_credentials_cut", {{"reason", d.texts().reason(row.reason)}, {"count", std::to_string(row.count)}}), Tone::strong));
    Table table;
    table.columns = {{d.say("exposure_what"), 1.6}, {d.say("exposure_place"), 2.6}, {d.say("exposure_owner"), 0.9}, {d.say("exposure_account"), 1.1}, {d.say("exposure_why"), 2}};
    for (const auto& c : e.credentials) {
        Phrase what(c.title), place;
        if (!c.setting.empty()) what.line().code(c.setting);
        if (!c.protection.empty()) what.line().say(d.texts().of("exposure.protection." + c.protection), Tone::muted);
        if (const auto machine = d.machine(c.system); !machine.empty()) place.say(machine, Tone::strong).line();
        place.code(c.line ? c.path + ":" + std::to_string(*c.line) : c.path);
        if (!c.application.empty()) {
            const auto& word = d.texts().find("report", "exposure.application." + c.application);  // most are names of programs
            place.line().say(word.empty() ? c.application : word);
        }
        Phrase whose(c.account);
        if (!c.host.empty()) whose.line().say(d.say("exposure_at_host", {{"host", c.host}}), Tone::muted);
        if (!c.database.empty()) whose.line().say(d.say("exposure_of_database", {{"database", c.database}}), Tone::muted);
        table.rows.push_back({std::move(what), std::move(place), Phrase(c.owner), std::move(whose), Phrase(c.why)});
    }
    d.table(std::move(table));
    const auto more = e.credential_count - static_cast<std::int64_t>(e.credentials.size());
    if (more > 0) d.paragraph(Phrase(d.say("exposure_more", {{"count", std::to_string(more)}}), Tone::muted));
}

}  // namespace

void write_exposure(DocumentWriter& d) {
    const Exposure& e = d.report().exposure;
    Phrase answer(d.texts().of("exposure.answer." + e.answer), Tone::strong);
    answer.say(". ", Tone::strong).say(e.text);
    name_findings(d, answer, e.findings);
    if (e.findings.empty()) name_findings(d, answer, e.recorded), name_findings(d, answer, e.given);
    d.paragraph(std::move(answer));
    write_rights(d, e);
    write_logs(d, e);
    write_credentials(d, e);
}

}  // namespace deadbox::report
