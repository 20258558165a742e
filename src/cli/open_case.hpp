// Opening the case that a command line names.
#pragma once

#include "case/view.hpp"

namespace deadbox::cli {

// As View::open; a case that is not there is an unusable case (exit status 5), not a wrong command line.
base::Result<case_file::View> open_case(const std::string& path);

}  // namespace deadbox::cli
