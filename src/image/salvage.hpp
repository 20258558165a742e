// Media of which a part cannot be read: a disk with bad sectors, or an acquisition of one. It is read on; what cannot be
// read counts as zeros, as acquisition tools do it, and is remembered.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "base/byte_source.hpp"
#include "base/gap.hpp"
#include "image/container.hpp"

namespace deadbox::image {

// Disjoint ranges of bytes; those that touch become one.
class ByteRanges {
public:
    void add(std::uint64_t start, std::uint64_t length);
    // The end of the range that holds `offset`; `offset` itself where none does.
    std::uint64_t end_at(std::uint64_t offset) const;
    // Where the first range from `offset` on begins; UINT64_MAX where none does.
    std::uint64_t next(std::uint64_t offset) const;
    bool empty() const { return m_ranges.empty(); }
    std::vector<Acquisition::Range> all() const;

private:
    std::map<std::uint64_t, std::uint64_t> m_ranges;  // start -> end
};

// Reads what fails with Errc::io again in small pieces; a piece that fails again is lost and never tried again, because
// each try can cost a disk seconds. After many failures the pieces grow, so that a dead disk ends in finite time. Other
// errors (a damaged container, a device that was removed) stay errors.
class SalvageSource final : public base::ByteSource {
public:
    // `acquired`: what the acquisition could not read; the container has zeros there. `damage` is told of each lost range
    // that is read, once between two calls of forget_reports(), and outlives this.
    SalvageSource(std::shared_ptr<const base::ByteSource> media, const std::vector<Acquisition::Range>& acquired, base::DamageSink& damage);

    std::uint64_t size() const override { return m_media->size(); }
    base::Result<std::size_t> read_at(std::uint64_t offset, base::Bytes out) const override;
    base::Result<base::Extent> extent_at(std::uint64_t offset) const override { return m_media->extent_at(offset); }

    // What this source could not read so far.
    const ByteRanges& lost() const { return m_lost; }
    // Zeros that were handed out in place of bytes that nobody knows, so far: whoever reads twice counts them twice.
    std::uint64_t zeros() const { return m_zeros; }
    void forget_reports() const { m_told = {}; }

private:
    base::Result<std::size_t> read_pieces(std::uint64_t offset, base::Bytes out) const;
    void count_in(const ByteRanges& ranges, std::uint64_t start, std::uint64_t end, const char* reason) const;
    void count(std::uint64_t start, std::uint64_t length, const char* reason) const;

    std::shared_ptr<const base::ByteSource> m_media;
    base::DamageSink& m_damage;
    ByteRanges m_acquired;
    mutable ByteRanges m_lost, m_told;
    mutable std::uint64_t m_zeros = 0, m_failures = 0;
};

}  // namespace deadbox::image
