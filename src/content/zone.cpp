// TZif: header (44 bytes: "TZif", version, 15 reserved, six 32-bit counts), a data block with 32-bit times, and from
// version 2 on a second header and block with 64-bit times, then "\n" TZ-string "\n".
//   counts: isutcnt isstdcnt leapcnt timecnt typecnt charcnt (big-endian)
//   block:  timecnt times | timecnt type numbers (1) | typecnt * {offset i32, isdst u8, name u8} | charcnt |
//           leapcnt * (time + 4) | isstdcnt | isutcnt
#include "content/zone.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "base/descriptor.hpp"
#include "base/timestamp.hpp"

namespace deadbox::content {
namespace {

struct Counts {
    std::uint64_t utc, standard, leap, times, types, chars;
    std::uint64_t block_size(std::uint64_t time_size) const {
        return times * (time_size + 1) + types * 6 + chars + leap * (time_size + 4) + standard + utc;
    }
};

base::Result<Counts> read_header(base::ByteView bytes) {
    if (bytes.size() < 44 || base::as_text(bytes.first(4)) != "TZif") return base::fail(base::Errc::corrupt, "not a compiled time zone");
    return Counts{base::load_be32(bytes, 20), base::load_be32(bytes, 24), base::load_be32(bytes, 28),
                  base::load_be32(bytes, 32), base::load_be32(bytes, 36), base::load_be32(bytes, 40)};
}

int take_int(std::string_view& text) {
    int value = -1;
    while (!text.empty() && text.front() >= '0' && text.front() <= '9' && value < 100000) {
        value = (value < 0 ? 0 : value) * 10 + (text.front() - '0');
        text.remove_prefix(1);
    }
    return value;
}

// [+-]hh[:mm[:ss]] in seconds.
std::optional<std::int32_t> take_clock(std::string_view& text) {
    int sign = 1;
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
        sign = text.front() == '-' ? -1 : 1;
        text.remove_prefix(1);
    }
    std::int32_t total = 0;
    int unit = 3600;
    for (int part = 0; part < 3; ++part, unit /= 60) {
        if (part > 0) {
            if (!text.starts_with(':')) break;
            text.remove_prefix(1);
        }
        const int value = take_int(text);
        if (value < 0 || value > 167) return std::nullopt;
        total += value * unit;
    }
    return sign * total;
}

bool skip_zone_name(std::string_view& text) {
    if (text.starts_with('<')) {
        const auto end = text.find('>');
        if (end == std::string_view::npos) return false;
        text.remove_prefix(end + 1);
        return true;
    }
    std::size_t i = 0;
    while (i < text.size() && ((text[i] | 0x20) >= 'a' && (text[i] | 0x20) <= 'z')) ++i;
    text.remove_prefix(i);
    return i > 0;
}

bool is_leap(std::int64_t year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

}  // namespace

std::int64_t Zone::Change::seconds_in_year(std::int64_t year) const {
    const auto first = base::seconds_from_civil({.year = year});
    if (kind == Kind::day) return first + day * 86400LL + time;
    if (kind == Kind::julian) return first + (day - 1 + (is_leap(year) && day > 59 ? 1 : 0)) * 86400LL + time;
    const auto month_start = base::seconds_from_civil({.year = year, .month = month});
    const int weekday = static_cast<int>(((month_start / 86400 + 4) % 7 + 7) % 7);
    int date = (day - weekday + 7) % 7 + (week - 1) * 7;  // from 0
    static constexpr int k_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const int length = month == 2 && is_leap(year) ? 29 : k_days[month - 1];
    while (date >= length) date -= 7;
    return month_start + date * 86400LL + time;
}

std::optional<Zone::Rule> Zone::decode_rule(std::string_view text) {
    Rule rule;
    if (!skip_zone_name(text)) return std::nullopt;
    const auto standard = take_clock(text);
    if (!standard) return std::nullopt;
    rule.standard = -*standard;  // POSIX counts west as positive
    rule.summer = rule.standard + 3600;
    if (text.empty()) return rule;
    if (!skip_zone_name(text)) return std::nullopt;
    if (!text.starts_with(',')) {
        const auto summer = take_clock(text);
        if (!summer) return std::nullopt;
        rule.summer = -*summer;
    }
    for (Change* change : {&rule.begin, &rule.end}) {
        if (!text.starts_with(',')) return std::nullopt;
        text.remove_prefix(1);
        if (text.starts_with('M')) {
            change->kind = Change::Kind::month_week_day;
            for (int* part : {&change->month, &change->week, &change->day}) {
                text.remove_prefix(1);
                *part = take_int(text);
                if (part != &change->day && !text.starts_with('.')) return std::nullopt;
            }
            if (change->month < 1 || change->month > 12 || change->week < 1 || change->week > 5 || change->day < 0 || change->day > 6)
                return std::nullopt;
        } else {
            change->kind = text.starts_with('J') ? Change::Kind::julian : Change::Kind::day;
            if (text.starts_with('J')) text.remove_prefix(1);
            change->day = take_int(text);
            if (change->day < 0 || change->day > 365) return std::nullopt;
        }
        if (text.starts_with('/')) {
            text.remove_prefix(1);
            const auto time = take_clock(text);
            if (!time) return std::nullopt;
            change->time = *time;
        }
    }
    return rule;
}

std::optional<Zone> Zone::of_rule(std::string_view text) {
    const auto rule = decode_rule(text);
    if (!rule) return std::nullopt;
    Zone zone;
    zone.m_offsets.push_back(rule->standard);
    zone.m_rule = rule;
    return zone;
}

base::Result<Zone> Zone::decode(base::ByteView bytes) {
    TRY_ASSIGN(Counts counts, read_header(bytes));
    const bool wide = bytes.size() > 4 && bytes[4] >= std::byte{'2'};
    std::uint64_t time_size = 4;
    auto block = bytes.subspan(44);
    if (counts.block_size(4) > block.size()) return base::fail(base::Errc::truncated, "a compiled time zone is cut short");
    if (wide) {
        block = block.subspan(static_cast<std::size_t>(counts.block_size(4)));
        TRY_ASSIGN(counts, read_header(block));
        block = block.subspan(44);
        time_size = 8;
        if (counts.block_size(8) > block.size()) return base::fail(base::Errc::truncated, "a compiled time zone is cut short");
    }
    if (counts.types == 0 || counts.types > 256) return base::fail(base::Errc::corrupt, "a compiled time zone has no types");
    const auto times = static_cast<std::size_t>(counts.times);
    const auto types_at = static_cast<std::size_t>(counts.times * (time_size + 1));
    const auto offset_of = [&](std::size_t type) {
        return static_cast<std::int32_t>(base::load_be32(block, types_at + std::min<std::size_t>(type, static_cast<std::size_t>(counts.types) - 1) * 6));
    };
    Zone zone;
    zone.m_offsets.push_back(offset_of(0));
    for (std::size_t i = 0; i < times; ++i) {
        const auto at = time_size == 8 ? static_cast<std::int64_t>(base::load_be64(block, i * 8))
                                       : std::int64_t{static_cast<std::int32_t>(base::load_be32(block, i * 4))};
        if (!zone.m_transitions.empty() && at <= zone.m_transitions.back()) return base::fail(base::Errc::corrupt, "a compiled time zone is out of order");
        zone.m_transitions.push_back(at);
        zone.m_offsets.push_back(offset_of(static_cast<std::size_t>(block[static_cast<std::size_t>(counts.times * time_size) + i])));
    }
    if (wide) {
        auto footer = base::as_text(block.subspan(static_cast<std::size_t>(counts.block_size(8))));
        if (footer.starts_with('\n')) {
            footer.remove_prefix(1);
            zone.m_rule = decode_rule(footer.substr(0, footer.find('\n')));
        }
    }
    return zone;
}

std::int32_t Zone::offset_at(std::int64_t utc) const {
    if (m_offsets.empty()) return 0;
    const auto next = std::upper_bound(m_transitions.begin(), m_transitions.end(), utc);
    if (next != m_transitions.end() || !m_rule) return m_offsets[static_cast<std::size_t>(next - m_transitions.begin())];
    const Rule& rule = *m_rule;
    if (rule.begin.kind == Change::Kind::none) return rule.standard;
    const auto year = base::civil_from_seconds(utc + rule.standard).year;
    const auto begin = rule.begin.seconds_in_year(year) - rule.standard;
    const auto end = rule.end.seconds_in_year(year) - rule.summer;
    const bool summer = begin < end ? utc >= begin && utc < end : utc >= begin || utc < end;
    return summer ? rule.summer : rule.standard;
}

std::int64_t Zone::to_utc(std::int64_t local, std::int64_t not_before) const {
    if (m_offsets.empty()) return local;
    const auto before = offset_at(local - 86400), after = offset_at(local + 86400);
    const auto early = local - std::max(before, after), late = local - std::min(before, after);
    const bool early_fits = offset_at(early) == local - early, late_fits = offset_at(late) == local - late;
    if (early_fits && late_fits) return early >= not_before || early == late ? early : late;
    if (early_fits) return early;
    if (late_fits) return late;
    return local - before;
}

void ZoneFiles::load(const std::string& folder) {
    namespace fs = std::filesystem;
    constexpr std::size_t k_largest = 64 * 1024;
    std::vector<char> bytes(k_largest + 1);
    std::error_code error;
    for (fs::recursive_directory_iterator it(folder, fs::directory_options::skip_permission_denied, error), end; !error && it != end; it.increment(error)) {
        const auto& path = it->path().native();
        auto name = path.substr(std::min(path.size(), folder.size() + 1));
        if (it->is_directory(error)) {
            if (name == "posix" || name == "right") it.disable_recursion_pending();
            continue;
        }
        if (!it->is_regular_file(error)) continue;
        const base::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
        const ssize_t got = file ? ::read(file.get(), bytes.data(), bytes.size()) : -1;
        const std::string_view read(bytes.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
        if (read.size() <= k_largest && read.starts_with("TZif")) m_files.emplace(std::move(name), read);
    }
}

std::optional<Zone> ZoneFiles::find(std::string_view name) const {
    if (name.starts_with(':')) name.remove_prefix(1);
    if (name.starts_with("posix/")) name.remove_prefix(6);
    const auto found = m_files.find(name);
    if (found == m_files.end()) {
        if (name == "UTC" || name == "Etc/UTC") return Zone::utc();
        return Zone::of_rule(name);
    }
    auto zone = Zone::decode(base::as_bytes(found->second));
    if (!zone) return std::nullopt;
    return *std::move(zone);
}

}  // namespace deadbox::content
