// What was not seen of the evidence, left out, assumed or noticed, as a report shows it.
#pragma once

#include <vector>

#include "case/view.hpp"
#include "report/model.hpp"

namespace deadbox::report {

// The rows of the ledger, gaps first, with what follows from the case itself: an analysis that was not finished, triage, a clock that was
// wrong. Rows about a volume name the machine of its disk.
base::Result<std::vector<CoverageRow>> load_coverage(const case_file::View& view);

}  // namespace deadbox::report
