#include "plugin/spoken_secret.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "plugin/secret_value.hpp"

namespace deadbox::plugin {
namespace {

using namespace std::string_view_literals;

constexpr std::array k_keywords{"password"sv, "passwords"sv, "passwort"sv, "passwörter"sv, "kennwort"sv, "kennwörter"sv, "passphrase"sv, "passwd"sv, "passcode"sv, "pwd"sv, "pw"sv, "pass"sv, "creds"sv, "credentials"sv, "pin"sv, "secret"sv, "token"sv};
// Behind these stands whose password it is.
constexpr std::array k_owners{"of"sv, "for"sv, "on"sv, "at"sv, "in"sv, "by"sv, "to"sv, "user"sv, "account"sv, "host"sv, "server"sv, "von"sv, "für"sv, "auf"sv, "an"sv, "im"sv, "vom"sv, "durch"sv, "benutzer"sv, "konto"sv, "rechner"sv};
constexpr std::array k_algorithms{"md5"sv, "sha1"sv, "sha256"sv, "sha512"sv, "sha-1"sv, "sha-256"sv, "sha-512"sv, "base64"sv, "utf-8"sv, "bcrypt"sv, "2fa"sv};
// "changed from A to B"
constexpr std::array k_replacing{"to"sv, "auf"sv, "in"sv, "nach"sv, "and"sv, "und"sv, "or"sv, "oder"sv, "then"sv, "dann"sv, "->"sv, "=>"sv};
constexpr std::array k_set{"gesetzt"sv, "gestellt"sv, "gelegt"sv};
// What is said of a password, and is none.
constexpr std::array k_states{"none"sv, "no"sv, "yes"sv, "unknown"sv, "empty"sv, "set"sv, "unset"sv, "changed"sv, "reset"sv, "locked"sv, "expired"sv, "removed"sv, "deleted"sv, "disabled"sv, "enabled"sv, "found"sv, "lost"sv, "stolen"sv, "leaked"sv, "weak"sv, "strong"sv,
                            "hashed"sv, "cracked"sv, "same"sv, "new"sv, "old"sv, "pending"sv, "done"sv, "open"sv, "todo"sv, "keins"sv, "kein"sv, "nein"sv, "ja"sv, "unbekannt"sv, "leer"sv, "gesetzt"sv, "geändert"sv, "zurückgesetzt"sv, "gesperrt"sv, "abgelaufen"sv,
                            "gelöscht"sv, "entfernt"sv, "gefunden"sv, "gestohlen"sv, "schwach"sv, "stark"sv, "offen"sv, "neu"sv, "alt"sv, "erledigt"sv, "sofort"sv};
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

std::size_t word_end(std::string_view text, std::size_t at) {
    while (at < text.size() && static_cast<unsigned char>(text[at]) > ' ') ++at;
    return at;
}

std::string_view next_word(std::string_view text, std::size_t from) {
    while (from < text.size() && (text[from] == ' ' || text[from] == '\t')) ++from;
    const auto core = core_of(text, from, word_end(text, from));
    return text.substr(core.start, core.length);
}

// Does nothing more of the clause follow behind this word?
bool ends_clause(std::string_view text, std::size_t end) { return ".,;!)"sv.find(text[end - 1]) != std::string_view::npos || end >= text.size() || text[end] == '\n' || text[end] == '\r'; }

bool is_address_or_time(std::string_view word) {
    if (word.front() == '/' || word.find("://"sv) != std::string_view::npos) return true;
    if (const auto sign = word.find('@'); sign != std::string_view::npos && sign > 0 && word.find('.', sign) != std::string_view::npos) return true;
    return std::all_of(word.begin(), word.end(), [](char c) { return is_digit(c) || "-:.+/TZ"sv.find(c) != std::string_view::npos; });
}

// user:PASSWORD@host, without a scheme before it.
std::optional<SecretSpan> login_in(std::string_view text, std::size_t start, std::size_t end) {
    const auto word = text.substr(start, end - start);
    const auto colon = word.find(':'), sign = word.rfind('@');
    if (colon == std::string_view::npos || sign == std::string_view::npos || colon == 0 || sign < colon + 4 || sign + 1 >= word.size() || word.substr(colon, 3) == "://"sv) return std::nullopt;
    if (!std::all_of(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(colon), is_word) || !is_alnum(word[sign + 1])) return std::nullopt;
    return SecretSpan{start + colon + 1, sign - colon - 1, SecretKind::password};
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
    std::size_t left = 0;    // words within which the secret may follow
    bool owner = false;      // the word before says that a name follows
    bool announced = false;  // the word before ends in a colon
    bool replaced = false;   // the one before was a secret: "from A to B"
    for (std::size_t at = 0; at < text.size();) {
        if (static_cast<unsigned char>(text[at]) <= ' ') {
            if (text[at] == '\n') left = 0, replaced = false;
            ++at;
            continue;
        }
        const auto end = word_end(text, at);
        const auto whole = text.substr(at, end - at);
        const auto core = core_of(text, at, end);
        const auto word = text.substr(core.start, core.length);
        const auto plain = lowered(word);
        const bool colon = whole.ends_with(':') || whole.ends_with('=');
        if (const auto inner = login_in(text, at, end)) {
            all.push_back(*inner);
            left = 0;
        } else if (is_in(k_keywords, plain)) left = ends_sentence(whole) ? 0 : k_words_between + 1;
        else if (replaced && is_in(k_replacing, plain)) left = 2;
        else if (left > 0 && !word.empty()) {
            const bool quoted = core.start > at && "\"'`"sv.find(text[core.start - 1]) != std::string_view::npos && core.start + core.length < end && text[core.start + core.length] == text[core.start - 1];
            const bool set_to = owner && is_in(k_set, lowered(next_word(text, end)));
            const bool any_word = announced && word.size() >= 3 && !colon && !is_in(k_states, plain) && !is_address_or_time(word) && ends_clause(text, end);
            if ((((quoted && word.size() >= 3) || any_word) && !is_masked(word) && !owner) || ((!owner || set_to) && is_no_word(word) && !is_in(k_algorithms, plain))) {
                all.push_back(core);
                left = 0, replaced = true;
                owner = announced = false;
                at = end;
                continue;
            }
            if (ends_sentence(whole)) left = 0;
        }
        if (left > 0) --left;
        replaced = replaced && left > 0;
        owner = is_in(k_owners, plain) && !(replaced && is_in(k_replacing, plain));
        announced = colon;
        at = end;
    }
    return all;
}

}  // namespace deadbox::plugin
