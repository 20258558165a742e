#include "report/entities.hpp"

#include <algorithm>
#include <set>

#include "report/item_key.hpp"
#include "report/remote_hosts.hpp"

namespace deadbox::report {

base::Result<std::vector<AccountEntry>> accounts_with_a_shell(const case_file::View& view) {
    std::vector<AccountEntry> all;
    TRY_ASSIGN(const bool there, view.has_table("account"));
    if (!there) return all;
    TRY_ASSIGN(auto row, view.prepare("SELECT system, user, uid, home, shell, CASE password WHEN 'shadowed' THEN (SELECT p.state FROM password p WHERE p.source = 'shadow' AND p.user = a.user AND p.system IS a.system LIMIT 1) "
                                      "ELSE password END FROM account a WHERE source = 'passwd' AND (uid = 0 OR NOT (ifnull(shell, '') LIKE '%/nologin' "
                                      "OR ifnull(shell, '') LIKE '%/false' OR ifnull(shell, '') IN ('/bin/sync', '/usr/bin/sync', '/sbin/shutdown', '/sbin/halt'))) ORDER BY system, uid, user, id"));
    for (;;) {
        TRY_ASSIGN(const bool more, row.step());
        if (!more) return all;
        all.push_back({row.maybe_integer(0), row.maybe_integer(2), std::string(row.text(1)), std::string(row.text(3)), std::string(row.text(4)), std::string(row.text(5))});
    }
}

std::vector<Entity> entities_of(const Report& report) {
    std::set<std::string> users;
    for (const auto& account : report.accounts) users.insert(account.user);
    std::map<std::pair<std::string, std::string>, std::set<std::string>> found;
    for (const auto& f : report.findings) {
        if (f.state == "dismissed") continue;
        for (const auto& item : f.items) {
            if (!item.site.empty()) found[{"site", item.site}].insert(f.id);
            if (item.key.empty() || item.key == item.path || !item.cites.empty()) continue;
            const char* kind = address_kind(item.key) ? "address" : users.contains(item.key) || !account_named(f, item).empty() ? "account" : "other";
            found[{kind, item.key}].insert(f.id);
        }
    }
    for (const auto& host : report.remote_hosts) found[{host.kind == "domain" ? "domain" : "address", host.value}].insert(host.findings.begin(), host.findings.end());
    std::vector<Entity> all;
    for (const auto& [what, ids] : found) all.push_back({what.first, what.second, {ids.begin(), ids.end()}});
    return all;
}

}  // namespace deadbox::report
