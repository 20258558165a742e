// A disk whose blocks are found through tables: what QCOW2, sparse VMDK, dynamic VHD and EWF have in common.
#pragma once

#include <list>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/byte_source.hpp"

namespace deadbox::image {

// The least recently used blocks go first, once `budget` bytes are passed; the newest always stays.
class BlockCache {
public:
    using Block = std::vector<std::byte>;
    explicit BlockCache(std::size_t budget) : m_budget(budget) {}
    const Block* find(std::uint64_t key);
    const Block& put(std::uint64_t key, Block block);

private:
    std::size_t m_budget, m_used = 0;
    std::list<std::pair<std::uint64_t, Block>> m_blocks;  // the newest first
    std::unordered_map<std::uint64_t, decltype(m_blocks)::iterator> m_places;
};

class MappedSource : public base::ByteSource {
public:
    std::uint64_t size() const final { return m_size; }
    base::Result<std::size_t> read_at(std::uint64_t offset, base::Bytes out) const final;
    // The media is one extent in every container, so that nothing above tells QCOW2 from raw: what a table leaves out
    // is zeros of the disk, and what it has lost fails when it is read.
    base::Result<base::Extent> extent_at(std::uint64_t offset) const final;

protected:
    struct Run {
        enum class Kind { stored, zeros, parent, packed } kind = Kind::zeros;
        std::uint64_t length = 0;              // bytes from the asked offset on, at least 1
        const base::ByteSource* host = nullptr;  // stored: where
        std::uint64_t place = 0;
    };
    MappedSource(std::uint64_t size, std::uint32_t media, std::shared_ptr<const base::ByteSource> parent)
        : m_size(size), m_media(media), m_parent(std::move(parent)) {}

    // What holds the bytes from `offset` (below size()) on. An error is damage of the block that holds it.
    virtual base::Result<Run> run_at(std::uint64_t offset) const = 0;
    // The bytes of the packed block from `offset` to its end; valid until the next call.
    virtual base::Result<base::ByteView> unpack(std::uint64_t offset) const = 0;
    bool has_parent() const { return m_parent != nullptr; }

private:
    base::Result<void> read_parent(std::uint64_t offset, base::Bytes out) const;

    std::uint64_t m_size;
    std::uint32_t m_media;
    std::shared_ptr<const base::ByteSource> m_parent;
};

// `block` bytes out of zlib data (window_bits as inflateInit2 wants them) or out of a zstd frame. Fewer than asked for,
// or damaged ones, are Errc::corrupt; what lies behind them is not looked at.
base::Result<std::vector<std::byte>> inflate_block(base::ByteView packed, std::size_t block, int window_bits);
base::Result<std::vector<std::byte>> unzstd_block(base::ByteView packed, std::size_t block);

}  // namespace deadbox::image
