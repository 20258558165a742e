// A file's content in which what cannot be read counts as zeros: one bad block must not cost the rest of a log. Up to 64 MiB
// a file; behind that, reading fails.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>

#include "base/byte_source.hpp"

namespace deadbox::worker {

class FilledContent final : public base::ByteSource {
public:
    explicit FilledContent(std::unique_ptr<base::ByteSource> inner) : m_inner(std::move(inner)) {}
    std::uint64_t size() const override { return m_inner->size(); }
    base::Result<std::size_t> read_at(std::uint64_t offset, base::Bytes out) const override;
    base::Result<base::Extent> extent_at(std::uint64_t offset) const override { return m_inner->extent_at(offset); }

    // Bytes that were met so far and counted as zeros, each once; why the first could not be read.
    std::uint64_t lost() const;
    const std::optional<base::Error>& error() const { return m_error; }

private:
    std::unique_ptr<base::ByteSource> m_inner;
    mutable std::set<std::uint64_t> m_lost;  // numbers of blocks
    mutable std::optional<base::Error> m_error;
};

}  // namespace deadbox::worker
