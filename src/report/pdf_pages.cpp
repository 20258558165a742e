#include "report/pdf_pages.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include "report/visible.hpp"

namespace deadbox::report {
namespace {

using pdf::Colour, pdf::FontRole, pdf::Line, pdf::TextRun;

constexpr double k_body = 9.2, k_small = 8, k_listing = 7.6;
constexpr double k_code = 0.88;  // a code face looks larger than the text at the same size
constexpr Colour k_ink{0.11, 0.13, 0.16}, k_escaped{0.54, 0.36, 0.56}, k_link{0.04, 0.36, 0.68}, k_rule{0.82, 0.84, 0.87}, k_panel{0.955, 0.96, 0.97};
constexpr std::array<double, 4> k_heading{21, 15, 11.5, 9.2};
constexpr std::array<double, 4> k_heading_gap{10, 26, 14, 8};

double height_of(const Line& line) { return line.ascent + line.descent; }

bool is_bold(Tone tone) { return tone != Tone::plain && tone != Tone::muted && tone != Tone::info; }

PlacedShape rectangle(double x, double width, const Colour& colour) { return {PlacedShape::Kind::rectangle, x, 0, width, 0, colour}; }

}  // namespace

Colour colour_of(Tone tone) {
    switch (tone) {
        case Tone::plain:
        case Tone::strong: return k_ink;
        case Tone::muted: return {0.35, 0.39, 0.43};
        case Tone::critical: return {0.70, 0.15, 0.12};
        case Tone::high: return {0.71, 0.33, 0.04};
        case Tone::medium: return {0.48, 0.38, 0};
        case Tone::low: return {0.17, 0.40, 0.56};
        case Tone::info: return {0.35, 0.40, 0.44};
    }
    return k_ink;
}

std::string plain_text(const Phrase& phrase) {
    std::string text;
    for (const auto& span : phrase.spans) text += (span.start == Start::new_line ? " " : "") + visible(span.text);
    return text;
}

PdfPages::PdfPages(pdf::Document& document) : m_document(document), m_paginator(document, m_links) { m_frames.push_back({Box::section, pdf::k_document, 0, {}}); }

std::vector<TextRun> PdfPages::runs(const Phrase& phrase, double size, bool bold) {
    std::vector<TextRun> all;
    for (const auto& span : phrase.spans) {
        const bool code = span.face != Face::text, strong = bold || is_bold(span.tone);
        pdf::TextStyle style;
        style.role = code ? (strong ? FontRole::code_bold : FontRole::code) : strong ? FontRole::bold : FontRole::text;
        style.size = code ? size * k_code : size;
        style.colour = span.link.empty() ? colour_of(span.tone) : k_link;
        if (!span.link.empty()) {
            style.link = static_cast<int>(m_links.size());
            m_links.push_back(span.link);
        }
        bool new_line = span.start == Start::new_line;
        for (auto& part : visible_parts(span.text)) {
            pdf::TextStyle shown = style;
            if (part.escape) shown.colour = k_escaped;
            all.push_back({std::move(part.text), shown, std::exchange(new_line, false)});
        }
    }
    return all;
}

void PdfPages::lay(Strip strip, double gap) {
    strip.gap = std::max(gap, m_box_gap);
    strip.behind = frame().behind;
    strip.behind_gap = m_box_gap > 0 ? m_gap_behind : frame().behind;
    m_box_gap = 0;
    if (frame().box == Box::item) m_item.push_back(std::move(strip));
    else m_paginator.add(std::move(strip));
}

// An item stays whole where it does not take too much of a page.
void PdfPages::end_item() {
    constexpr double k_whole = Paginator::k_height * 0.4;
    double height = 0;
    for (const auto& strip : m_item) height += strip.height + strip.gap;
    for (std::size_t i = 0; i + 1 < m_item.size(); ++i) m_item[i].keep_with_next = m_item[i].keep_with_next || height <= k_whole;
    for (auto& strip : std::exchange(m_item, {})) m_paginator.add(std::move(strip));
}

void PdfPages::pad(double height, bool keep_with_next) {
    Strip strip;
    strip.height = height, strip.keep_with_next = keep_with_next;
    lay(std::move(strip), 0);
}

void PdfPages::paragraph(std::vector<Line> lines, double x, double gap, pdf::Element element, Strip head) {
    for (std::size_t from = 0; from < lines.size();) {
        std::size_t to = lines.size() <= 3 ? lines.size() : from == 0 ? 2 : lines.size() - from <= 2 ? lines.size() : from + 1;
        if (lines.size() - to == 1) to = lines.size();
        Strip strip = from == 0 ? std::move(head) : Strip{};
        if (from > 0) strip.keep_with_next = false;
        for (; from < to; ++from) {
            const double baseline = strip.height + lines[from].ascent;
            strip.height += height_of(lines[from]);
            strip.lines.push_back({std::move(lines[from]), x, baseline, element});
        }
        lay(std::move(strip), gap);
        gap = 0;
    }
}

void PdfPages::heading(const Block& b) {
    const auto level = static_cast<std::size_t>(std::clamp(b.level, 0, 3));
    static constexpr std::array<std::string_view, 4> k_types{"H1", "H1", "H2", "H3"};
    Strip head;
    head.keep_with_next = true, head.anchor = b.anchor;
    if (level >= 1 && level <= 2) head.bookmark_level = static_cast<int>(level), head.bookmark = plain_text(b.phrase);
    paragraph(lines(b.phrase, k_heading[level], width(), true), left(), k_heading_gap[level], m_document.structure().add(frame().element, k_types[level]), std::move(head));
    if (level == 1) {
        Strip rule;
        rule.height = 1, rule.keep_with_next = true;
        rule.shapes.push_back({PlacedShape::Kind::rectangle, Paginator::k_left, 0, Paginator::k_width, 0.8, k_rule});
        lay(std::move(rule), 2);
    }
}

void PdfPages::text_block(const Block& b) {
    auto& structure = m_document.structure();
    switch (b.kind) {
        case BlockKind::bullet: {
            if (m_list == pdf::k_document) m_list = structure.add(frame().element, "L");
            const auto item = structure.add(m_list, "LI");
            Strip head;
            head.shapes.push_back({PlacedShape::Kind::disc, left() + 3.5, 6.2, 1.3, 0, colour_of(Tone::muted)});
            paragraph(lines(b.phrase, k_body, width() - 12), left() + 12, 2, structure.add(item, "LBody"), std::move(head));
            break;
        }
        case BlockKind::alarm:
        case BlockKind::banner: {
            const bool alarm = b.kind == BlockKind::alarm;
            const Colour colour = alarm ? colour_of(Tone::critical) : k_ink;
            auto text = lines(b.phrase, alarm ? 12 : 11, width() - 20, true);
            Strip strip;
            for (auto& line : text) {
                for (auto& piece : line.pieces) piece.style.colour = colour;
                const double baseline = strip.height + 7 + line.ascent;
                strip.height += height_of(line);
                strip.lines.push_back({std::move(line), left() + 10, baseline, structure.add(frame().element, "P")});
            }
            strip.height += 14;
            for (const double y : {0.0, strip.height - 1.2}) strip.shapes.push_back({PlacedShape::Kind::rectangle, left(), y, width(), 1.2, colour});
            for (const double x : {left(), left() + width() - 1.2}) strip.shapes.push_back({PlacedShape::Kind::rectangle, x, 0, 1.2, strip.height, colour});
            lay(std::move(strip), 8);
            break;
        }
        default: {
            auto text = lines(b.phrase, k_body, width());
            Strip head;
            head.keep_with_next = m_after_heading && text.size() <= 3;  // it introduces what follows
            paragraph(std::move(text), left(), 4.5, structure.add(frame().element, "P"), std::move(head));
            break;
        }
    }
}

// Lines as they are in the file; tabs to columns of four.
void PdfPages::listing(const std::string& text) {
    const auto element = m_document.structure().add(frame().element, "Code");
    std::vector<Line> all;
    for (std::size_t from = 0; from <= text.size();) {
        const auto end = std::min(text.find('\n', from), text.size());
        std::string expanded;
        for (const char c : text.substr(from, end - from)) {
            if (c == '\t') expanded.append(4 - expanded.size() % 4, ' ');
            else expanded += c;
        }
        if (expanded.empty() && end < text.size()) expanded = " ";
        auto some = lines(Phrase().code(expanded), k_listing / k_code, width() - 12);
        std::move(some.begin(), some.end(), std::back_inserter(all));
        from = end + 1;
    }
    if (all.empty()) return;
    const auto panel = rectangle(left(), width(), {0.91, 0.92, 0.935});
    for (std::size_t from = 0; from < all.size();) {
        std::size_t to = all.size() <= 4 ? all.size() : std::min(from + 2, all.size());
        if (all.size() - to == 1) to = all.size();
        Strip strip;
        const bool first = from == 0;
        strip.height = first ? 4 : 0;
        for (; from < to; ++from) {
            const double baseline = strip.height + all[from].ascent;
            strip.height += height_of(all[from]);
            strip.lines.push_back({std::move(all[from]), left() + 6, baseline, element});
        }
        if (to == all.size()) strip.height += 4;
        strip.shapes.push_back(panel);
        strip.shapes.back().height = strip.height;
        lay(std::move(strip), first ? 4 : 0);
    }
}

std::vector<Strip> PdfPages::row(std::vector<Cell> cells, const std::vector<double>& x, const std::vector<double>& widths, double padding, bool rule) {
    constexpr double k_tallest = Paginator::k_height - 60;
    std::vector<Strip> strips;
    std::vector<std::size_t> next(cells.size());
    for (bool more = true; more;) {
        more = false;
        Strip strip;
        double ascent = 0;  // the first lines stand on one base line
        for (std::size_t i = 0; i < cells.size(); ++i)
            if (next[i] < cells[i].lines.size()) ascent = std::max(ascent, cells[i].lines[next[i]].ascent);
        for (std::size_t i = 0; i < cells.size(); ++i) {
            auto& lines = cells[i].lines;
            double y = padding + (next[i] < lines.size() ? ascent - lines[next[i]].ascent : 0);
            for (; next[i] < lines.size() && y + height_of(lines[next[i]]) <= k_tallest; ++next[i]) {
                auto& line = lines[next[i]];
                const double at = cells[i].align == Align::right ? x[i] + std::max(widths[i] - line.width, 0.0) : x[i], baseline = y + line.ascent;
                y += height_of(line);
                strip.lines.push_back({std::move(line), at, baseline, cells[i].element});
            }
            strip.height = std::max(strip.height, y + padding);
            more = more || next[i] < lines.size();
        }
        if (rule && !more) strip.shapes.push_back({PlacedShape::Kind::rectangle, x.front(), strip.height - 0.5, x.back() + widths.back() - x.front(), 0.5, k_rule});
        strips.push_back(std::move(strip));
    }
    return strips;
}

void PdfPages::terms(const std::vector<Term>& terms) {
    auto& structure = m_document.structure();
    const auto list = structure.add(frame().element, "L");
    double label = 0;
    for (const auto& term : terms) label = std::max(label, pdf::one_line(m_document.fonts(), visible(term.name), {FontRole::text, k_small, k_ink, -1}).width);
    label = std::min(label + 1, width() * 0.24);
    const std::vector<double> x{left(), left() + label + 10}, widths{label, width() - label - 10};
    std::vector<Strip> strips;
    for (const auto& term : terms) {
        const auto item = structure.add(list, "LI");
        std::vector<Cell> cells(2);
        cells[0] = {lines(Phrase(term.name, Tone::muted), k_small, widths[0]), structure.add(item, "Lbl"), Align::left};
        cells[1] = {lines(term.value, k_small, widths[1]), structure.add(item, "LBody"), Align::left};
        for (auto& strip : row(std::move(cells), x, widths, 0.6, false)) strips.push_back(std::move(strip));
    }
    // A few facts about one thing are not torn from each other.
    constexpr double k_whole = Paginator::k_height * 0.2;
    double height = 0, gap = 4;
    for (const auto& strip : strips) height += strip.height;
    for (std::size_t i = 0; i < strips.size(); ++i) {
        if (height <= k_whole && i + 1 < strips.size()) strips[i].keep_with_next = true;
        lay(std::move(strips[i]), std::exchange(gap, 0));
    }
}

double PdfPages::longest_word(std::string_view text, pdf::FontRole role) {
    double longest = 0;
    while (!text.empty()) {
        const auto end = std::min(text.find(' '), text.size());
        if (end > 0) longest = std::max(longest, pdf::one_line(m_document.fonts(), std::string(text.substr(0, end)), {role, k_small, k_ink, -1}).width);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return longest;
}

// Each column has its share; what a column does not need goes to the others.
std::vector<double> PdfPages::column_widths(const Table& table, double width, double padding) {
    constexpr std::size_t k_sample = 40;
    const std::size_t n = table.columns.size(), sampled = std::min(table.rows.size(), k_sample);
    // The first rows and the last one: numbers that count the rows are widest there.
    const auto sample = [&](std::size_t r) -> const auto& { return table.rows[r + 1 == sampled ? table.rows.size() - 1 : r]; };
    std::vector<double> wanted(n), least(n), widths(n);
    for (std::size_t i = 0; i < n; ++i) {
        wanted[i] = pdf::one_line(m_document.fonts(), table.columns[i].title, {FontRole::bold, k_small, k_ink, -1}).width;
        for (std::size_t r = 0; r < sampled; ++r)
            for (const auto& line : lines(sample(r)[i], k_small, 1e6)) wanted[i] = std::max(wanted[i], line.width);
        wanted[i] += padding + 0.5;
        least[i] = longest_word(table.columns[i].title, FontRole::bold);
        for (std::size_t r = 0; r < sampled; ++r)
            for (const auto& span : sample(r)[i].spans)
                if (span.face == Face::text && span.link.empty()) least[i] = std::max(least[i], std::min(longest_word(visible(span.text), is_bold(span.tone) ? FontRole::bold : FontRole::text), width * 0.24));
        least[i] += padding + 0.5;
    }
    // Where the longest words together are wider than the page, some have to break.
    const double together = std::accumulate(least.begin(), least.end(), 0.0);
    if (together > width)
        for (auto& one : least) one *= width / together;
    std::vector<bool> fixed(n, false);
    for (bool changed = true; changed;) {
        changed = false;
        double room = width, shares = 0;
        for (std::size_t i = 0; i < n; ++i) fixed[i] ? room -= widths[i] : shares += table.columns[i].share;
        for (std::size_t i = 0; i < n; ++i) {
            if (fixed[i]) continue;
            widths[i] = room * table.columns[i].share / shares;
            if (wanted[i] <= widths[i] || widths[i] < least[i]) widths[i] = wanted[i] <= widths[i] ? wanted[i] : least[i], fixed[i] = true, changed = true;
        }
        if (std::all_of(fixed.begin(), fixed.end(), [](bool one) { return one; })) {  // all fit: the widest gets what is left
            const double used = std::accumulate(widths.begin(), widths.end(), 0.0);
            *std::max_element(widths.begin(), widths.end()) += std::max(width - used, 0.0);
            break;
        }
    }
    return widths;
}

void PdfPages::table(const Table& table) {
    constexpr double k_padding = 8;
    auto& structure = m_document.structure();
    const auto element = structure.add(frame().element, "Table");
    auto widths = column_widths(table, width(), k_padding);
    std::vector<double> x(widths.size(), left());
    for (std::size_t i = 1; i < x.size(); ++i) x[i] = x[i - 1] + widths[i - 1];
    for (std::size_t i = 0; i + 1 < widths.size(); ++i) widths[i] -= k_padding;
    const auto head_row = structure.add(element, "TR");
    std::vector<Cell> cells;
    for (std::size_t i = 0; i < widths.size(); ++i)
        cells.push_back({lines(Phrase(table.columns[i].title, Tone::muted), k_small, widths[i], true), structure.add(head_row, "TH", {}, "/O /Table /Scope /Column"), table.columns[i].align});
    Strip head = std::move(row(std::move(cells), x, widths, 2.5, true).front());
    head.keep_with_next = true;
    Strip repeated = head;
    repeated.behind = frame().behind;
    lay(std::move(head), 6);
    bool first = true;
    for (const auto& content : table.rows) {
        const auto line = structure.add(element, "TR");
        cells.clear();
        for (std::size_t i = 0; i < widths.size(); ++i) cells.push_back({lines(content[i], k_small, widths[i]), structure.add(line, "TD"), table.columns[i].align});
        for (auto& strip : row(std::move(cells), x, widths, 2.2, true)) {
            lay(std::move(strip), 0);
            if (std::exchange(first, false)) m_paginator.repeat(repeated);
        }
    }
    m_paginator.flush();
    m_paginator.repeat({});
}

void PdfPages::drawing(const Drawing& drawing) {
    const auto figure = m_document.structure().add(frame().element, "Figure", visible(drawing.description));
    const double scale = width() / drawing.width;
    Strip strip;
    strip.height = drawing.height * scale + 2;
    for (const auto& s : drawing.shapes) {
        const double x = left() + s.x * scale, y = s.y * scale;
        switch (s.kind) {
            case ShapeKind::bar: strip.shapes.push_back({PlacedShape::Kind::rectangle, x, y, s.width * scale, s.height * scale, colour_of(s.tone)}); break;
            case ShapeKind::line: strip.shapes.push_back({PlacedShape::Kind::line, x, y, s.width * scale, s.height * scale, k_rule}); break;
            case ShapeKind::dot: strip.shapes.push_back({PlacedShape::Kind::disc, x, y, s.width * scale, 0, colour_of(s.tone)}); break;
            case ShapeKind::label: {
                auto line = pdf::one_line(m_document.fonts(), visible(s.text), {FontRole::text, 6.4, colour_of(s.tone), -1});
                const double shift = s.anchor == Anchor::start ? 0 : s.anchor == Anchor::middle ? line.width / 2 : line.width;
                strip.lines.push_back({std::move(line), x - shift, y, figure});
                break;
            }
        }
    }
    lay(std::move(strip), 8);
}

void PdfPages::contents(const std::vector<Term>& entries) {
    const auto element = m_document.structure().add(frame().element, "TOC");
    double gap = 22;
    for (const auto& entry : entries) {
        Strip strip;
        auto text = lines(entry.value, 10, width());
        if (text.empty()) continue;
        strip.height = height_of(text.front()) + 3;
        const double baseline = text.front().ascent + 1.5;
        const std::string anchor = entry.value.spans.front().link;
        strip.lines.push_back({std::move(text.front()), left(), baseline, m_document.structure().add(element, "TOCI")});
        strip.anchor = "contents:" + anchor;  // the page's number is drawn when every page is known
        m_named.push_back(anchor);
        lay(std::move(strip), std::exchange(gap, 0));
    }
}

void PdfPages::open(const Block& b) {
    auto& structure = m_document.structure();
    Frame next{b.box, frame().element, frame().indent, frame().behind};
    switch (b.box) {
        case Box::title: next.element = structure.add(frame().element, "Sect"); break;
        case Box::section:
            next.element = structure.add(frame().element, "Sect");
            break;
        case Box::verdict:
            next.element = structure.add(frame().element, "Sect"), next.indent += 14;
            next.behind.push_back(rectangle(Paginator::k_left, Paginator::k_width, k_panel));
            next.behind.push_back(rectangle(Paginator::k_left, 4, colour_of(b.tone)));
            m_box_gap = 10;
            break;
        case Box::finding:
            next.element = structure.add(frame().element, "Sect"), next.indent += 10;
            next.behind.push_back(rectangle(left(), 2.5, colour_of(b.tone)));
            m_box_gap = 13;
            break;
        case Box::item:
            next.element = structure.add(frame().element, "Div"), next.indent += 7;
            next.behind.push_back(rectangle(left(), width(), k_panel));
            m_box_gap = 5;
            break;
        case Box::details: break;
    }
    if (m_box_gap > 0) m_gap_behind = frame().behind;  // what both lie in
    m_frames.push_back(std::move(next));
    if (b.box == Box::verdict || b.box == Box::item) pad(b.box == Box::item ? 3 : 8, true);
    if (b.phrase.empty()) return;
    const bool finding = b.box == Box::finding;
    Strip head;
    head.keep_with_next = true, head.anchor = b.anchor;
    if (finding) head.bookmark_level = 3, head.bookmark = shortened(plain_text(b.phrase), k_title);
    const double size = b.box == Box::verdict ? 17 : finding ? 10.2 : k_small;
    paragraph(lines(b.phrase, size, width(), b.box != Box::details), left(), b.box == Box::details ? 5 : 0, structure.add(frame().element, finding ? "H3" : "P"), std::move(head));
}

void PdfPages::close(Box box) {
    if (box == Box::verdict || box == Box::item) pad(box == Box::item ? 4 : 8, false);
    if (box == Box::item) end_item();
    m_paginator.flush();
    if (m_frames.size() > 1) m_frames.pop_back();
    m_gap_behind = frame().behind;
    m_box_gap = box == Box::item ? 5 : box == Box::finding || box == Box::verdict ? 10 : m_box_gap;
    if (box == Box::title) m_paginator.new_page();
}

void PdfPages::block(const Block& b) {
    if (b.kind != BlockKind::bullet) m_list = pdf::k_document;
    const bool heading_before = std::exchange(m_heading_before, (b.kind == BlockKind::heading && b.level > 0 && b.level < 3) || (b.kind == BlockKind::open && b.box == Box::finding));
    m_after_heading = heading_before;
    switch (b.kind) {
        case BlockKind::heading: heading(b); break;
        case BlockKind::paragraph:
        case BlockKind::bullet:
        case BlockKind::alarm:
        case BlockKind::banner: text_block(b); break;
        case BlockKind::terms: terms(b.terms); break;
        case BlockKind::table: table(b.table); break;
        case BlockKind::listing: listing(b.phrase.spans.front().text); break;
        case BlockKind::drawing: drawing(b.drawing); break;
        case BlockKind::contents: contents(b.terms); break;
        case BlockKind::open: open(b); break;
        case BlockKind::close: close(b.box); break;
    }
}

}  // namespace deadbox::report
