// The case's table `meta`: a value a key. The keys are those of who writes them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "case/database.hpp"

namespace deadbox::case_file {

// In place of what the key had.
base::Result<void> set_meta(const Database& database, std::string_view key, std::string_view value);
base::Result<std::optional<std::string>> meta(const Database& database, std::string_view key);

}  // namespace deadbox::case_file
