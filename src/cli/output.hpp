// How commands print.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "cli/command.hpp"

namespace deadbox::cli {

// To stdout, buffered; a reader that goes away (a pipe to head) ends the program quietly by SIGPIPE.
void print(std::string_view text);
// Writes out what print() holds. An error when stdout cannot take it (a full disk).
base::Result<void> flush();

std::string_view name_of(base::Errc code);
// {"error": {"code": "...", "message": "..."}} and a line end.
std::string error_object(std::string_view code, std::string_view message);

// An error on stderr: a sentence, or one object with --json.
void complain(const Context& context, std::string_view code, std::string_view message);

}  // namespace deadbox::cli
