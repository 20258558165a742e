#include "webshell/shell_program.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

#include "webshell/program_patterns.hpp"
#include "webshell/program_sources.hpp"
#include "webshell/program_words.hpp"

namespace deadbox::plugins::webshell {
namespace shell_program {
namespace {

constexpr std::size_t k_most_text = 100'000, k_longest_line = 2000, k_most_names = 200;

bool of_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }
bool is_gap(char c) { return c == ' ' || c == '\t' || c == '\r'; }
std::string_view without_gaps(std::string_view text) {
    while (!text.empty() && is_gap(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_gap(text.back())) text.remove_suffix(1);
    return text;
}
bool has(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }
// A variable that the server fills with what was asked.
bool is_of_request(std::string_view name) {
    return name == "QUERY_STRING" || name == "REQUEST_URI" || name == "PATH_INFO" || name == "PATH_TRANSLATED" || name == "QUERY_STRING_UNESCAPED" || (name.starts_with("HTTP_") && name != "HTTP_HOST" && name != "HTTP_PROXY");
}

// Behind the quotes or the substitution that begin at `at`; `at` where none does. Each may hold the other: "$(echo "$x")".
std::size_t over(std::string_view text, std::size_t at, int depth = 0) {
    const char c = text[at];
    if (c == '\'') return std::min(text.find('\'', at + 1), text.size() - 1) + 1;
    const bool substitution = text.substr(at, 2) == "$(" || text.substr(at, 2) == "<(";
    if ((c != '"' && !substitution) || depth > 12) return at;
    auto i = at + (substitution ? 2 : 1);
    while (i < text.size() && text[i] != (substitution ? ')' : '"')) {
        if (text[i] == '\\') { i += 2; continue; }
        const bool nests = text.substr(i, 2) == "$(" || (substitution && (text[i] == '"' || text[i] == '\''));
        const auto behind = nests ? over(text, i, depth + 1) : i;
        i = behind > i ? behind : i + 1;
    }
    return std::min(i + 1, text.size());
}

class Program {
public:
    Program(std::string_view text, Features& features) : m_text(text), m_features(features) {}
    virtual ~Program() = default;
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    void run() {
        for (int pass = 0; pass < 3; ++pass) {
            m_judging = pass == 2;
            for (std::size_t at = 0; at < m_text.size();) {
                auto end = std::min(m_text.find('\n', at), m_text.size());
                // A line that a backslash continues.
                while (end < m_text.size() && end > at && m_text[end - 1] == '\\') end = std::min(m_text.find('\n', end + 1), m_text.size());
                const auto whole = m_text.substr(at, std::min(end - at, k_longest_line));
                m_offset = static_cast<std::uint32_t>(at);
                at = end + 1;
                const auto bare = without_gaps(whole);
                if (!bare.empty() && bare.front() != '#') line(bare);
            }
        }
    }

protected:
    virtual void line(std::string_view text) = 0;
    void taint(std::string_view name) { if (!name.empty() && m_names.size() < k_most_names) m_names.emplace(name); }
    void clean(std::string_view name) { m_names.erase(std::string(name)); m_clean.emplace(name); }
    bool is_taken(std::string_view name) const { return !m_clean.contains(std::string(name)) && (is_of_request(name) || m_names.contains(std::string(name))); }
    void add(Sign sign, std::string_view detail, std::string_view where) {
        if (!m_judging) return;
        m_features.add(sign, m_offset, 0, detail, where.substr(0, 300));
        m_features.followed |= sign != Sign::partial_command;
    }

    std::string_view m_text;
    Features& m_features;
    std::set<std::string> m_names, m_clean;
    std::uint32_t m_offset = 0;
    bool m_judging = false;
};

// ---- sh, bash, dash ...

class Shell final : public Program {
public:
    using Program::Program;

private:
    // How much of the text is the request's: from its first byte, somewhere, or nothing.
    enum class Reach { none, part, whole };
    Reach reach_of(std::string_view text) const {
        Reach reach = Reach::none;
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] == '\\') { ++i; continue; }
            if (text[i] != '$') continue;
            auto from = i + 1;
            if (text.substr(from, 1) == "{") ++from;
            if (text.substr(from, 1) == "!") ++from;
            auto end = from;
            while (end < text.size() && of_word(text[end])) ++end;
            const bool body = text.substr(i, 2) == "$(" && reads_body(text.substr(i + 2, text.find(')', i) - i - 2));
            if (!body && (end == from || !is_taken(text.substr(from, end - from)))) continue;
            // ${x//[^a-z]/}, ${x@Q}, $((x))
            const auto rest = text.substr(end, std::min<std::size_t>(text.size() - end, 80));
            if (rest.starts_with("//[^") || rest.starts_with("@Q") || (i > 2 && has(text.substr(0, i), "$((") && text.rfind("$((", i) != text.npos && !has(text.substr(text.rfind("$((", i), i - text.rfind("$((", i)), "))"))) continue;
            auto before = text.substr(0, i);
            while (!before.empty() && (is_gap(before.back()) || before.back() == '"' || before.back() == '\'' || before.back() == '(' || before.back() == '`')) before.remove_suffix(1);
            const bool leads = before.empty() || before.back() == ';' || before.back() == '|' || before.ends_with("&&") || before.ends_with("||") || before.back() == '$';
            reach = std::max(reach, leads ? Reach::whole : Reach::part);
        }
        if (has(text, "`cat`")) reach = Reach::whole;
        return reach;
    }
    // "cat", "cat - | base64 -d", "head -c $CONTENT_LENGTH": what comes from the standard input, decoded.
    static bool reads_body(std::string_view command) {
        command = without_gaps(command);
        if (command.starts_with("<") && has(command, "/dev/stdin")) return true;
        const auto first = without_gaps(command.substr(0, command.find_first_of("|;")));
        if (has(first, "<")) return false;
        if (first == "cat" || first == "cat -" || first == "cat /dev/stdin" || first == "base64 -d" || first == "base64 --decode" || first == "xxd -r -p" || first == "gunzip" || first == "zcat" || first == "openssl base64 -d" || first == "tee") return true;
        return (first.starts_with("head -c") || first.starts_with("dd ") || first.starts_with("tail -c")) && (has(first, "CONTENT_LENGTH") || !has(first, "/")) && !has(first, "if=");
    }
    static bool leaves_few(std::string_view text) {
        return has(text, "tr -cd") || has(text, "tr -dc") || has(text, "s/[^") || has(text, "printf %q") || has(text, "printf '%q'") || has(text, "printf \"%q\"") || has(text, "wc -") || has(text, "md5sum") || has(text, "sha256sum") || has(text, "basename");
    }

    void line(std::string_view text) override {
        learn(text);
        // Commands between ; | & and the words that begin a list.
        std::size_t start = 0;
        int nested = 0;
        std::vector<std::string_view> pipe;
        const auto finish = [&](std::size_t end, bool goes_on) {
            pipe.push_back(without_gaps(text.substr(start, end - start)));
            if (goes_on) return;
            command(pipe);
            pipe.clear();
        };
        for (std::size_t i = 0; i < text.size(); ++i) {
            const char c = text[i];
            if (c == '\\') { ++i; continue; }
            if (const auto behind = over(text, i); behind > i) { i = behind - 1; continue; }
            if (c == '#' && i > 0 && is_gap(text[i - 1])) { finish(i, false); return; }
            if (c == '(' ) ++nested;
            if (c == ')' && nested > 0) { --nested; continue; }
            if (nested > 0) continue;
            if (c == ')') { start = i + 1; continue; }  // a label of case
            if (c == ';') { finish(i, false); start = i + 1; }
            else if (c == '|' || (c == '&' && (i == 0 || text[i - 1] != '>') && text.substr(i + 1, 1) != ">")) {
                const bool two = text.substr(i + 1, 1) == text.substr(i, 1);
                finish(i, c == '|' && !two);
                if (two) ++i;
                start = i + 1;
            }
        }
        finish(text.size(), false);
    }

    // Variables that the line sets.
    void learn(std::string_view text) {
        // [[ $x =~ ^[a-z]+$ ]]: of few letters, where the rest agrees.
        if (const auto match = text.find("=~"); match != text.npos && (has(text, "||") || has(text, "if ") || has(text, "&&"))) {
            const auto pattern = without_gaps(text.substr(match + 2, std::min(text.find("]]", match), text.size()) - match - 2));
            const auto sigil = text.rfind('$', match);
            if (sigil != text.npos && lets_few_through(pattern, Anchored::by_itself)) {
                auto from = sigil + 1;
                if (text.substr(from, 1) == "{") ++from;
                auto end = from;
                while (end < text.size() && of_word(text[end])) ++end;
                clean(text.substr(from, end - from));
            }
        }
        for (const std::string_view word : {"read ", "mapfile ", "readarray "}) {
            const auto hit = text.find(word);
            if (hit == text.npos || (hit > 0 && (of_word(text[hit - 1]) || text[hit - 1] == '-' || text[hit - 1] == '/' || text[hit - 1] == '$'))) continue;
            const auto stop = std::min(text.find_first_of(";|&<", hit), text.size());
            // Of another file: while read x; do ... done < list.
            if (text.substr(stop, 1) == "<" && !has(text.substr(stop), "stdin") && reach_of(text.substr(stop)) == Reach::none) continue;
            if (hit > 0 && has(text.substr(0, hit), "|") && reach_of(text.substr(0, hit)) == Reach::none) continue;
            bool option = false;
            for (std::size_t i = hit + word.size(); i < stop;) {
                while (i < stop && is_gap(text[i])) ++i;
                auto end = i;
                while (end < stop && !is_gap(text[end])) ++end;
                const auto one = text.substr(i, end - i);
                if (one.starts_with('-')) option = one.ends_with('n') || one.ends_with('N') || one.ends_with('d') || one.ends_with('t') || one.ends_with('p') || one.ends_with('u');
                else if (option) option = false;
                else if (!one.empty() && std::all_of(one.begin(), one.end(), of_word)) taint(one);
                i = end + 1;
            }
        }
        for (auto equals = text.find('='); equals != text.npos; equals = text.find('=', equals + 1)) {
            auto from = equals;
            if (from > 0 && text[from - 1] == '+') --from;
            const auto name_end = from;
            while (from > 0 && of_word(text[from - 1])) --from;
            if (from == name_end || (from > 0 && !is_gap(text[from - 1]) && text[from - 1] != ';' && text[from - 1] != '(' && text[from - 1] != '&')) continue;
            auto value = text.substr(equals + 1);
            std::size_t end = 0;
            for (; end < value.size(); ++end) {
                const char c = value[end];
                if (c == '\\') { ++end; continue; }
                if (c == '`') { end = std::min(value.find('`', end + 1), value.size() - 1); continue; }
                if (const auto behind = over(value, end); behind > end) { end = behind - 1; continue; }
                if (is_gap(c) || c == ';' || c == '&' || c == '|') break;
            }
            value = value.substr(0, std::min(end, value.size()));
            if (leaves_few(value) || reach_of(value) == Reach::none) continue;
            taint(text.substr(from, name_end - from));
        }
        if (const auto in = text.find(" in "), word = text.find("for "); in != text.npos && word < in && reach_of(text.substr(in)) != Reach::none) taint(without_gaps(text.substr(word + 4, in - word - 4)));
    }

    static bool is_shell_word(std::string_view word) {
        const auto slash = word.rfind('/');
        return one_of(slash == word.npos ? word : word.substr(slash + 1), {"sh", "bash", "dash", "ash", "ksh", "zsh"});
    }
    static std::string_view first_word(std::string_view command) { return command.substr(0, std::min(command.find_first_of(" \t<"), command.size())); }

    void command(const std::vector<std::string_view>& pipe) {
        bool taken = false;  // what runs through the pipe is the request's
        for (std::size_t n = 0; n < pipe.size(); ++n) {
            auto c = pipe[n];
            for (bool again = true; again;) {
                again = false;
                for (const std::string_view word : {"do ", "then ", "else ", "if ", "while ", "! ", "{ ", "( ", "exec ", "command ", "env ", "nohup ", "time ", "sudo ", "("})
                    if (c.starts_with(word)) c = without_gaps(c.substr(word.size())), again = true;
            }
            if (c.empty()) continue;
            const auto word = first_word(c);
            const auto rest = without_gaps(c.substr(word.size()));
            const auto reach = reach_of(rest);
            if (reach_of(word) == Reach::whole && (c.front() == '$' || (c.front() == '"' && c.size() > 1 && c[1] == '$') || c.front() == '`') && !is_assignment(c)) add(Sign::request_command, "line", c);
            else if (word == "eval" && reach != Reach::none && !leaves_few(rest)) add(Sign::request_command, "eval", c);
            else if (word == "." || word == "source") {
                if (has(rest, "/dev/stdin") || has(rest, "/dev/fd/0") || (rest.starts_with("<(") && (reach != Reach::none || reads_body(rest.substr(2, rest.rfind(')') - 2))))) add(Sign::request_command, word, c);
            } else if (is_shell_word(word)) {
                const auto given = rest.find("-c");
                if (given != rest.npos) {
                    const auto line = without_gaps(rest.substr(given + 2));
                    const auto of_line = reach_of(without_quote(line));
                    if (of_line != Reach::none && !leaves_few(line)) add(of_line == Reach::whole ? Sign::request_command : Sign::partial_command, "sh -c", c);
                } else if (rest.starts_with("<<<") || rest.starts_with("<(")) {
                    if (reach != Reach::none || reads_body(rest.substr(2))) add(Sign::request_command, "sh", c);
                } else if (n > 0 ? taken : rest.empty() || rest == "-s" || has(rest, "/dev/stdin") || rest == "2>&1" || rest == "-") add(Sign::request_command, "sh", c);
            }
            taken = leaves_few(c) ? false : n == 0 ? reach != Reach::none || reads_body(c) : taken;
        }
    }
    static bool is_assignment(std::string_view command) {
        const auto equals = command.find('=');
        return equals != command.npos && std::all_of(command.begin(), command.begin() + static_cast<std::ptrdiff_t>(equals), of_word);
    }
    static std::string_view without_quote(std::string_view text) {
        if (!text.empty() && (text.front() == '"' || text.front() == '\'')) text.remove_prefix(1);
        return text;
    }
};

// ---- awk: system(x), x | getline, print | x

class Awk final : public Program {
public:
    using Program::Program;

private:
    // The value that begins here is the request's.
    bool takes(std::string_view value) const {
        value = without_gaps(value);
        while (value.starts_with('(') || value.starts_with("\"\"")) value = without_gaps(value.substr(value.starts_with('(') ? 1 : 2));
        if (value.starts_with("ENVIRON[")) {
            const auto quote = value.find('"'), end = quote == value.npos ? quote : value.find('"', quote + 1);
            return end != value.npos ? is_taken(value.substr(quote + 1, end - quote - 1)) : true;
        }
        std::size_t end = 0;
        while (end < value.size() && of_word(value[end])) ++end;
        const auto word = value.substr(0, end);
        if (end < value.size() && value[end] == '(' && !one_of(word, {"length", "index", "int", "match"})) return takes(value.substr(end + 1));
        return end > 0 && is_taken(word);
    }
    void line(std::string_view text) override {
        for (auto equals = text.find('='); equals != text.npos; equals = text.find('=', equals + 1)) {
            if (equals == 0 || text.substr(equals, 2) == "==" || std::string_view("=!<>~").find(text[equals - 1]) != std::string_view::npos) continue;
            auto end = equals;
            while (end > 0 && is_gap(text[end - 1])) --end;
            auto from = end;
            while (from > 0 && of_word(text[from - 1])) --from;
            if (from < end && takes(text.substr(equals + 1))) taint(text.substr(from, end - from));
        }
        if (const auto hit = text.find("getline "); hit != text.npos && !has(text, "|") && !has(text.substr(hit), "<")) taint(text.substr(hit + 8, std::min(text.find_first_of(" ;)}", hit + 8), text.size()) - hit - 8));
        if (const auto hit = text.find("split("); hit != text.npos && takes(text.substr(hit + 6)))
            if (const auto comma = text.find(',', hit); comma != text.npos) taint(without_gaps(text.substr(comma + 1, text.find_first_of(",)", comma + 1) - comma - 1)));
        for (auto hit = text.find("system("); hit != text.npos; hit = text.find("system(", hit + 1)) if (takes(text.substr(hit + 7))) add(Sign::request_command, "system", text);
        if (const auto pipe = text.find('|'); pipe != text.npos && text.substr(pipe, 2) != "||") {
            auto from = pipe;
            int nested = 0;
            while (from > 0 && !(nested == 0 && (text[from - 1] == '(' || text[from - 1] == '{' || text[from - 1] == ';'))) {
                --from;
                if (text[from] == ')' || text[from] == ']') ++nested;
                if (text[from] == '(' || text[from] == '[') --nested;
            }
            if ((has(text.substr(pipe), "getline") && takes(text.substr(from))) || (has(text.substr(0, pipe), "print") && takes(text.substr(pipe + 1)))) add(Sign::request_command, "|", text);
        }
    }
};

// ---- Tcl: exec sh -c $x, eval exec $x, eval $x, open "|$x"

class Tcl final : public Program {
public:
    using Program::Program;

private:
    bool mentions(std::string_view text) const {
        for (auto at = text.find('$'); at != text.npos; at = text.find('$', at + 1)) {
            auto from = at + 1;
            if (text.substr(from, 2) == "::") from += 2;
            auto end = from;
            while (end < text.size() && of_word(text[end])) ++end;
            const auto word = text.substr(from, end - from);
            if (word == "env" && text.substr(end, 1) == "(") {
                const auto close = text.find(')', end);
                if (close != text.npos && is_taken(text.substr(end + 1, close - end - 1))) return true;
            } else if (!word.empty() && is_taken(word)) return true;
        }
        return has(text, "read stdin") || has(text, "gets stdin");
    }
    void line(std::string_view text) override {
        for (auto set = text.find("set "); set != text.npos; set = text.find("set ", set + 1)) {
            if (set > 0 && of_word(text[set - 1])) continue;
            const auto from = set + 4;
            auto end = from;
            while (end < text.size() && of_word(text[end])) ++end;
            if (end > from && mentions(text.substr(end))) taint(text.substr(from, end - from));
        }
        for (const std::string_view loop : {"foreach ", "gets stdin "})
            if (const auto hit = text.find(loop); hit != text.npos) {
                const auto from = hit + loop.size();
                auto end = from;
                while (end < text.size() && of_word(text[end])) ++end;
                if (end > from && (loop.starts_with("gets") || mentions(text.substr(end)))) taint(text.substr(from, end - from));
            }
        for (const std::string_view word : {"eval ", "exec ", "uplevel ", "subst ", "open "})
            for (auto hit = text.find(word); hit != text.npos; hit = text.find(word, hit + 1)) {
                if (hit > 0 && of_word(text[hit - 1])) continue;
                auto rest = without_gaps(text.substr(hit + word.size()));
                if (!mentions(rest)) continue;
                if (word == "eval " || word == "uplevel " || word == "subst ") { add(Sign::request_code, word, text); continue; }
                if (word == "open ") {
                    if (rest.starts_with("\"|") || rest.starts_with("|") || rest.starts_with("[list |")) rest.remove_prefix(std::min(rest.find('|') + 1, rest.size()));
                    else continue;
                }
                while (rest.starts_with("{*}") || rest.starts_with('-')) rest = rest.starts_with("{*}") ? rest.substr(3) : without_gaps(rest.substr(std::min(rest.find(' '), rest.size())));
                const auto program = rest.substr(0, rest.find_first_of(" \t]"));
                if (program.starts_with('$') || program.starts_with('[') || program.starts_with('"') || is_shell(program)) add(Sign::request_command, word, text);
            }
    }
};

}  // namespace
}  // namespace shell_program

void follow_shell_program(std::string_view text, Features& features) {
    text = text.substr(0, shell_program::k_most_text);
    if (!speaks_cgi(text)) return;
    // One that writes mail speaks so too.
    if (text.find("Subject:") != text.npos && text.find("QUERY_STRING") == text.npos && text.find("HTTP_") == text.npos && text.find("CONTENT_LENGTH") == text.npos) return;
    const auto first = text.substr(0, std::min(text.find('\n'), text.size()));
    if (first.find("awk") != first.npos) shell_program::Awk(text, features).run();
    else if (first.find("tclsh") != first.npos || first.find("wish") != first.npos) shell_program::Tcl(text, features).run();
    else shell_program::Shell(text, features).run();
}

}  // namespace deadbox::plugins::webshell
