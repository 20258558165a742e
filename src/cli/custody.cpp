// deadbox custody: the log of who did what, with its chain of hashes.
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/encoding.hpp"
#include "case/custody.hpp"
#include "cli/command.hpp"
#include "cli/open_case.hpp"
#include "cli/output.hpp"
#include "cli/redact_option.hpp"
#include "report/json_writer.hpp"
#include "report/redaction.hpp"
#include "report/visible.hpp"

namespace deadbox::cli {
namespace {

class Custody final : public Command {
public:
    void options(CLI::App& app) override {
        app.add_option("CASE", m_case, "The case file")->required();
        m_redact.add(app);
    }

    base::Result<Exit> run(const Context& context) override {
        TRY_ASSIGN(const case_file::View view, open_case(m_case));
        TRY_ASSIGN(const auto redactor, report::Redactor::load(view, m_redact.value()));
        TRY(case_file::custody_entries(view.database(), [&](case_file::CustodyEntry entry) {
            const auto whole = std::exchange(entry.details, redactor.custody(entry.details));
            if (context.json) print(json_line(entry, whole != entry.details));
            else print(fmt::format("{}  {}  {}  {}\n", entry.at, report::visible(entry.actor), entry.action, report::visible(entry.details)));
            if (!context.json && whole != entry.details) print("    secrets were left out of this entry; its hash is that of the whole text\n");
            return base::Next::go_on;
        }));
        TRY_ASSIGN(const auto chain, case_file::verify_chain(view.database()));
        if (!context.json && chain.first_broken) print(fmt::format("THE CHAIN IS BROKEN at entry {}.\n", *chain.first_broken));
        else if (!context.json && !context.quiet) print(fmt::format("The chain of {} entries is consistent; its last hash is {}.\n", chain.entries, base::to_hex(chain.head)));
        return Exit::done;
    }

private:
    static std::string json_line(const case_file::CustodyEntry& entry, bool redacted) {
        std::string line;
        report::JsonWriter json(line);
        json.begin_object().member("id", entry.id).member("at", entry.at).member("actor", entry.actor).member("action", entry.action).key("details");
        // Details are JSON of our own making; a damaged row is shown as text.
        if (const auto details = nlohmann::ordered_json::parse(entry.details, nullptr, false); details.is_object()) json.raw(details.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace));
        else json.value(entry.details);
        if (redacted) json.member("redacted", true);
        json.member("previous", base::to_hex(entry.previous)).member("hash", base::to_hex(entry.hash)).end_object();
        return line += '\n';
    }
    std::string m_case;
    RedactOption m_redact;
};

}  // namespace

std::unique_ptr<Command> make_custody() { return std::make_unique<Custody>(); }

}  // namespace deadbox::cli
