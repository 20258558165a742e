// Files on a web site that findings of high weight name and that the web server's own rights could write.
#pragma once

#include <optional>
#include <vector>

#include "correlation/known.hpp"
#include "correlation/web_requests.hpp"

namespace deadbox::plugins::correlation {

struct Planted {
    const Known* known = nullptr;
    std::string path;
    std::int64_t inode = 0;
    std::optional<base::Timestamp> born, modified;
    std::vector<base::Timestamp> moments;  // when it may have been written: the likelier one first
    std::vector<Sites::Place> places;      // where it is asked for
    bool new_file = false;                 // the file itself is what was planted, not a change to one
};

// Ordered by time. `known`: as known_findings has them; must outlive the answer.
base::Result<std::vector<Planted>> planted_files(const plugin::CaseReader& reader, const std::vector<Known>& known, const Sites& sites);

}  // namespace deadbox::plugins::correlation
