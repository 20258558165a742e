#include "cli/workstation.hpp"

#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>

#include "base/encoding.hpp"
#include "base/resources.hpp"
#include "cli/tool.hpp"
#include "codec/digest.hpp"
#include "plugin/topic.hpp"
#include "proof/manifest.hpp"
#include "sandbox/lockdown.hpp"

namespace deadbox::cli {
namespace {

constexpr std::uint64_t k_largest_program = 1ull << 30;

// The value behind `key` in a text of lines "key = value" or "key : value"; quotes are taken off.
std::string value_of(const std::string& path, std::string_view key, char separator) {
    const auto text = proof::read_file(path, 1 << 24);
    if (!text) return {};
    for (std::size_t at = 0; at < text->size();) {
        const auto end = std::min(text->find('\n', at), text->size());
        const auto line = std::string_view(*text).substr(at, end - at);
        at = end + 1;
        const auto split = line.find(separator);
        if (!line.starts_with(key) || split == std::string_view::npos) continue;
        auto value = line.substr(split + 1);
        while (!value.empty() && (value.front() == ' ' || value.front() == '"')) value.remove_prefix(1);
        while (!value.empty() && value.back() == '"') value.remove_suffix(1);
        return std::string(value);
    }
    return {};
}

base::Result<Component> component(std::string name, const std::string& path) {
    std::error_code failed;
    const auto real = std::filesystem::canonical(path, failed).string();
    TRY_ASSIGN(const auto bytes, proof::read_file(failed ? path : real, k_largest_program));
    return Component{std::move(name), failed ? path : real, base::to_hex(base::ByteView(codec::Sha256::of(base::as_bytes(bytes))))};
}

// What the loader would load for a program, by asking the loader: lines "NAME => PATH (0x...)".
base::Result<void> add_libraries(const std::string& program, std::map<std::string, std::string>& paths) {
    TRY_ASSIGN(const auto text, run_tool({"env", "LD_TRACE_LOADED_OBJECTS=1", program}));
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        const auto line = text.substr(at, end - at);
        at = end + 1;
        const auto arrow = line.find(" => "), bracket = line.rfind(" (0x");
        const auto name = line.find_first_not_of("\t ");
        if (arrow == std::string::npos || bracket == std::string::npos || bracket < arrow + 4) continue;
        paths.emplace(line.substr(name, arrow - name), line.substr(arrow + 4, bracket - arrow - 4));
    }
    return {};
}

}  // namespace

base::Result<Workstation> describe_workstation() {
    Workstation w;
    utsname kernel{};
    ::uname(&kernel);
    w.kernel = std::string(kernel.sysname) + " " + kernel.release + " " + kernel.version, w.architecture = kernel.machine;
    w.system = value_of("/etc/os-release", "PRETTY_NAME", '=');
    w.processor = value_of("/proc/cpuinfo", "model name", ':');
    w.processors = ::sysconf(_SC_NPROCESSORS_ONLN);
    w.memory = static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    const auto sandbox = sandbox::available();
    w.landlock = sandbox.landlock, w.seccomp = sandbox.seccomp;

    std::error_code failed;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", failed);
    if (failed) return base::fail(base::Errc::io, "cannot tell where this program lies");
    std::map<std::string, std::string> libraries;
    for (const auto& program : {self, self.parent_path() / "deadbox-worker"}) {
        TRY_ASSIGN(auto one, component(program.filename().string(), program.string()));
        w.programs.push_back(std::move(one));
        TRY(add_libraries(program.string(), libraries));
    }
    for (const auto& [name, path] : libraries) {
        TRY_ASSIGN(auto one, component(name, path));
        w.libraries.push_back(std::move(one));
    }
    for (const plugin::Topic* topic : plugin::topics()) {
        RuleSet set{std::string(topic->id), topic->version, {}};
        for (const auto& rule : topic->rules) set.rules.push_back(std::string(rule.id) + " " + std::to_string(rule.version));
        w.rules.push_back(std::move(set));
    }
    TRY_ASSIGN(const auto folder, base::resources_folder());
    TRY_ASSIGN(const auto resources, proof::scan_folder(folder));
    w.resources = resources.size();
    w.resources_sha256 = base::to_hex(base::ByteView(codec::Sha256::of(base::as_bytes(proof::hash_list(resources)))));
    return w;
}

}  // namespace deadbox::cli
