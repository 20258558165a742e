// Volumes that are recognized by their signatures and not read (yet): each is named in the ledger, never passed over.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "image/filesystem.hpp"
#include "image/volume/formats.hpp"

namespace deadbox::image {
using base::Gap;
namespace {
using namespace std::string_view_literals;

struct Signature {
    std::uint64_t offset;
    std::string_view bytes;
    std::string_view holds;
    Gap::Level level;
    std::string_view reason;
};

constexpr auto k_gap = Gap::Level::gap;
constexpr auto k_limit = Gap::Level::limit;
constexpr std::string_view k_lvm = "an LVM2 physical volume is not read yet";
constexpr std::string_view k_md = "a member of a Linux software RAID (md) is not read yet";
constexpr std::string_view k_swap = "swap space is not examined";
constexpr std::string_view k_zfs = "a ZFS pool member is not read";

constexpr auto k_signatures = std::to_array<Signature>({
    {0, "LUKS\xba\xbe\x00\x01"sv, "luks1", k_gap, "a LUKS1 encrypted volume is not read yet"},
    {0, "LUKS\xba\xbe\x00\x02"sv, "luks2", k_gap, "a LUKS2 encrypted volume is not read yet"},
    {0x4000, "SKUL\xba\xbe\x00\x02"sv, "luks2", k_gap, "a LUKS2 encrypted volume is not read yet"},
    {0x218, "LVM2 001"sv, "lvm2", k_gap, k_lvm},
    {0x018, "LVM2 001"sv, "lvm2", k_gap, k_lvm},
    {0x418, "LVM2 001"sv, "lvm2", k_gap, k_lvm},
    {0x618, "LVM2 001"sv, "lvm2", k_gap, k_lvm},
    {0x1000, "\xfc\x4e\x2b\xa9\x01\x00\x00\x00"sv, "md", k_gap, k_md},  // 1.2
    {0x0000, "\xfc\x4e\x2b\xa9\x01\x00\x00\x00"sv, "md", k_gap, k_md},  // 1.1
    {0, "XFSB"sv, "xfs", k_gap, "an XFS file system is not read yet"},
    {0x10040, "_BHRfS_M"sv, "btrfs", k_gap, "a btrfs file system is not read yet"},
    {0xff6, "SWAPSPACE2"sv, "swap", k_limit, k_swap},
    {0xff6, "SWAP-SPACE"sv, "swap", k_limit, k_swap},
    {0x1ff6, "SWAPSPACE2"sv, "swap", k_limit, k_swap},
    {0x3ff6, "SWAPSPACE2"sv, "swap", k_limit, k_swap},
    {0xfff6, "SWAPSPACE2"sv, "swap", k_limit, k_swap},
    {0xff6, "S1SUSPEND"sv, "hibernation", k_limit, "a hibernation image in swap space is not examined"},
    {0x1018, "\xc6\x85\x73\xf6\x4e\x1a\x45\xca\x82\x65\xf5\x7f\x48\xba\x6d\x81"sv, "bcache", k_gap, "a bcache device is not read yet"},
    {0x1018, "\xc6\x85\x73\xf6\x66\xce\x90\xa9\xd9\x6a\x60\xcf\x80\x3d\xf7\xef"sv, "bcachefs", k_gap, "a bcachefs file system is not read yet"},
    {3, "-FVE-FS-"sv, "bitlocker", k_gap, "a BitLocker encrypted volume is not read"},
    {424, "\x3b\xd6\x67\x49\x29\x2e\xd8\x4a\x83\x99\xf6\xa3\x39\xe3\xd0\x01"sv, "bitlocker", k_gap, "a BitLocker encrypted volume is not read"},
    {0x10034, "ReIsEr"sv, "reiserfs", k_gap, "a ReiserFS file system is not read"},
    {0x2034, "ReIsEr"sv, "reiserfs", k_gap, "a ReiserFS file system is not read"},
    {0x10000, "ReIsEr4"sv, "reiser4", k_gap, "a Reiser4 file system is not read"},
    {0x8000, "JFS1"sv, "jfs", k_gap, "a JFS file system is not read"},
    {0x400, "\x10\x20\xf5\xf2"sv, "f2fs", k_gap, "an F2FS file system is not read"},
    {0, "hsqs"sv, "squashfs", k_gap, "a SquashFS file system is not read"},
    {0x400, "\xe2\xe1\xf5\xe0"sv, "erofs", k_gap, "an EROFS file system is not read"},
    {0x406, "\x34\x34"sv, "nilfs2", k_gap, "a NILFS2 file system is not read"},
    {0, "\x45\x3d\xcd\x28"sv, "cramfs", k_gap, "a cramfs file system is not read"},
    {0x20, "NXSB"sv, "apfs", k_gap, "an APFS container is not read"},
    {3, "ReFS\0\0\0\0"sv, "refs", k_gap, "a ReFS file system is not read"},
    {0, "DRBD"sv, "drbd", k_gap, "a DRBD device is not read"},
    {0, "VMFS"sv, "vmfs", k_gap, "a VMFS datastore is not read"},
    {0x100000, "\x0d\xd0\x01\xc0"sv, "vmfs", k_gap, "a VMFS datastore is not read"},
    {0x2000, "ORCLDISK"sv, "oracleasm", k_gap, "an Oracle ASM disk is not read"},
    {0x20, "ORCLDISK"sv, "oracleasm", k_gap, "an Oracle ASM disk is not read"},
    {0x400, "OCFSV2"sv, "ocfs2", k_gap, "an OCFS2 file system is not read"},
    {0x10000, "\x01\x16\x19\x70\x00\x00\x00\x01"sv, "gfs2", k_gap, "a GFS2 file system is not read"},
    {0, "BlueStor"sv, "bluestore", k_gap, "a Ceph BlueStore device is not read"},
    {0, "bluestore block device"sv, "bluestore", k_gap, "a Ceph BlueStore device is not read"},
    {0, "stratis"sv, "stratis", k_gap, "a Stratis pool member is not read"},
    {0x1004, "!Stra0tis\x86\xff\x02^\x41rh"sv, "stratis", k_gap, "a Stratis pool member is not read"},
});

// Partition types that hold no files by definition.
struct TypeRule {
    std::string_view type, holds;
};
constexpr auto k_types = std::to_array<TypeRule>({
    {"21686148-6449-6e6f-744e-656564454649", "bios_boot"},
    {"e3c9e316-0b5c-4db8-817d-f92df00215ae", "microsoft_reserved"},
    {"9e1a2d38-c612-4316-aa26-8b49521e5a8b", "prep_boot"},
});

bool has(const base::ByteSource& bytes, std::uint64_t offset, std::string_view wanted) {
    std::array<std::byte, 32> found{};
    const auto part = base::Bytes(found).first(wanted.size());
    return base::read_exactly(bytes, offset, part) && base::as_text(part) == wanted;
}

// md's superblock versions 1.0 and 0.90 lie near the end of the member.
bool has_md_at_end(const base::ByteSource& bytes) {
    const std::uint64_t sectors = bytes.size() / 512;
    if (sectors < 256) return false;
    const std::uint64_t v10 = ((sectors - 16) & ~std::uint64_t{7}) * 512;
    const std::uint64_t v090 = (bytes.size() & ~std::uint64_t{0xffff}) - 0x10000;
    return has(bytes, v10, "\xfc\x4e\x2b\xa9\x01\x00\x00\x00"sv) || has(bytes, v090, "\xfc\x4e\x2b\xa9\x00\x00\x00\x00"sv) ||
           has(bytes, v090, "\xa9\x2b\x4e\xfc\x00\x00\x00\x00"sv);
}

// A ZFS label has an array of uberblocks from 128 KiB on; any of its slots may be in use.
bool has_zfs(const base::ByteSource& bytes) {
    for (std::uint64_t at = 0x20000; at < 0x40000; at += 0x400)
        if (has(bytes, at, "\x0c\xb1\xba\x00\x00\x00\x00\x00"sv) || has(bytes, at, "\x00\x00\x00\x00\x00\xba\xb1\x0c"sv)) return true;
    return false;
}

bool has_ext(const base::ByteSource& bytes) {
    std::array<std::byte, 4> block_size{};
    return has(bytes, 0x438, "\x53\xef"sv) && base::read_exactly(bytes, 0x418, block_size) && base::load_le32(block_size, 0) <= 6;
}

void tell(Volume& volume, std::string_view holds, Gap::Level level, std::string_view reason, base::DamageSink& damage) {
    volume.holds = holds;
    damage.damage({level, "volume", std::string(reason), volume.id, fmt::format("{} bytes from byte {}", volume.bytes->size(), volume.start)});
}

}  // namespace

bool is_used_as_a_whole(const base::ByteSource& bytes) {
    const auto& formats = filesystem_formats();
    return std::any_of(formats.begin(), formats.end(), [&](const FileSystemFormat* format) { return format->claims(bytes); }) ||
           std::any_of(k_signatures.begin(), k_signatures.end(), [&](const Signature& signature) { return has(bytes, signature.offset, signature.bytes); });
}

void recognize(Volume& volume, base::DamageSink& damage) {
    const auto& bytes = *volume.bytes;
    for (const auto& rule : k_types)
        if (volume.type == rule.type) {
            volume.holds = rule.holds;
            return;
        }
    // Other signatures on an ext file system are leftovers, but for one: a mirror's superblock lies at the end, and the
    // file system is read as it lies at the start.
    if (has_ext(bytes)) {
        if (has_md_at_end(bytes))
            damage.damage({Gap::Level::note, "volume", "a member of a Linux software RAID (md) is read by itself, as if it were the whole array", volume.id, ""});
        return;
    }
    for (const auto& signature : k_signatures) {
        if (has(bytes, signature.offset, signature.bytes)) return tell(volume, signature.holds, signature.level, signature.reason, damage);
    }
    if (has_md_at_end(bytes)) return tell(volume, "md", k_gap, k_md, damage);
    if (has_zfs(bytes)) tell(volume, "zfs", k_gap, k_zfs, damage);
}

}  // namespace deadbox::image
