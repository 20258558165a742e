// Tokens of Perl, Python, Ruby, Lua and JavaScript, as far as values are followed through them (program_flow.hpp): names,
// texts and marks, and where statements end. No grammar: what is not understood is a mark.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "webshell/features.hpp"

namespace deadbox::plugins::webshell {

enum class TokenKind : std::uint8_t {
    name,     // with its "::" parts, without a sigil
    text,     // what stands between quotes
    pattern,  // a regular expression, with what replaces it
    mark,     // one operator or bracket
    end       // of a statement: a line, a semicolon, a block's brace
};

struct ProgramToken {
    TokenKind kind = TokenKind::end;
    std::uint32_t offset = 0;
    std::string_view text;
    char sign = 0;            // a name's sigil, a text's quote ('`' runs it), a pattern's letter (m, s, y)
    bool interpolates = false;
    std::uint32_t code = 0;   // a mark's letters: mark_code("=>")
    bool tight = false;       // nothing stands between it and the one before
    std::uint16_t traits = 0; // a name's (program_words.hpp)
    std::uint32_t word = 0;   // a name's place among all names
    std::uint32_t mate = 0;   // of a bracket: where its other half is; 0 for none
    bool is(std::uint16_t trait) const { return (traits & trait) != 0; }
};

constexpr std::uint32_t mark_code(std::string_view mark) {
    std::uint32_t code = 0;
    for (const char c : mark) code = code << 8 | static_cast<unsigned char>(c);
    return code;
}

struct ProgramTokens {
    std::vector<ProgramToken> all;
    struct Word {
        std::uint32_t place;
        std::uint16_t traits;
    };
    std::unordered_map<std::string_view, Word> words;  // of all names
    std::deque<std::string> joined;  // texts that the program puts together: "o" + "s"
};

// Pure; bounded: a longer text's tokens end early.
ProgramTokens program_tokens(std::string_view text, Language language);

}  // namespace deadbox::plugins::webshell
