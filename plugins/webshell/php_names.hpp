// Names as PHP compares them.
#pragma once

#include <string>
#include <string_view>

namespace deadbox::plugins::webshell::php {

inline std::string lowered(std::string_view text) {
    std::string out(text);
    for (auto& c : out) if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    return out;
}
// Without namespaces.
inline std::string plain_name(std::string_view name) {
    const auto slash = name.rfind('\\');
    return lowered(slash == name.npos ? name : name.substr(slash + 1));
}

}  // namespace deadbox::plugins::webshell::php
