// Expressions, by binding powers.
#include "webshell/php_parser.hpp"

namespace deadbox::plugins::webshell::php {
namespace {

struct Binary { std::uint32_t op; int left, right; };  // binding powers
constexpr Binary k_binary[] = {
    {op("??"), 15, 14}, {op("||"), 20, 21}, {op("&&"), 22, 23}, {op("|"), 24, 25}, {op("^"), 26, 27}, {op("&"), 28, 29},
    {op("=="), 30, 31}, {op("!="), 30, 31}, {op("<>"), 30, 31}, {op("==="), 30, 31}, {op("!=="), 30, 31}, {op("<=>"), 30, 31},
    {op("<"), 32, 33}, {op(">"), 32, 33}, {op("<="), 32, 33}, {op(">="), 32, 33},
    {op("<<"), 36, 37}, {op(">>"), 36, 37}, {op("."), 38, 39}, {op("+"), 38, 39}, {op("-"), 38, 39},
    {op("*"), 42, 43}, {op("/"), 42, 43}, {op("%"), 42, 43}, {op("**"), 49, 48},
};

}  // namespace

Node* Parser::arguments(Kind kind, std::uint32_t offset, Node* first, Node* second) {
    std::vector<Node*> kids;
    if (first) kids.push_back(first);
    if (second) kids.push_back(second);
    list(kids, op("("), op(")"));
    return group(kind, offset, kids);
}

void Parser::list(std::vector<Node*>& kids, std::uint32_t open, std::uint32_t close) {
    if (!take(open)) return;
    while (now().kind != TokenKind::end && !at_op(close)) {
        const auto before = m_at;
        if (at_op(op(","))) { ++m_at; if (close == op("]")) kids.push_back(nothing()); continue; }
        if (at_op(op("..."))) {
            const auto offset = now().offset;
            ++m_at;
            if (at_op(close)) break;
            kids.push_back(group(Kind::spread, offset, {expression(0)}));
        } else {
            take(op("&"));
            if (now().kind == TokenKind::word && next_is(op(":")) && close == op(")")) m_at += 2;
            kids.push_back(expression(0));
        }
        if (at_op(op("=>"))) {  // of an array
            const auto offset = now().offset;
            ++m_at;
            take(op("&"));
            auto* value = expression(0);
            kids.back() = group(Kind::item, offset, {kids.back(), value});
        }
        if (!take(op(",")) && !at_op(close)) {
            if (at_op(op(";")) || at_op(op("{")) || at_op(op("}"))) return;
            if (m_at == before) ++m_at;
        }
    }
    take(close);
}

Node* Parser::expression(int least) {
    const Deeper deeper(m_depth);
    if (m_depth > k_deepest_nesting) { ++m_at; return nothing(); }
    auto* left = prefix();
    for (;;) {
        const auto& t = now();
        if (t.kind == TokenKind::word) {
            if (k_word_and >= least && is(t.text, "and")) { ++m_at; left = binary(op("&&"), left, expression(k_word_and + 1)); continue; }
            if (k_word_or >= least && is(t.text, "or")) { ++m_at; left = binary(op("||"), left, expression(k_word_or + 1)); continue; }
            if (k_word_xor >= least && is(t.text, "xor")) { ++m_at; left = binary(op("!="), left, expression(k_word_xor + 1)); continue; }
            if (34 >= least && is(t.text, "instanceof")) { ++m_at; left = group(Kind::instance_of, t.offset, {left, expression(50)}); continue; }
            return left;
        }
        if (t.kind != TokenKind::punctuation) return left;
        const auto value = t.op;
        if (value == op("=")) {
            // Assignments bind to the variable on their left, whatever stands before it: !$a = f().
            ++m_at;
            if (take(op("&"))) { left = group(Kind::assign_ref, t.offset, {left, expression(k_assign)}); continue; }
            left = group(Kind::assign, t.offset, {left, expression(k_assign)});
            continue;
        }
        if (const auto base = compound(value)) {
            ++m_at;
            left = group(Kind::assign_op, t.offset, {left, expression(k_assign)});
            left->op = base;
            continue;
        }
        if (value == op("?") ) {
            if (k_ternary < least) return left;
            ++m_at;
            if (take(op(":"))) { left = group(Kind::ternary, t.offset, {left, nothing(), expression(k_ternary + 1)}); continue; }
            auto* yes = expression(k_assign);
            take(op(":"));
            left = group(Kind::ternary, t.offset, {left, yes, expression(k_ternary + 1)});
            continue;
        }
        const Binary* found = nullptr;
        for (const auto& b : k_binary) if (b.op == value) { found = &b; break; }
        if (!found || found->left < least) return left;
        ++m_at;
        left = binary(value, left, expression(found->right));
    }
}

std::uint32_t Parser::compound(std::uint32_t value) {
    switch (value) {
        case op("+="): return op("+");
        case op("-="): return op("-");
        case op("*="): return op("*");
        case op("/="): return op("/");
        case op(".="): return op(".");
        case op("%="): return op("%");
        case op("&="): return op("&");
        case op("|="): return op("|");
        case op("^="): return op("^");
        case op("**="): return op("**");
        case op("<<="): return op("<<");
        case op(">>="): return op(">>");
        case op("?\?="): return op("??");
        default: return 0;
    }
}

Node* Parser::unary(std::uint32_t operation, int power) {
    const auto offset = now().offset;
    ++m_at;
    auto* node = group(Kind::unary, offset, {expression(power)});
    node->op = operation;
    return node;
}

Node* Parser::prefix() {
    const auto& t = now();
    if (t.kind == TokenKind::punctuation) {
        switch (t.op) {
            case op("!"): case op("-"): case op("+"): case op("~"): return unary(t.op, k_unary);
            case op("@"): { ++m_at; return expression(k_unary); }
            case op("&"): { ++m_at; return expression(k_unary); }
            case op("++"): case op("--"): {
                ++m_at;
                auto* node = group(Kind::increment, t.offset, {expression(k_unary)});
                node->op = t.op;
                node->flags = 1;
                return node;
            }
            default: break;
        }
    } else if (t.kind == TokenKind::cast) {
        ++m_at;
        return group(Kind::cast, t.offset, {expression(k_unary)}, t.text);
    }
    return postfix(primary());
}

Node* Parser::postfix(Node* base) {
    for (;;) {
        const auto& t = now();
        if (t.kind != TokenKind::punctuation) return base;
        switch (t.op) {
            case op("["): {
                ++m_at;
                if (take(op("]"))) { base = group(Kind::index, t.offset, {base}); break; }
                auto* i = expression(0);
                take(op("]"));
                base = group(Kind::index, t.offset, {base, i});
                break;
            }
            case op("{"): {
                // The old $s{0}: only directly behind a variable or an index.
                if (base->kind != Kind::variable && base->kind != Kind::index && base->kind != Kind::property && base->kind != Kind::variable_variable) return base;
                if (next_is(op("}")) ) return base;
                const auto before = m_at++;
                auto* i = expression(0);
                if (!take(op("}"))) { m_at = before; return base; }
                base = group(Kind::index, t.offset, {base, i});
                break;
            }
            case op("("): base = arguments(Kind::call, base->offset, base); break;
            case op("->"): case op("?->"): {
                ++m_at;
                Node* name = member_name();
                if (at_op(op("("))) base = arguments(Kind::method_call, t.offset, base, name);
                else base = group(Kind::property, t.offset, {base, name});
                break;
            }
            case op("::"): {
                ++m_at;
                if (now().kind == TokenKind::variable) {
                    auto* v = text_node(Kind::string, now().offset, now().text);
                    ++m_at;
                    if (at_op(op("("))) {  // C::$name(...)
                        v = text_node(Kind::variable, v->offset, v->text);
                        base = arguments(Kind::static_call, t.offset, base, v);
                    } else base = group(Kind::static_property, t.offset, {base, v});
                } else {
                    Node* name = member_name();
                    if (at_op(op("("))) base = arguments(Kind::static_call, t.offset, base, name);
                    else base = group(Kind::class_constant, t.offset, {base, name});
                }
                break;
            }
            case op("++"): case op("--"): {
                ++m_at;
                base = group(Kind::increment, t.offset, {base});
                base->op = t.op;
                break;
            }
            default: return base;
        }
    }
}

Node* Parser::member_name() {
    const auto& t = now();
    if (t.kind == TokenKind::word) { ++m_at; return text_node(Kind::string, t.offset, t.text); }
    if (t.kind == TokenKind::variable) { ++m_at; return text_node(Kind::variable, t.offset, t.text); }
    if (at_op(op("$"))) return primary();
    if (take(op("{"))) {
        auto* e = expression(0);
        take(op("}"));
        return e;
    }
    return nothing();
}

Node* Parser::primary() {
    const auto& t = now();
    const auto offset = t.offset;
    switch (t.kind) {
        case TokenKind::variable: ++m_at; return text_node(Kind::variable, offset, t.text);
        case TokenKind::string: ++m_at; return text_node(Kind::string, offset, t.text);
        case TokenKind::integer: ++m_at; return text_node(Kind::integer, offset, t.text);
        case TokenKind::real: ++m_at; return text_node(Kind::real, offset, t.text);
        case TokenKind::interpolated: ++m_at; return interpolate(t.text, Kind::interpolated, offset, t.heredoc ? 0 : '"');
        case TokenKind::shell: ++m_at; return interpolate(t.text, Kind::shell, offset, '`');
        case TokenKind::word: return word_expression(t, offset);
        case TokenKind::punctuation:
            if (take(op("("))) {
                auto* e = expression(0);
                if (!take(op(")"))) skip_to_close();
                return e;
            }
            if (at_op(op("["))) {
                std::vector<Node*> kids;
                list(kids, op("["), op("]"));
                return group(Kind::array, offset, kids);
            }
            if (take(op("$"))) {
                if (take(op("{"))) {
                    auto* e = expression(0);
                    take(op("}"));
                    return group(Kind::variable_variable, offset, {e});
                }
                return group(Kind::variable_variable, offset, {primary()});
            }
            break;
        default: break;
    }
    if (now().kind != TokenKind::end && !at_op(op(";")) && !at_op(op(")")) && !at_op(op("}")) && !at_op(op("]")) && !at_op(op(",")) && now().kind != TokenKind::html) ++m_at;
    return m_arena.node(Kind::nothing, offset);
}

Node* Parser::word_expression(const Token& t, std::uint32_t offset) {
    const auto word = t.text;
    switch (lower(word[0])) {
        case 'n':
            if (is(word, "new")) { ++m_at; return creation(offset); }
            break;
        case 'a':
            if (is(word, "array") && next_is(op("("))) {
                ++m_at;
                std::vector<Node*> kids;
                list(kids, op("("), op(")"));
                return group(Kind::array, offset, kids);
            }
            break;
        case 'l':
            if (is(word, "list") && next_is(op("("))) {
                ++m_at;
                std::vector<Node*> kids;
                take(op("("));
                while (now().kind != TokenKind::end && !at_op(op(")"))) {
                    if (take(op(","))) { kids.push_back(nothing()); continue; }
                    const auto before = m_at;
                    kids.push_back(expression(0));
                    if (take(op("=>"))) kids.back() = group(Kind::item, offset, {kids.back(), expression(0)});
                    if (!at_op(op(")"))) take(op(","));
                    if (m_at == before) break;
                }
                take(op(")"));
                return group(Kind::list, offset, kids);
            }
            break;
        case 'i':
            if (is(word, "isset")) { ++m_at; return arguments(Kind::is_set, offset); }
            if (is(word, "include") || is(word, "include_once")) return wrapped(Kind::include, offset);
            break;
        case 'r':
            if (is(word, "require") || is(word, "require_once")) return wrapped(Kind::include, offset);
            break;
        case 'e':
            if (is(word, "eval")) return wrapped(Kind::eval, offset);
            if (is(word, "empty")) { ++m_at; return group(Kind::is_empty, offset, {parenthesized()}); }
            if (is(word, "exit")) { ++m_at; return arguments(Kind::exit, offset); }
            break;
        case 'd':
            if (is(word, "die")) { ++m_at; return arguments(Kind::exit, offset); }
            break;
        case 'p':
            if (is(word, "print")) return wrapped(Kind::print, offset);
            break;
        case 'c':
            if (is(word, "clone")) return wrapped(Kind::clone, offset);
            break;
        case 't':
            if (is(word, "throw")) return wrapped(Kind::throw_, offset);
            break;
        case 'y':
            if (is(word, "yield")) { ++m_at; if (at_op(op(";")) || at_op(op(")"))) return nothing(); take_word("from"); return group(Kind::yield, offset, {expression(k_assign)}); }
            break;
        case 's':
            if (is(word, "static") && next().kind == TokenKind::word && (is(next().text, "function") || is(next().text, "fn"))) { ++m_at; return primary(); }
            break;
        case 'f':
            if (is(word, "function") && (next_is(op("(")) || (next_is(op("&")) && next_is(op("("), 2)))) {
                ++m_at;
                take(op("&"));
                auto kids = parameters();
                const auto count = kids.size();
                Node* uses = nothing();
                if (take_word("use")) uses = group(Kind::block, offset, parameters());
                if (take(op(":"))) skip_type();
                kids.push_back(uses);
                kids.push_back(statement());
                auto* f = group(Kind::closure, offset, kids);
                f->op = static_cast<std::uint32_t>(count);
                return f;
            }
            if (is(word, "fn") && next_is(op("("))) {
                ++m_at;
                auto kids = parameters();
                const auto count = kids.size();
                if (take(op(":"))) skip_type();
                take(op("=>"));
                kids.push_back(nothing());
                auto* value = expression(k_assign);
                kids.push_back(group(Kind::return_, offset, {value}));
                auto* f = group(Kind::closure, offset, kids);
                f->op = static_cast<std::uint32_t>(count);
                f->flags = 1;  // sees its surroundings
                return f;
            }
            break;
        case 'm':
            if (is(word, "match") && next_is(op("("))) return match_expression(offset);
            break;
        default: break;
    }
    ++m_at;
    return text_node(Kind::name, offset, word);
}

Node* Parser::match_expression(std::uint32_t offset) {
    const auto before = m_at++;
    std::vector<Node*> kids{parenthesized()};
    if (!take(op("{"))) {  // a function called match
        m_at = before + 1;
        return text_node(Kind::name, offset, m_tokens[before].text);
    }
    while (now().kind != TokenKind::end && !at_op(op("}"))) {
        const auto start = m_at;
        do { if (at_op(op("=>"))) break; if (!take_word("default")) kids[0] = kids[0], expression(0); } while (take(op(",")));
        if (take(op("=>"))) kids.push_back(expression(0));
        take(op(","));
        if (m_at == start) ++m_at;
    }
    take(op("}"));
    return group(Kind::match, offset, kids);
}

Node* Parser::creation(std::uint32_t offset) {
    if (at_word("class")) {
        ++m_at;
        std::vector<Node*> kids;
        list(kids, op("("), op(")"));
        auto* c = class_rest(offset, {});
        kids.insert(kids.begin(), c);
        return group(Kind::create, offset, kids);
    }
    Node* what = nullptr;
    if (now().kind == TokenKind::word) { what = text_node(Kind::name, now().offset, now().text); ++m_at; }
    else {
        what = primary();
        while (at_op(op("[")) || at_op(op("->")) || at_op(op("::"))) {
            if (take(op("["))) {
                auto* i = expression(0);
                take(op("]"));
                what = group(Kind::index, offset, {what, i});
            } else {
                ++m_at;
                what = group(Kind::property, offset, {what, member_name()});
            }
        }
    }
    return arguments(Kind::create, offset, what);
}

}  // namespace deadbox::plugins::webshell::php
