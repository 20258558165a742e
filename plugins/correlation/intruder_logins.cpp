// Whoever logs in from an address that used a webshell or guessed passwords here is the intruder, whatever the account: nothing is
// wrong with it, and its password or key was his.
#include <algorithm>
#include <map>
#include <tuple>

#include "correlation/intruder_logins.hpp"
#include "correlation/known.hpp"
#include "correlation/login_records.hpp"
#include "correlation/web_requests.hpp"
#include "plugin/network_address.hpp"
#include "plugin/said_by.hpp"
#include "plugin/topic.hpp"
#include "plugin/web_clients.hpp"

namespace deadbox::plugins::correlation {
namespace {

using base::Next;
using plugin::Confidence;
using plugin::RowView;
using plugin::Severity;

constexpr std::int64_t k_belongs_before = 86400;  // s: whoever was here so long before it is at home here
constexpr std::int64_t k_session_lasts = 86400;   // s
constexpr std::size_t k_most_shells = 1000, k_most_cited = 200, k_most_named = 5;

// Why an address is an intruder's.
struct Enemy {
    const Known* by = nullptr;
    bool by_webshell = false;
    std::int64_t since = 0;  // s: of what was there before, he may be an inhabitant
    std::set<std::string, std::less<>> guessed;  // accounts that the other finding names already
};
using Address = std::pair<std::string, std::int64_t>;  // with its machine

// One account and the logins with it from such addresses.
struct Victim {
    std::vector<const Login*> logins;
    std::set<std::string, std::less<>> addresses;  // theirs
    const Enemy* enemy = nullptr;
    bool at_home = false;
};

class IntruderLogins {
public:
    IntruderLogins(const plugin::CaseReader& reader, plugin::FindingSink& sink) : m_reader(reader), m_sink(sink) {}

    base::Result<void> run() {
        TRY_ASSIGN(m_known, known_findings(m_reader, "severity >= 3 AND confidence >= 1 AND (rule GLOB 'webshell/*' OR rule GLOB 'ssh/brute_force_success')"));
        if (m_known.empty()) return {};
        TRY(load_guessers());
        TRY(load_users_of_webshells());
        if (m_enemies.empty()) return {};
        std::set<std::string, std::less<>> addresses;
        for (const auto& [address, enemy] : m_enemies) addresses.insert(address.first);
        TRY_ASSIGN(m_logins, logins_from(m_reader, addresses));
        if (m_logins.empty()) return {};
        TRY(load_accused());
        gather();
        TRY(load_changes_of_user());
        for (const auto& [account, victim] : m_victims) TRY(report(account.first, account.second, victim));
        return {};
    }

    // Whose logins are an intruder's beyond doubt; those of accounts that are in question, too.
    AccountsInUse told() const {
        AccountsInUse all = m_accused;
        for (const auto& [account, victim] : m_victims)
            if (!victim.at_home) all.insert(account);
        return all;
    }

private:
    base::Result<void> load_guessers() {
        for (const auto& known : m_known) {
            if (!is_entry(known, k_logins) || plugin::is_loopback(known.subject)) continue;
            auto& enemy = m_enemies[{known.subject, known.system}];
            if (enemy.by == nullptr) enemy.by = &known, enemy.since = known.first.seconds;
            const plugin::Value id[] = {std::string_view(known.id)};
            TRY(m_reader.query("SELECT DISTINCT key FROM finding_item WHERE finding = ? AND key IS NOT NULL", id, [&](const RowView& row) {
                enemy.guessed.emplace(row.text(0));
                return Next::go_on;
            }));
        }
        return {};
    }

    base::Result<void> load_users_of_webshells() {
        if (plugin::find_table("web_use") == nullptr) return {};
        TRY_ASSIGN(const Sites sites, Sites::load(m_reader));
        std::size_t shells = 0;
        for (const auto& shell : m_known) {
            if (!is_entry(shell, k_webshells)) continue;
            if (++shells > k_most_shells) {
                m_sink.gap({base::Gap::Level::limit, "correlation", "more webshells than are followed to the logins of those who used them", "", ""});
                return {};
            }
            std::set<std::string> asked;
            for (const auto& place : sites.places_of(shell.system, shell.subject)) asked.insert(place.path);
            for (const auto& path : asked) TRY(load_users_of(shell, path));
        }
        return {};
    }
    base::Result<void> load_users_of(const Known& shell, const std::string& path) {
        plugin::ClientsOfPath clients;
        const plugin::Value parameters[] = {std::string_view(path), shell.system};
        TRY(m_reader.query("SELECT c.address, c.agent, c.posts, c.answered, c.without_referer, c.largest, c.first_s, u.clients FROM web_use u JOIN web_client c ON c.inode = u.inode AND c.use = u.number "
                           "WHERE u.path = ?1 AND u.kind = 'script' AND ifnull(u.system, 0) = ?2 ORDER BY c.first_s, c.first_ns, c.id",
                           parameters, [&](const RowView& row) {
                               clients.add({std::string(row.text(0)), std::string(row.text(1)), row.integer(2), row.integer(3), row.integer(4), row.integer(5), row.integer(6), false}, row.integer(7));
                               return Next::go_on;
                           }));
        if (clients.mark({shell.rule == "webshell/script", shell.first.seconds})) return {};
        for (const auto& client : clients.all()) {
            if (!client.used || client.answered == 0 || client.address.empty() || plugin::is_loopback(client.address)) continue;
            auto& enemy = m_enemies[{client.address, shell.system}];
            if (enemy.by == nullptr || !enemy.by_webshell) enemy.by = &shell, enemy.by_webshell = true, enemy.since = std::min(shell.first.seconds, client.first);
        }
        return {};
    }

    // Accounts that are themselves in question have a finding of their use.
    base::Result<void> load_accused() {
        return m_reader.query("SELECT ifnull(system, 0), subject FROM finding WHERE rule IN ('correlation/account_used', 'correlation/open_account_used')", [&](const RowView& row) {
            m_accused.emplace(row.integer(0), std::string(row.text(1)));
            return Next::go_on;
        });
    }

    void gather() {
        std::set<Address> at_home;
        for (const auto& login : m_logins)
            for (auto enemy = m_enemies.lower_bound({login.address, 0}); enemy != m_enemies.end() && enemy->first.first == login.address; ++enemy)
                if (is_on(login, enemy->first.second) && login.time.seconds < enemy->second.since - k_belongs_before) at_home.insert(enemy->first);
        for (const auto& login : m_logins)
            for (auto enemy = m_enemies.lower_bound({login.address, 0}); enemy != m_enemies.end() && enemy->first.first == login.address; ++enemy) {
                const auto& [address, why] = *enemy;
                if (login.user.empty() || !is_on(login, address.second) || why.guessed.contains(login.user) || m_accused.contains({address.second, login.user})) continue;
                auto& victim = m_victims[{address.second, login.user}];
                // Who is no inhabitant says more, and his logins are the ones that are told first.
                const bool home = at_home.contains(address);
                if (victim.enemy != nullptr && victim.at_home && !home) victim.logins.clear(), victim.addresses.clear();
                else if (victim.enemy != nullptr && !victim.at_home && home) continue;
                if (victim.logins.empty()) victim.enemy = &why, victim.at_home = home;
                victim.logins.push_back(&login), victim.addresses.insert(login.address);
            }
    }
    static bool is_on(const Login& login, std::int64_t system) { return login.system == system || login.system == 0; }

    // Whom he became in those sessions: by sudo or su, where no other login with the account lies between.
    base::Result<void> load_changes_of_user() {
        if (m_victims.empty()) return {};
        std::set<std::string, std::less<>> users;
        std::int64_t from = m_victims.begin()->second.logins.front()->time.seconds, to = from;
        for (const auto& [account, victim] : m_victims) {
            users.insert(account.second);
            for (const auto* login : victim.logins) from = std::min(from, login->time.seconds), to = std::max(to, login->time.seconds + k_session_lasts);
        }
        TRY_ASSIGN(const auto logins, logins_of(m_reader, users));
        std::map<std::string_view, std::vector<const Login*>> by_user;  // oldest first, as they come
        for (const auto& login : logins)
            if (login.record != Login::Record::last) by_user[login.user].push_back(&login);
        const plugin::Value stretch[] = {from, to};
        return m_reader.query("SELECT e.s, u.value, json_extract(g.value, '$.target'), (SELECT ifnull(t.system, 0) FROM tree t WHERE t.id = e.inode >> 44) FROM event e JOIN string u ON u.id = e.user LEFT JOIN string g ON g.id = e.arguments "
                              "WHERE e.kind IN (SELECT id FROM kind WHERE type IN ('auth.sudo.command', 'auth.su.success')) AND e.s BETWEEN ? AND ? ORDER BY e.s, e.ns, e.id",
                              stretch, [&](const RowView& row) {
                                  const std::string user(row.text(1)), target(row.text(2));
                                  const auto victim = m_victims.find({row.integer(3), user});
                                  if (target.empty() || target == user || victim == m_victims.end()) return Next::go_on;
                                  const auto& all = by_user[victim->first.second];
                                  const auto after = std::upper_bound(all.begin(), all.end(), row.integer(0), [](std::int64_t time, const Login* login) { return time < login->time.seconds; });
                                  if (after == all.begin()) return Next::go_on;
                                  // wtmp's record of a login follows the log's and has its address: the last one has whose session it is.
                                  const auto& last = **std::prev(after);
                                  if (row.integer(0) - last.time.seconds > k_session_lasts || !is_on(last, victim->first.first) || !victim->second.addresses.contains(last.address)) return Next::go_on;
                                  auto& became = m_became[victim->first];
                                  if (became.size() < k_most_named) became.insert(target);
                                  return Next::go_on;
                              });
    }

    base::Result<void> report(std::int64_t system, const std::string& user, const Victim& victim) {
        const auto& login = *victim.logins.front();
        const auto& enemy = *victim.enemy;
        plugin::FindingHead head;
        head.rule = "correlation/intruder_login";
        if (system != 0) head.system = system;
        head.subject = user;
        // The address of a proxy or of an office is many people's; who was at home before may have looked at what he found.
        if (victim.at_home || plugin::is_private(login.address)) head.severity = Severity::medium, head.confidence = Confidence::possible;
        head.arguments = {{"user", user}, {"address", login.address}, {"method", method_in(victim)}, {"time", base::to_rfc3339(login.time)}};
        if (login.record != Login::Record::session && !login.process.empty() && !login.process.starts_with("sshd")) head.arguments.emplace_back("service", login.process);
        std::size_t count = 0;
        for (std::size_t i = 0; i < victim.logins.size() && i < k_most_cited; ++i)
            count += std::none_of(victim.logins.begin(), victim.logins.begin() + static_cast<std::ptrdiff_t>(i), [&](const Login* other) { return is_same_login(*other, *victim.logins[i]); });
        if (count > 1) head.arguments.emplace_back("count", std::to_string(count));
        head.arguments.emplace_back("by", enemy.by_webshell ? "webshell" : "guesses");
        if (enemy.by_webshell) head.arguments.emplace_back("webshell", enemy.by->subject);
        if (victim.at_home) head.arguments.emplace_back("home", "before");
        if (const auto became = m_became.find({system, user}); became != m_became.end()) {
            std::string names;
            for (const auto& name : became->second) names += (names.empty() ? "" : ", ") + name;
            head.arguments.emplace_back("became", names);
        }
        head.arguments.emplace_back("rests_on", enemy.by->id);
        head.first = login.time, head.last = victim.logins.back()->time, head.basis = plugin::TimeBasis::log;
        m_sink.finding(head);
        for (std::size_t i = 0; i < victim.logins.size() && i < k_most_cited; ++i) m_sink.item(item_of(*victim.logins[i]));
        return cite(m_reader, m_sink, *enemy.by);
    }
    static std::string method_in(const Victim& victim) {
        for (const auto* login : victim.logins)
            if (!login->method.empty()) return login->method;
        return {};
    }

    const plugin::CaseReader& m_reader;
    plugin::FindingSink& m_sink;
    std::vector<Known> m_known;
    std::map<Address, Enemy> m_enemies;
    std::vector<Login> m_logins;
    AccountsInUse m_accused;
    std::map<std::pair<std::int64_t, std::string>, Victim> m_victims;            // by system and account
    std::map<std::pair<std::int64_t, std::string>, std::set<std::string>> m_became;
};

class IntruderLoginsDetector final : public plugin::Detector {
    base::Result<void> detect(const plugin::CaseReader& reader, plugin::FindingSink& sink) const override {
        IntruderLogins logins(reader, sink);
        TRY(logins.run());
        return find_stranger_sends(reader, sink, logins.told());
    }
};

}  // namespace

const plugin::Detector& intruder_logins_detector() {
    static const IntruderLoginsDetector detector;
    return detector;
}

}  // namespace deadbox::plugins::correlation
