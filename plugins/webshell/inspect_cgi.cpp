// CGI programs: values of the request are followed through Perl, Python, Ruby, Lua and Node (program_flow.hpp), and through shells,
// awk and Tcl (shell_program.hpp); here, line by line, the files that a program names by them, and shells tied to a socket.
#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include "base/text_set.hpp"
#include "webshell/inspect.hpp"
#include "webshell/program_flow.hpp"
#include "webshell/shell_program.hpp"
#include "webshell/letters.hpp"

namespace deadbox::plugins::webshell {
namespace {

constexpr std::size_t k_short_program = 4000;  // where a name of one letter is a variable's
constexpr std::size_t k_longest_line = 2000;

// Expressions that are the request's, by language.
std::vector<std::string_view> sources(Language language) {
    switch (language) {
        case Language::perl: return {"param(", "->param", "->Vars", "cgi->", "$ENV{'QUERY", "$ENV{QUERY", "$ENV{\"QUERY", "$ENV{'REQUEST_URI", "$ENV{'PATH_INFO", "QUERY_STRING", "$in{", "$FORM{", "$form{", "$input{", "read(STDIN", "HTTP_", "url_param", "->Vars", "<STDIN>"};
        case Language::python: return {"FieldStorage", "QUERY_STRING", "request.json", "get_argument(", "environ['PATH_INFO", "query_params", "request.query", "web.input(", "self.path", "parse_qs(", "request.files", "bottle.request", "request.args", "request.form", "request.values", "getvalue(", "getfirst(", "request.GET", "request.POST", "request.data", "form[", "self.headers", "request.cookies", "rfile.read"};
        case Language::ruby: return {"params[", "cgi[", "req.query", "ENV['QUERY", "request.body", "QUERY_STRING", "request.params", "cgi.params"};
        case Language::shell: return {"$(cat)", "`cat`", "CONTENT_LENGTH", "$QUERY_STRING", "${QUERY_STRING", "$HTTP_", "$CONTENT_LENGTH", "$REQUEST_URI", "$QUERY_STRING", "QUERY_STRING"};
        default: return {};
    }
}
// Those that the text holds.
std::vector<std::string_view> sources_in(std::string_view text, Language language) {
    struct Known {
        std::vector<std::string_view> all;
        std::optional<base::TextSet> set;
    };
    static std::map<Language, Known> languages;
    auto& [all, set] = languages[language];
    if (!set) all = sources(language), set.emplace(all);
    const auto held = set->in(text);
    std::vector<std::string_view> found;
    for (std::size_t i = 0; i < all.size(); ++i)
        if (held[i]) found.push_back(all[i]);
    return found;
}
std::string_view line_at(std::string_view text, std::size_t at) {
    auto from = at > 0 ? text.rfind('\n', at - 1) : text.npos;
    from = from == text.npos ? 0 : from + 1;
    if (at - from > 100) from = at - 100;
    const auto end = std::min({text.find('\n', at), text.size(), from + 300});
    return text.substr(from, end - from);
}
// Up to the line's end, or the semicolon that ends a statement; a comment whole.
std::string_view statement_at(std::string_view text, std::size_t at, Language language) {
    const auto line = text.substr(at, text.find('\n', at) - at);
    if (language == Language::ruby || line.find(';') == line.npos) return line;
    const auto start = line.find_first_not_of(" \t");
    if (start == line.npos || line[start] == '#') return line;
    char quote = 0;
    for (std::size_t i = start; i < line.size(); ++i) {
        if (line[i] == '\\') ++i;
        else if (quote != 0) quote = line[i] == quote ? '\0' : quote;
        else if (line[i] == '"' || line[i] == '\'') quote = line[i];
        else if (line[i] == ';') return line.substr(0, i);
    }
    return line;
}
bool is_comment(std::string_view line) {
    const auto start = line.find_first_not_of(" \t");
    return start == line.npos || line[start] == '#';
}

// What a line calls the function's own arguments: "my ($a, $b) = @_;", "my $a = shift;".
bool takes_arguments(std::string_view line) { return line.find("@_") != line.npos || line.find("= shift") != line.npos || line.find("=shift") != line.npos || line.find("$_[") != line.npos; }

// The word behind "sub " or "def " at a line's beginning.
std::string defined_here(std::string_view line, Language language) {
    const std::string_view word = language == Language::perl ? "sub " : "def ";
    const auto start = line.find_first_not_of(" \t");
    if (start == line.npos || line.substr(start, 4) != word) return {};
    auto from = line.find_first_not_of(" \t", start + 4), end = from;
    while (end < line.size() && is_name(line[end])) ++end;
    return from == line.npos ? std::string{} : std::string(line.substr(from, end - from));
}

// The variable that a line assigns: "my $x = ", "x = ", "X=".
std::string assigned(std::string_view line) {
    const auto equals = line.find('=');
    if (equals == line.npos || equals == 0 || equals + 1 >= line.size() || line[equals + 1] == '=' || line[equals + 1] == '~') return {};
    auto end = equals;
    while (end > 0 && (line[end - 1] == ' ' || line[end - 1] == ')' || line[end - 1] == '.' || line[end - 1] == '|')) --end;
    // An element is its list's: $form{$name}, form[name].
    if (end > 0 && (line[end - 1] == '}' || line[end - 1] == ']'))
        if (const auto open = line.rfind(line[end - 1] == '}' ? '{' : '[', end - 1); open != line.npos && end - open < 60) {
            end = open;
            if (end > 1 && line[end - 1] == '>' && line[end - 2] == '-') end -= 2;
        }
    auto start = end;
    while (start > 0 && is_name(line[start - 1])) --start;
    return std::string(line.substr(start, end - start));
}

bool mentions(std::string_view text, std::string_view name) {
    for (auto at = text.find(name); at != text.npos; at = text.find(name, at + 1))
        if ((at == 0 || !is_name(text[at - 1])) && (at + name.size() >= text.size() || !is_name(text[at + name.size()]))) return true;
    return false;
}

// Each word of a list of names: "($a, $b)", "(self, a, b=1)".
void taint_words(std::string_view list, std::set<std::string>& names) {
    for (std::size_t i = 0; i < list.size();) {
        if (!is_name(list[i])) { ++i; continue; }
        auto end = i;
        while (end < list.size() && is_name(list[end])) ++end;
        const auto word = list.substr(i, end - i);
        if (word != "self" && word != "my" && word != "local" && word != "our" && word != "None" && word.size() > 1 && names.size() < 200) names.emplace(word);
        i = end;
    }
}

// What is done with a file or folder whose name begins with a value of the request.
void add_file_deeds(std::string_view text, Language language, const std::set<std::string>& tainted, Features& features) {
    struct Deed { Language language; std::string_view word; Sign sign; };
    static constexpr Deed deeds[] = {{Language::perl, "opendir(", Sign::list_folder}, {Language::perl, "opendir ", Sign::list_folder}, {Language::perl, "unlink(", Sign::remove_file}, {Language::perl, "unlink ", Sign::remove_file},
                                     {Language::perl, "open(", Sign::read_file}, {Language::perl, "open ", Sign::read_file}, {Language::python, "os.listdir(", Sign::list_folder}, {Language::python, "os.walk(", Sign::list_folder},
                                     {Language::python, "os.remove(", Sign::remove_file}, {Language::python, "os.unlink(", Sign::remove_file}, {Language::python, "open(", Sign::read_file}, {Language::python, "file(", Sign::read_file}};
    for (const auto& deed : deeds) {
        if (deed.language != language) continue;
        for (auto hit = text.find(deed.word); hit != text.npos; hit = text.find(deed.word, hit + 1)) {
            if (hit > 0 && (is_name(text[hit - 1]) || text[hit - 1] == '.')) continue;
            const auto line = line_at(text, hit);
            if (is_comment(line)) continue;
            auto value = text.substr(hit + deed.word.size(), 200);
            value = value.substr(0, value.find('\n'));
            auto sign = deed.sign;
            if (deed.word.starts_with("opendir")) value.remove_prefix(std::min(value.find(',') == value.npos ? value.size() : value.find(',') + 1, value.size()));
            if (sign == Sign::read_file) {
                if (language == Language::python) {
                    const auto mode = value.find(',');
                    if (mode != value.npos && value.find_first_of("wa", mode) < mode + 4) sign = Sign::request_write;
                } else {
                    const auto comma = value.find(',');
                    if (comma == value.npos) continue;
                    value.remove_prefix(comma + 1);
                    const auto mode = value.substr(0, value.find('$'));
                    if (mode.find('|') != mode.npos) continue;
                    if (mode.find('>') != mode.npos) sign = Sign::request_write;
                }
            }
            const auto start = value.find_first_not_of(" \"'<>,+");
            if (start == value.npos) continue;
            value.remove_prefix(start);
            if (language == Language::perl) {
                if (!value.starts_with('$') ) continue;
                value.remove_prefix(1);
                if (value.starts_with('{')) value.remove_prefix(1);
            }
            std::size_t end = 0;
            while (end < value.size() && is_name(value[end])) ++end;
            if (end > 0 && tainted.contains(std::string(value.substr(0, end)))) features.add(sign, static_cast<std::uint32_t>(hit), 0, "the request's path", line);
        }
    }
}

// A shell script's variables that a line sets, behind "&&" or "do" too; "for v in $list" sets v.
std::vector<std::string> set_in_shell(std::string_view line) {
    std::vector<std::string> names;
    for (auto equals = line.find('='); equals != line.npos && names.size() < 8; equals = line.find('=', equals + 1)) {
        auto start = equals;
        while (start > 0 && is_name(line[start - 1])) --start;
        if (start < equals && (start == 0 || line[start - 1] == ' ' || line[start - 1] == '\t' || line[start - 1] == ';')) names.emplace_back(line.substr(start, equals - start));
    }
    if (const auto in = line.find(" in "), word = line.find("for "); in != line.npos && word < in) names.emplace_back(line.substr(word + 4, in - word - 4));
    return names;
}
// "tr -cd a-z", "sed s/[^a-z]//", "${x//[^0-9]/}": only the named letters stay.
bool leaves_few_letters(std::string_view line) { return line.find("tr -cd") != line.npos || line.find("tr -dc") != line.npos || line.find("s/[^") != line.npos || line.find("//[^") != line.npos || line.find("grep -E '^") != line.npos; }

// What a CGI program in shell writes of its request to a file that it runs.
void add_shell_deeds(std::string_view text, const std::set<std::string>& tainted, Features& features) {
    std::set<std::string, std::less<>> files;  // with something of the request in them
    std::size_t at = 0;
    while (at < text.size()) {
        const auto end = std::min(text.find('\n', at), text.size());
        const auto line = text.substr(at, std::min(end - at, k_longest_line));
        const auto offset = static_cast<std::uint32_t>(at);
        at = end + 1;
        if (is_comment(line)) continue;
        const auto takes = [&](std::string_view part) {
            return part.find("$QUERY_STRING") != part.npos || part.find("${QUERY_STRING") != part.npos || part.find("$HTTP_") != part.npos || part.find("${HTTP_") != part.npos ||
                   std::any_of(tainted.begin(), tainted.end(), [&](const auto& name) {
                       for (auto hit = part.find('$'); hit != part.npos; hit = part.find('$', hit + 1)) {
                           auto word = part.substr(hit + 1);
                           if (word.starts_with('{')) word.remove_prefix(1);
                           if (word.starts_with(name) && (word.size() == name.size() || !is_name(word[name.size()]))) return true;
                       }
                       return false;
                   });
        };
        const auto file_at = [&](std::size_t from) {
            from = line.find_first_not_of(" \t\"", from);
            return from == line.npos ? std::string_view{} : line.substr(from, line.find_first_of(" \t;&|\"\r", from) - from);
        };
        if (leaves_few_letters(line)) continue;
        if (takes(line)) {
            if (const auto to = line.find('>'); to != line.npos && line.substr(to, 3) != ">&2") files.emplace(file_at(line.find_first_not_of(">", to)));
        }
        const auto start = line.find_first_not_of(" \t");
        const auto runs = [&](std::string_view word) { return start != line.npos && line.substr(start).starts_with(word) && files.contains(file_at(start + word.size())); };
        for (const std::string_view word : {". ", "source ", "sh ", "bash ", "/bin/sh ", "/bin/bash "})
            if (runs(word)) features.add(Sign::request_command, offset, 0, word, line.substr(0, 300)), features.followed = true;
    }
}

// The functions that a line with a value of the request calls.
void note_calls(std::string_view line, std::set<std::string, std::less<>>& functions) {
    for (auto open = line.find('('); open != line.npos && functions.size() < 100; open = line.find('(', open + 1)) {
        auto start = open;
        while (start > 0 && is_name(line[start - 1])) --start;
        if (open > start) functions.emplace(line.substr(start, open - start));
    }
}

// my $c = $ok{...} of my %ok = (disk => "df -h"): the request picks one of the program's own values, whatever it names.
bool picks_own_value(std::string_view text, std::string_view right) {
    const auto start = right.find_first_not_of("= \t");
    if (start == right.npos || right[start] != '$') return false;
    auto end = start + 1;
    while (end < right.size() && is_name(right[end])) ++end;
    if (end == start + 1 || end >= right.size() || right[end] != '{') return false;
    // Nothing but a default in quotes stands behind it.
    const auto close = right.rfind('}');
    if (close == right.npos || right.substr(close + 1).find_first_of("$@`(.") != right.npos) return false;
    const std::string name(right.substr(start + 1, end - start - 1));
    const auto list = text.find('%' + name);
    if (list == text.npos) return false;
    const auto open = text.find_first_not_of(" \t=", list + 1 + name.size());
    const auto last = open == text.npos ? open : text.find(')', open);
    if (last == text.npos || text[open] != '(' || text.substr(open, last - open).find_first_of("$@%`<") != text.npos) return false;
    for (auto set = text.find('%' + name, last); set != text.npos; set = text.find('%' + name, set + 1)) return false;  // filled or handed on elsewhere
    for (auto set = text.find('$' + name + '{'); set != text.npos; set = text.find('$' + name + '{', set + 1)) {
        const auto behind = text.find('}', set);
        const auto equals = behind == text.npos ? behind : text.find_first_not_of(" \t}", behind + 1);
        if (equals != text.npos && (text[equals] == '.' || (text[equals] == '=' && text.substr(equals, 2) != "=="))) return false;
    }
    return text.find('@' + name + '{') == text.npos;
}

}  // namespace

void inspect_cgi(std::string_view text, Features& features, std::string&) {
    text = text.substr(0, 1u << 20);
    if (features.language == Language::shell) follow_shell_program(text, features);
    else follow_program(text, features);
    // Those that the text holds at all: most programs hold none.
    auto from = sources_in(text, features.language);
    const bool reads_body = features.language == Language::shell && text.find("CONTENT_LENGTH") != text.npos;
    std::set<std::string> tainted;
    bool any_source = false;
    std::vector<bool> hits;  // of each line, whether it has a source to the right
    std::set<std::string, std::less<>> given;  // functions of the script that are given values of the request
    const bool splits = features.language == Language::perl && (text.find("/&/") != text.npos || text.find("'&'") != text.npos || text.find("\"&\"") != text.npos);
    const bool functions = features.language == Language::perl || features.language == Language::python || features.language == Language::ruby;
    // A few passes over the lines: assignments from the request, then on through other variables and the script's functions.
    for (int pass = 0; pass < 3 && !from.empty(); ++pass) {
        std::size_t at = 0, number = 0;
        std::string inside;  // the function that the line lies in
        while (at < text.size() && tainted.size() < 200) {
            const auto statement = statement_at(text, at, features.language), line = statement.substr(0, k_longest_line);
            at += statement.size() + 1;
            if (is_comment(line)) continue;
            if (functions && line.find(features.language == Language::perl ? "sub " : "def ") != line.npos)
                if (auto name = defined_here(line, features.language); !name.empty()) {
                    inside = std::move(name);
                    if (features.language != Language::perl && given.contains(inside)) taint_words(line.substr(std::min(line.find('('), line.size())), tainted);
                    if (features.language != Language::perl) continue;
                }
            const auto equals = line.find('=');
            const auto right = equals == line.npos ? line : line.substr(equals);
            const auto taken = features.language == Language::shell ? line : right;
            if (pass == 0) hits.push_back(std::any_of(from.begin(), from.end(), [&](auto s) { return taken.find(s) != taken.npos; }));
            const bool hit = hits[number++];
            any_source |= hit;
            bool flows = hit;
            if (!flows && pass > 0)
                for (const auto& name : tainted) if (mentions(right, name)) { flows = true; break; }
            if (!flows && pass > 0 && features.language == Language::perl && given.contains(inside) && takes_arguments(line)) {
                taint_words(equals == line.npos ? std::string_view{} : line.substr(0, equals), tainted);
                flows = true;
            }
            if (flows && functions) note_calls(line, given);
            if (features.language == Language::shell && line.find("read ") != line.npos && reads_body) {  // read -n $CONTENT_LENGTH body
                const auto last = line.find_last_not_of(" \t\r;'\"");
                auto word = last;
                while (word != line.npos && word > 0 && is_name(line[word - 1])) --word;
                if (last != line.npos && is_name(line[last]) && last + 1 - word > 1) tainted.emplace(line.substr(word, last + 1 - word));
            }
            // A number or a quoted argument is no command.
            if (flows && (right.find("int(") != right.npos || right.find("quotemeta") != right.npos || right.find("quote(") != right.npos)) flows = false;
            if (flows && features.language == Language::perl && picks_own_value(text, right)) flows = false;
            if (flows && features.language == Language::shell && !leaves_few_letters(line)) for (auto& name : set_in_shell(line)) tainted.insert(std::move(name));
            if (flows) if (auto name = assigned(line); name.size() > 1 || ((features.language == Language::perl || text.size() < k_short_program) && !name.empty())) tainted.insert(std::move(name));
            // read(STDIN, $body, ...), and the list that its parts are put into: $form{$name} = $value.
            if (features.language == Language::perl) {
                if (const auto read = line.find("read(STDIN"); read != line.npos) taint_words(line.substr(read + 10, line.find_first_of(",)", read + 11) - read - 10), tainted);
                const auto element = line.find("{$");
                if (splits && element < line.find('=') && element > 0 && is_name(line[element - 1]))
                    if (auto name = assigned(line); !name.empty()) tainted.insert(std::move(name));
            }
        }
    }
    // A CGI program in shell that shows the file, or lists the folder, that the request names; or runs one that it wrote.
    if (features.language == Language::shell && any_source) {
        add_shell_deeds(text, tainted, features);
        std::size_t from_line = 0;
        while (from_line < text.size()) {
            auto end = text.find('\n', from_line);
            if (end == text.npos) end = text.size();
            const auto line = text.substr(from_line, std::min<std::size_t>(end - from_line, 2000));
            const auto offset = static_cast<std::uint32_t>(from_line);
            from_line = end + 1;
            if (is_comment(line)) continue;
            for (const auto& [word, sign] : {std::pair<std::string_view, Sign>{"cat ", Sign::read_file}, {"ls ", Sign::list_folder}, {"rm ", Sign::remove_file}, {"wget ", Sign::remote_dropper}, {"of=", Sign::write_file}}) {
                const auto hit = line.find(word);
                if (hit == line.npos || (hit > 0 && is_name(line[hit - 1]))) continue;
                const auto value = line.substr(hit + word.size());
                const bool named = value.find("$QUERY_STRING") < 12 || value.find("${QUERY_STRING") < 12 || std::any_of(tainted.begin(), tainted.end(), [&](const auto& name) { return value.find('$' + name) < 12; });
                if (named || (sign == Sign::write_file && line.find("CONTENT_LENGTH") != line.npos)) features.add(sign, offset, 0, word, line.substr(0, 300));
            }
        }
    }
    // Files that the request names, in Perl and Python: a browser's and an uploader's deeds.
    if ((features.language == Language::perl || features.language == Language::python) && any_source && !tainted.empty()) add_file_deeds(text, features.language, tainted, features);
    // A shell tied to a socket.
    const auto has = [&](std::string_view part) { return text.find(part) != text.npos; };
    bool shell = false;
    std::string_view where;
    switch (features.language) {
        case Language::perl: shell = (has("ocket") && (has("connect") || has("accept") || has("IO::Socket")) && (has("`$_") || has("qx($_)") || has("system($_)") || has("`$cmd") || has("`$command"))) || (has("ocket") && (has(">&") || has("<&")) && (has("STDIN")) && (has("/bin/sh") || has("/bin/bash") || has("exec")) && (has("connect") || has("accept") || has("IO::Socket"))); where = has("STDIN") ? "STDIN" : "ocket"; break;
        case Language::python: shell = has("socket") && has("dup2(") && (has("/bin/sh") || has("/bin/bash") || has("pty.spawn") || has("subprocess")); where = "dup2("; break;
        case Language::ruby: shell = (has("TCPSocket") || has("TCPServer")) && (has("IO.popen") || has("exec") || has("/bin/sh") || has("popen")); where = "TCPS"; break;
        case Language::shell: shell = has("/dev/tcp/") || ((has("nc ") || has("ncat ") || has("netcat ")) && (has(" -e /bin") || has("-e sh") || has("mkfifo") || has("mknod") || has("-c /bin"))); where = has("/dev/tcp/") ? "/dev/tcp/" : "nc"; break;
        case Language::lua: shell = has("socket") && has("connect") && (has("io.popen") || has("os.execute")); where = "socket"; break;
        case Language::node: shell = (has("net.connect") || has("net.Socket") || has("net.createConnection")) && has("spawn") && has(".pipe(") && (has("/bin/sh") || has("/bin/bash") || has("cmd.exe")); where = "spawn"; break;
        default: break;
    }
    if (shell && features.size < 100'000) {
        const auto place = text.find(where);
        features.add(Sign::socket_shell, static_cast<std::uint32_t>(place == text.npos ? 0 : place), 0, where, line_at(text, place == text.npos ? 0 : place));
    }
    if (any_source) {
        // As deeds: a highlighter's or an editor's list of words names them too.
        if (has("opendir(") || has("opendir ") || has("os.listdir(") || has("os.walk(") || has("os.scandir(") || has("Dir.") || has("ls -")) features.add(Sign::list_folder, 0, 0, "", "");
        const bool python = features.language == Language::python;
        if (has(python ? "os.uname(" : "uname") || has("uname -") || has("whoami") || has("/etc/passwd")) features.add(Sign::environment, 0, 0, "", "");
        if (python ? has("os.unlink(") || has("os.remove(") || has("os.rename(") || has("shutil.rmtree(") : has("unlink(") || has("unlink ") || has("rename(") || has("rename ")) features.add(Sign::remove_file, 0, 0, "", "");
        if (has("upload")) features.add(Sign::upload_checked, 0, 0, "", "");
    }
}

}  // namespace deadbox::plugins::webshell
