// The parser of PHP: tokens to a tree, by descent. Statements are in php_parser.cpp, the rest in the files beside it.
#pragma once

#include <algorithm>
#include <array>
#include <initializer_list>

#include "webshell/php_syntax.hpp"

namespace deadbox::plugins::webshell::php {

inline constexpr int k_deepest_nesting = 220;
// Binding powers that more than the expressions need.
inline constexpr int k_ternary = 16, k_assign = 12, k_unary = 46, k_word_and = 6, k_word_xor = 4, k_word_or = 2;
inline bool is(std::string_view word, std::string_view lowercase) {
    if (word.size() != lowercase.size()) return false;
    for (std::size_t i = 0; i < word.size(); ++i)
        if (lower(word[i]) != lowercase[i]) return false;
    return true;
}
template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& set) {
    for (const auto& one : set) if (is(word, one)) return true;
    return false;
}

class Parser {
public:
    Parser(const std::vector<Token>& tokens, Arena& arena, LexicalFacts& facts, int depth) : m_tokens(tokens), m_arena(arena), m_facts(facts), m_depth(depth) {}
    Node* script();
    // One expression, of the inside of "{...}".
    Node* single() { return expression(0); }
    std::size_t at() const { return m_at; }

private:
    const Token& now() const { return m_tokens[std::min(m_at, m_tokens.size() - 1)]; }
    const Token& next(std::size_t n = 1) const { return m_tokens[std::min(m_at + n, m_tokens.size() - 1)]; }
    bool at_op(std::uint32_t value) const { return now().kind == TokenKind::punctuation && now().op == value; }
    bool next_is(std::uint32_t value, std::size_t n = 1) const { return next(n).kind == TokenKind::punctuation && next(n).op == value; }
    bool at_word(std::string_view word) const { return now().kind == TokenKind::word && is(now().text, word); }
    bool take(std::uint32_t value) {
        if (!at_op(value)) return false;
        ++m_at;
        return true;
    }
    bool take_word(std::string_view word) {
        if (!at_word(word)) return false;
        ++m_at;
        return true;
    }
    Node* make(Kind kind) { return m_arena.node(kind, now().offset); }
    Node* group(Kind kind, std::uint32_t offset, const std::vector<Node*>& kids, std::string_view text = {});
    Node* text_node(Kind kind, std::uint32_t offset, std::string_view text) {
        auto* node = m_arena.node(kind, offset);
        node->text = text;
        return node;
    }
    Node* nothing() { return make(Kind::nothing); }
    struct Deeper {
        explicit Deeper(int& depth) : m_depth(depth) { ++m_depth; }
        ~Deeper() { --m_depth; }
        int& m_depth;
    };
    void end_statement();
    Node* block_until(std::initializer_list<std::string_view> ends);
    Node* braces() {  // after '{'
        const auto offset = now().offset;
        std::vector<Node*> all;
        while (now().kind != TokenKind::end && !at_op(op("}"))) {
            const auto before = m_at;
            all.push_back(statement());
            if (m_at == before) ++m_at;
        }
        take(op("}"));
        return group(Kind::block, offset, all);
    }
    Node* body(std::initializer_list<std::string_view> ends);
    Node* parenthesized();
    void skip_to_close();
    Node* statement();
    Node* echo(std::uint32_t offset);
    Node* word_statement(const Token& t, std::uint32_t offset);
    void skip_use();
    Node* jump(Kind kind, std::uint32_t offset);
    Node* if_statement(std::uint32_t offset);
    Node* for_statement(std::uint32_t offset);
    Node* foreach_statement(std::uint32_t offset);
    Node* switch_statement(std::uint32_t offset);
    Node* cases();
    Node* try_statement(std::uint32_t offset);
    Node* constants(std::uint32_t offset);
    void skip_type();
    // '(' $a, &$b = 1, ...$c ')'
    std::vector<Node*> parameters();
    // name, parameters..., body; op: count of parameters
    Node* function_statement(std::uint32_t offset, std::uint8_t flags);
    // text: name; kid 0: parent's name; then members, among them the names of traits
    Node* class_statement(std::uint32_t offset);
    Node* class_rest(std::uint32_t offset, std::string_view name);
    void member(std::vector<Node*>& kids);
    // '(' a, ...b, name: c ')'
    Node* arguments(Kind kind, std::uint32_t offset, Node* first = nullptr, Node* second = nullptr);
    void list(std::vector<Node*>& kids, std::uint32_t open, std::uint32_t close);
    Node* expression(int least);
    Node* binary(std::uint32_t operation, Node* a, Node* b) {
        auto* node = group(Kind::binary, a->offset, {a, b});
        node->op = operation;
        return node;
    }
    static std::uint32_t compound(std::uint32_t value);
    Node* unary(std::uint32_t operation, int power);
    Node* prefix();
    Node* postfix(Node* base);
    Node* member_name();
    Node* primary();
    Node* wrapped(Kind kind, std::uint32_t offset) {
        ++m_at;
        return group(kind, offset, {expression(k_assign)});
    }
    Node* word_expression(const Token& t, std::uint32_t offset);
    Node* match_expression(std::uint32_t offset);
    // kid 0: the class (name, variable, expression), then the arguments
    Node* creation(std::uint32_t offset);
    // "text $name[key] $name->property {$expression} ${name}"
    Node* interpolate(std::string_view raw, Kind kind, std::uint32_t offset, char quote);

    const std::vector<Token>& m_tokens;
    Arena& m_arena;
    LexicalFacts& m_facts;
    int m_depth;
    std::size_t m_at = 0;
};

}  // namespace deadbox::plugins::webshell::php
