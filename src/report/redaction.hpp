// What is left out of an excerpt.
#pragma once

#include <string>
#include <string_view>

#include "report/model.hpp"

namespace deadbox::report {

inline constexpr std::string_view k_redacted = "[redacted]";

// `spans`: finding_item.secrets, a JSON array of [start, length, is a person]. Damaged spans hide the whole excerpt.
std::string redact_excerpt(std::string_view excerpt, std::string_view spans, Redact redact);

}  // namespace deadbox::report
