// The analyst's own rows: written in one short transaction together with the custody log's entry.
#pragma once

#include <string>
#include <string_view>

#include "base/function_ref.hpp"
#include "case/view.hpp"

namespace deadbox::cli {

// Runs `write` inside an immediate transaction on the case at `path`, which must be one already; then appends a custody
// entry (action, details: a JSON object). Allowed while an analysis runs. Nothing is written where any of it fails.
base::Result<void> edit_case(const std::string& path, std::string_view action, const std::string& details, base::FunctionRef<base::Result<void>(const case_file::Database&)> write);

// Is there a finding with this id? Errc::not_found otherwise.
base::Result<void> require_finding(const case_file::View& view, std::string_view id);

}  // namespace deadbox::cli
