// Private keys and key stores.
#pragma once

#include "credentials/find.hpp"

namespace deadbox::plugins::credentials {

std::vector<Credential> find_keys(std::string_view path, std::string_view text);
// Of a file that is no text: what its first bytes say.
std::vector<Credential> find_stores(std::string_view path, std::string_view bytes);

}  // namespace deadbox::plugins::credentials
