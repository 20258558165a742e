// Hours as event_hour counts them: whole ones from 1970-01-01T00:00:00Z, negative before it.
#pragma once

#include <cstdint>

namespace deadbox::case_file {

constexpr std::int64_t k_hour = 3600;  // seconds

constexpr std::int64_t hour_of(std::int64_t seconds) { return seconds >= 0 ? seconds / k_hour : -((k_hour - 1 - seconds) / k_hour); }

}  // namespace deadbox::case_file
