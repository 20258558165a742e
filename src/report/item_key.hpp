// What an item's key is: a detector writes whatever the item is about where that is not its file.
#pragma once

#include <string>

#include "report/model.hpp"

namespace deadbox::report {

// As a reader has it: a cited finding by its title.
inline const std::string& shown_key(const ReportItem& item) { return item.cited.empty() ? item.key : item.cited; }

// The account that the item names; "" where it names something else. `finding` is the one that has the item.
std::string account_named(const ReportFinding& finding, const ReportItem& item);

}  // namespace deadbox::report
