#include "case/machine_folders.hpp"

namespace deadbox::case_file {
namespace {

constexpr std::size_t k_longest_host = 64;

// Signs of a shell's own are none of a folder's name.
std::string folder_named(std::string_view host) {
    std::string folder;
    for (const char c : host.substr(0, k_longest_host))
        folder += (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || (c == '.' && !folder.empty()) ? c : '_';
    return folder.empty() || folder.front() == '-' ? "machine" + folder : folder;
}

}  // namespace

base::Result<MachineFolders> MachineFolders::load(const View& view) {
    MachineFolders folders;
    TRY_ASSIGN(const auto all, systems(view));
    if (all.size() < 2) return folders;
    std::map<std::string, int> called;
    for (const auto system : all) {
        TRY_ASSIGN(const auto host, system_fact(view, system, "host.name"));
        ++called[folders.m_folders[system] = folder_named(host)];
    }
    // With the machine's number where another is called so.
    for (auto& [system, folder] : folders.m_folders)
        if (called[folder] > 1 || folder == "machine") folder += "-" + std::to_string(system);
    return folders;
}

std::string MachineFolders::place(std::optional<std::int64_t> system, const std::string& path) const {
    if (m_folders.empty()) return path;
    const auto found = system ? m_folders.find(*system) : m_folders.end();
    return "/" + (found == m_folders.end() ? std::string("of-no-machine") : found->second) + path;
}

}  // namespace deadbox::case_file
