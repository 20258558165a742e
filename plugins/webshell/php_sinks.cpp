#include "webshell/php_sinks.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

namespace deadbox::plugins::webshell::php {
namespace {

using Args = std::vector<Value>;
using Sink = Value (*)(Machine&, std::string_view, Args&);

Value argument(const Args& a, std::size_t i) { return i < a.size() ? a[i] : Value(); }
Taint all_taint(const Args& a) {
    Taint taint = 0;
    for (const auto& v : a) taint |= deep_taint(v);
    return taint;
}
bool whole(const Value& v) { return v.from_request() && v.taint & k_whole && v.prefix().empty(); }
// The same, and nothing was put around it.
bool bare(const Value& v) { return whole(v) && !(v.taint & k_built); }
bool contains(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }
std::string lowered(std::string_view text) {
    std::string out(text);
    for (auto& c : out) if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    return out;
}
bool is_url(std::string_view path) { const auto low = lowered(path.substr(0, 8)); return low.starts_with("http://") || low.starts_with("https://") || low.starts_with("ftp://"); }
bool looks_like_code(std::string_view text) {
    return contains(text, "<?php") || contains(text, "<?=") || contains(text, "<? ") || contains(text, "<?\n") || contains(text, "<?@") || contains(text, "<%") || contains(text, "<?\r") || contains(text, "<?eval") || contains(text, "AddType application/x-httpd-php") || contains(text, "AddHandler") || contains(text, "auto_prepend_file") || text.starts_with("#!/");
}
bool dangerous_code(std::string_view text) {
    const auto low = lowered(text.substr(0, 200'000));
    for (const std::string_view word : {"eval(", "assert(", "system(", "passthru(", "shell_exec(", "exec(", "base64_decode(", "move_uploaded_file(", "copy($_files", "create_function(", "preg_replace(", "popen(", "proc_open(", "file_put_contents(", "fwrite(", "`$_"})
        if (contains(low, word)) return true;
    return false;
}

// --- commands and code
Value command(Machine& m, std::string_view name, Args& a) {
    if (name == "pcntl_exec" && a.size() > 1 && (deep_taint(a[1]) & k_request)) { m.sign(Sign::request_command, name); return {}; }
    if (name == "ssh2_exec" || name == "expect_popen") return run_command(m, argument(a, name == "ssh2_exec" ? 1 : 0), name);
    const auto first = argument(a, 0);
    if (m.written().contains("(connected)") && first.is_text()) {
        const auto low = lowered(first.text().substr(0, 40));
        const auto program = low.substr(0, low.find(' '));
        if (program == "sh" || program == "bash" || program.ends_with("/sh") || program.ends_with("/bash") || program == "cmd" || program == "cmd.exe" || program == "powershell") m.sign(Sign::socket_shell, name);
    }
    if (name == "proc_open" && argument(a, 0).type == Type::array) {
        if (deep_taint(a[0]) & k_request) m.sign(Sign::request_command, name);
        return {};
    }
    return run_command(m, argument(a, 0), name);
}
Value run_assert(Machine& m, std::string_view name, Args& a) {
    if (a.empty()) return {};
    // assert($condition) is everyday; a text is code.
    if (a[0].is_text() || whole(a[0]) || (a[0].from_request() && (a[0].prefix().empty() == false || a[0].taint & k_decoded)) || a[0].taint & (k_remote | k_hidden | k_upload)) return m.run_code(a[0], name);
    if (a[0].from_request()) return m.run_code(a[0], name);
    return {};
}
// The body's one deed: eval($a), assert($a), system($a) of a parameter.
bool runs_its_argument(std::string_view parameters, std::string_view body) {
    std::string code;
    for (const char c : body) if (c != ' ' && c != '@' && c != '\t' && c != '\n' && c != '\r') code += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    if (code.starts_with("return")) code.erase(0, 6);
    if (code.starts_with("(")) code.erase(0, 1);
    for (const std::string_view word : {"eval(", "assert(", "system(", "passthru(", "shell_exec(", "exec("})
        if (code.starts_with(word) && code.size() > word.size() && code[word.size()] == '$') {
            const auto end = code.find_first_of(",);[", word.size());
            const auto variable = code.substr(word.size(), end == code.npos ? end : end - word.size());
            return contains(lowered(parameters), variable) && code.size() < end + 6;
        }
    return false;
}
Value make_function(Machine& m, std::string_view name, Args& a) {
    const auto body = argument(a, 1);
    if (a.size() > 1 && argument(a, 0).from_request() && !body.from_request()) m.sign(Sign::request_code, name);
    m.run_code(body, name);
    if (!body.is_text() || !argument(a, 0).is_text()) return {};
    // function($x) { return eval($x); }: whoever calls it runs what it is given.
    auto made = m.make_closure(a[0].text(), body.text());
    if (made.type == Type::closure && runs_its_argument(a[0].text(), body.text())) m.sign(Sign::hidden_callable, name);
    return made;
}
bool has_e_modifier(std::string_view pattern) {
    std::size_t i = 0;
    while (i < pattern.size() && (pattern[i] == ' ' || pattern[i] == '\n' || pattern[i] == '\t')) ++i;
    if (i >= pattern.size()) return false;
    char close = pattern[i];
    if (close == '(') close = ')';
    else if (close == '{') close = '}';
    else if (close == '[') close = ']';
    else if (close == '<') close = '>';
    const auto end = pattern.rfind(close);
    if (end == pattern.npos || end <= i) return false;
    const auto modifiers = pattern.substr(end + 1);
    return modifiers.size() < 12 && modifiers.find('e') != modifiers.npos && modifiers.find_first_not_of("imsxeADSUXJu \n\r\t") == modifiers.npos;
}
Value regular(Machine& m, std::string_view name, Args& a) {
    const bool multibyte = name.starts_with("mb_ereg");
    Value pattern = argument(a, 0);
    bool executes = false;
    if (multibyte) executes = argument(a, 3).is_text() && contains(argument(a, 3).text(), "e");
    else if (pattern.is_text()) executes = has_e_modifier(pattern.text());
    else if (pattern.type == Type::array) for (const auto& [k, v] : pattern.array().items) executes |= v.is_text() && has_e_modifier(v.text());
    const auto subject = argument(a, 2);
    Value replacement = argument(a, 1);
    if (!executes && (bare(pattern) || (multibyte && whole(argument(a, 3)))) && (replacement.from_request() || deep_taint(subject) & k_request)) {
        m.sign(Sign::request_code, name);
        return Value::unknown(k_request);
    }
    if (executes) {
        if (replacement.type == Type::array && !replacement.array().items.empty()) replacement = replacement.array().items[0].second;
        const bool groups = replacement.is_text() && (contains(replacement.text(), "\\1") || contains(replacement.text(), "$1") || contains(replacement.text(), "\\0") || contains(replacement.text(), "$0") || contains(replacement.text(), "\\2"));
        if (replacement.is_text() && groups) {
            // The subject's text lands inside of the code.
            auto code = replacement.text();
            for (const std::string_view group : {"\\\\1", "\\1", "$1", "\\0", "$0"})
                for (auto at = code.find(group); at != code.npos; at = code.find(group, at + 1)) {
                    if (subject.is_text()) code.replace(at, group.size(), subject.text());
                    break;
                }
            if (deep_taint(subject) & k_request) {
                // 'strtoupper("\\1")' of old applications is a hole, and no shell; eval("\\1") is one.
                const auto low = lowered(replacement.text());
                if (contains(low, "eval") || contains(low, "assert") || low.size() <= 4 || contains(low, "system") || contains(low, "base64_decode")) m.sign(Sign::request_code, name);
                else m.sign(bare(subject) && contains(low, "\"") ? Sign::partial_code : Sign::partial_callable, name);
            } else if (subject.is_text()) m.run_code(Value::of(code, replacement.taint, static_cast<std::uint8_t>(std::max(replacement.layers, subject.layers))), name);
            else m.run_code(Value::unknown(static_cast<Taint>(deep_taint(subject) & (k_remote | k_hidden))), name);
        } else if (replacement.is_text()) {
            // A pattern that is made to match anything is a way to say eval.
            auto code = replacement;
            code.layers = std::max<std::uint8_t>(code.layers, code.text().size() > 60 ? 1 : 0);
            m.run_code(code, name);
        } else m.run_code(replacement, name);
    }
    // What it gives: the subject with parts replaced.
    if (subject.is_text() && pattern.is_text() && replacement.is_text()) {
        const auto& p = pattern.text();
        // Plain patterns (/abc/) and single classes (/[^a-z]/) are followed.
        if (p.size() > 2 && p.find_last_of(p[0]) > 0) {
            const auto body = p.substr(1, p.find_last_of(p[0]) - 1);
            if (!body.empty() && body.find_first_of("\\^$.[]|()?*+{}") == body.npos && !contains(replacement.text(), "\\") && !contains(replacement.text(), "$")) {
                Args plain{Value::of(body), replacement, subject};
                if (auto out = fold(p.find_last_of(p[0]) + 1 < p.size() ? "str_ireplace" : "str_replace", plain, {})) return *out;
            }
        }
        return Value::unknown(static_cast<Taint>((subject.taint & ~k_whole) | k_hidden | k_built));
    }
    return Value::unknown(static_cast<Taint>(deep_taint(subject) & ~k_undefined));
}

// --- callbacks: which argument is called, with which
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
    {"call_user_method", 0, 2, 99}, {"yaml_parse", 3, 0, -1}, {"is_callable", -9, 0, 0},
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
Value temporary(Machine&, std::string_view, Args&) { return Value::unknown(k_temporary); }
// Code kept in a picture's points or a database is read and run: nobody sees it in the script.
Value picture(Machine&, std::string_view, Args&) { return Value::unknown(k_file | k_hidden | k_decoded); }
Value fetched_row(Machine&, std::string_view, Args& a) { return Value::unknown(static_cast<Taint>(k_file | (all_taint(a) & (k_remote | k_request)))); }
Value accepted(Machine&, std::string_view, Args&) { return Value::unknown(k_remote); }

Value callback_map(Machine& m, std::string_view name, Args& a) {  // preg_replace_callback_array
    if (!a.empty() && a[0].type == Type::array)
        for (const auto& [k, v] : a[0].array().items) m.invoke(v, {argument(a, 1)}, name);
    else if (!a.empty() && whole(a[0])) m.sign(Sign::request_callable, name);
    return {};
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
    // A validating filter leaves nothing of use.
    if (a.size() > (from_input ? 2u : 1u) && !kind.is_known() && !from_input) return {};
    if (from_input && a.size() > 2) return Value::unknown(k_request);
    return Value::unknown(deep_taint(input));
}

// --- files
Value open_file(Machine& m, std::string_view, Args& a) {
    const auto path = argument(a, 0), mode = argument(a, 1);
    auto stream = std::make_shared<Stream>();
    stream->path = path;
    stream->writes = !mode.is_text() || mode.text().find_first_of("waxc+") != std::string::npos;
    if (whole(path)) m.sign(stream->writes && mode.is_text() ? Sign::write_file : Sign::read_file, "fopen");
    Value v;
    v.type = Type::stream;
    v.data = stream;
    if (path.is_text() && is_url(path.text())) v.taint = k_remote;
    else if (path.is_text() && contains(path.text(), "php://input")) v.taint = k_request | k_whole;
    else if (path.is_text() && path.taint & k_self) v.taint = k_self;
    else if (path.from_request()) v.taint = k_request;
    return v;
}

// A page of the site, which a fetched text replaces.
bool ends_like_page(const Value& path) { return path.is_text() ? path.text().ends_with(".html") || path.text().ends_with(".htm") : (path.taint & k_page_name) != 0; }

void store(Machine& m, const Value& path, const Value& content, std::string_view how) {
    const bool script = path.is_text() ? is_script_name(path.text()) : (path.taint & k_script_name) != 0;
    if (path.is_text() && content.is_text() && contains(content.text(), "<?")) m.scripted().insert(path.text());
    // Settings with the request's values in them are every installer's work; a text that the request has whole is none.
    const auto opening = lowered(content.prefix().substr(0, 16));
    const bool whole_text = whole(content) || content.taint & k_remote || (content.from_request() && (opening == "<?" || opening == "<?php" || opening == "<?php " || opening == "<?php\n" || opening == "<? "));
    if (path.is_text() && whole_text) m.written().insert(path.text());
    std::string_view tail;
    const Taint c = deep_taint(content);
    const bool path_from_request = path.from_request();
    if (path.taint & k_temporary && (c & (k_request | k_remote | k_hidden) || content.is_text())) m.written().insert(c & (k_request | k_remote) ? "(temporary, of the request)" : c & k_hidden || content.layers > 0 ? "(temporary, hidden)" : "");
    if (content.is_text() && path.is_text() && path.text().ends_with(".htaccess")) {
        const auto low = lowered(content.text().substr(0, 4000));
        if ((contains(low, "addtype") || contains(low, "addhandler")) && contains(low, "php") && (contains(low, ".jpg") || contains(low, ".gif") || contains(low, ".png") || contains(low, ".txt") || contains(low, ".ico") || contains(low, ".jpeg"))) m.sign(Sign::script_dropper, "settings that run other files");
    }
    if (c & k_request && path_from_request && path.taint & k_whole) m.sign(Sign::request_write, how);
    else if (c & k_request && path_from_request) m.sign(Sign::request_write, how);
    else if (c & k_request && (script || (path.taint & k_self && path.is_text()))) m.sign(Sign::request_script_write, how);
    else if (c & k_request && content.taint & k_whole && path.is_known()) m.sign(Sign::write_file, how);
    else if (c & k_remote && !(c & k_request)) { if (script || ends_like_page(path) || (!path.is_text() && path.taint & (k_decoded | k_self))) m.sign(Sign::remote_dropper, how); }
    else if (content.is_text() && looks_like_code(content.text()) && (script || !path.is_text()) && (dangerous_code(content.text()))) {
        m.sign(Sign::script_dropper, how);
        // What is written is looked at like code that is decoded.
        const auto& t = content.text();
        const auto tag = t.find("<?");
        if (tag != t.npos) m.run_code(Value::of("?>" + t.substr(tag), content.taint, std::max<std::uint8_t>(content.layers, 1)), how);
    } else if (script && !content.is_known() && c & (k_hidden | k_decoded)) m.sign(Sign::script_dropper, how);
    else if (c & k_request || path_from_request) m.sign(Sign::write_file, how);
}
Value put_file(Machine& m, std::string_view name, Args& a) { store(m, argument(a, 0), argument(a, 1), name); return {}; }
Value write_stream(Machine& m, std::string_view name, Args& a) {
    const auto stream = argument(a, 0);
    if (stream.type == Type::stream) store(m, stream.stream().path, argument(a, 1), name);
    else if (stream.taint & k_temporary) store(m, stream, argument(a, 1), name);
    else if (stream.from_request() && argument(a, 1).from_request()) m.sign(Sign::request_write, name);
    return {};
}
Value read_stream(Machine& m, std::string_view name, Args& a) {
    const auto handle = argument(a, 0);
    if (handle.type != Type::stream) return Value::unknown(static_cast<Taint>(deep_taint(handle) & ~k_undefined));
    auto& stream = handle.stream();
    if (handle.taint & k_self) {
        const auto text = m.script();
        const auto length = argument(a, 1).to_integer();
        if (stream.position >= text.size()) return Value::of(std::string());
        auto piece = text.substr(stream.position);
        if (name == "fgets") piece = piece.substr(0, piece.find('\n') == piece.npos ? piece.size() : piece.find('\n') + 1);
        else if (length && *length >= 0) piece = piece.substr(0, static_cast<std::size_t>(*length));
        stream.position += piece.size();
        m.sign(Sign::self_reading, name);
        return Value::of(std::string(piece), k_self | k_built);
    }
    if (handle.taint & (k_remote | k_request)) return Value::unknown(handle.taint);
    return Value::unknown(k_file);
}
Value move_stream(Machine& m, std::string_view name, Args& a) {
    const auto handle = argument(a, 0);
    if (handle.type == Type::stream) {
        const auto to = argument(a, 1).to_integer();
        if (name == "rewind") handle.stream().position = 0;
        else if (to && *to >= 0) handle.stream().position = static_cast<std::size_t>(*to);
        else if (to && argument(a, 2).to_integer().value_or(0) == 2) handle.stream().position = static_cast<std::size_t>(std::max<std::int64_t>(0, static_cast<std::int64_t>(m.script().size()) + *to));
    }
    return Value::of(std::int64_t{0});
}
Value read_file(Machine& m, std::string_view name, Args& a) {
    const auto path = argument(a, 0);
    if (path.taint & k_self && path.is_text() && contains(path.text(), "__self__")) {
        m.sign(Sign::self_reading, name);
        auto text = m.script();
        if (name == "file_get_contents" && a.size() > 3) {
            const auto from = static_cast<std::size_t>(std::max<std::int64_t>(0, argument(a, 3).to_integer().value_or(0)));
            text = text.substr(std::min(from, text.size()));
        }
        if (name == "filesize") return Value::of(static_cast<std::int64_t>(text.size()));
        if (name == "file") {
            Value list = Value::list();
            std::size_t at = 0;
            while (at < text.size() && list.array().items.size() < 60'000) {
                auto end = text.find('\n', at);
                end = end == text.npos ? text.size() : end + 1;
                list.array().append() = Value::of(std::string(text.substr(at, end - at)), k_self | k_built);
                at = end;
            }
            return list;
        }
        return Value::of(std::string(text), k_self | k_built);
    }
    if (path.is_text()) {
        const auto& p = path.text();
        if (contains(p, "php://input") || contains(p, "php://stdin")) return Value::unknown(k_request | k_whole);
        if (is_url(p)) return Value::unknown(k_remote);
        if (p.starts_with("data:")) {
            const auto comma = p.find(',');
            if (comma != p.npos) {
                auto v = Value::of(p.substr(comma + 1), k_decoded, 1);
                if (contains(p.substr(0, comma), "base64")) { Args one{v}; if (auto out = fold("base64_decode", one, {})) return *out; }
                return v;
            }
        }
        return Value::unknown(k_file);
    }
    if (path.taint & k_upload) return Value::unknown(k_request | k_whole);
    if (is_url(path.prefix())) return Value::unknown(static_cast<Taint>(k_remote | (path.taint & k_request)));
    if (whole(path)) {
        m.sign(Sign::read_file, name);
        return Value::unknown(k_request | k_remote | k_file);
    }
    if (path.from_request()) m.sign(Sign::read_file, name);
    return Value::unknown(k_file);
}
Value list_folder(Machine& m, std::string_view name, Args& a) {
    if (argument(a, 0).from_request() || argument(a, 0).taint & k_undefined) m.sign(Sign::list_folder, name);
    return {};
}
Value remove_file(Machine& m, std::string_view name, Args& a) {
    if (name == "mkdir" && !a.empty() && !whole(a[0])) return {};  // a folder for today's uploads
    if (all_taint(a) & k_request) m.sign(Sign::remove_file, name);
    return {};
}
Value make_link(Machine& m, std::string_view name, Args& a) {
    const auto target = argument(a, 0);
    if ((target.is_text() && (target.text() == "/" || target.text().starts_with("/home"))) || target.prefix().starts_with("/home")) m.sign(Sign::symlink_farm, name);
    return {};
}
Value move_upload(Machine& m, std::string_view name, Args& a) {
    const auto from = argument(a, 0), to = argument(a, 1);
    if (name == "copy" || name == "rename") {
        if (from.is_text() && is_url(from.text())) { m.sign(Sign::remote_dropper, name); return {}; }
        if (from.taint & k_remote) { m.sign(Sign::remote_dropper, name); return {}; }
        if (from.from_request() && whole(from) && to.from_request()) { m.sign(Sign::request_write, name); return {}; }
        if (!(from.taint & k_upload)) { if (from.from_request() || to.from_request()) m.sign(Sign::remove_file, name); return {}; }
    }
    const bool folder = to.prefix().size() > 2 && to.prefix().find_first_not_of("./") != std::string_view::npos;
    if (to.from_request() || (to.is_text() && is_script_name(to.text()))) m.sign(Sign::upload, folder && !to.prefix().starts_with('/') ? "into a folder of its own" : name);
    else m.sign(Sign::upload_checked, name);
    return {};
}

// --- the rest of an intruder's tools
Value connect(Machine& m, std::string_view name, Args& a) {
    if (argument(a, 0).from_request() || (name == "socket_connect" && all_taint(a) & k_request)) m.sign(Sign::connect, name);
    const auto host = argument(a, 0);
    if (host.from_request() && host.prefix().starts_with("udp://")) m.sign(Sign::socket_shell, "a flood");
    m.written().insert("(connected)");
    return Value::unknown(k_remote);
}
// SELECT '<?php ...' INTO OUTFILE 'x.php'
void drop_by_query(Machine& m, const Value& v) {
    if (!v.is_text() && v.prefix().empty()) return;
    const auto low = lowered(v.is_text() ? std::string_view(v.text()).substr(0, 4000) : v.prefix());
    if ((contains(low, "outfile") || contains(low, "dumpfile")) && (contains(low, "<?") || contains(low, "0x3c3f"))) m.sign(Sign::script_dropper, "INTO OUTFILE");
}
Value query(Machine& m, std::string_view name, Args& a) {
    for (const auto& v : a) if (whole(v)) { m.sign(Sign::sql_console, name); break; }
    for (const auto& v : a) drop_by_query(m, v);
    return {};
}
Value login(Machine& m, std::string_view name, Args& a) {
    if (argument(a, 0).from_request() || argument(a, 1).from_request()) m.sign(Sign::database_login, name);
    return {};
}
Value send_mail(Machine& m, std::string_view name, Args& a) {
    if (argument(a, 0).from_request()) m.sign(Sign::mail, argument(a, 1).from_request() && argument(a, 2).from_request() ? "whole letter" : name);
    if (argument(a, 4).from_request()) m.sign(Sign::partial_command, name);
    return {};
}
Value restore(Machine& m, std::string_view name, Args& a) {
    if (deep_taint(argument(a, 0)) & k_request) {
        m.sign(Sign::object_injection, name);
        m.awaken(k_request | k_whole);
    }
    else if (argument(a, 0).is_text() && argument(a, 0).text().starts_with("O:")) {
        // unserialize('O:1:"A":...'): __wakeup and __destruct of A run; they are followed with the others.
    }
    return Value::unknown(static_cast<Taint>(deep_taint(argument(a, 0)) & ~k_whole));
}
Value ask(Machine& m, std::string_view name, Args& a) {
    if (name == "ini_get") {
        const auto what = argument(a, 0);
        if (what.is_text() && (what.text() == "disable_functions" || what.text() == "safe_mode" || what.text() == "open_basedir")) m.sign(Sign::environment, what.text());
        return {};
    }
    m.sign(Sign::environment, name);
    return {};
}
Value loosen(Machine& m, std::string_view name, Args& a) {
    const auto what = argument(a, 0);
    if (what.is_text() && (what.text() == "safe_mode" || what.text() == "open_basedir" || what.text() == "disable_functions" || what.text() == "allow_url_include" || what.text() == "safe_mode_exec_dir" || what.text() == "suhosin.executor.disable_eval" || what.text() == "auto_prepend_file")) m.sign(Sign::loosened, what.text());
    if (name == "ini_set" && what.is_text() && what.text() == "assert.callback") m.invoke(argument(a, 1), {Value()}, name);
    return {};
}
Value headers(Machine&, std::string_view, Args&) { return Value::unknown(k_request | k_whole); }
Value environment_value(Machine&, std::string_view, Args& a) {
    const auto name = argument(a, 0);
    if (name.is_text() && (name.text().starts_with("HTTP_") || name.text() == "QUERY_STRING")) return Value::unknown(k_request | k_whole);
    return {};
}
Value spread_request(Machine& m, std::string_view, Args& a) {
    const auto v = argument(a, 0);
    if (v.type == Type::array) for (const auto& [k, item] : v.array().items) m.set_variable(k, item);
    if (v.from_request() || (v.type == Type::array && v.array().rest & k_request)) m.taint_scope(true);
    return {};
}
Value import_request(Machine& m, std::string_view, Args&) { m.taint_scope(true); return {}; }
Value fetch(Machine& m, std::string_view name, Args& a) {
    (void)m;
    (void)name;
    return Value::unknown(static_cast<Taint>(k_remote | (all_taint(a) & k_request ? 0 : 0)));
}
Value load_library(Machine& m, std::string_view name, Args& a) {
    if (argument(a, 0).from_request()) m.sign(Sign::request_command, name);
    return {};
}
Value put_environment(Machine& m, std::string_view, Args& a) {
    const auto v = argument(a, 0);
    const std::string_view text = v.is_text() ? std::string_view(v.text()) : v.prefix();
    if (text.starts_with("LD_PRELOAD=") || contains(text, "() {")) m.sign(Sign::hidden_callable, "LD_PRELOAD");
    return {};
}
Value stylesheet(Machine& m, std::string_view name, Args&) { (void)m; (void)name; return {}; }

const std::unordered_map<std::string_view, Sink>& sinks() {
    static const auto all = [] {
        std::unordered_map<std::string_view, Sink> map;
        const auto add = [&](std::initializer_list<std::string_view> names, Sink sink) { for (const auto n : names) map.emplace(n, sink); };
        add({"system", "exec", "shell_exec", "passthru", "popen", "proc_open", "pcntl_exec", "ssh2_exec", "expect_popen"}, command);
        add({"assert"}, run_assert);
        add({"create_function"}, make_function);
        add({"preg_replace", "preg_filter", "mb_ereg_replace", "mb_eregi_replace"}, regular);
        for (const auto& c : k_callbacks) if (c.callable != -9) map.emplace(c.name, callback);
        add({"preg_replace_callback_array"}, callback_map);
        add({"set_error_handler"}, handle_errors);
        add({"trigger_error", "user_error"}, make_error);
        add({"tempnam", "tmpfile", "stream_get_meta_data"}, temporary);
        add({"imagecolorat", "imagecolorsforindex"}, picture);
        add({"mysql_fetch_array", "mysql_fetch_assoc", "mysql_fetch_row", "mysql_result", "mysqli_fetch_array", "mysqli_fetch_assoc", "mysqli_fetch_row", "pg_fetch_result", "apc_fetch", "apcu_fetch", "memcache_get"}, fetched_row);
        add({"stream_socket_accept", "socket_accept"}, accepted);
        add({"filter_var", "filter_input", "filter_var_array", "filter_input_array"}, filter);
        add({"fopen", "gzopen", "bzopen"}, open_file);
        add({"file_put_contents"}, put_file);
        add({"fwrite", "fputs", "gzwrite", "fputcsv"}, write_stream);
        add({"fread", "fgets", "stream_get_contents", "fgetc", "gzread"}, read_stream);
        add({"fseek", "rewind"}, move_stream);
        add({"file_get_contents", "readfile", "file", "highlight_file", "show_source", "php_strip_whitespace", "filesize", "parse_ini_file", "gzfile", "readgzfile"}, read_file);
        add({"opendir", "scandir", "glob", "dir", "chdir"}, list_folder);
        add({"unlink", "rmdir", "mkdir", "chmod", "touch", "chown", "chgrp"}, remove_file);
        add({"symlink", "link"}, make_link);
        add({"move_uploaded_file", "copy", "rename"}, move_upload);
        add({"fsockopen", "pfsockopen", "stream_socket_client", "socket_connect"}, connect);
        add({"mysql_query", "mysqli_query", "pg_query", "mssql_query", "sqlite_query", "odbc_exec", "mysql_db_query", "oci_parse", "ora_do"}, query);
        add({"mysql_connect", "mysqli_connect", "mysql_pconnect", "pg_connect", "mssql_connect", "oci_connect", "ftp_login", "sybase_connect"}, login);
        add({"mail", "mb_send_mail"}, send_mail);
        add({"unserialize"}, restore);
        add({"php_uname", "posix_getpwuid", "posix_geteuid", "posix_getgrgid", "phpinfo", "get_current_user", "getmyuid", "disk_free_space", "diskfreespace", "ini_get", "posix_uname", "posix_getlogin", "get_cfg_var", "posix_getuid", "posix_getgid"}, ask);
        add({"ini_set", "ini_alter", "ini_restore"}, loosen);
        add({"getallheaders", "apache_request_headers"}, headers);
        add({"getenv"}, environment_value);
        add({"extract"}, spread_request);
        add({"import_request_variables"}, import_request);
        add({"curl_exec", "http_get", "fetch_url"}, fetch);
        add({"dl"}, load_library);
        add({"putenv"}, put_environment);
        add({"xslt_process"}, stylesheet);
        return map;
    }();
    return all;
}

}  // namespace

bool is_callback_taker(std::string_view f) { return std::any_of(std::begin(k_callbacks), std::end(k_callbacks), [&](const auto& c) { return c.name == f; }); }

bool is_dangerous(std::string_view f) {
    static const std::unordered_set<std::string_view> all{"eval", "assert", "create_function", "system", "exec", "shell_exec", "passthru", "popen", "proc_open", "pcntl_exec", "preg_replace",
        "base64_decode", "gzinflate", "gzuncompress", "str_rot13", "call_user_func", "call_user_func_array", "array_map", "array_filter", "file_put_contents", "move_uploaded_file", "usort", "unserialize", "copy", "fwrite", "phpinfo", "mb_ereg_replace", "gzdecode", "ob_start", "reflectionfunction", "array_walk"};
    return all.contains(f);
}

std::optional<Value> call_sink(Machine& machine, std::string_view name, Args& arguments) {
    const auto found = sinks().find(name);
    if (found == sinks().end()) return std::nullopt;
    return found->second(machine, name, arguments);
}

Value run_command(Machine& m, const Value& command, std::string_view how) {
    const Taint taint = deep_taint(command);
    Value output = Value::unknown(taint & k_request ? k_request | k_file : k_file);
    if (taint & k_request) {
        const auto prefix = lowered(command.prefix());
        // "cmd /c ", "sh -c ", "sudo ", "(": still any command.
        bool shell = command.taint & k_whole;
        std::string_view rest = prefix;
        static constexpr std::array<std::string_view, 14> openers{"cmd", "/bin/sh", "/bin/bash", "bash", "sh -", "sudo", "(", "powershell", "su ", "nohup", "start ", "export", "cd ", "ulimit"};
        for (const auto& o : openers) shell |= rest.starts_with(o);
        if (!rest.empty() && rest.find_first_not_of(" \t\"'(") == rest.npos) shell = true;
        if (rest.size() > 2 && (rest.ends_with("; ") || rest.ends_with(";") || rest.ends_with("&& ") || rest.ends_with("| "))) shell = true;
        m.sign(shell ? Sign::request_command : Sign::partial_command, how);
    } else if (command.taint & k_remote) m.sign(Sign::remote_code, how);
    else if (!command.is_known() && command.taint & k_undefined && !(command.taint & k_built)) m.sign(Sign::undefined_command, how);
    else if (command.is_text() && !command.text().empty()) {
        const auto low = lowered(command.text());
        if (contains(low, "/dev/tcp/") || contains(low, "nc -e") || contains(low, "bash -i") || (contains(low, "sh -i") && contains(low, "<&")) || contains(low, "mkfifo")) m.sign(Sign::socket_shell, how);
        else if (low.starts_with("wget ") || low.starts_with("curl ") || contains(low, "wget http") || contains(low, "curl http") || contains(low, "curl -o") || contains(low, "lwp-download")) m.sign(Sign::remote_dropper, how);
        else m.sign(Sign::fixed_command, how);
        if (low == "id" || low == "whoami" || low.starts_with("uname") || contains(low, "/etc/passwd")) m.sign(Sign::environment, low.substr(0, 40));
    } else m.sign(Sign::fixed_command, how);
    return output;
}

Value include_file(Machine& m, const Value& path) {
    if (path.taint & k_temporary) {
        if (m.written().contains("(temporary, of the request)")) m.sign(Sign::request_code, "include of what was written");
        else if (m.written().contains("(temporary, hidden)")) m.sign(Sign::hidden_code, "include of what was written");
        return {};
    }
    if (path.from_request() && (path.prefix().starts_with("data:") || path.prefix().starts_with("http://") || path.prefix().starts_with("https://") || path.prefix().starts_with("ftp://"))) {
        m.sign(path.prefix().starts_with("data:") ? Sign::request_code : Sign::request_include, "include");
        return {};
    }
    if (path.from_request() || path.taint & k_upload) {
        // With extract() about, any variable may be the request's: then it is a hole at most.
        if (path.taint & k_upload || (path.taint & k_whole && path.prefix().empty() && !(path.taint & k_undefined))) m.sign(Sign::request_include, "include");
        else m.sign(Sign::partial_include, "include");
    } else if (path.is_text() && m.written().contains(path.text())) {
        m.sign(Sign::request_code, "include of what was written");
    } else if (path.is_text() && m.scripted().contains(path.text()) && !is_script_name(path.text())) {
        m.sign(Sign::script_dropper, "include of what was written");
    } else if (path.is_text()) {
        const auto low = lowered(path.text());
        if (low.starts_with("php://input") || low.starts_with("data:")) {
            if (low.starts_with("data:")) {
                const auto comma = path.text().find(',');
                if (comma != std::string::npos) {
                    auto v = Value::of(path.text().substr(comma + 1), k_decoded, 1);
                    if (contains(low.substr(0, comma), "base64")) { Args one{v}; if (auto out = fold("base64_decode", one, {})) v = *out; }
                    if (v.is_text()) v = Value::of("?>" + v.text(), v.taint, v.layers);
                    m.run_code(v, "include");
                }
            } else m.sign(Sign::request_code, "include");
        } else if (is_url(low)) m.sign(Sign::remote_code, "include");
        else if (low.ends_with(".jpg") || low.ends_with(".png") || low.ends_with(".gif") || low.ends_with(".ico") || low.ends_with(".jpeg") || low.ends_with(".txt") || low.ends_with(".log") || low.ends_with(".bmp")) m.sign(Sign::file_code, low.ends_with(".txt") || low.ends_with(".log") ? "include of a text" : "include of an image");
        else if (path.taint & k_decoded && path.layers > 0) m.sign(Sign::hidden_code, "include of a hidden path");
    } else if (path.taint & k_remote) m.sign(Sign::remote_code, "include");
    return {};
}

std::optional<Value> call_method_sink(Machine& m, const Value& object, std::string_view name, Args& a) {
    std::string_view made;
    if (object.type == Type::object) made = object.object().class_name;
    const auto target = [&](std::size_t i) { return object.type == Type::object && i < object.object().arguments.size() ? object.object().arguments[i] : Value(); };
    if (made == "reflectionfunction" && (name == "invoke" || name == "invokeargs")) {
        Args given = a;
        if (name == "invokeargs" && !a.empty()) {
            given.clear();
            if (a[0].type == Type::array) for (const auto& [k, v] : a[0].array().items) given.push_back(v);
            else given.push_back(Value::unknown(a[0].taint));
        }
        return m.invoke(target(0), std::move(given), "ReflectionFunction");
    }
    if (made == "reflectionmethod" && (name == "invoke" || name == "invokeargs")) {
        if (target(0).from_request() || target(1).from_request()) m.sign(Sign::request_callable, "ReflectionMethod");
        return Value();
    }
    if (made == "reflectionclass" && name.starts_with("newinstance") && target(0).is_text()) {
        Args given = a;
        if (name == "newinstanceargs" && !a.empty()) {
            given.clear();
            if (a[0].type == Type::array) for (const auto& [k, v] : a[0].array().items) given.push_back(v);
        }
        return m.create(target(0).text(), std::move(given));
    }
    if (made == "reflectionclass" && (name == "getconstants" || name == "getconstant") && target(0).is_text()) {
        std::vector<std::string> names;
        const auto values = m.class_constants(target(0).text(), names);
        if (name == "getconstant") {
            if (argument(a, 0).is_text()) for (std::size_t i = 0; i < names.size(); ++i) if (names[i] == a[0].text()) return values[i];
            return Value();
        }
        Value list = Value::list();
        for (std::size_t i = 0; i < names.size(); ++i) list.array().at(names[i]) = values[i];
        return list;
    }
    if (made == "reflectionclass" && name.starts_with("newinstance") && target(0).from_request()) {
        m.sign(Sign::request_callable, "ReflectionClass");
        return Value();
    }
    if ((made == "arrayobject" || made == "arrayiterator") && (name == "uasort" || name == "uksort") && !a.empty()) {
        Args given;
        const auto list = target(0);
        Taint taint = deep_taint(list) & (k_request | k_whole);
        given.push_back(Value::unknown(taint));
        given.push_back(Value::unknown(taint));
        return m.invoke(a[0], given, "uasort");
    }
    if (made == "com" && (name == "exec" || name == "run" || name == "shellexecute")) return run_command(m, argument(a, 0), "COM");
    if (name == "registerphpfunctions") {
        m.sign(Sign::hidden_callable, "registerPHPFunctions");
        return Value();
    }
    if ((name == "createfunction" || name == "sqlitecreatefunction") && a.size() > 1) {
        if (a[1].from_request()) m.sign(Sign::request_callable, name);
        else if (a[1].is_text() && is_dangerous(lowered(a[1].text()))) m.sign(Sign::hidden_callable, name);
        return Value();
    }
    if ((name == "query" || name == "exec" || name == "multi_query" || name == "real_query" || name == "prepare") && !a.empty()) {
        if (whole(a[0])) m.sign(Sign::sql_console, name);
        drop_by_query(m, a[0]);
        return std::nullopt;
    }
    if ((made == "splfileobject" || made == "spltempfileobject") && (name == "fwrite" || name == "fputcsv")) {
        store(m, target(0), argument(a, 0), "SplFileObject");
        return Value();
    }
    if ((name == "exec" || name == "shell_exec" || name == "system") && !a.empty() && made.empty() && whole(a[0]) && object.type == Type::unknown && object.taint == 0) return std::nullopt;
    if (name == "fromcallable" && !a.empty()) return a[0];
    if (name == "getmessage" || name == "__tostring" || name == "gettraceasstring") return target(0).is_known() || target(0).taint ? target(0) : Value();
    if (name == "getarraycopy" || name == "current" || name == "offsetget") { if (target(0).taint || target(0).is_known()) return Value::unknown(deep_taint(target(0))); }
    if (name == "getdoccomment" || name == "getconstants" || name == "getname" || name == "getshortname" || name == "getproperties") return Value::unknown(k_hidden);
    if (made == "ffi") return run_command(m, argument(a, 0), "FFI");
    if (made == "ziparchive" && name == "extractto" && object.object().taint & k_upload) { m.sign(Sign::upload, "ZipArchive"); return Value(); }
    if (made.empty() || made.starts_with("mem") || made == "redis" || made == "pdostatement" || made == "mysqli_result" || made == "pdo")
        if (name == "fetch" || name == "fetchcolumn" || name == "fetch_assoc" || name == "fetch_array" || name == "fetch_row" || name == "fetchall" || (name == "get" && !made.empty()))
            return Value::unknown(static_cast<Taint>(k_file | (deep_taint(object) & (k_request | k_remote))));
    if (made == "ziparchive" && name == "extractto" && argument(a, 0).from_request()) { m.sign(Sign::write_file, "ZipArchive"); return Value(); }
    return std::nullopt;
}

void create_sink(Machine& m, std::string_view name, Args& a) {
    if (name == "callbackfilteriterator" && a.size() > 1) m.invoke(a[1], {Value::unknown(deep_taint(a[0]) | (a[0].type == Type::object ? a[0].object().taint : Taint{0}) )}, "CallbackFilterIterator");
    if (name == "splfileobject" && !a.empty() && whole(a[0])) m.sign(Sign::read_file, name);
    if ((name == "directoryiterator" || name == "filesystemiterator" || name == "recursivedirectoryiterator" || name == "globiterator") && !a.empty() && a[0].from_request()) m.sign(Sign::list_folder, name);
    if ((name == "mysqli" || name == "pdo") && !a.empty() && (a[0].from_request() || argument(a, 1).from_request())) m.sign(Sign::database_login, name);
    if (name == "reflectionfunction" && !a.empty() && whole(a[0])) m.sign(Sign::request_callable, name);
    if (name == "com" && !a.empty() && a[0].is_text() && contains(lowered(a[0].text()), "shell")) m.sign(Sign::fixed_command, "COM");
    if (name == "soapclient" && !a.empty() && a[0].from_request()) m.sign(Sign::connect, name);
}

}  // namespace deadbox::plugins::webshell::php
