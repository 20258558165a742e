#include "report/verdict.hpp"

#include <set>

namespace deadbox::report {

Judgement judge(std::span<const Weight> findings, bool has_system, bool decisive_source_missing) {
    using plugin::Confidence, plugin::Severity;
    Judgement judgement;
    bool critical = false;
    std::set<std::string_view> high_rules;
    for (const auto& f : findings) {
        if (f.dismissed || f.severity < Severity::high) continue;
        judgement.basis.push_back(f.id);
        if (f.confidence < Confidence::likely) continue;
        // A critical one counts among the high ones too; alone it decides.
        if (f.severity == Severity::critical) critical = true;
        else high_rules.insert(f.rule);
    }
    if (critical || high_rules.size() >= 2) judgement.level = VerdictLevel::compromised;
    else if (!judgement.basis.empty()) judgement.level = VerdictLevel::suspicious;
    else judgement.level = !has_system || decisive_source_missing ? VerdictLevel::undetermined : VerdictLevel::no_indication;
    return judgement;
}

std::string_view name_of(VerdictLevel level) {
    switch (level) {
        case VerdictLevel::no_indication: return "no_indication";
        case VerdictLevel::undetermined: return "undetermined";
        case VerdictLevel::suspicious: return "suspicious";
        case VerdictLevel::compromised: return "compromised";
    }
    return "undetermined";
}

}  // namespace deadbox::report
