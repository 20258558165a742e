// Secrets that code gives to functions that log in, encrypt, sign or set a password.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "plugin/secret_text.hpp"

namespace deadbox::plugin {

// At a function's name, NAME(a, 'SECRET'), or at the name of curl's option, CURLOPT_USERPWD, 'name:SECRET'. Only what stands there in
// quotes: a variable is told.
std::optional<SecretSpan> secret_argument_at(std::string_view text, std::size_t at);

}  // namespace deadbox::plugin
