// Moments in UTC. Unknown is std::optional, never zero.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace deadbox::base {

// Seconds since 1970-01-01T00:00:00Z (negative before it, past 2262 too), and 0..999,999,999 nanoseconds after that.
struct Timestamp {
    std::int64_t seconds = 0;
    std::uint32_t nanoseconds = 0;
    auto operator<=>(const Timestamp&) const = default;
};

struct CivilTime {
    std::int64_t year = 1970;
    int month = 1, day = 1, hour = 0, minute = 0, second = 0;
};

// Proleptic Gregorian calendar, no leap seconds.
std::int64_t seconds_from_civil(const CivilTime& civil);
CivilTime civil_from_seconds(std::int64_t seconds);

// RFC 3339 in UTC with nine digits: 2026-03-02T04:11:07.123456789Z.
std::string to_rfc3339(Timestamp time);
// RFC 3339 with any offset and 0 to 9 digits; "2026-03-02" alone is its midnight in UTC.
std::optional<Timestamp> from_rfc3339(std::string_view text);

}  // namespace deadbox::base
