// The part of the HTML report on data exposure.
#pragma once

#include "report/html_writer.hpp"
#include "report/model.hpp"

namespace deadbox::report {

void write_exposure(HtmlWriter& h, const Report& report);

}  // namespace deadbox::report
