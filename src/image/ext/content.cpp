#include "image/ext/content.hpp"

#include <algorithm>

#include "image/ext/attributes.hpp"

namespace deadbox::image::ext {
namespace {

using base::Errc;
using base::Extent;
using base::fail;

// One piece of [offset, offset + out.size()) of a mapped file; returns how many bytes it was.
base::Result<std::size_t> read_run(const ExtVolume& volume, const Run& run, std::uint64_t offset, base::Bytes out) {
    const std::uint64_t block_size = volume.superblock().block_size;
    const std::uint64_t skipped = offset - run.logical * block_size;
    const std::uint64_t there = run.length > UINT64_MAX / block_size / 2 ? UINT64_MAX : run.length * block_size - skipped;
    const auto part = out.first(std::min<std::uint64_t>(out.size(), there));
    switch (run.kind) {
        case Run::Kind::data: TRY(volume.blocks().read(run.physical * block_size + skipped, part)); break;
        case Run::Kind::hole:
        case Run::Kind::unwritten: std::fill(part.begin(), part.end(), std::byte{0}); break;
        case Run::Kind::lost: return fail(Errc::corrupt, "the content's block map is damaged", offset);
    }
    return part.size();
}

class MappedContent final : public base::ByteSource {
public:
    MappedContent(std::shared_ptr<const ExtVolume> volume, const InodeRecord& inode, std::uint64_t size)
        : m_volume(std::move(volume)), m_map(*m_volume, inode), m_size(size) {}

    std::uint64_t size() const override { return m_size; }

    base::Result<std::size_t> read_at(std::uint64_t offset, base::Bytes out) const override {
        if (offset >= m_size) return std::size_t{0};
        const std::size_t wanted = std::min<std::uint64_t>(out.size(), m_size - offset);
        std::size_t done = 0;
        while (done < wanted) {
            TRY_ASSIGN(const std::size_t got, read_run(*m_volume, run_at(offset + done), offset + done, out.subspan(done, wanted - done)));
            done += got;
        }
        return done;
    }

    base::Result<Extent> extent_at(std::uint64_t offset) const override {
        if (offset >= m_size) return fail(Errc::not_found, "no extent past the end", offset);
        const std::uint64_t block_size = m_volume->superblock().block_size;
        const Run run = run_at(offset);
        const std::uint64_t from = run.logical * block_size;
        const std::uint64_t to = run.length > (m_size - from) / block_size ? m_size : std::min(m_size, from + run.length * block_size);
        switch (run.kind) {
            case Run::Kind::data: {
                Extent extent = m_volume->blocks().on_media(run.physical * block_size + (offset - from), to - offset);
                extent.logical = offset;
                return extent;
            }
            case Run::Kind::hole:
            case Run::Kind::unwritten: return Extent{Extent::Kind::hole, 0, from, to - from, 0};
            case Run::Kind::lost: break;
        }
        return Extent{Extent::Kind::lost, 0, from, to - from, 0};
    }

private:
    const Run& run_at(std::uint64_t offset) const {
        const std::uint64_t block = offset / m_volume->superblock().block_size;
        if (m_last.length == 0 || !m_last.holds(block)) m_last = m_map.at(block);
        return m_last;
    }

    std::shared_ptr<const ExtVolume> m_volume;
    BlockMap m_map;
    std::uint64_t m_size;
    mutable Run m_last;
};

// Sixty bytes in the place of the map, the rest among the extended attributes.
class InlineContent final : public base::ByteSource {
public:
    InlineContent(std::shared_ptr<const ExtVolume> volume, const InodeRecord& inode, std::uint64_t size)
        : m_volume(std::move(volume)), m_bytes(inline_content(inode, size)), m_tail(find_inline_tail(inode)) {
        m_record = m_volume->inode_offset(inode.number).value_or(0);
    }

    std::uint64_t size() const override { return m_bytes.size(); }
    base::Result<std::size_t> read_at(std::uint64_t offset, base::Bytes out) const override {
        if (offset >= m_bytes.size()) return std::size_t{0};
        const auto count = std::min<std::size_t>(out.size(), m_bytes.size() - offset);
        std::copy_n(m_bytes.begin() + static_cast<std::ptrdiff_t>(offset), count, out.begin());
        return count;
    }
    base::Result<Extent> extent_at(std::uint64_t offset) const override {
        if (offset >= m_bytes.size()) return fail(Errc::not_found, "no extent past the end", offset);
        const bool head = offset < k_map_bytes;
        const std::uint64_t start = head ? 0 : k_map_bytes, end = head ? std::min<std::uint64_t>(k_map_bytes, m_bytes.size()) : m_bytes.size();
        Extent extent = m_volume->blocks().on_media(m_record + (head ? k_map_offset : m_tail ? m_tail->offset : 0), end - start);
        extent.kind = Extent::Kind::in_inode, extent.logical = start, extent.length = end - start;
        return extent;
    }

private:
    std::shared_ptr<const ExtVolume> m_volume;
    std::vector<std::byte> m_bytes;
    std::optional<InlineTail> m_tail;
    std::uint64_t m_record = 0;
};

constexpr unsigned k_most_runs = 100'000;

// The runs below `size`, the first ones of them, each cut to where the one before it ended.
void for_each_run(const ExtVolume& volume, const InodeRecord& inode, std::uint64_t size, unsigned most, base::FunctionRef<base::Next(const Run&)> visit) {
    const std::uint64_t block_size = volume.superblock().block_size, end = size / block_size + (size % block_size != 0 ? 1 : 0);
    const BlockMap map(volume, inode);
    std::uint64_t block = 0;
    for (unsigned runs = 0; block < end && runs < most; ++runs) {
        Run run = map.at(block);
        const std::uint64_t next = run.length > end - run.logical ? end : run.logical + run.length;
        if (run.physical != 0) run.physical += block - run.logical;
        run.logical = block, run.length = next - block;
        if (visit(run) == base::Next::stop) return;
        block = next;
    }
}

}  // namespace

base::Result<void> read_mapped(const ExtVolume& volume, const BlockMap& map, std::uint64_t offset, base::Bytes out) {
    while (!out.empty()) {
        const Run run = map.at(offset / volume.superblock().block_size);
        TRY_ASSIGN(const std::size_t got, read_run(volume, run, offset, out));
        offset += got, out = out.subspan(got);
    }
    return {};
}

std::vector<std::byte> inline_content(const InodeRecord& inode, std::uint64_t size) {
    // Never more than the inode itself holds.
    std::vector<std::byte> bytes(std::min<std::uint64_t>(size, inode.bytes.size()));
    const auto map = inode.map();
    std::copy_n(map.begin(), std::min(map.size(), bytes.size()), bytes.begin());
    if (bytes.size() > k_map_bytes)
        if (const auto tail = find_inline_tail(inode)) {
            const auto value = inode.view().subspan(tail->offset, tail->length);
            std::copy_n(value.begin(), std::min(value.size(), bytes.size() - k_map_bytes), bytes.begin() + k_map_bytes);
        }
    return bytes;
}

std::unique_ptr<base::ByteSource> open_content(std::shared_ptr<const ExtVolume> volume, const InodeRecord& inode, std::uint64_t size) {
    if (inode.has(inode_flag::inline_data)) return std::make_unique<InlineContent>(std::move(volume), inode, size);
    if (inode.fast_symlink()) {
        const auto map = inode.map().first(std::min<std::uint64_t>(size, k_map_bytes));
        return std::make_unique<base::MemorySource>(std::vector<std::byte>(map.begin(), map.end()));
    }
    return std::make_unique<MappedContent>(std::move(volume), inode, size);
}

std::uint64_t hole_bytes(const ExtVolume& volume, const InodeRecord& inode, std::uint64_t size) {
    const std::uint64_t block_size = volume.superblock().block_size;
    std::uint64_t holes = 0, seen = 0;
    const auto add = [&](std::uint64_t blocks) {
        const std::uint64_t left = size - holes;
        holes += blocks > left / block_size ? left : blocks * block_size;
    };
    for_each_run(volume, inode, size, k_most_runs, [&](const Run& run) {
        seen = run.logical + run.length;
        if (run.kind == Run::Kind::hole || run.kind == Run::Kind::unwritten) add(run.length);
        return base::Next::go_on;
    });
    // What is too scattered to be looked at counts as holes: better a limit too early than days over zeros.
    const std::uint64_t end = size / block_size + (size % block_size != 0 ? 1 : 0);
    if (seen < end) add(end - seen);
    return holes;
}

bool content_changed_by_journal(const ExtVolume& volume, const InodeRecord& inode, std::uint64_t size) {
    const std::uint64_t block_size = volume.superblock().block_size;
    bool changed = false;
    for_each_run(volume, inode, size, k_most_runs, [&](const Run& run) {
        changed = run.kind == Run::Kind::data && volume.blocks().changed_by_journal(run.physical * block_size, run.length * block_size);
        return changed ? base::Next::stop : base::Next::go_on;
    });
    return changed;
}

std::uint64_t first_byte(const ExtVolume& volume, const InodeRecord& inode, std::uint64_t size) {
    constexpr unsigned k_enough_runs = 16;
    std::uint64_t first = 0;
    for_each_run(volume, inode, size, k_enough_runs, [&](const Run& run) {
        if (run.kind != Run::Kind::data) return base::Next::go_on;
        const auto extent = volume.blocks().on_media(run.physical * volume.superblock().block_size, 1);
        if (extent.kind == Extent::Kind::data) first = extent.physical;
        return base::Next::stop;
    });
    return first;
}

}  // namespace deadbox::image::ext
