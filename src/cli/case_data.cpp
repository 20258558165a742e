// deadbox case set: the case's data and the examiner's conclusion.
#include <CLI/CLI.hpp>

#include <array>

#include "case/edit.hpp"
#include "case/view_clock.hpp"
#include "cli/command.hpp"
#include "cli/open_case.hpp"

namespace deadbox::cli {
namespace {

class CaseData final : public Command {
public:
    void options(CLI::App& app) override {
        app.require_subcommand(1);
        CLI::App* set = app.add_subcommand("set", "Set what is given, leave the rest")->fallthrough();
        set->add_option("CASE", m_case, "The case file")->required();
        for (auto& field : m_fields) set->add_option(std::string(field.option), field.value, std::string(field.meaning));
        auto* offset = set->add_option("--clock-offset", m_clock_offset, "Seconds that the machine's clock was ahead (+) or behind (-): moments are shown corrected by it");
        set->add_option("--clock-source", m_clock_source, "Where the clock offset is known from: who compared it, with what")->needs(offset);
        set->add_option("--conclusion", m_conclusion, "The examiner's own conclusion");
        set->add_option("--conclusion-level", m_level, "compromised, suspicious, no_indication or undetermined")
            ->check(CLI::IsMember({"compromised", "suspicious", "no_indication", "undetermined"}));
    }

    base::Result<Exit> run(const Context&) override {
        std::vector<std::pair<std::string, std::string>> rows;
        for (const auto& field : m_fields)
            if (field.value) rows.emplace_back(field.key, *field.value);
        if (!m_level.empty() && !m_conclusion) return base::fail(base::Errc::usage, "--conclusion-level goes with --conclusion");
        if (m_conclusion) rows.emplace_back("case.conclusion", case_file::conclusion_value(m_level, *m_conclusion));
        if (m_clock_offset) {
            TRY_ASSIGN(const auto clock, case_file::clock_rows(*m_clock_offset, m_clock_source));
            rows.insert(rows.end(), clock.begin(), clock.end());
        }
        if (rows.empty()) return base::fail(base::Errc::usage, "case set needs something to set");
        TRY(open_case(m_case));
        TRY(case_file::set_case_data(m_case, rows));
        return Exit::done;
    }

private:
    struct Field {
        std::string_view option, key, meaning;
        std::optional<std::string> value;
    };
    std::array<Field, 5> m_fields{{{"--case-number,--number", "case.number", "Number of the case", {}},
                                   {"--examiner", "case.examiner", "Who examines", {}},
                                   {"--organisation", "case.organisation", "For whom", {}},
                                   {"--authority", "case.authority", "By what right: order, warrant, contract", {}},
                                   {"--description", "case.description", "What it is about", {}}}};
    std::string m_case, m_level, m_clock_source;
    std::optional<std::int64_t> m_clock_offset;
    std::optional<std::string> m_conclusion;
};

}  // namespace

std::unique_ptr<Command> make_case_data() { return std::make_unique<CaseData>(); }

}  // namespace deadbox::cli
