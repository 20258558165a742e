#include "plugin/secret_code.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>

#include "plugin/secret_shape.hpp"
#include "plugin/secret_value.hpp"

namespace deadbox::plugin {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t k_longest_function = 40, k_arguments = 512;

enum class Sure : unsigned char { yes, shaped };  // any text in quotes; only one that is made up

// `place`: which of the arguments, the first is 0. `of`: what must stand in front, in small letters: a name of a class, "->" or ".".
struct Taking {
    std::string_view name;
    int place = 2;
    std::string_view of = {};
    Sure sure = Sure::yes;
};
constexpr std::array k_taking{
    // They log in
    Taking{"mysqli_connect"}, Taking{"mysql_connect"}, Taking{"mysql_pconnect"}, Taking{"mysqli"}, Taking{"real_connect"}, Taking{"mysqli_real_connect", 3}, Taking{"pdo"}, Taking{"ftp_login"}, Taking{"ssh2_auth_password"}, Taking{"imap_open"}, Taking{"ldap_bind"},
    Taking{"oci_connect", 1}, Taking{"oci_pconnect", 1}, Taking{"oci_new_connect", 1}, Taking{"odbc_connect"}, Taking{"smtp_login"}, Taking{"mssql_connect"}, Taking{"ibase_connect"}, Taking{"connect"}, Taking{"ftp"}, Taking{"ftp_tls"}, Taking{"login", 1}, Taking{"httpbasicauth", 1},
    Taking{"httpdigestauth", 1}, Taking{"construct"}, Taking{"auth", 0, "->", Sure::shaped}, Taking{"auth", 0, ".", Sure::shaped}, Taking{"withbasicauth", 1, "->"},
    // They make hashes of passwords
    Taking{"set_password", 0}, Taking{"crypt", 0}, Taking{"password_hash", 0}, Taking{"make", 0, "hash::"}, Taking{"bcrypt", 0}, Taking{"hashpw", 0, "bcrypt."}, Taking{"hash_pbkdf2", 1}, Taking{"openssl_pbkdf2", 0}, Taking{"pbkdf2_hmac", 1}, Taking{"password_verify", 0},
    // They encrypt
    Taking{"openssl_encrypt"}, Taking{"openssl_decrypt"}, Taking{"mcrypt_encrypt", 1}, Taking{"mcrypt_decrypt", 1}, Taking{"sodium_crypto_secretbox"}, Taking{"sodium_crypto_secretbox_open"}, Taking{"createcipheriv", 1}, Taking{"createdecipheriv", 1}, Taking{"createcipher", 1},
    Taking{"createdecipher", 1}, Taking{"fernet", 0}, Taking{"new", 0, "aes."}, Taking{"encrypt", 1, "aes."}, Taking{"decrypt", 1, "aes."}, Taking{"aes_encrypt", 1}, Taking{"aes_decrypt", 1}, Taking{"pgp_sym_encrypt", 1}, Taking{"pgp_sym_decrypt", 1},
    // They sign
    Taking{"hash_hmac"}, Taking{"hash_hmac_file"}, Taking{"createhmac", 1}, Taking{"new", 0, "hmac."}, Taking{"encode", 1, "jwt::"}, Taking{"decode", 1, "jwt::"}, Taking{"encode", 1, "jwt."}, Taking{"decode", 1, "jwt."}, Taking{"sign", 1, "jwt."}, Taking{"verify", 1, "jwt."}};

// By name: each byte of a log asks.
const std::unordered_multimap<std::string_view, const Taking*>& taking_by_name() {
    static const auto all = [] {
        std::unordered_multimap<std::string_view, const Taking*> by_name;
        for (const auto& one : k_taking) by_name.emplace(one.name, &one);
        return by_name;
    }();
    return all;
}

// setPassword, setApiKey: what is set.
bool sets_secret(std::string_view written, std::string_view small) { return small.starts_with("set"sv) && written.size() > 6 && (names_a_secret(written.substr(3)) || small.ends_with("pass"sv) || small.ends_with("passwd"sv)); }

// Where the argument of this place begins; npos where there is none. `open`: behind the bracket.
std::size_t argument_start(std::string_view text, std::size_t open, int place) {
    const auto last = std::min(text.size(), open + k_arguments);
    auto at = open;
    for (; place > 0; --place) {
        char quote = 0;
        int depth = 0;
        for (; at < last && text[at] != '\n' && (quote != 0 || depth > 0 || text[at] != ','); ++at) {
            const char c = text[at];
            if (c == '\\') ++at;
            else if (c == '\'' || c == '"') quote = quote == 0 ? c : quote == c ? '\0' : quote;
            else if (quote == 0 && (c == '(' || c == '[')) ++depth;
            else if (quote == 0 && (c == ')' || c == ']') && --depth < 0) return std::string_view::npos;
        }
        if (at >= last || text[at] != ',') return std::string_view::npos;
        ++at;
    }
    return at + run(text, at, is_blank);
}

std::optional<SecretSpan> quoted_at(std::string_view text, std::size_t from) {
    if (from + 1 < text.size() && (text[from] == 'b' || text[from] == 'r' || text[from] == 'u') && (text[from + 1] == '\'' || text[from + 1] == '"')) ++from;  // b'...' of Python
    if (from >= text.size() || (text[from] != '\'' && text[from] != '"')) return std::nullopt;
    const auto inner = unquoted(text, from, value_end(text, from, quotes_around(text, from), ValueOf::setting));
    const auto value = text.substr(inner.start, inner.end - inner.start);
    if (value.empty() || (is_placeholder(value) && !(inner.single && value.starts_with('$') && !value.starts_with("${"sv)))) return std::nullopt;
    return SecretSpan{inner.start, value.size(), SecretKind::password};
}

// CURLOPT_USERPWD, 'name:SECRET' and CURLOPT_USERPWD => 'name:SECRET'.
std::optional<SecretSpan> curl_option_at(std::string_view text, std::size_t from, std::string_view name) {
    const bool pair = name.ends_with("userpwd"sv);
    if (!pair && !name.ends_with("password"sv) && !name.ends_with("passwd"sv) && !name.ends_with("bearer"sv)) return std::nullopt;
    from += run(text, from, [](char c) { return is_blank(c) || c == ',' || c == '=' || c == '>'; });
    const auto span = quoted_at(text, from);
    if (!span || !pair) return span;
    const auto colon = text.substr(span->start, span->length).find(':');
    if (colon == std::string_view::npos || colon + 1 >= span->length) return std::nullopt;
    return SecretSpan{span->start + colon + 1, span->length - colon - 1, SecretKind::password};
}

}  // namespace

std::optional<SecretSpan> secret_argument_at(std::string_view text, std::size_t at) {
    const auto length = run(text, at, is_word);
    const auto behind = at + length;
    if (length < 3 || length > k_longest_function || behind >= text.size()) return std::nullopt;
    if (text[behind] != '(') {
        if (lower(text[at]) != 'c' || length < 14 || (text[behind] != ',' && text[behind] != ' ' && text[behind] != '=')) return std::nullopt;
        const auto option = lowered(text.substr(at, length));
        return option.starts_with("curlopt_"sv) ? curl_option_at(text, behind, option) : std::nullopt;
    }
    const auto written = text.substr(at, length);
    const auto name = lowered(written);
    const auto [first, last] = taking_by_name().equal_range(name);
    for (auto row = first; row != last; ++row) {
        const auto& call = *row->second;
        if (!call.of.empty() && (at < call.of.size() || lowered(text.substr(at - call.of.size(), call.of.size())) != call.of)) continue;
        const auto from = argument_start(text, behind + 1, call.place);
        const auto span = from == std::string_view::npos ? std::nullopt : quoted_at(text, from);
        if (span && (call.sure == Sure::yes || is_made_up(text.substr(span->start, span->length)))) return span;
    }
    if (first == last && sets_secret(written, name)) return quoted_at(text, behind + 1 + run(text, behind + 1, is_blank));
    return std::nullopt;
}

}  // namespace deadbox::plugin
