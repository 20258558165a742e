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
        if (piece.source) TRY(base::read_exactly(*piece.source, piece.start + inside, part));
        else std::fill(part.begin(), part.end(), std::byte{0});
        done += part.size();
    }
    return done;
}

Result<Extent> ConcatSource::extent_at(std::uint64_t offset) const {
    if (offset >= m_size) return fail(Errc::not_found, "no extent past the end", offset);
    return Extent{Extent::Kind::data, m_media, 0, m_size, 0};
}

}  // namespace deadbox::image
