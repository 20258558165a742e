// Statements.
#include "webshell/php_parser.hpp"

namespace deadbox::plugins::webshell::php {

Node* Parser::script() {
    std::vector<Node*> all;
    while (now().kind != TokenKind::end) {
        const auto before = m_at;
        all.push_back(statement());
        if (m_at == before) ++m_at;
    }
    return group(Kind::block, 0, all);
}

Node* Parser::group(Kind kind, std::uint32_t offset, const std::vector<Node*>& kids, std::string_view text) {
    auto* node = m_arena.node(kind, offset);
    m_arena.set_kids(node, kids);
    node->text = text;
    return node;
}

void Parser::end_statement() {
    if (take(op(";"))) return;
    if (at_op(op("}")) || now().kind == TokenKind::end || now().kind == TokenKind::html) return;
    // Something that was not understood: on to the next statement, over balanced braces.
    int depth = 0;
    while (now().kind != TokenKind::end) {
        if (now().kind == TokenKind::punctuation) {
            if (now().op == op("{")) ++depth;
            if (now().op == op("}")) { if (depth == 0) return; if (--depth == 0) { ++m_at; return; } }
            if (now().op == op(";") && depth == 0) { ++m_at; return; }
        }
        ++m_at;
    }
}

Node* Parser::block_until(std::initializer_list<std::string_view> ends) {
    const auto offset = now().offset;
    std::vector<Node*> all;
    while (now().kind != TokenKind::end) {
        if (now().kind == TokenKind::word && std::any_of(ends.begin(), ends.end(), [&](auto e) { return is(now().text, e); })) break;
        const auto before = m_at;
        all.push_back(statement());
        if (m_at == before) ++m_at;
    }
    return group(Kind::block, offset, all);
}

Node* Parser::body(std::initializer_list<std::string_view> ends) {
    if (take(op(":"))) {
        auto* block = block_until(ends);
        ++m_at;
        end_statement();
        return block;
    }
    return statement();
}

Node* Parser::parenthesized() {
    if (!take(op("("))) return nothing();
    auto* e = expression(0);
    while (take(op(","))) e = expression(0);
    if (!take(op(")"))) skip_to_close();
    return e;
}

void Parser::skip_to_close() {
    int depth = 0;
    while (now().kind != TokenKind::end) {
        if (at_op(op("("))) ++depth;
        if (at_op(op(")")) && depth-- == 0) { ++m_at; return; }
        if (at_op(op(";")) || at_op(op("{")) || at_op(op("}"))) return;
        ++m_at;
    }
}

Node* Parser::statement() {
    const Deeper deeper(m_depth);
    if (m_depth > k_deepest_nesting) { ++m_at; return nothing(); }
    const auto& t = now();
    const auto offset = t.offset;
    switch (t.kind) {
        case TokenKind::html: ++m_at; return text_node(Kind::html, offset, t.text);
        case TokenKind::echo_tag: ++m_at; return echo(offset);
        case TokenKind::punctuation:
            if (take(op("{"))) return braces();
            if (take(op(";"))) return nothing();
            break;
        case TokenKind::word:
            if (auto* node = word_statement(t, offset)) return node;
            break;
        default: break;
    }
    auto* e = expression(0);
    end_statement();
    return group(Kind::expression, offset, {e});
}

Node* Parser::echo(std::uint32_t offset) {
    std::vector<Node*> all;
    do all.push_back(expression(0)); while (take(op(",")));
    end_statement();
    return group(Kind::echo, offset, all);
}

Node* Parser::word_statement(const Token& t, std::uint32_t offset) {
    const auto word = t.text;
    if (next_is(op(":")) && !is(word, "default") && !is(word, "else")) {
        m_at += 2;
        return text_node(Kind::label, offset, word);
    }
    if (word.size() < 2 || word.size() > 16) return nullptr;
    const auto punctuation = [&](std::uint32_t value) { return next_is(value); };
    switch (lower(word[0])) {
        case 'i':
            if (is(word, "if")) { ++m_at; return if_statement(offset); }
            if (is(word, "interface") && next().kind == TokenKind::word) return class_statement(offset);
            break;
        case 'w':
            if (is(word, "while")) {
                ++m_at;
                auto* c = parenthesized();
                return group(Kind::while_, offset, {c, body({"endwhile"})});
            }
            break;
        case 'd':
            if (is(word, "do")) {
                ++m_at;
                auto* b = statement();
                take_word("while");
                auto* c = parenthesized();
                end_statement();
                return group(Kind::do_while, offset, {b, c});
            }
            if (is(word, "declare")) {
                ++m_at;
                parenthesized();
                if (at_op(op("{")) || at_op(op(":"))) return body({"enddeclare"});
                end_statement();
                return nothing();
            }
            break;
        case 'f':
            if (is(word, "for") && punctuation(op("("))) { ++m_at; return for_statement(offset); }
            if (is(word, "foreach")) { ++m_at; return foreach_statement(offset); }
            if (is(word, "function") && (next().kind == TokenKind::word || (punctuation(op("&")) && next(2).kind == TokenKind::word))) { ++m_at; return function_statement(offset, 0); }
            if (is(word, "final")) return class_statement(offset);
            break;
        case 's':
            if (is(word, "switch")) { ++m_at; return switch_statement(offset); }
            if (is(word, "static") && next().kind == TokenKind::variable) {
                ++m_at;
                std::vector<Node*> all;
                do {
                    auto* v = text_node(Kind::variable, now().offset, now().text);
                    ++m_at;
                    if (take(op("="))) v = group(Kind::assign, offset, {v, expression(k_assign)});
                    all.push_back(v);
                } while (take(op(",")) && now().kind == TokenKind::variable);
                end_statement();
                return group(Kind::static_, offset, all);
            }
            break;
        case 'b':
            if (is(word, "break")) { ++m_at; return jump(Kind::break_, offset); }
            break;
        case 'c':
            if (is(word, "continue")) { ++m_at; return jump(Kind::continue_, offset); }
            if (is(word, "class") && next().kind == TokenKind::word) return class_statement(offset);
            if (is(word, "const") && next().kind == TokenKind::word) return constants(offset);
            break;
        case 'r':
            if (is(word, "return")) { ++m_at; return jump(Kind::return_, offset); }
            if (is(word, "readonly")) return class_statement(offset);
            break;
        case 'g':
            if (is(word, "global")) {
                ++m_at;
                std::vector<Node*> all;
                do all.push_back(expression(k_unary)); while (take(op(",")));
                end_statement();
                return group(Kind::global, offset, all);
            }
            if (is(word, "goto")) {
                ++m_at;
                auto* to = text_node(Kind::goto_, offset, now().text);
                if (now().kind == TokenKind::word) ++m_at;
                end_statement();
                return to;
            }
            break;
        case 'e':
            if (is(word, "echo")) { ++m_at; return echo(offset); }
            if (is(word, "enum") && next().kind == TokenKind::word) return class_statement(offset);
            break;
        case 'u':
            if (is(word, "unset")) {
                ++m_at;
                auto* arguments_node = arguments(Kind::unset, offset);
                end_statement();
                return arguments_node;
            }
            if (is(word, "use")) { skip_use(); return nothing(); }
            break;
        case 't':
            if (is(word, "try")) return try_statement(offset);
            if (is(word, "trait") && next().kind == TokenKind::word) return class_statement(offset);
            break;
        case 'a':
            if (is(word, "abstract")) return class_statement(offset);
            break;
        case 'n':
            if (is(word, "namespace") && !punctuation(op("("))) {
                ++m_at;
                if (now().kind == TokenKind::word) ++m_at;
                if (take(op("{"))) return braces();
                end_statement();
                return nothing();
            }
            break;
        case '_':
            if (is(word, "__halt_compiler")) { m_at = m_tokens.size() - 1; return nothing(); }
            break;
        default: break;
    }
    return nullptr;
}

Node* Parser::jump(Kind kind, std::uint32_t offset) {
    std::vector<Node*> kids;
    if (!at_op(op(";")) && !at_op(op("}")) && now().kind != TokenKind::html && now().kind != TokenKind::end) kids.push_back(expression(0));
    end_statement();
    return group(kind, offset, kids);
}

Node* Parser::if_statement(std::uint32_t offset) {
    std::vector<Node*> kids;
    kids.push_back(parenthesized());
    if (take(op(":"))) {
        kids.push_back(block_until({"elseif", "else", "endif"}));
        for (;;) {
            if (take_word("elseif")) {
                auto* c = parenthesized();
                take(op(":"));
                kids.push_back(c);
                kids.push_back(block_until({"elseif", "else", "endif"}));
            } else if (take_word("else")) {
                if (at_word("if")) { ++m_at; kids.push_back(parenthesized()); take(op(":")); kids.push_back(block_until({"elseif", "else", "endif"})); continue; }
                take(op(":"));
                kids.push_back(block_until({"endif"}));
            } else break;
        }
        ++m_at;
        end_statement();
    } else {
        kids.push_back(statement());
        for (;;) {
            if (take_word("elseif")) { kids.push_back(parenthesized()); kids.push_back(statement()); }
            else if (at_word("else") && next().kind == TokenKind::word && is(next().text, "if")) { m_at += 2; kids.push_back(parenthesized()); kids.push_back(statement()); }
            else if (take_word("else")) { kids.push_back(statement()); break; }
            else break;
        }
    }
    return group(Kind::if_, offset, kids);
}

Node* Parser::for_statement(std::uint32_t offset) {
    take(op("("));
    std::vector<Node*> parts[3];
    for (int i = 0; i < 3; ++i) {
        while (!at_op(op(";")) && !at_op(op(")")) && now().kind != TokenKind::end) {
            const auto before = m_at;
            parts[i].push_back(expression(0));
            take(op(","));
            if (m_at == before) ++m_at;
        }
        if (i < 2) take(op(";"));
    }
    take(op(")"));
    std::vector<Node*> kids;
    for (auto& part : parts) kids.push_back(group(Kind::block, offset, part));
    kids.push_back(body({"endfor"}));
    return group(Kind::for_, offset, kids);
}

Node* Parser::foreach_statement(std::uint32_t offset) {
    take(op("("));
    auto* subject = expression(0);
    take_word("as");
    take(op("&"));
    auto* value = expression(0);
    Node* key = nothing();
    if (take(op("=>"))) {
        key = value;
        take(op("&"));
        value = expression(0);
    }
    if (!take(op(")"))) skip_to_close();
    auto* b = body({"endforeach"});
    return group(Kind::foreach_, offset, {subject, key, value, b});
}

Node* Parser::switch_statement(std::uint32_t offset) {
    std::vector<Node*> kids{parenthesized()};
    const bool braced = take(op("{"));
    if (!braced) take(op(":"));
    while (now().kind != TokenKind::end && !at_op(op("}")) && !at_word("endswitch")) {
        const auto before = m_at;
        const auto from = now().offset;
        if (take_word("case")) {
            auto* value = expression(0);
            if (!take(op(":"))) take(op(";"));
            kids.push_back(group(Kind::case_, from, {value, cases()}));
        } else if (take_word("default")) {
            if (!take(op(":"))) take(op(";"));
            kids.push_back(group(Kind::case_, from, {nothing(), cases()}));
        } else statement();
        if (m_at == before) ++m_at;
    }
    ++m_at;
    if (!braced) end_statement();
    return group(Kind::switch_, offset, kids);
}

Node* Parser::cases() {
    const auto offset = now().offset;
    std::vector<Node*> all;
    while (now().kind != TokenKind::end && !at_op(op("}")) && !at_word("case") && !at_word("endswitch") &&
           !(at_word("default") && !next_is(op("=>")))) {
        const auto before = m_at;
        all.push_back(statement());
        if (m_at == before) ++m_at;
    }
    return group(Kind::block, offset, all);
}

Node* Parser::try_statement(std::uint32_t offset) {
    ++m_at;
    std::vector<Node*> kids{statement()};
    for (;;) {
        if (take_word("catch")) {
            Node* caught = nothing();
            if (take(op("("))) {
                while (now().kind == TokenKind::word || at_op(op("|"))) ++m_at;
                if (now().kind == TokenKind::variable) caught = text_node(Kind::variable, now().offset, now().text);
                skip_to_close();
            }
            kids.push_back(caught);
            kids.push_back(statement());
        } else if (take_word("finally")) {
            kids.push_back(nothing());
            kids.push_back(statement());
        } else break;
    }
    return group(Kind::try_, offset, kids);
}

Node* parse(const std::vector<Token>& tokens, Arena& arena, LexicalFacts& facts) { return Parser(tokens, arena, facts, 0).script(); }

}  // namespace deadbox::plugins::webshell::php
