#include "cli/command.hpp"

namespace deadbox::cli {

std::span<const CommandEntry> commands() {
    static constexpr CommandEntry k_commands[] = {
        {"findings", "What was found, the gravest first", &make_findings},
        {"facts", "What the files say: accounts, packages, web roots ...", &make_facts},
    };
    return k_commands;
}

}  // namespace deadbox::cli
