// Passwords in what people write down: "das Passwort für den Server lautet X", "Kennwort von Anna: Y", in files of notes.
#pragma once

#include <string_view>
#include <vector>

#include "credentials/find.hpp"

namespace deadbox::plugins::credentials {

// A text in a home (not below folders that programs fill) that is no program's and no description of one.
bool is_note(std::string_view path);
// The setting is what the sentence says before the password, the account the name behind "of" or "von".
std::vector<Credential> find_in_notes(std::string_view text);

}  // namespace deadbox::plugins::credentials
