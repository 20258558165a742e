// The volume formats of this folder, and what is recognized without being read.
#pragma once

#include "image/volume.hpp"

namespace deadbox::image {

const VolumeFormat& gpt_format();
const VolumeFormat& mbr_format();

// Whether `bytes` begin with something that is used without a partition table: a file system, a member of a group of disks.
bool is_used_as_a_whole(const base::ByteSource& bytes);

// What `volume` holds, when it is none of the file systems that are read: fills volume.holds and tells `damage`.
void recognize(Volume& volume, base::DamageSink& damage);

// A partition of `parent` (start and length in bytes, relative to it). One that reaches past the parent's end is cut
// there, with a gap.
Volume partition(const Volume& parent, unsigned number, std::string scheme, std::uint64_t start, std::uint64_t length,
                 base::DamageSink& damage);

// 512 or 4096: the sector size for which `bytes` carries a sound GUID partition table header; 0 when there is none.
std::uint32_t gpt_sector_size(const base::ByteSource& bytes);

// Four primary entries of a master boot record that can be believed.
bool has_mbr(const base::ByteSource& bytes);
bool has_protective_mbr(const base::ByteSource& bytes);

}  // namespace deadbox::image
