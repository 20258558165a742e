// Single values of a request as access logs write them.
#pragma once

#include "weblog/layout.hpp"

namespace deadbox::plugins::weblog {

std::string lowered(std::string_view text);
// The value of a hexadecimal digit; -1 for any other character.
int hex_digit(char c);
// Digits alone, to nine quintillion.
std::optional<std::int64_t> digits(std::string_view text);
// An IPv4 or IPv6 address by its form.
bool is_address(std::string_view text);
// 10/Oct/2000:13:55:36 -0700, in brackets or not, with a fraction or without; how many bytes of the text it is, 0 for none.
std::size_t clock_length(std::string_view text);
// Each sets time, precision and zone_known; false where the text is no such time.
bool clock_time(std::string_view text, Request& request);
bool rfc3339_time(std::string_view text, Request& request);
bool epoch_time(std::string_view text, std::int64_t units_a_second, Request& request);
// "GET /x HTTP/1.1"; what does not look so is all url.
struct Asked {
    std::string_view method, url;
};
Asked split_request(std::string_view text);
// As split_request(); a method that is known already stands where the text has none.
void take_request(std::string_view text, Request& request);
// The path of an URL: without scheme, host, query and fragment, with %xx undone.
std::string path_of(std::string_view url);

}  // namespace deadbox::plugins::weblog
