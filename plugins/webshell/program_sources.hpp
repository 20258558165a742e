// Whether a program may take anything from outside at all: of most, their words say that they take nothing.
#pragma once

#include <string_view>

#include "webshell/features.hpp"
#include "webshell/program_tokens.hpp"

namespace deadbox::plugins::webshell {

// A CGI program: what it reads from its standard input is the request's.
bool speaks_cgi(std::string_view text);
// A function that a server calls with the request: application(environ, start_response), f(r: Request).
bool answers_wsgi(std::string_view text);
// A class whose own path and headers are a request's, as Python's http.server calls it.
bool handles_requests(std::string_view text);

// False where no chain of the program can be one that values come from (program_words.hpp), nor anything be decoded that it
// holds itself. `tokens` are the text's.
bool may_take(std::string_view text, const ProgramTokens& tokens, Language language);

}  // namespace deadbox::plugins::webshell
