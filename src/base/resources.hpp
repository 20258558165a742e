// Where the texts, rules and lists of the program lie.
#pragma once

#include <string>

#include "base/result.hpp"

namespace deadbox::base {

// The folder `resources`: $DEADBOX_RESOURCES where it is set, else ../share/deadbox beside the program's own folder.
// Ask before a lock-down. Without a final slash.
Result<std::string> resources_folder();
// A whole text file of the program's own (never of the evidence); Errc::not_found where there is none.
Result<std::string> read_resource(const std::string& path);

}  // namespace deadbox::base
