#include "passwd/records.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace deadbox::plugins::passwd {
namespace {

constexpr std::string_view k_blank = " \t\r\v\f";

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(k_blank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(k_blank) - first + 1);
}

// crypt(5): prefix and scheme. A hash is longer than its prefix.
struct Prefix {
    std::string_view text, scheme;
};
constexpr Prefix k_prefixes[] = {
    {"$y$", "yescrypt"}, {"$gy$", "gost_yescrypt"}, {"$7$", "scrypt"},   {"$2a$", "bcrypt"}, {"$2b$", "bcrypt"},
    {"$2x$", "bcrypt"},  {"$2y$", "bcrypt"},        {"$6$", "sha512"},   {"$5$", "sha256"},  {"$sha1$", "sha1"},
    {"$md5$", "sunmd5"}, {"$md5,", "sunmd5"},       {"$1$", "md5"},      {"$3$", "nthash"},
};

bool is_crypt64(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '/';
    });
}

// "" where the text is no hash of any scheme.
std::string_view scheme_of(std::string_view text) {
    for (const auto& prefix : k_prefixes)
        if (text.size() >= prefix.text.size() + 16 && text.starts_with(prefix.text)) return prefix.scheme;
    if (text.size() == 13 && is_crypt64(text)) return "des";
    if (text.size() == 20 && text.front() == '_' && is_crypt64(text.substr(1))) return "bsdi";
    if (text.starts_with('$') && text.size() > 16) return "unknown";
    return {};
}

}  // namespace

std::optional<Number> read_id(std::string_view text) {
    Number number;
    auto digits = text;
    while (!digits.empty() && (k_blank.find(digits.front()) != std::string_view::npos)) digits.remove_prefix(1);
    const bool minus = digits.starts_with('-');
    if (minus || digits.starts_with('+')) digits.remove_prefix(1);
    const auto end = std::min(digits.find_first_not_of("0123456789"), digits.size());
    if (end == 0) return std::nullopt;
    // glibc takes the digits only where the field ends behind them.
    if (end != digits.size()) return std::nullopt;
    std::uint64_t value = 0;
    const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc()) value = std::numeric_limits<std::uint64_t>::max();
    if (minus) value = 0 - value;
    number.value = static_cast<std::int64_t>(std::min<std::uint64_t>(value, std::numeric_limits<std::uint32_t>::max()));
    number.canonical = digits.size() == text.size() && (digits == "0" || digits.front() != '0');
    return number;
}

std::optional<std::int64_t> read_days(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

PasswordField classify_password(std::string_view field) {
    if (field.empty()) return {"none", "empty"};
    if (const auto scheme = scheme_of(field); !scheme.empty()) return {scheme, "set"};
    // usermod -L and passwd -l put one or two '!' before the hash; Solaris and some panels "*LK*" or '*'.
    auto behind = field;
    if (behind.starts_with("*LK*")) behind.remove_prefix(4);
    while (!behind.empty() && (behind.front() == '!' || behind.front() == '*')) behind.remove_prefix(1);
    if (const auto scheme = scheme_of(behind); !scheme.empty()) return {scheme, "locked"};
    return {"none", "none"};
}

std::string_view classify_field(std::string_view field) {
    return field == "x" || field == "##" ? "shadowed" : classify_password(field).state;
}

std::string_view oddity_of(const Fields<7>& fields) {
    const auto name = fields.at[0];
    if (name.starts_with('+') || name.starts_with('-')) return "nis";
    if (name.empty()) return "name";
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= ' ' || byte == 0x7f) return "name";
    }
    if (fields.count < fields.at.size()) return "fields";
    for (const auto place : {2u, 3u}) {
        const auto id = read_id(fields.at[place]);
        if (!id || !id->canonical) return "number";
    }
    return {};
}

std::optional<Setting> read_setting(std::string_view line) {
    line = trimmed(line);
    if (line.empty() || line.front() == '#') return std::nullopt;
    const auto end = line.find_first_of(" \t=");
    if (end == std::string_view::npos) return std::nullopt;
    Setting setting{line.substr(0, end), trimmed(line.substr(end + 1))};
    if (setting.value.starts_with('=')) setting.value = trimmed(setting.value.substr(1));
    if (setting.value.size() >= 2 && (setting.value.front() == '"' || setting.value.front() == '\'')) {
        const auto close = setting.value.find(setting.value.front(), 1);
        if (close != std::string_view::npos) setting.value = setting.value.substr(1, close - 1);
    } else if (const auto comment = setting.value.find(" #"); comment != std::string_view::npos) {
        setting.value = trimmed(setting.value.substr(0, comment));
    }
    return setting;
}

std::vector<std::string> read_words(std::string_view line) {
    constexpr std::size_t k_most = 8;
    std::vector<std::string> words;
    while (words.size() < k_most) {
        line = line.substr(std::min(line.find_first_not_of(k_blank), line.size()));
        if (line.empty()) break;
        std::string word;
        if (line.front() == '"' || line.front() == '\'') {
            const auto close = std::min(line.find(line.front(), 1), line.size());
            word = line.substr(1, close - 1);
            line.remove_prefix(std::min(close + 1, line.size()));
        } else {
            const auto end = std::min(line.find_first_of(k_blank), line.size());
            word = line.substr(0, end);
            line.remove_prefix(end);
        }
        words.push_back(word == "-" ? std::string() : std::move(word));
    }
    return words;
}

}  // namespace deadbox::plugins::passwd
