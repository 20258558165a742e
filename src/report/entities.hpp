// Who and what the report names: accounts, addresses, sites.
#pragma once

#include "case/view.hpp"
#include "report/model.hpp"

namespace deadbox::report {

// Of each system's own passwd: those with a shell that lets in, and every uid 0.
base::Result<std::vector<AccountEntry>> accounts_with_a_shell(const case_file::View& view);
// Things that the findings' items name by a key and machines that findings lead to, dismissed findings left out; ordered by
// kind and name.
std::vector<Entity> entities_of(const Report& report);

}  // namespace deadbox::report
