// An image with a few bytes changed, or its end cut off; thousands of variants share the bytes of one.
#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "base/byte_source.hpp"

namespace deadbox::test {

struct Patch {
    std::uint64_t offset = 0;
    std::vector<std::byte> bytes;
};

class PatchedSource final : public base::ByteSource {
public:
    PatchedSource(std::shared_ptr<const std::vector<std::byte>> image, std::vector<Patch> patches, std::uint64_t size)
        : m_image(std::move(image)), m_patches(std::move(patches)), m_size(std::min<std::uint64_t>(size, m_image->size())) {}

    std::uint64_t size() const override { return m_size; }
    base::Result<std::size_t> read_at(std::uint64_t offset, base::Bytes out) const override {
        if (offset >= m_size) return std::size_t{0};
        const std::size_t count = std::min<std::uint64_t>(out.size(), m_size - offset);
        if (count > 0) std::copy_n(m_image->begin() + static_cast<std::ptrdiff_t>(offset), count, out.begin());
        for (const auto& patch : m_patches) {
            const std::uint64_t from = std::max(offset, patch.offset), to = std::min(offset + count, patch.offset + patch.bytes.size());
            for (std::uint64_t at = from; at < to; ++at) out[at - offset] = patch.bytes[at - patch.offset];
        }
        return count;
    }
    base::Result<base::Extent> extent_at(std::uint64_t offset) const override {
        if (offset >= m_size) return base::fail(base::Errc::not_found, "no extent past the end", offset);
        return base::Extent{base::Extent::Kind::data, 0, 0, m_size, 0};
    }

private:
    std::shared_ptr<const std::vector<std::byte>> m_image;
    std::vector<Patch> m_patches;
    std::uint64_t m_size;
};

}  // namespace deadbox::test
