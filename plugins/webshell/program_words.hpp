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
std::span<const std::string_view> remote_sources();
std::span<const std::string_view> connections();
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
// What a word is, wherever it stands: bits.
enum WordTrait : std::uint16_t {
    word_opener = 1,      // before a value, and no part of it: my, return, await
    word_ender = 2,       // ends an expression: if, and, in
    word_condition = 4,   // what follows is no value of it
    word_looper = 8,      // for, foreach
    word_comparer = 16,   // operators between words: eq, x, is
    word_negation = 32,   // makes a truth of a value
    word_lister = 64,     // Perl's map, grep, sort
    word_reader = 128,    // fills a variable from a handle
    word_definer = 256,   // a function's name follows
    word_arguments = 512  // Perl's shift and @_: what a function was given
};
std::uint16_t traits_of(std::string_view word);
// "/bin/sh": whatever follows is a command.
bool is_shell(std::string_view program);
// A command's beginning behind which any other may stand: "sh -c ", "cd x; ".
bool opens_command(std::string_view text);

// The words that sources are made of; those that deeds begin with, and those of deeds that run code, which may be hidden in
// the program itself; those that tell something about other names.
struct TellingWords {
    std::unordered_set<std::string_view> sources, deeds{"def", "sub", "function"}, codes{"require", "getattr", "__import__"}, names{"return", "import", "from", "lambda", "foreach", "for", "while"};
};
const TellingWords& telling_words(Language language);

// getattr(g, "ex" + "ec"): what is looked up is put together, so that its name is not seen.
bool looks_up_pieces(std::string_view text, Language language);

// False where the text lacks words without which nothing is taken from outside, or nothing executed: most programs. Cheap.
bool may_execute(std::string_view text, Language language);

}  // namespace deadbox::plugins::webshell
