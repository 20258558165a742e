// Bytes of several sources, one behind the other: segments of a split image, extents of a VMDK.
#pragma once

#include <memory>
#include <vector>

#include "base/byte_source.hpp"

namespace deadbox::image {

class ConcatSource final : public base::ByteSource {
public:
    struct Piece {
        std::shared_ptr<const base::ByteSource> source;  // null: zeros
        std::uint64_t start = 0;   // in the source
        std::uint64_t length = 0;  // what lies past the source's end is lost: Errc::truncated
    };
    // Pieces of length 0 are dropped; the lengths' sum must fit 63 bits.
    ConcatSource(std::vector<Piece> pieces, std::uint32_t media);

    std::uint64_t size() const override { return m_size; }
    base::Result<std::size_t> read_at(std::uint64_t offset, base::Bytes out) const override;
    base::Result<base::Extent> extent_at(std::uint64_t offset) const override;

private:
    std::size_t piece_at(std::uint64_t offset) const;
    std::vector<Piece> m_pieces;
    std::vector<std::uint64_t> m_starts;  // of each piece in the whole
    std::uint64_t m_size = 0;
    std::uint32_t m_media;
};

}  // namespace deadbox::image
