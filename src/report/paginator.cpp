#include "report/paginator.hpp"

namespace deadbox::report {

Paginator::Paginator(pdf::Document& document, const std::vector<std::string>& links) : m_document(document), m_links(links) { begin_page(); }

void Paginator::begin_page() {
    m_document.begin_page();
    m_y = k_top;
    m_fresh = true;
}

void Paginator::add(Strip strip) {
    const bool waits = strip.keep_with_next;
    m_waiting.push_back(std::move(strip));
    double height = 0;
    for (const auto& one : m_waiting) height += one.height + one.gap;
    // A run of strips that keep together and yet fill a page cannot wait any longer.
    if (waits && height < k_height / 2) return;
    const bool room_only = m_waiting.size() == 1 && m_waiting.front().lines.empty() && m_waiting.front().shapes.empty();
    if (!m_fresh && m_y + height > k_bottom && !room_only) {
        begin_page();
        if (m_head.height > 0) place(m_head, Role::repeated);
    }
    for (const auto& one : m_waiting) {
        const bool fits = m_fresh || m_y + one.gap + one.height <= k_bottom;
        if (!fits && one.lines.empty() && one.shapes.empty()) continue;  // room at the end of a box is not carried over
        if (!fits) begin_page();
        place(one, Role::content);
    }
    m_waiting.clear();
}

void Paginator::flush() {
    for (auto& one : std::exchange(m_waiting, {})) {
        one.keep_with_next = false;
        add(std::move(one));
    }
}

void Paginator::new_page() {
    flush();
    if (!m_fresh) begin_page();
}

void Paginator::place(const Strip& strip, Role role) {
    auto& canvas = m_document.canvas();
    const double gap = m_fresh ? 0 : strip.gap, top = m_y + gap;
    const auto draw = [&](const PlacedShape& s, double y) {
        switch (s.kind) {
            case PlacedShape::Kind::rectangle: canvas.rectangle(s.x, y, s.width, s.height, s.colour); break;
            case PlacedShape::Kind::disc: canvas.disc(s.x, y, s.width, s.colour); break;
            case PlacedShape::Kind::line: canvas.line(s.x, y, s.x + s.width, y + s.height, 0.5, s.colour); break;
        }
    };
    if (!strip.behind.empty() || !strip.behind_gap.empty() || !strip.shapes.empty()) {
        canvas.begin_decoration();
        const auto fill = [&](const std::vector<PlacedShape>& shapes, double y, double height) {
            for (PlacedShape s : shapes) s.height = height, draw(s, y);
        };
        if (gap > 0) fill(strip.behind_gap, m_y, gap);
        fill(strip.behind, top, strip.height);
        for (const auto& s : strip.shapes) draw(s, top + s.y);
        canvas.end_marked();
    }
    if (role == Role::content) {
        m_document.anchor(strip.anchor, top);
        if (strip.bookmark_level > 0) m_document.bookmark(strip.bookmark_level, strip.bookmark, top);
    }
    for (const auto& placed : strip.lines) {
        if (role == Role::repeated) canvas.begin_decoration();
        else canvas.begin_marked("Span", m_document.structure().mark(placed.element, m_document.pages() - 1));
        canvas.text(placed.line, m_document.fonts(), placed.x, top + placed.baseline);
        canvas.end_marked();
        double x = placed.x;
        for (const auto& piece : placed.line.pieces) {
            if (piece.style.link >= 0) m_document.link(m_links[static_cast<std::size_t>(piece.style.link)], x, top + placed.baseline - placed.line.ascent, piece.width, placed.line.ascent + placed.line.descent);
            x += piece.width;
        }
    }
    m_y = top + strip.height;
    m_fresh = false;
}

}  // namespace deadbox::report
