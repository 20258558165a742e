// The shape of an ELF file (System V gABI; /usr/include/elf.h), read from hostile bytes: nothing of it is run or mapped.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_source.hpp"
#include "base/result.hpp"

namespace deadbox::content {

// What is wrong with a file's structure. The first group keeps a kernel or a loader from running it.
enum class ElfProblem : std::uint8_t {
    header_cut,              // the file ends inside the header
    bad_class,               // neither 32 nor 64 bit, or no byte order
    bad_type,                // none of relocatable, executable, shared, core
    program_headers_lost,    // the table lies past the end or its entries have a wrong size
    nothing_to_load,         // an executable or library without a loadable segment
    segment_past_end,        // a loadable segment's bytes end after the file
    segment_overflow,        // offsets or sizes wrap around, or memory is smaller than the bytes for it
    entry_outside,           // the entry point is in no loadable segment
    entry_blank,             // the bytes at the entry point are all zero
    interpreter_damaged,     // the interpreter's name is cut, empty or not ended
    dynamic_damaged,         // the dynamic section or its strings lie outside the file
    // Odd, yet it runs:
    section_headers_lost,    // the table lies past the end (stripped by sstrip, or cut)
    section_past_end,        // a section's bytes end after the file
    writable_code,           // a segment is both writable and executable
    entry_in_writable,       // the entry point is in a writable segment
};
std::string_view name_of(ElfProblem problem);  // "segment_past_end"
bool stops_loading(ElfProblem problem);

struct Elf {
    enum class Type : std::uint8_t { relocatable = 1, executable = 2, shared = 3, core = 4, other = 0 };
    Type type = Type::other;
    bool wide = false;        // 64 bit
    bool big_endian = false;
    std::uint8_t os_abi = 0;
    std::uint16_t machine = 0;
    std::uint64_t entry = 0;
    std::size_t segments = 0, sections = 0;
    std::string interpreter;           // of PT_INTERP
    std::vector<std::string> needed;   // at most 256
    std::string soname, rpath, runpath;
    bool dynamic = false;              // has a dynamic section
    bool position_independent = false; // shared object with DF_1_PIE or an interpreter: a program
    bool has_symbols = false;          // .symtab is there
    std::uint64_t symbols = 0;         // entries of .symtab and .dynsym
    std::string build_id;              // raw bytes
    std::string comment;               // .comment, at most 256 bytes, NULs as "; "
    std::uint64_t end = 0;             // behind the last segment, section and header table
    std::uint64_t trailing = 0;        // bytes of the file behind that
    std::vector<std::string> functions; // those that were asked for and that it defines
    std::string packer;                // "UPX" where its marks stand
    std::vector<ElfProblem> problems;  // each once, in the order of the enumeration

    bool is_program() const { return type == Type::executable || (type == Type::shared && position_independent); }
    bool is_static() const { return is_program() && interpreter.empty() && needed.empty(); }
    bool loads() const;  // no problem that stops loading
};

bool has_elf_magic(base::ByteView head);

// Reads headers, dynamic section, notes and a few strings, at most some MiB whatever the file's size. Errc::not_found
// where the magic number is missing; damage inside is a problem of the answer, not an error. `functions`: names of which it is
// to be told whether a program that loads the file gets them from it (its dynamic symbols).
base::Result<Elf> read_elf(const base::ByteSource& source, std::span<const std::string_view> functions = {});

}  // namespace deadbox::content
