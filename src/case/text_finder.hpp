// Is a text in another one? ASCII letters of either case are equal; all else is bytes. Made once for many texts.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace deadbox::case_file {

class TextFinder {
public:
    explicit TextFinder(std::string_view part);
    std::size_t size() const { return m_part.size(); }
    // Where it begins in the text, from a place on; npos: nowhere. "" begins at every place.
    std::size_t find(std::string_view text, std::size_t from = 0) const;
    bool in(std::string_view text) const { return find(text) != std::string_view::npos; }

private:
    std::string m_part;                      // in lower case
    std::array<std::uint32_t, 256> m_skip{};  // by the byte under the part's end: how far it may be moved on (Horspool)
};

}  // namespace deadbox::case_file
