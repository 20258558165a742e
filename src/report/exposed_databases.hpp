// Databases that a password opens which could be read: whoever has it reads their tables through it, whoever owns their files.
#pragma once

#include <vector>

#include "case/view.hpp"
#include "report/model.hpp"
#include "report/redaction.hpp"
#include "report/texts.hpp"

namespace deadbox::report {

// As the case has it, nothing left out. host "": the file names none.
struct DatabasePassword {
    std::optional<std::int64_t> system;
    std::string host, database, account, path;
};

struct ExposedDatabases {
    std::vector<ExposedArea> areas;  // at most k_databases
    std::int64_t count = 0;          // of all
};
// One area for each database, host and user that the passwords name: first those on machines of the case, then those that name a user,
// else in the passwords' order. Files are counted where the host is a machine
// of the case: the one whose settings name it (localhost, a socket, its own name or address), or another by its name or address.
base::Result<ExposedDatabases> databases_by_password(const case_file::View& view, const std::vector<DatabasePassword>& passwords, const Texts& texts, const Redactor& redactor);

}  // namespace deadbox::report
