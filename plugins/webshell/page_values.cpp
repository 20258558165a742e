#include "webshell/page_values.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <vector>

#include "webshell/program_bounds.hpp"
#include "webshell/program_conditions.hpp"
#include "webshell/program_lists.hpp"
#include "webshell/program_tokens.hpp"
#include "webshell/program_words.hpp"
#include "webshell/server_page.hpp"

namespace deadbox::plugins::webshell {
namespace values {
namespace {

constexpr std::size_t k_most_page = 60'000, k_most_calls = 60, k_most_steps = 20'000;
constexpr int k_deepest_value = 8;

struct Range { std::size_t from, end; };  // of tokens

class Page {
public:
    Page(std::string_view text, Language language) : m_code(code_alone(text)), m_language(language), m_bounds(program_bounds(m_code, language)), m_conditions(m_code, language), m_tokens(program_tokens(m_code, Language::node)), m_all(m_tokens.all) { find_assignments(); }

    PageCalls calls() {
        PageCalls out;
        bool sinks_inside = true, any_sink = false, sources_inside = true, any_source = false;
        std::size_t count = 0;
        for (std::size_t i = 1; i + 1 < m_all.size(); ++i) {
            const auto& t = m_all[i];
            if (t.kind != TokenKind::name) continue;
            if (one_of(t.text, {"getParameter", "getHeader", "getInputStream", "getReader", "getParameterValues", "getParameterMap", "getQueryString", "getCookies", "getPart", "QueryString", "Form", "Params"}) && is(i - 1, ".")) {
                any_source = true;
                sources_inside &= is_inside_login(t.offset);
            }
            if (is(i - 1, ".") && is(i + 1, "[") && t.text == "Request") any_source = true, sources_inside &= is_inside_login(t.offset);
            if (t.text == "Request" && is(i + 1, "[")) any_source = true, sources_inside &= is_inside_login(t.offset);
            const bool called = is(i + 1, "(");
            const bool made = called && (name(i - 1, "new") || is(i - 1, "."));
            const bool command = (m_language == Language::jsp && called && is(i - 1, ".") && (t.text == "exec" || t.text == "command")) || (m_language == Language::jsp && made && t.text == "ProcessBuilder") ||
                                 (m_language == Language::aspx && ((called && is(i - 1, ".") && t.text == "Start" && i > 1 && name(i - 2, "Process")) || (made && t.text == "ProcessStartInfo")));
            const bool file_name = m_language == Language::aspx && t.text == "FileName" && is(i + 1, "=");
            const bool code = called && is(i - 1, ".") && (t.text == "eval" || t.text == "evaluate");
            if (!command && !code && !file_name) {
                if (called && one_of(t.text, {"defineClass", "invoke", "newInstance", "loadClass", "readObject", "CreateInstance", "Load", "compileString"})) any_sink = true, sinks_inside &= is_inside_login(t.offset);
                continue;
            }
            any_sink = true;
            sinks_inside &= is_inside_login(t.offset);
            if (++count > k_most_calls) return {Given::unknown, Given::unknown, 0, false};
            out.seen += command && t.text != "command";
            if (file_name) { out.commands = std::max(out.commands, command_of({i + 2, statement_end(i + 2)}, t.offset, 0)); continue; }
            const auto arguments = parts({i + 2, mate(i + 1)});
            if (code) {
                out.code = std::max(out.code, arguments.empty() ? Given::unknown : is_clean(arguments[0], t.offset, 0) ? Given::own : Given::unknown);
                continue;
            }
            if (arguments.empty()) {
                if (t.text == "command") out.commands = Given::unknown;  // command().add(x)
                continue;
            }
            // A list, its folder and its surroundings: exec(command, environment, folder). ProcessBuilder takes the words one by one.
            const bool words = t.text == "ProcessBuilder" || t.text == "command";
            if (m_language == Language::aspx && arguments.size() == 1 && is_start_info(arguments[0])) continue;
            out.commands = std::max(out.commands, words && arguments.size() > 1 ? list_of(arguments, t.offset, 0) : m_language == Language::aspx && arguments.size() > 1 ? list_of(arguments, t.offset, 0) : command_of(arguments[0], t.offset, 0));
        }
        out.behind_login = (any_sink && sinks_inside) || (any_source && sources_inside);
        return out;
    }

private:
    bool is(std::size_t i, std::string_view mark) const { return i < m_all.size() && m_all[i].kind == TokenKind::mark && m_all[i].text == mark; }
    bool name(std::size_t i, std::string_view word) const { return i < m_all.size() && m_all[i].kind == TokenKind::name && m_all[i].text == word; }
    bool opens(std::size_t i) const { return is(i, "(") || is(i, "[") || is(i, "{"); }
    std::size_t mate(std::size_t i) const { return m_all[i].mate > i ? m_all[i].mate : m_all.size(); }
    bool is_inside_login(std::uint32_t offset) const { return is_bound(m_bounds, k_known_visitor, offset); }
    std::size_t statement_end(std::size_t i) const {
        while (i < m_all.size() && m_all[i].kind != TokenKind::end && !is(i, ",") && !is(i, "}")) i = opens(i) ? std::min(mate(i) + 1, m_all.size()) : i + 1;
        return i;
    }
    std::string_view raw(Range r) const {
        if (r.from >= r.end || r.from >= m_all.size()) return {};
        const auto start = m_all[r.from].offset, stop = r.end < m_all.size() ? m_all[r.end].offset : static_cast<std::uint32_t>(m_code.size());
        return stop > start ? std::string_view(m_code).substr(start, stop - start) : std::string_view{};
    }
    // Between the commas, or the signs, of the same depth.
    std::vector<Range> parts(Range r, std::string_view sign = ",") const {
        std::vector<Range> out;
        r.end = std::min(r.end, m_all.size());
        auto start = r.from;
        for (auto i = r.from; i < r.end; ++i) {
            if (opens(i)) { i = std::min(mate(i), r.end); continue; }
            if (is(i, sign)) { if (start < i) out.push_back({start, i}); start = i + 1; }
        }
        if (start < r.end) out.push_back({start, r.end});
        return out;
    }
    Range bare(Range r) const {
        for (bool again = true; again && r.from < r.end;) {
            again = false;
            if (is(r.from, "(") && mate(r.from) + 1 == r.end) ++r.from, --r.end, again = true;
            else if (is(r.from, "(") && r.end - r.from > 3 && mate(r.from) == r.from + 2 && m_all[r.from + 1].kind == TokenKind::name && m_all[r.from + 1].text.size() < 12) r.from += 3, again = true;  // (String)
        }
        return r;
    }

    void find_assignments() {
        for (std::size_t i = 1; i + 1 < m_all.size(); ++i) {
            if (!(is(i, "=") || is(i, "+=")) || m_all[i - 1].kind != TokenKind::name) {
                // String c[] = {...}
                if (!(is(i, "=") && is(i - 1, "]") && i > 3 && is(i - 2, "[") && m_all[i - 3].kind == TokenKind::name)) continue;
                m_assignments[std::string(m_all[i - 3].text)].push_back({i, false});
                continue;
            }
            if (i > 1 && is(i - 2, ".")) continue;  // of an object
            m_assignments[std::string(m_all[i - 1].text)].push_back({i, is(i, "+=")});
        }
    }
    struct Assignment { std::size_t at; bool adds; };
    // Those that may give the name its value at `offset`: from the last that is no mere possibility there.
    std::vector<Assignment> giving(const std::string& word, std::uint32_t offset) const {
        const auto found = m_assignments.find(word);
        if (found == m_assignments.end()) return {};
        std::vector<Assignment> out;
        for (const auto& a : found->second) {
            const auto place = m_all[a.at].offset;
            if (place > offset) continue;
            // The offset lies in the block of the assignment, and the assignment behind no condition of one statement.
            if (!a.adds && end_of_block(m_code, place, m_language) > offset && !is_conditional(a.at)) out.clear();
            out.push_back(a);
        }
        return out.empty() ? found->second : out;
    }
    bool is_conditional(std::size_t at) const {
        for (auto i = at; i > 0 && m_all[i - 1].kind != TokenKind::end; --i)
            if (one_of(m_all[i - 1].text, {"if", "else", "case", "for", "while"}) && m_all[i - 1].kind == TokenKind::name) return true;
        return false;
    }
    // A condition tells it, and it was given no other value since.
    bool is_told(const std::string& word, std::uint32_t offset) const {
        const auto given = m_assignments.find(word);
        return std::any_of(m_bounds.begin(), m_bounds.end(), [&](const auto& b) {
            if (b.name != word || offset < b.from || offset >= b.end) return false;
            return given == m_assignments.end() || std::none_of(given->second.begin(), given->second.end(), [&](const auto& a) { return m_all[a.at].offset >= b.from && m_all[a.at].offset < offset; });
        });
    }
    Range value_of(const Assignment& a) const { return {a.at + 1, statement_end(a.at + 1)}; }

    bool is_start_info(Range r) const {
        r = bare(r);
        if (name(r.from, "new")) return true;  // told where it is made
        if (r.end != r.from + 1 || m_all[r.from].kind != TokenKind::name) return false;
        const auto all = giving(std::string(m_all[r.from].text), m_all[r.from].offset);
        return !all.empty() && std::all_of(all.begin(), all.end(), [&](const auto& a) { return raw(value_of(a)).find("ProcessStartInfo") != std::string_view::npos; });
    }

    // A program's word, first of a command: what it takes may be a command again.
    static bool takes_commands(std::string_view program) {
        const auto slash = program.find_last_of("/\\");
        auto word = std::string(slash == program.npos ? program : program.substr(slash + 1));
        for (auto& c : word) if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
        if (word.ends_with(".exe")) word.resize(word.size() - 4);
        return word.empty() || is_shell(word) || one_of(word, {"env", "nohup", "setsid", "timeout", "nice", "xargs", "chroot", "ssh", "wscript", "cscript", "mshta", "rundll32", "pwsh", "busybox", "python", "python2", "python3", "perl", "php", "ruby", "node", "nc", "ncat", "netcat", "socat", "expect", "script", "runas", "at", "crontab", "awk", "find", "eval", "exec"});
    }

    // exec("ping -c1 " + h), exec(c), exec(new String[] {...})
    Given command_of(Range r, std::uint32_t offset, int depth) {
        r = bare(r);
        if (r.from >= r.end || depth > k_deepest_value || ++m_steps > k_most_steps) return Given::unknown;
        if (const auto choice = choice_at(r)) return std::max(command_of({choice->first, choice->second - 1}, offset, depth + 1), command_of({choice->second, r.end}, offset, depth + 1));
        if (const auto items = list_at(r); !items.empty()) return list_of(items, offset, depth + 1);
        const auto sums = parts(r, "+");
        const auto& first = m_all[sums[0].from];
        if (first.kind == TokenKind::text && sums[0].end == sums[0].from + 1) {
            const auto text = first.text;
            const auto start = std::min(text.find_first_not_of(' '), text.size()), blank = text.find(' ', start);
            const auto program = text.substr(start, blank == text.npos ? text.npos : blank - start);
            if (blank == text.npos && sums.size() > 1) return Given::unknown;  // the name goes on
            bool clean = true;
            for (std::size_t n = 1; n < sums.size(); ++n) clean &= is_clean(sums[n], offset, depth + 1);
            if (takes_commands(program)) return clean && sums.size() == 1 && blank == text.npos ? Given::unknown : clean && sums.size() > 1 ? Given::own : Given::unknown;
            return clean ? Given::own : Given::argument;
        }
        if (sums.size() > 1) return Given::unknown;
        if (r.end == r.from + 1 && name(r.from, "null")) return Given::none;
        if (is_picked(r, offset)) return Given::own;
        if (r.end == r.from + 1 && first.kind == TokenKind::name) {
            const std::string word(first.text);
            if (is_told(word, offset)) return Given::own;
            const auto all = giving(word, offset);
            if (all.empty()) return Given::unknown;
            Given worst = Given::none;
            for (const auto& a : all) worst = std::max(worst, a.adds ? Given::unknown : is_empty_list(value_of(a)) ? list_of(added_to(word), offset, depth + 1) : command_of(value_of(a), m_all[a.at].offset, depth + 1));
            return worst;
        }
        return Given::unknown;
    }
    // The items of a list that is written here: {"a", b}, new String[] {"a", b}, Arrays.asList("a", b).
    std::vector<Range> list_at(Range r) const {
        if (is(r.from, "{") && mate(r.from) + 1 >= r.end) return parts({r.from + 1, mate(r.from)});
        if (name(r.from, "new"))
            for (auto i = r.from + 1; i < r.end; ++i) {
                if (is(i, "{")) return parts({i + 1, mate(i)});
                if (is(i, "(") ) break;
            }
        if (r.end > r.from && is(r.end - 1, ")"))
            for (auto i = r.from; i + 1 < r.end; ++i)
                if (is(i + 1, "(") && mate(i + 1) + 1 == r.end && (name(i, "asList") || (name(i, "of") && i > r.from + 1 && name(i - 2, "List")))) return parts({i + 2, r.end - 1});
        return {};
    }
    // new ArrayList<String>(), and what is added to it; nothing where it is filled in other ways.
    bool is_empty_list(Range r) const { return name(r.from, "new") && raw(r).find("List") != std::string_view::npos && r.end > r.from + 2 && is(r.end - 1, ")") && is(r.end - 2, "("); }
    std::vector<Range> added_to(const std::string& word) const {
        std::vector<Range> out;
        for (std::size_t i = 0; i + 3 < m_all.size(); ++i) {
            if (!name(i, word) || !is(i + 1, ".") || m_all[i + 2].kind != TokenKind::name || !is(i + 3, "(")) continue;
            if (one_of(m_all[i + 2].text, {"size", "toArray", "isEmpty", "toString", "get", "contains"})) continue;
            const auto given = parts({i + 4, mate(i + 3)});
            if (m_all[i + 2].text != "add" || given.size() != 1) return {};
            out.push_back(given[0]);
        }
        return out;
    }
    Given list_of(const std::vector<Range>& items, std::uint32_t offset, int depth) {
        if (items.empty() || depth > k_deepest_value) return Given::unknown;
        const auto program = constant_of(items[0], offset, depth);
        bool clean = true;
        for (std::size_t n = 1; n < items.size(); ++n) clean &= is_clean(items[n], offset, depth + 1);
        if (!program) return clean && is_clean(items[0], offset, depth + 1) ? Given::own : Given::unknown;
        if (takes_commands(*program)) return clean && items.size() > 2 && std::any_of(items.begin() + 1, items.end(), [&](const Range& r) { return !constant_of(r, offset, depth); }) ? Given::own : Given::unknown;
        return clean ? Given::own : Given::argument;
    }
    std::optional<std::string_view> constant_of(Range r, std::uint32_t offset, int depth) const {
        r = bare(r);
        if (r.end != r.from + 1 || depth > k_deepest_value) return std::nullopt;
        if (m_all[r.from].kind == TokenKind::text) return m_all[r.from].text;
        if (m_all[r.from].kind != TokenKind::name) return std::nullopt;
        const auto all = giving(std::string(m_all[r.from].text), offset);
        return all.size() == 1 && !all[0].adds ? constant_of(value_of(all[0]), m_all[all[0].at].offset, depth + 1) : std::nullopt;
    }
    // Where "? a : b" has its two values.
    std::optional<std::pair<std::size_t, std::size_t>> choice_at(Range r) const {
        std::size_t mark = 0;
        for (auto i = r.from; i < r.end; ++i) {
            if (opens(i)) { i = mate(i); continue; }
            if (is(i, "?") && mark == 0) mark = i;
            else if (is(i, ":") && mark != 0) return std::pair{mark + 1, i + 1};
        }
        return std::nullopt;
    }
    // KNOWN.get(x), KNOWN[i], Map.of(...).get(x), switch's own texts: whatever is picked is the page's.
    bool is_picked(Range r, std::uint32_t) const {
        const bool call = is(r.end - 1, ")") || is(r.end - 1, "]");
        if (!call || m_all[r.from].kind != TokenKind::name) return false;
        if (is(r.from + 1, "[") && mate(r.from + 1) + 1 == r.end) return is_own_list(m_code, m_all[r.from].text);
        for (auto i = r.from; i + 2 < r.end; ++i) {
            if (opens(i)) { i = mate(i); continue; }
            if (is(i, ".") && (name(i + 1, "get") || name(i + 1, "getOrDefault")) && is(i + 2, "(") && mate(i + 2) + 1 == r.end) {
                const bool other = name(i + 1, "getOrDefault") && [&] { const auto given = parts({i + 3, r.end - 1}); return given.size() < 2 || m_all[given[1].from].kind != TokenKind::text; }();
                if (other) return false;
                if (i == r.from + 1) return is_own_list(m_code, m_all[r.from].text);
                return is_list_written_here(m_code, m_all[r.from].offset);
            }
        }
        return false;
    }

    // No command and no code of the request's, wherever it stands.
    bool is_clean(Range r, std::uint32_t offset, int depth) {
        r = bare(r);
        if (r.from >= r.end || depth > k_deepest_value || ++m_steps > k_most_steps) return false;
        if (const auto choice = choice_at(r)) return is_clean({choice->first, choice->second - 1}, offset, depth + 1) && is_clean({choice->second, r.end}, offset, depth + 1);
        const auto sums = parts(r, "+");
        if (sums.size() > 1) return std::all_of(sums.begin(), sums.end(), [&](const Range& s) { return is_clean(s, offset, depth + 1); });
        const auto& first = m_all[r.from];
        if (first.kind == TokenKind::text) return r.end == r.from + 1;
        if (first.kind != TokenKind::name) return false;
        if (first.text[0] >= '0' && first.text[0] <= '9') return true;
        if (is_told(plain_word(raw(r)), offset)) return true;
        // Numbers, addresses, identifiers.
        if (one_of(first.text, {"Integer", "Long", "Short", "Double", "Math", "UUID", "int", "Convert", "Guid"}) && raw(r).find(".toString(") == std::string_view::npos) return true;
        if (is_picked(r, offset)) return true;
        for (auto i = r.from; i + 2 < r.end; ++i) {
            if (!is(i, ".") || m_all[i + 1].kind != TokenKind::name || !is(i + 2, "(")) continue;
            const auto method = m_all[i + 1].text;
            if (one_of(method, {"getHostAddress", "hashCode", "length", "size", "ordinal", "getTime", "nextInt"})) return true;
            if (one_of(method, {"replaceAll", "Replace"})) {
                const auto given = parts({i + 3, mate(i + 2)});
                if (given.size() > 1 && m_conditions.replaces_all_others(raw(method == "Replace" && given.size() > 2 ? given[1] : given[0]))) return true;
            }
        }
        if (one_of(first.text, {"String"}) && is(r.from + 1, ".") && name(r.from + 2, "valueOf") && is(r.from + 3, "(")) return is_clean({r.from + 4, mate(r.from + 3)}, offset, depth + 1);
        if (r.end == r.from + 1 || (is(r.from + 1, ".") && r.end == r.from + 5 && one_of(m_all[r.from + 2].text, {"trim", "toString", "toLowerCase", "strip", "Trim", "ToString"}))) {
            const std::string word(first.text);
            const auto found = m_assignments.find(word);
            if (found == m_assignments.end()) return false;
            // int n = ...: whatever it is, it is a number.
            if (std::any_of(found->second.begin(), found->second.end(), [&](const auto& a) { return a.at > 1 && one_of(m_all[a.at - 2].text, {"int", "long", "short", "Integer", "Long", "UUID", "Guid", "double", "boolean", "bool"}); })) return true;
            const auto all = giving(word, offset);
            return !all.empty() && std::all_of(all.begin(), all.end(), [&](const auto& a) { return is_clean(value_of(a), m_all[a.at].offset, depth + 1); });
        }
        return false;
    }

    std::string m_code;
    Language m_language;
    std::vector<ProgramBound> m_bounds;
    ProgramConditions m_conditions;
    ProgramTokens m_tokens;
    const std::vector<ProgramToken>& m_all;
    std::unordered_map<std::string, std::vector<Assignment>> m_assignments;
    std::size_t m_steps = 0;
};

}  // namespace
}  // namespace values

PageCalls page_calls(std::string_view text, Language language) {
    if (text.size() > values::k_most_page || (language != Language::jsp && language != Language::aspx)) return {Given::unknown, Given::unknown, 0, false};
    return values::Page(text, language).calls();
}

}  // namespace deadbox::plugins::webshell
