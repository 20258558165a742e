// Values of table cells and attributes.
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

#include "base/bytes.hpp"

namespace deadbox::plugin {

// Views are valid during the call that they are passed to.
using Value = std::variant<std::monostate, std::int64_t, double, std::string_view, base::ByteView>;

}  // namespace deadbox::plugin
