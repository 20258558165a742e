#include "webshell/program_bounds.hpp"
#include "webshell/letters.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "webshell/program_conditions.hpp"
#include "webshell/program_lists.hpp"

namespace deadbox::plugins::webshell {

using namespace program_text;

namespace bounds {
namespace {

constexpr std::size_t k_most_conditions = 300, k_longest_block = 20'000, k_longest_head = 1500;

bool has_blocks_by_lines(Language l) { return l == Language::python || l == Language::ruby; }

std::size_t indent_of(std::string_view line) { return std::min(line.find_first_not_of(" \t"), line.size()); }
std::string_view line_of(std::string_view text, std::size_t at) {
    const auto from = at == 0 ? text.npos : text.rfind('\n', at - 1);
    const auto start = from == text.npos ? 0 : from + 1;
    return text.substr(start, std::min(text.find('\n', at), text.size()) - start);
}
// The first line behind `at`'s that is indented less than `indent`, blank ones aside.
std::size_t dedent(std::string_view text, std::size_t at, std::size_t indent) {
    for (auto next = std::min(text.find('\n', at), text.size()); next < text.size();) {
        ++next;
        const auto end = std::min(text.find('\n', next), text.size());
        const auto one = text.substr(next, end - next);
        if (!trimmed(one).empty() && indent_of(one) < indent) return next;
        next = end;
    }
    return text.size();
}

constexpr std::array<std::string_view, 14> k_leaving{"exit", "return", "raise", "die", "abort", "halt", "throw", "quit", "croak", "next", "last", "continue", "break", "fail"};

// The statement ends the program, the function or the turn of a loop: "sys.exit(1)", "return", "raise ValueError".
bool leaves(std::string_view statement) {
    statement = trimmed(statement);
    for (const std::string_view owner : {"sys.", "os._", "process.", "this.", "POSIX::", "os.", "flask."}) if (statement.starts_with(owner)) statement.remove_prefix(owner.size());
    return std::any_of(k_leaving.begin(), k_leaving.end(), [&](auto word) {
        return statement.starts_with(word) && (statement.size() == word.size() || !is_name(statement[word.size()]));
    });
}

class Reader {
public:
    Reader(std::string_view text, Language language) : m_text(text), m_language(language), m_conditions(text, language) {}

    std::vector<ProgramBound> run() {
        std::size_t conditions = 0;
        std::size_t start = 0;  // of the statement
        int nested = 0;         // round and square brackets that are open in it
        for (std::size_t i = 0; i < m_text.size() && conditions < k_most_conditions;) {
            if (const auto over = over_quoted(i); over > i) { i = over; continue; }
            const char c = m_text[i];
            if (c == '(' || c == '[') ++nested;
            else if ((c == ')' || c == ']') && nested > 0) --nested;
            const bool subscript = c == '{' && i > 0 && m_language == Language::perl && (is_name(m_text[i - 1]) || m_text[i - 1] == '>') && !is_word_before(i, "else");
            if (subscript) {
                if (const auto end = behind_bracket(m_text, i, 200)) { i = *end; continue; }
            }
            if (c == ';' || c == '{' || c == '}' || (c == '\n' && has_blocks_by_lines(m_language) && nested == 0) || (c == '%' && m_text.substr(i, 2) == "%>")) { start = i + 1, nested = 0, ++i; continue; }
            if (i > 0 && (is_name(m_text[i - 1]) || m_text[i - 1] == '$' || m_text[i - 1] == '@' || m_text[i - 1] == '.')) { ++i; continue; }
            const auto word = word_at(i);
            if (word.empty()) { ++i; continue; }
            ++conditions;
            const auto next = i + word.size();
            if (word == "or" || word == "||" || word == "and" || word == "&&") short_circuit(start, i, next, word == "or" || word == "||");
            else if (word == "switch") labels(next);
            else if (word == "?") { if (nested > 0 || m_language == Language::node || m_language == Language::jsp) choice(start, i); }
            else if (word == "assert") { const auto end = statement_end(next); add_all(m_conditions.told(without_message(m_text.substr(next, end - next)), true), end, end_of_block(m_text, i, m_language)); }
            else condition(start, i, next, word == "unless");
            i = next;
        }
        if (m_language == Language::python) python_logins();
        return std::move(m_bounds);
    }

private:
    bool is_word_before(std::size_t i, std::string_view word) const { return i >= word.size() && m_text.substr(i - word.size(), word.size()) == word; }
    std::size_t over_quoted(std::size_t i) const {
        const char c = m_text[i];
        const bool hash = m_language == Language::python || m_language == Language::perl || m_language == Language::ruby;
        if (c == '#' && hash && (i == 0 || m_text[i - 1] == ' ' || m_text[i - 1] == '\n' || m_text[i - 1] == '\t')) return std::min(m_text.find('\n', i), m_text.size());
        if (!hash && m_text.substr(i, 2) == "//" && (i == 0 || m_text[i - 1] != ':')) return std::min(m_text.find('\n', i), m_text.size());
        if (!hash && m_text.substr(i, 2) == "/*") { const auto end = m_text.find("*/", i + 2); return end == m_text.npos ? m_text.size() : end + 2; }
        if (m_language == Language::python && (m_text.substr(i, 3) == "\"\"\"" || m_text.substr(i, 3) == "'''")) { const auto end = m_text.find(m_text.substr(i, 3), i + 3); return end == m_text.npos ? m_text.size() : end + 3; }
        if (c != '"' && c != '\'' && c != '/' && c != 'm' && c != 'q' && c != 's') return i;
        // Patterns are told from divisions by what stands before them in the line.
        const auto from = i > 200 ? i - 200 : 0;
        const auto near = m_text.substr(from, std::min<std::size_t>(m_text.size() - from, 200 + k_longest_head));
        return from + m_conditions.over_literal(near, i - from);
    }
    std::string_view word_at(std::size_t i) const {
        static constexpr std::array<std::string_view, 8> words{"if", "elif", "elsif", "unless", "assert", "or", "and", "switch"};
        const char c = m_text[i];
        if (c == '|' || c == '&') return m_text.substr(i, 2) == "||" || m_text.substr(i, 2) == "&&" ? m_text.substr(i, 2) : std::string_view{};
        if (c == '?') return m_text.substr(i, 1);
        if (c != 'i' && c != 'e' && c != 'u' && c != 'a' && c != 'o' && c != 's') return {};
        for (const auto w : words)
            if (m_text.substr(i, w.size()) == w && i + w.size() < m_text.size() && !is_name(m_text[i + w.size()])) return m_text.substr(i, w.size());
        return {};
    }
    // Up to the statement's end: a semicolon, a brace, in some languages the line's end.
    std::size_t statement_end(std::size_t i) const {
        int nested = 0;
        for (const auto stop = std::min(m_text.size(), i + k_longest_head); i < stop;) {
            if (const auto over = over_quoted(i); over > i) { i = over; continue; }
            const char c = m_text[i];
            if (c == '(' || c == '[' || c == '{') ++nested;
            else if (c == ')' || c == ']' || c == '}') { if (nested-- == 0) return i; }
            else if (nested == 0 && (c == ';' || (c == '\n' && has_blocks_by_lines(m_language)))) return i;
            ++i;
        }
        return std::min(i, m_text.size());
    }
    // assert x in y, "message"
    std::string_view without_message(std::string_view condition) const {
        int nested = 0;
        for (std::size_t i = 0; i < condition.size();) {
            if (const auto over = m_conditions.over_literal(condition, i); over > i) { i = over; continue; }
            const char c = condition[i];
            if (c == '(' || c == '[' || c == '{') ++nested;
            else if (c == ')' || c == ']' || c == '}') --nested;
            else if (c == ',' && nested == 0) return condition.substr(0, i);
            ++i;
        }
        return condition;
    }

    // if COND: ..., if (COND) {...}, DEED if COND;
    void condition(std::size_t start, std::size_t word, std::size_t next, bool turned) {
        auto deed = trimmed(m_text.substr(start, word - start));
        if (deed == "else" || deed == "}" || deed == "<%") deed = {};
        if (!deed.empty() && (m_language == Language::python || m_language == Language::perl || m_language == Language::ruby)) {
            auto end = statement_end(next);
            if (m_language == Language::python) {  // a if COND else b; [x for x in y if COND]
                const auto other = m_text.substr(next, end - next).find(" else ");
                if (other == std::string_view::npos) return;
                end = next + other;
            }
            const auto here = m_text.substr(next, end - next);
            add_all(m_conditions.told(here, !turned), start, word);
            if (m_language == Language::python) add_all(m_conditions.told(here, turned), end, statement_end(end));
            else if (leaves(deed)) add_all(m_conditions.told(here, turned), end, end_of_block(m_text, word, m_language));
            return;
        }
        // The head and the block.
        std::size_t head = next, head_end = 0, block = 0, block_stop = 0;
        if (m_language == Language::python) {
            head_end = colon(next);
            block = std::min(head_end + 1, m_text.size());
            const auto rest = m_text.substr(block, std::min(m_text.find('\n', block), m_text.size()) - block);
            const bool one_line = !trimmed(rest).empty() && !trimmed(rest).starts_with('#');
            block_stop = one_line ? block + rest.size() : dedent(m_text, word, indent_of(line_of(m_text, word)) + 1);
        } else if (m_language == Language::ruby) {
            head_end = std::min(statement_end(next), m_text.size());
            if (const auto then = m_text.substr(next, head_end - next).find(" then"); then != std::string_view::npos) head_end = next + then;
            block = std::min(head_end + 1, m_text.size());
            block_stop = dedent(m_text, word, indent_of(line_of(m_text, word)) + 1);
            // "else" closes it as "end" does.
        } else {
            const auto open = m_text.find_first_not_of(" \t\r\n", next);
            if (open == m_text.npos || m_text[open] != '(') return;
            const auto close = closing(open);
            if (!close) return;
            head = open, head_end = *close;
            block = m_text.find_first_not_of(" \t\r\n", head_end);
            if (block == m_text.npos) return;
            block_stop = block_end(block);
        }
        if (head_end <= head || block >= block_stop) return;
        const auto here = m_text.substr(head, head_end - head);
        const auto true_words = m_conditions.told(here, !turned), false_words = m_conditions.told(here, turned);
        if (true_words.empty() && false_words.empty()) return;
        add_all(true_words, head_end, block_stop);
        const auto rest = end_of_block(m_text, word, m_language);
        const auto other = else_at(block_stop);
        const bool gone = block_leaves(block, block_stop);
        if (other) {
            const auto other_stop = m_language == Language::python || m_language == Language::ruby ? dedent(m_text, *other, indent_of(line_of(m_text, *other)) + 1) : block_end(*other);
            add_all(false_words, *other, other_stop);
            if (block_leaves(*other, other_stop)) add_all(true_words, other_stop, rest);
            if (gone) add_all(false_words, other_stop, rest);
        } else if (gone) add_all(false_words, block_stop, rest);
    }
    std::size_t colon(std::size_t i) const {
        int nested = 0;
        for (const auto stop = std::min(m_text.size(), i + k_longest_head); i < stop;) {
            if (const auto over = over_quoted(i); over > i) { i = over; continue; }
            const char c = m_text[i];
            if (c == '(' || c == '[' || c == '{') ++nested;
            else if (c == ')' || c == ']' || c == '}') --nested;
            else if (nested == 0 && (c == ':' || c == '\n')) return i;
            ++i;
        }
        return std::min(i, m_text.size());
    }
    // As behind_bracket(), with patterns as no brackets.
    std::optional<std::size_t> closing(std::size_t open) const {
        int nested = 0;
        for (auto i = open; i < std::min(m_text.size(), open + k_longest_block);) {
            if (const auto over = over_quoted(i); over > i) { i = over; continue; }
            const char c = m_text[i];
            if (c == '(' || c == '[' || c == '{') ++nested;
            else if ((c == ')' || c == ']' || c == '}') && --nested == 0) return i + 1;
            ++i;
        }
        return std::nullopt;
    }
    std::size_t block_end(std::size_t block) const {
        if (m_text[block] == '{') return closing(block).value_or(block);
        return std::min(statement_end(block) + 1, m_text.size());
    }
    // Where the other branch begins.
    std::optional<std::size_t> else_at(std::size_t at) const {
        auto next = m_text.find_first_not_of(" \t\r\n;", at);
        if (next == m_text.npos || m_text.substr(next, 4) != "else" || (next + 4 < m_text.size() && is_name(m_text[next + 4]))) return std::nullopt;
        next = m_text.find_first_not_of(" \t\r\n:", next + 4);
        if (m_language == Language::python || m_language == Language::ruby) return m_text.find_first_not_of(" \t\r\n;", at) + 4;
        return next == m_text.npos || m_text.substr(next, 2) == "if" ? std::nullopt : std::optional(next);
    }
    // Its last statement leaves.
    bool block_leaves(std::size_t block, std::size_t stop) const {
        auto body = trimmed(m_text.substr(block, stop - block));
        if (body.starts_with(':')) body = trimmed(body.substr(1));
        if (has_blocks_by_lines(m_language) && m_language != Language::ruby) {
            // The last line that is indented as the first, and its last part.
            auto last = body.substr(0, body.find('\n'));
            const auto first_at = static_cast<std::size_t>(body.data() - m_text.data());
            const auto indent = indent_of(line_of(m_text, first_at));
            const auto own_line = line_of(m_text, first_at);
            if (trimmed(own_line) == trimmed(last))  // the block has lines of its own
                for (auto at = body.find('\n'); at != body.npos; at = body.find('\n', at + 1)) {
                    const auto line = body.substr(at + 1, std::min(body.find('\n', at + 1), body.size()) - at - 1);
                    if (!trimmed(line).empty() && indent_of(line) == indent && trimmed(line).front() != '#' && trimmed(line).front() != ')') last = line;
                }
            return any_part_leaves(last);
        }
        if (m_language == Language::ruby) {
            if (body.ends_with("end")) body = trimmed(body.substr(0, body.size() - 3));
            const auto line = body.rfind('\n');
            return any_part_leaves(line == body.npos ? body : body.substr(line + 1));
        }
        if (body.starts_with('{')) body = body.substr(1, body.size() < 2 ? 0 : body.size() - (body.ends_with('}') ? 2 : 1));
        return any_part_leaves(body, true);
    }
    // The last of the statements between semicolons.
    bool any_part_leaves(std::string_view statements, bool braces = false) const {
        while (!statements.empty() && (statements.back() == ';' || statements.back() == '}' || statements.back() == ' ' || statements.back() == '\n' || statements.back() == '\r' || statements.back() == '\t')) statements.remove_suffix(1);
        std::size_t start = 0;
        int nested = 0;
        for (std::size_t i = 0; i < statements.size();) {
            if (const auto over = m_conditions.over_literal(statements, i); over > i) { i = over; continue; }
            const char c = statements[i];
            if (c == '(' || c == '[' || c == '{') ++nested;
            else if (c == ')' || c == ']' || c == '}') { --nested; if (c == '}' && nested <= 0 && braces) start = i + 1; }
            else if (c == ';' && nested <= 0) start = i + 1;
            ++i;
        }
        return leaves(statements.substr(start));
    }

    // switch (x) {case "a": ... default: return;}
    void labels(std::size_t next) {
        const auto open = m_text.find_first_not_of(" \t\r\n", next);
        const auto close = open == m_text.npos || m_text[open] != '(' ? std::nullopt : closing(open);
        const auto block = close ? m_text.find_first_not_of(" \t\r\n", *close) : m_text.npos;
        const auto stop = block == m_text.npos || m_text[block] != '{' ? std::nullopt : closing(block);
        if (!stop) return;
        auto rest = *stop;
        for (auto i = block + 1; i + 1 < *stop;) {
            if (const auto over = over_quoted(i); over > i) { i = over; continue; }
            if (m_text[i] == '{') { i = closing(i).value_or(*stop); continue; }
            const bool begins = !is_name(m_text[i - 1]) && m_text[i - 1] != '.';
            if (begins && m_text.substr(i, 5) == "case ") {
                const auto label = trimmed(m_text.substr(i + 5, 1));
                if (label != "\"" && label != "'" && !(label >= "0" && label <= "9")) return;
            } else if (begins && m_text.substr(i, 7) == "default" && !is_name(m_text[i + 7])) { rest = i; break; }
            ++i;
        }
        const auto word = plain_word(m_text.substr(open, *close - open));
        if (word.empty()) return;
        add_all({word}, block, rest);
        const auto then = m_text.find_first_not_of(": \t\r\n->", std::min(rest + 7, *stop));
        if (rest < *stop && then < *stop && block_leaves(then, *stop)) add_all({word}, *stop, end_of_block(m_text, next, m_language));
    }
    // COND or die; COND && return;
    void short_circuit(std::size_t start, std::size_t word, std::size_t next, bool either) {
        auto then = trimmed(m_text.substr(next, 60));
        if (then.starts_with('(')) then = trimmed(then.substr(1));
        if (!leaves(then) && !(then.starts_with("print") && m_text.substr(next, 100).find("exit") != std::string_view::npos)) return;
        const auto here = m_text.substr(start, word - start);
        add_all(m_conditions.told(here, either), next, end_of_block(m_text, word, m_language));
    }
    // COND ? a : b
    void choice(std::size_t start, std::size_t mark) {
        const auto end = statement_end(mark + 1);
        int nested = 0;
        auto colon_at = end;
        for (auto i = mark + 1; i < end;) {
            if (const auto over = over_quoted(i); over > i) { i = over; continue; }
            const char c = m_text[i];
            if (c == '(' || c == '[' || c == '{') ++nested;
            else if (c == ')' || c == ']' || c == '}') --nested;
            else if (c == ':' && nested == 0) { colon_at = i; break; }
            ++i;
        }
        if (colon_at == end) return;
        auto here = m_text.substr(start, mark - start);
        // What it is assigned to, or the call that it is an argument of.
        for (std::size_t i = here.size(); i > 0; --i)
            if (here[i - 1] == '=' && (i >= here.size() || (here[i] != '=' && here[i] != '~')) && i > 1 && std::string_view("=!<>").find(here[i - 2]) == std::string_view::npos) { here = here.substr(i); break; }
        add_all(m_conditions.told(here, true), mark, colon_at);
        add_all(m_conditions.told(here, false), colon_at, end);
    }

    // @login_required above a function; a function that runs before each request and sends strangers away.
    void python_logins() {
        for (auto at = m_text.find('@'); at != m_text.npos; at = m_text.find('@', at + 1)) {
            if (at > 0 && m_text[at - 1] != '\n' && m_text[at - 1] != ' ' && m_text[at - 1] != '\t') continue;
            const auto line = m_text.substr(at + 1, std::min(m_text.find('\n', at), m_text.size()) - at - 1);
            const auto function = m_text.find("def ", at);
            if (function == m_text.npos || function - at > 600) continue;
            const auto body = std::min(m_text.find('\n', function), m_text.size());
            const auto stop = dedent(m_text, function, indent_of(line_of(m_text, function)) + 1);
            const auto name = line.substr(0, line.find('('));
            bool demands = false;
            for (const std::string_view word : {"login_required", "member_required", "permission_required", "admin_required", "superuser_required", "auth_required", "requires_auth", "roles_required", "role_required", "user_passes_test", "jwt_required", "roles_accepted", "requires_login", "authenticated", "token_required", "require_login", "require_admin", "requires_admin"})
                demands |= name.find(word) != name.npos && !defined_here(name);
            if (demands) m_bounds.push_back({std::string(k_known_visitor), body, stop});
            // before_request: where its own condition leaves strangers outside, the whole program lies behind it.
            if (name.find("before_request") != name.npos)
                if (std::any_of(m_bounds.begin(), m_bounds.end(), [&](const auto& b) { return b.name == k_known_visitor && b.from >= function && b.end <= stop + 1; })) m_bounds.push_back({std::string(k_known_visitor), 0, m_text.size()});
        }
    }
    // The program's own decorator may let anybody in.
    bool defined_here(std::string_view name) const {
        const auto dot = name.rfind('.');
        return m_text.find("def " + std::string(trimmed(dot == name.npos ? name : name.substr(dot + 1))) + "(") != m_text.npos;
    }

    void add_all(const std::vector<std::string>& names, std::size_t from, std::size_t end) {
        if (from < end) for (const auto& name : names) m_bounds.push_back({name, from, end});
    }

    std::string_view m_text;
    Language m_language;
    ProgramConditions m_conditions;
    std::vector<ProgramBound> m_bounds;
};

}  // namespace
}  // namespace bounds

std::size_t end_of_block(std::string_view text, std::size_t at, Language language) {
    if (bounds::has_blocks_by_lines(language)) return bounds::dedent(text, at, bounds::indent_of(bounds::line_of(text, at)));
    int depth = 0;
    char quote = 0;
    for (auto i = at; i < text.size() && i < at + bounds::k_longest_block * 2; ++i) {
        const char c = text[i];
        if (quote != 0) {
            if (c == '\\') ++i;
            else if (c == quote || c == '\n') quote = 0;
        } else if (c == '"' || c == '\'') quote = c;
        else if (c == '{') ++depth;
        else if (c == '}' && depth-- == 0) return i;
    }
    return text.size();
}

std::vector<ProgramBound> program_bounds(std::string_view text, Language language) { return bounds::Reader(text, language).run(); }

bool is_bound(std::span<const ProgramBound> bounds, std::string_view name, std::size_t offset) {
    return std::any_of(bounds.begin(), bounds.end(), [&](const auto& b) { return b.name == name && b.from <= offset && offset < b.end; });
}

}  // namespace deadbox::plugins::webshell
