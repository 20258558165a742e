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
        app.add_option("--state", m_state, "open, confirmed or dismissed; the verdict follows. To dismiss needs a --reason")->check(CLI::IsMember({"open", "confirmed", "dismissed"}));
        app.add_option("--reason", m_reason, "Why; stands in every report. Without it, the one that was given for this state before stays");
        app.add_option("--tag", m_tags, "A tag, or -tag to take one away (--tag=-x); may be given several times");
        app.add_option("--comment", m_comment, "A comment");
    }

    base::Result<Exit> run(const Context&) override {
        if (m_state.empty() && m_tags.empty() && m_comment.empty()) return base::fail(base::Errc::usage, "mark needs --state, --tag or --comment");
        if (m_state.empty() && !m_reason.empty()) return base::fail(base::Errc::usage, "--reason goes with --state");
        if (!m_state.empty() && m_reason.empty()) TRY(keep_reason());
        else TRY(open_case(m_case));
        TRY(case_file::mark_findings(m_case, {{m_finding, m_state, m_reason, m_tags, m_comment}}));
        return Exit::done;
    }

private:
    // The reason that the finding's state has already, where the state stays as it is.
    base::Result<void> keep_reason() {
        TRY_ASSIGN(const case_file::View view, open_case(m_case));
        TRY(case_file::require_finding(view, m_finding));
        TRY_ASSIGN(case_file::Statement row, view.prepare("SELECT state, reason FROM mark WHERE finding = ? AND state IS NOT NULL ORDER BY id DESC LIMIT 1"));
        row.bind(1, m_finding);
        TRY_ASSIGN(const bool marked, row.step());
        if (marked && row.text(0) == m_state) m_reason = row.text(1);
        if (m_state == "dismissed" && m_reason.empty()) return base::fail(base::Errc::usage, "to dismiss a finding needs a --reason: it stands in every report");
        return {};
    }

    std::string m_case, m_finding, m_state, m_reason, m_comment;
    std::vector<std::string> m_tags;
};

}  // namespace

std::unique_ptr<Command> make_mark() { return std::make_unique<Mark>(); }

}  // namespace deadbox::cli
