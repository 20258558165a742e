// The examiner's journal: what was done, decided and told to whom. Entries are never changed; a correction is an entry of
// its own that names the one it corrects.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "case/database.hpp"

namespace deadbox::case_file {

struct Note {
    std::int64_t number = 0;  // counts from 1
    std::string written;      // RFC 3339, the workstation's clock
    std::string at;           // when it was
    std::string kind;         // action, decision, communication
    std::string who, permitted_by, finding, text;
    std::string audience;     // of a communication: management, customers, legal, police, cert; "" another
    std::optional<std::int64_t> corrects;  // number of an earlier entry
};

base::Result<std::vector<Note>> notes(const Database& database);
// Inside a transaction; `number` is not read. A case of an earlier version gets the columns that it lacks.
base::Result<void> add_note(const Database& database, const Note& note);

}  // namespace deadbox::case_file
