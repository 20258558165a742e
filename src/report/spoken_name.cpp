#include "report/spoken_name.hpp"

#include <algorithm>
#include <array>

#include "report/visible.hpp"

namespace deadbox::report {
namespace {

constexpr std::size_t k_word = 64;   // bytes: what Linux allows for a host's name, and more than it allows for an account's
constexpr std::size_t k_line = 100;
constexpr std::size_t k_quoted = 48;
constexpr std::array<std::string_view, 8> k_arguments_with_names{"user", "account", "group", "host", "machine", "owner", "as_user", "sender"};

bool seen_as_it_is(std::string_view name) { return visible(name) == name; }

}  // namespace

bool is_host_name(std::string_view name) {
    if (name.empty() || name.size() > 253) return false;
    const auto letter_or_digit = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
    for (std::size_t at = 0; at <= name.size();) {
        const auto end = std::min(name.find('.', at), name.size());
        const auto part = name.substr(at, end - at);
        if (part.empty() || part.size() > 63 || !letter_or_digit(part.front()) || !letter_or_digit(part.back())) return false;
        if (!std::all_of(part.begin(), part.end(), [&](char c) { return letter_or_digit(c) || c == '-'; })) return false;
        at = end + 1;
    }
    return true;
}

std::string quoted_name(std::string_view name) {
    std::string text = shortened(visible(name), k_quoted);
    for (const std::string_view mark : {"“", "”", "„", "«", "»", "\""})
        for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) text.replace(at, mark.size(), "'");
    return "“" + text + "”";
}

std::string spoken_word(std::string_view name) {
    if (name.size() <= k_word && name.find_first_of(" \"") == std::string_view::npos && seen_as_it_is(name)) return std::string(name);
    return quoted_name(name);
}

std::string spoken_line(std::string_view name) {
    if (name.size() <= k_line && name.find_first_of("<>\"!?;:") == std::string_view::npos && name.find(". ") == std::string_view::npos && seen_as_it_is(name)) return std::string(name);
    return quoted_name(name);
}

std::string spoken_argument(std::string_view argument, std::string value) {
    return std::find(k_arguments_with_names.begin(), k_arguments_with_names.end(), argument) == k_arguments_with_names.end() ? value : spoken_word(value);
}

}  // namespace deadbox::report
