// Who is let in: a session that was begun in another script, or a function of the application's own that sends strangers away.
// What stands behind is its administrators' work. A password that the script itself compares is no such thing: shells have
// those too, and so do sessions that the script itself begins.
#include "webshell/php_evaluation.hpp"

#include <algorithm>

namespace deadbox::plugins::webshell::php {
namespace {

constexpr int k_deepest_login = 8;
constexpr std::size_t k_longest_statement = 200;

bool has_any(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(), [&](auto word) { return text.find(word) != text.npos; });
}
// isLoggedIn, current_user_can, Auth::check, requireAdmin.
bool speaks_of_login(std::string_view name) {
    for (auto at = name.find("auth"); at != name.npos; at = name.find("auth", at + 1))
        if (!name.substr(at + 4).starts_with("or") || name.substr(at + 4).starts_with("oriz")) return true;  // no author
    return has_any(name, {"login", "loggedin", "logged_in", "log_in", "signedin", "signed_in", "admin", "permission", "privilege", "current_user", "currentuser", "user_can", "has_role", "hasrole", "isgranted", "is_granted",
                          "access", "require_user", "requireuser", "valid_user", "is_allowed", "isallowed", "has_right", "is_staff", "acl"});
}
// A function that is called for nothing but to send strangers away.
bool demands(std::string_view name) {
    return (speaks_of_login(name) || name.find("session") != name.npos) &&
           has_any(name, {"require", "need", "must", "check", "only", "ensure", "assert", "verify", "force", "demand", "restrict", "protect", "enforce", "guard", "authenticate", "authorize", "validate", "deny"});
}
bool is_fixed(const Node* n) { return n && (n->kind == Kind::string || n->kind == Kind::integer || n->kind == Kind::name || n->kind == Kind::class_constant); }
// null, false, '' and 0.
bool is_nothing(const Node* n) {
    if (n->kind == Kind::string) return n->text.empty();
    if (n->kind == Kind::integer) return n->text == "0";
    const auto word = lowered(n->text);
    return n->kind == Kind::name && (word == "null" || word == "false");
}

// The script begins a session of its own: $_SESSION['x'] = ..., in whatever words around it.
bool sets_session(std::string_view text) {
    for (auto at = text.find("_SESSION"); at != text.npos; at = text.find("_SESSION", at + 1)) {
        int depth = 0;
        const auto rest = text.substr(at + 8, k_longest_statement);
        for (std::size_t i = 0; i < rest.size(); ++i) {
            const char c = rest[i];
            if (c == ';' || c == '{' || c == '?' || (c == ')' && depth-- == 0) || (c == '&' && depth == 0) || (c == '|' && depth == 0)) break;
            if (c == '(') ++depth;
            if (c != '=') continue;
            const char next = i + 1 < rest.size() ? rest[i + 1] : ' ', before = i > 0 ? rest[i - 1] : ' ';
            if (next != '=' && before != '=' && before != '!' && before != '<' && before != '>') return true;
        }
        if (at > 1 && text.substr(0, at).find_last_not_of("$ ") != text.npos && text[text.substr(0, at).find_last_not_of("$ ")] == '&') return true;  // =& $_SESSION
    }
    return text.find("HTTP_SESSION_VARS") != text.npos || text.find("session_decode") != text.npos;
}

}  // namespace

bool Evaluator::is_session(const Node* n) {
    if (!n || n->kind != Kind::index || n->count < 2) return false;
    const auto* key = n->kid(1);
    const auto* root = n->kid(0);
    while (root && root->kind == Kind::index) root = root->kid(0);
    if (!root || root->kind != Kind::variable || root->text != "_SESSION" || !key) return false;
    // What every visitor has.
    if (has_any(lowered(key->text), {"token", "csrf", "captcha", "lang", "cart", "theme", "count", "flash", "message", "page"})) return false;
    if (!m_sets_session) m_sets_session = sets_session(m_text);
    return !*m_sets_session;
}

// What a call's name says: Auth::check, $user->isAdmin, $session->get('user_id'); nothing where this script itself says what
// it does. Told once of each place.
Evaluator::Words Evaluator::foreign_call(const Node* n) {
    const auto [known, fresh] = m_words.try_emplace(n);
    if (!fresh) return known->second;
    std::string name;
    if (n->kind == Kind::call && n->kid(0)->kind == Kind::name) name = plain_name(n->kid(0)->text);
    else if ((n->kind == Kind::method_call || n->kind == Kind::static_call) && n->count > 1 && n->kid(1)->kind == Kind::string) name = lowered(n->kid(1)->text);
    if (name.empty()) return {};
    const bool method = n->kind != Kind::call;
    auto whole = name;
    if (method) {
        const auto* object = n->kid(0);
        if (object->kind == Kind::property && object->count > 1) object = object->kid(1);
        whole = lowered(object->text) + "::" + name;
    }
    // What it is asked for, unless whoever asks says it himself: $session->get('admin'), but not $request->get('admin').
    const auto* first = method && !has_any(whole.substr(0, whole.find("::")), {"request", "input", "post", "get", "cookie", "param", "query"}) ? n->kid(2) : nullptr;
    if (first && first->kind == Kind::string && first->text.size() < 40) whole += ' ' + lowered(first->text);
    const Words words{true, speaks_of_login(whole), demands(whole)};
    if (!words.login && !words.demand) return known->second = words;
    if (!method && m_functions.contains(name)) return {};
    if (method && std::any_of(m_order.begin(), m_order.end(), [&](const FunctionInfo* f) { return f->node && f->in_class && lowered(f->node->text) == name; })) return {};
    return known->second = words;
}

// Whoever is past the condition, as it holds or not, is somebody whom the application knows.
bool Evaluator::tells_login(const Node* condition, bool holds, int depth) {
    if (!condition || depth > k_deepest_login) return false;
    switch (condition->kind) {
        case Kind::unary: return (condition->op == op("!") || condition->op == op("@")) && tells_login(condition->kid(0), condition->op == op("!") ? !holds : holds, depth + 1);
        case Kind::assign: return tells_login(condition->kid(1), holds, depth + 1);
        case Kind::is_set: return holds && std::any_of(condition->kids, condition->kids + condition->count, [&](const Node* n) { return is_session(n); });
        case Kind::is_empty: return !holds && is_session(condition->kid(0));
        case Kind::index: return holds && is_session(condition);
        case Kind::call: case Kind::method_call: case Kind::static_call: {
            if (const auto words = foreign_call(condition); words.foreign) return holds && words.login;  // without it, the script ends there
            // A function of this script that gives back such a condition.
            const auto found = condition->kind == Kind::call && condition->kid(0)->kind == Kind::name ? m_functions.find(plain_name(condition->kid(0)->text)) : m_functions.end();
            if (found == m_functions.end() || !found->second.node) return false;
            const auto* body = found->second.node->kid(found->second.node->count - 1);
            return body && body->kind == Kind::block && body->count == 1 && body->kids[0] && body->kids[0]->kind == Kind::return_ && tells_login(body->kids[0]->kid(0), holds, depth + 1);
        }
        case Kind::binary: break;
        default: return false;
    }
    const auto *left = condition->kid(0), *right = condition->kid(1);
    if (condition->op == op("&&") || condition->op == op("||")) {
        const bool a = tells_login(left, holds, depth + 1), b = tells_login(right, holds, depth + 1);
        return condition->op == (holds ? op("&&") : op("||")) ? a || b : a && b;
    }
    const bool equal = condition->op == op("==") || condition->op == op("==="), unequal = condition->op == op("!=") || condition->op == op("!==") || condition->op == op("<>");
    if (!is_fixed(right)) std::swap(left, right);
    if (!is_fixed(right)) return false;
    if (!equal && !unequal) return (condition->op == op("<") || condition->op == op(">") || condition->op == op("<=") || condition->op == op(">=")) && is_session(left);
    const bool same = equal == holds;
    if (is_session(left)) return is_nothing(right) ? !same : same;
    // is_admin() === false, check_login() != 1
    return tells_login(left, is_nothing(right) ? !same : same, depth + 1);
}

bool Evaluator::ends_late() {
    if (!m_ends_late) {
        m_ends_late = false;
        for (const std::string_view late : {"register_shutdown_function", "__destruct", "header_register_callback"})
            if (m_text.find(late) != m_text.npos) m_ends_late = true;
        // ob_start() alone only gathers; with a function, that is called at the end.
        for (auto at = m_text.find("ob_start"); at != m_text.npos && !*m_ends_late; at = m_text.find("ob_start", at + 1)) {
            const auto open = m_text.find_first_not_of(" \t\r\n", at + 8);
            const auto inside = open != m_text.npos && m_text[open] == '(' ? m_text.find_first_not_of(" \t\r\n", open + 1) : m_text.npos;
            m_ends_late = inside == m_text.npos || m_text[inside] != ')';
        }
    }
    return *m_ends_late;
}

void Evaluator::enter_login(bool lasting) {
    if (m_login.depth > m_uncertain && !ends_late()) m_login = {m_uncertain, lasting};
}

// require_login(); isset($_SESSION['user']) or die();
void Evaluator::login_statement(const Node* n) {
    if (!n) return;
    if (n->kind == Kind::call || n->kind == Kind::method_call || n->kind == Kind::static_call) {
        if (m_features.includes > 0 && m_login.depth > m_uncertain && foreign_call(n).demand) enter_login(true);
    } else if (n->kind == Kind::binary && (n->op == op("||") || n->op == op("&&")) && leaves(n->kid(1)) && tells_login(n->kid(0), n->op == op("||"), 0)) enter_login(true);
}

}  // namespace deadbox::plugins::webshell::php
