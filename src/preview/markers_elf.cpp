// ELF (System V gABI): the header, the two tables, and what they point at.
#include <array>

#include "preview/markers_of.hpp"

namespace deadbox::preview {
namespace {

constexpr std::size_t k_most_elf_entries = 1000, k_longest_name = 64;

struct Layout {
    bool wide = false, big = false;
    std::uint64_t word(base::ByteView bytes, std::size_t narrow, std::size_t wide_place) const {
        if (wide) return big ? base::load_be64(bytes, wide_place) : base::load_le64(bytes, wide_place);
        return big ? base::load_be32(bytes, narrow) : base::load_le32(bytes, narrow);
    }
    std::uint32_t u32(base::ByteView bytes, std::size_t place) const { return big ? base::load_be32(bytes, place) : base::load_le32(bytes, place); }
    std::uint16_t u16(base::ByteView bytes, std::size_t place) const { return big ? base::load_be16(bytes, place) : base::load_le16(bytes, place); }
};

std::string_view segment_name(std::uint32_t type) {
    static constexpr std::array<std::string_view, 8> k_names{"segment", "segment: loaded", "segment: dynamic linking", "segment: interpreter", "segment: notes", "segment", "segment: program headers", "segment: thread storage"};
    return type < k_names.size() ? k_names[type] : "segment";
}

}  // namespace

void mark_elf(const base::ByteSource& source, Answer& answer) {
    const auto head = bytes_at(source, 0, 64);
    Layout layout;
    layout.wide = base::load_u8(head, 4) == 2, layout.big = base::load_u8(head, 5) == 2;
    const std::size_t header = layout.wide ? 64 : 52;
    if (head.size() < header) return answer.note("the header of the program is cut short");
    answer.marker(0, header, 0, "ELF header");
    answer.marker(layout.wide ? 24 : 24, layout.wide ? 8 : 4, 1, "entry point");
    const std::uint64_t programs = layout.word(head, 28, 32), sections = layout.word(head, 32, 40);
    const std::size_t counts = layout.wide ? 54 : 42;
    const std::uint64_t program_size = layout.u16(head, counts), program_count = layout.u16(head, counts + 2), section_size = layout.u16(head, counts + 4), section_count = layout.u16(head, counts + 6);
    const auto inside = [&](std::uint64_t offset, std::uint64_t length) { return length > 0 && offset < source.size() && length <= source.size() - offset; };
    if (program_size >= (layout.wide ? 56u : 32u) && inside(programs, program_size * program_count)) {
        answer.marker(programs, program_size * program_count, 0, "program headers");
        const auto table = bytes_at(source, programs, static_cast<std::size_t>(program_size * std::min<std::uint64_t>(program_count, k_most_elf_entries)));
        for (std::size_t at = 0; at + program_size <= table.size(); at += program_size) {
            const auto entry = base::ByteView(table).subspan(at, static_cast<std::size_t>(program_size));
            const auto type = layout.u32(entry, 0);
            const auto offset = layout.word(entry, 4, 8), length = layout.word(entry, 16, 32);
            if (type != 0 && type != 1 && type != 6 && inside(offset, length)) answer.marker(offset, length, 2, segment_name(type));
            else if (type == 1 && inside(offset, length)) answer.marker(offset, length, 0, segment_name(type));
        }
    }
    if (section_size < (layout.wide ? 64u : 40u) || !inside(sections, section_size * section_count)) return;
    answer.marker(sections, section_size * section_count, 0, "section headers");
    const auto table = bytes_at(source, sections, static_cast<std::size_t>(section_size * std::min<std::uint64_t>(section_count, k_most_elf_entries)));
    const auto entry_at = [&](std::uint64_t place) { return place < table.size() / section_size ? base::ByteView(table).subspan(static_cast<std::size_t>(place * section_size), static_cast<std::size_t>(section_size)) : base::ByteView(); };
    const auto names = entry_at(layout.u16(head, counts + 8));
    const auto names_at = names.empty() ? 0 : layout.word(names, 16, 24);
    for (std::uint64_t place = 1; place < section_count; ++place) {
        const auto entry = entry_at(place);
        if (entry.empty()) return;
        const auto offset = layout.word(entry, 16, 24), length = layout.word(entry, 20, 32);
        constexpr std::uint32_t k_no_bits = 8;
        if (layout.u32(entry, 4) == k_no_bits || !inside(offset, length)) continue;
        const auto name = bytes_at(source, names_at + layout.u32(entry, 0), k_longest_name);
        const auto text = base::as_text(name);
        answer.marker(offset, length, 1, "section", text.substr(0, text.find('\0')));
    }
}

}  // namespace deadbox::preview
