#include "pdf/text.hpp"

#include <algorithm>

#include <fribidi.h>

#include "pdf/line_breaks.hpp"

namespace deadbox::pdf {
namespace {

struct Char {
    std::uint32_t point = 0;
    std::uint32_t style = 0;  // index of the run
    std::size_t font = 0;
    std::uint8_t level = 0;
    hb_script_t script = HB_SCRIPT_COMMON;
    double advance = 0;       // points
    bool begins_cluster = false, may_break_after = false;
};

// A part of the text that is shaped as one.
struct Item {
    std::size_t from = 0, to = 0;
    std::vector<Glyph> glyphs;
};

std::uint32_t next_point(std::string_view text, std::size_t& at) {
    const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
    const std::uint32_t first = byte(at);
    const int more = first < 0x80 ? 0 : first < 0xc2 ? -1 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : first < 0xf5 ? 3 : -1;
    std::uint32_t value = more == 0 ? first : more == 1 ? first & 0x1f : more == 2 ? first & 0x0f : first & 0x07;
    for (int i = 1; i <= more; ++i) {
        if ((byte(at + static_cast<std::size_t>(i)) & 0xc0) != 0x80) return ++at, 0xfffd;
        value = value << 6 | (byte(at + static_cast<std::size_t>(i)) & 0x3f);
    }
    at += 1 + static_cast<std::size_t>(std::max(more, 0));
    // Noncharacters too: they are for no interchange.
    return more < 0 || value > 0x10ffff || (value >= 0xd800 && value < 0xe000) || (value & 0xfffe) == 0xfffe ? 0xfffd : value;
}

void append_utf8(std::string& out, std::uint32_t c) {
    const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
    if (c < 0x80) put(c);
    else if (c < 0x800) put(0xc0 | c >> 6), put(0x80 | (c & 0x3f));
    else if (c < 0x10000) put(0xe0 | c >> 12), put(0x80 | (c >> 6 & 0x3f)), put(0x80 | (c & 0x3f));
    else put(0xf0 | c >> 18), put(0x80 | (c >> 12 & 0x3f)), put(0x80 | (c >> 6 & 0x3f)), put(0x80 | (c & 0x3f));
}

bool is_mark(std::uint32_t point) {
    if (point < 0x300) return false;
    const auto category = hb_unicode_general_category(hb_unicode_funcs_get_default(), point);
    return category == HB_UNICODE_GENERAL_CATEGORY_NON_SPACING_MARK || category == HB_UNICODE_GENERAL_CATEGORY_SPACING_MARK || category == HB_UNICODE_GENERAL_CATEGORY_ENCLOSING_MARK || point == 0x200d ||
           (point >= 0xfe00 && point <= 0xfe0f) || (point >= 0x1f3fb && point <= 0x1f3ff);
}

// One line of the source: no line break of its own.
class Paragraph {
public:
    Paragraph(Fonts& fonts, std::span<const TextRun> runs) : m_fonts(fonts), m_runs(runs) {
        for (std::size_t run = 0; run < runs.size(); ++run)
            for (std::size_t at = 0; at < runs[run].text.size();) {
                Char c;
                c.point = next_point(runs[run].text, at), c.style = static_cast<std::uint32_t>(run);
                m_points.push_back(c.point);
                m_chars.push_back(c);
            }
        order();
        choose_fonts();
        choose_scripts();
        itemize();
        find_breaks();
    }

    void break_into(std::vector<Line>& lines, double width) {
        if (m_chars.empty()) return;
        for (std::size_t from = 0; from < m_chars.size();) {
            const std::size_t to = line_end(from, width);
            lines.push_back(line(from, to));
            from = to;
            while (from < m_chars.size() && m_points[from] == ' ') ++from;  // what a break swallows
        }
    }

private:
    void order() {
        if (std::all_of(m_points.begin(), m_points.end(), [](auto point) { return point < 0x590; })) return;
        const auto n = static_cast<FriBidiStrIndex>(m_points.size());
        std::vector<FriBidiCharType> types(m_points.size());
        std::vector<FriBidiBracketType> brackets(m_points.size());
        std::vector<FriBidiLevel> levels(m_points.size());
        FriBidiParType direction = FRIBIDI_PAR_LTR;
        fribidi_get_bidi_types(m_points.data(), n, types.data());
        fribidi_get_bracket_types(m_points.data(), n, types.data(), brackets.data());
        if (fribidi_get_par_embedding_levels_ex(types.data(), brackets.data(), n, &direction, levels.data()) == 0) return;
        for (std::size_t i = 0; i < m_chars.size(); ++i) m_chars[i].level = static_cast<std::uint8_t>(levels[i]);
    }

    void choose_fonts() {
        for (std::size_t i = 0; i < m_chars.size(); ++i) {
            Char& c = m_chars[i];
            if (i > 0 && is_mark(c.point) && m_fonts[m_chars[i - 1].font].has(c.point)) c.font = m_chars[i - 1].font;
            else c.font = m_fonts.choose(m_runs[c.style].style.role, c.point);
        }
    }

    void choose_scripts() {
        const auto real = [](hb_script_t s) { return s != HB_SCRIPT_COMMON && s != HB_SCRIPT_INHERITED && s != HB_SCRIPT_UNKNOWN; };
        hb_script_t last = HB_SCRIPT_LATIN;
        for (auto& c : m_chars) {
            const auto script = hb_unicode_script(hb_unicode_funcs_get_default(), c.point);
            if (real(script)) last = script;
            c.script = last;
        }
    }

    void itemize() {
        for (std::size_t from = 0; from < m_chars.size();) {
            std::size_t to = from + 1;
            const Char& first = m_chars[from];
            while (to < m_chars.size() && m_chars[to].style == first.style && m_chars[to].font == first.font && m_chars[to].level == first.level && m_chars[to].script == first.script) ++to;
            Item item{from, to, shape(from, to)};
            measure(item);
            m_items.push_back(std::move(item));
            from = to;
        }
    }

    std::vector<Glyph> shape(std::size_t from, std::size_t to) {
        const Char& first = m_chars[from];
        const std::unique_ptr<hb_buffer_t, decltype(&hb_buffer_destroy)> buffer(hb_buffer_create(), &hb_buffer_destroy);
        hb_buffer_set_cluster_level(buffer.get(), HB_BUFFER_CLUSTER_LEVEL_MONOTONE_CHARACTERS);
        // Neighbours outside are context only: joining letters look at them, but never over a line's end.
        hb_buffer_add_utf32(buffer.get(), m_points.data() + from, static_cast<int>(to - from), 0, static_cast<int>(to - from));
        hb_buffer_set_direction(buffer.get(), first.level % 2 != 0 ? HB_DIRECTION_RTL : HB_DIRECTION_LTR);
        hb_buffer_set_script(buffer.get(), first.script);
        hb_buffer_set_language(buffer.get(), hb_language_from_string("en", -1));
        // No ligatures in a path or a digest: each character is to be seen.
        const FontRole role = m_runs[first.style].style.role;
        const hb_feature_t none[] = {{HB_TAG('l', 'i', 'g', 'a'), 0, 0, static_cast<unsigned int>(-1)}, {HB_TAG('c', 'l', 'i', 'g'), 0, 0, static_cast<unsigned int>(-1)}};
        const bool plain = role == FontRole::code || role == FontRole::code_bold;
        const Font& font = m_fonts[first.font];
        hb_shape(font.shaper(), buffer.get(), plain ? none : nullptr, plain ? 2 : 0);
        unsigned int count = 0;
        const hb_glyph_info_t* info = hb_buffer_get_glyph_infos(buffer.get(), &count);
        const hb_glyph_position_t* position = hb_buffer_get_glyph_positions(buffer.get(), &count);
        std::vector<std::uint32_t> starts;
        for (unsigned int i = 0; i < count; ++i) starts.push_back(info[i].cluster);
        std::sort(starts.begin(), starts.end());
        const double scale = 1000.0 / font.units_per_em();
        std::vector<Glyph> glyphs(count);
        for (unsigned int i = 0; i < count; ++i) {
            Glyph& g = glyphs[i];
            g.id = info[i].codepoint, g.advance = position[i].x_advance * scale, g.x_offset = position[i].x_offset * scale, g.y_offset = position[i].y_offset * scale;
            const auto same = std::equal_range(starts.begin(), starts.end(), info[i].cluster);
            g.of_several = same.second - same.first > 1;
            m_chars[from + info[i].cluster].begins_cluster = true;
            if (i > 0 && info[i - 1].cluster == info[i].cluster) continue;
            const std::size_t end = same.second == starts.end() ? to - from : *same.second;
            for (std::size_t c = info[i].cluster; c < end; ++c) append_utf8(g.text, m_points[from + c]);
        }
        return glyphs;
    }

    // Each character's share of its item's width.
    void measure(const Item& item) {
        const double size = m_runs[m_chars[item.from].style].style.size / 1000;
        std::vector<std::size_t> begins;
        for (std::size_t i = item.from; i < item.to; ++i)
            if (m_chars[i].begins_cluster) begins.push_back(i);
        if (begins.empty()) return;
        if (m_chars[item.from].level % 2 != 0) std::reverse(begins.begin(), begins.end());
        std::size_t at = 0;
        bool first = true;
        for (const auto& glyph : item.glyphs) {
            if (!glyph.text.empty() && !std::exchange(first, false) && at + 1 < begins.size()) ++at;
            m_chars[begins[at]].advance += glyph.advance * size;
        }
    }

    void find_breaks() {
        if (m_chars.empty()) return;
        const auto breaks = line_breaks(m_points);
        for (std::size_t i = 0; i < m_chars.size(); ++i) {
            const FontRole role = m_runs[m_chars[i].style].style.role;
            const bool code = role == FontRole::code || role == FontRole::code_bold;
            const bool root = m_points[i] == '/' && (i == 0 || m_points[i - 1] == ' ');  // a path is not parted from its first slash
            m_chars[i].may_break_after = !root && (breaks[i] || (code && i + 1 < m_chars.size() && m_points[i] < 0x80 && std::string_view("/_-,;:&=?|").find(static_cast<char>(m_points[i])) != std::string_view::npos));
        }
    }

    std::size_t line_end(std::size_t from, double width) const {
        double used = 0;
        std::size_t last_break = 0;
        for (std::size_t i = from; i < m_chars.size(); ++i) {
            used += m_chars[i].advance;
            if (used > width + 0.01 && m_points[i] != ' ') {
                if (last_break > from) return last_break;
                std::size_t end = i;
                while (end > from && !m_chars[end].begins_cluster) --end;
                if (end > from) return end;
                for (end = i + 1; end < m_chars.size() && !m_chars[end].begins_cluster;) ++end;  // wider than the line by itself
                return end;
            }
            if (m_chars[i].may_break_after) last_break = i + 1;
        }
        return m_chars.size();
    }

    Line line(std::size_t from, std::size_t to) {
        while (to > from + 1 && m_points[to - 1] == ' ') --to;
        Line line;
        std::vector<std::uint8_t> levels;
        for (const auto& item : m_items) {
            const std::size_t a = std::max(item.from, from), b = std::min(item.to, to);
            if (a >= b) continue;
            Piece piece;
            piece.font = m_chars[a].font, piece.style = m_runs[m_chars[a].style].style;
            piece.glyphs = a == item.from && b == item.to ? item.glyphs : shape(a, b);
            for (const auto& glyph : piece.glyphs) piece.width += glyph.advance * piece.style.size / 1000;
            const auto& metrics = m_fonts[piece.font].metrics();
            line.width += piece.width;
            line.ascent = std::max(line.ascent, std::min(metrics.ascent, 1100.0) * piece.style.size / 1000);
            line.descent = std::max(line.descent, std::min(-metrics.descent, 400.0) * piece.style.size / 1000);
            levels.push_back(m_chars[a].level);
            line.pieces.push_back(std::move(piece));
        }
        // Rule L2: runs of a level and above are turned round, from the highest down to the lowest odd one.
        const int highest = levels.empty() ? 0 : *std::max_element(levels.begin(), levels.end());
        for (int level = highest; level > 0; --level)
            for (std::size_t i = 0; i < levels.size();) {
                std::size_t end = i;
                while (end < levels.size() && levels[end] >= level) ++end;
                if (end > i + 1) {
                    std::reverse(line.pieces.begin() + static_cast<std::ptrdiff_t>(i), line.pieces.begin() + static_cast<std::ptrdiff_t>(end));
                    std::reverse(levels.begin() + static_cast<std::ptrdiff_t>(i), levels.begin() + static_cast<std::ptrdiff_t>(end));
                }
                i = std::max(end, i + 1);
            }
        return line;
    }

    Fonts& m_fonts;
    std::span<const TextRun> m_runs;
    std::vector<std::uint32_t> m_points;
    std::vector<Char> m_chars;
    std::vector<Item> m_items;
};

}  // namespace

std::vector<Line> break_lines(Fonts& fonts, std::span<const TextRun> runs, double width) {
    std::vector<Line> lines;
    for (std::size_t from = 0; from < runs.size();) {
        std::size_t to = from + 1;
        while (to < runs.size() && !runs[to].new_line) ++to;
        Paragraph(fonts, runs.subspan(from, to - from)).break_into(lines, width);
        from = to;
    }
    return lines;
}

}  // namespace deadbox::pdf
