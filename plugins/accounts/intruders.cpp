#include "accounts/intruders.hpp"

#include <algorithm>

namespace deadbox::plugins::accounts {
namespace {

using base::Next;
using plugin::RowView;

constexpr std::int64_t k_a_day = 86'400;
constexpr std::int64_t k_session = 12 * 3600;   // s: a session, and what was started in it
constexpr std::int64_t k_fresh = 14 * k_a_day;    // after a guess: the intruder comes back, from other addresses too
constexpr std::size_t k_most = 20'000;

struct Login {
    std::int64_t system = 0;  // 0: not known
    base::Timestamp time;
    std::string user, address;
};

base::Result<std::vector<Login>> logins(const plugin::CaseReader& reader, std::int64_t system, std::int64_t from, std::int64_t to) {
    std::vector<Login> all;
    const plugin::Value stretch[] = {from, to};
    TRY(reader.query("SELECT l.s, l.ns, l.user, coalesce(l.address, json_extract(l.arguments, '$.host')), (SELECT ifnull(t.system, 0) FROM tree t WHERE t.id = l.inode >> 44) FROM logged l "
                     "WHERE l.s BETWEEN ? AND ? AND l.type IN ('auth.login.success', 'login.session.start') ORDER BY l.s, l.ns, l.id",
                     stretch, [&](const RowView& row) {
                         if (row.integer(4) != system && row.integer(4) != 0) return Next::go_on;
                         all.push_back({row.integer(4), {row.integer(0), static_cast<std::uint32_t>(row.integer(1))}, std::string(row.text(2)), std::string(row.text(3))});
                         return all.size() < k_most ? Next::go_on : Next::stop;
                     }));
    return all;
}

// From where the account came in the months before anybody guessed.
base::Result<std::set<std::string>> places(const plugin::CaseReader& reader, std::int64_t system, std::string_view user, std::int64_t before) {
    std::set<std::string> all;
    TRY_ASSIGN(const auto earlier, logins(reader, system, before - 400 * k_a_day, before - k_a_day));
    for (const auto& login : earlier)
        if (login.user == user && !login.address.empty()) all.insert(login.address);
    return all;
}

}  // namespace

base::Result<std::map<std::int64_t, Intruders>> Intruders::read(const plugin::CaseReader& reader) {
    std::map<std::int64_t, Intruders> all;
    TRY(reader.query(
        "SELECT ifnull(f.system, 0), f.rule, f.subject, f.first_s, f.first_ns, f.id, (SELECT i.uid FROM finding_item t JOIN file i ON i.inode = t.inode WHERE t.finding = f.id ORDER BY t.place LIMIT 1), f.severity FROM finding f "
        "WHERE f.first_s IS NOT NULL AND (f.severity >= 3 OR (f.severity = 2 AND f.confidence >= 1)) AND f.rule NOT LIKE 'correlation/%' ORDER BY f.first_s, f.first_ns, f.id",
        [&](const RowView& row) {
            auto& mine = all[row.integer(0)];
            const auto rule = row.text(1);
            const base::Timestamp first{row.integer(3), static_cast<std::uint32_t>(row.integer(4))};
            if (rule == "ssh/brute_force_success") mine.m_guesses.push_back({std::string(row.text(5)), std::string(row.text(2)), first, {}});
            else if (rule == "accounts/empty_password" || rule == "accounts/hash_in_passwd" || rule == "accounts/system_account_login") mine.m_opened.push_back({std::string(row.text(2)), first, false, std::string(row.text(5))});
            else if (rule == "accounts/uid_zero_twin") mine.m_opened.push_back({std::string(row.text(2)), first, true, std::string(row.text(5))});
            else if (rule == "webshell/script" && !row.is_null(6) && row.integer(6) != 0) mine.m_planted.push_back({row.integer(6), first, std::string(row.text(5))});
            if (!rule.starts_with("accounts/")) mine.m_grave.push_back(first);
            if (!rule.starts_with("accounts/") && row.integer(7) >= 3) mine.m_accusing.push_back(first);
            return Next::go_on;
        }));
    for (auto& [system, mine] : all) {
        mine.m_system = system;
        for (auto& guess : mine.m_guesses) {
            const plugin::Value id[] = {std::string_view(guess.finding)};
            TRY(reader.query("SELECT DISTINCT key FROM finding_item WHERE finding = ?", id, [&](const RowView& row) {
                guess.users.emplace(row.text(0));
                return Next::go_on;
            }));
        }
    }
    return all;
}

base::Result<std::optional<Intruders::Doubt>> Intruders::doubt(const plugin::CaseReader& reader, std::string_view user, std::int64_t uid, base::Timestamp time, std::string_view terminal) const {
    std::optional<Doubt> found;
    for (const auto& opened : m_opened)
        if (opened.user == user && opened.since <= time && (!found || opened.intruder)) found = Doubt{opened.intruder, {}, opened.finding};
    if (found && found->intruder) return found;
    const bool planted = std::any_of(m_planted.begin(), m_planted.end(), [&](const Planted& one) { return one.uid == uid && one.since <= time; });
    const bool guesses = std::any_of(m_guesses.begin(), m_guesses.end(), [&](const Guess& one) { return one.time <= time; });
    if (!planted && !guesses) return found;
    TRY_ASSIGN(auto near, logins(reader, m_system, time.seconds - k_a_day, time.seconds));
    std::erase_if(near, [&](const Login& login) { return login.user != user; });
    // What a script of a site starts has no terminal, and its account no session.
    if (planted && (terminal.empty() || terminal == "unknown" || near.empty()))
        for (const auto& one : m_planted)
            if (one.uid == uid && one.since <= time) return std::optional(Doubt{true, {}, one.finding});
    for (const auto& guess : m_guesses) {
        if (guess.time > time) continue;
        if (std::any_of(near.begin(), near.end(), [&](const Login& login) { return login.address == guess.address; })) return std::optional(Doubt{true, guess.address, guess.finding});
        if (!guess.users.contains(user)) continue;
        // Its owner, at a place of his: others came from elsewhere.
        TRY_ASSIGN(const auto own, places(reader, m_system, user, guess.time.seconds));
        std::size_t addressed = 0, strange = 0;
        for (const auto& login : near)
            if (login.time > guess.time && !login.address.empty()) ++addressed, strange += !own.contains(login.address);
        if (addressed > 0 && strange == 0) continue;
        found = Doubt{time.seconds - guess.time.seconds <= k_fresh, guess.address, guess.finding};
        if (found->intruder) return found;
    }
    return found;
}

base::Result<std::optional<Intruders::Doubt>> Intruders::about(const plugin::CaseReader& reader, base::Timestamp time) const {
    const bool guesses = std::any_of(m_guesses.begin(), m_guesses.end(), [&](const Guess& one) { return one.time <= time; });
    if (!guesses) return std::optional<Doubt>();
    TRY_ASSIGN(const auto near, logins(reader, m_system, time.seconds - k_session, time.seconds));
    for (const auto& guess : m_guesses) {
        if (guess.time > time) continue;
        const bool came = time.seconds - guess.time.seconds <= k_session || std::any_of(near.begin(), near.end(), [&](const Login& login) { return login.address == guess.address; });
        if (came) return std::optional(Doubt{true, guess.address, guess.finding});
    }
    return std::optional<Doubt>();
}

bool Intruders::accused(base::Timestamp time) const {
    return std::any_of(m_accusing.begin(), m_accusing.end(), [&](base::Timestamp grave) { return std::abs(grave.seconds - time.seconds) <= 14 * k_a_day; });
}

bool Intruders::broken_into_around(base::Timestamp time) const {
    constexpr std::int64_t k_before = 14 * k_a_day;
    return std::any_of(m_grave.begin(), m_grave.end(), [&](base::Timestamp grave) { return grave.seconds <= time.seconds + k_a_day && time.seconds - grave.seconds <= k_before; });
}

}  // namespace deadbox::plugins::accounts
