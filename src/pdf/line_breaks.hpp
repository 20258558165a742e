// Where a line may end, by Unicode's line breaking algorithm (UAX #14).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace deadbox::pdf {

// For each code point whether a line may end behind it; never behind the last one. Any scalar value may stand in `points`.
std::vector<bool> line_breaks(std::span<const std::uint32_t> points);

}  // namespace deadbox::pdf
