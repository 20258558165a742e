// Extent tree. Each node, the first in the inode, is a header and entries:
//   header: magic F30A u16 | entries u16 | room u16 | depth u16 | generation u32
//   index (depth > 0): first logical block u32 | child block u32 | child high u16 | unused u16
//   extent (depth 0): first logical block u32 | length u16, over 32768 it is unwritten | start high u16 | start u32
//   behind the last entry's room of a block: checksum u32
// Block lists: 12 blocks, then one list, a list of lists, a list of those. 0 is a hole.
#include "image/ext/block_map.hpp"

#include <algorithm>

#include "image/ext/checksum.hpp"

namespace deadbox::image::ext {
namespace {

using base::load_le16;
using base::load_le32;

constexpr std::size_t k_extent_header = 12, k_extent_entry = 12;
constexpr unsigned k_deepest = 5;
constexpr std::uint64_t k_logical_end = std::uint64_t{1} << 32;
constexpr std::string_view k_damaged_tree = "an extent tree is damaged: part of the content is lost";

struct Node {
    base::ByteView bytes;
    std::size_t entries = 0;
    unsigned depth = 0;
    std::uint32_t logical(std::size_t i) const { return load_le32(bytes, k_extent_header + i * k_extent_entry); }
    std::uint64_t child(std::size_t i) const {
        const std::size_t at = k_extent_header + i * k_extent_entry;
        return load_le32(bytes, at + 4) | std::uint64_t{load_le16(bytes, at + 8)} << 32;
    }
    std::uint32_t stored_length(std::size_t i) const { return load_le16(bytes, k_extent_header + i * k_extent_entry + 4); }
    bool unwritten(std::size_t i) const { return stored_length(i) > 32768; }
    std::uint32_t length(std::size_t i) const { return unwritten(i) ? stored_length(i) - 32768 : stored_length(i); }
    std::uint64_t start(std::size_t i) const {
        const std::size_t at = k_extent_header + i * k_extent_entry;
        return load_le32(bytes, at + 8) | std::uint64_t{load_le16(bytes, at + 6)} << 32;
    }
};

// A node whose entries ascend and do not overlap; depth is what its parent promised.
std::optional<Node> decode_node(base::ByteView bytes, std::optional<unsigned> depth) {
    Node node{bytes, load_le16(bytes, 2), load_le16(bytes, 6)};
    if (load_le16(bytes, 0) != 0xF30A || node.depth > k_deepest || (depth && node.depth != *depth)) return std::nullopt;
    if (node.entries > (bytes.size() - k_extent_header) / k_extent_entry) return std::nullopt;
    for (std::size_t i = 1; i < node.entries; ++i) {
        const std::uint64_t least = std::uint64_t{node.logical(i - 1)} + (node.depth == 0 ? node.length(i - 1) : 1);
        if (node.logical(i) < least) return std::nullopt;
    }
    return node;
}

// The last entry that starts at or before `block`; entries where none does.
std::size_t find_entry(const Node& node, std::uint64_t block) {
    std::size_t low = 0, high = node.entries;
    while (low < high) {
        const std::size_t middle = low + (high - low) / 2;
        if (node.logical(middle) <= block) low = middle + 1; else high = middle;
    }
    return low == 0 ? node.entries : low - 1;
}

Run between(Run::Kind kind, std::uint64_t from, std::uint64_t to) { return {kind, from, to - from, 0}; }

}  // namespace

BlockMap::BlockMap(const ExtVolume& volume, const InodeRecord& inode)
    : m_volume(&volume), m_number(inode.number), m_seed(volume.seed_of(inode)), m_generation_checked(1), m_extents(inode.has(inode_flag::extents)) {
    std::copy_n(inode.map().begin(), k_map_bytes, m_map.begin());
    if (const auto changes = volume.fast_commits().ranges.find(inode.number); changes != volume.fast_commits().ranges.end())
        m_changes = &changes->second;
}

BlockMap::BlockMap(const ExtVolume& volume, std::uint64_t number, base::ByteView map, bool extents)
    : m_volume(&volume), m_number(number), m_seed(0), m_generation_checked(0), m_extents(extents) {
    std::copy_n(map.begin(), std::min(map.size(), k_map_bytes), m_map.begin());
}

bool BlockMap::in_inode() const {
    if (m_extents) return load_le16(m_map, 6) == 0;
    return load_le32(m_map, 48) == 0 && load_le32(m_map, 52) == 0 && load_le32(m_map, 56) == 0;
}

Run BlockMap::at(std::uint64_t block) const {
    if (block >= k_logical_end) return {Run::Kind::hole, block, UINT64_MAX - block, 0};
    if (m_changes == nullptr) return m_extents ? in_extents(block) : in_lists(block);
    // The newest change that holds the block wins; newer ones beside it cut its run.
    std::uint64_t low = 0, high = k_logical_end;
    const auto cut = [&](Run run) {
        const std::uint64_t from = std::max(run.logical, low), to = std::min(run.logical + run.length, high);
        run.physical += run.physical != 0 ? from - run.logical : 0;
        run.logical = from, run.length = to - from;
        return run;
    };
    for (auto change = m_changes->rbegin(); change != m_changes->rend(); ++change) {
        const std::uint64_t end = change->logical + change->length;
        if (block >= change->logical && block < end) {
            const auto kind = change->kind == RangeChange::Kind::data        ? Run::Kind::data
                              : change->kind == RangeChange::Kind::unwritten ? Run::Kind::unwritten
                                                                             : Run::Kind::hole;
            return checked(cut({kind, change->logical, change->length, kind == Run::Kind::hole ? 0 : change->physical}));
        }
        if (end <= block) low = std::max(low, end); else high = std::min(high, change->logical);
    }
    return cut(m_extents ? in_extents(block) : in_lists(block));
}

// Blocks that the file system does not have are lost, not data.
Run BlockMap::checked(Run run) const {
    if (run.kind != Run::Kind::data && run.kind != Run::Kind::unwritten) return run;
    const auto& super = m_volume->superblock();
    if (run.physical > super.first_data_block && run.physical < super.blocks && run.length <= super.blocks - run.physical) return run;
    if (run.kind == Run::Kind::unwritten) return run;  // reads as zeros wherever it says it lies
    m_volume->report(base::Gap::Level::gap, "a block map points outside the file system: part of the content is lost", m_number);
    run.kind = Run::Kind::lost;
    return run;
}

Run BlockMap::in_extents(std::uint64_t block) const {
    std::uint64_t low = 0, high = k_logical_end;  // what the entries above leave to this node
    const auto lost = [&] {
        m_volume->report(base::Gap::Level::gap, k_damaged_tree, m_number);
        return between(Run::Kind::lost, low, high);
    };
    Piece piece;
    auto node = decode_node(m_map, std::nullopt);
    while (node) {
        const std::size_t i = find_entry(*node, block);
        const std::uint64_t next = i == node->entries ? (node->entries == 0 ? high : node->logical(0)) : i + 1 < node->entries ? node->logical(i + 1) : high;
        const std::uint64_t end = std::max(std::min(high, next), block + 1);
        if (i == node->entries) return between(Run::Kind::hole, low, end);
        if (node->depth == 0) {
            const std::uint64_t from = node->logical(i), length = node->length(i);
            if (block - from >= length) return between(Run::Kind::hole, from + length, end);
            Run run{node->unwritten(i) ? Run::Kind::unwritten : Run::Kind::data, from, std::min(length, end - from), node->start(i)};
            return checked(run);
        }
        low = std::max<std::uint64_t>(low, node->logical(i)), high = end;
        const unsigned depth = node->depth - 1;
        const auto read = m_volume->blocks().block(node->child(i));
        if (!read) return lost();
        piece = *read;
        node = decode_node(*piece, depth);
        if (node && m_generation_checked != 0 && m_volume->superblock().checksums()) {
            const std::size_t tail = k_extent_header + std::size_t{load_le16(*piece, 4)} * k_extent_entry;
            if (tail + 4 <= piece->size() && crc32c(m_seed, base::ByteView(*piece).first(tail)) != load_le32(*piece, tail))
                m_volume->report(base::Gap::Level::gap, "the checksum of a block of an extent tree is wrong", m_number);
        }
    }
    return lost();
}

Run BlockMap::in_lists(std::uint64_t block) const {
    const std::uint64_t per_list = m_volume->superblock().block_size / 4;
    // Neighbours in one list that follow each other on the disk, or are holes together, make one run.
    const auto together = [&](base::ByteView list, std::size_t count, std::size_t index, std::uint64_t span) {
        const std::uint64_t first = load_le32(list, 4 * index);
        std::uint64_t length = 1;
        while (index + length < count && load_le32(list, 4 * (index + length)) == (first == 0 ? 0 : first + length)) ++length;
        if (first == 0) return Run{Run::Kind::hole, block, length * span, 0};
        return checked(Run{Run::Kind::data, block, length, first});
    };
    if (block < 12) return together(m_map, 12, block, 1);
    std::uint64_t rest = block - 12, span = 1, start = 12;
    unsigned level = 1;
    for (; level <= 3; ++level) {
        span *= per_list;
        if (rest < span) break;
        rest -= span, start += span;
    }
    if (level > 3) return {Run::Kind::hole, block, k_logical_end - block, 0};
    std::uint64_t pointer = load_le32(m_map, 4 * (11 + level));
    for (; pointer != 0; --level) {
        const auto piece = m_volume->blocks().block(pointer);
        if (!piece || pointer <= m_volume->superblock().first_data_block) {
            m_volume->report(base::Gap::Level::gap, "a block list is damaged: part of the content is lost", m_number);
            return between(Run::Kind::lost, start, start + span);
        }
        span /= per_list;
        const std::size_t index = rest / span;
        if (level == 1) return together(**piece, per_list, index, 1);
        rest %= span, start += index * span;
        pointer = load_le32(**piece, 4 * index);
    }
    return between(Run::Kind::hole, start, start + span);
}

}  // namespace deadbox::image::ext
