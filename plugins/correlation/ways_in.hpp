// The parts of the detector of ways in; each adds its findings.
#pragma once

#include <set>
#include <vector>

#include "correlation/planted.hpp"

namespace deadbox::plugins::correlation {

// Requests that planted files. The systems for which one is likely.
base::Result<std::set<std::int64_t>> find_web_entries(const plugin::CaseReader& reader, plugin::FindingSink& sink, const std::vector<Planted>& planted, Sites& sites);
// Who asked for a planted script first.
base::Result<void> find_first_uses(const plugin::CaseReader& reader, plugin::FindingSink& sink, const std::vector<Planted>& planted, Sites& sites);
// Logins right before the first change that is an intruder's, on systems whose way in is not `answered`.
base::Result<void> find_login_entries(const plugin::CaseReader& reader, plugin::FindingSink& sink, const std::vector<Known>& known, const std::set<std::int64_t>& answered);

}  // namespace deadbox::plugins::correlation
