// Names of one folder with their digests in one blob: a packaged file costs some 30 bytes this way, as a row with its
// path and an index it would cost 150. The SQL function packed_md5(files, name) looks one up.
//   files = { length:leb128 name[length] size:u8 digest[size] }, ordered by name; size 0: no digest is known
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/function_ref.hpp"

namespace deadbox::plugin {

// Appends one entry; callers add names in order.
void pack_file(std::string& files, std::string_view name, std::string_view digest);
// Stops at damage.
void for_each_packed(std::string_view files, base::FunctionRef<base::Next(std::string_view name, std::string_view digest)> visit);
// The digest ("" where none is known) of `name`, nothing where it is not there.
std::optional<std::string_view> find_packed(std::string_view files, std::string_view name);

}  // namespace deadbox::plugin
