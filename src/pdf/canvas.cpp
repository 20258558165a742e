#include "pdf/canvas.hpp"

#include <cmath>

#include <fmt/format.h>

namespace deadbox::pdf {
namespace {

std::string colour_of(const Colour& c) { return number(c.red) + " " + number(c.green) + " " + number(c.blue); }

// One array of a TJ operator: codes with the amounts by which the pen moves otherwise than the glyph's width says.
class Shown {
public:
    explicit Shown(std::string& out) : m_out(out) {}
    void code(std::uint16_t code) {
        if (!m_open) m_array += '<', m_open = true;
        m_array += fmt::format("{:04X}", code);
    }
    void move(double thousandths) {  // to the right
        if (std::abs(thousandths) < 0.5) return;
        if (std::exchange(m_open, false)) m_array += '>';
        m_array += number(-std::round(thousandths)) + " ";
    }
    void flush() {
        if (std::exchange(m_open, false)) m_array += '>';
        if (!m_array.empty()) m_out += "[" + m_array + "] TJ\n";
        m_array.clear();
    }

private:
    std::string& m_out;
    std::string m_array;
    bool m_open = false;
};

}  // namespace

void Canvas::piece(const Piece& piece, const Fonts& fonts, double x, double y) {
    const Font& font = fonts[piece.font];
    m_out += fmt::format("/F{} {} Tf {} rg 1 0 0 1 {} {} Tm\n", piece.font, number(piece.style.size), colour_of(piece.style.colour), number(x), number(m_height - y));
    Shown shown(m_out);
    double rise = 0;
    bool replaced = false;  // within a span whose text is given as a whole
    for (const auto& glyph : piece.glyphs) {
        if (!glyph.text.empty() && std::exchange(replaced, false)) shown.flush(), m_out += "EMC\n";
        if (glyph.of_several && !glyph.text.empty()) {
            shown.flush();
            m_out += "/Span << /ActualText " + text_string(glyph.text) + " >> BDC\n";
            replaced = true;
        }
        if (std::abs(glyph.y_offset - rise) > 0.5) {
            shown.flush();
            rise = glyph.y_offset;
            m_out += number(rise * piece.style.size / 1000) + " Ts\n";
        }
        shown.move(glyph.x_offset);
        shown.code(m_fonts.code(piece.font, glyph.id, glyph.text));
        shown.move(glyph.advance - glyph.x_offset - font.nominal_advance(glyph.id));
    }
    shown.flush();
    if (replaced) m_out += "EMC\n";
    if (rise != 0) m_out += "0 Ts\n";
}

void Canvas::text(const Line& line, const Fonts& fonts, double x, double baseline) {
    m_out += "BT\n";
    for (const auto& one : line.pieces) {
        piece(one, fonts, x, baseline);
        x += one.width;
    }
    m_out += "ET\n";
}

void Canvas::rectangle(double x, double y, double width, double height, const Colour& colour) {
    m_out += fmt::format("{} rg {} {} {} {} re f\n", colour_of(colour), number(x), number(m_height - y - height), number(width), number(height));
}

void Canvas::disc(double x, double y, double radius, const Colour& colour) {
    const double k = 0.5523 * radius, cy = m_height - y;
    m_out += fmt::format("{} rg {} {} m", colour_of(colour), number(x + radius), number(cy));
    const auto curve = [&](double x1, double y1, double x2, double y2, double x3, double y3) {
        m_out += fmt::format(" {} {} {} {} {} {} c", number(x + x1), number(cy + y1), number(x + x2), number(cy + y2), number(x + x3), number(cy + y3));
    };
    curve(radius, k, k, radius, 0, radius), curve(-k, radius, -radius, k, -radius, 0), curve(-radius, -k, -k, -radius, 0, -radius), curve(k, -radius, radius, -k, radius, 0);
    m_out += " f\n";
}

void Canvas::line(double x1, double y1, double x2, double y2, double width, const Colour& colour) {
    m_out += fmt::format("{} RG {} w {} {} m {} {} l S\n", colour_of(colour), number(width), number(x1), number(m_height - y1), number(x2), number(m_height - y2));
}

void Canvas::begin_marked(std::string_view type, int mcid) { m_out += fmt::format("/{} << /MCID {} >> BDC\n", type, mcid); }

void Canvas::picture(double x, double y, double width, double height) {
    m_out += fmt::format("q {} 0 0 {} {} {} cm /Picture Do Q\n", number(width), number(height), number(x), number(m_height - y - height));
}

}  // namespace deadbox::pdf
