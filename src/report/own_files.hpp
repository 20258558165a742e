// The examiner's own sets and rules that the last run was given.
#pragma once

#include "case/view.hpp"
#include "report/model.hpp"

namespace deadbox::report {

base::Result<std::vector<OwnFileInfo>> own_files_of(const case_file::View& view);

}  // namespace deadbox::report
