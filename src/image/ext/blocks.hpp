// The blocks of the volume as the file system means them: what lies on the volume, with the blocks of a replayed journal
// laid over it. The overlay holds no copies: a replayed block is read where the journal keeps it.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "base/byte_source.hpp"

namespace deadbox::image::ext {

// A block's bytes; shared, so that they stay while a cache moves on.
using Piece = std::shared_ptr<const std::vector<std::byte>>;

// Pieces that were read last, four to a row. Not thread-safe.
class PieceCache {
public:
    PieceCache(std::size_t rows) : m_slots(rows * k_ways) {}
    Piece find(std::uint64_t key);
    void keep(std::uint64_t key, Piece piece);
    void clear();

private:
    static constexpr std::size_t k_ways = 4;
    struct Slot {
        std::uint64_t key = 0, used = 0;
        Piece piece;
    };
    std::span<Slot> row(std::uint64_t key) { return std::span(m_slots).subspan(key % (m_slots.size() / k_ways) * k_ways, k_ways); }
    std::vector<Slot> m_slots;
    std::uint64_t m_clock = 0;
};

// Where the journal keeps the newest committed copy of a block.
struct JournalCopy {
    std::uint64_t block = 0;  // of the volume
    bool escaped = false;     // its first four bytes, the journal's magic, were zeroed there
};
using Overlay = std::map<std::uint64_t, JournalCopy>;  // by the block's own place

class Blocks {
public:
    Blocks(std::shared_ptr<const base::ByteSource> volume, std::uint32_t block_size, std::uint64_t blocks);

    std::uint32_t block_size() const { return m_block_size; }
    std::uint64_t count() const { return m_count; }
    const base::ByteSource& volume() const { return *m_volume; }
    void lay_over(Overlay overlay);
    // A journal may hold the superblock of a file system that was grown just before.
    void set_count(std::uint64_t blocks) { m_count = blocks; }
    // Blocks that the volume has, whatever the superblock says.
    std::uint64_t on_volume() const { return m_volume->size() / m_block_size; }
    bool laid_over() const { return !m_overlay.empty(); }

    // Exactly out.size() bytes at byte `offset`.
    base::Result<void> read(std::uint64_t offset, base::Bytes out) const;
    // One block through the cache; number < count().
    base::Result<Piece> block(std::uint64_t number) const;
    // `length` bytes at `offset`, for tables that are read in order: fetched in large pieces through a cache of their own.
    // May be called with any length up to a block that does not cross a block's end.
    base::Result<void> read_table(std::uint64_t offset, base::Bytes out) const;
    // Whether the journal shows bytes here that differ from those in the blocks' own place.
    bool changed_by_journal(std::uint64_t offset, std::uint64_t length) const;
    // The extent of the media that holds byte `offset`, starting there, at most `length` long; packed where the journal keeps
    // other bytes than it means.
    base::Extent on_media(std::uint64_t offset, std::uint64_t length) const;

private:
    base::Result<void> read_laid_over(std::uint64_t offset, base::Bytes out) const;

    std::shared_ptr<const base::ByteSource> m_volume;
    std::uint32_t m_block_size;
    std::uint64_t m_count;
    Overlay m_overlay;
    mutable PieceCache m_blocks;
    mutable PieceCache m_tables;
    mutable base::Extent m_last_extent{base::Extent::Kind::data, 0, 0, 0, 0};
};

}  // namespace deadbox::image::ext
