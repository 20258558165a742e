// A script from its first statement to its last, and the code that it reveals on the way.
#include "webshell/php_evaluation.hpp"

#include <algorithm>
#include <cstring>

namespace deadbox::plugins::webshell::php {

void Evaluator::run(Node* root) {
    m_scope = &m_globals;
    declare(root, 0);
    sequence(root, true);
    fence();
    for (std::size_t i = 0; i < m_destroyed.size() && i < 64; ++i) {
        Scope scope;
        scope.self = m_destroyed[i].first;
        scope.in_class = m_destroyed[i].second->in_class;
        call_node(*m_destroyed[i].second, {}, nullptr, std::move(scope));
    }
    // Functions that nothing here called: their bodies with unknown arguments.
    for (int round = 0; round < 3; ++round) {
        std::vector<FunctionInfo*> left;
        for (auto* f : m_order) if (f->calls == 0) left.push_back(f);
        if (left.empty()) break;
        for (auto* f : left) {
            fence();
            if (exhausted()) return;
            if (f->calls > 0) continue;
            Scope scope;
            if (f->in_class) {
                scope.self = object_of(f->in_class);
                scope.in_class = f->in_class;
            }
            call_node(*f, {}, nullptr, std::move(scope));
        }
    }
}

void Evaluator::raise_error(const Value& message) {
    const auto callbacks = std::move(m_error_callbacks);
    m_error_callbacks.clear();
    for (const auto& f : callbacks) invoke(f, {Value(), message}, "set_error_handler");
}

// The line around the place that is read.
std::string_view Evaluator::excerpt() const {
    constexpr std::size_t most = 300, before = 100;
    const auto& text = *m_current;
    const auto at = std::min<std::size_t>(m_inner_offset, text.size());
    const auto start = at > before ? at - before : 0;
    const auto line = text.substr(start, at - start).rfind('\n');
    const auto from = line == std::string_view::npos ? start : start + line + 1;
    const auto piece = text.substr(from, most);
    return piece.substr(0, std::min(piece.find('\n', at - from), piece.size()));
}

void Evaluator::declare(const Node* block, int depth) {
    if (!block || depth > 40) return;
    for (std::uint32_t i = 0; i < block->count; ++i) {
        const auto* s = block->kids[i];
        if (!s) continue;
        if (s->kind == Kind::function) add_function(lowered(s->text), s, nullptr);
        else if (s->kind == Kind::class_) add_class(s);
        else if (s->kind == Kind::block || s->kind == Kind::if_ || s->kind == Kind::try_ || s->kind == Kind::while_ || s->kind == Kind::foreach_) declare(s, depth + 1);
    }
}

void Evaluator::add_function(std::string name, const Node* node, const Node* in_class) {
    auto [place, added] = m_functions.try_emplace(std::move(name));
    if (!added && place->second.node == node) return;
    place->second = FunctionInfo{node, in_class, 0, {}, {}};
    if (added) m_order.push_back(&place->second);
}

void Evaluator::add_class(const Node* c) {
    const auto name = lowered(c->text);
    if (const auto [it, added] = m_classes.try_emplace(name, c); !added && it->second == c) return;
    m_classes[name] = c;
    for (std::uint32_t i = 1; i < c->count; ++i) {
        const auto* m = c->kids[i];
        if (m->kind == Kind::function) add_function(name + "::" + lowered(m->text), m, c);
    }
}

Value Evaluator::run_code(const Value& code, std::string_view how) {
    if (code.from_request()) sign(code.taint & k_whole || code.is_known() ? Sign::request_code : Sign::partial_code, how);
    else if (code.taint & k_upload) sign(Sign::request_code, how);
    else if (code.taint & k_remote) sign(Sign::remote_code, how);
    else if (!code.is_known() && code.taint & k_undefined) sign(Sign::undefined_code, how);
    else if (!code.is_known() && code.taint & k_hidden && (code.taint & k_decoded || code.layers > 0)) sign(Sign::hidden_code, how);
    else if (!code.is_known() && code.taint & k_file) sign(Sign::file_code, how);
    // Decoded from who knows where, a setting of the site perhaps.
    else if (!code.is_known() && code.taint & k_decoded) sign(Sign::hidden_code, "decoded text from elsewhere");
    if (!code.is_text() || code.text().empty()) return Value::unknown(static_cast<Taint>(code.taint & ~k_built));
    const auto& text = code.text();
    // "return 1;" and the like are no layers; decoded text is.
    const bool decoded = code.layers > 0 && text.size() > 3;
    if (m_layer >= m_limits.layers || m_layers_run > 4000) return {};
    const auto hash = std::hash<std::string>()(text);
    if (!m_seen_layers.insert(hash).second && m_layers_run > 200) return {};
    std::size_t control = 0;
    for (const char c : std::string_view(text).substr(0, 400)) {
        const auto u = static_cast<unsigned char>(c);
        control += (u < 32 && u != '\n' && u != '\r' && u != '\t') || u == 127;
    }
    if (control > 20 && control * 5 > std::min<std::size_t>(text.size(), 400)) {  // wrongly decoded
        sign(Sign::hidden_code, how);
        return Value::unknown(k_hidden);
    }
    if (decoded) sign(Sign::decoded_code, how);
    ++m_layers_run;
    m_bytes += text.size();
    const std::string_view source = m_arena.keep(text);
    if (decoded || text.size() > 30) {
        const auto layers = static_cast<std::uint32_t>(m_layer + 1);
        if (layers > m_features.layers) m_features.layers = layers, m_features.plain_inside = true;
        m_features.decoded_bytes += static_cast<std::uint32_t>(source.size());
        if (m_decoded.size() < (4u << 20)) m_decoded.append(source).push_back('\n');
        if (m_features.decoded.size() < 8) m_features.decoded.emplace_back(source.substr(0, 300));
    }
    LexicalFacts facts;
    const auto tokens = tokenize(source, true, m_arena, facts, 400'000);
    auto* root = parse(tokens, m_arena, facts);
    m_facts.tokens += facts.tokens;
    m_facts.escaped_bytes += facts.escaped_bytes;
    if (static_cast<std::uint32_t>(m_layer + 1) == m_features.layers && (facts.sinks || facts.evaluates)) m_features.plain_inside = false;
    const auto* back = m_current;
    const auto inner = m_inner_offset;
    m_current = &m_layer_texts.emplace_back(source);
    ++m_layer;
    m_inner_offset = 0;
    declare(root, 0);
    const auto had = m_scope->has_result;
    Value old = m_scope->result;
    m_scope->has_result = false;
    m_scope->result = {};
    execute(root);
    Value result = m_scope->has_result ? m_scope->result : Value::null();
    m_scope->has_result = had;
    m_scope->result = std::move(old);
    --m_layer;
    m_current = back;
    m_inner_offset = inner;
    return result;
}

Value Evaluator::make_closure(std::string_view parameters, std::string_view body) {
    if (m_layers_run > 4000 || parameters.size() > 2000) return {};
    ++m_layers_run;
    m_bytes += body.size();
    const auto source = m_arena.keep("return function(" + std::string(parameters) + "){" + std::string(body) + "};");
    LexicalFacts facts;
    auto* root = parse(tokenize(source, true, m_arena, facts, 100'000), m_arena, facts);
    const auto* made = root->kid(0) && root->kid(0)->kind == Kind::return_ ? root->kid(0)->kid(0) : nullptr;
    if (!made || made->kind != Kind::closure) return {};
    auto data = std::make_shared<ClosureData>();
    data->node = made;
    Value v;
    v.type = Type::closure;
    v.data = data;
    return v;
}

void evaluate(std::string_view text, Node* root, Arena& arena, LexicalFacts& facts, const Limits& limits, Features& features, std::string& decoded_text) {
    Evaluator(text, arena, facts, limits, features, decoded_text).run(root);
}

}  // namespace deadbox::plugins::webshell::php
