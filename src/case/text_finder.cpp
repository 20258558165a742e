#include "case/text_finder.hpp"

#include <algorithm>

namespace deadbox::case_file {
namespace {

constexpr unsigned char lower(unsigned char c) { return c >= 'A' && c <= 'Z' ? static_cast<unsigned char>(c - 'A' + 'a') : c; }
constexpr auto k_lower = [] {
    std::array<unsigned char, 256> table{};
    for (std::size_t c = 0; c < table.size(); ++c) table[c] = lower(static_cast<unsigned char>(c));
    return table;
}();

}  // namespace

TextFinder::TextFinder(std::string_view part) : m_part(part) {
    for (char& c : m_part) c = static_cast<char>(k_lower[static_cast<unsigned char>(c)]);
    m_skip.fill(static_cast<std::uint32_t>(std::max<std::size_t>(m_part.size(), 1)));
    for (std::size_t i = 0; i + 1 < m_part.size(); ++i) {
        const auto c = static_cast<unsigned char>(m_part[i]);
        m_skip[c] = static_cast<std::uint32_t>(m_part.size() - 1 - i);
        if (c >= 'a' && c <= 'z') m_skip[static_cast<std::size_t>(c - 'a' + 'A')] = m_skip[c];
    }
}

std::size_t TextFinder::find(std::string_view text, std::size_t from) const {
    const std::size_t length = m_part.size();
    if (length == 0) return from;
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    const auto* part = reinterpret_cast<const unsigned char*>(m_part.data());
    for (std::size_t end = from + length; end <= text.size();) {
        const unsigned char last = bytes[end - 1];
        if (k_lower[last] == part[length - 1]) {
            std::size_t i = 0;
            while (i + 1 < length && k_lower[bytes[end - length + i]] == part[i]) ++i;
            if (i + 1 >= length) return end - length;
        }
        end += m_skip[last];
    }
    return std::string_view::npos;
}

}  // namespace deadbox::case_file
