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

// Errc::usage where most of what the file claims to hold was never stored: nobody wants petabytes of zeros unasked.
base::Result<void> worth_reading(const std::string& path, std::int64_t size, std::int64_t hole_bytes);

}  // namespace deadbox::cli
