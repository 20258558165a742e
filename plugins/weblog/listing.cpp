#include "weblog/listing.hpp"

#include <algorithm>

#include "weblog/uses.hpp"
#include "weblog/values.hpp"

namespace deadbox::plugins::weblog {
namespace {

constexpr std::int64_t k_whole = 5'000;         // requests of a log that are listed in any case: small logs are whole
constexpr std::size_t k_most_shapes = 100'000;  // of one log; further ones count as rare
constexpr std::size_t k_most_followed = 1'024;
constexpr std::size_t k_longest_shape = 256, k_longest_query = 256;

constexpr std::array<std::string_view, 26> k_static{"css", "js", "mjs", "map", "png", "jpg", "jpeg", "gif", "webp", "avif", "svg", "ico", "bmp",
                                                    "woff", "woff2", "ttf", "eot", "otf", "mp3", "mp4", "webm", "ogg", "m4a", "mov", "txt", "xml"};

bool is_static(std::string_view path) {
    const auto dot = path.rfind('.');
    if (dot == std::string_view::npos || path.size() - dot > 6) return false;
    const auto end = lowered(path.substr(dot + 1));
    return std::find(k_static.begin(), k_static.end(), end) != k_static.end();
}

bool reads(std::string_view method) { return method == "GET" || method == "HEAD" || method == "OPTIONS"; }

std::pair<std::string_view, std::string_view> split_query(std::string_view url) {
    const auto mark = url.find('?');
    return mark == std::string_view::npos ? std::pair(url, std::string_view()) : std::pair(url.substr(0, mark), url.substr(mark + 1));
}

// With %xx undone once, one character after the other.
bool has_odd_character(std::string_view text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        int c = static_cast<unsigned char>(text[at]);
        if (c == '%' && at + 2 < text.size() && hex_digit(text[at + 1]) >= 0 && hex_digit(text[at + 2]) >= 0) c = hex_digit(text[at + 1]) * 16 + hex_digit(text[at + 2]), at += 2;
        if (c < 0x20 || c == 0x7f || c == '\'' || c == '"' || c == '<' || c == '>' || c == '(' || c == ')' || c == '|' || c == '`' || c == '$' || c == '{' || c == '\\') return true;
    }
    return false;
}

bool leaves_folder(std::string_view url) {
    for (; url.size() >= 3; url.remove_prefix(1)) {
        if (url[0] == '.' && url[1] == '.' && (url[2] == '/' || url.substr(2).starts_with("%2"))) return true;
        if (url[0] == '%' && (url.starts_with("%2e%2") || url.starts_with("%2E%2"))) return true;
    }
    return false;
}

bool holds_code(std::string_view header) {
    for (; header.size() >= 2; header.remove_prefix(1)) {
        const char c = header[0];
        if ((c == '$' && header[1] == '{') || (c == '<' && header[1] == '?') || (c == '(' && header.starts_with("() {"))) return true;
    }
    return false;
}

// What a visitor's browser does not send: quotes, brackets, ways out of a folder, zero bytes, code in a header.
bool is_suspicious(const Request& request, std::string_view query) {
    return query.size() > k_longest_query || has_odd_character(query) || leaves_folder(request.url) || holds_code(request.agent) || holds_code(request.referer);
}

}  // namespace

// A page as visitors ask for it: the path and the names of its parameters.
bool Listing::is_rare(const Request& request, std::string_view path, std::string_view query) {
    m_shape.assign(request.site).append(path.substr(0, k_longest_shape));
    for (auto rest = query.substr(0, k_longest_query); !rest.empty();) {
        const auto end = std::min(rest.find('&'), rest.size());
        const auto part = rest.substr(0, end);
        m_shape.append("&").append(part.substr(0, part.find('=')));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    auto found = m_shapes.find(m_shape);
    if (found == m_shapes.end()) {
        if (m_shapes.size() >= k_most_shapes) return true;
        found = m_shapes.emplace(m_shape, Visitors()).first;
    }
    auto& visitors = found->second;
    if (visitors.count > visitors.known.size()) return false;
    const auto hash = static_cast<std::uint32_t>(Hash()(request.address));
    if (std::find(visitors.known.begin(), visitors.known.begin() + visitors.count, hash) != visitors.known.begin() + visitors.count) return true;
    if (visitors.count < visitors.known.size()) visitors.known[visitors.count] = hash;
    return ++visitors.count <= visitors.known.size();
}

bool Listing::stands_out(const Request& request) {
    const bool reading = reads(request.method);
    const auto [path, query] = split_query(request.url);
    const bool suspicious = is_suspicious(request, query);
    // Pictures and styles by themselves are asked for by every page.
    if (!suspicious && reading && query.empty() && is_static(path)) return m_followed.contains(request.address);
    const bool rare = is_rare(request, path, query);
    const bool telling = suspicious || (rare && (!reading || (request.status >= 200 && request.status < 300 && use_kind(path) == UseKind::script)));
    if (telling && m_followed.size() < k_most_followed && !m_followed.contains(request.address)) m_followed.emplace(request.address);
    return rare || telling || m_followed.contains(request.address);
}

bool Listing::lists(const Request& request, std::uint64_t line, std::uint64_t offset) {
    const bool out = stands_out(request);  // also of the first ones, so that what is usual is known then
    if (out || m_listed < k_whole) {
        ++m_listed;
        return true;
    }
    ++m_counted;
    const auto second = request.time.seconds;
    auto& hour = m_hours[second >= 0 ? second / 3600 : (second - 3599) / 3600];
    if (hour.requests++ == 0) hour.first = request.time, hour.line = line, hour.offset = offset;
    if (request.bytes) hour.bytes += std::clamp<std::int64_t>(*request.bytes, 0, std::int64_t{1} << 40);
    return false;
}

}  // namespace deadbox::plugins::weblog
