#include "dpkg/digest.hpp"

namespace deadbox::plugins::dpkg {
namespace {

int digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

std::optional<Md5> md5_of(std::string_view digits) {
    if (digits.size() != 32) return std::nullopt;
    Md5 digest;
    for (std::size_t i = 0; i < digest.size(); ++i) {
        const int high = digit(digits[2 * i]), low = digit(digits[2 * i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        digest[i] = static_cast<std::byte>(high << 4 | low);
    }
    return digest;
}

std::optional<DigestLine> decode_md5sums_line(std::string_view line) {
    bool escaped = false;
    if (line.starts_with('\\')) escaped = true, line.remove_prefix(1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.size() < 35 || line[32] != ' ' || (line[33] != ' ' && line[33] != '*')) return std::nullopt;
    const auto digest = md5_of(line.substr(0, 32));
    if (!digest) return std::nullopt;
    auto path = line.substr(34);
    if (path.starts_with("./")) path.remove_prefix(2);
    while (path.starts_with('/')) path.remove_prefix(1);
    if (path.empty()) return std::nullopt;
    DigestLine decoded{*digest, "/"};
    for (std::size_t i = 0; i < path.size(); ++i) {
        if (escaped && path[i] == '\\' && i + 1 < path.size()) {
            ++i;
            decoded.path += path[i] == 'n' ? '\n' : path[i] == 'r' ? '\r' : path[i];
        } else decoded.path += path[i];
    }
    return decoded;
}

}  // namespace deadbox::plugins::dpkg
