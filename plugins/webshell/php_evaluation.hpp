// One walk through a script: its scopes, what is declared, and the place that is read. What it does is told in
// php_evaluator.cpp (code and its layers), php_statements.cpp, php_variables.cpp, php_expressions.cpp, php_calls.cpp and
// php_objects.cpp.
#pragma once

#include <algorithm>
#include <climits>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "webshell/php_evaluator.hpp"
#include "webshell/php_names.hpp"
#include "webshell/php_sinks.hpp"
#include "webshell/php_value.hpp"

namespace deadbox::plugins::webshell::php {

inline constexpr int k_deepest_call = 14, k_deepest = 260;
inline constexpr std::uint64_t k_least_share = 600;  // steps of a statement of the script's own
enum class Flow : std::uint8_t { normal, broken, continued, returned, jumped };
// A block that does nothing else ends the script or the function: die, exit, return. `script`: the script alone.
bool leaves(const Node* branch, bool script = false);

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
    // Calls whose arguments are all unknown, by what they carry: the fifth of a kind brings nothing new.
    struct CallKind {
        std::uint64_t arguments;
        int times;
        Value last;
    };
    int calls = 0;
    Value last;
    std::vector<CallKind> kinds;
};

class Evaluator final : public Machine {
public:
    Evaluator(std::string_view text, Arena& arena, LexicalFacts& facts, const Limits& limits, Features& features, std::string& decoded)
        : m_text(text), m_arena(arena), m_facts(facts), m_limits(limits), m_features(features), m_decoded(decoded) {}
    void run(Node* root);

    // --- Machine: what the sinks need
    Features& features() override { return m_features; }
    std::string_view script() const override { return m_text; }
    void sign(Sign sign, std::string_view detail) override {
        if (m_silent > 0) return;
        const bool first = !m_features.has(sign);
        m_features.add(sign, m_offset, static_cast<std::uint8_t>(std::min(m_layer, 255)), detail, first ? excerpt() : std::string_view{});
        if (sign == Sign::hidden_name && is_decoder(detail)) ++m_features.hidden_decoders;
        if (m_login.depth <= m_uncertain) ++m_features[sign].behind_login;
    }
    void bounded() override { ++m_features.bounded; }
    bool piece_is_checked() const override { return m_pieces > 0; }
    Value run_code(const Value& code, std::string_view how) override;
    Value call(std::string_view name, std::vector<Value> arguments) override { return call_named(plain_name(name), std::move(arguments), nullptr); }
    Value invoke(const Value& callable, std::vector<Value> arguments, std::string_view how) override;
    Value make_closure(std::string_view parameters, std::string_view body) override;
    void taint_scope(bool whole) override { m_scope->open = true; (void)whole; }
    void set_variable(const std::string& name, Value value) override { assign_variable(name, std::move(value)); }
    void on_error(const Value& callable) override { if (m_error_callbacks.size() < 8) m_error_callbacks.push_back(callable); }
    void raise_error(const Value& message) override;
    void on_output(const Value& callable) override { if (m_output_callbacks.size() < 8) m_output_callbacks.push_back(callable); }
    std::unordered_set<std::string>& written() override { return m_written; }
    std::unordered_set<std::string>& scripted() override { return m_scripted; }
    void awaken(Taint taint) override;
    Value create(std::string_view class_name, std::vector<Value> values) override;
    std::vector<Value> class_constants(std::string_view class_name, std::vector<std::string>& names) override;
    bool has_function(std::string_view name) const override { return m_functions.contains(std::string(name)); }

private:
    // A statement that takes too long (a loop over much) ends; the next one still gets its share, however late it comes.
    bool exhausted() const { return m_steps > m_fence || m_bytes > m_limits.bytes; }
    void fence() { m_fence = std::min(std::max(std::min(m_steps + m_limits.steps / 4, m_limits.steps), m_steps + k_least_share), m_limits.steps * 2); }
    // One branch of many takes at most half of what is left for them.
    Flow execute_branch(const Node* s) {
        const auto whole = m_fence;
        if (whole > m_steps + k_least_share) m_fence = m_steps + std::max((whole - m_steps) / 2, k_least_share);
        const auto flow = execute(s);
        m_fence = whole;
        return flow;
    }
    bool step() {
        ++m_steps;
        if (!exhausted()) return true;
        m_features.parsed_fully = false;
        return false;
    }
    bool uncertain() const { return m_uncertain > m_scope->certain_depth; }
    std::string_view excerpt() const;
    void at(const Node* node) {
        m_inner_offset = node->offset;
        if (m_layer == 0) m_offset = node->offset;
    }

    // --- declarations
    void declare(const Node* block, int depth);
    void add_function(std::string name, const Node* node, const Node* in_class);
    void add_class(const Node* c);
    FunctionInfo* method(const std::string& class_name, const std::string& name);
    std::shared_ptr<Object> object_of(const Node* c);
    void initialize(Object& object, const Node* c, int depth);

    // --- statements
    Flow execute(const Node* s);
    Flow execute_inner(const Node* s);
    // A block's statements in the order of its goto statements; each label is reached once at least. `fenced`: a script's own.
    Flow sequence(const Node* block, bool fenced);
    bool ends_at_once(const Node* block, std::uint32_t at);
    Flow execute_if(const Node* s);
    // --- what a condition leaves of the request's word (php_guards.cpp)
    struct Guard {
        std::unordered_map<std::string, Value>* variables;
        std::string variable;
        Value before, left;
        bool lasting = false;  // those whom it did not let through are gone for good
    };
    // What follows a guard within this part of the script is behind it, what stands behind the part is not.
    Flow execute_part(const Node* s, bool branch = false);
    std::optional<Value> left_by(const Node* call, const Value& value);
    // The same where the call does not hold: if (preg_match('/[^a-z]/', $x)) die;
    std::optional<Value> left_without(const Node* call, const Value& value);
    // A function of the script's own that says whether its argument will do.
    void guards_of_function(const Node* call, bool holds, int depth, std::vector<Guard>& guards);
    FunctionInfo* own_function(const Node* call);
    // preg_match(...) or die
    void guard_statement(const Node* n);
    void find_guards(const Node* condition, bool holds, int depth, std::vector<Guard>& guards);
    Value quietly(const Node* n);  // its value, and none of its signs
    std::optional<Guard> tested(const Node* n, int depth);
    static std::string request_item(const Node* n);
    std::optional<Guard> guard_of_comparison(const Node* condition, bool holds);
    void enter_guards(std::vector<Guard>& guards);
    static void leave_guards(std::vector<Guard>& guards);
    void leave_standing(std::size_t from, bool function);
    void guard_what_follows(const Node* s);
    // --- who is let in (php_logins.cpp)
    struct Login {
        int depth = INT_MAX;   // m_uncertain where it was asked: where that is less, it may not have been
        bool lasting = false;  // strangers do not get back from the function that asked
    };
    bool is_session(const Node* n);
    struct Words {
        bool foreign = false, login = false, demand = false;
    };
    Words foreign_call(const Node* n);
    bool tells_login(const Node* condition, bool holds, int depth);
    bool ends_late();
    void enter_login(bool lasting);
    void forget_login() { if (m_login.depth > m_uncertain) m_login = {}; }
    void login_statement(const Node* n);
    // if (md5($_POST['p']) == '...'): the request against something fixed.
    void password_gate(const Node* condition);
    Flow loop(const Node*, const Node* condition, const Node* after, const Node* body, bool first);
    Flow execute_foreach(const Node* s);
    Flow execute_switch(const Node* s);
    void unset(const Node* n) {
        if (n->kind == Kind::variable && m_scope != &m_globals) m_scope->variables.erase(std::string(n->text));
    }

    // --- variables
    static Value superglobal(std::string_view name, bool& is);
    Scope& scope_of(const std::string& name);
    Value read_variable(const std::string& name);
    void assign_variable(const std::string& name, Value value);
    std::optional<std::string> dynamic_name(const Node* n) {
        const auto v = evaluate(n->kid(0));
        return v.is_scalar() ? v.to_text() : std::nullopt;
    }
    static std::string key_of(const Value& key);
    Value read_index(const Value& base, const Value* key);
    // The place that an assignment writes to; nullptr where there is none to speak of.
    Value* place(const Node* n);
    std::optional<std::string> property_name(const Node* n);
    const Node* class_of(const Node* n);
    void assign(const Node* target, Value value);

    // --- expressions
    Value evaluate(const Node* n);
    Value evaluate_inner(const Node* n);
    Value evaluate_pieces(const Node* n);
    Value name_value(const Node* n);
    Value call_expression(const Node* n);
    Value method_expression(const Node* n);
    Value static_expression(const Node* n);
    static Value bound_to(const Value& closure, const Value& object);
    Value create_expression(const Node* n);
    Value cast(std::string_view to, Value v);
    std::vector<Value> arguments(const Node* n, std::uint32_t from);
    void assembled_names(std::string_view function, const std::vector<Value>& values);
    Value call_named(const std::string& name, std::vector<Value> values, const Node* call_node_);
    Value call_language(const std::string& name, std::vector<Value> values, const Node* call_node_);
    // settype($x, 'integer')
    void make_number(const Node* n);
    // `scope`: with self and class set; references are written back through `n`.
    Value call_node(FunctionInfo& f, std::vector<Value> values, const Node* n, Scope scope);
    Value call_method(const Value& object, const std::string& name, std::vector<Value> values, const Node* n);
    Value call_on(const Value& object, FunctionInfo& f, std::vector<Value> values, const Node* n);
    // The class's own __call, which takes calls of any name; nothing where it has none.
    std::optional<Value> call_of_any_name(const Value& object, const Value& name, const std::vector<Value>& values);

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
    std::string_view m_jump;  // the label that a goto names
    std::uint64_t m_steps = 0, m_bytes = 0, m_fence = 0;
    int m_depth = 0, m_calls = 0, m_uncertain = 0, m_layer = 0, m_layers_run = 0, m_quiet = 0, m_silent = 0, m_bits = 0;
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
    std::optional<bool> m_sets_session, m_ends_late;  // what the text holds, told when first asked
    Login m_login;
    std::unordered_map<const Node*, Words> m_words;  // of calls that were asked about
    std::unordered_map<std::string, Value> m_items;  // of the request, where a condition left less of them
    std::vector<Guard> m_standing;  // entered by conditions that send others away
    int m_guarded_calls = 0;        // own functions that are asked what they let through, one in another
    int m_pieces = 0;  // checks of a name's ending or an address's host that hold here
};

}  // namespace deadbox::plugins::webshell::php
