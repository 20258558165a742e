#include "webshell/program_conditions.hpp"

#include <algorithm>
#include <array>

#include "webshell/program_lists.hpp"
#include "webshell/program_patterns.hpp"
#include "webshell/letters.hpp"

namespace deadbox::plugins::webshell {

using namespace program_text;

namespace conditions {
namespace {

constexpr int k_deepest = 6;
constexpr std::size_t k_longest_condition = 1500, k_longest_body = 600;
using Words = std::vector<std::string>;

bool has_patterns(Language l) { return l == Language::perl || l == Language::ruby || l == Language::node; }
bool has_any(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(), [&](auto word) { return text.find(word) != text.npos; });
}
Words both(const Words& a, const Words& b) {
    Words out;
    for (const auto& w : a) if (std::find(b.begin(), b.end(), w) != b.end()) out.push_back(w);
    return out;
}
std::string lower(std::string_view text) {
    std::string out(text);
    for (auto& c : out) if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    return out;
}
// Whether a pair of brackets holds all of it.
std::string_view unwrapped(std::string_view text) {
    text = trimmed(text);
    while (text.size() > 1 && text.front() == '(') {
        const auto end = behind_bracket(text, 0, text.size() + 1);
        if (!end || *end != text.size()) break;
        text = trimmed(text.substr(1, text.size() - 2));
    }
    return text;
}
bool is_literal_text(std::string_view e) {
    e = trimmed(e);
    return e.size() > 1 && (e.front() == '"' || e.front() == '\'') && e.find(e.front(), 1) == e.size() - 1;
}
bool is_number(std::string_view e) { return !e.empty() && e.find_first_not_of("0123456789") == e.npos; }

// The operand that ends at the text's end, or that begins it: names, dots, brackets.
std::string_view operand_before(std::string_view text) {
    text = trimmed(text);
    auto from = text.size();
    while (from > 0) {
        const char c = text[from - 1];
        if (c == ')' || c == ']' || c == '}') {
            const char open = c == ')' ? '(' : c == ']' ? '[' : '{';
            int depth = 0;
            auto i = from;
            while (i > 0) {
                --i;
                if (text[i] == c) ++depth;
                else if (text[i] == open && --depth == 0) break;
            }
            if (depth != 0) return {};
            from = i;
        } else if (is_name(c) || c == '.' || c == '$' || c == '@' || c == '?' || (c == '>' && from > 1 && text[from - 2] == '-') || (c == '-' && from < text.size() && text[from] == '>')) --from;
        else break;
    }
    return text.substr(from);
}
std::string_view operand_after(std::string_view text) {
    text = trimmed(text);
    std::size_t end = 0;
    while (end < text.size()) {
        const char c = text[end];
        if (c == '(' || c == '[' || c == '{') {
            const auto close = behind_bracket(text, end, text.size());
            if (!close) return {};
            end = *close;
        } else if (is_name(c) || c == '.' || c == '$' || c == '@' || (c == '-' && text.substr(end, 2) == "->") || (c == '>' && end > 0 && text[end - 1] == '-')) ++end;
        else break;
    }
    return text.substr(0, end);
}
// The arguments of the call whose bracket opens at `open`.
std::vector<std::string_view> arguments_at(std::string_view text, std::size_t open) {
    std::vector<std::string_view> out;
    const auto end = behind_bracket(text, open, text.size());
    if (!end) return out;
    int depth = 0;
    char quote = 0;
    auto start = open + 1;
    for (auto i = open + 1; i < *end; ++i) {
        const char c = text[i];
        if (quote != 0) { if (c == '\\') ++i; else if (c == quote) quote = 0; }
        else if (c == '"' || c == '\'') quote = c;
        else if (c == '(' || c == '[' || c == '{') ++depth;
        else if ((c == ',' && depth == 0) || i + 1 == *end) { out.push_back(trimmed(text.substr(start, i - start))); start = i + 1; }
        else if (c == ')' || c == ']' || c == '}') --depth;
    }
    return out;
}
std::string unescaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == '\\') ++i;
        out += text[i];
    }
    return out;
}
Words one(std::string_view expression) {
    auto word = plain_word(expression);
    if (word.empty() || is_number(word)) return {};
    return {std::move(word)};
}

}  // namespace
}  // namespace conditions

using namespace conditions;

std::string plain_word(std::string_view expression) {
    auto e = unwrapped(expression);
    for (bool again = true; again;) {
        again = false;
        for (const std::string_view wrap : {"str(", "lc(", "lc ", "String(", "set(", "bytes(", "scalar("})
            if (e.starts_with(wrap) && (wrap.back() == ' ' || e.ends_with(')'))) {
                e = wrap.back() == ' ' ? trimmed(e.substr(wrap.size())) : trimmed(e.substr(wrap.size(), e.size() - wrap.size() - 1));
                again = true;
            }
        for (const std::string_view tail : {".strip()", ".lower()", ".upper()", ".to_s", ".toString()", ".trim()", ".toLowerCase()", ".chomp", ".downcase"})
            if (e.ends_with(tail)) e.remove_suffix(tail.size()), again = true;
    }
    while (!e.empty() && (e.front() == '$' || e.front() == '@' || e.front() == '%')) e.remove_prefix(1);
    std::string out;
    for (const char c : e) {
        if (is_blank(c)) continue;
        if (!is_name(c) && std::string_view(".[]{}()'\":->@$/_").find(c) == std::string_view::npos) return {};
        out += c;
    }
    return out.size() > 80 ? std::string{} : out;
}

std::size_t ProgramConditions::over_literal(std::string_view text, std::size_t at) const {
    const char c = text[at];
    if (c == '"' || c == '\'') {
        auto i = at + 1;
        while (i < text.size() && text[i] != c && text[i] != '\n') i += text[i] == '\\' ? 2 : 1;
        return i < text.size() && text[i] == c ? i + 1 : at;
    }
    if (!has_patterns(m_language)) return at;
    std::size_t open = at;
    if (c != '/') {
        // m{...}, qr/.../, s{..}
        if (m_language != Language::perl || !(c == 'm' || c == 'q' || c == 's') || (at > 0 && (is_name(text[at - 1]) || text[at - 1] == '$' || text[at - 1] == '@' || text[at - 1] == '%' || text[at - 1] == '{'))) return at;
        open = at + (text.substr(at, 2) == "qr" || text.substr(at, 2) == "qq" || text.substr(at, 2) == "qw" ? 2 : 1);
        if (open >= text.size() || std::string_view("/{!|#~([").find(text[open]) == std::string_view::npos) return at;
    } else {
        auto before = trimmed(text.substr(0, at));
        if (!before.empty() && (before.back() == ')' || before.back() == ']' || before.back() == '}' || before.back() == '"' || before.back() == '\'')) return at;
        const auto word = last_word(before);
        if (!word.empty() && word.data() + word.size() == before.data() + before.size() && word != "if" && word != "unless" && word != "and" && word != "or" && word != "not" && word != "return" && word != "split" && word != "when") return at;
    }
    const auto inside = inside_of_pattern(text.substr(open));
    if (inside.empty()) return at;
    auto end = static_cast<std::size_t>(inside.data() - text.data()) + inside.size() + 1;
    while (end < text.size() && text[end] >= 'a' && text[end] <= 'z' && end - open < 2000 && !(text[end] == 'o' && text.substr(end, 2) == "or")) ++end;
    return end;
}

std::string ProgramConditions::pattern_of(std::string_view expression) const {
    auto e = unwrapped(expression);
    for (const std::string_view wrap : {"re.compile(", "Pattern.compile(", "java.util.regex.Pattern.compile(", "new Regex(", "new RegExp(", "Regexp.new("})
        if (e.starts_with(wrap)) e = trimmed(e.substr(wrap.size()));
    if (const auto inside = inside_of_pattern(e); !inside.empty() && (e.front() != '(' && e.front() != '[' && e.front() != '{')) {
        const bool escaped = (e.front() == '"' || e.front() == '\'') && m_language != Language::python && m_language != Language::perl;
        return escaped ? unescaped(inside) : std::string(inside);
    }
    // Under a name that is set once.
    const auto name = first_word(e);
    if (name.empty() || trimmed(e).size() > name.size() + 1) return {};
    for (auto at = m_text.find(name); at != m_text.npos; at = m_text.find(name, at + name.size())) {
        if ((at > 0 && is_name(m_text[at - 1])) || (at + name.size() < m_text.size() && is_name(m_text[at + name.size()]))) continue;
        const auto next = m_text.find_first_not_of(" \t", at + name.size());
        if (next == m_text.npos || m_text[next] != '=' || next + 1 >= m_text.size() || m_text[next + 1] == '=' || m_text[next + 1] == '~') continue;
        const auto value = trimmed(m_text.substr(next + 1, 300));
        if (first_word(value) == name) return {};
        return value.empty() || (is_name(value[0]) && !value.starts_with("re.") && !value.starts_with("r\"") && !value.starts_with("r'") && !value.starts_with("qr") && !value.starts_with("Pattern") && !value.starts_with("java") && !value.starts_with("new ")) ? std::string{} : pattern_of(value);
    }
    return {};
}
bool ProgramConditions::is_pattern_of_few(std::string_view expression, bool whole) const {
    const auto pattern = pattern_of(expression);
    return !pattern.empty() && lets_few_through(pattern, whole ? Anchored::whole : Anchored::by_itself);
}
bool ProgramConditions::replaces_all_others(std::string_view expression) const {
    const auto pattern = pattern_of(expression);
    return !pattern.empty() && finds_all_others(pattern);
}

std::vector<std::string> ProgramConditions::told(std::string_view condition, bool holds, int depth) const {
    condition = unwrapped(condition);
    if (condition.empty() || depth > k_deepest || condition.size() > k_longest_condition) return {};
    // Split at "or" first, then at "and": each binds less than what follows.
    for (const bool any : {true, false}) {
        std::vector<std::string_view> parts;
        std::size_t start = 0;
        int nested = 0;
        for (std::size_t i = 0; i < condition.size();) {
            if (const auto over = over_literal(condition, i); over > i) { i = over; continue; }
            const char c = condition[i];
            if (c == '(' || c == '[' || c == '{') ++nested;
            else if (c == ')' || c == ']' || c == '}') --nested;
            std::size_t length = 0;
            if (nested == 0) {
                if (condition.substr(i, 2) == (any ? "||" : "&&")) length = 2;
                const std::string_view word = any ? "or" : "and";
                if (condition.substr(i, word.size()) == word && i > 0 && !is_name(condition[i - 1]) && condition[i - 1] != '.' && condition[i - 1] != '$' && (i + word.size() >= condition.size() || !is_name(condition[i + word.size()]))) length = word.size();
            }
            if (length == 0) { ++i; continue; }
            parts.push_back(condition.substr(start, i - start));
            start = i += length;
        }
        if (parts.empty()) continue;
        parts.push_back(condition.substr(start));
        auto known = told(parts[0], holds, depth + 1);
        for (std::size_t k = 1; k < parts.size(); ++k) {
            const auto more = told(parts[k], holds, depth + 1);
            if (any == holds) known = both(known, more);
            else known.insert(known.end(), more.begin(), more.end());
        }
        return known;
    }
    if (condition.front() == '!' && !condition.starts_with("!=") && !condition.starts_with("!~")) return told(condition.substr(1), !holds, depth + 1);
    if (condition.starts_with("not ") || condition.starts_with("not(")) return told(condition.substr(3), !holds, depth + 1);
    for (const std::string_view truth : {"bool(", "defined(", "Boolean("}) if (condition.starts_with(truth) && condition.ends_with(')')) return told(condition.substr(truth.size() - 1), holds, depth + 1);
    return told_by_test(condition, holds, depth);
}

std::vector<std::string> ProgramConditions::told_by_test(std::string_view test, bool holds, int depth) const {
    if (tells_login(test, holds)) return {std::string(k_known_visitor)};
    // x is None, x == null: about the value of a match or a look-up.
    for (const std::string_view none : {" is None", "==null", " == null", "===null", " === null", ".nil?"})
        if (test.ends_with(none)) return told(test.substr(0, test.size() - none.size()), !holds, depth + 1);
    for (const std::string_view some : {" is not None", "!=null", " != null", "!==null", " !== null"})
        if (test.ends_with(some)) return told(test.substr(0, test.size() - some.size()), holds, depth + 1);
    const auto open = test.find('(');
    // ---- patterns
    if (m_language == Language::perl || m_language == Language::ruby)
        for (const std::string_view match : {"=~", "!~"})
            if (const auto at = test.find(match); at != test.npos) {
                auto left = test.substr(0, at), right = test.substr(at + 2);
                if (m_language == Language::ruby && trimmed(left).starts_with('/')) std::swap(left, right);
                // "$h = f() =~ /.../": what is asked is assigned.
                if (const auto equals = left.find('='); equals != left.npos && m_language == Language::perl) left = left.substr(equals + 1);
                const bool same = match == "=~";
                const auto pattern = pattern_of(right);
                if (pattern.empty()) return {};
                if (lets_few_through(pattern, Anchored::by_itself)) return same == holds ? one(left) : Words{};
                if (finds_all_others(pattern) || finds_separators(pattern)) return same != holds ? one(left) : Words{};
                return {};
            }
    if (open != test.npos) {
        const auto callee = trimmed(test.substr(0, open));
        const auto given = arguments_at(test, open);
        const auto dot = callee.rfind('.');
        const auto method = dot == callee.npos ? callee : callee.substr(dot + 1);
        const auto object = dot == callee.npos ? std::string_view{} : callee.substr(0, dot);
        const auto by = [&](std::string_view pattern, std::string_view subject, Anchored anchored) -> Words {
            const auto letters = pattern_of(pattern);
            if (letters.empty()) return {};
            if (lets_few_through(letters, anchored)) return holds ? one(subject) : Words{};
            if (anchored == Anchored::by_itself && (finds_all_others(letters) || finds_separators(letters))) return holds ? Words{} : one(subject);
            return {};
        };
        if (m_language == Language::python && (method == "match" || method == "fullmatch" || method == "search")) {
            const auto anchored = method == "fullmatch" ? Anchored::whole : method == "match" ? Anchored::at_start : Anchored::by_itself;
            if ((object == "re" || object == "regex") && given.size() > 1) return by(given[0], given[1], anchored);
            if (!given.empty() && !object.empty()) return by(object, given[0], anchored);
        }
        if (method == "test" && !given.empty()) return by(test.substr(0, test.rfind(".test(")), given[0], Anchored::by_itself);  // /re/.test(x)
        if ((method == "match" || method == "match?") && !given.empty() && m_language != Language::python) return trimmed(object).starts_with('/') ? by(object, given[0], Anchored::by_itself) : by(given[0], object, Anchored::by_itself);
        if (method == "matches" && given.size() == 1) return by(given[0], object, Anchored::whole);
        if (method == "matches" && given.size() == 2) return by(given[0], given[1], Anchored::whole);  // Pattern.matches(p, x)
        if (method == "IsMatch" && given.size() == 2) return by(given[1], given[0], Anchored::by_itself);
        if (method == "IsMatch" && given.size() == 1) return by(object, given[0], Anchored::by_itself);
        if (method == "matcher" && !given.empty() && test.find(".matches()") != test.npos) return by(object.ends_with(')') ? object : object, given[0], Anchored::whole);
        if (test.starts_with("Pattern.compile(") && test.find(".matcher(") != test.npos && test.ends_with(".matches()")) {
            const auto at = test.find(".matcher(");
            const auto subject = arguments_at(test, at + 8);
            if (!subject.empty() && !given.empty()) return by(given[0], subject[0], Anchored::whole);
        }
        // ---- kinds of letters
        static constexpr std::array<std::string_view, 22> k_kinds{"isalnum", "isdigit", "isalpha", "isdecimal", "isnumeric", "isidentifier", "isAlphanumeric", "isNumeric", "isAlpha", "isDigits", "isInteger", "is_valid_hostname", "looks_like_number", "isIP", "isNumber", "is_ipv4", "is_ip", "isCreatable", "isValidInet4Address", "isInetAddress", "isIPv4", "isAlphanumericSpace"};
        if (std::find(k_kinds.begin(), k_kinds.end(), method) != k_kinds.end()) return !holds ? Words{} : given.empty() || (!object.empty() && given[0].empty()) ? one(object) : one(given[0]);
        // all(c.isalnum() or c in ".-" for c in x), any(c in x for c in ";|&`$")
        if ((callee == "all" || callee == "any") && !given.empty()) {
            const auto inside = given[0];
            const auto loop = inside.find(" for ");
            const auto of = loop == inside.npos ? inside.npos : inside.find(" in ", loop);
            if (of == inside.npos) return {};
            const auto over = trimmed(inside.substr(of + 4));
            if (callee == "all") return holds && has_any(inside.substr(0, loop), {"isalnum", "isalpha", "isdigit", " in \"", " in '", "ascii_letters", "digits"}) && inside.find("not ") == inside.npos ? one(over) : Words{};
            const auto letters = over.empty() || (over.front() != '"' && over.front() != '\'') ? std::string_view{} : over;
            const auto in = inside.substr(0, loop).find(" in ");
            if (letters.find(';') != letters.npos && letters.find('|') != letters.npos && letters.find('&') != letters.npos && in != inside.npos) return holds ? Words{} : one(inside.substr(in + 4, loop - in - 4));
            if (inside.starts_with("not ") && has_any(inside.substr(0, loop), {"isalnum", "isalpha", "isdigit"})) return holds ? Words{} : one(over);
            return {};
        }
        // ---- lists
        static constexpr std::array<std::string_view, 12> k_members{"include?", "includes", "has", "key?", "has_key?", "hasOwnProperty", "member?", "contains", "containsKey", "has_key", "Contains", "ContainsKey"};
        if (std::find(k_members.begin(), k_members.end(), method) != k_members.end()) {
            const auto last = test.rfind('(');
            const auto word = arguments_at(test, last);
            const auto list = trimmed(test.substr(0, test.substr(0, last).rfind('.')));
            return holds && !word.empty() && is_own_list_at(m_text, list) ? one(word[0]) : Words{};
        }
        // Set.of("a", "b").contains(x)
        for (const auto member : {".contains(", ".includes(", ".include?(", ".has(", ".containsKey(", ".Contains("})
            if (const auto last = test.rfind(member); last != test.npos && last > open) {
                const auto word = arguments_at(test, last + std::string_view(member).size() - 1);
                return holds && !word.empty() && is_own_list_at(m_text, test.substr(0, last)) ? one(word[0]) : Words{};
            }
        if (method == "issubset" && trimmed(callee).starts_with("set")) return holds ? one(operand_before(object)) : Words{};
        if (callee == "set" && test.find(".issubset(") != test.npos && !given.empty()) return holds ? one(given[0]) : Words{};
        // ---- equality as a method
        if ((method == "equals" || method == "equalsIgnoreCase" || method == "Equals" || method == "eql?") && !given.empty()) {
            if (!holds) return {};
            if (is_literal_text(object)) return one(given[0]);
            return is_literal_text(given[0]) ? one(object) : Words{};
        }
    }
    // set(x) - set("abc")
    if (m_language == Language::python && test.starts_with("set("))
        if (const auto end = behind_bracket(test, 3, test.size()); end && *end < test.size()) {
            const auto rest = trimmed(test.substr(*end));
            if (rest.starts_with('-')) return holds ? Words{} : one(test.substr(4, *end - 5));
            if (rest.starts_with("<=")) return holds ? one(test.substr(4, *end - 5)) : Words{};
        }
    // ---- x in LIST
    if (m_language == Language::python || m_language == Language::node)
        for (auto at = test.find(" in "); at != test.npos; at = test.find(" in ", at + 4)) {
            auto left = trimmed(test.substr(0, at));
            bool same = true;
            if (last_word(left) == "not" && left.size() > 4) left = trimmed(left.substr(0, left.size() - 3)), same = false;
            if (same != holds || !is_own_list_at(m_text, test.substr(at + 4))) continue;
            if (has_any(left, {" for "})) continue;
            return one(operand_before(left));
        }
    // ---- Perl's tables and lists
    if (m_language == Language::perl) {
        if (test.starts_with("grep") || test.starts_with("any") || test.starts_with("first")) {
            const auto same = test.find("$_ eq $"), close = test.find('}');
            const bool turned = same == test.npos && test.find(" eq $_") != test.npos;
            if (!holds || close == test.npos || (same == test.npos && !turned)) return {};
            const auto list = trimmed(test.substr(close + 1));
            if (!is_list_written_here(m_text, static_cast<std::size_t>(list.data() - m_text.data())) && !is_own_list(m_text, first_word(list))) return {};
            return turned ? one(operand_before(test.substr(0, test.find(" eq $_")))) : one(operand_after(test.substr(same + 6)));
        }
        auto e = test;
        for (const std::string_view word : {"exists", "defined"}) if (e.starts_with(word)) e = unwrapped(e.substr(word.size()));
        if (const auto brace = e.find("{$"); brace != e.npos && brace > 0 && e.starts_with('$') && e.ends_with('}')) {
            auto table = first_word(e.substr(0, brace));
            return holds && is_own_list(m_text, table) ? one(e.substr(brace + 1, e.size() - brace - 2)) : Words{};
        }
        if (const auto brace = e.find("->{$"); brace != e.npos && e.ends_with('}')) return holds && is_own_list(m_text, first_word(e.substr(0, brace))) ? one(e.substr(brace + 3, e.size() - brace - 4)) : Words{};
    }
    // KNOWN[x], where it is there.
    if (const auto bracket = test.find('['); bracket != test.npos && bracket > 0 && test.ends_with(']') && holds && is_own_list(m_text, last_word(test.substr(0, bracket)))) return one(test.substr(bracket + 1, test.size() - bracket - 2));
    // ---- the same as a text or a number
    for (const std::string_view sign : {"===", "!==", "==", "!=", " eq ", " ne "}) {
        const auto at = test.find(sign);
        if (at == test.npos) continue;
        const auto left = trimmed(test.substr(0, at)), right = trimmed(test.substr(at + sign.size()));
        const bool same = sign[0] == '=' || sign == " eq ";
        if (same != holds) return {};
        if (is_literal_text(right) || is_number(right)) return one(left);
        return is_literal_text(left) || is_number(left) ? one(right) : Words{};
    }
    return told_by_own_function(test, holds, depth);
}

// ok(x), with "def ok(h): return re.fullmatch(...)": what its one condition tells of its parameter.
std::vector<std::string> ProgramConditions::told_by_own_function(std::string_view test, bool holds, int depth) const {
    const auto open = test.find('(');
    if (open == test.npos || !test.ends_with(')') || depth > 3) return {};
    auto name = last_word(test.substr(0, open));
    const auto given = arguments_at(test, open);
    if (name.size() < 2 || given.empty()) return {};
    for (auto at = m_text.find(name); at != m_text.npos; at = m_text.find(name, at + name.size())) {
        if ((at > 0 && is_name(m_text[at - 1])) || (at + name.size() < m_text.size() && is_name(m_text[at + name.size()]))) continue;
        const auto before = last_word(m_text.substr(at > 40 ? at - 40 : 0, std::min<std::size_t>(at, 40)));
        const bool defines = before == "def" || before == "sub" || before == "function" || before == "boolean" || before == "bool" || before == "const" || before == "let" || before == "var";
        if (!defines) continue;
        auto body = m_text.substr(at + name.size(), k_longest_body);
        std::vector<std::string> parameters;
        const auto bracket = body.find_first_not_of(" \t=");
        if (bracket != body.npos && body[bracket] == '(') {
            for (const auto parameter : arguments_at(body, bracket)) {
                auto p = parameter.substr(0, parameter.find_first_of("=:"));
                parameters.emplace_back(last_word(p));
            }
            body = body.substr(bracket);
        } else if (before == "const" || before == "let" || before == "var") parameters.emplace_back(first_word(body.substr(std::min(body.find('=') + 1, body.size()))));
        if (m_language == Language::perl) {
            parameters.assign({"_[0]"});
            if (const auto mine = body.find("my"); mine < 30 && mine != body.npos) {
                const auto taken = first_word(body.substr(body.find('$', mine) == body.npos ? body.size() : body.find('$', mine)));
                if (!taken.empty()) parameters.assign({std::string(taken)});
            }
        }
        std::string_view result;
        if (const auto returned = body.find("return "); returned != body.npos) result = body.substr(returned + 7);
        else if (const auto arrow = body.find("=>"); arrow != body.npos && arrow < 60) result = body.substr(arrow + 2);
        else if (m_language == Language::ruby || m_language == Language::perl) {
            const auto start = body.find_first_of("\n;{");
            result = start == body.npos ? std::string_view{} : trimmed(body.substr(start + 1));
            if (m_language == Language::perl && result.starts_with("my")) result = trimmed(result.substr(std::min(result.find(';') + 1, result.size())));
        }
        // Another way out of it is not read.
        if (result.empty() || body.substr(static_cast<std::size_t>(result.data() - body.data())).substr(0, result.find('\n')).find("return ") != std::string_view::npos) return {};
        std::size_t end = 0;
        int nested = 0;
        while (end < result.size()) {
            if (const auto over = over_literal(result, end); over > end) { end = over; continue; }
            const char c = result[end];
            if (c == '(' || c == '[' || c == '{') ++nested;
            else if (c == ')' || c == ']' || c == '}') { if (nested-- == 0) break; }
            else if ((c == ';' || c == '\n') && nested == 0) break;
            ++end;
        }
        const auto words = told(result.substr(0, end), holds, depth + 2);
        Words out;
        for (std::size_t n = 0; n < parameters.size() && n < given.size(); ++n)
            if (std::find(words.begin(), words.end(), parameters[n]) != words.end())
                for (auto& w : one(given[n])) out.push_back(std::move(w));
        return out;
    }
    return {};
}

// Somebody whom the application knows: its session, its users' rights, or a key that its configuration keeps.
bool ProgramConditions::tells_login(std::string_view test, bool holds) const {
    const auto t = lower(test);
    if (holds && has_any(t, {"is_authenticated", "is_superuser", "is_staff", "current_user.is_", "current_user.admin", "user.is_admin", "isuserinrole(", "isauthenticated", "user.isinrole(", "request.isauthenticated", "logged_in?", "user_signed_in?", "current_user.has_", "has_perm(", "has_role(", "ishttpuserinrole"})) return true;
    const bool session = has_any(t, {"session.getattribute(", "session[", "session.get(", "req.session.", "request.session.", "session->param(", "session(\"", "getremoteuser()", "remote_user", "getuserprincipal()", "req.user", "g.user", "current_user"});
    // A session that the program itself begins tells nothing, and neither does what every visitor has.
    if (session && !has_any(t, {"csrf", "token", "captcha", "lang", "cart", "theme", "count", "flash"})) {
        const auto all = lower(m_text.substr(0, 100'000));
        const bool begins = has_any(all, {"session.setattribute(", "session.putvalue("}) || [&] {
            for (auto at = all.find("session["); at != all.npos; at = all.find("session[", at + 1)) {
                const auto close = all.find(']', at);
                const auto next = close == all.npos ? close : all.find_first_not_of(" \t", close + 1);
                if (next != all.npos && all[next] == '=' && all.substr(next, 2) != "==") return true;
            }
            for (auto at = all.find("req.session."); at != all.npos; at = all.find("req.session.", at + 1)) {
                auto end = at + 12;
                while (end < all.size() && is_name(all[end])) ++end;
                const auto next = all.find_first_not_of(" \t", end);
                if (next != all.npos && all[next] == '=' && all.substr(next, 2) != "==") return true;
            }
            return false;
        }();
        if (begins) return false;
        const bool unequal = has_any(t, {"!="}), equal = !unequal && has_any(t, {"==", ".equals("});
        if (!unequal && !equal) return holds;
        return equal == holds && !has_any(t, {"null", "none"});
    }
    // request.headers.get("X-Key") != os.environ["KEY"]
    const bool of_request = has_any(t, {"headers", "authorization", "http_"});
    const bool of_settings = has_any(t, {"os.environ[", "os.environ.get(", "os.getenv(", "app.config", "settings.", "process.env.", "env["}) && !has_any(t, {"environ[\"http", "environ['http", "environ.get(\"http", "environ.get('http"});
    if (of_request && of_settings) {
        if (has_any(t, {"!="})) return !holds;
        return holds && has_any(t, {"==", "compare_digest("});
    }
    return false;
}

}  // namespace deadbox::plugins::webshell
