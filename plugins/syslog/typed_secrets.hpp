// A password that somebody typed where the name is asked for: the log has it as the name of a login that failed. Names that guessers
// try are evidence, so what was typed counts as a secret only where nobody is called so (plugin::is_no_account_name), whatever came
// behind it, or where all of this holds:
//   - it looks like no account's name: a sign that names do not have, or capitals and digits together; at least eight characters
//   - it was refused, and from the same source somebody was let in under another name within two minutes
//   - that source tried at most three names in that time: who guesses tries many
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "plugin/sink.hpp"

namespace deadbox::plugins::syslog {

class TypedSecrets {
public:
    struct Typed {
        std::string text;
        std::int64_t line = 0, time = 0;
    };
    // After interpret(). The secrets that this line shows as such, with the lines in which they stand; a name that nobody has once.
    std::vector<Typed> follow(const plugin::Event& event);

private:
    std::vector<Typed> by_login(const plugin::Event& event);

    struct Source {
        std::set<std::string, std::less<>> names;  // that were refused, at most one more than count
        std::vector<Typed> odd;
        std::int64_t last = 0;
    };
    static constexpr std::size_t k_most = 4'096;  // sources at a time
    static constexpr std::size_t k_told = 4'096;  // names that nobody has, of one log
    std::set<std::string, std::less<>> m_told;
    std::map<std::string, Source, std::less<>> m_sources;
};

}  // namespace deadbox::plugins::syslog
