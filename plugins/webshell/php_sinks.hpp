// Which calls matter, and what is concluded when they are reached: functions that run code or commands, that write,
// fetch, browse, and those that take a callback.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "webshell/features.hpp"
#include "webshell/php_value.hpp"

namespace deadbox::plugins::webshell::php {

// What a sink needs of the evaluator.
class Machine {
public:
    virtual ~Machine() = default;
    virtual Features& features() = 0;
    virtual std::string_view script() const = 0;
    virtual void sign(Sign sign, std::string_view detail) = 0;
    virtual Value run_code(const Value& code, std::string_view how) = 0;
    virtual Value call(std::string_view name, std::vector<Value> arguments) = 0;
    virtual Value invoke(const Value& callable, std::vector<Value> arguments, std::string_view how) = 0;
    // A function made of text, as create_function() does; unknown where the text is no function.
    virtual Value make_closure(std::string_view parameters, std::string_view body) = 0;
    virtual void taint_scope(bool whole) = 0;
    virtual void set_variable(const std::string& name, Value value) = 0;
    virtual bool has_function(std::string_view name) const = 0;
    virtual std::unordered_set<std::string>& written() = 0;  // paths that got content from outside
    virtual std::unordered_set<std::string>& scripted() = 0;  // paths that got code of this script
    virtual void bounded() = 0;                 // the request had a choice among the script's own values
    virtual bool piece_is_checked() const = 0;  // an upload's ending, or an address's host, is of a list
    virtual void on_output(const Value& callable) = 0;  // called with what the script prints
    virtual void on_error(const Value& callable) = 0;   // called with the script's own errors
    virtual void raise_error(const Value& message) = 0;
    virtual void awaken(Taint taint) = 0;               // unserialize() of something with this taint
    virtual Value create(std::string_view class_name, std::vector<Value> arguments) = 0;
    virtual std::vector<Value> class_constants(std::string_view class_name, std::vector<std::string>& names) = 0;
};

// Functions that nobody needs to hide: runs code, commands, or calls what it is given.
bool is_dangerous(std::string_view function);
// Calls what it is given, whatever else it does.
bool is_callback_taker(std::string_view function);
// nullopt: not a function that matters here.
std::optional<Value> call_sink(Machine& machine, std::string_view name, std::vector<Value>& arguments);
std::optional<Value> call_method_sink(Machine& machine, const Value& object, std::string_view name, std::vector<Value>& arguments);
void create_sink(Machine& machine, std::string_view class_name, std::vector<Value>& arguments);
Value include_file(Machine& machine, const Value& path);
Value run_command(Machine& machine, const Value& command, std::string_view how);

}  // namespace deadbox::plugins::webshell::php
