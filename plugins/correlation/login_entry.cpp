// A login right before the first change that is an intruder's, of an account that knows its places and came from a new one.
// It may be anybody's: context, never an answer by itself.
#include <algorithm>
#include <map>
#include <optional>

#include "correlation/login_records.hpp"
#include "correlation/ways_in.hpp"
#include "plugin/network_address.hpp"
#include "plugin/topic.hpp"

namespace deadbox::plugins::correlation {
namespace {

using base::Next;
using plugin::RowView;
using plugin::Severity;

constexpr std::int64_t k_before_change = 1800;  // s
constexpr std::size_t k_least = 4;       // earlier logins, from which habits show
constexpr std::string_view k_changes[] = {"webshell/", "defacement/", "binaries/", "rootkit/", "privilege/", "malware/", "persistence/", "ssh/authorized", "ssh/new_key",
                                          "accounts/uid_zero_twin", "accounts/system_account_login", "accounts/hash_in_passwd", "accounts/new_account"};

// Who owns the changed file.
base::Result<std::optional<std::int64_t>> owner_of(const plugin::CaseReader& reader, const Known& known) {
    std::optional<std::int64_t> uid;
    const plugin::Value id[] = {std::string_view(known.id)};
    TRY(reader.query("SELECT i.uid FROM finding_item f JOIN inode i ON i.id = f.inode WHERE f.finding = ? ORDER BY f.place LIMIT 1", id, [&](const RowView& row) {
        uid = row.integer(0);
        return Next::stop;
    }));
    return uid;
}

base::Result<bool> has_id(const plugin::CaseReader& reader, std::int64_t system, const std::string& user, std::int64_t uid) {
    bool has = false;
    if (plugin::find_table("account") == nullptr) return has;
    const plugin::Value parameters[] = {system, std::string_view(user), uid};
    TRY(reader.query("SELECT 1 FROM account WHERE ifnull(system, 0) = ?1 AND user = ?2 AND uid = ?3 AND source = 'passwd' LIMIT 1", parameters, [&](const RowView&) {
        has = true;
        return Next::stop;
    }));
    return has;
}

// The account comes from few networks, and never before from this one.
bool is_strange(const Login& login, const std::vector<Login>& all) {
    std::set<std::string_view> networks;
    std::set<std::int64_t> days;
    std::size_t earlier = 0;
    for (const auto& other : all) {
        if (other.user != login.user || other.system != login.system || other.address.empty() || other.record == Login::Record::last) continue;
        if (other.time.seconds >= login.time.seconds - 60) continue;  // another record of this one
        const auto network = plugin::network_of(other.address);
        if (network == plugin::network_of(login.address)) return false;
        networks.insert(network), days.insert(other.time.seconds / 86400), ++earlier;
    }
    return earlier >= k_least && days.size() >= 2 && networks.size() * 2 <= earlier;
}

}  // namespace

base::Result<void> find_login_entries(const plugin::CaseReader& reader, plugin::FindingSink& sink, const std::vector<Known>& known, const std::set<std::int64_t>& answered) {
    std::map<std::int64_t, const Known*> first_changes;
    std::set<std::pair<std::int64_t, std::string_view>> made;  // accounts that are themselves in question
    for (const auto& one : known) {
        if (one.rule.starts_with("accounts/")) made.emplace(one.system, one.subject);
        if (is_entry(one, k_changes)) first_changes.emplace(one.system, &one);  // known ones come in the order of time
    }
    for (const auto& [system, change] : first_changes) {
        if (answered.contains(system)) continue;
        const bool guessed = std::any_of(known.begin(), known.end(), [&, system = system, change = change](const Known& one) { return one.system == system && is_entry(one, k_logins) && one.first.seconds <= change->first.seconds; });
        if (guessed) continue;
        TRY_ASSIGN(auto near, logins_between(reader, change->first.seconds - k_before_change, change->first.seconds));
        std::erase_if(near, [&, system = system](const Login& login) { return login.address.empty() || (login.system != system && login.system != 0) || made.contains({system, login.user}); });
        if (near.empty()) continue;
        std::set<std::string, std::less<>> users;
        for (const auto& login : near) users.insert(login.user);
        TRY_ASSIGN(const auto all, logins_of(reader, users));
        std::set<std::string> told;
        for (auto login = near.rbegin(); login != near.rend(); ++login) {  // the last before the change first
            if (!is_strange(*login, all) || !told.insert(login->user).second) continue;
            TRY_ASSIGN(const auto owner, owner_of(reader, *change));
            bool could = false;
            if (owner) {
                TRY_ASSIGN(could, has_id(reader, system, login->user, *owner));
            }
            plugin::FindingHead head;
            head.rule = "correlation/login_entry";
            if (system != 0) head.system = system;
            head.subject = login->user;
            head.severity = could ? Severity::medium : Severity::low;
            head.arguments = {{"user", login->user}, {"address", login->address}, {"method", login->method}, {"time", base::to_rfc3339(login->time)},
                              {"change", change->subject}, {"before", how_long(change->first.seconds - login->time.seconds)}};
            if (could) head.arguments.emplace_back("owner", login->user);
            head.arguments.emplace_back("rests_on", change->id);
            head.first = head.last = login->time, head.basis = plugin::TimeBasis::log;
            sink.finding(head);
            sink.item(item_of(*login));
            TRY(cite(reader, sink, *change));
        }
    }
    return {};
}

}  // namespace deadbox::plugins::correlation
