// Version 5 UUIDs (RFC 9562): the same name gives the same UUID, so that exports are alike over runs.
#pragma once

#include <string>
#include <string_view>

namespace deadbox::report {

inline constexpr std::string_view k_uuid_space = "6d3f9d6e-6a0b-5c57-9a3e-2d0f8a1c7b44";       // ours
inline constexpr std::string_view k_uuid_space_stix = "00abedb4-aa42-466c-9c01-fed23315a9b7";  // STIX 2.1, section 2.9

std::string uuid5(std::string_view space, std::string_view name);

}  // namespace deadbox::report
