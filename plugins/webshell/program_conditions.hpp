// What a condition of a program tells of its words: "x in ALLOWED", "$h =~ /^[a-z]+$/", "not (a and b)".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "webshell/features.hpp"

namespace deadbox::plugins::webshell {

// Stands among the words that a condition tells of: whoever is past it is somebody whom the application knows.
inline constexpr std::string_view k_known_visitor = "(known visitor)";

class ProgramConditions {
public:
    ProgramConditions(std::string_view text, Language language) : m_text(text), m_language(language) {}

    // The words that are the program's own choice, or of few letters, where `condition` (a part of the text) holds, or where it
    // does not: written without blanks and sigils ("h", "req.params.job", "in{host}").
    std::vector<std::string> told(std::string_view condition, bool holds, int depth = 0) const;
    // Behind the quotes or the pattern that begin at `at`; `at` where none does.
    std::size_t over_literal(std::string_view text, std::size_t at) const;
    // A value of few letters, or one of the program's own, whatever `expression` is made of: KNOWN[x], int(x), re.sub("[^a-z]", "", x).
    bool is_pattern_of_few(std::string_view expression, bool whole) const;
    bool replaces_all_others(std::string_view expression) const;

private:
    std::vector<std::string> told_by_test(std::string_view test, bool holds, int depth) const;
    std::vector<std::string> told_by_own_function(std::string_view test, bool holds, int depth) const;
    bool tells_login(std::string_view test, bool holds) const;
    // The letters of a pattern: written here, or under this name.
    std::string pattern_of(std::string_view expression) const;

    std::string_view m_text;
    Language m_language;
};

// A word as it is told: without blanks, sigil and what merely trims it.
std::string plain_word(std::string_view expression);

}  // namespace deadbox::plugins::webshell
