#include "webshell/program_bounds.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "webshell/program_words.hpp"

namespace deadbox::plugins::webshell {
namespace bounds {
namespace {

constexpr std::size_t k_most_conditions = 200, k_longest_list = 4000, k_longest_line = 500, k_longest_block = 20'000;

bool is_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }
bool has_blocks_by_lines(Language l) { return l == Language::python || l == Language::ruby; }

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}
// The word at the end, or at the beginning, without a sigil.
std::string_view last_word(std::string_view text) {
    text = trimmed(text);
    auto from = text.size();
    while (from > 0 && is_name(text[from - 1])) --from;
    return text.substr(from);
}
std::string_view first_word(std::string_view text) {
    text = trimmed(text);
    while (!text.empty() && (text[0] == '$' || text[0] == '@' || text[0] == '%')) text.remove_prefix(1);
    std::size_t end = 0;
    while (end < text.size() && is_name(text[end])) ++end;
    return text.substr(0, end);
}

// Behind the bracket that closes the one at `open`; nothing where none does within reach. Quotes hold no brackets.
std::optional<std::size_t> behind_bracket(std::string_view text, std::size_t open, std::size_t most) {
    int depth = 0;
    char quote = 0;
    for (auto i = open; i < text.size() && i < open + most; ++i) {
        const char c = text[i];
        if (quote != 0) {
            if (c == '\\') ++i;
            else if (c == quote || c == '\n') quote = 0;
        } else if (c == '"' || c == '\'') quote = c;
        else if (c == '(' || c == '[' || c == '{') ++depth;
        else if ((c == ')' || c == ']' || c == '}') && --depth == 0) return i + 1;
    }
    return std::nullopt;
}

// "('a', 'b')", "{'a': f, 'b': g}", "(a => 1)", "qw(a b)": texts that are no shells. In a map the keys are.
bool is_list_of_texts(std::string_view literal) {
    bool map = literal.find("=>") != literal.npos, words = false;
    bool any = map;
    for (std::size_t i = 0; i < literal.size(); ++i) {
        const char c = literal[i];
        if (c == '"' || c == '\'') {
            const auto end = literal.find(c, i + 1);
            if (end == literal.npos) return false;
            const auto text = literal.substr(i + 1, end - i - 1);
            if (is_shell(text) || text.find_first_of("$#{") != text.npos) return false;
            any |= !text.empty();
            i = end;
            const auto next = literal.find_first_not_of(" \t\r\n", end + 1);
            map |= next != literal.npos && literal[next] == ':';
        } else if (c == '#' || (c == '/' && literal.substr(i, 2) == "//")) i = std::min(literal.find('\n', i), literal.size());
        else words |= (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '$' || c == '@';
    }
    return any && (map || !words);
}

// The brackets of a list that begins here, behind "set(", "new Set(", "%w".
std::optional<std::string_view> list_at(std::string_view text, std::size_t at) {
    at = text.find_first_not_of(" \t\r\n", at);
    if (at == text.npos) return std::nullopt;
    for (const std::string_view word : {"frozenset(", "set(", "new Set(", "Set.new(", "tuple(", "list(", "dict(", "Object.freeze("})
        if (text.substr(at).starts_with(word)) { at += word.size() - 1; break; }
    for (const std::string_view word : {"qw", "%w"})
        if (text.substr(at).starts_with(word)) {
            const auto end = text.find_first_of(")]}/|", at + 3);
            if (end == text.npos || end - at > k_longest_list) return std::nullopt;
            const auto words = text.substr(at + 3, end - at - 3);
            if (words.empty() || words.find_first_of("$@#") != words.npos) return std::nullopt;
            for (std::size_t i = 0; i < words.size();) {
                auto stop = words.find_first_of(" \t\r\n", i);
                if (stop == words.npos) stop = words.size();
                if (is_shell(words.substr(i, stop - i))) return std::nullopt;
                i = stop + 1;
            }
            return std::string_view{};
        }
    if (text[at] != '(' && text[at] != '[' && text[at] != '{') return std::nullopt;
    const auto end = behind_bracket(text, at, k_longest_list);
    return end ? std::optional(text.substr(at, *end - at)) : std::nullopt;
}

// The list under this name: written once, and nothing is put into it later.
bool is_own_list(std::string_view text, std::string_view name) {
    if (name.empty()) return false;
    bool found = false;
    for (auto at = text.find(name); at != text.npos; at = text.find(name, at + name.size())) {
        const auto end = at + name.size();
        if ((at > 0 && is_name(text[at - 1])) || (end < text.size() && is_name(text[end]))) continue;
        auto next = text.find_first_not_of(" \t", end);
        if (next == text.npos) break;
        const auto rest = text.substr(next, 40);
        for (const std::string_view change : {".append(", ".add(", ".update(", ".extend(", ".push(", ".set(", "<<", "+=", "||=", "|=", ".concat("}) if (rest.starts_with(change)) return false;
        if (at > 6 && (text.substr(at - 6, 6).find("push") != std::string_view::npos)) return false;
        if (rest[0] == '[' || rest[0] == '{') {  // an item of it is set
            const auto close = behind_bracket(text, next, 200);
            const auto behind = close ? text.find_first_not_of(" \t", *close) : text.npos;
            if (behind != text.npos && text[behind] == '=' && text.substr(behind, 2) != "==" && text.substr(behind, 2) != "=~") return false;
        }
        if (rest[0] != '=' || rest.starts_with("==") || rest.starts_with("=~") || rest.starts_with("=>")) continue;
        const auto list = list_at(text, next + 1);
        if (found || !list || !(list->empty() || is_list_of_texts(*list))) return false;
        found = true;
    }
    return found;
}
bool is_list_here(std::string_view text, std::string_view line, std::string_view expression) {
    const auto at = static_cast<std::size_t>(expression.data() - text.data());
    if (const auto list = list_at(text.substr(0, static_cast<std::size_t>(line.data() - text.data()) + line.size()), at)) return list->empty() || is_list_of_texts(*list);
    return is_own_list(text, first_word(expression));
}

struct Test {
    std::string_view name;
    bool holds = true;  // where the condition as it is written does
    std::size_t at = 0;
};

// x in LIST, x not in LIST
std::optional<Test> by_word_in(std::string_view text, std::string_view line) {
    for (auto at = line.find(" in "); at != line.npos; at = line.find(" in ", at + 4)) {
        auto left = trimmed(line.substr(0, at));
        bool holds = true;
        if (last_word(left) == "not") left = trimmed(left.substr(0, left.size() - 3)), holds = false;
        const auto name = last_word(left);
        if (name.empty() || !is_list_here(text, line, line.substr(at + 4))) continue;
        const auto before = trimmed(left.substr(0, left.size() - name.size()));
        if (last_word(before) == "for") continue;
        if (last_word(before) == "not") holds = !holds;
        return Test{name, holds, at};
    }
    return std::nullopt;
}
// LIST.include?(x), LIST.includes(x), LIST.has(x)
std::optional<Test> by_method(std::string_view text, std::string_view line) {
    for (const std::string_view method : {".include?(", ".includes(", ".has(", ".key?(", ".has_key?(", ".hasOwnProperty(", ".member?("})
        for (auto at = line.find(method); at != line.npos; at = line.find(method, at + 1)) {
            const auto name = first_word(line.substr(at + method.size()));
            auto left = line.substr(0, at);
            const bool literal = !left.empty() && left.back() == ']' && left.rfind('[') != left.npos;
            const auto list = literal ? left.substr(left.rfind('[')) : last_word(left);
            if (name.empty() || line[at + method.size() + name.size()] != ')' || !(literal ? is_list_of_texts(list) : is_own_list(text, list))) continue;
            const auto before = trimmed(left.substr(0, left.size() - list.size()));
            return Test{name, !before.ends_with('!') && last_word(before) != "not", at};
        }
    return std::nullopt;
}
// exists $known{$x}, $known{$x}, grep { $_ eq $x } @known
std::optional<Test> by_perl(std::string_view text, std::string_view line) {
    if (const auto grep = line.find("grep"); grep != line.npos) {
        const auto same = line.find("$_ eq $", grep), list = line.find('@', grep);
        if (same != line.npos && list != line.npos && list > same && is_own_list(text, first_word(line.substr(list)))) {
            const auto before = trimmed(line.substr(0, grep));
            return Test{first_word(line.substr(same + 6)), !before.ends_with('!') && last_word(before) != "not", grep};
        }
    }
    for (auto at = line.find("{$"); at != line.npos; at = line.find("{$", at + 1)) {
        const auto list = last_word(line.substr(0, at));
        const auto name = first_word(line.substr(at + 1));
        const auto end = at + 2 + name.size();
        if (list.empty() || name.empty() || end >= line.size() || line[end] != '}') continue;
        auto before = trimmed(line.substr(0, at - list.size()));
        if (!before.ends_with('$') || !is_own_list(text, list)) continue;
        before = trimmed(before.substr(0, before.size() - 1));
        if (last_word(before) == "exists" || last_word(before) == "defined") before = trimmed(before.substr(0, before.size() - last_word(before).size()));
        return Test{name, !before.ends_with('!') && last_word(before) != "not", at};
    }
    return std::nullopt;
}

bool ends_there(std::string_view block) {
    for (const std::string_view word : {"exit", "return", "raise", "die", "abort", "halt", "throw"})
        for (auto at = block.find(word); at != block.npos; at = block.find(word, at + 1))
            if ((at == 0 || !is_name(block[at - 1])) && (at + word.size() >= block.size() || !is_name(block[at + word.size()]))) return true;
    return false;
}

class Reader {
public:
    Reader(std::string_view text, Language language) : m_text(text), m_language(language) {}

    std::vector<ProgramBound> run() {
        std::size_t conditions = 0;
        for (std::size_t at = 0; at < m_text.size() && conditions < k_most_conditions;) {
            const auto end = std::min(m_text.find('\n', at), m_text.size());
            const auto line = m_text.substr(at, end - at);
            if (line.size() < k_longest_line && is_condition(line)) ++conditions, read(line, at);
            at = end + 1;
        }
        return std::move(m_bounds);
    }

private:
    static bool is_condition(std::string_view line) {
        const auto start = line.find_first_not_of(" \t");
        if (start == line.npos || line[start] == '#') return false;
        return line.find("if") != line.npos || line.find("unless") != line.npos || line.find("assert") != line.npos;
    }

    void read(std::string_view line, std::size_t at) {
        auto test = m_language == Language::perl ? by_perl(m_text, line) : by_method(m_text, line);
        if (!test && (m_language == Language::python || m_language == Language::node)) test = by_word_in(m_text, line);
        if (!test || test->name.size() < 1) return;
        // The word of the condition, before the test: "if", or "... unless".
        const auto before = line.substr(0, test->at);
        std::size_t place = before.npos;
        std::string_view word;
        for (const std::string_view w : {"elif", "elsif", "unless", "assert", "if"})
            for (auto hit = before.rfind(w); hit != before.npos; hit = hit == 0 ? before.npos : before.rfind(w, hit - 1))
                if ((hit == 0 || !is_name(before[hit - 1])) && (hit + w.size() >= before.size() || !is_name(before[hit + w.size()]))) {
                    if (place == before.npos || hit > place) place = hit, word = w;
                    break;
                }
        if (place == before.npos) return;
        const bool holds = word == "unless" ? !test->holds : test->holds;
        // What else is asked must not open it again: "or" where it holds, "and" where it does not.
        const auto condition = line.substr(place, condition_end(line, place, test->at) - place);
        if (has_word(condition, holds ? "or" : "and") || condition.find(holds ? "||" : "&&") != condition.npos) return;
        if (word == "assert") return holds ? add(test->name, at, rest_end(line, at)) : void();
        const auto deed = trimmed(line.substr(0, place));
        const bool behind_deed = !deed.empty() && deed.back() != '}' && last_word(deed) != "else" && deed.back() != ';' && deed.back() != '{';
        if (behind_deed) {  // exit unless $known{$x};
            if (holds) add(test->name, at, at + line.size());
            else if (ends_there(deed)) add(test->name, at, rest_end(line, at));
            return;
        }
        const auto end = block_end(line, at, at + test->at);
        if (holds) add(test->name, at, end);
        else if (ends_there(m_text.substr(at + test->at, std::min<std::size_t>(end - at - test->at, 600)))) add(test->name, end, rest_end(line, at));
    }

    static bool has_word(std::string_view text, std::string_view word) {
        for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1))
            if ((at == 0 || !is_name(text[at - 1])) && (at + word.size() >= text.size() || !is_name(text[at + word.size()]))) return true;
        return false;
    }
    std::size_t condition_end(std::string_view line, std::size_t place, std::size_t test) const {
        if (m_language == Language::python) {
            auto colon = line.find(':', test);
            // Not one inside of {'a': 1}.
            if (const auto open = line.find('{', test); open < colon) colon = line.find(':', std::min(line.find('}', open), line.size()));
            return std::min(colon, line.size());
        }
        const auto open = line.find('(', place);
        if (open != line.npos && open < test)
            if (const auto end = behind_bracket(line, open, line.size())) if (*end > test) return *end;
        return std::min(std::min(line.find(';', test), line.find("then", test)), line.size());
    }

    static std::size_t indent_of(std::string_view line) { return std::min(line.find_first_not_of(" \t"), line.size()); }
    // The first line behind that is indented less than `indent`, blank ones aside.
    std::size_t dedent(std::string_view line, std::size_t at, std::size_t indent) const {
        for (auto next = at + line.size() + 1; next < m_text.size();) {
            const auto end = std::min(m_text.find('\n', next), m_text.size());
            const auto one = m_text.substr(next, end - next);
            if (!trimmed(one).empty() && indent_of(one) < indent) return next;
            next = end + 1;
        }
        return m_text.size();
    }
    std::size_t block_end(std::string_view line, std::size_t at, std::size_t test) const {
        if (has_blocks_by_lines(m_language)) return dedent(line, at, indent_of(line) + 1);
        const auto closed = m_text.find(')', test);
        const auto open = m_text.find('{', closed == m_text.npos ? test : closed), stop = m_text.find(';', test);
        if (open == m_text.npos || (stop < open)) return stop == m_text.npos ? m_text.size() : stop;  // if (...) deed;
        return behind_bracket(m_text, open, k_longest_block).value_or(open);
    }
    // To the end of the block that holds the line.
    std::size_t rest_end(std::string_view line, std::size_t at) const {
        if (has_blocks_by_lines(m_language)) return dedent(line, at, indent_of(line));
        int depth = 0;
        char quote = 0;
        for (auto i = at; i < m_text.size() && i < at + k_longest_block * 2; ++i) {
            const char c = m_text[i];
            if (quote != 0) {
                if (c == '\\') ++i;
                else if (c == quote || c == '\n') quote = 0;
            } else if (c == '"' || c == '\'') quote = c;
            else if (c == '{') ++depth;
            else if (c == '}' && depth-- == 0) return i;
        }
        return m_text.size();
    }
    void add(std::string_view name, std::size_t from, std::size_t end) {
        if (from < end) m_bounds.push_back({std::string(name), from, end});
    }

    std::string_view m_text;
    Language m_language;
    std::vector<ProgramBound> m_bounds;
};

}  // namespace
}  // namespace bounds

std::vector<ProgramBound> program_bounds(std::string_view text, Language language) { return bounds::Reader(text, language).run(); }

bool is_bound(std::span<const ProgramBound> bounds, std::string_view name, std::size_t offset) {
    return std::any_of(bounds.begin(), bounds.end(), [&](const auto& b) { return b.name == name && b.from <= offset && offset < b.end; });
}

}  // namespace deadbox::plugins::webshell
