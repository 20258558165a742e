// Functions, classes and what stands in them.
#include "webshell/php_parser.hpp"

namespace deadbox::plugins::webshell::php {

void Parser::skip_use() {
    int depth = 0;
    while (now().kind != TokenKind::end) {
        if (at_op(op("{"))) ++depth;
        if (at_op(op("}")) && --depth <= 0) { ++m_at; take(op(";")); return; }
        if (at_op(op(";")) && depth == 0) { ++m_at; return; }
        ++m_at;
    }
}

Node* Parser::constants(std::uint32_t offset) {
    ++m_at;
    std::vector<Node*> all;
    do {
        if (next().kind == TokenKind::word) ++m_at;  // typed constant
        auto* name = text_node(Kind::name, now().offset, now().text);
        ++m_at;
        Node* value = nothing();
        if (take(op("="))) value = expression(k_assign);
        all.push_back(group(Kind::constant, offset, {name, value}, name->text));
    } while (take(op(",")));
    end_statement();
    return group(Kind::block, offset, all);
}

void Parser::skip_type() {
    take(op("?"));
    for (;;) {
        if (at_op(op("("))) { ++m_at; skip_to_close(); }
        else if (now().kind == TokenKind::word) ++m_at;
        else break;
        if (at_op(op("|"))) { ++m_at; continue; }
        if (at_op(op("&")) && (next().kind == TokenKind::word || next_is(op("(")))) { ++m_at; continue; }
        break;
    }
}

std::vector<Node*> Parser::parameters() {
    std::vector<Node*> all;
    take(op("("));
    while (now().kind != TokenKind::end && !at_op(op(")"))) {
        const auto before = m_at;
        while (now().kind == TokenKind::cast) ++m_at;
        skip_type();
        std::uint8_t flags = 0;
        if (take(op("&"))) flags |= 1;
        if (take(op("..."))) flags |= 2;
        if (now().kind == TokenKind::variable) {
            auto* p = text_node(Kind::parameter, now().offset, now().text);
            ++m_at;
            if (take(op("="))) m_arena.set_kids(p, {expression(k_assign)});
            p->flags = flags;
            all.push_back(p);
        }
        if (!take(op(",")) && !at_op(op(")"))) {
            if (at_op(op("{")) || at_op(op(";"))) break;
            if (m_at == before) ++m_at;
        }
    }
    take(op(")"));
    return all;
}

Node* Parser::function_statement(std::uint32_t offset, std::uint8_t flags) {
    take(op("&"));
    const auto name = now().text;
    ++m_at;
    auto kids = parameters();
    const auto count = kids.size();
    if (take(op(":"))) skip_type();
    kids.push_back(at_op(op("{")) ? statement() : nothing());
    if (kids.back()->kind == Kind::nothing) take(op(";"));
    auto* f = group(Kind::function, offset, kids, name);
    f->op = static_cast<std::uint32_t>(count);
    f->flags = flags;
    return f;
}

Node* Parser::class_statement(std::uint32_t offset) {
    while (now().kind == TokenKind::word && !at_word("class") && !at_word("interface") && !at_word("trait") && !at_word("enum")) ++m_at;
    if (now().kind != TokenKind::word) { ++m_at; return nothing(); }
    ++m_at;
    std::string_view name;
    if (now().kind == TokenKind::word && !at_word("extends") && !at_word("implements")) { name = now().text; ++m_at; }
    return class_rest(offset, name);
}

Node* Parser::class_rest(std::uint32_t offset, std::string_view name) {
    std::vector<Node*> kids{nothing()};
    while (now().kind != TokenKind::end && !at_op(op("{")) && !at_op(op(";"))) {
        if (take_word("extends") && now().kind == TokenKind::word) kids[0] = text_node(Kind::name, now().offset, now().text);
        ++m_at;
    }
    if (!take(op("{"))) return nothing();
    while (now().kind != TokenKind::end && !at_op(op("}"))) {
        const auto before = m_at;
        member(kids);
        if (m_at == before) ++m_at;
    }
    take(op("}"));
    return group(Kind::class_, offset, kids, name);
}

void Parser::member(std::vector<Node*>& kids) {
    static constexpr std::array<std::string_view, 8> modifiers{"public", "private", "protected", "static", "var", "final", "abstract", "readonly"};
    const auto offset = now().offset;
    std::uint8_t flags = 0;
    bool modified = false;
    while (now().kind == TokenKind::word && is_one_of(now().text, modifiers)) {
        if (at_word("static")) flags |= 1;
        modified = true;
        ++m_at;
    }
    if (at_word("function")) { ++m_at; kids.push_back(function_statement(offset, flags)); return; }
    if (at_word("const")) { for (auto* block = constants(offset); auto* c : std::vector<Node*>(block->kids, block->kids + block->count)) kids.push_back(c); return; }
    if (at_word("use")) {
        for (std::size_t i = 1; next(i).kind == TokenKind::word; i += 2) {
            kids.push_back(text_node(Kind::name, offset, next(i).text));
            if (!next_is(op(","), i + 1)) break;
        }
        skip_use();
        return;
    }
    if (at_word("case")) { end_statement(); return; }
    if (modified && now().kind != TokenKind::variable) skip_type();
    if (now().kind == TokenKind::variable) {
        do {
            auto* p = text_node(Kind::property_declaration, now().offset, now().text);
            ++m_at;
            if (take(op("="))) m_arena.set_kids(p, {expression(k_assign)});
            p->flags = flags;
            kids.push_back(p);
        } while (take(op(",")) && now().kind == TokenKind::variable);
        end_statement();
        return;
    }
    end_statement();
}

}  // namespace deadbox::plugins::webshell::php
