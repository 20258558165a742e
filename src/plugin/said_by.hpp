// Which other finding an argument of a finding comes from.
#pragma once

#include <string_view>

namespace deadbox::plugin {

// An argument "x" may have one beside it called "x" + k_said_by: the id of the finding that says so. What a dismissed finding says is
// left out of the texts of all that quote it; unlike "rests_on" (case/finding_states.hpp) the quoting finding stands without it.
inline constexpr std::string_view k_said_by = "_said_by";

}  // namespace deadbox::plugin
