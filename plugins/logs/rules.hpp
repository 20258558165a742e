// The rules about logs, a function each.
#pragma once

#include <string>

#include "plugin/detector.hpp"

namespace deadbox::plugins::logs {

// Login records: zeroed ones, and logins that another record proves.
base::Result<void> judge_login_records(const plugin::CaseReader& reader, plugin::FindingSink& sink);
// System logs against each other and against their own rhythm.
base::Result<void> judge_silences(const plugin::CaseReader& reader, plugin::FindingSink& sink);
// Records and logs that were emptied where they lie, apart from any rotation.
base::Result<void> judge_emptied(const plugin::CaseReader& reader, plugin::FindingSink& sink);
// Blocks of zeros inside a log that no crash explains.
base::Result<void> judge_blocks(const plugin::CaseReader& reader, plugin::FindingSink& sink);
// Histories and logs that lead to /dev/null.
base::Result<void> judge_links(const plugin::CaseReader& reader, plugin::FindingSink& sink);

// "2026-03-01 08:15 UTC"
std::string day_and_minute(std::int64_t seconds);

}  // namespace deadbox::plugins::logs
