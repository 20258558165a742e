// Addresses in interfaces(5), netplan and cloud-init YAML, NetworkManager keyfiles, systemd.network(5), ifcfg files,
// dhclient leases and resolv.conf(5).
#include <algorithm>
#include <vector>

#include "system/fact.hpp"

namespace deadbox::plugins::system {
namespace {

class NetworkInterfacesParser final : public plugin::Parser {
public:
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters&, plugin::Sink& sink) const override {
        Facts facts(file, sink);
        return plugin::for_each_line(file, [&](std::string_view line, std::uint64_t, std::uint64_t number) {
            line = trimmed(line);
            const auto blank = line.find_first_of(" \t");
            if (blank == std::string_view::npos) return;
            const auto word = line.substr(0, blank), value = trimmed(line.substr(blank));
            if (word == "address") facts.add_address("network.address", value.substr(0, value.find_first_of(" \t")), number);
            else if (word == "gateway") facts.add_address("network.gateway", value, number);
        });
    }
};

std::string_view unquoted(std::string_view text) {
    text = trimmed(text);
    if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front()) text = text.substr(1, text.size() - 2);
    return text;
}

// Keys by indentation are all that is needed of YAML: which list an address stands in.
//   addresses: [a, b]    addresses:\n - a\n - b    gateway4: a    nameservers:\n addresses: ...    - to: default\n via: a
class NetworkYamlParser final : public plugin::Parser {
public:
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters&, plugin::Sink& sink) const override {
        struct Level {
            std::size_t indent;
            std::string key;
        };
        constexpr std::size_t k_deepest = 64;
        Facts facts(file, sink);
        std::vector<Level> stack;
        const auto meaning = [&](std::string_view key) -> std::string_view {
            const bool dns = key == "nameservers" || key.starts_with("dns_nameservers") ||
                             std::any_of(stack.begin(), stack.end(), [](const Level& level) { return level.key == "nameservers" || level.key == "dns_nameservers"; });
            if (dns) return "network.dns";
            if (key == "gateway4" || key == "gateway6" || key == "gateway" || key == "via") return "network.gateway";
            if (key == "addresses" || key == "address") return "network.address";
            return {};
        };
        const auto take = [&](std::string_view fact, std::string_view value, std::uint64_t number) {
            value = trimmed(value.substr(0, value.find(" #")));
            if (value.starts_with('[')) value = value.substr(1, value.find(']') - 1);
            while (!value.empty() && !fact.empty()) {
                const auto comma = std::min(value.find(','), value.size());
                facts.add_address(fact, unquoted(value.substr(0, comma)), number);
                value.remove_prefix(std::min(comma + 1, value.size()));
            }
        };
        return plugin::for_each_line(file, [&](std::string_view line, std::uint64_t, std::uint64_t number) {
            auto indent = std::min(line.find_first_not_of(' '), line.size());
            auto rest = trimmed(line.substr(indent));
            if (rest.empty() || rest.front() == '#') return;
            // An entry of a list belongs to the key at its own indentation or above; what it holds lies deeper.
            const bool entry = rest.starts_with("- ");
            while (!stack.empty() && (stack.back().indent > indent || (stack.back().indent == indent && !entry))) stack.pop_back();
            while (rest.starts_with("- ")) {
                const auto skipped = rest.size() - trimmed(rest.substr(2)).size();
                indent += skipped;
                rest.remove_prefix(skipped);
            }
            const auto colon = rest.find(": ");
            const bool opens = rest.ends_with(':');
            const auto bare = unquoted(opens ? rest.substr(0, rest.size() - 1) : rest);
            if (colon == std::string_view::npos && (!opens || is_address(bare))) {
                if (entry && !stack.empty()) take(meaning(stack.back().key), rest, number);
                return;
            }
            const auto key = unquoted(opens && colon == std::string_view::npos ? rest.substr(0, rest.size() - 1) : rest.substr(0, colon));
            if (colon != std::string_view::npos) take(meaning(key), rest.substr(colon + 2), number);
            if (stack.size() < k_deepest) stack.push_back({indent, std::string(key.substr(0, 64))});
        });
    }
};

// KEY=value of several kinds: the value's first word up to ',' or ';' is the address.
class NetworkSettingsParser final : public plugin::Parser {
public:
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters&, plugin::Sink& sink) const override {
        Facts facts(file, sink);
        return plugin::for_each_line(file, [&](std::string_view line, std::uint64_t, std::uint64_t number) {
            const auto setting = read_assignment(line);
            if (!setting) return;
            std::string key(setting->first.substr(0, 32));
            std::transform(key.begin(), key.end(), key.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
            while (!key.empty() && ((key.back() >= '0' && key.back() <= '9') || key.back() == '_')) key.pop_back();
            const auto parts = setting->second;
            const auto first = trimmed(parts.substr(0, parts.find_first_of(",; ")));
            if (key == "address" || key == "addresses" || key == "ipaddr" || key == "ipv6addr" || key == "fixed_address") {
                facts.add_address("network.address", first, number);
                // NetworkManager: address1=192.0.2.7/24,192.0.2.1
                if (const auto comma = parts.find(','); comma != std::string_view::npos) facts.add_address("network.gateway", trimmed(parts.substr(comma + 1)), number);
            } else if (key == "gateway" || key == "router") facts.add_address("network.gateway", first, number);
            else if (key == "dns") {
                for (auto rest = parts; !rest.empty();) {
                    const auto end = std::min(rest.find_first_of(",; "), rest.size());
                    facts.add_address("network.dns", rest.substr(0, end), number);
                    rest.remove_prefix(std::min(end + 1, rest.size()));
                }
            }
        });
    }
};

// lease { fixed-address 192.0.2.7; option routers 192.0.2.1; ... }
class NetworkLeaseParser final : public plugin::Parser {
public:
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters&, plugin::Sink& sink) const override {
        Facts facts(file, sink);
        std::string last;
        return plugin::for_each_line(file, [&](std::string_view line, std::uint64_t, std::uint64_t number) {
            line = trimmed(line);
            if (!line.starts_with("fixed-address ") && !line.starts_with("fixed-address6 ")) return;
            const auto value = trimmed(line.substr(line.find(' '), line.find(';') - line.find(' ')));
            // Renewals repeat it.
            if (value == last) return;
            last = value.substr(0, 64);
            facts.add_address("network.address", value, number);
        });
    }
};

class ResolverParser final : public plugin::Parser {
public:
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters&, plugin::Sink& sink) const override {
        Facts facts(file, sink);
        TRY(plugin::for_each_line(file, [&](std::string_view line, std::uint64_t, std::uint64_t number) {
            line = trimmed(line);
            if (line.starts_with("nameserver ") || line.starts_with("nameserver\t")) facts.add_address("network.dns", trimmed(line.substr(11)), number);
        }));
        keep_small_text(file, sink);
        return {};
    }
};

}  // namespace

const plugin::Parser& network_interfaces_parser() {
    static const NetworkInterfacesParser parser;
    return parser;
}
const plugin::Parser& network_yaml_parser() {
    static const NetworkYamlParser parser;
    return parser;
}
const plugin::Parser& network_settings_parser() {
    static const NetworkSettingsParser parser;
    return parser;
}
const plugin::Parser& network_lease_parser() {
    static const NetworkLeaseParser parser;
    return parser;
}
const plugin::Parser& resolver_parser() {
    static const ResolverParser parser;
    return parser;
}

}  // namespace deadbox::plugins::system
