// Where on the media the content of a file lies, of the files that findings name.
#pragma once

#include <optional>
#include <vector>

#include "case/view.hpp"

namespace deadbox::case_file {

struct PlacedExtent {
    std::uint64_t offset = 0, media_offset = 0, length = 0;
};
struct Place {
    bool from_journal = false;          // of the journal's replay, not of the disk as it lies
    std::vector<PlacedExtent> extents;  // without holes
};

// Looks places up; use from one thread, while the view lives.
class Places {
public:
    static base::Result<Places> open(const View& view);
    // Nothing where it is not known.
    base::Result<std::optional<Place>> of(std::int64_t inode);

private:
    Statement m_place;  // none in cases of older versions
};

}  // namespace deadbox::case_file
