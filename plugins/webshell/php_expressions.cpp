// Expressions, calls aside.
#include "webshell/php_evaluation.hpp"
#include "webshell/php_patterns.hpp"

#include <algorithm>
#include <cstring>

namespace deadbox::plugins::webshell::php {
namespace {

constexpr std::size_t k_least_table = 16;

}  // namespace

Value Evaluator::evaluate(const Node* n) {
    if (!n || !step() || m_depth > k_deepest) return {};
    ++m_depth;
    auto v = evaluate_inner(n);
    --m_depth;
    if (v.is_text() && n->kind != Kind::variable && n->kind != Kind::string) m_bytes += v.text().size() > 4096 ? v.text().size() : 0;
    return v;
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
    if (text == "PATHINFO_EXTENSION") return Value::of(std::int64_t{4});
    if (text.starts_with("FILTER_"))
        if (const auto filter = filter_number(text); filter != 0) return Value::of(std::int64_t{filter});
    if (text == "PHP_URL_HOST") return Value::of(std::int64_t{1});
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
            for (std::uint32_t i = 0; i < n->count; ++i) {
                auto next = evaluate(n->kids[i]);
                if (next.type == Type::object) next = cast("string", std::move(next));
                v = concatenate(v, next);
            }
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
            if (!m_items.empty())
                if (const auto known = m_items.find(request_item(n)); known != m_items.end()) return known->second;
            const auto base = evaluate(n->kid(0));
            if (n->count < 2) return base;
            const auto key = evaluate(n->kid(1));
            if (base.type == Type::object && m_calls < 6)
                if (auto* f = method(base.object().class_name, "offsetget"); f && f->node) return call_on(base, *f, {key}, nullptr);
            return read_index(base, &key);
        }
        case Kind::property: {
            const auto object = evaluate(n->kid(0));
            const auto name = property_name(n->kid(1));
            if (object.type == Type::object) {
                if (name) {
                    const auto found = object.object().properties.find(*name);
                    if (found != object.object().properties.end()) return found->second;
                    if (auto* f = method(object.object().class_name, "__get"); f && f->node && m_calls < 6) return call_on(object, *f, {Value::of(*name)}, nullptr);
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
                    if (!v.is_known()) { v.taint = freed(v.taint | k_decoded); return v; }
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
                if (a.from_request()) { a.taint |= b.taint & k_free; return a; }
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
            password_gate(n->kid(0));
            const auto t = c.is_known() && !(c.taint & k_request) ? c.truth() : std::nullopt;
            const bool brief = n->kid(1)->kind == Kind::nothing;
            if (t) return *t ? (brief ? c : evaluate(n->kid(1))) : evaluate(n->kid(2));
            std::vector<Guard> guards, otherwise;
            const auto pieces = m_pieces;
            find_guards(n->kid(0), true, 0, guards);
            ++m_uncertain;
            enter_guards(guards);
            auto a = brief ? c : evaluate(n->kid(1));
            leave_guards(guards);
            find_guards(n->kid(0), false, 0, otherwise);
            enter_guards(otherwise);
            auto b = evaluate(n->kid(2));
            leave_guards(otherwise);
            m_pieces = pieces;
            --m_uncertain;
            if (a.from_request()) { a.taint |= b.taint & k_free; return a; }
            if (b.from_request()) return b;
            if (a.is_text() && a.text().size() > 2) return a;
            if (b.is_known()) return b;
            return a;
        }
        case Kind::cast: return cast(n->text, evaluate(n->kid(0)));
        case Kind::is_set: {
            // A table by which a decoder translates letters; elsewhere an item may come from other scripts.
            if (n->count == 1 && n->kids[0]->kind == Kind::index && n->kids[0]->count == 2) {
                const auto table = evaluate(n->kids[0]->kid(0));
                if (table.type == Type::array && table.array().items.size() >= k_least_table && !table.array().incomplete && table.array().rest == 0)
                    if (const auto key = evaluate(n->kids[0]->kid(1)); key.is_scalar()) return Value::of(table.array().find(key_of(key)) != nullptr);
            }
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
            if (v.is_text()) m_features.note_inclusion(v.taint & k_self && v.text().starts_with('/') ? "." + v.text() : v.text());  // __DIR__ is "/" here
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
            for (std::uint32_t i = 1; i < n->count; ++i) {
                auto v = evaluate(n->kids[i]);
                if (v.from_request() ? !best.from_request() || v.taint & k_free : v.is_text() && !best.from_request()) best = std::move(v);
            }
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

}  // namespace deadbox::plugins::webshell::php
