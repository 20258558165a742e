// libext2fs as a second opinion on sound images: the same interface as our own readers, so that the same walk serves both.
// It is no reader for evidence: crafted images crash it.
#pragma once

#include <memory>
#include <string>

#include "image/filesystem.hpp"

namespace deadbox::test {

// nullptr where the library does not open it.
std::unique_ptr<image::FileSystem> open_ext_oracle(const std::string& path);

}  // namespace deadbox::test
