// A guessed password: many refused ones from an address, then one that was accepted, by whatever service: who guesses at ssh's door
// has the account at every door (a file that an FTP server gave to it is a login). Each machine of the case is judged by what
// happened on it. Counted by name and hour, so that millions of refusals cost little; only addresses that were refused and got in
// are looked at.
#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "plugin/detector.hpp"
#include "plugin/network_address.hpp"
#include "plugin/secret_value.hpp"
#include "ssh/account_history.hpp"
#include "ssh/spread.hpp"

namespace deadbox::plugins::ssh {
namespace {

using base::Next;
using plugin::RowView;

// Where somebody was let in or refused. People's programs keep asking with an old password at the doors of mail, and at those of
// files: only names in number tell a guesser there.
enum class Door : std::uint8_t { shell, files, other };

// One password that is refused may leave three lines (sshd's own, PAM's, "Invalid user"): the largest count is taken. `_pam`: what
// PAM wrote of the same.
enum Witness : std::size_t { by_daemon, by_pam, by_name, by_btmp, by_files, by_files_pam, by_other, by_other_pam };
using Counts = std::array<std::int64_t, 8>;

struct Success {
    std::int64_t time = 0, inode = 0, line = 0, offset = 0;
    std::string user, service;  // service: "" for ssh
    Door door = Door::shell;
    bool password = true, from_wtmp = false;
};

// An address on one machine.
struct Visitor {
    std::vector<Success> successes;
    std::set<std::string, std::less<>> welcome;                                   // names that got in from here, by whatever method
    std::map<std::string, std::map<std::int64_t, Counts>, std::less<>> refusals;  // name -> hour
    std::size_t shells = 0;                                                       // successes of ssh
    std::set<std::tuple<Door, bool, std::string, std::int64_t>> hours;            // of services: one success (by password, without) an hour says it all
};
using Machines = std::map<std::int64_t, Visitor>;  // by system; 0: logs of which no machine is known
using Visitors = std::map<std::string, Machines, std::less<>>;
using Names = std::set<Account>;

constexpr std::int64_t k_window = 24;            // hours before the success
constexpr std::int64_t k_root = 20, k_name = 30;  // refusals of the very name that then got in
constexpr std::int64_t k_slow = 12;              // of them, in two hours: where addresses are shut out, guessers take their time
constexpr std::int64_t k_slow_asked = 20;        // the same at doors where devices ask, beside what else tells the two apart
constexpr std::size_t k_some_strangers = 2;      // a device knows one name
constexpr std::size_t k_strangers = 4;           // names that never got in from there
constexpr std::int64_t k_with_strangers = 10;
constexpr std::int64_t k_in_an_hour = 300;       // refusals of one name by a server of files: a device with an old password asks less often

// `method`: as sshd and SASL name it, in small letters; "" where a log tells none. What is left out is let in by a key, a ticket, a
// token or a certificate, none of which is guessed.
bool is_password(std::string_view method) {
    for (const std::string_view known : {"", "password", "keyboard-interactive", "plain", "login", "apop"})
        if (method.substr(0, method.find('/')) == known) return true;  // keyboard-interactive/pam
    return method.starts_with("cram-") || method.starts_with("digest-") || method.starts_with("scram-");
}
// The logs' reader has words of its own for refusals whose method is not told.
bool may_be_password(std::string_view method) { return is_password(method) || method == "sasl" || method == "refused" || method == "none"; }

struct Before {
    std::int64_t same_name = 0, all = 0;  // same_name: as far as it tells a guesser from somebody with an old password
    std::int64_t own = 0;                 // of the same name, all
    std::int64_t lately = 0;              // of the same name at the same door, in this hour and the one before
    std::int64_t since = 0;               // the hour of the first, as a time; 0 where there is none
    std::size_t strangers = 0;
    std::vector<std::string> names;
};

// In logs of the machine, or of none that is known.
bool is_known(const Names& known, std::int64_t system, std::string_view name) {
    const auto mail = mail_name(name);
    return known.contains({system, mail}) || known.contains({0, mail});
}

// Each refusal once, whoever wrote of it.
std::int64_t at_door(Door door, const Counts& counts) {
    if (door == Door::files) return std::max(counts[by_files], counts[by_files_pam]);
    return door == Door::other ? std::max(counts[by_other], counts[by_other_pam]) : *std::max_element(counts.begin(), counts.begin() + by_btmp);
}

// `known`: names that got in from anywhere.
Before refused_before(std::int64_t system, const Visitor& visitor, const Success& success, const Names& known) {
    Before before;
    const auto mail = success.door == Door::other ? mail_name(success.user) : std::string();
    const auto until = success.time / 3600;
    for (const auto& [name, hours] : visitor.refusals) {
        Counts sum{}, lately{};
        std::int64_t most_of_files = 0;
        for (auto it = hours.lower_bound(until - k_window); it != hours.end() && it->first <= until; ++it) {
            for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += it->second[i], lately[i] += it->first >= until - 1 ? it->second[i] : 0;
            most_of_files = std::max({most_of_files, it->second[by_files], it->second[by_files_pam]});
        }
        const auto shell = success.from_wtmp ? sum[by_btmp] : at_door(Door::shell, sum);
        const auto files = success.from_wtmp ? 0 : at_door(Door::files, sum), other = success.from_wtmp ? 0 : at_door(Door::other, sum);
        const auto count = shell + files + other;
        if (count == 0) continue;
        const auto first = hours.lower_bound(until - k_window)->first * 3600;
        before.since = before.since == 0 ? first : std::min(before.since, first);
        before.all += count;
        if (name == success.user || (success.door == Door::other && mail_name(name) == mail)) {
            before.own += count;
            if (!success.from_wtmp) before.lately += at_door(success.door, lately);
            before.same_name += shell + (most_of_files >= k_in_an_hour ? files : 0);
        }
        // An office's mail programs behind one address are refused under many names, all of which get in somewhere.
        if (success.door == Door::shell && shell > 0 ? !visitor.welcome.contains(name) : !is_known(known, system, name)) {
            ++before.strangers;
            if (before.names.size() < 5) before.names.push_back(name);
        }
    }
    return before;
}

// few: a person may have forgotten it, too; asks: as few, which only the account's history tells from a device with an old password;
// known: many, from where the account has come for days: a job whose password was changed.
enum class Guess : std::uint8_t { no, asks, known, few, many };
Guess guess_by(const Before& before, const Success& success) {
    // Strangers to a service may read what it gives to everybody.
    const bool among_others = before.strangers >= k_strangers && before.all >= k_with_strangers && (success.door == Door::shell || before.own > 0);
    if (among_others || before.same_name >= (success.user == "root" ? k_root : k_name)) return Guess::many;
    if (success.door == Door::shell) return before.lately >= k_slow ? Guess::few : Guess::no;
    return before.lately >= k_slow_asked ? Guess::asks : Guess::no;
}

// What everybody may be at a server of files.
bool is_nobody(std::string_view user) { return user.empty() || user == "anonymous" || user == "ftp" || user == "guest" || user == "nobody"; }

class LoginsDetector final : public plugin::Detector {
public:
    bool may_run_early() const override { return true; }
    base::Result<void> detect(const plugin::CaseReader& reader, plugin::FindingSink& sink) const override {
        Visitors visitors;
        Names known;
        SpreadGuesses spread;
        TRY(collect_successes(reader, visitors, known, spread));
        TRY(collect_refusals(reader, visitors));
        TRY(spread.read_refusals(reader));
        for (auto& [address, machines] : visitors) place_refusals(machines);
        TRY_ASSIGN(const AccountHistory history, AccountHistory::load(reader, accounts_in_doubt(visitors, known)));
        std::set<SpreadGuesses::Place> told;
        for (const auto& [address, machines] : visitors)
            for (const auto& [system, visitor] : machines) {
                // Where what came from many addresses says more, that is told.
                const auto least = spread.accuses({system, address}) ? Guess::many : Guess::asks;
                if (judge(system, address, visitor, known, history, false, least, sink) || judge(system, address, visitor, known, history, true, least, sink)) told.emplace(system, address);
            }
        spread.report(sink, told);
        return {};
    }

private:
    static bool is_files(std::string_view service) { return service.find("ftp") != std::string_view::npos || service == "rsync"; }
    static bool is_shell(std::string_view process) { return process.starts_with("sshd") || process == "dropbear"; }

    static base::Result<void> collect_successes(const plugin::CaseReader& reader, Visitors& visitors, Names& known, SpreadGuesses& spread) {
        constexpr std::size_t k_most = 20000, k_most_names = 100'000, k_most_successes = 1000;
        // By the kinds' ids, in one pass over the events as they lie: they have no index by kind, and by their addresses they lie anywhere.
        return reader.query(
            "SELECT e.s, e.inode, e.line, e.offset, u.value, a.value, json_extract(g.value, '$.method'), k.type, json_extract(g.value, '$.tty'), " +
            std::string(k_system_of_event) + ", p.value, json_extract(g.value, '$.service'), "
            "e.address IN (SELECT address FROM event NOT INDEXED WHERE kind IN (SELECT id FROM kind WHERE type IN ('auth.login.failure', 'auth.pam.failure', 'ssh.invalid_user', 'login.failure'))) "
            "FROM event e NOT INDEXED CROSS JOIN kind k ON k.id = e.kind CROSS JOIN string a ON a.id = e.address "
            "LEFT JOIN string u ON u.id = e.user LEFT JOIN string p ON p.id = e.process LEFT JOIN string g ON g.id = e.arguments "
            "WHERE e.kind IN (SELECT id FROM kind WHERE type IN ('auth.login.success', 'login.session.start', 'file.download', 'file.upload', 'mail.received')) "
            "AND (k.type <> 'mail.received' OR e.user IS NOT NULL) ORDER BY +e.s, +e.ns, +e.id",
            [&](const RowView& row) {
                const auto type = row.text(7), user = row.text(4), address = row.text(5), process = row.text(10);
                const auto system = row.integer(9);
                if (address.empty()) return Next::go_on;
                Success success;
                success.from_wtmp = type == "login.session.start";
                if (success.from_wtmp && !row.text(8).starts_with("pts/")) return Next::go_on;
                if (!success.from_wtmp && !(type == "auth.login.success" && is_shell(process))) {
                    const bool transfer = type.starts_with("file.");
                    success.service = !row.text(11).empty() ? row.text(11) : !process.empty() ? process : std::string_view("ftp");
                    success.door = transfer || is_files(success.service) || is_files(process) ? Door::files : Door::other;
                    if (success.service == "sftp" || is_nobody(user)) return Next::go_on;  // of sftp sshd has the login
                }
                if (known.size() < k_most_names) known.emplace(system, mail_name(user));
                if (success.door == Door::shell)
                    spread.let_in({user, address, system, row.integer(0), row.integer(1), row.integer(2), row.integer(3), is_password(plugin::lowered(row.text(6))), success.from_wtmp});
                // Behind an address of one's own stand the web pages through which people read their mail.
                if (success.door != Door::shell && ((success.door == Door::other && plugin::is_private(address)) || plugin::is_loopback(address))) return Next::go_on;
                if (row.integer(12) == 0) return Next::go_on;  // was never refused
                auto found = visitors.find(address);
                if (found == visitors.end()) {
                    if (visitors.size() >= k_most) return Next::go_on;
                    found = visitors.emplace(address, Machines()).first;
                }
                auto& visitor = found->second[system];
                success.time = row.integer(0), success.inode = row.integer(1), success.line = row.integer(2), success.offset = row.integer(3);
                success.user = user;
                success.password = is_password(plugin::lowered(row.text(6)));
                visitor.welcome.insert(success.user);
                if (success.door != Door::shell) {
                    visitor.welcome.emplace(bare(success.user));
                    if (visitor.hours.size() >= k_most_successes || !visitor.hours.emplace(success.door, success.password, success.user, success.time / 3600).second) return Next::go_on;
                } else if (visitor.shells++ >= k_most_successes) return Next::go_on;
                visitor.successes.push_back(std::move(success));
                return Next::go_on;
            });
    }

    static base::Result<void> collect_refusals(const plugin::CaseReader& reader, Visitors& visitors) {
        constexpr std::size_t k_most_names = 2000;
        if (visitors.empty()) return {};  // nobody got in whose refusals could tell something
        return reader.query(
            "SELECT e.s, u.value, a.value, json_extract(g.value, '$.count'), k.type, json_extract(g.value, '$.method'), p.value, json_extract(g.value, '$.service'), " + std::string(k_system_of_event) + " FROM event e CROSS JOIN kind k ON k.id = e.kind "
            "CROSS JOIN string a ON a.id = e.address LEFT JOIN string u ON u.id = e.user LEFT JOIN string p ON p.id = e.process LEFT JOIN string g ON g.id = e.arguments "
            "WHERE e.kind IN (SELECT id FROM kind WHERE type IN ('auth.login.failure', 'auth.pam.failure', 'ssh.invalid_user', 'login.failure')) "
            "AND e.address IN (SELECT address FROM event WHERE kind IN (SELECT id FROM kind WHERE type IN ('auth.login.success', 'login.session.start', 'file.download', 'file.upload', 'mail.received')))",
            [&](const RowView& row) {
                const auto found = visitors.find(row.text(2));
                if (found == visitors.end()) return Next::go_on;
                if (!may_be_password(plugin::lowered(row.text(5)))) return Next::go_on;  // a client offers all its keys in turn
                auto& names = found->second[row.integer(8)].refusals;
                const auto user = row.text(1);
                auto name = names.find(user);
                if (name == names.end()) {
                    if (names.size() >= k_most_names) return Next::go_on;
                    name = names.emplace(std::string(user), std::map<std::int64_t, Counts>{}).first;
                }
                name->second[row.integer(0) / 3600][witness_of(row.text(4), row.text(6), row.text(7))] += std::clamp<std::int64_t>(row.integer(3), 1, 1'000'000);
                return Next::go_on;
            });
    }

    // Refusals in a log of which no machine is known count where nothing else can be meant: the address got in at one machine alone,
    // was refused at none, and never got in by such a log.
    static void place_refusals(Machines& machines) {
        const auto nowhere = machines.find(0);
        if (nowhere == machines.end() || machines.size() != 2 || !nowhere->second.successes.empty()) return;
        auto& refusals = machines.rbegin()->second.refusals;
        if (refusals.empty()) refusals.swap(nowhere->second.refusals);
    }

    // `service`: PAM's, of whose lines it is; a daemon's own have none, or say it in their own words.
    static Witness witness_of(std::string_view type, std::string_view process, std::string_view service) {
        if (type == "login.failure") return by_btmp;
        if (type == "ssh.invalid_user") return by_name;
        if (is_shell(process)) return type == "auth.pam.failure" ? by_pam : by_daemon;
        const bool daemon = type == "auth.login.failure" && (service.empty() || !service.starts_with(process));  // PAM names the program that asked
        if (is_files(process) || is_files(service)) return daemon ? by_files : by_files_pam;
        return daemon ? by_other : by_other_pam;
    }

    // In wtmp no method stands: a key's login that auth.log has is none of a guesser's.
    static bool by_key(const Visitor& visitor, const Success& success) {
        return std::any_of(visitor.successes.begin(), visitor.successes.end(), [&](const Success& other) {
            return !other.from_wtmp && !other.password && other.door == Door::shell && other.user == success.user && std::abs(other.time - success.time) <= 60;
        });
    }

    static std::set<Account> accounts_in_doubt(const Visitors& visitors, const Names& known) {
        std::set<Account> accounts;
        for (const auto& [address, machines] : visitors)
            for (const auto& [system, visitor] : machines)
                for (const auto& success : visitor.successes) {
                    if (success.from_wtmp || !success.password) continue;
                    const auto guess = guess_by(refused_before(system, visitor, success, known), success);
                    if (guess != Guess::no) accounts.emplace(system, mail_name(success.user));
                }
        return accounts;
    }

    // What refusals tell beside the account's history. `deed`: what was done with it that nobody had done before.
    static Guess weighed(Guess guess, std::int64_t system, const std::string& address, const Success& success, const Before& before, const AccountHistory& history, std::string& deed) {
        const Account account{system, mail_name(success.user)};
        if (guess == Guess::many && before.strangers < k_some_strangers && history.has_come_from(account, address, before.since)) return Guess::known;
        if (guess != Guess::asks && guess != Guess::few) return guess;
        if (history.is_usual(account, address, success.time)) return Guess::no;
        if (guess == Guess::few) return guess;
        // Of mail a telephone that moves about is refused as often, from where it never was: unless its account was in use, nothing tells.
        if (success.door == Door::other && !history.was_used(account, success.time)) return Guess::no;
        deed = history.new_deed(account, address, success.time);
        return !deed.empty() || before.strangers >= k_some_strangers ? Guess::few : Guess::no;
    }

    static bool judge(std::int64_t system, const std::string& address, const Visitor& visitor, const Names& known, const AccountHistory& history, bool from_wtmp, Guess least, plugin::FindingSink& sink) {
        std::vector<const Success*> guessed;
        Before most;
        std::string most_deed;
        Guess how = Guess::no;
        for (const auto& success : visitor.successes) {
            if (success.from_wtmp != from_wtmp || !success.password || (from_wtmp && by_key(visitor, success))) continue;
            const auto before = refused_before(system, visitor, success, known);
            std::string deed;
            const auto guess = weighed(guess_by(before, success), system, address, success, before, history, deed);
            if (guess < least || guess < how) continue;
            if (guess > how) guessed.clear(), how = guess;
            if (guessed.empty()) most = before, most_deed = deed;
            guessed.push_back(&success);
        }
        if (guessed.empty()) return false;
        const auto& first = *guessed.front();
        plugin::FindingHead head;
        head.rule = "ssh/brute_force_success";
        if (system != 0) head.system = system;
        head.subject = address;
        std::string names;
        for (const auto& name : most.names) names += (names.empty() ? "" : ", ") + name;
        head.arguments = {{"address", address}, {"user", first.user}, {"failures", std::to_string(most.all)}, {"names", names}, {"service", first.service}, {"deed", most_deed}};
        // An address of one's own network that knows the name: more often a job with an old password.
        if (how == Guess::known || (plugin::is_private(address) && most.strangers < k_strangers)) head.severity = plugin::Severity::low, head.confidence = plugin::Confidence::possible;
        else if (how == Guess::few) head.severity = plugin::Severity::medium, head.confidence = plugin::Confidence::possible;
        else if (from_wtmp) head.confidence = plugin::Confidence::possible;
        head.first = base::Timestamp{first.time, 0};
        head.last = base::Timestamp{guessed.back()->time, 0};
        head.basis = plugin::TimeBasis::log;
        sink.finding(head);
        for (const auto* success : guessed) {
            plugin::Item item;
            item.inode = success->inode != 0 ? std::optional(success->inode) : std::nullopt;
            item.key = success->user, item.kind = plugin::KeyKind::account;
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
