#include "webshell/page_command.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace deadbox::plugins::webshell {
namespace {

// Other ways to run something: what they run is not followed.
constexpr std::array<std::string_view, 9> k_other_jsp{"getmethod(", "processimpl", "unixprocess", ".command(", "invoke(", "forname(", "scriptengine", "exec=", "newsocket("};
constexpr std::array<std::string_view, 19> k_other_aspx{"newprocess(", "process()", "asnewprocess", "createprocess", "shell(", "wscript", "shell.application", "xp_cmdshell", "runspacefactory", "powershell", ".addscript(", "getmethod(",
                                                        "managementobjectsearcher", ".filename=", ".arguments=", "redirectstandardinput", "filename=", "arguments=", "cmd.exe"};
constexpr std::array<std::string_view, 2> k_calls_jsp{".exec(", "newprocessbuilder("};
constexpr std::array<std::string_view, 2> k_calls_aspx{"process.start(", "newprocessstartinfo("};
constexpr std::array<std::string_view, 13> k_shells{"sh", "bash", "dash", "ksh", "zsh", "cmd", "cmd.exe", "powershell", "powershell.exe", "nc", "ncat", "netcat", "socat"};

// The arguments up to the parenthesis that closes the call; false where one is anything but texts.
bool are_texts(std::string_view call, std::string& first) {
    int depth = 1;
    std::string words;
    for (std::size_t i = 0; i < call.size() && i < 2000; ++i) {
        const char c = call[i];
        if (c == '"') {
            const auto from = i + 1;
            for (++i; i < call.size() && call[i] != '"'; ++i) if (call[i] == '\\') ++i;
            if (i >= call.size()) return false;
            if (first.empty()) first = call.substr(from, i - from);
            continue;
        }
        if (c == '(') ++depth;
        else if (c == ')' && --depth == 0) {
            for (const std::string_view word : {"newstring[]", "arrays.aslist", "list.of", "null"})
                for (auto at = words.find(word); at != words.npos; at = words.find(word)) words.erase(at, word.size());
            return !first.empty() && words.find_first_not_of("{},()") == words.npos;
        }
        words += c;
    }
    return false;
}

// "/bin/sh", "cmd.exe": what it runs is told elsewhere. (Blanks are gone: "/bin/sh -c x" begins like one.)
bool runs_a_shell(std::string_view program) {
    const auto slash = program.find_last_of("/\\");
    const auto name = slash == program.npos ? program : program.substr(slash + 1);
    return std::find(k_shells.begin(), k_shells.end(), name) != k_shells.end() || program.find("bin/sh-") != program.npos || program.find("bin/bash-") != program.npos || program.find("/dev/tcp") != program.npos;
}

template <class Others, class Calls> bool all_named(std::string_view page, const Others& others, const Calls& calls) {
    if (std::any_of(others.begin(), others.end(), [&](auto other) { return page.find(other) != page.npos; })) return false;
    bool any = false;
    for (const auto call : calls)
        for (auto at = page.find(call); at != page.npos; at = page.find(call, at + 1)) {
            std::string program;
            if (!are_texts(page.substr(at + call.size()), program) || runs_a_shell(program)) return false;
            any = true;
        }
    return any;
}

}  // namespace

bool names_its_commands(std::string_view page, Language language) {
    if (language == Language::jsp) return all_named(page, k_other_jsp, k_calls_jsp);
    return language == Language::aspx && all_named(page, k_other_aspx, k_calls_aspx);
}

bool runs_otherwise(std::string_view page, Language language, std::size_t calls) {
    static constexpr std::array<std::string_view, 12> jsp{"getmethod", "processimpl", "unixprocess", "invoke(", "forname(", "exec=", "newsocket(", "::exec", "methodhandle", "processbuilder::", "loadclass", "defineclass"};
    static constexpr std::array<std::string_view, 12> aspx{"createprocess", "shell(", "wscript", "shell.application", "xp_cmdshell", "runspacefactory", "powershell.create", ".addscript(", "getmethod(", "managementobjectsearcher", "invoke(", "assembly"};
    const auto has = [&](auto way) { return page.find(way) != page.npos; };
    if (language == Language::jsp ? std::any_of(jsp.begin(), jsp.end(), has) : std::any_of(aspx.begin(), aspx.end(), has)) return true;
    // What stands outside of the code that was read.
    std::size_t written = 0;
    for (const std::string_view call : language == Language::jsp ? std::array<std::string_view, 2>{".exec(", "processbuilder("} : std::array<std::string_view, 2>{"process.start(", "newprocessstartinfo("})
        for (auto at = page.find(call); at != page.npos; at = page.find(call, at + call.size())) ++written;
    return written != calls;
}

}  // namespace deadbox::plugins::webshell
