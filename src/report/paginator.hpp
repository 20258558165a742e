// Puts what has been laid out onto pages. The smallest thing is a strip over the page's width: a line, a row of a table.
// A strip is never torn; only a strip taller than a page is (its maker cuts it before).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "pdf/document.hpp"

namespace deadbox::report {

// A line of text in a strip; x from the page's left edge, baseline from the strip's top.
struct PlacedLine {
    pdf::Line line;
    double x = 0, baseline = 0;
    pdf::Element element = pdf::k_document;
};
struct PlacedShape {
    enum class Kind : std::uint8_t { rectangle, disc, line } kind = Kind::rectangle;
    double x = 0, y = 0, width = 0, height = 0;  // disc: the centre, width is the radius; line: to x + width, y + height
    pdf::Colour colour;
};

struct Strip {
    double gap = 0;     // above it, unless it is the first on its page
    double height = 0;
    bool keep_with_next = false;
    std::vector<PlacedShape> shapes;  // below the text; decoration
    std::vector<PlacedLine> lines;
    std::vector<PlacedShape> behind, behind_gap;  // drawn behind it over its whole height, and behind the gap above it
    std::string anchor;
    int bookmark_level = 0;  // 0: none
    std::string bookmark;
};

class Paginator {
public:
    // `links`: anchors by the numbers that text styles have; it grows meanwhile.
    Paginator(pdf::Document& document, const std::vector<std::string>& links);

    void add(Strip strip);
    void new_page();  // what follows begins on one, unless nothing stands on this
    void flush();     // nothing waits for a successor any more
    // From now on every new page begins with this strip, until it is taken back with an empty one (height 0).
    void repeat(Strip head) { m_head = std::move(head); }

    static constexpr double k_left = 56, k_right = 539.276, k_top = 64, k_bottom = 786;
    static constexpr double k_width = k_right - k_left, k_height = k_bottom - k_top;

private:
    enum class Role : bool { content, repeated };
    void place(const Strip& strip, Role role);
    void begin_page();
    pdf::Document& m_document;
    const std::vector<std::string>& m_links;
    std::vector<Strip> m_waiting;  // those that keep with their next
    Strip m_head;
    double m_y = k_top;
    bool m_fresh = true;  // nothing stands on this page
};

}  // namespace deadbox::report
