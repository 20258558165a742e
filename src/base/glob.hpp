// Shell-like patterns over paths, which are raw bytes.
//   *   any bytes but '/'          **  any bytes, '/' too ("/a/**/b" matches "/a/b" as well)
//   ?   one byte but '/'           [a-z] [!a-z] one byte of a set
//   {a,b}  alternatives (expanded when compiled, at most 256, not nested)
// Everything else is itself; '\' takes the next byte literally.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace deadbox::base {

class Glob {
public:
    explicit Glob(std::string_view pattern);
    bool matches(std::string_view path) const;
    // True when a path below the folder `directory` could match: a cheap filter for walks.
    bool may_match_below(std::string_view directory) const;
    // True when the pattern names places and `directory` is on the way to one. A pattern that starts with "**" names none: what
    // it means does not depend on where a folder lies.
    bool leads_below(std::string_view directory) const;

private:
    struct Alternative {
        std::string pattern;
        std::string literal_prefix;  // bytes before the first special one
        std::string literal_suffix;  // bytes after the last special one
        bool literal = false;        // no special byte at all
    };
    std::vector<Alternative> m_alternatives;
};

}  // namespace deadbox::base
