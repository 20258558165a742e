#include "content/elf.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace deadbox::content {
namespace {

constexpr std::size_t k_most_segments = 1024;
constexpr std::size_t k_most_sections = 8192;
constexpr std::size_t k_most_dynamic = 4096;
constexpr std::size_t k_most_needed = 256;
constexpr std::size_t k_most_symbols = 65'536, k_most_names = 4u << 20;  // of dynamic symbols, bytes of their names
constexpr std::size_t k_longest_string = 4096;
constexpr std::size_t k_largest_note = 64 * 1024;

constexpr std::array<std::string_view, 16> k_names = {"header_cut", "bad_class", "bad_type", "program_headers_lost", "nothing_to_load",
    "segment_past_end", "segment_overflow", "entry_outside", "entry_blank", "interpreter_damaged", "dynamic_damaged",
    "section_headers_lost", "section_past_end", "writable_code", "entry_in_writable", ""};

struct Segment {
    std::uint32_t type = 0, flags = 0;
    std::uint64_t offset = 0, address = 0, file_size = 0, memory_size = 0;
};

struct Section {
    std::uint32_t name = 0, type = 0, link = 0;
    std::uint64_t flags = 0, offset = 0, size = 0, entry_size = 0;
};

enum : std::uint32_t { pt_load = 1, pt_dynamic = 2, pt_interp = 3, pt_note = 4, pf_x = 1, pf_w = 2 };
enum : std::uint32_t { sht_symtab = 2, sht_note = 7, sht_nobits = 8, sht_dynsym = 11 };
enum : std::int64_t { dt_needed = 1, dt_strtab = 5, dt_symtab = 6, dt_strsz = 10, dt_soname = 14, dt_rpath = 15, dt_runpath = 29, dt_flags_1 = 0x6ffffffb };

class Reader {
public:
    Reader(const base::ByteSource& source, std::span<const std::string_view> functions) : m_source(source), m_size(source.size()), m_functions(functions) {}

    base::Result<Elf> read() {
        std::array<std::byte, 64> head{};
        TRY_ASSIGN(m_head_size, m_source.read_at(0, head));
        const base::ByteView header = base::ByteView(head).first(m_head_size);
        if (!has_elf_magic(header)) return base::fail(base::Errc::not_found, "no ELF magic number");
        const auto width = base::load_u8(header, 4), order = base::load_u8(header, 5);
        m_elf.os_abi = base::load_u8(header, 7);
        if (width < 1 || width > 2 || order < 1 || order > 2) {
            problem(header.size() < 16 ? ElfProblem::header_cut : ElfProblem::bad_class);
            return finished();
        }
        m_elf.wide = width == 2, m_elf.big_endian = order == 2;
        if (header.size() < (m_elf.wide ? 64U : 52U)) {
            problem(ElfProblem::header_cut);
            return finished();
        }
        TRY(read_header(header));
        return finished();
    }

private:
    std::uint64_t number(base::ByteView bytes, std::size_t offset, std::size_t width) const {
        std::uint64_t value = 0;
        if (offset > bytes.size() || width > bytes.size() - offset) return 0;
        for (std::size_t i = 0; i < width; ++i) {
            const auto at = m_elf.big_endian ? offset + i : offset + width - 1 - i;
            value = value << 8 | std::to_integer<std::uint64_t>(bytes[at]);
        }
        return value;
    }
    std::uint64_t word(base::ByteView bytes, std::size_t wide, std::size_t narrow) const {
        return m_elf.wide ? number(bytes, wide, 8) : number(bytes, narrow, 4);
    }
    std::uint32_t half(base::ByteView bytes, std::size_t offset) const { return static_cast<std::uint32_t>(number(bytes, offset, 2)); }
    std::uint32_t four(base::ByteView bytes, std::size_t wide, std::size_t narrow) const {
        return static_cast<std::uint32_t>(number(bytes, m_elf.wide ? wide : narrow, 4));
    }

    void problem(ElfProblem which) {
        if (std::find(m_elf.problems.begin(), m_elf.problems.end(), which) == m_elf.problems.end()) m_elf.problems.push_back(which);
    }
    bool inside(std::uint64_t offset, std::uint64_t size) const { return offset <= m_size && size <= m_size - offset; }
    void reaches(std::uint64_t offset, std::uint64_t size) {
        if (inside(offset, size)) m_elf.end = std::max(m_elf.end, offset + size);
    }
    // Up to `most` bytes of what lies inside the file; empty where nothing does.
    base::Result<std::vector<std::byte>> piece(std::uint64_t offset, std::uint64_t size, std::size_t most) const {
        if (offset >= m_size) return std::vector<std::byte>();
        return base::read_bytes(m_source, offset, static_cast<std::size_t>(std::min({size, m_size - offset, std::uint64_t{most}})));
    }

    Elf finished() {
        std::sort(m_elf.problems.begin(), m_elf.problems.end());
        m_elf.trailing = m_elf.end > 0 && m_elf.end < m_size ? m_size - m_elf.end : 0;
        return std::move(m_elf);
    }

    base::Result<void> read_header(base::ByteView header) {
        const auto type = half(header, 16);
        m_elf.type = type >= 1 && type <= 4 ? static_cast<Elf::Type>(type) : Elf::Type::other;
        if (m_elf.type == Elf::Type::other) problem(ElfProblem::bad_type);
        m_elf.machine = static_cast<std::uint16_t>(half(header, 18));
        m_elf.entry = word(header, 24, 24);
        const std::uint64_t program_table = word(header, 32, 28), section_table = word(header, 40, 32);
        const std::uint32_t program_entry = half(header, m_elf.wide ? 54 : 42), section_entry = half(header, m_elf.wide ? 58 : 46);
        std::uint64_t programs = half(header, m_elf.wide ? 56 : 44), sections = half(header, m_elf.wide ? 60 : 48);
        const std::uint32_t names = half(header, m_elf.wide ? 62 : 50);
        m_elf.end = m_elf.wide ? 64 : 52;
        TRY(read_segments(program_table, programs, program_entry));
        TRY(read_sections(section_table, sections, section_entry, names));
        TRY(look_for_packer());
        return {};
    }

    base::Result<void> read_segments(std::uint64_t table, std::uint64_t count, std::uint32_t entry_size) {
        const std::uint32_t expected = m_elf.wide ? 56 : 32;
        const bool loadable = m_elf.type == Elf::Type::executable || m_elf.type == Elf::Type::shared;
        m_elf.segments = count;
        if (count == 0) {
            if (loadable) problem(ElfProblem::nothing_to_load);
            return {};
        }
        if (entry_size != expected || !inside(table, count * expected)) {
            problem(ElfProblem::program_headers_lost);
            if (entry_size != expected) return {};
        }
        reaches(table, count * expected);
        TRY_ASSIGN(const auto bytes, piece(table, count * expected, k_most_segments * expected));
        std::vector<Segment> segments;
        for (std::size_t at = 0; at + expected <= bytes.size(); at += expected) {
            const auto row = base::ByteView(bytes).subspan(at, expected);
            Segment segment;
            segment.type = static_cast<std::uint32_t>(number(row, 0, 4)), segment.flags = four(row, 4, 24);
            segment.offset = word(row, 8, 4), segment.address = word(row, 16, 8);
            segment.file_size = word(row, 32, 16), segment.memory_size = word(row, 40, 20);
            segments.push_back(segment);
        }
        bool load = false, entry_found = false;
        for (const auto& segment : segments) {
            if (segment.type == pt_load) {
                load = true;
                check_load(segment, entry_found);
            }
            reaches(segment.offset, segment.file_size);
        }
        if (loadable && !load) problem(ElfProblem::nothing_to_load);
        if (load && !entry_found && m_elf.entry != 0 && m_elf.type == Elf::Type::executable) problem(ElfProblem::entry_outside);
        for (const auto& segment : segments) {
            if (segment.type == pt_interp) TRY(read_interpreter(segment));
            if (segment.type == pt_note) TRY(read_notes(segment.offset, segment.file_size));
        }
        for (const auto& segment : segments)
            if (segment.type == pt_dynamic && loadable) {
                TRY(read_dynamic(segment, segments));
                break;
            }
        if (!m_elf.interpreter.empty() && m_elf.type == Elf::Type::shared) m_elf.position_independent = true;
        for (const auto& segment : segments)
            if (segment.type == pt_load && m_elf.is_program()) TRY(look_at_entry(segment));
        return {};
    }

    void check_load(const Segment& segment, bool& entry_found) {
        if (segment.memory_size < segment.file_size || segment.offset + segment.file_size < segment.offset ||
            segment.address + segment.memory_size < segment.address)
            problem(ElfProblem::segment_overflow);
        else if (segment.file_size > 0 && !inside(segment.offset, segment.file_size)) problem(ElfProblem::segment_past_end);
        if ((segment.flags & pf_x) != 0 && (segment.flags & pf_w) != 0) problem(ElfProblem::writable_code);
        if (m_elf.entry >= segment.address && m_elf.entry - segment.address < segment.memory_size) {
            entry_found = true;
            if ((segment.flags & pf_w) != 0 && m_elf.type != Elf::Type::relocatable) problem(ElfProblem::entry_in_writable);
        }
    }

    base::Result<void> look_at_entry(const Segment& segment) {
        if (m_elf.entry == 0 || m_elf.entry < segment.address || m_elf.entry - segment.address >= segment.file_size) return {};
        const auto offset = segment.offset + (m_elf.entry - segment.address);
        TRY_ASSIGN(const auto bytes, piece(offset, 16, 16));
        if (!bytes.empty() && std::all_of(bytes.begin(), bytes.end(), [](std::byte b) { return b == std::byte{0}; })) problem(ElfProblem::entry_blank);
        return {};
    }

    base::Result<void> read_interpreter(const Segment& segment) {
        TRY_ASSIGN(const auto bytes, piece(segment.offset, segment.file_size, k_longest_string));
        const auto text = base::as_text(bytes);
        const auto end = text.find('\0');
        m_elf.interpreter = text.substr(0, end);
        if (end == std::string_view::npos || m_elf.interpreter.empty() || !inside(segment.offset, segment.file_size)) problem(ElfProblem::interpreter_damaged);
        return {};
    }

    base::Result<void> read_notes(std::uint64_t offset, std::uint64_t size) {
        TRY_ASSIGN(const auto bytes, piece(offset, size, k_largest_note));
        const base::ByteView notes(bytes);
        for (std::size_t at = 0; at + 12 <= notes.size();) {
            const auto name_size = number(notes, at, 4), value_size = number(notes, at + 4, 4), kind = number(notes, at + 8, 4);
            const auto name_end = (name_size + 3) & ~std::uint64_t{3}, value_end = (value_size + 3) & ~std::uint64_t{3};
            if (name_end > notes.size() - at - 12 || value_end > notes.size() - at - 12 - name_end) break;
            const auto name = base::as_text(notes.subspan(at + 12, name_size));
            if (kind == 3 && name == std::string_view("GNU\0", 4) && value_size <= 64)
                m_elf.build_id = base::as_text(notes.subspan(at + 12 + name_end, value_size));
            at += 12 + name_end + value_end;
        }
        return {};
    }

    // An address in memory as an offset in the file.
    static std::optional<std::uint64_t> offset_of(std::uint64_t address, const std::vector<Segment>& segments) {
        for (const auto& segment : segments)
            if (segment.type == pt_load && address >= segment.address && address - segment.address < segment.file_size)
                return segment.offset + (address - segment.address);
        return std::nullopt;
    }

    base::Result<void> read_dynamic(const Segment& segment, const std::vector<Segment>& segments) {
        m_elf.dynamic = true;
        if (!inside(segment.offset, segment.file_size)) problem(ElfProblem::dynamic_damaged);
        const std::size_t entry = m_elf.wide ? 16 : 8, half_entry = entry / 2;
        TRY_ASSIGN(const auto bytes, piece(segment.offset, segment.file_size, k_most_dynamic * entry));
        std::vector<std::uint64_t> needed;
        std::optional<std::uint64_t> soname, rpath, runpath, strings, strings_size, symbols;
        for (std::size_t at = 0; at + entry <= bytes.size(); at += entry) {
            const auto tag = static_cast<std::int64_t>(number(bytes, at, half_entry));
            const auto value = number(bytes, at + half_entry, half_entry);
            if (tag == 0) break;
            switch (tag) {
                case dt_needed:
                    if (needed.size() < k_most_needed) needed.push_back(value);
                    break;
                case dt_strtab: strings = value; break;
                case dt_symtab: symbols = value; break;
                case dt_strsz: strings_size = value; break;
                case dt_soname: soname = value; break;
                case dt_rpath: rpath = value; break;
                case dt_runpath: runpath = value; break;
                case dt_flags_1: m_elf.position_independent = (value & 0x08000000) != 0; break;
                default: break;
            }
        }
        if (!strings) {
            if (!needed.empty()) problem(ElfProblem::dynamic_damaged);
            return {};
        }
        const auto table = offset_of(*strings, segments);
        if (!table || (strings_size && !inside(*table, *strings_size))) {
            problem(ElfProblem::dynamic_damaged);
            return {};
        }
        const auto limit = strings_size.value_or(m_size);
        const auto text_at = [&](std::uint64_t place) -> base::Result<std::string> {
            if (place >= limit || place > m_size) {
                problem(ElfProblem::dynamic_damaged);
                return std::string();
            }
            TRY_ASSIGN(const auto piece_bytes, piece(*table + place, limit - place, 512));
            const auto text = base::as_text(piece_bytes);
            return std::string(text.substr(0, text.find('\0')));
        };
        for (const auto place : needed) {
            TRY_ASSIGN(auto name, text_at(place));
            m_elf.needed.push_back(std::move(name));
        }
        if (soname) {
            TRY_ASSIGN(m_elf.soname, text_at(*soname));
        }
        if (rpath) {
            TRY_ASSIGN(m_elf.rpath, text_at(*rpath));
        }
        if (runpath) {
            TRY_ASSIGN(m_elf.runpath, text_at(*runpath));
        }
        if (const auto first = symbols && !m_functions.empty() ? offset_of(*symbols, segments) : std::nullopt) return find_functions(*first, *table, limit);
        return {};
    }

    // Linkers put the names right behind the symbols. One that is asked for has no section where it only is used.
    base::Result<void> find_functions(std::uint64_t first, std::uint64_t names, std::uint64_t names_size) {
        const std::size_t size = m_elf.wide ? 24 : 16;
        if (names <= first) return {};
        TRY_ASSIGN(const auto symbols, piece(first, names - first, k_most_symbols * size));
        TRY_ASSIGN(const auto texts, piece(names, names_size, k_most_names));
        const auto text = base::as_text(texts);
        for (std::size_t at = 0; at + size <= symbols.size(); at += size) {
            const auto symbol = base::ByteView(symbols).subspan(at, size);
            const std::uint64_t name = number(symbol, 0, 4), kind = number(symbol, m_elf.wide ? 4 : 12, 1) & 15, section = half(symbol, m_elf.wide ? 6 : 14);
            if (section == 0 || (kind != 2 && kind != 10) || name >= text.size()) continue;  // functions, also such as are chosen while loading
            const auto word = text.substr(name, text.find('\0', name) - name);
            if (std::find(m_functions.begin(), m_functions.end(), word) != m_functions.end()) m_elf.functions.emplace_back(word);
        }
        return {};
    }

    base::Result<void> read_sections(std::uint64_t table, std::uint64_t count, std::uint32_t entry_size, std::uint32_t names) {
        const std::uint32_t expected = m_elf.wide ? 64 : 40;
        m_elf.sections = count;
        if (table == 0 || count == 0) return {};
        if (entry_size != expected || !inside(table, count * expected)) {
            problem(ElfProblem::section_headers_lost);
            return {};
        }
        reaches(table, count * expected);
        TRY_ASSIGN(const auto bytes, piece(table, count * expected, k_most_sections * expected));
        std::vector<Section> sections;
        for (std::size_t at = 0; at + expected <= bytes.size(); at += expected) {
            const auto row = base::ByteView(bytes).subspan(at, expected);
            Section section;
            section.name = static_cast<std::uint32_t>(number(row, 0, 4)), section.type = static_cast<std::uint32_t>(number(row, 4, 4));
            section.offset = word(row, 24, 16), section.size = word(row, 32, 20), section.entry_size = word(row, 56, 36);
            sections.push_back(section);
        }
        std::vector<std::byte> text;
        if (names < sections.size()) {
            TRY_ASSIGN(text, piece(sections[names].offset, sections[names].size, 1024 * 1024));
        }
        for (const auto& section : sections) {
            if (section.type == 0 || section.type == sht_nobits) continue;
            if (!inside(section.offset, section.size)) problem(ElfProblem::section_past_end);
            else reaches(section.offset, section.size);
            if ((section.type == sht_symtab || section.type == sht_dynsym) && section.entry_size > 0)
                m_elf.symbols += std::min<std::uint64_t>(section.size, m_size) / section.entry_size;
            if (section.type == sht_symtab) m_elf.has_symbols = true;
            if (section.type == sht_note && m_elf.type == Elf::Type::relocatable) TRY(read_notes(section.offset, section.size));
            if (section.name >= text.size()) continue;
            const auto name = base::as_text(base::ByteView(text).subspan(section.name));
            if (name.substr(0, name.find('\0')) == ".comment") TRY(read_comment(section));
        }
        return {};
    }

    base::Result<void> read_comment(const Section& section) {
        TRY_ASSIGN(const auto bytes, piece(section.offset, section.size, 256));
        for (const char c : base::as_text(bytes)) {
            if (c != '\0') m_elf.comment += c;
            else if (!m_elf.comment.empty() && !m_elf.comment.ends_with("; ")) m_elf.comment += "; ";
        }
        if (m_elf.comment.ends_with("; ")) m_elf.comment.resize(m_elf.comment.size() - 2);
        return {};
    }

    // UPX leaves "UPX!" in its loader's header, near the start, and at the end; scramblers blank one of the two.
    base::Result<void> look_for_packer() {
        TRY_ASSIGN(const auto start, piece(0, 1024, 1024));
        TRY_ASSIGN(const auto end, piece(m_size - std::min<std::uint64_t>(m_size, 256), 256, 256));
        if (base::as_text(start).find("UPX!") != std::string_view::npos || base::as_text(end).find("UPX!") != std::string_view::npos) m_elf.packer = "UPX";
        return {};
    }

    const base::ByteSource& m_source;
    std::uint64_t m_size;
    std::size_t m_head_size = 0;
    std::span<const std::string_view> m_functions;
    Elf m_elf;
};

}  // namespace

std::string_view name_of(ElfProblem problem) { return k_names[std::min<std::size_t>(static_cast<std::size_t>(problem), k_names.size() - 1)]; }
bool stops_loading(ElfProblem problem) { return problem < ElfProblem::section_headers_lost; }
bool Elf::loads() const { return std::none_of(problems.begin(), problems.end(), stops_loading); }

bool has_elf_magic(base::ByteView head) {
    return head.size() >= 4 && base::as_text(head.first(4)) == std::string_view("\x7f" "ELF", 4);
}

base::Result<Elf> read_elf(const base::ByteSource& source, std::span<const std::string_view> functions) { return Reader(source, functions).read(); }

}  // namespace deadbox::content
