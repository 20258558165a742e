#include "report/html_finding.hpp"

#include <array>

#include <fmt/format.h>

namespace deadbox::report {
namespace {

constexpr std::size_t k_shown = 50;   // items of one finding on the page; the manifest has all
constexpr std::size_t k_open = 3;     // of these, shown without opening the rest

std::string_view shape(plugin::Severity severity) {
    static constexpr std::array<std::string_view, 5> k_shapes{"○", "▽", "●", "▲", "◆"};
    return k_shapes[static_cast<std::size_t>(severity)];
}

void write_facts(HtmlWriter& h, const ReportItem& i) {
    h.raw("<dl>");
    if (i.inode) {
        std::string owner = std::to_string(i.uid) + ":" + std::to_string(i.gid);
        if (!i.user.empty() || !i.group.empty()) owner += " (" + (i.user.empty() ? "?" : i.user) + ":" + (i.group.empty() ? "?" : i.group) + ")";
        h.term("size", size_text(static_cast<std::uint64_t>(std::max<std::int64_t>(i.size, 0)))).term("mode", fmt::format("{:04o}", i.mode)).term("owner", owner);
        h.term("inode", fmt::format("{} ({})", *i.inode, i.volume));
        if (i.content != "live") h.term("content", i.content);
        h.raw("<dt>").say("times").raw("</dt><dd>");
        const std::pair<const char*, const Time&> times[] = {{"m", i.times.modified}, {"a", i.times.accessed}, {"c", i.times.changed}, {"b", i.times.born}, {"d", i.times.deleted}};
        for (const auto& [letter, time] : times)
            if (time) h.raw(letter).raw(" ").raw(time_cell(time)).raw(" &ensp; ");
        h.raw("</dd>\n").term_code("md5", i.md5).term_code("sha1", i.sha1).term_code("sha256", i.sha256);
    }
    if (i.reference && i.reference->kind != "none") {
        const auto& r = *i.reference;
        h.raw("<dt>").say("reference").raw("</dt><dd>").text(r.package).raw(r.package.empty() ? "" : ": ").text(h.texts().of("reference." + r.kind));
        if (!r.expected.empty()) h.raw("<br>").text(r.algorithm).raw(" ").say("expected_digest").raw(" ").code(r.expected);
        if (!r.found.empty()) h.raw("<br>").text(r.algorithm).raw(" ").say("found_digest").raw(" ").code(r.found);
        h.raw("</dd>\n");
    }
    h.term("site", i.site).term_code("ref", i.ref).raw("</dl>\n");
    if (!i.reproduce.empty()) {
        h.raw("<details><summary>").say("reproduce").raw("</summary>");
        for (const auto& command : i.reproduce) h.raw("<pre>").block(command).raw("</pre>");
        h.raw("</details>\n");
    }
}

void write_item(HtmlWriter& h, const ReportItem& i) {
    h.raw("<div class=item><div class=path>");
    if (i.path) h.code(*i.path);
    else if (i.inode) h.code(fmt::format("inode {}", *i.inode));
    if (!i.key.empty() && i.key != i.path) h.raw(i.path || i.inode ? " &middot; " : "").code(i.key);
    if (i.line) h.raw(" <span class=muted>").say("line").raw(" ").text(std::to_string(*i.line)).raw("</span>");
    if (i.inode && !i.name_allocated) h.raw(" <span class=muted>(").say("deleted_name").raw(")</span>");
    h.raw("</div>\n");
    if (i.excerpt && !i.excerpt->empty()) h.raw("<pre>").block(*i.excerpt).raw("</pre>\n");
    write_facts(h, i);
    h.raw("</div>\n");
}

void write_paragraph(HtmlWriter& h, std::string_view key, std::string_view text) {
    if (!text.empty()) h.raw("<h4>").say(key).raw("</h4><p>").text(text).raw("</p>\n");
}

}  // namespace

std::string time_cell(const Time& time) {
    if (!time) return "&ndash;";
    const std::string text = base::to_rfc3339(*time);
    return fmt::format("<time datetime=\"{0}\" title=\"{0}\">{1} {2} UTC</time>", text, text.substr(0, text.find('T')), text.substr(text.find('T') + 1, 8));
}

std::string size_text(std::uint64_t bytes) {
    static constexpr std::array<std::string_view, 7> k_units{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    if (bytes < 1024) return fmt::format("{} B", bytes);
    double value = static_cast<double>(bytes);
    std::size_t unit = 0;
    for (; value >= 1024 && unit + 1 < k_units.size(); ++unit) value /= 1024;
    return fmt::format("{:.1f} {} ({} B)", value, k_units[unit], bytes);
}

void write_severity(HtmlWriter& h, plugin::Severity severity) {
    h.raw("<span class=\"sev ").raw(name_of(severity)).raw("\">").raw(shape(severity)).raw(" ").text(h.texts().of("severity." + std::string(name_of(severity)))).raw("</span>");
}

void write_html_finding(HtmlWriter& h, const ReportFinding& f) {
    h.raw("<article class=\"finding s-").raw(name_of(f.severity)).raw(f.state == "dismissed" ? " dismissed" : "").raw("\" id=\"f-").text(f.id).raw("\">\n<header>");
    write_severity(h, f.severity);
    h.raw(" <h3>").text(f.title).raw("</h3></header>\n<p class=meta>").text(h.texts().of("confidence." + std::string(name_of(f.confidence)))).raw(" &middot; <code>").text(f.rule).raw("</code>");
    if (f.first_seen) h.raw(" &middot; ").say("since").raw(" ").raw(time_cell(f.first_seen)).raw(" (").text(h.texts().of("basis." + std::string(name_of(f.basis)))).raw(")");
    if (f.last_seen) h.raw(" &middot; ").say("last").raw(" ").raw(time_cell(f.last_seen));
    for (const auto& id : f.attack) h.raw(" &middot; ").text(id);
    h.raw(" &middot; ").text(f.id).raw("</p>\n");
    if (f.state != "open" || !f.tags.empty()) {
        h.raw("<p><strong>").text(h.texts().of("state." + f.state)).raw("</strong> ").text(f.reason);
        for (const auto& tag : f.tags) h.raw(" <code>").text(tag).raw("</code>");
        h.raw("</p>\n");
    }
    write_paragraph(h, "why", f.explanation);
    write_paragraph(h, "innocent", f.innocent_reason);
    write_paragraph(h, "next", f.next_step);
    for (const auto& mark : f.marks)
        if (!mark.comment.empty()) h.raw("<p><span class=muted>").text(mark.at.substr(0, 19)).raw(" ").text(mark.by).raw("</span> ").text(mark.comment).raw("</p>\n");
    if (!f.items.empty()) {
        h.raw("<h4>").say("items").raw("</h4>\n");
        const std::size_t shown = std::min(f.items.size(), k_shown);
        for (std::size_t i = 0; i < shown; ++i) {
            if (i == k_open && shown > k_open + 1) h.raw("<details><summary>").text(fmt::format("+ {}", shown - k_open)).raw("</summary>\n");
            write_item(h, f.items[i]);
        }
        if (shown > k_open + 1) h.raw("</details>\n");
        if (f.item_count > static_cast<std::int64_t>(shown)) h.raw("<p class=muted>").say("items_cut", {{"shown", std::to_string(shown)}, {"count", std::to_string(f.item_count)}}).raw("</p>\n");
    }
    h.raw("</article>\n");
}

}  // namespace deadbox::report
