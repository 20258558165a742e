// What counts of the findings: the state that the examiner set last, and what falls with a dismissed one.
#pragma once

#include <map>
#include <string>

#include "case/database.hpp"

namespace deadbox::case_file {

// A finding that joins others (argument "rests_on": the first of them, then what followed it; where it begins with several, they
// are one word, "a+b") falls with the first, or with all that followed. The examiner's own word on it counts before that.
enum class Fallen : std::uint8_t { no, with_entry, with_effects };

struct FindingState {
    std::string state = "open";  // open, confirmed, dismissed; dismissed where it has fallen
    std::string reason;          // the examiner's, "" where it has fallen
    Fallen fallen = Fallen::no;
};
using FindingStates = std::map<std::string, FindingState, std::less<>>;

// Of every finding of the case, by its id.
base::Result<FindingStates> finding_states(const Database& database);

}  // namespace deadbox::case_file
