#include "image/ext/superblock.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "image/ext/checksum.hpp"

namespace deadbox::image::ext {
namespace {

using base::Errc;
using base::fail;
using base::load_le16;
using base::load_le32;
using base::load_u8;

constexpr std::uint16_t k_superblock_magic = 0xEF53;

bool power_of(std::uint64_t number, std::uint64_t base) {
    std::uint64_t power = base;
    while (power < number) power *= base;
    return power == number;
}

std::optional<Superblock> read_copy(const base::ByteSource& volume, std::uint64_t offset) {
    std::array<std::byte, k_superblock_bytes> bytes{};
    if (offset > volume.size() || !base::read_exactly(volume, offset, bytes)) return std::nullopt;
    auto decoded = decode_superblock(bytes);
    if (!decoded) return std::nullopt;
    return *std::move(decoded);
}

// Inodes and blocks must tell of the same number of groups.
bool consistent(const Superblock& super) {
    const std::uint64_t groups = (super.blocks - super.first_data_block + super.blocks_per_group - 1) / super.blocks_per_group;
    return super.checksum_ok && groups * super.inodes_per_group == super.inodes;
}

struct Backup {
    Superblock superblock;
    std::uint64_t offset = 0;
};

// Backups lie in groups whose size is nearly always 8 x the block size in blocks; `hint` is a damaged first copy.
std::optional<Backup> find_backup(const base::ByteSource& volume, const Superblock* hint) {
    auto try_at = [&](std::uint64_t offset, std::uint64_t block_size) -> std::optional<Backup> {
        auto copy = read_copy(volume, offset);
        if (!copy || !consistent(*copy) || copy->block_size != block_size || copy->group == 0) return std::nullopt;
        if (copy->group_start(copy->group) * block_size != offset) return std::nullopt;
        return Backup{*std::move(copy), offset};
    };
    if (hint != nullptr)
        for (const std::uint64_t group : {std::uint64_t{1}, std::uint64_t{3}, std::uint64_t{5}, std::uint64_t{hint->backup_groups[0]}})
            if (auto found = try_at(hint->group_start(group) * hint->block_size, hint->block_size)) return found;
    for (std::uint64_t block_size = 1024; block_size <= 65536; block_size *= 2) {
        const std::uint64_t first = block_size == 1024 ? 1 : 0;
        for (const std::uint64_t per_group : {8 * block_size, std::min<std::uint64_t>(8 * block_size, 65528), std::uint64_t{8192}, std::uint64_t{32768}})
            for (const std::uint64_t group : {1, 3, 5, 7, 9})
                if (auto found = try_at((first + group * per_group) * block_size, block_size)) return found;
    }
    return std::nullopt;
}

// The beginnings of what else may have been made over an old ext file system, whose backups then still lie about.
bool other_format_at_start(const base::ByteSource& volume) {
    struct Signature {
        std::uint64_t offset;
        std::string_view bytes;
    };
    static constexpr Signature signatures[] = {
        {0, "XFSB"}, {0x10040, "_BHRfS_M"}, {3, "NTFS    "}, {3, "EXFAT   "}, {510, "\x55\xAA"}, {4086, "SWAPSPACE2"}, {512, "LABELONE"},
        {0, "LABELONE"}, {1024, "LABELONE"}, {1536, "LABELONE"}, {0, "LUKS\xBA\xBE"}, {4096, "\xFC\x4E\x2B\xA9"}, {0, "\xFC\x4E\x2B\xA9"},
        {32769, "CD001"}, {0, "hsqs"}, {1024, "H+\0\4"}, {0x10034, "ReIsEr"}, {1024, "\x10\x20\xF5\xF2"}, {512, "EFI PART"}, {32768, "JFS1"},
    };
    for (const auto& [offset, bytes] : signatures) {
        std::array<std::byte, 16> found{};
        const auto got = volume.read_at(offset, std::span(found).first(bytes.size()));
        if (got && *got == bytes.size() && base::as_text(std::span(found).first(bytes.size())) == bytes) return true;
    }
    return false;
}

}  // namespace

bool Superblock::group_has_superblock(std::uint64_t number) const {
    if (number == 0) return true;
    if (has_compat(compat::sparse_super2)) return number == backup_groups[0] || number == backup_groups[1];
    if (number == 1 || !has_ro_compat(ro_compat::sparse_super)) return true;
    return (number & 1) != 0 && (power_of(number, 3) || power_of(number, 5) || power_of(number, 7));
}

std::string Superblock::uuid_text() const {
    if (std::all_of(uuid.begin(), uuid.end(), [](std::byte b) { return b == std::byte{0}; })) return {};
    std::string text;
    for (std::size_t i = 0; i < uuid.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
        text += fmt::format("{:02x}", std::to_integer<unsigned>(uuid[i]));
    }
    return text;
}

std::string Superblock::type_name() const {
    constexpr std::uint32_t ext3_incompat = incompat::filetype | incompat::recover | incompat::meta_bg | incompat::compression;
    constexpr std::uint32_t ext3_ro_compat = ro_compat::sparse_super | ro_compat::large_file | ro_compat::btree_dir;
    if ((incompat & ~ext3_incompat) != 0 || (ro_compat & ~ext3_ro_compat) != 0) return "ext4";
    return has_compat(compat::has_journal) ? "ext3" : "ext2";
}

base::Result<Superblock> decode_superblock(base::ByteView bytes) {
    const auto bad = [](const char* what) { return fail(Errc::corrupt, std::string("ext superblock: ") + what); };
    if (bytes.size() < k_superblock_bytes) return fail(Errc::truncated, "ext superblock");
    if (load_le16(bytes, 56) != k_superblock_magic) return bad("no magic");
    Superblock s;
    const std::uint32_t log_block = load_le32(bytes, 24);
    if (log_block > 6) return bad("block size");
    s.block_size = 1024u << log_block;
    s.inodes = load_le32(bytes, 0);
    s.blocks = load_le32(bytes, 4);
    s.first_data_block = load_le32(bytes, 20);
    s.blocks_per_group = load_le32(bytes, 32);
    s.inodes_per_group = load_le32(bytes, 40);
    s.state = load_le16(bytes, 58);
    s.revision = load_le32(bytes, 76);
    s.group = load_le16(bytes, 90);
    if (s.revision > 0) {
        s.first_inode = load_le32(bytes, 84);
        s.inode_size = load_le16(bytes, 88);
        s.compat = load_le32(bytes, 92);
        s.incompat = load_le32(bytes, 96);
        s.ro_compat = load_le32(bytes, 100);
    }
    std::copy_n(bytes.begin() + 104, 16, s.uuid.begin());
    const auto label = base::as_text(bytes.subspan(120, 16));
    s.label = label.substr(0, label.find('\0'));
    s.journal_inode = load_le32(bytes, 224);
    s.journal_device = load_le32(bytes, 228);
    s.last_orphan = load_le32(bytes, 232);
    if (load_u8(bytes, 253) == 1) {
        std::copy_n(bytes.begin() + 268, 60, s.journal_map.begin());
        s.journal_map_size = load_le32(bytes, 268 + 64) | std::uint64_t{load_le32(bytes, 268 + 60)} << 32;
    }
    s.first_meta_bg = load_le32(bytes, 260);
    if (s.has_incompat(incompat::wide)) {
        s.blocks |= std::uint64_t{load_le32(bytes, 0x150)} << 32;
        s.descriptor_size = load_le16(bytes, 254);
        if (s.descriptor_size < 64 || s.descriptor_size > s.block_size || (s.descriptor_size & (s.descriptor_size - 1)) != 0)
            return bad("descriptor size");
    }
    if (s.has_ro_compat(ro_compat::big_cluster)) {
        const std::uint32_t log_cluster = load_le32(bytes, 28);
        if (log_cluster < log_block || log_cluster > 30) return bad("cluster size");
        s.cluster_blocks = 1u << (log_cluster - log_block);
    }
    s.backup_groups = {load_le32(bytes, 0x24C), load_le32(bytes, 0x250)};
    s.orphan_file_inode = load_le32(bytes, 0x280);
    s.checksum_seed = s.has_incompat(incompat::checksum_seed) ? load_le32(bytes, 0x270) : crc32c(~0u, s.uuid);
    if (s.checksums()) s.checksum_ok = crc32c(~0u, bytes.first(0x3FC)) == load_le32(bytes, 0x3FC);

    if (s.has_incompat(incompat::journal_dev)) return s;  // no file system: its geometry says nothing
    if (s.inode_size < 128 || s.inode_size > s.block_size || (s.inode_size & (s.inode_size - 1)) != 0) return bad("inode size");
    if (s.blocks_per_group < 64 || s.blocks_per_group > 8ull * s.block_size * s.cluster_blocks) return bad("blocks in a group");
    if (s.inodes_per_group == 0 || s.inodes_per_group > 8 * s.block_size) return bad("inodes in a group");
    if (s.blocks <= s.first_data_block || s.blocks > std::uint64_t{1} << 48 || s.first_data_block > 1) return bad("number of blocks");
    if (s.inodes < 2) return bad("number of inodes");
    const std::uint64_t by_blocks = (s.blocks - s.first_data_block + s.blocks_per_group - 1) / s.blocks_per_group;
    const std::uint64_t by_inodes = (std::uint64_t{s.inodes} + s.inodes_per_group - 1) / s.inodes_per_group;
    s.groups = static_cast<std::uint32_t>(std::min(by_blocks, by_inodes));
    if (s.first_inode > s.inodes) s.first_inode = 11;
    return s;
}

base::Result<FoundSuperblock> find_superblock(const base::ByteSource& volume, base::DamageSink& damage) {
    const auto first = read_copy(volume, k_superblock_offset);
    if (first && (first->has_incompat(incompat::journal_dev) || consistent(*first))) return FoundSuperblock{*first};
    if (auto backup = find_backup(volume, first ? &*first : nullptr)) {
        damage.damage({base::Gap::Level::note, backup->superblock.type_name(), "the superblock is damaged: a backup of it was used", "",
                       fmt::format("backup at byte {} of the volume", backup->offset)});
        return FoundSuperblock{std::move(backup->superblock), backup->offset};
    }
    if (!first) return fail(Errc::corrupt, "no usable ext superblock, neither the first nor a backup");
    damage.damage({base::Gap::Level::note, first->type_name(), "the superblock is damaged and no backup of it was found", "", ""});
    return FoundSuperblock{*first};
}

bool looks_like_ext(const base::ByteSource& volume) {
    std::array<std::byte, k_superblock_bytes> bytes{};
    if (!base::read_exactly(volume, k_superblock_offset, bytes)) return false;
    if (decode_superblock(bytes)) return true;
    return !other_format_at_start(volume) && find_backup(volume, nullptr).has_value();
}

}  // namespace deadbox::image::ext
