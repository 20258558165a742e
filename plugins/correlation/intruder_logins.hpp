// Logins that are an intruder's though nothing is wrong with the account; each part adds its findings.
#pragma once

#include "plugin/detector.hpp"

namespace deadbox::plugins::correlation {

// Data that was sent in a session that came by a password from where the account never came.
base::Result<void> find_stranger_sends(const plugin::CaseReader& reader, plugin::FindingSink& sink);

}  // namespace deadbox::plugins::correlation
