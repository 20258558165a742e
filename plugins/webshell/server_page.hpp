// The frame of ASP, JSP and ASPX pages: "<% code %>", "<%@ directive %>", "<script runat=server>code</script>".
//
// "<%" is also a percent sign in a log format, a doctype of ERB, EJS, Mason, or prose about pages. What a file holds
// between the marks decides, not the marks.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "webshell/features.hpp"

namespace deadbox::plugins::webshell {

struct PageBlock {
    std::size_t offset = 0;   // of the code, behind the opening mark
    std::string_view code;    // up to the closing mark; directives begin with '@'
    bool closed = false;      // a closing mark ends it
    bool script_tag = false;  // <script runat=server>
};
// In the order of the text. A server takes a last block that nothing closes to the text's end.
std::vector<PageBlock> page_blocks(std::string_view text);

// `code` in lower case and of the same length, with what stands in quotes, and VBScript's comments, blank.
std::string bare_code(std::string_view code);

// The language of a file that its name does not make a page: only by directives, by keywords of a server in code
// between balanced marks, or by an encoded script.
Language page_language(std::string_view text);

// The same text with all but directives and code blank: what stands around them in such a file is not a page.
std::string code_alone(std::string_view text);

}  // namespace deadbox::plugins::webshell
