// The year of lines that do not say it, from the order of the lines and one moment that is known.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/timestamp.hpp"

namespace deadbox::plugins::syslog {

// Follows months and days through a file and counts the turns of the year. A step back by more than 30 days is a new
// year; a smaller one is a line out of order or a clock put right, also when it leads back over New Year.
class YearCounter {
public:
    // Years since the first line seen, for this line.
    int next(const base::CivilTime& civil);
    bool started() const { return m_started; }
    int current() const { return m_year; }

private:
    std::int64_t m_last = 0;  // seconds on a scale of years with 366 days
    int m_year = 0;
    bool m_started = false;
};

// Lines without a year lie in runs, between lines that say theirs. First pass: feed every line; then each run's first
// year is known. Second pass: feed every line again, in the same order. Constant memory but for eight bytes a run, of
// which there are at most k_most; what lies behind them goes with the last.
class Years {
public:
    static constexpr std::size_t k_most = 65536;

    // First pass.
    void see(const base::CivilTime& civil, bool has_year);
    // Ends the first pass; `latest` is the local time when the file was written last. False when nothing tells a year.
    bool finish(std::optional<base::CivilTime> latest);
    // Second pass: the year of this line; a line with a year gives its own.
    std::int64_t year(const base::CivilTime& civil, bool has_year);
    bool any_without() const { return m_any; }

private:
    void close_run(const base::CivilTime& bound);
    std::vector<std::int64_t> m_first_years;
    YearCounter m_counter;
    base::CivilTime m_first, m_last;               // of the current run
    std::optional<base::CivilTime> m_anchor;       // the line with a year before the current run
    std::vector<int> m_leap_turns;                 // turns at which 29 February was seen, in the current run; few are kept
    bool m_any = false, m_in_run = false;
    std::size_t m_run = 0;
    YearCounter m_second;
    bool m_second_in_run = false;
};

}  // namespace deadbox::plugins::syslog
