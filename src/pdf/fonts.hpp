// The fonts of a document: a few for its own text, and for every other script whichever installed font has the character.
// Only TrueType outlines are used, which every reader of PDF shows. The same files give the same choice.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <hb.h>

#include "base/result.hpp"

namespace deadbox::pdf {

enum class FontRole : std::uint8_t { text, bold, code, code_bold };
inline constexpr std::size_t k_font_roles = 4;

struct FontList {
    std::vector<std::string> folders;                            // searched with what lies below them
    std::array<std::vector<std::string>, k_font_roles> of_role;  // names of files; the first that is there leads
    std::vector<std::string> fallback;                           // patterns of names, in this order; each in the order of the names
};

// In units of the em, 1000 of them.
struct FontMetrics {
    double ascent = 0, descent = 0, cap_height = 0;
};

class Font {
public:
    static std::unique_ptr<Font> open(const std::string& path);  // null where it cannot be used

    hb_face_t* face() const { return m_face.get(); }
    hb_font_t* shaper() const { return m_font.get(); }
    double units_per_em() const { return m_units; }
    const FontMetrics& metrics() const { return m_metrics; }
    std::string postscript_name() const;
    bool has(std::uint32_t code_point) const;
    double nominal_advance(std::uint32_t glyph) const;  // thousandths of the em

private:
    Font() = default;
    std::unique_ptr<hb_face_t, decltype(&hb_face_destroy)> m_face{nullptr, &hb_face_destroy};
    std::unique_ptr<hb_font_t, decltype(&hb_font_destroy)> m_font{nullptr, &hb_font_destroy};
    double m_units = 1000;
    FontMetrics m_metrics;
};

class Fonts {
public:
    // Errc::not_found where a role has no font at all.
    static base::Result<Fonts> load(const FontList& list);

    // The font for a character; the role's first, whose box then stands for it, where no font has it.
    std::size_t choose(FontRole role, std::uint32_t code_point);
    std::size_t first(FontRole role) const { return m_of_role[static_cast<std::size_t>(role)].front(); }
    const Font& operator[](std::size_t index) const { return *m_fonts[index]; }
    std::size_t size() const { return m_fonts.size(); }

private:
    std::vector<std::unique_ptr<Font>> m_fonts;
    std::array<std::vector<std::size_t>, k_font_roles> m_of_role;
    std::vector<std::string> m_fallback_paths;                  // not opened yet, from m_next on
    std::size_t m_next = 0;
    std::vector<std::size_t> m_fallback;                        // opened
    std::map<std::pair<FontRole, std::uint32_t>, std::size_t> m_chosen;
};

}  // namespace deadbox::pdf
