#include "syslog/transfer_line.hpp"

#include <algorithm>

namespace deadbox::plugins::syslog {
namespace {

bool is_count(std::string_view text) { return !text.empty() && text.size() < 20 && text.find_first_not_of("0123456789") == std::string_view::npos; }

std::string_view first_word(std::string_view& text) {
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    return word;
}
std::string_view last_word(std::string_view& text) {
    const auto space = text.rfind(' ');
    const auto word = space == std::string_view::npos ? text : text.substr(space + 1);
    text = space == std::string_view::npos ? std::string_view() : text.substr(0, space);
    return word;
}
char letter(std::string_view word, std::string_view of) { return word.size() == 1 && of.find(word.front()) != std::string_view::npos ? word.front() : '\0'; }

void trim(std::string_view& text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\r' || text.back() == '\0')) text.remove_suffix(1);
}

}  // namespace

std::optional<Xferlog> decode_xferlog(std::string_view text) {
    trim(text);
    Xferlog x;
    if (!is_count(first_word(text))) return std::nullopt;
    x.host = first_word(text), x.bytes = first_word(text);
    if (x.host.empty() || !is_count(x.bytes)) return std::nullopt;
    // From behind: a name may hold spaces where a server does not replace them.
    const auto status = letter(last_word(text), "ci");
    last_word(text);  // the identity that ident or the server gave
    const auto method = letter(last_word(text), "01");
    x.service = last_word(text), x.user = last_word(text);
    const auto access = letter(last_word(text), "agr"), direction = letter(last_word(text), "oid");
    const auto action = last_word(text), type = last_word(text);
    if (status == 0 || method == 0 || access == 0 || direction == 0 || action.empty() || letter(type, "ab") == 0 || text.empty()) return std::nullopt;
    x.name = text, x.direction = direction, x.complete = status == 'c';
    return x;
}

std::optional<Request> decode_request(std::string_view text) {
    static constexpr std::string_view k_commands[] = {"RETR", "STOR", "STOU", "APPE", "GET", "PUT"};
    trim(text);
    Request r;
    const auto open = text.find(" ["), close = text.find("] \"", open == std::string_view::npos ? 0 : open);
    if (open == std::string_view::npos || close == std::string_view::npos) return std::nullopt;
    auto who = text.substr(0, open);
    r.date = text.substr(open + 2, close - open - 2);
    r.host = first_word(who);
    first_word(who);  // ident's answer
    r.user = who;
    text.remove_prefix(close + 3);
    r.bytes = last_word(text), r.status = last_word(text);
    if (text.empty() || text.back() != '"' || !is_count(r.status)) return std::nullopt;
    text.remove_suffix(1);
    r.command = first_word(text), r.name = text;
    if (r.host.empty() || r.user.empty() || r.name.empty() || r.name.find(" HTTP/") != std::string_view::npos) return std::nullopt;
    if (std::find(std::begin(k_commands), std::end(k_commands), r.command) == std::end(k_commands)) return std::nullopt;
    return r;
}

std::optional<Counted> decode_stats(std::string_view text) {
    trim(text);
    Counted c;
    c.time = first_word(text);
    const auto session = first_word(text);
    c.user = first_word(text), c.host = first_word(text);
    const auto direction = letter(first_word(text), "UD");
    c.bytes = first_word(text);
    const auto seconds = first_word(text);
    if (!is_count(c.time) || session.find('.') == std::string_view::npos || direction == 0 || !is_count(c.bytes) || !is_count(seconds) || text.empty()) return std::nullopt;
    c.name = text, c.given_out = direction == 'D';
    return c;
}

std::optional<Counted> decode_w3c(std::string_view text) {
    trim(text);
    Counted c;
    c.host = first_word(text);
    const auto what = first_word(text);
    if (what != "[]sent" && what != "[]created") return std::nullopt;
    c.name = first_word(text);
    if (!is_count(first_word(text)) || c.name.empty()) return std::nullopt;
    c.user = first_word(text), c.bytes = text, c.given_out = what == "[]sent";
    return c;
}

}  // namespace deadbox::plugins::syslog
