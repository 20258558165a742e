// What was examined: the sources that the questions and the verdict depend on.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "case/view.hpp"
#include "report/model.hpp"

namespace deadbox::report {

enum class Source : std::uint8_t { accounts, packages, digests, content_types, scripts, web_roots, auth_logs, login_records, web_logs, mail_logs, package_logs, account_backups };
inline constexpr std::size_t k_sources = 12;
std::string_view name_of(Source source);

struct SourceState {
    bool examined = false;
    Time from, to;  // of what it recorded, where it is a log
};

struct Examined {
    std::array<SourceState, k_sources> sources;
    std::vector<std::string> decisive_missing;  // keys of report texts, "decisive.accounts" ...
    std::vector<CoverageRow> decisive_gaps;     // rows of the ledger that lie in a decisive place
    std::vector<CoverageRow> not_compared;      // rows that tell of programs that were held against nothing
    std::vector<std::string> left_out;          // what was asked not to be read, in English: --scope, triage
    const SourceState& operator[](Source source) const { return sources[static_cast<std::size_t>(source)]; }
};

base::Result<Examined> examined_sources(const case_file::View& view, const std::vector<CoverageRow>& coverage, const std::vector<std::int64_t>& systems);

}  // namespace deadbox::report
