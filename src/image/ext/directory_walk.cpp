#include "image/ext/directory_walk.hpp"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "image/ext/block_map.hpp"
#include "image/ext/checksum.hpp"
#include "image/ext/content.hpp"

namespace deadbox::image::ext {
namespace {

using base::Gap;
using base::Next;

constexpr std::size_t k_most_removed = 1u << 20;      // names remembered of one folder
constexpr std::uint64_t k_most_bad_blocks = 4096;     // of one folder: then it is no folder

struct Removed {
    std::string name;
    std::uint64_t inode = 0;
    FileType type = FileType::unknown;
};

class Walk {
public:
    Walk(const ExtVolume& volume, const InodeRecord& directory, base::FunctionRef<Next(const Entry&)> visit)
        : m_volume(volume), m_directory(directory), m_visit(visit) {
        m_rules.highest_inode = volume.superblock().inodes;
        m_rules.types = volume.superblock().has_incompat(incompat::filetype);
        m_rules.ciphertext = directory.has(inode_flag::encrypted);
        m_rules.hashes = m_rules.ciphertext && directory.has(inode_flag::casefold);
        m_rules.large_records = volume.superblock().block_size >= 65536;
        if (const auto found = volume.fast_commits().names.find(directory.number); found != volume.fast_commits().names.end())
            for (const auto& change : found->second) m_changes[change.name].push_back(&change);
        for (const auto& [name, changes] : m_changes) m_pending.push_back(name);
        if (m_rules.ciphertext) volume.report(Gap::Level::gap, "a folder's names are encrypted and the key is not there", directory.number);
    }

    void region(base::ByteView bytes, bool first, bool indexed) {
        m_rules.first_block = first, m_rules.indexed = indexed;
        const auto damage = decode_directory_block(bytes, m_rules, [this](const Entry& entry) { return take(entry); });
        if (damage.records > 0) m_volume.report(Gap::Level::gap, "a folder is damaged: some of its names may be lost", m_directory.number);
        if (damage.names > 0) m_volume.report(Gap::Level::note, "a file's name holds a slash or a zero byte", m_directory.number, "folder inode");
        m_damaged = damage.records > 0;
    }

    bool stopped() const { return m_stopped; }
    bool damaged() const { return m_damaged; }

    // What the fast commits added, then what was removed.
    void finish() {
        for (const auto& name : m_pending) {
            if (m_stopped) return;
            if (!m_changes.contains(name)) continue;  // met on the disk
            if (const auto now = after_changes(name, 0); now != 0) give(name, now, FileType::unknown);
        }
        if (m_removed.empty()) return;
        std::sort(m_live.begin(), m_live.end());
        std::unordered_map<std::uint64_t, bool> given;
        for (const auto& removed : m_removed) {
            const auto key = hash(removed.name, removed.inode);
            if (std::binary_search(m_live.begin(), m_live.end(), key) || !given.emplace(key, true).second) continue;
            if (m_visit({removed.name, removed.inode, removed.type, false}) == Next::stop) return;
        }
    }

private:
    static std::uint64_t hash(std::string_view name, std::uint64_t inode) {
        std::uint64_t value = 14695981039346656037u ^ inode * 0x9E3779B97F4A7C15u;
        for (const char c : name) value = (value ^ static_cast<unsigned char>(c)) * 1099511628211u;
        return value ^ value >> 29;
    }

    void give(std::string_view name, std::uint64_t inode, FileType type) {
        m_live.push_back(hash(name, inode));
        if (m_visit({name, inode, type, true}) == Next::stop) m_stopped = true;
    }

    std::uint64_t after_changes(const std::string& name, std::uint64_t inode) const {
        for (const auto* change : m_changes.at(name)) {
            if (change->added && inode == 0) inode = change->inode;
            else if (!change->added && change->inode == inode) inode = 0;
        }
        return inode;
    }

    FileType type_of(std::uint64_t number) const {
        InodeRecord record;
        return m_volume.valid_inode(number) && m_volume.read_inode(number, record) ? record.type() : FileType::unknown;
    }

    Next take(const Entry& entry) {
        if (!entry.allocated) {
            if (m_removed.size() < k_most_removed) m_removed.push_back({std::string(entry.name), entry.inode, entry.type});
            else m_volume.report(Gap::Level::limit, "a folder has more removed names than are kept", m_directory.number);
            return Next::go_on;
        }
        if (!m_changes.empty()) {
            const std::string name(entry.name);
            if (m_changes.contains(name)) {
                const auto now = after_changes(name, entry.inode);
                if (now != entry.inode) m_removed.push_back({name, entry.inode, entry.type});
                if (now != 0) give(name, now, now == entry.inode ? entry.type : type_of(now));
                m_changes.erase(name);
                return m_stopped ? Next::stop : Next::go_on;
            }
        }
        give(entry.name, entry.inode, entry.type);
        return m_stopped ? Next::stop : Next::go_on;
    }

    const ExtVolume& m_volume;
    const InodeRecord& m_directory;
    base::FunctionRef<Next(const Entry&)> m_visit;
    DirectoryRules m_rules;
    std::map<std::string, std::vector<const NameChange*>> m_changes;
    std::vector<std::string> m_pending;
    std::vector<std::uint64_t> m_live;  // hashes of names with their inodes
    std::vector<Removed> m_removed;
    bool m_stopped = false, m_damaged = false;
};

// The checksum stands in a record of 12 bytes at the block's end. Blocks of hashes keep theirs elsewhere, and the first block
// of an indexed folder still has a stale one from before it was indexed.
bool leaf_checksum_ok(base::ByteView block, std::uint32_t seed) {
    const std::size_t tail = block.size() - 12;
    if (base::load_le32(block, tail) != 0 || base::load_le16(block, tail + 4) != 12 || base::load_u8(block, tail + 7) != 0xDE) return true;
    return crc32c(seed, block.first(tail)) == base::load_le32(block, tail + 8);
}

// parent u32, records up to the map's end, and more in the attribute "system.data".
void walk_inline(const InodeRecord& directory, std::uint64_t size, Walk& walk) {
    const auto bytes = inline_content(directory, size);
    const base::ByteView view(bytes);
    if (view.size() > 4) walk.region(view.subspan(4, std::min(view.size(), k_map_bytes) - 4), false, false);
    if (view.size() > k_map_bytes && !walk.stopped()) walk.region(view.subspan(k_map_bytes), false, false);
}

void walk_blocks(const ExtVolume& volume, const InodeRecord& directory, std::uint64_t size, Walk& walk) {
    const auto& super = volume.superblock();
    const BlockMap map(volume, directory);
    const bool indexed = directory.has(inode_flag::indexed) && super.has_compat(compat::dir_index);
    const std::uint64_t end = std::min(size / super.block_size + (size % super.block_size != 0 ? 1 : 0), super.blocks);
    const std::uint32_t seed = volume.seed_of(directory);
    std::uint64_t bad = 0, block = 0;
    Run run{Run::Kind::hole, 0, 0, 0};
    // A run of holes counts as one bad block, so that a wild size ends soon.
    while (block < end && !walk.stopped() && bad < k_most_bad_blocks) {
        if (!run.holds(block)) run = map.at(block);
        if (run.kind != Run::Kind::data) {
            ++bad;
            // A fast commit may have made the folder larger without having written the block that its names will lie in.
            if (!volume.fast_commits().names.contains(directory.number))
                volume.report(Gap::Level::gap, "a folder has a hole: some of its names may be lost", directory.number);
            block = run.length > end - run.logical ? end : run.logical + run.length;
            continue;
        }
        const auto piece = volume.blocks().block(run.physical + (block - run.logical));
        if (!piece) {
            ++bad;
            volume.report(Gap::Level::gap, "a block of a folder is not readable: its names are lost", directory.number);
        } else {
            if (super.checksums() && !(indexed && block == 0) && !leaf_checksum_ok(**piece, seed))
                volume.report(Gap::Level::gap, "the checksum of a folder's block is wrong", directory.number);
            walk.region(**piece, block == 0, indexed);
            bad += walk.damaged() ? 1 : 0;
        }
        ++block;
    }
    if (bad >= k_most_bad_blocks) volume.report(Gap::Level::gap, "a folder is damaged beyond use: the rest of its names is lost", directory.number);
}

}  // namespace

base::Result<void> walk_directory(const ExtVolume& volume, const InodeRecord& directory, std::uint64_t size,
                                  base::FunctionRef<Next(const Entry&)> visit) {
    Walk walk(volume, directory, visit);
    if (directory.has(inode_flag::inline_data)) walk_inline(directory, size, walk);
    else if (!volume.fast_commits().new_folders.contains(directory.number)) walk_blocks(volume, directory, size, walk);
    if (!walk.stopped()) walk.finish();
    return {};
}

}  // namespace deadbox::image::ext
