#include "plugin/secret_token.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <string>
#include <vector>

#include "plugin/secret_value.hpp"

namespace deadbox::plugin {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t k_cut = 250;           // texts that are kept are cut at this length or later
constexpr std::size_t k_cut_least = 4;       // what is left behind a prefix then
constexpr std::size_t k_shortest = 26;
constexpr std::size_t k_longest_token = 256; // of those that only look random: what is longer is a payload

enum class Body : unsigned char {
    word,   // letters, digits, _ - .
    hex,    // hexadecimal digits
    wide,   // of base64 and of lists of parts too: / + = : $ ~ %
    mixed,  // of word, and random
};
struct Issued {
    std::string_view prefix;
    std::size_t least;  // characters behind it
    Body body = Body::word;
    SecretKind kind = SecretKind::token;
};
constexpr std::array k_digests{"md5("sv, "sha1("sv, "sha256("sv, "sha512("sv, "hash("sv, "crypt("sv, "hexdigest("sv};
constexpr std::array k_issued{
    // Clouds and hosting
    Issued{"AKIA", 16}, Issued{"ASIA", 16}, Issued{"ABIA", 16}, Issued{"ACCA", 16}, Issued{"ABSK", 100, Body::wide}, Issued{"AIza", 35}, Issued{"ya29.", 20}, Issued{"GOCSPX-", 20}, Issued{"1//0", 40, Body::wide},
    Issued{"4/0A", 40, Body::wide}, Issued{"LTAI", 16, Body::mixed}, Issued{"AKID", 32}, Issued{"dop_v1_", 40}, Issued{"doo_v1_", 40}, Issued{"dor_v1_", 40}, Issued{"HRKU-", 30}, Issued{"fm1a_", 40, Body::wide},
    Issued{"fm1r_", 40, Body::wide}, Issued{"fm2_", 40, Body::wide}, Issued{"fo1_", 30}, Issued{"nfp_", 30, Body::mixed}, Issued{"nfc_", 30, Body::mixed}, Issued{"nfo_", 30, Body::mixed}, Issued{"nfu_", 30, Body::mixed}, Issued{"vercel_blob_rw_", 20}, Issued{"sbp_", 36},
    Issued{"sb_secret_", 20}, Issued{"rnd_", 28, Body::mixed}, Issued{"napi_", 40}, Issued{"pscale_tkn_", 30}, Issued{"pscale_pw_", 30}, Issued{"pscale_oauth_", 30}, Issued{"v1.0-", 100}, Issued{"cfut_", 30},
    Issued{"apify_api_", 30}, Issued{"dapi", 32, Body::hex}, Issued{"tskey-", 20}, Issued{"SWMTKN-1-", 50}, Issued{"SWMKEY-1-", 30}, Issued{"hvs.", 20}, Issued{"hvb.", 20}, Issued{"hvr.", 20},
    Issued{"s.", 24, Body::mixed}, Issued{"dp.pt.", 40}, Issued{"dp.st.", 40}, Issued{"dp.ct.", 40}, Issued{"dp.sa.", 40}, Issued{"dp.scim.", 40}, Issued{"dp.audit.", 40}, Issued{"pul-", 40, Body::hex},
    Issued{"ops_eyJ", 60}, Issued{"A3-", 30, Body::mixed}, Issued{"tfp_", 40},
    // Code, packages and builds
    Issued{"ghp_", 30}, Issued{"gho_", 30}, Issued{"ghu_", 30}, Issued{"ghs_", 30}, Issued{"ghr_", 30}, Issued{"github_pat_", 30}, Issued{"glpat-", 18}, Issued{"glrt-", 18}, Issued{"gldt-", 18}, Issued{"glcbt-", 18},
    Issued{"glptt-", 18}, Issued{"glft-", 18}, Issued{"glsoat-", 18}, Issued{"glimt-", 18}, Issued{"glagent-", 18}, Issued{"gloas-", 18}, Issued{"glffct-", 18}, Issued{"GR1348941", 20}, Issued{"ATATT3", 40, Body::wide},
    Issued{"ATCTT3", 40, Body::wide}, Issued{"ATBB", 28}, Issued{"BBDC-", 40, Body::wide}, Issued{"npm_", 30, Body::mixed}, Issued{"dckr_pat_", 20}, Issued{"dckr_oat_", 20}, Issued{"pypi-", 40}, Issued{"rubygems_", 48, Body::hex},
    Issued{"cio", 32, Body::mixed}, Issued{"CLOJARS_", 50}, Issued{"oy2", 43}, Issued{"bkua_", 38}, Issued{"CCIPAT_", 30}, Issued{"AKCp", 60}, Issued{"cmVmdGtuOj", 50}, Issued{"sgp_", 40}, Issued{"sntrys_", 40, Body::wide},
    Issued{"sntryu_", 40}, Issued{"PMAK-", 50}, Issued{"PMAT-", 26}, Issued{"lin_api_", 30}, Issued{"lin_oauth_", 30}, Issued{"figd_", 36}, Issued{"figu_", 36}, Issued{"glsa_", 38}, Issued{"glc_eyJ", 40, Body::wide},
    Issued{"NRAK-", 24}, Issued{"NRII-", 24}, Issued{"NRRA-", 24}, Issued{"dt0c01.", 80}, Issued{"dt0s01.", 80}, Issued{"phx_", 40}, Issued{"AGE-SECRET-KEY-1", 40},
    // Messages and mail
    Issued{"xoxb-", 20}, Issued{"xoxp-", 20}, Issued{"xoxa-", 20}, Issued{"xoxr-", 20}, Issued{"xoxs-", 20}, Issued{"xoxc-", 20}, Issued{"xoxd-", 20, Body::wide}, Issued{"xoxe-", 20}, Issued{"xoxe.", 20}, Issued{"xapp-", 20},
    Issued{"xwfp-", 20}, Issued{"SG.", 60}, Issued{"key-", 32, Body::hex}, Issued{"xkeysib-", 60}, Issued{"xsmtpsib-", 60}, Issued{"re_", 24, Body::mixed}, Issued{"SK", 32, Body::hex}, Issued{"syt_", 30}, Issued{"EAACEdEose0cBA", 40},
    Issued{"EAA", 80, Body::mixed}, Issued{"sl.", 60, Body::mixed}, Issued{"secret_", 43, Body::mixed}, Issued{"ntn_", 40, Body::mixed}, Issued{"pat-na1-", 30}, Issued{"pat-eu1-", 30},
    // Money
    Issued{"sk_live_", 16}, Issued{"rk_live_", 16}, Issued{"sk_test_", 16}, Issued{"rk_test_", 16}, Issued{"whsec_", 20, Body::wide}, Issued{"shpat_", 32}, Issued{"shpca_", 32}, Issued{"shppa_", 32}, Issued{"shpss_", 32},
    Issued{"sq0atp-", 22}, Issued{"sq0csp-", 22}, Issued{"EZAK", 54}, Issued{"EZTK", 54}, Issued{"FLWSECK-", 30}, Issued{"FLWSECK_TEST-", 30}, Issued{"duffel_live_", 40}, Issued{"access_token$production$", 32},
    Issued{"5H", 49, Body::mixed}, Issued{"5J", 49, Body::mixed}, Issued{"5K", 49, Body::mixed},  // keys of wallets
    // Models
    Issued{"sk-", 32, Body::mixed}, Issued{"sk-ant-", 20}, Issued{"sk-proj-", 20}, Issued{"sk-svcacct-", 20}, Issued{"sk-admin-", 20}, Issued{"sk-or-v1-", 40}, Issued{"hf_", 30}, Issued{"api_org_", 30}, Issued{"gsk_", 40},
    Issued{"pplx-", 40}, Issued{"xai-", 60}, Issued{"r8_", 37}, Issued{"nvapi-", 50}, Issued{"csk-", 40}, Issued{"tvly-", 20}, Issued{"lsv2_pt_", 40}, Issued{"lsv2_sk_", 40}, Issued{"sk.eyJ", 40}, Issued{"tk.eyJ", 40},
    // Hashes of passwords that do not begin with a dollar
    Issued{"grub.pbkdf2.", 40, Body::word, SecretKind::hash}, Issued{"SCRAM-SHA-", 40, Body::wide, SecretKind::hash}, Issued{"pbkdf2_sha", 40, Body::wide, SecretKind::hash}, Issued{"pbkdf2:sha", 40, Body::wide, SecretKind::hash},
    Issued{"scrypt:32768:", 40, Body::wide, SecretKind::hash}, Issued{"bcrypt_sha256$", 40, Body::wide, SecretKind::hash}};

// Of the table, those that begin with a character.
const std::vector<const Issued*>& issued_with(char first) {
    static const auto all = [] {
        std::array<std::vector<const Issued*>, 256> by_first;
        for (const auto& one : k_issued) by_first[static_cast<unsigned char>(one.prefix.front())].push_back(&one);
        for (auto& some : by_first) std::stable_sort(some.begin(), some.end(), [](auto* a, auto* b) { return a->prefix.size() > b->prefix.size(); });
        return by_first;
    }();
    return all[static_cast<unsigned char>(first)];
}

bool is_hex(char c) { return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f'); }
bool is_part(char c) { return is_word(c) || c == '.'; }

bool may_follow(char c, Body body) {
    if (body == Body::hex) return is_hex(c);
    return is_part(c) || (body == Body::wide && "/+=:$~%"sv.find(c) != std::string_view::npos);
}

// Letters, digits or signs change places often: base62, base32. CamelCase and numbered names do not.
bool changes(std::string_view word, std::size_t least_digits, std::size_t percent = 33) {
    const auto kind = [](char c) { return is_digit(c) ? 0 : c >= 'a' ? 1 : 2; };
    std::size_t digits = 0, changed = 0;
    for (std::size_t i = 0; i < word.size(); ++i) {
        digits += is_digit(word[i]);
        changed += i > 0 && kind(word[i]) != kind(word[i - 1]);
    }
    return digits >= least_digits && digits < word.size() && changed * 100 >= word.size() * percent;
}

std::string from_base64(std::string_view word) {
    std::string out;
    unsigned bits = 0, count = 0;
    for (const char c : word) {
        const unsigned digit = c >= 'A' && c <= 'Z' ? static_cast<unsigned>(c - 'A') : c >= 'a' && c <= 'z' ? static_cast<unsigned>(c - 'a' + 26) : is_digit(c) ? static_cast<unsigned>(c - '0' + 52) : c == '+' || c == '-' ? 62u : 63u;
        bits = bits << 6 | digit;
        if ((count += 6) < 8) continue;
        count -= 8;
        out += static_cast<char>(bits >> count & 0xff);
    }
    return out;
}

std::ptrdiff_t readable_in(std::string_view bytes) {
    return std::count_if(bytes.begin(), bytes.end(), [](char c) { return (c >= ' ' && c <= '~') || c == '\n' || c == '\t' || c == '\r'; });
}
}  // namespace

bool is_text_in_base64(std::string_view word) {
    const auto bytes = from_base64(word);
    return !bytes.empty() && readable_in(bytes) * 4 >= static_cast<std::ptrdiff_t>(bytes.size()) * 3;
}

namespace {

// name-of-a-kind_RANDOM: a part of 22 or more is random, the first is a word. RANDOM.RANDOM: without a word two must be, for a
// wallet with the name of its worker is one of a miner's marks.
bool is_shaped(std::string_view word) {
    std::size_t parts = 0, random = 0, nearly = 0;
    bool first = true, words = true, named = true;
    for (std::size_t at = 0; at <= word.size();) {
        const auto end = std::min(word.find_first_of("_-.", at), word.size());
        const auto part = word.substr(at, end - at);
        ++parts;
        const bool one = is_random(part) && !is_text_in_base64(part);
        random += one;
        nearly += !one && part.size() >= 16 && changes(part, 1);
        if (first && one) named = false;
        if (first && !one) {
            const auto letters = run(part, 0, [](char c) { return lower(c) >= 'a' && lower(c) <= 'z'; });
            const auto plain = lowered(part);
            words = part.size() >= 2 && part.size() <= 12 && letters > 0 && letters + 1 >= part.size() && plain != "sha"sv && !plain.starts_with("md"sv);
        }
        first = false;
        at = end + 1;
    }
    return parts > 1 && words && (named ? random > 0 : random + nearly > 1);
}

// 123456789:AAF..., the token of a bot, with or without the word "bot" of its address.
std::optional<SecretSpan> bot_at(std::string_view text, std::size_t at) {
    const auto digits = run(text, at, is_digit);
    if (digits < 7 || digits > 12 || at + digits >= text.size() || text[at + digits] != ':') return std::nullopt;
    const auto key = run(text, at + digits + 1, is_word);
    const bool cut = at + digits + 1 + key == text.size() && text.size() >= k_cut;
    // In a path of the interface, /bot123:KEY/method, whatever its length.
    const bool asked = at > 3 && text.substr(at - 4, 4) == "/bot"sv && key >= k_shortest - 6 && at + digits + 1 + key < text.size() && text[at + digits + 1 + key] == '/';
    if (key != 35 && !(cut && key < 35) && !asked) return std::nullopt;
    const auto word = text.substr(at + digits + 1, key);
    if (!cut && std::all_of(word.begin(), word.end(), is_hex)) return std::nullopt;
    return SecretSpan{at, digits + 1 + key, SecretKind::token};
}

// K10HASH::USER:SECRET, what lets a node join a cluster of k3s.
std::optional<SecretSpan> join_at(std::string_view text, std::size_t at) {
    const auto hash = run(text, at + 3, is_hex);
    if (hash != 64 || !text.substr(at + 3 + hash).starts_with("::"sv)) return std::nullopt;
    return SecretSpan{at, 3 + hash + run(text, at + 3 + hash, [](char c) { return is_part(c) || c == ':'; }), SecretKind::token};
}

}  // namespace

bool is_base64(char c) { return is_alnum(c) || c == '+' || c == '/'; }

std::string text_in_base64(std::string_view word) {
    if (word.size() % 4 == 1) return {};
    constexpr std::size_t k_first = 32;  // tells it of most
    const auto first = from_base64(word.substr(0, k_first));
    if (readable_in(first) != static_cast<std::ptrdiff_t>(first.size())) return {};
    auto bytes = from_base64(word);
    return readable_in(bytes) == static_cast<std::ptrdiff_t>(bytes.size()) ? bytes : std::string();
}

bool is_random(std::string_view word) {
    if (word.size() < 22 || !std::all_of(word.begin(), word.end(), is_alnum)) return false;
    std::bitset<256> different;  // a drawing's path has few
    for (const char c : word) different.set(static_cast<unsigned char>(c));
    if (different.count() < 12) return false;
    const bool small = std::any_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; }), large = std::any_of(word.begin(), word.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    if (small && large) return changes(word, word.size() < 30 ? 2 : 1, 40);
    return large && word.size() >= 28 && !std::all_of(word.begin(), word.end(), is_hex) && changes(word, 3, 20);
}

namespace {

// One that its issuer marks.
std::optional<SecretSpan> issued_at(std::string_view text, std::size_t at) {
    const auto rest = text.substr(at);
    const bool inside = at > 0 && is_part(text[at - 1]);  // a name that has one in it: upload_ghp_...
    for (const auto* one : issued_with(rest.front())) {
        if (!rest.starts_with(one->prefix)) continue;
        const auto length = run(rest, one->prefix.size(), [&](char c) { return may_follow(c, one->body); });
        const bool cut = one->prefix.size() + length == rest.size() && text.size() >= k_cut && length >= k_cut_least && one->prefix.size() >= 4;
        if (length < one->least && !cut) continue;
        const auto behind = rest.substr(one->prefix.size(), length);
        if (one->body == Body::hex && (length > one->least || std::none_of(behind.begin(), behind.end(), is_digit)) && !cut) continue;
        if (one->body == Body::mixed && !cut && (!changes(behind, 1) || is_text_in_base64(rest.substr(0, one->prefix.size() + length)))) continue;
        if (inside && (one->prefix.size() < 4 || is_alnum(one->prefix.back()))) continue;
        return SecretSpan{at, one->prefix.size() + length, one->kind};
    }
    return std::nullopt;
}

}  // namespace

std::optional<SecretSpan> token_at(std::string_view text, std::size_t at) {
    if (const auto issued = issued_at(text, at)) return issued;
    const auto rest = text.substr(at);
    if (at > 0 && is_part(text[at - 1])) return std::nullopt;
    if (rest.starts_with("K10"sv))
        if (const auto span = join_at(text, at)) return span;
    if (is_digit(rest.front()))
        if (const auto span = bot_at(text, at)) return span;
    if (rest.starts_with("bot"sv) && rest.size() > 10 && is_digit(rest[3]))
        if (const auto span = bot_at(text, at + 3)) return span;
    if (rest.starts_with("eyJ"sv)) {
        const auto head = run(rest, 0, is_word);
        if (head >= 12 && head < rest.size() && rest[head] == '.')
            if (const auto body = run(rest, head + 1, is_word); body >= 8) {
                std::size_t length = head + 1 + body;
                if (length < rest.size() && rest[length] == '.') length += 1 + run(rest, length + 1, is_word);
                return SecretSpan{at, length, SecretKind::token};
            }
        return std::nullopt;
    }
    if (rest.size() < k_shortest || !is_part(rest[k_shortest - 1]) || !is_part(rest[k_shortest / 2])) return std::nullopt;
    const auto word = run(rest, 0, is_part);
    if (word < k_shortest) return std::nullopt;
    // 32 digits and the place of the account: Mailchimp.
    if (word >= 36 && word <= 37 && rest.substr(32, 3) == "-us"sv && std::all_of(rest.begin(), rest.begin() + 32, is_hex)) return SecretSpan{at, word, SecretKind::token};
    const bool within_base64 = at > 0 && text[at - 1] == '+';
    if (word <= k_longest_token && !within_base64 && (at + word >= text.size() || (text[at + word] != '+' && text[at + word] != '/'))) {
        const auto found = rest.substr(0, word);
        const auto open = found.find_last_not_of('.') + 1;  // the end of a sentence
        // What is known by its mark counts before what is only shaped so: token_ghp_...
        for (std::size_t within = at + 1; within < at + open; ++within)
            if (issued_at(text, within)) return std::nullopt;
        if (is_shaped(found.substr(0, open))) return SecretSpan{at, open, SecretKind::token, true};
    }
    return std::nullopt;
}

std::optional<SecretSpan> key_material_at(std::string_view text, std::size_t at) {
    constexpr std::size_t k_short = 43, k_long = 86;  // of 32 and of 64 bytes
    if (text.size() - at <= k_short || (text[at + k_short] != '=' && (text.size() - at <= k_long || text[at + k_long] != '='))) return std::nullopt;
    if (at > 0 && (is_base64(text[at - 1]) || "-_."sv.find(text[at - 1]) != std::string_view::npos)) return std::nullopt;
    const auto is_one = [&](std::size_t digits, std::size_t pads) {
        if (at + digits + pads > text.size() || text[at + digits] != '=' || (pads == 2 && text[at + digits + 1] != '=')) return false;
        if (at + digits + pads < text.size() && (is_base64(text[at + digits + pads]) || text[at + digits + pads] == '=')) return false;
        const auto word = text.substr(at, digits);
        return std::all_of(word.begin(), word.end(), is_base64) && std::any_of(word.begin(), word.end(), is_digit) && std::any_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; }) &&
               std::any_of(word.begin(), word.end(), [](char c) { return c >= 'A' && c <= 'Z'; }) && !is_text_in_base64(word);
    };
    const std::size_t length = is_one(k_short, 1) ? k_short + 1 : is_one(k_long, 2) ? k_long + 2 : 0;
    if (length == 0) return std::nullopt;
    // A digest, a public half, or what a script decodes.
    const auto before = lowered(text.substr(at - std::min(at, std::size_t{32}), std::min(at, std::size_t{32})));
    for (const auto word : {"sha"sv, "digest"sv, "integrity"sv, "pub"sv, "decode"sv, "atob"sv, "base64"sv, "inflate"sv})
        if (before.find(word) != std::string::npos) return std::nullopt;
    return SecretSpan{at, length, SecretKind::token};
}

std::optional<SecretSpan> client_secret_at(std::string_view text, std::size_t at) {
    constexpr std::size_t k_before = 5, k_behind = 34;
    const auto is_one = [](char c) { return is_part(c) || c == '~'; };
    if (at < k_before || text[at - 1] != 'Q' || !is_digit(text[at - 2])) return std::nullopt;
    if (at > k_before && is_alnum(text[at - k_before - 1])) return std::nullopt;
    const auto behind = run(text, at + 1, is_one);
    const bool cut = at + 1 + behind == text.size() && text.size() >= k_cut;
    if (behind < (cut ? k_cut_least : 31) || behind > k_behind + 2 || !std::all_of(text.begin() + static_cast<std::ptrdiff_t>(at - k_before), text.begin() + static_cast<std::ptrdiff_t>(at), is_one)) return std::nullopt;
    return SecretSpan{at - k_before, k_before + 1 + behind, SecretKind::token};
}

std::optional<SecretSpan> nt_hash_at(std::string_view text, std::size_t at) {
    constexpr std::size_t k_digits = 32;
    const auto rest = text.substr(at);
    if (rest.size() < 2 * k_digits + 3 || rest[k_digits + 1] != ':' || rest[2 * k_digits + 2] != ':') return std::nullopt;
    const auto first = rest.substr(1, k_digits), second = rest.substr(k_digits + 2, k_digits);
    const bool none = std::all_of(first.begin(), first.end(), [](char c) { return c == 'X' || c == '*'; });
    if (!std::all_of(second.begin(), second.end(), is_hex) || (!none && !std::all_of(first.begin(), first.end(), is_hex))) return std::nullopt;
    return none ? SecretSpan{at + k_digits + 2, k_digits, SecretKind::hash} : SecretSpan{at + 1, 2 * k_digits + 1, SecretKind::hash};
}

std::optional<SecretSpan> compared_hash_at(std::string_view text, std::size_t at) {
    constexpr std::size_t k_back = 120, k_gap = 8;
    if (at == 0 || (text[at - 1] != '"' && text[at - 1] != '\'')) return std::nullopt;
    const auto length = run(text, at, is_hex);
    if ((length != 32 && length != 40 && length != 64 && length != 128) || at + length >= text.size() || text[at + length] != text[at - 1]) return std::nullopt;
    const auto makes_one = [](std::string_view code) {
        const auto small = lowered(code);
        return std::any_of(k_digests.begin(), k_digests.end(), [&](auto word) { return small.find(word) != std::string::npos; });
    };
    const auto from = at - 1 > k_back ? at - 1 - k_back : 0;
    const auto before = text.substr(from, at - 1 - from), behind = text.substr(at + length + 1, k_back);
    const auto near_equal = [](std::string_view gap) { return gap.find("=="sv) != std::string_view::npos || gap.find("!="sv) != std::string_view::npos; };
    const bool found = (near_equal(before.substr(before.size() - std::min(before.size(), k_gap))) && makes_one(before)) || (near_equal(behind.substr(0, k_gap)) && makes_one(behind));
    return found ? std::optional(SecretSpan{at, length, SecretKind::hash}) : std::nullopt;
}

}  // namespace deadbox::plugin
