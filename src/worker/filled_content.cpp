#include "worker/filled_content.hpp"

#include <algorithm>

namespace deadbox::worker {
namespace {

constexpr std::uint64_t k_least_block = 1024;  // the smallest of ext
constexpr std::size_t k_most_lost = (64u << 20) / k_least_block;

}  // namespace

base::Result<std::size_t> FilledContent::read_at(std::uint64_t offset, base::Bytes out) const {
    auto got = m_inner->read_at(offset, out);
    if (got || offset >= size()) return got;
    if (!m_error) m_error = got.error();
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), size() - offset));
    std::size_t done = 0;
    while (done < wanted) {
        const auto at = offset + done;
        const auto part = out.subspan(done, std::min(wanted - done, static_cast<std::size_t>(k_least_block - at % k_least_block)));
        if (m_lost.contains(at / k_least_block) || !base::read_exactly(*m_inner, at, part)) {
            if (m_lost.size() >= k_most_lost && !m_lost.contains(at / k_least_block)) break;
            m_lost.insert(at / k_least_block);
            std::fill(part.begin(), part.end(), std::byte{0});
        }
        done += part.size();
    }
    if (done == 0) return tl::unexpected(*m_error);
    return done;
}

std::uint64_t FilledContent::lost() const {
    if (m_lost.empty()) return 0;
    const auto short_of = (*m_lost.rbegin() + 1) * k_least_block;  // the last block may reach behind the end
    return m_lost.size() * k_least_block - (short_of > size() ? short_of - size() : 0);
}

}  // namespace deadbox::worker
