#include "system/fact.hpp"

#include <algorithm>

namespace deadbox::plugins::system {

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view k_blank = " \t\r\v\f";
    const auto first = text.find_first_not_of(k_blank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(k_blank) - first + 1);
}

std::optional<std::pair<std::string_view, std::string_view>> read_assignment(std::string_view line) {
    line = trimmed(line);
    if (line.empty() || line.front() == '#' || line.front() == ';' || line.front() == '[') return std::nullopt;
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    auto key = trimmed(line.substr(0, equals)), value = trimmed(line.substr(equals + 1));
    if (key.starts_with("export ")) key = trimmed(key.substr(7));
    if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'')) {
        const auto close = value.find(value.front(), 1);
        if (close != std::string_view::npos) value = value.substr(1, close - 1);
    }
    return std::pair(key, value);
}

bool is_address(std::string_view text) {
    const auto slash = text.find('/');
    if (slash != std::string_view::npos) {
        const auto length = text.substr(slash + 1);
        if (length.empty() || length.size() > 3 || length.find_first_not_of("0123456789") != std::string_view::npos) return false;
        text = text.substr(0, slash);
    }
    if (text.size() < 3 || text.size() > 45) return false;
    const auto colons = std::count(text.begin(), text.end(), ':'), dots = std::count(text.begin(), text.end(), '.');
    if (colons >= 2) return text.find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos;
    if (colons != 0 || dots != 3 || text.find_first_not_of("0123456789.") != std::string_view::npos) return false;
    for (auto rest = text; !rest.empty();) {
        const auto dot = std::min(rest.find('.'), rest.size());
        int value = 0;
        if (dot == 0 || dot > 3) return false;
        for (const char c : rest.substr(0, dot)) value = value * 10 + (c - '0');
        if (value > 255) return false;
        rest.remove_prefix(std::min(dot + 1, rest.size()));
    }
    return text.back() != '.';
}

void Facts::add(std::string_view key, std::string_view value, std::uint64_t line) {
    value = value.substr(0, k_longest_value);
    if (value.empty()) return;
    if (++m_count > k_most_facts) {
        if (m_count == k_most_facts + 1)
            m_sink.gap({base::Gap::Level::limit, "system", "facts beyond the limit were not taken", m_file.record().path, ""});
        return;
    }
    SystemFactRow row;
    row.key = key, row.value = value, row.source = std::string_view(m_file.record().path);
    if (line != 0) row.line = static_cast<std::int64_t>(line);
    row.emit(m_sink);
}

void Facts::add_address(std::string_view key, std::string_view value, std::uint64_t line) {
    if (!is_address(value) || value.starts_with("127.") || value.starts_with("::1") || value.starts_with("0.0.0.0")) return;
    add(key, value, line);
}

void keep_small_text(const plugin::File& file, plugin::Sink& sink) {
    constexpr std::size_t k_most = 256 * 1024;
    if (const auto all = plugin::read_all(file, k_most)) sink.keep_text(*all);
}

}  // namespace deadbox::plugins::system
