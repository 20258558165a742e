// Whether a JSP or ASPX page runs such commands alone as it names itself: nothing of a request can reach them.
#pragma once

#include <string_view>

#include "webshell/features.hpp"

namespace deadbox::plugins::webshell {

// The detail of a fixed command that says so.
inline constexpr std::string_view k_named_command = "named in the page";

// `page`: in lower case, without blanks and comments, texts joined. False where one cannot be told, or is itself a shell.
bool names_its_commands(std::string_view page, Language language);

// `page` has other ways to run something than calls that page_values.hpp follows, which has seen `calls` of them.
bool runs_otherwise(std::string_view page, Language language, std::size_t calls);

}  // namespace deadbox::plugins::webshell
