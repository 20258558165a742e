#include "report/redaction.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

namespace deadbox::report {

std::string redact_excerpt(std::string_view excerpt, std::string_view spans, Redact redact) {
    if (redact == Redact::none || spans.empty()) return std::string(excerpt);
    const auto array = nlohmann::json::parse(spans, nullptr, false);
    if (!array.is_array()) return std::string(k_redacted);
    std::vector<std::pair<std::size_t, std::size_t>> hidden;  // from, to
    for (const auto& span : array) {
        if (!span.is_array() || span.size() < 2 || !span[0].is_number_unsigned() || !span[1].is_number_unsigned()) return std::string(k_redacted);
        const bool person = span.size() > 2 && span[2].is_boolean() && span[2].get<bool>();
        if (person && redact != Redact::persons) continue;
        const auto from = std::min(span[0].get<std::size_t>(), excerpt.size());
        const auto to = from + std::min(span[1].get<std::size_t>(), excerpt.size() - from);
        if (from < to) hidden.emplace_back(from, to);
    }
    std::sort(hidden.begin(), hidden.end());
    std::string out;
    std::size_t done = 0;
    for (const auto& [from, to] : hidden) {
        if (to <= done) continue;
        if (from >= done && !(from == done && done > 0)) out.append(excerpt.substr(done, from - done)).append(k_redacted);
        done = to;
    }
    return out.append(excerpt.substr(done));
}

}  // namespace deadbox::report
