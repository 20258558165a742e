// PHP's pure functions, as far as scripts use them to put hidden code together.
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <unordered_set>

#include "webshell/php_value.hpp"
#include "webshell/php_syntax.hpp"

namespace deadbox::plugins::webshell::php {
namespace {

constexpr std::size_t k_longest_result = 8u << 20;
using Args = std::vector<Value>;

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }
std::string in_small_letters(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), lower);
    return text;
}

std::optional<std::string> base64(std::string_view text) {
    static const auto table = [] {
        std::array<std::int8_t, 256> t{};
        t.fill(-1);
        const std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for (std::size_t i = 0; i < 64; ++i) t[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int8_t>(i);
        return t;
    }();
    std::string out;
    out.reserve(text.size() / 4 * 3 + 3);
    std::uint32_t value = 0;
    int bits = 0;
    for (const char c : text) {
        const auto six = table[static_cast<unsigned char>(c)];
        if (six < 0) continue;
        value = value << 6 | static_cast<std::uint32_t>(six);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            out += static_cast<char>(value >> bits & 0xff);
        }
    }
    return out;
}

std::string to_base64(std::string_view in) {
    static constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < in.size(); i += 3) {
        std::uint32_t v = static_cast<std::uint32_t>(static_cast<unsigned char>(in[i])) << 16;
        if (i + 1 < in.size()) v |= static_cast<std::uint32_t>(static_cast<unsigned char>(in[i + 1])) << 8;
        if (i + 2 < in.size()) v |= static_cast<unsigned char>(in[i + 2]);
        out += alphabet[v >> 18];
        out += alphabet[v >> 12 & 63];
        out += i + 1 < in.size() ? alphabet[v >> 6 & 63] : '=';
        out += i + 2 < in.size() ? alphabet[v & 63] : '=';
    }
    return out;
}

// window: -15 raw deflate, 15 zlib, 31 gzip
std::optional<std::string> inflated(std::string_view in, int window) {
    z_stream stream{};
    if (inflateInit2(&stream, window) != Z_OK) return std::nullopt;
    std::string out;
    std::array<char, 32768> buffer;
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    stream.avail_in = static_cast<uInt>(std::min<std::size_t>(in.size(), 1u << 30));
    int result = Z_OK;
    while (result == Z_OK && out.size() < k_longest_result) {
        stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
        stream.avail_out = buffer.size();
        result = inflate(&stream, Z_NO_FLUSH);
        out.append(buffer.data(), buffer.size() - stream.avail_out);
        if (result == Z_BUF_ERROR) break;
    }
    inflateEnd(&stream);
    // A damaged end (a collection's copy that lost bytes) still shows its beginning.
    if (out.empty()) return std::nullopt;
    return out;
}

std::string uudecoded(std::string_view in) {
    std::string out;
    std::size_t i = 0;
    while (i < in.size()) {
        const int length = (in[i] - 32) & 63;
        if (length == 0 || in[i] == '\n') { if (in[i] == '\n') { ++i; continue; } break; }
        ++i;
        int made = 0;
        while (made < length && i + 3 < in.size() + 3 && i < in.size()) {
            unsigned v[4]{};
            for (int k = 0; k < 4; ++k) v[k] = i < in.size() ? static_cast<unsigned>((in[i++] - 32) & 63) : 0;
            const unsigned char bytes[3] = {static_cast<unsigned char>(v[0] << 2 | v[1] >> 4), static_cast<unsigned char>(v[1] << 4 | v[2] >> 2), static_cast<unsigned char>(v[2] << 6 | v[3])};
            for (int k = 0; k < 3 && made < length; ++k, ++made) out += static_cast<char>(bytes[k]);
        }
        while (i < in.size() && in[i] != '\n') ++i;
        ++i;
    }
    return out;
}

std::string url_decoded(std::string_view in, bool plus) {
    std::string out;
    for (std::size_t i = 0; i < in.size(); ++i) {
        if (in[i] == '%' && i + 2 < in.size() && hex_value(in[i + 1]) >= 0 && hex_value(in[i + 2]) >= 0) {
            out += static_cast<char>(hex_value(in[i + 1]) * 16 + hex_value(in[i + 2]));
            i += 2;
        } else out += plus && in[i] == '+' ? ' ' : in[i];
    }
    return out;
}

std::string entities_decoded(std::string_view in) {
    std::string out;
    for (std::size_t i = 0; i < in.size(); ++i) {
        if (in[i] == '&') {
            const auto end = in.find(';', i);
            if (end != in.npos && end - i < 10) {
                const auto name = in.substr(i + 1, end - i - 1);
                int code = -1;
                if (name == "lt") code = '<';
                else if (name == "gt") code = '>';
                else if (name == "amp") code = '&';
                else if (name == "quot") code = '"';
                else if (name == "apos") code = '\'';
                else if (name.size() > 1 && name[0] == '#') {
                    const bool hex = lower(name[1]) == 'x';
                    code = 0;
                    for (const char c : name.substr(hex ? 2 : 1)) {
                        const int digit = hex_value(c);
                        if (digit < 0 || (!hex && digit > 9)) { code = -1; break; }
                        code = code * (hex ? 16 : 10) + digit;
                    }
                }
                if (code >= 0 && code < 256) { out += static_cast<char>(code); i = end; continue; }
            }
        }
        out += in[i];
    }
    return out;
}

std::string hex_decoded(std::string_view in) {
    std::string out;
    for (std::size_t i = 0; i + 1 < in.size(); i += 2) {
        const int a = hex_value(in[i]), b = hex_value(in[i + 1]);
        if (a < 0 || b < 0) break;
        out += static_cast<char>(a * 16 + b);
    }
    return out;
}

void replace_all(std::string& text, const std::string& from, const std::string& to, bool any_case) {
    if (from.empty()) return;
    std::string out;
    const std::string folded = any_case ? in_small_letters(text) : std::string();
    const std::string needle = any_case ? in_small_letters(from) : from;
    const std::string& where = any_case ? folded : text;
    std::size_t at = 0;
    for (;;) {
        const auto hit = where.find(needle, at);
        if (hit == where.npos || out.size() > k_longest_result) break;
        out.append(text, at, hit - at);
        out += to;
        at = hit + needle.size();
    }
    out.append(text, at);
    text = std::move(out);
}

std::optional<std::string> substring(const std::string& text, std::int64_t start, std::optional<std::int64_t> length) {
    const auto size = static_cast<std::int64_t>(text.size());
    if (start < 0) start = std::max<std::int64_t>(0, size + start);
    if (start > size) return std::string();
    std::int64_t end = size;
    if (length) end = *length < 0 ? size + *length : (*length > size - start ? size : start + *length);
    if (end <= start) return std::string();
    return text.substr(static_cast<std::size_t>(start), static_cast<std::size_t>(end - start));
}

std::string formatted(const std::string& format, const std::vector<Value>& values, bool& ok) {
    std::string out;
    std::size_t used = 0;
    for (std::size_t i = 0; i < format.size() && out.size() < k_longest_result; ++i) {
        if (format[i] != '%') { out += format[i]; continue; }
        if (++i >= format.size()) break;
        if (format[i] == '%') { out += '%'; continue; }
        std::size_t number = 0, digits = i;
        while (digits < format.size() && format[digits] >= '0' && format[digits] <= '9' && number < 10000) number = number * 10 + static_cast<std::size_t>(format[digits++] - '0');
        std::size_t which = used;
        if (digits < format.size() && format[digits] == '$' && number > 0) { which = number - 1; i = digits + 1; }
        char pad = ' ';
        bool left = false;
        while (i < format.size() && (format[i] == '0' || format[i] == '-' || format[i] == '+' || format[i] == ' ' || format[i] == '\'')) {
            if (format[i] == '0') pad = '0';
            if (format[i] == '-') left = true;
            if (format[i] == '\'' && i + 1 < format.size()) pad = format[++i];
            ++i;
        }
        std::size_t width = 0;
        while (i < format.size() && format[i] >= '0' && format[i] <= '9' && width < 10000) width = width * 10 + static_cast<std::size_t>(format[i++] - '0');
        std::optional<std::size_t> precision;
        if (i < format.size() && format[i] == '.') { precision = 0; ++i; while (i < format.size() && format[i] >= '0' && format[i] <= '9' && *precision < 10000) precision = *precision * 10 + static_cast<std::size_t>(format[i++] - '0'); }
        if (i >= format.size()) break;
        if (which == used) ++used;
        if (which >= values.size()) { ok = false; return out; }
        const auto& v = values[which];
        std::string piece;
        char buffer[64];
        switch (format[i]) {
            case 's': piece = v.to_text().value_or(""); if (precision && *precision < piece.size()) piece.resize(*precision); break;
            case 'd': case 'i': case 'u': piece = std::to_string(v.to_integer().value_or(0)); break;
            case 'c': piece = std::string(1, static_cast<char>(v.to_integer().value_or(0))); break;
            case 'x': case 'X': case 'o':
                std::snprintf(buffer, sizeof buffer, format[i] == 'x' ? "%llx" : format[i] == 'X' ? "%llX" : "%llo", static_cast<unsigned long long>(v.to_integer().value_or(0)));
                piece = buffer;
                break;
            case 'b': { auto n = static_cast<std::uint64_t>(v.to_integer().value_or(0)); do piece.insert(piece.begin(), static_cast<char>('0' + (n & 1))); while (n >>= 1); break; }
            case 'f': case 'F': std::snprintf(buffer, sizeof buffer, "%.*f", static_cast<int>(std::min<std::size_t>(precision.value_or(6), 20)), std::clamp(v.to_real().value_or(0), -1e30, 1e30)); piece = buffer; break;
            default: ok = false; return out;
        }
        while (piece.size() < width) left ? piece.push_back(' ') : static_cast<void>(piece.insert(piece.begin(), pad));
        out += piece;
    }
    return out;
}

// Everything a function of constants needs.
struct Call {
    const Args& a;
    std::string_view self;
    bool known = true;
    std::size_t count() const { return a.size(); }
    std::string text(std::size_t i) {
        if (i >= a.size()) return {};
        auto t = a[i].to_text();
        if (!t) { known = false; return {}; }
        return std::move(*t);
    }
    std::int64_t number(std::size_t i, std::int64_t otherwise = 0) {
        if (i >= a.size()) return otherwise;
        const auto n = a[i].to_integer();
        if (!n) { known = false; return otherwise; }
        return *n;
    }
    const ArrayData* array(std::size_t i) {
        if (i < a.size() && a[i].type == Type::array && !a[i].array().incomplete) return &a[i].array();
        known = false;
        return nullptr;
    }
};
using Function = std::optional<Value> (*)(Call&);

Value text_value(std::string text) { return Value::of(std::move(text)); }
std::optional<Value> maybe(std::optional<std::string> text) {
    if (!text) return std::nullopt;
    return Value::of(std::move(*text));
}
std::string trimmed(std::string text, std::string set, bool left, bool right) {
    if (set.empty()) set = std::string(" \n\r\t\v\0", 6);
    std::string expanded;
    for (std::size_t i = 0; i < set.size(); ++i)
        if (i + 3 < set.size() && set[i + 1] == '.' && set[i + 2] == '.') {
            for (int c = static_cast<unsigned char>(set[i]); c <= static_cast<unsigned char>(set[i + 3]); ++c) expanded += static_cast<char>(c);
            i += 3;
        } else expanded += set[i];
    if (left) text.erase(0, std::min(text.find_first_not_of(expanded), text.size()));
    if (right) { const auto last = text.find_last_not_of(expanded); text.erase(last == text.npos ? 0 : last + 1); }
    return text;
}
Value strings(const std::vector<std::string>& all) {
    Value list = Value::list();
    for (const auto& one : all) list.array().append() = Value::of(one);
    return list;
}
std::string escaped_slashes(const std::string& s) {
    std::string out;
    for (const char c : s) { if (c == '\'' || c == '"' || c == '\\') out += '\\'; out += c; }
    return out;
}
Value from_range(Call& c) {
    Value list = Value::list();
    const auto first = c.text(0), last = c.text(1);
    const auto step = std::max<std::int64_t>(1, std::abs(c.number(2, 1)));
    const bool letters = first.size() == 1 && last.size() == 1 && !(first[0] >= '0' && first[0] <= '9') ;
    std::int64_t a = letters ? static_cast<unsigned char>(first[0]) : c.number(0), b = letters ? static_cast<unsigned char>(last[0]) : c.number(1);
    for (int guard = 0; guard < 5000 && (a <= b || guard > 0); ++guard) {
        list.array().append() = letters ? Value::of(std::string(1, static_cast<char>(a))) : Value::of(a);
        if (a == b) break;
        if (a < b) { a += step; if (a > b) break; }
    }
    if (list.array().items.empty())
        for (int guard = 0; guard < 5000 && a >= b; ++guard, a -= step) list.array().append() = letters ? Value::of(std::string(1, static_cast<char>(a))) : Value::of(a);
    return list;
}
std::optional<Value> replaced(Call& c, bool any_case) {
    if (c.count() < 3 || (c.a[2].type == Type::array)) return std::nullopt;
    auto text = c.text(2);
    if (c.a[0].type == Type::array) {
        std::size_t i = 0;
        for (const auto& [key, from] : c.a[0].array().items) {
            std::string to;
            if (c.a[1].type == Type::array) { if (i < c.a[1].array().items.size()) to = c.a[1].array().items[i].second.to_text().value_or(""); }
            else to = c.text(1);
            ++i;
            replace_all(text, from.to_text().value_or(""), to, any_case);
            if (i > 2000) break;
        }
    } else replace_all(text, c.text(0), c.text(1), any_case);
    return text_value(std::move(text));
}
std::optional<Value> translated(Call& c) {
    auto text = c.text(0);
    if (c.count() == 2) {
        const auto* map = c.array(1);
        if (!map || map->items.size() > 4096) return std::nullopt;
        std::string out;
        for (std::size_t i = 0; i < text.size();) {
            const std::pair<std::string, Value>* best = nullptr;
            for (const auto& item : map->items)
                if (!item.first.empty() && text.compare(i, item.first.size(), item.first) == 0 && (!best || item.first.size() > best->first.size())) best = &item;
            if (best) { out += best->second.to_text().value_or(""); i += best->first.size(); }
            else out += text[i++];
            if (map->items.size() * i > 50'000'000) return std::nullopt;
        }
        return text_value(std::move(out));
    }
    const auto from = c.text(1), to = c.text(2);
    std::array<char, 256> map{};
    for (int i = 0; i < 256; ++i) map[static_cast<std::size_t>(i)] = static_cast<char>(i);
    for (std::size_t i = 0; i < std::min(from.size(), to.size()); ++i) map[static_cast<unsigned char>(from[i])] = to[i];
    for (auto& ch : text) ch = map[static_cast<unsigned char>(ch)];
    return text_value(std::move(text));
}
std::optional<Value> packed(Call& c) {
    const auto format = c.text(0);
    std::string out;
    std::size_t argument = 1;
    for (std::size_t i = 0; i < format.size();) {
        const char code = format[i++];
        std::string repeat;
        while (i < format.size() && (format[i] == '*' || (format[i] >= '0' && format[i] <= '9')) && repeat.size() < 6) repeat += format[i++];
        if (code == 'H' || code == 'h') {
            auto hex = c.text(argument++);
            if (code == 'h') for (std::size_t k = 0; k + 1 < hex.size(); k += 2) std::swap(hex[k], hex[k + 1]);
            if (hex.size() % 2) hex += '0';
            out += hex_decoded(hex);
        } else if (code == 'C' || code == 'c') {
            std::size_t times = repeat.find('*') != repeat.npos ? c.count() : repeat.empty() ? 1 : static_cast<std::size_t>(std::stoul(repeat));
            while (times-- > 0 && argument < c.count()) out += static_cast<char>(c.number(argument++));
        } else if (code == 'a' || code == 'A') out += c.text(argument++);
        else if (code == 'n') { const auto v = c.number(argument++); out += static_cast<char>(v >> 8); out += static_cast<char>(v); }
        else if (code == 'v') { const auto v = c.number(argument++); out += static_cast<char>(v); out += static_cast<char>(v >> 8); }
        else if (code == 'N') { const auto v = c.number(argument++); for (int s = 24; s >= 0; s -= 8) out += static_cast<char>(v >> s); }
        else if (code == 'V') { const auto v = c.number(argument++); for (int s = 0; s < 32; s += 8) out += static_cast<char>(v >> s); }
        else return std::nullopt;
    }
    return text_value(std::move(out));
}
std::string in_base(std::uint64_t value, unsigned base) {
    std::string out;
    do out.insert(out.begin(), "0123456789abcdefghijklmnopqrstuvwxyz"[value % base]); while (value /= base);
    return out;
}
std::uint64_t from_base(std::string_view text, unsigned base) {
    std::uint64_t value = 0;
    for (char ch : text) {
        ch = lower(ch);
        const unsigned digit = ch >= '0' && ch <= '9' ? static_cast<unsigned>(ch - '0') : ch >= 'a' && ch <= 'z' ? static_cast<unsigned>(ch - 'a' + 10) : 99;
        if (digit < base) value = value * base + digit;
    }
    return value;
}
std::optional<Value> exploded(Call& c) {
    const auto by = c.text(0), text = c.text(1);
    if (by.empty()) return std::nullopt;
    const auto limit = c.number(2, INT64_MAX);
    std::vector<std::string> parts;
    std::size_t at = 0;
    for (;;) {
        const auto hit = text.find(by, at);
        if (hit == text.npos || static_cast<std::int64_t>(parts.size()) + 1 >= limit || parts.size() > 200000) break;
        parts.push_back(text.substr(at, hit - at));
        at = hit + by.size();
    }
    parts.push_back(text.substr(at));
    return strings(parts);
}
std::optional<Value> imploded(Call& c) {
    std::size_t list = 0;
    std::string by;
    if (c.count() > 1) {
        if (c.a[0].type == Type::array) by = c.text(1);
        else { by = c.text(0); list = 1; }
    }
    const auto* array = c.array(list);
    if (!array) return std::nullopt;
    std::string out;
    bool first = true;
    for (const auto& [key, item] : array->items) {
        const auto piece = item.to_text();
        if (!piece) return std::nullopt;
        if (!first) out += by;
        first = false;
        out += *piece;
        if (out.size() > k_longest_result) return std::nullopt;
    }
    return text_value(std::move(out));
}
template <class Keep>
std::optional<Value> kept(Call& c, Keep keep) {
    const auto* array = c.array(0);
    if (!array) return std::nullopt;
    Value out = Value::list();
    for (const auto& [key, item] : array->items) if (keep(key, item)) out.array().at(key) = item;
    return out;
}
bool holds(const ArrayData& array, const Value& item) {
    const auto text = item.to_text();
    return text && std::any_of(array.items.begin(), array.items.end(), [&](const auto& other) { return other.second.to_text() == text; });
}

const std::unordered_map<std::string_view, Function>& functions() {
    static const std::unordered_map<std::string_view, Function> all{
        {"base64_decode", [](Call& c) { return maybe(base64(c.text(0))); }},
        {"base64_encode", [](Call& c) { return maybe(to_base64(c.text(0))); }},
        {"gzinflate", [](Call& c) { return maybe(inflated(c.text(0), -15)); }},
        {"gzuncompress", [](Call& c) { return maybe(inflated(c.text(0), 15)); }},
        {"zlib_decode", [](Call& c) { return maybe(inflated(c.text(0), 47)); }},
        {"gzdecode", [](Call& c) { return maybe(inflated(c.text(0), 31)); }},
        {"convert_uudecode", [](Call& c) { return maybe(uudecoded(c.text(0))); }},
        {"hex2bin", [](Call& c) { return maybe(hex_decoded(c.text(0))); }},
        {"bin2hex", [](Call& c) { std::string out; for (const char ch : c.text(0)) { out += "0123456789abcdef"[static_cast<unsigned char>(ch) >> 4]; out += "0123456789abcdef"[ch & 15]; } return maybe(std::move(out)); }},
        {"pack", packed},
        {"urldecode", [](Call& c) { return maybe(url_decoded(c.text(0), true)); }},
        {"rawurldecode", [](Call& c) { return maybe(url_decoded(c.text(0), false)); }},
        {"html_entity_decode", [](Call& c) { return maybe(entities_decoded(c.text(0))); }},
        {"htmlspecialchars_decode", [](Call& c) { return maybe(entities_decoded(c.text(0))); }},
        {"str_rot13", [](Call& c) { auto t = c.text(0); for (auto& ch : t) { const char l = lower(ch); if (l >= 'a' && l <= 'z') ch = static_cast<char>(l < 'n' ? ch + 13 : ch - 13); } return maybe(std::move(t)); }},
        {"strrev", [](Call& c) { auto t = c.text(0); std::reverse(t.begin(), t.end()); return maybe(std::move(t)); }},
        {"chr", [](Call& c) { return maybe(std::string(1, static_cast<char>(c.number(0) & 0xff))); }},
        {"ord", [](Call& c) { const auto t = c.text(0); return std::optional(Value::of(std::int64_t{t.empty() ? 0 : static_cast<unsigned char>(t[0])})); }},
        {"strlen", [](Call& c) { return std::optional(Value::of(static_cast<std::int64_t>(c.text(0).size()))); }},
        {"strtolower", [](Call& c) { return maybe(in_small_letters(c.text(0))); }},
        {"strtoupper", [](Call& c) { auto t = c.text(0); std::transform(t.begin(), t.end(), t.begin(), upper); return maybe(std::move(t)); }},
        {"ucfirst", [](Call& c) { auto t = c.text(0); if (!t.empty()) t[0] = upper(t[0]); return maybe(std::move(t)); }},
        {"lcfirst", [](Call& c) { auto t = c.text(0); if (!t.empty()) t[0] = lower(t[0]); return maybe(std::move(t)); }},
        {"ucwords", [](Call& c) { auto t = c.text(0); for (std::size_t i = 0; i < t.size(); ++i) if (i == 0 || t[i - 1] == ' ') t[i] = upper(t[i]); return maybe(std::move(t)); }},
        {"trim", [](Call& c) { return maybe(trimmed(c.text(0), c.text(1), true, true)); }},
        {"ltrim", [](Call& c) { return maybe(trimmed(c.text(0), c.text(1), true, false)); }},
        {"rtrim", [](Call& c) { return maybe(trimmed(c.text(0), c.text(1), false, true)); }},
        {"chop", [](Call& c) { return maybe(trimmed(c.text(0), c.text(1), false, true)); }},
        {"substr", [](Call& c) { return maybe(substring(c.text(0), c.number(1), c.count() > 2 && c.a[2].type != Type::null ? std::optional(c.number(2)) : std::nullopt)); }},
        {"mb_substr", [](Call& c) { return maybe(substring(c.text(0), c.number(1), c.count() > 2 && c.a[2].type != Type::null ? std::optional(c.number(2)) : std::nullopt)); }},
        {"strstr", [](Call& c) { const auto t = c.text(0); const auto hit = t.find(c.text(1)); if (hit == t.npos) return std::optional(Value::of(false)); return maybe(c.number(2) ? t.substr(0, hit) : t.substr(hit)); }},
        {"strpos", [](Call& c) { const auto t = c.text(0); const auto hit = t.find(c.text(1), static_cast<std::size_t>(std::max<std::int64_t>(0, c.number(2)))); return std::optional(hit == t.npos ? Value::of(false) : Value::of(static_cast<std::int64_t>(hit))); }},
        {"strrpos", [](Call& c) { const auto t = c.text(0); const auto hit = t.rfind(c.text(1)); return std::optional(hit == t.npos ? Value::of(false) : Value::of(static_cast<std::int64_t>(hit))); }},
        {"stripos", [](Call& c) { const auto t = in_small_letters(c.text(0)); const auto hit = t.find(in_small_letters(c.text(1))); return std::optional(hit == t.npos ? Value::of(false) : Value::of(static_cast<std::int64_t>(hit))); }},
        {"substr_count", [](Call& c) { const auto t = c.text(0), n = c.text(1); std::int64_t count = 0; if (!n.empty()) for (auto at = t.find(n); at != t.npos; at = t.find(n, at + n.size())) ++count; return std::optional(Value::of(count)); }},
        {"substr_replace", [](Call& c) { auto t = c.text(0); auto from = c.number(2); const auto size = static_cast<std::int64_t>(t.size()); if (from < 0) from = std::max<std::int64_t>(0, size + from); from = std::min(from, size); auto n = c.number(3, size); if (n < 0) n = std::max<std::int64_t>(0, size + n - from); n = std::min(n, size - from); t.replace(static_cast<std::size_t>(from), static_cast<std::size_t>(n), c.text(1)); return maybe(std::move(t)); }},
        {"str_replace", [](Call& c) { return replaced(c, false); }},
        {"str_ireplace", [](Call& c) { return replaced(c, true); }},
        {"ereg_replace", [](Call& c) -> std::optional<Value> { if (c.text(0).empty() || c.text(0).find_first_of("\\^$.[]|()?*+{}") != std::string::npos || c.text(1).find('\\') != std::string::npos) return std::nullopt; auto t = c.text(2); replace_all(t, c.text(0), c.text(1), false); return text_value(std::move(t)); }},
        {"strtr", translated},
        {"stripslashes", [](Call& c) { const auto t = c.text(0); std::string out; for (std::size_t i = 0; i < t.size(); ++i) { if (t[i] == '\\' && i + 1 < t.size()) ++i; out += t[i]; } return maybe(std::move(out)); }},
        {"stripcslashes", [](Call& c) { LexicalFacts none; return maybe(unescaped(c.text(0), '"', none)); }},
        {"addslashes", [](Call& c) { return maybe(escaped_slashes(c.text(0))); }},
        {"str_repeat", [](Call& c) -> std::optional<Value> { const auto t = c.text(0); const auto n = c.number(1); if (n < 0 || static_cast<std::uint64_t>(n) > k_longest_result || t.size() * static_cast<std::uint64_t>(n) > k_longest_result) return std::nullopt; std::string out; for (std::int64_t i = 0; i < n; ++i) out += t; return text_value(std::move(out)); }},
        {"str_pad", [](Call& c) { auto t = c.text(0); const auto n = std::clamp<std::int64_t>(c.number(1), 0, 65536); auto fill = c.text(2); if (fill.empty()) fill = " "; const bool left = c.number(3, 1) == 0; std::size_t k = 0; std::string add; while (static_cast<std::int64_t>(t.size() + add.size()) < n) add += fill[k++ % fill.size()]; return maybe(left ? add + t : t + add); }},
        {"sprintf", [](Call& c) -> std::optional<Value> { bool ok = true; auto out = formatted(c.text(0), Args(c.a.begin() + std::min<std::ptrdiff_t>(1, static_cast<std::ptrdiff_t>(c.a.size())), c.a.end()), ok); if (!ok) return std::nullopt; return text_value(std::move(out)); }},
        {"vsprintf", [](Call& c) -> std::optional<Value> { const auto* list = c.array(1); if (!list) return std::nullopt; Args all; for (const auto& [k, v] : list->items) all.push_back(v); bool ok = true; auto out = formatted(c.text(0), all, ok); if (!ok) return std::nullopt; return text_value(std::move(out)); }},
        {"implode", imploded}, {"join", imploded}, {"explode", exploded},
        {"str_split", [](Call& c) -> std::optional<Value> { const auto t = c.text(0); const auto n = static_cast<std::size_t>(std::max<std::int64_t>(1, c.number(1, 1))); if (t.size() / n > 200000) return std::nullopt; std::vector<std::string> parts; for (std::size_t i = 0; i < t.size(); i += n) parts.push_back(t.substr(i, n)); if (parts.empty()) parts.emplace_back(); return strings(parts); }},
        {"chunk_split", [](Call& c) { const auto t = c.text(0); const auto n = static_cast<std::size_t>(std::max<std::int64_t>(1, c.number(1, 76))); const auto end = c.count() > 2 ? c.text(2) : "\r\n"; std::string out; for (std::size_t i = 0; i < t.size() && out.size() < k_longest_result; i += n) out += t.substr(i, n) + end; return maybe(std::move(out)); }},
        {"dechex", [](Call& c) { return maybe(in_base(static_cast<std::uint64_t>(c.number(0)), 16)); }},
        {"decbin", [](Call& c) { return maybe(in_base(static_cast<std::uint64_t>(c.number(0)), 2)); }},
        {"decoct", [](Call& c) { return maybe(in_base(static_cast<std::uint64_t>(c.number(0)), 8)); }},
        {"hexdec", [](Call& c) { return std::optional(Value::of(static_cast<std::int64_t>(from_base(c.text(0), 16)))); }},
        {"bindec", [](Call& c) { return std::optional(Value::of(static_cast<std::int64_t>(from_base(c.text(0), 2)))); }},
        {"octdec", [](Call& c) { return std::optional(Value::of(static_cast<std::int64_t>(from_base(c.text(0), 8)))); }},
        {"base_convert", [](Call& c) { const auto from = std::clamp<std::int64_t>(c.number(1), 2, 36), to = std::clamp<std::int64_t>(c.number(2), 2, 36); return maybe(in_base(from_base(c.text(0), static_cast<unsigned>(from)), static_cast<unsigned>(to))); }},
        {"intval", [](Call& c) { if (c.count() > 1) return std::optional(Value::of(static_cast<std::int64_t>(from_base(c.text(0), static_cast<unsigned>(std::clamp<std::int64_t>(c.number(1), 2, 36)))))); return std::optional(Value::of(c.number(0))); }},
        {"strval", [](Call& c) { return maybe(c.text(0)); }},
        {"floor", [](Call& c) { return std::optional(Value::of(std::floor(c.a.empty() ? 0.0 : c.a[0].to_real().value_or(0)))); }},
        {"ceil", [](Call& c) { return std::optional(Value::of(std::ceil(c.a.empty() ? 0.0 : c.a[0].to_real().value_or(0)))); }},
        {"round", [](Call& c) { return std::optional(Value::of(std::round(c.a.empty() ? 0.0 : c.a[0].to_real().value_or(0)))); }},
        {"abs", [](Call& c) { const auto n = c.number(0); return std::optional(Value::of(n == INT64_MIN ? n : std::abs(n))); }},
        {"sqrt", [](Call& c) { return std::optional(Value::of(std::sqrt(std::fabs(c.a.empty() ? 0.0 : c.a[0].to_real().value_or(0))))); }},
        {"pow", [](Call& c) -> std::optional<Value> { if (c.count() < 2) return std::nullopt; return binary(op("**"), c.a[0], c.a[1]); }},
        {"max", [](Call& c) { return std::optional(Value::of(std::max(c.number(0), c.number(1)))); }},
        {"min", [](Call& c) { return std::optional(Value::of(std::min(c.number(0), c.number(1)))); }},
        {"range", [](Call& c) { return std::optional(from_range(c)); }},
        {"count", [](Call& c) -> std::optional<Value> { const auto* list = c.array(0); if (!list) return std::nullopt; return Value::of(static_cast<std::int64_t>(list->items.size())); }},
        {"sizeof", [](Call& c) -> std::optional<Value> { const auto* list = c.array(0); if (!list) return std::nullopt; return Value::of(static_cast<std::int64_t>(list->items.size())); }},
        {"array_reverse", [](Call& c) -> std::optional<Value> { const auto* list = c.array(0); if (!list) return std::nullopt; Value out = Value::list(); for (auto i = list->items.rbegin(); i != list->items.rend(); ++i) out.array().append() = i->second; return out; }},
        {"array_values", [](Call& c) -> std::optional<Value> { const auto* list = c.array(0); if (!list) return std::nullopt; Value out = Value::list(); for (const auto& [k, v] : list->items) out.array().append() = v; return out; }},
        {"array_keys", [](Call& c) -> std::optional<Value> { const auto* list = c.array(0); if (!list) return std::nullopt; Value out = Value::list(); for (const auto& [k, v] : list->items) out.array().append() = Value::of(k); return out; }},
        {"array_flip", [](Call& c) -> std::optional<Value> { const auto* list = c.array(0); if (!list) return std::nullopt; Value out = Value::list(); for (const auto& [k, v] : list->items) out.array().at(v.to_text().value_or("")) = Value::of(k); return out; }},
        {"array_merge", [](Call& c) -> std::optional<Value> { Value out = Value::list(); for (std::size_t i = 0; i < c.count(); ++i) { const auto* list = c.array(i); if (!list) return std::nullopt; for (const auto& [k, v] : list->items) { if (!k.empty() && k.find_first_not_of("0123456789") == k.npos) out.array().append() = v; else out.array().at(k) = v; } } return out; }},
        {"array_combine", [](Call& c) -> std::optional<Value> { const auto *k = c.array(0), *v = c.array(1); if (!k || !v) return std::nullopt; Value out = Value::list(); for (std::size_t i = 0; i < std::min(k->items.size(), v->items.size()); ++i) out.array().at(k->items[i].second.to_text().value_or("")) = v->items[i].second; return out; }},
        {"array_slice", [](Call& c) -> std::optional<Value> { const auto* list = c.array(0); if (!list) return std::nullopt; const auto size = static_cast<std::int64_t>(list->items.size()); auto from = c.number(1); if (from < 0) from = std::max<std::int64_t>(0, size + from); auto n = c.number(2, size); if (n < 0) n = std::max<std::int64_t>(0, size + n - from); Value out = Value::list(); for (auto i = from; i < size && n-- > 0; ++i) out.array().append() = list->items[static_cast<std::size_t>(i)].second; return out; }},
        {"array_diff", [](Call& c) -> std::optional<Value> { const auto* other = c.array(1); if (!other) return std::nullopt; return kept(c, [&](const auto&, const Value& v) { return !holds(*other, v); }); }},
        {"array_intersect", [](Call& c) -> std::optional<Value> { const auto* other = c.array(1); if (!other) return std::nullopt; return kept(c, [&](const auto&, const Value& v) { return holds(*other, v); }); }},
        {"array_diff_key", [](Call& c) -> std::optional<Value> { const auto* other = c.array(1); if (!other) return std::nullopt; return kept(c, [&](const std::string& k, const Value&) { return !other->find(k); }); }},
        {"array_unique", [](Call& c) -> std::optional<Value> { Value seen = Value::list(); return kept(c, [&](const auto&, const Value& v) { auto& place = seen.array().at(v.to_text().value_or("")); if (place.is_known()) return false; place = Value::of(true); return true; }); }},
        {"array_fill", [](Call& c) -> std::optional<Value> { const auto n = c.number(1); if (n < 0 || n > 4096 || c.count() < 3) return std::nullopt; Value out = Value::list(); for (std::int64_t i = 0; i < n; ++i) out.array().at(std::to_string(c.number(0) + i)) = c.a[2]; return out; }},
        {"array_sum", [](Call& c) -> std::optional<Value> { const auto* list = c.array(0); if (!list) return std::nullopt; std::int64_t sum = 0; for (const auto& [k, v] : list->items) sum += v.to_integer().value_or(0) % (std::int64_t{1} << 40); return Value::of(sum); }},
        {"in_array", [](Call& c) -> std::optional<Value> { const auto* list = c.array(1); if (!list || c.a[0].type == Type::unknown) return std::nullopt; return Value::of(holds(*list, c.a[0])); }},
        {"array_search", [](Call& c) -> std::optional<Value> { const auto* list = c.array(1); if (!list) return std::nullopt; const auto t = c.text(0); for (const auto& [k, v] : list->items) if (v.to_text() == t) return Value::of(k); return Value::of(false); }},
        {"array_key_exists", [](Call& c) -> std::optional<Value> { const auto* list = c.array(1); if (!list) return std::nullopt; return Value::of(list->find(c.text(0)) != nullptr); }},
        {"strcmp", [](Call& c) { const int r = c.text(0).compare(c.text(1)); return std::optional(Value::of(std::int64_t{r < 0 ? -1 : r > 0 ? 1 : 0})); }},
        {"crc32", [](Call& c) { const auto t = c.text(0); return std::optional(Value::of(static_cast<std::int64_t>(crc32(0, reinterpret_cast<const Bytef*>(t.data()), static_cast<uInt>(t.size()))))); }},
        {"is_string", [](Call& c) -> std::optional<Value> { if (c.a.empty() || !c.a[0].is_known()) return std::nullopt; return Value::of(c.a[0].type == Type::string); }},
        {"is_array", [](Call& c) -> std::optional<Value> { if (c.a.empty() || !c.a[0].is_known()) return std::nullopt; return Value::of(c.a[0].type == Type::array); }},
        {"basename", [](Call& c) { auto t = c.text(0); while (t.size() > 1 && t.back() == '/') t.pop_back(); const auto slash = t.rfind('/'); if (slash != t.npos) t.erase(0, slash + 1); const auto suffix = c.text(1); if (!suffix.empty() && t.size() > suffix.size() && t.ends_with(suffix)) t.resize(t.size() - suffix.size()); return maybe(std::move(t)); }},
        {"dirname", [](Call& c) { auto t = c.text(0); const auto slash = t.rfind('/'); return maybe(slash == t.npos ? std::string(".") : t.substr(0, slash)); }},
        {"ctype_digit", [](Call& c) { const auto t = c.text(0); return std::optional(Value::of(!t.empty() && t.find_first_not_of("0123456789") == t.npos)); }},
        {"json_decode", [](Call& c) -> std::optional<Value> { const auto t = c.text(0); if (t.size() > 1 && t.front() == '"' && t.back() == '"') { LexicalFacts none; return text_value(unescaped(t.substr(1, t.size() - 2), '"', none)); } return std::nullopt; }},
        {"preg_quote", [](Call& c) { return maybe(c.text(0)); }},
        {"nl2br", [](Call& c) { return maybe(c.text(0)); }},
        {"utf8_decode", [](Call& c) { return maybe(c.text(0)); }},
        {"utf8_encode", [](Call& c) { return maybe(c.text(0)); }},
        {"htmlspecialchars", [](Call& c) { return maybe(c.text(0)); }},
        {"money_format", [](Call& c) { return maybe(c.text(0)); }},
        {"array_shift_value", nullptr},
    };
    return all;
}

}  // namespace

bool is_decoder(std::string_view f) {
    static const std::unordered_set<std::string_view> all{"base64_decode", "gzinflate", "gzuncompress", "gzdecode", "zlib_decode", "convert_uudecode", "hex2bin", "pack", "urldecode", "rawurldecode",
        "html_entity_decode", "htmlspecialchars_decode", "str_rot13", "strrev", "chr", "strtr", "openssl_decrypt", "mcrypt_decrypt", "bzdecompress", "convert_uuencode", "array_diff", "base_convert"};
    return all.contains(f);
}

bool is_sanitizer(std::string_view f) {
    static const std::unordered_set<std::string_view> all{"intval", "floatval", "doubleval", "boolval", "count", "sizeof", "strlen", "mb_strlen", "md5", "sha1", "crc32", "hash", "hash_hmac", "md5_file", "sha1_file",
        "is_array", "is_string", "is_numeric", "is_int", "is_integer", "is_dir", "is_file", "is_readable", "is_writable", "is_writeable", "is_object", "is_null", "is_bool", "is_callable", "is_resource", "is_executable", "is_link",
        "file_exists", "function_exists", "method_exists", "class_exists", "in_array", "array_key_exists", "key_exists", "isset", "preg_match", "preg_match_all", "ereg", "eregi", "strpos", "stripos", "strrpos", "strcmp", "strcasecmp", "strncmp", "strncasecmp",
        "substr_count", "ctype_digit", "ctype_alpha", "ctype_alnum", "checkdate", "time", "mktime", "strtotime", "date", "gmdate", "number_format", "round", "floor", "ceil", "abs", "escapeshellarg", "escapeshellcmd",
        "password_hash", "password_verify", "crypt", "random_bytes", "filesize", "filemtime", "fileperms", "fileowner", "filegroup", "disk_free_space", "disk_total_space", "uniqid", "rand", "mt_rand", "microtime",
        "levenshtein", "similar_text", "soundex", "metaphone", "spl_object_hash", "gettype", "get_class", "filter_has_var", "session_id", "setcookie", "header", "define", "ini_set", "array_sum", "array_product", "array_search", "str_contains", "str_starts_with", "str_ends_with", "ip2long", "inet_pton", "long2ip", "is_uploaded_file", "error_log", "trigger_error", "var_dump", "ctype_xdigit", "version_compare", "memory_get_usage", "wp_verify_nonce", "absint", "sanitize_key", "sanitize_file_name", "wp_create_nonce", "fnmatch", "touch", "mysql_num_rows", "imagecreatefromstring", "getimagesize", "exif_imagetype"};
    return all.contains(f);
}

std::optional<Value> fold(std::string_view function, const Args& arguments, std::string_view self) {
    const auto found = functions().find(function);
    if (found == functions().end() || !found->second) return std::nullopt;
    Taint taint = 0;
    std::uint8_t layers = 0;
    bool unknown = false;
    for (const auto& a : arguments) {
        taint = merged(taint, deep_taint(a));
        layers = std::max(layers, a.layers);
        unknown |= !a.is_known();
        if (a.type == Type::array)
            for (const auto& [key, item] : a.array().items) unknown |= !item.is_known(), layers = std::max(layers, item.layers);
    }
    // strtr($path, '\\', '/'): a letter or two that are exchanged hide nothing.
    const bool exchanges = function == "strtr" && arguments.size() == 3 && arguments[1].is_text() && arguments[1].text().size() <= 2;
    const bool decoder = is_decoder(function) && !exchanges;
    if (decoder) taint |= k_decoded;
    const auto lost = [&] {
        if (is_sanitizer(function)) return Value::unknown();
        Taint kept = taint;
        // Text around the request's part may come from a constant: its beginning is no longer sure, but stays likely.
        if (decoder || taint & k_request) kept |= 0;
        auto v = Value::unknown(kept);
        v.layers = static_cast<std::uint8_t>(std::min(layers + decoder, 200));
        if (!(kept & (k_request | k_remote | k_file)) && std::any_of(arguments.begin(), arguments.end(), [](const Value& a) { return a.is_text() && a.text().size() > 100; })) v.taint |= k_hidden;
        return v;
    };
    if (unknown && function == "sprintf" && !arguments.empty() && arguments[0].is_text() && arguments[0].text().size() < 4096) {
        const auto& format = arguments[0].text();
        Value out = Value::of(std::string());
        std::size_t which = 1, from = 0;
        for (std::size_t i = 0; i + 1 < format.size(); ++i) {
            if (format[i] != '%') continue;
            out = concatenate(out, Value::of(format.substr(from, i - from)));
            if (format[i + 1] == '%') out = concatenate(out, Value::of(std::string("%")));
            else {
                // "%s", "%1$s", "%'.10d": which argument, how it is filled up, as what it is written.
                auto at = i + 1;
                std::size_t number = 0, digits = at;
                while (digits < format.size() && digits < at + 4 && format[digits] >= '0' && format[digits] <= '9') number = number * 10 + static_cast<std::size_t>(format[digits++] - '0');
                const bool numbered = digits < format.size() && format[digits] == '$' && number > 0;
                if (numbered) at = digits + 1;
                while (at < format.size() && std::string_view("0123456789.+- '").find(format[at]) != std::string_view::npos) at += format[at] == '\'' ? 2 : 1;
                const auto place = numbered ? number : which++;
                const char kind = at < format.size() ? format[at] : 's';
                if (place < arguments.size()) out = concatenate(out, std::string_view("diuxXobeEfFgG").find(kind) == std::string_view::npos || arguments[place].is_known() ? arguments[place] : Value());
                i = std::min(at, format.size() - 1) - 1;
            }
            from = ++i + 1;
        }
        if (from < format.size()) out = concatenate(out, Value::of(format.substr(from)));
        return out;
    }
    if (unknown && function != "count" && function != "sizeof" && function != "array_key_exists" && function != "array_keys" && function != "array_values" && function != "array_merge" && function != "array_reverse" && function != "array_slice" && function != "array_combine" && function != "array_flip") return lost();
    Call call{arguments, self};
    auto result = found->second(call);
    if (!result || !call.known) return lost();
    if (is_sanitizer(function)) taint = 0;
    if (result->type == Type::array) {
        result->taint |= taint & static_cast<Taint>(~k_whole);
        if (function == "explode" || function == "str_split") for (auto& [key, item] : result->array().items) item.taint |= static_cast<Taint>(taint | k_built), item.layers = layers;
    } else {
        result->taint |= static_cast<Taint>(taint | (result->type == Type::string ? k_built : 0));
        result->layers = static_cast<std::uint8_t>(std::min(layers + decoder, 200));
    }
    return result;
}

}  // namespace deadbox::plugins::webshell::php
