// Who holds an image: a virtual machine that runs from it changes it while it is read.
#pragma once

#include <string>

#include "base/descriptor.hpp"

namespace deadbox::image {

// In words, "" for nobody that can be asked about. `path` is where the file lies; locks are asked about on `file`.
std::string holder_of(const base::FileSource& file, const std::string& path);

}  // namespace deadbox::image
