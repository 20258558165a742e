// What a condition leaves of the request's word where it holds: if (preg_match('#^https://host/#', $u)), and behind
// if (!in_array($x, ['pdf', 'doc'])) die().
#include "webshell/php_evaluation.hpp"
#include "webshell/php_patterns.hpp"
#include "webshell/program_patterns.hpp"

#include <algorithm>

namespace deadbox::plugins::webshell::php {
namespace {

constexpr int k_deepest_condition = 8;
constexpr std::size_t k_most_standing = 1000;
constexpr Taint k_outside = k_request | k_whole | k_remote | k_upload;

// "^[0-9+*/ ().-]+$": from end to end of digits and signs, which name and quote nothing.
bool is_of_signs(std::string_view pattern) {
    if (!pattern.starts_with("^[") || !(pattern.ends_with("]+$") || pattern.ends_with("]*$"))) return false;
    const auto inside = pattern.substr(2, pattern.size() - 5);
    for (std::size_t i = 0; i < inside.size(); ++i) {
        if (inside[i] == '\\') {
            if (++i >= inside.size() || std::string_view("d./+*()-").find(inside[i]) == std::string_view::npos) return false;
        } else if (inside[i] == '-' && i > 0 && i + 1 < inside.size()) {  // "0-9" alone is a range
            if (!(inside[i - 1] == '0' && inside[i + 1] == '9') && inside[i - 1] != '\\' && !(i >= 2 && inside[i - 1] == '9')) return false;
        } else if (std::string_view("0123456789+*/ ().,%-").find(inside[i]) == std::string_view::npos) return false;
    }
    return !inside.empty();
}

// "^https://host\.example/": the address up to the first slash behind the host. Nothing where the pattern leaves the host open.
std::string fixed_address(std::string_view pattern) {
    if (!pattern.starts_with('^')) return {};
    std::string out;
    for (std::size_t i = 1; i < pattern.size(); ++i) {
        char c = pattern[i];
        if (c == '\\' && i + 1 < pattern.size() && !((pattern[i + 1] >= 'a' && pattern[i + 1] <= 'z') || (pattern[i + 1] >= 'A' && pattern[i + 1] <= 'Z') || (pattern[i + 1] >= '0' && pattern[i + 1] <= '9'))) c = pattern[++i];
        else if (std::string_view(".[]()|*+?{}$^\\").find(c) != std::string_view::npos) {
            if (std::string_view("*?{").find(c) != std::string_view::npos && !out.empty()) out.pop_back();  // perhaps not there
            break;
        }
        out += c;
    }
    const auto scheme = out.find("://");
    const auto slash = scheme == out.npos ? scheme : out.find('/', scheme + 3);
    // An alternative further on opens it again.
    return slash == out.npos || slash == scheme + 3 || pattern.find('|') != pattern.npos ? std::string() : out;
}

// The request's words that a list lets through: texts that a loose comparison takes for nothing else, that are no script's
// ending and no function's name that runs what it is given.
bool is_choice(std::string_view text) {
    static constexpr std::string_view k_endings[] = {"php", "phtml", "phar", "jsp", "asp", "aspx", "cgi", "pl", "htaccess"};
    if (text.empty() || (text[0] >= '0' && text[0] <= '9')) return false;
    const auto low = lowered(text);
    return !is_dangerous(low) && std::none_of(std::begin(k_endings), std::end(k_endings), [&](auto end) { return low.ends_with(end); });
}
bool is_list_of_choices(const Value& list, bool keys) {
    if (list.type != Type::array || list.array().incomplete || list.array().rest != 0 || list.array().items.empty()) return false;
    return std::all_of(list.array().items.begin(), list.array().items.end(), [&](const auto& one) { return keys ? is_choice(one.first) : one.second.is_text() && !(one.second.taint & k_outside) && is_choice(one.second.text()); });
}

// "^[a-z0-9_.-]+$": words without a slash.
bool is_of_words(std::string_view pattern) {
    if (pattern.starts_with("\\A")) pattern.remove_prefix(2);
    else if (pattern.starts_with('^')) pattern.remove_prefix(1);
    else return false;
    bool any = false;
    while (!pattern.empty()) {
        if (pattern == "$" || pattern == "\\z" || pattern == "\\Z") return any;
        if (pattern.starts_with('[') && !pattern.starts_with("[^")) {
            const auto close = pattern.find(']', 2);
            if (close == pattern.npos) return false;
            const auto inside = pattern.substr(1, close - 1);
            if (inside.find('/') != inside.npos || inside.find("\\S") != inside.npos || inside.find("\\W") != inside.npos || inside.find("\\D") != inside.npos) return false;
            pattern.remove_prefix(close + 1);
        } else if (pattern.starts_with("\\w") || pattern.starts_with("\\d") || pattern.starts_with("\\.")) pattern.remove_prefix(2);
        else return false;
        any = true;
        if (pattern.starts_with('+') || pattern.starts_with('*')) pattern.remove_prefix(1);
        else if (pattern.starts_with('{')) pattern.remove_prefix(std::min(pattern.find('}') == pattern.npos ? pattern.size() : pattern.find('}') + 1, pattern.size()));
    }
    return false;
}

// "https://host/": an address whose host is said. "/srv/scans": a folder.
bool is_place(std::string_view text) {
    const auto scheme = text.find("://");
    if (scheme != text.npos) return scheme > 1 && text.find('/', scheme + 3) != text.npos && text.find('/', scheme + 3) > scheme + 3;
    return text.size() > 3 && text[0] == '/' && text.find("..") == text.npos;
}

// What stands behind a known beginning.
Value behind_beginning(const Value& value, std::string_view beginning) {
    auto left = Value::of(std::string(beginning));
    left.type = Type::unknown;
    left.taint = static_cast<Taint>((value.taint & ~(k_whole | k_undefined)) | k_below);
    return left;
}
Value without_request(const Value& value) { return Value::unknown(static_cast<Taint>(value.taint & ~(k_outside | k_undefined | k_below))); }

// Still the request's, but nothing that a shell takes for more than a word.
Value with_few_letters(const Value& value) {
    auto left = value;
    left.taint &= ~(k_free | k_undefined);
    return left;
}
// A list that the script or its application has: what is in it was put there by them.
bool is_own_list(const Value& list, bool keys) {
    if (!list.is_known()) return !(list.taint & (k_outside | k_undefined | k_hidden | k_decoded));
    if (list.type != Type::array || list.array().incomplete || list.array().rest != 0 || list.array().items.empty()) return false;
    return keys || std::all_of(list.array().items.begin(), list.array().items.end(), [](const auto& one) { return one.second.is_text() && !(one.second.taint & k_outside); });
}
// preg_match(...) == 0, strpbrk(...) === false: whether the call holds where the comparison does; nothing of others.
std::optional<bool> truth_said(const Node* comparison, const Node*& call) {
    const auto *left = comparison->kid(0), *right = comparison->kid(1);
    auto operation = comparison->op;
    if (!left || !right) return std::nullopt;
    if (left->kind != Kind::call) {
        std::swap(left, right);
        operation = operation == op(">") ? op("<") : operation == op("<") ? op(">") : operation == op(">=") ? op("<=") : operation == op("<=") ? op(">=") : operation;
    }
    if (left->kind != Kind::call) return std::nullopt;
    call = left;
    const bool one = right->kind == Kind::integer && right->text == "1", zero = right->kind == Kind::integer && right->text == "0";
    const auto word = right->kind == Kind::name ? lowered(right->text) : std::string();
    switch (operation) {
        case op("=="): case op("==="): return one || word == "true" ? std::optional(true) : zero || word == "false" ? std::optional(false) : std::nullopt;
        case op("!="): case op("!=="): case op("<>"): return one || word == "true" ? std::optional(false) : zero || word == "false" ? std::optional(true) : std::nullopt;
        case op(">"): return zero ? std::optional(true) : std::nullopt;
        case op(">="): return one ? std::optional(true) : std::nullopt;
        case op("<"): return one ? std::optional(false) : std::nullopt;
        case op("<="): return zero ? std::optional(false) : std::nullopt;
        default: return std::nullopt;
    }
}
// What a call asks about that tells of its argument's letters or of its place in a list.
bool asks_about_argument(std::string_view name) {
    static constexpr std::string_view k_asks[] = {"preg_match", "in_array", "array_search", "array_key_exists", "key_exists", "method_exists", "str_starts_with", "ctype_digit", "ctype_xdigit", "ctype_alnum", "ctype_alpha",
                                                  "ctype_lower", "ctype_upper", "is_numeric", "filter_var", "ip2long", "inet_pton", "strpbrk", "mb_ereg", "mb_eregi", "is_int"};
    return std::find(std::begin(k_asks), std::end(k_asks), name) != std::end(k_asks);
}
std::uint32_t asked_argument(std::string_view name) { return name == "preg_match" || name == "method_exists" || name.starts_with("mb_ereg") ? 2 : 1; }

bool is_word(const Node* n, std::string_view word) { return n && n->kind == Kind::name && lowered(n->text) == word; }
bool is_zero(const Node* n) { return n && n->kind == Kind::integer && n->text == "0"; }
std::string called_function(const Node* n) { return n && n->kind == Kind::call && n->count > 1 && n->kid(0)->kind == Kind::name ? plain_name(n->kid(0)->text) : std::string(); }

}  // namespace

bool leaves(const Node* branch, bool script) {
    if (!branch) return false;
    if (branch->kind == Kind::exit || (!script && (branch->kind == Kind::return_ || branch->kind == Kind::throw_ || branch->kind == Kind::continue_))) return true;
    if (const auto name = called_function(branch); name == "wp_die" || name == "abort" || name == "access_denied") return true;
    if (branch->kind == Kind::expression) return branch->count > 0 && leaves(branch->kids[0], script);
    if (branch->kind != Kind::block || branch->count == 0) return false;
    for (std::uint32_t i = 0; i + 1 < branch->count; ++i)
        if (!branch->kids[i] || (branch->kids[i]->kind != Kind::expression && branch->kids[i]->kind != Kind::echo && branch->kids[i]->kind != Kind::html)) return false;
    return leaves(branch->kids[branch->count - 1], script);
}

Value Evaluator::quietly(const Node* n) {
    ++m_silent;
    auto v = evaluate(n);
    --m_silent;
    return v;
}

// The request's word that a condition asks about: a variable, an item of the request, or a piece made of one on the spot.
std::optional<Evaluator::Guard> Evaluator::tested(const Node* n, int depth) {
    if (!n || depth > k_deepest_condition) return std::nullopt;
    if (n->kind == Kind::cast || n->kind == Kind::unary || (n->kind == Kind::binary && n->op == op("??")) || n->kind == Kind::assign) return tested(n->kid(0), depth + 1);
    if (const auto name = called_function(n); name == "strtolower" || name == "strtoupper" || name == "trim" || name == "strval") return tested(n->kid(1), depth + 1);
    if (n->kind == Kind::variable && !n->text.starts_with('_')) {
        std::string variable(n->text);
        auto& variables = scope_of(variable).variables;
        const auto found = variables.find(variable);
        if (found == variables.end() || !found->second.from_request()) return std::nullopt;
        return Guard{&variables, std::move(variable), found->second, {}};
    }
    if (const auto name = request_item(n); !name.empty()) {
        const auto known = m_items.find(name);
        return Guard{&m_items, name, known == m_items.end() ? Value::unknown(k_request | k_whole) : known->second, {}};
    }
    static constexpr std::string_view k_pieces[] = {"pathinfo", "parse_url", "strrchr", "end", "array_pop", "substr"};
    const bool piece = n->kind == Kind::index ? n->count > 1 && n->kid(1)->kind == Kind::string && (n->kid(1)->text == "extension" || n->kid(1)->text == "host") : n->kind == Kind::call && std::find(std::begin(k_pieces), std::end(k_pieces), called_function(n)) != std::end(k_pieces);
    if (!piece) return std::nullopt;
    auto v = quietly(n);
    if (!(v.taint & k_piece)) return std::nullopt;
    return Guard{nullptr, {}, std::move(v), {}};
}

// "_GET[x]" of $_GET['x']; nothing of anything else.
std::string Evaluator::request_item(const Node* n) {
    if (n->kind != Kind::index || n->count < 2 || n->kid(0)->kind != Kind::variable || !n->kid(1) || n->kid(1)->kind != Kind::string) return {};
    const auto base = n->kid(0)->text;
    if (base != "_GET" && base != "_POST" && base != "_REQUEST" && base != "_COOKIE") return {};
    return std::string(base) + '[' + std::string(n->kid(1)->text) + ']';
}

// What a call that holds leaves of the word it is asked about.
std::optional<Value> Evaluator::left_by(const Node* call, const Value& value) {
    const auto name = called_function(call);
    if (name == "ctype_digit" || name == "is_numeric" || name == "ctype_xdigit" || name == "is_uploaded_file") return name == "is_uploaded_file" ? std::nullopt : std::optional(without_request(value));
    ++m_quiet;
    std::vector<Value> values = arguments(call, 1);
    --m_quiet;
    if (name == "ip2long" || name == "inet_pton" || name == "is_int") return without_request(value);
    if (name == "ctype_alnum" || name == "ctype_alpha" || name == "ctype_lower" || name == "ctype_upper") {
        auto left = with_few_letters(value);
        left.taint |= k_below;
        return left;
    }
    if (values.size() < 2) return std::nullopt;
    if (name == "filter_var") {
        auto flags = values.size() > 2 ? values[2] : Value();
        if (flags.type == Type::array) flags = flags.array().find("flags") ? *flags.array().find("flags") : Value();
        const auto filter = values[1].to_integer();
        const auto leaves = filter ? filtered_by(*filter, flags.is_known() ? flags.to_integer().value_or(0) : 0) : Filtered::some;
        if (leaves == Filtered::nothing) return without_request(value);
        if (leaves == Filtered::few) return with_few_letters(value);
        return std::nullopt;
    }
    if (name.starts_with("mb_ereg") && values[0].is_text() && lets_few_through(values[0].text(), Anchored::by_itself)) return with_few_letters(value);
    if (name == "preg_match" && values[0].is_text()) {
        const auto pattern = bare_pattern(values[0].text());
        if (is_of_signs(pattern)) return without_request(value);
        if (auto address = fixed_address(pattern); !address.empty()) return behind_beginning(value, address);
        const bool few = lets_few_through(pattern, Anchored::by_itself);
        if (few || is_of_words(pattern)) {
            auto left = few ? with_few_letters(value) : value;
            if (is_of_words(pattern)) left.taint |= k_below;
            return left;
        }
    } else if (name == "in_array" || name == "array_search") {
        if (values[1].special == Special::methods || is_list_of_choices(values[1], false)) return without_request(value);
        // A list that another script holds says which endings there are.
        if (value.taint & k_piece && !values[1].is_known() && !(values[1].taint & (k_outside | k_undefined))) return without_request(value);
        if (is_own_list(values[1], false)) return with_few_letters(value);
    } else if (name == "array_key_exists" || name == "key_exists") {
        if (is_list_of_choices(values[1], true)) return without_request(value);
        if (is_own_list(values[1], true)) return with_few_letters(value);
    }
    else if (name == "method_exists" && !values[0].from_request() && values[0].type == Type::object) return without_request(value);
    else if (name == "str_starts_with" && values[1].is_text() && is_place(values[1].text())) return behind_beginning(value, values[1].text());
    return std::nullopt;
}

std::optional<Value> Evaluator::left_without(const Node* call, const Value& value) {
    const auto name = called_function(call);
    if (name != "preg_match" && name != "strpbrk" && !name.starts_with("mb_ereg")) return std::nullopt;
    ++m_quiet;
    const auto values = arguments(call, 1);
    --m_quiet;
    const std::size_t which = name == "strpbrk" ? 1 : 0;
    if (values.size() < 2 || !values[which].is_text()) return std::nullopt;
    const auto& said = values[which].text();
    const auto pattern = name == "preg_match" ? bare_pattern(said) : std::string_view(said);
    if (name == "strpbrk" ? !are_separators(said) : !finds_all_others(pattern) && !finds_separators(pattern)) return std::nullopt;
    auto left = with_few_letters(value);
    // "[^a-z0-9._-]", "\\W": no slash either.
    if (name != "strpbrk" && finds_all_others(pattern) && pattern.find('/') == pattern.npos) left.taint |= k_below;
    return left;
}

FunctionInfo* Evaluator::own_function(const Node* call) {
    if (const auto name = called_function(call); !name.empty()) {
        const auto found = m_functions.find(name);
        return found != m_functions.end() && found->second.node ? &found->second : nullptr;
    }
    if ((call->kind != Kind::method_call && call->kind != Kind::static_call) || call->count < 3 || call->kid(1)->kind != Kind::string) return nullptr;
    const auto name = lowered(call->kid(1)->text);
    FunctionInfo* only = nullptr;
    for (auto* f : m_order) {
        if (!f->node || !f->in_class || f->node->text.size() != name.size() || lowered(f->node->text) != name) continue;
        if (only) return nullptr;
        only = f;
    }
    return only;
}

// function valid($x) { if (!is_string($x)) return false; return preg_match('/^[a-z]+$/', $x) === 1; }
void Evaluator::guards_of_function(const Node* call, bool holds, int depth, std::vector<Guard>& guards) {
    constexpr int k_deepest_asked = 3;
    const std::uint32_t first = call->kind == Kind::call ? 1 : 2;
    if (!holds || call->count <= first || m_guarded_calls >= k_deepest_asked) return;
    auto* f = own_function(call);
    if (!f) return;
    const auto* body = f->node->kid(f->node->count - 1);
    const auto parameters = f->node->op;
    if (!body || body->kind != Kind::block || body->count == 0 || body->count > 8) return;
    std::vector<std::optional<Guard>> asked;
    Scope scope;
    bool any = false;
    for (std::uint32_t i = 0; i < parameters && i < f->node->count; ++i) {
        asked.push_back(first + i < call->count ? tested(call->kid(first + i), depth + 1) : std::nullopt);
        scope.variables[std::string(f->node->kids[i]->text)] = asked.back() ? asked.back()->before : Value();
        any |= asked.back().has_value();
    }
    if (!any) return;
    const auto gives = [](const Node* s, bool truth) {
        if (s->kind == Kind::block && s->count == 1) s = s->kids[0];
        if (s->kind != Kind::return_) return false;
        const auto* said = s->kid(0);
        return said ? is_word(said, truth ? "true" : "false") || (said->kind == Kind::integer && said->text == (truth ? "1" : "0")) : !truth;
    };
    std::vector<Guard> inner;
    auto* back = m_scope;
    m_scope = &scope;
    scope.certain_depth = m_uncertain;
    ++m_guarded_calls;
    bool understood = true;
    for (std::uint32_t i = 0; i < body->count && understood; ++i) {
        const auto* s = body->kids[i];
        if (s->kind == Kind::if_ && s->count == 2 && gives(s->kid(1), false)) find_guards(s->kid(0), false, depth + 1, inner);
        else if (i + 1 == body->count && gives(s, true)) continue;
        else if (i + 1 == body->count && s->kind == Kind::return_ && s->kid(0)) find_guards(s->kid(0), true, depth + 1, inner);
        else understood = false;
    }
    --m_guarded_calls;
    m_scope = back;
    if (!understood) return;
    for (auto& one : inner) {
        if (one.variables != &scope.variables) continue;
        for (std::uint32_t i = 0; i < asked.size(); ++i) {
            if (!asked[i] || f->node->kids[i]->text != one.variable) continue;
            asked[i]->left = std::move(one.left);
            guards.push_back(std::move(*asked[i]));
            asked[i].reset();
            break;
        }
    }
}

// strpos($x, 'https://host/') === 0, substr($x, 0, 5) === '/srv/', $x == 'list'
std::optional<Evaluator::Guard> Evaluator::guard_of_comparison(const Node* condition, bool holds) {
    const bool same = condition->op == op("==") || condition->op == op("===");
    if (!same && condition->op != op("!=") && condition->op != op("!==") && condition->op != op("<>")) return std::nullopt;
    const auto *left = condition->kid(0), *right = condition->kid(1);
    // Most compare something that no request has to do with.
    if (!left || !right || (left->kind != Kind::call && right->kind != Kind::call && left->kind != Kind::string && right->kind != Kind::string)) return std::nullopt;
    if (left && (left->kind == Kind::string || left->kind == Kind::integer || left->kind == Kind::name)) std::swap(left, right);
    if (!left || !right) return std::nullopt;
    const bool equal = same == holds;
    const auto name = called_function(left);
    // strspn($x, 'a-z...') == strlen($x)
    if (const auto other = called_function(right); (name == "strspn" && other == "strlen") || (name == "strlen" && other == "strspn")) {
        const auto* span = name == "strspn" ? left : right;
        if (!equal || span->count < 3) return std::nullopt;
        auto guard = tested(span->kid(1), 0);
        const auto letters = quietly(span->kid(2));
        if (!guard || !letters.is_text() || !is_of_few_letters(letters.text())) return std::nullopt;
        guard->left = with_few_letters(guard->before);
        return guard;
    }
    const bool position = name == "strpos" || name == "stripos" || name == "mb_strpos";
    if (position || name == "strncmp" || name == "strncasecmp" || name == "substr" || name == "mb_substr") {
        if (left->count < 3) return std::nullopt;
        const bool whole_folder = position && is_word(right, "false") && !equal;  // somewhere in it: of folders alone
        if (!whole_folder && (!equal || !(name.ends_with("substr") ? is_zero(left->kid(2)) : is_zero(right)))) return std::nullopt;
        auto guard = tested(left->kid(1), 0);
        if (!guard || !guard->variables) return std::nullopt;
        const auto beginning = quietly(name.ends_with("substr") ? right : left->kid(2));
        const auto text = beginning.is_text() ? std::string_view(beginning.text()) : beginning.prefix();
        if (beginning.from_request() || (whole_folder && !text.starts_with('/'))) return std::nullopt;
        // A folder that is not known here, but is the script's own.
        if (!is_place(text) && (beginning.is_text() ? !(beginning.taint & k_self) : beginning.taint & (k_outside | k_undefined | k_hidden))) return std::nullopt;
        if (!beginning.is_text() && text.empty() && guard->before.taint & k_whole) return std::nullopt;
        guard->left = behind_beginning(guard->before, text);
        return guard;
    }
    if (!equal || right->kind != Kind::string || right->text.empty()) return std::nullopt;
    auto guard = tested(left, 0);
    if (!guard) return std::nullopt;
    if (guard->before.taint & k_piece && !is_choice(right->text)) return std::nullopt;
    guard->left = Value::of(std::string(right->text));
    return guard;
}

void Evaluator::find_guards(const Node* condition, bool holds, int depth, std::vector<Guard>& guards) {
    if (!condition || depth > k_deepest_condition) return;
    if (condition->kind == Kind::unary && (condition->op == op("!") || condition->op == op("@"))) return find_guards(condition->kid(0), condition->op == op("!") ? !holds : holds, depth + 1, guards);
    if (condition->kind == Kind::cast && condition->text.starts_with("bool")) return find_guards(condition->kid(0), holds, depth + 1, guards);
    if (condition->kind == Kind::binary && condition->op == (holds ? op("&&") : op("||"))) {
        find_guards(condition->kid(0), holds, depth + 1, guards);
        find_guards(condition->kid(1), holds, depth + 1, guards);
        return;
    }
    if (condition->kind == Kind::binary && condition->op == (holds ? op("||") : op("&&"))) {
        // One of several: each must ask about the same word.
        std::vector<Guard> left, right;
        find_guards(condition->kid(0), holds, depth + 1, left);
        if (left.size() != 1) return;
        find_guards(condition->kid(1), holds, depth + 1, right);
        if (right.size() != 1 || right[0].variables != left[0].variables || right[0].variable != left[0].variable) return;
        const auto limited = [](const Value& v) { return !v.from_request() || v.of_few_letters(); };
        if (left[0].left.from_request() || right[0].left.from_request()) {
            if (!limited(left[0].left) || !limited(right[0].left)) return;
            left[0].left = with_few_letters(left[0].before);
            guards.push_back(std::move(left[0]));
            return;
        }
        if (left[0].left.is_text() && !is_choice(left[0].left.text())) return;
        if (right[0].left.is_text() && !is_choice(right[0].left.text())) return;
        left[0].left = without_request(left[0].before);
        guards.push_back(std::move(left[0]));
        return;
    }
    if (condition->kind == Kind::binary) {
        const Node* call = nullptr;
        if (const auto truth = truth_said(condition, call); truth && call->count > 1 && (asks_about_argument(called_function(call)) || own_function(call))) return find_guards(call, *truth == holds, depth + 1, guards);
        if (auto guard = guard_of_comparison(condition, holds)) guards.push_back(std::move(*guard));
        return;
    }
    if (condition->kind == Kind::is_set && holds && condition->count == 1 && condition->kids[0]->kind == Kind::index && condition->kids[0]->count > 1) {
        // isset($known[$x])
        auto guard = tested(condition->kids[0]->kid(1), 0);
        if (!guard) return;
        const auto list = quietly(condition->kids[0]->kid(0));
        if (!is_own_list(list, true)) return;
        guard->left = is_list_of_choices(list, true) ? without_request(guard->before) : with_few_letters(guard->before);
        guards.push_back(std::move(*guard));
        return;
    }
    const auto name = called_function(condition);
    if (condition->kind == Kind::method_call || condition->kind == Kind::static_call || m_functions.contains(name)) return guards_of_function(condition, holds, depth, guards);
    if (name.empty()) return;
    if (!holds) {
        if (name == "preg_match" || name == "strpbrk" || name.starts_with("mb_ereg")) {
            auto guard = tested(condition->kid(asked_argument(name)), 0);
            if (!guard) return;
            if (auto left = left_without(condition, guard->before)) {
                guard->left = std::move(*left);
                guards.push_back(std::move(*guard));
            }
            return;
        }
        if ((name == "strncmp" || name == "strncasecmp") && condition->count > 2) {  // if (strncmp(...)) die
            auto guard = tested(condition->kid(1), 0);
            const auto beginning = quietly(condition->kid(2));
            if (!guard || !guard->variables || !beginning.is_text() || !is_place(beginning.text())) return;
            guard->left = behind_beginning(guard->before, beginning.text());
            guards.push_back(std::move(*guard));
        }
        return;
    }
    if (!asks_about_argument(name) || name == "strpbrk") return;
    auto guard = tested(condition->kid(asked_argument(name)), 0);
    if (!guard) return;
    if (auto left = left_by(condition, guard->before)) {
        guard->left = std::move(*left);
        guards.push_back(std::move(*guard));
    }
}

void Evaluator::enter_guards(std::vector<Guard>& guards) {
    for (auto& guard : guards) {
        if (guard.variables) (*guard.variables)[guard.variable] = guard.left;
        if (guard.before.taint & k_piece && !guard.left.from_request()) ++m_pieces;  // any word of letters may be an ending
    }
}

// Behind the branch, what the condition did not let in is back.
void Evaluator::leave_guards(std::vector<Guard>& guards) {
    for (auto& guard : guards) {
        if (!guard.variables) continue;
        auto& now = (*guard.variables)[guard.variable];
        const bool untouched = now.type == guard.left.type && now.taint == guard.left.taint && (now.is_text() ? now.text() == guard.left.text() : now.prefix() == guard.left.prefix());
        if (untouched) now = guard.before;
        else now.taint = merged(now.taint, static_cast<Taint>(guard.before.taint & k_outside));
    }
}

// if (!...) die(): all that follows is behind the guard, as behind if (!...) $x = 'list'. What runs when a script ends has not
// passed it.
void Evaluator::guard_what_follows(const Node* s) {
    if (s->count != 2) return;
    const bool away = leaves(s->kids[1]);
    const auto* other = away ? nullptr : s->kids[1];
    while (other && (other->kind == Kind::block || other->kind == Kind::expression) && other->count == 1) other = other->kids[0];
    const bool replaced = other && other->kind == Kind::assign && other->kid(0)->kind == Kind::variable && other->kid(1)->kind == Kind::string;
    if (!away && !replaced) return;
    std::vector<Guard> guards;
    find_guards(s->kids[0], false, 0, guards);
    if (replaced) std::erase_if(guards, [&](const Guard& guard) { return guard.variable != other->kid(0)->text || guard.left.from_request(); });
    const bool login = away && tells_login(s->kids[0], false, 0);
    if (guards.empty() && !login) return;  // of most conditions: the whole text is not searched for those
    if (ends_late()) return;
    if (login) enter_login(leaves(s->kids[1], true));
    for (auto& guard : guards) if (replaced) guard.left = without_request(guard.before);
    enter_guards(guards);
    const bool lasting = away && leaves(s->kids[1], true);
    for (auto& guard : guards) {
        guard.lasting = lasting;
        if (m_standing.size() < k_most_standing) m_standing.push_back(std::move(guard));
    }
}

void Evaluator::guard_statement(const Node* n) {
    if (!n || n->kind != Kind::binary || (n->op != op("||") && n->op != op("&&")) || !leaves(n->kid(1))) return;
    std::vector<Guard> guards;
    find_guards(n->kid(0), n->op == op("||"), 0, guards);
    if (guards.empty() || ends_late()) return;
    enter_guards(guards);
    const bool lasting = leaves(n->kid(1), true);
    for (auto& guard : guards) {
        guard.lasting = lasting;
        if (m_standing.size() < k_most_standing) m_standing.push_back(std::move(guard));
    }
}

// `function`: its own variables are gone, and who was sent away for good remains so.
void Evaluator::leave_standing(std::size_t from, bool function) {
    while (m_standing.size() > from) {
        std::vector<Guard> last;
        last.push_back(std::move(m_standing.back()));
        m_standing.pop_back();
        if (!function || (last[0].variables == &m_items && !last[0].lasting)) leave_guards(last);
    }
}

Flow Evaluator::execute_part(const Node* s, bool branch) {
    const auto standing = m_standing.size();
    const auto pieces = m_pieces;
    const auto flow = branch ? execute_branch(s) : execute(s);
    leave_standing(standing, false);
    m_pieces = pieces;
    return flow;
}

}  // namespace deadbox::plugins::webshell::php
