#include "case/finding_states.hpp"

#include <utility>
#include <vector>

namespace deadbox::case_file {
namespace {

bool is_dismissed(const FindingStates& states, std::string_view id) {
    const auto found = states.find(id);
    return found != states.end() && found->second.fallen == Fallen::no && found->second.state == "dismissed";
}

bool all_dismissed(const FindingStates& states, std::string_view joined) {
    for (std::size_t at = 0; at <= joined.size();) {
        const auto end = std::min(joined.find('+', at), joined.size());
        if (!is_dismissed(states, joined.substr(at, end - at))) return false;
        at = end + 1;
    }
    return true;
}

Fallen fallen(const FindingStates& states, std::string_view rests_on) {
    const auto entry = rests_on.substr(0, rests_on.find(' '));
    if (all_dismissed(states, entry)) return Fallen::with_entry;
    bool effects = false, alive = false;
    for (std::size_t at = entry.size(); at < rests_on.size();) {
        const auto end = std::min(rests_on.find(' ', at + 1), rests_on.size());
        effects = true, alive |= !is_dismissed(states, rests_on.substr(at + 1, end - at - 1));
        at = end;
    }
    return effects && !alive ? Fallen::with_effects : Fallen::no;
}

}  // namespace

base::Result<FindingStates> finding_states(const Database& database) {
    FindingStates states;
    std::vector<std::pair<std::string, std::string>> joined;  // finding, what it rests on
    TRY_ASSIGN(Statement finding, database.prepare("SELECT id, CASE WHEN json_valid(arguments) THEN json_extract(arguments, '$.rests_on') END FROM finding"));
    for (;;) {
        TRY_ASSIGN(const bool row, finding.step());
        if (!row) break;
        states[std::string(finding.text(0))] = {};
        if (!finding.is_null(1)) joined.emplace_back(finding.text(0), finding.text(1));
    }
    TRY_ASSIGN(Statement mark, database.prepare("SELECT finding, state, reason FROM mark WHERE ifnull(state, '') <> '' ORDER BY id"));
    for (;;) {
        TRY_ASSIGN(const bool row, mark.step());
        if (!row) break;
        if (const auto found = states.find(mark.text(0)); found != states.end()) found->second = {std::string(mark.text(1)), std::string(mark.text(2)), Fallen::no};
    }
    for (const auto& [id, rests_on] : joined) {
        auto& state = states[id];
        if (state.state != "open") continue;
        if (const auto how = fallen(states, rests_on); how != Fallen::no) state = {"dismissed", "", how};
    }
    return states;
}

}  // namespace deadbox::case_file
