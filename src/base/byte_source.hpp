// Random access to bytes of the evidence: a container's media, a volume, a file.
#pragma once

#include <memory>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace deadbox::base {

// Where a run of bytes lies.
struct Extent {
    enum class Kind : std::uint8_t {
        data,
        hole,      // never written: reads as zeros
        in_inode,  // stored inside metadata; physical is where
        packed,    // compressed or otherwise not one to one on the media
        lost,      // the map is damaged here: reads fail
    };
    Kind kind = Kind::data;
    std::uint32_t media = 0;     // which disk of the evidence
    std::uint64_t logical = 0;   // bytes from the source's start
    std::uint64_t length = 0;    // bytes, at least 1 before the end
    std::uint64_t physical = 0;  // bytes from the media's start; 0 for holes
};

// An object belongs to one thread; each worker opens its own. Reads are positional.
class ByteSource {
public:
    virtual ~ByteSource() = default;
    virtual std::uint64_t size() const = 0;
    // Fills `out` from `offset`; short only at the end.
    virtual Result<std::size_t> read_at(std::uint64_t offset, Bytes out) const = 0;
    // The extent that holds `offset`, starting there or before it. Errc::not_found at or past the end.
    virtual Result<Extent> extent_at(std::uint64_t offset) const = 0;
};

// Exactly out.size() bytes, or Errc::truncated.
Result<void> read_exactly(const ByteSource& source, std::uint64_t offset, Bytes out);
// `length` bytes in memory of their own. Callers bound `length`: it often comes from the evidence.
Result<std::vector<std::byte>> read_bytes(const ByteSource& source, std::uint64_t offset, std::size_t length);

// Bytes that are in memory already.
class MemorySource final : public ByteSource {
public:
    explicit MemorySource(std::vector<std::byte> bytes) : m_bytes(std::move(bytes)) {}
    std::uint64_t size() const override { return m_bytes.size(); }
    Result<std::size_t> read_at(std::uint64_t offset, Bytes out) const override;
    Result<Extent> extent_at(std::uint64_t offset) const override;

private:
    std::vector<std::byte> m_bytes;
};

// A window on another source; keeps it alive. A window past the parent's end is cut there.
class SliceSource final : public ByteSource {
public:
    SliceSource(std::shared_ptr<const ByteSource> parent, std::uint64_t start, std::uint64_t length);
    std::uint64_t size() const override { return m_length; }
    Result<std::size_t> read_at(std::uint64_t offset, Bytes out) const override;
    Result<Extent> extent_at(std::uint64_t offset) const override;

private:
    std::shared_ptr<const ByteSource> m_parent;
    std::uint64_t m_start;
    std::uint64_t m_length;
};

}  // namespace deadbox::base
