// Where values of the request go in a Perl, Python, Ruby, Lua or Node program: followed over assignments, the program's own
// functions and steps that leave a value whole, token by token, without types or branches. Adds what is executed of them.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "webshell/features.hpp"
#include "webshell/program_bounds.hpp"

namespace deadbox::plugins::webshell {

// Gives where the program leaves a choice only; nothing where it cannot execute what it takes, which is told first.
std::optional<std::vector<ProgramBound>> follow_program(std::string_view text, Features& features);

}  // namespace deadbox::plugins::webshell
