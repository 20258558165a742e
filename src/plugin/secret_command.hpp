// Secrets on command lines: reads a command's words and looks them up in the tables of secret_programs.hpp.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "plugin/secret_programs.hpp"
#include "plugin/secret_text.hpp"
#include "plugin/secret_value.hpp"

namespace deadbox::plugin {

// What a header's name, or a request's parameter, says of its value.
bool names_a_secret_header(std::string_view name);
bool names_a_secret_field(std::string_view name);

// Of echo X and printf X at `at`: what it prints there. A command whose output is the secret is asked for it: $(echo X),
// <(echo X), --password-command 'echo X'.
std::optional<SecretSpan> printed_at(std::string_view text, std::size_t at);
// At '<' of <(...): what is printed into an option whose name says that a secret's file follows.
std::optional<SecretSpan> substitution_at(std::string_view text, std::size_t at);
// Does the name say that a command which prints a secret follows (--password-command, BORG_PASSCOMMAND, passwordeval)?
bool names_a_command(std::string_view name);

// Reads the commands of one text. Each byte is looked at a bounded number of times.
class CommandReader {
public:
    explicit CommandReader(std::string_view text) : m_text(text), m_budget(2 * text.size() + 16'384) {}

    // May a program that the table knows begin with this?
    static bool may_start(char c);
    // Where the word at `at` is such a program: the secrets from there to the end of its command, in no order.
    void read(std::size_t at, std::vector<SecretSpan>& all);

private:
    std::optional<Form> reads_behind(std::size_t end, Quotes around);
    std::string_view mistyped(std::size_t at, std::size_t length);
    bool is_later_in_group(std::size_t at) const;

    std::string_view m_text;
    std::size_t m_budget, m_read_to = 0;
    std::optional<bool> m_has_options;  // or pipes: what a program with a mistyped name would be told a secret by
    std::vector<std::size_t> m_starts;  // of the words of the command that was read last
};

// The secret part of the words [start, end) of a header "Name: value"; of "Name:" alone it stands in the next word.
std::optional<SecretSpan> header_value(std::string_view text, std::size_t start, std::size_t end);

}  // namespace deadbox::plugin
