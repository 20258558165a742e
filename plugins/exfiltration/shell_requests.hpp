// What clients told webshells in their requests: an access log keeps the query, and with it the command.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "exfiltration/web_shells.hpp"

namespace deadbox::plugins::exfiltration {

// One request that was answered, with what its query says.
struct ShellRequest {
    const ShellUse* use = nullptr;  // whose
    std::int64_t time = 0, line = 0, log = 0;
    std::vector<std::pair<std::string, std::string>> parameters;  // decoded as often as they are encoded, at most three times
};

// Of all that the access logs have as events, in their order; those without a query are none. `uses` must outlive the answer.
base::Result<std::vector<ShellRequest>> requests_of_shells(const plugin::CaseReader& reader, const std::vector<ShellUse>& uses, plugin::FindingSink& sink);

// "a=b%20c&d" -> (a, "b c"), (d, "")
std::vector<std::pair<std::string, std::string>> parameters_in(std::string_view url);

}  // namespace deadbox::plugins::exfiltration
