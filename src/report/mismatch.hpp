// Evidence whose digest is not the one that was stored or expected: said before all else, wherever a person begins to read.
#pragma once

#include <string>
#include <vector>

#include "report/model.hpp"
#include "report/texts.hpp"

namespace deadbox::report {

bool differs(const ReportEvidence& evidence);
// One sentence for each piece of evidence that differs; its name is raw bytes.
std::vector<std::string> mismatches(const Report& report, const Texts& texts);

}  // namespace deadbox::report
