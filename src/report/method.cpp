#include "report/method.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "plugin/topic.hpp"
#include "report/texts.hpp"

namespace deadbox::report {
namespace {

constexpr std::string_view k_kinds[] = {"external", "signed", "baseline", "in_image"};  // the strongest first

base::Result<std::vector<std::string>> trust_used(const case_file::View& view) {
    std::set<std::string, std::less<>> used;
    TRY_ASSIGN(auto row, view.prepare("SELECT DISTINCT json_extract(reference, '$.kind') FROM finding_item WHERE reference IS NOT NULL AND json_valid(reference)"));
    for (;;) {
        TRY_ASSIGN(const bool more, row.step());
        if (!more) break;
        used.emplace(row.text(0));
    }
    // Packages' own lists were compared with, whether or not a file differed.
    for (const plugin::Topic* topic : plugin::topics()) {
        for (const auto& table : topic->tables) {
            if (table.role != "packaged_file") continue;
            TRY_ASSIGN(const bool there, view.has_table(table.name));
            if (!there) continue;
            TRY_ASSIGN(auto any, view.prepare(fmt::format("SELECT 1 FROM \"{}\" LIMIT 1", table.name)));
            TRY_ASSIGN(const bool found, any.step());
            if (found) used.emplace("in_image");
        }
    }
    std::vector<std::string> kinds;
    for (const auto kind : k_kinds)
        if (used.contains(kind)) kinds.emplace_back(kind);
    return kinds;
}

}  // namespace

base::Result<Method> method_of(const case_file::View& view, const Report& report) {
    Method method;
    TRY_ASSIGN(const auto zone, view.meta("time_zone"));
    method.time_zone = zone.value_or("");
    TRY_ASSIGN(auto run, view.prepare("SELECT options FROM run ORDER BY id DESC LIMIT 1"));
    TRY_ASSIGN(const bool any, run.step());
    if (any) method.parameters = parse_arguments(run.text(0));
    std::erase_if(method.parameters, [](const auto& one) { return one.first == "own_files"; });  // told one by one
    std::map<std::string, std::pair<std::int64_t, plugin::Severity>> findings;
    for (const auto& f : report.findings) {
        auto& of_rule = findings[f.rule];
        of_rule = {of_rule.first + 1, std::max(of_rule.second, f.severity)};
    }
    for (const plugin::Topic* topic : plugin::topics()) {
        TRY_ASSIGN(const auto version, view.meta(fmt::format("topic.{}", topic->id)));
        if (version) method.topics.emplace_back(topic->id, *version);
        for (const auto& rule : topic->rules) {
            RuleInfo info{fmt::format("{}/{}", topic->id, rule.id), std::string(rule.severity), std::string(rule.confidence), std::string(rule.source), rule.version, 0, {}};
            if (const auto found = findings.find(info.id); found != findings.end()) info.findings = found->second.first, info.highest = found->second.second;
            method.rules.push_back(std::move(info));
        }
    }
    const auto by_id = [](const auto& a, const auto& b) { return a.id < b.id; };
    std::sort(method.rules.begin(), method.rules.end(), by_id);
    std::sort(method.topics.begin(), method.topics.end());
    TRY_ASSIGN(method.trust, trust_used(view));
    return method;
}

}  // namespace deadbox::report
