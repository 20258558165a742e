#include "report/json_writer.hpp"

#include <fmt/format.h>

#include <cmath>

#include "base/encoding.hpp"
#include "report/visible.hpp"

namespace deadbox::report {
namespace {

constexpr std::uint64_t k_exact = std::uint64_t{1} << 53;

bool plain(char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; }

}  // namespace

void append_json_escaped(std::string& out, std::string_view text) {
    std::size_t done = 0;
    while (done < text.size() && plain(text[done])) ++done;
    out.append(text.substr(0, done));
    if (done == text.size()) return;
    const std::string rest = base::is_utf8(text.substr(done)) ? std::string(text.substr(done)) : base::to_utf8(text.substr(done));
    for (std::size_t i = 0; i < rest.size();) {
        const CodePoint point = code_point_at(rest, i);
        switch (point.value) {
            case '"': out += "\\\""; break;
            case '\\': out += "\\\\"; break;
            case '\n': out += "\\n"; break;
            case '\r': out += "\\r"; break;
            case '\t': out += "\\t"; break;
            default:
                if (!is_hidden(point.value)) out.append(rest, i, point.length);
                else if (point.value < 0x10000) fmt::format_to(std::back_inserter(out), "\\u{:04x}", point.value);
                else fmt::format_to(std::back_inserter(out), "\\u{:04x}\\u{:04x}", 0xd800 + ((point.value - 0x10000) >> 10), 0xdc00 + ((point.value - 0x10000) & 0x3ff));
        }
        i += point.length;
    }
}

void JsonWriter::new_line() {
    if (m_layout == Layout::line) return;
    m_out += '\n';
    m_out.append(static_cast<std::size_t>(m_depth) * 2, ' ');
}

void JsonWriter::before_value() {
    if (m_after_key) {
        m_after_key = false;
        return;
    }
    if (m_depth == 0) return;
    if (!m_first) m_out += m_layout == Layout::line ? ", " : ",";
    m_first = false;
    new_line();
}

JsonWriter& JsonWriter::open(char bracket) {
    before_value();
    m_out += bracket;
    ++m_depth;
    m_first = true;
    return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
    --m_depth;
    if (!m_first) new_line();
    m_out += bracket;
    m_first = false;
    return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
    before_value();
    m_out += '"';
    append_json_escaped(m_out, name);
    m_out += "\": ";
    m_after_key = true;
    return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
    before_value();
    m_out += json;
    return *this;
}

JsonWriter& JsonWriter::null() { return raw("null"); }

JsonWriter& JsonWriter::program_text(std::string_view text) {
    std::string escaped;
    append_json_escaped(escaped, text);
    before_value();
    m_out += '"';
    for (const char c : escaped) {
        if (c == '<' || c == '$' || c == '(') fmt::format_to(std::back_inserter(m_out), "\\u{:04x}", static_cast<unsigned>(c));
        else m_out += c;
    }
    m_out += '"';
    return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
    before_value();
    m_out += '"';
    append_json_escaped(m_out, text);
    m_out += '"';
    return *this;
}

JsonWriter& JsonWriter::value(double number) {
    if (!std::isfinite(number)) return null();
    return raw(fmt::format("{}", number));
}

JsonWriter& JsonWriter::signed_integer(std::int64_t number) {
    const auto magnitude = number < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(number) : static_cast<std::uint64_t>(number);
    const fmt::format_int digits(number);
    const std::string_view text(digits.data(), digits.size());
    return magnitude > k_exact ? value(text) : raw(text);
}

JsonWriter& JsonWriter::unsigned_integer(std::uint64_t number) {
    const fmt::format_int digits(number);
    const std::string_view text(digits.data(), digits.size());
    return number > k_exact ? value(text) : raw(text);
}

JsonWriter& JsonWriter::value(const std::vector<std::string>& list) {
    begin_array();
    for (const auto& one : list) value(one);
    return end_array();
}

JsonWriter& JsonWriter::bytes_member(std::string_view name, std::string_view bytes) {
    key(name).value(bytes);
    if (!base::is_utf8(bytes)) key(std::string(name) + "_hex").value(base::to_hex(bytes));
    return *this;
}

}  // namespace deadbox::report
