// deadbox: reads the command line, runs one command, says how it ended.
#include <algorithm>
#include <clocale>
#include <cstdio>

#include <CLI/CLI.hpp>

#include "cli/command.hpp"
#include "cli/output.hpp"

namespace {

using namespace deadbox;
using cli::Exit;

Exit exit_of(base::Errc code) {
    switch (code) {
        case base::Errc::usage:
        case base::Errc::not_found: return Exit::usage;
        case base::Errc::interrupted: return Exit::interrupted;
        default: return Exit::case_unusable;
    }
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Dead-box forensics of Linux servers: examines a disk without ever starting it.", "deadbox"};
    app.set_version_flag("--version", "deadbox " DEADBOX_VERSION);
    app.require_subcommand(1);
    app.fallthrough(false);
    cli::Context context;
    context.command.assign(argv, argv + argc);
    for (const auto& argument : context.command) context.json = context.json || argument == "--json";  // for errors of the command line itself

    std::vector<std::pair<CLI::App*, std::unique_ptr<cli::Command>>> made;
    for (const auto& entry : cli::commands()) {
        CLI::App* sub = app.add_subcommand(std::string(entry.name), std::string(entry.summary));
        sub->add_flag("--json", context.json, "Print data as JSON: a list as JSON Lines; an error as one object on stderr")->group("Common");
        sub->add_flag("--quiet", context.quiet, "Print data and errors only")->group("Common");
        sub->add_option("--log-level", context.log_level, "What is told on stderr: error, warning, info, debug")
            ->check(CLI::IsMember({"error", "warning", "info", "debug"}))
            ->capture_default_str()
            ->group("Common");
        made.emplace_back(sub, entry.make());
        made.back().second->options(*sub);
    }
    try {  // CLI11 speaks in exceptions; they end here.
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp& help) {
        return app.exit(help);
    } catch (const CLI::CallForAllHelp& help) {
        return app.exit(help);
    } catch (const CLI::CallForVersion& version) {
        return app.exit(version);
    } catch (const CLI::ParseError& error) {
        if (argc > 1 && argv[1][0] != '-' && std::none_of(made.begin(), made.end(), [&](const auto& one) { return one.first->get_name() == argv[1]; })) {
            cli::complain(context, "usage", "there is no command " + std::string(argv[1]) + " (deadbox --help lists them)");
            return static_cast<int>(Exit::usage);
        }
        cli::complain(context, "usage", std::string(error.what()) + " (see deadbox --help)");
        return static_cast<int>(Exit::usage);
    }
    for (const auto& [sub, command] : made) {
        if (!sub->parsed()) continue;
        auto status = command->run(context);
        if (auto written = cli::flush(); status && !written) status = base::fail(base::Errc::usage, written.error().what);
        if (status) return static_cast<int>(*status);
        cli::complain(context, cli::name_of(status.error().code), status.error().what);
        return static_cast<int>(command->lacks_evidence() ? Exit::no_evidence : exit_of(status.error().code));
    }
    return static_cast<int>(Exit::usage);
}
