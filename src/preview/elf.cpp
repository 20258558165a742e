// The shape of a program, library or object.
#include "content/elf.hpp"

#include <array>

#include <fmt/format.h>

#include "base/encoding.hpp"
#include "preview/previews.hpp"

namespace deadbox::preview {
namespace {

std::string machine_name(std::uint16_t machine) {
    struct Named {
        std::uint16_t number;
        std::string_view name;
    };
    static constexpr std::array<Named, 12> k_names{{{2, "SPARC"}, {3, "x86"}, {8, "MIPS"}, {20, "PowerPC"}, {21, "PowerPC 64"}, {22, "S/390"}, {40, "ARM"}, {62, "x86-64"}, {183, "AArch64"}, {243, "RISC-V"}, {247, "BPF"}, {258, "LoongArch"}}};
    for (const auto& [number, name] : k_names)
        if (number == machine) return std::string(name);
    return std::to_string(machine);
}

std::string_view kind_of(const content::Elf& elf) {
    using Type = content::Elf::Type;
    if (elf.is_program()) return elf.is_static() ? "program, static" : elf.position_independent ? "program, position-independent" : "program";
    if (elf.type == Type::shared) return "library";
    if (elf.type == Type::relocatable) return "object";
    return elf.type == Type::core ? "core dump" : "other";
}

}  // namespace

base::Result<std::int64_t> elf(const Order&, const Sources& sources, Answer& answer) {
    TRY_ASSIGN(const content::Elf elf, content::read_elf(*sources.front()));
    const auto put = [&](std::string_view name, std::string_view value) {
        if (!value.empty()) answer.property("program", name, value);
    };
    put("kind", kind_of(elf));
    put("machine", fmt::format("{}, {} bit, {}", machine_name(elf.machine), elf.wide ? 64 : 32, elf.big_endian ? "big-endian" : "little-endian"));
    put("entry point", fmt::format("0x{:x}", elf.entry));
    put("interpreter", elf.interpreter);
    put("name as a library", elf.soname);
    put("rpath", elf.rpath);
    put("runpath", elf.runpath);
    put("build id", base::to_hex(elf.build_id));
    put("compiler", elf.comment);
    put("symbols", elf.has_symbols ? std::to_string(elf.symbols) : fmt::format("{} (stripped)", elf.symbols));
    put("segments and sections", fmt::format("{}, {}", elf.segments, elf.sections));
    put("packer", elf.packer);
    if (elf.trailing > 0) put("bytes behind its end", std::to_string(elf.trailing));
    for (const auto problem : elf.problems) {
        std::string words(content::name_of(problem));
        for (auto& c : words)
            if (c == '_') c = ' ';
        answer.property("what is odd about it", content::stops_loading(problem) ? "keeps it from running" : "it runs all the same", words);
    }
    answer.table("needed libraries", static_cast<std::int64_t>(elf.needed.size()), {{"library", Form::text}});
    for (const auto& library : elf.needed) answer.row({std::string_view(library)});
    return -1;
}

}  // namespace deadbox::preview
