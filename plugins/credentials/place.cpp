#include "credentials/place.hpp"

#include <algorithm>
#include <array>

#include "plugin/secret_value.hpp"

namespace deadbox::plugins::credentials {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t k_longest_place = 255;

bool is_number(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}
bool is_same(std::string_view a, std::string_view b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return plugin::lower(x) == plugin::lower(y); });
}
std::string_view unquoted(std::string_view text) {
    while (!text.empty() && " \t'\""sv.find(text.front()) != std::string_view::npos) text.remove_prefix(1);
    while (!text.empty() && " \t'\""sv.find(text.back()) != std::string_view::npos) text.remove_suffix(1);
    return text;
}

}  // namespace

std::string_view host_in(std::string_view text) {
    for (const auto scheme : {"tcp:"sv, "tcp("sv, "lpc:"sv, "np:"sv, "p:"sv})
        if (text.starts_with(scheme)) text.remove_prefix(scheme.size());
    if (text.starts_with('[')) return text.substr(1, std::min(text.find(']'), text.size()) - 1);
    const auto colon = text.find(':');
    if (colon != std::string_view::npos && text.find(':', colon + 1) == std::string_view::npos && (is_number(text.substr(colon + 1)) || text.substr(colon + 1).starts_with('/'))) text = text.substr(0, colon);
    if (const auto end = text.find_first_of(",\\)"sv); end != std::string_view::npos) text = text.substr(0, end);  // host,port and host\instance of SQL Server
    if (text.size() > k_longest_place || text.find_first_of(" \t\"'<>{}$"sv) != std::string_view::npos) return {};
    return text;
}

Place place_in_url(std::string_view url) {
    Place place;
    const auto scheme = url.find("://"sv);
    if (scheme == std::string_view::npos) return place;
    auto rest = url.substr(scheme + 3);
    const auto end = rest.find_first_of("\"'<> \t)"sv);
    rest = rest.substr(0, end);
    auto authority = rest.substr(0, rest.find_first_of("?#"sv));
    if (const auto sign = authority.rfind('@'); sign != std::string_view::npos) {
        const auto who = authority.substr(0, sign);
        place.account = who.substr(0, std::min(who.find(':'), who.size())).substr(0, k_longest_place);
        if (who.find(':') == std::string_view::npos) place.account.clear();  // a token
        rest.remove_prefix(sign + 1);
    }
    place.host = host_in(rest.substr(0, rest.find_first_of("/?#;"sv)));
    if (const auto slash = rest.find('/'); slash != std::string_view::npos) {
        const auto name = rest.substr(slash + 1);
        place.database = name.substr(0, std::min(name.find_first_of("/?#;"sv), k_longest_place));
    }
    return place;
}

Place place_in_parts(std::string_view text) {
    static constexpr std::array k_hosts{"host"sv, "server"sv, "data source"sv, "hostaddr"sv, "addr"sv, "address"sv, "hostname"sv};
    static constexpr std::array k_databases{"dbname"sv, "database"sv, "initial catalog"sv, "db"sv};
    static constexpr std::array k_users{"user"sv, "user id"sv, "uid"sv, "username"sv};
    Place place;
    if (text.find("://"sv) != std::string_view::npos) return place_in_url(text);
    const char by = text.find(';') != std::string_view::npos ? ';' : ' ';
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find(by, at), text.size());
        const auto part = text.substr(at, end - at);
        at = end + 1;
        const auto sign = part.find('=');
        if (sign == std::string_view::npos) continue;
        auto name = unquoted(part.substr(0, sign));
        if (const auto colon = name.rfind(':'); colon != std::string_view::npos) name = unquoted(name.substr(colon + 1));  // mysql:host
        const auto value = unquoted(part.substr(sign + 1)).substr(0, k_longest_place);
        const auto is_one = [&](const auto& names) { return std::any_of(names.begin(), names.end(), [&](auto one) { return is_same(one, name); }); };
        if (is_one(k_hosts)) place.host = host_in(value);
        else if (is_one(k_databases)) place.database = value;
        else if (is_one(k_users)) place.account = value;
    }
    return place;
}

}  // namespace deadbox::plugins::credentials
