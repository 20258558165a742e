#include "webshell/php_evaluator.hpp"

#include <algorithm>
#include <cstring>
#include <unordered_set>

#include "webshell/php_sinks.hpp"
#include "webshell/php_value.hpp"

namespace deadbox::plugins::webshell::php {
namespace {

constexpr int k_deepest_call = 14, k_deepest = 260;
enum class Flow : std::uint8_t { normal, broken, continued, returned };

std::string lowered(std::string_view text) {
    std::string out(text);
    for (auto& c : out) if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    return out;
}
std::string plain_name(std::string_view name) {  // without namespaces
    const auto slash = name.rfind('\\');
    return lowered(slash == name.npos ? name : name.substr(slash + 1));
}

struct Scope {
    std::unordered_map<std::string, Value> variables;
    std::shared_ptr<Object> self;
    const Node* in_class = nullptr;
    Value result;
    bool has_result = false;
    bool open = false;     // variables may come from the request: extract($_GET), register_globals
    int certain_depth = 0; // m_uncertain when the function was entered
};

struct FunctionInfo {
    const Node* node = nullptr;
    const Node* in_class = nullptr;
    int calls = 0, plain_calls = 0;
    Value last;
};

class Evaluator final : public Machine {
public:
    Evaluator(std::string_view text, Arena& arena, LexicalFacts& facts, const Limits& limits, Features& features, std::string& decoded)
        : m_text(text), m_arena(arena), m_facts(facts), m_limits(limits), m_features(features), m_decoded(decoded) {}

    void run(Node* root) {
        m_scope = &m_globals;
        declare(root, 0);
        for (std::uint32_t i = 0; i < root->count; ++i) {
            fence();
            execute(root->kids[i]);
        }
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

    // --- Machine: what the sinks need
    Features& features() override { return m_features; }
    std::string_view script() const override { return m_text; }
    void sign(Sign sign, std::string_view detail) override {
        m_features.add(sign, m_offset, static_cast<std::uint8_t>(std::min(m_layer, 255)), detail, excerpt());
    }
    Value run_code(const Value& code, std::string_view how) override;
    Value call(std::string_view name, std::vector<Value> arguments) override { return call_named(plain_name(name), std::move(arguments), nullptr); }
    Value invoke(const Value& callable, std::vector<Value> arguments, std::string_view how) override;
    Value make_closure(std::string_view parameters, std::string_view body) override;
    void taint_scope(bool whole) override { m_scope->open = true; (void)whole; }
    void set_variable(const std::string& name, Value value) override { assign_variable(name, std::move(value)); }
    void on_error(const Value& callable) override { if (m_error_callbacks.size() < 8) m_error_callbacks.push_back(callable); }
    void raise_error(const Value& message) override {
        const auto callbacks = std::move(m_error_callbacks);
        m_error_callbacks.clear();
        for (const auto& f : callbacks) invoke(f, {Value(), message}, "set_error_handler");
    }
    void on_output(const Value& callable) override { if (m_output_callbacks.size() < 8) m_output_callbacks.push_back(callable); }
    std::unordered_set<std::string>& written() override { return m_written; }
    std::unordered_set<std::string>& scripted() override { return m_scripted; }
    void awaken(Taint taint) override;
    Value create(std::string_view class_name, std::vector<Value> values) override;
    std::vector<Value> class_constants(std::string_view class_name, std::vector<std::string>& names) override;
    bool has_function(std::string_view name) const override { return m_functions.contains(std::string(name)); }

private:
    // A statement that takes too long (a loop over much) ends; the next one still gets its share.
    bool exhausted() const { return m_steps > m_fence || m_bytes > m_limits.bytes; }
    void fence() { m_fence = std::min(m_steps + m_limits.steps / 4, m_limits.steps); }
    bool step() {
        if (++m_steps > m_limits.steps || m_bytes > m_limits.bytes) m_features.parsed_fully = false;
        return !exhausted();
    }
    bool uncertain() const { return m_uncertain > m_scope->certain_depth; }

    std::string excerpt() const {
        const auto& text = *m_current;
        const auto at = std::min<std::size_t>(m_inner_offset, text.size());
        auto from = at > 0 ? text.rfind('\n', at - 1) : std::string_view::npos;
        from = from == std::string_view::npos ? 0 : from + 1;
        if (at - from > 100) from = at - 100;
        auto to = text.find('\n', at);
        if (to == std::string_view::npos) to = text.size();
        to = std::min(to, from + 300);
        return std::string(text.substr(from, to - from));
    }

    void at(const Node* node) {
        m_inner_offset = node->offset;
        if (m_layer == 0) m_offset = node->offset;
    }

    // --- declarations
    void declare(const Node* block, int depth) {
        if (!block || depth > 40) return;
        for (std::uint32_t i = 0; i < block->count; ++i) {
            const auto* s = block->kids[i];
            if (!s) continue;
            if (s->kind == Kind::function) add_function(lowered(s->text), s, nullptr);
            else if (s->kind == Kind::class_) add_class(s);
            else if (s->kind == Kind::block || s->kind == Kind::if_ || s->kind == Kind::try_ || s->kind == Kind::while_ || s->kind == Kind::foreach_) declare(s, depth + 1);
        }
    }
    void add_function(std::string name, const Node* node, const Node* in_class) {
        auto [place, added] = m_functions.try_emplace(std::move(name));
        if (!added && place->second.node == node) return;
        place->second = FunctionInfo{node, in_class, 0, 0, {}};
        if (added) m_order.push_back(&place->second);
    }
    void add_class(const Node* c) {
        const auto name = lowered(c->text);
        if (const auto [it, added] = m_classes.try_emplace(name, c); !added && it->second == c) return;
        m_classes[name] = c;
        for (std::uint32_t i = 1; i < c->count; ++i) {
            const auto* m = c->kids[i];
            if (m->kind == Kind::function) add_function(name + "::" + lowered(m->text), m, c);
        }
    }
    FunctionInfo* method(const std::string& class_name, const std::string& name) {
        std::string at = class_name;
        for (int guard = 0; guard < 8; ++guard) {
            if (const auto found = m_functions.find(at + "::" + name); found != m_functions.end()) return &found->second;
            const auto c = m_classes.find(at);
            if (c == m_classes.end() || !c->second->kid(0) || c->second->kid(0)->kind != Kind::name) return nullptr;
            at = plain_name(c->second->kid(0)->text);
        }
        return nullptr;
    }
    std::shared_ptr<Object> object_of(const Node* c) {
        auto& shared = m_prototypes[c];
        if (!shared) {
            shared = std::make_shared<Object>();
            shared->class_name = lowered(c->text);
            shared->declaration = c;
            initialize(*shared, c, 0);
        }
        return shared;
    }
    void initialize(Object& object, const Node* c, int depth) {
        if (depth > 6) return;
        if (c->kid(0) && c->kid(0)->kind == Kind::name)
            if (const auto parent = m_classes.find(plain_name(c->kid(0)->text)); parent != m_classes.end() && parent->second != c) initialize(object, parent->second, depth + 1);
        for (std::uint32_t i = 1; i < c->count; ++i) {
            const auto* m = c->kids[i];
            if (m->kind == Kind::property_declaration) object.properties[std::string(m->text)] = m->count ? evaluate(m->kids[0]) : Value::null();
        }
    }

    // --- statements
    Flow execute(const Node* s) {
        if (!s || !step() || m_depth > k_deepest) return Flow::normal;
        ++m_depth;
        const auto flow = execute_inner(s);
        --m_depth;
        return flow;
    }

    Flow execute_inner(const Node* s) {
        switch (s->kind) {
            case Kind::block:
                for (std::uint32_t i = 0; i < s->count; ++i)
                    if (const auto flow = execute(s->kids[i]); flow != Flow::normal) return flow;
                return Flow::normal;
            case Kind::expression: at(s); evaluate(s->kid(0)); return Flow::normal;
            case Kind::echo:
                at(s);
                for (std::uint32_t i = 0; i < s->count; ++i) {
                    const auto v = evaluate(s->kids[i]);
                    if (v.taint & k_whole && !m_output_callbacks.empty()) {
                        const auto callbacks = std::move(m_output_callbacks);
                        m_output_callbacks.clear();
                        for (const auto& f : callbacks) invoke(f, {Value::unknown(k_request | k_whole), Value()}, "ob_start");
                    }
                }
                return Flow::normal;
            case Kind::if_: return execute_if(s);
            case Kind::while_: return loop(nullptr, s->kid(0), nullptr, s->kid(1), false);
            case Kind::do_while: return loop(nullptr, s->kid(1), nullptr, s->kid(0), true);
            case Kind::for_: {
                for (std::uint32_t i = 0; i < s->kid(0)->count; ++i) evaluate(s->kid(0)->kids[i]);
                return loop(nullptr, s->kid(1), s->kid(2), s->kid(3), false);
            }
            case Kind::foreach_: return execute_foreach(s);
            case Kind::switch_: return execute_switch(s);
            case Kind::break_: return uncertain() ? Flow::normal : Flow::broken;
            case Kind::continue_: return uncertain() ? Flow::normal : Flow::continued;
            case Kind::return_: {
                at(s);
                Value v = s->count ? evaluate(s->kids[0]) : Value::null();
                if (m_scope == &m_globals) return Flow::normal;
                if (m_scope->has_result && uncertain()) {
                    // Several ways out: the first that says something, with all their taint.
                    const Taint both = static_cast<Taint>(m_scope->result.taint | v.taint);
                    if (!m_scope->result.is_known() || m_scope->result.type == Type::null || m_scope->result.type == Type::boolean) m_scope->result = std::move(v);
                    m_scope->result.taint |= both;
                } else if (!m_scope->has_result || !uncertain()) {
                    const Taint old = m_scope->has_result ? m_scope->result.taint : Taint{0};
                    const bool better = !m_scope->has_result || v.is_known() || !m_scope->result.is_known();
                    if (better) m_scope->result = std::move(v);
                    m_scope->result.taint |= old;
                }
                m_scope->has_result = true;
                return uncertain() ? Flow::normal : Flow::returned;
            }
            case Kind::global:
                for (std::uint32_t i = 0; i < s->count; ++i)
                    if (m_scope != &m_globals && s->kids[i]->kind == Kind::variable) m_global_names[m_scope].insert(std::string(s->kids[i]->text));
                return Flow::normal;
            case Kind::static_:
                for (std::uint32_t i = 0; i < s->count; ++i) {
                    if (s->kids[i]->kind == Kind::assign) evaluate(s->kids[i]);
                    else if (s->kids[i]->kind == Kind::variable) m_scope->variables.try_emplace(std::string(s->kids[i]->text), Value::null());
                }
                return Flow::normal;
            case Kind::unset:
                for (std::uint32_t i = 0; i < s->count; ++i) unset(s->kids[i]);
                return Flow::normal;
            case Kind::function: add_function(lowered(s->text), s, nullptr); return Flow::normal;
            case Kind::class_: add_class(s); return Flow::normal;
            case Kind::constant:
                m_constants[std::string(s->text)] = evaluate(s->kid(1));
                return Flow::normal;
            case Kind::try_: {
                auto flow = execute(s->kid(0));
                for (std::uint32_t i = 1; i + 1 < s->count; i += 2) {
                    ++m_uncertain;
                    if (s->kids[i]->kind == Kind::variable) assign_variable(std::string(s->kids[i]->text), m_thrown);
                    execute(s->kids[i + 1]);
                    --m_uncertain;
                }
                return flow;
            }
            case Kind::html: case Kind::nothing: case Kind::label: return Flow::normal;
            default: at(s); evaluate(s); return Flow::normal;
        }
    }

    Flow execute_if(const Node* s) {
        bool decided = true;
        for (std::uint32_t i = 0; i < s->count; i += 2) {
            if (i + 1 == s->count) {  // else
                if (decided) return execute(s->kids[i]);
                ++m_uncertain;
                execute(s->kids[i]);
                --m_uncertain;
                return Flow::normal;
            }
            at(s->kids[i]);
            const auto condition = evaluate(s->kids[i]);
            password_gate(s->kids[i], condition);
            const auto truth = condition.is_known() && !(condition.taint & ~k_built & ~k_decoded) ? condition.truth() : std::nullopt;
            if (truth && decided) {
                if (*truth) return execute(s->kids[i + 1]);
                // A branch that constants rule out may still be what a later edit wakes up: it is not followed.
                continue;
            }
            decided = false;
            ++m_uncertain;
            execute(s->kids[i + 1]);
            --m_uncertain;
        }
        return Flow::normal;
    }

    // if (md5($_POST['p']) == '...'): the request against something fixed.
    void password_gate(const Node* condition, const Value&) {
        const Node* n = condition;
        int guard = 0;
        while (n && n->kind == Kind::unary && ++guard < 4) n = n->kid(0);
        std::vector<const Node*> open{n};
        for (int budget = 24; !open.empty() && budget > 0; --budget) {
            const auto* one = open.back();
            open.pop_back();
            if (!one) continue;
            if (one->kind == Kind::binary && (one->op == op("&&") || one->op == op("||"))) {
                open.push_back(one->kid(0));
                open.push_back(one->kid(1));
            } else if (one->kind == Kind::binary && (one->op == op("==") || one->op == op("===") || one->op == op("!=") || one->op == op("!=="))) {
                for (int side = 0; side < 2; ++side) {
                    const auto *a = one->kid(static_cast<std::uint32_t>(side)), *b = one->kid(static_cast<std::uint32_t>(1 - side));
                    const bool digest = a->kind == Kind::call && a->kid(0)->kind == Kind::name && (a->kid(0)->text == "md5" || a->kid(0)->text == "sha1" || a->kid(0)->text == "crypt" || a->kid(0)->text == "hash");
                    if (digest && (b->kind == Kind::string || b->kind == Kind::variable)) {
                        ++m_quiet;
                        const auto argument = a->count > 1 ? evaluate(a->kids[a->count - 1]) : Value();
                        --m_quiet;
                        const auto other = evaluate(b);
                        if (argument.from_request() && other.is_text() && other.text().size() >= 20) sign(Sign::password_gate, "digest");
                    } else if (b->kind == Kind::string && b->text.size() >= 3 && a->kind == Kind::index) {
                        const auto base = a->kid(0);
                        const auto key = a->kid(1);
                        if (base && base->kind == Kind::variable && base->text.starts_with('_') && key && key->kind == Kind::string &&
                            (key->text.find("pass") != key->text.npos || key->text.find("pwd") != key->text.npos || key->text == "p" || key->text == "key"))
                            sign(Sign::password_gate, "password");
                    }
                }
            }
        }
    }

    Flow loop(const Node*, const Node* condition, const Node* after, const Node* body, bool first) {
        const auto test = [&]() -> std::optional<bool> {
            if (first) { first = false; return true; }
            if (!condition || condition->kind == Kind::nothing) return true;
            if (condition->kind != Kind::block) { const auto v = evaluate(condition); return v.is_known() ? v.truth() : std::nullopt; }
            std::optional<bool> truth = true;
            for (std::uint32_t i = 0; i < condition->count; ++i) { const auto v = evaluate(condition->kids[i]); truth = v.is_known() ? v.truth() : std::nullopt; }
            return truth;
        };
        const bool endless = !condition || condition->kind == Kind::nothing || condition->kind == Kind::name || condition->kind == Kind::integer || (condition->kind == Kind::block && condition->count == 0);
        const auto advance = [&] { if (after) for (std::uint32_t i = 0; i < after->count; ++i) evaluate(after->kids[i]); };
        // Endless loops and those over unknown conditions are walked twice: what the first pass assigns, the second uses.
        for (std::uint64_t round = 0; !exhausted(); ++round) {
            const auto truth = test();
            if (!truth) {
                ++m_uncertain;
                for (int i = 0; i < 2; ++i) { execute(body); advance(); }
                --m_uncertain;
                return Flow::normal;
            }
            if (!*truth) return Flow::normal;
            if (round > (endless ? 300u : 60'000u)) return Flow::normal;
            const auto flow = execute(body);
            if (flow == Flow::broken) return Flow::normal;
            if (flow == Flow::returned) return flow;
            advance();
        }
        return Flow::normal;
    }

    Flow execute_foreach(const Node* s) {
        at(s);
        const auto subject = evaluate(s->kid(0));
        const auto *key = s->kid(1), *value = s->kid(2), *body = s->kid(3);
        if (subject.type == Type::array) m_steps += subject.array().items.size();
        if (subject.type == Type::array && !subject.array().incomplete && subject.array().rest == 0) {
            const auto items = subject.array().items;  // a copy: the body may change it
            std::size_t count = 0;
            for (const auto& [name, item] : items) {
                if (exhausted() || ++count > 20'000) break;
                if (key && key->kind != Kind::nothing) assign(key, Value::of(name));
                assign(value, item);
                const auto flow = execute(body);
                if (flow == Flow::broken) break;
                if (flow == Flow::returned) return flow;
            }
            return Flow::normal;
        }
        Taint taint = deep_taint(subject);
        if (subject.special == Special::files) taint = k_request | k_whole | k_upload;
        if (subject.special == Special::server) taint = k_request;
        ++m_uncertain;
        for (int i = 0; i < 2; ++i) {
            if (key && key->kind != Kind::nothing) assign(key, Value::unknown(taint));
            Value item = Value::unknown(taint);
            item.special = subject.special;
            assign(value, std::move(item));
            execute(body);
        }
        --m_uncertain;
        return Flow::normal;
    }

    Flow execute_switch(const Node* s) {
        at(s);
        const auto subject = evaluate(s->kid(0));
        if (subject.is_scalar() && !subject.from_request()) {
            std::uint32_t start = 0, otherwise = 0;
            bool sure = true;
            for (std::uint32_t i = 1; i < s->count && start == 0; ++i) {
                if (s->kids[i]->kid(0)->kind == Kind::nothing) { otherwise = i; continue; }
                const auto v = evaluate(s->kids[i]->kid(0));
                if (!v.is_scalar()) { sure = false; break; }
                if (binary(op("=="), subject, v).truth().value_or(false)) start = i;
            }
            if (sure) {
                if (start == 0) start = otherwise;
                for (std::uint32_t i = start; start > 0 && i < s->count; ++i) {
                    const auto flow = execute(s->kids[i]->kid(1));
                    if (flow == Flow::broken) return Flow::normal;
                    if (flow != Flow::normal) return flow;
                }
                return Flow::normal;
            }
        }
        ++m_uncertain;
        for (std::uint32_t i = 1; i < s->count; ++i) {
            evaluate(s->kids[i]->kid(0));
            execute(s->kids[i]->kid(1));
        }
        --m_uncertain;
        return Flow::normal;
    }

    void unset(const Node* n) {
        if (n->kind == Kind::variable && m_scope != &m_globals) m_scope->variables.erase(std::string(n->text));
    }

    // --- variables
    static Value superglobal(std::string_view name, bool& is) {
        is = true;
        if (name == "_GET" || name == "_POST" || name == "_REQUEST" || name == "_COOKIE" || name == "HTTP_GET_VARS" || name == "HTTP_POST_VARS" || name == "HTTP_COOKIE_VARS" || name == "HTTP_RAW_POST_DATA") return Value::unknown(k_request | k_whole);
        Value v;
        if (name == "_SERVER" || name == "HTTP_SERVER_VARS" || name == "_ENV") { v.special = Special::server; return v; }
        if (name == "_FILES" || name == "HTTP_POST_FILES") { v.special = Special::files; return v; }
        if (name == "GLOBALS") { v.special = Special::globals; return v; }
        is = false;
        return v;
    }
    Scope& scope_of(const std::string& name) {
        if (m_scope == &m_globals) return m_globals;
        const auto found = m_global_names.find(m_scope);
        return found != m_global_names.end() && found->second.contains(name) ? m_globals : *m_scope;
    }
    Value read_variable(const std::string& name) {
        auto& scope = scope_of(name);
        if (const auto found = scope.variables.find(name); found != scope.variables.end()) return found->second;
        bool is = false;
        auto v = superglobal(name, is);
        if (is) return v;
        if (name == "this") {
            if (!m_scope->self) return {};
            v.type = Type::object;
            v.data = m_scope->self;
            return v;
        }
        if (scope.open) return Value::unknown(k_request | k_whole | k_undefined);
        if (name == "php_self" || name == "PHP_SELF") return {};
        return Value::unknown(&scope == &m_globals ? Taint{k_undefined} : Taint{0});
    }
    void assign_variable(const std::string& name, Value value) {
        auto& scope = scope_of(name);
        if (m_uncertain > scope.certain_depth || m_uncertain > 0) {
            const auto found = scope.variables.find(name);
            if (found != scope.variables.end()) {
                // Perhaps not assigned: both truths are possible.
                if (value.type == Type::boolean && m_uncertain > scope.certain_depth && !(found->second.type == Type::boolean && found->second.integer == value.integer)) {
                    found->second = Value::unknown(static_cast<Taint>(found->second.taint & ~k_undefined));
                    return;
                }
                // What came from outside may still be there.
                constexpr Taint outside = k_request | k_whole | k_remote | k_upload;
                const Taint old = found->second.taint & outside;
                if (old & k_request && !(value.taint & k_request) && found->second.type == Type::unknown && value.type != Type::array) {
                    if (!value.is_known() || value.type == Type::null || value.type == Type::boolean || (value.is_text() && value.text().size() < 200)) value = Value::unknown(static_cast<Taint>(value.taint | old));
                }
                found->second = std::move(value);
                return;
            }
        }
        scope.variables[name] = std::move(value);
    }

    std::optional<std::string> dynamic_name(const Node* n) {
        const auto v = evaluate(n->kid(0));
        return v.is_scalar() ? v.to_text() : std::nullopt;
    }

    static std::string key_of(const Value& key) {
        if (key.type == Type::real) return std::to_string(key.to_integer().value_or(0));
        if (key.type == Type::boolean) return key.integer ? "1" : "0";
        return key.to_text().value_or("");
    }

    Value read_index(const Value& base, const Value* key) {
        switch (base.special) {
            case Special::server: {
                if (key && key->is_text()) {
                    const auto& k = key->text();
                    if (k == "HTTP_HOST" || k == "PHP_SELF" || k == "HTTP_USER_AGENT" || k == "SCRIPT_NAME") return Value::unknown(k == "HTTP_USER_AGENT" ? k_request | k_whole : k_request);
                    if (k.starts_with("HTTP_") || k == "QUERY_STRING" || k.starts_with("PHP_AUTH") || k == "REQUEST_URI" || k == "PATH_INFO" || k == "ORIG_PATH_INFO" || k == "REDIRECT_QUERY_STRING") return Value::unknown(k_request | k_whole);
                    return {};
                }
                return Value::unknown(k_request);
            }
            case Special::files: {
                if (key && key->is_text()) {
                    const auto& k = key->text();
                    if (k == "tmp_name") return Value::unknown(k_upload);
                    if (k == "error" || k == "size") return {};
                    if (k == "name" || k == "type" || k == "full_path") return Value::unknown(k_request | k_whole);
                }
                Value v = Value::unknown(k_request | k_whole | k_upload);
                v.special = Special::files;
                return v;
            }
            case Special::globals: {
                if (key && key->is_scalar()) {
                    auto* back = m_scope;
                    m_scope = &m_globals;
                    auto v = read_variable(*key->to_text());
                    m_scope = back;
                    return v;
                }
                return {};
            }
            default: break;
        }
        if (base.type == Type::array) {
            if (key && key->is_scalar()) {
                if (const auto* item = base.array().find(key_of(*key))) return *item;
                if (base.array().rest) return Value::unknown(base.array().rest);
                return base.array().incomplete ? Value::unknown(base.taint) : Value::null();
            }
            Taint taint = base.array().rest;
            bool texts = false;
            std::size_t n = 0;
            for (const auto& [k, item] : base.array().items) { if (++n > 200) break; taint |= item.taint; texts |= item.is_text(); }
            auto v = Value::unknown(static_cast<Taint>(taint & ~k_built));
            if (texts && n > 4) v.taint |= k_hidden;
            return v;
        }
        if (base.is_text() && key) {
            const auto i = key->to_integer();
            if (key->is_known() && i) {
                const auto& t = base.text();
                const auto size = static_cast<std::int64_t>(t.size());
                const auto place = *i < 0 ? size + *i : *i;
                if (place >= 0 && place < size) return Value::of(std::string(1, t[static_cast<std::size_t>(place)]), static_cast<Taint>(base.taint | k_built), base.layers);
                return Value::of(std::string(), base.taint);
            }
            return Value::unknown(static_cast<Taint>(base.taint | k_hidden));
        }
        if (base.type == Type::object) return Value::unknown(base.object().taint);
        if (base.type == Type::unknown) return Value::unknown(base.taint);
        return Value::null();
    }

    // The place that an assignment writes to; nullptr where there is none to speak of.
    Value* place(const Node* n) {
        if (!n) return nullptr;
        switch (n->kind) {
            case Kind::variable: {
                const std::string name(n->text);
                auto& scope = scope_of(name);
                const auto found = scope.variables.find(name);
                if (found != scope.variables.end()) return &found->second;
                bool is = false;
                auto v = superglobal(name, is);
                if (is) return nullptr;
                if (name == "this") return nullptr;
                if (scope.open) v = Value::unknown(k_request | k_whole);
                else v = Value::null();
                return &(scope.variables[name] = std::move(v));
            }
            case Kind::variable_variable: {
                const auto name = dynamic_name(n);
                if (!name) return nullptr;
                bool is = false;
                superglobal(*name, is);
                if (is) return nullptr;
                return &scope_of(*name).variables[*name];
            }
            case Kind::index: {
                const auto* base_node = n->kid(0);
                if (base_node->kind == Kind::variable && base_node->text == "GLOBALS" && n->count > 1) {
                    const auto key = evaluate(n->kid(1));
                    if (!key.is_scalar()) return nullptr;
                    return &m_globals.variables[*key.to_text()];
                }
                if (base_node->kind == Kind::variable_variable) {
                    const auto name = dynamic_name(base_node);
                    if (name && *name == "GLOBALS" && n->count > 1) {
                        const auto key = evaluate(n->kid(1));
                        if (!key.is_scalar()) return nullptr;
                        return &m_globals.variables[*key.to_text()];
                    }
                }
                Value key;
                if (n->count > 1) key = evaluate(n->kid(1));
                auto* base = place(base_node);
                if (!base) return nullptr;
                if (base->type == Type::null || (base->type == Type::unknown && base->taint == k_undefined) || (base->is_text() && base->text().empty())) *base = Value::list();
                if (base->type != Type::array) return nullptr;
                auto& array = base->own_array();
                if (array.items.size() > 60'000) return nullptr;
                if (n->count < 2) return &array.append();
                if (!key.is_scalar()) return nullptr;
                return &array.at(key_of(key));
            }
            case Kind::property: {
                auto object = evaluate(n->kid(0));
                if (object.type != Type::object) return nullptr;
                const auto name = property_name(n->kid(1));
                if (!name) return nullptr;
                return &object.object().properties[*name];
            }
            case Kind::static_property: {
                const auto c = class_of(n->kid(0));
                if (!c) return nullptr;
                return &object_of(c)->properties[std::string(n->kid(1)->text)];
            }
            default: return nullptr;
        }
    }
    std::optional<std::string> property_name(const Node* n) {
        if (!n) return std::nullopt;
        if (n->kind == Kind::string) return std::string(n->text);
        const auto v = evaluate(n);
        return v.is_scalar() ? v.to_text() : std::nullopt;
    }
    const Node* class_of(const Node* n) {
        std::string name;
        if (!n) return nullptr;
        if (n->kind == Kind::name) name = plain_name(n->text);
        else {
            const auto v = evaluate(n);
            if (v.type == Type::object) return v.object().declaration;
            if (!v.is_text()) return nullptr;
            name = plain_name(v.text());
        }
        if (name == "self" || name == "static") return m_scope->in_class;
        if (name == "parent") {
            if (!m_scope->in_class || !m_scope->in_class->kid(0) || m_scope->in_class->kid(0)->kind != Kind::name) return nullptr;
            name = plain_name(m_scope->in_class->kid(0)->text);
        }
        const auto found = m_classes.find(name);
        return found == m_classes.end() ? nullptr : found->second;
    }

    void assign(const Node* target, Value value) {
        if (!target) return;
        switch (target->kind) {
            case Kind::variable: {
                bool is = false;
                superglobal(target->text, is);
                if (!is) assign_variable(std::string(target->text), std::move(value));
                else if (target->text == "GLOBALS" && value.type == Type::array) for (const auto& [name, item] : value.array().items) m_globals.variables[name] = item;
                return;
            }
            case Kind::variable_variable: {
                const auto name_value = evaluate(target->kid(0));
                if (name_value.from_request() && value.from_request()) m_scope->open = true;  // $$key = $value
                const auto name = name_value.is_scalar() ? name_value.to_text() : std::nullopt;
                if (name) assign_variable(*name, std::move(value));
                return;
            }
            case Kind::list: case Kind::array: {
                std::int64_t number = 0;
                for (std::uint32_t i = 0; i < target->count; ++i, ++number) {
                    const auto* one = target->kids[i];
                    if (one->kind == Kind::nothing) continue;
                    Value key = Value::of(number);
                    if (one->kind == Kind::item) { key = evaluate(one->kid(0)); one = one->kid(1); }
                    assign(one, read_index(value, &key));
                }
                return;
            }
            default: {
                if (target->kind == Kind::index && target->count > 1 && target->kid(0)->kind == Kind::variable) {
                    // $s[3] = 'x' on a string; and writes under unknown keys.
                    if (auto* base = place(target->kid(0)); base) {
                        if (base->is_text() && !base->text().empty()) {
                            const auto key = evaluate(target->kid(1));
                            const auto i = key.to_integer();
                            const auto t = value.to_text();
                            if (i && t && *i >= 0 && *i < static_cast<std::int64_t>(base->text().size()) && !t->empty()) {
                                auto copy = base->text();
                                copy[static_cast<std::size_t>(*i)] = (*t)[0];
                                *base = Value::of(std::move(copy), static_cast<Taint>(base->taint | value.taint | k_built), static_cast<std::uint8_t>(std::max(base->layers, value.layers)));
                            } else *base = Value::unknown(static_cast<Taint>(base->taint | value.taint | k_hidden));
                            return;
                        }
                        if (base->type == Type::unknown && base->taint != k_undefined) { base->taint |= static_cast<Taint>(deep_taint(value) & ~k_whole); return; }
                        if (base->type == Type::array || base->type == Type::null) {
                            const auto key = evaluate(target->kid(1));
                            if (!key.is_scalar()) {
                                if (base->type == Type::null) *base = Value::list();
                                base->own_array().rest |= deep_taint(value);
                                base->own_array().incomplete = true;
                                return;
                            }
                        }
                    }
                }
                if (auto* there = place(target)) {
                    if (uncertain() && value.type == Type::boolean) value = Value::unknown();  // if (!isset($a['b'])) $a['b'] = false;
                    *there = std::move(value);
                } else if (target->kind == Kind::index || target->kind == Kind::property) {
                    // Into something unknown: the container takes the taint.
                    const auto* base = target;
                    while (base && (base->kind == Kind::index || base->kind == Kind::property)) base = base->kid(0);
                    if (base && base->kind == Kind::variable && value.from_request()) {
                        bool is = false;
                        superglobal(base->text, is);
                        if (!is && base->text != "this")
                            if (auto* v = place(base); v && v->type == Type::unknown) v->taint |= static_cast<Taint>(value.taint & ~k_whole);
                    }
                }
            }
        }
    }

    // --- expressions
    Value evaluate(const Node* n) {
        if (!n || !step() || m_depth > k_deepest) return {};
        ++m_depth;
        auto v = evaluate_inner(n);
        --m_depth;
        if (v.is_text()) m_bytes += v.text().size() > 4096 ? v.text().size() : 0;
        return v;
    }

    Value evaluate_inner(const Node* n);
    Value evaluate_pieces(const Node* n);
    Value name_value(const Node* n);
    Value call_expression(const Node* n);
    Value method_expression(const Node* n);
    Value static_expression(const Node* n);
    Value create_expression(const Node* n);
    Value cast(std::string_view to, Value v);

    std::vector<Value> arguments(const Node* n, std::uint32_t from) {
        std::vector<Value> out;
        for (std::uint32_t i = from; i < n->count; ++i) {
            if (n->kids[i]->kind == Kind::spread) {
                const auto v = evaluate(n->kids[i]->kid(0));
                if (v.type == Type::array) for (const auto& [k, item] : v.array().items) { if (out.size() < 64) out.push_back(item); }
                else for (int k = 0; k < 3; ++k) out.push_back(Value::unknown(v.taint));
            } else out.push_back(evaluate(n->kids[i]));
            if (out.size() > 400) break;
        }
        return out;
    }

    void assembled_names(std::string_view function, const std::vector<Value>& values);
    Value call_named(const std::string& name, std::vector<Value> values, const Node* call_node_);
    // `scope`: with self and class set; references are written back through `n`.
    Value call_node(FunctionInfo& f, std::vector<Value> values, const Node* n, Scope scope);
    Value call_method(const Value& object, const std::string& name, std::vector<Value> values, const Node* n);

    std::string_view m_text;
    Arena& m_arena;
    LexicalFacts& m_facts;
    Limits m_limits;
    Features& m_features;
    std::string& m_decoded;
    Scope m_globals;
    Scope* m_scope = nullptr;
    std::unordered_map<std::string, FunctionInfo> m_functions;
    std::vector<FunctionInfo*> m_order;
    std::unordered_map<std::string, const Node*> m_classes;
    std::unordered_map<const Node*, std::shared_ptr<Object>> m_prototypes;
    std::unordered_map<std::string, Value> m_constants;
    std::unordered_map<const Scope*, std::unordered_set<std::string>> m_global_names;
    Value m_thrown;
    std::uint64_t m_steps = 0, m_bytes = 0, m_fence = 0;
    int m_depth = 0, m_calls = 0, m_uncertain = 0, m_layer = 0, m_layers_run = 0, m_quiet = 0, m_bits = 0;
    std::uint32_t m_offset = 0, m_inner_offset = 0;
    std::string_view m_whole_current = m_text;
    const std::string_view* m_current = &m_whole_current;
    std::deque<std::string_view> m_layer_texts;
    std::unordered_set<std::uint64_t> m_seen_layers;
    std::unordered_map<const Node*, std::shared_ptr<Data>> m_literals;
    std::unordered_set<const Node*> m_closures;
    std::vector<Value> m_output_callbacks, m_error_callbacks;
    std::unordered_set<std::string> m_written, m_scripted;
    bool m_awake = false;
    std::vector<std::pair<std::shared_ptr<Object>, FunctionInfo*>> m_destroyed;
};

Value Evaluator::run_code(const Value& code, std::string_view how) {
    if (code.from_request()) sign(code.taint & k_whole || code.is_known() ? Sign::request_code : Sign::partial_code, how);
    else if (code.taint & k_upload) sign(Sign::request_code, how);
    else if (code.taint & k_remote) sign(Sign::remote_code, how);
    else if (!code.is_known() && code.taint & k_undefined) sign(Sign::undefined_code, how);
    else if (!code.is_known() && code.taint & k_hidden && (code.taint & k_decoded || code.layers > 0)) sign(Sign::hidden_code, how);
    else if (!code.is_known() && code.taint & k_file) sign(Sign::file_code, how);
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
        m_features.layers = std::max(m_features.layers, static_cast<std::uint32_t>(m_layer + 1));
        m_features.decoded_bytes += static_cast<std::uint32_t>(source.size());
        if (m_decoded.size() < (4u << 20)) m_decoded.append(source).push_back('\n');
        if (m_features.decoded.size() < 8) m_features.decoded.emplace_back(source.substr(0, 300));
    }
    LexicalFacts facts;
    const auto tokens = tokenize(source, true, m_arena, facts, 400'000);
    auto* root = parse(tokens, m_arena, facts);
    m_facts.tokens += facts.tokens;
    m_facts.escaped_bytes += facts.escaped_bytes;
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

Value Evaluator::invoke(const Value& callable, std::vector<Value> values, std::string_view how) {
    Taint given = 0;
    for (const auto& v : values) given |= deep_taint(v);
    if (callable.type == Type::closure) {
        auto& closure = callable.closure();
        FunctionInfo info{closure.node, nullptr, 0, 0, {}};
        Scope scope;
        scope.variables = closure.bound;
        scope.self = m_scope->self;
        scope.in_class = m_scope->in_class;
        return call_node(info, std::move(values), nullptr, std::move(scope));
    }
    if (callable.is_text()) {
        const auto& text = callable.text();
        if (text.empty() || text.size() > 200) return {};
        const auto colons = text.find("::");
        if (colons != text.npos) {
            if (auto* f = method(plain_name(text.substr(0, colons)), lowered(text.substr(colons + 2)))) {
                Scope scope;
                scope.in_class = f->in_class;
                scope.self = f->in_class ? object_of(f->in_class) : nullptr;
                return call_node(*f, std::move(values), nullptr, std::move(scope));
            }
            return Value::unknown(static_cast<Taint>(given & ~k_whole));
        }
        auto name = plain_name(text);
        if (callable.taint & (k_built | k_decoded) && is_dangerous(name)) sign(Sign::hidden_name, name);
        if (callable.taint & k_self && given & k_request && !m_functions.contains(name)) sign(Sign::hidden_callable, "the script's own name");
        if (name == "eval") return run_code(values.empty() ? Value() : values[0], "eval");
        return call_named(name, std::move(values), nullptr);
    }
    if (callable.type == Type::array && callable.array().items.size() == 2) {
        const auto& object = callable.array().items[0].second;
        const auto& name = callable.array().items[1].second;
        if (object.type == Type::object && name.is_text()) return call_method(object, lowered(name.text()), std::move(values), nullptr);
        if (object.is_text() && name.is_text()) return invoke(Value::of(object.text() + "::" + name.text()), std::move(values), how);
        if (object.from_request() || name.from_request()) sign(given & k_request ? Sign::request_callable : Sign::partial_callable, how);
        return Value::unknown(static_cast<Taint>(given & ~k_whole));
    }
    if (callable.type == Type::object) return call_method(callable, "__invoke", std::move(values), nullptr);
    if (callable.from_request()) {
        // A known beginning ("action_" . $_GET[x]) limits what can be called.
        if (callable.taint & k_whole && callable.prefix().empty()) sign(Sign::request_callable, given & k_request ? "with arguments" : "");
        else sign(Sign::partial_callable, how);
    } else if (callable.taint & k_remote) sign(Sign::remote_code, how);
    else if (callable.taint & k_hidden && callable.taint & (k_decoded | k_built) && given & (k_request | k_hidden)) sign(Sign::hidden_callable, how);
    else if (callable.taint & k_undefined && given & (k_request | k_undefined)) sign(Sign::undefined_callable, how);
    return Value::unknown(static_cast<Taint>(given | (callable.taint & k_request)));
}

Value Evaluator::call_node(FunctionInfo& f, std::vector<Value> values, const Node* n, Scope scope) {
    ++f.calls;
    if (m_calls >= k_deepest_call || exhausted()) {
        Taint taint = 0;
        for (const auto& v : values) taint |= deep_taint(v);
        return Value::unknown(taint);
    }
    // Calls that bring nothing new are not followed again and again.
    bool plain = true;
    for (const auto& v : values) plain &= !v.is_known() && (v.taint & ~k_undefined) == 0;
    if (plain && !values.empty() && ++f.plain_calls > 4 && n) return f.last;
    if (f.calls > 3000) return f.last;
    const auto* node = f.node;
    const auto count = node->op;
    for (std::uint32_t i = 0; i < count && i < node->count; ++i) {
        const auto* p = node->kids[i];
        Value v;
        if (p->flags & 2) {
            v = Value::list();
            for (std::size_t k = i; k < values.size(); ++k) v.array().append() = values[k];
        } else if (i < values.size()) v = values[i];
        else if (p->count && n) v = evaluate(p->kids[0]);
        else if (p->count) { v = evaluate(p->kids[0]); if (v.type != Type::string || v.text().size() < 20) v = {}; }
        scope.variables[std::string(p->text)] = std::move(v);
    }
    scope.variables.try_emplace("func_get_args()", [&] { Value list = Value::list(); for (auto& v : values) list.array().append() = v; return list; }());
    auto* back = m_scope;
    scope.certain_depth = m_uncertain;
    m_scope = &scope;
    ++m_calls;
    execute(node->kid(node->count - 1));
    --m_calls;
    m_global_names.erase(&scope);
    m_scope = back;
    if (n)  // what references bring back
        for (std::uint32_t i = 0; i < count && i + 1 < n->count + 0u; ++i)
            if (node->kids[i]->flags & 1) {
                const auto* target = n->kids[i + (n->kind == Kind::call ? 1 : 2)];
                if (target && (i + (n->kind == Kind::call ? 1u : 2u)) < n->count)
                    if (const auto found = scope.variables.find(std::string(node->kids[i]->text)); found != scope.variables.end()) assign(target, found->second);
            }
    Value result = scope.has_result ? std::move(scope.result) : Value::null();
    f.last = result;
    return result;
}

// 'as' . 'sert' given to something that will call it: nobody needs to hide such a name.
void Evaluator::assembled_names(std::string_view function, const std::vector<Value>& values) {
    if (function == "function_exists" || function == "is_callable" || function == "in_array" || function == "array_push" || function == "define") return;
    static const std::unordered_set<std::string_view> hidden{"assert", "system", "shell_exec", "passthru", "create_function", "eval", "popen", "proc_open", "pcntl_exec"};
    for (const auto& v : values)
        if (v.is_text() && v.taint & (k_built | k_decoded) && v.text().size() < 20 && hidden.contains(lowered(v.text()))) sign(Sign::hidden_name, v.text());
}

Value Evaluator::call_named(const std::string& name, std::vector<Value> values, const Node* n) {
    if (const auto found = m_functions.find(name); found != m_functions.end() && found->second.node) {
        Scope scope;
        return call_node(found->second, std::move(values), n, std::move(scope));
    }
    for (const auto& v : values) if (v.type == Type::array) m_steps += v.array().items.size() / 8;
    if (auto result = call_sink(*this, name, values)) {
        if (!values.empty() && is_callback_taker(name)) assembled_names(name, values);
        return std::move(*result);
    }
    // Functions that change their argument or the scope.
    if (n && n->count > 1) {
        const auto* first = n->kids[1];
        if (name == "array_push" && values.size() > 1) {
            values[0] = {};  // or the list would be copied
            if (auto* list = place(first)) {
                if (list->type == Type::null) *list = Value::list();
                if (list->type == Type::array) for (std::size_t i = 1; i < values.size(); ++i) list->own_array().append() = values[i];
                else list->taint |= static_cast<Taint>(deep_taint(values[1]) & ~k_whole);
            }
            return {};
        }
        if ((name == "array_pop" || name == "array_shift" || name == "end" || name == "reset" || name == "current" || name == "pos" || name == "next") && values[0].type == Type::array && !values[0].array().items.empty()) {
            const bool last = name == "array_pop" || name == "end";
            const auto& items = values[0].array().items;
            const auto which = name == "next" ? std::min<std::size_t>(1, items.size() - 1) : last ? items.size() - 1 : 0;
            Value v = items[which].second;
            if (name.starts_with("array_"))
                if (auto* list = place(first); list && list->type == Type::array) {
                    m_steps += items.size();
                    const auto key = items[which].first;
                    auto& own = list->own_array();
                    own.erase(key);
                    if (!last) {
                        auto old = std::move(own.items);
                        own = ArrayData();
                        for (auto& [k, item] : old) own.append() = std::move(item);
                    }
                }
            return v;
        }
        if (name == "settype" || name == "shuffle" || name == "sort" || name == "rsort" || name == "ksort" || name == "krsort" || name == "asort") {
            if (auto* list = place(first); list && list->type == Type::array && name != "shuffle" && name != "settype") {
                auto items = list->array().items;
                std::stable_sort(items.begin(), items.end(), [&](const auto& a, const auto& b) {
                    if (name[0] == 'k') { const auto x = Value::of(a.first), y = Value::of(b.first); const bool numbers = x.text().find_first_not_of("0123456789") == std::string::npos && y.text().find_first_not_of("0123456789") == std::string::npos; const bool less = numbers ? x.to_integer() < y.to_integer() : a.first < b.first; return name == "krsort" ? (a.first != b.first && !less) : less; }
                    const auto x = a.second.to_text().value_or(""), y = b.second.to_text().value_or("");
                    return name == "rsort" ? x > y : x < y;
                });
                auto& own = list->own_array();
                own = ArrayData();
                for (auto& [k, item] : items) { if (name[0] == 'k' || name == "asort") own.at(k) = item; else own.append() = item; }
            }
            return Value::of(true);
        }
        if (name == "preg_match" || name == "preg_match_all") {
            if (values.size() > 2 && n->count > 3) {
                Taint taint = deep_taint(values[1]);
                const bool cut_out = values[1].is_text() && (values[1].text().size() > 200 || values[0].is_text());
                assign(n->kids[3], Value::unknown(static_cast<Taint>((taint & ~k_whole) | ((taint & (k_request | k_self)) || cut_out ? k_hidden : 0) | (cut_out ? k_built : 0))));
            }
            return {};
        }
        if (name == "parse_str" || name == "mb_parse_str") {
            if (n->count > 2) assign(n->kids[2], Value::unknown(deep_taint(values[0])));
            else if (values[0].from_request()) m_scope->open = true;
            return {};
        }
        if (name == "openssl_public_decrypt" || name == "openssl_private_decrypt" || name == "exec") {
            if (n->count > 2) assign(n->kids[2], Value::unknown(static_cast<Taint>(deep_taint(values[0]) | k_decoded)));
            return {};
        }
    }
    if (name == "func_get_args") { const auto found = m_scope->variables.find("func_get_args()"); return found == m_scope->variables.end() ? Value() : found->second; }
    if (name == "func_get_arg") { const auto found = m_scope->variables.find("func_get_args()"); return found == m_scope->variables.end() || values.empty() ? Value() : read_index(found->second, &values[0]); }
    if (name == "define" && values.size() > 1 && values[0].is_text()) { m_constants[values[0].text()] = values[1]; return Value::of(true); }
    if (name == "constant" && !values.empty() && values[0].is_text()) {
        if (const auto found = m_constants.find(values[0].text()); found != m_constants.end()) return found->second;
        return {};
    }
    if (name == "compact") {
        Value list = Value::list();
        for (const auto& v : values) if (v.is_text()) list.array().at(v.text()) = read_variable(v.text());
        return list;
    }
    if (name == "exif_read_data" || name == "read_exif_data" || name == "iptcparse") return Value::unknown(k_request | k_whole);
    if (name == "get_defined_functions") return Value::unknown(k_hidden | k_decoded);
    if (name == "get_defined_vars") { Value v = Value::unknown(k_request | k_whole); return v; }
    if (name == "function_exists" && !values.empty() && values[0].is_text()) return m_functions.contains(lowered(values[0].text())) ? Value::of(true) : Value();
    if (name == "array_key_first" || name == "key") {
        if (!values.empty() && values[0].type == Type::array && !values[0].array().items.empty()) return Value::of(values[0].array().items[0].first);
    }
    if (auto folded = fold(name, values, m_text)) {
        if (folded->is_text()) m_bytes += folded->text().size();
        return std::move(*folded);
    }
    if (is_sanitizer(name)) return {};
    Taint taint = 0;
    bool large = false;
    std::uint8_t layers = 0;
    for (const auto& v : values) {
        taint |= deep_taint(v);
        layers = std::max(layers, v.layers);
        large |= v.is_text() && v.text().size() > 200;
    }
    if (is_decoder(name)) taint |= k_decoded;
    auto v = Value::unknown(static_cast<Taint>(taint & ~(k_undefined | k_built)));
    if (large) v.taint |= k_hidden;
    v.layers = layers;
    return v;
}

Value Evaluator::call_method(const Value& object, const std::string& name, std::vector<Value> values, const Node* n) {
    Taint given = 0;
    for (const auto& v : values) given |= deep_taint(v);
    if (object.type == Type::closure || object.is_text()) {
        if (name == "__invoke" || name == "invoke" || name == "call" || name == "invokeargs") return invoke(object, std::move(values), name);
        if (object.type == Type::closure) return object;
    }
    if (object.type == Type::object) {
        auto& o = object.object();
        o.taint |= given & static_cast<Taint>(~k_whole);
        if (auto* f = method(o.class_name, name); f && f->node) {
            Scope scope;
            scope.self = std::static_pointer_cast<Object>(object.data);
            scope.in_class = f->in_class;
            return call_node(*f, std::move(values), n, std::move(scope));
        }
        if (auto* f = method(o.class_name, "__call"); f && f->node) {
            Scope scope;
            scope.self = std::static_pointer_cast<Object>(object.data);
            scope.in_class = f->in_class;
            Value list = Value::list();
            for (auto& v : values) list.array().append() = v;
            return call_node(*f, {Value::of(name), list}, nullptr, std::move(scope));
        }
        if (const auto p = o.properties.find(name); p != o.properties.end() && p->second.type == Type::closure) return invoke(p->second, std::move(values), name);
        // A trait's method: the only one of its name.
        if (o.declaration) {
            FunctionInfo* only = nullptr;
            int same = 0;
            for (auto* f : m_order) if (f->node && f->in_class && lowered(f->node->text) == name) only = f, ++same;
            if (same == 1) {
                Scope scope;
                scope.self = std::static_pointer_cast<Object>(object.data);
                scope.in_class = only->in_class;
                return call_node(*only, std::move(values), n, std::move(scope));
            }
        }
    }
    assembled_names(name, values);
    if (auto result = call_method_sink(*this, object, name, values)) return std::move(*result);
    Taint taint = static_cast<Taint>(given | object.taint);
    if (object.type == Type::object) {
        taint |= object.object().taint;
        return Value::unknown(static_cast<Taint>(taint));
    }
    return Value::unknown(static_cast<Taint>(taint & ~(k_whole | k_built | k_undefined)));
}

Value Evaluator::name_value(const Node* n) {
    const auto& text = n->text;
    if (text.size() <= 5) {
        const auto low = lowered(text);
        if (low == "true") return Value::of(true);
        if (low == "false") return Value::of(false);
        if (low == "null") return Value::null();
        if (low == "inf") return Value::of(1e308 * 10);
    }
    if (const auto found = m_constants.find(std::string(text)); found != m_constants.end()) return found->second;
    if (text == "PHP_EOL") return Value::of(std::string("\n"));
    if (text == "DIRECTORY_SEPARATOR") return Value::of(std::string("/"));
    if (text == "PHP_OS") return {};
    if (text == "PHP_INT_MAX") return Value::of(INT64_MAX);
    if (text == "SEEK_SET") return Value::of(std::int64_t{0});
    if (text == "__FILE__" || text == "__DIR__" ) { auto v = Value::of(std::string(text == "__FILE__" ? "/__self__.php" : "/")); v.taint = k_self; return v; }
    if (text == "__LINE__") return Value::of(1 + static_cast<std::int64_t>(std::count(m_current->begin(), m_current->begin() + std::min<std::ptrdiff_t>(n->offset, static_cast<std::ptrdiff_t>(m_current->size())), '\n')));
    if (text == "__COMPILER_HALT_OFFSET__") {
        const auto hit = m_text.rfind("__halt_compiler");
        if (hit != m_text.npos) { const auto end = m_text.find(';', hit); if (end != m_text.npos) return Value::of(static_cast<std::int64_t>(end + 1)); }
        return {};
    }
    if (text == "__CLASS__" && m_scope->in_class) return Value::of(std::string(m_scope->in_class->text));
    if (text == "__FUNCTION__" || text == "__METHOD__" || text == "__CLASS__") return {};
    if (m_bits > 0 && text.size() < 24 && !text.starts_with("E_")) return Value::of(std::string(text));  // 'a' ^ Q_x: a text
    if (text.find('\\') == text.npos && !(text[0] >= 'A' && text[0] <= 'Z' && text.find('_') != text.npos)) return Value::of(std::string(text));  // $_POST[cmd]
    return {};
}

Value Evaluator::cast(std::string_view to, Value v) {
    switch (to[0]) {
        case 'i':
            if (const auto n = v.to_integer()) return Value::of(*n);
            return {};
        case 'f': case 'd': case 'r':
            if (const auto n = v.to_real()) return Value::of(*n);
            return {};
        case 'b':
            if (to == "binary") return v;
            if (const auto t = v.truth(); t && v.is_known()) return Value::of(*t);
            return {};
        case 's': {
            if (v.type == Type::object) return call_method(v, "__tostring", {}, nullptr);
            auto t = v.to_text();
            if (t) return Value::of(std::move(*t), v.taint, v.layers);
            return v;
        }
        case 'a': {
            if (v.type == Type::array || v.type == Type::unknown) return v;
            if (v.type == Type::object) { Value list = Value::list(); for (const auto& [k, item] : v.object().properties) list.array().at(k) = item; return list; }
            Value list = Value::list();
            if (v.type != Type::null) list.array().append() = v;
            return list;
        }
        case 'o': {
            if (v.type != Type::array) return v;
            auto object = std::make_shared<Object>();
            object->class_name = "stdclass";
            for (const auto& [k, item] : v.array().items) object->properties[k] = item, object->taint |= item.taint;
            Value out;
            out.type = Type::object;
            out.data = object;
            return out;
        }
        case 'u': return Value::null();
        default: return v;
    }
}

Value Evaluator::call_expression(const Node* n) {
    const auto* callee = n->kid(0);
    if (callee->kind == Kind::name) {
        auto name = plain_name(callee->text);
        at(n);
        auto values = arguments(n, 1);
        at(n);
        return call_named(name, std::move(values), n);
    }
    auto f = evaluate(callee);
    auto values = arguments(n, 1);
    at(n);
    if (f.is_text()) {
        const auto name = plain_name(f.text());
        if (f.taint & (k_built | k_decoded) && is_dangerous(name)) sign(Sign::hidden_name, name);
        if (f.taint & k_self && !m_functions.contains(name) && std::any_of(values.begin(), values.end(), [](const Value& v) { return (deep_taint(v) & k_request) != 0; })) sign(Sign::hidden_callable, "the script's own name");
        if (const auto found = m_functions.find(name); found != m_functions.end() && found->second.node) return call_named(name, std::move(values), n);
        if (f.text().find("::") == std::string::npos) return name == "eval" ? run_code(values.empty() ? Value() : values[0], "eval") : call_named(name, std::move(values), n);
    }
    return invoke(f, std::move(values), "call");
}

Value Evaluator::method_expression(const Node* n) {
    auto object = evaluate(n->kid(0));
    const auto* name_node = n->kid(1);
    Value name = name_node->kind == Kind::string ? Value::of(lowered(name_node->text)) : evaluate(name_node);
    auto values = arguments(n, 2);
    at(n);
    if (name.type == Type::closure) return invoke(name, std::move(values), "call");
    if (name.is_text()) return call_method(object, lowered(name.text()), std::move(values), n);
    Taint given = 0;
    for (const auto& v : values) given |= deep_taint(v);
    if (name.from_request()) {
        sign(Sign::partial_callable, "method");
    }
    return Value::unknown(static_cast<Taint>(given & ~k_whole));
}

Value Evaluator::static_expression(const Node* n) {
    const auto* c = class_of(n->kid(0));
    std::string class_name = n->kid(0)->kind == Kind::name ? plain_name(n->kid(0)->text) : std::string();
    const auto* name_node = n->kid(1);
    Value name = name_node->kind == Kind::string ? Value::of(lowered(name_node->text)) : evaluate(name_node);
    auto values = arguments(n, 2);
    at(n);
    if (c && name.is_text()) {
        if (auto* f = method(lowered(c->text), lowered(name.text()))) {
            Scope scope;
            scope.in_class = f->in_class;
            scope.self = m_scope->self && class_name == "parent" ? m_scope->self : object_of(c);
            return call_node(*f, std::move(values), n, std::move(scope));
        }
        if (auto* f = method(lowered(c->text), "__callstatic")) {
            Scope scope;
            scope.in_class = f->in_class;
            Value list = Value::list();
            for (auto& v : values) list.array().append() = v;
            return call_node(*f, {name, list}, nullptr, std::move(scope));
        }
    }
    if (name.is_text() && lowered(name.text()) == "fromcallable" && !values.empty()) return values[0];
    const auto class_value = n->kid(0)->kind == Kind::name ? Value() : evaluate(n->kid(0));
    Taint given = 0;
    for (const auto& v : values) given |= deep_taint(v);
    if (class_value.from_request() || name.from_request()) sign(Sign::partial_callable, "static method");
    if (name.is_text()) {
        Value object;
        object.type = Type::object;
        auto made = std::make_shared<Object>();
        made->class_name = class_value.is_text() ? plain_name(class_value.text()) : class_name;
        object.data = made;
        if (made->class_name == "ffi" && (lowered(name.text()) == "cdef" || lowered(name.text()) == "load")) return object;
        if (auto result = call_method_sink(*this, object, lowered(name.text()), values)) return std::move(*result);
    }
    return Value::unknown(static_cast<Taint>(given & ~(k_whole | k_built)));
}

// unserialize() of something foreign: every class here may come to life with properties of the request.
void Evaluator::awaken(Taint taint) {
    if (m_awake) return;
    m_awake = true;
    std::vector<FunctionInfo*> all(m_order.begin(), m_order.end());
    for (auto* f : all) {
        if (!f->in_class || !f->node || exhausted()) continue;
        const auto name = lowered(f->node->text);
        if (name != "__destruct" && name != "__wakeup" && name != "__tostring" && name != "__unserialize") continue;
        auto object = std::make_shared<Object>();
        object->class_name = lowered(f->in_class->text);
        object->declaration = f->in_class;
        initialize(*object, f->in_class, 0);
        for (auto& [key, value] : object->properties) value = Value::unknown(taint);
        Scope scope;
        scope.self = object;
        scope.in_class = f->in_class;
        call_node(*f, {}, nullptr, std::move(scope));
    }
}

Value Evaluator::create(std::string_view class_name, std::vector<Value> values) {
    const auto found = m_classes.find(plain_name(class_name));
    if (found == m_classes.end()) return {};
    auto object = std::make_shared<Object>();
    object->class_name = found->first;
    object->declaration = found->second;
    initialize(*object, found->second, 0);
    Value result;
    result.type = Type::object;
    result.data = object;
    if (auto* f = method(object->class_name, "__construct"); f && f->node) {
        Scope scope;
        scope.self = object;
        scope.in_class = f->in_class;
        call_node(*f, std::move(values), nullptr, std::move(scope));
    }
    return result;
}

std::vector<Value> Evaluator::class_constants(std::string_view class_name, std::vector<std::string>& names) {
    std::vector<Value> all;
    const auto found = m_classes.find(plain_name(class_name));
    if (found == m_classes.end()) return all;
    for (std::uint32_t i = 1; i < found->second->count; ++i) {
        const auto* member = found->second->kids[i];
        if (member->kind != Kind::constant) continue;
        names.emplace_back(member->text);
        all.push_back(evaluate(member->kid(1)));
    }
    return all;
}

Value Evaluator::create_expression(const Node* n) {
    const auto* what = n->kid(0);
    const Node* declaration = nullptr;
    std::string name;
    Value class_value;
    if (what->kind == Kind::class_) {
        declaration = what;
        for (std::uint32_t i = 1; i < what->count; ++i)
            if (what->kids[i]->kind == Kind::function) add_function("::" + lowered(what->kids[i]->text), what->kids[i], what);
    } else if (what->kind == Kind::name) {
        name = plain_name(what->text);
        declaration = class_of(what);
    } else {
        class_value = evaluate(what);
        if (class_value.is_text()) {
            name = plain_name(class_value.text());
            if (const auto found = m_classes.find(name); found != m_classes.end()) declaration = found->second;
        }
    }
    auto values = arguments(n, 1);
    at(n);
    Taint given = 0;
    for (const auto& v : values) given |= deep_taint(v);
    auto object = std::make_shared<Object>();
    Value result;
    result.type = Type::object;
    object->taint = given;
    object->arguments = values;
    result.data = object;
    if (declaration) {
        object->class_name = lowered(declaration->text);
        object->declaration = declaration;
        object->taint = 0;
        initialize(*object, declaration, 0);
        auto* f = method(object->class_name, "__construct");
        if (!f) f = method(object->class_name, object->class_name);
        if (f && f->node) {
            Scope scope;
            scope.self = object;
            scope.in_class = f->in_class;
            call_node(*f, std::move(values), n, std::move(scope));
        }
        if (auto* d = method(object->class_name, "__destruct"); d && d->node) {
            // At the end of the script, with the properties as the constructor and later assignments left them.
            m_destroyed.emplace_back(object, d);
        }
        return result;
    }
    object->class_name = name;
    if (class_value.from_request()) sign(class_value.taint & k_whole && class_value.prefix().empty() && given & k_request ? Sign::request_callable : Sign::partial_callable, "new");
    create_sink(*this, name, values);
    return result;
}

// a . b . c . ...: thousands of pieces are a tree as deep; its left side is walked, not entered.
Value Evaluator::evaluate_pieces(const Node* n) {
    std::vector<const Node*> pieces;
    for (; n->kind == Kind::binary && n->op == op("."); n = n->kid(0)) pieces.push_back(n->kid(1));
    Value sum = evaluate(n);
    if (sum.type == Type::object) sum = cast("string", sum);
    for (auto piece = pieces.rbegin(); piece != pieces.rend() && step(); ++piece) {
        auto next = evaluate(*piece);
        if (next.type == Type::object) next = cast("string", next);
        const bool grows = sum.is_text() && next.is_text() && sum.data.use_count() == 1 && !sum.text().empty() && !next.text().empty();
        if (grows && sum.text().size() + next.text().size() < (8u << 20)) {
            static_cast<StringData&>(*sum.data).text += next.text();
            sum.taint = static_cast<Taint>(((sum.taint | next.taint) & ~k_whole) | k_built);
            sum.layers = std::max(sum.layers, next.layers);
        } else sum = concatenate(sum, next);
    }
    return sum;
}

Value Evaluator::evaluate_inner(const Node* n) {
    switch (n->kind) {
        case Kind::integer: {
            std::string digits(n->text);
            digits.erase(std::remove(digits.begin(), digits.end(), '_'), digits.end());
            if (digits.size() > 40) return Value::of(0.0);
            errno = 0;
            int base = 10;
            const char* start = digits.c_str();
            if (digits.size() > 1 && digits[0] == '0') {
                if (digits[1] == 'x' || digits[1] == 'X') base = 16;
                else if (digits[1] == 'b' || digits[1] == 'B') base = 2, start += 2;
                else base = 8;
            }
            const auto value = std::strtoll(start, nullptr, base);
            if (errno) return Value::of(std::strtod(digits.c_str(), nullptr));
            return Value::of(static_cast<std::int64_t>(value));
        }
        case Kind::real: return Value::of(std::strtod(std::string(n->text.substr(0, 60)).c_str(), nullptr));
        case Kind::string: {
            auto& cached = m_literals[n];
            if (!cached) cached = std::make_shared<StringData>(std::string(n->text));
            Value v;
            v.type = Type::string;
            v.data = cached;
            return v;
        }
        case Kind::interpolated: {
            Value v = Value::of(std::string());
            for (std::uint32_t i = 0; i < n->count; ++i) v = concatenate(v, evaluate(n->kids[i]));
            return v;
        }
        case Kind::shell: {
            Value v = Value::of(std::string());
            for (std::uint32_t i = 0; i < n->count; ++i) v = concatenate(v, evaluate(n->kids[i]));
            at(n);
            return run_command(*this, v, "backticks");
        }
        case Kind::variable: return read_variable(std::string(n->text));
        case Kind::variable_variable: {
            const auto v = evaluate(n->kid(0));
            if (v.is_scalar()) return read_variable(*v.to_text());
            if (v.type == Type::closure) return v;
            if (v.from_request()) return Value::unknown(k_request | k_whole);
            // ${'_' . $x}: only the request's variables are called so.
            if (v.prefix() == "_" || v.prefix().starts_with("_P") || v.prefix().starts_with("_G") || v.prefix().starts_with("_R")) return Value::unknown(k_request | k_whole);
            return Value::unknown(static_cast<Taint>(v.taint & k_hidden));
        }
        case Kind::index: {
            const auto base = evaluate(n->kid(0));
            if (n->count < 2) return base;
            const auto key = evaluate(n->kid(1));
            auto v = read_index(base, &key);
            return v;
        }
        case Kind::property: {
            const auto object = evaluate(n->kid(0));
            const auto name = property_name(n->kid(1));
            if (object.type == Type::object) {
                if (name) {
                    const auto found = object.object().properties.find(*name);
                    if (found != object.object().properties.end()) return found->second;
                    if (auto* f = method(object.object().class_name, "__get"); f && f->node && m_calls < 6) {
                        Scope scope;
                        scope.self = std::static_pointer_cast<Object>(object.data);
                        scope.in_class = f->in_class;
                        return call_node(*f, {Value::of(*name)}, nullptr, std::move(scope));
                    }
                }
                return Value::unknown(object.object().taint);
            }
            return Value::unknown(static_cast<Taint>(object.taint & ~k_undefined));
        }
        case Kind::static_property: {
            if (const auto* c = class_of(n->kid(0))) {
                const auto& properties = object_of(c)->properties;
                const auto found = properties.find(std::string(n->kid(1)->text));
                return found == properties.end() ? Value() : found->second;
            }
            return {};
        }
        case Kind::class_constant: {
            if (const auto* c = class_of(n->kid(0)))
                for (std::uint32_t i = 1; i < c->count; ++i)
                    if (c->kids[i]->kind == Kind::constant && c->kids[i]->text == n->kid(1)->text) return evaluate(c->kids[i]->kid(1));
            if (n->kid(1)->kind == Kind::string && n->kid(1)->text == "class") return n->kid(0)->kind == Kind::name ? Value::of(std::string(n->kid(0)->text)) : Value();
            return {};
        }
        case Kind::name: return name_value(n);
        case Kind::call: return call_expression(n);
        case Kind::method_call: return method_expression(n);
        case Kind::static_call: return static_expression(n);
        case Kind::create: return create_expression(n);
        case Kind::array: {
            Value list = Value::list();
            auto& array = list.array();
            for (std::uint32_t i = 0; i < n->count && i < 60'000; ++i) {
                const auto* one = n->kids[i];
                if (one->kind == Kind::item) {
                    const auto key = evaluate(one->kid(0));
                    auto v = evaluate(one->kid(1));
                    if (key.is_scalar()) array.at(key_of(key)) = std::move(v);
                    else array.rest |= static_cast<Taint>(deep_taint(v) | key.taint), array.incomplete = true;
                } else if (one->kind == Kind::spread) {
                    const auto v = evaluate(one->kid(0));
                    if (v.type == Type::array) for (const auto& [k, item] : v.array().items) array.append() = item;
                    else array.rest |= v.taint, array.incomplete = true;
                } else if (one->kind != Kind::nothing) array.append() = evaluate(one);
            }
            return list;
        }
        case Kind::item: return evaluate(n->kid(1));
        case Kind::unary: {
            auto v = evaluate(n->kid(0));
            switch (n->op) {
                case op("!"): { const auto t = v.is_known() ? v.truth() : std::nullopt; return t ? Value::of(!*t) : Value(); }
                case op("-"): return binary(op("-"), Value::of(std::int64_t{0}), v);
                case op("+"): return binary(op("+"), Value::of(std::int64_t{0}), v);
                case op("~"): {
                    if (v.is_text()) {
                        auto t = v.text();
                        for (auto& c : t) c = static_cast<char>(~c);
                        return Value::of(std::move(t), static_cast<Taint>(v.taint | k_built | k_decoded), static_cast<std::uint8_t>(v.layers + 1));
                    }
                    if (v.type == Type::integer) return Value::of(~v.integer);
                    if (!v.is_known()) { v.taint |= k_decoded; return v; }
                    return {};
                }
                default: return {};
            }
        }
        case Kind::binary: {
            if (n->op == op(".")) return evaluate_pieces(n);
            const int bits = n->op == op("^") || n->op == op("|") || n->op == op("&") ? 1 : 0;
            m_bits += bits;
            // The right side of && and || may not be reached.
            auto a = evaluate(n->kid(0));
            if (n->op == op("??")) {
                if (a.is_known() && a.type != Type::null) return a;
                auto b = evaluate(n->kid(1));
                if (a.type == Type::null) return b;
                if (a.from_request()) return a;
                return b.from_request() ? b : a.taint & k_undefined ? b : a;
            }
            if (n->op == op("&&") || n->op == op("||")) {
                const auto t = a.is_known() ? a.truth() : std::nullopt;
                if (t && *t == (n->op == op("||"))) return Value::of(*t);
                if (!t) ++m_uncertain;
                auto b = evaluate(n->kid(1));
                if (!t) --m_uncertain;
                return binary(n->op, a, b);
            }
            const auto b = evaluate(n->kid(1));
            m_bits -= bits;
            return binary(n->op, a, b);
        }
        case Kind::assign: case Kind::assign_ref: {
            auto v = evaluate(n->kid(1));
            assign(n->kid(0), v);
            return v;
        }
        case Kind::assign_op: {
            if (n->op == op(".")) {
                auto b = evaluate(n->kid(1));
                if (auto* there = n->kid(0)->kind == Kind::variable ? place(n->kid(0)) : nullptr; there && there->is_text() && b.is_text() && there->data.use_count() == 1 && there->text().size() + b.text().size() < (8u << 20)) {
                    // In place: decoders append a byte at a time.
                    static_cast<StringData&>(*there->data).text += b.text();
                    there->taint = static_cast<Taint>(((there->taint | b.taint) & ~k_whole) | k_built);
                    there->layers = std::max(there->layers, b.layers);
                    m_bytes += b.text().size();
                    return {};
                }
                auto a = evaluate(n->kid(0));
                const bool fresh = n->kid(0)->kind == Kind::variable && !m_scope->open && !scope_of(std::string(n->kid(0)->text)).variables.contains(std::string(n->kid(0)->text));
                if (a.type == Type::unknown && (a.taint & ~k_undefined) == 0 && (a.taint & k_undefined || fresh)) a = Value::of(std::string());
                auto v = concatenate(a, b);
                assign(n->kid(0), v);
                return v;
            }
            auto a = evaluate(n->kid(0));
            if (n->op == op("??")) {
                if (a.is_known() && a.type != Type::null) return a;
                auto v = evaluate(n->kid(1));
                assign(n->kid(0), v);
                return v;
            }
            auto v = binary(n->op, a, evaluate(n->kid(1)));
            assign(n->kid(0), v);
            return v;
        }
        case Kind::increment: {
            auto before = evaluate(n->kid(0));
            Value after;
            const bool up = n->op == op("++");
            if (before.is_text() && !before.text().empty() && up && before.text().find_first_not_of("0123456789") != std::string::npos) {
                auto t = before.text();  // "a"++ is "b", "Az"++ is "Ba"
                for (auto i = t.size(); i-- > 0;) {
                    if (t[i] == 'z') t[i] = 'a';
                    else if (t[i] == 'Z') t[i] = 'A';
                    else if (t[i] == '9') t[i] = '0';
                    else { ++t[i]; break; }
                    if (i == 0) t.insert(t.begin(), t[0] == '0' ? '1' : t[0]);
                }
                after = Value::of(std::move(t), static_cast<Taint>(before.taint | k_built));
            } else if (before.type == Type::unknown && before.taint == k_undefined) after = up ? Value::of(std::int64_t{1}) : Value::null();
            else after = binary(up ? op("+") : op("-"), before, Value::of(std::int64_t{1}));
            assign(n->kid(0), after);
            return n->flags ? after : before;
        }
        case Kind::ternary: {
            const auto c = evaluate(n->kid(0));
            const auto t = c.is_known() && !(c.taint & k_request) ? c.truth() : std::nullopt;
            const bool brief = n->kid(1)->kind == Kind::nothing;
            if (t) return *t ? (brief ? c : evaluate(n->kid(1))) : evaluate(n->kid(2));
            ++m_uncertain;
            auto a = brief ? c : evaluate(n->kid(1));
            auto b = evaluate(n->kid(2));
            --m_uncertain;
            if (a.from_request()) return a;
            if (b.from_request()) return b;
            if (a.is_text() && a.text().size() > 2) return a;
            if (b.is_known()) return b;
            return a;
        }
        case Kind::cast: return cast(n->text, evaluate(n->kid(0)));
        case Kind::is_set: {
            for (std::uint32_t i = 0; i < n->count; ++i)
                if (n->kids[i]->kind == Kind::variable) {
                    const auto v = read_variable(std::string(n->kids[i]->text));
                    if (!v.is_known()) return {};
                } else if (n->kids[i]->kind != Kind::nothing) return {};
            return {};
        }
        case Kind::is_empty: { const auto v = evaluate(n->kid(0)); (void)v; return {}; }
        case Kind::include: {
            const auto v = evaluate(n->kid(0));
            at(n);
            ++m_features.includes;
            return include_file(*this, v);
        }
        case Kind::eval: {
            const auto v = evaluate(n->kid(0));
            at(n);
            auto code = v;
            return run_code(code, "eval");
        }
        case Kind::exit:
            for (std::uint32_t i = 0; i < n->count; ++i) evaluate(n->kids[i]);
            return {};
        case Kind::print: evaluate(n->kid(0)); return Value::of(std::int64_t{1});
        case Kind::throw_: m_thrown = evaluate(n->kid(0)); return {};
        case Kind::closure: {
            auto data = std::make_shared<ClosureData>();
            data->node = n;
            const auto* uses = n->kid(n->op);
            if (uses && uses->kind == Kind::block)
                for (std::uint32_t i = 0; i < uses->count; ++i) data->bound[std::string(uses->kids[i]->text)] = read_variable(std::string(uses->kids[i]->text));
            if (n->flags & 1) data->bound = m_scope->variables;
            Value v;
            v.type = Type::closure;
            v.data = data;
            if (m_closures.insert(n).second && n->op == 0 && m_calls < 4) invoke(v, {}, "closure");
            return v;
        }
        case Kind::match: {
            evaluate(n->kid(0));
            Value best;
            ++m_uncertain;
            for (std::uint32_t i = 1; i < n->count; ++i) { auto v = evaluate(n->kids[i]); if (v.is_text() || v.from_request()) best = std::move(v); }
            --m_uncertain;
            return best;
        }
        case Kind::yield: {
            auto v = evaluate(n->kid(0));
            if (m_scope != &m_globals) {  // what a foreach over the function's result sees
                const Taint old = m_scope->has_result ? m_scope->result.taint : Taint{0};
                m_scope->result = Value::unknown(static_cast<Taint>(deep_taint(v) | old));
                m_scope->has_result = true;
            }
            return {};
        }
        case Kind::clone: case Kind::spread: return evaluate(n->kid(0));
        case Kind::instance_of: evaluate(n->kid(0)); return {};
        default: return {};
    }
}

}  // namespace

void evaluate(std::string_view text, Node* root, Arena& arena, LexicalFacts& facts, const Limits& limits, Features& features, std::string& decoded_text) {
    Evaluator(text, arena, facts, limits, features, decoded_text).run(root);
}

}  // namespace deadbox::plugins::webshell::php
