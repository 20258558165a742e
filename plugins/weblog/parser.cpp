// Access logs: a request becomes an event, or is counted where thousands are alike. The layout comes with the request that the web server's
// configuration made ("format": a text or a name); without one, each line's form tells it.
#include "plugin/parser.hpp"

#include <algorithm>
#include <limits>

#include "content/local_clock.hpp"
#include "plugin/parameter.hpp"
#include "weblog/layout.hpp"
#include "weblog/listing.hpp"
#include "weblog/uses.hpp"
#include "weblog/weblog_topic.hpp"

namespace deadbox::plugins::weblog {
namespace {

constexpr std::size_t k_longest_text = 4'096;
constexpr std::uint64_t k_doubt = 32;  // lines that a given layout may miss before the form is asked first

class Reader {
public:
    Reader(const plugin::File& file, const plugin::Parameters& parameters, plugin::Sink& sink)
        : m_file(file), m_sink(sink), m_clock(plugin::parameter(parameters, "timezone")) {
        for (const auto& [key, value] : parameters) {
            if (key != "format" || m_layout) continue;
            const auto standard = standard_layout(value);
            const std::string_view text = standard.empty() ? std::string_view(value) : standard;
            m_layout = Layout::compile(text);
            if (m_layout) m_layout_text = text;
        }
    }

    base::Result<void> read() {
        const auto done = plugin::for_each_line(m_file, [this](std::string_view text, std::uint64_t offset, std::uint64_t number) {
            if (text.ends_with('\r')) text.remove_suffix(1);
            if (text.empty() || text.starts_with("#")) return;  // directives of W3C logs
            line(text, offset, number);
        });
        finish(done.has_value());
        return done;
    }

private:
    std::optional<Request> decode(std::string_view text) {
        if (!m_layout || m_missed > k_doubt) {
            auto request = decode_by_form(text);
            if (request || !m_layout) return request;
            return m_layout->decode(text);
        }
        if (auto request = m_layout->decode(text)) {
            ++m_by_layout;
            return request;
        }
        // The layout may have been changed since these lines were written.
        if (m_by_layout == 0) ++m_missed;
        return decode_by_form(text);
    }

    void line(std::string_view text, std::uint64_t offset, std::uint64_t number) {
        auto request = decode(text);
        if (!request) {
            if (m_damaged++ == 0) m_first_damaged = number;
            return;
        }
        if (!request->zone_known) request->time.seconds = m_before = m_clock.to_utc(request->time.seconds, m_before), m_any_local = true;
        if (m_lines++ == 0) m_first = m_last = request->time;
        m_first = std::min(m_first, request->time), m_last = std::max(m_last, request->time);
        m_json = text.starts_with('{');
        m_uses.add(*request, number);
        if (!m_listing.lists(*request, number, offset)) return;
        plugin::Event event;
        event.kind = &event::web_request();
        event.time = request->time, event.precision = request->precision;
        if (!request->zone_known && !m_clock.knows_zone()) event.assumptions = plugin::assumed_zone;
        event.user = request->user.substr(0, 256), event.address = request->address.substr(0, 256);
        event.offset = offset, event.line = number;
        const auto say = [&](std::string_view name, std::string_view value) {
            if (!value.empty()) event.attributes.emplace_back(name, value.substr(0, k_longest_text));
        };
        say("method", request->method), say("url", request->url), say("referer", request->referer), say("agent", request->agent), say("site", request->site);
        if (request->status != 0) event.attributes.emplace_back("status", std::int64_t{request->status});
        if (request->bytes) event.attributes.emplace_back("bytes", *request->bytes);
        m_sink.event(event);
    }

    void finish(bool complete) {
        if (m_damaged > 0)
            m_sink.gap({base::Gap::Level::note, "weblog", "lines of an access log are no requests", m_file.record().path, std::to_string(m_damaged) + ", the first is line " + std::to_string(m_first_damaged)});
        if (m_uses.full()) m_sink.gap({base::Gap::Level::limit, "weblog", "an access log names more scripts and files than are counted", m_file.record().path, ""});
        if (const auto paths = m_uses.with_dropped(); paths > 0)
            m_sink.gap({base::Gap::Level::note, "weblog", "of scripts that very many ask for not every client is told apart", m_file.record().path, std::to_string(paths)});
        if (m_any_local && !m_clock.knows_zone()) m_sink.gap({base::Gap::Level::assumption, "weblog", std::string(m_clock.assumption()), m_file.record().path, ""});
        if (m_lines == 0 && m_damaged > 0) return;
        emit_hours();
        AccessLogFileRow row;
        row.layout = m_by_layout > 0 ? std::string_view(m_layout_text) : m_json ? std::string_view("json") : std::string_view("by form");
        row.lines = m_lines, row.listed = m_listing.listed(), row.damaged = m_damaged, row.complete = complete ? 1 : 0;
        if (m_lines > 0) row.first = m_first, row.last = m_last;
        row.emit(m_sink);
        m_uses.emit(m_sink);
    }

    void emit_hours() {
        if (m_listing.counted() == 0) return;
        m_sink.gap({base::Gap::Level::note, "weblog", "usual requests of an access log are counted by the hour, not listed one by one", m_file.record().path, std::to_string(m_listing.counted()) + " of " + std::to_string(m_lines)});
        for (const auto& [number, hour] : m_listing.hours()) {
            plugin::Event event;
            event.kind = &event::web_traffic();
            event.time = hour.first, event.precision = plugin::Precision::second;
            event.offset = hour.offset, event.line = hour.line;
            event.attributes.emplace_back("requests", hour.requests);
            event.attributes.emplace_back("bytes", hour.bytes);
            m_sink.event(event);
        }
    }

    const plugin::File& m_file;
    plugin::Sink& m_sink;
    std::optional<Layout> m_layout;
    std::string m_layout_text;
    Uses m_uses;
    Listing m_listing;
    content::LocalClock m_clock;
    std::int64_t m_before = std::numeric_limits<std::int64_t>::min();  // the last local time, in UTC
    base::Timestamp m_first, m_last;
    std::int64_t m_lines = 0, m_damaged = 0;
    std::uint64_t m_by_layout = 0, m_missed = 0, m_first_damaged = 0;
    bool m_json = false, m_any_local = false;
};

class AccessLogParser final : public plugin::Parser {
public:
    base::Result<void> prepare(const std::string&) const override {
        content::LocalClock::load_zones();
        return {};
    }
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters& parameters, plugin::Sink& sink) const override { return Reader(file, parameters, sink).read(); }
};

}  // namespace

const plugin::Parser& access_log_parser() {
    static const AccessLogParser parser;
    return parser;
}

}  // namespace deadbox::plugins::weblog
