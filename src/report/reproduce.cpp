#include "report/reproduce.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "report/visible.hpp"

namespace deadbox::report {
namespace {

constexpr std::array<std::string_view, 18> k_sleuthkit_filesystems{"ext2", "ext3", "ext4", "fat", "fat12", "fat16", "fat32", "vfat", "exfat",
                                                                   "ntfs", "hfs", "hfs+", "hfsplus", "iso9660", "ufs", "ufs1", "ufs2", "yaffs2"};
constexpr std::array<std::string_view, 6> k_sleuthkit_containers{"raw", "split-raw", "ewf", "aff", "vmdk", "vhd"};

template <std::size_t N>
bool among(const std::array<std::string_view, N>& list, std::string_view what) {
    return std::find(list.begin(), list.end(), what) != list.end();
}

}  // namespace

std::string shell_quoted(std::string_view word) {
    const auto safe = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || std::string_view("_./+:=@%,-").find(c) != std::string_view::npos; };
    if (!word.empty() && word.front() != '-' && std::all_of(word.begin(), word.end(), safe)) return std::string(word);
    // A report is UTF-8: bytes that are none, and what a terminal would obey, are spelled out in the quotes that bash, ksh and zsh know.
    if (visible(word) != word) {
        std::string spelled = word.starts_with('-') ? "./$'" : "$'";
        for (const char c : word) {
            const auto byte = static_cast<unsigned char>(c);
            if (c == '\'' || c == '\\') spelled += '\\', spelled += c;
            else if (byte < 0x20 || byte >= 0x7f) spelled += fmt::format("\\{:03o}", byte);
            else spelled += c;
        }
        return spelled += "'";
    }
    std::string quoted = word.starts_with('-') ? "./'" : "'";
    for (const char c : word) {
        if (c == '\'') quoted += "'\\''";
        else quoted += c;
    }
    return quoted += "'";
}

std::vector<std::string> reproduce_commands(const case_file::EvidenceRow& evidence, const case_file::VolumeRow& volume, const case_file::FileDetail& file) {
    if (file.type != 1 || file.sha256.empty() || evidence.files.empty() || case_file::content_name(file) != "live") return {};
    if (!among(k_sleuthkit_filesystems, volume.filesystem) || volume.start % 512 != 0) return {};
    if (volume.scheme == "lvm" || volume.scheme == "lvm2" || volume.scheme == "md" || volume.scheme == "luks") return {};
    std::string image, first;
    if (among(k_sleuthkit_containers, evidence.format)) {
        for (const auto& part : evidence.files) image += (image.empty() ? "" : " ") + shell_quoted(part.name);
        if (evidence.format == "vmdk") image = shell_quoted(evidence.files.front().name);  // a descriptor names its extents
    } else {
        const std::string raw = evidence.files.front().name + ".raw";
        first = fmt::format("qemu-img convert -O raw {} {} && ", shell_quoted(evidence.files.front().name), shell_quoted(raw));
        image = shell_quoted(raw);
    }
    const std::string offset = volume.start == 0 ? "" : fmt::format("-o {} ", volume.start / 512);
    return {fmt::format("{}icat {}{} {} | sha256sum", first, offset, image, case_file::number_of(file.inode))};
}

}  // namespace deadbox::report
