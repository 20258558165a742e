// Where a machine's room went, and when: sizes of allocated files by folder and by the day on which they came.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "case/view.hpp"

namespace deadbox::case_file {

struct FolderUsage {
    std::string path;             // raw bytes, absolute on its machine
    std::int64_t bytes = 0, files = 0;
    bool rest = false;            // without what is listed of the folders below it
};
struct DayUsage {
    std::int64_t day = 0;    // since 1970, UTC
    std::int64_t bytes = 0;  // that came on it and are still there, holes left out
    std::int64_t files = 0;
    bool operator==(const DayUsage&) const = default;
};
struct Usage {
    std::int64_t bytes = 0, files = 0;  // a file with several names counts once
    std::vector<FolderUsage> folders;   // the largest first; they share nothing and are the whole together
    std::vector<DayUsage> days;         // ascending; by birth, or by change where the file system keeps no births
    bool by_birth = true;
};
// Allocated files of the live trees of all machines. Folders: the heaviest is taken apart into those below it, again and
// again, until there are about `most` of them or none is heavy.
base::Result<Usage> usage(const View& view, std::size_t most);

}  // namespace deadbox::case_file
