// The content of an inode as a source of bytes.
#pragma once

#include "image/ext/block_map.hpp"

namespace deadbox::image::ext {

// Fills `out` with the bytes from `offset` on, holes and unwritten extents as zeros. Errc::corrupt where the map is lost.
base::Result<void> read_mapped(const ExtVolume& volume, const BlockMap& map, std::uint64_t offset, base::Bytes out);

// The inline content of `inode`, as its size says; what does not fit in the inode is zeros.
std::vector<std::byte> inline_content(const InodeRecord& inode, std::uint64_t size);

std::unique_ptr<base::ByteSource> open_content(std::shared_ptr<const ExtVolume> volume, const InodeRecord& inode, std::uint64_t size);

// Bytes of holes (unwritten extents too) below `size`; counts no further than a fixed number of runs.
std::uint64_t hole_bytes(const ExtVolume& volume, const InodeRecord& inode, std::uint64_t size);
// Whether the replayed journal keeps newer content than the file's own blocks; counts no further than hole_bytes() does.
bool content_changed_by_journal(const ExtVolume& volume, const InodeRecord& inode, std::uint64_t size);
// Where the first byte of content lies on the media; 0 where there is none, or it is not plainly there.
std::uint64_t first_byte(const ExtVolume& volume, const InodeRecord& inode, std::uint64_t size);

}  // namespace deadbox::image::ext
