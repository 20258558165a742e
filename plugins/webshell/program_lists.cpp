#include "webshell/program_lists.hpp"
#include "webshell/letters.hpp"

#include <algorithm>

namespace deadbox::plugins::webshell {
namespace program_text {

constexpr std::size_t k_longest_definition = 4000;

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}
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

}  // namespace program_text

using namespace program_text;

namespace lists {
namespace {

// "('a', 'b')", "{'a': f, 'b': g}", "(a => 1)": texts. In a map the keys are.
bool is_list_of_texts(std::string_view literal) {
    bool map = literal.find("=>") != literal.npos, words = false;
    bool any = map;
    for (std::size_t i = 0; i < literal.size(); ++i) {
        const char c = literal[i];
        if (c == '"' || c == '\'') {
            const auto end = literal.find(c, i + 1);
            if (end == literal.npos) return false;
            const auto text = literal.substr(i + 1, end - i - 1);
            if (text.find_first_of("$#{") != text.npos) return false;
            any |= !text.empty();
            i = end;
            const auto next = literal.find_first_not_of(" \t\r\n", end + 1);
            map |= next != literal.npos && literal[next] == ':';
        } else if (c == '#' || (c == '/' && literal.substr(i, 2) == "//")) i = std::min(literal.find('\n', i), literal.size());
        else if (is_name(c) && !(c >= '0' && c <= '9')) {
            // new String[]{"a"} in a list.
            auto end = i;
            while (end < literal.size() && is_name(literal[end])) ++end;
            const auto word = literal.substr(i, end - i);
            words |= word != "new" && word != "String" && word != "string" && word != "null" && word != "None" && word != "asList" && word != "Arrays" && word != "List" && word != "of";
            i = end - 1;
        } else words |= c == '$' || c == '@';
    }
    return any && (map || !words);
}

// Behind "new Set(", "Map.of", "new HashSet<>(Arrays.asList": where the brackets begin.
std::size_t before_brackets(std::string_view text, std::size_t at) {
    for (bool again = true; again;) {
        again = false;
        at = text.find_first_not_of(" \t\r\n", at);
        if (at == text.npos) return at;
        for (const std::string_view word : {"frozenset(", "set(", "new Set(", "Set.new(", "tuple(", "list(", "dict(", "Object.freeze(", "new HashSet<>(", "new HashSet<String>(", "new ArrayList<>(", "new ArrayList<String>(", "Collections.unmodifiableSet(", "Collections.unmodifiableList(", "new java.util.HashSet<>(", "new TreeSet<>("})
            if (text.substr(at).starts_with(word)) {
                at += word.size();
                // The bracket may hold the list itself: set(["a"]), Arrays.asList("a").
                const auto inner = text.find_first_not_of(" \t\r\n", at);
                if (inner != text.npos && (text[inner] == '"' || text[inner] == '\'' || text[inner] == ')' || text[inner] == '(' || text[inner] == '[' || text[inner] == '{')) return text[inner] == '"' || text[inner] == '\'' ? at - 1 : inner;
                again = true;
                break;
            }
        for (const std::string_view word : {"java.util.", "Set.of(", "List.of(", "Map.of(", "Arrays.asList(", "ImmutableSet.of(", "ImmutableList.of(", "ImmutableMap.of(", "Collections.singleton("})
            if (text.substr(at).starts_with(word)) {
                at += word.size() - (word.back() == '(' ? 1 : 0);
                if (word.back() == '(') return at;
                again = true;
                break;
            }
    }
    // new String[]{"a"}, new[] {"a"}, new HashSet<string> {"a"}
    if (text.substr(at).starts_with("new ") || text.substr(at).starts_with("new["))
        if (const auto brace = text.find('{', at); brace != text.npos && brace - at < 40 && text.substr(at, brace - at).find_first_of(";(\n") == text.npos) return brace;
    return at;
}

// The words of qw(a b), %w[a b]: nothing but words.
std::optional<std::size_t> behind_words(std::string_view text, std::size_t at) {
    if (!text.substr(at).starts_with("qw") && !text.substr(at).starts_with("%w")) return std::nullopt;
    const auto end = text.find_first_of(")]}/|>", at + 3);
    if (end == text.npos || end - at > k_longest_definition) return std::nullopt;
    const auto words = text.substr(at + 3, end - at - 3);
    return words.empty() || words.find_first_of("$@#") != words.npos ? std::nullopt : std::optional(end + 1);
}

// A list of the machine's own: open("/etc/hosts").read().split(), json.load(open("x.json")), os.listdir("/srv").
bool is_of_a_file(std::string_view text, std::size_t at) {
    const auto line = text.substr(at, std::min(text.find('\n', at), text.size()) - at);
    const auto opens = std::min({line.find("open(\""), line.find("open('"), line.find("listdir(\""), line.find("listdir('"), line.find("readlines(\""), line.find("readlines('"), line.find("readFileSync(\""), line.find("readFileSync('")});
    if (opens == line.npos || opens > 40) return false;
    for (const std::string_view word : {"request", "environ", "param", "stdin", "req.", "/tmp/", "+"}) if (line.find(word) != line.npos) return false;
    return true;
}

}  // namespace
}  // namespace lists

bool is_list_written_here(std::string_view text, std::size_t at) {
    at = text.find_first_not_of(" \t\r\n", at);
    if (at == text.npos) return false;
    // map { $_ => 1 } qw(a b)
    for (const std::string_view prefix : {"(map", "map"})
        if (text.substr(at).starts_with(prefix)) {
            const auto brace = text.find('{', at);
            const auto end = brace != text.npos && brace - at < 6 ? behind_bracket(text, brace, 60) : std::nullopt;
            return end && is_list_written_here(text, text.substr(*end).starts_with(",") ? *end + 1 : *end);
        }
    if (const auto bracketed = text[at] == '(' || text[at] == '[' ? text.find_first_not_of(" \t\r\n", at + 1) : text.npos; bracketed != text.npos && lists::behind_words(text, bracketed)) return true;
    at = lists::before_brackets(text, at);
    if (at == text.npos) return false;
    if (lists::behind_words(text, at)) return true;
    if (text[at] != '(' && text[at] != '[' && text[at] != '{') return false;
    const auto end = behind_bracket(text, at, k_longest_definition);
    return end && lists::is_list_of_texts(text.substr(at, *end - at));
}

bool is_own_list(std::string_view text, std::string_view name) {
    if (name.empty()) return false;
    bool found = false;
    for (auto at = text.find(name); at != text.npos; at = text.find(name, at + name.size())) {
        const auto end = at + name.size();
        if ((at > 0 && is_name(text[at - 1])) || (end < text.size() && is_name(text[end]))) continue;
        auto next = text.find_first_not_of(" \t", end);
        if (next == text.npos) break;
        const auto rest = text.substr(next, 40);
        // .put("up", "uptime"): the program's own words again.
        for (const std::string_view fill : {".put(", ".add(", ".set(", ".append(", ".push(", ".Add("})
            if (rest.starts_with(fill)) {
                const auto open = next + fill.size() - 1;
                const auto close = behind_bracket(text, open, 300);
                if (!close || !lists::is_list_of_texts(text.substr(open, *close - open))) return false;
            }
        for (const std::string_view change : {".update(", ".extend(", "<<", "+=", "||=", "|=", ".concat(", ".addAll(", ".putAll("}) if (rest.starts_with(change)) return false;
        if (at > 6 && (text.substr(at - 6, 6).find("push") != std::string_view::npos)) return false;
        if (rest[0] == '[' || rest[0] == '{') {  // an item of it is set
            const auto close = behind_bracket(text, next, 200);
            if (rest.starts_with("[]") && close) next = std::min(text.find_first_not_of(" \t", *close), text.size());  // String c[] = {...}
            const auto behind = close ? text.find_first_not_of(" \t", *close) : text.npos;
            if (!rest.starts_with("[]") && behind != text.npos && text[behind] == '=' && text.substr(behind, 2) != "==" && text.substr(behind, 2) != "=~") return false;
        }
        const auto then = text.substr(next, 3);
        if (then.empty() || then[0] != '=' || then.starts_with("==") || then.starts_with("=~") || then.starts_with("=>")) continue;
        const auto value = text.find_first_not_of(" \t\r\n", next + 1);
        const bool empty_map = value != text.npos && text.substr(value, 4) == "new " && text.substr(value, 60).find("()") != std::string_view::npos && text.substr(value, text.substr(value).find("()")).find_first_of(";\"") == std::string_view::npos;
        if (found || !(empty_map || is_list_written_here(text, next + 1) || lists::is_of_a_file(text, next + 1))) return false;
        found = true;
    }
    return found;
}

bool is_own_list_at(std::string_view text, std::string_view expression) {
    const auto at = static_cast<std::size_t>(expression.data() - text.data());
    auto whole = trimmed(expression);
    if (whole.starts_with("self.")) whole.remove_prefix(5);
    return is_list_written_here(text, at) || is_own_list(text, first_word(whole));
}

}  // namespace deadbox::plugins::webshell
