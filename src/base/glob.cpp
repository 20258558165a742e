#include "base/glob.hpp"

#include <algorithm>

namespace deadbox::base {
namespace {

constexpr std::size_t k_max_alternatives = 256;
constexpr std::string_view k_special = "*?[\\";

void expand(std::string_view pattern, std::vector<std::string>& out) {
    const auto open = pattern.find('{');
    const auto close = open == std::string_view::npos ? open : pattern.find('}', open);
    if (close == std::string_view::npos) {
        if (out.size() < k_max_alternatives) out.emplace_back(pattern);
        return;
    }
    for (auto list = pattern.substr(open + 1, close - open - 1);;) {
        const auto comma = list.find(',');
        expand(std::string(pattern.substr(0, open)) + std::string(list.substr(0, comma)) +
                   std::string(pattern.substr(close + 1)), out);
        if (comma == std::string_view::npos || out.size() >= k_max_alternatives) return;
        list.remove_prefix(comma + 1);
    }
}

// Matches one byte against the set that starts behind '['; advances `p` behind ']'. A set without end is literal '['.
bool match_set(std::string_view pattern, std::size_t& p, char byte) {
    std::size_t i = p + 1;
    const bool negated = i < pattern.size() && (pattern[i] == '!' || pattern[i] == '^');
    if (negated) ++i;
    const auto end = pattern.find(']', i + 1);
    if (end == std::string_view::npos) {
        ++p;
        return byte == '[';
    }
    bool found = false;
    for (; i < end; ++i) {
        if (i + 2 < end && pattern[i + 1] == '-') {
            found |= static_cast<unsigned char>(byte) >= static_cast<unsigned char>(pattern[i]) &&
                     static_cast<unsigned char>(byte) <= static_cast<unsigned char>(pattern[i + 2]);
            i += 2;
        } else found |= byte == pattern[i];
    }
    p = end + 1;
    return found != negated && byte != '/';
}

// Iterative with two backtrack points (the last '*' and the last '**'): time is bounded by pattern × path.
bool match(std::string_view pattern, std::string_view text) {
    constexpr auto none = std::string_view::npos;
    std::size_t p = 0, t = 0;
    std::size_t star_p = none, star_t = 0, deep_p = none, deep_t = 0;
    for (;;) {
        bool advanced = false;
        if (p < pattern.size()) {
            if (pattern.compare(p, 2, "**") == 0) {
                p += 2;
                // "/**/" also matches a single "/".
                if (p < pattern.size() && pattern[p] == '/' && t > 0 && text[t - 1] == '/') ++p;
                deep_p = p, deep_t = t, star_p = none;
                continue;
            }
            if (pattern[p] == '*') {
                star_p = ++p, star_t = t;
                continue;
            }
            if (t < text.size()) {
                if (pattern[p] == '?') advanced = text[t] != '/', p += advanced;
                else if (pattern[p] == '[') {
                    std::size_t next = p;
                    advanced = match_set(pattern, next, text[t]);
                    if (advanced) p = next;
                } else {
                    const std::size_t literal = pattern[p] == '\\' && p + 1 < pattern.size() ? p + 1 : p;
                    advanced = pattern[literal] == text[t];
                    if (advanced) p = literal + 1;
                }
                if (advanced) ++t;
            }
        } else if (t == text.size()) return true;
        if (advanced) continue;
        if (star_p != none && star_t < text.size() && text[star_t] != '/') {
            t = ++star_t, p = star_p;
        } else if (deep_p != none && deep_t < text.size()) {
            t = ++deep_t, p = deep_p, star_p = none;
        } else return false;
    }
}

// Whether `pattern` could match a path below the folder, folder by folder.
bool leads(std::string_view pattern, std::string_view folder) {
    while (folder.size() > 1) {
        if (!pattern.starts_with('/')) return false;
        const auto wanted = pattern.substr(1, pattern.find('/', 1) - 1), own = folder.substr(1, folder.find('/', 1) - 1);
        if (wanted.find("**") != std::string_view::npos) return true;
        if (!match(wanted, own)) return false;
        pattern.remove_prefix(1 + wanted.size()), folder.remove_prefix(1 + own.size());
    }
    return pattern.size() > 1;
}

}  // namespace

Glob::Glob(std::string_view pattern) {
    std::vector<std::string> expanded;
    expand(pattern, expanded);
    for (auto& one : expanded) {
        const auto first = one.find_first_of(k_special);
        const auto last = one.find_last_of("*?]\\");
        Alternative a;
        a.literal = first == std::string::npos;
        a.literal_prefix = one.substr(0, first);
        if (!a.literal && last != std::string::npos && one.find('\\') == std::string::npos) a.literal_suffix = one.substr(last + 1);
        // "/**/x" may match "/x": the slash behind ** is not certain.
        if (a.literal_suffix.starts_with('/') && last > 0 && one[last] == '*' && one[last - 1] == '*') a.literal_suffix.erase(0, 1);
        a.pattern = std::move(one);
        m_alternatives.push_back(std::move(a));
    }
}

bool Glob::matches(std::string_view path) const {
    return std::any_of(m_alternatives.begin(), m_alternatives.end(), [&](const Alternative& a) {
        if (a.literal) return path == a.pattern;
        return path.starts_with(a.literal_prefix) && path.ends_with(a.literal_suffix) && match(a.pattern, path);
    });
}

bool Glob::may_match_below(std::string_view directory) const {
    return std::any_of(m_alternatives.begin(), m_alternatives.end(), [&](const Alternative& a) {
        const auto length = std::min(directory.size(), a.literal_prefix.size());
        return directory.substr(0, length) == std::string_view(a.literal_prefix).substr(0, length);
    });
}

bool Glob::leads_below(std::string_view directory) const {
    return std::any_of(m_alternatives.begin(), m_alternatives.end(), [&](const Alternative& a) { return a.literal_prefix.size() > 1 && leads(a.pattern, directory); });
}

}  // namespace deadbox::base
