#include "webshell/program_flow.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "webshell/program_bounds.hpp"
#include "webshell/program_conditions.hpp"
#include "webshell/program_lists.hpp"
#include "webshell/program_patterns.hpp"
#include "webshell/program_sources.hpp"
#include "webshell/program_tokens.hpp"
#include "webshell/program_words.hpp"

namespace deadbox::plugins::webshell {
namespace program {  // the reader of pages follows values by the same names
namespace {

constexpr std::size_t k_most_text = 200'000, k_most_names = 500, k_longest_chain = 120, k_most_work = 1'000'000, k_most_of_one = 50'000, k_most_bounds = 300;  // tokens looked at in a walk, of one statement
constexpr int k_deepest = 24;

// What a value is, and whether it is so from its first byte.
enum : std::uint8_t { part = 1, whole = 2, remote = 4, socket = 8 };
using Reach = std::uint8_t;
// What a word tells: it may hold something of the request; it is a deed's or a function's; a deed's that runs code; something
// about other names.
enum : std::uint8_t { warm = 1, acts = 2, codes = 4, tells = 8 };
constexpr auto K = Sign::request_command, C = Sign::request_code, N = Sign::request_callable;

// One of these marks.
template <std::size_t... n>
bool is_mark(const ProgramToken& t, const char (&... marks)[n]) { return t.kind == TokenKind::mark && ((t.code == mark_code(std::string_view(marks, n - 1))) || ...); }
bool is_open(const ProgramToken& t) { return is_mark(t, "(", "[", "{"); }
bool is_close(const ProgramToken& t) { return is_mark(t, ")", "]", "}"); }
bool ends_with_any(std::string_view text, std::initializer_list<std::string_view> words) { return std::any_of(words.begin(), words.end(), [&](auto w) { return text.ends_with(w); }); }

// A pattern whose groups hold anything: (.*), (\S+), ([^&]*).
bool takes_anything(std::string_view pattern) { return pattern.find("(.") != pattern.npos || pattern.find("(\\S") != pattern.npos || pattern.find("([^") != pattern.npos || pattern.find("(?<") != pattern.npos; }
// s/[^a-z]//g, tr/a-z//cd: only the named letters stay.
bool leaves_few(const ProgramToken& t) { return (t.sign == 's' && (t.text.find("[^") == 1 || t.text.find("\\W") == 1 || t.text.find("\\D") == 1)) || (t.sign == 'y' && t.text.find("//") != t.text.npos); }
// ([\w.-]+): all that its groups take is of few letters.
bool takes_few(std::string_view literal) {
    const auto pattern = inside_of_pattern(literal);
    bool any = false;
    for (auto open = pattern.find('('); open != pattern.npos; open = pattern.find('(', open + 1)) {
        if (open > 0 && pattern[open - 1] == '\\') continue;
        const auto close = pattern.find(')', open);
        if (close == pattern.npos || !lets_few_through(pattern.substr(open + 1, close - open - 1), Anchored::whole)) return false;
        any = true;
    }
    return any;
}

class Flow {
public:
    Flow(std::string_view text, Features& features) : m_text(text), m_features(features), m_conditions(text, features.language), m_tokens(program_tokens(text, features.language)), m_all(m_tokens.all) {}

    bool takes_something() const { return may_take(m_text, m_tokens, m_features.language); }

    void run(std::vector<ProgramBound> bounds) {
        m_bounds = std::move(bounds);
        learn_words();
        m_first_walk = true;
        walk();
        m_first_walk = false;
        // Most programs take nothing from outside: then a second walk would learn nothing more, and the judging one, which sees
        // all that it would see, is the last.
        if (!m_taken) {
            const auto before = m_features;
            const auto aliases = m_alias.size();
            judge();
            if (!m_taken && m_alias.size() == aliases) return;
            m_features = before;
        }
        walk();
        judge();
    }

private:
    void learn_words() {
        const auto text = m_text;
        const auto& features = m_features;
        m_is_cgi = speaks_cgi(text);
        m_is_handler = handles_requests(text);
        m_answers = is(Language::python) && answers_wsgi(text);
        m_gives_all = is(Language::python) && (text.find("FastAPI") != text.npos || text.find("APIRouter") != text.npos);
        m_sources = sources_of(features.language);
        const auto& telling = telling_words(features.language);
        m_words.resize(m_tokens.words.size());
        for (const auto& [word, known] : m_tokens.words)
            m_words[known.place] = static_cast<std::uint8_t>((telling.sources.contains(word) || (word.rfind(':') != word.npos && telling.sources.contains(word.substr(word.rfind(':') + 1))) ? warm : 0) | (telling.deeds.contains(word) ? acts : 0) | (telling.codes.contains(word) ? acts | codes : 0) | (telling.names.contains(word) ? tells : 0));
        if (is(Language::perl) && text.find("LWP::Simple") != text.npos) heat("get");
    }

    bool is(Language l) const { return m_features.language == l; }
    template <std::size_t n>
    bool mark_at(std::size_t i, const char (&mark)[n]) const { return i < m_all.size() && is_mark(m_all[i], mark); }
    bool name_at(std::size_t i, std::string_view n) const { return i < m_all.size() && m_all[i].kind == TokenKind::name && m_all[i].text == n; }
    std::size_t mate(std::size_t i, std::size_t end) const { return m_all[i].mate > i ? std::min<std::size_t>(m_all[i].mate, end) : end; }
    // Behind a bracket or a single token.
    std::size_t over(std::size_t i, std::size_t end) const { return is_open(m_all[i]) ? std::min(mate(i, end) + 1, end) : i + 1; }

    void judge() {
        m_judging = true;
        walk();
        m_judging = false;
    }

    void walk() {
        m_inside.clear();
        m_parameters_of_route = false;
        m_work = 0;
        for (std::size_t i = 0; i < m_all.size();) {
            if (m_all[i].kind == TokenKind::end) { ++i; continue; }
            auto end = i;
            while (end < m_all.size() && m_all[end].kind != TokenKind::end) ++end;
            m_work_allowed = std::min(m_work + k_most_of_one, k_most_work);  // one that is made to keep us busy costs no other
            if (is_touched(i, end)) statement(i, end);
            i = end;
        }
    }

    // Statements that nothing of the request touches are passed over, most of a program: but for what the first walk learns
    // (functions, names of modules, constants), and the last one judges. In those that are cold no value is from outside.
    bool is_touched(std::size_t from, std::size_t end) {
        std::uint8_t words = 0;
        bool texts = false, touched = false, hot = m_taken;
        for (auto i = from; i < end; ++i) {
            const auto& t = m_all[i];
            if (t.kind == TokenKind::name) {
                if (t.sign == '<') hot = touched = true;
                auto known = m_words[t.word];
                if (t.sign != 0) known &= warm;
                if (!m_taken && t.is(word_arguments)) known &= static_cast<std::uint8_t>(~warm);
                words |= known;
            } else if (t.kind == TokenKind::pattern) {
                if (is(Language::perl) && reach_of("_")) touched = true;
            } else if (t.kind == TokenKind::text) {
                if (t.sign == '`' && m_judging) touched = true;
                texts |= t.interpolates;
            } else if (m_first_walk ? is_mark(t, "@") || (is_mark(t, "=") && end - from < 40) : is_mark(t, "&") && m_judging) touched = true;
        }
        if (words & warm) hot = touched = true;
        m_cold = !hot && !texts;
        if (m_first_walk) return touched || words & (acts | tells);
        return touched || (m_judging && (words & codes || (words & acts && !m_cold)));
    }

    // ---- names

    void heat(std::string_view name) {
        if (const auto known = m_tokens.words.find(name); known != m_tokens.words.end()) m_words[known->second.place] |= warm;
    }
    void note(std::string_view name, Reach reach) {
        if (name.empty() || m_cleaned.contains(std::string(name)) || reach == 0) return;
        if (m_reach.size() >= k_most_names && !m_reach.contains(std::string(name))) return;
        m_reach[std::string(name)] |= reach;
        m_taken = true, m_cold = false;
        heat(name);
    }
    Reach reach_of(std::string_view name) const {
        if (m_reach.empty()) return 0;
        const auto found = m_reach.find(std::string(name));
        return found == m_reach.end() ? Reach{0} : found->second;
    }
    // The program lets through its own words only.
    bool is_bound_at(std::string_view name, std::uint32_t offset) const { return !m_bounds.empty() && is_bound(m_bounds, name, m_nested > 0 ? m_outer : offset); }
    Reach reach_at(std::string_view name, std::uint32_t offset) const {
        const auto r = reach_of(name);
        return r && is_bound_at(name, offset) ? Reach{0} : r;
    }
    void alias(std::string_view name, std::string chain) {
        if (name.empty() || chain == name || m_alias.size() >= k_most_names) return;
        m_alias[std::string(name)] = std::move(chain);
        heat(name);
    }
    std::string resolved(std::string_view name) const {
        if (m_alias.empty()) return std::string(name);
        const auto found = m_alias.find(std::string(name));
        return found == m_alias.end() ? std::string(name) : found->second;
    }
    // Perl's and Ruby's "::" is written as a dot, but for names of one's own.
    std::string plain(std::string_view name) const {
        std::string out;
        for (std::size_t i = 0; i < name.size(); ++i) {
            if (name[i] == ':' && i + 1 < name.size() && name[i + 1] == ':') { out += '.'; ++i; }
            else out += name[i];
        }
        return out;
    }

    // ---- statements

    void statement(std::size_t from, std::size_t end) {
        if (is(Language::python) && m_all[from].kind == TokenKind::name && (m_all[from].text == "import" || m_all[from].text == "from")) return import_names(from, end);
        if (is(Language::python) && mark_at(from, "@")) {
            for (auto i = from; i < end; ++i)
                if (m_all[i].kind == TokenKind::name && one_of(m_all[i].text, {"route", "get", "post", "put", "websocket", "api_route"}) && i > from + 1) {
                    m_parameters_of_route = mark_at(i + 1, "(") && m_all[std::min(i + 2, end - 1)].kind == TokenKind::text && (m_all[i + 2].text.find_first_of("<{") != std::string_view::npos || m_gives_all);
                    m_route = m_parameters_of_route ? m_all[i + 2].text : std::string_view{};
                    break;
                }
            return;
        }
        for (auto i = from; i < end; ++i) function_header(i, end);
        // "for x in y", "foreach $x (y)", "while (<X>)".
        loop(from, end);
        for (auto i = from; i < end; ++i) {
            if (i > from && is_mark(m_all[i], "=", "||=", ".=", "//=", ":=", "+=", "<<")) assign(from, i, end);
            else if (is_mark(m_all[i], "=~", "!~") && i + 1 < end && m_all[i + 1].kind == TokenKind::pattern && i > from) match(i, from);
            else if (m_all[i].kind == TokenKind::pattern && m_all[i].sign == 's' && !(i > from && (mark_at(i - 1, "=~") || mark_at(i - 1, "!~")))) evaluated(m_all[i], reach_of("_"));
            else if (m_all[i].kind == TokenKind::pattern && m_all[i].sign == 'm' && !(i > from && (mark_at(i - 1, "=~") || mark_at(i - 1, "!~")))) capture(m_all[i], reach_of("_"));
        }
        if (is(Language::perl)) perl_reads(from, end);
        if (name_at(from, "return") || (is(Language::ruby) && !m_inside.empty())) {
            const auto given = expression(name_at(from, "return") ? from + 1 : from, end, 0);
            if (given != 0) m_returns[m_inside] |= given, m_taken = true;
        }
        // Chains of all places: their calls are judged, the program's own functions get their arguments.
        for (auto i = from; i < end; ++i) {
            const auto& t = m_all[i];
            if (t.kind == TokenKind::text && t.sign == '`') run_text(i);
            const bool root = t.kind == TokenKind::name && !(i > from && (mark_at(i - 1, ".") || mark_at(i - 1, "->") || mark_at(i - 1, "?.") || mark_at(i - 1, "&.")));
            if (root) { auto at = i; chain(at, end, 0, true); }
            else if (is(Language::perl) && mark_at(i, "&") && i + 1 < end) call_by_name(i, end);
        }
    }

    void import_names(std::size_t from, std::size_t end) {
        std::string module;
        auto i = from;
        if (name_at(i, "from")) {
            for (++i; i < end && !name_at(i, "import"); ++i) module += m_all[i].text;
            module += '.';
        }
        for (++i; i < end; ++i) {
            if (m_all[i].kind != TokenKind::name) continue;
            std::string name(m_all[i].text);
            while (mark_at(i + 1, ".") && i + 2 < end) { name += '.' + std::string(m_all[i + 2].text); i += 2; }
            auto as = name;
            if (name_at(i + 1, "as") && i + 2 < end) { as = m_all[i + 2].text; i += 2; }
            if (module != "." && (!module.empty() || as != name)) alias(as, module + name);
        }
    }

    // def f(a, b), sub f, function f(a), (a, b) =>, lambda a:
    void function_header(std::size_t i, std::size_t end) {
        if (m_all[i].kind != TokenKind::name || m_all[i].sign != 0) return;
        if (!m_all[i].is(word_definer)) return;
        auto at = i + 1;
        std::string name;
        if (at < end && m_all[at].kind == TokenKind::name) {
            name = m_all[at++].text;
            while (at + 1 < end && (mark_at(at, ".") || mark_at(at, ":"))) { name = m_all[at + 1].text; at += 2; }
        }
        auto& parameters = m_functions[name.empty() ? "(anonymous)" : name];
        if (const auto known = m_tokens.words.find(name); known != m_tokens.words.end()) m_words[known->second.place] |= acts;
        if (mark_at(at, "(")) {
            std::vector<std::string> names;
            const auto close = mate(at, end);
            for (auto k = at + 1; k < close; k = over(k, close))
                if (m_all[k].kind == TokenKind::name && (mark_at(k - 1, "(") || mark_at(k - 1, ",") || mark_at(k - 1, "*")) && m_all[k].text != "self") names.emplace_back(m_all[k].text);
            if (is(Language::python) && m_parameters_of_route)
                for (const auto& p : names) if (!is_number_of_route(p)) note(p, whole | part);
            if (is(Language::python) && m_answers) {
                for (auto k = at + 1; k + 2 < close; ++k) if (mark_at(k + 1, ":") && name_at(k + 2, "Request")) alias(m_all[k].text, "request");
                // application(environ, start_response): the second is called with the answer's first line.
                if (names.size() == 2 && (m_text.find(names[1] + "(\"") != m_text.npos || m_text.find(names[1] + "('") != m_text.npos) && names[0] != "environ") alias(names[0], "environ");
            }
            if (!name.empty()) parameters = std::move(names);
        }
        if (is(Language::python)) m_parameters_of_route = false;
        m_inside = name;
    }

    // "/thumb/<int:id>", id: int
    bool is_number_of_route(const std::string& parameter) const {
        for (const std::string_view kind : {"<int:", "<float:", "<uuid:"}) if (m_route.find(std::string(kind) + parameter + ">") != m_route.npos) return true;
        for (const std::string_view kind : {": int", ":int", ": float", ": UUID", ": Depends"}) if (m_text.find(parameter + std::string(kind)) != m_text.npos) return true;
        return false;
    }

    void loop(std::size_t from, std::size_t end) {
        for (auto i = from; i < end; ++i) {
            if (m_all[i].kind != TokenKind::name || m_all[i].sign != 0) continue;
            if (m_all[i].is(word_looper)) {
                auto at = i + 1;
                if (name_at(at, "my") || name_at(at, "our")) ++at;
                const auto first = at;
                while (at < end && !name_at(at, "in") && !name_at(at, "of") && !mark_at(at, "(")) ++at;
                if (mark_at(at, "(") && is(Language::node)) {
                    const auto close = mate(at, end);
                    for (auto k = at; k < close; ++k)
                        if (name_at(k, "of") || name_at(k, "in")) { const auto r = expression(k + 1, close, 0); for (auto v = at + 1; v < k; ++v) if (m_all[v].kind == TokenKind::name && !m_all[v].is(word_opener)) note(m_all[v].text, r); }
                    continue;
                }
                if (at >= end) continue;
                const auto r = mark_at(at, "(") ? expression(at + 1, mate(at, end), 0) : expression(at + 1, end, 0);
                if (first == at) m_reach.erase("_"), note("_", r);
                for (auto v = first; v < at; ++v) if (m_all[v].kind == TokenKind::name) note(m_all[v].text, r);
            } else if (m_all[i].text == "while" && is(Language::perl) && mark_at(i + 1, "(") && i + 3 < end && m_all[i + 2].kind == TokenKind::name && m_all[i + 2].sign == '<' && mark_at(i + 3, ")")) {
                auto at = i + 2;
                m_reach.erase("_");
                note("_", chain(at, end, 0, false));
            }
        }
    }

    // The value at the right of `equals` goes to what stands left of it.
    void assign(std::size_t from, std::size_t equals, std::size_t end) {
        auto stop = equals + 1;
        int depth = 0;
        for (; stop < end; ++stop) {
            if (m_all[stop].kind != TokenKind::mark) continue;
            if (is_open(m_all[stop])) ++depth;
            else if (is_close(m_all[stop]) && depth-- == 0) break;
            else if (is_mark(m_all[stop], ",") && depth == 0 && is(Language::node)) break;
        }
        Reach r = expression(equals + 1, stop, 0);
        if (is_mark(m_all[equals], ".=", "+=", "<<") && r & whole) r = static_cast<Reach>((r & ~whole) | part | (reach_of(m_all[equals - 1].text) & whole) | (is_empty(m_all[equals - 1]) ? whole : 0));
        // The names: one, several between commas or in brackets, or an item's list.
        auto left = equals;
        while (left > from && !(m_all[left - 1].kind == TokenKind::name && m_all[left - 1].is(word_ender)) && !(is(Language::node) && mark_at(left - 1, ",")) && !is_mark(m_all[left - 1], "=", "&&", "||", "?") && !(m_all[left - 1].kind == TokenKind::mark && m_all[left - 1].text == "(" && m_all[left - 1].mate == 0)) {
            if (is_close(m_all[left - 1]) && m_all[left - 1].mate < left - 1) left = m_all[left - 1].mate;
            else if (is_open(m_all[left - 1])) break;
            else if (m_all[left - 1].kind == TokenKind::mark && !is_mark(m_all[left - 1], ".", "->", ",", "*", ":")) break;
            else --left;
        }
        while (left < equals && m_all[left].kind == TokenKind::name && m_all[left].is(word_opener)) ++left;
        std::vector<std::string_view> names;
        for (auto k = left; k < equals; ++k) {
            if (m_all[k].kind == TokenKind::mark && (m_all[k].text == "[" || (m_all[k].text == "{" && k > left))) { k = mate(k, equals); continue; }
            if (m_all[k].kind == TokenKind::name && !m_all[k].is(word_opener) && !(k > left && (mark_at(k - 1, ".") || mark_at(k - 1, "->")))) names.push_back(m_all[k].text);
        }
        if (names.empty() || names.size() > 12) return;
        // x = "prefix" + x: no longer the request's from its first byte.
        if (names.size() == 1 && m_all[equals].text == "=" && r & part && !(r & whole) && reach_of(names[0]) & whole && left + 1 >= equals && mentions(equals + 1, stop, names[0])) m_reach[std::string(names[0])] = r;
        for (const auto n : names) note(n, r);
        set_anew(from, equals, stop, end, names, r);
        if (names.size() != 1 && !(is(Language::node) && mark_at(left, "{"))) return;
        // A name for a module, a function or a constant.
        auto at = equals + 1;
        while (at < stop && m_all[at].kind == TokenKind::name && (m_all[at].is(word_opener) && m_all[at].text != "lambda")) ++at;
        if (at >= stop) return;
        if (m_all[at].kind == TokenKind::text && at + 1 == stop && !m_all[at].interpolates) { m_constants[std::string(names[0])] = m_all[at].text; return; }
        if (m_all[at].kind == TokenKind::text && at + 1 == stop) m_constants[std::string(names[0])] = m_all[at].text;
        if (m_all[at].kind != TokenKind::name || (m_all[at].sign != 0 && m_all[at].sign != '@')) return;
        std::string written;
        auto behind = at;
        chain(behind, stop, 0, false, &written);
        if (behind < stop || written.empty()) return;
        if (is(Language::node) && mark_at(left, "{")) {  // const { exec: run } = require("child_process")
            for (auto k = left + 1; k < equals; ++k)
                if (m_all[k].kind == TokenKind::name) {
                    const auto own = m_all[k].text;
                    if (mark_at(k + 1, ":") && k + 2 < equals) k += 2;
                    alias(m_all[k].text, written + '.' + std::string(own));
                }
        } else if (written.find('(') == written.npos || written.ends_with(".new(") || written.ends_with("new")) {
            if (written.ends_with('(')) written.pop_back();
            alias(names[0], written);
        }
    }

    // What was said of a name holds until it is given another value. One of the program's own, or of few letters, says so anew:
    // h = int(h), h = KNOWN[h], "($h) = $h =~ /^(\w+)$/", unless it stands behind a condition.
    void set_anew(std::size_t from, std::size_t equals, std::size_t stop, std::size_t end, const std::vector<std::string_view>& names, Reach r) {
        if (m_nested > 0) return;
        const auto behind = stop < m_all.size() ? m_all[stop].offset : static_cast<std::uint32_t>(m_text.size());
        if (r != 0) {
            for (auto& b : m_bounds)
                if (b.from <= behind && behind < b.end && std::find(names.begin(), names.end(), b.name) != names.end()) b.end = behind;
            return;
        }
        if (names.size() != 1 || !m_taken || m_all[equals].text != "=" || m_bounds.size() > k_most_bounds) return;
        if (matches_few(equals + 1, stop)) m_matches.emplace(names[0]);
        if (reach_of(names[0]) == 0) return;
        bool of_request = false;
        for (auto i = from; i < end; ++i) {
            const auto& t = m_all[i];
            if (t.kind != TokenKind::name || i < equals) { if (t.kind == TokenKind::name && t.sign == 0 && t.is(word_condition)) return; continue; }
            if (t.sign == 0 && t.is(word_condition) && !is_comprehension(equals, i)) return;  // perhaps
            if (i < stop && (m_functions.contains(std::string(t.text)) && !m_returns.contains(std::string(t.text)) && !is_known_module(t.text))) return;  // who knows what it gives back
            of_request |= i < stop && (reach_of(t.text) != 0 || m_matches.contains(std::string(t.text)) || (is(Language::perl) && t.sign == '$' && t.text == "1"));
        }
        const bool constant = equals + 2 == stop && m_all[equals + 1].kind == TokenKind::text && !m_all[equals + 1].interpolates;
        if (!constant && !of_request) return;
        const auto start = m_all[from].offset;
        const std::string name(names[0]);
        if (std::any_of(m_bounds.begin(), m_bounds.end(), [&](const auto& b) { return b.name == name && b.from == behind; })) return;
        m_bounds.push_back({name, behind, end_of_block(m_text, start, m_features.language)});
    }
    bool is_known_module(std::string_view name) const { return one_of(name, {"re", "shlex", "os", "sys", "ipaddress", "self"}); }
    // [c for c in x if ...]: the condition is of its items.
    bool is_comprehension(std::size_t from, std::size_t i) const {
        if (!is(Language::python)) return false;
        if (m_all[i].text == "for") return true;
        for (auto k = from; k < i; ++k) if (m_all[k].kind == TokenKind::name && m_all[k].text == "for") return true;
        return false;
    }
    // re.fullmatch("[a-z]+", x), x.match(/^[a-z]+$/), $x =~ /^([a-z]+)$/
    bool matches_few(std::size_t from, std::size_t stop) const {
        for (auto i = from; i < stop; ++i) {
            if (m_all[i].kind == TokenKind::pattern && m_all[i].sign == 'm' && (takes_few(m_all[i].text) || lets_few_through(inside_of_pattern(m_all[i].text), Anchored::by_itself))) return true;
            if (is(Language::python) && m_all[i].kind == TokenKind::name && one_of(m_all[i].text, {"match", "fullmatch", "search"}) && mark_at(i + 1, "(")) return !m_conditions.told(raw(from, stop), true).empty();
        }
        return false;
    }
    // The text of these tokens.
    std::string_view raw(std::size_t from, std::size_t stop) const {
        if (from >= stop || stop > m_all.size() || m_nested > 0) return {};
        const auto start = m_all[from].offset - (m_all[from].sign == '$' || m_all[from].sign == '@' || m_all[from].sign == '%' ? 1u : 0u);
        const auto end = stop < m_all.size() ? m_all[stop].offset : static_cast<std::uint32_t>(m_text.size());
        return end > start ? m_text.substr(start, end - start) : std::string_view{};
    }
    // A list that the program writes down itself.
    bool is_own(const std::string& name) {
        if (name.empty() || name.size() > 40) return false;
        const auto [known, fresh] = m_own_lists.try_emplace(name);
        if (fresh) known->second = m_own_lists.size() < 60 && is_own_list(m_text, name);
        return known->second;
    }

    // body = ""; body += d: the value begins it.
    bool is_empty(const ProgramToken& name) const {
        const auto constant = name.kind == TokenKind::name ? m_constants.find(std::string(name.text)) : m_constants.end();
        return constant != m_constants.end() && constant->second.empty();
    }
    bool mentions(std::size_t from, std::size_t end, std::string_view name) const {
        for (auto i = from; i < end; ++i)
            if ((m_all[i].kind == TokenKind::name && m_all[i].text == name) || (m_all[i].kind == TokenKind::text && m_all[i].interpolates && m_all[i].text.find(name) != std::string_view::npos)) return true;
        return false;
    }

    // $x =~ s/[^a-z]//g cleans it; m/(.*)/ gives what it took.
    void match(std::size_t i, std::size_t from) {
        auto at = i;
        while (at > from && !(m_all[at - 1].kind == TokenKind::name && m_all[at - 1].sign != 0)) {
            if (is_mark(m_all[at - 1], "]", "}") && m_all[at - 1].mate < at - 1) at = m_all[at - 1].mate;
            else return;
        }
        if (at == from) return;
        const auto name = m_all[at - 1].text;
        evaluated(m_all[i + 1], reach_at(name, m_all[i + 1].offset));
        if (leaves_few(m_all[i + 1])) {
            if (at == i) { m_cleaned.emplace(name); m_reach.erase(std::string(name)); return; }
            // An item of a list, not the list: $in{h} =~ s/[^a-z]//g
            const auto offset = m_all[i + 1].offset;
            if (auto item = plain_word(raw(at - 1, i)); !item.empty() && m_nested == 0 && m_bounds.size() <= k_most_bounds && !is_bound(m_bounds, item, offset)) m_bounds.push_back({std::move(item), offset, end_of_block(m_text, offset, m_features.language)});
            return;
        }
        auto root = at - 1;
        const auto r = chain(root, i, 0, false);
        capture(m_all[i + 1], r);
    }
    // s/(.*)/$1/ee: what is found is run.
    void evaluated(const ProgramToken& pattern, Reach r) {
        if (!is(Language::perl) || pattern.sign != 's' || !m_judging || !(r & whole) || m_nested > 0) return;
        auto flags = static_cast<std::size_t>(pattern.text.data() - m_text.data()) + pattern.text.size();
        std::size_t twice = 0;
        for (; flags < m_text.size() && m_text[flags] >= 'a' && m_text[flags] <= 'z'; ++flags) twice += m_text[flags] == 'e';
        if (twice > 1 && pattern.text.find('$') != std::string_view::npos && (takes_anything(pattern.text) || pattern.text.find("(") != std::string_view::npos) && !takes_few(pattern.text.substr(0, pattern.text.find('$')))) add(C, pattern.offset, "s///ee");
    }
    void capture(const ProgramToken& pattern, Reach r) {
        if (pattern.sign == 'm' && r && takes_anything(pattern.text) && !takes_few(pattern.text)) for (const std::string_view group : {"1", "2", "3"}) note(group, r);
    }

    // read(STDIN, $b, $n), sysread, recv($s, $b, ...); chomp(my $x = <STDIN>) is an assignment.
    void perl_reads(std::size_t from, std::size_t end) {
        for (auto i = from; i + 3 < end; ++i) {
            if (m_all[i].kind != TokenKind::name || m_all[i].sign != 0 || !m_all[i].is(word_reader)) continue;
            auto at = mark_at(i + 1, "(") ? i + 2 : i + 1;
            if (at + 2 >= end || m_all[at].kind != TokenKind::name || !mark_at(at + 1, ",")) continue;
            const Reach r = m_all[at].text == "STDIN" ? (m_is_cgi ? Reach{whole | part} : Reach{0}) : static_cast<Reach>(reach_of(m_all[at].text) & socket);
            for (at += 2; at < end && !(m_all[at].kind == TokenKind::name && m_all[at].sign != 0); ++at) {}
            if (at < end) note(m_all[at].text, r);
        }
    }

    // ---- values

    // The largest reach of the alternatives from `from` to `end`.
    Reach expression(std::size_t from, std::size_t end, int depth) {
        if (m_cold || depth > k_deepest || from >= end || (m_work += end - from) > m_work_allowed) return 0;
        // split /&/, $x: the commas are the call's.
        if ((is(Language::perl) || is(Language::ruby)) && from + 1 < end && m_all[from].kind == TokenKind::name && m_all[from].sign == 0 && !m_all[from].is(word_opener) && ((mark_at(from + 1, "{") && m_all[from].is(word_lister)) || m_all[from + 1].kind == TokenKind::pattern || m_all[from + 1].kind == TokenKind::text || (m_all[from + 1].kind == TokenKind::name && m_all[from + 1].sign != 0 && !m_all[from].is(word_ender)))) {
            auto at = from;
            const auto r = operand(at, end, depth + 1);
            if (at >= end) return r;
        }
        Reach result = 0;
        bool listed = false;
        auto start = from;
        for (auto i = from; i <= end; ++i) {
            const bool stops = i == end || (m_all[i].kind == TokenKind::name && m_all[i].sign == 0 && m_all[i].is(word_ender) && i > from) ||
                               is_mark(m_all[i], "||", "//", "??", "?", ",", "&&") || (is_mark(m_all[i], ":") && !is(Language::lua));
            if (!stops) { if (is_open(m_all[i])) i = mate(i, end - 1); continue; }
            if (start < i) {
                const auto r = sum(start, i, depth + 1);
                // The condition of "c ? a : b" is no value of it.
                if (!(i < end && is_mark(m_all[i], "?"))) result |= listed ? static_cast<Reach>(r & (whole | remote) ? (r & ~(whole | remote)) | part : r) : r;
                listed |= i < end && mark_at(i, ",");  // what follows is a list's second item
            }
            if (i < end && m_all[i].kind == TokenKind::name && m_all[i].is(word_condition)) {
                // Python's "a if c else b".
                auto other = i;
                while (other < end && !name_at(other, "else")) ++other;
                if (other >= end) return result;
                i = other;
            }
            start = i + 1;
        }
        return result;
    }
    // "a" . b . c: whole where it begins with the value.
    Reach sum(std::size_t from, std::size_t end, int depth) {
        Reach result = 0;
        bool first = true;
        std::string_view before;  // the text that begins it
        for (auto i = from; i < end;) {
            if (m_all[i].kind == TokenKind::mark) {
                if (is_mark(m_all[i], "==", "!=", "<", ">", "<=", ">=", "===", "!==", "!~", "!")) return 0;
                if (is_mark(m_all[i], "=~")) {
                    if (i + 1 < end && m_all[i + 1].kind == TokenKind::pattern && m_all[i + 1].sign == 'm' && (!takes_anything(m_all[i + 1].text) || takes_few(m_all[i + 1].text))) return 0;
                    return result;
                }
                if (is_mark(m_all[i], "=")) { result = 0; first = true; ++i; continue; }
                if (!is_open(m_all[i])) { ++i; continue; }
            }
            if (m_all[i].is(word_negation)) return 0;
            const bool plain_text = m_all[i].kind == TokenKind::text && !m_all[i].interpolates;
            const auto text = m_all[i].text;
            const auto at = i;
            const auto r = operand(i, end, depth);
            if (i == at) ++i;
            if (first || (!before.empty() && opens_command(before))) result |= r;
            else if (r) result |= static_cast<Reach>((r & ~(whole | remote)) | part);
            before = first && plain_text && i == at + 1 ? text : std::string_view{};
            // Words without an operator between them, "my $x", are one operand.
            if (m_all[at].kind == TokenKind::name && m_all[at].sign == 0 && m_all[at].is(word_opener)) continue;
            first = false;
        }
        return result;
    }

    Reach inside_of_text(const ProgramToken& t) {
        if (!t.interpolates) return 0;
        Reach result = 0;
        const auto& s = t.text;
        for (std::size_t i = 0; i < s.size(); ++i) {
            std::size_t from = 0, stop = 0;
            if (is(Language::perl) && (s[i] == '$' || s[i] == '@') && i + 1 < s.size()) {
                from = i + 1;
                if (s[from] == '{') ++from;
                if (from < s.size() && s[from] == '$') ++from;
            } else if ((is(Language::ruby) && s[i] == '#' && i + 1 < s.size() && s[i + 1] == '{') || (is(Language::node) && s[i] == '$' && i + 1 < s.size() && s[i + 1] == '{')) from = i + 2;
            else if (is(Language::python) && s[i] == '{') from = i + 1;
            if (from == 0 || from >= s.size()) continue;
            if (is(Language::perl)) {
                stop = from;
                while (stop < s.size() && ((s[stop] >= 'a' && s[stop] <= 'z') || (s[stop] >= 'A' && s[stop] <= 'Z') || (s[stop] >= '0' && s[stop] <= '9') || s[stop] == '_')) ++stop;
                // $in{cmd}: an item of a list that is the request's.
                std::string name(s.substr(from, stop - from));
                if (stop < s.size() && (s[stop] == '{' || s[stop] == '[')) {
                    const auto close = s.find(s[stop] == '{' ? '}' : ']', stop);
                    auto key = s.substr(stop + 1, close == s.npos ? 0 : close - stop - 1);
                    while (!key.empty() && (key.front() == '\'' || key.front() == '"')) key.remove_prefix(1);
                    const auto written = name + '[' + std::string(key);
                    const auto item = close == s.npos ? std::string{} : plain_word(s.substr(from, close + 1 - from));
                    m_scratch = is_bound_at(item, t.offset) || is_own(name) ? Reach{0} : source_of(written) ? Reach{whole | part} : reach_of(name);
                } else m_scratch = reach_at(name, t.offset);
            } else {
                // An expression of its own.
                stop = s.find('}', from);
                if (stop == s.npos) break;
                if (m_nested == 0) m_outer = t.offset;
                m_scratch = reach_of_code(s.substr(from, stop - from));
            }
            if (m_scratch) {
                const bool begins = opens_command(s.substr(0, i));
                result |= begins ? m_scratch : static_cast<Reach>((m_scratch & ~(whole | remote)) | part);
            }
            i = std::max(i, stop > 0 ? stop - 1 : i);
        }
        return result;
    }
    // The code between the braces of a text: its first chain.
    Reach reach_of_code(std::string_view code) {
        const auto inner = program_tokens(code, m_features.language);
        if (inner.all.size() > 60 || m_nested > 2) return 0;
        ++m_nested;
        std::vector<ProgramToken> outer = inner.all;
        m_all.swap(outer);
        const auto judging = m_judging;
        m_judging = false;
        std::size_t stop = 0;
        while (stop < m_all.size() && m_all[stop].kind != TokenKind::end) ++stop;
        const auto r = expression(0, stop, k_deepest / 2);
        m_judging = judging;
        m_all.swap(outer);
        --m_nested;
        return r;
    }

    // One value, and `i` behind it.
    Reach operand(std::size_t& i, std::size_t end, int depth) {
        if (depth > k_deepest || i >= end) { ++i; return 0; }
        const auto& t = m_all[i];
        if (t.kind == TokenKind::name) return chain(i, end, depth, false);
        if (t.kind == TokenKind::text) {
            const auto r = inside_of_text(t);
            const auto text = t.text;
            ++i;
            return methods(i, end, depth, r, std::string(), text, false, nullptr);
        }
        if (is_mark(t, "(", "[", "{")) {
            const auto close = mate(i, end);
            Reach r = 0;
            if (!is_mark(t, "{") || is(Language::perl)) r = expression(i + 1, close, depth + 1);
            i = std::min(close + 1, end);
            return methods(i, end, depth, r, std::string(), {}, false, nullptr);
        }
        ++i;
        return 0;
    }

    bool source_of(const std::string& written) {
        if (const auto known = m_known.find(written); known != m_known.end()) return known->second;
        const bool is = looks_like_source(written);
        if (m_known.size() < k_most_names * 10) m_known.emplace(written, is);
        return is;
    }
    bool looks_like_source(std::string_view written) const {
        for (const auto s : m_sources) {
            const auto at = written.find(s);
            if (at == written.npos) continue;
            if (at > 0 && s[0] != '.' && s[0] != ':' && s[0] != '<' && written[at - 1] != '.' && written[at - 1] != '_' && written[at - 1] != '(') continue;
            if ((s == "sys.stdin" || s == "<STDIN" || s == "io.read(" || s == "process.stdin" || s.starts_with("readFileSync(") || s.starts_with("STDIN.") || s.starts_with("stdin.") || s.starts_with("ARGF.")) && !m_is_cgi) continue;
            if (s.starts_with("self.") && !m_is_handler) continue;
            return true;
        }
        return false;
    }

    // A name and what hangs on it: items, methods, calls. `judge`: its calls are deeds.
    Reach chain(std::size_t& i, std::size_t end, int depth, bool judge, std::string* written_out = nullptr) {
        const auto& t = m_all[i];
        const auto start = i;
        std::string written;
        Reach r = reach_at(t.text, t.offset);
        if (t.sign == '<') { written = '<' + std::string(t.text); r &= static_cast<Reach>(socket | whole | part); }
        else written = plain((t.sign == 0 || t.sign == '@' || t.sign == '$') && !is_bound_at(t.text, t.offset) ? resolved(t.text) : std::string(t.text));
        const bool callable_word = t.sign == 0;
        // A Perl function's own arguments.
        if (is(Language::perl) && ((t.text == "_" && (t.sign == '@' || mark_at(i + 1, "["))) || (t.text == "shift" && !mark_at(i + 1, "(") && !(i + 1 < end && m_all[i + 1].kind == TokenKind::name)))) r |= reach_of(m_inside + "(@_)");
        if (t.sign == 0 && t.is(word_opener) && !(i + 1 < end && mark_at(i + 1, "."))) {
            ++i;
            if (t.text == "lambda") while (i < end && !mark_at(i, ":")) ++i;
            return 0;
        }
        ++i;
        // map { ... } @list, of the list's values.
        if (is(Language::perl) && i < end && mark_at(i, "{") && t.is(word_lister) && t.sign == 0) {
            const auto from = std::min(mate(i, end) + 1, end);
            i = end;
            return expression(from, end, depth + 1);
        }
        if (source_of(written)) r |= whole | part;
        // Perl and Ruby call without brackets: system $x, join " ", @w.
        if ((is(Language::perl) || is(Language::ruby) || (is(Language::python) && (t.text == "exec" || t.text == "print"))) && callable_word && i < end && !mark_at(i, "(") &&
            (m_all[i].kind == TokenKind::text || m_all[i].kind == TokenKind::pattern || (m_all[i].kind == TokenKind::name && !m_all[i].is(word_ender) && !(m_all[i].sign == 0 && m_all[i].is(word_comparer))) || (mark_at(i, "[") && is(Language::ruby) && !m_all[i].tight) || (mark_at(i, "\\") && is(Language::perl))))
            return call(i, i, end, written, r, depth, judge);
        r = methods(i, end, depth, r, std::move(written), {}, judge, written_out);
        // A condition told of it: req.params.job, $in{host}.
        if (r && i > start + 1 && !m_bounds.empty() && m_nested == 0 && is_bound_at(plain_word(raw(start, i)), t.offset)) r = 0;
        return r;
    }

    Reach methods(std::size_t& i, std::size_t end, int depth, Reach r, std::string written, std::string_view text, bool judge, std::string* written_out) {
        while (i < end) {
            const auto& t = m_all[i];
            if (t.kind != TokenKind::mark) break;
            if ((is_mark(t, ".") && !is(Language::perl)) || is_mark(t, "->", "?.", "&.") || (is_mark(t, ":") && is(Language::lua) && i + 1 < end && m_all[i + 1].kind == TokenKind::name)) {
                if (i + 1 >= end) break;
                const auto& next = m_all[i + 1];
                if (next.kind == TokenKind::name) {
                    if (next.sign == '$' && is(Language::perl) && judge && m_judging && mark_at(i + 2, "(") && reach_of(next.text) & whole) add(N, next.offset, "method");
                    if (written.size() < k_longest_chain) written += (t.text == ":" ? ":" : ".") + std::string(next.text);
                    i += 2;
                    if (is_cleaner(next.text) && !mark_at(i, "(")) r = 0;
                    if (source_of(written)) r |= whole | part;
                    continue;
                }
                ++i;
                continue;
            }
            if (is_mark(t, "[", "{")) {
                if (is_mark(t, "{") && !is(Language::perl)) break;
                if (is_mark(t, "[") && !t.tight && !is(Language::perl)) break;
                const auto close = mate(i, end);
                const bool own = r && is_own(written);
                if (i + 1 < close && written.size() < k_longest_chain) {
                    const auto& key = m_all[i + 1];
                    const auto constant = key.kind == TokenKind::name && key.sign != 0 ? m_constants.find(std::string(key.text)) : m_constants.end();
                    const auto word = constant != m_constants.end() ? constant->second : key.kind == TokenKind::text || key.kind == TokenKind::name ? key.text : std::string_view{};
                    written += '[';
                    written += word.substr(0, 40);
                    // obj["name"](...) is obj.name(...)
                    if (const auto callee = mark_at(close + 1, "(") ? hidden_callee(word) : std::string_view{}; !callee.empty()) written = callee;  // vars(os)["sys" + "tem"](...)
                    else if (is(Language::python) && written.find(".__dict__[") != written.npos) written.replace(written.find(".__dict__["), 10, ".");
                    else if (const auto hidden = mark_at(i - 1, ")") ? hidden_callee(word) : std::string_view{}; !hidden.empty()) written = hidden;  // f = vars(m)["get" + "output"]
                    else if ((mark_at(close + 1, "(") || mark_at(i - 1, ")")) && key.kind == TokenKind::text) written[written.size() - std::min<std::size_t>(word.size(), 40) - 1] = '.';
                }
                if (source_of(written)) r |= whole | part;
                if (own) r = 0;
                i = std::min(close + 1, end);
                continue;
            }
            if (is_mark(t, "(")) {
                // Perl's "$f->(...)": what is called is the value.
                const auto close = mate(i, end);
                if (is(Language::perl) && mark_at(i - 1, "->") && judge && m_judging && r & whole) add(N, t.offset, "call");
                const auto open = i;
                i = std::min(close + 1, end);
                r = call(i, open + 1, close, written, r, depth, judge, text);
                written += '(';
                if (open + 1 < close && (m_all[open + 1].kind == TokenKind::text || m_all[open + 1].text == "0") && written.size() < k_longest_chain) written += m_all[open + 1].text.substr(0, 40);
                if (source_of(written)) r |= whole | part;
                if (is_remote_source(written) || (written == "get(" && m_text.find("LWP::Simple") != m_text.npos)) r |= remote;
                if (is_connection(written)) r |= socket;
                // getattr(os, "system"), require("child_process"), __import__("os") are what they give.
                alias_call(written, open, close);
                text = {};
                continue;
            }
            break;
        }
        if (is_connection(written)) r |= socket;
        if (written_out) *written_out = written;
        return r;
    }

    void alias_call(std::string& written, std::size_t open, std::size_t close) {
        const auto constant_at = [&](std::size_t k) -> std::string_view {
            if (k >= close) return {};
            if (m_all[k].kind == TokenKind::text) return m_all[k].text;
            const auto found = m_all[k].kind == TokenKind::name ? m_constants.find(std::string(m_all[k].text)) : m_constants.end();
            return found == m_constants.end() ? std::string_view{} : found->second;
        };
        if (is(Language::python) && (written.starts_with("vars(") || written.starts_with("dict("))) {
            auto at = open + 1;
            std::string object;
            if (at < close && m_all[at].kind == TokenKind::name) chain(at, close, k_deepest / 2, false, &object);
            if (!object.empty() && at == close) written = object;
        } else if (written.starts_with("ctypes.") && one_of(std::string_view(written).substr(0, written.find('(')), {"ctypes.CDLL", "ctypes.PyDLL", "ctypes.cdll.LoadLibrary"})) written = "libc";
        else if (written.starts_with("require(") || written.starts_with("import(") || (is(Language::node) && written.find(".require(") != written.npos) || written.starts_with("__import__(") || written.starts_with("importlib.import_module(")) {
            auto module = constant_at(open + 1);
            if (module.starts_with("node:")) module.remove_prefix(5);
            if (!module.empty() && module.size() < 60) written = module;
        } else if (written.starts_with("getattr(")) {
            auto at = open + 1;
            std::string object;
            if (at < close && m_all[at].kind == TokenKind::name) chain(at, close, k_deepest / 2, false, &object);
            const auto name = mark_at(at, ",") ? constant_at(at + 1) : std::string_view{};
            // getattr(whatever, "ex" + "ec")
            if (const auto callee = hidden_callee(name); !callee.empty()) written = callee;
            else if (!name.empty() && name.size() < 40 && !object.empty()) written = object + '.' + std::string(name);
        } else if (is(Language::ruby) && (written.starts_with("method(") || written.find(".method(") != written.npos)) {
            if (const auto callee = hidden_callee(constant_at(open + 1)); !callee.empty()) written = std::string(callee) + ".method";
        }
    }

    // What runs code or commands under a name that the program puts together from pieces: nobody else needs to. Nothing for names
    // that stand there as they are.
    std::string_view hidden_callee(std::string_view name) const {
        if (name.empty() || name.size() > 40 || (name.data() >= m_text.data() && name.data() < m_text.data() + m_text.size())) return {};
        for (const auto& d : deeds_of(m_features.language))
            if (d.sign != N && (d.callee == name || (d.callee.size() > name.size() && d.callee.ends_with(name) && d.callee[d.callee.size() - name.size() - 1] == '.'))) return d.callee;
        return {};
    }

    // A call of `written` with the arguments from `from` to `close`; `i` is set behind them where no bracket held them.
    Reach call(std::size_t& i, std::size_t from, std::size_t close, const std::string& written, Reach receiver, int depth, bool judge, std::string_view text = {}) {
        if (depth > k_deepest) return receiver;
        std::vector<std::pair<std::size_t, std::size_t>> arguments;
        auto start = from;
        auto at = from;
        for (; at < close; ++at) {
            const auto& t = m_all[at];
            if (is_mark(t, "(", "[", "{")) { at = mate(at, close - 1); continue; }
            if (is_mark(t, ",")) { arguments.emplace_back(start, at); start = at + 1; }
            const bool unbracketed = i == from;
            if (unbracketed && ((is_mark(t, ")", "]", "}", "||", "&&", "?", ":")) || (t.kind == TokenKind::name && t.sign == 0 && at > from && t.is(word_ender)))) break;
        }
        if (start < at) arguments.emplace_back(start, at);
        if (i == from) i = at;
        const auto value = [&](std::size_t n) { return n < arguments.size() ? expression(arguments[n].first, arguments[n].second, depth + 1) : Reach{0}; };
        const auto dot = written.find_last_of(".:");
        const auto name = std::string_view(written).substr(dot == written.npos ? 0 : dot + 1);
        if (judge && m_judging) judge_call(written, arguments, depth);
        give_callbacks(written, arguments, receiver);
        if (is_cleaner(name) || is_cleaner(written)) return 0;
        if (leaves_few_of(written, name, text, arguments)) return 0;
        if (one_of(name, {"get", "fetch", "getOrDefault"}) && arguments.size() > 1 && written.find('.') != written.npos && is_own(written.substr(0, written.rfind('.')))) return value(1);  // KNOWN.get(x, other)
        if (const auto own = m_functions.find(std::string(name)); own != m_functions.end() && !name.empty()) {
            for (std::size_t n = 0; n < own->second.size() && n < arguments.size(); ++n) note(own->second[n], value(n));
            if (is(Language::perl)) { Reach all = 0; for (std::size_t n = 0; n < arguments.size(); ++n) all |= value(n); note(written + "(@_)", all); }
            const auto back = m_returns.find(std::string(name));
            return back == m_returns.end() ? Reach{0} : back->second;
        }
        if (name == "join") return !receiver && text.empty() && is(Language::perl) ? value(1) : static_cast<Reach>(value(0) | (is(Language::ruby) || is(Language::node) ? receiver : 0));
        if (name == "format" && !text.empty()) return text.starts_with("{}") || text.starts_with("{0}") ? value(0) : static_cast<Reach>(value(0) ? part : 0);
        if (name == "sprintf") return value(1) ? Reach{part} : Reach{0};
        if (name == "sub" && is(Language::python)) return static_cast<Reach>(value(1) | value(2));  // re.sub(p, "", x), p.sub("", x)
        if (is_passing(name)) return static_cast<Reach>(receiver | value(name == "getattr" || name == "map" || name == "filter" || name == "sub" ? (receiver ? 9 : 1) : name == "split" && is(Language::perl) ? 1 : name == "pack" || name == "unpack" ? 1 : 0));
        Reach r = receiver;
        for (std::size_t n = 0; n < arguments.size() && n < 6; ++n) if (const auto v = value(n)) r |= static_cast<Reach>((v & part) | (v & whole ? part : 0));
        return r;
    }

    // re.sub("[^a-z]", "", x), x.gsub(/\W/, ""), "".join(c for c in x if c.isalnum()), KNOWN.get(x), m.group(1) of a match of few letters.
    bool leaves_few_of(const std::string& written, std::string_view name, std::string_view text, const std::vector<std::pair<std::size_t, std::size_t>>& arguments) {
        if (arguments.empty() || m_nested > 0) return false;
        const auto given = [&](std::size_t n) { return raw(arguments[n].first, arguments[n].second); };
        if (one_of(name, {"sub", "subn", "gsub", "gsub!", "replace", "replaceAll"}) && arguments.size() > 1) {
            if (is(Language::node) && name == "replace" && given(0).find("/g") == std::string_view::npos) return false;
            const auto with = m_all[arguments[1].first];
            if (with.kind != TokenKind::text || with.interpolates || with.text.size() > 1) return false;
            return m_conditions.replaces_all_others(given(0)) || (written.find('.') != written.npos && !written.starts_with("re.") && m_conditions.replaces_all_others(std::string_view(written).substr(0, written.rfind('.'))));
        }
        if (is(Language::ruby) && one_of(name, {"delete", "tr"}) && m_all[arguments[0].first].kind == TokenKind::text) return m_all[arguments[0].first].text.starts_with('^');
        if (name == "join" && is(Language::python) && text.empty()) {
            const auto items = given(0);
            const auto loop = items.find(" for "), asks = items.find(" if ");
            if (loop == items.npos || asks == items.npos || asks < loop) return false;
            const auto asked = items.substr(asks);
            return asked.find("not ") == asked.npos && (asked.find("isalnum") != asked.npos || asked.find("isdigit") != asked.npos || asked.find("isalpha") != asked.npos || asked.find(" in \"") != asked.npos || asked.find(" in '") != asked.npos || asked.find("ascii_letters") != asked.npos || asked.find("digits") != asked.npos || asked.find(".match(") != asked.npos);
        }
        if (one_of(name, {"get", "fetch", "getOrDefault", "dig"}) && written.find('.') != written.npos && is_own(written.substr(0, written.rfind('.')))) return arguments.size() < 2 || expression(arguments[1].first, arguments[1].second, k_deepest / 2) == 0;
        if (one_of(name, {"group", "groups"}) && m_matches.contains(written.substr(0, written.find('.')))) return true;
        return false;
    }

    // createServer((q, r) => ...), app.get("/x", (q, r) => ...): q is the request; req.on("data", d => ...): d is of it.
    void give_callbacks(const std::string& written, const std::vector<std::pair<std::size_t, std::size_t>>& arguments, Reach receiver) {
        if (arguments.empty()) return;
        if (is(Language::python) && ends_with_any(written, {"start_server"})) {
            if (const auto f = m_functions.find(std::string(m_all[arguments[0].first].text)); f != m_functions.end() && !f->second.empty()) note(f->second[0], socket);
            return;
        }
        if (!is(Language::node)) return;
        const auto [first, last] = arguments.back();
        auto at = first;
        if (name_at(at, "async")) ++at;
        if (name_at(at, "function")) { ++at; if (at < last && m_all[at].kind == TokenKind::name) ++at; }
        if (mark_at(at, "(")) ++at;
        // ({ body }, res) => ..., ({ query: { c } }, res) => ...
        if (mark_at(at, "{") && ends_with_any(written, {"createServer", ".get", ".post", ".all", ".put", ".use"}))
            for (auto k = at + 1; k < mate(at, last); ++k)
                if (m_all[k].kind == TokenKind::name && one_of(m_all[k].text, {"body", "query", "params", "headers", "cookies"})) {
                    if (!mark_at(k + 1, ":")) note(m_all[k].text, whole | part);
                    else if (mark_at(k + 2, "{")) { for (auto v = k + 3; v < mate(k + 2, last); ++v) if (m_all[v].kind == TokenKind::name) note(m_all[v].text, whole | part); }
                    else if (k + 2 < last && m_all[k + 2].kind == TokenKind::name) note(m_all[k + 2].text, whole | part);
                }
        if (at >= last || m_all[at].kind != TokenKind::name || !(mark_at(at + 1, ",") || mark_at(at + 1, ")") || mark_at(at + 1, "=>"))) return;
        const auto parameter = m_all[at].text;
        const bool path = arguments.size() > 1 && m_all[arguments[0].first].kind == TokenKind::text && m_all[arguments[0].first].text.starts_with('/');
        if (written.ends_with(".then") && !written.starts_with('.')) { alias(parameter, written.substr(0, written.size() - 5)); return; }
        if (ends_with_any(written, {"createServer", ".get", ".post", ".all", ".put", ".use", ".route"}) && parameter.size() < 12 && parameter != "ctx" && parameter != "data" && parameter != "err") { if (parameter != "req" && (path || !ends_with_any(written, {".get"}))) alias(parameter, "req"); }
        else if (written.ends_with(".on") && m_all[arguments[0].first].kind == TokenKind::text && m_all[arguments[0].first].text == "data" && (written.starts_with("req.") || written.starts_with("request.") || receiver & whole || (m_is_cgi && written.starts_with("process.stdin.")))) note(parameter, whole | part);
    }

    // ---- deeds

    void add(Sign sign, std::uint32_t offset, std::string_view detail) {
        if (is_bound(m_bounds, k_known_visitor, offset)) ++m_features[sign].behind_login;
        auto from = offset > 0 ? m_text.rfind('\n', offset - 1) : m_text.npos;
        from = from == m_text.npos ? 0 : from + 1;
        if (offset - from > 100) from = offset - 100;
        m_features.add(sign, offset, 0, detail, m_text.substr(from, std::min<std::size_t>(std::min(m_text.find('\n', offset), m_text.size()) - from, 300)));
        m_features.followed |= sign != Sign::partial_command;
    }
    void executed(Reach r, Sign sign, std::uint32_t offset, std::string_view detail) {
        if (r & whole) add(sign, offset, detail);
        else if (r & remote) { if (sign == C) add(Sign::remote_code, offset, detail); }
        else if (r & socket) { if (sign != N) add(Sign::socket_shell, offset, detail); }
        else if (r & part && sign == K) add(Sign::partial_command, offset, detail);
    }

    std::string_view constant_of(std::pair<std::size_t, std::size_t> argument) const {
        if (argument.first + 1 != argument.second) return {};
        const auto& t = m_all[argument.first];
        if (t.kind == TokenKind::text) return t.text;
        const auto found = t.kind == TokenKind::name ? m_constants.find(std::string(t.text)) : m_constants.end();
        return found == m_constants.end() ? std::string_view{} : found->second;
    }

    // Kernel.send(:system, x), x.send(("sys" + "tem").to_sym, y): what is called.
    std::string_view sent(std::pair<std::size_t, std::size_t> argument, std::string_view written) const {
        auto [from, end] = argument;
        while (from < end && mark_at(from, "(")) ++from;
        if (from < end && m_all[from].kind == TokenKind::text) return hidden_callee(m_all[from].text);
        const auto symbol = mark_at(from, ":") && from + 1 < end ? m_all[from + 1].text : std::string_view{};
        const auto object = written.substr(0, std::min(written.find('.'), written.size()));
        if (symbol.empty() || !one_of(object, {"send", "public_send", "__send__", "Kernel", "Object", "self", "Process", "IO", "binding"})) return {};
        const auto deeds = deeds_of(m_features.language);
        const auto found = std::find_if(deeds.begin(), deeds.end(), [&](const auto& d) { return d.sign != N && (d.callee == symbol || (d.callee.size() > symbol.size() && d.callee.ends_with(symbol) && d.callee[d.callee.size() - symbol.size() - 1] == '.')); });
        return found == deeds.end() ? std::string_view{} : found->callee;
    }

    void judge_call(const std::string& written, const std::vector<std::pair<std::size_t, std::size_t>>& arguments, int depth) {
        if (arguments.empty()) return;
        const auto deeds = deeds_of(m_features.language);
        if (is(Language::ruby)) {
            // send("sys" + "tem", x), method("sys" + "tem").call(x)
            const auto dot = written.rfind('.');
            if (one_of(std::string_view(written).substr(dot == written.npos ? 0 : dot + 1), {"send", "public_send", "__send__"}) && arguments.size() > 1)
                if (const auto callee = sent(arguments[0], written); !callee.empty()) return judge_call(std::string(callee), {arguments.begin() + 1, arguments.end()}, depth);
            if (written.ends_with(".method.call")) return judge_call(written.substr(0, written.size() - 12), arguments, depth);
        }
        if (is(Language::python) && written == "operator.methodcaller" && arguments.size() > 1) {  // methodcaller("popen", x)(os)
            const auto method = constant_of(arguments[0]);
            const bool deed = !method.empty() && std::any_of(deeds.begin(), deeds.end(), [&](const ProgramDeed& d) { return d.sign == K && d.callee.ends_with(method) && d.callee.size() > method.size() && d.callee[d.callee.size() - method.size() - 1] == '.'; });
            if (deed) executed(expression(arguments[1].first, arguments[1].second, depth + 1), K, m_all[arguments[0].first].offset, written);
            return;
        }
        const auto found = std::find_if(deeds.begin(), deeds.end(), [&](const ProgramDeed& d) { return d.callee == written || (d.callee.ends_with("_eval") && written.ends_with(d.callee)); });
        if (found == deeds.end()) return;
        const auto offset = m_all[arguments[0].first].offset;
        auto first = arguments[0];
        std::size_t n = 0;
        if (is(Language::node) && written == "Function") n = arguments.size() - 1;  // new Function("a", "b", code)
        if (is(Language::perl) && written == "open") {
            // open(F, "$x|"), open(F, "-|", ...), open(F, "| $x").
            if (arguments.size() < 2) return;
            const auto& mode = m_all[arguments[1].first];
            if (arguments.size() == 2) {
                bool pipes = false;
                for (auto k = arguments[1].first; k < arguments[1].second; ++k) pipes |= m_all[k].kind == TokenKind::text && (m_all[k].text.ends_with('|') || m_all[k].text.starts_with('|') || m_all[k].text.ends_with("| "));
                if (!pipes) return;
                const bool leads = mode.kind == TokenKind::text && mode.text.starts_with('|');
                Reach r = expression(arguments[1].first, arguments[1].second, depth + 1);
                if (leads && r & part) {
                    auto behind = mode;
                    behind.text.remove_prefix(1);
                    r = inside_of_text(behind);
                }
                return executed(r, K, offset, written);
            }
            if (mode.kind != TokenKind::text || (mode.text != "-|" && mode.text != "|-")) return;
            n = 2;
        } else if (is(Language::perl) && (written == "open2" || written == "open3")) n = written == "open2" ? 2 : 3;
        if (n >= arguments.size()) return;
        first = arguments[n];
        // ["/bin/sh", "-c", x], and the same as arguments.
        std::vector<std::pair<std::size_t, std::size_t>> parts(arguments.begin() + static_cast<std::ptrdiff_t>(n), arguments.end());
        if (mark_at(first.first, "[") || (mark_at(first.first, "(") && is(Language::python))) {
            const auto close = mate(first.first, first.second);
            parts.clear();
            auto start = first.first + 1;
            for (auto k = start; k <= close; ++k) {
                if (k == close || mark_at(k, ",")) { if (start < k) parts.emplace_back(start, k); start = k + 1; continue; }
                if (is_open(m_all[k])) k = mate(k, close - 1);
            }
        }
        if (parts.empty()) return;
        auto r = expression(parts[0].first, parts[0].second, depth + 1);
        const auto& program = m_all[parts[0].first];
        const auto constant = program.kind == TokenKind::name ? m_constants.find(std::string(program.text)) : m_constants.end();
        const auto named = program.kind == TokenKind::text ? program.text : constant != m_constants.end() ? constant->second : std::string_view{};
        if (found->sign == K && is_shell(named)) {
            for (std::size_t k = 1; k < parts.size() && k < 8; ++k) {
                if (mark_at(parts[k].first, "[")) { ++parts[k].first; }
                for (auto v = parts[k].first; v < parts[k].second;) {
                    if (m_all[v].kind == TokenKind::mark) { ++v; continue; }
                    r |= operand(v, parts[k].second, depth + 1);
                }
            }
        }
        executed(r, found->sign, offset, written);
        if (!r && gives_bound(parts)) ++m_features.bounded;
        if (found->sign == C && !(r & whole) && program.kind == TokenKind::text && runs_in_pieces(program.text)) add(C, offset, written);
        if (found->sign == C && !r && is_decoding(parts[0].first, parts[0].second)) add(Sign::hidden_code, offset, written);
    }
    // A word of the request that was checked, or an argument: what the program allows was seen.
    bool gives_bound(const std::vector<std::pair<std::size_t, std::size_t>>& parts) const {
        for (const auto& [from, end] : parts)
            for (auto i = from; i < end; ++i) if (m_all[i].kind == TokenKind::name && reach_of(m_all[i].text) != 0) return true;
        return false;
    }
    // eval "$deed(\$word)", with "sys" . "tem" in $deed and the request's in $word
    bool runs_in_pieces(std::string_view code) const {
        if (!is(Language::perl) || m_constants.empty()) return false;
        bool deed = false, given = false;
        for (auto at = code.find('$'); at != code.npos; at = code.find('$', at + 1)) {
            auto end = at + 1;
            if (end < code.size() && code[end] == '{') ++end;
            const auto from = end;
            while (end < code.size() && ((code[end] | 0x20) >= 'a' && (code[end] | 0x20) <= 'z')) ++end;
            const std::string name(code.substr(from, end - from));
            const auto constant = m_constants.find(name);
            deed |= constant != m_constants.end() && !hidden_callee(constant->second).empty();
            given |= (reach_of(name) & whole) != 0;
        }
        return deed && given;
    }
    // exec(f(b"...")): a function makes the code of a text that stands here.
    bool is_decoding(std::size_t from, std::size_t end) const {
        if (is(Language::perl) || is(Language::lua) || from + 3 >= end || m_all[from].kind != TokenKind::name || m_all[from].sign != 0) return false;
        std::size_t longest = 0;
        bool decodes = false;
        for (auto k = from; k < end; ++k) {
            if (m_all[k].kind == TokenKind::text) longest = std::max(longest, m_all[k].text.size());
            decodes |= m_all[k].kind == TokenKind::name && one_of(m_all[k].text, {"b64decode", "decompress", "atob", "decode64", "unhexlify", "a2b_base64", "fromhex"});
        }
        if (decodes && longest > 20) return true;
        const auto name = m_all[from].text;
        return is(Language::python) && mark_at(from + 1, "(") && m_all[from + 2].kind == TokenKind::text && m_all[from + 2].text.size() >= 8 && m_all[from + 2].text.find(' ') == std::string_view::npos && mate(from + 1, end) + 1 >= end && m_alias.find(std::string(name)) == m_alias.end() && name != "compile" && name != "open" && name != "read" && m_functions.find(std::string(name)) == m_functions.end() && m_text.find("decompress") != m_text.npos;
    }
    void run_text(std::size_t i) {
        if (!m_judging) return;
        const auto r = inside_of_text(m_all[i]);
        executed(r, K, m_all[i].offset, "`");
    }
    // &$f(...), &{"CORE::$f"}(...): the request names the function.
    void call_by_name(std::size_t i, std::size_t end) {
        if (!m_judging) return;
        auto at = i + 1;
        Reach r = 0;
        if (m_all[at].kind == TokenKind::name && m_all[at].sign == '$') r = reach_of(m_all[at].text);
        else if (mark_at(at, "{")) {
            const auto close = mate(at, end);
            r = expression(at + 1, close, 0);
            if (at + 1 < close && m_all[at + 1].kind == TokenKind::text && m_all[at + 1].text.starts_with("CORE::") && r & part) r |= whole;
            // &{"CORE::$f"}(...), &{\&{"CORE::$f"}}(...), with "sys" . "tem" in $f.
            for (auto k = at + 1; k < close; ++k) {
                if (m_all[k].kind != TokenKind::text || !m_all[k].text.starts_with("CORE::")) continue;
                auto callee = m_all[k].text.substr(m_all[k].text.rfind(':') + 1);
                if (callee.starts_with('$')) {
                    const auto constant = m_constants.find(std::string(callee.substr(1)));
                    callee = constant == m_constants.end() ? std::string_view{} : constant->second;
                }
                if (!callee.empty() && mark_at(close + 1, "(")) {
                    const auto stop = mate(close + 1, end);
                    if (close + 2 < stop) judge_call(std::string(callee), {{close + 2, stop}}, 1);
                }
            }
        }
        if (r & whole) add(N, m_all[i].offset, "&");
    }

    std::string_view m_text;
    Features& m_features;
    std::vector<ProgramBound> m_bounds;
    ProgramConditions m_conditions;
    std::unordered_map<std::string, bool> m_own_lists;
    std::set<std::string> m_matches;  // names of a match of few letters
    ProgramTokens m_tokens;
    std::vector<ProgramToken>& m_all;
    std::span<const std::string_view> m_sources;
    std::map<std::string, Reach> m_reach, m_returns;
    std::unordered_map<std::string, std::string> m_alias;
    std::unordered_map<std::string, bool> m_known;  // what is a source, by its chain
    std::unordered_map<std::string, std::string_view> m_constants;
    std::unordered_map<std::string, std::vector<std::string>> m_functions;
    std::set<std::string> m_cleaned;  // names of which few letters are left
    std::vector<std::uint8_t> m_words;  // by a name's place: what it tells
    std::string m_inside;
    bool m_parameters_of_route = false, m_judging = false, m_first_walk = false, m_is_cgi = false, m_is_handler = false, m_answers = false, m_gives_all = false;
    std::string_view m_route;
    bool m_taken = false;  // something came from outside
    bool m_cold = false;   // nothing in the statement can
    std::uint32_t m_outer = 0;  // of the text whose inner code is read
    Reach m_scratch = 0;
    int m_nested = 0;
    std::size_t m_work = 0, m_work_allowed = 0;
};

}  // namespace
}  // namespace program

void follow_program(std::string_view text, Features& features) {
    text = text.substr(0, program::k_most_text);
    if (!may_execute(text, features.language)) return;
    const auto before = features;
    {
        program::Flow flow(text, features);
        if (!flow.takes_something()) return;
        flow.run({});
    }
    // What the program checks only matters where something was found without.
    const auto found = [&](const Place& place, const Place& known) { return place.count == known.count; };
    if (std::equal(features.signs.begin(), features.signs.end(), before.signs.begin(), found)) return;
    features = before;
    program::Flow(text, features).run(program_bounds(text, features.language));
}

}  // namespace deadbox::plugins::webshell
