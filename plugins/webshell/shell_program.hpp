// CGI programs in languages whose words are commands: sh and its relatives, awk, Tcl. Values of the request are followed over
// their variables; what is executed of them is added.
#pragma once

#include <string_view>

#include "webshell/features.hpp"

namespace deadbox::plugins::webshell {

// Nothing is added for programs that answer no request. Pure; bounded.
void follow_shell_program(std::string_view text, Features& features);

}  // namespace deadbox::plugins::webshell
