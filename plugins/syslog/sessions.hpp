// Whose a line is, where only the first line of its session says it: sftp-server and rsyncd name user and address once, and
// the process id after that.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "syslog/meaning.hpp"

namespace deadbox::plugins::syslog {

class Sessions {
public:
    // After interpret(): remembers what the line says of its session, and adds what is known of it to the meaning. What is added
    // points into this object until the next call.
    void follow(const Line& line, Meaning& meaning);

private:
    struct Session {
        std::string user, address, place;
        bool files = false;      // its files have lines of their own
        bool given_out = false;  // the client asked for files, and did not bring them
    };
    void follow_rsync(const Line& line, Meaning& meaning);

    static constexpr std::size_t k_most = 4'096;  // at a time
    std::map<std::int64_t, Session> m_sessions;
    Session m_ended;
};

}  // namespace deadbox::plugins::syslog
