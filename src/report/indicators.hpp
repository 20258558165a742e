// What of a report is worth telling other machines: files by digest, accounts, addresses.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "report/model.hpp"

namespace deadbox::report {

// Findings that exports name: not dismissed, medium or graver.
std::vector<const ReportFinding*> told_findings(const Report& report);
// Does the item's content itself show the intruder (a planted file), so that its digest finds it elsewhere? A file of a
// package that was removed or emptied does not.
bool is_planted(const ReportFinding& finding, const ReportItem& item);

enum class AddressKind : bool { ipv4, ipv6 };
std::optional<AddressKind> address_kind(const std::string& text);

// The moment that stands for "now" in exports: the last activity of the examined systems, or the start of 1970.
base::Timestamp evidence_moment(const Report& report);

}  // namespace deadbox::report
