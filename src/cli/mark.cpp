// deadbox mark: what the analyst thinks of a finding.
#include <CLI/CLI.hpp>

#include "case/edit.hpp"
#include "cli/command.hpp"
#include "cli/open_case.hpp"

namespace deadbox::cli {
namespace {

class Mark final : public Command {
public:
    void options(CLI::App& app) override {
        app.add_option("CASE", m_case, "The case file")->required();
        app.add_option("FINDING", m_finding, "The finding's id")->required();
        app.add_option("--state", m_state, "open, confirmed or dismissed; the verdict follows")->check(CLI::IsMember({"open", "confirmed", "dismissed"}));
        app.add_option("--reason", m_reason, "Why; stands in every report");
        app.add_option("--tag", m_tags, "A tag, or -tag to take one away (--tag=-x); may be given several times");
        app.add_option("--comment", m_comment, "A comment");
    }

    base::Result<Exit> run(const Context&) override {
        if (m_state.empty() && m_tags.empty() && m_comment.empty()) return base::fail(base::Errc::usage, "mark needs --state, --tag or --comment");
        if (m_state.empty() && !m_reason.empty()) return base::fail(base::Errc::usage, "--reason goes with --state");
        TRY(open_case(m_case));
        TRY(case_file::mark_findings(m_case, {{m_finding, m_state, m_reason, m_tags, m_comment}}));
        return Exit::done;
    }

private:
    std::string m_case, m_finding, m_state, m_reason, m_comment;
    std::vector<std::string> m_tags;
};

}  // namespace

std::unique_ptr<Command> make_mark() { return std::make_unique<Mark>(); }

}  // namespace deadbox::cli
