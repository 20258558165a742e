// deadbox note: the journal of actions, decisions and communications, and letters to start from.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "case/custody.hpp"
#include "case/notes.hpp"
#include "cli/command.hpp"
#include "cli/edit_case.hpp"
#include "cli/open_case.hpp"
#include "cli/output.hpp"
#include "cli/times.hpp"
#include "report/build.hpp"
#include "report/communication.hpp"
#include "report/json_writer.hpp"
#include "report/visible.hpp"

namespace deadbox::cli {
namespace {

class Note final : public Command {
public:
    void options(CLI::App& app) override {
        app.add_option("CASE", m_case, "The case file")->required();
        app.add_option("TEXT", m_text, "The note; without it the journal is printed");
        app.add_option("--kind", m_kind, "action, decision or communication")->check(CLI::IsMember({"action", "decision", "communication"}))->capture_default_str();
        app.add_option("--at", m_at, "When it was; now where it is not given");
        app.add_option("--who", m_who, "Who acted, decided or was told; you where it is not given");
        app.add_option("--permitted-by", m_permitted_by, "Who allowed it");
        app.add_option("--finding", m_finding, "The finding that it is about");
        app.add_option("--audience", m_audience, "Of a communication: who was told, as the communication plan has it")->check(CLI::IsMember(report::audiences()));
        app.add_option("--corrects", m_corrects, "The number of an earlier note that this one corrects; that one stays");
        auto* letter = app.add_option("--template", m_letter, "Print a letter to start from, filled from the case; nothing is written")->check(CLI::IsMember(report::audiences()));
        app.add_option("--language", m_language, "Language of the letter")->needs(letter)->capture_default_str();
    }

    base::Result<Exit> run(const Context& context) override {
        if (!m_letter.empty()) return print_letter();
        TRY_ASSIGN(case_file::Note note, checked());
        if (m_text.empty()) return print_journal(context);
        note.written = case_file::now_rfc3339();
        note.at = note.written;
        if (!m_at.empty()) {
            TRY_ASSIGN(const auto time, parse_time(m_at, Edge::start));
            note.at = base::to_rfc3339(time);
        }
        std::string details;
        report::JsonWriter json(details);
        json.begin_object().member("at", note.at).member("kind", note.kind).member("who", note.who).member_or_null("permitted_by", note.permitted_by).member_or_null("finding", note.finding);
        json.member_or_null("audience", note.audience).member("corrects", note.corrects).member("text", note.text).end_object();
        TRY(edit_case(m_case, "note.written", details, [&](const case_file::Database& database) { return case_file::add_note(database, note); }));
        return Exit::done;
    }

private:
    // The note without its times; everything that it names is there.
    base::Result<case_file::Note> checked() const {
        TRY_ASSIGN(const case_file::View view, open_case(m_case));
        if (!m_finding.empty()) TRY(require_finding(view, m_finding));
        case_file::Note note;
        note.kind = m_kind, note.who = m_who.empty() ? case_file::current_actor() : m_who, note.permitted_by = m_permitted_by, note.finding = m_finding, note.text = m_text, note.audience = m_audience;
        if (!m_audience.empty() && m_kind != "communication") return base::fail(base::Errc::usage, "--audience goes with --kind communication");
        if (m_text.empty() && (m_corrects != 0 || !m_at.empty() || !m_audience.empty() || !m_permitted_by.empty())) return base::fail(base::Errc::usage, "a note needs a text");
        if (m_corrects == 0) return note;
        TRY_ASSIGN(const auto earlier, case_file::notes(view.database()));
        if (m_corrects < 0 || static_cast<std::size_t>(m_corrects) > earlier.size()) return base::fail(base::Errc::usage, fmt::format("there is no note {}; deadbox note CASE lists them", m_corrects));
        note.corrects = m_corrects;
        return note;
    }

    base::Result<Exit> print_journal(const Context& context) const {
        TRY_ASSIGN(const case_file::View view, open_case(m_case));
        TRY_ASSIGN(const auto notes, case_file::notes(view.database()));
        for (const auto& note : notes) {
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
        TRY_ASSIGN(const report::Report model, report::build_report(view, texts, {}));
        TRY_ASSIGN(const auto letter, report::communication_letter(model, texts, m_letter));
        print(letter);
        return Exit::done;
    }

    std::string m_case, m_text, m_kind = "action", m_at, m_who, m_permitted_by, m_finding, m_audience, m_letter, m_language = "en";
    std::int64_t m_corrects = 0;
};

}  // namespace

std::unique_ptr<Command> make_note() { return std::make_unique<Note>(); }

}  // namespace deadbox::cli
