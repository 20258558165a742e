// Lists, sets and maps that a program writes down itself: what the request picks of them is the program's own.
#pragma once

#include <optional>
#include <string_view>

namespace deadbox::plugins::webshell {

namespace program_text {  // what all readers of a program's text know of it
std::string_view trimmed(std::string_view text);
// The word at the end, or at the beginning, without a sigil.
std::string_view last_word(std::string_view text);
std::string_view first_word(std::string_view text);
// Behind the bracket that closes the one at `open`; nothing where none does within reach. Quotes hold no brackets.
std::optional<std::size_t> behind_bracket(std::string_view text, std::size_t open, std::size_t most);
}  // namespace program_text

// The expression at `at` of the text is such a list as it stands: ("a", "b"), {'a': f}, Set.of("a"), qw(a b), map { $_ => 1 } qw(a).
bool is_list_written_here(std::string_view text, std::size_t at);
// The list under this name: written once, and nothing of others is put into it. `expression` begins with the name.
bool is_own_list(std::string_view text, std::string_view name);
// Either of both.
bool is_own_list_at(std::string_view text, std::string_view expression);

}  // namespace deadbox::plugins::webshell
