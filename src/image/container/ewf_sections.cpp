#include "image/container/ewf_sections.hpp"

#include <zlib.h>

#include <algorithm>
#include <charconv>
#include <map>

#include <fmt/format.h>

#include "base/byte_cursor.hpp"
#include "base/encoding.hpp"
#include "base/timestamp.hpp"

namespace deadbox::image {
using base::Errc, base::fail, base::Result;
namespace {

std::vector<std::string_view> split(std::string_view text, char by) {
    std::vector<std::string_view> parts;
    for (;;) {
        const auto end = text.find(by);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

// "1142163845", or "2002 3 4 10 19 59" in the acquiring computer's local time, whose zone is not recorded.
std::string date_text(std::string_view text) {
    std::vector<std::int64_t> numbers;
    for (const auto word : split(text, ' ')) {
        std::int64_t value = 0;
        if (std::from_chars(word.data(), word.data() + word.size(), value).ptr != word.data() + word.size() || word.empty()) return base::to_utf8(text);
        numbers.push_back(value);
    }
    if (numbers.size() == 1) return base::to_rfc3339({numbers[0], 0});
    if (numbers.size() != 6) return base::to_utf8(text);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02} (time zone not recorded)", numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]);
}

}  // namespace

std::uint32_t adler32_of(base::ByteView bytes) {
    return static_cast<std::uint32_t>(::adler32(1, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

Result<EwfSection> decode_ewf_section(base::ByteView bytes, std::uint64_t start) {
    base::ByteCursor cursor(bytes);
    EwfSection section;
    const auto type = base::as_text(cursor.take(16));
    section.type = type.substr(0, type.find('\0'));
    section.start = start;
    section.next = cursor.le64(), section.size = cursor.le64();
    cursor.skip(40);
    const std::uint32_t checksum = cursor.le32();
    if (!cursor.ok()) return fail(Errc::truncated, "an EWF section is cut short", start);
    section.sound = checksum == adler32_of(bytes.first(72));
    if (section.type.empty() || (section.size != 0 && section.size < EwfSection::k_descriptor)) return fail(Errc::corrupt, "an EWF section makes no sense", start);
    return section;
}

Result<EwfGeometry> decode_ewf_volume(base::ByteView data) {
    base::ByteCursor cursor(data, 4);
    EwfGeometry geometry;
    geometry.chunks = cursor.le32();
    const std::uint32_t chunk_sectors = cursor.le32(), sector = cursor.le32();
    // SMART's section is 94 bytes long and counts in 32 bits.
    geometry.sectors = data.size() < 1052 ? cursor.le32() : cursor.le64();
    if (!cursor.ok()) return fail(Errc::truncated, "the EWF volume section is cut short");
    if (sector < 128 || sector > 65'536 || chunk_sectors == 0 || chunk_sectors > (64U << 20) / sector)
        return fail(Errc::corrupt, "the EWF chunk size makes no sense");
    geometry.chunk_size = chunk_sectors * sector;
    if (geometry.sectors > INT64_MAX / sector) return fail(Errc::corrupt, "the EWF media size makes no sense");
    geometry.size = geometry.sectors * sector;
    const std::uint64_t needed = geometry.size == 0 ? 0 : (geometry.size - 1) / geometry.chunk_size + 1;
    if (needed > UINT32_MAX) return fail(Errc::corrupt, "the EWF media size makes no sense");
    // A tool that streamed may not have known the size: then the chunks say it.
    if (geometry.size == 0) geometry.size = geometry.chunks * geometry.chunk_size;
    if (geometry.size == 0) return fail(Errc::corrupt, "the EWF image says that its media is empty");
    return geometry;
}

Result<EwfTableHeader> decode_ewf_table(base::ByteView data) {
    base::ByteCursor cursor(data);
    EwfTableHeader header;
    header.entries = cursor.le32();
    cursor.skip(4);
    header.base = cursor.le64();
    cursor.skip(4);
    const std::uint32_t checksum = cursor.le32();
    if (!cursor.ok()) return fail(Errc::truncated, "an EWF chunk table is cut short");
    header.sound = checksum == adler32_of(data.first(20));
    return header;
}

void decode_ewf_header(std::string_view text, Acquisition& acquisition) {
    // Lines: a count, "main", the fields' short names, their values; tabs between them.
    const auto lines = split(text, '\n');
    if (lines.size() < 4) return;
    const auto strip = [](std::string_view line) { return line.substr(0, line.find('\r')); };
    const auto names = split(strip(lines[2]), '\t'), values = split(strip(lines[3]), '\t');
    const std::map<std::string_view, std::string*> fields{
        {"a", &acquisition.description}, {"c", &acquisition.case_number}, {"n", &acquisition.evidence_number}, {"e", &acquisition.examiner},
        {"t", &acquisition.notes}, {"sn", &acquisition.serial}};
    std::string program, version;
    for (std::size_t i = 0; i < names.size() && i < values.size(); ++i) {
        if (values[i].empty() || values[i] == "0") continue;
        if (const auto field = fields.find(names[i]); field != fields.end()) {
            if (field->second->empty()) *field->second = base::to_utf8(values[i]);
        } else if (names[i] == "m" && acquisition.date.empty()) acquisition.date = date_text(values[i]);
        else if (names[i] == "av") version = base::to_utf8(values[i]);
        else if (names[i] == "ov") program = base::to_utf8(values[i]);
    }
    if (acquisition.tool.empty() && !version.empty()) acquisition.tool = version + (program.empty() ? "" : " on " + program);
}

std::vector<Acquisition::Range> decode_ewf_errors(base::ByteView data, std::uint32_t bytes_per_sector) {
    constexpr std::size_t k_header = 4 + 512 + 4, k_most = 100'000;
    std::vector<Acquisition::Range> ranges;
    const std::uint64_t count = base::load_le32(data, 0);
    for (std::uint64_t i = 0; i < std::min<std::uint64_t>(count, k_most); ++i) {
        base::ByteCursor cursor(data, k_header + i * 8);
        const std::uint64_t first = cursor.le32(), sectors = cursor.le32();
        if (!cursor.ok()) break;
        ranges.push_back({first * bytes_per_sector, sectors * bytes_per_sector});
    }
    return ranges;
}

std::string ewf_segment_name(const std::string& first, unsigned number) {
    const auto dot = first.rfind('.');
    if (dot == std::string::npos || first.size() - dot != 4 || first.substr(dot + 2) != "01" || number == 0) return {};
    const std::string stem = first.substr(0, dot + 1);
    const char letter = first[dot + 1];
    if (number <= 99) return fmt::format("{}{}{:02}", stem, letter, number);
    const bool small = letter >= 'a' && letter <= 'z';
    const char a = small ? 'a' : 'A';
    const unsigned index = number - 100;
    const unsigned head = static_cast<unsigned>(letter - a) + index / (26 * 26);
    if (head > 25) return {};
    return stem + static_cast<char>(a + static_cast<int>(head)) + static_cast<char>(a + static_cast<int>(index / 26 % 26)) +
           static_cast<char>(a + static_cast<int>(index % 26));
}

}  // namespace deadbox::image
