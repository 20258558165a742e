#include "plugin/secret_text.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "plugin/secret_command.hpp"
#include "plugin/secret_token.hpp"
#include "plugin/secret_value.hpp"

namespace deadbox::plugin {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t k_name = 64;        // longest name of a setting
constexpr std::size_t k_authority = 512;  // of an address, with its password

bool is_hash_char(char c) { return is_alnum(c) || "./$=,+-"sv.find(c) != std::string_view::npos; }

// Schemes of password hashes as they stand between the first two dollars.
constexpr std::array k_hash_schemes{"1"sv, "2"sv, "2a"sv, "2b"sv, "2x"sv, "2y"sv, "3"sv, "5"sv, "6"sv, "7"sv, "y"sv, "gy"sv, "md5"sv, "sha1"sv, "apr1"sv, "argon2i"sv, "argon2d"sv,
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
    if (close == std::string_view::npos || std::find(k_hash_schemes.begin(), k_hash_schemes.end(), rest.substr(1, close - 1)) == k_hash_schemes.end()) return std::nullopt;
    const auto length = run(rest, close + 1, is_hash_char);
    if (length < 16) return std::nullopt;
    return SecretSpan{at, close + 1 + length, SecretKind::hash};
}

std::optional<SecretSpan> key_at(std::string_view text, std::size_t at) {
    const auto rest = text.substr(at);
    if (!rest.starts_with("-----BEGIN "sv)) return std::nullopt;
    const auto dashes = rest.substr(0, 80).find("-----"sv, 11);
    if (dashes == std::string_view::npos || rest.substr(0, dashes).find("PRIVATE KEY"sv) == std::string_view::npos) return std::nullopt;
    const auto end = rest.find("-----END "sv, dashes);
    return SecretSpan{at, end == std::string_view::npos ? rest.size() : end, SecretKind::key};
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
    const auto all = text.substr(start, run(text.substr(0, std::min(text.size(), start + k_authority)), start, [](char c) { return static_cast<unsigned char>(c) > ' ' && "\"'<>"sv.find(c) == std::string_view::npos; }));
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

std::optional<SecretSpan> value_at(std::string_view text, std::size_t from, ValueOf what) {
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

// At '=' or ':' or "=>" or ',' behind a name that says that a secret follows.
std::optional<SecretSpan> setting_at(std::string_view text, std::size_t at) {
    std::size_t end = at;
    while (end > 0 && at - end < k_name && is_blank(text[end - 1])) --end;
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
            return letter && std::any_of(value.begin(), value.end(), is_digit) && value.find_first_of("/:()[]"sv) == std::string_view::npos ? span : std::nullopt;
        }
        const auto span = value_at(text, from, ValueOf::setting);
        if (!span) return std::nullopt;
        const auto value = text.substr(span->start, span->length);
        const auto behind = text.substr(std::min(span->start + span->length, text.size())).find_first_not_of("\"' \t\r");
        const bool last = behind == std::string_view::npos || text[span->start + span->length + behind] == '\n' || text[span->start + span->length + behind] == '#';
        const bool odd = std::any_of(value.begin(), value.end(), [](char c) { return !(c >= 'a' && c <= 'z'); });
        return last && odd ? span : std::nullopt;
    }
    const bool field = start > 0 && (text[start - 1] == '?' || text[start - 1] == '&' || text[start - 1] == '#' || (text[start - 1] == ';' && text.substr(0, start).ends_with("&amp;"sv)));
    if (field && text[at] == '=' && end == at) return names_a_secret_field(name) ? value_at(text, from, ValueOf::field) : std::nullopt;
    const bool key = names_a_key(name);
    if (text[at] == '=' && end == at && names_a_command(name)) return printed_at(text, from);
    if (!key && !names_a_secret(name)) return std::nullopt;
    if (text[at] == '=' && from < text.size() && (text[from] == '>' || text[from] == '=')) ++from;
    from += run(text, from, is_blank);
    const auto span = value_at(text, from, ValueOf::setting);
    if (key && span && !looks_random(text.substr(span->start, span->length))) return std::nullopt;
    if (span && lowered(name) == "pwd" && text[span->start] == '/') return std::nullopt;  // the working folder
    return span;
}

// At '-' behind a blank: a long option whose name says it, of any program.
std::optional<SecretSpan> option_at(std::string_view text, std::size_t at) {
    const auto length = run(text, at, is_word);
    const auto dashes = run(text, at, [](char c) { return c == '-'; });
    if (dashes > 2 || length < dashes + 4) return std::nullopt;
    const auto name = text.substr(at + dashes, length - dashes);
    // Behind one dash stand short options in a row too (mysql -ptoken): only whole names count there.
    constexpr std::array k_single{"password"sv, "passwd"sv, "passphrase"sv, "token"sv, "secret"sv, "apikey"sv, "api-key"sv, "storepass"sv, "keypass"sv, "srcstorepass"sv, "deststorepass"sv};
    if (dashes == 2 && at + length < text.size() && is_blank(text[at + length]) && names_a_command(name)) return printed_at(text, at + length);
    if (dashes == 1 ? std::find(k_single.begin(), k_single.end(), name) == k_single.end() : !names_a_secret(name)) return std::nullopt;
    // adduser --disabled-password bob: a flag, behind which something else stands.
    for (const auto flag : {"disabled-"sv, "no-"sv, "ask-"sv, "prompt-"sv, "without-"sv})
        if (name.starts_with(flag)) return std::nullopt;
    const auto blanks = run(text, at + length, is_blank);
    if (blanks == 0) return std::nullopt;
    const auto from = at + length + blanks;
    const auto inner = unquoted(text, from, value_end(text, from, quotes_around(text, from), ValueOf::word));
    const auto value = text.substr(inner.start, inner.end - inner.start);
    if (value.empty() || value.starts_with('-') || is_masked(value) || (!inner.single && is_reference(value))) return std::nullopt;
    return SecretSpan{inner.start, value.size(), SecretKind::password};
}

// Functions that log in, and which of their arguments is the password; the first is 0.
struct Login {
    std::string_view name;
    int place = 2;
};
constexpr std::array k_logins{Login{"mysqli_connect"}, Login{"mysql_connect"}, Login{"mysql_pconnect"}, Login{"mysqli"}, Login{"real_connect"}, Login{"mysqli_real_connect", 3}, Login{"pdo"}, Login{"ftp_login"}, Login{"ssh2_auth_password"}, Login{"imap_open"}, Login{"ldap_bind"},
                              Login{"oci_connect", 1}, Login{"oci_pconnect", 1}, Login{"oci_new_connect", 1}, Login{"odbc_connect"}, Login{"smtp_login"}, Login{"mssql_connect"}, Login{"ibase_connect"}};

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
    const auto login_call = from < text.size() && text[from] == '(' && blanks == 0 ? std::find_if(k_logins.begin(), k_logins.end(), [&](const auto& one) { return one.name == name; }) : k_logins.end();
    if (login_call != k_logins.end()) {
        for (int place = 0; place < login_call->place; ++place) {
            const auto rest = text.substr(from + 1, std::min(text.size() - from - 1, k_authority));
            std::size_t next = 0;
            for (char quote = 0; next < rest.size() && rest[next] != '\n' && (quote != 0 || rest[next] != ','); ++next)
                if (rest[next] == '\'' || rest[next] == '"') quote = quote == 0 ? rest[next] : quote == rest[next] ? '\0' : quote;
            if (next >= rest.size() || rest[next] != ',') return std::nullopt;
            from += 1 + next;
        }
        ++from;
        from += run(text, from, is_blank);
        return quoted();
    }
    if (name == "password"sv) {
        if (from < text.size() && text[from] == '(') ++from;
        else if (blanks == 0) return std::nullopt;
        if (const auto span = quoted()) return span;
        const auto before = text.substr(0, at);
        const auto login = before.substr(before.size() - std::min(before.size(), std::size_t{160})).rfind("login "sv);
        if (login == std::string_view::npos || before.substr(before.size() - std::min(before.size(), std::size_t{160})).find('\n', login) != std::string_view::npos) return std::nullopt;
        const auto between = before.substr(before.size() - std::min(before.size(), std::size_t{160}) + login + 6);
        if (std::count_if(between.begin(), between.end(), is_blank) != 1) return std::nullopt;
        return value_at(text, from, ValueOf::setting);
    }
    if (blanks == 0) return std::nullopt;
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
            return at == 0 || is_blank(text[at - 1]) || text[at - 1] == '"' || text[at - 1] == '\'' ? option_at(text, at) : std::nullopt;
        case ':':
            if (text.substr(at).starts_with("://"sv)) return address_at(text, at);
            if (const auto span = nt_hash_at(text, at)) return span;
            return setting_at(text, at);
        case '<': return substitution_at(text, at);
        case '~': return client_secret_at(text, at);
        case '+': case '/': return key_material_at(text, at);
        case '=': case ',': return setting_at(text, at);
        default: break;
    }
    if (!fresh) return std::nullopt;
    if (const auto span = compared_hash_at(text, at)) return span;
    if (const auto span = scheme_at(text, at)) return span;
    if (const auto span = token_at(text, at)) return span;
    if (at > 0 && (is_word(text[at - 1]) || text[at - 1] == '.')) return std::nullopt;
    if (const auto span = key_material_at(text, at)) return span;
    if (const auto span = directive_at(text, at)) return span;
    return hook_at(text, at);
}

// Which bytes can start one; '=' ',' and ':' end the name of a setting.
const std::array<bool, 256>& starts() {
    static const auto all = [] {
        std::array<bool, 256> one{};
        for (const char c : "${-:=,~+/<"sv) one[static_cast<unsigned char>(c)] = true;
        for (int c = 0; c < 256; ++c)
            if (is_alnum(static_cast<char>(c))) one[static_cast<std::size_t>(c)] = true;
        return one;
    }();
    return all;
}

void find_spans(std::string_view text, std::vector<SecretSpan>& all) {
    CommandReader commands(text);
    std::size_t hidden_to = 0;  // of the forms; what a command's option holds may be longer
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (!starts()[static_cast<unsigned char>(c)]) continue;
        const bool word = is_alnum(c);
        if (word && at > 0 && is_alnum(text[at - 1])) continue;
        if (word && CommandReader::may_start(c) && (at == 0 || !(is_word(text[at - 1]) || text[at - 1] == '.'))) commands.read(at, all);
        if (at < hidden_to) continue;
        const auto span = secret_at(text, at);
        if (!span || span->length == 0) continue;
        all.push_back(*span);
        hidden_to = span->start + span->length;
    }
}

// %xx and + of the words that are requests, with the place of each byte; "" where there is none.
std::string decoded_requests(std::string_view text, std::vector<std::size_t>& places) {
    if (text.find('%') == std::string_view::npos && (text.find('?') == std::string_view::npos || text.find('+') == std::string_view::npos)) return {};
    const auto digit = [](char c) { return is_digit(c) ? c - '0' : lower(c) >= 'a' && lower(c) <= 'f' ? lower(c) - 'a' + 10 : -1; };
    std::string out;
    bool request = false, query = false, any = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        places.push_back(at);
        const char c = text[at];
        if (static_cast<unsigned char>(c) <= ' ' || c == '"') request = query = false;
        if (c == '?') request = query = true;
        if (c == '/' && (at == 0 || static_cast<unsigned char>(text[at - 1]) <= ' ' || text[at - 1] == '"' || text[at - 1] == '/')) request = true;  // a path, or behind ://
        const int high = request && c == '%' && at + 2 < text.size() ? digit(text[at + 1]) : -1, low = high >= 0 ? digit(text[at + 2]) : -1;
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
    for (const auto last : {"password"sv, "passwd"sv, "passphrase"sv, "passwort"sv, "kennwort"sv, "passcode"sv, "passwordhash"sv, "secret"sv, "token"sv, "apikey"sv, "accesskey"sv, "secretkey"sv, "privatekey"sv, "authkey"sv, "appkey"sv,
                            "encryptionkey"sv, "signingkey"sv, "masterkey"sv, "accountkey"sv, "storagekey"sv, "sharedkey"sv, "sharedaccesskey"sv, "sharedaccesssignature"sv, "sessionkey"sv, "servicekey"sv, "validationkey"sv,
                            "cryptkey"sv, "hmackey"sv, "deploykey"sv, "licensekey"sv, "secretkeybase"sv, "dbkeybase"sv, "otpkeybase"sv, "cookiekey"sv, "deskey"sv, "hashsalt"sv, "clientkeydata"sv, "connectionstring"sv, "credential"sv, "accesskeyid"sv, "oauth2bearer"sv, "phpsessid"sv,
                            "jsessionid"sv, "presharedkey"sv, "authtok"sv, "masterauth"sv, "rediscliauth"sv, "authsalt"sv, "loggedinkey"sv, "loggedinsalt"sv, "noncekey"sv, "noncesalt"sv})
        if (plain.ends_with(last)) return true;
    const char before = name.size() > 4 ? name[name.size() - 5] : '\0', first = name.size() > 3 ? name[name.size() - 4] : '\0';
    if (plain.ends_with("pass"sv)) {
        if (plain.size() == 4 || !is_alnum(before) || (first == 'P' && before >= 'a' && before <= 'z')) return true;
        for (const auto whole : {"dbpass"sv, "userpass"sv, "smtppass"sv, "mailpass"sv, "ftppass"sv, "adminpass"sv, "rootpass"sv, "sqlpass"sv, "pgpass"sv, "ldappass"sv, "bindpass"sv, "keypass"sv, "storepass"sv, "authpass"sv, "imappass"sv, "requirepass"sv, "sshpass"sv,
                                 "controlpass"sv, "sudopass"sv, "becomepass"sv, "vaultpass"sv, "svnpass"sv, "proxypass"sv, "mysqlpass"sv, "apipass"sv, "loginpass"sv, "vncpass"sv, "zippass"sv, "masterpass"sv})
            if (plain == whole) return true;
        return false;
    }
    if (plain.ends_with("pw"sv)) return plain.size() == 2 || !is_alnum(name[name.size() - 3]) || plain == "dbpw"sv || plain == "bindpw"sv || plain == "rootpw"sv || plain == "userpw"sv || plain == "adminpw"sv || plain == "olcrootpw"sv;
    return plain.ends_with("pwd"sv) || plain == "psk"sv || plain == "wifisecpsk"sv;
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
    for (const auto part : {"your_"sv, "your-"sv, "yourpass"sv, "insert_"sv, "getenv("sv, "env("sv, "os.environ"sv, "process.env"sv})
        if (plain.starts_with(part)) return true;
    return plain.find("unique phrase"sv) != std::string::npos;  // "put your unique phrase here"
}

std::vector<SecretSpan> secret_spans(std::string_view text) {
    std::vector<SecretSpan> all;
    find_spans(text, all);
    std::vector<std::size_t> places;
    if (const auto plain = decoded_requests(text, places); !plain.empty()) {
        std::vector<SecretSpan> decoded;
        find_spans(plain, decoded);
        for (const auto& span : decoded) all.push_back({places[span.start], places[span.start + span.length] - places[span.start], span.kind, span.by_shape});
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
