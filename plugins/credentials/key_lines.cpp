#include "credentials/key_lines.hpp"

#include <algorithm>
#include <utility>

#include "plugin/secret_shape.hpp"
#include "plugin/secret_token.hpp"
#include "plugin/secret_value.hpp"

namespace deadbox::plugins::credentials {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t k_least = 8, k_longest_piece = 80;  // of a line in characters; what is shorter opens nothing

// Without what zsh puts in front (": 1772352000:0;") and blanks.
std::string_view typed(std::string_view line) {
    if (line.starts_with(": "sv))
        if (const auto semicolon = line.find(';'); semicolon != std::string_view::npos && semicolon < 32) line.remove_prefix(semicolon + 1);
    while (!line.empty() && plugin::is_blank(line.front())) line.remove_prefix(1);
    while (!line.empty() && (plugin::is_blank(line.back()) || line.back() == '\r' || line.back() == '\\')) line.remove_suffix(1);
    return line;
}

// "#1772352000", when the next command was given.
bool is_time(std::string_view line) { return line.size() > 1 && line.front() == '#' && std::all_of(line.begin() + 1, line.end(), plugin::is_digit); }

bool is_base64_line(std::string_view line) {
    while (line.ends_with('=')) line.remove_suffix(1);
    return !line.empty() && std::all_of(line.begin(), line.end(), [](char c) { return plugin::is_base64(c); });
}

}  // namespace

std::string KeyLines::follow(std::string_view raw) {
    const auto line = typed(raw);
    if (line.empty() || is_time(line)) return {};
    const auto begin = line.rfind("-----BEGIN "sv), end = line.rfind("-----END "sv);
    if (line.find("PRIVATE KEY"sv) != std::string_view::npos && (begin != std::string_view::npos || end != std::string_view::npos)) {
        m_within = begin != std::string_view::npos && (end == std::string_view::npos || end < begin);
        return end != std::string_view::npos ? std::exchange(m_before, {}) : (m_before.clear(), std::string());
    }
    if (plugin::is_typed_alone(line)) return std::string(line);
    const bool part = line.size() <= k_longest_piece && is_base64_line(line);
    m_within = m_within && (part || line.find(": "sv) != std::string_view::npos);  // Proc-Type: 4,ENCRYPTED
    m_before.clear();
    if (!part || line.size() < k_least || plugin::is_key_line(line)) return {};
    if (m_within) return std::string(line);
    m_before = line;
    return {};
}

}  // namespace deadbox::plugins::credentials
