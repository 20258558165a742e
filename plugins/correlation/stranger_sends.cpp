// Somebody comes in by a password from where this account never came, and sends data to where none was sent before. An
// administrator who makes a copy comes from his usual places, or sends to his usual ones, or has a key.
#include <algorithm>
#include <map>

#include "correlation/intruder_logins.hpp"
#include "correlation/known.hpp"
#include "correlation/login_records.hpp"
#include "plugin/network_address.hpp"
#include "plugin/topic.hpp"

namespace deadbox::plugins::correlation {
namespace {

using base::Next;
using plugin::RowView;

constexpr std::int64_t k_same_session = 12 * 3600;  // s from the login to the command
constexpr std::int64_t k_same_login = 60;           // s between the records of one login
constexpr std::size_t k_fewest_earlier = 4, k_fewest_days = 2;  // logins from which habits show
constexpr std::size_t k_most_sends = 5'000, k_most_cited_sends = 50;

struct Sent {
    const Known* known = nullptr;
    std::string user;
    std::int64_t time = 0;
};

// What everybody's logins show, oldest first.
class Habits {
public:
    explicit Habits(const std::vector<Login>& logins) {
        for (const auto& login : logins)
            if (login.record != Login::Record::last) m_by_user[{login.system, login.user}].push_back(&login), m_all[login.system].push_back(&login);
    }

    // In whose session the command was given: the account's last login before it. nullptr where that is none of the session's length.
    const Login* session_of(std::int64_t system, const std::string& user, std::int64_t time) const {
        const auto found = m_by_user.find({system, user});
        if (found == m_by_user.end()) return nullptr;
        const auto& logins = found->second;
        const auto after = std::upper_bound(logins.begin(), logins.end(), time, [](std::int64_t moment, const Login* login) { return moment < login->time.seconds; });
        if (after == logins.begin() || time - (*std::prev(after))->time.seconds > k_same_session) return nullptr;
        // wtmp's record of the login has no method.
        for (auto at = after; at != logins.begin() && (*std::prev(after))->time.seconds - (*std::prev(at))->time.seconds <= k_same_login; --at)
            if (!(*std::prev(at))->method.empty() && (*std::prev(at))->address == (*std::prev(after))->address) return *std::prev(at);
        return *std::prev(after);
    }
    // The account came from few networks, and never from this one; or it never came at all, while others did, and none from there.
    bool is_strange(const Login& login) const {
        const auto own = earlier(m_by_user, std::pair(login.system, login.user), login);
        if (own.logins > 0) return own.tells();
        const auto all = earlier(m_all, login.system, login);
        return all.tells();
    }

private:
    struct Earlier {
        std::size_t logins = 0;
        std::set<std::string_view> networks;
        std::set<std::int64_t> days;
        bool from_there = false;
        bool tells() const { return !from_there && logins >= k_fewest_earlier && days.size() >= k_fewest_days && networks.size() * 2 <= logins; }
    };
    template <class Map, class K>
    static Earlier earlier(const Map& map, const K& key, const Login& login) {
        Earlier earlier;
        const auto found = map.find(key);
        if (found == map.end()) return earlier;
        const auto network = plugin::network_of(login.address);
        for (const auto* other : found->second) {
            if (other->time.seconds >= login.time.seconds - k_same_login) break;
            if (other->address.empty()) continue;
            const auto from = plugin::network_of(other->address);
            earlier.from_there |= from == network;
            earlier.networks.insert(from), earlier.days.insert(other->time.seconds / 86400), ++earlier.logins;
        }
        return earlier;
    }
    std::map<std::pair<std::int64_t, std::string>, std::vector<const Login*>> m_by_user;
    std::map<std::int64_t, std::vector<const Login*>> m_all;
};

bool is_password(std::string_view method) { return method == "password" || method.starts_with("keyboard-interactive"); }

// The commands of these findings, with their times: of a history that has none nothing is known.
base::Result<std::vector<Sent>> sends_of(const plugin::CaseReader& reader, const std::vector<Known>& known) {
    std::vector<Sent> all;
    const bool histories = plugin::find_table("shell_command") != nullptr;
    for (const auto& one : known) {
        if (one.basis != plugin::TimeBasis::log) continue;
        const plugin::Value id[] = {std::string_view(one.id)};
        const auto add = [&](const RowView& row) {
            if (all.size() < k_most_sends && !row.text(0).empty()) all.push_back({&one, std::string(row.text(0)), row.integer(1)});
            return Next::go_on;
        };
        if (histories) TRY(reader.query("SELECT i.key, c.time_s FROM finding_item i JOIN shell_command c ON c.inode = i.inode AND c.line = i.line WHERE i.finding = ? AND c.time_s IS NOT NULL ORDER BY c.time_s, i.place", id, add));
        // Lines of no history are sudo's.
        bool in_logs = !histories;
        if (histories)
            TRY(reader.query("SELECT 1 FROM finding_item i WHERE i.finding = ? AND i.line IS NOT NULL AND NOT EXISTS (SELECT 1 FROM shell_command c WHERE c.inode = i.inode) LIMIT 1", id, [&](const RowView&) {
                in_logs = true;
                return Next::stop;
            }));
        if (!in_logs) continue;
        const plugin::Value stretch[] = {std::string_view(one.id), one.first.seconds, one.last.seconds};
        TRY(reader.query("SELECT i.key, e.s FROM event e JOIN finding_item i ON i.finding = ?1 AND i.inode = e.inode AND i.line = e.line WHERE e.s BETWEEN ?2 AND ?3 AND +e.kind IN (SELECT id FROM kind WHERE type = 'auth.sudo.command') ORDER BY e.s, e.id", stretch, add));
    }
    return all;
}

struct Story {
    const Login* login = nullptr;
    std::vector<Sent> sends;
};

base::Result<void> tell(const plugin::CaseReader& reader, plugin::FindingSink& sink, const Story& story) {
    const auto& login = *story.login;
    const auto& first = story.sends.front();
    plugin::FindingHead head;
    head.rule = "correlation/stranger_sends";
    if (first.known->system != 0) head.system = first.known->system;
    head.subject = login.user;
    std::string targets, rests_on;
    std::set<std::string_view> named, cited;
    for (const auto& sent : story.sends) {
        if (named.size() < 5 && named.insert(sent.known->subject).second) targets += (targets.empty() ? "" : ", ") + sent.known->subject;
        if (cited.size() < k_most_cited_sends && cited.insert(sent.known->id).second) rests_on += (rests_on.empty() ? "" : "+") + sent.known->id;
    }
    head.arguments = {{"user", login.user}, {"address", login.address}, {"method", login.method}, {"time", base::to_rfc3339(login.time)}, {"target", targets}, {"after", how_long(std::max<std::int64_t>(first.time - login.time.seconds, 0))}, {"count", std::to_string(story.sends.size())}};
    if (std::any_of(story.sends.begin(), story.sends.end(), [&](const Sent& sent) { return sent.known->subject == login.address; })) head.arguments.emplace_back("back", "own");
    head.arguments.emplace_back("rests_on", rests_on);
    head.first = login.time, head.last = base::Timestamp{story.sends.back().time, 0}, head.basis = plugin::TimeBasis::log;
    sink.finding(head);
    sink.item(item_of(login));
    for (const auto& sent : story.sends)
        if (cited.erase(sent.known->id) > 0) TRY(cite(reader, sink, *sent.known));
    return {};
}

}  // namespace

base::Result<void> find_stranger_sends(const plugin::CaseReader& reader, plugin::FindingSink& sink, AccountsInUse told) {
    TRY_ASSIGN(const auto known, known_findings(reader, "rule = 'exfiltration/sent' AND severity >= 2"));
    if (known.empty()) return {};
    TRY_ASSIGN(const auto sends, sends_of(reader, known));
    if (sends.empty()) return {};
    TRY_ASSIGN(const auto logins, logins_before(reader, std::max_element(sends.begin(), sends.end(), [](const Sent& a, const Sent& b) { return a.time < b.time; })->time));
    const Habits habits(logins);
    std::map<const Login*, Story> stories;
    std::map<const Login*, bool> strange;
    for (const auto& sent : sends) {
        const auto* login = habits.session_of(sent.known->system, sent.user, sent.time);
        if (login == nullptr || !is_password(login->method) || login->address.empty() || plugin::is_private(login->address)) continue;
        if (sent.known->first.seconds < login->time.seconds) continue;  // something was sent there before he came
        auto known_login = strange.find(login);
        if (known_login == strange.end()) known_login = strange.emplace(login, habits.is_strange(*login)).first;
        if (!known_login->second) continue;
        auto& story = stories[login];
        story.login = login;
        story.sends.push_back(sent);
    }
    std::vector<Story*> in_order;
    for (auto& [login, story] : stories) {
        std::stable_sort(story.sends.begin(), story.sends.end(), [](const Sent& a, const Sent& b) { return a.time < b.time; });
        in_order.push_back(&story);
    }
    std::sort(in_order.begin(), in_order.end(), [](const Story* a, const Story* b) { return std::pair(a->login->time, a->login->user) < std::pair(b->login->time, b->login->user); });
    // One an account: its first session says it.
    for (const auto* story : in_order)
        if (told.emplace(story->login->system, story->login->user).second) TRY(tell(reader, sink, *story));
    return {};
}

}  // namespace deadbox::plugins::correlation
