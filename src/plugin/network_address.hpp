// What an address says by itself.
#pragma once

#include <string_view>

namespace deadbox::plugin {

// The machine itself, as an address or as its names say it.
inline bool is_loopback(std::string_view address) {
    return address.starts_with("127.") || address == "::1" || address == "localhost" || address == "localhost.localdomain" || address == "ip6-localhost";
}

// The machine itself where a program is told a host: a socket's path and "." are no other one either. In small letters.
inline bool is_this_machine(std::string_view host) { return is_loopback(host) || host.starts_with('/') || host == "."; }

// Of one's own network or machine: RFC 1918, loopback, link-local and unique local addresses.
inline bool is_private(std::string_view address) {
    if (is_loopback(address) || address.starts_with("10.") || address.starts_with("192.168.") || address.starts_with("169.254.")) return true;
    if (address.find(':') != std::string_view::npos) return address.starts_with("fe80:") || address.starts_with("fd") || address.starts_with("fc");
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
