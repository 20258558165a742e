// deadbox trust: known-good sets of packages as they were published.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/encoding.hpp"
#include "base/paths.hpp"
#include "cli/command.hpp"
#include "cli/output.hpp"
#include "report/json_writer.hpp"
#include "report/visible.hpp"
#include "sets/trust_set.hpp"

namespace deadbox::cli {
namespace {

class TrustCommand final : public Command {
public:
    void options(CLI::App& app) override {
        app.require_subcommand(1);
        m_build = app.add_subcommand("build", "Make a set from folders of packages")->fallthrough();
        m_build->add_option("DIR", m_paths, "Folders of .deb packages of the distribution, of the versions that the machine has; folders below are read too. Of each file path, size, MD5, SHA-1, SHA-256 and mode are taken; .rpm is not read yet")->required();
        m_build->add_option("-o,--output", m_output, "The set to write")->required();
        m_build->add_option("--name", m_name, "What the set is called in findings and reports (default: the folder's name)");
        m_show = app.add_subcommand("show", "How much a set holds")->fallthrough();
        m_show->add_option("SET", m_paths, "Sets")->required();
    }

    base::Result<Exit> run(const Context& context) override {
        if (m_show->parsed()) {
            for (const auto& path : m_paths) {
                TRY_ASSIGN(const auto set, sets::TrustSet::open(path));
                print_trust(context, path, set.name(), set.packages(), set.files(), {}, 0);
            }
            return Exit::done;
        }
        if (m_name.empty()) {
            std::string_view folder = m_paths.front();
            while (folder.size() > 1 && folder.ends_with('/')) folder.remove_suffix(1);
            m_name = base::to_utf8(base::name_of(folder));
        }
        TRY_ASSIGN(const auto built, sets::build_trust_set(m_paths, m_output, m_name));
        for (const auto& one : built.left_out) complain(context, "left_out", "left out: " + report::visible(one), Level::warning);
        if (built.unread > 0) complain(context, "unread", fmt::format("left out: {} .rpm packages, which are not read yet", built.unread), Level::warning);
        print_trust(context, m_output, m_name, built.packages, built.files, built.left_out, built.unread);
        return Exit::done;
    }

private:
    static void print_trust(const Context& context, const std::string& path, const std::string& name, std::uint64_t packages, std::uint64_t files, const std::vector<std::string>& left_out, std::uint64_t unread) {
        if (context.json) {
            std::string line;
            report::JsonWriter json(line);
            json.begin_object().bytes_member("set", path).member("name", name).member("packages", static_cast<std::int64_t>(packages)).member("files", static_cast<std::int64_t>(files));
            json.member("left_out", left_out).member("unread", static_cast<std::int64_t>(unread)).end_object();
            return print(line += '\n');
        }
        print(fmt::format("{}\n  {}: {} packages, {} files and links\n", report::visible(path), report::visible(name), packages, files));
    }

    CLI::App* m_build = nullptr;
    CLI::App* m_show = nullptr;
    std::vector<std::string> m_paths;
    std::string m_output, m_name;
};

}  // namespace

std::unique_ptr<Command> make_trust() { return std::make_unique<TrustCommand>(); }

}  // namespace deadbox::cli
