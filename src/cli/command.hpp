// One command of `deadbox`: a file of its own, named in the table of commands.cpp.
#pragma once

#include <cstdio>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace CLI {
class App;
}

namespace deadbox::case_file {
class View;
}
namespace deadbox::serve {
class EvidenceReader;
}

namespace deadbox::cli {

// The exit status, as the outside relies on it. An error that run() returns becomes usage (Errc::usage, not_found),
// interrupted (Errc::interrupted) or case_unusable (all else).
enum class Exit : int { done = 0, finding_reached = 1, usage = 2, no_evidence = 3, gaps = 4, case_unusable = 5, interrupted = 130 };

// What every command is told.
struct Context {
    bool json = false;
    bool quiet = false;
    std::string log_level = "warning";  // error, warning, info, debug
    std::vector<std::string> command;   // the command line as typed, for the record
};

class Command {
public:
    virtual ~Command() = default;
    // Declares options on `app`, bound to members of this object.
    virtual void options(CLI::App& app) = 0;
    // Data goes to stdout, all else to stderr. Errors are printed by the caller.
    virtual base::Result<Exit> run(const Context& context) = 0;
    // run() failed for want of evidence: the exit status is no_evidence, whatever the error's code.
    bool lacks_evidence() const { return m_lacks_evidence; }

protected:
    // The evidence of a case, where it says it is or at `moved`; its identity is checked, and what could not be is told of.
    base::Result<std::unique_ptr<serve::EvidenceReader>> open_evidence(const Context& context, const case_file::View& view, const std::vector<std::string>& moved);

private:
    bool m_lacks_evidence = false;
};

struct CommandEntry {
    std::string_view name, summary;
    std::unique_ptr<Command> (*make)();
};
// In the order in which --help lists them.
std::span<const CommandEntry> commands();

// Made by the command's own file.
#define DEADBOX_COMMAND(name) std::unique_ptr<Command> make_##name()
DEADBOX_COMMAND(info);
DEADBOX_COMMAND(analyze);
DEADBOX_COMMAND(cat);
DEADBOX_COMMAND(extract);
DEADBOX_COMMAND(verify);
DEADBOX_COMMAND(batch);
DEADBOX_COMMAND(hashset);
DEADBOX_COMMAND(trust);
DEADBOX_COMMAND(rules);
DEADBOX_COMMAND(demo);
DEADBOX_COMMAND(findings);
DEADBOX_COMMAND(facts);
DEADBOX_COMMAND(timeline);
DEADBOX_COMMAND(coverage);
DEADBOX_COMMAND(custody);
DEADBOX_COMMAND(ls);
DEADBOX_COMMAND(stat);
DEADBOX_COMMAND(search);
DEADBOX_COMMAND(mark);
DEADBOX_COMMAND(note);
DEADBOX_COMMAND(case_data);
DEADBOX_COMMAND(report);
DEADBOX_COMMAND(handover);
DEADBOX_COMMAND(selftest);
#undef DEADBOX_COMMAND

}  // namespace deadbox::cli
