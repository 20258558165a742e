#include "preview/asked_source.hpp"

#include <algorithm>

#include "ipc/channel.hpp"
#include "ipc/frame.hpp"
#include "preview/protocol.hpp"

namespace deadbox::preview {

base::Result<const std::vector<std::byte>*> AskedSource::block(std::uint64_t number) const {
    if (const auto found = m_places.find(number); found != m_places.end()) {
        m_blocks.splice(m_blocks.begin(), m_blocks, found->second);
        return &m_blocks.front().bytes;
    }
    const auto start = number * k_block;
    const auto length = std::min<std::uint64_t>(k_block, m_size - start);
    ipc::Encoder need(static_cast<std::uint8_t>(Say::need));
    need.put(m_number).put(start).put(length);
    TRY(ipc::write_all(m_channel.out, need.finish()));
    TRY_ASSIGN(const std::string frame, ipc::read_frame(m_channel.in));
    TRY_ASSIGN(ipc::Message message, ipc::Message::decode(base::as_bytes(frame)));
    if (message.kind() == static_cast<std::uint8_t>(Say::no_bytes)) return base::fail(base::Errc::io, std::string(message.text()));
    const auto bytes = message.bytes();
    if (message.kind() != static_cast<std::uint8_t>(Say::bytes) || !message.ok()) return base::fail(base::Errc::internal, "the window answered something else than bytes");
    m_blocks.push_front({number, {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(bytes.size(), length))}});
    m_places[number] = m_blocks.begin();
    if (m_blocks.size() > k_kept) m_places.erase(m_blocks.back().number), m_blocks.pop_back();
    return &m_blocks.front().bytes;
}

base::Result<std::size_t> AskedSource::read_at(std::uint64_t offset, base::Bytes out) const {
    std::size_t done = 0;
    while (done < out.size() && offset < m_size) {
        TRY_ASSIGN(const auto* bytes, block(offset / k_block));
        const auto within = static_cast<std::size_t>(offset % k_block);
        if (within >= bytes->size()) break;  // the file is shorter than its inode says
        const auto count = std::min(bytes->size() - within, out.size() - done);
        std::copy_n(bytes->begin() + static_cast<std::ptrdiff_t>(within), count, out.begin() + static_cast<std::ptrdiff_t>(done));
        done += count, offset += count;
    }
    return done;
}

base::Result<base::Extent> AskedSource::extent_at(std::uint64_t offset) const {
    if (offset >= m_size) return base::fail(base::Errc::not_found, "an extent past the end", offset);
    return base::Extent{base::Extent::Kind::packed, 0, 0, m_size, 0};
}

}  // namespace deadbox::preview
