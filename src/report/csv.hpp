// RFC 4180, safe to open in a spreadsheet: a cell that a spreadsheet would run as a formula starts with an apostrophe, and
// hidden characters are shown escaped.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace deadbox::report {

void append_csv_cell(std::string& out, std::string_view bytes);
// Cells of the program's own making and of the evidence alike; `last` is one more unless it is empty; ends with CR LF.
void append_csv_row(std::string& out, std::initializer_list<std::string_view> cells, std::string_view last = {});

}  // namespace deadbox::report
