// Keys and stores of keys that are no text, told by their structure.
#pragma once

#include <cstdint>

#include "credentials/find.hpp"

namespace deadbox::plugins::credentials {

// At most one. `bytes`: the beginning of a file of `size` bytes.
std::vector<Credential> find_stores(std::string_view path, std::string_view bytes, std::uint64_t size);
// Where nothing else was found in it: a file whose name alone says that it is a secret.
std::vector<Credential> find_named(std::string_view path, std::uint64_t size);

}  // namespace deadbox::plugins::credentials
