// In whose hands accounts were, by what others found: a record that an intruder made vouches for nothing.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/timestamp.hpp"
#include "plugin/detector.hpp"

namespace deadbox::plugins::accounts {

// One system's.
class Intruders {
public:
    static base::Result<std::map<std::int64_t, Intruders>> read(const plugin::CaseReader& reader);

    // Why a command of this account at this moment vouches for nothing; `intruder`: it was his own, else it is only not known whose.
    struct Doubt {
        bool intruder = false;
        std::string address;     // that guessed a password here, where one did
        std::string finding;     // by which this is known, "" where it is the account itself that nothing vouches for
    };
    // `terminal`: of the command, "" or "unknown" where it had none. `uid`: of the account.
    base::Result<std::optional<Doubt>> doubt(const plugin::CaseReader& reader, std::string_view user, std::int64_t uid, base::Timestamp time, std::string_view terminal) const;
    // Somebody who guessed a password had come in within the hours before: whose root's hands were is not known then.
    base::Result<std::optional<Doubt>> about(const plugin::CaseReader& reader, base::Timestamp time) const;
    // Something of weight happened in the days around: what is of that age is not excused by it.
    bool broken_into_around(base::Timestamp time) const;
    // What needs an intruder happened within two weeks of it.
    bool accused(base::Timestamp time) const;

    // An account that was added with nothing to vouch for it, or by an intruder.
    void add(const std::string& user, base::Timestamp since, bool intruder) { m_opened.push_back({user, since, intruder, {}}); }

private:
    struct Guess {
        std::string finding, address;
        base::Timestamp time;
        std::set<std::string, std::less<>> users;
    };
    struct Opened {
        std::string user;
        base::Timestamp since;
        bool intruder = false;
        std::string finding;
    };
    struct Planted {
        std::int64_t uid = 0;
        base::Timestamp since;
        std::string finding;
    };
    std::int64_t m_system = 0;
    std::vector<Guess> m_guesses;
    std::vector<Opened> m_opened;
    std::vector<Planted> m_planted;              // scripts that serve an intruder, by whose rights they run
    std::vector<base::Timestamp> m_grave;        // findings about other things than accounts that an expert would look at
    std::vector<base::Timestamp> m_accusing;     // of these, the high ones
};

}  // namespace deadbox::plugins::accounts
