// A finding as a card of the HTML report.
#pragma once

#include "report/html_writer.hpp"
#include "report/model.hpp"

namespace deadbox::report {

void write_html_finding(HtmlWriter& html, const ReportFinding& finding);
// Shape, colour and word.
void write_severity(HtmlWriter& html, plugin::Severity severity);
// Markup: 2026-03-02 04:11:07 UTC, the nanoseconds in the tip.
std::string time_cell(const Time& time);
// 1.2 GiB (1288490188 bytes)
std::string size_text(std::uint64_t bytes);

}  // namespace deadbox::report
