// What the rows of a case rest on besides the evidence. It is told when the case is begun and holds for every run after: files
// that are left out, local times that are read in a zone and a journal that is replayed or not cannot change half-way.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "case/database.hpp"

namespace deadbox::case_file {

enum class JournalReading : bool { replay, ignore };

struct FixedOptions {
    std::vector<std::string> scope, exclude;  // patterns, raw bytes
    std::string time_zone;                    // "": none
    JournalReading journal = JournalReading::replay;
};

// Writes them; once, when the case is begun.
base::Result<void> fix_options(const Database& database, const FixedOptions& options);
// Those of a case; nothing where no analysis of it ever began.
base::Result<std::optional<FixedOptions>> fixed_options(const Database& database);

}  // namespace deadbox::case_file
