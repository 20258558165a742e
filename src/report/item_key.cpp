#include "report/item_key.hpp"

#include <algorithm>

#include "report/remote_hosts.hpp"

namespace deadbox::report {
namespace {

constexpr std::string_view k_about_accounts[] = {"accounts", "entry", "data_taken"};

}  // namespace

std::string account_named(const ReportFinding& finding, const ReportItem& item) {
    if (!item.key_kind.empty()) return item.key_kind == "account" ? item.key : std::string();
    // Of a case before version 5, or words.
    const bool about = finding.rule.starts_with("accounts/") || std::find(std::begin(k_about_accounts), std::end(k_about_accounts), finding.question) != std::end(k_about_accounts);
    if (!about || !item.cites.empty() || item.key == item.path || address_kind(item.key)) return {};
    // Where a server looks up names, a client stands by its name.
    const bool certain = finding.rule.starts_with("accounts/") || finding.rule.starts_with("ssh/");
    return certain || !is_domain(item.key) ? item.key : std::string();
}

}  // namespace deadbox::report
