// What a log's line said, of items that name a line but hold none of its text: the event that was read from it, in our words with its
// own values. The line itself stays in the log.
#pragma once

#include <vector>

#include "case/view.hpp"
#include "report/model.hpp"
#include "report/redaction.hpp"
#include "report/texts.hpp"

namespace deadbox::report {

base::Result<void> quote_records(const case_file::View& view, const Texts& texts, const Redactor& redactor, std::vector<ReportFinding>& findings);

}  // namespace deadbox::report
