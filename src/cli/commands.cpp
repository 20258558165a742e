#include "cli/command.hpp"

namespace deadbox::cli {

std::span<const CommandEntry> commands() {
    static constexpr CommandEntry k_commands[] = {
        {"info", "What is in the evidence: container, volumes, file systems, systems", &make_info},
        {"analyze", "Examine the disks of one machine, into a case", &make_analyze},
        {"findings", "What was found, the gravest first", &make_findings},
        {"facts", "What the files say: accounts, packages, web roots ...", &make_facts},
        {"timeline", "What happened, oldest first", &make_timeline},
        {"coverage", "What was not seen, and why", &make_coverage},
        {"custody", "The log of who did what, a chain of hashes", &make_custody},
        {"ls", "List folders of the evidence, deleted names too", &make_ls},
        {"stat", "All that the case knows of a file", &make_stat},
        {"cat", "Bytes of a file of the evidence", &make_cat},
        {"extract", "Copies of files of the evidence, with their hashes", &make_extract},
        {"search", "Find a text in names, events, findings and facts", &make_search},
        {"mark", "Set the state of a finding, tag it, comment on it", &make_mark},
        {"note", "Write a note into the case: an action, a decision, a communication", &make_note},
        {"case", "Set the case's data and the examiner's conclusion", &make_case_data},
        {"report", "Write the report folder", &make_report},
        {"verify", "What holds of a case, its evidence and reports, and what does not", &make_verify},
        {"handover", "The package for police or CERT: report, indicators, copies, custody", &make_handover},
        {"batch", "Examine many machines, each into a case of its own", &make_batch},
        {"rules", "The program's own rules, and whether yours can be used", &make_rules},
        {"trust", "Known-good sets of packages as they were published", &make_trust},
        {"hashset", "Sets of digests of known files, good or bad, from lists and NSRL", &make_hashset},
        {"demo", "Make a small compromised image and examine it", &make_demo},
        {"selftest", "Examine known images on this workstation: a signed validation record", &make_selftest},
    };
    return k_commands;
}

}  // namespace deadbox::cli
