// An account that a finding names, and that somebody then logged in with: whoever made or opened it, it was used.
#include <algorithm>
#include <limits>
#include <map>

#include "correlation/known.hpp"
#include "correlation/login_records.hpp"
#include "correlation/web_requests.hpp"
#include "plugin/network_address.hpp"
#include "plugin/said_by.hpp"

namespace deadbox::plugins::correlation {
namespace {

using plugin::Confidence;
using plugin::Severity;

// Made or opened by somebody whom nothing vouches for.
constexpr std::string_view k_made[] = {"accounts/uid_zero_twin", "accounts/new_account", "accounts/system_account_login", "accounts/system_shell_without_password", "accounts/hash_in_passwd"};
// Lets in whoever knows its name.
constexpr std::string_view k_open[] = {"accounts/empty_password"};
constexpr std::string_view k_new[] = {"accounts/new_account"};
// Nobody but an intruder has one: its time is only when its file was last written, and every login counts.
constexpr std::string_view k_timeless[] = {"accounts/uid_zero_twin", "accounts/hash_in_passwd"};

struct Account {
    std::string user;
    std::int64_t system = 0;
    std::vector<const Known*> named_by;  // the gravest first
    std::vector<const Login*> logins;
};

// What else is known of an address.
struct Hostile {
    const Known* guessed = nullptr;
    const Known* used_webshell = nullptr;
    explicit operator bool() const { return guessed != nullptr || used_webshell != nullptr; }
};
using HostileAddresses = std::map<std::pair<std::int64_t, std::string>, Hostile>;

std::int64_t earliest(const Account& account) {
    constexpr std::int64_t k_by_log = 60, k_by_files = 86400;  // a file's time says when it was last written
    auto first = std::numeric_limits<std::int64_t>::max();
    for (const auto* known : account.named_by) {
        if (is_one_of(*known, k_timeless)) return std::numeric_limits<std::int64_t>::min();
        first = std::min(first, known->first.seconds - (known->basis == plugin::TimeBasis::log ? k_by_log : k_by_files));
    }
    return first;
}

class AccountUse {
public:
    AccountUse(const plugin::CaseReader& reader, plugin::FindingSink& sink) : m_reader(reader), m_sink(sink) {}

    base::Result<void> run() {
        TRY_ASSIGN(m_known, known_findings(m_reader, "(rule GLOB 'accounts/*' AND severity >= 1) OR (severity >= 2 AND confidence >= 1 AND (rule GLOB 'webshell/*' OR rule GLOB 'ssh/*'))"));
        collect_accounts();
        if (m_accounts.empty()) return {};
        std::set<std::string, std::less<>> users;
        for (const auto& [key, account] : m_accounts) users.insert(account.user);
        TRY_ASSIGN(m_logins, logins_of(m_reader, users));
        for (auto& [key, account] : m_accounts)
            for (const auto& login : m_logins)
                if (login.user == account.user && (login.system == account.system || login.system == 0) && login.time.seconds >= earliest(account)) account.logins.push_back(&login);
        // Records that may be another account's say something only where there is no other.
        for (auto& [key, account] : m_accounts)
            if (std::any_of(account.logins.begin(), account.logins.end(), [](const Login* login) { return login->shared.empty(); }))
                std::erase_if(account.logins, [](const Login* login) { return !login->shared.empty(); });
        TRY(collect_addresses());
        for (const auto& [key, account] : m_accounts)
            if (!account.logins.empty()) TRY(report(account));
        return {};
    }

private:
    // The last way in before this moment, if it is one that the account may have followed from.
    const Known* sign_before(const Known& known) const {
        const Known* last = nullptr;
        for (const auto& sign : m_known)
            if (sign.system == known.system && (is_entry(sign, k_webshells) || is_entry(sign, k_logins)) && sign.first.seconds <= known.first.seconds && known.first.seconds - sign.first.seconds <= k_window)
                last = &sign;
        return last;
    }

    void collect_accounts() {
        for (const auto& known : m_known) {
            if (!is_one_of(known, k_made) && !is_one_of(known, k_open)) continue;
            // A new account that something vouches for counts only where it was added after a break-in.
            if (known.severity < Severity::medium && (!is_one_of(known, k_new) || sign_before(known) == nullptr)) continue;
            auto& account = m_accounts[{known.system, known.subject}];
            account.user = known.subject, account.system = known.system;
            account.named_by.push_back(&known);
        }
        for (auto& [key, account] : m_accounts)
            std::stable_sort(account.named_by.begin(), account.named_by.end(), [](const Known* a, const Known* b) { return std::pair(a->severity, a->confidence) > std::pair(b->severity, b->confidence); });
    }

    // Of the addresses that the accounts were used from: who guessed passwords, who asked for a webshell.
    base::Result<void> collect_addresses() {
        std::set<std::string, std::less<>> addresses;
        for (const auto& [key, account] : m_accounts)
            for (const auto* login : account.logins)
                if (!login->address.empty()) addresses.insert(login->address);
        if (addresses.empty()) return {};
        for (const auto& known : m_known)
            if (is_one_of(known, k_logins) && addresses.contains(known.subject)) m_hostile[{known.system, known.subject}].guessed = &known;
        std::vector<const Known*> shells;
        for (const auto& known : m_known)
            if (is_entry(known, k_webshells)) shells.push_back(&known);
        if (shells.empty()) return {};
        TRY_ASSIGN(Sites sites, Sites::load(m_reader));
        TRY_ASSIGN(const auto requests, requests_of(m_reader, addresses));
        for (const auto* shell : shells) {
            const auto places = sites.places_of(shell->system, shell->subject);
            for (const auto& request : requests) {
                if (!request.taken() || (request.system != shell->system && request.system != 0)) continue;
                TRY_ASSIGN(const bool asks, sites.asks_for(m_reader, request, places));
                if (asks) m_hostile[{shell->system, request.address}].used_webshell = shell;
            }
        }
        return {};
    }

    Hostile hostile(const Account& account, const Login& login) const {
        const auto found = m_hostile.find({account.system, login.address});
        return found == m_hostile.end() ? Hostile{} : found->second;
    }

    struct Judged {
        Severity severity = Severity::low;
        const Known* by = nullptr;  // that raises it, besides the finding that names the account
    };
    // A login alone makes no two findings of one: it weighs as much as what names the account only where more speaks for an
    // intruder than that.
    Judged judge(const Known& known, const Hostile& hostile, bool remote) const {
        if (known.severity == Severity::critical) return {Severity::critical, nullptr};
        if (hostile) return {Severity::high, hostile.used_webshell != nullptr ? hostile.used_webshell : hostile.guessed};
        if (known.severity == Severity::low) return {Severity::low, nullptr};
        if (known.severity == Severity::high)
            if (const auto* sign = sign_before(known)) return {Severity::high, sign};
        return {remote ? Severity::medium : Severity::low, nullptr};
    }

    base::Result<void> report(const Account& account) {
        const auto& known = *account.named_by.front();
        // The login that says most: from an address that is known, else the first from outside, else the first.
        const auto& logins = account.logins;
        auto told = std::find_if(logins.begin(), logins.end(), [&](const Login* login) { return static_cast<bool>(hostile(account, *login)); });
        if (told == logins.end()) told = std::find_if(logins.begin(), logins.end(), [](const Login* login) { return !login->address.empty() && !plugin::is_private(login->address); });
        const bool remote = told != logins.end();
        if (told == logins.end()) told = logins.begin();
        const auto& login = **told;
        const auto enemy = hostile(account, login);
        const auto judged = judge(known, enemy, remote);

        plugin::FindingHead head;
        head.rule = is_one_of(known, k_made) ? "correlation/account_used" : "correlation/open_account_used";
        if (account.system != 0) head.system = account.system;
        head.subject = account.user;
        head.severity = judged.severity;
        // Whose login it was is not known: that of an address which is an intruder's is one all the same.
        if (!login.shared.empty() && !enemy) head.severity = Severity::low;
        head.confidence = (known.confidence < Confidence::likely || !login.shared.empty()) && !enemy ? Confidence::possible : Confidence::likely;
        head.arguments = {{"user", account.user}, {"named", known.rule.substr(known.rule.find('/') + 1)}, {"address", login.address}, {"method", method_of(account, login)}, {"time", base::to_rfc3339(login.time)}};
        if (!login.shared.empty()) head.arguments.emplace_back("shared", login.shared);
        std::set<std::string> addresses;
        std::size_t count = 0;
        for (std::size_t i = 0; i < logins.size(); ++i) {
            addresses.insert(logins[i]->address);
            count += std::none_of(logins.begin(), logins.begin() + static_cast<std::ptrdiff_t>(i), [&](const Login* other) { return is_same_login(*other, *logins[i]); });
        }
        if (count > 1) head.arguments.emplace_back("count", std::to_string(count));
        if (addresses.size() > 1) head.arguments.emplace_back("addresses", std::to_string(addresses.size()));
        const auto also = [&](const char* name, const Known* other) {
            if (other == nullptr) return;
            head.arguments.emplace_back(name, other->subject);
            head.arguments.emplace_back(std::string(name) + std::string(plugin::k_said_by), other->id);
        };
        also("webshell", enemy.used_webshell);
        also("guessed", enemy.guessed);
        if (login.record != Login::Record::session && !login.process.empty() && !login.process.starts_with("sshd")) head.arguments.emplace_back("service", login.process);
        head.arguments.emplace_back("rests_on", known.id + (judged.by != nullptr ? " " + judged.by->id : std::string()));
        head.first = logins.front()->time, head.last = logins.back()->time, head.basis = plugin::TimeBasis::log;
        m_sink.finding(head);
        constexpr std::size_t k_most_items = 200;
        m_sink.item(item_of(login));
        for (std::size_t i = 0; i < logins.size() && i < k_most_items; ++i)
            if (logins[i] != &login) m_sink.item(item_of(*logins[i]));
        TRY(cite(m_reader, m_sink, known));
        if (judged.by != nullptr) TRY(cite(m_reader, m_sink, *judged.by));
        return {};
    }

    // wtmp has no method: the log's line of the same login tells it.
    static std::string method_of(const Account& account, const Login& login) {
        if (!login.method.empty()) return login.method;
        for (const auto* other : account.logins)
            if (!other->method.empty() && is_same_login(*other, login)) return other->method;
        return {};
    }

    const plugin::CaseReader& m_reader;
    plugin::FindingSink& m_sink;
    std::vector<Known> m_known;
    std::vector<Login> m_logins;
    std::map<std::pair<std::int64_t, std::string>, Account> m_accounts;
    HostileAddresses m_hostile;
};

class AccountUseDetector final : public plugin::Detector {
    base::Result<void> detect(const plugin::CaseReader& reader, plugin::FindingSink& sink) const override { return AccountUse(reader, sink).run(); }
};

}  // namespace

const plugin::Detector& account_use_detector() {
    static const AccountUseDetector detector;
    return detector;
}

}  // namespace deadbox::plugins::correlation
