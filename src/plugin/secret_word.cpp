#include "plugin/secret_word.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "plugin/secret_shape.hpp"
#include "plugin/secret_value.hpp"

namespace deadbox::plugin {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t k_longest_word = 160;

constexpr std::array k_announcing{"pw"sv, "pwd"sv, "pass"sv, "passwd"sv, "password"sv, "passwort"sv, "kennwort"sv, "passphrase"sv, "passcode"sv, "psk"sv, "secret"sv, "token"sv, "key"sv, "apikey"sv};
constexpr std::array k_linking{"is"sv, "ist"sv, "lautet"sv, "was"sv, "war"sv};

bool is_hex_text(std::string_view word) {
    return std::all_of(word.begin(), word.end(), [](char c) { return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f'); });
}

// Without the signs that a sentence puts around it.
SecretSpan bare_word(std::string_view text, std::size_t from) {
    while (from < text.size() && "\"'(`"sv.find(text[from]) != std::string_view::npos) ++from;
    auto end = from + run(text.substr(0, std::min(text.size(), from + k_longest_word)), from, [](char c) { return static_cast<unsigned char>(c) > ' ' && "\"'`<>"sv.find(c) == std::string_view::npos; });
    while (end > from && ").,;:"sv.find(text[end - 1]) != std::string_view::npos) --end;
    return {from, end - from, SecretKind::password};
}

// "api key", "access key": a key by itself opens a door or a table.
bool is_key_of_something(std::string_view text, std::size_t at) {
    constexpr std::array k_of{"api"sv, "access"sv, "secret"sv, "license"sv, "encryption"sv, "wlan"sv, "wifi"sv, "recovery"sv, "shared"sv, "pre-shared"sv};
    if (at < 2 || !is_blank(text[at - 1])) return false;
    auto start = at - 1;
    while (start > 0 && at - start < 16 && is_word(text[start - 1])) --start;
    return std::find(k_of.begin(), k_of.end(), lowered(text.substr(start, at - 1 - start))) != k_of.end();
}

// As programs draw them: any sign may be in it.
bool is_generated(std::string_view value) {
    if (is_made_up(value) || (value.size() >= 16 && is_hex_text(value))) return true;
    const auto any = [&](auto&& is) { return std::any_of(value.begin(), value.end(), is); };
    return value.find("/"sv) == std::string_view::npos && value.front() != '{' && value.front() != '(' && any(is_digit) && any([](char c) { return c >= 'a' && c <= 'z'; }) && any([](char c) { return c >= 'A' && c <= 'Z'; });
}

}  // namespace

std::optional<SecretSpan> announced_at(std::string_view text, std::size_t at) {
    const char first = lower(text[at]);
    if (first != 'p' && first != 's' && first != 't' && first != 'k' && first != 'a' && first != 'c') return std::nullopt;
    const auto length = run(text, at, is_word);
    auto from = at + length;
    if (length < 2 || length > 24 || from + 6 >= text.size() || !is_blank(text[from])) return std::nullopt;
    const auto name = lowered(text.substr(at, length));
    const bool string = name == "convertto-securestring";
    if (!string && std::find(k_announcing.begin(), k_announcing.end(), name) == k_announcing.end()) return std::nullopt;
    if (name == "key" && !is_key_of_something(text, at)) return std::nullopt;
    from += run(text, from, is_blank);
    if (string) {
        const auto inner = unquoted(text, from, value_end(text, from, quotes_around(text, from), ValueOf::word));
        const auto value = text.substr(inner.start, inner.end - inner.start);
        return value.size() < 3 || value.starts_with('-') || value.starts_with('$') || value.starts_with('(') ? std::nullopt : std::optional(SecretSpan{inner.start, value.size(), SecretKind::password});
    }
    auto word = bare_word(text, from);
    if (std::find(k_linking.begin(), k_linking.end(), lowered(text.substr(word.start, std::min(word.length, std::size_t{8})))) != k_linking.end() && word.start + word.length < text.size() && is_blank(text[word.start + word.length]))
        word = bare_word(text, word.start + word.length + run(text, word.start + word.length, is_blank));
    return is_made_up(text.substr(word.start, word.length)) ? std::optional(word) : std::nullopt;
}

std::optional<SecretSpan> generated_at(std::string_view text, std::size_t at) {
    constexpr std::size_t k_sentence = 160;
    if (at == 0 || at + 9 >= text.size() || text[at + 1] != ' ' || !is_alnum(text[at - 1])) return std::nullopt;
    auto end = at + 2 + run(text.substr(0, std::min(text.size(), at + 2 + k_longest_word)), at + 2, [](char c) { return static_cast<unsigned char>(c) > ' '; });
    if (end < text.size() && text[end] != '\n' && text[end] != '\r') return std::nullopt;
    auto from = at + 2;
    while (from < end && "\"'`"sv.find(text[from]) != std::string_view::npos) ++from;
    while (end > from && "\"'`."sv.find(text[end - 1]) != std::string_view::npos) --end;
    const SecretSpan word{from, end - from, SecretKind::password};
    const auto value = text.substr(word.start, word.length);
    if (value.size() < 8 || value.size() > 64 || !is_generated(value)) return std::nullopt;
    const auto start = at > k_sentence ? at - k_sentence : 0;
    const auto sentence = lowered(text.substr(start, at - start));
    const auto says = [&](std::string_view part) { return sentence.find(part) != std::string::npos; };
    if (!says("password"sv) && !says("passphrase"sv) && !says("passwort"sv) && !says("kennwort"sv) && !says("api key"sv) && !says("access token"sv) && !says("secret"sv)) return std::nullopt;
    for (const auto other : {"hash"sv, "digest"sv, "checksum"sv, "fingerprint"sv, "sha"sv, "md5"sv, "failed"sv, "invalid"sv, "refused"sv})
        if (says(other)) return std::nullopt;
    for (const auto owner : {" user"sv, " account"sv, " host"sv, " for"sv, " by"sv, " from"sv, " name"sv, " file"sv, " id"sv, " version"sv})
        if (sentence.ends_with(owner)) return std::nullopt;
    return word;
}

std::optional<SecretSpan> bare_login_at(std::string_view text, std::size_t at) {
    constexpr std::size_t k_user = 64, k_secret = 128;
    if (at == 0 || at + 4 >= text.size() || !is_alnum(text[at - 1])) return std::nullopt;
    const auto rest = text.substr(at + 1, k_secret);
    const auto length = run(rest, 0, [](char c) { return static_cast<unsigned char>(c) > ' ' && "\"'<>`"sv.find(c) == std::string_view::npos; });
    const auto sign = rest.substr(0, length).rfind('@');
    if (sign == std::string_view::npos || sign < 3 || sign + 1 >= length || !is_alnum(rest[sign + 1])) return std::nullopt;
    const auto value = rest.substr(0, sign);
    auto start = at;
    while (start > 0 && at - start < k_user && (is_word(text[start - 1]) || text[start - 1] == '.')) --start;
    if (start == at || is_digit(text[start])) return std::nullopt;
    const bool told = start > 0 && (text[start - 1] == '#' || (start > 1 && text[start - 1] == '/' && text[start - 2] == '/' && (start == 2 || is_blank(text[start - 3]))));
    if (told) return value.find('/') == std::string_view::npos && !is_masked(value) && !is_reference(value) ? std::optional(SecretSpan{at + 1, sign, SecretKind::password}) : std::nullopt;
    if (start > 0 && !is_blank(text[start - 1]) && text[start - 1] != '"' && text[start - 1] != '\'') return std::nullopt;
    // What stands in front of a mail address or a digest.
    constexpr std::array k_others{"mailto"sv, "sip"sv, "sips"sv, "acct"sv, "xmpp"sv, "from"sv, "to"sv, "cc"sv, "bcc"sv, "mail"sv, "email"sv, "sender"sv, "user"sv, "message-id"sv, "docker"sv};
    if (std::find(k_others.begin(), k_others.end(), lowered(text.substr(start, at - start))) != k_others.end() || rest.substr(sign + 1).starts_with("sha256"sv)) return std::nullopt;
    return is_made_up(value) ? std::optional(SecretSpan{at + 1, sign, SecretKind::password}) : std::nullopt;
}

std::optional<SecretSpan> user_setting_at(std::string_view text, std::size_t at) {
    auto end = at;
    while (end > 0 && at - end < 4 && is_blank(text[end - 1])) --end;
    auto start = end;
    while (start > 0 && end - start < 16 && is_word(text[start - 1])) --start;
    const auto name = lowered(text.substr(start, end - start));
    if (name != "user" && name != "username") return std::nullopt;
    const bool asked = start > 0 && (text[start - 1] == '?' || text[start - 1] == '&');  // a request's, with percent signs of its own
    const auto from = at + 1 + run(text, at + 1, [](char c) { return is_blank(c) || c == '"' || c == '\''; });
    const auto value = text.substr(from, run(text.substr(0, std::min(text.size(), from + k_longest_word)), from, [](char c) { return static_cast<unsigned char>(c) > ' ' && ",;&\"'"sv.find(c) == std::string_view::npos; }));
    const auto user = run(value, 0, [](char c) { return is_word(c) || c == '.' || c == '\\' || c == '/'; });
    if (asked || user == 0 || user + 4 >= value.size()) return std::nullopt;
    const auto secret = value.substr(user + 1);
    if (value[user] == ':') return is_made_up(secret) ? std::optional(SecretSpan{from + user + 1, secret.size(), SecretKind::password}) : std::nullopt;
    // %40 of a form's text is a sign of the name.
    const bool encoded = is_hex_text(secret.substr(0, 2));
    if (value[user] != '%' || is_reference(secret) || (encoded && (secret.find('%') != std::string_view::npos || !is_made_up(secret)))) return std::nullopt;
    return SecretSpan{from + user + 1, secret.size(), SecretKind::password};
}

std::optional<SecretSpan> labelled_at(std::string_view text, std::size_t at) {
    auto start = at;
    while (start > 0 && at - start < 32 && is_word(text[start - 1])) --start;
    if (start == 0 || start == at || (text[start - 1] != '"' && text[start - 1] != '\'') || !names_a_secret(text.substr(start, at - start))) return std::nullopt;
    const auto close = text.substr(0, std::min(text.size(), at + k_longest_word)).find(text[start - 1], at + 1);
    if (close == std::string_view::npos || !is_made_up(text.substr(at + 1, close - at - 1))) return std::nullopt;
    return SecretSpan{at + 1, close - at - 1, SecretKind::password};
}

}  // namespace deadbox::plugin
