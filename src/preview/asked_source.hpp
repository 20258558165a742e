// A file whose bytes the window is asked for.
#pragma once

#include <list>
#include <unordered_map>

#include "base/byte_source.hpp"

namespace deadbox::preview {

// Two descriptors and what goes over them; outlives its sources.
struct Channel {
    int in = 0, out = 1;
};

class AskedSource final : public base::ByteSource {
public:
    AskedSource(Channel channel, std::size_t number, std::uint64_t size) : m_channel(channel), m_number(number), m_size(size) {}
    std::uint64_t size() const override { return m_size; }
    base::Result<std::size_t> read_at(std::uint64_t offset, base::Bytes out) const override;
    base::Result<base::Extent> extent_at(std::uint64_t offset) const override;

private:
    static constexpr std::size_t k_block = 256 * 1024, k_kept = 64;
    struct Block {
        std::uint64_t number = 0;
        std::vector<std::byte> bytes;
    };
    base::Result<const std::vector<std::byte>*> block(std::uint64_t number) const;

    Channel m_channel;
    std::size_t m_number;
    std::uint64_t m_size;
    mutable std::list<Block> m_blocks;  // the most recently used first
    mutable std::unordered_map<std::uint64_t, std::list<Block>::iterator> m_places;
};

}  // namespace deadbox::preview
