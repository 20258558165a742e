// From features to a verdict: the one place that decides. Content alone speaks here; place, owner and package come
// later, in the detector.
#pragma once

#include <string>

#include "plugin/finding.hpp"
#include "webshell/features.hpp"

namespace deadbox::plugins::webshell {

struct Verdict {
    plugin::Severity level = plugin::Severity::info;
    plugin::Confidence confidence = plugin::Confidence::possible;
    std::string_view rule;              // of this topic: script, dual_use, in_image, appended, handler
    std::string kind;                   // "runs code of the request", "panel" ...: what it is
    Sign strongest = Sign::last;        // where its evidence stands
    double score = 0;                   // 0 to 100
    bool notable = false;               // worth a row
};

Verdict judge(const Features& features);
std::string_view name_of(plugin::Severity level);

}  // namespace deadbox::plugins::webshell
