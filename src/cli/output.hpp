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
// What is told on stderr up to --log-level; with --quiet errors alone.
enum class Level : std::uint8_t { error, warning, info, debug };
bool tells(const Context& context, Level level);
// {"error": {"code": "...", "message": "..."}} and a line end; "warning" or "note" in the place of "error".
std::string message_object(Level level, std::string_view code, std::string_view message);
// On stderr: a sentence, or one object with --json.
void complain(const Context& context, std::string_view code, std::string_view message, Level level = Level::error);

}  // namespace deadbox::cli
