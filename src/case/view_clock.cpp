#include "case/view_clock.hpp"

#include <charconv>
#include <limits>

#include "case/view.hpp"

namespace deadbox::case_file {
namespace {

// Evidence may hold any 64-bit time: at the ends of time it stays there.
base::Timestamp moved(base::Timestamp time, std::int64_t seconds) {
    if (__builtin_add_overflow(time.seconds, seconds, &time.seconds))
        time.seconds = seconds < 0 ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
    return time;
}

constexpr std::string_view k_minute_end = " UTC";  // of "2026-03-02 04:11 UTC"

}  // namespace

base::Timestamp Clock::corrected(base::Timestamp recorded) const { return moved(recorded, -offset); }
base::Timestamp Clock::recorded(base::Timestamp corrected) const { return moved(corrected, offset); }

std::string Clock::corrected_text(std::string_view text) const {
    std::string as_is(text);
    if (is_right() || text.size() < 20 || text.size() > 30) return as_is;
    if (text.size() == 20 && text.ends_with(k_minute_end) && text[10] == ' ') {
        const auto time = base::from_rfc3339(std::string(text.substr(0, 10)) + "T" + std::string(text.substr(11, 5)) + ":00Z");
        if (!time) return as_is;
        auto moment = base::to_rfc3339(corrected(*time)).substr(0, 16);
        moment[10] = ' ';
        return moment.append(k_minute_end);
    }
    const auto time = text.back() == 'Z' ? base::from_rfc3339(text) : std::nullopt;
    if (!time) return as_is;
    const auto moment = base::to_rfc3339(corrected(*time));
    return moment.substr(0, text.size() - 1) + "Z";
}

base::Result<Clock> clock_of(const View& view) {
    Clock clock;
    TRY_ASSIGN(const auto offset, view.meta("clock_offset"));
    TRY_ASSIGN(const auto source, view.meta("clock_source"));
    if (offset) std::from_chars(offset->data(), offset->data() + offset->size(), clock.offset);
    if (clock.offset > k_largest_clock_offset || clock.offset < -k_largest_clock_offset) clock.offset = 0;
    if (source) clock.source = *source;
    if (clock.source.empty() && !clock.is_right()) clock.source = "the analyst";
    return clock;
}

base::Result<std::vector<std::pair<std::string, std::string>>> clock_rows(std::int64_t offset, std::string_view source) {
    if (offset > k_largest_clock_offset || offset < -k_largest_clock_offset) return base::fail(base::Errc::usage, "a clock offset is at most a hundred years");
    return std::vector<std::pair<std::string, std::string>>{{"clock_offset", std::to_string(offset)}, {"clock_source", std::string(source)}};
}

}  // namespace deadbox::case_file
