// Names that the evidence gives, as they stand inside of our own sentences: what could pass for words of ours is quoted and cut.
#pragma once

#include <string>
#include <string_view>

namespace deadbox::report {

// As RFC 1123 has it: letters, digits and hyphens in parts of at most 63, with dots between, 253 together.
bool is_host_name(std::string_view name);

// In quotes, its hidden characters escaped, a long one cut; nothing inside of it ends the quotes.
std::string quoted_name(std::string_view name);
// The name of an account, a group, a machine: one word stands as it is, anything else in quotes and shortened.
std::string spoken_word(std::string_view name);
// The name of a system, of several words: as it is where it is short and no sentence.
std::string spoken_line(std::string_view name);
// The value of a finding's argument: as spoken_word() has it where the argument, by its name, is somebody or a machine.
std::string spoken_argument(std::string_view argument, std::string value);

}  // namespace deadbox::report
