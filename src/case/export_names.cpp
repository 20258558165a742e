#include "case/export_names.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/encoding.hpp"
#include "codec/digest.hpp"

namespace deadbox::case_file {
namespace {

constexpr std::size_t k_longest_part = 255, k_kept_part = 200;
constexpr std::size_t k_longest_name = 2000;  // PATH_MAX is 4096, and the folder of the copies stands before it

// Length of the well-formed UTF-8 character at the start of `bytes` and its code point; 0 where there is none.
std::pair<std::size_t, std::uint32_t> character(std::string_view bytes) {
    const auto first = static_cast<unsigned char>(bytes[0]);
    const std::size_t length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    if (length == 0 || bytes.size() < length || !base::is_utf8(bytes.substr(0, length))) return {0, 0};
    std::uint32_t code = length == 1 ? first : first & (0x7fu >> length);
    for (std::size_t i = 1; i < length; ++i) code = code << 6 | (static_cast<unsigned char>(bytes[i]) & 0x3f);
    return {length, code};
}

// Shows nothing, or changes the order of what stands beside it.
bool is_hidden(std::uint32_t c) {
    struct Range {
        std::uint32_t first, last;
    };
    static constexpr Range k_hidden[] = {{0, 0x1f}, {0x7f, 0xa0}, {0xad, 0xad}, {0x34f, 0x34f}, {0x61c, 0x61c}, {0x115f, 0x1160}, {0x17b4, 0x17b5}, {0x180b, 0x180f}, {0x2000, 0x200f}, {0x2028, 0x202f}, {0x205f, 0x206f},
                                         {0x3000, 0x3000}, {0x3164, 0x3164}, {0xfe00, 0xfe0f}, {0xfeff, 0xfeff}, {0xffa0, 0xffa0}, {0xfff0, 0xffff}, {0xe0000, 0xe0fff}};
    return std::any_of(std::begin(k_hidden), std::end(k_hidden), [c](const Range& range) { return c >= range.first && c <= range.last; });
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

// Of the alphabets that have two cases: Latin, Greek, Cyrillic.
std::uint32_t folded(std::uint32_t c) {
    if ((c >= 0xc0 && c <= 0xde && c != 0xd7) || (c >= 0x391 && c <= 0x3a9) || (c >= 0x410 && c <= 0x42f)) return c + 0x20;
    if (c >= 0x400 && c <= 0x40f) return c + 0x50;
    if ((c >= 0x100 && c <= 0x137) || (c >= 0x14a && c <= 0x177) || (c >= 0x460 && c <= 0x481) || (c >= 0x48a && c <= 0x4bf) || (c >= 0x1e00 && c <= 0x1eff)) return c | 1;
    return c;
}

// CON, NUL, COM1 ..., whatever their extension.
bool is_device(std::string_view part) {
    auto stem = lower(part.substr(0, part.find('.')));
    while (stem.ends_with(' ')) stem.pop_back();
    static constexpr std::string_view k_devices[] = {"con", "prn", "aux", "nul", "conin$", "conout$"};
    if (std::find(std::begin(k_devices), std::end(k_devices), stem) != std::end(k_devices)) return true;
    if (!stem.starts_with("com") && !stem.starts_with("lpt")) return false;
    const auto number = std::string_view(stem).substr(3);
    return (number.size() == 1 && number[0] >= '0' && number[0] <= '9') || number == "\u00b9" || number == "\u00b2" || number == "\u00b3";
}

// Tells apart what is cut.
std::string mark_of(std::string_view text) { return "~" + base::to_hex(base::ByteView(codec::Sha256::of(base::as_bytes(text)))).substr(0, 16); }

std::string safe_part(std::string_view part, NameRules rules) {
    std::string out;
    const auto encode = [&](std::string_view bytes) {
        for (const char c : bytes) {
            out += '%';
            out += base::to_hex(std::string_view(&c, 1));
        }
    };
    if (part == "." || part == "..") {
        encode(part);
        return out;
    }
    const bool anywhere = rules == NameRules::anywhere;
    for (std::size_t i = 0; i < part.size();) {
        const auto [length, code] = character(part.substr(i));
        const auto piece = part.substr(i, length == 0 ? 1 : length);
        const bool last = i + piece.size() == part.size();
        const bool refused = anywhere && (std::string_view(":*?\"<>|").find(piece[0]) != std::string_view::npos || (last && (piece == "." || piece == " ")) || (i == 0 && is_device(part)));
        if (length == 0 || is_hidden(code) || piece == "\\" || piece == "%" || refused) encode(piece);
        else out += piece;
        i += piece.size();
    }
    if (out.size() <= k_longest_part) return out;
    std::size_t cut = k_kept_part;
    while (cut > 0 && (static_cast<unsigned char>(out[cut]) & 0xc0) == 0x80) --cut;  // not inside a character
    return out.substr(0, cut) + mark_of(part);
}

}  // namespace

ExportNames::ExportNames(NameRules rules) : m_rules(rules) {
    for (const auto name : k_beside_copies) take(std::string(name));
}

std::string ExportNames::key(std::string_view name) const {
    if (m_rules == NameRules::here) return std::string(name);
    std::string out;
    for (std::size_t i = 0; i < name.size();) {
        const auto [length, code] = character(name.substr(i));
        if (length < 2) out += lower(name.substr(i, 1));
        else out += '%' + std::to_string(folded(code)) + ';';  // no name has a % that is not %XX
        i += std::max(length, std::size_t{1});
    }
    return out;
}

bool ExportNames::take(const std::string& name) {
    const auto whole = key(name);
    if (m_taken.contains(whole)) return false;
    for (std::size_t at = 0; (at = whole.find('/', at)) != std::string::npos; ++at) {
        const auto above = m_taken.find(std::string_view(whole).substr(0, at));
        if (above != m_taken.end() && above->second == Kind::file) return false;
    }
    for (std::size_t at = 0; (at = whole.find('/', at)) != std::string::npos; ++at) m_taken.emplace(whole.substr(0, at), Kind::folder);
    m_taken.emplace(whole, Kind::file);
    return true;
}

std::string ExportNames::place(std::string_view path) {
    std::string name;
    for (auto rest = path; !rest.empty();) {
        const auto slash = rest.find('/');
        const auto part = rest.substr(0, slash);
        rest.remove_prefix(slash == std::string_view::npos ? rest.size() : slash + 1);
        if (!part.empty()) name += (name.empty() ? "" : "/") + safe_part(part, m_rules);
    }
    if (name.empty()) name = "%00";
    if (name.size() > k_longest_name) {  // its folders become one
        const auto slash = name.rfind('/');
        name = mark_of(std::string_view(name).substr(0, slash)) + name.substr(slash);
    }
    if (take(name)) return name;
    for (std::size_t number = 2;; ++number)
        if (auto other = "~" + std::to_string(number) + "/" + name; take(other)) return other;
}

}  // namespace deadbox::case_file
