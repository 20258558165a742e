// ZIP (APPNOTE.TXT): entry* directory end; gzip (RFC 1952); tar (POSIX.1-2017, pax).
#include <algorithm>

#include "preview/markers_of.hpp"

namespace deadbox::preview {
namespace {

constexpr std::size_t k_tail = 66'000;      // the end record and the longest comment behind it
constexpr std::size_t k_tar_block = 512, k_most_names = 2000;

// Octal digits, or a big-endian number where the first bit is set.
std::uint64_t tar_number(base::ByteView field) {
    std::uint64_t value = 0;
    if ((base::load_u8(field, 0) & 0x80) != 0) {
        for (std::size_t i = 4; i < field.size(); ++i) value = value << 8 | base::load_u8(field, i);
        return value;
    }
    for (const auto byte : field)
        if (const auto digit = std::to_integer<std::uint8_t>(byte); digit >= '0' && digit <= '7') value = value << 3 | (digit - '0');
    return value;
}

}  // namespace

void mark_zip(const base::ByteSource& source, Answer& answer) {
    const auto tail_at = source.size() > k_tail ? source.size() - k_tail : 0;
    const auto tail = bytes_at(source, tail_at, k_tail);
    const auto place = base::as_text(tail).rfind("PK\x05\x06");
    if (place == std::string_view::npos || tail.size() - place < 22) return answer.note("the archive's end is missing");
    const auto end = base::ByteView(tail).subspan(place);
    answer.marker(tail_at + place, 22 + std::uint64_t{base::load_le16(end, 20)}, 0, "end of the archive");
    std::uint64_t at = base::load_le32(end, 16);
    const std::uint64_t length = base::load_le32(end, 12);
    answer.marker(at, length, 0, "directory of the archive");
    for (std::size_t count = 0; count < k_most_names && at < source.size(); ++count) {
        const auto entry = bytes_at(source, at, 46);
        if (entry.size() < 46 || !base::as_text(entry).starts_with("PK\x01\x02")) return;
        const std::size_t name_length = base::load_le16(entry, 28);
        const std::uint64_t whole = std::uint64_t{46} + name_length + base::load_le16(entry, 30) + base::load_le16(entry, 32), local = base::load_le32(entry, 42), packed = base::load_le32(entry, 20);
        const auto name = bytes_at(source, at + 46, name_length);
        answer.marker(at, whole, 1, "entry of the directory", base::as_text(name));
        const auto head = bytes_at(source, local, 30);
        if (head.size() == 30 && base::as_text(head).starts_with("PK\x03\x04")) {
            const std::uint64_t header = std::uint64_t{30} + base::load_le16(head, 26) + base::load_le16(head, 28);
            answer.marker(local, header, 0, "header of a file", base::as_text(name));
            if (packed > 0 && packed != 0xffffffff) answer.marker(local + header, packed, 0, "content of a file", base::as_text(name));
        }
        at += whole;
    }
}

void mark_tar(const base::ByteSource& source, Answer& answer) {
    std::uint64_t at = 0;
    for (std::size_t count = 0; count < k_most_names; ++count) {
        const auto block = bytes_at(source, at, k_tar_block);
        if (block.size() < k_tar_block) return;
        if (std::all_of(block.begin(), block.end(), [](std::byte byte) { return byte == std::byte{}; })) return answer.marker(at, source.size() - at, 0, "end of the archive");
        const auto name = base::as_text(base::ByteView(block).first(100));
        const auto size = tar_number(base::ByteView(block).subspan(124, 12));
        answer.marker(at, k_tar_block, 0, "header of a file", name.substr(0, name.find('\0')));
        if (size > source.size() || source.size() - size < at + k_tar_block) return answer.note("a file of the archive ends behind it");
        if (size > 0) answer.marker(at + k_tar_block, size, 0, "content of a file", name.substr(0, name.find('\0')));
        at += k_tar_block + (size + k_tar_block - 1) / k_tar_block * k_tar_block;
    }
    answer.note("there are more structures than are marked");
}

void mark_gzip(const base::ByteSource& source, Answer& answer) {
    const auto head = bytes_at(source, 0, 1024);
    if (head.size() < 10) return;
    const auto flags = base::load_u8(head, 3);
    std::size_t at = 10;
    if ((flags & 4) != 0) at += 2 + base::load_le16(head, at);
    answer.marker(4, 4, 1, "time");
    if ((flags & 8) != 0 && at < head.size()) {
        const auto text = base::as_text(base::ByteView(head).subspan(at));
        const auto name = text.substr(0, text.find('\0'));
        answer.marker(at, name.size() + 1, 1, "name", name);
        at += name.size() + 1;
    }
    answer.marker(0, at, 0, "gzip header");
    if (source.size() >= at + 8) answer.marker(source.size() - 8, 8, 0, "check sum and size");
}

}  // namespace deadbox::preview
