// Texts with variables and expressions in them.
#include "webshell/php_parser.hpp"

namespace deadbox::plugins::webshell::php {

Node* Parser::interpolate(std::string_view raw, Kind kind, std::uint32_t offset, char quote) {
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
            if (m_depth < k_deepest_nesting - 20) {
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

}  // namespace deadbox::plugins::webshell::php
