// Local times of a time zone, from compiled zone files (TZif, RFC 8536).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace deadbox::content {

class Zone {
public:
    static base::Result<Zone> decode(base::ByteView tzif);
    static Zone utc() { return Zone(); }
    // Of a POSIX rule alone ("CET-1CEST,M3.5.0,M10.5.0/3"), which holds at any time.
    static std::optional<Zone> of_rule(std::string_view rule);

    // Seconds east of Greenwich at a moment in UTC.
    std::int32_t offset_at(std::int64_t utc) const;
    // The moment that a clock in this zone showed as `local` (seconds_from_civil of what it showed). A time that the
    // clocks jumped over is read with the offset before the jump. Of a time that came twice, the first is taken that
    // is not before `not_before`, else the later one.
    std::int64_t to_utc(std::int64_t local, std::int64_t not_before) const;

private:
    // The footer's rule for what lies behind the last transition: Mm.w.d/time, Jn/time, n/time.
    struct Change {
        enum class Kind { none, month_week_day, julian, day } kind = Kind::none;
        int month = 0, week = 0, day = 0;
        std::int32_t time = 7200;
        std::int64_t seconds_in_year(std::int64_t year) const;  // local seconds since 1970
    };
    struct Rule {
        std::int32_t standard = 0, summer = 0;
        Change begin, end;
    };
    static std::optional<Rule> decode_rule(std::string_view text);

    std::vector<std::int64_t> m_transitions;
    std::vector<std::int32_t> m_offsets;  // one more than transitions: the first is before them all
    std::optional<Rule> m_rule;
};

// Every zone of a folder like /usr/share/zoneinfo, read ahead of the lock-down and decoded when asked for.
class ZoneFiles {
public:
    void load(const std::string& folder);
    // A name or a rule.
    std::optional<Zone> find(std::string_view name) const;
    std::size_t size() const { return m_files.size(); }

private:
    std::map<std::string, std::string, std::less<>> m_files;
};

}  // namespace deadbox::content
