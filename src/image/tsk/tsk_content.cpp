#include <algorithm>

#include "image/tsk/tsk_volume.hpp"

namespace deadbox::image {
using base::Errc, base::Extent, base::fail, base::Result;
namespace {

constexpr std::size_t k_largest_read = std::size_t{1} << 20;
constexpr std::uint64_t k_most_checked_blocks = 1U << 18;

class TskContent final : public base::ByteSource {
public:
    TskContent(std::shared_ptr<const TskVolume> volume, TskVolume::File file, const TSK_FS_ATTR* attribute)
        : m_volume(std::move(volume)), m_file(std::move(file)), m_attribute(attribute), m_size(static_cast<std::uint64_t>(attribute->size)) {}

    std::uint64_t size() const override { return m_size; }

    Result<std::size_t> read_at(std::uint64_t offset, base::Bytes out) const override {
        if (offset >= m_size) return std::size_t{0};
        out = out.first(std::min<std::uint64_t>(out.size(), m_size - offset));
        std::size_t done = 0;
        m_volume->begin();
        while (done < out.size()) {
            const auto part = out.subspan(done, std::min(k_largest_read, out.size() - done));
            const ssize_t got = tsk_fs_attr_read(m_attribute, static_cast<TSK_OFF_T>(offset + done), reinterpret_cast<char*>(part.data()), part.size(), TSK_FS_FILE_READ_FLAG_NONE);
            if (got <= 0 || static_cast<std::size_t>(got) > part.size()) return fail(Errc::corrupt, tsk_message("the content cannot be read"), offset + done);
            done += static_cast<std::size_t>(got);
        }
        return done;
    }

    Result<Extent> extent_at(std::uint64_t offset) const override {
        if (offset >= m_size) return fail(Errc::not_found, "no extent past the end", offset);
        if (m_attribute->flags & TSK_FS_ATTR_RES) return Extent{Extent::Kind::in_inode, 0, 0, m_size, 0};
        const std::uint64_t block = m_volume->fs->block_size, skipped = m_attribute->nrd.skiplen;
        std::uint64_t next = m_size;  // where a later run starts
        for (const auto* run = m_attribute->nrd.run; run != nullptr; run = run->next) {
            const std::uint64_t start = run->offset * block, length = run->len * block;
            const std::uint64_t wanted = offset + skipped;
            if (start > wanted) next = std::min(next, start - skipped);
            if (wanted < start || wanted - start >= length) continue;
            const std::uint64_t left = std::min(length - (wanted - start), m_size - offset);
            if (run->flags & TSK_FS_ATTR_RUN_FLAG_SPARSE) return Extent{Extent::Kind::hole, 0, offset, left, 0};
            if (run->flags & TSK_FS_ATTR_RUN_FLAG_FILLER) break;
            Extent extent = tsk_place(*m_volume, run->addr * block + (wanted - start), left);
            extent.logical = offset;
            if (m_attribute->flags & TSK_FS_ATTR_COMP) extent.kind = Extent::Kind::packed;
            return extent;
        }
        return Extent{Extent::Kind::lost, 0, offset, std::max<std::uint64_t>(next, offset + 1) - offset, 0};
    }

private:
    std::shared_ptr<const TskVolume> m_volume;  // outlives m_file
    TskVolume::File m_file;
    const TSK_FS_ATTR* m_attribute;
    std::uint64_t m_size;
};

// A removed file whose blocks are in use belongs to another one now: its content must not appear under the old name.
bool given_to_others(const TskVolume& volume, const TSK_FS_ATTR& attribute) {
    if (!(attribute.flags & TSK_FS_ATTR_NONRES)) return false;
    std::uint64_t checked = 0;
    for (const auto* run = attribute.nrd.run; run != nullptr; run = run->next) {
        if (run->flags & (TSK_FS_ATTR_RUN_FLAG_SPARSE | TSK_FS_ATTR_RUN_FLAG_FILLER)) continue;
        for (TSK_DADDR_T i = 0; i < run->len && checked < k_most_checked_blocks; ++i, ++checked) {
            if (run->addr > volume.fs->last_block || i > volume.fs->last_block - run->addr) return false;
            if (volume.fs->block_getflags(volume.fs.get(), run->addr + i) & TSK_FS_BLOCK_FLAG_ALLOC) return true;
        }
    }
    return false;
}

}  // namespace

Extent tsk_place(const TskVolume& volume, std::uint64_t offset, std::uint64_t length) {
    const auto found = volume.bytes->extent_at(offset);
    if (!found || found->kind != Extent::Kind::data) return Extent{Extent::Kind::lost, 0, offset, length, 0};
    return Extent{Extent::Kind::data, found->media, offset, std::min(length, found->length - (offset - found->logical)), found->physical + (offset - found->logical)};
}

Result<std::unique_ptr<base::ByteSource>> tsk_content(std::shared_ptr<const TskVolume> volume, TskVolume::File file) {
    volume->begin();
    const auto* attribute = tsk_fs_file_attr_get(file.get());
    const auto& meta = *file->meta;
    if (attribute == nullptr || attribute->size == 0) {
        const bool empty = meta.size == 0 || attribute != nullptr;
        if (!empty) return fail(Errc::corrupt, tsk_message("the content cannot be found"));
        tsk_error_reset();
        return std::make_unique<base::MemorySource>(std::vector<std::byte>());
    }
    if (attribute->size < 0) return fail(Errc::corrupt, "the content has a size below zero");
    if ((meta.flags & TSK_FS_META_FLAG_UNALLOC) && given_to_others(*volume, *attribute))
        return fail(Errc::denied, "the space of this deleted file belongs to another file now");
    return std::make_unique<TskContent>(std::move(volume), std::move(file), attribute);
}

}  // namespace deadbox::image
