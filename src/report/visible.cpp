#include "report/visible.hpp"

#include <fmt/format.h>

#include "base/encoding.hpp"

namespace deadbox::report {

CodePoint code_point_at(std::string_view text, std::size_t offset) {
    const auto at = [&](std::size_t i) { return offset + i < text.size() ? static_cast<unsigned char>(text[offset + i]) : 0u; };
    const std::uint32_t first = at(0);
    if (first < 0x80) return {first, 1};
    if (first < 0xe0) return {(first & 0x1f) << 6 | (at(1) & 0x3f), 2};
    if (first < 0xf0) return {(first & 0x0f) << 12 | (at(1) & 0x3f) << 6 | (at(2) & 0x3f), 3};
    return {(first & 0x07) << 18 | (at(1) & 0x3f) << 12 | (at(2) & 0x3f) << 6 | (at(3) & 0x3f), 4};
}

bool is_hidden(std::uint32_t c) {
    if ((c >= 0xfdd0 && c <= 0xfdef) || (c & 0xfffe) == 0xfffe) return true;  // noncharacters: XML does not take them, and programs end a text at them
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad || c == 0x61c || c == 0x115f || c == 0x1160 || c == 0x180e || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0x3164 || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe007f);
}

std::string shortened(std::string_view text, std::size_t most) {
    if (text.size() <= most) return std::string(text);
    const auto continues = [&](std::size_t at) { return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80; };
    std::size_t head = most * 2 / 3, tail = text.size() - most / 3;
    while (head > 0 && continues(head)) --head;
    while (continues(tail)) ++tail;
    return std::string(text.substr(0, head)) + "…" + std::string(text.substr(tail));
}

std::vector<VisiblePart> visible_parts(std::string_view bytes) {
    std::vector<VisiblePart> parts;
    const auto add = [&](std::string_view text, bool escape) {
        if (parts.empty() || parts.back().escape != escape) parts.push_back({{}, escape});
        parts.back().text.append(text);
    };
    for (std::size_t i = 0; i < bytes.size();) {
        const auto byte = static_cast<unsigned char>(bytes[i]);
        if (byte >= 0x20 && byte < 0x7f) {
            add(bytes.substr(i++, 1), false);
            continue;
        }
        // The shortest prefix that is one well-formed character, if there is one.
        std::size_t length = 1;
        while (length <= 4 && i + length <= bytes.size() && !base::is_utf8(bytes.substr(i, length))) ++length;
        if (length > 4 || i + length > bytes.size()) {
            add(fmt::format("\\x{:02x}", byte), true);
            ++i;
            continue;
        }
        const auto point = code_point_at(bytes, i);
        if (point.value == '\n') add("\\n", true);
        else if (point.value == '\r') add("\\r", true);
        else if (point.value == '\t') add("\\t", true);
        else if (!is_hidden(point.value)) add(bytes.substr(i, length), false);
        else if (point.value < 0x80) add(fmt::format("\\x{:02x}", point.value), true);
        else add(fmt::format("\\u{:04x}", point.value), true);
        i += length;
    }
    return parts;
}

std::string visible(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size());
    for (const auto& part : visible_parts(bytes)) out += part.text;
    return out;
}

}  // namespace deadbox::report
