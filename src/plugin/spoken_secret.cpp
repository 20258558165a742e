#include "plugin/spoken_secret.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "plugin/secret_value.hpp"

namespace deadbox::plugin {
namespace {

using namespace std::string_view_literals;

constexpr std::array k_keywords{"password"sv, "passwords"sv, "passwort"sv, "passwörter"sv, "kennwort"sv, "kennwörter"sv, "passphrase"sv, "passwd"sv, "passcode"sv, "pwd"sv, "pw"sv, "pin"sv, "secret"sv, "token"sv};
// Behind these stands whose password it is.
constexpr std::array k_owners{"of"sv, "for"sv, "on"sv, "at"sv, "in"sv, "from"sv, "by"sv, "to"sv, "user"sv, "account"sv, "host"sv, "server"sv, "von"sv, "für"sv, "auf"sv, "an"sv, "im"sv, "vom"sv, "durch"sv, "benutzer"sv, "konto"sv, "rechner"sv};
constexpr std::array k_algorithms{"md5"sv, "sha1"sv, "sha256"sv, "sha512"sv, "sha-1"sv, "sha-256"sv, "sha-512"sv, "base64"sv, "utf-8"sv, "bcrypt"sv, "2fa"sv};
constexpr std::size_t k_words_between = 8;  // from the keyword to the secret

template <class List>
bool is_in(const List& list, std::string_view word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

bool ends_sentence(std::string_view word) { return word.ends_with('.') || word.ends_with(';') || word.ends_with('?'); }

// Without what the sentence puts around it. A sign of exclamation may be part of a password.
SecretSpan core_of(std::string_view text, std::size_t start, std::size_t end) {
    while (start < end && "\"'([{<,;`"sv.find(text[start]) != std::string_view::npos) ++start;
    while (end > start && "\"')]}>,;.:?`"sv.find(text[end - 1]) != std::string_view::npos) --end;
    return {start, end - start, SecretKind::password};
}

bool is_address_or_time(std::string_view word) {
    if (word.front() == '/' || word.find("://"sv) != std::string_view::npos) return true;
    if (const auto sign = word.find('@'); sign != std::string_view::npos && sign > 0 && word.find('.', sign) != std::string_view::npos) return true;
    return std::all_of(word.begin(), word.end(), [](char c) { return is_digit(c) || "-:.+/TZ"sv.find(c) != std::string_view::npos; });
}

bool is_no_word(std::string_view word) {
    if (word.size() < 4 || is_address_or_time(word) || is_masked(word)) return false;
    const bool letter = std::any_of(word.begin(), word.end(), [](char c) { return lower(c) >= 'a' && lower(c) <= 'z'; });
    // A sign of exclamation at the end is the sentence's where nothing else is odd.
    const auto inner = word.substr(0, word.size() - (word.ends_with('!') ? 1 : 0));
    return letter && std::any_of(inner.begin(), inner.end(), [](char c) { return is_digit(c) || "!#$%&*+=?@^~"sv.find(c) != std::string_view::npos; });
}

}  // namespace

std::vector<SecretSpan> spoken_secrets(std::string_view text) {
    std::vector<SecretSpan> all;
    std::size_t left = 0;  // words within which the secret may follow
    bool owner = false;    // the word before says that a name follows
    for (std::size_t at = 0; at < text.size();) {
        if (static_cast<unsigned char>(text[at]) <= ' ') {
            if (text[at] == '\n') left = 0;
            ++at;
            continue;
        }
        std::size_t end = at;
        while (end < text.size() && static_cast<unsigned char>(text[end]) > ' ') ++end;
        const auto whole = text.substr(at, end - at);
        const auto core = core_of(text, at, end);
        const auto word = text.substr(core.start, core.length);
        const auto plain = lowered(word);
        if (is_in(k_keywords, plain)) left = ends_sentence(whole) ? 0 : k_words_between + 1;
        else if (left > 0 && !word.empty()) {
            const bool quoted = core.start > at && "\"'`"sv.find(text[core.start - 1]) != std::string_view::npos && core.start + core.length < end && text[core.start + core.length] == text[core.start - 1];
            if ((quoted && word.size() >= 3 && !is_masked(word) && !owner) || (!owner && is_no_word(word) && !is_in(k_algorithms, plain))) {
                all.push_back(core);
                left = 0;
            } else if (ends_sentence(whole)) left = 0;
        }
        if (left > 0) --left;
        owner = is_in(k_owners, plain);
        at = end;
    }
    return all;
}

}  // namespace deadbox::plugin
