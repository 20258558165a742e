// The value of the extended attribute security.capability (linux/capability.h, struct vfs_cap_data, little-endian):
//   u32 magic: revision in the top byte (1, 2, 3), bit 0 effective; then permitted and inheritable, u32 each: once in
//   revision 1, twice (low, high) in 2 and 3; revision 3 ends with u32 root uid of a user namespace.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace deadbox::plugins::binaries {

struct FileCapabilities {
    std::uint64_t permitted = 0, inheritable = 0;
    bool effective = false;
    std::uint32_t root_uid = 0;
};
std::optional<FileCapabilities> decode_capabilities(base::ByteView value);
// The attribute's value in a packed list (schema.sql, inode.attributes); nothing where it is not there or the list is damaged.
std::optional<std::string_view> find_attribute(std::string_view packed, std::string_view name);

std::string capability_names(std::uint64_t set);  // "cap_net_raw,cap_setuid"
std::optional<std::uint64_t> capability_set(std::string_view names);
// Those that lead to every right of root.
inline constexpr std::uint64_t k_root_capabilities = 1ULL << 0 | 1ULL << 1 | 1ULL << 2 | 1ULL << 3 | 1ULL << 4 | 1ULL << 6 | 1ULL << 7 | 1ULL << 8 | 1ULL << 16 |
                                                     1ULL << 17 | 1ULL << 18 | 1ULL << 19 | 1ULL << 21 | 1ULL << 27 | 1ULL << 31 | 1ULL << 32 | 1ULL << 33 | 1ULL << 39;

}  // namespace deadbox::plugins::binaries
