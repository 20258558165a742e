// Lines of info/*.md5sums: 32 hexadecimal digits, two spaces, a path without its first '/'.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace deadbox::plugins::dpkg {

using Md5 = std::array<std::byte, 16>;

std::optional<Md5> md5_of(std::string_view digits);

struct DigestLine {
    Md5 digest;
    std::string path;  // absolute
};
// Nothing for a line that is none. md5sum's own escaping (a line that begins with '\') is undone.
std::optional<DigestLine> decode_md5sums_line(std::string_view line);

}  // namespace deadbox::plugins::dpkg
