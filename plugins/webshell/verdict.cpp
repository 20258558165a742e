#include "webshell/verdict.hpp"

#include <algorithm>
#include <array>

namespace deadbox::plugins::webshell {
namespace {

using plugin::Confidence;
using plugin::Severity;

// A sign that decides alone.
struct Decisive {
    Sign sign;
    Severity level;
    Confidence confidence;
    std::string_view kind;
};
constexpr Decisive k_decisive[] = {
    {Sign::request_code, Severity::critical, Confidence::certain, "request_code"},
    {Sign::request_command, Severity::critical, Confidence::certain, "request_command"},
    {Sign::request_script_write, Severity::high, Confidence::likely, "request_script_write"},
    {Sign::socket_shell, Severity::high, Confidence::likely, "socket_shell"},
    {Sign::remote_code, Severity::high, Confidence::likely, "remote_code"},
    {Sign::remote_dropper, Severity::high, Confidence::likely, "remote_dropper"},
    {Sign::script_dropper, Severity::high, Confidence::likely, "script_dropper"},
    {Sign::hidden_code, Severity::high, Confidence::likely, "hidden_code"},
    {Sign::request_callable, Severity::high, Confidence::likely, "request_callable"},
    {Sign::request_include, Severity::high, Confidence::likely, "request_include"},
    {Sign::request_write, Severity::high, Confidence::likely, "request_write"},
    {Sign::hidden_name, Severity::high, Confidence::likely, "hidden_name"},
    {Sign::hidden_callable, Severity::high, Confidence::likely, "hidden_callable"},
    {Sign::rule, Severity::high, Confidence::likely, "known_shell"},
    {Sign::undefined_code, Severity::high, Confidence::likely, "undefined_code"},
    {Sign::undefined_command, Severity::high, Confidence::likely, "undefined_command"},
    {Sign::symlink_farm, Severity::high, Confidence::likely, "symlink_farm"},
};

}  // namespace

std::string_view name_of(Severity level) {
    static constexpr std::string_view names[] = {"info", "low", "medium", "high", "critical"};
    return names[static_cast<std::size_t>(level)];
}

Verdict judge(const Features& f) {
    Verdict v;
    v.rule = "script";
    const auto raise = [&](Severity level, Confidence confidence, Sign sign, std::string_view kind) {
        if (v.strongest != Sign::last && (level < v.level || (level == v.level && confidence <= v.confidence))) return;
        v.level = level;
        v.confidence = confidence;
        v.strongest = sign;
        v.kind = kind;
    };
    for (const auto& d : k_decisive)
        if (f.has(d.sign)) raise(d.level, d.confidence, d.sign, d.kind);
    v.notable = v.level >= Severity::low;
    return v;
}

}  // namespace deadbox::plugins::webshell
