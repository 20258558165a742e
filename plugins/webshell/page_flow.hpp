// Where values of the request go in a page's code (ASP, ASPX, JSP): followed over assignments and calls of the page's own
// functions, statement by statement, without types or branches.
#pragma once

#include <string_view>

#include "webshell/features.hpp"

namespace deadbox::plugins::webshell {

// Details of the signs that this adds: what the request decides as a whole, not a part of it.
constexpr std::string_view k_requests_path = "the request's path", k_requests_query = "the request's query", k_requests_server = "the request's server",
                           k_requests_address = "the request's address", k_requests_table = "the request's table";

void follow_request(std::string_view text, Features& features);

}  // namespace deadbox::plugins::webshell
