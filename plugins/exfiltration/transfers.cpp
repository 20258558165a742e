// Files that servers gave out to somebody whom other findings name. A server of files gives out files all day: its log is a
// record of what was taken only where the one who took them is an intruder.
#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include "exfiltration/command.hpp"
#include "exfiltration/detector.hpp"
#include "exfiltration/shell_requests.hpp"
#include "plugin/network_address.hpp"

namespace deadbox::plugins::exfiltration {
namespace {

using base::Next;
using plugin::RowView;

constexpr std::int64_t k_long_answer = 1 << 20;     // bytes of an answer of a page: less may be a page
constexpr std::int64_t k_above_others = 8;      // times the page's other answers
constexpr std::int64_t k_hardly_any = 3;            // addresses
constexpr std::int64_t k_session = 1 << 20;  // bytes of a session whose files nobody named: less may be a list of names
constexpr std::int64_t k_before = 86400;  // s: a log without its zone may be hours off
constexpr std::size_t k_most_items = 1'000, k_most_users = 5;

enum class Why : std::uint8_t {
    webshell,  // the address asked for a webshell
    guessed,   // a password was guessed from the address
    made,      // the account is one that only an intruder makes, or the address used it
    taken,     // the account's password was guessed, the address is another one
    perhaps,   // few passwords were refused from the address, then one was accepted
    named,     // the account is one that a finding names, and an administrator may have made it
};
constexpr std::string_view k_why[] = {"webshell", "guessed", "made", "taken", "perhaps", "named"};

struct Cause {
    Why why = Why::named;
    std::string finding, subject;
    std::int64_t since = 0;  // s: nothing before it counts
    std::int64_t known = 0;  // s: whoever was here before that belongs here
};
using Key = std::pair<std::int64_t, std::string>;  // system, address or user

struct Taken {
    Cause cause;
    std::string address, file;
    std::set<std::string> users, services;
    std::int64_t count = 0, bytes = 0, first = 0, last = 0;
    std::vector<plugin::Item> lines;  // the first ones; `count` has all
};

// No address at all is none that could be accused.
bool is_here(std::string_view address) { return address.empty() || plugin::is_loopback(address); }

std::string listed(const std::set<std::string>& words) {
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

class Transfers {
public:
    explicit Transfers(const plugin::CaseReader& reader) : m_reader(reader) {}

    base::Result<void> report(plugin::FindingSink& sink) {
        TRY(load_shells(sink));
        TRY(load_commands(sink));
        TRY(load_findings());
        if (m_addresses.empty() && m_accounts.empty() && m_perhaps.empty()) return {};
        TRY(load_downloads(sink));
        TRY(load_logins());
        TRY(load_transfers());
        TRY(load_answers());
        for (const auto& [key, taken] : m_taken) add(key, taken, sink);
        if (m_cut) sink.gap({base::Gap::Level::limit, "exfiltration", "more records of transfers than a finding cites", "", ""});
        return {};
    }

private:
    void blame(std::map<Key, Cause>& whom, const Key& key, Cause cause) {
        const auto found = whom.find(key);
        if (found == whom.end()) whom.emplace(key, std::move(cause));
        else if (cause.why < found->second.why) found->second = std::move(cause);
    }

    base::Result<void> load_shells(plugin::FindingSink& sink) {
        TRY_ASSIGN(m_shells, uses_of_shells(m_reader, sink));
        for (const auto& use : m_shells)
            if (use.used && !use.of_the_site && !is_here(use.address)) blame(m_addresses, {use.system, use.address}, {Why::webshell, use.finding, use.path, 0, std::min(use.planted.value_or(use.first), use.first) - k_before});
        return {};
    }

    // One request may be a scanner's that tries "?c=id" on whatever is there. Who packs or sends data with it uses the shell; and so
    // does who speaks to it as its users do, and is given a file afterwards.
    base::Result<void> load_commands(plugin::FindingSink& sink) {
        if (m_shells.empty()) return {};
        TRY_ASSIGN(const auto requests, requests_of_shells(m_reader, m_shells, sink));
        std::map<Key, std::set<std::string>> taken;  // by shell: the parameters that its users gave
        for (const auto& request : requests)
            if (request.use->used)
                for (const auto& [name, value] : request.parameters) taken[{request.use->system, request.use->path}].insert(name);
        for (const auto& request : requests) {
            const auto& use = *request.use;
            if (use.used || use.of_the_site || !use.whole || is_here(use.address)) continue;
            const Cause cause{Why::webshell, use.finding, use.path, 0, std::min(use.planted.value_or(use.first), use.first) - k_before};
            const Key key{use.system, use.address};
            const auto& names = taken[{use.system, use.path}];
            for (const auto& [name, value] : request.parameters) {
                if (packs_data(value) || transfer_in(value)) blame(m_addresses, key, cause);
                else if (names.contains(name) && !value.empty()) m_perhaps.emplace(key, std::pair(request.time, cause));
            }
        }
        return {};
    }

    base::Result<void> load_findings() {
        return m_reader.query("SELECT f.id, f.rule, f.subject, ifnull(f.system, 0), ifnull(f.first_s, 0), i.key, f.severity >= 3 AND f.confidence >= 1 FROM finding f LEFT JOIN finding_item i ON i.finding = f.id AND f.rule = 'ssh/brute_force_success' "
                              "WHERE (f.rule = 'ssh/brute_force_success' AND f.severity >= 2) OR (f.rule IN ('accounts/uid_zero_twin', 'accounts/system_account_login', 'accounts/empty_password') AND f.severity >= 3 AND f.confidence >= 1) "
                              "OR (f.rule = 'accounts/new_account' AND f.severity >= 2 AND f.confidence >= 1) ORDER BY f.id, i.place",
                              [&](const RowView& row) {
                                  const std::string id(row.text(0)), subject(row.text(2));
                                  const std::int64_t system = row.integer(3), first = row.integer(4);
                                  if (row.text(1) == "ssh/brute_force_success") {
                                      const bool shown = row.integer(6) != 0;
                                      if (!is_here(subject)) blame(m_addresses, {system, subject}, {shown ? Why::guessed : Why::perhaps, id, std::string(row.text(5)), shown ? 0 : first - k_before, first - k_before});
                                      if (shown && !row.text(5).empty()) blame(m_accounts, {system, std::string(row.text(5))}, {Why::taken, id, std::string(row.text(5)), first, first});
                                  } else if (!subject.empty()) {
                                      blame(m_accounts, {system, subject}, {row.text(1) == "accounts/uid_zero_twin" ? Why::made : Why::named, id, subject, 0, 0});
                                  }
                                  return Next::go_on;
                              });
    }

    // From where accounts were used that only an intruder makes; and which of the addresses were here before him.
    base::Result<void> load_logins() {
        return m_reader.query("SELECT e.s, u.value, a.value, (SELECT p.system FROM inode_path p WHERE p.inode = e.inode) FROM event e NOT INDEXED JOIN string a ON a.id = e.address LEFT JOIN string u ON u.id = e.user "
                              "WHERE e.kind IN (SELECT id FROM kind WHERE type IN ('auth.login.success', 'login.session.start')) ORDER BY +e.s, +e.id",
                              [&](const RowView& row) {
                                  const Key address{row.integer(3), std::string(row.text(2))};
                                  seen(address, row.integer(0));
                                  const auto account = m_accounts.find({address.first, std::string(row.text(1))});
                                  if (account == m_accounts.end() || account->second.why != Why::made || is_here(address.second)) return Next::go_on;
                                  Cause cause = account->second;
                                  cause.known = row.integer(0) - k_before;
                                  blame(m_addresses, address, std::move(cause));
                                  return Next::go_on;
                              });
    }

    base::Result<void> load_transfers() {
        return m_reader.query("SELECT e.s, e.inode, e.line, u.value, a.value, json_extract(g.value, '$.bytes'), json_extract(g.value, '$.file'), json_extract(g.value, '$.service'), "
                              "json_extract(g.value, '$.sent'), json_extract(g.value, '$.direction'), json_extract(g.value, '$.listed'), k.type, (SELECT p.system FROM inode_path p WHERE p.inode = e.inode) "
                              "FROM event e JOIN kind k ON k.id = e.kind LEFT JOIN string u ON u.id = e.user LEFT JOIN string a ON a.id = e.address LEFT JOIN string g ON g.id = e.arguments "
                              "WHERE e.kind IN (SELECT id FROM kind WHERE type IN ('file.download', 'file.session')) ORDER BY +e.s, +e.ns, +e.id",
                              [&](const RowView& row) {
                                  see(row);
                                  return Next::go_on;
                              });
    }

    void seen(const Key& address, std::int64_t time) {
        if (!m_addresses.contains(address)) return;
        const auto [place, fresh] = m_seen.emplace(address, time);
        if (!fresh) place->second = std::min(place->second, time);
    }

    void see(const RowView& row) {
        const bool session = row.text(11) == "file.session";
        const std::int64_t system = row.integer(12), time = row.integer(0), bytes = session ? row.integer(8) : row.integer(5);
        const std::string user(row.text(3)), address(row.text(4));
        seen({system, address}, time);
        if (bytes <= 0 || (session && (bytes < k_session || row.text(9) != "out" || row.integer(10) != 0))) return;
        const Cause* cause = nullptr;
        if (const auto found = m_addresses.find({system, address}); found != m_addresses.end() && time >= found->second.since) cause = &found->second;
        else if (const auto account = m_accounts.find({system, user}); account != m_accounts.end() && time >= account->second.since) cause = &account->second;
        if (cause == nullptr) return;
        take(*cause, {system, time, bytes, row.integer(1), row.integer(2), user, address, std::string(row.text(6)), std::string(row.text(7))});
    }

    // A web server's log names no account, but it has the bytes that it sent as any other server's has.
    base::Result<void> load_downloads(plugin::FindingSink& sink) {
        const auto accused = [&](std::int64_t system, std::string_view address) {
            const Key key{system, std::string(address)};
            return m_addresses.contains(key) || m_perhaps.contains(key);
        };
        return given_out_by_web(m_reader, sink, accused, [&](const GivenOut& given) {
            if (const auto perhaps = m_perhaps.find({given.system, given.address}); perhaps != m_perhaps.end() && given.last >= perhaps->second.first) blame(m_addresses, perhaps->first, perhaps->second.second);
            seen({given.system, given.address}, given.first);
            const auto cause = m_addresses.find({given.system, given.address});
            if (cause != m_addresses.end() && given.first >= cause->second.since) take(cause->second, {given.system, given.first, given.bytes, given.log, given.line, {}, given.address, given.path, "http", given.count});
        });
    }

    // Files of any name, and pages that write out what they are asked for: an administration's export, a program's interface. An
    // answer that is far longer than the page's others, or of what hardly anybody else asks for, is such a file: the site's own
    // scripts and pictures are everybody's. A shell's answers have a finding of theirs.
    base::Result<void> load_answers() {
        return m_reader.query("SELECT ifnull(u.system, 0), u.path, c.address, c.largest, c.bytes, c.answered, u.clients, c.first_s, c.last_s, c.line, u.inode, u.answered - 1, u.bytes - c.largest FROM web_use u "
                              "JOIN web_client c ON c.inode = u.inode AND c.use = u.number WHERE u.kind = 'script' AND c.largest >= ?1 OR u.kind = 'file' ORDER BY c.first_s, c.id",
                              std::array{plugin::Value(k_long_answer)}, [&](const RowView& row) {
                                  const std::int64_t system = row.integer(0), largest = row.integer(3), others = row.integer(11);
                                  const auto cause = m_addresses.find({system, std::string(row.text(2))});
                                  if (cause == m_addresses.end() || row.integer(8) < cause->second.since || is_shell(system, row.text(1))) return Next::go_on;
                                  if (row.integer(6) <= k_hardly_any || others == 0 || row.integer(12) / others <= largest / k_above_others)
                                      take(cause->second, {system, std::max(row.integer(7), cause->second.since), row.integer(4), row.integer(10), row.integer(9), {}, std::string(row.text(2)), std::string(row.text(1)), "http", row.integer(5)});
                                  return Next::go_on;
                              });
    }
    bool is_shell(std::int64_t system, std::string_view asked) const {
        return std::any_of(m_shells.begin(), m_shells.end(), [&](const ShellUse& use) { return use.system == system && use.asked == asked; });
    }

    struct Record {
        std::int64_t system = 0, time = 0, bytes = 0, log = 0, line = 0;
        std::string user, address, file, service;
        std::int64_t count = 1;
    };
    void take(const Cause& cause, Record record) {
        auto& taken = m_taken[{record.system, record.address.empty() ? record.user : record.address}];
        if (taken.count == 0 || record.time < taken.first) taken.address = record.address, taken.file = record.file, taken.first = record.time;
        if (taken.count == 0 || cause.why < taken.cause.why) taken.cause = cause;
        taken.count += record.count;
        if (!record.user.empty() && taken.users.size() < k_most_users) taken.users.insert(record.user);
        if (!record.service.empty() && taken.services.size() < k_most_users) taken.services.insert(record.service);
        taken.last = std::max(taken.last, record.time), taken.bytes += std::min(record.bytes, std::int64_t{1} << 50);
        if (taken.lines.size() >= k_most_items) return void(m_cut = true);
        plugin::Item item;
        if (record.log != 0) item.inode = record.log;
        if (record.line > 0) item.line = static_cast<std::uint64_t>(record.line);
        item.key = record.address.empty() ? record.user : record.address;
        item.kind = record.address.empty() ? plugin::KeyKind::account : plugin::KeyKind::client;
        taken.lines.push_back(std::move(item));
    }

    void add(const Key& key, const Taken& taken, plugin::FindingSink& sink) const {
        const auto& [system, who] = key;
        const auto& cause = taken.cause;
        plugin::FindingHead head;
        head.rule = "exfiltration/transfer";
        if (system != 0) head.system = system;
        head.subject = who;
        const auto first_seen = m_seen.find({system, taken.address});
        const bool belongs_here = cause.why != Why::made && first_seen != m_seen.end() && first_seen->second < cause.known;
        if (cause.why == Why::named) head.severity = plugin::Severity::low, head.confidence = plugin::Confidence::possible;
        else if (cause.why == Why::taken || cause.why == Why::perhaps || belongs_here || (cause.why != Why::made && is_near(taken.address))) head.severity = plugin::Severity::medium, head.confidence = plugin::Confidence::possible;
        head.arguments = {{"who", who}, {"size", size_in_words(taken.bytes)}, {"count", std::to_string(taken.count)}, {"file", taken.file}, {"service", listed(taken.services)},
                          {"user", taken.address.empty() ? std::string() : listed(taken.users)}, {std::string(k_why[static_cast<std::size_t>(cause.why)]), cause.subject}, {"rests_on", cause.finding}};
        if (belongs_here) head.arguments.emplace_back("before", base::to_rfc3339({first_seen->second, 0}));
        head.first = base::Timestamp{taken.first, 0}, head.last = base::Timestamp{taken.last, 0};
        head.basis = plugin::TimeBasis::log;
        sink.finding(head);
        for (const auto& line : taken.lines) sink.item(line);
    }

    const plugin::CaseReader& m_reader;
    std::vector<ShellUse> m_shells;
    std::map<Key, Cause> m_addresses, m_accounts;
    std::map<Key, std::pair<std::int64_t, Cause>> m_perhaps;  // who spoke to a shell once, and when: his where he was given something then
    std::map<Key, std::int64_t> m_seen;
    std::map<Key, Taken> m_taken;
    bool m_cut = false;
};

// Asked after all others: it rests on what they found.
class TransfersDetector final : public plugin::Detector {
public:
    base::Result<void> prepare(const std::string& resources) const override {
        TRY_ASSIGN(m_drop_services, read_drop_services(resources));
        return {};
    }
    base::Result<void> detect(const plugin::CaseReader& reader, plugin::FindingSink& sink) const override {
        TRY(Transfers(reader).report(sink));
        TRY(find_shell_commands(reader, m_drop_services, sink));
        return find_shell_answers(reader, sink);
    }

private:
    mutable std::vector<std::string> m_drop_services;  // filled once, before detect()
};

}  // namespace

const plugin::Detector& transfers_detector() {
    static const TransfersDetector detector;
    return detector;
}

}  // namespace deadbox::plugins::exfiltration
