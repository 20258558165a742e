// Lines of passwd(5), shadow(5), group(5), gshadow(5), login.defs(5), sysusers.d(5) as records. Pure functions of bytes.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deadbox::plugins::passwd {

// The fields of a line between colons. `count` tells how many there were; a line with more than N keeps the rest,
// colons and all, in the last one (as the C library does with the shell).
template <std::size_t N>
struct Fields {
    std::array<std::string_view, N> at;
    std::size_t count = 0;
};
template <std::size_t N>
Fields<N> split(std::string_view line) {
    Fields<N> fields;
    for (;;) {
        const auto colon = fields.count + 1 < N ? line.find(':') : std::string_view::npos;
        fields.at[fields.count++] = line.substr(0, colon);
        if (colon == std::string_view::npos) return fields;
        line.remove_prefix(colon + 1);
    }
}

// An id as glibc reads it (strtoul, base 10): leading blanks, a sign and zeros are taken, so "+0" and "-0" are root's.
// `canonical` is false for every spelling that the tools never write.
struct Number {
    std::int64_t value = 0;
    bool canonical = true;
};
std::optional<Number> read_id(std::string_view text);
// A day or a count of days; empty and malformed are nullopt.
std::optional<std::int64_t> read_days(std::string_view text);

// What a password field means.
struct PasswordField {
    std::string_view scheme;  // "none" where there is no hash
    std::string_view state;   // set, empty, locked, none
};
PasswordField classify_password(std::string_view field);
// The same for the second field of passwd and group: "shadowed" for "x".
std::string_view classify_field(std::string_view field);

// Why the form of an account's line is unusual: "nis" for + and - entries, "name" for one that useradd's own
// --badname would refuse to write (blanks, control bytes, empty), "number" for an id in a spelling of its own, "fields".
std::string_view oddity_of(const Fields<7>& fields);

// "KEY value" and KEY=value, comments and quotes taken off.
struct Setting {
    std::string_view key, value;
};
std::optional<Setting> read_setting(std::string_view line);

// Words of a sysusers.d line: blanks between them, quotes around, "-" for nothing.
std::vector<std::string> read_words(std::string_view line);

}  // namespace deadbox::plugins::passwd
