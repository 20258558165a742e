#include "plugin/secret_text.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace deadbox::plugin {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t k_name = 64;     // longest name of a setting
constexpr std::size_t k_value = 4096;  // longest value that is hidden in one piece; nothing looks further ahead but for the end of a key
constexpr std::size_t k_back = 256;    // how far the program of an option is looked for

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alnum(char c) { return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z'); }
bool is_word(char c) { return is_alnum(c) || c == '_' || c == '-'; }
bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_hash_char(char c) { return is_alnum(c) || "./$=,+-"sv.find(c) != std::string_view::npos; }

std::string lowered(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), lower);
    return out;
}

template <class Is>
std::size_t run(std::string_view text, std::size_t from, Is&& is) {
    std::size_t at = from;
    while (at < text.size() && at - from < k_value && is(text[at])) ++at;
    return at - from;
}

// Schemes of password hashes as they stand between the first two dollars.
constexpr std::array k_schemes{"1"sv, "2"sv, "2a"sv, "2b"sv, "2x"sv, "2y"sv, "3"sv, "5"sv, "6"sv, "7"sv, "y"sv, "gy"sv, "md5"sv, "sha1"sv, "apr1"sv, "argon2i"sv, "argon2d"sv,
                               "argon2id"sv, "scrypt"sv, "pbkdf2-sha256"sv, "pbkdf2-sha512"sv, "bcrypt-sha256"sv};

std::optional<SecretSpan> hash_at(std::string_view text, std::size_t at) {
    const auto rest = text.substr(at);
    if (rest.front() == '{') {
        for (const auto mark : {"{SHA}"sv, "{SSHA}"sv, "{SSHA512}"sv, "{CRYPT}"sv, "{MD5}"sv, "{SHA512-CRYPT}"sv}) {
            if (!rest.starts_with(mark)) continue;
            const auto length = run(rest, mark.size(), is_hash_char);
            if (length >= 12) return SecretSpan{at, mark.size() + length, SecretKind::hash};
        }
        return std::nullopt;
    }
    if (rest.starts_with("$P$"sv) || rest.starts_with("$H$"sv) || rest.starts_with("$S$"sv)) {  // phpass, Drupal
        const auto length = run(rest, 3, is_hash_char);
        if (length >= 28) return SecretSpan{at, 3 + length, SecretKind::hash};
        return std::nullopt;
    }
    const auto close = rest.substr(0, 20).find('$', 1);
    if (close == std::string_view::npos || std::find(k_schemes.begin(), k_schemes.end(), rest.substr(1, close - 1)) == k_schemes.end()) return std::nullopt;
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

struct Prefix {
    std::string_view text;
    std::size_t least;  // characters behind it
};
constexpr std::array k_prefixes{Prefix{"AKIA", 16}, Prefix{"ASIA", 16}, Prefix{"ghp_", 30}, Prefix{"gho_", 30}, Prefix{"ghu_", 30}, Prefix{"ghs_", 30}, Prefix{"ghr_", 30},
                                Prefix{"github_pat_", 30}, Prefix{"glpat-", 18}, Prefix{"xoxb-", 20}, Prefix{"xoxp-", 20}, Prefix{"xoxa-", 20}, Prefix{"xoxr-", 20}, Prefix{"xoxs-", 20},
                                Prefix{"xapp-", 20}, Prefix{"sk_live_", 16}, Prefix{"rk_live_", 16}, Prefix{"sk_test_", 16}, Prefix{"sk-ant-", 20}, Prefix{"AIza", 35}, Prefix{"ya29.", 20},
                                Prefix{"npm_", 30}, Prefix{"dckr_pat_", 20}, Prefix{"hvs.", 20}, Prefix{"whsec_", 20}, Prefix{"pypi-", 40}, Prefix{"AGE-SECRET-KEY-1", 40}, Prefix{"dop_v1_", 40}};

std::optional<SecretSpan> token_at(std::string_view text, std::size_t at) {
    const auto rest = text.substr(at);
    for (const auto& prefix : k_prefixes) {
        if (!rest.starts_with(prefix.text)) continue;
        const auto length = run(rest, prefix.text.size(), [](char c) { return is_word(c) || c == '.'; });
        if (length >= prefix.least) return SecretSpan{at, prefix.text.size() + length, SecretKind::token};
    }
    if (!rest.starts_with("eyJ"sv)) return std::nullopt;
    const auto head = run(rest, 0, is_word);
    if (head < 12 || head >= rest.size() || rest[head] != '.') return std::nullopt;
    const auto body = run(rest, head + 1, is_word);
    if (body < 8) return std::nullopt;
    std::size_t length = head + 1 + body;
    if (length < rest.size() && rest[length] == '.') length += 1 + run(rest, length + 1, is_word);
    return SecretSpan{at, length, SecretKind::token};
}

// Behind "Bearer " and "Basic ".
std::optional<SecretSpan> bearer_at(std::string_view text, std::size_t at) {
    const auto start = lowered(text.substr(at, 7));
    const std::size_t skip = start == "bearer " ? 7 : start.starts_with("basic ") ? 6 : 0;
    if (skip == 0) return std::nullopt;
    const auto length = run(text, at + skip, [](char c) { return is_word(c) || "./+=~"sv.find(c) != std::string_view::npos; });
    const auto value = text.substr(at + skip, length);
    if (length < (skip == 7 ? 16u : 12u) || std::none_of(value.begin() + 1, value.end(), [](char c) { return is_digit(c) || c == '=' || (c >= 'A' && c <= 'Z'); })) return std::nullopt;
    return SecretSpan{at + skip, length, SecretKind::token};
}

// At "://": scheme://user:PASSWORD@host.
std::optional<SecretSpan> address_at(std::string_view text, std::size_t at) {
    const auto start = at + 3;
    const auto length = run(text, start, [](char c) { return static_cast<unsigned char>(c) > ' ' && "/'\"<>"sv.find(c) == std::string_view::npos; });
    const auto authority = text.substr(start, std::min(length, k_value));
    const auto sign = authority.rfind('@');
    const auto colon = authority.find(':');
    if (sign == std::string_view::npos || colon == std::string_view::npos || colon + 1 >= sign || is_placeholder(authority.substr(colon + 1, sign - colon - 1))) return std::nullopt;
    return SecretSpan{start + colon + 1, sign - colon - 1, SecretKind::password};
}

// The value that starts at `from`: quoted, or up to what ends it in a command line, a request or a setting.
SecretSpan value_at(std::string_view text, std::size_t from) {
    std::size_t at = from;
    if (at < text.size() && text[at] == '\\') ++at;  // \"
    if (at < text.size() && (text[at] == '"' || text[at] == '\'')) {
        const char quote = text[at];
        const auto close = text.substr(0, std::min(text.size(), at + 1 + k_value)).find_first_of(std::string{quote, '\n'}, at + 1);
        const auto end = close == std::string_view::npos ? text.size() : close;
        return {at + 1, std::min(end - at - 1, k_value), SecretKind::password};
    }
    return {at, std::min(run(text, at, [](char c) { return static_cast<unsigned char>(c) > ' ' && "&;,|\"'<>)"sv.find(c) == std::string_view::npos; }), k_value), SecretKind::password};
}

// At '=' or ':' or "=>" or ',' behind a name that says that a secret follows.
std::optional<SecretSpan> setting_at(std::string_view text, std::size_t at) {
    std::size_t end = at;
    while (end > 0 && is_blank(text[end - 1])) --end;
    bool quoted = false;
    if (end > 0 && (text[end - 1] == '"' || text[end - 1] == '\'' || text[end - 1] == ']')) quoted = true, --end;
    if (quoted && end > 0 && (text[end - 1] == '"' || text[end - 1] == '\'')) --end;  // ['password']
    if (quoted && end > 0 && text[end - 1] == '\\') --end;  // \"password\": JSON inside JSON
    if (text[at] == ',' && !quoted) return std::nullopt;                       // define('DB_PASSWORD', 'x')
    if (text[at] == ':' && !quoted) return std::nullopt;                       // prose: "password: changed"
    std::size_t start = end;
    while (start > 0 && end - start < k_name && is_word(text[start - 1])) --start;
    if (start == end || !names_a_secret(text.substr(start, end - start))) return std::nullopt;
    std::size_t from = at + 1;
    if (text[at] == '=' && from < text.size() && (text[from] == '>' || text[from] == '=')) ++from;
    from += run(text, from, is_blank);
    const auto span = value_at(text, from);
    const auto value = text.substr(span.start, span.length);
    if (is_placeholder(value)) return std::nullopt;
    if (lowered(text.substr(start, end - start)) == "pwd" && value.starts_with('/')) return std::nullopt;  // the working folder
    return span;
}

// The first word of the command that holds `at`, without its folder.
bool command_is(std::string_view text, std::size_t at, std::initializer_list<std::string_view> names) {
    const std::size_t from = at > k_back ? at - k_back : 0;
    const auto before = text.substr(from, at - from);
    const auto cut = before.find_last_of("|;&\n`(");
    const auto command = before.substr(cut == std::string_view::npos ? 0 : cut + 1);
    for (std::size_t word = 0; word < command.size();) {
        const auto length = run(command, word, [](char c) { return !is_blank(c); });
        auto name = command.substr(word, length);
        name = name.substr(name.rfind('/') == std::string_view::npos ? 0 : name.rfind('/') + 1);
        if (const auto equal = name.rfind('='); equal != std::string_view::npos) name = name.substr(equal + 1);  // COMMAND=/usr/bin/mysql
        for (const auto one : names)
            if (name.starts_with(one)) return true;
        word += length + std::max<std::size_t>(run(command, word + length, is_blank), 1);
    }
    return false;
}

// At '-' behind a blank: options that carry a password.
std::optional<SecretSpan> option_at(std::string_view text, std::size_t at) {
    const auto rest = text.substr(at);
    const auto length = run(rest, 0, [](char c) { return is_word(c); });
    const auto word = rest.substr(0, length);
    const auto next = [&]() -> std::optional<SecretSpan> {
        const auto blanks = run(text, at + length, is_blank);
        if (blanks == 0) return std::nullopt;
        const auto span = value_at(text, at + length + blanks);
        const auto value = text.substr(span.start, span.length);
        return value.starts_with('-') || is_placeholder(value) ? std::nullopt : std::optional(span);
    };
    if (word.starts_with("--"sv)) {
        if (word == "--user"sv && command_is(text, at, {"curl"})) {
            auto span = next();
            const auto colon = span ? text.substr(span->start, span->length).find(':') : std::string_view::npos;
            if (colon == std::string_view::npos) return std::nullopt;
            return SecretSpan{span->start + colon + 1, span->length - colon - 1, SecretKind::password};
        }
        return names_a_secret(word.substr(2)) ? next() : std::nullopt;
    }
    if (word.starts_with("-p"sv) && command_is(text, at, {"mysql", "mariadb", "sshpass"})) {
        if (length > 2 || at + 2 < text.size()) {
            if (at + 2 < text.size() && !is_blank(text[at + 2])) {
                const auto span = value_at(text, at + 2);
                return is_placeholder(text.substr(span.start, span.length)) ? std::nullopt : std::optional(span);
            }
        }
        return command_is(text, at, {"sshpass"}) ? next() : std::nullopt;
    }
    if (word == "-u"sv && command_is(text, at, {"curl"})) {
        auto span = next();
        const auto colon = span ? text.substr(span->start, span->length).find(':') : std::string_view::npos;
        if (colon == std::string_view::npos || colon + 1 >= span->length) return std::nullopt;
        return SecretSpan{span->start + colon + 1, span->length - colon - 1, SecretKind::password};
    }
    if (word == "-a"sv && command_is(text, at, {"redis-cli"})) return next();
    return std::nullopt;
}

std::optional<SecretSpan> secret_at(std::string_view text, std::size_t at) {
    const char c = text[at];
    const bool fresh = at == 0 || !is_alnum(text[at - 1]);
    switch (c) {
        case '$': case '{': return hash_at(text, at);
        case '-':
            if (text.substr(at).starts_with("-----BEGIN "sv)) return key_at(text, at);
            return at == 0 || is_blank(text[at - 1]) ? option_at(text, at) : std::nullopt;
        case ':':
            if (text.substr(at).starts_with("://"sv)) return address_at(text, at);
            return setting_at(text, at);
        case '=': case ',': return setting_at(text, at);
        default: break;
    }
    if (!fresh) return std::nullopt;
    if (c == 'B' || c == 'b')
        if (const auto span = bearer_at(text, at)) return span;
    return at == 0 || !is_word(text[at - 1]) ? token_at(text, at) : std::nullopt;
}

}  // namespace

bool names_a_secret(std::string_view name) {
    if (name.size() > k_name) return false;
    if (name == "PWD"sv || name == "OLDPWD"sv) return false;
    std::string plain;
    for (const char c : name)
        if (is_alnum(c)) plain += lower(c);
    for (const auto last : {"password"sv, "passwd"sv, "passphrase"sv, "passwort"sv, "secret"sv, "token"sv, "apikey"sv, "accesskey"sv, "secretkey"sv, "privatekey"sv, "authkey"sv, "appkey"sv,
                            "encryptionkey"sv, "signingkey"sv, "masterkey"sv, "clientkeydata"sv, "connectionstring"sv, "credential"sv, "accesskeyid"sv})
        if (plain.ends_with(last)) return true;
    if (plain.ends_with("pass"sv)) return plain.size() == 4 || !is_alnum(name[name.size() - 5]) || plain == "dbpass"sv || plain == "userpass"sv || plain == "smtppass"sv;
    return plain == "pwd"sv || plain == "pw"sv || plain.ends_with("dbpw"sv) || plain.ends_with("pwd"sv);
}

bool is_placeholder(std::string_view value) {
    if (value.size() < 3 || "$%{<(*[?"sv.find(value.front()) != std::string_view::npos) return !value.starts_with('$') || value.size() < 20 || value.find('$', 1) == std::string_view::npos;
    const auto plain = lowered(value);
    for (const auto word : {"null"sv, "none"sv, "true"sv, "false"sv, "yes"sv, "no"sv, "password"sv, "secret"sv, "changeme"sv, "example"sv, "empty"sv, "undefined"sv, "default"sv, "redacted"sv, "unset"sv, "string"sv,
                            "token"sv, "required"sv, "optional"sv})
        if (plain == word) return true;
    for (const auto part : {"_here"sv, "-here"sv, "your_"sv, "your-"sv, "yourpass"sv, "xxxx"sv, "****"sv, "placeholder"sv, "change_me"sv, "change-me"sv, "insert_"sv, "getenv"sv, "env("sv, "os.environ"sv, "process.env"sv})
        if (plain.find(part) != std::string::npos) return true;
    return false;
}

std::vector<SecretSpan> secret_spans(std::string_view text) {
    // Only these bytes can start one; '=' ',' and ':' end the name of a setting.
    static const auto k_starts = [] {
        std::array<bool, 256> starts{};
        for (const char c : "${-:=,Bb"sv) starts[static_cast<unsigned char>(c)] = true;
        for (const auto& prefix : k_prefixes) starts[static_cast<unsigned char>(prefix.text.front())] = true;
        starts['e'] = true;
        return starts;
    }();
    std::vector<SecretSpan> all;
    for (std::size_t at = 0; at < text.size();) {
        if (!k_starts[static_cast<unsigned char>(text[at])]) {
            ++at;
            continue;
        }
        const auto span = secret_at(text, at);
        if (!span || span->length == 0) {
            ++at;
            continue;
        }
        if (all.empty() || span->start >= all.back().start + all.back().length) all.push_back(*span);
        at = span->start + span->length;
    }
    return all;
}

}  // namespace deadbox::plugin
