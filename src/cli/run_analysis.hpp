// What analyze, batch and demo share: run an analysis, say how it ended.
#pragma once

#include <string>
#include <vector>

#include "cli/analysis_progress.hpp"
#include "cli/command.hpp"
#include "engine/analysis.hpp"

namespace deadbox::cli {

struct AnalysisEnding {
    std::string fail_on;      // "" or a severity
    std::string report;       // "" or a folder
    ProgressStyle style = ProgressStyle::none;
};

// Prints verdict and head digest on stdout unless quiet; writes the exit statuses that applied into the case.
base::Result<Exit> run_analysis(const Context& context, const engine::AnalysisOptions& options, const AnalysisEnding& ending);

}  // namespace deadbox::cli
