// The superblock of ext2/3/4: geometry and features. Its first copy lies at byte 1024, others at the start of some
// block groups.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "base/byte_source.hpp"
#include "base/gap.hpp"

namespace deadbox::image::ext {

inline constexpr std::size_t k_superblock_bytes = 1024;
inline constexpr std::uint64_t k_superblock_offset = 1024;

namespace compat {
inline constexpr std::uint32_t has_journal = 0x4, dir_index = 0x20, sparse_super2 = 0x200, fast_commit = 0x400, orphan_file = 0x1000;
}
namespace incompat {
inline constexpr std::uint32_t compression = 0x1, filetype = 0x2, recover = 0x4, journal_dev = 0x8, meta_bg = 0x10, extents = 0x40,
                               wide = 0x80, mmp = 0x100, flex_bg = 0x200, ea_inode = 0x400, dirdata = 0x1000, checksum_seed = 0x2000,
                               large_dir = 0x4000, inline_data = 0x8000, encrypt = 0x10000, casefold = 0x20000;
inline constexpr std::uint32_t known = 0x3F7DE;
}
namespace ro_compat {
inline constexpr std::uint32_t sparse_super = 0x1, large_file = 0x2, btree_dir = 0x4, huge_file = 0x8, descriptor_checksum = 0x10,
                               big_cluster = 0x200, metadata_checksum = 0x400, orphan_present = 0x10000;
}

struct Superblock {
    std::uint32_t block_size = 0;
    std::uint64_t blocks = 0;
    std::uint32_t first_data_block = 0;
    std::uint32_t blocks_per_group = 0;
    std::uint32_t inodes_per_group = 0;
    std::uint32_t inodes = 0;
    std::uint32_t groups = 0;  // as far as both blocks and inodes reach
    std::uint32_t inode_size = 128;
    std::uint32_t descriptor_size = 32;
    std::uint32_t first_inode = 11;  // those below it are the file system's own
    std::uint32_t revision = 0;
    std::uint32_t compat = 0, incompat = 0, ro_compat = 0;
    std::uint16_t state = 0;  // 1 cleanly unmounted, 2 errors seen
    std::uint32_t journal_inode = 0, journal_device = 0;
    std::array<std::byte, 60> journal_map{};  // a copy of the journal inode's map, where journal_map_size is not 0
    std::uint64_t journal_map_size = 0;
    std::uint32_t last_orphan = 0, orphan_file_inode = 0;
    std::uint32_t first_meta_bg = 0;
    std::array<std::uint32_t, 2> backup_groups{};
    std::uint32_t checksum_seed = 0;
    std::uint32_t cluster_blocks = 1;
    std::uint16_t group = 0;  // which group this copy says it belongs to
    std::array<std::byte, 16> uuid{};
    std::string label;
    bool checksum_ok = true;  // also true where there is none

    bool has_compat(std::uint32_t feature) const { return (compat & feature) != 0; }
    bool has_incompat(std::uint32_t feature) const { return (incompat & feature) != 0; }
    bool has_ro_compat(std::uint32_t feature) const { return (ro_compat & feature) != 0; }
    bool checksums() const { return has_ro_compat(ro_compat::metadata_checksum); }
    // Descriptors say which inodes were never used only where they carry a checksum.
    bool descriptors_checked() const { return checksums() || has_ro_compat(ro_compat::descriptor_checksum); }
    std::uint32_t descriptors_per_block() const { return block_size / descriptor_size; }
    std::uint64_t group_start(std::uint64_t number) const { return first_data_block + number * blocks_per_group; }
    bool group_has_superblock(std::uint64_t number) const;
    std::string uuid_text() const;
    std::string type_name() const;  // "ext2", "ext3", "ext4"
};

// `bytes` are the superblock's 1,024. Errc::corrupt where the geometry makes no sense.
base::Result<Superblock> decode_superblock(base::ByteView bytes);

// The first copy, or a backup where that is damaged (with a gap that says so).
struct FoundSuperblock {
    Superblock superblock;
    std::uint64_t offset = k_superblock_offset;  // where this copy was
    bool backup() const { return offset != k_superblock_offset; }
};
base::Result<FoundSuperblock> find_superblock(const base::ByteSource& volume, base::DamageSink& damage);

// Whether this volume is ext2/3/4 (or the journal device of one). A backup counts only where nothing else claims the start.
bool looks_like_ext(const base::ByteSource& volume);

}  // namespace deadbox::image::ext
