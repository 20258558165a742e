// Which programs are told a secret on their command line or read one from another's output, and in what form. Tables: adding a
// program changes no code.
#pragma once

#include <string_view>
#include <vector>

namespace deadbox::plugin {

enum class Form : unsigned char {
    whole,
    after_colon,    // user:SECRET
    second,         // user:SECRET:more
    after_comma,    // user,SECRET
    after_percent,  // user%SECRET
    after_slash,    // user/SECRET@database
    pass_source,    // pass:SECRET of OpenSSL; env: and file: are none
    header,         // Name: SECRET
    cookie,         // name=SECRET; a file's name is none
    fields,         // name=SECRET&name=SECRET
    at_host,        // user:SECRET@host
    pair,           // NAME SECRET, in one word
    dialog,         // lines as they are typed at the program's prompt (secret_dialog.hpp)
    answer,         // of a program that may be told other things, too: one word that no language has
    marked,         // str:SECRET, hex:SECRET, aes:SECRET; session:, file: and pcr: are none
    parts,          // h=HOST,u=USER,p=SECRET
    hex,            // only hexadecimal digits
    made_up,        // only what nothing is called (is_no_account_name)
    scrambled,      // only what is scrambled
    login,          // of a file that says how to log in: name:SECRET, a line of .pgpass, SECRET
    answer_behind,  // name=SECRET, where that is an answer
};
enum class Take : unsigned char { next, glued, either };  // -p SECRET, -pSECRET

// `programs`: names separated by blanks; one that ends in * stands for all that begin so. `sub`: a word that must stand before.
struct Option {
    std::string_view programs, sub, options;
    Take take = Take::either;
    Form form = Form::whole;
    std::string_view flags = {};  // short options without a value, which may stand before it in the same word: -sku user:pw
    bool first_only = false;      // only before the first operand: what follows is another program
};
// Operands. `index`: which one behind `after`, the first is 0; negative: counted from the last. `after` empty: behind the program;
// "//*": a share, and the very next word. `with`: only where the first operand has this in it. `flag`: only where this word stands there.
inline constexpr int k_every = 1'000;  // all of them
struct Operand {
    std::string_view programs, after;
    int index = 0;
    Form form = Form::whole;
    std::string_view with = {}, flag = {};
};
// Programs that read one from their input: echo SECRET | program, program <<< SECRET, program << END. `programs`: as of options. `with`: only where this word stands there too.
struct Reader {
    std::string_view programs, with = {};
    Form form = Form::whole;
};

// One row that is about a program.
struct ProgramUse {
    const Option* option = nullptr;
    const Operand* operand = nullptr;
    const Reader* reader = nullptr;
    bool prints = false;  // what it prints is its operands: echo
    bool named = false;   // it takes "NAME VALUE" as two words, where NAME says secret
};
// The rows about the program of this name, without its folder; none where nothing is known of it.
std::vector<ProgramUse> uses_of(std::string_view program);
// The program of these tables that a word was meant to be, one letter off: mysqp, sshpas, ehco; else empty.
std::string_view program_meant(std::string_view word);
// May such a program's name begin with this?
bool starts_a_program(char c);
// Programs that start the one behind them.
bool is_starter(std::string_view program);
// Programs that hand on what they read.
bool is_filter(std::string_view program);

}  // namespace deadbox::plugin
