// How the webshells that other findings name were asked for: from the findings, the web roots and what the access logs sum up.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plugin/case_reader.hpp"

namespace deadbox::plugins::exfiltration {

struct ShellUse {
    std::string finding, path, asked, address;  // of the finding; its file; its path in requests; who had the longest answer
    std::int64_t system = 0;
    std::int64_t answered = 0, bytes = 0, largest = 0, clients = 0;
    std::int64_t first = 0, last = 0, line = 0, log = 0;
    std::optional<std::int64_t> planted;  // s, when the file came
    bool whole = false;                   // the file is a shell and nothing else
    // A page that many ask for, or that was asked for before a shell was put into it. (A file that is nothing but a shell may have
    // a younger birth than its use: a restored or moved site.)
    bool is_of_the_site() const { return clients > k_few || (!whole && planted && first < *planted - k_before); }

    static constexpr std::int64_t k_few = 3, k_before = 86400;
};

// By finding, log and address.
base::Result<std::vector<ShellUse>> uses_of_shells(const plugin::CaseReader& reader);

}  // namespace deadbox::plugins::exfiltration
