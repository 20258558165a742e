// Where a password is used: the account, the host and the database that are named beside it.
#pragma once

#include <string>
#include <string_view>

namespace deadbox::plugins::credentials {

struct Place {
    std::string account, host, database;
};

// "db.example.org:3306", "[::1]:5432", "localhost:/run/mysqld.sock" without what stands behind the host's name.
std::string_view host_in(std::string_view text);
// scheme://user:password@host:port/database?x, jdbc:mysql://host/database; empty where there is none.
Place place_in_url(std::string_view url);
// mysql:host=a;dbname=b, Server=a;Database=b;User Id=c, host=a user=b dbname=c
Place place_in_parts(std::string_view text);

}  // namespace deadbox::plugins::credentials
