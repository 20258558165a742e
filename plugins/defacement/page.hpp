// A page as its reader sees it: blocks of text with their place, and what surrounds them. Not a browser: a scanner
// that survives anything, in one pass.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace deadbox::plugins::defacement {

enum class Where : std::uint8_t { text, heading, title };  // heading: h1-h3, center, marquee, large fonts, bold blocks

struct Block {
    std::string text;  // ASCII and Cyrillic in lower case, entities undone, white space as single blanks
    Where where = Where::text;
    std::uint32_t words = 0;
};

struct Page {
    std::vector<Block> blocks;     // at most 4,096
    std::string scripts;           // what quotes in scripts and in PHP's echo hold, folded likewise; at most 64 KiB
    std::uint32_t words = 0;       // visible
    std::uint32_t links = 0, own_links = 0;  // all; those into the same site
    std::uint32_t paragraphs = 0;  // blocks of 30 words and more
    std::uint32_t images = 0;
    bool article = false;          // article, nav, footer, main elements, or a feed of articles
    std::uint32_t theatrics = 0;   // kinds of showing off: marquee, sound, black ground, glowing letters ...
    std::uint32_t code_bytes = 0;  // in PHP, JSP, ASP tags
    bool plain = false;            // no markup at all
};

// `bytes` is HTML, a template with HTML in it, or plain text.
Page read_page(std::string_view bytes);

// Lower case, entities undone, white space single.
std::string fold(std::string_view text);
// Digits and signs that stand for letters inside words are read as those: h4ck3d -> hacked, 0wned -> owned.
std::string unleet(std::string_view folded);
// Letters that stand apart are read as words: "h a c k e d   b y" and "h.a.c.k.e.d" are hacked, as their reader sees them.
std::string unspaced(std::string_view text);
// Whether letters may stand apart anywhere; cheap: most pages have none.
bool has_letters_apart(std::string_view text);

}  // namespace deadbox::plugins::defacement
