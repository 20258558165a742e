// Marks of media: digests of bytes that two machines made from one template do not share, by which a case knows its own
// evidence again. What they are, and their order: case/same_evidence.hpp.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "image/filesystem.hpp"
#include "image/volume.hpp"

namespace deadbox::worker {

struct MarkedVolume {
    const image::Volume* volume = nullptr;
    const image::FileSystem* filesystem = nullptr;  // nothing where none was opened
};

// `zeros`: how many bytes were handed out as zeros so far because they could not be read; a place that adds to them has no mark.
std::string marks_of(const base::ByteSource& media, const std::vector<MarkedVolume>& volumes, const std::function<std::uint64_t()>& zeros);

}  // namespace deadbox::worker
