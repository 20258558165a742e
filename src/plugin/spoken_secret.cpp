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
constexpr std::array k_set{"gesetzt"sv, "gestellt"sv, "gelegt"sv, "geändert"sv, "zurückgesetzt"sv, "umgestellt"sv};
// Behind these "to" leads to what it is now.
constexpr std::array k_changing{"changed"sv, "set"sv, "reset"sv, "rotated"sv, "switched"sv, "updated"sv};
// Somebody gets in: with what follows "with", or as a pair.
constexpr std::array k_entering{"login"sv, "logon"sv, "logged"sv, "log-in"sv, "signed"sv, "access"sv, "zugang"sv, "zugangsdaten"sv, "anmeldung"sv, "angemeldet"sv, "eingeloggt"sv, "creds"sv, "credentials"sv};
// What is said of a password, and is none.
constexpr std::array k_states{"none"sv, "no"sv, "yes"sv, "unknown"sv, "empty"sv, "set"sv, "unset"sv, "changed"sv, "reset"sv, "locked"sv, "expired"sv, "removed"sv, "deleted"sv, "disabled"sv, "enabled"sv, "found"sv, "lost"sv, "stolen"sv, "leaked"sv, "weak"sv, "strong"sv,
                            "hashed"sv, "cracked"sv, "same"sv, "new"sv, "old"sv, "pending"sv, "done"sv, "open"sv, "todo"sv, "keins"sv, "kein"sv, "nein"sv, "ja"sv, "unbekannt"sv, "leer"sv, "gesetzt"sv, "geändert"sv, "zurückgesetzt"sv, "gesperrt"sv, "abgelaufen"sv,
                            "gelöscht"sv, "entfernt"sv, "gefunden"sv, "gestohlen"sv, "schwach"sv, "stark"sv, "offen"sv, "neu"sv, "alt"sv, "erledigt"sv, "sofort"sv};
constexpr std::array k_with{"with"sv, "mit"sv, "using"sv};
constexpr std::size_t k_words_between = 8;  // from the keyword to the secret
constexpr std::size_t k_longest_phrase = 128;

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

// The word for a secret by itself, or as the last part of one that German or a hyphen makes: Root-Passwort, Adminkennwort.
bool is_keyword(std::string_view plain) {
    if (is_in(k_keywords, plain)) return true;
    constexpr std::size_t k_long = 6;  // "bypass" is none
    return std::any_of(k_keywords.begin(), k_keywords.end(), [&](std::string_view word) {
        return plain.size() > word.size() && plain.ends_with(word) && (word.size() > k_long || plain[plain.size() - word.size() - 1] == '-' || plain[plain.size() - word.size() - 1] == '_');
    });
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

// admin/PASSWORD and admin:PASSWORD, of one word.
std::optional<SecretSpan> pair_in(const SecretSpan& core, std::string_view text) {
    const auto word = text.substr(core.start, core.length);
    const auto sign = word.find_first_of("/:");
    if (sign == std::string_view::npos || sign == 0 || sign + 4 >= word.size() || is_address_or_time(word) || word.find_first_of("/:", sign + 1) != std::string_view::npos) return std::nullopt;
    if (!std::all_of(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(sign), is_word) || !is_no_word(word.substr(sign + 1))) return std::nullopt;
    return SecretSpan{core.start + sign + 1, core.length - sign - 1, SecretKind::password};
}

}  // namespace

std::vector<SecretSpan> spoken_secrets(std::string_view text) {
    std::vector<SecretSpan> all;
    std::size_t left = 0;    // words within which the secret may follow
    bool owner = false;      // the word before says that a name follows
    bool announced = false;  // the word before ends in a colon
    bool became = false;     // the word before leads to what it is now: "changed to"
    bool replaced = false;   // the one before was a secret: "from A to B"
    std::size_t entering = 0;  // words within which somebody gets in
    std::string before;        // the word before, in small letters
    for (std::size_t at = 0; at < text.size();) {
        if (static_cast<unsigned char>(text[at]) <= ' ') {
            if (text[at] == '\n') left = entering = 0, replaced = false, before.clear();
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
            left = entering = 0;
        } else if (is_keyword(plain)) left = ends_sentence(whole) ? 0 : k_words_between + 1;
        else if (const auto pair = left > 0 || is_in(k_entering, before) ? pair_in(core, text) : std::nullopt) {
            all.push_back(*pair);
            left = entering = 0;
        } else if (entering > 0 && (is_in(k_with, before) || before == "/"sv) && is_no_word(word) && !is_in(k_algorithms, plain)) {
            all.push_back(core);
            left = entering = 0;
        } else if (before == "pin"sv && word.size() >= 4 && word.size() <= 12 && std::all_of(word.begin(), word.end(), is_digit)) {
            all.push_back(core);
            left = 0;
        } else if (replaced && is_in(k_replacing, plain)) left = 2;
        else if (left > 0 && !word.empty()) {
            const bool quoted = core.start > at && "\"'`"sv.find(text[core.start - 1]) != std::string_view::npos && core.start + core.length < end && text[core.start + core.length] == text[core.start - 1];
            const bool set_to = owner && (became || is_in(k_set, lowered(next_word(text, end))));
            // A passphrase in quotes goes on to where they end.
            if (const auto quote = core.start > at ? text[core.start - 1] : '\0'; !quoted && (quote == '"' || quote == '\'' || quote == '`')) {
                const auto close = text.substr(0, std::min(text.size(), core.start + k_longest_phrase)).find(quote, core.start);
                if (close != std::string_view::npos && text.substr(core.start, close - core.start).find('\n') == std::string_view::npos && (close + 1 >= text.size() || !is_alnum(text[close + 1]))) {
                    all.push_back({core.start, close - core.start, SecretKind::password});
                    left = 0, replaced = true, owner = announced = became = false;
                    at = close + 1;
                    continue;
                }
            }
            const bool any_word = announced && word.size() >= 3 && !colon && !is_in(k_states, plain) && !is_address_or_time(word) && ends_clause(text, end);
            if ((((quoted && word.size() >= 3) || any_word) && !is_masked(word) && !owner) || ((!owner || set_to) && is_no_word(word) && !is_in(k_algorithms, plain))) {
                all.push_back(core);
                left = whole.ends_with(',') ? 2 : 0, replaced = true;  // "A, B and C"
                owner = announced = became = false;
                before = plain;
                at = end;
                continue;
            }
            if (ends_sentence(whole)) left = 0;
        }
        if (left > 0) --left;
        replaced = replaced && left > 0;
        if (entering > 0) --entering;
        if (is_in(k_entering, plain) && !ends_sentence(whole)) entering = k_words_between;
        if (ends_sentence(whole)) entering = 0;
        became = plain == "to"sv && is_in(k_changing, before);
        before = plain.empty() ? std::string(whole) : plain;
        owner = is_in(k_owners, plain) && !(replaced && is_in(k_replacing, plain));
        announced = colon;
        at = end;
    }
    return all;
}

}  // namespace deadbox::plugin
