// What an overview tells of a machine beside its system facts: when it was started, and who has an account. Its times are
// corrected by the machine's clock.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "case/view.hpp"

namespace deadbox::case_file {

// Starts that the logs tell of, the newest first, at most `most`; records of one start (within five minutes) count once.
base::Result<std::vector<base::Timestamp>> boots(const View& view, std::int64_t system, std::size_t most);

struct MachineUser {
    std::int64_t fact = 0;  // row of the table `account`
    std::string name, shell;  // raw bytes
    std::int64_t uid = 0;
    std::optional<base::Timestamp> last_login;
};
// Accounts of /etc/passwd with user id 0, or of people (1000 and above, without 65534), by id.
base::Result<std::vector<MachineUser>> people(const View& view, std::int64_t system);

}  // namespace deadbox::case_file
