#include "cli/times.hpp"

#include <charconv>

#include "case/view_clock.hpp"

namespace deadbox::cli {

base::Result<base::Timestamp> parse_time(std::string_view text, Edge edge) {
    std::string whole(text);
    std::int64_t unit = 0;  // seconds that the text leaves open
    if (text.size() == 10) unit = 86'400;
    if (text.size() == 16) whole += ":00Z", unit = 60;  // 2026-03-02T04:11
    if (text.size() == 19) whole += "Z", unit = 1;
    const auto time = base::from_rfc3339(whole);
    if (!time) return base::fail(base::Errc::usage, "this is not a time: " + std::string(text) + " (say 2026-03-02 or 2026-03-02T04:11:07Z)");
    if (edge == Edge::start || unit == 0) return *time;
    return base::Timestamp{time->seconds + unit - 1, 999'999'999};
}

base::Result<base::Timestamp> parse_since(const case_file::View& view, std::string_view text) {
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc() || end + 1 != text.data() + text.size() || count < 0 || count > 1'000'000) return parse_time(text, Edge::start);
    const std::int64_t unit = *end == 'm' ? 60 : *end == 'h' ? 3600 : *end == 'd' ? 86'400 : *end == 'w' ? 604'800 : 0;
    if (unit == 0) return parse_time(text, Edge::start);
    // File changes, not events or other times: their dates are the machine's own and cannot be set by a program.
    TRY_ASSIGN(case_file::Statement last, view.prepare("SELECT s FROM file_time WHERE what & 4 ORDER BY s DESC, ns DESC LIMIT 1"));
    TRY_ASSIGN(const bool row, last.step());
    if (!row) return base::fail(base::Errc::usage, "the case has no dated files to count back from; give --since a time");
    TRY_ASSIGN(const case_file::Clock clock, case_file::clock_of(view));
    return clock.corrected({last.integer(0) - count * unit, 0});
}

}  // namespace deadbox::cli
