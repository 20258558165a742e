#include "report/html_exposure.hpp"

#include <algorithm>

namespace deadbox::report {
namespace {

void write_findings(HtmlWriter& h, const Report& report, const std::vector<std::string>& ids) {
    for (const auto& id : ids) {
        const auto f = std::find_if(report.findings.begin(), report.findings.end(), [&](const auto& one) { return one.id == id; });
        if (f != report.findings.end()) h.raw("<br><a href=\"#f-").text(id).raw("\">").text(f->title).raw("</a>");
        if (&id - ids.data() >= 4) break;
    }
}

void write_heads(HtmlWriter& h, std::initializer_list<const char*> keys) {
    h.raw("<table><thead><tr>");
    for (const auto* key : keys) h.raw("<th>").say(key).raw("</th>");
    h.raw("</tr></thead><tbody>\n");
}

void write_rights(HtmlWriter& h, const Report& report) {
    h.raw("<h3>").say("exposure_rights").raw("</h3>\n");
    if (report.exposure.rights.empty()) {
        h.raw("<p class=muted>").say("exposure_no_rights").raw("</p>\n");
        return;
    }
    h.raw("<ul>");
    for (const auto& right : report.exposure.rights) {
        h.raw("<li>").text(right.why);
        write_findings(h, report, right.findings);
        h.raw("</li>");
    }
    h.raw("</ul>\n");
    if (report.exposure.areas.empty()) return;
    write_heads(h, {"exposure_area", "exposure_files", "exposure_bytes"});
    for (const auto& area : report.exposure.areas)
        h.raw("<tr><td>").text(area.title).raw("</td><td class=n>").text(std::to_string(area.files)).raw("</td><td class=n>").text(std::to_string(area.bytes)).raw("</td></tr>\n");
    h.raw("</tbody></table>\n");
}

void write_logs(HtmlWriter& h, const Exposure& e) {
    h.raw("<h3>").say("exposure_logs").raw("</h3>\n");
    write_heads(h, {"exposure_record", "state", "exposure_files", "exposure_bytes", "exposure_period", "exposure_meaning"});
    for (const auto& log : e.logs) {
        h.raw("<tr><td>").text(log.title).raw("</td><td>").text(h.texts().of("exposure.state." + log.state)).raw("</td><td class=n>").text(std::to_string(log.files)).raw("</td><td class=n>").text(std::to_string(log.bytes)).raw("</td><td>");
        if (log.from && log.to) h.text(base::to_rfc3339(*log.from).substr(0, 10)).raw(" – ").text(base::to_rfc3339(*log.to).substr(0, 10));
        h.raw("</td><td>").text(log.text);
        for (const auto& path : log.paths) h.raw("<br>").code(path);
        h.raw("</td></tr>\n");
    }
    h.raw("</tbody></table>\n");
}

void write_credentials(HtmlWriter& h, const Exposure& e) {
    if (e.credentials.empty()) return;
    h.raw("<h3>").say("exposure_credentials").raw("</h3>\n<p>").say("exposure_credentials_text").raw("</p>\n");
    write_heads(h, {"exposure_what", "exposure_place", "exposure_owner", "exposure_account", "exposure_why"});
    for (const auto& c : e.credentials) {
        h.raw("<tr><td>").text(c.title);
        if (!c.setting.empty()) h.raw("<br>").code(c.setting);
        if (!c.protection.empty()) h.raw("<br><span class=muted>").text(h.texts().of("exposure.protection." + c.protection)).raw("</span>");
        h.raw("</td><td>").code(c.path);
        if (c.line) h.raw(":").text(std::to_string(*c.line));
        if (!c.application.empty()) h.raw("<br>").text(c.application);
        h.raw("</td><td>").text(c.owner).raw("</td><td>").text(c.account).raw("</td><td>").text(c.why).raw("</td></tr>\n");
    }
    h.raw("</tbody></table>\n");
    if (e.credential_count > static_cast<std::int64_t>(e.credentials.size())) h.raw("<p>").say("exposure_more", {{"count", std::to_string(e.credential_count - static_cast<std::int64_t>(e.credentials.size()))}}).raw("</p>\n");
}

}  // namespace

void write_exposure(HtmlWriter& h, const Report& report) {
    const Exposure& e = report.exposure;
    h.raw("<h2 id=exposure>").say("exposure").raw("</h2>\n<p><strong>").text(h.texts().of("exposure.answer." + e.answer)).raw("</strong> ").text(e.text);
    write_findings(h, report, e.findings);
    h.raw("</p>\n");
    write_rights(h, report);
    write_logs(h, e);
    write_credentials(h, e);
}

}  // namespace deadbox::report
