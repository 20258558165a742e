// image::FileSystem over an ext volume.
#pragma once

#include "image/ext/directory.hpp"
#include "image/ext/ext_volume.hpp"
#include "image/ext/orphans.hpp"

namespace deadbox::image::ext {

class ExtFileSystem final : public FileSystem {
public:
    ExtFileSystem(std::shared_ptr<const ExtVolume> volume, std::string journal, bool clean);

    std::string name() const override { return m_volume->superblock().type_name(); }
    std::string label() const override { return m_volume->superblock().label; }
    std::string uuid() const override { return m_volume->superblock().uuid_text(); }
    std::uint64_t size() const override { return m_volume->superblock().blocks * m_volume->superblock().block_size; }
    bool clean() const override { return m_clean; }
    std::string journal() const override { return m_journal; }
    InodeId root(std::uint32_t) const override { return {2, 0}; }
    std::uint64_t highest_inode() const override { return m_volume->highest_inode(); }
    base::Result<void> inode(InodeId id, Inode& out) const override;
    base::Result<void> entries(InodeId directory, base::FunctionRef<base::Next(const Entry&)> visit) const override;
    base::Result<void> deleted_inodes(base::FunctionRef<base::Next(InodeId)> visit) const override;
    bool out_of_journal(InodeId id) const override;
    void forget_reports() const override { m_volume->forget_reports(); }
    base::Result<std::unique_ptr<base::ByteSource>> content(InodeId id) const override;

private:
    base::Result<void> load(InodeId id, InodeRecord& record) const;
    std::uint64_t size_of(const InodeRecord& inode) const;

    std::shared_ptr<const ExtVolume> m_volume;
    std::string m_journal;
    bool m_clean;
    Orphans m_orphans;
    mutable InodeRecord m_record;  // storage, used again from call to call
};

}  // namespace deadbox::image::ext
