// Settings in configurations: NAME and VALUE of a line, in the spellings that configurations have.
#pragma once

#include "credentials/find.hpp"

namespace deadbox::plugins::credentials {

// Is this the name of a configuration, and of one that is in use (no sample, no translation, no test)?
bool is_configuration(std::string_view path);
// Does the name of a setting say that its value is a secret: as a whole, or its last word (dbc_dbpass, wpa-psk)?
bool is_secret_name(std::string_view name);
// PASSWORD, API_TOKEN: a text that says where the value would stand.
bool is_name_in_capitals(std::string_view value);
// Of a filter of logs or a check of input: what others' lines are compared with.
bool is_pattern(std::string_view value);
// The name of a file or folder, from the root or a home on: a password that begins with a slash has other signs or mixes its letters.
bool is_path(std::string_view value);
// The words that a wallet is made anew from: 12, 15, 18, 21 or 24 of them.
bool is_phrase(std::string_view text);
// No sample, translation, test, or part of a library.
bool is_in_use(std::string_view path);
// What a setting of this name in a file of this path holds: "password", "database_password", "cloud_key", "token" or "application_secret".
std::string kind_of(std::string_view setting, std::string_view path);
// The program that a file of this name belongs to; "" where that is not known.
std::string_view application_of(std::string_view path);
// `code`: bare words are names of variables there, only quoted values count.
std::vector<Credential> find_settings(std::string_view path, std::string_view text, bool code);

}  // namespace deadbox::plugins::credentials
