// Where the structures of a file lie, by its content.
#include <array>

#include "content/file_type.hpp"
#include "content/journal.hpp"
#include "content/sqlite_file.hpp"
#include "preview/markers_of.hpp"
#include "preview/previews.hpp"

namespace deadbox::preview {
namespace {

constexpr std::size_t k_head = 64 * 1024;

void mark_png(const base::ByteSource& source, Answer& answer) {
    answer.marker(0, 8, 0, "PNG signature");
    for (std::uint64_t at = 8;;) {
        const auto head = bytes_at(source, at, 8);
        if (head.size() < 8) return;
        const std::uint64_t length = base::load_be32(head, 0);
        if (length > source.size() || source.size() - length < at + 12) return answer.note("a chunk of the picture ends behind the file");
        answer.marker(at, length + 12, 0, "chunk", base::as_text(base::ByteView(head).subspan(4, 4)));
        at += length + 12;
        if (base::as_text(base::ByteView(head).subspan(4, 4)) == "IEND") {
            if (at < source.size()) answer.marker(at, source.size() - at, 0, "bytes behind the end");
            return;
        }
    }
}

void mark_jpeg(const base::ByteSource& source, Answer& answer) {
    answer.marker(0, 2, 0, "start of picture");
    for (std::uint64_t at = 2;;) {
        const auto head = bytes_at(source, at, 4);
        if (head.size() < 4 || base::load_u8(head, 0) != 0xff) return;
        const auto marker = base::load_u8(head, 1);
        if (marker == 0xff) {
            ++at;
            continue;
        }
        const std::uint64_t length = base::load_be16(head, 2);
        if (marker == 0xd9 || length < 2) return;
        constexpr char k_digits[] = "0123456789ABCDEF";
        const std::array<char, 4> name{'F', 'F', k_digits[marker >> 4], k_digits[marker & 15]};
        answer.marker(at, 2 + length, 0, marker == 0xe1 ? "EXIF or XMP" : marker == 0xda ? "scan begins" : marker == 0xfe ? "comment" : "segment", {name.data(), name.size()});
        if (marker == 0xda) return;
        at += 2 + length;
    }
}

void mark_sqlite(const base::ByteSource& source, Answer& answer) {
    const auto head = bytes_at(source, 0, 100);
    answer.marker(0, 100, 0, "SQLite header");
    answer.marker(16, 2, 1, "page size");
    answer.marker(28, 4, 1, "pages of the database");
    answer.marker(32, 8, 1, "list of free pages");
    answer.marker(60, 4, 1, "user version");
    answer.marker(68, 4, 1, "application id");
    const std::uint64_t size = base::load_be16(head, 16) == 1 ? 65536 : base::load_be16(head, 16);
    if (size < 512) return answer.note("the page size is damaged");
    for (std::uint64_t page = 0; page < 200 && page * size < source.size(); ++page) {
        const auto start = page * size + (page == 0 ? 100 : 0);
        const auto type = bytes_at(source, start, 1);
        if (type.empty()) return;
        const auto kind = base::load_u8(type, 0);
        const std::string_view label = kind == 13 ? "page: rows of a table" : kind == 5 ? "page: inner page of a table" : kind == 10 ? "page: keys of an index" : kind == 2 ? "page: inner page of an index" : std::string_view();
        if (!label.empty()) answer.marker(start, kind == 13 || kind == 10 ? 8 : 12, 1, label);
    }
}

void mark_journal(const base::ByteSource& source, Answer& answer) {
    const auto head = bytes_at(source, 0, 96);
    const auto length = base::load_le64(head, 88);
    answer.marker(0, std::min<std::uint64_t>(length, 4096), 0, "journal header");
    answer.marker(16, 1, 1, "state");
    answer.marker(24, 16, 1, "file id");
    answer.marker(40, 16, 1, "machine id");
    answer.marker(56, 16, 1, "newest boot id");
    answer.marker(184, 8, 1, "time of the first entry");
    answer.marker(192, 8, 1, "time of the last entry");
}

}  // namespace

std::vector<std::byte> bytes_at(const base::ByteSource& source, std::uint64_t offset, std::size_t length) {
    if (offset >= source.size()) return {};
    auto bytes = base::read_bytes(source, offset, static_cast<std::size_t>(std::min<std::uint64_t>(length, source.size() - offset)));
    return bytes ? std::move(*bytes) : std::vector<std::byte>();
}

base::Result<std::int64_t> markers(const Order&, const Sources& sources, Answer& answer) {
    const auto& source = *sources.front();
    const auto head = bytes_at(source, 0, k_head);
    const auto type = content::detect_type(head, source.size());
    const auto text = base::as_text(head);
    if (text.starts_with("\x7f" "ELF")) mark_elf(source, answer);
    else if (text.starts_with("PK")) mark_zip(source, answer);
    else if (text.starts_with("\x1f\x8b")) mark_gzip(source, answer);
    else if (type == "application/x-tar") mark_tar(source, answer);
    else if (type == "image/png") mark_png(source, answer);
    else if (type == "image/jpeg") mark_jpeg(source, answer);
    else if (content::is_sqlite(head)) mark_sqlite(source, answer);
    else if (content::is_journal(head)) mark_journal(source, answer);
    else if (is_disk(source)) mark_disk(source, answer);
    return -1;
}

}  // namespace deadbox::preview
