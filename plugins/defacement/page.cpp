#include "defacement/page.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/percent.hpp"
#include "base/text_set.hpp"

namespace deadbox::plugins::defacement {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t k_most_blocks = 4096, k_most_block = 4096, k_most_scripts = 65536;

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::string lowered(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), lower);
    return out;
}

void append_utf8(std::string& text, std::uint32_t c) {
    if (c < 0x80) text += static_cast<char>(c);
    else if (c < 0x800) text += static_cast<char>(0xc0 | c >> 6), text += static_cast<char>(0x80 | (c & 63));
    else if (c < 0x10000) text += static_cast<char>(0xe0 | c >> 12), text += static_cast<char>(0x80 | (c >> 6 & 63)), text += static_cast<char>(0x80 | (c & 63));
}

// &#72; &#x48; &nbsp; &amp; at `text`; 0 where it is none, else the bytes used.
std::size_t entity(std::string_view text, std::string& out) {
    const auto end = text.substr(0, 12).find(';');
    if (end == std::string_view::npos || end < 2) return 0;
    const auto name = text.substr(1, end - 1);
    if (name[0] == '#') {
        std::uint32_t value = 0;
        const bool hex = name.size() > 1 && (name[1] == 'x' || name[1] == 'X');
        for (std::size_t i = hex ? 2 : 1; i < name.size(); ++i) {
            const char c = lower(name[i]);
            const bool digit = is_digit(c) || (hex && c >= 'a' && c <= 'f');
            if (!digit) return 0;
            value = value * (hex ? 16 : 10) + static_cast<std::uint32_t>(is_digit(c) ? c - '0' : c - 'a' + 10);
        }
        append_utf8(out, value == 0xa0 ? ' ' : value);
    } else if (name == "nbsp") out += ' ';
    else if (name == "amp") out += '&';
    else if (name == "lt") out += '<';
    else if (name == "gt") out += '>';
    else if (name == "quot") out += '"';
    else return 0;
    return end + 1;
}

enum class Tag : std::uint8_t { other, inline_tag, block, heading, title, raw };
struct TagRow {
    std::string_view name;
    Tag tag;
};
constexpr auto k_tags = std::to_array<TagRow>({
    {"title", Tag::title}, {"script", Tag::raw}, {"style", Tag::raw}, {"h1", Tag::heading}, {"h2", Tag::heading}, {"h3", Tag::heading}, {"center", Tag::heading}, {"marquee", Tag::heading},
    {"b", Tag::inline_tag}, {"i", Tag::inline_tag}, {"u", Tag::inline_tag}, {"a", Tag::inline_tag}, {"em", Tag::inline_tag}, {"span", Tag::inline_tag}, {"font", Tag::inline_tag}, {"strong", Tag::inline_tag}, {"small", Tag::inline_tag}, {"big", Tag::inline_tag},
    {"blink", Tag::inline_tag}, {"s", Tag::inline_tag}, {"sup", Tag::inline_tag}, {"sub", Tag::inline_tag}, {"tt", Tag::inline_tag}, {"code", Tag::inline_tag}, {"kbd", Tag::inline_tag}, {"label", Tag::inline_tag}, {"abbr", Tag::inline_tag}, {"glitch", Tag::inline_tag},
});

Tag tag_of(std::string_view name) {
    for (const auto& row : k_tags) {
        if (row.name == name) return row.tag;
    }
    return Tag::block;
}

// Things that show off. One point for each row that is there, in lower-cased bytes.
constexpr auto k_theatrics = std::to_array<std::array<std::string_view, 8>>({
    {"<marquee"}, {"<bgsound", "<audio", "autoplay=1", "<embed", ".mp3", "soundcloud.com/player"}, {"<blink", "blink;", "animation: blink", "animation:blink"},
    {"bgcolor=\"black", "bgcolor=black", "bgcolor=\"#000", "bgcolor=#000", "background:black", "background: black", "background-color:black", "background-color: black"},
    {"background:#000", "background: #000", "background-color:#000", "background-color: #000", "bgcolor='black", "bgcolor='#000", "background:#111", "background: #111"},
    {"color=\"red", "color=red", "color:red", "color: red", "color=\"lime", "color:lime", "color: lime", "color: #00ff00"}, {"color=\"#ff0000", "color:#0f0", "color: #0f0", "color:#00ff00", "color=\"#00ff00", "color=\"green", "color=lime", "color:#f00"},
    {"text-shadow"}, {"oncontextmenu", "ondragstart", "onselectstart"}, {"document.title=", "document.title =", "typewriter", "typing", "matrix", "snowstorm"}, {"alert("},
    {"nosifer", "orbitron", "iceland", "share+tech", "share tech", "audiowide", "frijole", "creepster"}, {"<center"}, {"cursor:url", "cursor: url", "cursor:none", "crosshair"},
});

std::uint32_t theatrics_in(std::string_view low) {
    static const auto k_all = [] {
        std::vector<std::string_view> all;
        for (const auto& row : k_theatrics)
            for (const auto text : row)
                if (!text.empty()) all.push_back(text);
        return all;
    }();
    static const base::TextSet k_set(k_all);
    const auto found = k_set.in(low);
    std::uint32_t points = 0;
    std::size_t at = 0;
    for (const auto& row : k_theatrics) {
        bool any = false;
        for (const auto text : row)
            if (!text.empty()) any |= found[at++];
        points += any;
    }
    return points;
}

}  // namespace

std::string fold(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const char c = text[i];
        if (c == '&') {
            if (const auto used = entity(text.substr(i), out); used != 0) {
                if (!out.empty()) out.back() = lower(out.back());
                i += used;
                continue;
            }
        }
        const auto u = static_cast<unsigned char>(c), next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : 0);
        if (u == 0xd0 && next >= 0x90 && next <= 0x9f) out += c, out += static_cast<char>(next + 0x20), i += 2;       // А..П
        else if (u == 0xd0 && next >= 0xa0 && next <= 0xaf) out += '\xd1', out += static_cast<char>(next - 0x20), i += 2;  // Р..Я
        else if (u == 0xc4 && (next == 0xb0 || next == 0xb1)) out += 'i', i += 2;                                     // İ ı
        else if (u == 0xc2 && next == 0xa0) out += ' ', i += 2;
        else out += is_space(c) || c == 0 ? ' ' : lower(c), ++i;
    }
    std::string single;
    single.reserve(out.size());
    for (const char c : out) {
        if (c != ' ' || (!single.empty() && single.back() != ' ')) single += c;
    }
    while (!single.empty() && single.back() == ' ') single.pop_back();
    return single;
}

std::string unleet(std::string_view folded) {
    std::string out(folded);
    for (std::size_t start = 0; start < out.size();) {
        const auto end = std::min(out.find(' ', start), out.size());
        std::size_t letters = 0;
        for (std::size_t i = start; i < end; ++i) letters += is_letter(out[i]);
        if (letters >= 2) {
            for (std::size_t i = start; i < end; ++i) {
                switch (out[i]) {
                    case '4': case '@': out[i] = 'a'; break;
                    case '3': out[i] = 'e'; break;
                    case '0': out[i] = 'o'; break;
                    case '1': case '!': if (i > start && i + 1 < end) out[i] = 'i'; break;
                    case '5': case '$': out[i] = 's'; break;
                    case '7': out[i] = 't'; break;
                    default: break;
                }
            }
        }
        start = end + 1;
    }
    return out;
}

namespace {

bool is_gap(char c) { return is_space(c) || c == '.' || c == '-' || c == '_' || c == '*' || c == '|'; }

}  // namespace

bool has_letters_apart(std::string_view text) {
    const auto is_sign = [&](std::size_t at) { return is_letter(text[at]) || is_digit(text[at]); };
    for (std::size_t i = 1; i + 5 < text.size(); ++i)
        if (text[i] == text[i + 2] && text[i] == text[i + 4] && is_gap(text[i]) && is_sign(i - 1) && is_sign(i + 1) && is_sign(i + 3) && is_sign(i + 5)) return true;
    return false;
}

std::string unspaced(std::string_view text) {
    constexpr std::size_t k_least = 4;  // letters; A B C is a list
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const bool begins = (is_letter(text[i]) || is_digit(text[i])) && (i == 0 || !(is_letter(text[i - 1]) || is_digit(text[i - 1])));
        std::size_t letters = 0, end = i;
        if (begins) {
            // A letter, the same gap, a letter ..., behind the last of which no other follows at once.
            for (std::size_t at = i; at < text.size() && (is_letter(text[at]) || is_digit(text[at])); at += 2) {
                if (at + 1 < text.size() && (is_letter(text[at + 1]) || is_digit(text[at + 1]))) break;
                ++letters, end = at + 1;
                if (at + 1 >= text.size() || !is_gap(text[at + 1]) || text[at + 1] != text[i + 1]) break;
            }
        }
        if (letters < k_least) {
            out += text[i++];
            continue;
        }
        for (std::size_t at = i; at < end; at += 2) out += text[at];
        i = end;
    }
    return out;
}

namespace {

// unescape("%48%61…") and atob("SGFja2Vk…") hide a page from a glance: one layer is undone where it gives text.
std::string unwrap(std::string_view quoted) {
    if (static_cast<std::size_t>(std::count(quoted.begin(), quoted.end(), '%')) >= 6) return base::percent_decoded(quoted);
    if (quoted.size() < 40) return std::string(quoted);
    std::string out;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : quoted) {
        const int value = c >= 'A' && c <= 'Z' ? c - 'A' : c >= 'a' && c <= 'z' ? c - 'a' + 26 : is_digit(c) ? c - '0' + 52 : c == '+' ? 62 : c == '/' ? 63 : -1;
        if (c == '=') break;
        if (value < 0) return std::string(quoted);
        bits = bits << 6 | static_cast<std::uint32_t>(value), count += 6;
        if (count >= 8) count -= 8, out += static_cast<char>(bits >> count & 0xff);
    }
    const bool text = std::all_of(out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) >= ' ' || is_space(c); });
    return text ? out : std::string(quoted);
}

// What PHP code puts onto the page that does nothing else: echo, print or die with fixed texts, an end, and headers. None
// where anything else is done.
std::optional<std::string> all_that_is_written(std::string_view code) {
    constexpr std::size_t k_most = 65536;
    constexpr std::string_view k_writes[] = {"echo", "print", "die", "exit"}, k_silent[] = {"header", "http_response_code", "error_reporting", "ignore_user_abort", "set_time_limit", "ob_end_clean", "ob_clean"};
    if (code.size() > k_most || !code.starts_with("<?")) return std::nullopt;
    code.remove_prefix(2);
    bool in_echo = false;
    if (code.starts_with("=")) in_echo = true, code.remove_prefix(1);
    else if (lowered(code.substr(0, 3)) == "php") code.remove_prefix(3);
    if (code.ends_with("?>")) code.remove_suffix(2);
    std::string out;
    bool writes = in_echo, silent = false;
    const auto is_name = [](char c) { return is_letter(c) || is_digit(c) || c == '_'; };
    for (std::size_t i = 0; i < code.size();) {
        const char c = code[i];
        if (is_space(c) || c == '(' || c == ')' || c == '@' || c == '.' || c == ',') ++i;
        else if (c == ';') in_echo = silent = false, ++i;
        else if (code.substr(i).starts_with("/*")) i += std::min(code.find("*/", i + 2), code.size() - 2) + 2 - i;
        else if (c == '#' || code.substr(i).starts_with("//")) i = std::min(code.find('\n', i), code.size());
        else if ((c == '"' || c == '\'') && (in_echo || silent)) {
            std::string text;
            for (++i; i < code.size() && code[i] != c; ++i) {
                if (c == '"' && code[i] == '$') return std::nullopt;  // a variable
                if (code[i] == '\\' && i + 1 < code.size()) text += code[++i] == 'n' && c == '"' ? '\n' : code[i];
                else text += code[i];
            }
            if (i < code.size()) ++i;
            if (in_echo) out += text;
        } else if (is_digit(c) && (in_echo || silent)) ++i;
        else if (is_letter(c)) {
            auto end = i;
            while (end < code.size() && is_name(code[end])) ++end;
            const auto word = lowered(code.substr(i, end - i));
            if (in_echo || silent) return std::nullopt;
            if (std::find(std::begin(k_writes), std::end(k_writes), word) != std::end(k_writes)) in_echo = writes = true;
            else if (std::find(std::begin(k_silent), std::end(k_silent), word) != std::end(k_silent)) silent = true;
            else return std::nullopt;
            i = end;
        } else return std::nullopt;
    }
    return writes ? std::optional(out) : std::nullopt;
}

class Scanner {
public:
    explicit Scanner(std::string_view bytes, bool written = false) : m_bytes(bytes), m_written(written) {}

    Page scan() {
        const bool markup = scan_markup();
        m_page.plain = !markup && m_page.code_bytes == 0;
        if (m_page.plain) split_lines();
        const auto low = lowered(m_bytes.substr(0, std::min<std::size_t>(m_bytes.size(), 262144)));
        m_page.theatrics += theatrics_in(low);
        return std::move(m_page);
    }

private:
    // Was there any?
    bool scan_markup() {
        bool markup = false;
        for (std::size_t i = 0; i < m_bytes.size();) {
            const char c = m_bytes[i];
            if (c != '<' || i + 1 >= m_bytes.size()) {
                const auto next = std::min(m_bytes.find('<', i + 1), m_bytes.size());
                add_text(m_bytes.substr(i, next - i));
                i = next;
                continue;
            }
            const auto rest = m_bytes.substr(i);
            if (rest.starts_with("<?") || rest.starts_with("<%")) {
                const auto code_before = m_page.code_bytes;
                i += code(rest);
                markup |= m_page.code_bytes == code_before;  // what a program wrote is no plain text
            }
            else if (rest.starts_with("<!--")) i += length_to(rest, "-->", 4);
            else if (rest[1] == '/' || rest[1] == '!' || is_letter(rest[1])) markup = true, i += tag(rest);
            else add_text(rest.substr(0, 1)), ++i;
        }
        end_block();
        return markup;
    }

    static std::size_t length_to(std::string_view text, std::string_view end, std::size_t from) {
        const auto place = text.find(end, from);
        return place == std::string_view::npos ? text.size() : place + end.size();
    }

    void add_text(std::string_view text) {
        if (m_text.size() < k_most_block) m_text.append(text.substr(0, k_most_block - m_text.size()));
        m_long_words += m_text.size() >= k_most_block ? static_cast<std::uint32_t>(std::count(text.begin(), text.end(), ' ')) : 0;
    }

    // Quoted strings of code: what echo, document.write and typing scripts bring onto the page.
    void add_quoted(std::string_view text) {
        for (std::size_t i = 0; i < text.size() && m_page.scripts.size() < k_most_scripts; ++i) {
            const char quote = text[i];
            if (quote != '"' && quote != '\'' && quote != '`') continue;
            std::size_t end = i + 1;
            while (end < text.size() && text[end] != quote && (quote == '`' || text[end] != '\n')) end += text[end] == '\\' ? 2 : 1;
            end = std::min(end, text.size());
            if (end - i > 4) m_page.scripts += fold(unwrap(text.substr(i + 1, std::min<std::size_t>(end - i - 1, 16384)))) + "\n";
            i = end;
        }
    }

    // What a style writes before or behind its elements stands on the page as its text does.
    void add_styled(std::string_view style) {
        constexpr std::string_view k_property = "content";
        const auto low = lowered(style);
        for (std::size_t at = low.find(k_property); at != std::string::npos; at = low.find(k_property, at + 1)) {
            auto value = at + k_property.size();
            while (value < low.size() && is_space(low[value])) ++value;
            if (value >= low.size() || low[value] != ':') continue;
            ++value;
            while (value < low.size() && is_space(low[value])) ++value;
            if (value >= low.size() || (low[value] != '"' && low[value] != '\'')) continue;
            auto end = value + 1;
            while (end < low.size() && low[end] != low[value] && low[end] != '\n') end += low[end] == '\\' ? 2 : 1;
            end = std::min(end, low.size());
            if (end - value <= 4) continue;  // marks and icons
            end_block();
            add_text(style.substr(value + 1, end - value - 1));
            end_block();
        }
    }

    std::size_t code(std::string_view rest) {
        const auto used = length_to(rest, rest[1] == '?' ? "?>" : "%>", 2);
        // A program that does nothing but write is the page that it writes.
        if (const auto written = m_written ? std::nullopt : all_that_is_written(rest.substr(0, used)); written && !written->empty()) {
            end_block();
            Scanner inner(*written, true);
            inner.m_page = std::move(m_page);
            inner.scan_markup();
            m_page = std::move(inner.m_page);
            return used;
        }
        m_page.code_bytes += static_cast<std::uint32_t>(std::min<std::size_t>(used, 1u << 30));
        if (used <= 8192) add_quoted(rest.substr(0, used));
        return used;
    }

    std::size_t tag(std::string_view rest) {
        std::size_t start = rest[1] == '/' ? 2 : 1, end = start;
        while (end < rest.size() && end < start + 20 && (is_letter(rest[end]) || is_digit(rest[end]))) ++end;
        const auto name = lowered(rest.substr(start, end - start));
        // The tag's end: a '>' outside quotes; a tag that never ends is text.
        std::size_t close = end;
        char quote = 0;
        for (; close < rest.size() && close < 65536; ++close) {
            if (quote != 0) quote = rest[close] == quote ? '\0' : quote;
            else if (rest[close] == '"' || rest[close] == '\'') quote = rest[close];
            else if (rest[close] == '>') break;
        }
        if (close >= rest.size() || rest[close] != '>') {
            close = rest.find('>', end);
            if (close == std::string_view::npos) {
                add_text(rest.substr(0, 1));
                return 1;
            }
        }
        const bool closing = rest[1] == '/';
        const auto attributes = rest.substr(end, close - end);
        const auto kind = tag_of(name);
        if (name == "a" && !closing) {
            ++m_page.links;
            const auto low = lowered(attributes.substr(0, 512));
            m_page.own_links += low.find("href") != std::string::npos && low.find("://") == std::string::npos && low.find("mailto:") == std::string::npos;
        }
        if (!closing && (name == "article" || name == "nav" || name == "footer" || name == "main" || name == "form")) m_page.article = true;
        m_page.images += !closing && name == "img";
        switch (kind) {
            case Tag::inline_tag:
                if (name == "font" && !closing && (attributes.find("size=\"") != std::string_view::npos || attributes.find("size=") != std::string_view::npos)) m_large = true;
                if (name == "big" || name == "blink") m_large = true;
                break;
            case Tag::raw: {
                if (closing) break;
                const auto stop = "</" + name;
                auto body = close + 1;
                auto at = body;
                for (;; at += 2) {
                    at = rest.find("</", at);
                    if (at == std::string_view::npos) {
                        at = rest.size();
                        break;
                    }
                    if (lowered(rest.substr(at, stop.size())) == stop) break;
                }
                if (name == "script") add_quoted(rest.substr(body, std::min<std::size_t>(at - body, 65536)));
                else add_styled(rest.substr(body, std::min<std::size_t>(at - body, 65536)));
                return at;
            }
            case Tag::title:
                end_block();
                m_title = !closing;
                break;
            case Tag::heading:
                end_block();
                m_heading = std::clamp(m_heading + (closing ? -1 : 1), 0, 8);
                break;
            default: end_block(); break;
        }
        return close + 1;
    }

    void end_block() {
        auto text = fold(m_text);
        m_text.clear();
        const auto large = std::exchange(m_large, false);
        if (text.empty()) return;
        Block block;
        block.words = static_cast<std::uint32_t>(std::count(text.begin(), text.end(), ' ')) + 1 + std::exchange(m_long_words, 0);
        block.where = m_title ? Where::title : m_heading > 0 || large ? Where::heading : Where::text;
        if (!m_title) m_page.words += block.words;
        m_page.paragraphs += block.words >= 30;
        block.text = std::move(text);
        if (m_page.blocks.size() < k_most_blocks) m_page.blocks.push_back(std::move(block));
    }

    // Plain text: its lines are its blocks.
    void split_lines() {
        m_page.blocks.clear();
        m_page.words = m_page.paragraphs = 0;
        for (auto rest = m_bytes; !rest.empty() && m_page.blocks.size() < k_most_blocks;) {
            const auto line = rest.substr(0, rest.find('\n'));
            rest.remove_prefix(std::min(rest.size(), line.size() + 1));
            m_text = line.substr(0, k_most_block);
            end_block();
        }
    }

    std::string_view m_bytes;
    bool m_written;  // by a program: there is no program inside
    Page m_page;
    std::string m_text;
    std::uint32_t m_long_words = 0;
    bool m_title = false, m_large = false;
    int m_heading = 0;
};

}  // namespace

Page read_page(std::string_view bytes) { return Scanner(bytes).scan(); }

}  // namespace deadbox::plugins::defacement
