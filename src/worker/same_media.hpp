// Was one disk given twice: under two names, as a link, or as an image and its copy in another container?
#pragma once

#include <vector>

#include "image/volume.hpp"

namespace deadbox::worker {

// Media whose bytes are equal wherever it is looked: their size, their beginning and end, the beginning of each volume, and
// places spread over the whole. A copy of a disk that was used since differs in its superblocks already. `volumes`: of all
// media, their ids begin with the media's number from 1.
bool same_media(const image::Volume& one, const image::Volume& other, const std::vector<image::Volume>& volumes);

}  // namespace deadbox::worker
