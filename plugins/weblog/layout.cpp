#include "weblog/layout.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "weblog/values.hpp"

namespace deadbox::plugins::weblog {
namespace {

constexpr std::size_t k_most_fields = 64;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

struct Named {
    std::string_view name, definition;
};
constexpr std::array k_standard{
    Named{"common", R"(%h %l %u %t "%r" %>s %O)"},
    Named{"combined", R"(%h %l %u %t "%r" %>s %O "%{Referer}i" "%{User-Agent}i")"},
    Named{"combinedio", R"(%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i" %I %O)"},
    Named{"vhost_combined", R"(%v:%p %h %l %u %t "%r" %>s %O "%{Referer}i" "%{User-Agent}i")"},
    Named{"vhost_common", R"(%v %h %l %u %t "%r" %>s %b)"}};

// Where `literal` stands next at or behind `from`; a quote behind an odd number of backslashes is none.
std::size_t find_literal(std::string_view line, std::string_view literal, std::size_t from) {
    for (;;) {
        const auto at = line.find(literal, from);
        if (at == std::string_view::npos || literal.front() != '"') return at;
        std::size_t slashes = 0;
        while (at > from && slashes < at - from && line[at - 1 - slashes] == '\\') ++slashes;
        if (slashes % 2 == 0) return at;
        from = at + 1;
    }
}

}  // namespace

std::string_view standard_layout(std::string_view name) {
    const auto found = std::find_if(k_standard.begin(), k_standard.end(), [&](const Named& one) { return one.name == name; });
    return found == k_standard.end() ? std::string_view() : found->definition;
}

Layout::Kind Layout::apache_kind(std::string_view directive, std::string_view argument) {
    if (directive == "h" || directive == "a") return Kind::address;
    if (directive == "u") return Kind::user;
    if (directive == "r") return Kind::request;
    if (directive == "m") return Kind::method;
    if (directive == "U") return Kind::url;
    if (directive == "q") return Kind::query;
    if (directive == "s") return Kind::status;
    if (directive == "b" || directive == "B" || directive == "O") return Kind::bytes;
    if (directive == "v" || directive == "V") return Kind::site;
    if (directive == "t") {
        if (argument.empty()) return Kind::clock;
        if (argument == "sec") return Kind::seconds;
        if (argument == "msec") return Kind::milliseconds;
        if (argument == "usec") return Kind::microseconds;
        if (argument.starts_with("%d/%b/%Y:%H:%M:%S")) return Kind::clock;
        return argument.starts_with("%Y-%m-%dT%H:%M:%S") || argument.starts_with("%FT%T") ? Kind::rfc3339 : Kind::other;
    }
    if (directive == "i") {
        const auto header = lowered(argument);
        if (header == "referer") return Kind::referer;
        if (header == "user-agent") return Kind::agent;
        if (header == "x-forwarded-for" || header == "x-real-ip" || header == "cf-connecting-ip") return Kind::forwarded;
        if (header == "host") return Kind::site;
    }
    return Kind::other;
}

Layout::Kind Layout::nginx_kind(std::string_view variable) {
    struct Row {
        std::string_view name;
        Kind kind;
    };
    static constexpr std::array k_rows{
        Row{"remote_addr", Kind::address}, Row{"realip_remote_addr", Kind::address}, Row{"http_x_forwarded_for", Kind::forwarded}, Row{"http_x_real_ip", Kind::forwarded},
        Row{"remote_user", Kind::user}, Row{"time_local", Kind::clock}, Row{"time_iso8601", Kind::rfc3339}, Row{"msec", Kind::seconds}, Row{"request", Kind::request},
        Row{"request_method", Kind::method}, Row{"request_uri", Kind::url}, Row{"uri", Kind::url}, Row{"args", Kind::query}, Row{"query_string", Kind::query},
        Row{"status", Kind::status}, Row{"body_bytes_sent", Kind::bytes}, Row{"bytes_sent", Kind::bytes}, Row{"http_referer", Kind::referer},
        Row{"http_user_agent", Kind::agent}, Row{"host", Kind::site}, Row{"http_host", Kind::site}, Row{"server_name", Kind::site}};
    const auto found = std::find_if(k_rows.begin(), k_rows.end(), [&](const Row& row) { return row.name == variable; });
    return found == k_rows.end() ? Kind::other : found->kind;
}

std::optional<Layout> Layout::compile(std::string_view text) {
    Layout layout;
    std::string literal;
    const bool nginx = text.find('$') != std::string_view::npos && text.find("%h") == std::string_view::npos;
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at++];
        if (c == '\\' && at < text.size()) {
            const char next = text[at++];
            literal += next == 't' ? '\t' : next == 'n' ? '\n' : next;
            continue;
        }
        Field field;
        if (nginx && c == '$') {
            const bool braces = at < text.size() && text[at] == '{';
            const auto begin = at + (braces ? 1 : 0);
            auto end = begin;
            while (end < text.size() && (is_letter(text[end]) || text[end] == '_' || (text[end] >= '0' && text[end] <= '9'))) ++end;
            field.kind = nginx_kind(text.substr(begin, end - begin));
            at = end + (braces && end < text.size() ? 1 : 0);
        } else if (!nginx && c == '%' && at < text.size() && text[at] != '%') {
            std::string_view argument;
            while (at < text.size() && !is_letter(text[at])) {
                if (text[at++] != '{') continue;  // < > ! and lists of statuses
                const auto close = text.find('}', at);
                if (close == std::string_view::npos) return std::nullopt;
                argument = text.substr(at, close - at);
                at = close + 1;
            }
            if (at >= text.size()) return std::nullopt;
            field.kind = apache_kind(text.substr(at, 1), argument);
            ++at;
        } else {
            literal += c;
            if (!nginx && c == '%' && at < text.size()) ++at;
            continue;
        }
        if (layout.m_fields.size() >= k_most_fields) return std::nullopt;
        // Two fields without anything between them cannot be told apart, but for a path and its query.
        if (literal.empty() && !layout.m_fields.empty()) {
            if (field.kind == Kind::query && layout.m_fields.back().kind == Kind::url) continue;
            return std::nullopt;
        }
        field.before = std::exchange(literal, {});
        layout.m_fields.push_back(std::move(field));
    }
    layout.m_after = std::move(literal);
    const auto has = [&](std::initializer_list<Kind> kinds) {
        return std::any_of(layout.m_fields.begin(), layout.m_fields.end(), [&](const Field& field) { return std::find(kinds.begin(), kinds.end(), field.kind) != kinds.end(); });
    };
    if (!has({Kind::clock, Kind::rfc3339, Kind::seconds, Kind::milliseconds, Kind::microseconds}) || !has({Kind::request, Kind::url})) return std::nullopt;
    return layout;
}

bool Layout::take(Kind kind, std::string_view value, Request& request) {
    if (value == "-") value = {};
    switch (kind) {
        case Kind::address: request.address = request.address.empty() ? value : request.address; break;
        case Kind::forwarded:  // the client, where a proxy stands in front; a list has it first
            if (const auto first = value.substr(0, value.find(',')); is_address(first)) request.address = first;
            break;
        case Kind::user: request.user = value; break;
        case Kind::clock: return clock_time(value, request);
        case Kind::rfc3339: return rfc3339_time(value, request);
        case Kind::seconds: return epoch_time(value, 1, request);
        case Kind::milliseconds: return epoch_time(value, 1'000, request);
        case Kind::microseconds: return epoch_time(value, 1'000'000, request);
        case Kind::request: take_request(value, request); break;
        case Kind::method: request.method = value; break;
        case Kind::url: request.url = value; break;
        case Kind::status: request.status = static_cast<int>(digits(value).value_or(0) % 1000); break;
        case Kind::bytes: request.bytes = digits(value); break;
        case Kind::referer: request.referer = value; break;
        case Kind::agent: request.agent = value; break;
        case Kind::site: request.site = value; break;
        case Kind::query:
        case Kind::other: break;
    }
    return true;
}

std::optional<Request> Layout::decode(std::string_view line) const {
    Request request;
    std::size_t at = 0;
    for (std::size_t i = 0; i < m_fields.size(); ++i) {
        const auto& field = m_fields[i];
        if (!line.substr(at).starts_with(field.before)) return std::nullopt;
        at += field.before.size();
        const std::string_view behind = i + 1 < m_fields.size() ? std::string_view(m_fields[i + 1].before) : std::string_view(m_after);
        std::size_t end = behind.empty() ? line.size() : std::string_view::npos;
        // A bracketed time has blanks inside; so has nginx's bare one.
        if (field.kind == Kind::clock) end = at + clock_length(line.substr(at));
        else if (!behind.empty()) end = find_literal(line, behind, at);
        if (end == std::string_view::npos || end > line.size()) return std::nullopt;
        if (!take(field.kind, line.substr(at, end - at), request)) return std::nullopt;
        at = end;
    }
    if (!line.substr(at).starts_with(m_after)) return std::nullopt;
    return request;
}

}  // namespace deadbox::plugins::weblog
