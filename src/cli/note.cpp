// deadbox note: the journal of actions, decisions and communications, and letters to start from.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "case/edit.hpp"
#include "case/notes.hpp"
#include "cli/command.hpp"
#include "cli/open_case.hpp"
#include "cli/output.hpp"
#include "cli/redact_option.hpp"
#include "cli/times.hpp"
#include "report/build.hpp"
#include "report/communication.hpp"
#include "report/json_writer.hpp"
#include "report/redaction.hpp"
#include "report/visible.hpp"

namespace deadbox::cli {
namespace {

class Note final : public Command {
public:
    void options(CLI::App& app) override {
        app.add_option("CASE", m_case, "The case file")->required();
        app.add_option("TEXT", m_text, "The note; without it the journal is printed");
        app.add_option("--kind", m_kind, "action, decision or communication; an action where it is not given")->check(CLI::IsMember({"action", "decision", "communication"}));
        app.add_option("--at", m_at, "When it was; now where it is not given");
        app.add_option("--who", m_who, "Who acted, decided or was told; you where it is not given");
        app.add_option("--permitted-by", m_permitted_by, "Who allowed it");
        app.add_option("--finding", m_finding, "The finding that it is about");
        app.add_option("--audience", m_audience, "Of a communication: who was told, as the communication plan has it")->check(CLI::IsMember(report::audiences()));
        app.add_option("--corrects", m_corrects, "The number of an earlier note that this one corrects; that one stays, and what is not given is as there");
        m_redact.add(app);
        auto* letter = app.add_option("--template", m_letter, "Print a letter to start from, filled from the case; nothing is written")->check(CLI::IsMember(report::audiences()));
        app.add_option("--language", m_language, "Language of the letter")->needs(letter)->capture_default_str();
    }

    base::Result<Exit> run(const Context& context) override {
        if (!m_letter.empty()) return print_letter();
        if (m_text.empty()) {
            if (m_corrects != 0 || !m_at.empty() || !m_audience.empty() || !m_permitted_by.empty()) return base::fail(base::Errc::usage, "a note needs a text");
            return print_journal(context);
        }
        TRY(open_case(m_case));
        std::string at;
        if (!m_at.empty()) {
            TRY_ASSIGN(const auto time, parse_time(m_at, Edge::start));
            at = base::to_rfc3339(time);
        }
        TRY(case_file::write_note(m_case, {m_text, m_kind, at, m_who, m_permitted_by, m_finding, m_audience, m_corrects}));
        return Exit::done;
    }

private:
    base::Result<Exit> print_journal(const Context& context) const {
        TRY_ASSIGN(const case_file::View view, open_case(m_case));
        TRY_ASSIGN(const auto notes, case_file::notes(view.database()));
        TRY_ASSIGN(const auto redactor, report::Redactor::load(view, m_redact.value()));
        for (auto note : notes) {
            for (auto* text : {&note.text, &note.who, &note.permitted_by}) *text = redactor.told(*text);
            if (context.json) {
                std::string line;
                report::JsonWriter json(line);
                report::write_note(json, report::note_entry(note));
                print(line += '\n');
                continue;
            }
            print(fmt::format("{:>3}  {}  {}  {}", note.number, note.at.substr(0, 19), note.kind, report::visible(note.who)));
            if (!note.audience.empty()) print(", " + note.audience);
            if (!note.permitted_by.empty()) print(", permitted by " + report::visible(note.permitted_by));
            if (!note.finding.empty()) print(", finding " + note.finding);
            if (note.corrects) print(fmt::format(", corrects {}", *note.corrects));
            print("\n     " + report::visible(note.text) + "\n");
        }
        return Exit::done;
    }

    base::Result<Exit> print_letter() const {
        if (!m_text.empty()) return base::fail(base::Errc::usage, "--template prints a letter; write the note afterwards");
        TRY_ASSIGN(const case_file::View view, open_case(m_case));
        TRY_ASSIGN(const report::Texts texts, report::Texts::load(m_language));
        TRY_ASSIGN(const report::Report model, report::build_report(view, texts, {m_redact.value(), {}}));
        TRY_ASSIGN(const auto letter, report::communication_letter(model, texts, m_letter));
        print(letter);
        return Exit::done;
    }

    std::string m_case, m_text, m_kind, m_at, m_who, m_permitted_by, m_finding, m_audience, m_letter, m_language = "en";
    std::int64_t m_corrects = 0;
    RedactOption m_redact;
};

}  // namespace

std::unique_ptr<Command> make_note() { return std::make_unique<Note>(); }

}  // namespace deadbox::cli
