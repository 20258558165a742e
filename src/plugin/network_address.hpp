// What an address says by itself.
#pragma once

#include <string_view>

namespace deadbox::plugin {

// Of one's own network or machine: RFC 1918, loopback, link-local and unique local addresses.
inline bool is_private(std::string_view address) {
    if (address.starts_with("10.") || address.starts_with("192.168.") || address.starts_with("127.") || address.starts_with("fe80:") ||
        address.starts_with("fd") || address.starts_with("fc") || address == "::1" || address == "localhost")
        return true;
    if (!address.starts_with("172.") || address.size() < 7 || address[6] != '.') return false;
    const int second = (address[4] - '0') * 10 + (address[5] - '0');
    return second >= 16 && second <= 31;
}

// The part that neighbours share, as far as its text shows it: three numbers of IPv4, four groups of IPv6; a name as it is.
inline std::string_view network_of(std::string_view address) {
    const bool six = address.find(':') != std::string_view::npos;
    if (!six && address.find_first_not_of("0123456789.") != std::string_view::npos) return address;
    std::size_t at = std::string_view::npos;
    for (int part = 0; part < (six ? 4 : 3); ++part) {
        at = address.find(six ? ':' : '.', at + 1);
        if (at == std::string_view::npos) return address;
    }
    return address.substr(0, at);
}

}  // namespace deadbox::plugin
