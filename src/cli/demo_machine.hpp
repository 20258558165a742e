// The demonstration server: a small Debian-like machine on a GPT disk, and the traces of one break-in.
#pragma once

#include <string>

#include "base/result.hpp"

namespace deadbox::cli {

// Makes `image` (48 MiB, sparse) with mke2fs, debugfs and sfdisk, without root and without a network. `work` is a folder
// for what lies in between; it must exist.
base::Result<void> make_demo_image(const std::string& image, const std::string& work);

}  // namespace deadbox::cli
