// Parameters of a parser, as requests and the engine give them.
#pragma once

#include <string_view>

#include "plugin/sink.hpp"

namespace deadbox::plugin {

// The first of that name; "" where it was not given.
inline std::string_view parameter(const Parameters& parameters, std::string_view name) {
    for (const auto& [key, value] : parameters)
        if (key == name) return value;
    return {};
}

}  // namespace deadbox::plugin
