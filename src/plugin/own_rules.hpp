// Rules of the examiner's own, which a parser runs over files. They are text that somebody wrote: it is compiled in a locked-down
// child alone, like everything that is read.
#pragma once

#include <string_view>

#include "base/result.hpp"

namespace deadbox::plugin {

struct RuleText {
    std::string_view file;  // its name, for messages and findings
    std::string_view text;
};

class RuleTaker {
public:
    virtual ~RuleTaker() = default;
    // How many rules the text has, or why it cannot be used, with its line. By itself: nothing is kept.
    virtual base::Result<std::size_t> check(const RuleText& rules) = 0;
    // Keeps them, beside those that were added before, for all files that come.
    virtual void add(const RuleText& rules) = 0;
};

}  // namespace deadbox::plugin
