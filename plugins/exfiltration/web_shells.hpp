// How the webshells that other findings name were asked for: from the findings, the web roots and what the access logs sum up.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plugin/detector.hpp"

namespace deadbox::plugins::exfiltration {

// One client's requests in one log.
struct ShellUse {
    std::string finding, path, asked, address, agent;  // of the finding; its file; its path in requests; whose requests
    std::int64_t system = 0;
    std::int64_t answered = 0, bytes = 0, largest = 0;
    std::int64_t first = 0, last = 0, line = 0, log = 0;
    std::int64_t others = 0, others_bytes = 0;  // answers of this log, but the longest one of this client's
    std::optional<std::int64_t> planted;        // s, when the file came
    bool whole = false;                         // the file is a shell and nothing else
    bool used = false, of_the_site = false;     // as plugin::ClientsOfPath says
};

// By finding, path and time. What is left out is a gap.
base::Result<std::vector<ShellUse>> uses_of_shells(const plugin::CaseReader& reader, plugin::FindingSink& sink);

}  // namespace deadbox::plugins::exfiltration
