// PNG (RFC 2083 and its third edition): signature, chunk* with chunk := length(u32 be) type(4) data crc(u32)
// JPEG (ITU-T T.81): segment* with segment := FF marker length(u16 be, counts itself) data, up to the scan
// GIF89a, RIFF/WebP (chunk := type(4) length(u32 le) data, padded to two), BMP, TIFF
#include "content/picture_facts.hpp"

#include <algorithm>

namespace deadbox::content {
namespace {

constexpr std::size_t k_largest_block = 1 << 20;  // of one chunk that is looked into
constexpr int k_most_blocks = 10'000;
constexpr std::uint64_t k_tail = 64 * 1024;

using base::ByteSource;
using base::ByteView;

std::vector<std::byte> bytes_at(const ByteSource& source, std::uint64_t offset, std::uint64_t length) {
    if (offset >= source.size()) return {};
    auto bytes = base::read_bytes(source, offset, static_cast<std::size_t>(std::min({length, source.size() - offset, std::uint64_t{k_largest_block}})));
    return bytes ? std::move(*bytes) : std::vector<std::byte>();
}

void read_png(const ByteSource& source, PictureFacts& out) {
    out.format = "PNG";
    std::uint64_t at = 8;
    for (int blocks = 0; blocks < k_most_blocks; ++blocks) {
        const auto head = bytes_at(source, at, 8);
        if (head.size() < 8) return;
        const std::uint64_t length = base::load_be32(head, 0);
        const std::string type(base::as_text(ByteView(head).subspan(4, 4)));
        if (type == "IHDR" || type == "tEXt" || type == "eXIf" || type == "tIME") {
            const auto data = bytes_at(source, at + 8, length);
            const auto text = base::as_text(data);
            if (type == "IHDR") out.width = base::load_be32(data, 0), out.height = base::load_be32(data, 4);
            else if (type == "eXIf") read_exif(data, out.facts);
            else if (type == "tIME" && data.size() >= 7) {
                const auto two = [&](std::size_t place) { return std::to_string(100 + base::load_u8(data, place)).substr(1); };
                add_fact(out.facts, "changed", std::to_string(base::load_be16(data, 0)) + "-" + two(2) + "-" + two(3) + " " + two(4) + ":" + two(5) + ":" + two(6));
            } else if (const auto end = text.find('\0'); type == "tEXt" && end != text.npos) {
                add_fact(out.facts, "text", std::string(text.substr(0, end)) + ": " + std::string(text.substr(end + 1)));
            }
        }
        if (length > source.size() || source.size() - length < at + 12) return;
        at += length + 12;
        if (type == "IEND") {
            out.trailing = source.size() - at;
            return;
        }
    }
}

bool is_frame(std::uint8_t marker) { return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc; }

void read_jpeg(const ByteSource& source, PictureFacts& out) {
    out.format = "JPEG";
    std::uint64_t at = 2;
    for (int blocks = 0; blocks < k_most_blocks; ++blocks) {
        const auto head = bytes_at(source, at, 4);
        if (head.size() < 4 || base::load_u8(head, 0) != 0xff) return;
        const auto marker = base::load_u8(head, 1);
        if (marker == 0xff) {
            ++at;
            continue;
        }
        const std::uint64_t length = base::load_be16(head, 2);
        if (marker == 0xda || marker == 0xd9 || length < 2) break;
        const auto data = bytes_at(source, at + 4, length - 2);
        if (is_frame(marker)) out.height = base::load_be16(data, 1), out.width = base::load_be16(data, 3);
        else if (marker == 0xfe) add_fact(out.facts, "comment", base::as_text(data));
        else if (marker == 0xe1 && base::as_text(data).starts_with(std::string_view("Exif\0\0", 6))) read_exif(ByteView(data).subspan(6), out.facts);
        at += 2 + length;
    }
    // The end of the picture is the last end marker: what is behind it is not looked at by viewers.
    const auto tail_at = source.size() > k_tail ? source.size() - k_tail : 0;
    const auto tail = bytes_at(source, tail_at, k_tail);
    const auto end = base::as_text(tail).rfind(std::string_view("\xff\xd9", 2));
    if (end != std::string_view::npos) out.trailing = tail.size() - end - 2;
}

void read_webp(const ByteSource& source, PictureFacts& out) {
    out.format = "WebP";
    std::uint64_t at = 12;
    for (int blocks = 0; blocks < k_most_blocks; ++blocks) {
        const auto head = bytes_at(source, at, 8);
        if (head.size() < 8) break;
        const std::string type(base::as_text(ByteView(head).first(4)));
        const std::uint64_t length = base::load_le32(head, 4);
        const auto data = type == "VP8X" || type == "VP8 " || type == "VP8L" ? bytes_at(source, at + 8, std::min<std::uint64_t>(length, 16)) : type == "EXIF" ? bytes_at(source, at + 8, length) : std::vector<std::byte>();
        const auto le24 = [&](std::size_t place) { return base::load_le16(data, place) | std::uint32_t{base::load_u8(data, place + 2)} << 16; };
        if (type == "VP8X" && data.size() >= 10) out.width = le24(4) + 1, out.height = le24(7) + 1;
        else if (type == "VP8 " && out.width == 0 && data.size() >= 10) out.width = base::load_le16(data, 6) & 0x3fff, out.height = base::load_le16(data, 8) & 0x3fff;
        else if (type == "VP8L" && out.width == 0 && data.size() >= 5) {
            const auto bits = base::load_le32(data, 1);
            out.width = (bits & 0x3fff) + 1, out.height = (bits >> 14 & 0x3fff) + 1;
        } else if (type == "EXIF") {
            read_exif(data, out.facts);
        }
        at += 8 + length + length % 2;
    }
    if (const std::uint64_t end = std::uint64_t{base::load_le32(bytes_at(source, 4, 4), 0)} + 8; end < source.size()) out.trailing = source.size() - end;
}

void read_tiff(const ByteSource& source, PictureFacts& out) {
    out.format = "TIFF";
    read_exif(bytes_at(source, 0, k_largest_block), out.facts);
}

}  // namespace

base::Result<PictureFacts> read_picture_facts(const ByteSource& source) {
    PictureFacts out;
    const auto head = bytes_at(source, 0, 32);
    const auto text = base::as_text(head);
    if (text.starts_with("\x89PNG\r\n\x1a\n")) read_png(source, out);
    else if (text.starts_with("\xff\xd8\xff")) read_jpeg(source, out);
    else if (text.starts_with("GIF8") && head.size() >= 10) out.format = "GIF", out.width = base::load_le16(head, 6), out.height = base::load_le16(head, 8);
    else if (text.starts_with("RIFF") && text.size() >= 12 && text.substr(8, 4) == "WEBP") read_webp(source, out);
    else if (text.starts_with("BM") && head.size() >= 26) {
        out.format = "BMP", out.width = base::load_le32(head, 18);
        const auto height = static_cast<std::int32_t>(base::load_le32(head, 22));
        out.height = height < 0 ? 0u - static_cast<std::uint32_t>(height) : static_cast<std::uint32_t>(height);
    } else if (text.starts_with(std::string_view("II*\0", 4)) || text.starts_with(std::string_view("MM\0*", 4))) read_tiff(source, out);
    else return base::fail(base::Errc::not_found, "this is no picture whose file is read here");
    return out;
}

}  // namespace deadbox::content
