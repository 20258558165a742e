// A guessed password: many refused ones from an address, then one that was accepted. Counted by name and hour, so that
// millions of refusals cost little; only addresses that got in at all are looked at.
#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "plugin/detector.hpp"
#include "plugin/network_address.hpp"

namespace deadbox::plugins::ssh {
namespace {

using base::Next;
using plugin::RowView;

// One password that is refused may leave three lines (sshd's own, PAM's, "Invalid user"): the largest count is taken.
enum Witness : std::size_t { by_daemon, by_pam, by_name, by_btmp };
using Counts = std::array<std::int64_t, 4>;

struct Success {
    std::int64_t time = 0, inode = 0, line = 0, offset = 0, system = 0;
    std::string user;
    bool password = true, from_wtmp = false;
};

struct Visitor {
    std::vector<Success> successes;
    std::set<std::string, std::less<>> welcome;                                   // names that got in from here, by whatever method
    std::map<std::string, std::map<std::int64_t, Counts>, std::less<>> refusals;  // name -> hour
};

constexpr std::int64_t k_window = 24;            // hours before the success
constexpr std::int64_t k_root = 20, k_name = 30;  // refusals of the very name that then got in
constexpr std::size_t k_strangers = 4;           // names that never got in from there
constexpr std::int64_t k_with_strangers = 10;

struct Before {
    std::int64_t same_name = 0, all = 0;
    std::size_t strangers = 0;
    std::vector<std::string> names;
};

Before refused_before(const Visitor& visitor, const Success& success) {
    Before before;
    const auto until = success.time / 3600;
    for (const auto& [name, hours] : visitor.refusals) {
        Counts sum{};
        for (auto it = hours.lower_bound(until - k_window); it != hours.end() && it->first <= until; ++it)
            for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += it->second[i];
        const auto count = success.from_wtmp ? sum[by_btmp] : *std::max_element(sum.begin(), sum.begin() + by_btmp);
        if (count == 0) continue;
        before.all += count;
        if (name == success.user) before.same_name += count;
        if (!visitor.welcome.contains(name)) {
            ++before.strangers;
            if (before.names.size() < 5) before.names.push_back(name);
        }
    }
    return before;
}

bool is_guess(const Before& before, const Success& success) {
    return (before.strangers >= k_strangers && before.all >= k_with_strangers) || before.same_name >= (success.user == "root" ? k_root : k_name);
}

class LoginsDetector final : public plugin::Detector {
public:
    bool may_run_early() const override { return true; }
    base::Result<void> detect(const plugin::CaseReader& reader, plugin::FindingSink& sink) const override {
        std::map<std::string, Visitor, std::less<>> visitors;
        TRY(collect_successes(reader, visitors));
        if (visitors.empty()) return {};
        TRY(collect_refusals(reader, visitors));
        for (const auto& [address, visitor] : visitors) {
            if (!judge(address, visitor, false, sink)) judge(address, visitor, true, sink);
        }
        return {};
    }

private:
    static base::Result<void> collect_successes(const plugin::CaseReader& reader, std::map<std::string, Visitor, std::less<>>& visitors) {
        constexpr std::size_t k_most = 20000;
        // By the kinds' ids, in one pass over the events as they lie: they have no index by kind, and by their addresses they lie anywhere.
        return reader.query(
            "SELECT e.s, e.inode, e.line, e.offset, u.value, a.value, json_extract(g.value, '$.method'), k.type, json_extract(g.value, '$.tty'), "
            "(SELECT i.system FROM inode_path i WHERE i.inode = e.inode) FROM event e NOT INDEXED CROSS JOIN kind k ON k.id = e.kind CROSS JOIN string a ON a.id = e.address "
            "LEFT JOIN string u ON u.id = e.user LEFT JOIN string p ON p.id = e.process LEFT JOIN string g ON g.id = e.arguments "
            "WHERE e.kind IN (SELECT id FROM kind WHERE type IN ('auth.login.success', 'login.session.start')) "
            "AND (k.type = 'login.session.start' OR p.value GLOB 'sshd*' OR p.value = 'dropbear') ORDER BY +e.s, +e.ns, +e.id",
            [&](const RowView& row) {
                if (row.text(5).empty()) return Next::go_on;
                const bool wtmp = row.text(7) == "login.session.start";
                if (wtmp && !row.text(8).starts_with("pts/")) return Next::go_on;
                auto& visitor = visitors[std::string(row.text(5))];
                Success success;
                success.time = row.integer(0), success.inode = row.integer(1), success.line = row.integer(2), success.offset = row.integer(3);
                success.user = row.text(4), success.system = row.integer(9), success.from_wtmp = wtmp;
                const auto method = row.text(6);
                success.password = method != "publickey" && method != "hostbased" && !method.starts_with("gssapi");
                visitor.welcome.insert(success.user);
                if (visitor.successes.size() < 1000) visitor.successes.push_back(std::move(success));
                return visitors.size() < k_most ? Next::go_on : Next::stop;
            });
    }

    static base::Result<void> collect_refusals(const plugin::CaseReader& reader, std::map<std::string, Visitor, std::less<>>& visitors) {
        constexpr std::size_t k_most_names = 2000;
        if (visitors.empty()) return {};  // nobody got in whose refusals could tell something
        return reader.query(
            "SELECT e.s, u.value, a.value, json_extract(g.value, '$.count'), k.type, json_extract(g.value, '$.method') FROM event e CROSS JOIN kind k ON k.id = e.kind "
            "CROSS JOIN string a ON a.id = e.address LEFT JOIN string u ON u.id = e.user LEFT JOIN string g ON g.id = e.arguments "
            "WHERE e.kind IN (SELECT id FROM kind WHERE type IN ('auth.login.failure', 'auth.pam.failure', 'ssh.invalid_user', 'login.failure')) "
            "AND e.address IN (SELECT address FROM event WHERE kind IN (SELECT id FROM kind WHERE type IN ('auth.login.success', 'login.session.start')))",
            [&](const RowView& row) {
                const auto found = visitors.find(row.text(2));
                if (found == visitors.end()) return Next::go_on;
                if (row.text(5) == "publickey") return Next::go_on;  // a client offers all its keys in turn
                auto& names = found->second.refusals;
                const auto user = row.text(1);
                auto name = names.find(user);
                if (name == names.end()) {
                    if (names.size() >= k_most_names) return Next::go_on;
                    name = names.emplace(std::string(user), std::map<std::int64_t, Counts>{}).first;
                }
                const auto type = row.text(4);
                const auto witness = type == "auth.login.failure" ? by_daemon : type == "auth.pam.failure" ? by_pam : type == "ssh.invalid_user" ? by_name : by_btmp;
                name->second[row.integer(0) / 3600][witness] += std::clamp<std::int64_t>(row.integer(3), 1, 1'000'000);
                return Next::go_on;
            });
    }

    // In wtmp no method stands: a key's login that auth.log has is none of a guesser's.
    static bool by_key(const Visitor& visitor, const Success& success) {
        return std::any_of(visitor.successes.begin(), visitor.successes.end(), [&](const Success& other) {
            return !other.from_wtmp && !other.password && other.user == success.user && std::abs(other.time - success.time) <= 60;
        });
    }

    static bool judge(const std::string& address, const Visitor& visitor, bool from_wtmp, plugin::FindingSink& sink) {
        std::vector<const Success*> guessed;
        Before most;
        for (const auto& success : visitor.successes) {
            if (success.from_wtmp != from_wtmp || !success.password || (from_wtmp && by_key(visitor, success))) continue;
            const auto before = refused_before(visitor, success);
            if (!is_guess(before, success)) continue;
            if (guessed.empty()) most = before;
            guessed.push_back(&success);
        }
        if (guessed.empty()) return false;
        const auto& first = *guessed.front();
        plugin::FindingHead head;
        head.rule = "ssh/brute_force_success";
        if (first.system != 0) head.system = first.system;
        head.subject = address;
        std::string names;
        for (const auto& name : most.names) names += (names.empty() ? "" : ", ") + name;
        head.arguments = {{"address", address}, {"user", first.user}, {"failures", std::to_string(most.all)}, {"names", names}};
        // An address of one's own network that knows the name: more often a job with an old password.
        if (plugin::is_private(address) && most.strangers < k_strangers) head.severity = plugin::Severity::low, head.confidence = plugin::Confidence::possible;
        else if (from_wtmp) head.confidence = plugin::Confidence::possible;
        head.first = base::Timestamp{first.time, 0};
        head.last = base::Timestamp{guessed.back()->time, 0};
        head.basis = plugin::TimeBasis::log;
        sink.finding(head);
        for (const auto* success : guessed) {
            plugin::Item item;
            item.inode = success->inode != 0 ? std::optional(success->inode) : std::nullopt;
            item.key = success->user;
            if (success->line > 0) item.line = static_cast<std::uint64_t>(success->line);
            else item.offset = static_cast<std::uint64_t>(success->offset);
            sink.item(item);
        }
        return true;
    }
};

}  // namespace

const plugin::Detector& ssh_logins_detector() {
    static const LoginsDetector detector;
    return detector;
}

}  // namespace deadbox::plugins::ssh
