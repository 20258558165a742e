// deadbox note: the journal of actions, decisions and communications.
#include <CLI/CLI.hpp>

#include "case/custody.hpp"
#include "cli/command.hpp"
#include "cli/edit_case.hpp"
#include "cli/open_case.hpp"
#include "cli/times.hpp"
#include "report/json_writer.hpp"

namespace deadbox::cli {
namespace {

class Note final : public Command {
public:
    void options(CLI::App& app) override {
        app.add_option("CASE", m_case, "The case file")->required();
        app.add_option("TEXT", m_text, "The note")->required();
        app.add_option("--kind", m_kind, "action, decision or communication")->check(CLI::IsMember({"action", "decision", "communication"}))->capture_default_str();
        app.add_option("--at", m_at, "When it was; now where it is not given");
        app.add_option("--who", m_who, "Who acted, decided or was told; you where it is not given");
        app.add_option("--permitted-by", m_permitted_by, "Who allowed it");
        app.add_option("--finding", m_finding, "The finding that it is about");
    }

    base::Result<Exit> run(const Context&) override {
        {
            TRY_ASSIGN(const case_file::View view, open_case(m_case));
            if (!m_finding.empty()) TRY(require_finding(view, m_finding));
        }
        const std::string now = case_file::now_rfc3339();
        std::string at = now;
        if (!m_at.empty()) {
            TRY_ASSIGN(const auto time, parse_time(m_at, Edge::start));
            at = base::to_rfc3339(time);
        }
        if (m_who.empty()) m_who = case_file::current_actor();
        std::string details;
        report::JsonWriter json(details);
        json.begin_object().member("at", at).member("kind", m_kind).member("who", m_who).member_or_null("permitted_by", m_permitted_by).member_or_null("finding", m_finding).member("text", m_text).end_object();
        TRY(edit_case(m_case, "note.written", details, [&](const case_file::Database& database) -> base::Result<void> {
            TRY_ASSIGN(case_file::Statement row, database.prepare("INSERT INTO note(written, at, kind, who, permitted_by, finding, text) VALUES(?, ?, ?, ?, ?, ?, ?)"));
            row.bind(1, now).bind(2, at).bind(3, m_kind).bind(4, m_who).bind(5, m_permitted_by);
            m_finding.empty() ? row.bind_null(6) : row.bind(6, m_finding);
            row.bind(7, m_text);
            return row.run();
        }));
        return Exit::done;
    }

private:
    std::string m_case, m_text, m_kind = "action", m_at, m_who, m_permitted_by, m_finding;
};

}  // namespace

std::unique_ptr<Command> make_note() { return std::make_unique<Note>(); }

}  // namespace deadbox::cli
