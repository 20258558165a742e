// Statements of SQL that give a user a password:
//   CREATE | ALTER USER x[@h] IDENTIFIED [WITH plugin] BY [PASSWORD] | AS    GRANT ... TO x[@h] IDENTIFIED BY
//   CREATE | ALTER USER | ROLE | LOGIN x ... [ENCRYPTED] PASSWORD [=]        SET PASSWORD FOR x[@h] = | TO [PASSWORD(]
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace deadbox::plugins::credentials {

struct PasswordChange {
    std::string account;
    bool is_hash = false;  // what follows is no password but its hash
};
// The one that ends with `before`, so that the password stands right behind it.
std::optional<PasswordChange> password_change(std::string_view before);

}  // namespace deadbox::plugins::credentials
