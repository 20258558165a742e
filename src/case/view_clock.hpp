// The machine's clock, which may have been wrong. The case keeps every time as the machine wrote it (*recorded*); what a
// view tells of when something happened is *corrected* by the offset that the analyst gave. The rule, everywhere:
// moments (timeline, first and last seen, story, periods, last activity) are corrected, with the recorded time beside
// them; what an inode or a fact holds (times of files in listings and items, columns of tables) stays as recorded, since
// anyone can check it in the cited bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/timestamp.hpp"

namespace deadbox::case_file {

class View;

struct Clock {
    std::int64_t offset = 0;  // seconds that the machine's clock was ahead (+) or behind (-)
    std::string source;       // who says so, and from what; "" where nobody gave an offset

    bool is_right() const { return offset == 0; }
    base::Timestamp corrected(base::Timestamp recorded) const;
    base::Timestamp recorded(base::Timestamp corrected) const;
    // A text that is a whole moment ("2026-03-02T04:11:07Z", "2026-03-02 04:11 UTC") as that moment corrected, in the same
    // form; any other as it is.
    std::string corrected_text(std::string_view text) const;
};
// As the case has it now: set by analyze and by `case set`.
base::Result<Clock> clock_of(const View& view);

inline constexpr std::int64_t k_largest_clock_offset = 100LL * 366 * 86'400;
// Rows of meta for set_case_data(). Errc::usage: larger than any clock is wrong. source "": the analyst's word.
base::Result<std::vector<std::pair<std::string, std::string>>> clock_rows(std::int64_t offset, std::string_view source);

}  // namespace deadbox::case_file
