// Checks a report folder against the case that it says it is of: what a manifest made anew cannot make true.
#pragma once

#include <string>
#include <vector>

#include "case/view.hpp"
#include "proof/check.hpp"

namespace deadbox::cli {

// A folder whose manifest could be read.
struct ReportFolder {
    std::string folder;
    proof::Manifest manifest;
};

// Is it of this case: the case's number, the evidence? And does its report.json, where it has one, say what the case says:
// the verdict and the findings? Where the case was worked on since, a difference is no contradiction and is told as such.
// Returns whether it is of this case, as far as can be told.
base::Result<bool> check_report(const case_file::View& view, const ReportFolder& report, std::vector<proof::Check>& checks);

}  // namespace deadbox::cli
