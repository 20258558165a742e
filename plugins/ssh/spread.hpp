// Passwords guessed from many addresses: each asks a few times only, so that none of them stands out. What they share is the account
// that they ask for, or the network that they ask from.
//
// A server on the internet is asked all day long, and its owner comes in meanwhile, from new places too. So a login counts only where
// the account never came from that network, by a password, and
// - that very network had guessed at the account from several addresses, and the rest of the world had not; or
// - many networks asked for it at once, more than before, until that login and no longer.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "plugin/detector.hpp"
#include "ssh/account_history.hpp"

namespace deadbox::plugins::ssh {

class SpreadGuesses {
public:
    struct Login {
        std::string_view user, address;
        std::int64_t system = 0, time = 0, inode = 0, line = 0, offset = 0;
        bool password = false;    // else by what can't be guessed
        bool from_wtmp = false;   // which tells the place, not the method
    };
    // Every login at the shell's door, oldest first.
    void let_in(const Login& login);
    // Those who were refused there; few or none are asked for where no login is in question.
    base::Result<void> read_refusals(const plugin::CaseReader& reader);

    using Place = std::pair<std::int64_t, std::string>;  // system, address
    // Addresses whose login is a guesser's beyond what an owner's would look like.
    bool accuses(const Place& place) const { return m_accused.contains(place); }
    // A finding for each address that is in question; of `told` another one speaks already.
    void report(plugin::FindingSink& sink, const std::set<Place>& told) const;

private:
    using Counts = std::array<std::int64_t, 4>;  // the same refusal, by those who wrote of it
    struct Candidate {
        std::string user, address;
        std::int64_t system = 0, time = 0, inode = 0, line = 0, offset = 0;
        std::size_t logins = 0, passwords = 0;          // of the account before
        std::size_t networks = 0;                       // from where it had come
        Counts near{}, far{}, burst{}, after{};         // refusals of the account: of its network, of others; those in the hours before and after
        std::set<std::string, std::less<>> neighbours;  // addresses of its network that were refused
        std::unordered_set<std::size_t> sources;        // networks of the burst, by hash
        std::int64_t last = 0;                          // refusal of the burst
        std::int64_t tried_first = 0, tried_last = 0;   // by the very address; 0: never
    };
    struct Past {
        std::map<std::string, std::int64_t, std::less<>> networks;  // first seen
        std::size_t logins = 0, passwords = 0;
        std::vector<std::size_t> candidates;                        // in m_candidates, oldest first
    };
    enum class Verdict : std::uint8_t { no, possible, likely };
    struct Judged {
        Verdict verdict = Verdict::no;
        bool by_network = false;
        std::int64_t refusals = 0;
        std::size_t sources = 0;
    };
    static Judged judge(const Candidate& candidate);
    static Judged by_network(const Candidate& candidate);
    static Judged by_burst(const Candidate& candidate);
    void refused(std::int64_t time, std::int64_t system, std::string_view user, std::string_view address, std::size_t witness, std::int64_t count);

    std::map<Account, Past> m_accounts;  // by system and name, as sshd wrote it
    std::vector<Candidate> m_candidates;
    std::set<Place> m_accused;
    bool m_all = true;                   // were all accounts and logins kept?
};

}  // namespace deadbox::plugins::ssh
