// The words of Perl, Python, Ruby, Lua and Node programs that matter where values are followed (program_flow.hpp): where a
// value of the request begins, what leaves it whole or cleans it, what executes it.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <unordered_set>

#include "webshell/features.hpp"

namespace deadbox::plugins::webshell {

// A chain is written plainly: "request.args.get(q", "ENV[HTTP_X", "subprocess.run(".
std::span<const std::string_view> sources_of(Language language);
// Fetched from another machine, and read from a connection.
bool is_remote_source(std::string_view chain);
bool is_connection(std::string_view chain);

bool one_of(std::string_view word, std::initializer_list<std::string_view> words);

struct ProgramDeed {
    std::string_view callee;
    Sign sign;  // request_command, request_code or request_callable
};
std::span<const ProgramDeed> deeds_of(Language language);

// What leaves a number, a digest, a quoted word: nothing that could be a command.
bool is_cleaner(std::string_view function);
// What gives its argument back, decoded or trimmed.
bool is_passing(std::string_view function);
// Words before a value that are no part of it; words that end one.
bool is_opener(std::string_view word);
bool ends_expression(std::string_view word);
// "/bin/sh": whatever follows is a command.
bool is_shell(std::string_view program);
// A command's beginning behind which any other may stand: "sh -c ", "cd x; ".
bool opens_command(std::string_view text);

// The words that sources are made of, and those that deeds begin with or that tell something about other names.
struct TellingWords {
    std::unordered_set<std::string_view> sources, deeds{"return", "def", "sub", "function", "import", "from", "lambda", "require", "getattr", "__import__", "foreach", "for", "while"};
};
const TellingWords& telling_words(Language language);

// False where the text lacks words without which nothing is taken from outside, or nothing executed: most programs. Cheap.
bool may_execute(std::string_view text, Language language);

}  // namespace deadbox::plugins::webshell
