#include "ext_oracle.hpp"

#include <algorithm>
#include <cstring>

#include "base/descriptor.hpp"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#include <ext2fs/ext2fs.h>
#pragma GCC diagnostic pop

namespace deadbox::test {
namespace {

using base::Errc;
using base::fail;

struct Block {
    std::uint64_t logical, physical, length;
    bool unwritten;
};

base::Result<std::vector<Block>> blocks_of(ext2_filsys fs, ext2_ino_t number, ext2_inode* inode) {
    std::vector<Block> out;
    if ((inode->i_flags & EXT4_EXTENTS_FL) != 0) {
        ext2_extent_handle_t handle = nullptr;
        ext2_inode copy = *inode;
        if (ext2fs_extent_open2(fs, number, &copy, &handle) != 0) return fail(Errc::corrupt, "extents");
        ext2fs_extent extent{};
        errcode_t error = ext2fs_extent_get(handle, EXT2_EXTENT_ROOT, &extent);
        for (; error == 0; error = ext2fs_extent_get(handle, EXT2_EXTENT_NEXT, &extent))
            if ((extent.e_flags & EXT2_EXTENT_FLAGS_LEAF) != 0)
                out.push_back({extent.e_lblk, extent.e_pblk, extent.e_len, (extent.e_flags & EXT2_EXTENT_FLAGS_UNINIT) != 0});
        ext2fs_extent_free(handle);
        if (error != EXT2_ET_EXTENT_NO_NEXT) return fail(Errc::corrupt, "extents");
        return out;
    }
    const auto error = ext2fs_block_iterate3(
        fs, number, BLOCK_FLAG_READ_ONLY | BLOCK_FLAG_DATA_ONLY, nullptr,
        [](ext2_filsys, blk64_t* block, e2_blkcnt_t logical, blk64_t, int, void* list) -> int {
            static_cast<std::vector<Block>*>(list)->push_back({static_cast<std::uint64_t>(logical), *block, 1, false});
            return 0;
        },
        &out);
    if (error != 0) return fail(Errc::corrupt, "blocks");
    return out;
}

class Oracle final : public image::FileSystem {
public:
    explicit Oracle(ext2_filsys fs) : m_fs(fs) {}
    ~Oracle() override { ext2fs_close_free(&m_fs); }

    std::string name() const override { return "ext"; }
    std::string label() const override { return {}; }
    std::string uuid() const override { return {}; }
    std::uint64_t size() const override { return ext2fs_blocks_count(m_fs->super) * m_fs->blocksize; }
    bool clean() const override { return true; }
    std::string journal() const override { return {}; }
    image::InodeId root(std::uint32_t) const override { return {EXT2_ROOT_INO, 0}; }
    std::uint64_t highest_inode() const override { return m_fs->super->s_inodes_count; }

    base::Result<void> inode(image::InodeId id, image::Inode& out) const override {
        out.clear();
        std::vector<char> space;
        auto* const in = read(id.number, space);
        if (in == nullptr) return fail(Errc::corrupt, "inode");
        using enum image::FileType;
        static constexpr image::FileType types[] = {unknown, fifo, character, unknown, directory, unknown, block, unknown, file, unknown, symlink, unknown, socket, unknown, unknown, unknown};
        out.number = id.number;
        out.type = types[in->i_mode >> 12];
        out.mode = in->i_mode & 07777u;
        out.uid = inode_uid(*in), out.gid = inode_gid(*in);
        out.links = in->i_links_count;
        out.size = EXT2_I_SIZE(in);
        const unsigned extra = EXT2_INODE_SIZE(m_fs->super) > 128 ? in->i_extra_isize : 0;
        out.changed = time(in->i_ctime, extra >= 8 ? in->i_ctime_extra : 0);
        out.modified = time(in->i_mtime, extra >= 12 ? in->i_mtime_extra : 0);
        out.accessed = time(in->i_atime, extra >= 16 ? in->i_atime_extra : 0);
        if (extra >= 24) out.born = time(in->i_crtime, in->i_crtime_extra);
        attributes(id.number, *in, out);
        if (out.type == character || out.type == image::FileType::block) {
            const std::uint32_t old = in->i_block[0], device = in->i_block[1];
            out.device_major = old != 0 ? old >> 8 & 255 : device >> 8 & 0xfff;
            out.device_minor = old != 0 ? old & 255 : (device & 255) | (device >> 12 & 0xfff00);
        }
        if (out.type == symlink) {
            const auto bytes = all(id.number, in);
            if (!bytes) return tl::unexpected(bytes.error());
            out.target = *bytes;
        }
        return {};
    }

    base::Result<void> entries(image::InodeId directory, base::FunctionRef<base::Next(const image::Entry&)> visit) const override {
        const auto error = ext2fs_dir_iterate2(
            m_fs, static_cast<ext2_ino_t>(directory.number), 0, nullptr,
            [](ext2_ino_t, int, ext2_dir_entry* entry, int, int, char*, void* context) -> int {
                const std::string_view name(entry->name, static_cast<std::size_t>(ext2fs_dirent_name_len(entry)));
                if (name != "." && name != "..") (*static_cast<base::FunctionRef<base::Next(const image::Entry&)>*>(context))({name, entry->inode, image::FileType::unknown, true});
                return 0;
            },
            &visit);
        if (error != 0) return fail(Errc::corrupt, "folder");
        return {};
    }
    base::Result<void> deleted_inodes(base::FunctionRef<base::Next(image::InodeId)>) const override { return {}; }

    base::Result<std::unique_ptr<base::ByteSource>> content(image::InodeId id) const override {
        std::vector<char> space;
        auto* const in = read(id.number, space);
        if (in == nullptr) return fail(Errc::corrupt, "inode");
        TRY_ASSIGN(const std::string bytes, all(id.number, in));
        const auto view = base::as_bytes(bytes);
        return std::make_unique<base::MemorySource>(std::vector<std::byte>(view.begin(), view.end()));
    }

private:
    static base::Timestamp time(std::uint32_t seconds, std::uint32_t extra) {
        return {static_cast<std::int32_t>(seconds) + (std::int64_t{extra & 3} << 32), extra >> 2};
    }

    ext2_inode_large* read(std::uint64_t number, std::vector<char>& space) const {
        const std::size_t size = std::max<std::size_t>(EXT2_INODE_SIZE(m_fs->super), sizeof(ext2_inode_large));
        space.assign(size, 0);
        auto* const in = reinterpret_cast<ext2_inode_large*>(space.data());
        if (ext2fs_read_inode_full(m_fs, static_cast<ext2_ino_t>(number), reinterpret_cast<ext2_inode*>(in), static_cast<int>(size)) != 0) return nullptr;
        return in;
    }

    base::Result<std::string> all(std::uint64_t number, ext2_inode_large* large) const {
        auto* const inode = reinterpret_cast<ext2_inode*>(large);
        const auto ino = static_cast<ext2_ino_t>(number);
        std::string out(EXT2_I_SIZE(inode), '\0');
        if ((inode->i_flags & EXT4_INLINE_DATA_FL) != 0) {
            std::size_t size = 0;
            if (ext2fs_inline_data_size(m_fs, ino, &size) != 0) return fail(Errc::corrupt, "inline data");
            std::string data(size, '\0');
            if (ext2fs_inline_data_get(m_fs, ino, inode, data.data(), &size) != 0) return fail(Errc::corrupt, "inline data");
            data.resize(out.size());
            return data;
        }
        if (ext2fs_is_fast_symlink(inode)) {
            std::memcpy(out.data(), inode->i_block, std::min(out.size(), sizeof inode->i_block));
            return out;
        }
        TRY_ASSIGN(const auto blocks, blocks_of(m_fs, ino, inode));
        std::string block(m_fs->blocksize, '\0');
        for (const auto& run : blocks)
            for (std::uint64_t i = 0; i < run.length && !run.unwritten && (run.logical + i) * block.size() < out.size(); ++i) {
                if (io_channel_read_blk64(m_fs->io, run.physical + i, 1, block.data()) != 0) return fail(Errc::io, "block");
                const std::size_t at = (run.logical + i) * block.size();
                std::memcpy(out.data() + at, block.data(), std::min(block.size(), out.size() - at));
            }
        return out;
    }

    void attributes(std::uint64_t number, ext2_inode_large& in, image::Inode& out) const {
        ext2_xattr_handle* handle = nullptr;
        std::uint32_t magic = 0;
        const std::size_t size = EXT2_INODE_SIZE(m_fs->super);
        if (size > 128 && in.i_extra_isize != 0 && 128u + in.i_extra_isize + 4 <= size)
            std::memcpy(&magic, reinterpret_cast<char*>(&in) + 128 + in.i_extra_isize, 4);
        if (magic != EXT2_EXT_ATTR_MAGIC && ext2fs_file_acl_block(m_fs, reinterpret_cast<ext2_inode*>(&in)) == 0) return;
        if (ext2fs_xattrs_open(m_fs, static_cast<ext2_ino_t>(number), &handle) != 0) return;
        if (ext2fs_xattrs_read_inode(handle, &in) == 0)
            ext2fs_xattrs_iterate(
                handle,
                [](char* name, char* value, size_t length, void* list) -> int {
                    if (std::strcmp(name, "system.data") == 0) return 0;
                    image::ExtendedAttribute attribute{name, std::string(value != nullptr ? value : "", length)};
                    if (attribute.name.starts_with("system.posix_acl")) attribute.value = external(attribute.value);
                    static_cast<std::vector<image::ExtendedAttribute>*>(list)->push_back(std::move(attribute));
                    return 0;
                },
                &out.attributes);
        ext2fs_xattrs_close(&handle);
    }

    // ext4's short lists as the kernel shows them.
    static std::string external(const std::string& disk) {
        std::string out("\2\0\0\0", 4);
        for (std::size_t i = 4; i + 4 <= disk.size(); i += 4) {
            out.append(disk, i, 4);
            if ((disk[i] == 2 || disk[i] == 8) && i + 8 <= disk.size()) out.append(disk, i + 4, 4), i += 4;
            else out.append(4, '\xff');
        }
        return out;
    }

    ext2_filsys m_fs;
};

}  // namespace

std::unique_ptr<image::FileSystem> open_ext_oracle(const std::string& path) {
    ext2_filsys fs = nullptr;
    const int flags = EXT2_FLAG_64BITS | EXT2_FLAG_SKIP_MMP | EXT2_FLAG_SOFTSUPP_FEATURES | EXT2_FLAG_IGNORE_CSUM_ERRORS;
    if (ext2fs_open(path.c_str(), flags, 0, 0, unix_io_manager, &fs) != 0) return nullptr;
    return std::make_unique<Oracle>(fs);
}

ExtPlaces ext_places(const std::string& path) {
    ExtPlaces places;
    ext2_filsys fs = nullptr;
    if (ext2fs_open(path.c_str(), EXT2_FLAG_64BITS | EXT2_FLAG_SOFTSUPP_FEATURES, 0, 0, unix_io_manager, &fs) != 0) return places;
    const std::uint64_t block_size = fs->blocksize;
    const std::uint64_t inode_size = EXT2_INODE_SIZE(fs->super);
    auto& metadata = places.metadata;
    metadata["superblock"].push_back({1024, 1024});
    for (dgrp_t group = 0; group < fs->group_desc_count; ++group) {
        metadata["bitmaps"].push_back({ext2fs_inode_bitmap_loc(fs, group) * block_size, block_size});
        metadata["bitmaps"].push_back({ext2fs_block_bitmap_loc(fs, group) * block_size, block_size});
    }
    for (dgrp_t i = 0; i < fs->desc_blocks; ++i)
        metadata["descriptors"].push_back({ext2fs_descriptor_block_loc2(fs, fs->super->s_first_data_block, i) * block_size, block_size});
    ext2fs_read_bitmaps(fs);
    std::vector<char> space(std::max<std::size_t>(inode_size, sizeof(ext2_inode_large)));
    auto* const inode = reinterpret_cast<ext2_inode*>(space.data());
    for (ext2_ino_t number = 1; number <= fs->super->s_inodes_count; ++number) {
        if (!ext2fs_test_inode_bitmap2(fs->inode_map, number) || ext2fs_read_inode_full(fs, number, inode, static_cast<int>(inode_size)) != 0) continue;
        const std::uint64_t group = (number - 1) / fs->super->s_inodes_per_group, index = (number - 1) % fs->super->s_inodes_per_group;
        auto& own = places.inodes[number];
        own.push_back({ext2fs_inode_table_loc(fs, static_cast<dgrp_t>(group)) * block_size + index * inode_size, inode_size});
        metadata["inode"].push_back(own.front());
        if (const auto block = ext2fs_file_acl_block(fs, inode); block != 0) {
            own.push_back({block * block_size, block_size});
            metadata["attributes"].push_back(own.back());
        }
        if (!ext2fs_inode_has_valid_blocks2(fs, inode)) continue;
        struct Context {
            std::vector<Place>& own;
            std::vector<Place>& maps;
            std::vector<Place>* content;
            std::uint64_t block_size;
        } context{own, metadata["map"], LINUX_S_ISDIR(inode->i_mode) ? &metadata["folder"] : number == fs->super->s_journal_inum ? &metadata["journal"] : nullptr, block_size};
        ext2fs_block_iterate3(
            fs, number, BLOCK_FLAG_READ_ONLY, nullptr,
            [](ext2_filsys, blk64_t* block, e2_blkcnt_t logical, blk64_t, int, void* opaque) -> int {
                auto& to = *static_cast<Context*>(opaque);
                to.own.push_back({*block * to.block_size, to.block_size});
                if (logical < 0) to.maps.push_back(to.own.back());
                else if (to.content != nullptr) to.content->push_back(to.own.back());
                return 0;
            },
            &context);
    }
    ext2fs_close_free(&fs);
    return places;
}

}  // namespace deadbox::test
