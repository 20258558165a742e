// The forms that syslog daemons write:
//   line     = [ "<" digits ">" ] ( bsd | iso | rfc5424 | ftp | rsync | xferlog | transfer )
//   bsd      = month SP day SP [ year SP ] time [ "." fraction ] [ ":" ] SP tail          (RFC 3164, no zone)
//   iso      = date ( "T" | SP ) time [ ( "." | "," ) fraction ] [ zone ] SP tail          (rsyslog's high precision)
//   rfc5424  = "<" digits ">1" SP iso-time SP host SP app SP pid SP msgid SP data SP message
//   ftp      = weekday SP month SP day SP time SP year SP "[pid " digits "]" SP message    (vsftpd.log)
//   rsync    = year "/" month "/" day SP time SP "[" digits "]" SP message                 (rsyncd.log)
//   xferlog, transfer: transfer_line.hpp
//   tail     = [ host SP ] [ facility "." level SP ] [ tag ( ":" | SP ) ] message
//   tag      = name [ "(pam_unix)" ] [ "[" digits "]" ] | "[" name "]"
#include "syslog/line.hpp"

#include <algorithm>
#include <array>

#include "syslog/transfer_line.hpp"

namespace deadbox::plugins::syslog {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// `count` digits at the front of `text`; -1 when they are not there.
int take_number(std::string_view& text, std::size_t count) {
    if (text.size() < count) return -1;
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (!is_digit(text[i])) return -1;
        value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(count);
    return value;
}

bool take(std::string_view& text, char c) {
    if (text.empty() || text.front() != c) return false;
    text.remove_prefix(1);
    return true;
}

void skip_spaces(std::string_view& text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
}

int take_month(std::string_view& text) {
    static constexpr std::array<std::string_view, 12> k_months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto three = text.substr(0, 3);
    for (std::size_t i = 0; i < k_months.size(); ++i) {
        if (k_months[i] != three) continue;
        text.remove_prefix(3);
        return static_cast<int>(i) + 1;
    }
    return 0;
}

// HH:MM:SS, and a fraction with any number of digits.
bool take_time(std::string_view& text, Stamp& stamp) {
    auto& civil = stamp.civil;
    civil.hour = take_number(text, 2);
    if (civil.hour < 0 || !take(text, ':')) return false;
    civil.minute = take_number(text, 2);
    if (civil.minute < 0 || !take(text, ':')) return false;
    civil.second = take_number(text, 2);
    if (civil.second < 0 || civil.hour > 23 || civil.minute > 59 || civil.second > 60) return false;
    if (text.size() > 1 && (text[0] == '.' || text[0] == ',') && is_digit(text[1])) {
        text.remove_prefix(1);
        std::uint32_t scale = 100'000'000;
        int digits = 0;
        for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1), ++digits) {
            stamp.nanoseconds += static_cast<std::uint32_t>(text.front() - '0') * scale;
            scale /= 10;
        }
        using enum plugin::Precision;
        stamp.precision = digits <= 3 ? millisecond : digits <= 6 ? microsecond : nanosecond;
    }
    return true;
}

bool day_exists(const base::CivilTime& c, bool has_year) {
    static constexpr std::array<int, 12> k_days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (c.month < 1 || c.month > 12 || c.day < 1) return false;
    const bool leap = !has_year || (c.year % 4 == 0 && c.year % 100 != 0) || c.year % 400 == 0;
    return c.day <= (c.month == 2 && leap ? 29 : k_days[static_cast<std::size_t>(c.month - 1)]);
}

// The month is taken already.
bool take_bsd(std::string_view& text, int month, Stamp& stamp) {
    stamp.civil.year = 0, stamp.civil.month = month;
    if (!take(text, ' ')) return false;
    skip_spaces(text);
    stamp.civil.day = text.size() > 1 && is_digit(text[1]) ? take_number(text, 2) : take_number(text, 1);
    if (!take(text, ' ')) return false;
    if (text.size() > 4 && is_digit(text[0]) && text[4] == ' ') {
        stamp.civil.year = take_number(text, 4);
        stamp.has_year = stamp.civil.year > 0;
        if (!stamp.has_year || !take(text, ' ')) return false;
    }
    if (!take_time(text, stamp)) return false;
    if (!stamp.has_year && text.size() >= 5 && text[0] == ' ' && text[1] != ' ') {  // asctime: the year stands behind
        auto behind = text.substr(1);
        const int year = take_number(behind, 4);
        if (year >= 1970 && year < 2200 && (behind.empty() || behind.front() == ' ' || behind.front() == ':')) {
            stamp.civil.year = year, stamp.has_year = true;
            text = behind;
        }
    }
    return day_exists(stamp.civil, stamp.has_year);
}

bool take_iso(std::string_view& text, Stamp& stamp) {
    stamp.civil.year = take_number(text, 4);
    if (stamp.civil.year < 0 || text.empty() || (text.front() != '-' && text.front() != '/')) return false;
    const char between = text.front();
    text.remove_prefix(1);
    stamp.civil.month = take_number(text, 2);
    if (stamp.civil.month < 0 || !take(text, between)) return false;
    stamp.civil.day = take_number(text, 2);
    if (stamp.civil.day < 0 || (!take(text, 'T') && !take(text, ' '))) return false;
    if (!take_time(text, stamp)) return false;
    stamp.has_year = true;
    if (take(text, 'Z')) stamp.zone = 0;
    else if (!text.empty() && (text.front() == '+' || text.front() == '-')) {
        const int sign = text.front() == '-' ? -1 : 1;
        text.remove_prefix(1);
        const int hours = take_number(text, 2);
        take(text, ':');
        const int minutes = take_number(text, 2);
        if (hours < 0 || minutes < 0 || hours > 23 || minutes > 59) return false;
        stamp.zone = sign * (hours * 3600 + minutes * 60);
    }
    return day_exists(stamp.civil, true);
}

// "<38>" in front; true when "1 " (RFC 5424's version) stands behind it.
bool skip_priority(std::string_view& text) {
    if (text.empty() || text.front() != '<') return false;
    const auto end = text.find('>');
    if (end == std::string_view::npos || end > 4) return false;
    for (const char c : text.substr(1, end - 1))
        if (!is_digit(c)) return false;
    text.remove_prefix(end + 1);
    if (text.size() > 2 && text[0] == '1' && text[1] == ' ') {
        text.remove_prefix(2);
        return true;
    }
    return false;
}

std::string_view take_word(std::string_view& text) {
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    return word;
}

std::optional<std::int64_t> number_in(std::string_view text) {
    if (text.empty() || text.size() > 10) return std::nullopt;
    std::int64_t value = 0;
    for (const char c : text) {
        if (!is_digit(c)) return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

std::string_view name_alone(std::string_view process) {
    if (!process.empty() && process.front() == '/') process.remove_prefix(process.rfind('/') + 1);
    return process;
}

// RFC 5424's structured data: "-" or [id name="value" ...]..., where \" does not end a value.
void skip_structured_data(std::string_view& text) {
    if (take(text, '-')) return;
    while (!text.empty() && text.front() == '[') {
        bool quoted = false;
        std::size_t i = 1;
        for (; i < text.size() && (quoted || text[i] != ']'); ++i) {
            if (text[i] == '\\') ++i;
            else if (text[i] == '"') quoted = !quoted;
        }
        text.remove_prefix(std::min(i + 1, text.size()));
    }
}

bool is_level(std::string_view word) {  // busybox: "auth.info"
    static constexpr std::string_view k_levels[] = {"emerg", "alert", "crit", "err", "error", "warn", "warning", "notice", "info", "debug"};
    const auto dot = word.find('.');
    if (dot == std::string_view::npos || dot == 0 || dot > 8) return false;
    for (const auto level : k_levels)
        if (word.substr(dot + 1) == level) return true;
    return false;
}

bool is_loud_level(std::string_view word) {  // in the host's place on ChromeOS
    static constexpr std::string_view k_levels[] = {"EMERG", "ALERT", "CRIT", "ERR", "WARNING", "NOTICE", "INFO", "DEBUG"};
    return std::find(std::begin(k_levels), std::end(k_levels), word) != std::end(k_levels);
}

bool ends_a_tag(std::string_view word) { return !word.empty() && (word.back() == ':' || word.find('[') != std::string_view::npos); }

// tag, and the message behind it in `text`.
void take_tag(std::string_view& text, Line& line) {
    constexpr std::size_t k_longest = 80;
    if (!text.empty() && text.front() == '[') {  // metalog: "[sshd] ..." or "[sshd]: ..."; not the kernel's "[  12.3]"
        const auto end = text.find(']');
        if (end != std::string_view::npos && end > 1 && end < 40 && text[1] >= 'A' && text.substr(0, end).find(' ') == std::string_view::npos) {
            line.process = text.substr(1, end - 1);
            text.remove_prefix(end + 1);
            take(text, ':');
        }
        return;
    }
    const auto limit = std::min(text.size(), k_longest);
    std::size_t i = 0;
    while (i < limit && text[i] != ' ' && text[i] != ':' && text[i] != '[') ++i;
    // "com.example::thing[3]:" and the like: a colon inside a word does not end the tag.
    while (i < limit && text[i] == ':' && i + 1 < limit && text[i + 1] != ' ') {
        ++i;
        while (i < limit && text[i] != ' ' && text[i] != ':' && text[i] != '[') ++i;
    }
    if (i == 0 || i >= limit || text[i] == ' ') {
        if (i == 0 || i != text.size() || text.back() != ':') return;
    }
    auto name = text.substr(0, i);
    auto rest = text.substr(i);
    if (rest.starts_with('[')) {
        const auto end = rest.find(']');
        if (end == std::string_view::npos || end > 24) return;
        line.pid = number_in(rest.substr(1, end - 1));
        rest.remove_prefix(end + 1);
        if (!line.pid && !rest.starts_with(':')) {  // no process id, no end of a tag: the message begins with brackets
            return;
        }
    } else if (rest.empty()) return;
    take(rest, ':');
    if (name.ends_with(']')) name.remove_suffix(1);  // gdm-password][12]
    constexpr std::string_view k_pam = "(pam_unix)";
    if (name.ends_with(k_pam)) {
        name.remove_suffix(k_pam.size());
        line.from_pam = true;
    }
    line.process = name_alone(name);
    text = rest;
}

// "02/Mar/2026:09:20:00 +0530"
std::optional<Stamp> request_stamp(std::string_view text) {
    Stamp stamp;
    stamp.civil.day = take_number(text, 2);
    if (stamp.civil.day < 0 || !take(text, '/')) return std::nullopt;
    stamp.civil.month = take_month(text);
    if (stamp.civil.month == 0 || !take(text, '/')) return std::nullopt;
    stamp.civil.year = take_number(text, 4);
    if (stamp.civil.year < 0 || !take(text, ':') || !take_time(text, stamp) || !take(text, ' ') || text.empty()) return std::nullopt;
    const int sign = text.front() == '-' ? -1 : 1;
    text.remove_prefix(1);
    const int hours = take_number(text, 2), minutes = take_number(text, 2);
    if (hours < 0 || minutes < 0 || hours > 23 || minutes > 59 || !day_exists(stamp.civil, true)) return std::nullopt;
    stamp.has_year = true, stamp.zone = sign * (hours * 3600 + minutes * 60);
    return stamp;
}

// Lines of a transfer log that do not begin with a stamp.
std::optional<Line> decode_transfer(std::string_view text) {
    Line line;
    line.process = "transferlog", line.message = text;
    if (const auto request = decode_request(text)) {
        const auto stamp = request_stamp(request->date);
        if (!stamp) return std::nullopt;
        line.stamp = *stamp;
        if (request->of_pure_ftpd()) line.stamp.zone.reset();  // its offset has the sign turned round; the time is the local one
        return line;
    }
    if (const auto counted = decode_stats(text)) {
        const auto seconds = number_in(counted->time);
        if (!seconds) return std::nullopt;
        line.stamp.civil = base::civil_from_seconds(*seconds);
        line.stamp.has_year = true, line.stamp.zone = 0;
        return line;
    }
    return std::nullopt;
}

}  // namespace

std::optional<Stamp> decode_stamp(std::string_view line, std::string_view& rest) {
    if (!line.empty() && line.front() == '<') skip_priority(line);
    if (line.size() < 14) return std::nullopt;
    Stamp stamp;
    if (is_digit(line.front())) {
        if (!take_iso(line, stamp)) return std::nullopt;
    } else {
        int month = take_month(line);
        if (month == 0) {
            if (line[3] != ' ') return std::nullopt;
            line.remove_prefix(4);  // a weekday
            month = take_month(line);
            if (month == 0) return std::nullopt;
        }
        if (!take_bsd(line, month, stamp)) return std::nullopt;
    }
    rest = line;
    return stamp;
}

std::optional<Line> decode_line(std::string_view text) {
    Line line;
    auto body = text;
    const bool structured = skip_priority(body);
    std::string_view rest;
    const auto stamp = decode_stamp(body, rest);
    if (!stamp) return decode_transfer(text);
    line.stamp = *stamp;
    if (structured) {
        if (!take(rest, ' ')) return std::nullopt;
        const auto host = take_word(rest), process = take_word(rest), pid = take_word(rest);
        take_word(rest);
        skip_structured_data(rest);
        skip_spaces(rest);
        if (rest.starts_with("\xef\xbb\xbf")) rest.remove_prefix(3);
        if (host != "-") line.host = host;
        if (process != "-") line.process = name_alone(process);
        line.pid = number_in(pid);
        line.message = rest;
        return line;
    }
    if (take(rest, ':')) {  // "Mar 11 09:39:39: --- last message repeated 5 times ---"
        skip_spaces(rest);
        line.message = rest;
        return line;
    }
    if (!rest.empty() && rest.front() != ' ') return std::nullopt;
    skip_spaces(rest);
    const bool slashes = body.size() > 4 && body[4] == '/';
    if (slashes && rest.starts_with('[')) {  // rsyncd.log
        const auto end = rest.find("] ");
        line.pid = number_in(rest.substr(1, end == std::string_view::npos ? 0 : end - 1));
        if (!line.pid) return std::nullopt;
        line.process = "rsyncd", line.message = rest.substr(end + 2);
        return line;
    }
    if (stamp->has_year && !stamp->zone && !rest.empty()) {
        const bool xferlog = is_digit(rest.front()) && decode_xferlog(rest).has_value();
        if (xferlog || (is_digit(body.front()) && decode_w3c(rest))) {
            line.process = xferlog ? "xferlog" : "transferlog", line.message = rest;
            if (!xferlog) line.stamp.zone = 0;  // w3c is in UTC
            return line;
        }
    }
    if (rest.starts_with("[pid ")) {  // vsftpd.log
        const auto end = rest.find(']');
        if (end != std::string_view::npos) {
            line.process = "vsftpd";
            line.pid = number_in(rest.substr(5, end - 5));
            rest.remove_prefix(end + 1);
            skip_spaces(rest);
            line.message = rest;
            return line;
        }
    }
    const auto first = rest.substr(0, rest.find(' '));
    if (is_loud_level(first) && first.size() < rest.size()) {
        rest.remove_prefix(first.size());
        skip_spaces(rest);
    } else if (!ends_a_tag(first) && first.size() < rest.size()) {
        line.host = first;
        rest.remove_prefix(first.size());
        skip_spaces(rest);
    }
    if (is_level(rest.substr(0, rest.find(' ')))) {
        take_word(rest);
        skip_spaces(rest);
    }
    take_tag(rest, line);
    skip_spaces(rest);
    if (line.process == "kernel" && rest.starts_with('[')) {  // [   12.345678] or [T123] behind it
        const auto end = rest.find(']');
        if (end != std::string_view::npos && end > 1 && end < 24 && (is_digit(rest[end - 1]))) {
            rest.remove_prefix(end + 1);
            skip_spaces(rest);
        }
    }
    if (rest.starts_with("[ID ")) {  // Solaris: "[ID 800047 auth.info] "
        const auto end = rest.find("] ");
        if (end != std::string_view::npos && end < 40) rest.remove_prefix(end + 2);
    }
    while (!rest.empty() && (rest.back() == '\r' || rest.back() == '\0')) rest.remove_suffix(1);
    line.message = rest;
    return line;
}

}  // namespace deadbox::plugins::syslog
