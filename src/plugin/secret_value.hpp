// Where a value that may be secret ends in free text, and whether it only stands for one. For secret_text.cpp and secret_command.cpp.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace deadbox::plugin {

inline constexpr std::size_t k_longest_value = 4096;  // hidden in one piece; nothing looks further ahead but for the end of a key

// Asked of each byte of a log.
constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_alnum(char c) { return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z'); }
constexpr bool is_word(char c) { return is_alnum(c) || c == '_' || c == '-'; }  // letters, digits, _ and -
constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }
std::string lowered(std::string_view text);

// How many characters from `from` on are so; at most k_longest_value.
template <class Is>
std::size_t run(std::string_view text, std::size_t from, Is&& is) {
    std::size_t at = from;
    while (at < text.size() && at - from < k_longest_value && is(text[at])) ++at;
    return at - from;
}

// The quotes around a place: what is written inside them ends with them. `escaped`: \" of JSON inside JSON.
struct Quotes {
    char mark = 0;
    bool escaped = false;
};
Quotes quotes_around(std::string_view text, std::size_t at);

enum class ValueOf : unsigned char {
    word,     // of a command line: | < > end it
    setting,  // NAME=VALUE
    field,    // of a request: & ends it
};
// Where the value that starts at `from` ends. Its own quotes and escaped characters belong to it. A separator ends it only
// where another value or nothing follows: "a,b;c-d" is one password, "a;server=x" and "a, b" are not.
std::size_t value_end(std::string_view text, std::size_t from, Quotes around, ValueOf what);

// Without the quotes that stand around all of it; `single` says that they were such as keep a dollar what it is.
struct Unquoted {
    std::size_t start = 0, end = 0;
    bool single = false, quoted = false;
};
Unquoted unquoted(std::string_view text, std::size_t start, std::size_t end);

// A value that another program puts in: $NAME, ${...}, $(...), `...`, %(name)s, {{ name }}.
bool is_reference(std::string_view value);
// Not shown already: ****, xxxx, [redacted], <password>.
bool is_masked(std::string_view value);

}  // namespace deadbox::plugin
