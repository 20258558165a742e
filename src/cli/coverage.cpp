// deadbox coverage: what was not seen, and why.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/command.hpp"
#include "cli/open_case.hpp"
#include "cli/output.hpp"
#include "cli/redact_option.hpp"
#include "report/ledger.hpp"
#include "report/json_writer.hpp"
#include "report/redaction.hpp"
#include "report/system_names.hpp"
#include "report/visible.hpp"

namespace deadbox::cli {
namespace {

class Coverage final : public Command {
public:
    void options(CLI::App& app) override {
        app.add_option("CASE", m_case, "The case file")->required();
        app.add_option("--level", m_level, "Only this level: gap, limit, assumption, note")->check(CLI::IsMember({"gap", "limit", "assumption", "note"}));
        m_redact.add(app);
    }

    base::Result<Exit> run(const Context& context) override {
        TRY_ASSIGN(const case_file::View view, open_case(m_case));
        TRY_ASSIGN(auto rows, report::load_coverage(view));
        TRY_ASSIGN(const auto redactor, report::Redactor::load(view, m_redact.value()));
        redactor.coverage(rows);
        TRY_ASSIGN(const auto names, report::SystemNames::load(view, redactor));
        for (const auto& row : rows)
            if (m_level.empty() || row.level == m_level) print(context.json ? json_line(row) : text_line(row, names.of(row.system)));
        return Exit::done;
    }

private:
    static std::string json_line(const report::CoverageRow& row) {
        std::string line;
        report::JsonWriter json(line);
        json.begin_object().member("level", row.level).member("area", row.area).member("reason", row.reason).bytes_member("path", row.path).member("system", row.system);
        json.member("count", row.count).member("examples", row.examples).end_object();
        return line += '\n';
    }
    static std::string text_line(const report::CoverageRow& row, const std::string& machine) {
        std::string text = fmt::format("{:<11}{}{}: {}", row.level, machine.empty() ? "" : report::visible(machine) + ": ", row.area, row.reason);
        if (!row.path.empty()) text += "  " + report::visible(row.path);
        text += fmt::format("  ({})\n", row.count);
        for (const auto& example : row.examples) text += "           e.g. " + report::visible(example) + "\n";
        return text;
    }

    std::string m_case, m_level;
    RedactOption m_redact;
};

}  // namespace

std::unique_ptr<Command> make_coverage() { return std::make_unique<Coverage>(); }

}  // namespace deadbox::cli
