#include "devices/examination_rule.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <string_view>

namespace deadbox::devices {
namespace {

// udev(7): of files of one name the first of these folders counts; an empty file, or a link to /dev/null, switches it off.
constexpr std::string_view k_folders[] = {"/etc/udev/rules.d/", "/run/udev/rules.d/", "/usr/local/lib/udev/rules.d/", "/usr/lib/udev/rules.d/", "/lib/udev/rules.d/"};
constexpr std::string_view k_rule = "61-deadbox-examination.rules";
constexpr std::string_view k_own_disks = "61-deadbox-disks.rules";  // without it the rule does nothing

// The file that counts; "" where there is none.
std::string find(const std::string& root, std::string_view name) {
    for (const auto folder : k_folders) {
        const auto path = std::string(folder) + std::string(name);
        struct stat status {};
        if (::lstat((root + path).c_str(), &status) == 0) return path;
    }
    return {};
}

bool is_filled(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0;
}

}  // namespace

std::string_view id_of(ExaminationRule::State state) {
    constexpr std::string_view k_ids[] = {"active", "not_installed", "switched_off", "no_disk_list", "no_udev"};
    return k_ids[static_cast<std::size_t>(state)];
}

ExaminationRule examination_rule(const std::string& root) {
    const auto rule = find(root, k_rule), disks = find(root, k_own_disks);
    using enum ExaminationRule::State;
    if (rule.empty()) return {not_installed, rule, "it is not installed"};
    if (!is_filled(root + rule)) return {switched_off, rule, rule + " switches it off"};
    if (disks.empty() || !is_filled(root + disks)) return {no_disk_list, rule, rule + " is there, but not the list of the workstation's own disks"};
    if (::access((root + "/run/udev/control").c_str(), F_OK) != 0) return {no_udev, rule, rule + " is there, but udev does not run"};
    return {active, rule, rule};
}

}  // namespace deadbox::devices
