// Whether a page says of itself that somebody has taken it over.
//
// A defaced page *is* the claim: it stands alone in the title, a heading or a line ("Hacked by X"), on a page of few
// words that shows off. News about hacking has the same words in sentences, among many others, with links and a frame.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "defacement/page.hpp"

namespace deadbox::plugins::defacement {

struct Mark {
    int score = 0;          // 0..100: from 60 on a reader would call it a defaced page
    std::string claim;      // the words, as found (folded), at most 200 bytes
    std::string where;      // title, heading, text, script; "" without a claim
    std::string language;   // of the phrase
    int taunts = 0;         // "your security is low", "greetz to", ...
    bool mirror = false;    // a link to a site that collects defaced pages
};

// A page without such words that shows off and says little (a picture, a flag, a slogan): 20 to 45, or 0. Alone it
// means nothing; the same page in many sites does.
int staged_score(const Page& page);
bool may_be_staged(std::string_view bytes);

// A quick look that rules most files out: false means that mark_page() would find nothing.
bool may_be_marked(std::string_view bytes);
Mark mark_page(const Page& page, std::string_view bytes);

}  // namespace deadbox::plugins::defacement
