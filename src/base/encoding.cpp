#include "base/encoding.hpp"

namespace deadbox::base {
namespace {

// Length of the well-formed UTF-8 sequence at the front, or 0; `skip` is then how many bytes one U+FFFD replaces.
std::size_t sequence_length(std::string_view s, std::size_t& skip) {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
    const unsigned char first = at(0);
    skip = 1;
    if (first < 0x80) return 1;
    std::size_t length = 0;
    unsigned char low = 0x80, high = 0xbf;
    if (first >= 0xc2 && first <= 0xdf) length = 2;
    else if (first >= 0xe0 && first <= 0xef) {
        length = 3;
        if (first == 0xe0) low = 0xa0;
        if (first == 0xed) high = 0x9f;
    } else if (first >= 0xf0 && first <= 0xf4) {
        length = 4;
        if (first == 0xf0) low = 0x90;
        if (first == 0xf4) high = 0x8f;
    } else return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if (i >= s.size() || at(i) < low || at(i) > high) return 0;
        low = 0x80, high = 0xbf, skip = i + 1;
    }
    return length;
}

}  // namespace

bool is_utf8(std::string_view bytes) {
    std::size_t skip = 0;
    while (!bytes.empty()) {
        const std::size_t length = sequence_length(bytes, skip);
        if (length == 0) return false;
        bytes.remove_prefix(length);
    }
    return true;
}

std::string to_utf8(std::string_view bytes) {
    std::string text;
    text.reserve(bytes.size());
    std::size_t skip = 0;
    while (!bytes.empty()) {
        const std::size_t length = sequence_length(bytes, skip);
        if (length > 0) text.append(bytes.substr(0, length));
        else text += "\xef\xbf\xbd";
        bytes.remove_prefix(length > 0 ? length : skip);
    }
    return text;
}

std::string utf16le_to_utf8(ByteView bytes) {
    std::string text;
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
        std::uint32_t code = load_le16(bytes, i);
        const std::uint32_t next = load_le16(bytes, i + 2);
        if (code >= 0xd800 && code < 0xdc00 && i + 3 < bytes.size() && next >= 0xdc00 && next < 0xe000) {
            code = 0x10000 + ((code - 0xd800) << 10) + (next - 0xdc00);
            i += 2;
        } else if (code >= 0xd800 && code < 0xe000) code = 0xfffd;
        const auto put = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
        if (code < 0x80) put(code);
        else if (code < 0x800) put(0xc0 | code >> 6), put(0x80 | (code & 0x3f));
        else if (code < 0x10000) put(0xe0 | code >> 12), put(0x80 | (code >> 6 & 0x3f)), put(0x80 | (code & 0x3f));
        else put(0xf0 | code >> 18), put(0x80 | (code >> 12 & 0x3f)), put(0x80 | (code >> 6 & 0x3f)), put(0x80 | (code & 0x3f));
    }
    return text;
}

std::string to_hex(ByteView bytes) {
    static constexpr char k_digits[] = "0123456789abcdef";
    std::string hex;
    hex.reserve(bytes.size() * 2);
    for (const std::byte b : bytes) {
        hex += k_digits[std::to_integer<unsigned>(b) >> 4];
        hex += k_digits[std::to_integer<unsigned>(b) & 15];
    }
    return hex;
}

std::optional<std::string> from_hex(std::string_view digits) {
    if (digits.size() % 2 != 0) return std::nullopt;
    const auto value = [](char c) {
        if (c >= '0' && c <= '9') return c - '0';
        if (c >= 'a' && c <= 'f') return c - 'a' + 10;
        if (c >= 'A' && c <= 'F') return c - 'A' + 10;
        return -1;
    };
    std::string bytes;
    bytes.reserve(digits.size() / 2);
    for (std::size_t i = 0; i < digits.size(); i += 2) {
        const int high = value(digits[i]), low = value(digits[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        bytes += static_cast<char>(high * 16 + low);
    }
    return bytes;
}

}  // namespace deadbox::base
