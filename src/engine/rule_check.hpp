// Whether rules of the examiner's compile: asked of a locked-down worker of its own, before anything else is done.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace deadbox::engine {

struct CheckedRules {
    std::string file, error;  // error: "" where they compile
    std::uint64_t rules = 0;
};

// `files`: name and text of each. Each is compiled by itself, and answered in order.
base::Result<std::vector<CheckedRules>> check_rules(const std::vector<std::pair<std::string, std::string>>& files, bool reduced_sandbox, int hang_seconds);

}  // namespace deadbox::engine
