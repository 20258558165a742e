// One line of an access log, by the layout that the web server's configuration gives it:
//   Apache   %h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"
//   nginx    $remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent ...
//   JSON     an object a line (Caddy, and nginx with such a layout)
// Where the layout is not known the line's own form tells it: a bracketed time, the request in quotes, behind it a status
// and a length.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/timestamp.hpp"
#include "plugin/sink.hpp"

namespace deadbox::plugins::weblog {

// Views into the line, or into `own` where text had to be made. "" is what the log does not say.
struct Request {
    std::string_view address, user, method, url, site, referer, agent;
    base::Timestamp time;
    plugin::Precision precision = plugin::Precision::second;
    bool zone_known = true;
    int status = 0;  // 0: not said
    std::optional<std::int64_t> bytes;
    std::vector<std::string> own;
};

class Layout {
public:
    // Nothing where the text has no time, or neither a request nor its parts.
    static std::optional<Layout> compile(std::string_view definition);
    std::optional<Request> decode(std::string_view line) const;

private:
    enum class Kind : std::uint8_t { other, address, forwarded, user, clock, rfc3339, seconds, milliseconds, microseconds, request, method, url, query, status, bytes, referer, agent, site };
    struct Field {
        Kind kind = Kind::other;
        std::string before;  // literal text in front of it
    };
    static Kind apache_kind(std::string_view directive, std::string_view argument);
    static Kind nginx_kind(std::string_view variable);
    static bool take(Kind kind, std::string_view value, Request& request);
    std::vector<Field> m_fields;
    std::string m_after;  // literal text behind the last field
};

// "combined", "common" and the other names that servers define themselves; "" for others.
std::string_view standard_layout(std::string_view name);
std::optional<Request> decode_by_form(std::string_view line);
std::optional<Request> decode_json(std::string_view line);

}  // namespace deadbox::plugins::weblog
