// What calls what it is given: callbacks, handlers, filters.
#include "webshell/php_patterns.hpp"
#include "webshell/php_sink_table.hpp"

#include <algorithm>
#include <array>

namespace deadbox::plugins::webshell::php {
namespace {

// Which argument is called, with which.
struct Callback {
    std::string_view name;
    int callable;      // -1: the last
    int first, count;  // arguments given to it; count 0: those arrays' items
};
constexpr Callback k_callbacks[] = {
    {"call_user_func", 0, 1, 99}, {"call_user_func_array", 0, 1, 0}, {"forward_static_call", 0, 1, 99}, {"forward_static_call_array", 0, 1, 0},
    {"usort", 1, 0, 0}, {"uasort", 1, 0, 0}, {"uksort", 1, 0, 0}, {"array_map", 0, 1, 0}, {"array_filter", 1, 0, 0}, {"array_walk", 1, 0, 0},
    {"array_walk_recursive", 1, 0, 0}, {"array_reduce", 1, 0, 0}, {"register_shutdown_function", 0, 1, 99}, {"register_tick_function", 0, 1, 99},
    {"preg_replace_callback", 1, 2, 1}, {"mb_ereg_replace_callback", 1, 2, 1}, {"ob_start", 0, 0, -1}, {"iterator_apply", 1, 2, 0}, {"array_udiff", -1, 0, 0}, {"array_udiff_assoc", -1, 0, 0},
    {"array_udiff_uassoc", -1, 0, 0}, {"array_diff_uassoc", -1, 0, 0}, {"array_diff_ukey", -1, 0, 0}, {"array_uintersect", -1, 0, 0}, {"array_uintersect_assoc", -1, 0, 0},
    {"array_uintersect_uassoc", -1, 0, 0}, {"array_intersect_uassoc", -1, 0, 0}, {"array_intersect_ukey", -1, 0, 0}, {"set_exception_handler", 0, 0, -1},
    {"spl_autoload_register", 0, 0, -1}, {"header_register_callback", 0, 0, -1}, {"session_set_save_handler", 2, 9, 0}, {"sqlite_create_function", 2, 0, -1}, {"assert_options", 1, 0, -1},
    {"call_user_method", 0, 2, 99}, {"xml_set_character_data_handler", 1, 0, -1}, {"xml_set_default_handler", 1, 0, -1}, {"xml_set_element_handler", 1, 0, -1}, {"is_callable", -9, 0, 0},
};

Value callback(Machine& m, std::string_view name, Args& a) {
    for (const auto& c : k_callbacks) {
        if (c.name != name || a.empty() || c.callable == -9) continue;
        const auto which = c.callable < 0 ? a.size() - 1 : static_cast<std::size_t>(c.callable);
        if (which >= a.size()) return {};
        const Value f = a[which];
        Args given;
        Value mapped;
        if (c.count == -1) given.push_back(Value());
        else if (c.count > 0) for (std::size_t i = static_cast<std::size_t>(c.first); i < a.size() && given.size() < static_cast<std::size_t>(c.count); ++i) { if (i != which) given.push_back(a[i]); }
        else {
            const bool spread = name == "call_user_func_array" || name == "forward_static_call_array" || name == "iterator_apply";
            if (spread) {
                const auto list = argument(a, static_cast<std::size_t>(c.first));
                if (list.type == Type::array) for (const auto& [k, v] : list.array().items) { if (given.size() < 32) given.push_back(v); }
                else for (int i = 0; i < 3; ++i) given.push_back(Value::unknown(list.taint));
            } else {
                // Each item goes through the callback.
                const auto list = argument(a, static_cast<std::size_t>(c.first));
                if (name == "array_map" && list.type == Type::array && !list.array().incomplete && list.array().rest == 0 && a.size() == 2) {
                    Value out = Value::list();
                    std::size_t n = 0;
                    for (const auto& [k, v] : list.array().items) {
                        if (++n > 20'000) break;
                        out.array().at(k) = f.type == Type::null ? v : m.invoke(f, {v}, name);
                    }
                    return out;
                }
                const auto item = [](const Value& from) -> Value {
                    if (from.type != Type::array) return Value::unknown(from.taint);
                    Value best;
                    for (const auto& [k, v] : from.array().items) {
                        if (v.from_request() || (best.taint == 0 && !best.is_known())) best = v;
                        if (best.from_request()) break;
                    }
                    if (from.array().rest) best.taint |= from.array().rest;
                    return best;
                };
                if (list.type == Type::array && list.array().items.size() < 40 && (name == "array_walk" || name == "array_filter" || name == "array_map" || name == "array_walk_recursive")) {
                    Taint result = 0;
                    for (const auto& [k, v] : list.array().items) {
                        Args one{v};
                        if (name == "array_map" && a.size() > 2) { for (std::size_t i = 2; i < a.size(); ++i) one.push_back(item(a[i])); }
                        else if (name.starts_with("array_walk")) { one.push_back(Value::of(k)); if (a.size() > 2) one.push_back(a[2]); }
                        else if (name == "array_filter" && a.size() > 2) one = {Value::of(k)};
                        result |= m.invoke(f, one, name).taint;
                    }
                    if (!list.array().items.empty()) return Value::unknown(result);
                }
                given.push_back(item(list));
                if (name == "array_map") { for (std::size_t i = 2; i < a.size(); ++i) given.push_back(item(a[i])); }
                else if (name.starts_with("array_walk")) { given.push_back(Value::unknown(deep_taint(list) & (k_request | k_whole))); if (a.size() > 2) given.push_back(a[2]); }
                else if (name == "array_reduce") given.insert(given.begin(), argument(a, 2));
                else if (name == "usort" || name == "uasort" || name == "uksort" || c.callable < 0) {
                    // Comparing functions get two items: system($item, $other).
                    Value second = given.back();
                    if (c.callable < 0 && a.size() > 2) second = item(a[1]);
                    if (list.type == Type::array && list.array().items.size() > 1 && name != "uksort") { given.back() = list.array().items[0].second; second = list.array().items[1].second; if (second.from_request() && !given.back().from_request()) std::swap(second, given.back()); }
                    given.push_back(second);
                    if (name == "uksort" && list.type == Type::array && !list.array().items.empty()) { given[0] = Value::of(list.array().items[0].first); if (given[0].text().empty()) given[0] = Value(); }
                }
            }
        }
        if (name == "ob_start") m.on_output(f);
        // ob_start('assert'), a handler that is a dangerous function: what it gets is what the script prints.
        if (c.count == -1 && f.is_text() && is_dangerous(lowered(f.text()))) { m.sign(Sign::hidden_callable, name); return {}; }
        return m.invoke(f, std::move(given), name);
    }
    return {};
}

Value handle_errors(Machine& m, std::string_view, Args& a) { m.on_error(argument(a, 0)); return {}; }
Value make_error(Machine& m, std::string_view, Args& a) { m.raise_error(argument(a, 0)); return {}; }

Value callback_map(Machine& m, std::string_view name, Args& a) {  // preg_replace_callback_array
    if (!a.empty() && a[0].type == Type::array)
        for (const auto& [k, v] : a[0].array().items) m.invoke(v, {argument(a, 1)}, name);
    else if (!a.empty() && whole(a[0])) m.sign(Sign::request_callable, name);
    return {};
}
// yaml_parse($text, 0, $count, ["!tag" => $function]): called with what stands behind the tag.
Value tag_handlers(Machine& m, std::string_view name, Args& a) {
    const auto handlers = argument(a, 3);
    const auto given = Value::unknown(deep_taint(argument(a, 0)));
    if (handlers.type == Type::array) for (const auto& [tag, f] : handlers.array().items) m.invoke(f, {given}, name);
    else if (whole(handlers)) m.sign(Sign::request_callable, name);
    return given;
}
Value filter(Machine& m, std::string_view name, Args& a) {
    const bool from_input = name == "filter_input" || name == "filter_input_array";
    Value input = from_input ? Value::unknown(k_request | k_whole) : argument(a, 0);
    const auto options = argument(a, from_input ? 3 : name == "filter_var_array" ? 1 : 2);
    const auto find = [&](auto&& self, const Value& v, int depth) -> const Value* {
        if (v.type != Type::array || depth > 4) return nullptr;
        for (const auto& [k, item] : v.array().items) {
            if (k == "options" && (item.is_text() || item.type == Type::closure || item.from_request())) return &item;
            if (const auto* inner = self(self, item, depth + 1)) return inner;
        }
        return nullptr;
    };
    if (const auto* f = find(find, options, 0)) m.invoke(*f, {input.from_request() || input.is_known() ? input : Value::unknown(deep_taint(input))}, name);
    const auto kind = argument(a, from_input ? 2 : 1);
    const bool chosen = a.size() > (from_input ? 2u : 1u);
    if (chosen && !name.ends_with("array") && kind.type == Type::integer) {
        const auto* flags = options.type == Type::array && !options.array().incomplete ? options.array().find("flags") : &options;
        switch (filtered_by(kind.integer, flags && flags->is_known() ? flags->to_integer().value_or(0) : 0)) {
            case Filtered::nothing: return {};
            case Filtered::few: return Value::unknown(static_cast<Taint>(deep_taint(input) & ~(k_whole | k_free | k_undefined)));
            case Filtered::some: return Value::unknown(static_cast<Taint>(deep_taint(input) & ~(k_whole | k_undefined)));
            case Filtered::all: return Value::unknown(deep_taint(input));
        }
    }
    // A filter that is not known: a validating one leaves nothing of use.
    if (chosen && !kind.is_known() && !from_input) return {};
    if (from_input && a.size() > 2) return Value::unknown(k_request);
    return Value::unknown(deep_taint(input));
}

}  // namespace

bool is_callback_taker(std::string_view f) { return std::any_of(std::begin(k_callbacks), std::end(k_callbacks), [&](const auto& c) { return c.name == f; }); }

void add_callback_sinks(Sinks& sinks) {
    for (const auto& c : k_callbacks) if (c.callable != -9) sinks.emplace(c.name, callback);
    add_sinks(sinks, {"preg_replace_callback_array"}, callback_map);
    add_sinks(sinks, {"yaml_parse", "yaml_parse_file"}, tag_handlers);
    add_sinks(sinks, {"set_error_handler"}, handle_errors);
    add_sinks(sinks, {"trigger_error", "user_error"}, make_error);
    add_sinks(sinks, {"filter_var", "filter_input", "filter_var_array", "filter_input_array"}, filter);
}

}  // namespace deadbox::plugins::webshell::php
