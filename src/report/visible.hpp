// Text of the evidence as it may be shown: on a terminal, on a page, in a table. A file's name can hold escape
// sequences, line breaks and characters that reorder the line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace deadbox::report {

struct CodePoint {
    std::uint32_t value = 0;
    std::size_t length = 1;  // bytes
};
// The character at `offset` of well-formed UTF-8.
CodePoint code_point_at(std::string_view text, std::size_t offset);
// Control, bidirectional, zero-width and other characters that are not seen or move what is seen, and noncharacters. What is
// left can stand in XML 1.0.
bool is_hidden(std::uint32_t code_point);

// At most `most` bytes: of longer text the beginning and the end with "…" between, no character torn.
std::string shortened(std::string_view text, std::size_t most);
inline constexpr std::size_t k_title = 200;  // of a title where it is not the heading

// The bytes in parts: what is shown as it is, and what stands as an escape for something hidden. In order, none empty.
struct VisiblePart {
    std::string text;
    bool escape = false;
};
std::vector<VisiblePart> visible_parts(std::string_view bytes);
// Hidden characters as \n \r \t \x1b \u202e, bytes that are no text as \xff, a backslash as itself.
std::string visible(std::string_view bytes);

}  // namespace deadbox::report
