#include "report/alarms.hpp"

#include "base/encoding.hpp"

namespace deadbox::report {

bool differs(const ReportEvidence& evidence) { return (evidence.acquisition && evidence.acquisition->matches == false) || evidence.expected_matches == false; }

std::vector<std::string> alarms(const Report& report, const Texts& texts) {
    std::vector<std::string> all;
    for (const auto& one : report.evidence)
        if (differs(one)) all.push_back(texts.of("html.mismatch_first", {{"file", one.name}}));
    if (!report.run.whole) all.push_back(texts.of("html.unfinished_first"));
    return all;
}

std::string alarmed_summary(const Report& report, const Texts& texts) {
    std::string text;
    for (const auto& alarm : alarms(report, texts)) text += base::to_utf8(alarm) + " ";
    return text + report.verdict.summary;
}

}  // namespace deadbox::report
