#include "webshell/php_sink_table.hpp"

#include <unordered_set>

namespace deadbox::plugins::webshell::php {

bool is_dangerous(std::string_view f) {
    static const std::unordered_set<std::string_view> all{"eval", "assert", "create_function", "system", "exec", "shell_exec", "passthru", "popen", "proc_open", "pcntl_exec", "preg_replace",
        "base64_decode", "gzinflate", "gzuncompress", "str_rot13", "call_user_func", "call_user_func_array", "array_map", "array_filter", "file_put_contents", "move_uploaded_file", "usort", "unserialize", "copy", "fwrite", "phpinfo", "mb_ereg_replace", "gzdecode", "ob_start", "reflectionfunction", "array_walk"};
    return all.contains(f);
}

std::optional<Value> call_sink(Machine& machine, std::string_view name, Args& arguments) {
    static const auto all = [] {
        Sinks sinks;
        add_code_sinks(sinks);
        add_callback_sinks(sinks);
        add_file_sinks(sinks);
        add_tool_sinks(sinks);
        return sinks;
    }();
    const auto found = all.find(name);
    if (found == all.end()) return std::nullopt;
    return found->second(machine, name, arguments);
}

}  // namespace deadbox::plugins::webshell::php
