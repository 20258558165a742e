// One ext volume, opened: its superblock, its blocks, and where its inodes lie. Everything else reads through it.
#pragma once

#include <map>
#include <memory>
#include <set>

#include "image/ext/blocks.hpp"
#include "image/ext/fast_commit.hpp"
#include "image/ext/inode_record.hpp"
#include "image/ext/superblock.hpp"

namespace deadbox::image::ext {

struct GroupDescriptor {
    std::uint64_t inode_table = 0, inode_bitmap = 0;  // blocks
    std::uint32_t unused_inodes = 0;                  // at the table's end, never used
    std::uint32_t bitmap_checksum = 0;
    bool inodes_unused = false;  // none of the group was ever used
    bool trusted = true;         // false: from a backup, or damaged
};

class ExtVolume {
public:
    enum class Mark : std::uint8_t { free, used, unknown };

    ExtVolume(FoundSuperblock found, std::shared_ptr<const base::ByteSource> volume, std::shared_ptr<base::DamageSink> damage);

    const Superblock& superblock() const { return m_superblock; }
    const Blocks& blocks() const { return m_blocks; }
    Blocks& blocks() { return m_blocks; }
    // After a replay the superblock may have changed too.
    void reread_superblock();
    void apply(FastCommits commits) { m_fast_commits = std::move(commits); }
    const FastCommits& fast_commits() const { return m_fast_commits; }

    std::uint64_t highest_inode() const;
    // The record as its table has it (or as a fast commit left it). `number` is 1..highest_inode().
    base::Result<void> read_inode(std::uint64_t number, InodeRecord& out) const;
    // Byte of the volume where the record lies.
    base::Result<std::uint64_t> inode_offset(std::uint64_t number) const;
    base::Result<GroupDescriptor> descriptor(std::uint32_t group) const;
    Mark mark(std::uint64_t number) const;  // what the inode bitmap says
    // Whether this inode is somebody's: links, deletion time and bitmap weighed together.
    bool allocated(const InodeRecord& inode) const;

    // One report for each (reason, number): reads come again and again. What its own checksum contradicts is a gap, though it
    // could be read: nobody can say what stood there. Where a copy is used instead, or nothing depends on it, it is a note.
    void report(base::Gap::Level level, std::string_view reason, std::uint64_t number, std::string_view unit = "inode") const;
    // Caches that would keep a report from being made again, too.
    void forget_reports() const { m_reported.clear(), m_last_group = UINT32_MAX, m_bitmap = {}; }
    bool valid_inode(std::uint64_t number) const { return number >= 1 && number <= highest_inode(); }
    std::uint32_t seed_of(const InodeRecord& inode) const {
        return inode_seed(m_superblock.checksum_seed, inode.number, inode.generation());
    }

private:
    struct Bitmap {
        std::uint32_t group = UINT32_MAX;
        bool known = false;
        std::vector<std::byte> bits;
    };
    std::uint64_t descriptor_block(std::uint64_t index, bool backup) const;
    bool plausible(const GroupDescriptor& descriptor) const;
    base::Result<GroupDescriptor> read_descriptor(std::uint32_t group, bool backup) const;
    void load_bitmap(std::uint32_t group) const;

    Superblock m_superblock;
    bool m_from_backup;
    Blocks m_blocks;
    std::shared_ptr<base::DamageSink> m_damage;
    FastCommits m_fast_commits;
    mutable std::uint32_t m_last_group = UINT32_MAX;
    mutable GroupDescriptor m_last_descriptor;
    mutable Bitmap m_bitmap;
    mutable std::map<std::string, std::set<std::uint64_t>, std::less<>> m_reported;  // by reason
};

}  // namespace deadbox::image::ext
