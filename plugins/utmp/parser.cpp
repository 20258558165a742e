// wtmp, btmp and utmp: a stream of equal records. A record that makes no sense is noted and passed over.
#include "plugin/parser.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "utmp/record.hpp"
#include "utmp/utmp_topic.hpp"

namespace deadbox::plugins::utmp {
namespace {

enum class Book { history, failures, now };  // wtmp, btmp, utmp

Book book_of(std::string_view path) {
    const auto name = path.substr(path.rfind('/') + 1);
    if (name.starts_with("btmp")) return Book::failures;
    return name.starts_with("wtmp") ? Book::history : Book::now;
}

bool is_address(std::string_view text) {
    // ":0" is a display.
    return !text.empty() && text.find_first_not_of("0123456789abcdefABCDEF.:") == std::string_view::npos &&
           (text.find('.') != std::string_view::npos || std::count(text.begin(), text.end(), ':') > 1);
}

// Takes records one after another and tells what lies between the sound ones.
class Reader {
public:
    Reader(const plugin::File& file, plugin::Sink& sink, Layout layout)
        : m_file(file), m_sink(sink), m_layout(layout), m_book(book_of(file.record().path)) {}

    void record(base::ByteView bytes, std::uint64_t offset) {
        ++m_records;
        if (is_zero(bytes)) {
            ++m_zeroed;
            odd("zeroed", offset);
            return;
        }
        if (!is_plausible(bytes, m_layout)) {
            ++m_damaged;
            odd("implausible", offset);
            return;
        }
        const auto r = decode(bytes, m_layout);
        const base::Timestamp time{r.seconds, static_cast<std::uint32_t>(r.microseconds) * 1000};
        close_odd(time, r.type);
        constexpr std::int64_t k_slack = 2;  // several processes append; the clock is read before the lock is held
        if (r.seconds != 0) {
            if (m_any && m_book != Book::now && r.seconds + k_slack < m_last.seconds && r.type != new_time && m_last_type != old_time && m_last_type != new_time) {
                anomaly("time_backwards", offset, 1, m_last, time, r.type);
            }
            if (!m_any) m_first = time;
            m_any = true;
            m_last = time;
            m_last_type = r.type;
        }
        emit(r, time, offset);
    }

    void finish(std::uint64_t left_over, std::uint64_t offset) {
        close_odd(std::nullopt, std::nullopt);
        if (left_over > 0) anomaly("cut_short", offset, 1, m_any ? std::optional(m_last) : std::nullopt, std::nullopt, std::nullopt);
        if (m_damaged > 0) note("login records that make no sense were passed over", m_damaged);
        if (m_zeroed > 0 && m_book != Book::now) note("login records of zeros alone", m_zeroed);
        if (left_over > 0) note("the last login record is cut short", 1);
        UtmpFileRow row;
        row.layout = layout_name(m_layout);
        row.records = m_records, row.zeroed = m_zeroed, row.damaged = m_damaged;
        if (m_any) row.first_record = m_first, row.last_record = m_last;
        row.emit(m_sink);
    }

private:
    void note(std::string reason, std::int64_t count) {
        m_sink.gap({base::Gap::Level::note, "utmp", std::move(reason), m_file.record().path, std::to_string(count) + " records"});
    }

    void anomaly(std::string_view kind, std::uint64_t offset, std::int64_t run, std::optional<base::Timestamp> before,
                 std::optional<base::Timestamp> after, std::optional<std::int64_t> next_type) {
        constexpr std::int64_t k_most = 4096;
        if (++m_anomalies > k_most) return;
        UtmpAnomalyRow row;
        row.kind = kind, row.position = static_cast<std::int64_t>(offset), row.run = run;
        row.time_before = before, row.time_after = after, row.next_type = next_type;
        row.emit(m_sink);
    }

    void odd(std::string_view kind, std::uint64_t offset) {
        if (m_odd_run > 0 && kind != m_odd_kind) close_odd(std::nullopt, std::nullopt);
        if (m_odd_run++ == 0) m_odd_kind = kind, m_odd_at = offset;
    }

    void close_odd(std::optional<base::Timestamp> after, std::optional<std::int64_t> next_type) {
        if (m_odd_run == 0) return;
        if (m_book != Book::now || m_odd_kind != "zeroed")  // utmp keeps free slots
            anomaly(m_odd_kind, m_odd_at, m_odd_run, m_any ? std::optional(m_last) : std::nullopt, after, next_type);
        m_odd_run = 0;
    }

    void emit(const Record& r, base::Timestamp time, std::uint64_t offset) {
        if (r.type == empty || r.seconds == 0) return;
        plugin::Event event;
        event.kind = &kind_of(r);
        event.time = time;
        event.precision = r.microseconds == 0 ? plugin::Precision::second : plugin::Precision::microsecond;
        event.offset = offset;
        const bool ends = r.type == dead_process;
        const bool person = r.type == user_process || r.type == login_process || ends || m_book == Book::failures;
        std::string ended;
        if (person) event.user = r.user;
        if (m_book == Book::history && !r.line.empty()) {  // an end names the terminal alone: whose session was there?
            if (r.type == user_process) {
                if (m_open.size() < 4096 || m_open.contains(r.line)) m_open.insert_or_assign(std::string(r.line), std::string(r.user));
            } else if (ends) {
                if (const auto found = m_open.find(r.line); found != m_open.end()) {
                    ended = found->second;
                    m_open.erase(found);
                    if (event.user.empty()) event.user = ended;
                }
            } else if (r.type == boot_time) m_open.clear();
        }
        std::string_view host = r.host;
        if (person) {
            if (!r.address.empty()) event.address = r.address;
            else if (is_address(host)) event.address = host;
            if (event.address.starts_with("::ffff:")) event.address.remove_prefix(7);
            if (!host.empty() && host != event.address) event.attributes.emplace_back("host", host);
        } else if (!host.empty()) event.attributes.emplace_back(r.type == boot_time || r.type == run_level ? "kernel" : "host", host);
        if (!r.line.empty() && r.line != "~") event.attributes.emplace_back("tty", r.line);
        if (r.type == run_level && r.user == "runlevel" && r.pid != 0) {
            const char level = static_cast<char>(r.pid & 0xff);
            m_level.assign(1, level >= '0' && level <= '9' ? level : level == 'S' || level == 's' ? 'S' : '?');
            event.attributes.emplace_back("level", std::string_view(m_level));
        } else if (r.pid != 0) event.attributes.emplace_back("pid", std::int64_t{r.pid});
        if (r.session != 0) event.attributes.emplace_back("session", r.session);
        if (ends && (r.exit != 0 || r.termination != 0)) event.attributes.emplace_back("exit", std::int64_t{r.exit});
        if (event.kind == &event::login_other()) event.attributes.emplace_back("type", std::int64_t{r.type});
        m_sink.event(event);
    }

    const plugin::EventDef& kind_of(const Record& r) const {
        if (m_book == Book::failures) return event::login_failure();
        switch (r.type) {
            case run_level: return r.user == "shutdown" ? event::login_shutdown() : event::login_runlevel();
            case boot_time: return event::login_boot();
            case new_time: return event::login_clock_new();
            case old_time: return event::login_clock_old();
            case login_process: return event::login_prompt();
            case user_process: return event::login_session_start();
            case dead_process: return event::login_session_end();
            default: return event::login_other();
        }
    }

    const plugin::File& m_file;
    plugin::Sink& m_sink;
    Layout m_layout;
    Book m_book;
    std::int64_t m_records = 0, m_zeroed = 0, m_damaged = 0, m_anomalies = 0;
    base::Timestamp m_first, m_last;
    std::int16_t m_last_type = 0;
    bool m_any = false;
    std::string_view m_odd_kind;
    std::uint64_t m_odd_at = 0;
    std::int64_t m_odd_run = 0;
    std::map<std::string, std::string, std::less<>> m_open;  // terminal -> user
    std::string m_level;
};

class UtmpParser final : public plugin::Parser {
public:
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters&, plugin::Sink& sink) const override {
        TRY_ASSIGN(const auto stream, file.text());
        std::vector<std::byte> block(400 * 384 * 2);  // both sizes divide it
        std::size_t filled = 0;
        const auto fill = [&]() -> base::Result<void> {
            while (filled < block.size()) {
                TRY_ASSIGN(const std::size_t got, stream->read(base::Bytes(block).subspan(filled)));
                if (got == 0) return {};
                filled += got;
            }
            return {};
        };
        auto end = fill();  // what was read before a failure is still worth its records
        if (filled == 0) return end;
        auto layout = guess_layout(base::ByteView(block).first(filled), filled < block.size() ? filled : file.bytes().size());
        if (!layout) {
            if (!is_zero(base::ByteView(block).first(filled))) {
                sink.gap({base::Gap::Level::note, "utmp", "not login records of a known layout", file.record().path, {}});
                return end;
            }
            layout = Layout::narrow;
        }
        Reader reader(file, sink, *layout);
        const auto length = record_size(*layout);
        std::uint64_t offset = 0;
        for (;;) {
            std::size_t at = 0;
            for (; filled - at >= length; at += length) reader.record(base::ByteView(block).subspan(at, length), offset + at);
            offset += at;
            std::copy(block.begin() + static_cast<std::ptrdiff_t>(at), block.begin() + static_cast<std::ptrdiff_t>(filled), block.begin());
            filled -= at;
            const auto before = filled;
            if (!end) break;
            end = fill();
            if (filled == before) break;
        }
        reader.finish(filled, offset);
        return end;
    }
};

}  // namespace

const plugin::Parser& utmp_parser() {
    static const UtmpParser parser;
    return parser;
}

}  // namespace deadbox::plugins::utmp
