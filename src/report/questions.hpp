// The questions of an investigation: a fixed list, each always answered.
#pragma once

#include <vector>

#include "report/model.hpp"
#include "report/sources.hpp"
#include "report/texts.hpp"
#include "report/verdict.hpp"

namespace deadbox::report {

// yes: an undismissed finding, medium or graver and likely or better, of a rule that answers it, or of the phase that the
// question is about; for root's rights also what shows that they were had. no: its decisive sources were examined. Else
// cannot_say, with what is missing among the limits.
std::vector<Question> answer_questions(const std::vector<ReportFinding>& findings, const Examined& examined, const Judgement& judgement, const Exposure& exposure, const Texts& texts);

}  // namespace deadbox::report
