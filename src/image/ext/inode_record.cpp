#include "image/ext/inode_record.hpp"

#include <algorithm>

#include "image/ext/checksum.hpp"

namespace deadbox::image::ext {
namespace {
using base::load_le16;
using base::load_le32;
}  // namespace

FileType InodeRecord::type() const {
    switch (mode() >> 12) {
        case 1: return FileType::fifo;
        case 2: return FileType::character;
        case 4: return FileType::directory;
        case 6: return FileType::block;
        case 8: return FileType::file;
        case 10: return FileType::symlink;
        case 12: return FileType::socket;
        default: return FileType::unknown;
    }
}

std::uint64_t InodeRecord::size(bool large_dir) const {
    const std::uint64_t low = load_le32(bytes, 4);
    const bool wide = type() == FileType::file || (large_dir && type() == FileType::directory);
    return wide ? std::min(low | std::uint64_t{load_le32(bytes, 108)} << 32, k_most_file_bytes) : low;
}

std::uint64_t InodeRecord::sectors(bool huge_files, std::uint32_t block_size) const {
    if (!huge_files) return load_le32(bytes, 28);
    const std::uint64_t units = load_le32(bytes, 28) | std::uint64_t{load_le16(bytes, 116)} << 32;
    return has(inode_flag::huge_file) ? units * (block_size / 512) : units;
}

std::size_t InodeRecord::extra_size() const {
    if (bytes.size() <= 128 || extra_size_bad()) return 0;
    return load_le16(bytes, 128);
}

bool InodeRecord::extra_size_bad() const {
    if (bytes.size() <= 128) return false;
    const std::size_t extra = load_le16(bytes, 128);
    return extra > bytes.size() - 128 || extra % 4 != 0;
}

base::Timestamp InodeRecord::time(std::size_t offset, std::size_t extra_offset) const {
    base::Timestamp time{static_cast<std::int32_t>(load_le32(bytes, offset)), 0};
    if (!has_field(extra_offset)) return time;
    // Two bits extend the 32-bit seconds to the year 2446, thirty hold nanoseconds.
    const std::uint32_t extra = load_le32(bytes, extra_offset);
    time.seconds += std::int64_t{extra & 3} << 32;
    time.nanoseconds = std::min(extra >> 2, 999'999'999u);
    return time;
}

std::optional<base::Timestamp> InodeRecord::born() const {
    if (!has_field(144)) return std::nullopt;
    return time(144, 148);
}

std::uint32_t InodeRecord::device_major() const {
    if (const auto old = load_le32(map(), 0); old != 0) return old >> 8 & 0xff;
    return load_le32(map(), 4) >> 8 & 0xfff;
}

std::uint32_t InodeRecord::device_minor() const {
    if (const auto old = load_le32(map(), 0); old != 0) return old & 0xff;
    const std::uint32_t device = load_le32(map(), 4);
    return (device & 0xff) | (device >> 12 & 0xfff00);
}

bool InodeRecord::says_something() const {
    for (const std::size_t offset : {8, 12, 16, 20})
        if (load_le32(bytes, offset) != 0) return true;
    return mode() != 0 || links() != 0;
}

bool InodeRecord::fast_symlink() const {
    if (type() != FileType::symlink || has(inode_flag::inline_data) || load_le32(bytes, 4) >= k_map_bytes) return false;
    return !has(inode_flag::extents) || load_le16(map(), 0) != 0xF30A;
}

std::uint32_t inode_seed(std::uint32_t filesystem_seed, std::uint64_t number, std::uint32_t generation) {
    return crc32c_le32(crc32c_le32(filesystem_seed, static_cast<std::uint32_t>(number)), generation);
}

bool inode_checksum_ok(const InodeRecord& inode, std::uint32_t filesystem_seed) {
    static constexpr std::array<std::byte, 2> zeros{};
    const auto bytes = inode.view();
    std::uint32_t crc = inode_seed(filesystem_seed, inode.number, inode.generation());
    crc = crc32c(crc, bytes.first(124));
    crc = crc32c(crc, zeros);
    crc = crc32c(crc, bytes.subspan(126, 2));
    if (bytes.size() == 128) return (crc & 0xffff) == load_le16(bytes, 124);
    const bool high = load_le16(bytes, 128) >= 4;  // is the checksum's high half a field of this inode?
    crc = crc32c(crc, bytes.subspan(128, 2));
    crc = high ? crc32c(crc, zeros) : crc32c(crc, bytes.subspan(130, 2));
    crc = crc32c(crc, bytes.subspan(132));
    if (!high) return (crc & 0xffff) == load_le16(bytes, 124);
    return crc == (load_le16(bytes, 124) | std::uint32_t{load_le16(bytes, 130)} << 16);
}

}  // namespace deadbox::image::ext
