// Passwords that stand in a program's own lines, in files that are no configuration: $db_pass = "VALUE", new PDO(..., "VALUE"),
// createConnection({password: "VALUE"}). Programs are full of such names: what counts is a literal that nobody writes for a label.
#pragma once

#include "credentials/find.hpp"

namespace deadbox::plugins::credentials {

// Would a program name a field, a class or a text so?
bool is_label(std::string_view value);
std::vector<Credential> find_in_code(std::string_view text);

}  // namespace deadbox::plugins::credentials
