#include "report/indicators.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace deadbox::report {
namespace {

// Questions whose findings rest on files that somebody brought or altered.
constexpr std::array<std::string_view, 7> k_planted{"webshells", "binaries", "rootkit", "privilege", "stash", "defacement", "mining"};
// Rules for such a question whose items are something else: account and group files, package lists, settings.
constexpr std::array<std::string_view, 4> k_not_planted{"accounts/", "packages/", "sudo/", "correlation/"};

}  // namespace

std::vector<const ReportFinding*> told_findings(const Report& report) {
    std::vector<const ReportFinding*> told;
    for (const auto& f : report.findings)
        if (f.state != "dismissed" && f.severity >= plugin::Severity::medium) told.push_back(&f);
    return told;
}

bool is_planted(const ReportFinding& finding, const ReportItem& item) {
    if (finding.severity < plugin::Severity::high || item.type != "file" || item.sha256.empty() || item.size <= 0 || (item.content != "live" && item.content != "recovered")) return false;
    return std::find(k_planted.begin(), k_planted.end(), finding.question) != k_planted.end() &&
           std::none_of(k_not_planted.begin(), k_not_planted.end(), [&](auto rule) { return finding.rule.starts_with(rule); });
}

base::Timestamp evidence_moment(const Report& report) {
    base::Timestamp moment;
    for (const auto& s : report.systems)
        if (s.last_activity && *s.last_activity > moment) moment = *s.last_activity;
    return moment;
}

std::string evidence_key(const Report& report) {
    std::string key;
    for (const auto& e : report.evidence) key += (e.media_sha256.empty() ? e.media_md5 : e.media_sha256) + std::to_string(e.media_size) + ";";
    return key;
}

}  // namespace deadbox::report
