#include "base/percent.hpp"

namespace deadbox::base {
namespace {

int value_of(char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; }

}  // namespace

std::string percent_decoded(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int high = text[i] == '%' && i + 2 < text.size() ? value_of(text[i + 1]) : -1, low = high >= 0 ? value_of(text[i + 2]) : -1;
        if (low < 0) out += text[i];
        else out += static_cast<char>(high * 16 + low), i += 2;
    }
    return out;
}

}  // namespace deadbox::base
