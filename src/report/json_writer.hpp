// JSON as text, written in order. The rules of every output stand here once: well-formed UTF-8 (U+FFFD for what is not
// text), integers above 2^53 as strings, and no control, bidirectional or invisible formatting character unescaped, so
// that what a terminal or an editor shows is what is there.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/timestamp.hpp"

namespace deadbox::report {

// `text` as the inside of a JSON string literal, appended.
void append_json_escaped(std::string& out, std::string_view text);

class JsonWriter {
public:
    enum class Layout : bool { line, indented };
    // Appends to `out`, which the caller may take from and clear between values.
    explicit JsonWriter(std::string& out, Layout layout = Layout::line) : m_out(out), m_layout(layout) {}

    JsonWriter& begin_object() { return open('{'); }
    JsonWriter& end_object() { return close('}'); }
    JsonWriter& begin_array() { return open('['); }
    JsonWriter& end_array() { return close(']'); }
    JsonWriter& key(std::string_view name);

    JsonWriter& null();
    JsonWriter& value(std::string_view text);
    JsonWriter& value(const char* text) { return value(std::string_view(text)); }
    JsonWriter& value(const std::string& text) { return value(std::string_view(text)); }
    // As value(); the signs without which no virus scanner takes the text for a program ('<', '$', '(') are escaped too.
    JsonWriter& program_text(std::string_view text);
    JsonWriter& value(double number);
    template <std::integral T>
    JsonWriter& value(T number) {
        if constexpr (std::same_as<T, bool>) return raw(number ? "true" : "false");
        else if constexpr (std::signed_integral<T>) return signed_integer(number);
        else return unsigned_integer(number);
    }
    JsonWriter& value(base::Timestamp time) { return value(base::to_rfc3339(time)); }
    template <class T>
    JsonWriter& value(const std::optional<T>& maybe) { return maybe ? value(*maybe) : null(); }
    JsonWriter& value(const std::vector<std::string>& list);
    // Text, or null where it is empty.
    JsonWriter& text_or_null(std::string_view text) { return text.empty() ? null() : value(text); }
    // JSON that is known to be sound.
    JsonWriter& raw(std::string_view json);

    template <class T>
    JsonWriter& member(std::string_view name, const T& what) { return key(name).value(what); }
    JsonWriter& member_or_null(std::string_view name, std::string_view text) { return key(name).text_or_null(text); }
    // name: text, and name_hex with the bytes where they are not UTF-8.
    JsonWriter& bytes_member(std::string_view name, std::string_view bytes);

private:
    JsonWriter& open(char bracket);
    JsonWriter& close(char bracket);
    JsonWriter& signed_integer(std::int64_t number);
    JsonWriter& unsigned_integer(std::uint64_t number);
    void before_value();
    void new_line();

    std::string& m_out;
    Layout m_layout;
    int m_depth = 0;
    bool m_first = true;      // nothing in this object or array yet
    bool m_after_key = false;
};

}  // namespace deadbox::report
