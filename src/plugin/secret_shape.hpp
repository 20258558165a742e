// What a word looks like: made by a machine or by a person who wanted that nobody guesses it, or a name as people and programs give it.
#pragma once

#include <cstddef>
#include <string_view>

namespace deadbox::plugin {

// How often letters, capitals and digits take turns, in percent of the length.
std::size_t turns_in(std::string_view word);
// A word behind one that announces a secret: eight or more, with capitals, small letters and digits or these without order, or with a
// sign that names do not have and digits or capitals. No path, host, version or date.
bool is_made_up(std::string_view word);
// The same without anything that announces it: small letters, capitals and digits without order, twelve or more, and no text in base64.
bool is_scrambled(std::string_view word);
// What no account is called, and no program or request either: letters and a sign that names do not have, or all three kinds of characters
// in another order than Name7. Nothing that could be code.
bool is_no_account_name(std::string_view name);
// A password that was typed where a command is, and nothing else: ten or more, with all kinds of letters, digits and a sign that no
// program's name has.
bool is_typed_alone(std::string_view line);
// The line of a private key: 64, 70 or 76 characters of base64 that say nothing, and nothing else.
bool is_key_line(std::string_view line);

}  // namespace deadbox::plugin
