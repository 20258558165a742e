// What a secret on a command line is for: the program that it is given to, and the user, host and database that its words name.
//   mysqldump -uroot -pSECRET -h db shop     curl -u bob:SECRET https://h/x     sshpass -p SECRET ssh root@h
//   PGPASSWORD=SECRET psql -h db -U shop     echo root:SECRET | chpasswd        ALTER USER bob WITH PASSWORD 'SECRET'
//   ssh root@db2 "mysqldump -pSECRET shop": host db2
#pragma once

#include <string>
#include <string_view>

#include "credentials/place.hpp"

namespace deadbox::plugins::credentials {

struct CommandPlace : Place {
    std::string program;           // "mysqldump"; "" where none is known
    bool is_database = false;      // it opens a database
    bool is_hash = false;          // the statement says that it is one
};
// `start`, `length`: of the secret in the line.
CommandPlace place_in_command(std::string_view line, std::size_t start, std::size_t length);

}  // namespace deadbox::plugins::credentials
