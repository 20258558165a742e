#include "syslog/years.hpp"

#include <algorithm>

namespace deadbox::plugins::syslog {
namespace {

constexpr std::int64_t k_day = 86400, k_year = 366 * k_day, k_back = 30 * k_day;

// Seconds since 1 January in a year that has a 29 February.
std::int64_t place_in_year(const base::CivilTime& civil) {
    auto leap = civil;
    leap.year = 2000;
    static const std::int64_t start = base::seconds_from_civil({.year = 2000});
    return base::seconds_from_civil(leap) - start;
}

bool is_leap(std::int64_t year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

// The latest year that puts `civil` at or before `bound`, a day's slack given.
std::int64_t year_at_or_before(const base::CivilTime& civil, const base::CivilTime& bound) {
    const auto limit = base::seconds_from_civil(bound) + k_day;
    auto at = civil;
    at.year = bound.year + 1;
    while (base::seconds_from_civil(at) > limit) --at.year;
    return at.year;
}

}  // namespace

int YearCounter::next(const base::CivilTime& civil) {
    const auto place = place_in_year(civil);
    if (!m_started) {
        m_started = true;
        m_last = place;
        return m_year;
    }
    const auto step = place - m_last;
    if (step < -k_back) ++m_year;
    else if (step > k_year - k_back && m_year > 0) --m_year;
    m_last = place;
    return m_year;
}

void Years::see(const base::CivilTime& civil, bool has_year) {
    if (has_year) {
        if (m_in_run) close_run(civil);
        m_anchor = civil;
        return;
    }
    m_any = true;
    if (!m_in_run) {
        m_in_run = true;
        m_counter = {};
        m_leap_turns.clear();
        m_first = civil;
    }
    const int turn = m_counter.next(civil);
    m_last = civil;
    if (civil.month == 2 && civil.day == 29 && (m_leap_turns.empty() || m_leap_turns.back() != turn) && m_leap_turns.size() < 32) m_leap_turns.push_back(turn);
}

void Years::close_run(const base::CivilTime& bound) {
    m_in_run = false;
    if (m_first_years.size() >= k_most) return;
    const auto first = year_at_or_before(m_last, bound) - m_counter.current();
    // A 29 February says more than a file's time: go back to where every one of them exists.
    for (int back = 0; back < 8; ++back) {
        if (!std::all_of(m_leap_turns.begin(), m_leap_turns.end(), [&](int turn) { return is_leap(first - back + turn); })) continue;
        m_first_years.push_back(first - back);
        return;
    }
    m_first_years.push_back(first);
}

bool Years::finish(std::optional<base::CivilTime> latest) {
    if (!m_in_run) return true;
    if (m_anchor) {  // behind a line that says its year: forward from there
        YearCounter counter;
        counter.next(*m_anchor);
        m_in_run = false;
        if (m_first_years.size() < k_most) m_first_years.push_back(m_anchor->year + counter.next(m_first));
        return true;
    }
    if (latest) close_run(*latest);
    return !m_first_years.empty();
}

std::int64_t Years::year(const base::CivilTime& civil, bool has_year) {
    if (has_year) {
        if (m_second_in_run) {
            m_second_in_run = false;
            ++m_run;
        }
        return civil.year;
    }
    if (!m_second_in_run) {
        m_second_in_run = true;
        m_second = {};
    }
    const int turn = m_second.next(civil);
    if (m_first_years.empty()) return 1970;
    return m_first_years[std::min(m_run, m_first_years.size() - 1)] + turn;
}

}  // namespace deadbox::plugins::syslog
