// A regular expression over file names, as <FilesMatch> of Apache's settings has it: enough of one to tell which names it takes.
#pragma once

#include <bitset>
#include <string_view>
#include <vector>

namespace deadbox::plugins::webshell {

// pattern := alternative ("|" alternative)*      alternative := (atom repetition?)*
// atom := byte | "." | "\" byte | "[" set "]" | "(" "?:"? pattern ")" | "^" | "$"      repetition := "?" | "*" | "+" | "{" n ("," m?)? "}"
// What is more than that (looking ahead, references) is not understood: such a pattern takes any name.
class NamePattern {
public:
    explicit NamePattern(std::string_view pattern);
    // Found anywhere in the name. Bounded: a name that takes too many steps is not taken.
    bool matches(std::string_view name) const;

private:
    struct Atom {
        enum class Kind { letter, group, start, end } kind = Kind::letter;
        std::bitset<256> letters;
        std::vector<std::vector<Atom>> alternatives;
        std::size_t least = 1, most = 1;
    };
    using Sequence = std::vector<Atom>;
    struct Reader;
    struct Matcher;
    std::vector<Sequence> m_alternatives;
    bool m_understood = true;
};

}  // namespace deadbox::plugins::webshell
