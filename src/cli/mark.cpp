// deadbox mark: what the analyst thinks of a finding.
#include <CLI/CLI.hpp>

#include "case/custody.hpp"
#include "cli/command.hpp"
#include "cli/edit_case.hpp"
#include "cli/open_case.hpp"
#include "report/json_writer.hpp"

namespace deadbox::cli {
namespace {

class Mark final : public Command {
public:
    void options(CLI::App& app) override {
        app.add_option("CASE", m_case, "The case file")->required();
        app.add_option("FINDING", m_finding, "The finding's id")->required();
        app.add_option("--state", m_state, "open, confirmed or dismissed; the verdict follows")->check(CLI::IsMember({"open", "confirmed", "dismissed"}));
        app.add_option("--reason", m_reason, "Why; stands in every report");
        app.add_option("--tag", m_tags, "A tag; may be given several times");
        app.add_option("--comment", m_comment, "A comment");
    }

    base::Result<Exit> run(const Context&) override {
        if (m_state.empty() && m_tags.empty() && m_comment.empty()) return base::fail(base::Errc::usage, "mark needs --state, --tag or --comment");
        if (m_state.empty() && !m_reason.empty()) return base::fail(base::Errc::usage, "--reason goes with --state");
        {
            TRY_ASSIGN(const case_file::View view, open_case(m_case));
            TRY(require_finding(view, m_finding));
        }
        std::string details;
        report::JsonWriter json(details);
        json.begin_object().member("finding", m_finding).member_or_null("state", m_state).member_or_null("reason", m_reason).member("tags", m_tags).member_or_null("comment", m_comment).end_object();
        TRY(edit_case(m_case, "finding.marked", details, [&](const case_file::Database& database) -> base::Result<void> {
            // The first row has all but the further tags.
            for (std::size_t i = 0; i < std::max<std::size_t>(m_tags.size(), 1); ++i) TRY(insert(database, i));
            return {};
        }));
        return Exit::done;
    }

private:
    base::Result<void> insert(const case_file::Database& database, std::size_t place) const {
        TRY_ASSIGN(case_file::Statement row, database.prepare("INSERT INTO mark(finding, at, by, state, reason, tag, comment) VALUES(?, ?, ?, ?, ?, ?, ?)"));
        row.bind(1, m_finding).bind(2, case_file::now_rfc3339()).bind(3, case_file::current_actor());
        const auto text = [&](int parameter, const std::string& value) { value.empty() ? row.bind_null(parameter) : row.bind(parameter, value); };
        text(4, place == 0 ? m_state : ""), text(5, place == 0 ? m_reason : ""), text(6, place < m_tags.size() ? m_tags[place] : ""), text(7, place == 0 ? m_comment : "");
        return row.run();
    }

    std::string m_case, m_finding, m_state, m_reason, m_comment;
    std::vector<std::string> m_tags;
};

}  // namespace

std::unique_ptr<Command> make_mark() { return std::make_unique<Mark>(); }

}  // namespace deadbox::cli
