// A copy of a case that is whole, also while it is being written to.
#pragma once

#include <string>

#include "case/database.hpp"

namespace deadbox::case_file {

// `path` must not exist; the copy is one closed file. On failure nothing is left.
base::Result<void> copy_case(const Database& database, const std::string& path);

}  // namespace deadbox::case_file
