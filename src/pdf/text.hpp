// Text as lines of glyphs: script by script through HarfBuzz, in the order of the Unicode bidirectional algorithm (the
// paragraph runs left to right), broken where Unicode's line breaking allows, and anywhere where nothing else fits.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "pdf/fonts.hpp"

namespace deadbox::pdf {

struct Colour {
    double red = 0, green = 0, blue = 0;  // 0 to 1
};

struct TextStyle {
    FontRole role = FontRole::text;
    double size = 10;  // points
    Colour colour;
    int link = -1;     // the caller's number of a link, -1 is none
};

struct TextRun {
    std::string text;  // UTF-8 without control characters
    TextStyle style;
    bool new_line = false;  // begins on a line of its own
};

struct Glyph {
    std::uint32_t id = 0;
    double advance = 0, x_offset = 0, y_offset = 0;  // thousandths of the em
    std::string text;        // UTF-8 that the glyph stands for; "" for all but the first of a cluster
    bool of_several = false; // its cluster has more glyphs than one
};

// Glyphs of one font and style, from left to right.
struct Piece {
    std::size_t font = 0;
    TextStyle style;
    double width = 0;  // points
    std::vector<Glyph> glyphs;
};

struct Line {
    std::vector<Piece> pieces;  // from left to right
    double width = 0;
    double ascent = 0, descent = 0;  // points, both positive
};

// At least one line where there is text. `width` in points.
std::vector<Line> break_lines(Fonts& fonts, std::span<const TextRun> runs, double width);
inline Line one_line(Fonts& fonts, std::string text, const TextStyle& style) {
    const TextRun run{std::move(text), style, false};
    auto lines = break_lines(fonts, std::span(&run, 1), 1e9);
    return lines.empty() ? Line{} : std::move(lines.front());
}

}  // namespace deadbox::pdf
