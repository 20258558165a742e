#include "image/container/mapped_source.hpp"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>

namespace deadbox::image {
using base::Errc, base::Extent, base::fail, base::Result;

const BlockCache::Block* BlockCache::find(std::uint64_t key) {
    const auto place = m_places.find(key);
    if (place == m_places.end()) return nullptr;
    m_blocks.splice(m_blocks.begin(), m_blocks, place->second);
    return &m_blocks.front().second;
}

const BlockCache::Block& BlockCache::put(std::uint64_t key, Block block) {
    m_used += block.size();
    m_blocks.emplace_front(key, std::move(block));
    m_places[key] = m_blocks.begin();
    while (m_used > m_budget && m_blocks.size() > 1) {
        m_used -= m_blocks.back().second.size();
        m_places.erase(m_blocks.back().first);
        m_blocks.pop_back();
    }
    return m_blocks.front().second;
}

Result<std::size_t> MappedSource::read_at(std::uint64_t offset, base::Bytes out) const {
    if (offset >= m_size) return std::size_t{0};
    out = out.first(std::min<std::uint64_t>(out.size(), m_size - offset));
    const std::size_t wanted = out.size();
    while (!out.empty()) {
        TRY_ASSIGN(const Run run, run_at(offset));
        std::size_t count = std::min<std::uint64_t>(out.size(), run.length);
        const auto part = out.first(count);
        switch (run.kind) {
            case Run::Kind::stored: TRY(base::read_exactly(*run.host, run.place, part)); break;
            case Run::Kind::zeros: std::fill(part.begin(), part.end(), std::byte{0}); break;
            case Run::Kind::parent: TRY(read_parent(offset, part)); break;
            case Run::Kind::packed: {
                TRY_ASSIGN(const base::ByteView bytes, unpack(offset));
                count = std::min(count, bytes.size());
                if (count == 0) return fail(Errc::corrupt, "a compressed block is empty", offset);
                std::copy_n(bytes.begin(), count, out.begin());
                break;
            }
        }
        out = out.subspan(count);
        offset += count;
    }
    return wanted;
}

// A parent may be smaller than its child: zeros follow it.
Result<void> MappedSource::read_parent(std::uint64_t offset, base::Bytes out) const {
    std::size_t got = 0;
    if (m_parent && offset < m_parent->size()) {
        got = std::min<std::uint64_t>(out.size(), m_parent->size() - offset);
        TRY(base::read_exactly(*m_parent, offset, out.first(got)));
    }
    std::fill(out.begin() + static_cast<std::ptrdiff_t>(got), out.end(), std::byte{0});
    return {};
}

Result<Extent> MappedSource::extent_at(std::uint64_t offset) const {
    if (offset >= m_size) return fail(Errc::not_found, "no extent past the end", offset);
    return Extent{Extent::Kind::data, m_media, 0, m_size, 0};
}

Result<std::vector<std::byte>> inflate_block(base::ByteView packed, std::size_t block, int window_bits) {
    std::vector<std::byte> bytes(block);
    z_stream stream{};
    if (::inflateInit2(&stream, window_bits) != Z_OK) return fail(Errc::limit, "there is no memory for a decoder");
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
    stream.avail_out = static_cast<uInt>(block);
    const int answer = ::inflate(&stream, Z_FINISH);
    const std::size_t left = stream.avail_out;
    ::inflateEnd(&stream);
    // zlib's own frame (positive window_bits) ends with a checksum, which must have been seen.
    const bool whole = answer == Z_STREAM_END || (window_bits < 0 && (answer == Z_BUF_ERROR || answer == Z_OK));
    if (left > 0 || !whole) return fail(Errc::corrupt, "a compressed block of the image is damaged");
    return bytes;
}

Result<std::vector<std::byte>> unzstd_block(base::ByteView packed, std::size_t block) {
    std::vector<std::byte> bytes(block);
    const std::unique_ptr<ZSTD_DCtx, decltype(&::ZSTD_freeDCtx)> context(::ZSTD_createDCtx(), &::ZSTD_freeDCtx);
    if (!context) return fail(Errc::limit, "there is no memory for a decoder");
    ZSTD_inBuffer in{packed.data(), packed.size(), 0};
    ZSTD_outBuffer out{bytes.data(), bytes.size(), 0};
    while (out.pos < out.size) {
        const std::size_t before = in.pos + out.pos;
        const std::size_t answer = ::ZSTD_decompressStream(context.get(), &out, &in);
        if (::ZSTD_isError(answer) || in.pos + out.pos == before) return fail(Errc::corrupt, "a compressed block of the image is damaged");
        if (answer == 0 && out.pos < out.size) return fail(Errc::corrupt, "a compressed block of the image is too short");
    }
    return bytes;
}

}  // namespace deadbox::image
