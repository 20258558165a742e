#include "webshell/php_value.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace deadbox::plugins::webshell::php {
namespace {
constexpr std::size_t k_longest = 8u << 20;

// The number at the start of a text, as PHP's arithmetic takes it.
std::optional<double> leading_number(std::string_view text, bool& whole) {
    std::size_t i = 0;
    while (i < text.size() && (text[i] == ' ' || text[i] == '\t' || text[i] == '\n' || text[i] == '\r')) ++i;
    std::string digits;
    whole = true;
    if (i < text.size() && (text[i] == '-' || text[i] == '+')) digits += text[i++];
    bool any = false;
    while (i < text.size() && digits.size() < 40 && text[i] >= '0' && text[i] <= '9') digits += text[i++], any = true;
    if (i < text.size() && text[i] == '.') {
        std::string fraction(1, '.');
        auto j = i + 1;
        while (j < text.size() && fraction.size() < 40 && text[j] >= '0' && text[j] <= '9') fraction += text[j++];
        if (fraction.size() > 1) digits += fraction, i = j, whole = false, any = true;
    }
    if (any && i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
        auto j = i + 1;
        std::string exponent(1, 'e');
        if (j < text.size() && (text[j] == '-' || text[j] == '+')) exponent += text[j++];
        const auto before = exponent.size();
        while (j < text.size() && exponent.size() < 6 && text[j] >= '0' && text[j] <= '9') exponent += text[j++];
        if (exponent.size() > before) digits += exponent, whole = false;
    }
    if (!any) return std::nullopt;
    return std::strtod(digits.c_str(), nullptr);
}

std::int64_t saturate(double value) {
    if (!(value > -9.2e18 && value < 9.2e18)) return 0;
    return static_cast<std::int64_t>(value);
}
}  // namespace

Value Value::of(std::string text, Taint taint, std::uint8_t layers) {
    Value v;
    v.type = Type::string;
    v.taint = taint;
    v.layers = layers;
    v.data = std::make_shared<StringData>(std::move(text));
    return v;
}

Value Value::list() {
    Value v;
    v.type = Type::array;
    v.data = std::make_shared<ArrayData>();
    return v;
}

ArrayData& Value::own_array() {
    if (data.use_count() > 1) data = std::make_shared<ArrayData>(array());
    return array();
}

const Value* ArrayData::find(const std::string& key) const {
    if (items.size() > 8) {
        const auto found = index.find(key);
        return found == index.end() ? nullptr : &items[found->second].second;
    }
    for (const auto& [name, value] : items) if (name == key) return &value;
    return nullptr;
}

Value& ArrayData::at(const std::string& key) {
    if (auto* there = const_cast<Value*>(find(key))) return *there;
    items.emplace_back(key, Value());
    if (items.size() == 9) for (std::uint32_t i = 0; i < 9; ++i) index.emplace(items[i].first, i);
    else if (items.size() > 9) index.emplace(key, static_cast<std::uint32_t>(items.size() - 1));
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), number);
    if (error == std::errc() && end == key.data() + key.size() && number >= next && number < INT64_MAX) next = number + 1;
    return items.back().second;
}

Value& ArrayData::append() { return at(std::to_string(next)); }

void ArrayData::erase(const std::string& key) {
    for (std::size_t i = 0; i < items.size(); ++i)
        if (items[i].first == key) {
            items.erase(items.begin() + static_cast<std::ptrdiff_t>(i));
            index.clear();
            if (items.size() > 8) for (std::uint32_t j = 0; j < items.size(); ++j) index.emplace(items[j].first, j);
            return;
        }
}

std::optional<bool> Value::truth() const {
    switch (type) {
        case Type::null: return false;
        case Type::boolean: case Type::integer: return integer != 0;
        case Type::real: return real != 0;
        case Type::string: return !(text().empty() || text() == "0");
        case Type::array: if (array().incomplete) return std::nullopt; return !array().items.empty();
        case Type::object: case Type::closure: return true;
        default: return std::nullopt;
    }
}

std::optional<std::string> Value::to_text() const {
    switch (type) {
        case Type::null: return "";
        case Type::boolean: return integer ? "1" : "";
        case Type::integer: return std::to_string(integer);
        case Type::real: {
            if (std::isnan(real)) return "NAN";
            if (std::isinf(real)) return real > 0 ? "INF" : "-INF";
            char buffer[64];
            std::snprintf(buffer, sizeof buffer, "%.14G", real);
            return std::string(buffer);
        }
        case Type::string: return text();
        case Type::array: return "Array";
        default: return std::nullopt;
    }
}

std::optional<double> Value::to_real() const {
    switch (type) {
        case Type::null: return 0;
        case Type::boolean: case Type::integer: return static_cast<double>(integer);
        case Type::real: return real;
        case Type::string: { bool whole = false; return leading_number(text(), whole).value_or(0); }
        default: return std::nullopt;
    }
}

std::optional<std::int64_t> Value::to_integer() const {
    switch (type) {
        case Type::null: return 0;
        case Type::boolean: case Type::integer: return integer;
        case Type::real: return saturate(real);
        case Type::string: { bool whole = false; return saturate(leading_number(text(), whole).value_or(0)); }
        default: return std::nullopt;
    }
}

Taint deep_taint(const Value& value, int budget) {
    Taint taint = value.taint;
    if (value.type == Type::array) {
        taint = merged(taint, value.array().rest);
        for (const auto& [key, item] : value.array().items) {
            if (--budget < 0) break;
            taint = merged(taint, item.type == Type::array ? deep_taint(item, budget / 4) : item.taint);
        }
    } else if (value.type == Type::object) taint = merged(taint, value.object().taint);
    return taint;
}

bool is_script_name(std::string_view path) {
    static constexpr std::array<std::string_view, 14> ends{".php", ".phtml", ".php3", ".php4", ".php5", ".php7", ".pht", ".phar", ".jsp", ".asp", ".aspx", ".cgi", ".pl", ".inc"};
    std::string low(path.substr(path.size() > 16 ? path.size() - 16 : 0));
    for (auto& c : low) if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    return std::any_of(ends.begin(), ends.end(), [&](auto e) { return low.ends_with(e); }) || low.ends_with(".htaccess");
}

namespace {

// " | base64 -d | sh", "' > shell.php": what stands behind the request's word runs it, now or later.
bool gives_to_shell(std::string_view piece) {
    if (piece.size() > 4096) return false;
    static constexpr std::array<std::string_view, 10> k_readers{"sh", "bash", "dash", "zsh", "ksh", "perl", "python", "python3", "php", "xargs"};
    for (auto at = piece.find_first_of("|>"); at != piece.npos; at = piece.find_first_of("|>", at + 1)) {
        const auto from = piece.find_first_not_of(" >&\t", at + 1);
        if (from == piece.npos) return false;
        const auto word = piece.substr(from, piece.find_first_of(" \t;|&>\"'\n", from) - from);
        const auto slash = word.rfind('/');
        if (piece[at] == '>' ? is_script_name(word) : std::find(k_readers.begin(), k_readers.end(), slash == word.npos ? word : word.substr(slash + 1)) != k_readers.end()) return true;
    }
    return false;
}

// "... INTO OUTFILE '": the piece of a query behind which the request's path stands.
bool writes_file(std::string_view piece) {
    if (piece.size() < 13 || piece.size() > 4096) return false;
    constexpr std::string_view begin = "into ";
    for (std::size_t at = 0; at + 13 <= piece.size(); ++at) {
        std::size_t same = 0;
        while (same < begin.size() && (piece[at + same] | 0x20) == begin[same]) ++same;
        if (same < begin.size()) continue;
        const char next = static_cast<char>(piece[at + begin.size()] | 0x20);
        const auto rest = piece.substr(at + begin.size() + 1, 7);
        if ((next == 'o' && (rest.starts_with("utfile") || rest.starts_with("UTFILE"))) || (next == 'd' && (rest.starts_with("umpfile") || rest.starts_with("UMPFILE")))) return true;
    }
    return false;
}

}  // namespace

Value concatenate(const Value& a, const Value& b) {
    const auto left = a.to_text(), right = b.to_text();
    const Taint both = static_cast<Taint>(merged(deep_taint(a, 20), deep_taint(b, 20)) & ~(k_whole | k_script_name | k_page_name | k_piece));
    const auto layers = std::max(a.layers, b.layers);
    if (left && right) {
        if (left->size() + right->size() > k_longest) return Value::unknown(both | k_hidden);
        const bool built = !left->empty() && !right->empty();
        Taint taint = static_cast<Taint>(both | (built ? k_built : 0));
        return Value::of(*left + *right, taint, layers);
    }
    Value result = Value::unknown(static_cast<Taint>(both | (a.taint & k_whole) | (a.is_text() ? 0 : k_built)));
    if (right && writes_file(*right)) result.taint |= k_into_file;
    if (right && a.from_request() && gives_to_shell(*right)) result.taint |= k_to_shell;
    result.layers = layers;
    std::string known = left ? *left : std::string(a.prefix());
    // The end of an unknown path: of its last piece.
    if (right ? right->empty() ? (a.taint & k_script_name) != 0 : right->size() < 200 && is_script_name(*right) : (b.taint & k_script_name) != 0) result.taint |= k_script_name;
    if (right ? right->size() < 200 && (right->ends_with(".html") || right->ends_with(".htm")) : (b.taint & k_page_name) != 0) result.taint |= k_page_name;
    if (left && left->empty()) {
        result.taint |= b.taint & k_whole;
        known = b.prefix();
    } else if (left) {
        // What stands before decides whether the request has it whole; the spaces of "eval( $x" do not matter.
        if (left->find_first_not_of(" \t\r\n(") == std::string::npos) result.taint |= b.taint & k_whole;
        if (b.data && b.type == Type::unknown) known += b.prefix();
    }
    if (!known.empty()) {
        if (known.size() > 4096) known.resize(4096);
        result.data = std::make_shared<StringData>(std::move(known));
    }
    return result;
}

Value binary(std::uint32_t operation, const Value& a, const Value& b) {
    if (operation == op(".")) return concatenate(a, b);
    const auto layers = std::max(a.layers, b.layers);
    const Taint taint = static_cast<Taint>(a.taint | b.taint);
    // ^ | & of two strings work on their bytes.
    if ((operation == op("^") || operation == op("|") || operation == op("&"))) {
        if (a.is_text() && b.is_text()) {
            const auto &x = a.text(), &y = b.text();
            std::string out;
            const auto length = operation == op("|") ? std::max(x.size(), y.size()) : std::min(x.size(), y.size());
            out.resize(length);
            for (std::size_t i = 0; i < length; ++i) {
                const auto p = static_cast<unsigned char>(i < x.size() ? x[i] : 0), q = static_cast<unsigned char>(i < y.size() ? y[i] : 0);
                out[i] = static_cast<char>(operation == op("^") ? p ^ q : operation == op("|") ? p | q : p & q);
            }
            return Value::of(std::move(out), static_cast<Taint>(taint | k_built | k_decoded), static_cast<std::uint8_t>(layers + 1));
        }
        if (!a.is_known() || !b.is_known()) {
            // A request decoded with a key stays the request's.
            if (taint & (k_request | k_remote | k_hidden | k_file)) {
                auto v = Value::unknown(freed(taint | k_decoded));
                return v;
            }
            return Value::unknown(static_cast<Taint>(taint | ((a.is_text() || b.is_text()) ? k_hidden : 0)));
        }
    }
    const auto both = [&](auto f) -> Value {
        const auto x = a.to_real(), y = b.to_real();
        if (!x || !y) return Value::unknown();
        return f(*x, *y);
    };
    switch (operation) {
        case op("&&"): {
            const auto x = a.truth(), y = b.truth();
            if ((x && !*x) || (y && !*y)) return Value::of(false);
            if (x && y) return Value::of(true);
            return Value::unknown();
        }
        case op("||"): {
            const auto x = a.truth(), y = b.truth();
            if ((x && *x) || (y && *y)) return Value::of(true);
            if (x && y) return Value::of(false);
            return Value::unknown();
        }
        case op("=="): case op("!="): case op("<>"): case op("==="): case op("!=="): {
            if (!a.is_scalar() || !b.is_scalar()) return Value::unknown();
            bool same = false;
            if (operation == op("===") || operation == op("!==")) same = a.type == b.type && a.to_text() == b.to_text();
            else if (a.is_text() && b.is_text()) same = a.text() == b.text();
            else if (a.type == Type::boolean || b.type == Type::boolean || a.type == Type::null || b.type == Type::null) same = a.truth() == b.truth();
            else same = a.to_real() == b.to_real();
            return Value::of(same == (operation == op("==") || operation == op("===")));
        }
        case op("<"): return both([](double x, double y) { return Value::of(x < y); });
        case op(">"): return both([](double x, double y) { return Value::of(x > y); });
        case op("<="): return both([](double x, double y) { return Value::of(x <= y); });
        case op(">="): return both([](double x, double y) { return Value::of(x >= y); });
        case op("<=>"): return both([](double x, double y) { return Value::of(std::int64_t{x < y ? -1 : x > y ? 1 : 0}); });
        default: break;
    }
    if (a.type == Type::array && b.type == Type::array && operation == op("+")) {
        Value sum = a;
        for (const auto& [key, item] : b.array().items) if (!a.array().find(key)) sum.own_array().at(key) = item;
        return sum;
    }
    const bool reals = a.type == Type::real || b.type == Type::real || (a.is_text() && a.text().find_first_of(".eE") != std::string::npos) ||
                       (b.is_text() && b.text().find_first_of(".eE") != std::string::npos);
    const auto x = a.to_integer(), y = b.to_integer();
    if (!x || !y) return Value::unknown(static_cast<Taint>(taint & k_hidden));
    const auto number = [&](double d) {
        if (reals || d > 9.2e18 || d < -9.2e18) return Value::of(d);
        return Value::of(static_cast<std::int64_t>(d));
    };
    const auto u = [](std::int64_t v) { return static_cast<std::uint64_t>(v); };
    switch (operation) {
        case op("+"): return reals ? number(*a.to_real() + *b.to_real()) : Value::of(static_cast<std::int64_t>(u(*x) + u(*y)));
        case op("-"): return reals ? number(*a.to_real() - *b.to_real()) : Value::of(static_cast<std::int64_t>(u(*x) - u(*y)));
        case op("*"): return reals ? number(*a.to_real() * *b.to_real()) : Value::of(static_cast<std::int64_t>(u(*x) * u(*y)));
        case op("/"): {
            const double p = *a.to_real(), q = *b.to_real();
            if (q == 0) return Value::of(false);
            const double r = p / q;
            if (r == std::floor(r) && std::fabs(r) < 9e15) return Value::of(static_cast<std::int64_t>(r));
            return Value::of(r);
        }
        case op("%"): if (*y == 0) return Value::of(false); if (*y == -1) return Value::of(std::int64_t{0}); return Value::of(*x % *y);
        case op("^"): return Value::of(*x ^ *y);
        case op("&"): return Value::of(*x & *y);
        case op("|"): return Value::of(*x | *y);
        case op("<<"): if (*y < 0 || *y > 63) return Value::of(std::int64_t{0}); return Value::of(static_cast<std::int64_t>(u(*x) << *y));
        case op(">>"): if (*y < 0 || *y > 63) return Value::of(std::int64_t{0}); return Value::of(*x >> *y);
        case op("**"): { const double r = std::pow(*a.to_real(), *b.to_real()); return number(r); }
        default: return Value::unknown();
    }
}

}  // namespace deadbox::plugins::webshell::php
