// The encoding of URLs (RFC 3986, 2.1).
#pragma once

#include <string>
#include <string_view>

namespace deadbox::base {

// With each %XX as the byte that it stands for; a % before anything else stays.
std::string percent_decoded(std::string_view text);

}  // namespace deadbox::base
