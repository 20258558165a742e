#include "image/ext/ext_filesystem.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "image/ext/attributes.hpp"
#include "image/ext/checksum.hpp"
#include "image/ext/ciphertext.hpp"
#include "image/ext/content.hpp"
#include "image/ext/directory_walk.hpp"

namespace deadbox::image::ext {
namespace {

using base::Errc;
using base::fail;
using base::Gap;
using base::Next;

constexpr std::uint64_t k_longest_target = 65536;
constexpr unsigned k_most_lost_groups = 65536;
constexpr std::uint64_t k_small_holes = 64u << 20;  // below it a block count is believed


}  // namespace

ExtFileSystem::ExtFileSystem(std::shared_ptr<const ExtVolume> volume, std::string journal, bool clean)
    : m_volume(std::move(volume)), m_journal(std::move(journal)), m_clean(clean), m_orphans(Orphans::read(*m_volume)) {}

std::uint64_t ExtFileSystem::size_of(const InodeRecord& inode) const {
    return inode.size(m_volume->superblock().has_incompat(incompat::large_dir));
}

base::Result<void> ExtFileSystem::load(InodeId id, InodeRecord& record) const {
    if (id.state != 0) return fail(Errc::not_found, "ext has one state only");
    TRY(m_volume->read_inode(id.number, record));
    if (record.mode() == 0 && !record.says_something()) return fail(Errc::not_found, fmt::format("inode {} is empty", id.number));
    return {};
}

base::Result<void> ExtFileSystem::inode(InodeId id, Inode& out) const {
    out.clear();
    auto& record = m_record;
    TRY(load(id, record));
    const auto& super = m_volume->superblock();
    out.number = id.number;
    out.generation = record.generation();
    out.type = record.type();
    out.mode = record.mode() & 07777u;
    out.uid = record.uid(), out.gid = record.gid();
    out.links = record.links();
    out.size = size_of(record);
    out.flags = record.flags();
    out.allocated = m_volume->allocated(record);
    out.encrypted = record.has(inode_flag::encrypted);
    out.modified = record.modified(), out.accessed = record.accessed(), out.changed = record.changed();
    out.born = record.born();
    if (!out.allocated && record.deletion() != 0 && !m_orphans.listed(id.number)) out.deleted = base::Timestamp{record.deletion(), 0};
    if (out.type == FileType::character || out.type == FileType::block)
        out.device_major = record.device_major(), out.device_minor = record.device_minor();

    // A fast commit leaves the map out of an inode, so that its checksum cannot fit.
    if (super.checksums() && out.allocated && !m_volume->fast_commits().inodes.contains(id.number) && !inode_checksum_ok(record, super.checksum_seed))
        m_volume->report(Gap::Level::gap, "an inode's checksum is wrong", id.number);
    if (out.allocated && out.size > most_bytes(super.block_size)) m_volume->report(Gap::Level::gap, "an inode's size is none that a file can have", id.number);
    if (record.extra_size_bad()) m_volume->report(Gap::Level::note, "an inode's extra fields are damaged: its nanoseconds and birth time are unknown", id.number);

    read_attributes(*m_volume, record, out.attributes);

    if (record.has(inode_flag::inline_data)) {
        if (const auto offset = m_volume->inode_offset(id.number); offset && out.size > 0) {
            const auto extent = m_volume->blocks().on_media(*offset + k_map_offset, 1);
            if (extent.kind == base::Extent::Kind::data) out.first_byte = extent.physical;
        }
    } else if (out.type == FileType::file || out.type == FileType::directory || (out.type == FileType::symlink && !record.fast_symlink())) {
        if (out.size > 0) out.first_byte = ext::first_byte(*m_volume, record, out.size);
        const std::uint64_t stored = record.sectors(super.has_ro_compat(ro_compat::huge_file), super.block_size) * 512;
        const std::uint64_t rest = (super.block_size - out.size % super.block_size) % super.block_size;
        const std::uint64_t whole = out.size > UINT64_MAX - rest ? UINT64_MAX : out.size + rest;  // in full blocks
        if (out.type == FileType::file && whole > stored)
            out.hole_bytes = whole - stored <= k_small_holes ? std::min(whole - stored, out.size) : ext::hole_bytes(*m_volume, record, out.size);
        else if (out.type == FileType::file && out.size > std::uint64_t{1} << 30)
            out.hole_bytes = ext::hole_bytes(*m_volume, record, out.size);
    }
    if (out.type == FileType::symlink) {
        const auto source = open_content(m_volume, record, std::min(out.size, k_longest_target));
        out.target.resize(std::min(source->size(), k_longest_target));
        const auto read = source->read_at(0, std::as_writable_bytes(std::span(out.target)));
        if (!read) m_volume->report(out.allocated ? Gap::Level::gap : Gap::Level::limit, "the target of a symbolic link is not readable", id.number);
        out.target.resize(read.value_or(0));
        if (out.encrypted) out.target = shown_target(base::as_bytes(out.target));
        if (out.encrypted) m_volume->report(Gap::Level::gap, "the target of a symbolic link is encrypted and the key is not there", id.number);
    }
    return {};
}

base::Result<void> ExtFileSystem::entries(InodeId directory, base::FunctionRef<Next(const Entry&)> visit) const {
    InodeRecord record;
    TRY(load(directory, record));
    if (record.type() != FileType::directory) return fail(Errc::usage, fmt::format("inode {} is not a folder", directory.number));
    if (!record.has(inode_flag::encrypted)) return walk_directory(*m_volume, record, size_of(record), visit);
    std::string name;
    return walk_directory(*m_volume, record, size_of(record), [&](const Entry& entry) {
        name = shown_name(base::as_bytes(entry.name));
        Entry shown = entry;
        shown.name = name;
        return visit(shown);
    });
}

base::Result<void> ExtFileSystem::deleted_inodes(base::FunctionRef<Next(InodeId)> visit) const {
    const auto& super = m_volume->superblock();
    const std::uint64_t highest = m_volume->highest_inode();
    // Descriptors that lie can lead to the same tables again and again: there are no more inodes than have room on the volume.
    std::uint64_t left = m_volume->blocks().volume().size() / super.inode_size;
    unsigned unreadable = 0;
    InodeRecord record;
    for (std::uint32_t group = 0; group < super.groups; ++group) {
        const auto descriptor = m_volume->descriptor(group);
        if (!descriptor) {
            // A table that is cut off stays so; without a bound a wild number of groups would be asked for.
            if (++unreadable < k_most_lost_groups) continue;
            m_volume->report(Gap::Level::limit, "too many group descriptors are damaged: deleted inodes behind them are not looked for", group, "group");
            break;
        }
        if (descriptor->inodes_unused) continue;
        const std::uint64_t first = std::uint64_t{group} * super.inodes_per_group + 1;
        const std::uint64_t end = std::min(highest + 1, first + super.inodes_per_group - std::min(descriptor->unused_inodes, super.inodes_per_group));
        for (std::uint64_t number = std::max<std::uint64_t>(first, super.first_inode); number < end; ++number) {
            if (left-- == 0) {
                m_volume->report(Gap::Level::limit, "the inode tables are larger than the volume: deleted inodes behind that are not looked for", group, "group");
                return {};
            }
            if (!m_volume->read_inode(number, record)) {
                m_volume->report(Gap::Level::limit, "part of an inode table is not readable", group, "group");
                break;
            }
            if (!record.says_something() || m_volume->allocated(record)) continue;
            if (visit({number, 0}) == Next::stop) return {};
        }
    }
    return {};
}

bool ExtFileSystem::out_of_journal(InodeId id) const {
    const auto& commits = m_volume->fast_commits();
    if (commits.inodes.contains(id.number) || commits.ranges.contains(id.number)) return true;
    if (!m_volume->blocks().laid_over()) return false;
    const auto& super = m_volume->superblock();
    const auto record = m_volume->inode_offset(id.number);
    if (record && m_volume->blocks().changed_by_journal(*record, super.inode_size)) return true;
    InodeRecord inode;
    if (!load(id, inode) || inode.has(inode_flag::inline_data) || inode.fast_symlink()) return false;
    return content_changed_by_journal(*m_volume, inode, size_of(inode));
}

base::Result<std::unique_ptr<base::ByteSource>> ExtFileSystem::content(InodeId id) const {
    auto& record = m_record;
    TRY(load(id, record));
    if (record.type() != FileType::file && record.type() != FileType::symlink)
        return fail(Errc::usage, fmt::format("inode {} has no content", id.number));
    if (record.has(inode_flag::encrypted) && record.type() == FileType::file && m_volume->allocated(record))
        m_volume->report(Gap::Level::gap, "a file's content is encrypted and the key is not there", id.number);
    return open_content(m_volume, record, size_of(record));
}

}  // namespace deadbox::image::ext
