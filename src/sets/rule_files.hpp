// Files of YARA rules that the examiner names: read whole, as text.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"

namespace deadbox::sets {

struct RuleFile {
    std::string path, name;  // name: below the folder that was named; of a file without its folder
    std::string text, sha256;  // sha256: bytes
};

// A file, or of a folder all *.yar and *.yara below it, by name. Errc::usage: none, too large, or no text.
base::Result<std::vector<RuleFile>> read_rule_files(const std::string& path);

}  // namespace deadbox::sets
