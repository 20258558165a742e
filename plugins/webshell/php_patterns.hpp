// What checks and replacements leave of a text: few letters are those that a shell takes as they are, so that a text of them is
// an argument of the program before it and nothing else.
#pragma once

#include <cstdint>
#include <string_view>

namespace deadbox::plugins::webshell::php {

// '#^...#i' without its delimiters; nothing where lines count each for itself.
std::string_view bare_pattern(std::string_view pattern);

bool is_of_few_letters(std::string_view text);
// Letters whose absence leaves few: ";|&$" and more.
bool are_separators(std::string_view letters);

// The numbers behind FILTER_VALIDATE_IP and its like; 0: not told here.
int filter_number(std::string_view constant);
// What filter_var() with this filter lets through of a text.
enum class Filtered { all, some, few, nothing };
Filtered filtered_by(std::int64_t filter, std::int64_t flags);

// Functions whose result has no letters that their arguments do not have.
bool keeps_letters(std::string_view function);
// Functions whose result has few letters, whatever they are given: bin2hex, urlencode.
bool makes_few_letters(std::string_view function);

}  // namespace deadbox::plugins::webshell::php
