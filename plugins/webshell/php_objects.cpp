// Classes of the script, their objects and methods.
#include "webshell/php_evaluation.hpp"

#include <algorithm>
#include <cstring>

namespace deadbox::plugins::webshell::php {

FunctionInfo* Evaluator::method(const std::string& class_name, const std::string& name) {
    std::string at = class_name;
    for (int guard = 0; guard < 8; ++guard) {
        if (const auto found = m_functions.find(at + "::" + name); found != m_functions.end()) return &found->second;
        const auto c = m_classes.find(at);
        if (c == m_classes.end()) return nullptr;
        for (std::uint32_t i = 1; i < c->second->count; ++i)  // of a trait
            if (c->second->kids[i]->kind == Kind::name)
                if (const auto found = m_functions.find(plain_name(c->second->kids[i]->text) + "::" + name); found != m_functions.end()) return &found->second;
        if (!c->second->kid(0) || c->second->kid(0)->kind != Kind::name) return nullptr;
        at = plain_name(c->second->kid(0)->text);
    }
    return nullptr;
}

std::shared_ptr<Object> Evaluator::object_of(const Node* c) {
    auto& shared = m_prototypes[c];
    if (!shared) {
        shared = std::make_shared<Object>();
        shared->class_name = lowered(c->text);
        shared->declaration = c;
        initialize(*shared, c, 0);
    }
    return shared;
}

void Evaluator::initialize(Object& object, const Node* c, int depth) {
    if (depth > 6) return;
    if (c->kid(0) && c->kid(0)->kind == Kind::name)
        if (const auto parent = m_classes.find(plain_name(c->kid(0)->text)); parent != m_classes.end() && parent->second != c) initialize(object, parent->second, depth + 1);
    for (std::uint32_t i = 1; i < c->count; ++i) {
        const auto* m = c->kids[i];
        if (m->kind == Kind::property_declaration) object.properties[std::string(m->text)] = m->count ? evaluate(m->kids[0]) : Value::null();
    }
}

const Node* Evaluator::class_of(const Node* n) {
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

Value Evaluator::call_on(const Value& object, FunctionInfo& f, std::vector<Value> values, const Node* n) {
    Scope scope;
    scope.self = std::static_pointer_cast<Object>(object.data);
    scope.in_class = f.in_class;
    return call_node(f, std::move(values), n, std::move(scope));
}

std::optional<Value> Evaluator::call_of_any_name(const Value& object, const Value& name, const std::vector<Value>& values) {
    auto* f = method(object.object().class_name, "__call");
    if (!f || !f->node) return std::nullopt;
    Value list = Value::list();
    for (const auto& v : values) list.array().append() = v;
    return call_on(object, *f, {name, list}, nullptr);
}

Value Evaluator::call_method(const Value& object, const std::string& name, std::vector<Value> values, const Node* n) {
    Taint given = 0;
    for (const auto& v : values) given |= deep_taint(v);
    if (object.type == Type::closure || object.is_text()) {
        if (object.type == Type::closure && (name == "bindto" || name == "call") && !values.empty()) {
            const auto bound = bound_to(object, values[0]);
            if (name == "bindto") return bound;
            values.erase(values.begin());
            return invoke(bound, std::move(values), name);
        }
        if (name == "__invoke" || name == "invoke" || name == "call" || name == "invokeargs") return invoke(object, std::move(values), name);
        if (object.type == Type::closure) return object;
    }
    if (object.type == Type::object) {
        auto& o = object.object();
        // What a class of the script itself keeps, its properties hold.
        o.taint |= given & static_cast<Taint>(~(k_whole | (o.declaration ? k_remote : 0)));
        if (auto* f = method(o.class_name, name); f && f->node) return call_on(object, *f, std::move(values), n);
        if (auto taken = call_of_any_name(object, Value::of(name), values)) return std::move(*taken);
        if (const auto p = o.properties.find(name); p != o.properties.end() && p->second.type == Type::closure) return invoke(p->second, std::move(values), name);
        // A trait's method: the only one of its name.
        if (o.declaration) {
            FunctionInfo* only = nullptr;
            int same = 0;
            for (auto* f : m_order) if (f->node && f->in_class && lowered(f->node->text) == name) only = f, ++same;
            if (same == 1) return call_on(object, *only, std::move(values), n);
        }
    }
    assembled_names(name, values);
    if (auto result = call_method_sink(*this, object, name, values)) {
        result->taint = freed(result->taint);
        return std::move(*result);
    }
    Taint taint = freed(static_cast<Taint>(given | object.taint));
    if (object.type == Type::object) {
        taint |= object.object().taint;
        return Value::unknown(static_cast<Taint>(taint));
    }
    return Value::unknown(static_cast<Taint>(taint & ~(k_whole | k_built | k_undefined)));
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

}  // namespace deadbox::plugins::webshell::php
