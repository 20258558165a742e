// report.html: one file that needs nothing beside it, no network and no script; where scripts are allowed, one small one
// of ours, named by its hash, filters the findings.
#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "base/resources.hpp"
#include "report/document_writer.hpp"
#include "report/html_writer.hpp"
#include "report/visible.hpp"

namespace deadbox::report {
namespace {

constexpr std::array<std::string_view, 8> k_tones{"", "muted", "strong", "critical", "high", "medium", "low", "info"};
std::string_view class_of(Tone tone) { return k_tones[static_cast<std::size_t>(tone)]; }

std::string base64(std::string_view bytes) {
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    text.resize(static_cast<std::size_t>(EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()))));
    return text;
}

// As a content security policy names an inline style or script.
std::string source_hash(std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
    return base64({reinterpret_cast<const char*>(digest.data()), 32});
}

void write_span(HtmlWriter& h, const Span& span) {
    if (span.start == Start::new_line) h.raw("<br>");
    const bool code = span.face != Face::text;
    const auto tone = class_of(span.tone);
    if (!span.link.empty()) h.raw("<a href=\"#").text(span.link).raw("\">");
    if (code) {
        h.raw("<code").raw(tone.empty() ? "" : " class=").raw(tone).raw(">");
        if (span.face == Face::program) h.program(span.text);
        else h.text(span.text);
        h.raw("</code>");
    } else if (span.tone == Tone::strong) h.raw("<b>").text(span.text).raw("</b>");
    else if (!tone.empty()) h.raw("<span class=").raw(tone).raw(">").text(span.text).raw("</span>");
    else h.text(span.text);
    if (!span.link.empty()) h.raw("</a>");
}

void write_phrase(HtmlWriter& h, const Phrase& phrase) {
    for (const auto& span : phrase.spans) write_span(h, span);
}

void write_terms(HtmlWriter& h, const std::vector<Term>& terms) {
    h.raw("<dl>");
    for (const auto& term : terms) {
        h.raw("<dt>").text(term.name).raw("</dt><dd>");
        write_phrase(h, term.value);
        h.raw("</dd>\n");
    }
    h.raw("</dl>\n");
}

void write_table(HtmlWriter& h, const Table& table) {
    double whole = 0;
    for (const auto& column : table.columns) whole += column.share;
    h.raw("<table><thead><tr>");
    for (const auto& column : table.columns) h.raw(fmt::format("<th{} width=\"{:.0f}%\">", column.align == Align::right ? " class=n" : "", 100 * column.share / whole)).text(column.title).raw("</th>");
    h.raw("</tr></thead><tbody>\n");
    for (const auto& row : table.rows) {
        h.raw("<tr>");
        for (std::size_t i = 0; i < row.size(); ++i) {
            h.raw(table.columns[i].align == Align::right ? "<td class=n>" : "<td>");
            write_phrase(h, row[i]);
            h.raw("</td>");
        }
        h.raw("</tr>\n");
    }
    h.raw("</tbody></table>\n");
}

void write_drawing(HtmlWriter& h, const Drawing& drawing) {
    static constexpr std::array<std::string_view, 3> k_anchors{"start", "middle", "end"};
    h.raw(fmt::format("<svg viewBox=\"0 0 {:.0f} {:.0f}\" role=img><title>", drawing.width, drawing.height)).text(drawing.description).raw("</title>\n");
    for (const auto& s : drawing.shapes) {
        const auto tone = class_of(s.tone);
        switch (s.kind) {
            case ShapeKind::bar: h.raw(fmt::format("<rect class={} x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>", tone, s.x, s.y, s.width, s.height)); break;
            case ShapeKind::line: h.raw(fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>", s.x, s.y, s.x + s.width, s.y + s.height)); break;
            case ShapeKind::dot: h.raw(fmt::format("<circle class={} cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:.1f}\"/>", tone, s.x, s.y, s.width)); break;
            case ShapeKind::label:
                h.raw(fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor={}>", s.x, s.y, k_anchors[static_cast<std::size_t>(s.anchor)])).text(s.text).raw("</text>");
                break;
        }
    }
    h.raw("</svg>\n");
}

class HtmlPage {
public:
    HtmlPage(HtmlWriter& writer, const Texts& texts) : h(writer), m_texts(texts) {}
    void block(const Block& b);

private:
    void open(const Block& b);
    void close(Box box);
    void write_filter();
    void bullets(BlockKind kind) {  // bullets that follow each other are one list
        if (m_list == (kind == BlockKind::bullet)) return;
        h.raw(m_list ? "</ul>\n" : "<ul>");
        m_list = !m_list;
    }
    HtmlWriter& h;
    const Texts& m_texts;
    bool m_list = false;
};

// Shown by the script; without one there is nothing to filter with.
void HtmlPage::write_filter() {
    h.raw("<form id=filter hidden><label>").say("filter").raw(" <select id=filter-severity><option value=\"\">").say("filter_all").raw("</option>");
    for (const char* severity : {"critical", "high", "medium", "low", "info"}) h.raw("<option value=").raw(severity).raw(">").text(m_texts.of(std::string("severity.") + severity)).raw("</option>");
    h.raw("</select></label> <input id=filter-words type=search placeholder=\"").say("filter_words").raw("\" aria-label=\"").say("filter_words").raw("\"> <label><input id=filter-open type=checkbox> ").say("filter_open");
    h.raw("</label> <output id=filter-count data-text=\"").text(m_texts.of("html.filter_count")).raw("\"></output></form>\n");
}

void HtmlPage::open(const Block& b) {
    switch (b.box) {
        case Box::title: h.raw("<header id=top>\n"); break;
        case Box::section: h.raw("<section>\n"); break;
        case Box::verdict:
            h.raw("<div class=\"verdict v-").raw(class_of(b.tone)).raw("\" id=\"").text(b.anchor).raw("\"><p class=level>");
            write_phrase(h, b.phrase);
            h.raw("</p>\n");
            break;
        case Box::finding:
            h.raw("<article class=\"finding s-").raw(class_of(b.tone)).raw(b.name == "dismissed" ? " dismissed" : "").raw("\" id=\"").text(b.anchor).raw("\" data-severity=").raw(class_of(b.tone)).raw(">\n<h3>");
            write_phrase(h, b.phrase);
            h.raw("</h3>\n");
            break;
        case Box::item: h.raw("<div class=item>"); break;
        case Box::details:
            h.raw("<details><summary>");
            write_phrase(h, b.phrase);
            h.raw("</summary>\n");
            break;
    }
}

void HtmlPage::close(Box box) {
    switch (box) {
        case Box::title: h.raw("</header>\n"); break;
        case Box::section: h.raw("</section>\n"); break;
        case Box::verdict:
        case Box::item: h.raw("</div>\n"); break;
        case Box::finding: h.raw("</article>\n"); break;
        case Box::details: h.raw("</details>\n"); break;
    }
}

void HtmlPage::block(const Block& b) {
    bullets(b.kind);
    switch (b.kind) {
        case BlockKind::heading: {
            static constexpr std::array<std::string_view, 4> k_tags{"h1", "h2", "h3", "h4"};
            const auto tag = k_tags[static_cast<std::size_t>(std::clamp(b.level, 0, 3))];
            h.raw("<").raw(tag);
            if (!b.anchor.empty()) h.raw(" id=\"").text(b.anchor).raw("\"");
            h.raw(">");
            write_phrase(h, b.phrase);
            h.raw("</").raw(tag).raw(">\n");
            if (b.anchor == "findings") write_filter();
            break;
        }
        case BlockKind::paragraph:
            h.raw("<p>");
            write_phrase(h, b.phrase);
            h.raw("</p>\n");
            break;
        case BlockKind::bullet:
            h.raw("<li>");
            write_phrase(h, b.phrase);
            h.raw("</li>\n");
            break;
        case BlockKind::alarm:
        case BlockKind::banner:
            h.raw(b.kind == BlockKind::alarm ? "<p class=alarm>" : "<p class=tlp>");
            write_phrase(h, b.phrase);
            h.raw("</p>\n");
            break;
        case BlockKind::terms: write_terms(h, b.terms); break;
        case BlockKind::table: write_table(h, b.table); break;
        case BlockKind::listing: h.raw("<pre>").block(b.phrase.spans.front().text).raw("</pre>\n"); break;
        case BlockKind::drawing: write_drawing(h, b.drawing); break;
        case BlockKind::contents:
            h.raw("<nav><ul>");
            for (const auto& term : b.terms) {
                h.raw("<li>");
                write_phrase(h, term.value);
                h.raw("</li>");
            }
            h.raw("</ul></nav>\n");
            break;
        case BlockKind::open: open(b); break;
        case BlockKind::close: close(b.box); break;
    }
}

// The page around the document: resources/report/report.html with its {placeholders} filled, cut where {body} stands.
struct PageFrame {
    std::string before, after;
};
base::Result<PageFrame> frame_of(const FormatInput& input) {
    TRY_ASSIGN(const std::string folder, base::resources_folder());
    TRY_ASSIGN(const std::string page, base::read_resource(folder + "/report/report.html"));
    TRY_ASSIGN(const std::string style, base::read_resource(folder + "/report/report.css"));
    TRY_ASSIGN(const std::string script, base::read_resource(folder + "/report/report.js"));
    constexpr std::string_view k_body = "{body}";
    const auto at = page.find(k_body);
    if (at == std::string::npos) return base::fail(base::Errc::corrupt, folder + "/report/report.html has no {body}");
    const auto& number = input.report.case_data.number;
    HtmlWriter title(input.texts), footer(input.texts), language(input.texts);
    title.say("title").text(number.empty() ? "" : " " + visible(number));  // no markup in a title
    const Arguments arguments{{"language", language.text(input.report.language).take()},
                              {"policy", fmt::format("default-src 'none'; {}style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'", input.selection.logo.empty() ? "" : "img-src data:; ", source_hash(style), source_hash(script))},
                              {"title", title.take()}, {"style", style}, {"script", script}, {"footer", footer.text("deadbox. ").say("joiner_text").take()}};
    return PageFrame{fill(page.substr(0, at), arguments), fill(page.substr(at + k_body.size()), arguments)};
}

}  // namespace

base::Result<void> write_html(const FormatInput& input, OutputFile& out) {
    TRY_ASSIGN(const PageFrame frame, frame_of(input));
    HtmlWriter h(input.texts);
    out.write(frame.before);
    if (!input.selection.logo.empty()) h.raw("<img class=logo alt=\"\" src=\"data:image/png;base64,").raw(base64(input.selection.logo)).raw("\">\n");
    HtmlPage page(h, input.texts);
    write_document(input, [&](const Block& block) {
        page.block(block);
        out.write(h.take());
    });
    out.write(frame.after);
    return {};
}

}  // namespace deadbox::report
