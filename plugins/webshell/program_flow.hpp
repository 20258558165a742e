// Where values of the request go in a Perl, Python, Ruby, Lua or Node program: followed over assignments, the program's own
// functions and steps that leave a value whole, token by token, without types or branches. Adds what is executed of them.
#pragma once

#include <string_view>

#include "webshell/features.hpp"

namespace deadbox::plugins::webshell {

// Nothing is added where the program leaves its request a choice only (program_bounds.hpp), or takes nothing at all, which is
// told first.
void follow_program(std::string_view text, Features& features);

}  // namespace deadbox::plugins::webshell
