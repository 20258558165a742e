// Lines of the logs in which servers of files name each file that they gave out or took.
#pragma once

#include <optional>
#include <string_view>

#include "syslog/line.hpp"

namespace deadbox::plugins::syslog {

// What stands behind the stamp of a line of xferlog(5), as wu-ftpd, vsftpd, proftpd and pure-ftpd write it:
//   seconds SP host SP bytes SP name SP type SP action SP direction SP access SP user SP service SP method SP identity SP status
struct Xferlog {
    std::string_view host, bytes, name, user, service;
    char direction = 'o';  // o given out, i taken in, d deleted
    bool complete = true;
};
std::optional<Xferlog> decode_xferlog(std::string_view text);

// A request in the form of web servers, of proftpd's ExtendedLog or pure-ftpd's clf:
//   host SP identity SP user SP "[" day "/" month "/" year ":" time SP zone "]" SP quote command [ SP name ] quote SP status SP bytes
struct Request {
    std::string_view host, user, date, command, name, status, bytes;
    bool given_out() const { return command == "RETR" || command == "GET"; }
    bool of_pure_ftpd() const { return command == "GET" || command == "PUT"; }
};
std::optional<Request> decode_request(std::string_view text);

// pure-ftpd's stats, and its w3c behind the stamp; `time` is empty in the second.
struct Counted {
    std::string_view time, user, host, bytes, name;
    bool given_out = true;
};
std::optional<Counted> decode_stats(std::string_view text);
std::optional<Counted> decode_w3c(std::string_view text);

}  // namespace deadbox::plugins::syslog
