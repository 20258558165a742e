// Where a program leaves its request only a choice: behind "if x in ALLOWED:", "exit unless $known{$x}", "h =~ /^[a-z]+$/ or die",
// "if(!h.matches("[0-9.]+")) return;" the word is one of the program's own, or of few letters. And where only somebody whom the
// application knows comes to (k_known_visitor of program_conditions.hpp).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "webshell/features.hpp"

namespace deadbox::plugins::webshell {

struct ProgramBound {
    std::string name;                 // of the word, as plain_word() writes it
    std::size_t from = 0, end = 0;    // in the text
};
// Pure; bounded: no more than a few hundred conditions are read.
std::vector<ProgramBound> program_bounds(std::string_view text, Language language);
bool is_bound(std::span<const ProgramBound> bounds, std::string_view name, std::size_t offset);

// The end of the block that holds `at`: what was said there holds up to it.
std::size_t end_of_block(std::string_view text, std::size_t at, Language language);

}  // namespace deadbox::plugins::webshell
