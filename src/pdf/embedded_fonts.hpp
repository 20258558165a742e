// What of the fonts goes into the document: the glyphs that are used, and for each the text that it stands for, so that
// text can be searched and copied whatever shape it has. A character code is given to each pair of glyph and text.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "pdf/file.hpp"
#include "pdf/fonts.hpp"

namespace deadbox::pdf {

class EmbeddedFonts {
public:
    explicit EmbeddedFonts(const Fonts& fonts) : m_fonts(fonts) {}
    // The two-byte code of a glyph in its font's resource.
    std::uint16_t code(std::size_t font, std::uint32_t glyph, std::string_view text);
    // Writes every font that was used; the entries of the resources' font dictionary.
    std::string write(File& file);

private:
    struct Used {
        std::map<std::pair<std::uint32_t, std::string>, std::uint16_t> codes;
        std::vector<std::pair<std::uint32_t, std::string>> by_code{{0, ""}};  // code 0 is no character
    };
    void write_one(File& file, ObjectId id, std::size_t index, const Used& used);
    const Fonts& m_fonts;
    std::map<std::size_t, Used> m_used;
};

}  // namespace deadbox::pdf
