// deadbox note: the journal of actions, decisions and communications.
#include <CLI/CLI.hpp>

#include "case/edit.hpp"
#include "cli/command.hpp"
#include "cli/open_case.hpp"
#include "cli/times.hpp"

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
        TRY(open_case(m_case));
        std::string at;
        if (!m_at.empty()) {
            TRY_ASSIGN(const auto time, parse_time(m_at, Edge::start));
            at = base::to_rfc3339(time);
        }
        TRY(case_file::write_note(m_case, {m_text, m_kind, at, m_who, m_permitted_by, m_finding}));
        return Exit::done;
    }

private:
    std::string m_case, m_text, m_kind = "action", m_at, m_who, m_permitted_by, m_finding;
};

}  // namespace

std::unique_ptr<Command> make_note() { return std::make_unique<Note>(); }

}  // namespace deadbox::cli
