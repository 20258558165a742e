// deadbox demo: a small compromised image made from nothing, and the whole way on it.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <filesystem>

#include "cli/command.hpp"
#include "cli/demo_machine.hpp"
#include "cli/output.hpp"
#include "cli/run_analysis.hpp"

namespace deadbox::cli {
namespace {

class Demo final : public Command {
public:
    void options(CLI::App& app) override { app.add_option("-o,--output", m_folder, "The folder to make; a case that it holds already is left alone, and the demonstration refused")->capture_default_str(); }

    base::Result<Exit> run(const Context& context) override {
        std::error_code failed;
        std::filesystem::create_directories(m_folder, failed);
        if (failed) return base::fail(base::Errc::usage, "cannot make the folder " + m_folder + ": " + failed.message());
        const auto image = m_folder + "/web1.raw", case_path = m_folder + "/web1.deadbox";
        for (const auto& there : {image, case_path})
            if (std::filesystem::exists(there, failed)) return base::fail(base::Errc::usage, there + " is there already; give another folder, or remove it yourself");
        TRY(make_demo_image(image, m_folder, Machine::compromised));
        if (!context.quiet && !context.json) print(fmt::format("made     {}: the disk of a small server that was broken into\n\n", image));
        TRY(flush());
        engine::AnalysisOptions options;
        options.evidence = {image}, options.case_path = case_path;
        options.case_data = {{"number", "DEMO-1"}, {"examiner", "demonstration"}, {"description", "An image made by deadbox demo"}};
        return run_analysis(context, options, {"", m_folder + "/report", ProgressStyle::bar});
    }

private:
    std::string m_folder = "deadbox-demo";
};

}  // namespace

std::unique_ptr<Command> make_demo() { return std::make_unique<Demo>(); }

}  // namespace deadbox::cli
