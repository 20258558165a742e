// Calls: functions of the script with their arguments bound, the language's own, and callables of all kinds.
#include "webshell/php_evaluation.hpp"
#include "webshell/php_patterns.hpp"
#include "webshell/program_patterns.hpp"

#include <algorithm>
#include <cstring>

namespace deadbox::plugins::webshell::php {

std::vector<Value> Evaluator::arguments(const Node* n, std::uint32_t from) {
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

namespace {

// str_replace([';', '|', '&', '$', '`'], '', $x), strtr($x, [';' => '', ...]): what is left when separators are gone.
std::optional<Value> without_separators(std::string_view called, const std::vector<Value>& values) {
    const bool table = called == "strtr";
    const std::size_t subject = table ? 0 : 2;
    if (values.size() <= subject || !values[subject].from_request() || values[subject].is_known()) return std::nullopt;
    Value left = Value::unknown(static_cast<Taint>(deep_taint(values[subject]) & ~(k_undefined | k_built)));
    std::string gone;
    bool harmless = true;  // what stands there instead
    const auto take = [&](const Value& from, const Value& to) {
        if (from.is_text() && from.text().size() == 1) gone += from.text();
        harmless &= to.is_text() && is_of_few_letters(to.text());
    };
    const auto& from = values[table ? 1 : 0];
    if (from.type == Type::array && !from.array().incomplete && from.array().items.size() < 100)
        for (const auto& [key, item] : from.array().items) {
            if (table) take(Value::of(key), item);
            else take(item, values[1].type == Type::array ? Value::of(std::string()) : values[1]);
        }
    else if (!table) take(from, values[1]);
    if (!table && values[1].type == Type::array)
        for (const auto& [key, item] : values[1].array().items) harmless &= item.is_text() && is_of_few_letters(item.text());
    if (from.type == Type::array && harmless && are_separators(gone)) left.taint &= ~k_free;
    else if (!values[subject].of_few_letters()) return std::nullopt;
    else if (!harmless) left.taint |= k_free;
    return left;
}

}  // namespace

Value Evaluator::invoke(const Value& callable, std::vector<Value> values, std::string_view how) {
    Taint given = 0;
    for (const auto& v : values) given |= deep_taint(v);
    if (callable.type == Type::closure) {
        auto& closure = callable.closure();
        FunctionInfo info{closure.node, nullptr, 0, {}, {}};
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
            return Value::unknown(freed(static_cast<Taint>(given & ~k_whole)));
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
        // Of an object whose class stands here, the request chooses among its methods.
        const bool own = object.type == Type::object && object.object().declaration;
        if (object.from_request() || name.from_request()) sign(given & k_request && !own ? Sign::request_callable : Sign::partial_callable, how);
        return Value::unknown(freed(static_cast<Taint>(given & ~k_whole)));
    }
    if (callable.type == Type::object) return call_method(callable, "__invoke", std::move(values), nullptr);
    if (callable.from_request()) {
        // A known beginning ("action_" . $_GET[x]) limits what can be called.
        if (callable.taint & k_whole && callable.prefix().empty()) sign(Sign::request_callable, given & k_request ? "with arguments" : "");
        else sign(Sign::partial_callable, how);
    } else if (callable.taint & k_remote) sign(Sign::remote_code, how);
    else if (callable.taint & k_hidden && callable.taint & (k_decoded | k_built) && given & (k_request | k_hidden)) sign(Sign::hidden_callable, how);
    else if (callable.taint & k_undefined && given & (k_request | k_undefined)) sign(Sign::undefined_callable, how);
    return Value::unknown(freed(static_cast<Taint>(given | (callable.taint & k_request))));
}

Value Evaluator::call_node(FunctionInfo& f, std::vector<Value> values, const Node* n, Scope scope) {
    ++f.calls;
    if (m_calls >= k_deepest_call || exhausted()) {
        Taint taint = 0;
        for (const auto& v : values) taint |= deep_taint(v);
        return Value::unknown(taint);
    }
    // Calls that bring nothing new are not followed again and again.
    bool plain = !values.empty() && n;
    std::uint64_t kind = 0;
    for (const auto& v : values) {
        plain &= !v.is_known() && !v.data;
        kind = kind * 1'000'003 + v.taint + (static_cast<std::uint64_t>(v.special) << 17) + 1;
    }
    std::size_t known_kind = f.kinds.size();
    if (plain) {
        const auto known = std::find_if(f.kinds.begin(), f.kinds.end(), [&](const auto& k) { return k.arguments == kind; });
        known_kind = static_cast<std::size_t>(known - f.kinds.begin());
        if (known == f.kinds.end()) f.kinds.push_back({kind, 1, {}});
        else if (++known->times > 4) return known->last;
    }
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
    const auto login = m_login;
    const auto pieces = m_pieces;
    const auto standing = m_standing.size();
    scope.certain_depth = m_uncertain;
    m_scope = &scope;
    ++m_calls;
    execute(node->kid(node->count - 1));
    --m_calls;
    if (!m_login.lasting) m_login = login;
    m_pieces = pieces;
    leave_standing(standing, true);
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
    if (plain && known_kind < f.kinds.size()) f.kinds[known_kind].last = result;
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
    auto v = call_language(name, std::move(values), n);
    if (!v.from_request()) return v;
    if (makes_few_letters(name)) v.taint &= ~k_free;
    else if (v.of_few_letters() && !keeps_letters(name)) v.taint |= k_free;
    return v;
}

Value Evaluator::call_language(const std::string& name, std::vector<Value> values, const Node* n) {
    const std::string_view called = name;  // compared with many words: those of another length cost nothing
    for (const auto& v : values) if (v.type == Type::array) m_steps += v.array().items.size() / 8;
    if (auto result = call_sink(*this, name, values)) {
        if (!values.empty() && is_callback_taker(name)) assembled_names(name, values);
        return std::move(*result);
    }
    // Functions that change their argument or the scope.
    if (n && n->count > 1) {
        const auto* first = n->kids[1];
        if (called == "array_push" && values.size() > 1) {
            values[0] = {};  // or the list would be copied
            if (auto* list = place(first)) {
                if (list->type == Type::null) *list = Value::list();
                if (list->type == Type::array) for (std::size_t i = 1; i < values.size(); ++i) list->own_array().append() = values[i];
                else list->taint |= static_cast<Taint>(deep_taint(values[1]) & ~k_whole);
            }
            return {};
        }
        if ((called == "array_pop" || called == "array_shift" || called == "end" || called == "reset" || called == "current" || called == "pos" || called == "next") && values[0].type == Type::array && !values[0].array().items.empty()) {
            const bool last = called == "array_pop" || called == "end";
            const auto& items = values[0].array().items;
            const auto which = called == "next" ? std::min<std::size_t>(1, items.size() - 1) : last ? items.size() - 1 : 0;
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
        if (called == "settype" && values.size() > 1 && values[1].is_text()) {
            const auto kind = lowered(values[1].text());
            if (kind.starts_with("int") || kind.starts_with("bool") || kind == "float" || kind == "double") make_number(first);
            return Value::of(true);
        }
        if (called == "settype" || called == "shuffle" || called == "sort" || called == "rsort" || called == "ksort" || called == "krsort" || called == "asort") {
            if (auto* list = place(first); list && list->type == Type::array && called != "shuffle" && called != "settype") {
                auto items = list->array().items;
                std::stable_sort(items.begin(), items.end(), [&](const auto& a, const auto& b) {
                    if (name[0] == 'k') { const auto x = Value::of(a.first), y = Value::of(b.first); const bool numbers = x.text().find_first_not_of("0123456789") == std::string::npos && y.text().find_first_not_of("0123456789") == std::string::npos; const bool less = numbers ? x.to_integer() < y.to_integer() : a.first < b.first; return called == "krsort" ? (a.first != b.first && !less) : less; }
                    const auto x = a.second.to_text().value_or(""), y = b.second.to_text().value_or("");
                    return called == "rsort" ? x > y : x < y;
                });
                auto& own = list->own_array();
                own = ArrayData();
                for (auto& [k, item] : items) { if (name[0] == 'k' || called == "asort") own.at(k) = item; else own.append() = item; }
            }
            return Value::of(true);
        }
        if (called == "preg_match" || called == "preg_match_all") {
            if (values.size() > 2 && n->count > 3) {
                Taint taint = deep_taint(values[1]);
                const bool cut_out = values[1].is_text() && (values[1].text().size() > 200 || values[0].is_text());
                // What a pattern of few letters found has no others, wherever it was found.
                const bool few = taint & k_request && values[0].is_text() && lets_few_through(bare_pattern(values[0].text()), Anchored::whole);
                if (few) taint &= ~k_free;
                assign(n->kids[3], Value::unknown(static_cast<Taint>((taint & ~k_whole) | (((taint & (k_request | k_self)) || cut_out) && !few ? k_hidden : 0) | (cut_out ? k_built : 0))));
            }
            return {};
        }
        if (called == "parse_str" || called == "mb_parse_str") {
            if (n->count > 2) assign(n->kids[2], Value::unknown(deep_taint(values[0])));
            else if (values[0].from_request()) m_scope->open = true;
            return {};
        }
        if (called == "openssl_public_decrypt" || called == "openssl_private_decrypt" || called == "exec") {
            if (n->count > 2) assign(n->kids[2], Value::unknown(static_cast<Taint>(deep_taint(values[0]) | k_decoded)));
            return {};
        }
    }
    if (called == "func_get_args") { const auto found = m_scope->variables.find("func_get_args()"); return found == m_scope->variables.end() ? Value() : found->second; }
    if (called == "func_get_arg") { const auto found = m_scope->variables.find("func_get_args()"); return found == m_scope->variables.end() || values.empty() ? Value() : read_index(found->second, &values[0]); }
    if (called == "define" && values.size() > 1 && values[0].is_text()) { m_constants[values[0].text()] = values[1]; return Value::of(true); }
    if (called == "constant" && !values.empty() && values[0].is_text()) {
        if (const auto found = m_constants.find(values[0].text()); found != m_constants.end()) return found->second;
        return {};
    }
    if (called == "compact") {
        Value list = Value::list();
        for (const auto& v : values) if (v.is_text()) list.array().at(v.text()) = read_variable(v.text());
        return list;
    }
    if (called == "get_class_methods") { Value v; v.special = Special::methods; return v; }
    if (called == "basename" && !values.empty() && values[0].from_request()) return Value::unknown(static_cast<Taint>(deep_taint(values[0]) | k_below));
    // What a list is asked about: a name's ending, an address's host.
    if (called == "pathinfo" && !values.empty() && values[0].from_request()) {
        const auto taint = deep_taint(values[0]);
        if (values.size() > 1) return Value::unknown(values[1].to_integer() == 4 ? static_cast<Taint>(taint | k_piece) : taint);
        Value list = Value::list();
        list.array().at("extension") = Value::unknown(static_cast<Taint>(taint | k_piece));
        for (const auto* part : {"filename", "basename"}) list.array().at(part) = Value::unknown(static_cast<Taint>(taint | k_below));
        list.array().at("dirname") = Value::unknown(taint);
        return list;
    }
    if (called == "parse_url" && !values.empty() && values[0].from_request()) {
        const auto taint = deep_taint(values[0]);
        if (values.size() > 1) return Value::unknown(values[1].to_integer() == 1 ? static_cast<Taint>(taint | k_piece) : taint);
        Value list = Value::list();
        list.array().at("host") = Value::unknown(static_cast<Taint>(taint | k_piece));
        list.array().rest = taint;
        list.array().incomplete = true;
        return list;
    }
    if ((called == "strrchr" || called == "end" || called == "array_pop") && !values.empty() && values[0].type == Type::unknown && values[0].from_request()) return Value::unknown(static_cast<Taint>(values[0].taint | k_piece));
    if ((called == "str_replace" || called == "str_ireplace") && values.size() > 2 && values[2].from_request() && !values[2].is_known() && values[0].is_text() && values[1].is_text() && values[1].text().empty() && (values[0].text() == ".." || values[0].text() == "../"))
        return Value::unknown(static_cast<Taint>(deep_taint(values[2]) | k_below));
    if ((called == "str_replace" || called == "str_ireplace" || called == "strtr") && !values.empty()) {
        if (const auto left = without_separators(called, values)) return *left;
    }
    if (called == "sscanf" && values.size() > 1 && values[1].is_text() && values[0].from_request()) {
        // "%d-%d": numbers. Else what the format has of texts.
        const auto& format = values[1].text();
        bool numbers = true;
        for (auto at = format.find('%'); at != format.npos; at = format.find('%', at + 1)) {
            const auto kind = format.find_first_not_of("0123456789$*", at + 1);
            numbers &= kind != format.npos && std::string_view("diufeEgGxXo").find(format[kind]) != std::string_view::npos;
        }
        if (numbers) return {};
    }
    if (called == "exif_read_data" || called == "read_exif_data" || called == "iptcparse") return Value::unknown(k_request | k_whole);
    if (called == "get_defined_functions") return Value::unknown(k_hidden | k_decoded);
    if (called == "get_defined_vars") { Value v = Value::unknown(k_request | k_whole); return v; }
    if (called == "function_exists" && !values.empty() && values[0].is_text()) return m_functions.contains(lowered(values[0].text())) ? Value::of(true) : Value();
    if (called == "array_key_first" || called == "key") {
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
        taint = merged(taint, deep_taint(v));
        layers = std::max(layers, v.layers);
        large |= v.is_text() && v.text().size() > 200;
    }
    if (is_decoder(name)) taint |= k_decoded;
    auto v = Value::unknown(static_cast<Taint>(taint & ~(k_undefined | k_built)));
    if (large) v.taint |= k_hidden;
    v.layers = layers;
    return v;
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
        // A class that takes calls of any name gets this one.
        if (object.type == Type::object)
            if (auto taken = call_of_any_name(object, name, values)) return std::move(*taken);
    }
    return Value::unknown(freed(static_cast<Taint>(given & ~k_whole)));
}

// Closure::bind($f, $object): $this is the object.
Value Evaluator::bound_to(const Value& closure, const Value& object) {
    if (closure.type != Type::closure || object.type != Type::object) return closure;
    auto data = std::make_shared<ClosureData>();
    data->node = closure.closure().node;
    data->bound = closure.closure().bound;
    data->bound["this"] = object;
    Value v = closure;
    v.data = std::move(data);
    return v;
}

Value Evaluator::static_expression(const Node* n) {
    const auto* c = class_of(n->kid(0));
    std::string class_name = n->kid(0)->kind == Kind::name ? plain_name(n->kid(0)->text) : std::string();
    const auto* name_node = n->kid(1);
    Value name = name_node->kind == Kind::string ? Value::of(lowered(name_node->text)) : evaluate(name_node);
    auto values = arguments(n, 2);
    at(n);
    if (c && (name.is_text() || name.from_request())) {
        if (auto* f = name.is_text() ? method(lowered(c->text), lowered(name.text())) : nullptr) {
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
    if (name.is_text() && class_name == "closure" && lowered(name.text()) == "bind" && values.size() > 1) return bound_to(values[0], values[1]);
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
    return Value::unknown(freed(static_cast<Taint>(given & ~(k_whole | k_built))));
}

}  // namespace deadbox::plugins::webshell::php
