// Variables, items and properties: what is read from them, where an assignment writes.
#include "webshell/php_evaluation.hpp"

#include <algorithm>
#include <cstring>

namespace deadbox::plugins::webshell::php {

namespace {

constexpr int k_deepest_setter = 6;

}  // namespace

Value Evaluator::superglobal(std::string_view name, bool& is) {
    is = true;
    if (name == "_GET" || name == "_POST" || name == "_REQUEST" || name == "_COOKIE" || name == "HTTP_GET_VARS" || name == "HTTP_POST_VARS" || name == "HTTP_COOKIE_VARS" || name == "HTTP_RAW_POST_DATA") return Value::unknown(k_request | k_whole);
    Value v;
    if (name == "_SERVER" || name == "HTTP_SERVER_VARS" || name == "_ENV") { v.special = Special::server; return v; }
    if (name == "_FILES" || name == "HTTP_POST_FILES") { v.special = Special::files; return v; }
    if (name == "GLOBALS") { v.special = Special::globals; return v; }
    is = false;
    return v;
}

Scope& Evaluator::scope_of(const std::string& name) {
    if (m_scope == &m_globals) return m_globals;
    const auto found = m_global_names.find(m_scope);
    return found != m_global_names.end() && found->second.contains(name) ? m_globals : *m_scope;
}

Value Evaluator::read_variable(const std::string& name) {
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

void Evaluator::assign_variable(const std::string& name, Value value) {
    auto& scope = scope_of(name);
    if (m_uncertain > scope.certain_depth || m_uncertain > 0) {
        const auto found = scope.variables.find(name);
        if (found != scope.variables.end()) {
            // Perhaps not assigned: both truths are possible.
            if (value.type == Type::boolean && m_uncertain > scope.certain_depth && !(found->second.type == Type::boolean && found->second.integer == value.integer)) {
                found->second = Value::unknown(static_cast<Taint>(found->second.taint & ~k_undefined));
                return;
            }
            if (value.from_request()) value.taint |= found->second.taint & k_free;
            if (value.taint & k_below && found->second.from_request()) value.taint = merged(value.taint, found->second.taint & (k_request | k_below));
            // What came from outside may still be there.
            constexpr Taint outside = k_request | k_whole | k_remote | k_upload;
            const Taint old = found->second.taint & outside;
            // if (...) $command = 'cd ' . $command: on the other way the request has it whole.
            if (old & k_whole && found->second.prefix().empty() && value.type == Type::unknown && value.taint & k_request && !(value.taint & k_whole)) {
                value.taint |= k_whole;
                value.data = nullptr;
            }
            if (old & k_request && !(value.taint & k_request) && found->second.type == Type::unknown && value.type != Type::array) {
                if (!value.is_known() || value.type == Type::null || value.type == Type::boolean || (value.is_text() && value.text().size() < 200)) value = Value::unknown(static_cast<Taint>(value.taint | old));
            }
            found->second = std::move(value);
            return;
        }
    }
    scope.variables[name] = std::move(value);
}

void Evaluator::make_number(const Node* n) {
    if (const auto item = request_item(n); item.empty()) assign(n, Value::unknown());
    else if (!uncertain()) m_items[item] = Value::unknown();
}

std::string Evaluator::key_of(const Value& key) {
    if (key.type == Type::real) return std::to_string(key.to_integer().value_or(0));
    if (key.type == Type::boolean) return key.integer ? "1" : "0";
    return key.to_text().value_or("");
}

Value Evaluator::read_index(const Value& base, const Value* key) {
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

Value* Evaluator::place(const Node* n) {
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

std::optional<std::string> Evaluator::property_name(const Node* n) {
    if (!n) return std::nullopt;
    if (n->kind == Kind::string) return std::string(n->text);
    const auto v = evaluate(n);
    return v.is_scalar() ? v.to_text() : std::nullopt;
}

void Evaluator::assign(const Node* target, Value value) {
    if (!target) return;
    switch (target->kind) {
        case Kind::variable: {
            bool is = false;
            superglobal(target->text, is);
            if (!is) assign_variable(std::string(target->text), std::move(value));
            else if (target->text == "_SERVER" && value.type == Type::array && m_layer == 0 && !(deep_taint(value) & k_request)) m_features.makes_request = true;
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
            if (target->kind == Kind::property && m_calls < k_deepest_setter) {
                const auto object = evaluate(target->kid(0));
                if (object.type == Type::object && object.data != m_scope->self)
                    if (auto* f = method(object.object().class_name, "__set"); f && f->node) {
                        const auto name = target->kid(1)->kind == Kind::string ? Value::of(std::string(target->kid(1)->text)) : evaluate(target->kid(1));
                        if (!name.is_text() || !object.object().properties.contains(name.text())) { call_on(object, *f, {name, value}, nullptr); return; }
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

}  // namespace deadbox::plugins::webshell::php
