#include "binaries/importance.hpp"

#include <array>
#include <fstream>

namespace deadbox::plugins::binaries {
namespace {

constexpr std::array<std::string_view, 9> k_names = {"login", "program", "library", "module", "unit", "script", "boot", "data", "ignored"};

}  // namespace

base::Result<void> ImportanceList::load(const std::string& file) {
    std::ifstream in(file);
    if (!in) return base::fail(base::Errc::not_found, "the list of important paths is missing: " + file);
    m_rows.clear();
    std::string line;
    while (std::getline(in, line)) {
        if (line.empty() || line.front() == '#') continue;
        const auto tab = line.find('\t');
        std::size_t kind = 0;
        while (kind < k_names.size() && k_names[kind] != std::string_view(line).substr(0, tab)) ++kind;
        if (tab == std::string::npos || kind == k_names.size()) return base::fail(base::Errc::corrupt, "a line of " + file + " is none: " + line);
        m_rows.emplace_back(static_cast<Importance>(kind), base::Glob(line.substr(tab + 1)));
    }
    return {};
}

Importance ImportanceList::of(std::string_view path) const {
    const auto merged = merged_path(path);
    for (const auto& [importance, glob] : m_rows)
        if (glob.matches(merged)) return importance;
    return Importance::data;
}

std::string merged_path(std::string_view path) {
    for (const std::string_view folder : {"/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"})
        if (path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/')) return "/usr" + std::string(path);
    return std::string(path);
}

bool is_program_folder(std::string_view merged_folder) {
    return merged_folder == "/usr/bin" || merged_folder == "/usr/sbin" || merged_folder == "/usr/games";
}

bool is_library_folder(std::string_view merged_folder) {
    if (merged_folder.ends_with("/security")) merged_folder.remove_suffix(9);
    if (!merged_folder.starts_with("/usr/lib")) return false;
    auto rest = merged_folder.substr(8);
    for (const std::string_view width : {"32", "64", "x32"})
        if (rest == width) return true;
    if (rest.empty()) return true;
    // "/x86_64-linux-gnu", "/arm-linux-gnueabihf"
    return rest.front() == '/' && rest.find('/', 1) == std::string_view::npos && rest.find("-linux-gnu") != std::string_view::npos;
}

}  // namespace deadbox::plugins::binaries
