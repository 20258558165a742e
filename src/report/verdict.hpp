// The verdict: a fixed function of the findings, their states and what could not be read. It is computed on reading and
// stands nowhere in the case.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "report/model.hpp"

namespace deadbox::report {

enum class VerdictLevel : std::uint8_t { no_indication, undetermined, suspicious, compromised };

// What the verdict needs to know of a finding.
struct Weight {
    std::string_view id, rule;
    plugin::Severity severity = plugin::Severity::info;
    plugin::Confidence confidence = plugin::Confidence::possible;
    bool dismissed = false;
};
struct Judgement {
    VerdictLevel level = VerdictLevel::undetermined;
    std::vector<std::string_view> basis;  // ids of the findings that decide, in the order given
};

// compromised: one critical, or two high of different rules, at likely or better. suspicious: any other critical or high.
// undetermined: neither, and there is no system, or a decisive source could not be read. Else no_indication.
Judgement judge(std::span<const Weight> findings, bool has_system, bool decisive_source_missing);
std::string_view name_of(VerdictLevel level);

}  // namespace deadbox::report
