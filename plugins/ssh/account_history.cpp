#include "ssh/account_history.hpp"

#include <algorithm>

#include "plugin/network_address.hpp"
#include "plugin/secret_value.hpp"

namespace deadbox::plugins::ssh {
namespace {

using plugin::RowView;

constexpr std::int64_t k_day = 86400;
constexpr std::size_t k_days = 5;  // on which only this address came: a device comes as long as it stands, a guesser rarely lasts
constexpr std::ptrdiff_t k_known_days = 3;
constexpr std::size_t k_most_places = 5000, k_most_deeds = 200, k_longest_ending = 5;

// What a web server may run, and what such servers are told by.
constexpr std::string_view k_run[] = {"php", "php3", "php4", "php5", "php7", "php8", "phtml", "phar", "asp", "aspx", "ashx", "jsp", "jspx", "cgi", "pl", "py", "rb", "sh", "htaccess", "ini", "so", "exe"};

std::string ending_of(std::string_view name) {
    name = name.substr(name.rfind('/') == std::string_view::npos ? 0 : name.rfind('/') + 1);
    const auto dot = name.rfind('.');
    if (dot == std::string_view::npos) return {};
    const auto ending = name.substr(dot + 1);
    return ending.size() > k_longest_ending && ending != "htaccess" ? std::string() : plugin::lowered(ending);
}

std::string deed_of(std::string_view type, std::string_view file) {
    if (type == "mail.received") return "send";
    if (type == "file.delete") return "delete";
    if (type == "file.session") return "get";
    if (type != "file.download" && type != "file.upload") return {};
    const auto ending = ending_of(file);
    return std::string(type == "file.download" ? "get" : "put") + (ending.empty() ? "" : " " + ending);
}

bool is_of_any_device(std::string_view deed) {
    if (deed == "delete") return true;  // its old files
    if (!deed.starts_with("put")) return false;
    return deed.size() < 5 || std::find(std::begin(k_run), std::end(k_run), deed.substr(4)) == std::end(k_run);
}

}  // namespace

const std::string_view k_system_of_event = "coalesce((SELECT t.system FROM tree t WHERE t.id = e.inode >> 44), (SELECT CASE count(*) WHEN 1 THEN max(id) END FROM system), 0)";

std::string_view bare(std::string_view name) { return name.substr(0, name.find('@')); }
std::string mail_name(std::string_view name) { return plugin::lowered(bare(name)); }

base::Result<AccountHistory> AccountHistory::load(const plugin::CaseReader& reader, const std::set<Account>& accounts) {
    AccountHistory history;
    if (accounts.empty()) return history;
    // The names as logs have them, so that only their events are decoded.
    std::string ids;
    std::set<std::string, std::less<>> names;
    for (const auto& account : accounts) names.insert(account.second);
    TRY(reader.query("SELECT id, value FROM string WHERE id IN (SELECT DISTINCT user FROM event NOT INDEXED WHERE user IS NOT NULL)", [&](const RowView& row) {
        if (names.contains(mail_name(row.text(1)))) ids += (ids.empty() ? "" : ",") + std::to_string(row.integer(0));
        return base::Next::go_on;
    }));
    if (ids.empty()) return history;
    TRY(reader.query("SELECT e.s, u.value, a.value, k.type, json_extract(g.value, '$.file'), json_extract(g.value, '$.sent'), json_extract(g.value, '$.direction'), " + std::string(k_system_of_event) +
                     " FROM event e NOT INDEXED CROSS JOIN kind k ON k.id = e.kind CROSS JOIN string u ON u.id = e.user CROSS JOIN string a ON a.id = e.address LEFT JOIN string g ON g.id = e.arguments "
                     "WHERE e.user IN (" + ids + ") AND e.kind IN (SELECT id FROM kind WHERE type IN ('auth.login.success', 'file.download', 'file.upload', 'file.delete', 'file.session', 'mail.received')) ORDER BY +e.s, +e.id",
                     [&](const RowView& row) {
                         Account account{row.integer(7), mail_name(row.text(1))};
                         if (!accounts.contains(account)) return base::Next::go_on;
                         auto& past = history.m_accounts[std::move(account)];
                         const auto time = row.integer(0);
                         const auto address = row.text(2), type = row.text(3);
                         if (past.networks.size() < k_most_places) past.networks.emplace(plugin::network_of(address), time);
                         if (past.days.contains(address) || past.days.size() < k_most_places)
                             if (auto& days = past.days[std::string(address)]; days.size() < 2 * k_days) days.insert(time / k_day);
                         if (type == "file.session" && (row.text(6) != "out" || row.integer(5) <= 0)) return base::Next::go_on;
                         auto deed = deed_of(type, row.text(4));
                         if (!deed.empty() && past.deeds.size() < k_most_deeds) past.deeds.emplace(std::move(deed), Deed{time, std::string(address)});
                         return base::Next::go_on;
                     }));
    return history;
}

const AccountHistory::Past* AccountHistory::past_of(const Account& account) const {
    const auto found = m_accounts.find(account);
    return found == m_accounts.end() ? nullptr : &found->second;
}

bool AccountHistory::is_usual(const Account& account, const std::string& address, std::int64_t time) const {
    const auto* past = past_of(account);
    if (past == nullptr) return false;
    const auto network = past->networks.find(plugin::network_of(address));
    if (network != past->networks.end() && network->second < time) return true;
    const auto days = past->days.find(address);
    return past->networks.size() == 1 && days != past->days.end() && days->second.size() > k_days;
}

bool AccountHistory::has_come_from(const Account& account, const std::string& address, std::int64_t time) const {
    const auto* past = past_of(account);
    if (past == nullptr) return false;
    const auto days = past->days.find(address);
    return days != past->days.end() && std::distance(days->second.begin(), days->second.lower_bound(time / k_day)) >= k_known_days;
}

bool AccountHistory::was_used(const Account& account, std::int64_t time) const {
    const auto* past = past_of(account);
    return past != nullptr && std::any_of(past->networks.begin(), past->networks.end(), [&](const auto& network) { return network.second < time; });
}

std::string AccountHistory::new_deed(const Account& account, const std::string& address, std::int64_t time) const {
    const auto* past = past_of(account);
    if (past == nullptr) return {};
    const bool used = was_used(account, time);
    for (const auto& [deed, first] : past->deeds)
        if (first.address == address && first.time >= time && first.time - time <= k_day && (used || !is_of_any_device(deed))) return deed;
    return {};
}

}  // namespace deadbox::plugins::ssh
