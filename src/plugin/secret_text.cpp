#include "plugin/secret_text.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <unordered_set>

#include "plugin/secret_code.hpp"
#include "plugin/secret_command.hpp"
#include "plugin/secret_hash.hpp"
#include "plugin/secret_shape.hpp"
#include "plugin/secret_token.hpp"
#include "plugin/secret_value.hpp"
#include "plugin/secret_word.hpp"

namespace deadbox::plugin {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t k_name = 64;        // longest name of a setting
constexpr std::size_t k_authority = 512;  // of an address, with its password
constexpr std::size_t k_longest_key_line = 80;

bool is_hash_char(char c) { return is_alnum(c) || "./$=,+-"sv.find(c) != std::string_view::npos; }

bool hex_digits(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f'); });
}

// Schemes of password hashes as they stand between the first two dollars.
constexpr std::array k_hash_schemes{"1"sv, "2"sv, "2a"sv, "2b"sv, "2x"sv, "2y"sv, "3"sv, "5"sv, "6"sv, "7"sv, "8"sv, "9"sv, "A"sv, "sm3"sv, "y"sv, "gy"sv, "md5"sv, "sha1"sv, "apr1"sv, "argon2i"sv, "argon2d"sv,
                               "argon2id"sv, "scrypt"sv, "pbkdf2-sha256"sv, "pbkdf2-sha512"sv, "bcrypt-sha256"sv};

// {SCHEME}hash, of LDAP and Dovecot; an encoding may follow behind a dot.
constexpr std::array k_marked_schemes{"SHA"sv, "SSHA"sv, "SHA256"sv, "SSHA256"sv, "SHA512"sv, "SSHA512"sv, "CRYPT"sv, "MD5"sv, "SMD5"sv, "MD5-CRYPT"sv, "PLAIN-MD5"sv, "SHA256-CRYPT"sv, "SHA512-CRYPT"sv,
                                      "BLF-CRYPT"sv, "DES-CRYPT"sv, "PBKDF2"sv, "ARGON2I"sv, "ARGON2ID"sv, "SCRAM-SHA-1"sv, "SCRAM-SHA-256"sv, "CRAM-MD5"sv, "HMAC-MD5"sv, "NTLM"sv};

std::optional<SecretSpan> hash_at(std::string_view text, std::size_t at) {
    const auto rest = text.substr(at);
    if (rest.front() == '{') {
        const auto close = rest.substr(0, 20).find('}');
        if (close == std::string_view::npos) return std::nullopt;
        const auto scheme = rest.substr(1, close - 1);
        if (scheme == "PLAIN"sv || scheme == "CLEARTEXT"sv || scheme == "CLEAR"sv) {
            const auto length = run(rest, close + 1, [](char c) { return static_cast<unsigned char>(c) > ' ' && ":\"'"sv.find(c) == std::string_view::npos; });
            return length >= 3 ? std::optional(SecretSpan{at + close + 1, length, SecretKind::password}) : std::nullopt;
        }
        if (std::find(k_marked_schemes.begin(), k_marked_schemes.end(), scheme.substr(0, scheme.find('.'))) == k_marked_schemes.end()) return std::nullopt;
        const auto length = run(rest, close + 1, is_hash_char);
        return length >= 12 ? std::optional(SecretSpan{at, close + 1 + length, SecretKind::hash}) : std::nullopt;
    }
    if (rest.starts_with("$P$"sv) || rest.starts_with("$H$"sv) || rest.starts_with("$S$"sv)) {  // phpass, Drupal
        const auto length = run(rest, 3, is_hash_char);
        if (length >= 28) return SecretSpan{at, 3 + length, SecretKind::hash};
        return std::nullopt;
    }
    const auto close = rest.substr(0, 20).find('$', 1);
    if (close == std::string_view::npos || std::find(k_hash_schemes.begin(), k_hash_schemes.end(), rest.substr(1, close - 1)) == k_hash_schemes.end()) return cracker_hash_at(text, at);
    const auto length = run(rest, close + 1, is_hash_char);
    if (length < 16) return std::nullopt;
    return SecretSpan{at, close + 1 + length, SecretKind::hash};
}

// *2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19, of mysql.user.
std::optional<SecretSpan> starred_hash_at(std::string_view text, std::size_t at) {
    constexpr std::size_t k_digits = 40;
    if (at > 0 && (is_word(text[at - 1]) || text[at - 1] == '*')) return std::nullopt;
    const auto length = run(text, at + 1, [](char c) { return is_digit(c) || (c >= 'A' && c <= 'F'); });
    if (length != k_digits || (at + 1 + length < text.size() && is_word(text[at + 1 + length]))) return std::nullopt;
    return SecretSpan{at, 1 + length, SecretKind::hash};
}

// A key of 32 bytes in hexadecimal digits, behind a name that says it. Digests are as long.
std::optional<SecretSpan> hex_key_at(std::string_view text, std::size_t at) {
    constexpr std::size_t k_digits = 64, k_back = 120;
    auto start = at;
    if (text.substr(at).starts_with("0x"sv)) at += 2;
    if (text.size() - at < k_digits || !hex_digits(text.substr(at, k_digits)) || (at + k_digits < text.size() && is_word(text[at + k_digits]))) return std::nullopt;
    if (lowered(text.substr(at - std::min(at, k_back), std::min(at, k_back))).find("account import"sv) != std::string::npos) return SecretSpan{at, k_digits, SecretKind::token};  // of wallets
    const auto word = start;
    while (start > 0 && word - start < 16 && (is_blank(text[start - 1]) || "\"':=>"sv.find(text[start - 1]) != std::string_view::npos)) --start;
    if (start == word) return std::nullopt;
    auto from = start;
    while (from > 0 && start - from < k_name && (is_word(text[from - 1]) || text[from - 1] == '.')) --from;
    const auto name = lowered(text.substr(from, start - from));
    const auto has = [&](std::string_view part) { return name.find(part) != std::string::npos; };
    if (!has("key"sv) && !has("secret"sv) && !has("psk"sv) && !has("seed"sv)) return std::nullopt;
    for (const auto open : {"pub"sv, "id"sv, "print"sv, "sha"sv, "hash"sv, "digest"sv, "sum"sv, "cache"sv, "s3"sv, "etag"sv})
        if (has(open)) return std::nullopt;
    return SecretSpan{at, k_digits, SecretKind::token};
}

std::optional<SecretSpan> key_at(std::string_view text, std::size_t at) {
    const auto rest = text.substr(at);
    if (!rest.starts_with("-----BEGIN "sv)) return std::nullopt;
    const auto dashes = rest.substr(0, 80).find("-----"sv, 11);
    if (dashes == std::string_view::npos || rest.substr(0, dashes).find("PRIVATE KEY"sv) == std::string_view::npos) return std::nullopt;
    const auto end = rest.find("-----END "sv, dashes);
    return SecretSpan{at, end == std::string_view::npos ? rest.size() : end, SecretKind::key};
}

// At "-----END ... PRIVATE KEY-----" of a key whose beginning is not in the text: what stands before it, in lines of base64.
std::optional<SecretSpan> key_before(std::string_view text, std::size_t at) {
    constexpr std::size_t k_key = 16'384;
    if (text.substr(at, 80).find("PRIVATE KEY"sv) == std::string_view::npos) return std::nullopt;
    auto start = at;
    while (start > 0 && at - start < k_key) {
        const char c = text[start - 1];
        if (!is_base64(c) && c != '=' && c != '\\' && c != '\n' && c != '\r' && c != ' ') break;
        --start;
    }
    while (start < at && !is_base64(text[start])) ++start;
    const auto last = text.find_last_not_of("\\nr \n\r"sv, at == 0 ? 0 : at - 1);
    return at - start >= 16 && last != std::string_view::npos && last >= start ? std::optional(SecretSpan{start, last + 1 - start, SecretKind::key}) : std::nullopt;
}

// Behind the schemes of an Authorization header, where the header's name was lost.
struct Scheme {
    std::string_view name;
    std::size_t least;
};
constexpr std::array k_authorizations{Scheme{"bearer ", 16}, Scheme{"basic ", 12}, Scheme{"ssws ", 20}, Scheme{"flyv1 ", 20}, Scheme{"geniekey ", 20}, Scheme{"apikey ", 16}, Scheme{"splunk ", 20}, Scheme{"negotiate ", 40}};

std::optional<SecretSpan> scheme_at(std::string_view text, std::size_t at) {
    for (const auto& scheme : k_authorizations) {
        if (lower(text[at]) != scheme.name.front() || lowered(text.substr(at, scheme.name.size())) != scheme.name) continue;
        const auto from = at + scheme.name.size();
        const auto length = run(text, from, [](char c) { return is_word(c) || "./+=~,"sv.find(c) != std::string_view::npos; });
        const auto value = text.substr(from, length);
        if (length < scheme.least || std::none_of(value.begin() + 1, value.end(), [](char c) { return is_digit(c) || c == '=' || (c >= 'A' && c <= 'Z'); })) return std::nullopt;
        return SecretSpan{from, length, SecretKind::token};
    }
    return std::nullopt;
}

// Addresses whose path lets everybody in who has it. `open`: segments of it that are told.
struct Hook {
    std::string_view place;
    int open = 0;
};
constexpr std::array k_hooks{Hook{"hooks.slack.com/services/", 2}, Hook{"hooks.slack.com/workflows/", 2}, Hook{"hooks.slack.com/triggers/", 2}, Hook{"hooks.slack.com/"}, Hook{"discord.com/api/webhooks/", 1}, Hook{"discordapp.com/api/webhooks/", 1},
                             Hook{"api.telegram.org/bot"}, Hook{"api.telegram.org/file/bot"}, Hook{"webhook.office.com/"}, Hook{"outlook.office.com/webhook/"}, Hook{"hooks.zapier.com/hooks/catch/", 1},
                             Hook{"maker.ifttt.com/trigger/", 3}, Hook{"open.feishu.cn/open-apis/bot/v2/hook/"}, Hook{"hook.integromat.com/"}, Hook{"hooks.airtable.com/workflows/"}};

bool in_path(char c) { return static_cast<unsigned char>(c) > ' ' && "\"'<>?#`"sv.find(c) == std::string_view::npos; }

// At the first '/' of an address without a scheme, or with one: the host ends there.
std::optional<SecretSpan> hook_at(std::string_view text, std::size_t at) {
    const auto length = run(text, at, [](char c) { return is_word(c) || c == '.'; });
    if (at + length >= text.size() || text[at + length] != '/') return std::nullopt;
    for (const auto& hook : k_hooks) {
        const auto host = hook.place.find('/');
        if (length < host || !lowered(text.substr(at + length - host, hook.place.size())).starts_with(hook.place)) continue;
        auto from = at + length - host + hook.place.size();
        const bool bot = hook.place.ends_with("bot"sv);
        for (int left = hook.open; left > 0; --left) {
            const auto segment = run(text, from, [](char c) { return in_path(c) && c != '/'; });
            if (from + segment >= text.size() || text[from + segment] != '/') break;
            from += segment + 1;
        }
        const auto secret = run(text, from, [&](char c) { return in_path(c) && !(bot && c == '/'); });
        if (secret > 0) return SecretSpan{from, secret, SecretKind::token};
    }
    return std::nullopt;
}

// At "://": scheme://user:PASSWORD@host. A password may hold what should have been escaped: @, and / where the host's name is not one.
std::optional<SecretSpan> address_at(std::string_view text, std::size_t at) {
    const auto start = at + 3;
    const auto all = text.substr(start, run(text.substr(0, std::min(text.size(), start + k_authority)), start, [](char c) { return static_cast<unsigned char>(c) > ' ' && c != '"' && c != '\'' && c != '<' && c != '>'; }));
    auto authority = all.substr(0, all.find_first_of("/?#"));
    const auto colon = authority.find(':');
    if (authority.find('@') == std::string_view::npos && colon != std::string_view::npos) {
        const bool port = std::all_of(authority.begin() + static_cast<std::ptrdiff_t>(colon) + 1, authority.end(), is_digit) || all[authority.size()] == '?';
        const auto sign = all.find('@');
        if (port || sign == std::string_view::npos) return std::nullopt;
        const auto host = run(all, sign + 1, [](char c) { return is_word(c) || c == '.'; });
        if (host == 0 || (all.substr(sign + 1, host).find('.') == std::string_view::npos && !all.substr(sign + 1).starts_with("localhost"sv))) return std::nullopt;
        authority = all.substr(0, sign + 1);
    }
    const auto sign = authority.rfind('@');
    if (sign == std::string_view::npos) return std::nullopt;
    if (colon == std::string_view::npos || colon > sign) {  // https://TOKEN@host
        const auto user = authority.substr(0, sign);
        if (user.size() < 20 || std::none_of(user.begin(), user.end(), is_digit) || !std::all_of(user.begin(), user.end(), is_word)) return std::nullopt;
        return SecretSpan{start, sign, SecretKind::token};
    }
    const auto value = authority.substr(colon + 1, sign - colon - 1);
    if (value.empty() || is_masked(value) || is_reference(value)) return std::nullopt;
    return SecretSpan{start + colon + 1, value.size(), SecretKind::password};
}

// A word and '(': what a function gives back.
bool is_call(std::string_view value) {
    const auto name = run(value, 0, [](char c) { return is_word(c) || c == '.' || c == ':' || c == '>' || c == '$' || c == '\\'; });
    return name > 0 && name < value.size() && value[name] == '(' && !is_digit(value.front());
}

// md5('VALUE'), PASSWORD("VALUE"): what a hash is made of.
std::optional<SecretSpan> hashed_at(std::string_view text, std::size_t from) {
    const auto name = run(text, from, is_word);
    constexpr std::array k_hashes{"md5"sv, "sha1"sv, "sha"sv, "sha2"sv, "sha256"sv, "sha512"sv, "password"sv, "old_password"sv, "encrypt"sv, "crypt"sv, "password_hash"sv, "bcrypt"sv};
    if (std::find(k_hashes.begin(), k_hashes.end(), lowered(text.substr(from, std::min(name, std::size_t{16})))) == k_hashes.end() || from + name + 1 >= text.size() || text[from + name] != '(') return std::nullopt;
    const auto start = from + name + 1;
    if (text[start] != '\'' && text[start] != '"') return std::nullopt;
    const auto end = text.substr(0, std::min(text.size(), start + k_authority)).find(text[start], start + 1);
    if (end == std::string_view::npos || end == start + 1) return std::nullopt;
    return SecretSpan{start + 1, end - start - 1, SecretKind::password};
}

std::optional<SecretSpan> value_at(std::string_view text, std::size_t from, ValueOf what) {
    if (const auto span = hashed_at(text, from)) return span;
    const auto end = value_end(text, from, quotes_around(text, from), what);
    const auto inner = unquoted(text, from, end);
    const auto value = text.substr(inner.start, inner.end - inner.start);
    if (value.empty()) return from < text.size() && text[from] == '`' ? printed_at(text, from + 1) : std::nullopt;
    if (!inner.single && (value.starts_with("$("sv) || value.starts_with('`'))) return printed_at(text, inner.start + (value.front() == '$' ? 2 : 1));
    if (is_placeholder(value) && !(inner.single && value.starts_with('$') && !value.starts_with("${"sv))) return std::nullopt;
    if (!inner.quoted && (is_call(value) || "{["sv.find(value.front()) != std::string_view::npos)) return std::nullopt;
    return SecretSpan{inner.start, value.size(), SecretKind::password};
}

// STRIPE_KEY: it may name a file or a public half, too.
bool names_a_key(std::string_view name) { return (name.ends_with("_KEY"sv) || name.ends_with("_SALT"sv)) && !names_a_secret(name); }
bool looks_random(std::string_view value) {
    const auto count = [&](auto&& is) { return std::count_if(value.begin(), value.end(), is); };
    return value.size() >= 16 && count(is_digit) > 0 && count([](char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }) > 0 && value.front() != '/' && count([](char c) { return is_word(c) || "+/=:"sv.find(c) != std::string_view::npos; }) == static_cast<std::ptrdiff_t>(value.size());
}

// Behind auth= or "auth": — ('user', 'SECRET') of a program, or the base64 of a registry's login.
std::optional<SecretSpan> login_at(std::string_view text, std::size_t from, bool quoted) {
    from += run(text, from, is_blank);
    if (from >= text.size()) return std::nullopt;
    if (text[from] == '(' || text[from] == '[') {
        const auto comma = text.substr(0, std::min(text.size(), from + k_authority)).find(',', from);
        if (comma == std::string_view::npos || text.substr(from, comma - from).find_first_of("\n)]") != std::string_view::npos) return std::nullopt;
        from = comma + 1 + run(text, comma + 1, is_blank);
        return from < text.size() && (text[from] == '\'' || text[from] == '"') ? value_at(text, from, ValueOf::setting) : std::nullopt;
    }
    if (!quoted || (text[from] != '\'' && text[from] != '"')) return std::nullopt;
    const auto span = value_at(text, from, ValueOf::setting);
    if (!span || span->length < 12) return std::nullopt;
    const auto value = text.substr(span->start, span->length);
    const bool large = std::any_of(value.begin(), value.end(), [](char c) { return c >= 'A' && c <= 'Z'; }), small = std::any_of(value.begin(), value.end(), [](char c) { return c >= 'a' && c <= 'z'; });
    return large && small && std::all_of(value.begin(), value.end(), [](char c) { return is_alnum(c) || "+/="sv.find(c) != std::string_view::npos; }) ? span : std::nullopt;
}

// Of a field whose name says nothing: only what is drawn by lot, and no hexadecimal digits: digests of files are asked for, too.
std::optional<SecretSpan> drawn_field_at(std::string_view text, std::size_t from) {
    constexpr std::size_t k_least = 20, k_most = 128;
    const auto length = run(text.substr(0, std::min(text.size(), from + k_most + 1)), from, is_alnum);
    if (length < k_least || length > k_most) return std::nullopt;
    const auto value = text.substr(from, length);
    return (is_random(value) || is_scrambled(value)) && !is_text_in_base64(value) ? std::optional(SecretSpan{from, length, SecretKind::token}) : std::nullopt;
}

// At '=' or ':' or "=>" or ',' behind a name that says that a secret follows.
std::optional<SecretSpan> setting_at(std::string_view text, std::size_t at) {
    std::size_t end = at;
    while (end > 0 && at - end < k_name && is_blank(text[end - 1])) --end;
    if (end > 2 && text[end - 1] == ']' && text[end - 2] == '[') end -= 2;  // password[]
    bool quoted = false;
    if (end > 0 && (text[end - 1] == '"' || text[end - 1] == '\'' || text[end - 1] == ']')) quoted = true, --end;
    if (quoted && end > 0 && (text[end - 1] == '"' || text[end - 1] == '\'')) --end;  // ['password']
    if (quoted && end > 0 && text[end - 1] == '\\') --end;  // \"password\": JSON inside JSON
    if (text[at] == ',' && !quoted) return std::nullopt;     // define('DB_PASSWORD', 'x')
    std::size_t start = end;
    while (start > 0 && end - start < k_name && is_word(text[start - 1])) --start;
    if (start == end) return std::nullopt;
    const auto name = text.substr(start, end - start);
    std::size_t from = at + 1;
    if (text[at] == ':' && !quoted) {
        from += run(text, from, is_blank);
        const bool first = start == 0 || text[start - 1] == '\n' || text[start - 1] == '"' || text[start - 1] == '\'' || text[start - 1] == '=';
        const auto line = text.substr(start > k_name ? start - k_name : 0, std::min(start, k_name));
        const auto before = line.find_last_not_of(" \t-");
        const bool alone = before == std::string_view::npos ? start <= k_name : line[before] == '\n';
        // A header, as a line or in quotes; elsewhere "name: word" is prose ("password: changed").
        const auto plain = lowered(name);
        const bool header = plain == "authorization"sv || plain == "proxy-authorization"sv || plain == "cookie"sv || plain == "set-cookie"sv || ((first || alone || plain.starts_with("x-"sv)) && plain.find('-') != std::string::npos && names_a_secret_header(plain));
        if (header && from > at + 1) {
            auto around = quotes_around(text, start);
            if (start > 0 && (text[start - 1] == '"' || text[start - 1] == '\'')) around = {text[start - 1], start > 1 && text[start - 2] == '\\'};
            const bool long_one = around.mark != 0 || plain.find("cookie"sv) != std::string::npos;
            auto stop = from;
            while (stop < text.size() && stop - from < (long_one ? k_longest_value : k_authority) && text[stop] != '\n' && text[stop] != '\r' && text[stop] != around.mark) ++stop;
            if (around.escaped && stop > from && text[stop - 1] == '\\') --stop;
            const auto span = header_value(text, start, stop);
            if (!span || is_placeholder(text.substr(span->start, span->length))) return std::nullopt;
            // Behind a scheme only its word: a log goes on behind it. Cookies go on to the end.
            if (long_one) return span;
            return SecretSpan{span->start, run(text, span->start, [](char c) { return static_cast<unsigned char>(c) > ' ' && c != '"' && c != '\''; }), SecretKind::token};
        }
        // {user:'a',password:'VALUE'}
        if (from < text.size() && (text[from] == '\'' || text[from] == '"') && start > 0 && "{,( \t"sv.find(text[start - 1]) != std::string_view::npos && names_a_secret(name)) return value_at(text, from, ValueOf::setting);
        // password: VALUE, a line of YAML; within a line of prose only what is no word
        if (from == at + 1 || !names_a_secret(name)) return std::nullopt;
        if (!alone) {
            const auto span = value_at(text, from, ValueOf::setting);
            if (!span || span->length < 6) return std::nullopt;
            const auto value = text.substr(span->start, span->length);
            const bool letter = std::any_of(value.begin(), value.end(), [](char c) { return lower(c) >= 'a' && lower(c) <= 'z'; });
            if (text.substr(0, start).ends_with("(given "sv)) return SecretSpan{span->start, span->length - (value.ends_with(')') ? 1u : 0u), SecretKind::password};
            return letter && std::any_of(value.begin(), value.end(), is_digit) && value.find_first_of("/:()[]"sv) == std::string_view::npos ? span : std::nullopt;
        }
        const auto span = value_at(text, from, ValueOf::setting);
        if (!span) return std::nullopt;
        const auto value = text.substr(span->start, span->length);
        const auto behind = text.substr(std::min(span->start + span->length, text.size())).find_first_not_of("\"' \t\r");
        const bool last = behind == std::string_view::npos || text[span->start + span->length + behind] == '\n' || text[span->start + span->length + behind] == '#';
        // A line of prose is not indented, and does not speak of a db_password.
        const bool setting = value.size() >= 8 && ((start > 0 && is_blank(text[start - 1])) || name.find('_') != std::string_view::npos);
        const bool odd = setting || std::any_of(value.begin(), value.end(), [](char c) { return !(c >= 'a' && c <= 'z'); });
        return last && odd ? span : std::nullopt;
    }
    const bool field = start > 0 && (text[start - 1] == '?' || text[start - 1] == '&' || text[start - 1] == '#' || (text[start - 1] == ';' && text.substr(0, start).ends_with("&amp;"sv)));
    if (field && text[at] == '=') {
        if (name == "k"sv || name == "p"sv || name == "u"sv || name == "t"sv || name == "h"sv || name == "hash"sv) return drawn_field_at(text, from);
        const auto span = names_a_secret_field(name) || name == "code"sv ? value_at(text, from, ValueOf::field) : std::nullopt;
        if (!span) return std::nullopt;
        const auto value = text.substr(span->start, span->length);
        return name != "code"sv || looks_random(value) ? span : std::nullopt;  // of OAuth
    }
    if (name == "auth"sv) return login_at(text, from, quoted);
    const bool key = names_a_key(name);
    if (text[at] == '=' && end == at && names_a_command(name)) return printed_at(text, from);
    if (!key && !names_a_secret(name)) return std::nullopt;
    if (text[at] == '=' && from < text.size() && (text[from] == '>' || text[from] == '=')) ++from;
    const auto gap = run(text, from, is_blank);
    from += gap;
    if (gap > 0 && end == at && from < text.size() && text[from] == '/') return std::nullopt;  // grep password= /var/www
    const auto span = value_at(text, from, ValueOf::setting);
    if (key && span && !looks_random(text.substr(span->start, span->length))) return std::nullopt;
    if (span && lowered(name) == "pwd" && text[span->start] == '/') return std::nullopt;  // the working folder
    return span;
}

// --code, --auth, --pin, --key: often, but not always.
bool may_name_a_secret(std::string_view name) {
    const auto last = name.rfind('-') == std::string_view::npos ? name : name.substr(name.rfind('-') + 1);
    constexpr std::array k_last{"code"sv, "auth"sv, "pin"sv, "key"sv, "pass"sv, "pw"sv, "credentials"sv};
    if (std::find(k_last.begin(), k_last.end(), last) == k_last.end()) return false;
    constexpr std::array k_other{"exit-"sv, "status-"sv, "error-"sv, "return-"sv, "country-"sv, "zip-"sv, "postal-"sv, "http-"sv, "response-"sv, "lang-"sv, "source-"sv, "sort-"sv, "public-"sv, "foreign-"sv, "primary-"sv, "time-"sv, "no-"sv};
    return std::none_of(k_other.begin(), k_other.end(), [&](auto first) { return name.starts_with(first); });
}

// What may be one behind such a name: no path, no name of a file, no number of a state, no word.
std::optional<SecretSpan> weak_value(std::string_view name, std::string_view value, std::size_t start) {
    const auto span = [&](std::size_t from) -> std::optional<SecretSpan> { return SecretSpan{start + from, value.size() - from, SecretKind::password}; };
    if (name.ends_with("pin"sv)) return value.size() >= 4 && std::all_of(value.begin(), value.end(), is_digit) ? span(0) : std::nullopt;
    if (name.ends_with("auth"sv)) {
        const auto colon = value.find(':');
        if (colon != std::string_view::npos && colon > 0 && colon + 1 < value.size() && value.find("//"sv) == std::string_view::npos) return span(colon + 1);
    }
    if (value.find_first_of("/=:"sv) != std::string_view::npos && !looks_random(value)) return std::nullopt;
    const auto dot = value.rfind('.');
    for (const auto ending : {"pem"sv, "key"sv, "crt"sv, "cer"sv, "pub"sv, "json"sv, "txt"sv, "p12"sv, "pfx"sv, "gpg"sv, "asc"sv, "conf"sv, "ini"sv, "py"sv, "js"sv, "sh"sv, "php"sv})
        if (dot != std::string_view::npos && value.substr(dot + 1) == ending) return std::nullopt;
    if (name.ends_with("key"sv)) return looks_random(value) || is_scrambled(value) ? span(0) : std::nullopt;
    const bool odd = std::any_of(value.begin(), value.end(), [](char c) { return is_digit(c) || "!#%&*+?^~."sv.find(c) != std::string_view::npos; });
    const bool letter = std::any_of(value.begin(), value.end(), [](char c) { return lower(c) >= 'a' && lower(c) <= 'z'; });
    const bool whole = name == "pass"sv || name == "pw"sv;
    return value.size() >= 6 && letter && (odd || whole || (name == "code"sv && value.size() >= 8)) ? span(0) : std::nullopt;
}

// The words of the command in front of `at`: is one of them -u, and is one a program whose -p and -u are something else, or a starter?
struct Before {
    bool user = false, other = false;
};
Before words_before(std::string_view text, std::size_t at) {
    constexpr std::size_t k_back = 300;
    static const std::unordered_set<std::string_view> others{"mkdir"sv, "cp"sv, "mv"sv, "install"sv, "tar"sv, "rsync"sv, "ssh"sv, "scp"sv, "sftp"sv, "psql"sv, "pg_dump"sv, "ps"sv, "lsof"sv, "ss"sv, "netstat"sv, "git"sv, "make"sv, "nmap"sv, "sudo"sv, "su"sv, "doas"sv, "runuser"sv, "docker"sv, "podman"sv, "chroot"sv, "unshare"sv, "setpriv"sv, "mysql"sv, "mysqldump"sv, "mysqladmin"sv, "mariadb"sv, "mariadb-dump"sv,
                                  "journalctl"sv, "screen"sv, "curl"sv, "patch"sv, "diff"sv, "ss-local"sv, "nc"sv, "find"sv, "iptables"sv, "id"sv, "unzip"sv, "useradd"sv, "usermod"sv, "sshpass"sv, "kill"sv, "pkill"sv, "pgrep"sv, "chown"sv, "date"sv, "nmcli"sv, "systemd-run"sv, "unison"sv, "socat"sv};
    auto start = at;
    while (start > 0 && at - start < k_back && ";|&\n(`"sv.find(text[start - 1]) == std::string_view::npos) --start;
    Before before;
    for (auto word = start; word < at;) {
        word += run(text, word, [](char c) { return is_blank(c) || c == '"' || c == '\''; });
        const auto length = run(text, word, [](char c) { return static_cast<unsigned char>(c) > ' '; });
        const auto one = text.substr(word, length);
        const auto base = one.substr(std::min(one.find_last_of("/=") + 1, one.size()));
        before.user |= one == "-u"sv || one == "-U"sv || one == "--user"sv || one == "--username"sv;
        before.other |= !one.starts_with('-') && others.contains(base);
        if (length == 0) break;
        word += length;
    }
    return before;
}

// The word behind an option.
struct Given {
    std::string_view value;
    std::size_t start = 0;
    bool single = false;
};
Given given_at(std::string_view text, std::size_t from) {
    const auto inner = unquoted(text, from, value_end(text, from, quotes_around(text, from), ValueOf::word));
    return {text.substr(inner.start, inner.end - inner.start), inner.start, inner.single};
}

// -u NAME ... -p SECRET of one command, whatever its program: not of those whose -p is something else, nor of what a starter starts.
std::optional<SecretSpan> login_option_at(std::string_view text, std::size_t at) {
    const auto from = at + 2 + run(text, at + 2, is_blank);
    if (from == at + 2 || from >= text.size() || text[from] == '-') return std::nullopt;
    const auto [value, start, single] = given_at(text, from);
    if (value.size() < 4 || value.starts_with('-') || is_masked(value) || (!single && is_reference(value)) || value.find('/') != std::string_view::npos) return std::nullopt;
    if (std::all_of(value.begin(), value.end(), [](char c) { return is_digit(c) || ":.,-"sv.find(c) != std::string_view::npos; })) return std::nullopt;  // ports
    const auto before = words_before(text, at);
    return before.user && !before.other ? std::optional(SecretSpan{start, value.size(), SecretKind::password}) : std::nullopt;
}

// -u NAME:SECRET, --user NAME:SECRET, -auth NAME:SECRET of any program. What may name a group, a port or a place is no secret.
bool names_a_login(std::string_view name, std::size_t dashes) {
    if (dashes == 1) return name == "u"sv || name == "user"sv || name == "auth"sv || name == "pauth"sv || name == "creds"sv;
    constexpr std::array k_names{"user"sv, "userpwd"sv, "user-pass"sv, "login"sv, "creds"sv, "credential"sv, "auth-cred"sv, "basic-auth"sv, "http-auth"sv, "proxy-auth"sv, "authentication"sv, "auth-user-pass"sv};
    return std::find(k_names.begin(), k_names.end(), name) != k_names.end();
}
std::optional<SecretSpan> login_pair_at(std::string_view text, std::size_t at, std::string_view name, std::size_t from) {
    const auto [value, start, single] = given_at(text, from);
    const auto colon = value.find(':');
    if (colon == std::string_view::npos || colon == 0 || value.size() - colon < 5 || value.find("//"sv) != std::string_view::npos) return std::nullopt;
    const auto user = value.substr(0, colon), secret = value.substr(colon + 1);
    const bool mail = user.find('@') != std::string_view::npos;
    if (!std::all_of(user.begin(), user.end(), [&](char c) { return is_word(c) || c == '@' || c == '\\' || (mail && c == '.'); }) || std::all_of(user.begin(), user.end(), is_digit)) return std::nullopt;
    if (secret == user || is_masked(secret) || (!single && is_reference(secret)) || secret.front() == '/' || secret.find(':') != std::string_view::npos) return std::nullopt;
    const bool letter = std::any_of(secret.begin(), secret.end(), [](char c) { return lower(c) >= 'a' && lower(c) <= 'z'; });
    const bool odd = letter && std::any_of(secret.begin(), secret.end(), [](char c) { return is_digit(c) || "!#%&*+=?@^~$"sv.find(c) != std::string_view::npos; });
    if (name == "u"sv || name == "user"sv ? !odd || words_before(text, at).other : !letter && secret.size() < 8) return std::nullopt;
    return SecretSpan{start + colon + 1, secret.size(), SecretKind::password};
}

// At '-' behind a blank: a long option whose name says it, of any program.
std::optional<SecretSpan> option_at(std::string_view text, std::size_t at) {
    auto length = run(text, at, [](char c) { return is_word(c) || c == '.'; });  // --server.password
    while (length > 0 && text[at + length - 1] == '.') --length;
    const auto dashes = run(text, at, [](char c) { return c == '-'; });
    if (length <= dashes) return std::nullopt;
    const auto name = text.substr(at + dashes, length - dashes);
    if (dashes == 1 && name == "p"sv) return login_option_at(text, at);
    if (dashes <= 2 && at + length < text.size() && (is_blank(text[at + length]) || (name.size() > 1 && text[at + length] == '=')) && names_a_login(name, dashes))
        if (const auto span = login_pair_at(text, at, name, at + length + std::max(run(text, at + length, is_blank), std::size_t{1}))) return span;
    if (dashes > 2 || length < dashes + 2) return std::nullopt;
    // Behind one dash stand short options in a row too (mysql -ptoken): only whole names count there.
    constexpr std::array k_single{"pw"sv, "password"sv, "passwd"sv, "passphrase"sv, "token"sv, "secret"sv, "apikey"sv, "api-key"sv, "storepass"sv, "keypass"sv, "srcstorepass"sv, "deststorepass"sv};
    if (dashes == 2 && at + length < text.size() && is_blank(text[at + length]) && names_a_command(name)) return printed_at(text, at + length);
    const bool weak = dashes == 2 && !names_a_secret(name) && may_name_a_secret(name);
    if (dashes == 1 ? std::find(k_single.begin(), k_single.end(), name) == k_single.end() : !weak && !names_a_secret(name)) return std::nullopt;
    // adduser --disabled-password bob: a flag, behind which something else stands.
    for (const auto flag : {"disabled-"sv, "no-"sv, "ask-"sv, "prompt-"sv, "without-"sv})
        if (name.starts_with(flag)) return std::nullopt;
    const auto blanks = run(text, at + length, is_blank);
    if (blanks == 0 && !(weak && at + length < text.size() && text[at + length] == '=')) return std::nullopt;
    const auto from = at + length + std::max(blanks, std::size_t{1});
    const auto inner = unquoted(text, from, value_end(text, from, quotes_around(text, from), ValueOf::word));
    const auto value = text.substr(inner.start, inner.end - inner.start);
    if (value.empty() || value.starts_with('-') || is_masked(value) || (!inner.single && is_reference(value))) return std::nullopt;
    if (weak) return weak_value(name, value, inner.start);
    return SecretSpan{inner.start, value.size(), SecretKind::password};
}

// What a prompt is answered: expect's send SECRET\r behind what asks for it; AUTH [NAME] SECRET of a store's client, a line by itself;
// socks5 HOST PORT NAME SECRET; NAME * SECRET of PPP, where its file is named.
std::optional<SecretSpan> spoken_at_prompt(std::string_view text, std::size_t at, std::string_view name, std::size_t from) {
    constexpr std::size_t k_back = 200;
    if (name == "send"sv) {
        const auto before = lowered(text.substr(at > k_back ? at - k_back : 0, std::min(at, k_back)));
        if (before.find("spawn "sv) != std::string::npos && before.find("expect"sv) == std::string::npos) {  // of a script that waits for nothing
            const auto [value, start, single] = given_at(text, from);
            return is_made_up(value) ? std::optional(SecretSpan{start, value.size(), SecretKind::password}) : std::nullopt;
        }
        if (before.find("expect"sv) == std::string::npos || (before.find("assw"sv) == std::string::npos && before.find("assphrase"sv) == std::string::npos && before.find("ennwort"sv) == std::string::npos)) return std::nullopt;
        while (text.substr(from).starts_with("-- "sv)) from += 3;
        from += run(text, from, [](char c) { return c == '"' || c == '\\' || c == '{'; });
        const auto end = text.substr(0, std::min(text.size(), from + k_authority)).find("\\r"sv, from);
        if (end == std::string_view::npos || end == from || text.substr(from, end - from).find_first_of("\n;"sv) != std::string_view::npos || text[from] == '$') return std::nullopt;
        return SecretSpan{from, end - from, SecretKind::password};
    }
    if ((name == "quote"sv || name == "literal"sv) && (at == 0 || text[at - 1] == '\n')) {  // typed at the prompt of ftp
        constexpr auto k_verb = "pass "sv;
        if (lowered(text.substr(from, k_verb.size())) != k_verb) return std::nullopt;
        const auto [value, start, single] = given_at(text, from + k_verb.size());
        return value.empty() || is_masked(value) ? std::nullopt : std::optional(SecretSpan{start, value.size(), SecretKind::password});
    }
    const bool proxy = name == "socks5"sv || name == "socks4"sv || name == "http"sv, starred = text[from] == '*';
    if (!starred && !proxy && name != "auth"sv) return std::nullopt;
    if (name == "auth"sv && (text.substr(at, 4) != "AUTH"sv || (at > 0 && text[at - 1] != '\n'))) return std::nullopt;
    const auto line = text.substr(from, std::min(text.size() - from, k_authority));
    const auto stop = from + std::min(line.find_first_of("\n;|>"sv), line.size());
    std::vector<SecretSpan> words;
    for (auto word = from; word < stop && words.size() < 6;) {
        const auto length = run(text.substr(0, stop), word, [](char c) { return static_cast<unsigned char>(c) > ' ' && c != '"' && c != '\''; });
        if (length > 0) words.push_back({word, length, SecretKind::password});
        word += std::max(length, std::size_t{1});
    }
    if (name == "auth"sv) return !words.empty() && words.size() <= 2 ? std::optional(words.back()) : std::nullopt;
    if (proxy) {
        if (words.size() != 4) return std::nullopt;
        const auto port = text.substr(words[1].start, words[1].length);
        return std::all_of(port.begin(), port.end(), is_digit) ? std::optional(words[3]) : std::nullopt;
    }
    if (words.size() >= 2 && words[0].length == 1 && text.substr(0, std::min(text.size(), stop + k_authority)).find("ap-secrets"sv, stop) != std::string_view::npos) return words[1];
    return std::nullopt;
}

// change_password NAME SECRET, user:password NAME SECRET, reset-admin-password SECRET, walletpassphrase SECRET 60: a command inside a
// program that says it, and the last of its one or two operands.
std::optional<SecretSpan> verb_at(std::string_view text, std::size_t at, std::string_view name) {
    if (at == 0 || !is_blank(text[at - 1])) return std::nullopt;
    constexpr std::array k_whole{"walletpassphrase"sv, "importprivkey"sv, "encrypt_string"sv};
    const auto length = run(text, at, [](char c) { return is_word(c) || c == ':'; });
    const auto verb = text.substr(at, std::min(length, k_name));
    const bool whole = std::find(k_whole.begin(), k_whole.end(), name) != k_whole.end();
    const auto has = [&](std::string_view part) { return verb.find(part) != std::string_view::npos; };
    const bool says = (verb.ends_with("password"sv) || verb.ends_with("passphrase"sv)) && (has("change"sv) || has("reset"sv) || has("set-"sv) || has("set_"sv) || verb.ends_with("user:password"sv));
    if (!whole && !says) return std::nullopt;
    std::vector<SecretSpan> operands;
    auto from = at + length;
    while (operands.size() < 3) {
        const auto blanks = run(text, from, is_blank);
        from += blanks;
        if (blanks == 0 || from >= text.size() || text[from] == '-') break;
        const auto end = value_end(text, from, quotes_around(text, from), ValueOf::word);
        if (end <= from) break;
        const auto inner = unquoted(text, from, end);
        operands.push_back({inner.start, inner.end - inner.start, SecretKind::password});
        from = end;
    }
    if (operands.size() == 2 && std::all_of(text.begin() + static_cast<std::ptrdiff_t>(operands[1].start), text.begin() + static_cast<std::ptrdiff_t>(operands[1].start + operands[1].length), is_digit)) operands.pop_back();
    if (operands.empty() || operands.size() > 2) return std::nullopt;
    const auto value = text.substr(operands.back().start, operands.back().length);
    if (value.size() < 6 || is_masked(value) || is_reference(value) || value.find('/') != std::string_view::npos) return std::nullopt;
    return operands.back();
}

// INSERT INTO users (name, password) VALUES ('a', 'SECRET'): by the place of the column.
void inserted_at(std::string_view text, std::size_t at, std::vector<SecretSpan>& all) {
    constexpr std::size_t k_columns = 64;
    const auto statement = text.substr(at, std::min(text.size() - at, k_longest_value));
    const auto open = statement.substr(0, 256).find('('), close = open == std::string_view::npos ? open : statement.find(')', open);
    if (close == std::string_view::npos || statement.substr(0, open).find_first_of("'\";") != std::string_view::npos) return;
    std::vector<bool> secret;
    for (auto from = open + 1; from < close && secret.size() < k_columns;) {
        const auto end = std::min(statement.find(',', from), close);
        auto column = statement.substr(from, end - from);
        while (!column.empty() && !is_word(column.front())) column.remove_prefix(1);
        while (!column.empty() && !is_word(column.back())) column.remove_suffix(1);
        secret.push_back(names_a_secret(column) || lowered(column) == "user_pass");
        from = end + 1;
    }
    const auto plain = lowered(statement.substr(close, 32));
    if (plain.find("values"sv) == std::string::npos || std::find(secret.begin(), secret.end(), true) == secret.end()) return;
    auto from = statement.find('(', close);
    if (from == std::string_view::npos) return;
    ++from;
    for (const bool hidden : secret) {
        from += run(statement, from, is_blank);
        auto end = from;
        for (char quote = 0; end < statement.size() && (quote != 0 || (statement[end] != ',' && statement[end] != ')')); ++end) {
            if (statement[end] == '\'' && (end == 0 || statement[end - 1] != '\\')) quote = quote == 0 ? '\'' : '\0';
            if (quote == 0 && statement[end] == '(') end = std::min(statement.find(')', end), statement.size() - 1);  // MD5('x')
        }
        if (hidden && end > from) {
            const auto hashed = hashed_at(text, at + from);
            const auto inner = unquoted(text, at + from, at + end);
            if (hashed) all.push_back(*hashed);
            else if (inner.quoted && !is_placeholder(text.substr(inner.start, inner.end - inner.start))) all.push_back({inner.start, inner.end - inner.start, SecretKind::password});
        }
        if (end >= statement.size() || statement[end] == ')') return;
        from = end + 1;
    }
}

// At '<' of a tag: <password>SECRET</password>, <property name="x.password">SECRET<, <add key="ApiKey" value="SECRET"/>.
std::optional<SecretSpan> element_at(std::string_view text, std::size_t at) {
    constexpr std::size_t k_tag = 256;
    const auto name = run(text, at + 1, [](char c) { return is_word(c) || c == ':' || c == '.'; });
    if (name == 0) return std::nullopt;
    const auto close = text.substr(0, std::min(text.size(), at + k_tag)).find_first_of("<>\n"sv, at + 1);
    if (close == std::string_view::npos || text[close] != '>') return std::nullopt;
    const auto tag = text.substr(at + 1, close - at - 1);
    bool says = names_a_secret(tag.substr(0, name));
    const auto attribute = [&](std::string_view wanted) -> std::optional<SecretSpan> {
        const auto found = tag.find(wanted);
        if (found == std::string_view::npos || found + wanted.size() + 1 >= tag.size() || !is_blank(tag[found - 1])) return std::nullopt;
        const auto quote = tag[found + wanted.size()];
        const auto end = quote == '"' || quote == '\'' ? tag.find(quote, found + wanted.size() + 1) : std::string_view::npos;
        if (end == std::string_view::npos) return std::nullopt;
        return SecretSpan{at + 1 + found + wanted.size() + 1, end - found - wanted.size() - 1, SecretKind::password};
    };
    if (!says)
        for (const auto wanted : {"name="sv, "key="sv})
            if (const auto label = attribute(wanted)) says = says || names_a_secret(text.substr(label->start, label->length));
    if (!says) return std::nullopt;
    auto span = attribute("value="sv);
    if (!span && !tag.ends_with('/')) {
        const auto end = text.substr(0, std::min(text.size(), close + k_authority)).find('<', close + 1);
        if (end != std::string_view::npos && text.substr(end).starts_with("</"sv)) span = SecretSpan{close + 1, end - close - 1, SecretKind::password};
    }
    if (!span || is_placeholder(text.substr(span->start, span->length)) || text.substr(span->start, span->length).find('\n') != std::string_view::npos) return std::nullopt;
    return span;
}

// Drawn by lot, whoever drew it: in base62, or in hexadecimal digits.
bool is_drawn(std::string_view value) {
    if (value.size() >= 20 && (is_random(value) || is_scrambled(value)) && !is_text_in_base64(value)) return true;
    const auto digits = std::count_if(value.begin(), value.end(), is_digit);
    return value.size() >= 24 && hex_digits(value) && digits > 4 && digits + 4 < static_cast<std::ptrdiff_t>(value.size());
}

// magic-login, set_password, unsubscribe: one of its words is about getting in, or about an address that was sent to one person.
bool speaks_of_entry(std::string_view part) {
    constexpr std::array k_words{"magic"sv, "login"sv, "signin"sv, "sso"sv, "passwordless"sv, "password"sv, "reset"sv, "recover"sv, "recovery"sv, "token"sv, "invite"sv, "invitation"sv, "activate"sv, "activation"sv, "confirm"sv, "confirmation"sv, "verify"sv, "verification"sv, "unlock"sv, "unsubscribe"sv, "accept"sv, "otp"sv};
    for (std::size_t at = 0; at < part.size();) {
        const auto end = std::min(part.find_first_of("-_."sv, at), part.size());
        if (std::find(k_words.begin(), k_words.end(), part.substr(at, end - at)) != k_words.end()) return true;
        at = end + 1;
    }
    return false;
}

// At '/' behind a part of a path that says it: /reset-password/SECRET, /invite/SECRET. Only what looks random.
std::optional<SecretSpan> path_secret_at(std::string_view text, std::size_t at) {
    const auto before = text.substr(at > k_name ? at - k_name : 0, std::min(at, k_name));
    const auto part = lowered(before.substr(before.rfind('/') == std::string_view::npos ? before.size() : before.rfind('/') + 1));
    constexpr std::array k_says{"reset-password"sv, "password-reset"sv, "reset_password"sv, "resetpassword"sv, "reset"sv, "activate"sv, "confirm"sv, "verify"sv, "invite"sv, "invitation"sv, "token"sv, "magic-link"sv, "unlock"sv};
    const bool says = std::find(k_says.begin(), k_says.end(), part) != k_says.end();
    if (!says && !speaks_of_entry(part)) return std::nullopt;
    const auto length = run(text, at + 1, is_word);
    const auto value = text.substr(at + 1, length);
    return length >= 20 && (says ? looks_random(value) : is_drawn(value)) ? std::optional(SecretSpan{at + 1, length, SecretKind::token}) : std::nullopt;
}

// NAME VALUE: lines of configurations, SQL, and "login NAME password VALUE".
std::optional<SecretSpan> directive_at(std::string_view text, std::size_t at) {
    const auto length = run(text, at, is_word);
    const auto name = lowered(text.substr(at, std::min(length, k_name)));
    auto from = at + length;
    const auto blanks = run(text, from, is_blank);
    from += blanks;
    const auto quoted = [&]() -> std::optional<SecretSpan> {
        if (from >= text.size() || (text[from] != '\'' && text[from] != '"')) return std::nullopt;
        return value_at(text, from, ValueOf::setting);
    };
    if (name == "identified"sv) {  // IDENTIFIED [WITH plugin] BY 'VALUE'
        bool with = false;
        for (int words = 0; words < 4; ++words) {
            const auto word = run(text, from, is_word);
            const auto plain = lowered(text.substr(from, std::min(word, k_name)));
            from += word + run(text, from + word, is_blank);
            with |= plain == "with"sv;
            if (plain == "by"sv || (with && plain == "as"sv))
                if (const auto span = quoted()) return span;
        }
        return std::nullopt;
    }
    if (name == "password"sv && blanks > 0 && lowered(text.substr(from, 4)) == "for "sv) {  // SET PASSWORD FOR 'a'@'b' = 'VALUE'
        const auto rest = text.substr(from, std::min(text.size() - from, 4 * k_name));
        const auto equal = rest.substr(0, rest.find('\n')).find('=');
        if (equal == std::string_view::npos) return std::nullopt;
        from += equal + 1 + run(text, from + equal + 1, is_blank);
        return quoted();
    }
    if (const auto span = secret_argument_at(text, at)) return span;
    if (name == "password"sv) {
        if (from < text.size() && text[from] == '(') ++from;
        else if (blanks == 0) return std::nullopt;
        if (const auto span = quoted()) return span;
        // debconf: mysql-server/root_password password SECRET
        auto name_end = at;
        while (name_end > 0 && is_blank(text[name_end - 1])) --name_end;
        auto name_start = name_end;
        while (name_start > 0 && name_end - name_start < k_name && (is_word(text[name_start - 1]) || text[name_start - 1] == '/')) --name_start;
        const auto setting = text.substr(name_start, name_end - name_start);
        if (blanks > 0 && setting.find('/') != std::string_view::npos && !setting.starts_with('/') && names_a_secret(setting.substr(setting.rfind('/') + 1))) return value_at(text, from, ValueOf::setting);
        const auto before = text.substr(0, at);
        const auto login = before.substr(before.size() - std::min(before.size(), std::size_t{160})).rfind("login "sv);
        if (login == std::string_view::npos || before.substr(before.size() - std::min(before.size(), std::size_t{160})).find('\n', login) != std::string_view::npos) return std::nullopt;
        const auto between = before.substr(before.size() - std::min(before.size(), std::size_t{160}) + login + 6);
        if (std::count_if(between.begin(), between.end(), is_blank) != 1) return std::nullopt;
        return value_at(text, from, ValueOf::setting);
    }
    if (const auto span = verb_at(text, at, name)) return span;
    if (blanks == 0) return std::nullopt;
    if (from >= text.size()) return std::nullopt;
    if (const auto span = spoken_at_prompt(text, at, name, from)) return span;
    if (name == "psk"sv || name == "xauth"sv || name == "eap"sv) return quoted();
    for (const auto one : {"requirepass"sv, "masterauth"sv, "rootpw"sv, "bindpw"sv, "rocommunity"sv, "rwcommunity"sv})
        if (name == one) return value_at(text, from, ValueOf::setting);
    return std::nullopt;
}

std::optional<SecretSpan> secret_at(std::string_view text, std::size_t at) {
    const char c = text[at];
    const bool fresh = at == 0 || !is_alnum(text[at - 1]);
    switch (c) {
        case '$': case '{': return hash_at(text, at);
        case '-':
            if (text.substr(at).starts_with("-----BEGIN "sv)) return key_at(text, at);
            if (text.substr(at).starts_with("-----END "sv)) return key_before(text, at);
            return at == 0 || is_blank(text[at - 1]) || text[at - 1] == '"' || text[at - 1] == '\'' ? option_at(text, at) : std::nullopt;
        case ':':
            if (text.substr(at).starts_with("://"sv)) return address_at(text, at);
            if (const auto span = nt_hash_at(text, at)) return span;
            if (const auto span = challenge_at(text, at)) return span;
            if (const auto span = setting_at(text, at)) return span;
            if (const auto span = generated_at(text, at)) return span;
            if (const auto span = labelled_at(text, at)) return span;
            return bare_login_at(text, at);
        case '<':
            if (const auto span = substitution_at(text, at)) return span;
            return element_at(text, at);
        case '~': return client_secret_at(text, at);
        case '*': return starred_hash_at(text, at);
        case '/':
            if (const auto span = path_secret_at(text, at)) return span;
            return key_material_at(text, at);
        case '+': return key_material_at(text, at);
        case '=': case ',':
            if (const auto span = setting_at(text, at)) return span;
            return c == '=' ? user_setting_at(text, at) : std::nullopt;
        default: break;
    }
    if (!fresh) return std::nullopt;
    if (const auto span = compared_hash_at(text, at)) return span;
    if (const auto span = passed_hash_at(text, at)) return span;
    if (const auto span = scheme_at(text, at)) return span;
    if (const auto span = token_at(text, at)) return span;
    if (at > 0 && (text[at - 1] == '.' || text.substr(0, at).ends_with("__"sv))) return secret_argument_at(text, at);  // f.login(), __construct()
    if (at > 0 && is_word(text[at - 1])) return std::nullopt;
    if (const auto span = key_material_at(text, at)) return span;
    if (const auto span = hex_key_at(text, at)) return span;
    if (const auto span = directive_at(text, at)) return span;
    if (const auto span = announced_at(text, at)) return span;
    return hook_at(text, at);
}

// Which bytes can start one; '=' ',' and ':' end the name of a setting.
const std::array<bool, 256>& starts() {
    static const auto all = [] {
        std::array<bool, 256> one{};
        for (const char c : "${-:=,~+/<*"sv) one[static_cast<unsigned char>(c)] = true;
        for (int c = 0; c < 256; ++c)
            if (is_alnum(static_cast<char>(c))) one[static_cast<std::size_t>(c)] = true;
        return one;
    }();
    return all;
}

enum class Within : unsigned char { text, base64 };
void find_spans(std::string_view text, std::vector<SecretSpan>& all, Within within = Within::text);

// Base64 of a text that has a secret. What a program's code decodes is evidence and has no end that can be hidden.
std::optional<SecretSpan> encoded_at(std::string_view text, std::size_t at) {
    constexpr std::size_t k_least = 24, k_longest = 16'384;
    if (at > 0 && (is_word(text[at - 1]) || "+/.%"sv.find(text[at - 1]) != std::string_view::npos)) return std::nullopt;
    if (text.size() - at < k_least || !is_base64(text[at + k_least - 1]) || !is_base64(text[at + k_least / 2])) return std::nullopt;
    std::size_t length = 0;
    while (at + length < text.size() && length < k_longest && is_base64(text[at + length])) ++length;
    if (length < k_least || length == k_longest) return std::nullopt;
    const auto before = lowered(text.substr(at - std::min(at, std::size_t{32}), std::min(at, std::size_t{32})));
    for (const auto word : {"decode("sv, "atob("sv, "inflate("sv})
        if (before.find(word) != std::string::npos) return std::nullopt;
    const auto plain = text_in_base64(text.substr(at, length));
    if (plain.empty()) return std::nullopt;
    std::vector<SecretSpan> inside;
    find_spans(plain, inside, Within::base64);
    if (std::all_of(inside.begin(), inside.end(), [](const auto& one) { return one.by_shape; })) return std::nullopt;
    const auto pads = run(text.substr(0, std::min(text.size(), at + length + 2)), at + length, [](char c) { return c == '='; });
    return SecretSpan{at, length + pads, SecretKind::password};
}

void find_spans(std::string_view text, std::vector<SecretSpan>& all, Within within) {
    CommandReader commands(text);
    std::size_t hidden_to = 0;  // of the forms; what a command's option holds may be longer
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (!starts()[static_cast<unsigned char>(c)]) continue;
        const bool word = is_alnum(c);
        if (word && at > 0 && is_alnum(text[at - 1])) continue;
        if (word && CommandReader::may_start(c) && (at == 0 || !(is_word(text[at - 1]) || text[at - 1] == '.'))) commands.read(at, all);
        if (at < hidden_to) continue;
        if (word && lower(c) == 'i' && lowered(text.substr(at, 7)) == "insert ") inserted_at(text, at, all);
        auto span = secret_at(text, at);
        if (!span && word && within == Within::text) span = encoded_at(text, at);
        if (!span || span->length == 0) continue;
        all.push_back(*span);
        hidden_to = span->start + span->length;
    }
}

// Another way to read a text: what it says when it is decoded, with the place of each byte in the text.
struct Reading {
    std::string text;
    std::vector<std::size_t> places;

    void add(char c, std::size_t place) { text += c, places.push_back(place); }
};

int hex_digit(char c) { return is_digit(c) ? c - '0' : lower(c) >= 'a' && lower(c) <= 'f' ? lower(c) - 'a' + 10 : -1; }

// The audit log's a0="mysql" a1="-pSECRET", as the command that it was.
Reading arguments_of(std::string_view text) {
    Reading out;
    for (auto at = text.find(" a0=\""); at != std::string_view::npos && at < text.size();) {
        if (text[at] != ' ' || at + 4 >= text.size() || text[at + 1] != 'a' || !is_digit(text[at + 2])) break;
        const auto open = at + 2 + run(text, at + 2, is_digit) + 1;
        if (open >= text.size() || text[open - 1] != '=' || text[open] != '"') break;
        const auto close = text.find('"', open + 1);
        if (close == std::string_view::npos || close - open > k_longest_value) break;
        for (auto i = open + 1; i < close; ++i) out.add(text[i], i);
        out.add(' ', close);
        at = close + 1;
    }
    out.places.push_back(text.size());
    return out;
}

// And its proctitle=HEX.
Reading title_of(std::string_view text) {
    Reading out;
    constexpr auto k_name_of_it = "proctitle="sv;
    const auto found = text.find(k_name_of_it);
    if (found == std::string_view::npos) return out;
    auto at = found + k_name_of_it.size();
    for (; at + 1 < text.size() && out.text.size() < k_longest_value; at += 2) {
        const int high = hex_digit(text[at]), low = hex_digit(text[at + 1]);
        if (high < 0 || low < 0) break;
        const auto c = static_cast<char>(high << 4 | low);
        out.add(c == '\0' ? ' ' : c, at);
    }
    out.places.push_back(at);
    return out;
}

// The blanks of a client's history: SET\040PASSWORD.
Reading with_blanks(std::string_view text) {
    Reading out;
    if (text.find("\\040"sv) == std::string_view::npos) return out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool blank = text.substr(at, 4) == "\\040"sv;
        out.add(blank ? ' ' : text[at], at);
        at += blank ? 3 : 0;
    }
    out.places.push_back(text.size());
    return out;
}

// %xx and + of the words that are requests, with the place of each byte; "" where there is none.
std::string decoded_requests(std::string_view text, std::vector<std::size_t>& places) {
    if (text.find('%') == std::string_view::npos && (text.find('?') == std::string_view::npos || text.find('+') == std::string_view::npos)) return {};
    std::string out;
    bool request = false, query = false, any = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        places.push_back(at);
        const char c = text[at];
        if (static_cast<unsigned char>(c) <= ' ' || c == '"') request = query = false;
        if (c == '?') request = query = true;
        if (c == '/' && (at == 0 || static_cast<unsigned char>(text[at - 1]) <= ' ' || text[at - 1] == '"' || text[at - 1] == '/')) request = true;  // a path, or behind ://
        const int high = request && c == '%' && at + 2 < text.size() ? hex_digit(text[at + 1]) : -1, low = high >= 0 ? hex_digit(text[at + 2]) : -1;
        if (low >= 0) {
            out += static_cast<char>(high << 4 | low);
            any = true, at += 2;
        } else if (query && c == '+') {
            out += ' ';
            any = true;
        } else out += c;
    }
    places.push_back(text.size());
    return any ? out : std::string();
}

}  // namespace

bool names_a_secret(std::string_view name) {
    if (name.size() > k_name || name.empty()) return false;
    if (name == "PWD"sv || name == "OLDPWD"sv) return false;
    std::string plain;
    for (const char c : name)
        if (is_alnum(c)) plain += lower(c);
    // password2, the same again
    if (const auto last = plain.find_last_not_of("0123456789"sv); last != std::string::npos && last + 2 >= plain.size() && last + 1 < plain.size())
        for (const auto word : {"password"sv, "passwd"sv, "passphrase"sv, "kennwort"sv, "passwort"sv})
            if (std::string_view(plain).substr(0, last + 1).ends_with(word)) return true;
    for (const auto last : {"password"sv, "passwd"sv, "passphrase"sv, "passwort"sv, "kennwort"sv, "passcode"sv, "passwordhash"sv, "secret"sv, "token"sv, "apikey"sv, "accesskey"sv, "secretkey"sv, "privatekey"sv, "authkey"sv, "appkey"sv,
                            "encryptionkey"sv, "signingkey"sv, "masterkey"sv, "accountkey"sv, "storagekey"sv, "sharedkey"sv, "sharedaccesskey"sv, "sharedaccesssignature"sv, "sessionkey"sv, "servicekey"sv, "validationkey"sv,
                            "cryptkey"sv, "hmackey"sv, "deploykey"sv, "licensekey"sv, "secretkeybase"sv, "dbkeybase"sv, "otpkeybase"sv, "cookiekey"sv, "deskey"sv, "hashsalt"sv, "passwordsalt"sv, "clientkeydata"sv, "connectionstring"sv, "credential"sv, "accesskeyid"sv, "oauth2bearer"sv, "phpsessid"sv,
                            "jsessionid"sv, "presharedkey"sv, "securitykey"sv, "authtok"sv, "masterauth"sv, "rediscliauth"sv, "authsalt"sv, "loggedinkey"sv, "loggedinsalt"sv, "noncekey"sv, "noncesalt"sv,
                            "motdepasse"sv, "contrasena"sv, "senha"sv, "wachtwoord"sv, "losenord"sv, "salasana"sv, "heslo"sv})
        if (plain.ends_with(last)) return true;
    for (const auto word : {"mdp"sv, "clave"sv, "parola"sv, "haslo"sv, "sifre"sv})  // they end other words, too
        if (plain.ends_with(word) && (plain.size() == word.size() || !is_alnum(name[name.size() - word.size() - 1]))) return true;
    const char before = name.size() > 4 ? name[name.size() - 5] : '\0', first = name.size() > 3 ? name[name.size() - 4] : '\0';
    if (plain.ends_with("pass"sv)) {
        if (plain.size() == 4 || !is_alnum(before) || (first == 'P' && before >= 'a' && before <= 'z')) return true;
        for (const auto whole : {"dbpass"sv, "userpass"sv, "smtppass"sv, "mailpass"sv, "ftppass"sv, "adminpass"sv, "rootpass"sv, "sqlpass"sv, "pgpass"sv, "ldappass"sv, "bindpass"sv, "keypass"sv, "storepass"sv, "authpass"sv, "imappass"sv, "requirepass"sv, "sshpass"sv,
                                 "controlpass"sv, "sudopass"sv, "becomepass"sv, "vaultpass"sv, "svnpass"sv, "proxypass"sv, "mysqlpass"sv, "apipass"sv, "loginpass"sv, "vncpass"sv, "zippass"sv, "masterpass"sv})
            if (plain == whole) return true;
        return false;
    }
    if (plain.ends_with("pw"sv)) return plain.size() == 2 || !is_alnum(name[name.size() - 3]) || plain == "dbpw"sv || plain == "bindpw"sv || plain == "rootpw"sv || plain == "userpw"sv || plain == "adminpw"sv || plain == "olcrootpw"sv;
    return plain.ends_with("pwd"sv) || plain == "psk"sv || plain == "tlspsk"sv || plain == "wifisecpsk"sv;
}

bool is_placeholder(std::string_view value) {
    if (value.size() < 3 || is_reference(value) || is_masked(value)) return true;
    if (value.front() == '{' && value.back() == '}') return true;
    const auto plain = lowered(value);
    for (const auto word : {"null"sv, "none"sv, "true"sv, "false"sv, "yes"sv, "no"sv, "empty"sv, "undefined"sv, "redacted"sv, "unset"sv, "string"sv, "required"sv, "optional"sv, "placeholder"sv, "password_here"sv, "change_me"sv,
                            "change-me"sv})
        if (plain == word) return true;
    for (const auto part : {"_here"sv, "-here"sv})
        if (plain.ends_with(part)) return true;
    for (const auto part : {"your_"sv, "your-"sv, "yourpass"sv, "insert_"sv, "getenv("sv, "env("sv, "env["sv, "env.fetch("sv, "os.getenv("sv, "system.getenv("sv, "os.environ"sv, "process.env"sv, "import.meta.env"sv})
        if (plain.starts_with(part)) return true;
    return plain.find("unique phrase"sv) != std::string::npos;  // "put your unique phrase here"
}

std::vector<SecretSpan> secret_spans(std::string_view text) {
    std::vector<SecretSpan> all;
    if (const auto first = text.find_first_not_of(" \t"sv); first != std::string_view::npos && text.size() - first <= k_longest_key_line) {
        const auto line = text.substr(first, text.find_last_not_of(" \t\r\n"sv) + 1 - first);
        if (is_key_line(line)) return {{first, line.size(), SecretKind::key, true}};
    }
    find_spans(text, all);
    std::vector<std::size_t> places;
    auto plain = decoded_requests(text, places);
    for (int times = 0; !plain.empty() && times < 2; ++times) {  // a request in a request is encoded twice
        std::vector<SecretSpan> decoded;
        find_spans(plain, decoded);
        for (const auto& span : decoded) all.push_back({places[span.start], places[span.start + span.length] - places[span.start], span.kind, span.by_shape});
        if (text.find("%25"sv) == std::string_view::npos) break;
        std::vector<std::size_t> inner;
        auto again = decoded_requests(plain, inner);
        for (auto& place : inner) place = places[place];
        places = std::move(inner), plain = std::move(again);
    }
    for (const auto& reading : {arguments_of(text), title_of(text), with_blanks(text)}) {
        if (reading.text.empty()) continue;
        std::vector<SecretSpan> decoded;
        find_spans(reading.text, decoded);
        for (const auto& span : decoded) all.push_back({reading.places[span.start], reading.places[span.start + span.length] - reading.places[span.start], span.kind, span.by_shape});
    }
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.start < b.start; });
    std::vector<SecretSpan> apart;
    for (const auto& span : all) {
        if (apart.empty() || span.start >= apart.back().start + apart.back().length) {
            apart.push_back(span);
            continue;
        }
        auto& one = apart.back();
        one.length = std::max(one.length, span.start + span.length - one.start);
        one.by_shape = one.by_shape && span.by_shape;
        if (one.kind == SecretKind::password) one.kind = span.kind;  // what has a form of its own is told as that
    }
    return apart;
}

Piece whole_secrets(std::string_view text, std::size_t start, std::size_t length) {
    constexpr std::size_t k_around = 4096, k_word = 256;
    start = std::min(start, text.size());
    const auto end = start + std::min(length, text.size() - start);
    auto from = start > k_around ? start - k_around : 0;
    if (const auto line = text.substr(from, start - from).rfind('\n'); line != std::string_view::npos) from += line + 1;
    auto to = std::min(text.size(), end + k_around);
    if (const auto line = text.substr(end, to - end).find('\n'); line != std::string_view::npos) to = end + line;
    Piece piece{start, end - start};
    const auto widen = [&](std::size_t first, std::size_t last) {  // [first, last) is to be in it as a whole
        if (first < piece.start && last > piece.start) piece.length += piece.start - first, piece.start = first;
        if (first < piece.start + piece.length && last > piece.start + piece.length) piece.length = last - piece.start;
    };
    // Values that other files name as secrets are known by themselves alone: words stay whole, too.
    const auto is_inner = [](char c) { return is_word(c) || "+/=.~%:"sv.find(c) != std::string_view::npos; };
    auto first = start, last = end;
    while (first > from && start - first < k_word && is_inner(text[first - 1])) --first;
    while (last < to && last - end < k_word && is_inner(text[last])) ++last;
    if (start < text.size() && is_inner(text[start]) && start - first < k_word) widen(first, start + 1);
    if (end > 0 && is_inner(text[end - 1]) && last - end < k_word) widen(end - 1, last);
    for (const auto& span : secret_spans(text.substr(from, to - from)))
        if (span.length <= k_around / 4) widen(from + span.start, from + span.start + span.length);
    return piece;
}

}  // namespace deadbox::plugin
