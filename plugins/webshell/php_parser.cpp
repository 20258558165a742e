#include <algorithm>
#include <array>

#include "webshell/php_syntax.hpp"

namespace deadbox::plugins::webshell::php {
namespace {

constexpr int k_deepest = 220;
constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
bool is(std::string_view word, std::string_view lowercase) {
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

struct Binary { std::uint32_t op; int left, right; };  // binding powers
constexpr Binary k_binary[] = {
    {op("??"), 15, 14}, {op("||"), 20, 21}, {op("&&"), 22, 23}, {op("|"), 24, 25}, {op("^"), 26, 27}, {op("&"), 28, 29},
    {op("=="), 30, 31}, {op("!="), 30, 31}, {op("<>"), 30, 31}, {op("==="), 30, 31}, {op("!=="), 30, 31}, {op("<=>"), 30, 31},
    {op("<"), 32, 33}, {op(">"), 32, 33}, {op("<="), 32, 33}, {op(">="), 32, 33},
    {op("<<"), 36, 37}, {op(">>"), 36, 37}, {op("."), 38, 39}, {op("+"), 38, 39}, {op("-"), 38, 39},
    {op("*"), 42, 43}, {op("/"), 42, 43}, {op("%"), 42, 43}, {op("**"), 49, 48},
};
constexpr int k_ternary = 16, k_assign = 12, k_unary = 46, k_word_and = 6, k_word_xor = 4, k_word_or = 2;

class Parser {
public:
    Parser(const std::vector<Token>& tokens, Arena& arena, LexicalFacts& facts, int depth) : m_tokens(tokens), m_arena(arena), m_facts(facts), m_depth(depth) {}

    Node* script() {
        std::vector<Node*> all;
        while (now().kind != TokenKind::end) {
            const auto before = m_at;
            all.push_back(statement());
            if (m_at == before) ++m_at;
        }
        return group(Kind::block, 0, all);
    }

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
    Node* group(Kind kind, std::uint32_t offset, const std::vector<Node*>& kids, std::string_view text = {}) {
        auto* node = m_arena.node(kind, offset);
        m_arena.set_kids(node, kids);
        node->text = text;
        return node;
    }
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

    void end_statement() {
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

    Node* block_until(std::initializer_list<std::string_view> ends) {
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

    Node* body(std::initializer_list<std::string_view> ends) {
        if (take(op(":"))) {
            auto* block = block_until(ends);
            ++m_at;
            end_statement();
            return block;
        }
        return statement();
    }

    Node* parenthesized() {
        if (!take(op("("))) return nothing();
        auto* e = expression(0);
        while (take(op(","))) e = expression(0);
        if (!take(op(")"))) skip_to_close();
        return e;
    }
    void skip_to_close() {
        int depth = 0;
        while (now().kind != TokenKind::end) {
            if (at_op(op("("))) ++depth;
            if (at_op(op(")")) && depth-- == 0) { ++m_at; return; }
            if (at_op(op(";")) || at_op(op("{")) || at_op(op("}"))) return;
            ++m_at;
        }
    }

    Node* statement() {
        const Deeper deeper(m_depth);
        if (m_depth > k_deepest) { ++m_at; return nothing(); }
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

    Node* echo(std::uint32_t offset) {
        std::vector<Node*> all;
        do all.push_back(expression(0)); while (take(op(",")));
        end_statement();
        return group(Kind::echo, offset, all);
    }

    Node* word_statement(const Token& t, std::uint32_t offset) {
        const auto word = t.text;
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
                if (is(word, "goto")) { m_at += 2; end_statement(); return nothing(); }
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
        if (next_is(op(":")) && !next_is(op("::"))) {  // goto label
            if (!is(word, "default") && !is(word, "else")) { m_at += 2; return nothing(); }
        }
        return nullptr;
    }

    void skip_use() {
        int depth = 0;
        while (now().kind != TokenKind::end) {
            if (at_op(op("{"))) ++depth;
            if (at_op(op("}")) && --depth <= 0) { ++m_at; take(op(";")); return; }
            if (at_op(op(";")) && depth == 0) { ++m_at; return; }
            ++m_at;
        }
    }

    Node* jump(Kind kind, std::uint32_t offset) {
        std::vector<Node*> kids;
        if (!at_op(op(";")) && !at_op(op("}")) && now().kind != TokenKind::html && now().kind != TokenKind::end) kids.push_back(expression(0));
        end_statement();
        return group(kind, offset, kids);
    }

    Node* if_statement(std::uint32_t offset) {
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

    Node* for_statement(std::uint32_t offset) {
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

    Node* foreach_statement(std::uint32_t offset) {
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

    Node* switch_statement(std::uint32_t offset) {
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
    Node* cases() {
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

    Node* try_statement(std::uint32_t offset) {
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

    Node* constants(std::uint32_t offset) {
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

    void skip_type() {
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

    // '(' $a, &$b = 1, ...$c ')'
    std::vector<Node*> parameters() {
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

    // name, parameters..., body; op: count of parameters
    Node* function_statement(std::uint32_t offset, std::uint8_t flags) {
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

    // text: name; kid 0: parent's name; then members
    Node* class_statement(std::uint32_t offset) {
        while (now().kind == TokenKind::word && !at_word("class") && !at_word("interface") && !at_word("trait") && !at_word("enum")) ++m_at;
        if (now().kind != TokenKind::word) { ++m_at; return nothing(); }
        ++m_at;
        std::string_view name;
        if (now().kind == TokenKind::word && !at_word("extends") && !at_word("implements")) { name = now().text; ++m_at; }
        return class_rest(offset, name);
    }
    Node* class_rest(std::uint32_t offset, std::string_view name) {
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
    void member(std::vector<Node*>& kids) {
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
        if (at_word("use")) { skip_use(); return; }
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

    // '(' a, ...b, name: c ')'
    Node* arguments(Kind kind, std::uint32_t offset, Node* first = nullptr, Node* second = nullptr) {
        std::vector<Node*> kids;
        if (first) kids.push_back(first);
        if (second) kids.push_back(second);
        list(kids, op("("), op(")"));
        return group(kind, offset, kids);
    }
    void list(std::vector<Node*>& kids, std::uint32_t open, std::uint32_t close) {
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

    Node* expression(int least) {
        const Deeper deeper(m_depth);
        if (m_depth > k_deepest) { ++m_at; return nothing(); }
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
    Node* binary(std::uint32_t operation, Node* a, Node* b) {
        auto* node = group(Kind::binary, a->offset, {a, b});
        node->op = operation;
        return node;
    }
    static std::uint32_t compound(std::uint32_t value) {
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

    Node* unary(std::uint32_t operation, int power) {
        const auto offset = now().offset;
        ++m_at;
        auto* node = group(Kind::unary, offset, {expression(power)});
        node->op = operation;
        return node;
    }

    Node* prefix() {
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

    Node* postfix(Node* base) {
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

    Node* member_name() {
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

    Node* primary() {
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

    Node* wrapped(Kind kind, std::uint32_t offset) {
        ++m_at;
        return group(kind, offset, {expression(k_assign)});
    }

    Node* word_expression(const Token& t, std::uint32_t offset) {
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

    Node* match_expression(std::uint32_t offset) {
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

    // kid 0: the class (name, variable, expression), then the arguments
    Node* creation(std::uint32_t offset) {
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

    // "text $name[key] $name->property {$expression} ${name}"
    Node* interpolate(std::string_view raw, Kind kind, std::uint32_t offset, char quote) {
        std::vector<Node*> parts;
        std::size_t from = 0, i = 0;
        const auto literal = [&](std::size_t end) {
            if (end > from) parts.push_back(text_node(Kind::string, offset, m_arena.keep(unescaped(raw.substr(from, end - from), quote, m_facts))));
        };
        const auto name_start = [&](std::size_t at) {
            if (at >= raw.size()) return false;
            const auto c = static_cast<unsigned char>(raw[at]);
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
        };
        const auto name_end = [&](std::size_t at) {
            while (at < raw.size() && (name_start(at) || (raw[at] >= '0' && raw[at] <= '9'))) ++at;
            return at;
        };
        while (i < raw.size()) {
            if (raw[i] == '\\') { i += 2; continue; }
            const bool dollar_brace = raw[i] == '$' && i + 1 < raw.size() && raw[i + 1] == '{';
            if ((raw[i] == '{' && i + 1 < raw.size() && raw[i + 1] == '$') || dollar_brace) {
                literal(i);
                const auto start = dollar_brace ? i + 2 : i + 1;
                int depth = 1;
                auto end = start;
                char inside = 0;
                for (; end < raw.size(); ++end) {
                    const char c = raw[end];
                    if (c == '\\') { ++end; continue; }
                    if (inside) { if (c == inside) inside = 0; continue; }
                    if (c == '\'' || c == '"') inside = c;
                    else if (c == '{') ++depth;
                    else if (c == '}' && --depth == 0) break;
                }
                end = std::min(end, raw.size());
                auto code = raw.substr(start, end - start);
                Node* inner = nothing();
                if (m_depth < k_deepest - 20) {
                    LexicalFacts ignored;
                    std::vector<Token> tokens = tokenize(code, true, m_arena, ignored, 20000);
                    m_facts.sinks |= ignored.sinks;
                    m_facts.sources |= ignored.sources;
                    for (auto& token : tokens) token.offset = offset;
                    Parser parser(tokens, m_arena, m_facts, m_depth + 10);
                    inner = parser.single();
                }
                if (dollar_brace) {
                    if (inner->kind == Kind::name) inner = text_node(Kind::variable, offset, inner->text);
                    else if (inner->kind == Kind::index && inner->kid(0)->kind == Kind::name) inner->kids[0] = text_node(Kind::variable, offset, inner->kid(0)->text);
                    else inner = group(Kind::variable_variable, offset, {inner});
                }
                parts.push_back(inner);
                from = i = std::min(end + 1, raw.size());
                continue;
            }
            if (raw[i] == '$' && name_start(i + 1)) {
                literal(i);
                auto end = name_end(i + 1);
                Node* v = text_node(Kind::variable, offset, raw.substr(i + 1, end - i - 1));
                if (end < raw.size() && raw[end] == '[') {
                    const auto close = raw.find(']', end);
                    if (close != raw.npos && close - end < 200) {
                        auto key = raw.substr(end + 1, close - end - 1);
                        Node* k = nullptr;
                        if (key.starts_with('$')) k = text_node(Kind::variable, offset, key.substr(1));
                        else {
                            if (key.size() > 1 && (key[0] == '\'' || key[0] == '"')) key = key.substr(1, key.size() - 2);
                            k = text_node(Kind::string, offset, key);
                        }
                        v = group(Kind::index, offset, {v, k});
                        end = close + 1;
                    }
                } else if (end + 2 < raw.size() && raw[end] == '-' && raw[end + 1] == '>' && name_start(end + 2)) {
                    const auto stop = name_end(end + 2);
                    v = group(Kind::property, offset, {v, text_node(Kind::string, offset, raw.substr(end + 2, stop - end - 2))});
                    end = stop;
                }
                parts.push_back(v);
                from = i = end;
                continue;
            }
            ++i;
        }
        literal(raw.size());
        return group(kind, offset, parts);
    }

    const std::vector<Token>& m_tokens;
    Arena& m_arena;
    LexicalFacts& m_facts;
    int m_depth;
    std::size_t m_at = 0;
};

}  // namespace

Node* parse(const std::vector<Token>& tokens, Arena& arena, LexicalFacts& facts) { return Parser(tokens, arena, facts, 0).script(); }

}  // namespace deadbox::plugins::webshell::php
