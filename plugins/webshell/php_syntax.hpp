// PHP as a syntax tree, for reading hostile scripts: tolerant (what does not parse is passed over), bounded (tokens,
// nesting), nothing is ever run. Grammar: PHP 5 to 8, with the old forms that shells use (short tags, $s{0}, <script>).
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace deadbox::plugins::webshell::php {

enum class Kind : std::uint8_t {
    // expressions
    integer, real, string, interpolated, shell, variable, variable_variable, index, property, static_property, name,
    class_constant, call, method_call, static_call, create, array, item, unary, binary, assign, assign_op, assign_ref,
    increment, ternary, cast, is_set, is_empty, include, eval, exit, print, closure, match, match_arm, list, clone,
    instance_of, yield, throw_, nothing, spread,
    // statements
    expression, echo, if_, while_, do_while, for_, foreach_, switch_, case_, break_, continue_, return_, global,
    static_, unset, function, parameter, class_, property_declaration, constant, block, try_, html, label, goto_,
};

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
// The value of a hexadecimal digit; -1: none.
constexpr int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    c = lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}
// Punctuation of up to three bytes as a number.
constexpr std::uint32_t op(const char* text) {
    std::uint32_t value = 0;
    while (*text) value = value << 8 | static_cast<unsigned char>(*text++);
    return value;
}

struct Node {
    Kind kind = Kind::nothing;
    std::uint8_t flags = 0;     // meaning by kind
    std::uint32_t op = 0;       // operator, or number of leading children of a group
    std::uint32_t offset = 0;   // in the source
    std::uint32_t count = 0;    // children
    Node** kids = nullptr;
    std::string_view text;      // names without '$', string contents
    Node* kid(std::uint32_t i) const { return i < count ? kids[i] : nullptr; }
};

enum class TokenKind : std::uint8_t { end, html, echo_tag, word, variable, integer, real, string, interpolated, shell, punctuation, cast };

struct Token {
    TokenKind kind = TokenKind::end;
    bool heredoc = false;      // of interpolated: quotes are not escaped
    std::uint32_t op = 0;
    std::uint32_t offset = 0;
    std::string_view text;     // decoded string, name, raw inside of an interpolated string
};

// What the tokens alone tell, at the price of one pass.
struct LexicalFacts {
    std::uint32_t tokens = 0;
    std::uint32_t code_bytes = 0;        // inside of PHP tags, comments excluded
    std::uint32_t comment_bytes = 0;
    std::uint32_t longest_string = 0;
    std::uint32_t string_bytes = 0;
    std::uint32_t words = 0;
    std::uint32_t variables = 0;
    std::uint32_t odd_names = 0;         // variables of bytes over 127, or of only O0Il1_ characters
    std::uint32_t underscores = 0;       // variables named by underscores alone
    std::uint32_t escaped_bytes = 0;     // written as \x41, \101 in strings
    std::uint32_t silenced = 0;          // '@'
    std::uint32_t first_code = 0;        // offset of the first byte inside a tag
    bool has_code = false;
    bool sources = false;                // $_GET, php://input, getallheaders ...
    bool sinks = false;                  // eval, system, $f(...), include ...
    bool decoders = false;
    bool evaluates = false;              // eval, assert, create_function, or a call of something other than a name
    std::uint32_t longest_opaque = 0;    // longest text constant of 400 bytes and more without blanks
};

// Owns the tokens, nodes and decoded texts of one or more sources.
class Arena {
public:
    std::string_view keep(std::string text) { return m_texts.emplace_back(std::move(text)); }
    Node* node(Kind kind, std::uint32_t offset);
    void set_kids(Node* node, const std::vector<Node*>& kids);
    std::size_t bytes() const { return m_used; }

private:
    std::deque<std::string> m_texts;
    std::vector<std::unique_ptr<std::byte[]>> m_blocks;
    std::size_t m_left = 0, m_used = 0;
    std::byte* m_next = nullptr;
    void* allocate(std::size_t size);
};

// `starts_in_code`: the text of an eval(), not of a file. At most `most` tokens.
std::vector<Token> tokenize(std::string_view source, bool starts_in_code, Arena& arena, LexicalFacts& facts, std::size_t most = 2'000'000);

// The inside of a double-quoted string with its escapes resolved; quote: the byte that \ protects besides, or 0.
std::string unescaped(std::string_view raw, char quote, LexicalFacts& facts);

// The tree of a script: a block. Never null.
Node* parse(const std::vector<Token>& tokens, Arena& arena, LexicalFacts& facts);

}  // namespace deadbox::plugins::webshell::php
