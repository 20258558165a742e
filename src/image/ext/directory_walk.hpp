// All names of a folder: block after block, inline, and as fast commits changed them.
#pragma once

#include "image/ext/directory.hpp"
#include "image/ext/ext_volume.hpp"

namespace deadbox::image::ext {

// Live names in the folder's order, then removed ones that are not mere older copies of live ones.
base::Result<void> walk_directory(const ExtVolume& volume, const InodeRecord& directory, std::uint64_t size,
                                  base::FunctionRef<base::Next(const Entry&)> visit);

}  // namespace deadbox::image::ext
