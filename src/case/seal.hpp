// Digests of whole tables, put into the custody log when an analysis ends, and compared again by `verify`.
#pragma once

#include <string>
#include <vector>

#include <cstdint>

#include "case/database.hpp"

namespace deadbox::case_file {

enum class SealOf : std::uint8_t {
    everything,  // custody entry "seal": at the end of an analysis
    runs,        // custody entry "seal.run": behind the exit status, which is written last
    analyst,     // custody entry "seal.analyst": behind every edit of marks, notes and case data
};
// Appends a custody entry with the digests of those tables. Call it in the transaction of what it seals.
base::Result<void> seal(const Database& database, SealOf of);

// What differs from the last seal and from the batches' digests; "table" or "table, batch N (wave unit)".
base::Result<std::vector<std::string>> differences(const Database& database);

}  // namespace deadbox::case_file
