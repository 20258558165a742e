// The demonstration server: a small Debian-like machine on a GPT disk, as it was and with the traces of one break-in.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace deadbox::cli {

enum class Machine : bool { healthy, compromised };

struct DemoFile {
    std::string path, bytes;
    std::uint32_t mode, uid, gid;
    std::string modified, changed;  // RFC 3339; changed, created and last read are equal
};
// What stands on it: every regular file.
std::vector<DemoFile> demo_files(Machine machine);

// Makes `image` (48 MiB, sparse) with mke2fs, debugfs and sfdisk, without root and without a network. `work` is a folder
// for what lies in between; it must exist.
base::Result<void> make_demo_image(const std::string& image, const std::string& work, Machine machine);

}  // namespace deadbox::cli
