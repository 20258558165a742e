// Where the blocks of an inode lie: an extent tree or three levels of block lists, looked up block by block without
// holding the map in memory. A damaged part of the map is `lost`, the rest of it stays good.
#pragma once

#include "image/ext/ext_volume.hpp"

namespace deadbox::image::ext {

struct Run {
    enum class Kind : std::uint8_t { data, hole, unwritten, lost } kind = Kind::hole;
    std::uint64_t logical = 0, length = 0;  // blocks; length is at least 1
    std::uint64_t physical = 0;             // of data and unwritten ones
    bool holds(std::uint64_t block) const { return block >= logical && block - logical < length; }
};

class BlockMap {
public:
    // Refers to `volume`, copies what it needs of the inode.
    BlockMap(const ExtVolume& volume, const InodeRecord& inode);
    // A map that was kept elsewhere: the superblock has a copy of the journal's.
    BlockMap(const ExtVolume& volume, std::uint64_t number, base::ByteView map, bool extents);

    // The run that holds `block`.
    Run at(std::uint64_t block) const;
    // True where the whole map lies in the inode, so that at() reads nothing.
    bool in_inode() const;

private:
    Run in_extents(std::uint64_t block) const;
    Run in_lists(std::uint64_t block) const;
    Run checked(Run run) const;

    const ExtVolume* m_volume;
    const std::vector<RangeChange>* m_changes = nullptr;
    std::uint64_t m_number;
    std::uint32_t m_seed;
    std::uint32_t m_generation_checked;  // 0: blocks of the map are not verified
    bool m_extents;
    std::array<std::byte, k_map_bytes> m_map{};
};

}  // namespace deadbox::image::ext
