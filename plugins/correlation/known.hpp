// Findings as those that join them see them.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/detector.hpp"

namespace deadbox::plugins::correlation {

struct Known {
    std::string id, rule, subject;
    std::int64_t system = 0;  // 0: of none
    base::Timestamp first, last;
    plugin::Severity severity = plugin::Severity::info;
    plugin::Confidence confidence = plugin::Confidence::possible;
    plugin::TimeBasis basis = plugin::TimeBasis::change;
};

// Those that have a time, ordered by it; at most 20,000. `where`: SQL over the columns of `finding`. None that join others.
base::Result<std::vector<Known>> known_findings(const plugin::CaseReader& reader, std::string_view where);

// Rules by their beginnings.
using Rules = std::span<const std::string_view>;
inline bool is_one_of(const Known& known, Rules beginnings) {
    return std::any_of(beginnings.begin(), beginnings.end(), [&](std::string_view beginning) { return known.rule.starts_with(beginning); });
}

// A way in by which somebody is shown to have come: what happens after it may be his.
inline constexpr std::string_view k_webshells[] = {"webshell/"};
inline constexpr std::string_view k_logins[] = {"ssh/brute_force_success"};
inline bool is_entry(const Known& known, Rules entries) {
    return known.severity >= plugin::Severity::high && known.confidence >= plugin::Confidence::likely && is_one_of(known, entries);
}

// How long after an entry a finding is told as what followed it.
inline constexpr std::int64_t k_window = 3 * 86400;

// "16 s", "5 min", "7 h"
std::string how_long(std::int64_t seconds);

// The first piece of evidence of another finding, as an item of the last one.
base::Result<void> cite(const plugin::CaseReader& reader, plugin::FindingSink& sink, const Known& known);

}  // namespace deadbox::plugins::correlation
