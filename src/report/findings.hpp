// Findings of a case with their texts, marks and items, as every output shows them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "case/view.hpp"
#include "report/json_writer.hpp"
#include "report/model.hpp"
#include "report/redaction.hpp"
#include "report/system_names.hpp"
#include "report/texts.hpp"

namespace deadbox::report {

struct FindingFilter {
    std::optional<plugin::Severity> min_severity;
    std::string topic, state, id;  // "" is any
    std::size_t items = k_items;   // of each finding
};

// Ordered as a report has them: severity, first_seen (unknown last), id.
base::Result<std::vector<ReportFinding>> load_findings(const case_file::View& view, const Texts& texts, Redact redact, const FindingFilter& filter = {});
base::Result<std::vector<ReportFinding>> load_findings(const case_file::View& view, const Texts& texts, const Redactor& redactor, const SystemNames& systems, const FindingFilter& filter = {});
// visit(finding id, item) for every item of every finding, in order; nothing is kept in memory.
base::Result<void> for_each_item(const case_file::View& view, const Texts& texts, Redact redact, base::FunctionRef<base::Next(std::string_view, const ReportItem&)> visit);

void write_finding(JsonWriter& json, const ReportFinding& finding);
// The members of an item, into an object that is open.
void write_item(JsonWriter& json, const ReportItem& item);
void write_times(JsonWriter& json, const Times& times);

// Is somebody who does not belong there shown to have been there: not dismissed, high or graver, likely or better?
inline bool shows_intruder(const ReportFinding& finding) {
    return finding.state != "dismissed" && finding.severity >= plugin::Severity::high && finding.confidence >= plugin::Confidence::likely;
}

std::optional<plugin::Severity> severity_named(std::string_view name);

}  // namespace deadbox::report
