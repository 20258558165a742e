// What a condition leaves of the request's word where it holds: if (preg_match('#^https://host/#', $u)), and behind
// if (!in_array($x, ['pdf', 'doc'])) die().
#include "webshell/php_evaluation.hpp"

#include <algorithm>

namespace deadbox::plugins::webshell::php {
namespace {

constexpr int k_deepest_condition = 8;
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

// '#^...#i' without its delimiters; nothing where lines count each for itself.
std::string_view bare_pattern(std::string_view pattern) {
    if (pattern.size() < 3) return {};
    const char open = pattern[0], close = open == '(' ? ')' : open == '{' ? '}' : open == '[' ? ']' : open;
    const auto end = pattern.rfind(close);
    if (end == 0 || pattern.substr(end + 1).find_first_not_of("iuDS") != pattern.npos) return {};
    return pattern.substr(1, end - 1);
}

// A block that does nothing else ends the script or the function: die, exit, return.
bool leaves(const Node* branch) {
    if (!branch) return false;
    if (branch->kind == Kind::return_ || branch->kind == Kind::exit) return true;
    if (branch->kind == Kind::expression) return branch->count > 0 && leaves(branch->kids[0]);
    if (branch->kind != Kind::block || branch->count == 0) return false;
    for (std::uint32_t i = 0; i + 1 < branch->count; ++i)
        if (!branch->kids[i] || (branch->kids[i]->kind != Kind::expression && branch->kids[i]->kind != Kind::echo && branch->kids[i]->kind != Kind::html)) return false;
    return leaves(branch->kids[branch->count - 1]);
}

}  // namespace

std::optional<Value> Evaluator::left_by(const Node* call, const Value& value) {
    const auto name = plain_name(call->kid(0)->text);
    ++m_quiet;
    std::vector<Value> values = arguments(call, 1);
    --m_quiet;
    if (name == "preg_match" && values.size() >= 2 && values[0].is_text()) {
        const auto pattern = bare_pattern(values[0].text());
        if (is_of_signs(pattern)) return Value::unknown(static_cast<Taint>(value.taint & ~(k_outside | k_undefined)));
        if (auto address = fixed_address(pattern); !address.empty()) {
            auto left = Value::of(std::move(address));
            left.type = Type::unknown;
            left.taint = static_cast<Taint>(value.taint & ~k_whole);
            return left;
        }
    } else if (name == "in_array" && values.size() >= 2 && values[1].type == Type::array && !values[1].array().incomplete && values[1].array().rest == 0 && !values[1].array().items.empty()) {
        // Texts that a loose comparison takes for nothing else, and that are no script's ending.
        static constexpr std::string_view k_endings[] = {"php", "phtml", "phar", "jsp", "asp", "aspx", "cgi", "pl", "htaccess"};
        for (const auto& [key, item] : values[1].array().items)
            if (!item.is_text() || item.taint & k_outside || item.text().empty() || (item.text()[0] >= '0' && item.text()[0] <= '9') || std::any_of(std::begin(k_endings), std::end(k_endings), [&](auto end) { return lowered(item.text()).ends_with(end); })) return std::nullopt;
        return Value::unknown(static_cast<Taint>(value.taint & ~(k_outside | k_undefined)));
    }
    return std::nullopt;
}

void Evaluator::find_guards(const Node* condition, bool holds, int depth, std::vector<Guard>& guards) {
    if (!condition || depth > k_deepest_condition) return;
    if (condition->kind == Kind::unary && condition->op == op("!")) return find_guards(condition->kid(0), !holds, depth + 1, guards);
    if (condition->kind == Kind::binary && condition->op == (holds ? op("&&") : op("||"))) {
        find_guards(condition->kid(0), holds, depth + 1, guards);
        find_guards(condition->kid(1), holds, depth + 1, guards);
        return;
    }
    if (!holds || condition->kind != Kind::call || condition->count < 3 || condition->kid(0)->kind != Kind::name) return;
    const auto name = plain_name(condition->kid(0)->text);
    if ((name != "preg_match" && name != "in_array") || m_functions.contains(name)) return;
    const auto* tested = condition->kid(name == "in_array" ? 1 : 2);
    if (!tested || tested->kind != Kind::variable || tested->text.starts_with('_')) return;
    std::string variable(tested->text);
    auto& variables = scope_of(variable).variables;
    const auto found = variables.find(variable);
    if (found == variables.end() || !found->second.from_request()) return;
    if (auto left = left_by(condition, found->second)) guards.push_back({&variables, std::move(variable), found->second, std::move(*left)});
}

void Evaluator::enter_guards(std::vector<Guard>& guards) {
    for (auto& guard : guards) (*guard.variables)[guard.variable] = guard.left;
}

// Behind the branch, what the condition did not let in is back.
void Evaluator::leave_guards(std::vector<Guard>& guards) {
    for (auto& guard : guards) {
        auto& now = (*guard.variables)[guard.variable];
        if (now.type == Type::unknown && now.taint == guard.left.taint && now.prefix() == guard.left.prefix()) now = guard.before;
        else now.taint = static_cast<Taint>(now.taint | (guard.before.taint & k_outside));
    }
}

// if (!...) die(): all that follows is behind the guard. What runs when a script ends has not passed it.
void Evaluator::guard_what_follows(const Node* s) {
    if (s->count != 2 || !leaves(s->kids[1])) return;
    std::vector<Guard> guards;
    find_guards(s->kids[0], false, 0, guards);
    if (guards.empty()) return;  // of most conditions: the whole text is not searched for those
    for (const std::string_view late : {"register_shutdown_function", "__destruct", "ob_start", "header_register_callback"})
        if (m_text.find(late) != m_text.npos) return;
    enter_guards(guards);
}

}  // namespace deadbox::plugins::webshell::php
