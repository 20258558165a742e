// Our own read-only reader of ext2, ext3 and ext4.
#pragma once

#include "image/filesystem.hpp"

namespace deadbox::image::ext {

const FileSystemFormat& ext_format();

}  // namespace deadbox::image::ext
