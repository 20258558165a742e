// What the configuration parsers of all web servers share: rows of one file, and paths made whole.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/parser.hpp"

namespace deadbox::plugins::webserver {

struct WebRoot {
    std::string path, site, kind = "root", url = "/";
    bool assumed = false;
    std::uint64_t line = 0;
};
struct WebLog {
    std::string path, site, format, kind = "access";
    std::uint64_t line = 0;
};
struct WebLogFormat {
    std::string name, definition;
    std::uint64_t line = 0;
};
// What one configuration file says. `includes` are globs of further files, absolute.
struct WebConfig {
    std::vector<WebRoot> roots;
    std::vector<WebLog> logs;
    std::vector<WebLogFormat> formats;
    std::vector<std::string> includes;
    std::vector<std::string> unresolved;  // texts with variables that this file does not set
};

constexpr std::size_t k_most_rows = 20'000;     // of one kind in one file
constexpr std::size_t k_longest_text = 4'096;

// Lower-case ASCII.
std::string lowered(std::string_view text);
// "//", "/./" and a final slash taken out; ".." is followed where it stays below the root.
std::string clean_path(std::string_view path);
// The part in front of the first byte of `variables`, up to its last slash: "/var/www/$host/x" -> "/var/www".
// Empty where nothing but "/" is left.
std::string fixed_part(std::string_view path, std::string_view variables);
// Dates of rotatelogs and cronolog as a glob: %Y and its kin become '*'.
std::string dates_as_glob(std::string_view path);

// The records of a file: pure functions of its text. `path` is where it lies: some servers have defaults by place.
WebConfig read_apache(std::string_view text, std::string_view path, const plugin::Parameters& parameters);
WebConfig read_nginx(std::string_view text, std::string_view path);
WebConfig read_lighttpd(std::string_view text);
WebConfig read_caddy(std::string_view text);
WebConfig read_tomcat(std::string_view text, std::string_view path);
WebConfig read_cpanel_userdata(std::string_view text);

}  // namespace deadbox::plugins::webserver
