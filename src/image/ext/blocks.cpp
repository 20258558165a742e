#include "image/ext/blocks.hpp"

#include <algorithm>

namespace deadbox::image::ext {
namespace {
using base::Errc;
using base::fail;

constexpr std::size_t k_cache_bytes = 4u << 20;   // of each cache
constexpr std::uint64_t k_table_piece = 65536;
constexpr std::string_view k_journal_block_magic = "\xC0\x3B\x39\x98";
}  // namespace

Piece PieceCache::find(std::uint64_t key) {
    for (auto& slot : row(key))
        if (slot.piece && slot.key == key) {
            slot.used = ++m_clock;
            return slot.piece;
        }
    return nullptr;
}

void PieceCache::keep(std::uint64_t key, Piece piece) {
    const auto slots = row(key);
    auto& oldest = *std::min_element(slots.begin(), slots.end(), [](const Slot& a, const Slot& b) { return a.used < b.used; });
    oldest = Slot{key, ++m_clock, std::move(piece)};
}

void PieceCache::clear() {
    for (auto& slot : m_slots) slot = Slot{};
}

Blocks::Blocks(std::shared_ptr<const base::ByteSource> volume, std::uint32_t block_size, std::uint64_t blocks)
    : m_volume(std::move(volume)), m_block_size(block_size), m_count(blocks), m_blocks(k_cache_bytes / (4 * std::max(block_size, 4096u))),
      m_tables(k_cache_bytes / (4 * k_table_piece)) {}

void Blocks::lay_over(Overlay overlay) {
    m_overlay = std::move(overlay);
    m_blocks.clear();
    m_tables.clear();
}

base::Result<void> Blocks::read(std::uint64_t offset, base::Bytes out) const {
    if (!m_overlay.empty()) return read_laid_over(offset, out);
    return base::read_exactly(*m_volume, offset, out);
}

base::Result<void> Blocks::read_laid_over(std::uint64_t offset, base::Bytes out) const {
    // Runs between overlaid blocks come from the volume, overlaid blocks from the journal.
    auto next = m_overlay.lower_bound(offset / m_block_size);
    while (!out.empty()) {
        const std::uint64_t block_start = next == m_overlay.end() ? UINT64_MAX : next->first * m_block_size;
        if (offset < block_start) {
            const auto part = out.first(std::min<std::uint64_t>(out.size(), block_start - offset));
            TRY(base::read_exactly(*m_volume, offset, part));
            offset += part.size(), out = out.subspan(part.size());
            continue;
        }
        const std::uint64_t within = offset - block_start;
        const auto part = out.first(std::min<std::uint64_t>(out.size(), m_block_size - within));
        TRY(base::read_exactly(*m_volume, next->second.block * m_block_size + within, part));
        if (next->second.escaped)
            for (std::uint64_t i = within; i < 4 && i - within < part.size(); ++i) part[i - within] = static_cast<std::byte>(k_journal_block_magic[i]);
        offset += part.size(), out = out.subspan(part.size()), ++next;
    }
    return {};
}

base::Result<Piece> Blocks::block(std::uint64_t number) const {
    if (number >= m_count) return fail(Errc::corrupt, "block " + std::to_string(number) + " lies past the file system's end");
    if (auto piece = m_blocks.find(number)) return piece;
    auto bytes = std::make_shared<std::vector<std::byte>>(m_block_size);
    TRY(read(number * m_block_size, *bytes));
    Piece piece = std::move(bytes);
    m_blocks.keep(number, piece);
    return piece;
}

base::Result<void> Blocks::read_table(std::uint64_t offset, base::Bytes out) const {
    const std::uint64_t number = offset / k_table_piece, within = offset % k_table_piece;
    auto piece = m_tables.find(number);
    if (!piece) {
        const std::uint64_t start = number * k_table_piece;
        const std::uint64_t end = m_volume->size();
        if (start >= end) return fail(Errc::truncated, "a table lies past the volume's end", offset);
        auto bytes = std::make_shared<std::vector<std::byte>>(std::min(k_table_piece, end - start));
        // A bad sector nearby must cost no more than the block it is in.
        if (!read(start, *bytes)) return read(offset, out);
        piece = std::move(bytes);
        m_tables.keep(number, piece);
    }
    if (within > piece->size() || out.size() > piece->size() - within) return read(offset, out);
    std::copy_n(piece->begin() + static_cast<std::ptrdiff_t>(within), out.size(), out.begin());
    return {};
}

bool Blocks::changed_by_journal(std::uint64_t offset, std::uint64_t length) const {
    std::vector<std::byte> own(m_block_size), shown(m_block_size);
    const std::uint64_t end = length > UINT64_MAX - offset ? UINT64_MAX : offset + length;
    for (auto next = m_overlay.lower_bound(offset / m_block_size); next != m_overlay.end() && next->first < (end + m_block_size - 1) / m_block_size; ++next) {
        const std::uint64_t start = next->first * m_block_size, from = std::max(offset, start);
        const auto size = static_cast<std::size_t>(std::min(end, start + m_block_size) - from);
        const auto own_part = base::Bytes(own).first(size), shown_part = base::Bytes(shown).first(size);
        if (!base::read_exactly(*m_volume, from, own_part) || !read_laid_over(from, shown_part)) return true;
        if (!std::equal(own_part.begin(), own_part.end(), shown_part.begin())) return true;
    }
    return false;
}

base::Extent Blocks::on_media(std::uint64_t offset, std::uint64_t length) const {
    bool escaped = false;
    if (!m_overlay.empty()) {
        auto next = m_overlay.lower_bound(offset / m_block_size);
        if (next != m_overlay.end() && next->first * m_block_size <= offset) {
            const std::uint64_t within = offset - next->first * m_block_size;
            offset = next->second.block * m_block_size + within;
            length = std::min(length, m_block_size - within);
            escaped = next->second.escaped && within < k_journal_block_magic.size();
            if (escaped) length = std::min(length, k_journal_block_magic.size() - within);
        } else if (next != m_overlay.end()) {
            length = std::min(length, next->first * m_block_size - offset);
        }
    }
    auto& last = m_last_extent;
    if (last.length == 0 || offset < last.logical || offset - last.logical >= last.length) {
        const auto found = m_volume->extent_at(offset);
        if (!found) return base::Extent{base::Extent::Kind::lost, 0, offset, length, 0};
        last = *found;
    }
    base::Extent extent = last;
    const std::uint64_t skipped = offset - last.logical;
    if (extent.kind == base::Extent::Kind::data) extent.physical += skipped;
    extent.logical = offset;
    extent.length = std::min(length, last.length - skipped);
    if (escaped && extent.kind == base::Extent::Kind::data) extent.kind = base::Extent::Kind::packed;
    return extent;
}

}  // namespace deadbox::image::ext
