#include "plugin/spoken_secret.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "plugin/secret_value.hpp"

namespace deadbox::plugin {
namespace {

using namespace std::string_view_literals;

constexpr std::array k_keywords{"password"sv, "passwords"sv, "passwort"sv, "passwörter"sv, "kennwort"sv, "kennwörter"sv, "passphrase"sv, "passwd"sv, "passcode"sv, "pwd"sv, "pw"sv, "pass"sv, "creds"sv, "credentials"sv, "pin"sv, "secret"sv, "token"sv, "apikey"sv, "bearer"sv, "schlüssel"sv, "geheimnis"sv};
// A key by itself may be what stands in a door, a table or a finding.
constexpr std::array k_of_keys{"api"sv, "wlan"sv, "wifi"sv, "wi-fi"sv, "access"sv, "secret"sv, "session"sv, "encryption"sv, "pre-shared"sv, "shared"sv, "license"sv, "recovery"sv};
// Behind these stands whose password it is.
constexpr std::array k_owners{"of"sv, "for"sv, "on"sv, "at"sv, "in"sv, "by"sv, "to"sv, "user"sv, "account"sv, "host"sv, "server"sv, "von"sv, "für"sv, "auf"sv, "an"sv, "im"sv, "vom"sv, "durch"sv, "benutzer"sv, "konto"sv, "rechner"sv};
constexpr std::array k_algorithms{"md5"sv, "sha1"sv, "sha256"sv, "sha512"sv, "sha-1"sv, "sha-256"sv, "sha-512"sv, "base64"sv, "utf-8"sv, "bcrypt"sv, "2fa"sv, "ed25519"sv, "rsa2048"sv, "rsa4096"sv, "aes256"sv, "aes-256"sv, "id_ed25519"sv};
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
    if (word.front() == '/' || word.find("://"sv) != std::string_view::npos || word.starts_with("SHA256:"sv) || word.starts_with("MD5:"sv)) return true;  // of a key
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

// A word as it stands in the text.
struct SpokenWord {
    std::size_t start = 0, end = 0;  // with what the sentence puts around it
    std::string_view whole;
    SecretSpan core;         // without
    std::string_view word;   // the core's text
    std::string plain;       // in small letters
    bool announces = false;  // ends in a colon
};

// Goes through the words and remembers what the sentence has said so far.
class Sentence {
public:
    explicit Sentence(std::string_view text) : m_text(text) {}

    std::vector<SecretSpan> secrets() {
        for (std::size_t at = 0; at < m_text.size();) {
            const char c = m_text[at];
            if (static_cast<unsigned char>(c) <= ' ') {
                if (c == '\n') end_line();
                ++at;
            } else at = read(word_at(at));
        }
        return std::move(m_all);
    }

private:
    SpokenWord word_at(std::size_t at) const {
        SpokenWord w{at, word_end(m_text, at), {}, {}, {}, {}, false};
        w.whole = m_text.substr(at, w.end - at);
        w.core = core_of(m_text, at, w.end);
        w.word = m_text.substr(w.core.start, w.core.length);
        w.plain = lowered(w.word);
        w.announces = w.whole.ends_with(':') || w.whole.ends_with('=');
        return w;
    }

    void end_line() {
        m_left = m_entering = 0;
        m_replaced = false;
        m_before.clear();
    }

    // Where the next word begins.
    std::size_t read(const SpokenWord& w) {
        const bool known = take_login(w) || hear_keyword(w) || take_pair(w) || take_entry(w) || take_number(w) || hear_replacing(w);
        if (!known && m_left > 0 && !w.word.empty()) {
            if (const auto end = take_phrase(w)) return *end;
            if (take_word(w)) return w.end;
            if (ends_sentence(w.whole)) m_left = 0;
        }
        remember(w);
        return w.end;
    }

    void take(const SecretSpan& span) {
        m_all.push_back(span);
        m_left = m_entering = 0;
    }

    bool take_login(const SpokenWord& w) {
        const auto inner = login_in(m_text, w.start, w.end);
        if (inner) take(*inner);
        return inner.has_value();
    }

    // The word for a secret: within some words it follows.
    bool hear_keyword(const SpokenWord& w) {
        if (!is_keyword(w.plain) && !(w.plain == "key"sv && is_in(k_of_keys, m_before))) return false;
        m_left = ends_sentence(w.whole) ? 0 : k_words_between + 1;
        return true;
    }

    // Behind the word for a secret, or for getting in: anna/SECRET.
    bool take_pair(const SpokenWord& w) {
        const auto pair = m_left > 0 || is_in(k_entering, m_before) ? pair_in(w.core, m_text) : std::nullopt;
        if (pair) take(*pair);
        return pair.has_value();
    }

    // "logged in as root with SECRET", "Zugang: anna / SECRET".
    bool take_entry(const SpokenWord& w) {
        if (m_entering == 0 || !(is_in(k_with, m_before) || m_before == "/"sv) || !is_no_word(w.word) || is_in(k_algorithms, w.plain)) return false;
        take(w.core);
        return true;
    }

    bool take_number(const SpokenWord& w) {
        if (m_before != "pin"sv || w.word.size() < 4 || w.word.size() > 12 || !std::all_of(w.word.begin(), w.word.end(), is_digit)) return false;
        m_all.push_back(w.core);
        m_left = 0;
        return true;
    }

    // "from A to B": what was said of A holds for B.
    bool hear_replacing(const SpokenWord& w) {
        if (!m_replaced || !is_in(k_replacing, w.plain)) return false;
        m_left = 2;
        return true;
    }

    // A passphrase in quotes goes on to where they end.
    std::optional<std::size_t> take_phrase(const SpokenWord& w) {
        const auto quote = w.core.start > w.start ? m_text[w.core.start - 1] : '\0';
        if (is_quoted(w) || (quote != '"' && quote != '\'' && quote != '`')) return std::nullopt;
        const auto close = m_text.substr(0, std::min(m_text.size(), w.core.start + k_longest_phrase)).find(quote, w.core.start);
        if (close == std::string_view::npos || m_text.substr(w.core.start, close - w.core.start).find('\n') != std::string_view::npos || (close + 1 < m_text.size() && is_alnum(m_text[close + 1]))) return std::nullopt;
        m_all.push_back({w.core.start, close - w.core.start, SecretKind::password});
        m_left = 0;
        told();
        return close + 1;
    }

    // A word in quotes, any word behind a colon, or one that no language has.
    bool take_word(const SpokenWord& w) {
        const bool any_word = m_announced && w.word.size() >= 3 && !w.announces && !is_in(k_states, w.plain) && !is_address_or_time(w.word) && ends_clause(m_text, w.end);
        const bool told_so = ((is_quoted(w) && w.word.size() >= 3) || any_word) && !is_masked(w.word) && !m_owner;
        const bool set_to = m_owner && (m_became || is_in(k_set, lowered(next_word(m_text, w.end))));
        if (!told_so && !((!m_owner || set_to) && is_no_word(w.word) && !is_in(k_algorithms, w.plain))) return false;
        m_all.push_back(w.core);
        m_left = w.whole.ends_with(',') ? 2 : 0;  // "A, B and C"
        told();
        m_before = w.plain;
        return true;
    }

    bool is_quoted(const SpokenWord& w) const {
        const auto end = w.core.start + w.core.length;
        return w.core.start > w.start && "\"'`"sv.find(m_text[w.core.start - 1]) != std::string_view::npos && end < w.end && m_text[end] == m_text[w.core.start - 1];
    }

    void told() {
        m_replaced = true;
        m_owner = m_announced = m_became = false;
    }

    // What this word says of the next.
    void remember(const SpokenWord& w) {
        if (m_left > 0) --m_left;
        m_replaced = m_replaced && m_left > 0;
        if (m_entering > 0) --m_entering;
        if (is_in(k_entering, w.plain)) m_entering = k_words_between;
        if (ends_sentence(w.whole)) m_entering = 0;
        m_became = w.plain == "to"sv && is_in(k_changing, m_before);
        m_before = w.plain.empty() ? std::string(w.whole) : w.plain;
        m_owner = is_in(k_owners, w.plain) && !(m_replaced && is_in(k_replacing, w.plain));
        m_announced = w.announces;
    }

    std::string_view m_text;
    std::vector<SecretSpan> m_all;
    std::size_t m_left = 0;      // words within which the secret may follow
    std::size_t m_entering = 0;  // words within which somebody gets in
    bool m_owner = false;        // the word before says that a name follows
    bool m_announced = false;    // the word before ends in a colon
    bool m_became = false;       // the word before leads to what it is now: "changed to"
    bool m_replaced = false;     // the one before was a secret: "from A to B"
    std::string m_before;        // the word before, in small letters
};

}  // namespace

std::vector<SecretSpan> spoken_secrets(std::string_view text) { return Sentence(text).secrets(); }

}  // namespace deadbox::plugin
