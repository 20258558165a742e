// Private keys in texts, and texts that are stores of secrets.
#pragma once

#include "credentials/find.hpp"

namespace deadbox::plugins::credentials {

std::vector<Credential> find_keys(std::string_view path, std::string_view text);

}  // namespace deadbox::plugins::credentials
