// Where a program leaves its request only a choice: behind "if x in ALLOWED:", "exit unless $known{$x}", "if (LIST.includes(x)) {"
// the word x is one of the program's own, as long as ALLOWED is a list of texts that stands in the program.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "webshell/features.hpp"

namespace deadbox::plugins::webshell {

struct ProgramBound {
    std::string name;                 // of the variable, without a sigil
    std::size_t from = 0, end = 0;    // in the text
};
// Pure; bounded: no more than a few hundred conditions are read.
std::vector<ProgramBound> program_bounds(std::string_view text, Language language);
bool is_bound(std::span<const ProgramBound> bounds, std::string_view name, std::size_t offset);

}  // namespace deadbox::plugins::webshell
