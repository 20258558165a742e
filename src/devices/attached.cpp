#include "devices/attached.hpp"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <memory>
#include <set>
#include <sstream>
#include <utility>

namespace deadbox::devices {
namespace {

constexpr std::uint64_t k_kernel_sector = 512;  // the unit of /sys/block/*/size and stat, whatever the disk's own
constexpr int k_layers = 8;                     // of devices on devices
constexpr std::size_t k_stat_sectors_written = 6;  // place in /sys/block/*/stat (Documentation/block/stat.rst)

std::string first_line(const std::string& path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    const auto from = line.find_first_not_of(" \t");
    if (from == std::string::npos) return {};
    return line.substr(from, line.find_last_not_of(" \t\r") - from + 1);
}

std::uint64_t number_in(const std::string& path) {
    const auto text = first_line(path);
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

std::vector<std::string> names_in(const std::string& folder) {
    std::vector<std::string> names;
    const std::unique_ptr<DIR, int (*)(DIR*)> open(opendir(folder.c_str()), &closedir);
    if (!open) return names;
    while (const dirent* entry = readdir(open.get())) {
        if (entry->d_name[0] != '.') names.emplace_back(entry->d_name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

// mountinfo and swaps write space, tab, newline and backslash as \ooo.
std::string unescape(const std::string& text) {
    std::string plain;
    for (std::size_t at = 0; at < text.size(); ++at) {
        int value = 0;
        if (text[at] == '\\' && at + 3 < text.size() && std::from_chars(&text[at + 1], &text[at + 4], value, 8).ptr == &text[at + 4]) {
            plain += static_cast<char>(value);
            at += 3;
        } else plain += text[at];
    }
    return plain;
}

bool has_word(const std::string& list, std::string_view word) {
    std::istringstream parts(list);
    for (std::string part; std::getline(parts, part, ',');) {
        if (part == word) return true;
    }
    return false;
}

struct Mount {
    std::string number, place;  // "8:2"
    bool writable = false;
};

// proc(5): id parent major:minor root mount-point options [fields] - type source super-options
std::vector<Mount> mounts(const std::string& root) {
    std::vector<Mount> all;
    std::ifstream file(root + "/proc/self/mountinfo");
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        std::string id, parent, number, inside, place, options, word, type, source, super;
        words >> id >> parent >> number >> inside >> place >> options;
        while (words >> word && word != "-") {}
        words >> type >> source >> super;
        if (!place.empty()) all.push_back({number, unescape(place), has_word(options, "rw") && has_word(super, "rw")});
    }
    return all;
}

std::set<std::string> swaps(const std::string& root) {
    std::set<std::string> names;
    std::ifstream file(root + "/proc/swaps");
    std::string line;
    std::getline(file, line);  // the heading
    while (std::getline(file, line)) {
        const auto path = unescape(line.substr(0, line.find_first_of(" \t")));
        if (path.starts_with("/dev/")) names.insert(path.substr(5));
    }
    return names;
}

// udev's database: lines "E:KEY=value".
std::string udev_value(const std::string& root, const std::string& number, std::string_view key) {
    std::ifstream file(root + "/run/udev/data/b" + number);
    const auto begin = "E:" + std::string(key) + "=";
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with(begin)) return line.substr(begin.size());
    }
    return {};
}

class Machine {
public:
    explicit Machine(std::string root) : m_root(std::move(root)), m_mounts(mounts(m_root)), m_swaps(swaps(m_root)) {}

    // `disk`: its folder in /sys; `part`: the name of a partition in it, or "".
    Device read(const std::string& disk, const std::string& part) const {
        const auto folder = part.empty() ? disk : disk + "/" + part;
        const auto name = part.empty() ? disk.substr(disk.rfind('/') + 1) : part;
        const auto number = first_line(disk + "/dev");
        Device device;
        device.name = name;
        device.path = "/dev/" + name;
        device.size = number_in(folder + "/size") * k_kernel_sector;
        device.sector = static_cast<std::uint32_t>(std::max<std::uint64_t>(number_in(disk + "/queue/logical_block_size"), k_kernel_sector));
        device.read_only = number_in(folder + "/ro") != 0;
        device.removable = number_in(disk + "/removable") != 0;
        device.under_rule = udev_value(m_root, number, "DEADBOX_EXAMINATION") == "1";
        device.model = first_line(disk + "/device/model");
        device.serial = first_line(disk + "/device/serial");
        if (device.serial.empty()) device.serial = first_line(disk + "/serial");  // virtio
        if (device.serial.empty()) device.serial = udev_value(m_root, number, "ID_SERIAL_SHORT");
        device.transport = udev_value(m_root, number, "ID_BUS");
        if (device.transport.empty() && name.starts_with("nvme")) device.transport = "nvme";
        if (device.transport.empty() && name.starts_with("vd")) device.transport = "virtio";
        std::istringstream statistics(first_line(folder + "/stat"));
        for (std::size_t place = 0; place <= k_stat_sectors_written; ++place) statistics >> device.sectors_written;
        add_uses(device, folder, name, 0);
        if (!part.empty()) return device;
        for (const auto& each : names_in(folder)) {
            if (number_in(folder + "/" + each + "/partition") == 0) continue;
            device.partitions.push_back(each);
            add_uses(device, folder + "/" + each, each, 0);
        }
        return device;
    }

private:
    void add_uses(Device& device, const std::string& folder, const std::string& name, int depth) const {
        const auto number = first_line(folder + "/dev");
        for (const auto& mount : m_mounts) {
            if (!number.empty() && mount.number == number) device.uses.push_back({name, "mount", mount.place, {}, mount.writable});
        }
        if (m_swaps.contains(name)) device.uses.push_back({name, "swap", {}, {}, true});
        if (depth >= k_layers) return;
        for (const auto& holder : names_in(folder + "/holders")) {  // LVM, md, LUKS, multipath
            const auto place = m_root + "/sys/block/" + holder;
            device.uses.push_back({name, "holder", holder, kind_of(place), number_in(place + "/ro") == 0 && !is_read_only_array(place)});
            add_uses(device, place, holder, depth + 1);
        }
    }

    // dm/uuid is "LVM-...", "mpath-...", "CRYPT-LUKS2-..." by what made it; md/level is "raid1", "linear" ...
    static std::string kind_of(const std::string& holder) {
        static constexpr std::pair<std::string_view, std::string_view> k_makers[] = {{"LVM-", "lvm"}, {"mpath-", "multipath"}, {"CRYPT-", "crypt"}, {"DMRAID-", "dmraid"}, {"part", "partition"}};
        const auto made = first_line(holder + "/dm/uuid");
        for (const auto& [begin, kind] : k_makers)
            if (made.starts_with(begin)) return std::string(kind);
        if (const auto level = first_line(holder + "/md/level"); !level.empty()) return "md " + level;
        return holder.substr(holder.rfind('/') + 1).starts_with("bcache") ? "bcache" : "";
    }

    // An array that was only read from since it was put together ("read-auto") is written to by the first write.
    static bool is_read_only_array(const std::string& holder) { return first_line(holder + "/md/array_state") == "readonly"; }

    std::string m_root;
    std::vector<Mount> m_mounts;
    std::set<std::string> m_swaps;
};

bool is_disk(const std::string& name) {
    // What is built on disks stands among their uses; RAM is none.
    static constexpr std::string_view k_others[] = {"ram", "zram", "dm-", "md", "sr", "fd"};
    return std::none_of(std::begin(k_others), std::end(k_others), [&](std::string_view other) { return name.starts_with(other); });
}

}  // namespace

bool Device::in_use_writable() const {
    return std::any_of(uses.begin(), uses.end(), [](const Use& use) { return use.writable; });
}

base::Result<std::vector<Device>> attached(const std::string& root) {
    const auto names = names_in(root + "/sys/block");
    if (names.empty()) return base::fail(base::Errc::not_found, root + "/sys/block shows no devices: is /sys mounted here?");
    const Machine machine(root);
    std::vector<Device> devices;
    for (const auto& name : names) {
        if (!is_disk(name)) continue;
        Device device = machine.read(root + "/sys/block/" + name, {});
        if (device.size > 0) devices.push_back(std::move(device));
    }
    return devices;
}

std::optional<Device> device_of(dev_t number, const std::string& root) {
    // /sys/dev/block/8:1 is a link to the device's folder, which for a partition lies in its disk's.
    const auto link = root + "/sys/dev/block/" + std::to_string(::major(number)) + ":" + std::to_string(::minor(number));
    std::array<char, PATH_MAX> real{};
    if (::realpath(link.c_str(), real.data()) == nullptr) return std::nullopt;
    const std::string folder = real.data();
    const auto slash = folder.rfind('/');
    const Machine machine(root);
    if (number_in(folder + "/partition") == 0) return machine.read(folder, {});
    return machine.read(folder.substr(0, slash), folder.substr(slash + 1));
}

}  // namespace deadbox::devices
