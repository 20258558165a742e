#include "binaries/capability.hpp"

#include <array>

#include "base/byte_cursor.hpp"

namespace deadbox::plugins::binaries {
namespace {

constexpr std::array<std::string_view, 41> k_capability_names = {"cap_chown", "cap_dac_override", "cap_dac_read_search", "cap_fowner", "cap_fsetid", "cap_kill", "cap_setgid",
    "cap_setuid", "cap_setpcap", "cap_linux_immutable", "cap_net_bind_service", "cap_net_broadcast", "cap_net_admin", "cap_net_raw", "cap_ipc_lock", "cap_ipc_owner",
    "cap_sys_module", "cap_sys_rawio", "cap_sys_chroot", "cap_sys_ptrace", "cap_sys_pacct", "cap_sys_admin", "cap_sys_boot", "cap_sys_nice", "cap_sys_resource",
    "cap_sys_time", "cap_sys_tty_config", "cap_mknod", "cap_lease", "cap_audit_write", "cap_audit_control", "cap_setfcap", "cap_mac_override", "cap_mac_admin",
    "cap_syslog", "cap_wake_alarm", "cap_block_suspend", "cap_audit_read", "cap_perfmon", "cap_bpf", "cap_checkpoint_restore"};

}  // namespace

std::optional<FileCapabilities> decode_capabilities(base::ByteView value) {
    base::ByteCursor cursor(value);
    const auto magic = cursor.le32();
    const auto revision = magic >> 24;
    if (revision < 1 || revision > 3) return std::nullopt;
    FileCapabilities found;
    found.effective = (magic & 1) != 0;
    found.permitted = cursor.le32(), found.inheritable = cursor.le32();
    if (revision > 1) {
        found.permitted |= std::uint64_t{cursor.le32()} << 32;
        found.inheritable |= std::uint64_t{cursor.le32()} << 32;
    }
    if (revision == 3) found.root_uid = cursor.le32();
    return cursor.ok() ? std::optional(found) : std::nullopt;
}

std::optional<std::string_view> find_attribute(std::string_view packed, std::string_view name) {
    // Only a list that ends exactly at the end is believed.
    base::ByteCursor cursor(base::as_bytes(packed));
    std::optional<std::string_view> found;
    while (cursor.ok() && cursor.left() > 0) {
        const auto found_name = base::as_text(cursor.take(cursor.le16()));
        const auto value = base::as_text(cursor.take(cursor.le32()));
        if (found_name == name) found = value;
    }
    return cursor.ok() ? found : std::nullopt;
}

std::string capability_names(std::uint64_t set) {
    std::string names;
    for (std::size_t i = 0; i < 64; ++i) {
        if ((set >> i & 1) == 0) continue;
        if (!names.empty()) names += ',';
        names += i < k_capability_names.size() ? std::string(k_capability_names[i]) : "cap_" + std::to_string(i);
    }
    return names;
}

std::optional<std::uint64_t> capability_set(std::string_view names) {
    std::uint64_t set = 0;
    while (!names.empty()) {
        const auto comma = names.find(',');
        std::size_t i = 0;
        while (i < k_capability_names.size() && k_capability_names[i] != names.substr(0, comma)) ++i;
        if (i == k_capability_names.size()) return std::nullopt;
        set |= std::uint64_t{1} << i;
        names.remove_prefix(comma == std::string_view::npos ? names.size() : comma + 1);
    }
    return set;
}

}  // namespace deadbox::plugins::binaries
