// The readers behind markers(): each marks one kind of structure that begins at `start` of the source.
#pragma once

#include "base/byte_source.hpp"
#include "preview/answer.hpp"

namespace deadbox::preview {

// At most `length` bytes, fewer at the end or where they cannot be read.
std::vector<std::byte> bytes_at(const base::ByteSource& source, std::uint64_t offset, std::size_t length);

void mark_elf(const base::ByteSource& source, Answer& answer);
// Partition tables and the file systems' superblocks in them.
void mark_disk(const base::ByteSource& source, Answer& answer);
// Whether the bytes look like a disk: a boot sector, or a superblock.
bool is_disk(const base::ByteSource& source);
void mark_zip(const base::ByteSource& source, Answer& answer);
void mark_tar(const base::ByteSource& source, Answer& answer);
void mark_gzip(const base::ByteSource& source, Answer& answer);

}  // namespace deadbox::preview
