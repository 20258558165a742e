// What is drawn on a page: operators of a content stream (ISO 32000-1, 8 and 9). The origin is the page's upper left
// corner, in points; y grows downwards.
#pragma once

#include <string>

#include "pdf/embedded_fonts.hpp"
#include "pdf/text.hpp"

namespace deadbox::pdf {

class Canvas {
public:
    Canvas(double page_height, EmbeddedFonts& fonts) : m_height(page_height), m_fonts(fonts) {}

    void text(const Line& line, const Fonts& fonts, double x, double baseline);
    void rectangle(double x, double y, double width, double height, const Colour& colour);
    void disc(double x, double y, double radius, const Colour& colour);
    // The document's picture.
    void picture(double x, double y, double width, double height);
    void line(double x1, double y1, double x2, double y2, double width, const Colour& colour);
    // What follows is a piece of the document's text, or of its decoration, until end_marked().
    void begin_marked(std::string_view type, int number);
    void begin_decoration() { m_out += "/Artifact BMC\n"; }
    void end_marked() { m_out += "EMC\n"; }
    std::string take() { return std::exchange(m_out, {}); }

private:
    void piece(const Piece& piece, const Fonts& fonts, double x, double y);
    double m_height;
    EmbeddedFonts& m_fonts;
    std::string m_out;
};

}  // namespace deadbox::pdf
