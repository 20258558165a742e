#include "report/indicators.hpp"

#include <arpa/inet.h>

namespace deadbox::report {

std::vector<const ReportFinding*> told_findings(const Report& report) {
    std::vector<const ReportFinding*> told;
    for (const auto& f : report.findings)
        if (f.state != "dismissed" && f.severity >= plugin::Severity::medium) told.push_back(&f);
    return told;
}

bool is_planted(const ReportFinding& finding, const ReportItem& item) {
    return finding.severity >= plugin::Severity::high && item.type == "file" && !item.sha256.empty() && item.size > 0 && (item.content == "live" || item.content == "recovered") && !item.line;
}

std::optional<AddressKind> address_kind(const std::string& text) {
    in6_addr address{};
    if (inet_pton(AF_INET, text.c_str(), &address) == 1) return AddressKind::ipv4;
    if (inet_pton(AF_INET6, text.c_str(), &address) == 1) return AddressKind::ipv6;
    return std::nullopt;
}

base::Timestamp evidence_moment(const Report& report) {
    base::Timestamp moment;
    for (const auto& s : report.systems)
        if (s.last_activity && *s.last_activity > moment) moment = *s.last_activity;
    return moment;
}

}  // namespace deadbox::report
