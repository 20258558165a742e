#include "image/container/concat_source.hpp"

#include <algorithm>

namespace deadbox::image {
using base::Errc, base::Extent, base::fail, base::Result;

ConcatSource::ConcatSource(std::vector<Piece> pieces, std::uint32_t media) : m_pieces(std::move(pieces)), m_media(media) {
    std::erase_if(m_pieces, [](const Piece& piece) { return piece.length == 0; });
    for (const auto& piece : m_pieces) {
        m_starts.push_back(m_size);
        m_size += piece.length;
    }
}

std::size_t ConcatSource::piece_at(std::uint64_t offset) const {
    const auto after = std::upper_bound(m_starts.begin(), m_starts.end(), offset);
    return static_cast<std::size_t>(after - m_starts.begin()) - 1;
}

Result<std::size_t> ConcatSource::read_at(std::uint64_t offset, base::Bytes out) const {
    if (offset >= m_size) return std::size_t{0};
    std::size_t done = 0;
    for (std::size_t i = piece_at(offset); i < m_pieces.size() && done < out.size(); ++i) {
        const auto& piece = m_pieces[i];
        const std::uint64_t inside = offset + done - m_starts[i];
        const auto part = out.subspan(done, std::min<std::uint64_t>(out.size() - done, piece.length - inside));
        std::size_t got = 0;
        if (piece.source) {
            TRY_ASSIGN(got, piece.source->read_at(piece.start + inside, part));
        }
        std::fill(part.begin() + static_cast<std::ptrdiff_t>(got), part.end(), std::byte{0});
        done += part.size();
    }
    return done;
}

Result<Extent> ConcatSource::extent_at(std::uint64_t offset) const {
    if (offset >= m_size) return fail(Errc::not_found, "no extent past the end", offset);
    const std::size_t i = piece_at(offset);
    const auto& piece = m_pieces[i];
    const Extent whole{Extent::Kind::data, m_media, m_starts[i], piece.length, m_starts[i]};
    if (!piece.source) return Extent{Extent::Kind::hole, m_media, m_starts[i], piece.length, 0};
    // Only holes of the piece are told apart: a place on the media is the offset itself.
    const auto inner = piece.source->extent_at(piece.start + offset - m_starts[i]);
    if (!inner || inner->kind == Extent::Kind::data) return whole;
    const std::uint64_t first = std::max(inner->logical, piece.start);
    const std::uint64_t last = std::min(inner->logical + inner->length, piece.start + piece.length);
    if (last <= first) return whole;
    Extent extent = *inner;
    extent.media = m_media;
    extent.logical = m_starts[i] + (first - piece.start);
    extent.length = last - first;
    extent.physical = extent.kind == Extent::Kind::hole ? 0 : extent.logical;
    return extent;
}

}  // namespace deadbox::image
