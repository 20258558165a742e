// What this workstation and this program are, down to the digest of each library: for the validation record.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"

namespace deadbox::cli {

struct Component {
    std::string name, path, sha256;  // path with links followed: it ends in the library's version
};
struct RuleSet {
    std::string topic;
    std::uint32_t version = 0;
    std::vector<std::string> rules;  // "id VERSION"
};

struct Workstation {
    std::string system, kernel, architecture, processor;
    long processors = 0;
    std::uint64_t memory = 0;  // bytes
    int landlock = 0;          // ABI, 0 none
    bool seccomp = false;
    std::vector<Component> programs, libraries;
    std::vector<RuleSet> rules;
    std::string resources_sha256;  // of the list of digests of all resources
    std::size_t resources = 0;     // their number
};
base::Result<Workstation> describe_workstation();

}  // namespace deadbox::cli
