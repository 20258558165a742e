#include "plugin/secret_hash.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "plugin/secret_value.hpp"

namespace deadbox::plugin {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t k_nt = 32;  // digits of LM and NT hashes, and of keys of 128 bits

constexpr std::size_t k_in_front = 256;  // of user, realm and service, in front of the digits

constexpr bool is_hex_digit(char c) { return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f'); }
constexpr bool is_fed(char c) { return is_word(c) || "./$=+*:@#,"sv.find(c) != std::string_view::npos; }

bool is_hex_word(std::string_view text, std::size_t at, std::size_t digits) {
    return at + digits <= text.size() && run(text, at, is_hex_digit) == digits && (at + digits == text.size() || !is_word(text[at + digits]));
}

// Does the name, of an option or in front of '=' or ':', take a hash of a password or a key made of one, and never a file's digest?
bool takes_hash(std::string_view name) {
    constexpr std::array k_names{"hashes"sv, "nthash"sv, "nt-hash"sv, "nt_hash"sv, "pw-nt-hash"sv, "lmhash"sv, "lm-hash"sv, "ntlm"sv, "ntlmhash"sv, "ntlm-hash"sv, "ntlm_hash"sv, "pth"sv, "pass-the-hash"sv, "rc4"sv, "rc4_hmac"sv, "krbtgt"sv, "aeskey"sv, "aes-key"sv,
                                 "aes128"sv, "aes256"sv, "password-hash"sv, "passwordhash"sv, "password_hash"sv};
    return std::find(k_names.begin(), k_names.end(), name) != k_names.end();
}

// The name in front of a value, and whether it is an option's: -hashes, --hash, /pth.
struct Announced {
    std::string name;
    bool option = false;
};
Announced announced_before(std::string_view text, std::size_t at) {
    constexpr std::size_t k_gap = 8, k_name = 24;
    auto end = at;
    while (end > 0 && at - end < k_gap && (is_blank(text[end - 1]) || "\"':="sv.find(text[end - 1]) != std::string_view::npos)) --end;
    if (end == at) return {};
    auto start = end;
    while (start > 0 && end - start < k_name && is_word(text[start - 1])) --start;
    const bool dashes = start < end && text[start] == '-', slash = start > 0 && text[start - 1] == '/' && (start == 1 || is_blank(text[start - 2]));
    while (start < end && text[start] == '-') ++start;
    return {lowered(text.substr(start, end - start)), dashes || slash};
}

}  // namespace

std::optional<SecretSpan> cracker_hash_at(std::string_view text, std::size_t at) {
    const auto name = run(text, at + 1, [](char c) { return is_alnum(c) || c == '-' || c == '_'; });
    const auto behind = at + 1 + name;
    if (name < 2 || name > 24 || behind + k_nt >= text.size() || (text[behind] != '$' && text[behind] != '*')) return std::nullopt;
    std::size_t digits = 0;
    for (auto i = behind; i < text.size() && i - behind < k_in_front && is_fed(text[i]) && digits < k_nt; ++i) digits = is_hex_digit(text[i]) ? digits + 1 : 0;
    return digits >= k_nt ? std::optional(SecretSpan{at, run(text, at, is_fed), SecretKind::hash}) : std::nullopt;
}

std::optional<SecretSpan> passed_hash_at(std::string_view text, std::size_t at) {
    if (text.size() - at < k_nt || !is_hex_digit(text[at]) || !is_hex_digit(text[at + k_nt - 1]) || !is_hex_digit(text[at + k_nt / 2])) return std::nullopt;
    if (is_hex_word(text, at, k_nt) && at + k_nt < text.size() && text[at + k_nt] == ':' && is_hex_word(text, at + k_nt + 1, k_nt)) return SecretSpan{at, 2 * k_nt + 1, SecretKind::hash};
    const bool short_one = is_hex_word(text, at, k_nt);
    if (!short_one && !is_hex_word(text, at, 2 * k_nt)) return std::nullopt;
    const auto [name, option] = announced_before(text, at);
    if (!takes_hash(name) && !(option && short_one && name == "hash")) return std::nullopt;
    return SecretSpan{at, short_one ? k_nt : 2 * k_nt, SecretKind::hash};
}

std::optional<SecretSpan> challenge_at(std::string_view text, std::size_t at) {
    constexpr std::size_t k_challenge = 16;
    if (!text.substr(at).starts_with("::"sv) || at == 0 || !is_alnum(text[at - 1])) return std::nullopt;
    const auto domain = run(text, at + 2, [](char c) { return is_word(c) || c == '.'; });
    auto from = at + 2 + domain;
    if (domain > 64 || from >= text.size() || text[from] != ':') return std::nullopt;
    const auto first = run(text, ++from, is_hex_digit);
    if ((first != k_challenge && first != 3 * k_challenge) || from + first >= text.size() || text[from + first] != ':') return std::nullopt;
    const auto second = run(text, from + first + 1, is_hex_digit);
    if (second < k_nt) return std::nullopt;
    return SecretSpan{from, run(text, from, [](char c) { return is_hex_digit(c) || c == ':'; }), SecretKind::hash};
}

}  // namespace deadbox::plugin
