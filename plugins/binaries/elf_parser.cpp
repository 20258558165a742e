// Rows of elf_file: small for what lies where package managers put files, fuller elsewhere.
#include "binaries/binaries_topic.hpp"
#include "content/elf.hpp"
#include "plugin/parser.hpp"

namespace deadbox::plugins::binaries {
namespace {

constexpr std::size_t k_longest = 512;

bool is_package_folder(std::string_view path) {
    for (const std::string_view start : {"/usr/", "/bin/", "/sbin/", "/lib"})
        if (path.starts_with(start)) return !path.starts_with("/usr/local/");
    return false;
}

bool is_kernel_module(std::string_view path) { return path.ends_with(".ko"); }

// The loaders that an architecture's own tool chain names.
bool is_usual_interpreter(std::string_view path) {
    if (path.starts_with("/usr")) path.remove_prefix(4);
    if (!path.starts_with("/lib")) return false;
    const auto name = path.substr(path.rfind('/') + 1);
    return path.find("..") == std::string_view::npos && name.find(".so") != std::string_view::npos && (name.starts_with("ld-") || name.starts_with("ld.so") || name.starts_with("ld64"));
}

std::string joined(const std::vector<std::string>& words) {
    std::string all;
    for (const auto& word : words) {
        if (all.size() + word.size() > k_longest) break;
        if (!all.empty()) all += ' ';
        all += word;
    }
    return all;
}

class ElfParser final : public plugin::Parser {
public:
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters&, plugin::Sink& sink) const override {
        const auto path = std::string_view(file.record().path);
        if (!content::has_elf_magic(file.head())) return {};
        TRY_ASSIGN(const auto elf, content::read_elf(file.bytes()));
        using Type = content::Elf::Type;
        const bool module = elf.type == Type::relocatable && is_kernel_module(path);
        if ((elf.type == Type::relocatable && !module) || elf.type == Type::core) return {};  // compilers' and crashes' leavings
        const bool full = !is_package_folder(path);
        ElfFileRow row;
        row.kind = module ? "module" : elf.is_program() ? "program" : elf.type == Type::shared ? "library" : "other";
        row.machine = elf.machine, row.bits = elf.wide ? 64 : 32;
        std::vector<std::string> traits;
        if (elf.is_static()) traits.emplace_back("static");
        if (!elf.has_symbols) traits.emplace_back("stripped");
        if (!elf.packer.empty()) traits.push_back(elf.packer);
        const auto traits_text = joined(traits), needed = joined(elf.needed);
        if (!traits_text.empty()) row.traits = traits_text;
        if (!elf.interpreter.empty() && !is_usual_interpreter(elf.interpreter)) row.interpreter = std::string_view(elf.interpreter).substr(0, k_longest);
        if (full && !needed.empty()) row.needed = needed;
        if (!elf.soname.empty() && elf.soname != path.substr(path.rfind('/') + 1)) row.soname = std::string_view(elf.soname).substr(0, k_longest);
        const auto& run_path = elf.runpath.empty() ? elf.rpath : elf.runpath;
        if (!run_path.empty()) row.run_path = std::string_view(run_path).substr(0, k_longest);
        if (full && !elf.build_id.empty()) row.build_id = base::as_bytes(elf.build_id);
        if (elf.trailing > 0 && !module) row.trailing = static_cast<std::int64_t>(elf.trailing);
        std::string problems;
        for (const auto problem : elf.problems) {
            if (!problems.empty()) problems += ' ';
            problems += content::name_of(problem);
        }
        if (!problems.empty()) row.problems = problems;
        row.loads = elf.loads() ? 1 : 0;
        row.emit(sink);
        return {};
    }
};

}  // namespace

const plugin::Parser& elf_parser() {
    static const ElfParser parser;
    return parser;
}

}  // namespace deadbox::plugins::binaries
