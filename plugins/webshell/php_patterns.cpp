#include "webshell/php_patterns.hpp"

#include <algorithm>
#include <iterator>
#include <unordered_set>

namespace deadbox::plugins::webshell::php {

namespace {

struct Filter {
    std::string_view name;
    int number;
    Filtered leaves;
};
constexpr int k_domain = 277, k_hostname = 1048576;
// php.net/filter.constants. An address of mail may hold ` | $ and &, an address of the web ; and $( ).
constexpr Filter k_filters[] = {
    {"FILTER_VALIDATE_INT", 257, Filtered::nothing}, {"FILTER_VALIDATE_BOOLEAN", 258, Filtered::nothing}, {"FILTER_VALIDATE_BOOL", 258, Filtered::nothing}, {"FILTER_VALIDATE_FLOAT", 259, Filtered::nothing},
    {"FILTER_VALIDATE_REGEXP", 272, Filtered::some}, {"FILTER_VALIDATE_URL", 273, Filtered::some}, {"FILTER_VALIDATE_EMAIL", 274, Filtered::some}, {"FILTER_VALIDATE_IP", 275, Filtered::nothing},
    {"FILTER_VALIDATE_MAC", 276, Filtered::nothing}, {"FILTER_VALIDATE_DOMAIN", k_domain, Filtered::some}, {"FILTER_SANITIZE_STRING", 513, Filtered::some}, {"FILTER_SANITIZE_STRIPPED", 513, Filtered::some},
    {"FILTER_SANITIZE_ENCODED", 514, Filtered::few}, {"FILTER_SANITIZE_SPECIAL_CHARS", 515, Filtered::some}, {"FILTER_DEFAULT", 516, Filtered::all}, {"FILTER_UNSAFE_RAW", 516, Filtered::all},
    {"FILTER_SANITIZE_EMAIL", 517, Filtered::some}, {"FILTER_SANITIZE_URL", 518, Filtered::some}, {"FILTER_SANITIZE_NUMBER_INT", 519, Filtered::nothing}, {"FILTER_SANITIZE_NUMBER_FLOAT", 520, Filtered::nothing},
    {"FILTER_SANITIZE_FULL_SPECIAL_CHARS", 522, Filtered::some}, {"FILTER_SANITIZE_ADD_SLASHES", 523, Filtered::some}, {"FILTER_FLAG_HOSTNAME", k_hostname, Filtered::some},
};

}  // namespace

std::string_view bare_pattern(std::string_view pattern) {
    if (pattern.size() < 3) return {};
    const char open = pattern[0], close = open == '(' ? ')' : open == '{' ? '}' : open == '[' ? ']' : open;
    const auto end = pattern.rfind(close);
    if (end == 0 || end == pattern.npos || pattern.substr(end + 1).find_first_not_of("iuDS") != pattern.npos) return {};
    return pattern.substr(1, end - 1);
}

bool is_of_few_letters(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || std::string_view("._-:@,+=%/ ").find(c) != std::string_view::npos; });
}

bool are_separators(std::string_view letters) {
    const auto has = [&](char c) { return letters.find(c) != letters.npos; };
    return has(';') && has('|') && has('&') && (has('$') || has('`'));
}

int filter_number(std::string_view constant) {
    const auto* found = std::find_if(std::begin(k_filters), std::end(k_filters), [&](const Filter& f) { return f.name == constant; });
    return found == std::end(k_filters) ? 0 : found->number;
}

Filtered filtered_by(std::int64_t filter, std::int64_t flags) {
    if (filter == k_domain && flags & k_hostname) return Filtered::few;
    const auto* found = std::find_if(std::begin(k_filters), std::end(k_filters), [&](const Filter& f) { return f.number == filter; });
    return found == std::end(k_filters) ? Filtered::some : found->leaves;
}

bool keeps_letters(std::string_view function) {
    static const std::unordered_set<std::string_view> all{"strtolower", "strtoupper", "mb_strtolower", "mb_strtoupper", "trim", "ltrim", "rtrim", "chop", "substr", "mb_substr", "ucfirst", "lcfirst", "ucwords", "basename", "dirname",
        "strval", "explode", "implode", "join", "str_split", "end", "reset", "current", "array_pop", "array_shift", "array_values", "array_unique", "array_filter", "array_slice", "array_merge", "strrev", "strstr", "strrchr", "htmlspecialchars",
        "htmlentities", "addslashes", "idn_to_ascii", "iterator_to_array",
        // these judge for themselves
        "preg_replace", "mb_ereg_replace", "mb_eregi_replace", "str_replace", "str_ireplace", "filter_var", "filter_input", "sprintf", "preg_match", "preg_match_all"};
    return all.contains(function);
}

bool makes_few_letters(std::string_view function) {
    static const std::unordered_set<std::string_view> all{"bin2hex", "urlencode", "rawurlencode", "base64_encode", "dechex", "decbin", "decoct"};
    return all.contains(function);
}

}  // namespace deadbox::plugins::webshell::php
