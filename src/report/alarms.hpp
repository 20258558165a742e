// What a person must know before all else, wherever they begin to read: evidence whose digest is not the one that was stored
// or expected, and an analysis that was not finished.
#pragma once

#include <string>
#include <vector>

#include "report/model.hpp"
#include "report/texts.hpp"

namespace deadbox::report {

bool differs(const ReportEvidence& evidence);
// One sentence for each; names of evidence in it are raw bytes.
std::vector<std::string> alarms(const Report& report, const Texts& texts);
// The verdict's summary behind them, for a tool that shows one text. UTF-8.
std::string alarmed_summary(const Report& report, const Texts& texts);

}  // namespace deadbox::report
