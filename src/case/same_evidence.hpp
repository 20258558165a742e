// Whether evidence that is opened again is that of the case. Machines made from one template share everything that stands at
// the beginning of a disk, so what only one of them has is compared too: the volumes, and marks of bytes all over the media.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "case/database.hpp"

namespace deadbox::case_file {

// Of the marks of media: each is the first 8 bytes of a SHA-256, or zeros where the bytes could not be read or are not there.
// In order: places spread evenly over the media, its end, then of each of its volumes the beginning and, of a file system, what
// its root folder's inode says.
inline constexpr std::size_t k_mark = 8;

struct OpenedVolume {
    std::string id, type, filesystem, uuid;  // as the table `volume` has them; of the id what stands behind the media's number counts
    std::int64_t start = 0, size = 0;
    std::int64_t tree = -1;
};
struct OpenedMedia {
    std::string name;      // by which people know it: as it was given now
    std::string identity;  // hex of the hash of its first MiB; "": it could not be opened now
    std::int64_t size = 0;
    std::string marks;
    std::vector<OpenedVolume> volumes;
};

struct SameEvidence {
    std::vector<std::string> differences;   // one for each image that is another, in words; none: it is the evidence of the case
    std::vector<std::string> not_compared;  // what the case does not say, in words
};
// `opened`: one for each image that the case has opened before, in its order.
base::Result<SameEvidence> same_evidence(const Database& database, const std::vector<OpenedMedia>& opened);

}  // namespace deadbox::case_file
