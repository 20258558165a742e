#include "weblog/values.hpp"

#include <algorithm>
#include <charconv>

namespace deadbox::plugins::weblog {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

int number(std::string_view text) {
    int value = 0;
    for (const char c : text) {
        if (!is_digit(c)) return -1;
        value = value * 10 + (c - '0');
    }
    return value;
}

constexpr std::string_view k_months = "janfebmaraprmayjunjulaugsepoctnovdec";

// From 1; 0 where the three letters are no month.
int month_of(std::string_view letters) {
    const auto low = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    for (std::size_t month = 0; month < 12; ++month)
        if (k_months[3 * month] == low(letters[0]) && k_months[3 * month + 1] == low(letters[1]) && k_months[3 * month + 2] == low(letters[2])) return static_cast<int>(month) + 1;
    return 0;
}

// Of one to three digits each, to 255.
bool is_four_numbers(std::string_view text) {
    int dots = 0, value = 0, length = 0;
    for (const char c : text) {
        if (c == '.') {
            if (length == 0 || ++dots > 3) return false;
            value = length = 0;
        } else {
            if (!is_digit(c) || ++length > 3) return false;
            value = value * 10 + (c - '0');
            if (value > 255) return false;
        }
    }
    return dots == 3 && length > 0;
}

// ".125" as nanoseconds; the number of digits decides the precision.
std::size_t take_fraction(std::string_view text, Request& request) {
    std::size_t length = 1;
    std::uint32_t value = 0, scale = 100'000'000;
    for (; length < text.size() && is_digit(text[length]) && length <= 9; ++length, scale /= 10) value += static_cast<std::uint32_t>(text[length] - '0') * scale;
    request.time.nanoseconds = value;
    request.precision = length <= 4 ? plugin::Precision::millisecond : length <= 7 ? plugin::Precision::microsecond : plugin::Precision::nanosecond;
    return length;
}

}  // namespace

int hex_digit(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string lowered(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

std::optional<std::int64_t> digits(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || failed != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
    return value;
}

bool is_address(std::string_view text) {
    if (text.size() < 2 || text.size() > 45) return false;
    if (is_four_numbers(text)) return true;
    return std::count(text.begin(), text.end(), ':') >= 2 && std::all_of(text.begin(), text.end(), [](char c) { return hex_digit(c) >= 0 || c == ':' || c == '.'; });
}

std::size_t clock_length(std::string_view text) {
    const std::size_t bracket = text.starts_with('[') ? 1 : 0;
    // dd/Mon/yyyy:hh:mm:ss
    if (text.size() < bracket + 20 || text[bracket + 2] != '/' || text[bracket + 6] != '/' || text[bracket + 11] != ':') return 0;
    std::size_t at = bracket + 20;
    if (at < text.size() && text[at] == '.')
        for (++at; at < text.size() && is_digit(text[at]);) ++at;
    if (at + 5 < text.size() && text[at] == ' ' && (text[at + 1] == '+' || text[at + 1] == '-')) at += 6;
    if (bracket != 0) {
        if (at >= text.size() || text[at] != ']') return 0;
        ++at;
    }
    return at;
}

bool clock_time(std::string_view text, Request& request) {
    if (text.empty() || clock_length(text) != text.size()) return false;
    if (text.starts_with('[')) text = text.substr(1, text.size() - 2);
    base::CivilTime civil;
    civil.month = month_of(text.substr(3, 3));
    civil.day = number(text.substr(0, 2)), civil.year = number(text.substr(7, 4));
    civil.hour = number(text.substr(12, 2)), civil.minute = number(text.substr(15, 2)), civil.second = number(text.substr(18, 2));
    if (civil.month == 0 || civil.day < 1 || civil.day > 31 || civil.year < 1990 || civil.hour < 0 || civil.hour > 23 || civil.minute < 0 || civil.minute > 59 ||
        civil.second < 0 || civil.second > 60)
        return false;
    request.time = {base::seconds_from_civil(civil), 0};
    request.precision = plugin::Precision::second;
    text.remove_prefix(20);
    if (text.starts_with('.')) text.remove_prefix(take_fraction(text, request));
    request.zone_known = text.size() >= 6;
    if (!request.zone_known) return true;
    const int hours = number(text.substr(2, 2)), minutes = number(text.substr(4, 2));
    if (hours < 0 || hours > 18 || minutes < 0 || minutes > 59) return false;
    request.time.seconds -= (text[1] == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
    return true;
}

bool rfc3339_time(std::string_view text, Request& request) {
    if (text.size() < 19 || text.size() > 40) return false;
    std::string whole(text);
    if (whole[10] == ' ') whole[10] = 'T';
    const auto tail = whole.substr(19);
    const auto sign = tail.find_first_of("+-Z");
    request.zone_known = sign != std::string::npos;
    if (!request.zone_known) whole += 'Z';
    else if (tail[sign] != 'Z' && tail.size() == sign + 5 && tail.find(':') == std::string::npos) whole.insert(whole.size() - 2, ":");  // +0100
    const auto time = base::from_rfc3339(whole);
    if (!time) return false;
    request.time = *time;
    if (tail.starts_with('.')) take_fraction(tail, request), request.time.nanoseconds = time->nanoseconds;
    else request.precision = plugin::Precision::second;
    return true;
}

bool epoch_time(std::string_view text, std::int64_t units, Request& request) {
    const auto dot = text.find('.');
    const auto whole = digits(text.substr(0, dot));
    if (!whole || *whole / units < 600'000'000 || *whole / units > 100'000'000'000) return false;
    request.time = {*whole / units, static_cast<std::uint32_t>(*whole % units * (1'000'000'000 / units))};
    request.precision = units == 1 ? plugin::Precision::second : units == 1'000 ? plugin::Precision::millisecond : plugin::Precision::microsecond;
    if (dot != std::string_view::npos && units == 1) take_fraction(text.substr(dot), request);
    request.zone_known = true;
    return true;
}

Asked split_request(std::string_view text) {
    constexpr std::size_t k_longest_method = 20, k_longest_protocol = 11;  // " HTTP/" and what says its version
    std::size_t blank = 0;
    while (blank < text.size() && blank <= k_longest_method && ((text[blank] >= 'A' && text[blank] <= 'Z') || text[blank] == '_' || text[blank] == '-')) ++blank;
    if (blank == 0 || blank > k_longest_method || blank == text.size() || text[blank] != ' ') return {{}, text};
    auto rest = text.substr(blank + 1);
    const auto tail = rest.size() - std::min(rest.size(), k_longest_protocol);
    if (const auto protocol = rest.substr(tail).rfind(" HTTP/"); protocol != std::string_view::npos) rest = rest.substr(0, tail + protocol);
    return {text.substr(0, blank), rest};
}

void take_request(std::string_view text, Request& request) {
    const auto asked = split_request(text);
    if (!asked.method.empty()) request.method = asked.method;
    request.url = asked.url;
}

std::string path_of(std::string_view url) {
    if (const auto scheme = url.find("://"); scheme != std::string_view::npos && scheme < 8) {
        const auto slash = url.find('/', scheme + 3);
        url = slash == std::string_view::npos ? std::string_view("/") : url.substr(slash);
    }
    std::string path;
    path.reserve(url.size());
    for (std::size_t i = 0; i < url.size() && url[i] != '?' && url[i] != '#'; ++i) {
        if (url[i] == '%' && i + 2 < url.size() && hex_digit(url[i + 1]) >= 0 && hex_digit(url[i + 2]) >= 0) {
            path += static_cast<char>(hex_digit(url[i + 1]) * 16 + hex_digit(url[i + 2]));
            i += 2;
        } else if (url[i] != '/' || path.empty() || path.back() != '/') {
            path += url[i];
        }
    }
    return path;
}

}  // namespace deadbox::plugins::weblog
