// A text's lines and a line's words.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

namespace deadbox::plugins::credentials {

inline constexpr std::size_t k_line = 4096;  // of a longer line the first bytes are read

// visit(line without its end, number from 1), until it says false.
template <class Visit>
void each_line(std::string_view text, Visit&& visit) {
    std::int64_t number = 0;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        auto line = text.substr(at, std::min(end - at, k_line));
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (!visit(line, ++number)) return;
        at = end + 1;
    }
}

// At most 16; "two words" in quotes are one.
std::vector<std::string_view> words(std::string_view line);

}  // namespace deadbox::plugins::credentials
