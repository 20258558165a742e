// A page of plain words as text and as HTML, from one source. The source's markup: "# " and "## " headings, "- " lists, lines
// that start with four spaces are commands, paragraphs between empty lines.
#pragma once

#include <string>
#include <string_view>

#include "report/texts.hpp"

namespace deadbox::cli {

// Paragraphs are one line in the source; they are broken at 100 columns here.
std::string as_plain_text(std::string_view page);
// One file that needs nothing beside it, no network and no script.
std::string as_html(std::string_view page, const report::Texts& texts);

}  // namespace deadbox::cli
