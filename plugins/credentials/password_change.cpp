#include "credentials/password_change.hpp"

#include <algorithm>
#include <span>
#include <vector>

#include "plugin/secret_value.hpp"

namespace deadbox::plugins::credentials {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t k_longest_statement = 512, k_name = 128;

struct Token {
    std::string_view text;  // without its quotes
    bool quoted = false;
};
using Tokens = std::span<const Token>;

// At most what a statement has; the quote that opens the password is none.
std::vector<Token> tokens_of(std::string_view text) {
    std::vector<Token> all;
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at];
        if (plugin::is_blank(c) || c == '\\') {
            ++at;
        } else if (c == '\'' || c == '"' || c == '`') {
            auto close = text.find(c, at + 1);
            if (close == std::string_view::npos) {
                if (text.find_first_not_of(" \t\\"sv, at + 1) == std::string_view::npos) return all;
                close = text.size();
            }
            auto inside = text.substr(at + 1, close - at - 1);
            if (inside.ends_with('\\')) inside.remove_suffix(1);  // \"bob\" between the shell's quotes
            all.push_back({inside, true});
            at = std::min(close + 1, text.size());
        } else {
            const auto length = std::max<std::size_t>(plugin::run(text, at, [](char one) { return plugin::is_word(one) || one == '$' || one == '.' || one == '*' || static_cast<unsigned char>(one) >= 0x80; }), 1);
            all.push_back({text.substr(at, length)});
            at += length;
        }
    }
    return all;
}

bool is(const Token& token, std::string_view word) { return !token.quoted && plugin::lowered(token.text) == word; }
bool is_any(const Token& token, std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(), [&](auto word) { return is(token, word); });
}
bool is_name(const Token& token) { return !token.text.empty() && token.text.size() <= k_name && (token.quoted || plugin::is_word(token.text.front())); }

// x or x@h, the last of these.
std::string_view last_user(Tokens tokens) {
    if (tokens.size() >= 3 && is(tokens[tokens.size() - 2], "@"sv)) tokens = tokens.first(tokens.size() - 2);
    return !tokens.empty() && is_name(tokens.back()) ? tokens.back().text : std::string_view();
}

std::optional<PasswordChange> found(std::string_view account, bool is_hash = false) {
    return account.empty() ? std::nullopt : std::optional(PasswordChange{std::string(account), is_hash});
}

// Behind CREATE USER, GRANT ...: what stands before IDENTIFIED ... is the user.
std::optional<PasswordChange> identified(Tokens tokens) {
    auto at = tokens.size();
    while (at > 0 && !is(tokens[at - 1], "identified"sv)) --at;
    if (at < 2) return std::nullopt;
    const auto user = tokens.first(at - 1);
    auto rest = tokens.subspan(at);
    bool with = false;
    if (rest.size() >= 2 && is_any(rest[0], {"with"sv, "via"sv})) rest = rest.subspan(2), with = true;
    if (rest.size() == 1 && (is(rest[0], "by"sv) || (with && is_any(rest[0], {"as"sv, "using"sv})))) return found(last_user(user), !is(rest[0], "by"sv));
    return rest.size() == 2 && is(rest[0], "by"sv) && is(rest[1], "password"sv) ? found(last_user(user), true) : std::nullopt;
}

std::optional<PasswordChange> of_statement(Tokens tokens) {
    if (tokens.size() < 4 || std::any_of(tokens.begin(), tokens.end(), [](const auto& one) { return is(one, ";"sv); })) return std::nullopt;
    if (is(tokens[0], "set"sv)) {  // PASSWORD FOR x@h = PASSWORD(
        if (!is(tokens[1], "password"sv) || !is(tokens[2], "for"sv)) return std::nullopt;
        auto rest = tokens.subspan(3);
        if (rest.size() >= 2 && is(rest.back(), "("sv) && is_any(rest[rest.size() - 2], {"password"sv, "old_password"sv})) rest = rest.first(rest.size() - 2);
        return rest.size() >= 2 && is_any(rest.back(), {"="sv, "to"sv}) ? found(last_user(rest.first(rest.size() - 1))) : std::nullopt;
    }
    if (is(tokens[0], "grant"sv)) return std::any_of(tokens.begin(), tokens.end(), [](const auto& one) { return is(one, "to"sv); }) ? identified(tokens) : std::nullopt;
    if (!is_any(tokens[1], {"user"sv, "role"sv, "login"sv, "group"sv})) return std::nullopt;
    auto rest = tokens.subspan(2);
    if (is(rest[0], "if"sv)) {
        std::size_t words = 1;
        while (words < rest.size() && is_any(rest[words], {"not"sv, "exists"sv})) ++words;
        rest = rest.subspan(words);
    }
    if (const auto change = identified(rest)) return change;
    if (!rest.empty() && is(rest.back(), "="sv)) rest = rest.first(rest.size() - 1);
    return rest.size() >= 2 && is(rest.back(), "password"sv) && is_name(rest[0]) ? found(rest[0].text) : std::nullopt;
}

}  // namespace

std::optional<PasswordChange> password_change(std::string_view before) {
    if (before.size() > k_longest_statement) before.remove_prefix(before.size() - k_longest_statement);
    const auto plain = plugin::lowered(before);
    if (plain.find("identified") == std::string::npos && plain.find("password") == std::string::npos) return std::nullopt;
    // From the statement's first word on: what stands before it may be the shell's.
    std::size_t from = std::string::npos;
    for (const auto word : {"create "sv, "alter "sv, "set "sv, "grant "sv})
        for (auto at = plain.rfind(word); at != std::string::npos; at = at == 0 ? std::string::npos : plain.rfind(word, at - 1)) {
            if (at > 0 && plugin::is_word(plain[at - 1])) continue;
            if (word == "set "sv && plain.compare(at, 13, "set password "sv) != 0) continue;
            if (from == std::string::npos || at > from) from = at;
            break;
        }
    if (from == std::string::npos) return std::nullopt;
    const auto tokens = tokens_of(before.substr(from));
    return of_statement(tokens);
}

}  // namespace deadbox::plugins::credentials
