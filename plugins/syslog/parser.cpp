// System logs: every line becomes an event. Lines without a year are read twice: once to count the turns of the year,
// once for the events. Lines without a zone are read in the zone given as parameter "timezone", else in UTC; both are
// marked on the event and in the ledger.
#include "plugin/parser.hpp"

#include <algorithm>
#include <limits>

#include "content/local_clock.hpp"
#include "plugin/parameter.hpp"
#include "syslog/meaning.hpp"
#include "syslog/sessions.hpp"
#include "syslog/silences.hpp"
#include "syslog/typed_secrets.hpp"
#include "syslog/syslog_topic.hpp"
#include "syslog/years.hpp"

namespace deadbox::plugins::syslog {
namespace {

// The pieces of a line between runs of NUL bytes: a crash leaves blocks of zeros, and the next message behind them.
template <class Visit>
void for_each_piece(std::string_view line, const Visit& visit) {
    if (line.find('\0') == std::string_view::npos) return visit(line, std::size_t{0});
    std::size_t at = 0;
    while (at < line.size()) {
        const auto begin = line.find_first_not_of('\0', at);
        if (begin == std::string_view::npos) return;
        const auto end = std::min(line.find('\0', begin), line.size());
        visit(line.substr(begin, end - begin), begin);
        at = end;
    }
}

// "auth.log-20260301.gz", "messages-20260301": the day of the rotation, which no line can follow.
std::optional<base::CivilTime> day_in_name(std::string_view path) {
    const auto name = path.substr(path.rfind('/') + 1);
    for (std::size_t i = 0; i + 9 <= name.size(); ++i) {
        if (name[i] != '-' && name[i] != '.') continue;
        int digits[8];
        bool all = true;
        for (std::size_t k = 0; k < 8 && all; ++k) {
            const char c = name[i + 1 + k];
            all = c >= '0' && c <= '9';
            digits[k] = c - '0';
        }
        if (!all) continue;
        base::CivilTime day;
        day.year = digits[0] * 1000 + digits[1] * 100 + digits[2] * 10 + digits[3];
        day.month = digits[4] * 10 + digits[5];
        day.day = digits[6] * 10 + digits[7];
        day.hour = 23, day.minute = 59, day.second = 59;
        if (day.year >= 1990 && day.year < 2100 && day.month >= 1 && day.month <= 12 && day.day >= 1 && day.day <= 31) return day;
    }
    return std::nullopt;
}

// The local time at which the file was written last, as well as it can be known.
std::optional<base::CivilTime> last_written(const plugin::FileRecord& record, const content::LocalClock& clock) {
    auto time = record.modified;
    if (!time) time = record.changed;
    if (!time) time = record.born;
    const auto named = day_in_name(record.path);
    if (!time) return named;
    const auto local = time->seconds + clock.offset_at(time->seconds);
    constexpr std::int64_t k_two_days = 2 * 86400;
    if (named && local > base::seconds_from_civil(*named) + k_two_days) return named;  // copied or touched later
    return base::civil_from_seconds(local);
}

// "last message repeated 5 times" or "message repeated 5 times: [ text]".
struct Repeat {
    std::int64_t count = 0;
    std::optional<std::string_view> text;  // the message itself, where it is said
};
std::optional<Repeat> decode_repeat(std::string_view message) {
    if (message.size() < 20 || message.size() > 65536) return std::nullopt;
    Scanner s(message);
    s.eat("--- ");
    s.eat("last ");
    if (!s.eat("message repeated ")) return std::nullopt;
    Repeat repeat;
    for (const char c : s.word()) {
        if (c < '0' || c > '9' || repeat.count > 1'000'000) return std::nullopt;
        repeat.count = repeat.count * 10 + (c - '0');
    }
    if (repeat.count == 0 || !s.eat("time")) return std::nullopt;
    s.eat("s");
    if (s.eat(": [")) {
        if (s.rest.starts_with(' ')) s.rest.remove_prefix(1);
        if (s.rest.ends_with(']')) s.rest.remove_suffix(1);
        repeat.text = s.rest;
    }
    return repeat;
}

class Reader {
public:
    Reader(const plugin::File& file, plugin::Sink& sink, content::LocalClock clock) : m_file(file), m_sink(sink), m_clock(std::move(clock)) {}

    base::Result<void> read() {
        const auto done = plugin::for_each_line(m_file, [this](std::string_view line, std::uint64_t offset, std::uint64_t number) {
            m_line = number;
            if (m_stopped) return;
            if (line.empty()) return damaged();
            bool any = false;
            std::size_t text_bytes = 0;
            for_each_piece(line, [&](std::string_view piece, std::size_t at) {
                any = true;
                text_bytes += piece.size();
                this->line(piece, offset + at);
            });
            const auto nul_bytes = static_cast<std::int64_t>(line.size() - text_bytes);
            m_nul_bytes += nul_bytes;
            if (m_lines > 0 && nul_bytes > m_longest_nul) m_longest_nul = nul_bytes, m_nul_after = m_last_time, m_nul_before.reset();
            if (!any) damaged();
        });
        finish(done.has_value());
        return done;
    }

private:
    void damaged() {
        if (m_damaged++ == 0) m_first_damaged = m_line;
    }

    // The first pass, when the first line without a year is met.
    bool learn_years() {
        const auto done = plugin::for_each_line(m_file, [this](std::string_view line, std::uint64_t, std::uint64_t) {
            for_each_piece(line, [this](std::string_view piece, std::size_t) {
                std::string_view rest;
                if (const auto stamp = decode_stamp(piece, rest)) m_years.see(stamp->civil, stamp->has_year);
            });
        });
        static_cast<void>(done);  // the second pass meets the same error and reports it
        return m_years.finish(last_written(m_file.record(), m_clock));
    }

    void line(std::string_view text, std::uint64_t offset) {
        const auto line = decode_line(text);
        if (!line) {
            const bool continues = m_lines > 0 && (text.front() == ' ' || text.front() == '\t');
            if (!continues) damaged();
            return;
        }
        const auto& stamp = line->stamp;
        if (!stamp.has_year && !m_learnt) {
            m_learnt = true;
            m_stopped = !learn_years();
            if (m_stopped) return;
        }
        auto civil = stamp.civil;
        civil.year = m_learnt ? m_years.year(stamp.civil, stamp.has_year) : stamp.civil.year;
        auto& event = m_meaning.event;
        event.assumptions = stamp.has_year ? plugin::assumed_none : plugin::assumed_year;
        const auto local = base::seconds_from_civil(civil);
        event.time.nanoseconds = stamp.nanoseconds;
        event.precision = stamp.precision;
        if (stamp.zone) event.time.seconds = local - *stamp.zone;
        else {
            event.time.seconds = m_clock.to_utc(local, m_lines > 0 ? m_last : std::numeric_limits<std::int64_t>::min());
            m_any_local = true;
            if (!m_clock.knows_zone()) event.assumptions |= plugin::assumed_zone;
        }
        (stamp.has_year ? m_any_year : m_any_bsd) = true;
        event.offset = offset;
        event.line = m_line;
        emit(*line);
        follow(*line);
    }

    void emit(const Line& line) {
        const auto repeat = decode_repeat(line.message);
        if (!repeat) {
            interpret(line, m_meaning);
            m_sessions.follow(line, m_meaning);
            m_previous_text.assign(line.message);
            m_previous_process.assign(line.process);
            m_previous_pid = line.pid;
            m_previous_pam = line.from_pam;
        } else {
            Line said = line;
            said.message = repeat->text ? *repeat->text : std::string_view(m_previous_text);
            if (!repeat->text) said.process = m_previous_process, said.pid = m_previous_pid, said.from_pam = m_previous_pam;
            if (said.message.empty()) said.message = line.message;
            interpret(said, m_meaning);
            m_sessions.follow(said, m_meaning);
            const auto& attributes = m_meaning.event.attributes;
            if (std::none_of(attributes.begin(), attributes.end(), [](const auto& one) { return one.first == "count"; }))
                m_meaning.add("count", repeat->count);
        }
        if (m_lines == 0) m_host.assign(line.host);
        else if (!line.host.empty() && line.host != m_host) m_meaning.text("host", line.host);
        m_sink.event(m_meaning.event);
        for (const auto& typed : m_typed.follow(m_meaning.event)) {
            TypedSecretRow row;
            row.line = typed.line, row.value = typed.text;
            row.emit(m_sink);
        }
    }

    void follow(const Line& line) {
        const auto& event = m_meaning.event;
        if (m_lines == 0) m_first_time = event.time;
        if (m_nul_after && !m_nul_before) m_nul_before = event.time;
        m_last_time = event.time;
        const auto now = event.time.seconds;
        const bool rsyslog = line.process == "rsyslogd" || line.process == "syslogd" || line.process == "syslog-ng" || line.process == "syslogd-listener";
        const bool begins = event.kind == &event::kernel_boot() || (rsyslog && (line.message.ends_with("start") || line.message.ends_with("restart.") || line.message.find("starting up") != std::string_view::npos));
        const bool ends = event.kind == &event::system_shutdown() || (rsyslog && (line.message.find("exiting on signal") != std::string_view::npos || line.message.find("shutting down") != std::string_view::npos));
        m_silences.follow(now, static_cast<std::int64_t>(m_line), begins, ends);
        m_hours.add(now / 3600);
        m_last = now;
        ++m_lines;
    }

    void gap(base::Gap::Level level, std::string reason, std::string detail) {
        m_sink.gap({level, "syslog", std::move(reason), m_file.record().path, std::move(detail)});
    }

    void finish(bool complete) {
        using Level = base::Gap::Level;
        if (m_stopped) gap(Level::gap, "lines without a year in a file without times: no event can be placed", {});
        else if (m_lines == 0 && m_damaged > 0) gap(Level::note, "no line has a time that a system log has", "");
        else if (m_damaged > 0)
            gap(Level::note, "lines that are empty, binary or without a time were passed over",
                std::to_string(m_damaged) + " lines, first line " + std::to_string(m_first_damaged));
        if (m_nul_bytes > 0) gap(Level::note, "NUL bytes inside a log", std::to_string(m_nul_bytes) + " bytes");
        if (m_any_bsd) gap(Level::assumption, "lines without a year: taken from the order of the lines and the file's time", {});
        if (m_any_local && !m_clock.knows_zone()) gap(Level::assumption, std::string(m_clock.assumption()), {});
        LogFileRow row;
        row.form = m_lines == 0 ? "" : m_any_bsd ? (m_any_year ? "mixed" : "bsd") : "iso";
        row.host = m_host;
        row.lines = m_lines, row.damaged = m_damaged, row.nul_bytes = m_nul_bytes;
        if (m_nul_after && m_nul_before) row.nul_after = *m_nul_after, row.nul_before = *m_nul_before;
        if (m_lines > 0) row.first = m_first_time, row.last = m_last_time;
        row.hours = m_hours.count(), row.complete = complete && !m_stopped ? 1 : 0;
        row.zone = m_any_local ? m_clock.zone() : std::string_view();
        row.emit(m_sink);
        if (!m_hours.empty()) {
            LogHoursRow hours;
            hours.from_hour = m_hours.first(), hours.bits = std::as_bytes(std::span(m_hours.bits()));
            hours.emit(m_sink);
        }
        for (const auto& silence : m_silences.longest()) {
            LogSilenceRow out;
            out.silent_from = base::Timestamp{silence.from, 0}, out.silent_until = base::Timestamp{silence.until, 0};
            out.line = silence.line, out.usual = m_silences.usual(), out.restart = silence.restart ? 1 : 0;
            out.emit(m_sink);
        }
    }

    const plugin::File& m_file;
    plugin::Sink& m_sink;
    content::LocalClock m_clock;
    Years m_years;
    Meaning m_meaning;
    Sessions m_sessions;
    TypedSecrets m_typed;
    Silences m_silences;
    Hours m_hours;
    bool m_learnt = false, m_stopped = false;
    std::string m_host, m_previous_text, m_previous_process;
    std::optional<std::int64_t> m_previous_pid;
    bool m_previous_pam = false;
    std::uint64_t m_line = 0, m_first_damaged = 0;
    std::int64_t m_lines = 0, m_damaged = 0, m_nul_bytes = 0, m_last = 0;
    base::Timestamp m_first_time, m_last_time;
    std::int64_t m_longest_nul = 0;
    std::optional<base::Timestamp> m_nul_after, m_nul_before;  // the messages around the longest run
    bool m_any_bsd = false, m_any_year = false, m_any_local = false;
};

class SyslogParser final : public plugin::Parser {
public:
    base::Result<void> prepare(const std::string&) const override {
        content::LocalClock::load_zones();
        return {};
    }

    base::Result<void> parse(const plugin::File& file, const plugin::Parameters& parameters, plugin::Sink& sink) const override {
        return Reader(file, sink, content::LocalClock(plugin::parameter(parameters, "timezone"))).read();
    }
};

}  // namespace

const plugin::Parser& syslog_parser() {
    static const SyslogParser parser;
    return parser;
}

}  // namespace deadbox::plugins::syslog
