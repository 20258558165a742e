#include "cli/selftest_images.hpp"

#include <filesystem>
#include <fstream>

#include "cli/tool.hpp"
#include "proof/folder.hpp"

namespace deadbox::cli {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t k_block = 1024;  // of the demo's file system

base::Result<std::string> whole(const std::string& path) { return proof::read_file(path, 1ull << 30); }

base::Result<void> put(const std::string& path, std::string_view bytes) {
    std::ofstream out(path, std::ios::binary);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!out.flush()) return base::fail(base::Errc::usage, "cannot write " + path);
    return {};
}

// Destroys the block that holds the names of k_damaged_folder, as a bad sector would.
base::Result<void> damage(const std::string& from, const std::string& to) {
    TRY_ASSIGN(auto bytes, whole(from));
    // A directory entry: inode (4), length (2), length of the name (1), type (1), name; beside it "." and "..".
    for (auto at = bytes.find("notes.txt"); at != std::string::npos; at = bytes.find("notes.txt", at + 1)) {
        const auto block = at / k_block * k_block;
        if (at < 8 || bytes[at - 2] != 9 || bytes[at - 1] != 1 || bytes[block + 8] != '.') continue;
        bytes.replace(block, k_block, k_block, '\xa5');
        return put(to, bytes);
    }
    return base::fail(base::Errc::internal, "the demo image has no folder to damage");
}

}  // namespace

const std::vector<KnownFinding>& known_findings() {
    static const std::vector<KnownFinding> k_findings = {
        {"accounts/uid_zero_twin", "/etc/passwd", "critical"},
        {"webshell/script", "/var/www/html/uploads/2026/03/thumb.php", "critical"},
        {"binaries/modified", "/usr/bin/id", ""},
        {"exfiltration/sent", "/root/.bash_history", "medium"},
    };
    return k_findings;
}

base::Result<std::vector<KnownImage>> make_known_images(const std::string& folder) {
    std::vector<KnownImage> all;
    const auto raw = folder + "/compromised.raw", healthy = folder + "/healthy.raw", damaged = folder + "/damaged.raw";
    TRY(make_demo_image(raw, folder, Machine::compromised));
    TRY(make_demo_image(healthy, folder, Machine::healthy));
    TRY(damage(raw, damaged));
    all.push_back({"compromised", "The demonstration server after a break-in, GPT and ext4, raw", {raw}, Machine::compromised, false, ""});
    all.push_back({"healthy", "The same server before the break-in", {healthy}, Machine::healthy, false, ""});
    all.push_back({"damaged", "The server after the break-in, one block with names of a folder destroyed", {damaged}, Machine::compromised, true, ""});

    TRY_ASSIGN(const auto bytes, whole(raw));
    const auto half = bytes.size() / 2;
    TRY(put(folder + "/split.001", std::string_view(bytes).substr(0, half)));
    TRY(put(folder + "/split.002", std::string_view(bytes).substr(half)));
    all.push_back({"split", "The first disk as raw in two parts", {folder + "/split.001"}, Machine::compromised, false, ""});

    struct Container {
        std::string id, description, file;
        std::vector<std::string> command;
    };
    const Container containers[] = {
        {"qcow2", "The first disk as QCOW2", folder + "/disk.qcow2", {"qemu-img", "convert", "-f", "raw", "-O", "qcow2", raw, folder + "/disk.qcow2"}},
        {"vmdk", "The first disk as VMDK", folder + "/disk.vmdk", {"qemu-img", "convert", "-f", "raw", "-O", "vmdk", raw, folder + "/disk.vmdk"}},
        {"ewf", "The first disk as EWF", folder + "/disk.E01", {"ewfacquire", "-u", "-q", "-t", folder + "/disk", raw}},
    };
    for (const auto& container : containers) {
        std::error_code failed;
        fs::remove(container.file, failed);
        KnownImage image{container.id, container.description, {container.file}, Machine::compromised, false, ""};
        if (const auto made = run_tool(container.command); !made) image.missing = made.error().what;
        all.push_back(std::move(image));
    }
    return all;
}

}  // namespace deadbox::cli
