// What a regular expression lets through: whether a word that matches it can still be a command or code of its own.
#pragma once

#include <string_view>

namespace deadbox::plugins::webshell {

// How much of the word a match looks at, when the pattern itself does not say so: re.search and =~ look for it anywhere.
enum class Anchored { by_itself, at_start, whole };

// ^[a-z0-9.-]+$: letters and harmless marks, or marks without letters. Nothing that separates commands, quotes or expands.
bool lets_few_through(std::string_view pattern, Anchored anchored);
// [^a-z0-9.-], \W: whatever matches is none of few letters. What is replaced by nothing, or refused, leaves only these.
bool finds_all_others(std::string_view pattern);
// [;|&`$]: finds what separates commands. A word without is none of its own.
bool finds_separators(std::string_view pattern);
// The letters of "/.../i", "m{...}", "r'...'", "%r{...}": what stands between the delimiters. Empty where it is none.
std::string_view inside_of_pattern(std::string_view literal);

}  // namespace deadbox::plugins::webshell
