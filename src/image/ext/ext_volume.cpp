#include "image/ext/ext_volume.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "image/ext/checksum.hpp"

namespace deadbox::image::ext {
namespace {

using base::Errc;
using base::fail;
using base::load_le16;
using base::load_le32;

constexpr std::size_t k_most_reports = 4096;

// The group descriptor (32 bytes, or 64 and more with the high halves behind):
//   0 block bitmap u32 | 4 inode bitmap u32 | 8 inode table u32 | 18 flags u16 | 26 inode bitmap checksum u16
//   28 unused inodes u16 | 30 checksum u16 | 36 inode bitmap high | 40 inode table high u32 | 50 unused inodes high u16
//   58 inode bitmap checksum high u16
GroupDescriptor decode_descriptor(base::ByteView bytes, bool checked) {
    const bool wide = bytes.size() >= 64;
    GroupDescriptor d;
    d.inode_bitmap = load_le32(bytes, 4) | (wide ? std::uint64_t{load_le32(bytes, 36)} << 32 : 0);
    d.inode_table = load_le32(bytes, 8) | (wide ? std::uint64_t{load_le32(bytes, 40)} << 32 : 0);
    d.bitmap_checksum = load_le16(bytes, 26) | (wide ? std::uint32_t{load_le16(bytes, 58)} << 16 : 0);
    if (checked) {
        d.inodes_unused = (load_le16(bytes, 18) & 1) != 0;
        d.unused_inodes = load_le16(bytes, 28) | (wide ? std::uint32_t{load_le16(bytes, 50)} << 16 : 0);
    }
    return d;
}

bool descriptor_checksum_ok(const Superblock& super, std::uint32_t group, base::ByteView bytes) {
    static constexpr std::array<std::byte, 2> zeros{};
    const std::uint16_t stored = load_le16(bytes, 30);
    if (super.checksums()) {
        std::uint32_t crc = crc32c_le32(super.checksum_seed, group);
        crc = crc32c(crc, bytes.first(30));
        crc = crc32c(crc, zeros);
        return (crc32c(crc, bytes.subspan(32)) & 0xffff) == stored;
    }
    if (!super.descriptors_checked()) return true;
    const std::array<std::byte, 4> number{std::byte(group & 0xff), std::byte(group >> 8 & 0xff), std::byte(group >> 16 & 0xff), std::byte(group >> 24)};
    std::uint16_t crc = crc16(crc16(0xffff, super.uuid), number);
    crc = crc16(crc, bytes.first(30));
    if (super.has_incompat(incompat::wide)) crc = crc16(crc, bytes.subspan(32));
    return crc == stored;
}

}  // namespace

ExtVolume::ExtVolume(FoundSuperblock found, std::shared_ptr<const base::ByteSource> volume, std::shared_ptr<base::DamageSink> damage)
    : m_superblock(std::move(found.superblock)), m_from_backup(found.backup()),
      m_blocks(std::move(volume), m_superblock.block_size, m_superblock.blocks), m_damage(std::move(damage)) {}

void ExtVolume::reread_superblock() {
    m_last_group = UINT32_MAX, m_bitmap = {};
    if (m_from_backup) return;
    std::array<std::byte, k_superblock_bytes> bytes{};
    if (!m_blocks.read(k_superblock_offset, bytes)) return;
    const auto replayed = decode_superblock(bytes);
    // A resize is the only thing that changes geometry; anything else is damage, and what was read before stays.
    if (!replayed || replayed->block_size != m_superblock.block_size || replayed->inode_size != m_superblock.inode_size) return;
    m_superblock = *replayed;
    m_blocks.set_count(m_superblock.blocks);
}

void ExtVolume::report(base::Gap::Level level, std::string_view reason, std::uint64_t number, std::string_view unit) const {
    auto known = m_reported.find(reason);
    if (known == m_reported.end()) known = m_reported.emplace(std::string(reason), std::set<std::uint64_t>()).first;
    auto& numbers = known->second;
    if (numbers.size() >= k_most_reports || !numbers.insert(number).second) return;
    // Each reason by itself: thousands of wrong checksums must not hide the one folder that is lost.
    const bool last = numbers.size() == k_most_reports;
    m_damage->damage({level, m_superblock.type_name(), std::string(reason), "", fmt::format("{} {}{}", unit, number, last ? ", and further ones, which are not counted" : "")});
}

std::uint64_t ExtVolume::highest_inode() const {
    return std::min<std::uint64_t>(m_superblock.inodes, std::uint64_t{m_superblock.groups} * m_superblock.inodes_per_group);
}

// The block that holds descriptors index * per block and on.
std::uint64_t ExtVolume::descriptor_block(std::uint64_t index, bool backup) const {
    const auto& s = m_superblock;
    const bool boot_block = s.block_size == 1024 && s.first_data_block == 0;  // bigalloc: group 0 starts at the boot block
    if (!s.has_incompat(incompat::meta_bg) || index < s.first_meta_bg) {
        const std::uint64_t group = backup ? (s.has_compat(compat::sparse_super2) ? std::max(s.backup_groups[0], 1u) : 1) : 0;
        return s.group_start(group) + (boot_block && group == 0 ? 1 : 0) + 1 + index;
    }
    // In a meta block group its first group has the descriptors, its second and last the backups.
    const std::uint64_t group = index * s.descriptors_per_block() + (backup ? 1 : 0);
    return s.group_start(group) + (s.group_has_superblock(group) ? 1 : 0) + (boot_block && group == 0 ? 1 : 0);
}

bool ExtVolume::plausible(const GroupDescriptor& d) const {
    const std::uint64_t table_blocks = std::uint64_t{m_superblock.inodes_per_group} * m_superblock.inode_size / m_superblock.block_size;
    const auto inside = [&](std::uint64_t block, std::uint64_t length) {
        return block > m_superblock.first_data_block && block < m_superblock.blocks && length <= m_superblock.blocks - block;
    };
    return inside(d.inode_table, table_blocks) && inside(d.inode_bitmap, 1) && d.unused_inodes <= m_superblock.inodes_per_group;
}

base::Result<GroupDescriptor> ExtVolume::read_descriptor(std::uint32_t group, bool backup) const {
    const std::uint32_t per_block = m_superblock.descriptors_per_block();
    TRY_ASSIGN(const Piece piece, m_blocks.block(descriptor_block(group / per_block, backup)));
    const auto bytes = base::ByteView(*piece).subspan(std::size_t{group % per_block} * m_superblock.descriptor_size, m_superblock.descriptor_size);
    auto descriptor = decode_descriptor(bytes, m_superblock.descriptors_checked());
    if (!plausible(descriptor)) return fail(Errc::corrupt, fmt::format("the descriptor of group {} makes no sense", group));
    descriptor.trusted = descriptor_checksum_ok(m_superblock, group, bytes);
    return descriptor;
}

base::Result<GroupDescriptor> ExtVolume::descriptor(std::uint32_t group) const {
    if (group == m_last_group) return m_last_descriptor;
    if (group >= m_superblock.groups) return fail(Errc::corrupt, fmt::format("there is no group {}", group));
    auto found = read_descriptor(group, false);
    if (!found || !found->trusted) {
        auto backup = read_descriptor(group, true);
        // Backups are not kept up: they know where things lie, not what is used. Some are never written at all.
        if (backup && backup->trusted && (!found || found->inode_table != backup->inode_table || found->inode_bitmap != backup->inode_bitmap)) {
            report(base::Gap::Level::note, "a damaged group descriptor was taken from its backup", group, "group");
            found = backup;
        } else {
            report(found ? base::Gap::Level::note : base::Gap::Level::gap,
                   found ? "a group descriptor's checksum is wrong" : "a group descriptor is damaged: its inodes are lost", group, "group");
        }
        if (found) found->trusted = found->inodes_unused = false, found->unused_inodes = 0;
    }
    if (!found) return found;
    m_last_group = group, m_last_descriptor = *found;
    return found;
}

base::Result<std::uint64_t> ExtVolume::inode_offset(std::uint64_t number) const {
    if (!valid_inode(number)) return fail(Errc::not_found, fmt::format("there is no inode {}", number));
    const std::uint64_t group = (number - 1) / m_superblock.inodes_per_group, index = (number - 1) % m_superblock.inodes_per_group;
    TRY_ASSIGN(const auto d, descriptor(static_cast<std::uint32_t>(group)));
    return d.inode_table * m_superblock.block_size + index * m_superblock.inode_size;
}

base::Result<void> ExtVolume::read_inode(std::uint64_t number, InodeRecord& out) const {
    out.number = number;
    if (const auto changed = m_fast_commits.inodes.find(number); changed != m_fast_commits.inodes.end()) {
        out.bytes = changed->second;
        return {};
    }
    TRY_ASSIGN(const auto offset, inode_offset(number));
    out.bytes.resize(m_superblock.inode_size);
    return m_blocks.read_table(offset, out.bytes);
}

void ExtVolume::load_bitmap(std::uint32_t group) const {
    m_bitmap.group = group, m_bitmap.known = false;
    const auto d = descriptor(group);
    if (!d || !d->trusted) return;
    const std::size_t length = (m_superblock.inodes_per_group + 7) / 8;
    if (d->inodes_unused) {
        m_bitmap.bits.assign(length, std::byte{0});
        m_bitmap.known = true;
        return;
    }
    const auto piece = m_blocks.block(d->inode_bitmap);
    if (!piece) return report(base::Gap::Level::note, "an inode bitmap is not readable", group, "group");
    const auto bits = base::ByteView(**piece).first(length);
    if (m_superblock.checksums()) {
        const std::uint32_t crc = crc32c(m_superblock.checksum_seed, bits);
        const std::uint32_t mask = m_superblock.descriptor_size >= 64 ? ~0u : 0xffffu;
        if ((crc & mask) != (d->bitmap_checksum & mask)) return report(base::Gap::Level::note, "an inode bitmap's checksum is wrong", group, "group");
    }
    m_bitmap.bits.assign(bits.begin(), bits.end());
    m_bitmap.known = true;
}

ExtVolume::Mark ExtVolume::mark(std::uint64_t number) const {
    if (!valid_inode(number)) return Mark::unknown;
    const auto group = static_cast<std::uint32_t>((number - 1) / m_superblock.inodes_per_group);
    if (m_bitmap.group != group) load_bitmap(group);
    if (!m_bitmap.known) return Mark::unknown;
    const std::uint64_t index = (number - 1) % m_superblock.inodes_per_group;
    return (std::to_integer<unsigned>(m_bitmap.bits[index / 8]) >> (index % 8) & 1) != 0 ? Mark::used : Mark::free;
}

bool ExtVolume::allocated(const InodeRecord& inode) const {
    if (inode.number < m_superblock.first_inode && inode.number != 2) return true;  // the file system's own
    // No links: deleted, or unlinked while open, which the next mount deletes.
    if (inode.mode() == 0 || inode.links() == 0) return false;
    if (inode.type() == FileType::unknown) return false;
    // A freed inode has no links and a deletion time. One with links and without that time is a file's, whatever a
    // damaged bitmap says; one with both is free where its bitmap agrees.
    return inode.deletion() == 0 || mark(inode.number) != Mark::free;
}

}  // namespace deadbox::image::ext
