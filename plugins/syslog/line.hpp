// One line of a syslog file taken apart: when, where, who, what. Pure functions of the bytes.
#pragma once

#include <optional>
#include <string_view>

#include "base/timestamp.hpp"
#include "plugin/sink.hpp"

namespace deadbox::plugins::syslog {

// The time as it is written. Without a year `civil.year` is 0; without a zone `civil` is some local time.
struct Stamp {
    base::CivilTime civil;
    std::uint32_t nanoseconds = 0;
    plugin::Precision precision = plugin::Precision::second;
    bool has_year = false;
    std::optional<std::int32_t> zone;  // seconds east of Greenwich
};

struct Line {
    Stamp stamp;
    std::string_view host;
    std::string_view process;  // the name alone: no folder, no process id
    std::optional<std::int64_t> pid;
    std::string_view message;
    bool from_pam = false;  // "sshd(pam_unix)[12]: ...": the message is PAM's, without its prefix
};

// The stamp in front of a line, and what follows it in `rest`; nothing when there is none.
std::optional<Stamp> decode_stamp(std::string_view line, std::string_view& rest);
std::optional<Line> decode_line(std::string_view line);

}  // namespace deadbox::plugins::syslog
