// Which file of a case a command line means.
#pragma once

#include <string>
#include <vector>

#include "case/view_files.hpp"

namespace deadbox::cli {

// PATH as typed: raw bytes, or "hex:" and its digits.
base::Result<std::string> path_argument(const std::string& text);
// The file that `ref` names, or everything at `path` (Errc::not_found where there is nothing).
base::Result<std::vector<case_file::FileDetail>> files_meant(const case_file::View& view, case_file::Files& files, const std::string& path, const std::string& ref);

}  // namespace deadbox::cli
