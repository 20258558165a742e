#include "webshell/program_patterns.hpp"
#include "webshell/letters.hpp"

#include <algorithm>

namespace deadbox::plugins::webshell {
namespace patterns {
namespace {


// What the letters of a pattern may be.
struct Letters {
    bool words = false;      // a-z
    bool separators = false; // ; | & $ ` < > quotes, blanks: a second word, a second command, what a shell expands
    bool slashes = false;
    void add(char c) {
        if (is_letter(c)) words = true;
        else if (c == '/') slashes = true;
        else if (!is_digit(c) && std::string_view("._-:@,+=%^").find(c) == std::string_view::npos) separators = true;
    }
};

// Behind the class that begins at `at` ("["); its letters are added, `negated` told. npos: it does not end.
std::size_t read_class(std::string_view p, std::size_t at, Letters& letters, bool& negated) {
    auto i = at + 1;
    negated = i < p.size() && p[i] == '^';
    if (negated) ++i;
    for (bool first = true; i < p.size(); ++i, first = false) {
        if (p[i] == ']' && !first) return i + 1;
        if (p[i] == '[' && i + 1 < p.size() && p[i + 1] == ':') {  // [:alnum:]
            const auto end = p.find(":]", i + 2);
            if (end == p.npos) return p.npos;
            const auto name = p.substr(i + 2, end - i - 2);
            if (name == "alnum" || name == "alpha" || name == "lower" || name == "upper" || name == "xdigit" || name == "word") letters.words = true;
            else if (name != "digit") letters.separators = true;
            i = end + 1;
            continue;
        }
        char c = p[i];
        if (c == '\\' && i + 1 < p.size()) {
            c = p[++i];
            if (c == 'w') { letters.words = true; continue; }
            if (c == 'd') continue;
            if (is_letter(c)) { letters.separators = true; continue; }  // \s, \S, \n, \x
        }
        if (i + 2 < p.size() && p[i + 1] == '-' && p[i + 2] != ']') {  // a-z
            const char to = p[i + 2];
            if (is_digit(c) && is_digit(to)) {}
            else if (is_letter(c) && is_letter(to)) letters.words = true;
            else letters.words = letters.separators = true;
            i += 2;
            continue;
        }
        letters.add(c);
    }
    return p.npos;
}

std::string_view without_flags(std::string_view p) {
    if (p.starts_with("(?") && p.size() > 3 && is_letter(p[2]))
        if (const auto end = p.find(')'); end != p.npos && end < 8 && p.find(':') > end) p.remove_prefix(end + 1);
    return p;
}

}  // namespace
}  // namespace patterns

using namespace patterns;

bool lets_few_through(std::string_view p, Anchored anchored) {
    p = without_flags(p);
    bool starts = anchored != Anchored::by_itself, ends = anchored == Anchored::whole;
    if (p.starts_with('^')) p.remove_prefix(1), starts = true;
    else if (p.starts_with("\\A")) p.remove_prefix(2), starts = true;
    if (p.ends_with("\\z") || p.ends_with("\\Z")) p.remove_suffix(2), ends = true;
    else if (p.ends_with('$') && !p.ends_with("\\$")) p.remove_suffix(1), ends = true;
    if (!starts || !ends || p.empty()) return false;
    Letters letters;
    int depth = 0;
    for (std::size_t i = 0; i < p.size();) {
        const char c = p[i];
        if (c == '[') {
            bool negated = false;
            const auto end = read_class(p, i, letters, negated);
            if (end == p.npos || negated) return false;
            i = end;
        } else if (c == '\\') {
            if (i + 1 >= p.size()) return false;
            const char e = p[i + 1];
            if (e == 'w') letters.words = true;
            else if (e == 's' || e == 'S' || e == 'W' || e == 'D' || e == 'p' || e == 'n' || e == 'x' || e == 'u') return false;
            else if (!is_letter(e)) letters.add(e);
            i += 2;
        } else if (c == '.') return false;
        else if (c == '|' && depth == 0 && anchored != Anchored::whole) return false;  // ^a|b$
        else if (c == '(') {
            ++depth, ++i;
            if (p.substr(i, 1) == "?") {
                const auto end = p.find_first_of(":>=!", i);
                if (end == p.npos || p[end] == '=' || p[end] == '!') return false;
                i = end + 1;
            }
        } else if (c == ')') --depth, ++i;
        else if (c == '{') {
            const auto end = p.find('}', i);
            if (end == p.npos) return false;
            i = end + 1;
        } else {
            if (c != '|' && c != '*' && c != '+' && c != '?') letters.add(c);
            ++i;
        }
    }
    return !letters.separators || !letters.words;
}

bool finds_all_others(std::string_view p) {
    p = without_flags(p);
    while (!p.empty() && p.starts_with('(') && p.ends_with(')')) p = p.substr(1, p.size() - 2);
    if (p.starts_with("\\W") || p.starts_with("\\D")) p.remove_prefix(2);
    else if (p.starts_with("[^")) {
        Letters letters;
        bool negated = false;
        const auto end = read_class(p, 0, letters, negated);
        if (end == p.npos || (letters.separators && letters.words)) return false;
        p.remove_prefix(end);
    } else return false;
    return p.empty() || p == "+" || p == "*";
}

bool finds_separators(std::string_view p) {
    p = without_flags(p);
    if (!p.starts_with('[') || p.starts_with("[^")) return false;
    const auto has = [&](char c) { return p.find(c) != p.npos; };
    return has(';') && has('|') && has('&') && (has('$') || has('`'));
}

std::string_view inside_of_pattern(std::string_view literal) {
    while (!literal.empty() && (literal.front() == ' ' || literal.front() == '\t' || literal.front() == '@')) literal.remove_prefix(1);
    if (literal.starts_with("qr") || literal.starts_with("%r")) literal.remove_prefix(2);
    else if (literal.size() > 2 && (literal[0] == 'm' || literal[0] == 'r' || literal[0] == 'b' || literal[0] == 'u') && !is_letter(literal[1]) && !is_digit(literal[1]) && literal[1] != '_' && literal[1] != ' ' && literal[1] != '.' && literal[1] != '(') literal.remove_prefix(1);
    if (literal.size() < 2) return {};
    const char open = literal.front();
    if (std::string_view("/\"'{!|#~([").find(open) == std::string_view::npos) return {};
    const char close = open == '{' ? '}' : open == '(' ? ')' : open == '[' ? ']' : open;
    int depth = 0;
    bool in_class = false;
    for (std::size_t i = 1; i < literal.size(); ++i) {
        if (literal[i] == '\\') { ++i; continue; }
        if (literal[i] == '[' && open != '"' && open != '\'') in_class = true;
        else if (literal[i] == ']') in_class = false;
        if (in_class && open == '/') continue;
        if (open != close && literal[i] == open) ++depth;
        else if (literal[i] == close && depth-- == 0) return literal.substr(1, i - 1);
        else if (literal[i] == '\n') return {};
    }
    return {};
}

}  // namespace deadbox::plugins::webshell
