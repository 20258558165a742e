// How the analysis was done: what a reader needs to judge it and to do it again.
#pragma once

#include "case/view.hpp"
#include "report/model.hpp"

namespace deadbox::report {

base::Result<Method> method_of(const case_file::View& view, const Report& report);  // report: with its findings

}  // namespace deadbox::report
