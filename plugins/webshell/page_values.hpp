// What a JSP or ASPX page hands to the programs that it runs and to the code that it evaluates: followed backwards from each
// call, over the page's own assignments, with what its conditions tell of its words (program_bounds.hpp).
#pragma once

#include <string_view>

#include "webshell/features.hpp"

namespace deadbox::plugins::webshell {

// Of all calls of a page, the worst. Java and .NET start programs without a shell: what stands behind a program's name is its
// argument, whatever it holds, unless the program itself takes commands (sh -c).
enum class Given {
    none,      // there is no such call
    own,       // the page's own words, or the request's of few letters
    argument,  // the request's word is an argument of a program that the page names
    unknown    // anything
};
struct PageCalls {
    Given commands = Given::none, code = Given::none;
    std::size_t seen = 0;       // calls that run a command
    bool behind_login = false;  // all that runs something, or all that takes something of the request
};
PageCalls page_calls(std::string_view text, Language language);

}  // namespace deadbox::plugins::webshell
