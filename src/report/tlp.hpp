// The Traffic Light Protocol, version 2.0 of FIRST.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace deadbox::report {

// "TLP:AMBER+STRICT" of "amber+strict"; "" of "".
inline std::string tlp_label(std::string_view tlp) {
    if (tlp.empty()) return {};
    std::string label = "TLP:" + std::string(tlp);
    std::transform(label.begin(), label.end(), label.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    return label;
}

}  // namespace deadbox::report
