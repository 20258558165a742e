#include "base/byte_source.hpp"

#include <algorithm>

namespace deadbox::base {

Result<void> read_exactly(const ByteSource& source, std::uint64_t offset, Bytes out) {
    TRY_ASSIGN(const std::size_t got, source.read_at(offset, out));
    if (got != out.size()) return fail(Errc::truncated, "the data ends early", offset + got);
    return {};
}

Result<std::vector<std::byte>> read_bytes(const ByteSource& source, std::uint64_t offset, std::size_t length) {
    std::vector<std::byte> bytes(length);
    TRY(read_exactly(source, offset, bytes));
    return bytes;
}

Result<std::size_t> MemorySource::read_at(std::uint64_t offset, Bytes out) const {
    if (offset >= m_bytes.size()) return std::size_t{0};
    const auto count = std::min<std::size_t>(out.size(), m_bytes.size() - offset);
    if (count > 0) std::memcpy(out.data(), m_bytes.data() + offset, count);
    return count;
}

Result<Extent> MemorySource::extent_at(std::uint64_t offset) const {
    if (offset >= m_bytes.size()) return fail(Errc::not_found, "no extent past the end", offset);
    return Extent{Extent::Kind::data, 0, 0, m_bytes.size(), 0};
}

SliceSource::SliceSource(std::shared_ptr<const ByteSource> parent, std::uint64_t start, std::uint64_t length)
    : m_parent(std::move(parent)), m_start(start), m_length(0) {
    const auto whole = m_parent->size();
    if (start < whole) m_length = std::min(length, whole - start);
}

Result<std::size_t> SliceSource::read_at(std::uint64_t offset, Bytes out) const {
    if (offset >= m_length) return std::size_t{0};
    const auto count = std::min<std::uint64_t>(out.size(), m_length - offset);
    return m_parent->read_at(m_start + offset, out.first(count));
}

Result<Extent> SliceSource::extent_at(std::uint64_t offset) const {
    if (offset >= m_length) return fail(Errc::not_found, "no extent past the end", offset);
    TRY_ASSIGN(Extent extent, m_parent->extent_at(m_start + offset));
    // Cut the parent's extent to the window.
    const std::uint64_t first = std::max(extent.logical, m_start);
    const std::uint64_t last = std::min(extent.logical + extent.length, m_start + m_length);
    if (extent.kind == Extent::Kind::data) extent.physical += first - extent.logical;
    extent.logical = first - m_start;
    extent.length = last - first;
    return extent;
}

}  // namespace deadbox::base
