// Which files of a folder are images of disks, by their names alone: what a folder means that is given or dropped.
#pragma once

#include <string>
#include <vector>

namespace deadbox::serve {

// Paths of the regular files in `folder` that may be the first file of an image, in order of their names; of split images
// and EWF only the first part, and nothing whose name says that it is a list of digests, a log, a report or a case.
std::vector<std::string> images_in(const std::string& folder);

}  // namespace deadbox::serve
