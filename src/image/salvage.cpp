#include "image/salvage.hpp"

#include <algorithm>

namespace deadbox::image {
namespace {

constexpr std::uint64_t k_piece = 4096;              // what a disk of today reads at least
constexpr std::uint64_t k_failures_a_doubling = 1024;
constexpr std::uint64_t k_doublings = 12;            // up to 16 MiB

constexpr const char* k_unreadable = "a range of the media could not be read and counts as zeros";
constexpr const char* k_not_acquired = "a range that the acquisition could not read counts as zeros";

}  // namespace

void ByteRanges::add(std::uint64_t start, std::uint64_t length) {
    if (length == 0) return;
    std::uint64_t end = start > UINT64_MAX - length ? UINT64_MAX : start + length;
    auto at = m_ranges.upper_bound(start);
    if (at != m_ranges.begin() && std::prev(at)->second >= start) --at;
    while (at != m_ranges.end() && at->first <= end) {
        start = std::min(start, at->first), end = std::max(end, at->second);
        at = m_ranges.erase(at);
    }
    m_ranges.emplace(start, end);
}

std::uint64_t ByteRanges::end_at(std::uint64_t offset) const {
    const auto after = m_ranges.upper_bound(offset);
    return after == m_ranges.begin() ? offset : std::max(offset, std::prev(after)->second);
}

std::uint64_t ByteRanges::next(std::uint64_t offset) const {
    if (end_at(offset) > offset) return offset;
    const auto at = m_ranges.lower_bound(offset);
    return at == m_ranges.end() ? UINT64_MAX : at->first;
}

std::vector<Acquisition::Range> ByteRanges::all() const {
    std::vector<Acquisition::Range> ranges;
    for (const auto& [start, end] : m_ranges) ranges.push_back({start, end - start});
    return ranges;
}

SalvageSource::SalvageSource(std::shared_ptr<const base::ByteSource> media, const std::vector<Acquisition::Range>& acquired, base::DamageSink& damage)
    : m_media(std::move(media)), m_damage(damage) {
    for (const auto& range : acquired)
        if (range.start < m_media->size()) m_acquired.add(range.start, std::min(range.length, m_media->size() - range.start));
}

void SalvageSource::count(std::uint64_t start, std::uint64_t length, const char* reason) const {
    m_zeros += length;
    if (m_told.end_at(start) - start >= length) return;
    m_told.add(start, length);
    m_damage.damage({base::Gap::Level::gap, "media", reason, "", std::to_string(length) + " bytes from byte " + std::to_string(start) + " of the media"});
}

void SalvageSource::count_in(const ByteRanges& ranges, std::uint64_t start, std::uint64_t end, const char* reason) const {
    for (auto at = ranges.next(start); at < end;) {
        const auto last = std::min(ranges.end_at(at), end);
        count(at, last - at, reason);
        at = ranges.next(last);
    }
}

base::Result<std::size_t> SalvageSource::read_at(std::uint64_t offset, base::Bytes out) const {
    if (offset >= size()) return std::size_t{0};
    out = out.first(static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), size() - offset)));
    std::size_t done = 0;
    while (done < out.size()) {
        const std::uint64_t at = offset + done;
        const auto lost = std::min<std::uint64_t>(m_lost.end_at(at) - at, out.size() - done);
        std::fill_n(out.begin() + static_cast<std::ptrdiff_t>(done), lost, std::byte{0});
        done += lost;
        if (lost > 0) continue;
        const auto part = out.subspan(done, std::min<std::uint64_t>(out.size() - done, m_lost.next(at) - at));
        auto got = m_media->read_at(at, part);
        if (!got && got.error().code == base::Errc::io) got = read_pieces(at, part);
        if (!got) return got;
        if (*got == 0) break;
        done += *got;
    }
    count_in(m_lost, offset, offset + done, k_unreadable);
    count_in(m_acquired, offset, offset + done, k_not_acquired);
    return done;
}

base::Result<std::size_t> SalvageSource::read_pieces(std::uint64_t offset, base::Bytes out) const {
    for (std::size_t done = 0; done < out.size();) {
        const auto at = offset + done;
        const auto step = k_piece << std::min(m_failures / k_failures_a_doubling, k_doublings);
        const auto whole = step - at % step;
        const auto piece = out.subspan(done, static_cast<std::size_t>(std::min<std::uint64_t>(out.size() - done, whole)));
        const auto got = m_media->read_at(at, piece);
        if (!got && got.error().code != base::Errc::io) return got;
        if (got && *got < piece.size()) return done + *got;
        if (!got) {
            ++m_failures;
            m_lost.add(at, std::min(whole, size() - at));
            std::fill(piece.begin(), piece.end(), std::byte{0});
        }
        done += piece.size();
    }
    return out.size();
}

}  // namespace deadbox::image
