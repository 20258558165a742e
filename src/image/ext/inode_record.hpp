// An inode as it lies in its table.
//   0 mode u16 | 2 uid u16 | 4 size u32 | 8 atime 12 ctime 16 mtime 20 dtime u32 | 24 gid u16 | 26 links u16 | 28 blocks u32
//   32 flags u32 | 36 version u32 | 40 map, 60 bytes | 100 generation u32 | 104 acl block u32 | 108 size high u32
//   116 blocks high, 118 acl high, 120 uid high, 122 gid high, 124 checksum low u16
//   128 extra size u16 | 130 checksum high u16 | 132 ctime 136 mtime 140 atime extra | 144 birth, 148 its extra u32 | ...
//   then in-inode extended attributes
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "base/timestamp.hpp"
#include "image/filesystem.hpp"

namespace deadbox::image::ext {

namespace inode_flag {
inline constexpr std::uint32_t encrypted = 0x800, indexed = 0x1000, huge_file = 0x40000, extents = 0x80000, ea_inode = 0x200000,
                               inline_data = 0x10000000, casefold = 0x40000000;
}
inline constexpr std::size_t k_map_offset = 40, k_map_bytes = 60;
inline constexpr std::uint64_t k_most_file_bytes = INT64_MAX;  // a size is signed for the kernel and for all who get it from here

// The largest file there can be, of any map: its blocks are counted with 32 bits (ext4_max_size in the kernel's fs/ext4/super.c).
constexpr std::uint64_t most_bytes(std::uint32_t block_size) { return (std::uint64_t{UINT32_MAX}) * block_size; }

class InodeRecord {
public:
    std::uint64_t number = 0;
    std::vector<std::byte> bytes;  // the superblock's inode_size of them

    base::ByteView view() const { return bytes; }
    std::uint16_t mode() const { return base::load_le16(bytes, 0); }
    FileType type() const;
    std::uint32_t links() const { return base::load_le16(bytes, 26); }
    std::uint32_t flags() const { return base::load_le32(bytes, 32); }
    bool has(std::uint32_t flag) const { return (flags() & flag) != 0; }
    std::uint32_t generation() const { return base::load_le32(bytes, 100); }
    std::uint32_t deletion() const { return base::load_le32(bytes, 20); }
    std::uint32_t uid() const { return base::load_le16(bytes, 2) | std::uint32_t{base::load_le16(bytes, 120)} << 16; }
    std::uint32_t gid() const { return base::load_le16(bytes, 24) | std::uint32_t{base::load_le16(bytes, 122)} << 16; }
    // Regular files, and folders where large_dir is on, have 64 bits; k_most_file_bytes where they say more.
    std::uint64_t size(bool large_dir) const;
    std::uint64_t sectors(bool huge_files, std::uint32_t block_size) const;  // 512-byte units, map blocks included
    std::uint64_t attribute_block(bool wide) const {
        return base::load_le32(bytes, 104) | (wide ? std::uint64_t{base::load_le16(bytes, 118)} << 32 : 0);
    }
    base::ByteView map() const { return view().subspan(k_map_offset, k_map_bytes); }
    // Bytes behind the first 128 that are fields; 0 where the inode has none or says something impossible.
    std::size_t extra_size() const;
    bool extra_size_bad() const;
    base::Timestamp accessed() const { return time(8, 140); }
    base::Timestamp changed() const { return time(12, 132); }
    base::Timestamp modified() const { return time(16, 136); }
    std::optional<base::Timestamp> born() const;
    std::uint32_t device_major() const, device_minor() const;
    // Anything but zeros in mode, times or links.
    bool says_something() const;
    bool fast_symlink() const;

private:
    base::Timestamp time(std::size_t offset, std::size_t extra_offset) const;
    bool has_field(std::size_t offset) const { return offset + 4 <= 128 + extra_size(); }
};

// Whether the record's checksum is right.
bool inode_checksum_ok(const InodeRecord& inode, std::uint32_t filesystem_seed);
// What checksums of an inode's own blocks start from.
std::uint32_t inode_seed(std::uint32_t filesystem_seed, std::uint64_t number, std::uint32_t generation);

}  // namespace deadbox::image::ext
