// What of a report is worth telling other machines: files by digest.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "report/model.hpp"

namespace deadbox::report {

// Findings that exports name: not dismissed, medium or graver.
std::vector<const ReportFinding*> told_findings(const Report& report);
// Does the item's content itself show the intruder (a planted or altered file), so that its digest finds it elsewhere? By what
// the finding is about: a webshell, an altered or foreign program, a rootkit, a stash. A log, an account file, a history or a
// setting is of this machine alone, and a file of a package that was removed or emptied has nothing to find.
bool is_planted(const ReportFinding& finding, const ReportItem& item);

// The moment that stands for "now" in exports: the last activity of the examined systems, or the start of 1970.
base::Timestamp evidence_moment(const Report& report);
// Names the evidence of a report: its media by the strongest digest that there is, whatever container they came in.
std::string evidence_key(const Report& report);

}  // namespace deadbox::report
