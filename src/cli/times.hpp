// Times as a command line gives them.
#pragma once

#include "case/view.hpp"

namespace deadbox::cli {

enum class Edge : bool { start, end };  // of the stated unit: 2026-03-02 as an end is its last nanosecond

// RFC 3339, or a date, or a date with hours and minutes or seconds (UTC). Errc::usage otherwise.
base::Result<base::Timestamp> parse_time(std::string_view text, Edge edge);
// A time as above, or (corrected by the machine's clock) a span back from the last change of a file: 90m, 48h, 7d, 2w.
base::Result<base::Timestamp> parse_since(const case_file::View& view, std::string_view text);

}  // namespace deadbox::cli
