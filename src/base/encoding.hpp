// Raw bytes as text for people and for JSON, and as hexadecimal digits.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace deadbox::base {

bool is_utf8(std::string_view bytes);
// Every ill-formed sequence becomes U+FFFD (the maximal-subpart practice of Unicode 15, section 3.9).
std::string to_utf8(std::string_view bytes);
// UTF-16LE as UTF-8; lone surrogates become U+FFFD, an odd last byte is dropped.
std::string utf16le_to_utf8(ByteView bytes);
std::string to_hex(ByteView bytes);
inline std::string to_hex(std::string_view bytes) { return to_hex(as_bytes(bytes)); }
std::optional<std::string> from_hex(std::string_view digits);

}  // namespace deadbox::base
