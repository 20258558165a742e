// What accounts did, and from where they came. A device with an old password is refused as often
// as somebody who guesses: what separates them is what was before and what came after.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "plugin/case_reader.hpp"

namespace deadbox::plugins::ssh {

// system (0: logs of which no machine is known), mail_name()
using Account = std::pair<std::int64_t, std::string>;

// Martina@example.org is martina: a server of mail takes one for the other, and writes what was typed or what it made of it.
std::string_view bare(std::string_view name);
std::string mail_name(std::string_view name);

// SQL for the machine of event e: in a case of one it is that one, whatever its log lies on.
extern const std::string_view k_system_of_event;

class AccountHistory {
public:
    static base::Result<AccountHistory> load(const plugin::CaseReader& reader, const std::set<Account>& accounts);

    // Was the account let in before `time` from this address or one of its network; or is it one that only this address uses, day
    // after day? Its owner's device then, or he himself.
    bool is_usual(const Account& account, const std::string& address, std::int64_t time) const;

    // Was it let in from this very address on some days before that of `time`? Whoever guesses has no such past.
    bool has_come_from(const Account& account, const std::string& address, std::int64_t time) const;

    // Had it been let in before `time`, from wherever?
    bool was_used(const Account& account, std::int64_t time) const;

    // What the address did with the account within a day after it was let in at `time`, and nobody had done with it before:
    // "get zip", "put php", "delete", "send" (mail); "" where nothing. A server that tells no more than that is compared by no more.
    // Of an account that was never used before, what a device's owner would have it do is nothing new: put files that run nowhere.
    std::string new_deed(const Account& account, const std::string& address, std::int64_t time) const;

private:
    struct Deed {
        std::int64_t time = 0;
        std::string address;
    };
    struct Past {
        std::map<std::string, std::int64_t, std::less<>> networks;           // first let in from there
        std::map<std::string, std::set<std::int64_t>, std::less<>> days;     // by address, the first ones
        std::map<std::string, Deed, std::less<>> deeds;                      // the first of each kind
    };
    const Past* past_of(const Account& account) const;
    std::map<Account, Past> m_accounts;
};

}  // namespace deadbox::plugins::ssh
