// Logins that are an intruder's though nothing is wrong with the account; each part adds its findings.
#pragma once

#include <set>
#include <string>
#include <utility>

#include "plugin/detector.hpp"

namespace deadbox::plugins::correlation {

// By system and name.
using AccountsInUse = std::set<std::pair<std::int64_t, std::string>>;
// Data that was sent in a session that came by a password from where the account never came. `told`: accounts of whose use by an
// intruder something is said already.
base::Result<void> find_stranger_sends(const plugin::CaseReader& reader, plugin::FindingSink& sink, AccountsInUse told);

}  // namespace deadbox::plugins::correlation
