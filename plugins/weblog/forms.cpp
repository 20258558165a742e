// Lines whose layout no configuration gives.
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "weblog/values.hpp"

namespace deadbox::plugins::weblog {
namespace {

struct Token {
    enum class Kind : std::uint8_t { bare, quoted, bracketed } kind = Kind::bare;
    std::string_view text;
};
constexpr std::size_t k_most_tokens = 64;

// Where a text in quotes that begins at `from` ends; the line's end where it does not.
std::size_t quote_end(std::string_view line, std::size_t from) {
    const auto quote = std::min(line.find('"', from), line.size());
    if (line.substr(from, quote - from).find('\\') == std::string_view::npos) return quote;
    auto end = from;
    while (end < line.size() && line[end] != '"') end += line[end] == '\\' ? 2u : 1u;
    return std::min(end, line.size());
}

bool parts_words(char c) { return c == ' ' || c == '\t' || c == '|'; }

// Words between blanks; "..." with escaped quotes inside, [...] for times.
void take_tokens(std::string_view line, std::vector<Token>& tokens) {
    tokens.clear();
    for (std::size_t at = 0; at < line.size() && tokens.size() < k_most_tokens;) {
        if (parts_words(line[at])) {
            ++at;
        } else if (line[at] == '"') {
            const auto end = quote_end(line, at + 1);
            tokens.push_back({Token::Kind::quoted, line.substr(at + 1, end - at - 1)});
            at = end + 1;
        } else if (line[at] == '[' && line.find(']', at) != std::string_view::npos) {
            const auto end = line.find(']', at);
            tokens.push_back({Token::Kind::bracketed, line.substr(at + 1, end - at - 1)});
            at = end + 1;
        } else {
            auto end = at + 1;
            while (end < line.size() && !parts_words(line[end])) ++end;
            tokens.push_back({Token::Kind::bare, line.substr(at, end - at)});
            at = end;
        }
    }
}

bool is_status(std::string_view text) { return text.size() == 3 && text[0] >= '1' && text[0] <= '5' && digits(text).has_value(); }

bool looks_like_request(const Asked& asked) {
    return !asked.method.empty() && (asked.url.starts_with('/') || asked.url.starts_with("http") || asked.url == "*" || asked.method == "CONNECT");
}

std::string_view without_port(std::string_view host) {
    const auto colon = host.rfind(':');
    return colon != std::string_view::npos && host.find(':') == colon && digits(host.substr(colon + 1)) ? host.substr(0, colon) : host;
}

// The client, the name of the site where it stands in front, and who logged in: what stands before the time.
void take_head(const std::vector<Token>& tokens, std::size_t time, Request& request) {
    std::size_t address = time;
    for (std::size_t i = 0; i < time && address == time; ++i)
        if (is_address(tokens[i].text)) address = i;
    if (address == time) address = 0;  // a host's name
    if (address >= time) return;
    request.address = tokens[address].text;
    if (address > 0 && tokens[address - 1].text.find('.') != std::string_view::npos) request.site = without_port(tokens[address - 1].text);
    if (time >= address + 2 && tokens[time - 1].text != "-") request.user = tokens[time - 1].text;
}

// A text or number of a JSON object, by the first of its names that is there.
std::string text_of(const nlohmann::json& object, std::initializer_list<const char*> names) {
    for (const char* name : names) {
        const auto found = object.find(name);
        if (found == object.end()) continue;
        if (found->is_string()) return found->get<std::string>();
        if (found->is_number()) return found->dump();
        if (found->is_array() && !found->empty() && found->front().is_string()) return found->front().get<std::string>();  // Caddy's headers
    }
    return {};
}

bool any_time(std::string_view text, Request& request) {
    if (clock_length(text) == text.size() && !text.empty()) return clock_time(text, request);
    if (rfc3339_time(text, request)) return true;
    const auto whole = digits(text.substr(0, text.find('.')));
    if (!whole) return false;
    return epoch_time(text, *whole > 100'000'000'000'000 ? 1'000'000 : *whole > 100'000'000'000 ? 1'000 : 1, request);
}

}  // namespace

std::optional<Request> decode_by_form(std::string_view line) {
    if (line.starts_with('{')) return decode_json(line);
    static thread_local std::vector<Token> tokens;  // kept from line to line
    take_tokens(line, tokens);
    Request request;
    Asked asked_for;
    std::size_t time = tokens.size(), asked = tokens.size();
    for (std::size_t i = 0; i < tokens.size() && time == tokens.size(); ++i) {
        const auto text = tokens[i].text;
        if ((clock_length(text) == text.size() && !text.empty() && clock_time(text, request)) || (text.size() > 19 && rfc3339_time(text, request))) time = i;
    }
    for (std::size_t i = 0; i < tokens.size() && asked == tokens.size(); ++i)
        if (tokens[i].kind == Token::Kind::quoted) {
            asked_for = split_request(tokens[i].text);
            if (looks_like_request(asked_for) || (i > time && i + 1 < tokens.size() && is_status(tokens[i + 1].text))) asked = i;
        }
    if (time == tokens.size() || asked == tokens.size()) return std::nullopt;
    take_head(tokens, std::min(time, asked), request);
    request.method = asked_for.method, request.url = asked_for.url;
    std::size_t at = asked + 1;
    while (at < tokens.size() && !is_status(tokens[at].text)) ++at;
    if (at >= tokens.size()) return std::nullopt;
    request.status = static_cast<int>(*digits(tokens[at].text));
    if (++at < tokens.size() && (tokens[at].text == "-" || digits(tokens[at].text))) request.bytes = digits(tokens[at++].text);
    // A page it came from, then the program.
    std::array<std::string_view, 2> quoted;
    std::size_t count = 0;
    for (; at < tokens.size() && count < quoted.size(); ++at)
        if (tokens[at].kind == Token::Kind::quoted) quoted[count++] = tokens[at].text == "-" ? std::string_view() : tokens[at].text;
    if (count == 2) request.referer = quoted[0], request.agent = quoted[1];
    else if (count == 1 && !quoted[0].starts_with("http")) request.agent = quoted[0];
    return request;
}

std::optional<Request> decode_json(std::string_view line) {
    const auto object = nlohmann::json::parse(line, nullptr, false);
    if (!object.is_object()) return std::nullopt;
    const auto inner = object.find("request");
    const auto& asked = inner != object.end() && inner->is_object() ? *inner : object;
    const auto headers = asked.find("headers");
    Request request;
    request.own.reserve(8);  // views into it stay good
    const auto keep = [&](std::string text) -> std::string_view { return request.own.emplace_back(std::move(text)); };
    if (!any_time(text_of(object, {"ts", "time", "time_iso8601", "@timestamp", "timestamp", "time_local", "StartUTC", "msec", "date"}), request)) return std::nullopt;
    request.address = keep(text_of(asked, {"client_ip", "remote_ip", "remote_addr", "ClientHost", "client", "ip", "clientip", "remoteAddr", "http_x_forwarded_for"}));
    request.method = keep(text_of(asked, {"method", "request_method", "RequestMethod", "verb"}));
    request.url = keep(text_of(asked, {"uri", "request_uri", "RequestPath", "url", "path", "request"}));
    if (request.method.empty()) take_request(request.url, request);
    request.site = keep(text_of(asked, {"host", "http_host", "server_name", "RequestHost", "vhost"}));
    request.user = keep(text_of(object, {"user_id", "remote_user", "user", "ClientUsername"}));
    request.agent = keep(headers != asked.end() && headers->is_object() ? text_of(*headers, {"User-Agent", "user-agent"}) : text_of(asked, {"http_user_agent", "user_agent", "agent", "userAgent"}));
    request.referer = keep(headers != asked.end() && headers->is_object() ? text_of(*headers, {"Referer", "referer"}) : text_of(asked, {"http_referer", "referer", "referrer"}));
    request.status = static_cast<int>(digits(text_of(object, {"status", "DownstreamStatus", "status_code", "response"})).value_or(0) % 1000);
    request.bytes = digits(text_of(object, {"size", "body_bytes_sent", "bytes_sent", "DownstreamContentSize", "bytes", "length"}));
    if (request.url.empty() || request.status == 0) return std::nullopt;
    for (auto* view : {&request.user, &request.referer, &request.agent, &request.site})
        if (*view == "-") *view = {};
    return request;
}

}  // namespace deadbox::plugins::weblog
