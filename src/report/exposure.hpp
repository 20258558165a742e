// Was data taken? Always answered: shown taken, reachable, or cannot be said; with the records that would have shown it, what
// lay open to the rights that the intruder is shown to have had, and the credentials that must be changed for it.
#pragma once

#include "case/view.hpp"
#include "report/json_writer.hpp"
#include "report/model.hpp"
#include "report/redaction.hpp"
#include "report/system_names.hpp"
#include "report/texts.hpp"

namespace deadbox::report {

// Does the finding's own record show that data left, not only that somebody meant to send it?
bool shows_transfer(const ReportFinding& finding);
// `findings` decide whose rights were had (undismissed, high or graver, likely or better). Secrets themselves are never in it.
base::Result<Exposure> build_exposure(const case_file::View& view, const std::vector<ReportFinding>& findings, const std::vector<CoverageRow>& coverage, const Texts& texts, const Redactor& redactor,
                                      const SystemNames& systems);
void write_exposure(JsonWriter& json, const Exposure& exposure);

}  // namespace deadbox::report
