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

// What stands between the braces and semicolons of a line, outside of quotes: location / { fastcgi_param NAME VALUE; }. Braces stand apart
// from words; a sign inside of a word belongs to it. Until visit says false or a comment begins.
template <class Visit>
void each_statement(std::string_view line, Visit&& visit) {
    const auto is_end = [&](std::size_t at) { return at >= line.size() || line[at] == ' ' || line[at] == '\t'; };
    std::size_t from = 0;
    char quote = 0;
    for (std::size_t at = 0; at <= line.size(); ++at) {
        const char c = at < line.size() ? line[at] : '\0';
        if (quote != 0 && at < line.size()) {
            if (c == '\\') ++at;
            else if (c == quote) quote = 0;
            continue;
        }
        if ((c == '"' || c == '\'') && line.find(c, at + 1) != std::string_view::npos) quote = c;
        const bool apart = at == 0 || is_end(at - 1) || line[at - 1] == ';' || line[at - 1] == '"';
        if (at < line.size() && !(c == ';' && (is_end(at + 1) || line[at + 1] == '}')) && !(c == '{' && apart && is_end(at + 1)) && !(c == '}' && apart)) continue;
        const auto piece = line.substr(from, at - from);
        const auto first = piece.find_first_not_of(" \t");
        from = at + 1;
        if (first == std::string_view::npos) continue;
        if (piece[first] == '#' || !visit(piece)) return;
    }
}

// At most 16; "two words" in quotes are one.
std::vector<std::string_view> words(std::string_view line);

}  // namespace deadbox::plugins::credentials
