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
    bool in(std::string_view text) const;  // "" is in every text

private:
    std::string m_part;                      // in lower case
    std::array<std::uint32_t, 256> m_skip{};  // by the byte under the part's end: how far it may be moved on (Horspool)
};

}  // namespace deadbox::case_file
