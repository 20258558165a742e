// The records on the disk that would have shown that data went out.
#pragma once

#include <vector>

#include "case/view.hpp"
#include "report/model.hpp"
#include "report/redaction.hpp"
#include "report/system_names.hpp"
#include "report/texts.hpp"

namespace deadbox::report {

// One entry for each kind of record of each machine, absent ones too, in a fixed order; in a case of several machines the title names it.
base::Result<std::vector<ExposureLog>> exposure_logs(const case_file::View& view, const std::vector<ReportFinding>& findings, const std::vector<CoverageRow>& coverage, const Texts& texts,
                                                     const Redactor& redactor, const SystemNames& names);

}  // namespace deadbox::report
