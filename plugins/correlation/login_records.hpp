// Who logged in, by everything that keeps a record of it: the log of logins, wtmp, lastlog.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "plugin/detector.hpp"

namespace deadbox::plugins::correlation {

struct Login {
    enum class Record : std::uint8_t { log, session, last };  // a log's line, wtmp, lastlog

    base::Timestamp time;
    std::int64_t system = 0;  // 0: not known
    std::optional<std::int64_t> inode, line, offset;
    Record record = Record::log;
    std::string user, address, method, process;
    std::string shared;  // other accounts of the same number, where the record has the number alone: it may be theirs
};

// Of these accounts, oldest first. A login that left several records is there several times.
base::Result<std::vector<Login>> logins_of(const plugin::CaseReader& reader, const std::set<std::string, std::less<>>& users);
// From these addresses, from a log or wtmp; oldest first.
base::Result<std::vector<Login>> logins_from(const plugin::CaseReader& reader, const std::set<std::string, std::less<>>& addresses);
// Of anybody, from a log or wtmp, in the seconds [from, to]; oldest first.
base::Result<std::vector<Login>> logins_between(const plugin::CaseReader& reader, std::int64_t from, std::int64_t to);

// Of anybody, up to this second; oldest first.
base::Result<std::vector<Login>> logins_before(const plugin::CaseReader& reader, std::int64_t until);

// Another record of the same login: wtmp beside the log.
bool is_same_login(const Login& a, const Login& b);

// The record, as an item; with the words of sshd's line that every version writes.
plugin::Item item_of(const Login& login);

}  // namespace deadbox::plugins::correlation
