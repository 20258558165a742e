// What the files of sinks share: how a sink looks, questions about its arguments, and who adds which.
#pragma once

#include "webshell/php_names.hpp"
#include "webshell/php_sinks.hpp"

#include <unordered_map>

namespace deadbox::plugins::webshell::php {

using Args = std::vector<Value>;
using Sink = Value (*)(Machine&, std::string_view, Args&);
using Sinks = std::unordered_map<std::string_view, Sink>;

inline void add_sinks(Sinks& sinks, std::initializer_list<std::string_view> names, Sink sink) { for (const auto n : names) sinks.emplace(n, sink); }
void add_code_sinks(Sinks& sinks);      // commands, code, patterns that are code
void add_callback_sinks(Sinks& sinks);  // what calls what it is given
void add_file_sinks(Sinks& sinks);
void add_tool_sinks(Sinks& sinks);      // connections, databases, mail, the environment

inline Value argument(const Args& a, std::size_t i) { return i < a.size() ? a[i] : Value(); }
inline Taint all_taint(const Args& a) {
    Taint taint = 0;
    for (const auto& v : a) taint = merged(taint, deep_taint(v));
    return taint;
}
inline bool whole(const Value& v) { return v.from_request() && v.taint & k_whole && v.prefix().empty(); }
// The same, and nothing was put around it.
inline bool bare(const Value& v) { return whole(v) && !(v.taint & k_built); }
inline bool contains(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }
inline bool is_url(std::string_view path) { const auto low = lowered(path.substr(0, 8)); return low.starts_with("http://") || low.starts_with("https://") || low.starts_with("ftp://"); }

// Content goes to a path.
void store(Machine& m, const Value& path, const Value& content, std::string_view how);
// SELECT '<?php ...' INTO OUTFILE 'x.php'
void drop_by_query(Machine& m, const Value& v);

}  // namespace deadbox::plugins::webshell::php
