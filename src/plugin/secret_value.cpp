#include "plugin/secret_value.hpp"

#include <algorithm>

namespace deadbox::plugin {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t k_back = 1024;  // how far the quotes around a place are looked for
constexpr std::size_t k_longest_secret_name = 64;

bool is_quote(char c) { return c == '"' || c == '\''; }
bool is_end(char c) { return static_cast<unsigned char>(c) <= ' '; }

// The quote that closes the one at `at`, on the same line. A backslash before it takes it away where another follows.
std::size_t closing(std::string_view text, std::size_t at) {
    const char mark = text[at];
    const auto last = std::min(text.size(), at + k_longest_value);
    std::size_t found = std::string_view::npos;
    for (std::size_t i = at + 1; i < last && text[i] != '\n'; ++i) {
        if (text[i] == '\\' && i + 1 < last && (text[i + 1] == mark || text[i + 1] == '\\')) {
            if (text[i + 1] == mark && found == std::string_view::npos) found = i + 1;  // '\' of a shell is whole
            ++i;
        } else if (text[i] == mark) return i;
    }
    return mark == '\'' ? found : std::string_view::npos;
}

// NAME= or a command: what follows a separator that ends a value.
bool starts_another(std::string_view text, std::size_t at, bool command) {
    const auto name = run(text, at, [](char c) { return is_word(c) || c == '.'; });
    if (name > 0 && name <= k_longest_secret_name && at + name < text.size() && text[at + name] == '=') return true;
    const auto plain = run(text, at, [](char c) { return (c >= 'a' && c <= 'z') || c == '/' || c == '.' || c == '_'; });
    return command && plain > 0 && (at + plain >= text.size() || is_end(text[at + plain]));
}

bool ends_at(std::string_view text, std::size_t from, std::size_t at, ValueOf what) {
    const char c = text[at], next = at + 1 < text.size() ? text[at + 1] : ' ';
    if ("|<>`;,&)"sv.find(c) == std::string_view::npos) return false;
    if (what == ValueOf::field && c != ',' && c != ')') return true;
    if (c == '`') return true;
    if (is_end(next) || is_quote(next) || next == c) return true;
    if (c == ')') return "|&;>"sv.find(next) != std::string_view::npos;
    if (c == '|' || c == '<' || c == '>') return what == ValueOf::word || (c == '<' && next == '/');
    if (c == '&' && what == ValueOf::word && text.substr(from, at - from).find('?') != std::string_view::npos) return false;  // an address that nobody quoted
    return starts_another(text, at + 1, c != ',');
}

}  // namespace

std::string lowered(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), lower);
    return out;
}

Quotes quotes_around(std::string_view text, std::size_t at) {
    std::size_t from = at > k_back ? at - k_back : 0;
    if (const auto line = text.substr(from, at - from).rfind('\n'); line != std::string_view::npos) from += line + 1;
    Quotes around;
    for (std::size_t i = from; i < at; ++i) {
        if (!is_quote(text[i])) continue;
        const bool escaped = i > from && text[i - 1] == '\\';
        if (around.mark == 0) {
            if (i == from || !is_alnum(text[i - 1])) around = {text[i], escaped};
        } else if (text[i] == around.mark && escaped == around.escaped) around = {};
    }
    return around;
}

std::size_t value_end(std::string_view text, std::size_t from, Quotes around, ValueOf what) {
    const auto last = std::min(text.size(), from + k_longest_value);
    std::size_t at = from;
    while (at < last && !is_end(text[at])) {
        const char c = text[at];
        const char next = at + 1 < last ? text[at + 1] : '\0';
        if (c == '\\' && is_quote(next) && next == around.mark) {
            if (around.escaped) break;
            auto close = at + 2;  // quotes inside quotes: \"a b\"
            while (close < last && text[close] != '\n' && !(text[close] == next && text[close - 1] == '\\')) ++close;
            if (close >= last || text[close] == '\n') break;
            at = close + 1;
        } else if (c == '\\' && next != '\0' && next != '\n') at += 2;
        else if (is_quote(c)) {
            if (c == around.mark && !around.escaped && at > from) break;
            const auto close = closing(text, at);
            const char behind = at + 1 < text.size() ? text[at + 1] : ' ';
            if (c == around.mark && !around.escaped && (is_end(behind) || ",;)]}+"sv.find(behind) != std::string_view::npos)) break;
            if (close == std::string_view::npos) {
                if (at != from) break;
                at += std::min(text.substr(at, last - at).find('\n'), last - at);  // the rest was cut off
                break;
            }
            // Of a shell's word more may follow; a quoted setting is whole.
            if (at == from && what != ValueOf::word && close + 1 < last && !is_word(text[close + 1]) && !is_quote(text[close + 1])) return close + 1;
            at = close + 1;
        } else if (ends_at(text, from, at, what)) break;
        else ++at;
    }
    return std::min(at, last);
}

Unquoted unquoted(std::string_view text, std::size_t start, std::size_t end) {
    if (start < end && text[start] == '$' && end - start > 2 && text[start + 1] == '\'') ++start;  // $'...'
    if (end - start >= 4 && text[start] == '\\' && is_quote(text[start + 1]) && text[end - 1] == text[start + 1] && text[end - 2] == '\\') return {start + 2, end - 2, text[start + 1] == '\'', true};
    if (start >= end || !is_quote(text[start])) return {start, end, false, false};
    const char mark = text[start];
    if (end - start >= 2 && text[end - 1] == mark && closing(text, start) == end - 1) return {start + 1, end - 1, mark == '\'', true};
    if (closing(text, start) == std::string_view::npos) return {start + 1, end, mark == '\'', true};  // cut off
    return {start, end, false, false};
}

bool is_reference(std::string_view value) {
    if (value.starts_with('`') || value.starts_with("${"sv) || value.starts_with("$("sv) || value.starts_with("{{"sv) || value.starts_with("%("sv) || value.starts_with("<%"sv) || value.starts_with("@@"sv)) return true;
    if (value.size() >= 2 && value.front() == '%')  // %NAME%, %env(NAME)% of Symfony
        return value.size() == 2 || (value.back() == '%' && (run(value, 1, is_word) == value.size() - 2 || (value.starts_with("%env("sv) && value.ends_with(")%"sv))));
    if (value.size() < 2 || value.front() != '$') return false;
    if ("_@*#?!0123456789"sv.find(value[1]) != std::string_view::npos && (value.size() == 2 || value[1] == '_')) return true;
    const auto rest = value.substr(1);
    const auto name = run(rest, 0, [](char c) { return is_alnum(c) || c == '_'; });
    if (name == 0 || is_digit(rest.front())) return false;
    if (name < rest.size()) return rest[name] == '[' || rest[name] == '(' || rest.substr(name).starts_with("->"sv) || rest.substr(name).starts_with("::"sv);
    // $password may be a variable, $ecret-1 and $ecret1 are none; $PW1 is.
    const bool small = std::any_of(rest.begin(), rest.end(), [](char c) { return c >= 'a' && c <= 'z'; });
    return !small || std::none_of(rest.begin(), rest.end(), is_digit);
}

bool is_masked(std::string_view value) {
    if (value.size() >= 3 && "*xX.#"sv.find(value.front()) != std::string_view::npos && std::all_of(value.begin(), value.end(), [&](char c) { return c == value.front(); })) return true;
    if (value.size() < 2) return false;
    return (value.front() == '<' && value.back() == '>') || (value.front() == '[' && value.back() == ']');
}

}  // namespace deadbox::plugin
