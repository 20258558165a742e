// Code and commands: what runs them, and files that are run.
#include "webshell/php_patterns.hpp"
#include "webshell/php_sink_table.hpp"
#include "webshell/program_patterns.hpp"

#include <algorithm>
#include <array>

namespace deadbox::plugins::webshell::php {
namespace {

// "/bin/sh -i": whatever it is told then. Netcat is one's gate, or its end; what lies in /tmp was put there just now.
bool names_shell(std::string_view command) {
    if (contains(command, "/tmp/") || contains(command, "/dev/shm/")) return true;
    static constexpr std::array<std::string_view, 13> k_shells{"sh", "bash", "dash", "zsh", "ksh", "csh", "cmd", "cmd.exe", "powershell", "nc", "ncat", "netcat", "socat"};
    for (std::size_t from = 0; from < command.size();) {
        auto end = command.find_first_of(" \t;|&()<>'\"=", from);
        if (end == command.npos) end = command.size();
        const auto word = command.substr(from, end - from);
        const auto slash = word.rfind('/');
        if (std::find(k_shells.begin(), k_shells.end(), slash == word.npos ? word : word.substr(slash + 1)) != k_shells.end()) return true;
        from = end + 1;
    }
    return false;
}

// Programs that do what their arguments say: they run code, fetch, or start another program.
bool does_what_it_is_told(std::string_view program) {
    static constexpr std::array<std::string_view, 26> k_all{"perl", "python", "python2", "python3", "ruby", "php", "php-cli", "node", "lua", "tclsh", "awk", "gawk", "mawk", "wget", "curl", "fetch", "lwp-download", "lynx", "telnet", "ssh", "xargs",
                                                            "eval", "exec", "source", "crontab", "at"};
    return std::find(k_all.begin(), k_all.end(), program) != k_all.end();
}
bool is_interpreter(std::string_view program) {
    static constexpr std::array<std::string_view, 9> k_all{"perl", "python", "python2", "python3", "ruby", "php", "php-cli", "node", "lua"};
    return std::find(k_all.begin(), k_all.end(), program) != k_all.end();
}
// "dig +short ", "cd /srv && git log ": what stands before the request's word names a program that takes it for an argument.
bool is_fixed_program(std::string_view before) {
    if (names_shell(before) || contains(before, " -exec")) return false;
    if (const auto end = before.find_last_of(";|&\n`(){}"); end != before.npos) before.remove_prefix(end + 1);
    static constexpr std::array<std::string_view, 8> k_openers{"sudo", "nohup", "time", "nice", "ionice", "env", "timeout", "stdbuf"};
    bool opener = false, interpreter = false;
    for (std::size_t from = before.find_first_not_of(" \t"); from != before.npos;) {
        const auto end = before.find_first_of(" \t", from);
        if (end == before.npos) return false;  // the request's word ends the program's name
        const auto word = before.substr(from, end - from);
        from = before.find_first_not_of(" \t", end);
        if (word.find('=') != word.npos) continue;  // LANG=C
        const auto slash = word.rfind('/');
        const auto name = slash == word.npos ? word : word.substr(slash + 1);
        if (std::find(k_openers.begin(), k_openers.end(), name) != k_openers.end()) { opener = true; continue; }
        // Options, and what they are for: "sudo -u www", "timeout 5".
        if (word.starts_with('-')) {
            if (interpreter) return false;
            continue;
        }
        if (opener && name.find_first_not_of("0123456789.smh") == name.npos) continue;
        if (interpreter) return true;  // its script
        if (is_interpreter(name)) { interpreter = true; continue; }
        return !does_what_it_is_told(name);
    }
    return false;
}

// proc_open([$program, $argument, ...]): no shell stands between, so an argument stays one.
Value run_words(Machine& m, const Value& words, std::string_view how) {
    const auto& list = words.array();
    if (!(deep_taint(words) & k_request)) return {};
    const Value program = list.items.empty() ? Value::unknown(list.rest) : list.items[0].second;
    std::string line;  // the program and what the script itself tells it
    for (const auto& [key, item] : list.items) {
        if (line.size() > 1000 || !item.is_text()) break;
        line += item.text() + ' ';
    }
    constexpr Taint k_strange = k_remote | k_upload | k_undefined | k_hidden | k_decoded | k_file;
    const bool own = program.is_text() ? !program.from_request() : !(program.taint & (k_request | k_strange));
    if (!own || (program.is_text() && !is_fixed_program(lowered(line)))) m.sign(Sign::request_command, how);
    else {
        m.bounded();
        m.sign(Sign::fixed_command, how);
    }
    return {};
}
Value command(Machine& m, std::string_view name, Args& a) {
    if (name == "pcntl_exec" && a.size() > 1 && (deep_taint(a[1]) & k_request)) { m.sign(Sign::request_command, name); return {}; }
    if (name == "ssh2_exec" || name == "expect_popen") return run_command(m, argument(a, name == "ssh2_exec" ? 1 : 0), name);
    const auto first = argument(a, 0);
    if (m.written().contains("(connected)") && first.is_text()) {
        const auto low = lowered(first.text().substr(0, 40));
        const auto program = low.substr(0, low.find(' '));
        if (program == "sh" || program == "bash" || program.ends_with("/sh") || program.ends_with("/bash") || program == "cmd" || program == "cmd.exe" || program == "powershell") m.sign(Sign::socket_shell, name);
    }
    if (name == "proc_open" && argument(a, 0).type == Type::array) return run_words(m, a[0], name);
    return run_command(m, argument(a, 0), name);
}
Value run_assert(Machine& m, std::string_view name, Args& a) {
    if (a.empty()) return {};
    // assert($condition) is everyday; a text is code.
    if (a[0].is_text() || whole(a[0]) || (a[0].from_request() && (a[0].prefix().empty() == false || a[0].taint & k_decoded)) || a[0].taint & (k_remote | k_hidden | k_upload)) return m.run_code(a[0], name);
    if (a[0].from_request()) return m.run_code(a[0], name);
    return {};
}
// The body's one deed: eval($a), assert($a), system($a) of a parameter.
bool runs_its_argument(std::string_view parameters, std::string_view body) {
    std::string code;
    for (const char c : body) if (c != ' ' && c != '@' && c != '\t' && c != '\n' && c != '\r') code += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    if (code.starts_with("return")) code.erase(0, 6);
    if (code.starts_with("(")) code.erase(0, 1);
    for (const std::string_view word : {"eval(", "assert(", "system(", "passthru(", "shell_exec(", "exec("})
        if (code.starts_with(word) && code.size() > word.size() && code[word.size()] == '$') {
            const auto end = code.find_first_of(",);[", word.size());
            const auto variable = code.substr(word.size(), end == code.npos ? end : end - word.size());
            return contains(lowered(parameters), variable) && code.size() < end + 6;
        }
    return false;
}
Value make_function(Machine& m, std::string_view name, Args& a) {
    const auto body = argument(a, 1);
    if (a.size() > 1 && argument(a, 0).from_request() && !body.from_request()) m.sign(Sign::request_code, name);
    m.run_code(body, name);
    if (!body.is_text() || !argument(a, 0).is_text()) return {};
    // function($x) { return eval($x); }: whoever calls it runs what it is given.
    auto made = m.make_closure(a[0].text(), body.text());
    if (made.type == Type::closure && runs_its_argument(a[0].text(), body.text())) m.sign(Sign::hidden_callable, name);
    return made;
}
bool has_e_modifier(std::string_view pattern) {
    std::size_t i = 0;
    while (i < pattern.size() && (pattern[i] == ' ' || pattern[i] == '\n' || pattern[i] == '\t')) ++i;
    if (i >= pattern.size()) return false;
    char close = pattern[i];
    if (close == '(') close = ')';
    else if (close == '{') close = '}';
    else if (close == '[') close = ']';
    else if (close == '<') close = '>';
    const auto end = pattern.rfind(close);
    if (end == pattern.npos || end <= i) return false;
    const auto modifiers = pattern.substr(end + 1);
    return modifiers.size() < 12 && modifiers.find('e') != modifiers.npos && modifiers.find_first_not_of("imsxeADSUXJu \n\r\t") == modifiers.npos;
}
// '/[^a-z0-9._-]/i', '/\W/': whatever is no letter or sign of a name gives way.
bool replaces_slashes(std::string_view pattern) {
    if (pattern.size() < 4) return false;
    auto body = pattern.substr(1, pattern.rfind(pattern[0]) - 1);
    if (body.ends_with('+')) body.remove_suffix(1);
    if (body == "\\W") return true;
    return body.starts_with("[^") && body.find(']', 3) == body.size() - 1 && body.find('/') == body.npos && body.find("\\S") == body.npos && body.find("\\W") == body.npos && body.find("\\D") == body.npos;
}
Value regular(Machine& m, std::string_view name, Args& a) {
    const bool multibyte = name.starts_with("mb_ereg");
    Value pattern = argument(a, 0);
    bool executes = false;
    if (multibyte) executes = argument(a, 3).is_text() && contains(argument(a, 3).text(), "e");
    else if (pattern.is_text()) executes = has_e_modifier(pattern.text());
    else if (pattern.type == Type::array) for (const auto& [k, v] : pattern.array().items) executes |= v.is_text() && has_e_modifier(v.text());
    const auto subject = argument(a, 2);
    Value replacement = argument(a, 1);
    if (!executes && (bare(pattern) || (multibyte && whole(argument(a, 3)))) && (replacement.from_request() || deep_taint(subject) & k_request)) {
        m.sign(Sign::request_code, name);
        return Value::unknown(k_request);
    }
    if (executes) {
        if (replacement.type == Type::array && !replacement.array().items.empty()) {
            // The replacement at the executing pattern's place.
            std::size_t which = 0;
            if (pattern.type == Type::array) {
                const auto& patterns = pattern.array().items;
                while (which < patterns.size() && !(patterns[which].second.is_text() && has_e_modifier(patterns[which].second.text()))) ++which;
            }
            replacement = which < replacement.array().items.size() ? replacement.array().items[which].second : Value();
        }
        const bool groups = replacement.is_text() && (contains(replacement.text(), "\\1") || contains(replacement.text(), "$1") || contains(replacement.text(), "\\0") || contains(replacement.text(), "$0") || contains(replacement.text(), "\\2"));
        if (replacement.is_text() && groups) {
            // The subject's text lands inside of the code.
            auto code = replacement.text();
            for (const std::string_view group : {"\\\\1", "\\1", "$1", "\\0", "$0"})
                for (auto at = code.find(group); at != code.npos; at = code.find(group, at + 1)) {
                    if (subject.is_text()) code.replace(at, group.size(), subject.text());
                    break;
                }
            if (deep_taint(subject) & k_request) {
                // 'strtoupper("\\1")' of old applications is a hole, and no shell; eval("\\1") is one.
                const auto low = lowered(replacement.text());
                if (contains(low, "eval") || contains(low, "assert") || low.size() <= 4 || contains(low, "system") || contains(low, "base64_decode")) m.sign(Sign::request_code, name);
                else m.sign(bare(subject) && contains(low, "\"") ? Sign::partial_code : Sign::partial_callable, name);
            } else if (subject.is_text()) m.run_code(Value::of(code, replacement.taint, static_cast<std::uint8_t>(std::max(replacement.layers, subject.layers))), name);
            else m.run_code(Value::unknown(static_cast<Taint>(deep_taint(subject) & (k_remote | k_hidden))), name);
        } else if (replacement.is_text()) {
            // A pattern that is made to match anything is a way to say eval.
            auto code = replacement;
            code.layers = std::max<std::uint8_t>(code.layers, code.text().size() > 60 ? 1 : 0);
            m.run_code(code, name);
        } else m.run_code(replacement, name);
    }
    // What it gives: the subject with parts replaced.
    if (subject.is_text() && pattern.is_text() && replacement.is_text()) {
        const auto& p = pattern.text();
        // Plain patterns (/abc/) and single classes (/[^a-z]/) are followed.
        if (p.size() > 2 && p.find_last_of(p[0]) > 0) {
            const auto body = p.substr(1, p.find_last_of(p[0]) - 1);
            if (!body.empty() && body.find_first_of("\\^$.[]|()?*+{}") == body.npos && !contains(replacement.text(), "\\") && !contains(replacement.text(), "$")) {
                Args plain{Value::of(body), replacement, subject};
                if (auto out = fold(p.find_last_of(p[0]) + 1 < p.size() ? "str_ireplace" : "str_replace", plain, {})) return *out;
            }
        }
        return Value::unknown(static_cast<Taint>((subject.taint & ~k_whole) | k_hidden | k_built));
    }
    auto taint = static_cast<Taint>(deep_taint(subject) & ~k_undefined);
    if (taint & k_request && pattern.is_text() && replacement.is_text() && replaces_slashes(pattern.text()) && replacement.text().find('/') == std::string::npos) taint |= k_below;
    if (taint & k_request && !executes) {
        // What is left when all but few letters give way; what is put in their place may bring others back.
        const bool harmless = replacement.is_text() && is_of_few_letters(replacement.text());
        if (pattern.is_text() && harmless && finds_all_others(multibyte ? std::string_view(pattern.text()) : bare_pattern(pattern.text()))) taint &= ~k_free;
        else if (!harmless) taint |= k_free;
    }
    return Value::unknown(taint);
}

}  // namespace

Value run_command(Machine& m, const Value& command, std::string_view how) {
    const Taint taint = deep_taint(command);
    Value output = Value::unknown(taint & k_request ? k_request | k_file : k_file);
    if (taint & k_request) {
        const auto prefix = lowered(command.prefix());
        // "cmd /c ", "sh -c ", "sudo ", "(": still any command.
        bool shell = command.taint & k_whole;
        std::string_view rest = prefix;
        static constexpr std::array<std::string_view, 12> openers{"cmd", "/bin/sh", "/bin/bash", "bash", "sh -", "(", "powershell", "su ", "start ", "export", "cd ", "ulimit"};
        // "sudo " and "sudo -u x ", but not "sudo systemctl restart ".
        for (const std::string_view word : {"sudo ", "nohup "})
            if (rest.starts_with(word)) shell |= rest.size() == word.size() || rest[word.size()] == '-' || rest.substr(word.size()).starts_with("sh ") || rest.substr(word.size()).starts_with("bash ");
        for (const auto& o : openers) shell |= rest.starts_with(o);
        if (!rest.empty() && rest.find_first_not_of(" \t\"'(") == rest.npos) shell = true;
        if (taint & k_to_shell) shell = true;
        if (rest.size() > 2 && (rest.ends_with("; ") || rest.ends_with(";") || rest.ends_with("&& ") || rest.ends_with("| "))) shell = true;
        const bool fixed = is_fixed_program(prefix);
        const bool few = !(taint & k_free);
        // "cd /srv/app && git checkout ": the folder is the script's own.
        if (shell && few && fixed && !(taint & (k_whole | k_to_shell))) shell = false;
        // Of few letters it is an argument, or a file of a folder that the script names.
        if (!shell && few && (fixed || (taint & k_below && prefix.find('/') != prefix.npos && !names_shell(prefix)))) {
            m.bounded();
            m.sign(Sign::fixed_command, how);
            return Value::unknown(k_file);
        }
        if (!shell && fixed) ++m.features().fixed_programs;
        m.sign(shell ? Sign::request_command : Sign::partial_command, how);
    } else if (command.taint & k_remote) m.sign(Sign::remote_code, how);
    else if (!command.is_known() && command.taint & k_undefined && !(command.taint & k_built)) m.sign(Sign::undefined_command, how);
    else if (command.is_text() && !command.text().empty()) {
        const auto low = lowered(command.text());
        if (contains(low, "/dev/tcp/") || contains(low, "nc -e") || contains(low, "bash -i") || (contains(low, "sh -i") && contains(low, "<&")) || contains(low, "mkfifo")) m.sign(Sign::socket_shell, how);
        else if (low.starts_with("wget ") || low.starts_with("curl ") || contains(low, "wget http") || contains(low, "curl http") || contains(low, "curl -o") || contains(low, "lwp-download")) m.sign(Sign::remote_dropper, how);
        else {
            if (!names_shell(low)) ++m.features().named_commands;
            m.sign(Sign::fixed_command, how);
        }
        if (low == "id" || low == "whoami" || low.starts_with("uname") || contains(low, "/etc/passwd")) m.sign(Sign::environment, low.substr(0, 40));
    } else m.sign(Sign::fixed_command, how);
    return output;
}

Value include_file(Machine& m, const Value& path) {
    if (path.taint & k_temporary) {
        if (m.written().contains("(temporary, of the request)")) m.sign(Sign::request_code, "include of what was written");
        else if (m.written().contains("(temporary, hidden)")) m.sign(Sign::hidden_code, "include of what was written");
        return {};
    }
    if (path.from_request() && (path.prefix().starts_with("data:") || path.prefix().starts_with("http://") || path.prefix().starts_with("https://") || path.prefix().starts_with("ftp://"))) {
        m.sign(path.prefix().starts_with("data:") ? Sign::request_code : Sign::request_include, "include");
        return {};
    }
    const std::string_view start = path.is_text() ? std::string_view(path.text()) : path.prefix();
    // A script read through a decoder, or out of a stream that this script makes up.
    if (const auto scheme = start.find("://"); scheme != start.npos && scheme < 20 && (start.starts_with("php://filter") || m.written().contains(std::string(start.substr(0, scheme + 3))))) {
        m.sign(path.from_request() ? Sign::request_include : Sign::hidden_code, "include through a stream");
        return {};
    }
    if (path.from_request() || path.taint & k_upload) {
        // With extract() about, any variable may be the request's: then it is a hole at most.
        if (path.taint & k_upload || (path.taint & k_whole && path.prefix().empty() && !(path.taint & k_undefined))) m.sign(Sign::request_include, "include");
        else m.sign(Sign::partial_include, "include");
    } else if (path.is_text() && m.written().contains(path.text())) {
        m.sign(Sign::request_code, "include of what was written");
    } else if (path.is_text() && m.scripted().contains(path.text()) && !is_script_name(path.text())) {
        m.sign(Sign::script_dropper, "include of what was written");
    } else if (path.is_text()) {
        const auto low = lowered(path.text());
        if (low.starts_with("php://input") || low.starts_with("data:")) {
            if (low.starts_with("data:")) {
                const auto comma = path.text().find(',');
                if (comma != std::string::npos) {
                    auto v = Value::of(path.text().substr(comma + 1), k_decoded, 1);
                    if (contains(low.substr(0, comma), "base64")) { Args one{v}; if (auto out = fold("base64_decode", one, {})) v = *out; }
                    if (v.is_text()) v = Value::of("?>" + v.text(), v.taint, v.layers);
                    m.run_code(v, "include");
                }
            } else m.sign(Sign::request_code, "include");
        } else if (is_url(low)) m.sign(Sign::remote_code, "include");
        else if (low.starts_with("phar://") && (contains(low, ".jpg/") || contains(low, ".jpeg/") || contains(low, ".png/") || contains(low, ".gif/") || contains(low, ".ico/") || contains(low, ".webp/"))) m.sign(Sign::file_code, "include of an image");
        else if (low.ends_with(".jpg") || low.ends_with(".png") || low.ends_with(".gif") || low.ends_with(".ico") || low.ends_with(".jpeg") || low.ends_with(".txt") || low.ends_with(".log") || low.ends_with(".bmp")) m.sign(Sign::file_code, low.ends_with(".txt") || low.ends_with(".log") ? "include of a text" : "include of an image");
        else if (path.taint & k_decoded && path.layers > 0) m.sign(Sign::hidden_code, "include of a hidden path");
    } else if (path.taint & k_remote) m.sign(Sign::remote_code, "include");
    return {};
}

void add_code_sinks(Sinks& sinks) {
    add_sinks(sinks, {"system", "exec", "shell_exec", "passthru", "popen", "proc_open", "pcntl_exec", "ssh2_exec", "expect_popen"}, command);
    add_sinks(sinks, {"assert"}, run_assert);
    add_sinks(sinks, {"create_function"}, make_function);
    add_sinks(sinks, {"preg_replace", "preg_filter", "mb_ereg_replace", "mb_eregi_replace"}, regular);
}

}  // namespace deadbox::plugins::webshell::php
