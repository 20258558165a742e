#include "credentials/history.hpp"

#include <algorithm>
#include <utility>

namespace deadbox::plugins::credentials {
namespace {

using namespace std::string_view_literals;

constexpr auto k_escaped = "_HiStOrY_V2_\n"sv;  // libedit's mark, its first line alone has it

}  // namespace

bool is_history(std::string_view path) {
    const auto name = path.substr(path.rfind('/') + 1);
    return name.ends_with("history"sv) && (name.starts_with('.') || path.find("/."sv) != std::string_view::npos);
}

void History::read(std::string_view lines, std::int64_t first) {
    const bool marked = lines.starts_with(k_escaped);
    if (!std::exchange(m_begun, true)) m_escaped = marked;
    const bool lost = m_escaped && !marked;
    auto found = lost ? find_credentials(m_path, m_content_type, std::string(k_escaped) + std::string(lines)) : find_credentials(m_path, m_content_type, lines);
    // More may stand in it than is given at once: its halves have each less.
    if (found.size() >= k_most) {
        const auto half = lines.find('\n', lines.size() / 2);
        const auto end = half != std::string_view::npos && half + 1 < lines.size() ? half : lines.substr(0, lines.size() / 2).rfind('\n');
        if (end != std::string_view::npos) {
            const auto start = lines.substr(0, end + 1);
            read(start, first);
            return read(lines.substr(end + 1), first + std::count(start.begin(), start.end(), '\n'));
        }
    }
    for (auto& one : found) {
        if (one.line > 0) one.line += first - (lost ? 2 : 1);
        m_found.push_back(std::move(one));
        if (m_found.size() > k_most) m_found.pop_front(), m_cut = true;
    }
}

}  // namespace deadbox::plugins::credentials
