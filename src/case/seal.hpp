// Digests of whole tables, put into the custody log when an analysis ends, and compared again by `verify`.
#pragma once

#include <string>
#include <vector>

#include "case/database.hpp"

namespace deadbox::case_file {

// Appends a custody entry "seal" with a digest of every table that an analysis writes.
base::Result<void> seal(const Database& database);

// What differs from the last seal and from the batches' digests; "table" or "table, batch N (wave unit)".
// Analyst's rows (marks, notes) are checked against their own custody entries.
base::Result<std::vector<std::string>> differences(const Database& database);

}  // namespace deadbox::case_file
