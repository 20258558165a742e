// The document's blocks as strips for pages: styles, columns, boxes.
#pragma once

#include <string>
#include <vector>

#include "report/document.hpp"
#include "report/paginator.hpp"

namespace deadbox::report {

class PdfPages {
public:
    explicit PdfPages(pdf::Document& document);
    void block(const Block& block);
    void end() { m_paginator.flush(); }
    // What the contents name. The line of each has the anchor "contents:" + its own.
    const std::vector<std::string>& named() const { return m_named; }

private:
    struct Frame {
        Box box;
        pdf::Element element;
        double indent = 0;
        std::vector<PlacedShape> behind;
    };
    struct Cell {
        std::vector<pdf::Line> lines;
        pdf::Element element = pdf::k_document;
        Align align = Align::left;
    };

    void open(const Block& block);
    void close(Box box);
    void heading(const Block& block);
    void text_block(const Block& block);
    void listing(const std::string& text);
    void terms(const std::vector<Term>& terms);
    void table(const Table& table);
    void drawing(const Drawing& drawing);
    void contents(const std::vector<Term>& entries);

    // A row of cells side by side; cut into several strips only where it is taller than a page.
    std::vector<Strip> row(std::vector<Cell> cells, const std::vector<double>& x, const std::vector<double>& widths, double padding, bool rule);
    std::vector<pdf::TextRun> runs(const Phrase& phrase, double size, bool bold = false);
    std::vector<pdf::Line> lines(const Phrase& phrase, double size, double width, bool bold = false) { return pdf::break_lines(m_document.fonts(), runs(phrase, size, bold), width); }
    double longest_word(std::string_view text, pdf::FontRole role);
    std::vector<double> column_widths(const Table& table, double width, double padding);
    // Lines below each other, never fewer than two alone at a page's end or beginning.
    void paragraph(std::vector<pdf::Line> lines, double x, double gap, pdf::Element element, Strip head = {});
    void lay(Strip strip, double gap);
    void end_item();
    void pad(double height, bool keep_with_next);  // room inside a box
    Frame& frame() { return m_frames.back(); }
    double left() const { return Paginator::k_left + m_frames.back().indent; }
    double width() const { return Paginator::k_right - left() - (m_frames.back().box == Box::item || m_frames.back().box == Box::verdict ? 8 : 0); }

    pdf::Document& m_document;
    std::vector<std::string> m_links;
    Paginator m_paginator;
    std::vector<Frame> m_frames;
    std::vector<std::string> m_named;
    std::vector<Strip> m_item;  // of the item that is open
    bool m_heading_before = false, m_after_heading = false;
    std::vector<PlacedShape> m_gap_behind;  // behind that gap: of the box that both sides lie in
    double m_box_gap = 0;            // waits for the next strip: of a box that was opened or closed
    pdf::Element m_list = pdf::k_document;  // of bullets that follow each other
};

pdf::Colour colour_of(Tone tone);
std::string plain_text(const Phrase& phrase);

}  // namespace deadbox::report
