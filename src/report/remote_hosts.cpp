#include "report/remote_hosts.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "plugin/network_address.hpp"
#include "plugin/web_clients.hpp"
#include "report/findings.hpp"

namespace deadbox::report {
namespace {

using case_file::Statement;
using case_file::View;

constexpr std::int64_t k_before_sign = 3'600;  // s: the first sign need not be the first deed
constexpr std::int64_t k_before = 86'400;  // s: an account may be used before the time that its finding has
constexpr std::size_t k_most = 1000;

enum class Shown : bool { named, hostile };

class Collector {
public:
    explicit Collector(const View& view) : m_view(view) {}

    base::Result<std::vector<RemoteHost>> collect(const std::vector<ReportFinding>& findings) {
        TRY_ASSIGN(m_requests, m_view.has_table("web_client"));
        if (m_requests) TRY(load_roots());
        for (const auto& f : findings) {
            if (!shows_intruder(f)) continue;
            m_broken_into = true;
            if (f.question == "data_taken") continue;
            m_sign = std::min(m_sign, f.first_seen ? f.first_seen->seconds : std::numeric_limits<std::int64_t>::min() + k_before_sign);
        }
        for (const auto& f : findings) {
            if (f.state == "dismissed" || f.severity < plugin::Severity::medium) continue;
            if (f.rule.starts_with("correlation/")) TRY(joined(f));
            else TRY(one(f));
        }
        // Where a finding says itself that it was this address, it stands there alone: the other has no word of it.
        for (const auto& [finding, value] : m_used) {
            const auto kind = kind_of(value);
            const auto said = kind.empty() ? m_hosts.end() : m_hosts.find({kind, value});
            if (said != m_hosts.end() && !m_led_to.contains({kind, value})) said->second.hostile = true;
            else if (add(*finding, value, Shown::hostile, false)) m_led_to.insert({kind, value});
        }
        std::vector<RemoteHost> all;
        for (auto& [key, host] : m_hosts) all.push_back(std::move(host));
        return all;
    }

private:
    base::Result<void> one(const ReportFinding& f) {
        const bool likely = f.confidence >= plugin::Confidence::likely;
        // Who fetched data is an enemy only where one is shown to have been there.
        const auto shown = likely && (f.severity >= plugin::Severity::high || (f.question == "data_taken" && m_broken_into)) ? Shown::hostile : Shown::named;
        // What everybody uses is no intruder's for that he used it too; it is named, and whoever searches for it finds his own people.
        TRY_ASSIGN(const bool everybodys, is_everybodys(f));
        add(f, f.subject, everybodys ? Shown::named : shown, f.question == "data_taken");
        for (const auto& item : f.items) add(f, item.key, is_by_itself(f) && !accuses(f, item.key) ? Shown::named : shown, false);
        if (!likely || f.severity < plugin::Severity::high) return {};
        if (f.question == "webshells" && m_requests) return requests(f);
        if (f.rule == "accounts/uid_zero_twin") return logins(f);
        return {};
    }

    // Findings that rest on nobody else's.
    static bool is_by_itself(const ReportFinding& f) { return f.rule == "exfiltration/secret_served" || f.rule == "exfiltration/web_download"; }
    bool accuses(const ReportFinding& f, const std::string& address) const {
        return f.rule == "exfiltration/web_download" && !plugin::is_private(address) && (!f.last_seen || m_sign - k_before_sign <= f.last_seen->seconds);
    }

    base::Result<bool> is_everybodys(const ReportFinding& f) {
        if (f.question != "data_taken") return false;
        TRY_ASSIGN(Statement row, m_view.prepare("SELECT json_extract(arguments, '$.everybodys') IS NOT NULL FROM finding WHERE id = ?1"));
        row.bind(1, f.id);
        TRY_ASSIGN(const bool there, row.step());
        return there && row.integer(0) != 0;
    }

    // What joins others names the address that ties them.
    base::Result<void> joined(const ReportFinding& f) {
        const auto shown = f.confidence >= plugin::Confidence::likely && f.severity >= plugin::Severity::high ? Shown::hostile : Shown::named;
        for (const auto& item : f.items) add(f, item.key, shown, false);
        TRY_ASSIGN(Statement row, m_view.prepare("SELECT json_extract(arguments, '$.address') FROM finding WHERE id = ?1"));
        row.bind(1, f.id);
        TRY_ASSIGN(const bool there, row.step());
        if (there && !row.is_null(0)) add(f, std::string(row.text(0)), shown, false);
        return {};
    }

    // Who used the script, by the address that it has on the web.
    base::Result<void> requests(const ReportFinding& f) {
        TRY_ASSIGN(Statement row, m_view.prepare("SELECT c.address, c.agent, c.posts, c.answered, c.without_referer, c.largest, c.first_s, u.clients FROM web_use u JOIN web_client c ON c.inode = u.inode AND c.use = u.number "
                                                 "WHERE u.path = ?1 AND u.kind = 'script' AND ifnull(u.system, 0) = ?2 ORDER BY c.first_s, c.first_ns, c.id"));
        for (const auto& root : m_roots) {
            if (root.system != f.system.value_or(0) || !f.subject.starts_with(root.path + "/")) continue;
            row.reset();
            row.bind(1, (root.url.ends_with('/') ? root.url.substr(0, root.url.size() - 1) : root.url) + f.subject.substr(root.path.size())).bind(2, root.system);
            plugin::PlantedScript script;
            script.whole = f.rule == "webshell/script";
            if (const auto& planted = f.first_recorded ? f.first_recorded : f.first_seen) script.planted = planted->seconds;
            plugin::ClientsOfPath clients;
            for (;;) {
                TRY_ASSIGN(const bool more, row.step());
                if (!more) break;
                clients.add({std::string(row.text(0)), std::string(row.text(1)), row.integer(2), row.integer(3), row.integer(4), row.integer(5), row.integer(6), false}, row.integer(7));
            }
            if (clients.mark(script)) continue;
            for (const auto& client : clients.all())
                if (client.used) m_used.emplace_back(&f, client.address);
        }
        return {};
    }

    // From where an account was used that nobody but an intruder makes.
    base::Result<void> logins(const ReportFinding& f) {
        TRY_ASSIGN(Statement row, m_view.prepare("SELECT DISTINCT a.value FROM event e JOIN string u ON u.id = e.user JOIN string a ON a.id = e.address WHERE e.s >= ?2 AND u.value = ?1 "
                                                 "AND e.kind IN (SELECT id FROM kind WHERE type IN ('auth.login.success', 'login.session.start')) ORDER BY a.value"));
        row.bind(1, f.subject).bind(2, f.first_recorded ? f.first_recorded->seconds - k_before : f.first_seen ? f.first_seen->seconds - k_before : 0);
        for (;;) {
            TRY_ASSIGN(const bool more, row.step());
            if (!more) return {};
            m_used.emplace_back(&f, row.text(0));
        }
    }

    static std::string kind_of(const std::string& value) {
        const auto address = address_kind(value);
        return !address ? "" : *address == AddressKind::ipv4 ? "ipv4" : "ipv6";
    }

    bool add(const ReportFinding& f, const std::string& value, Shown shown, bool may_be_domain) {
        auto kind = kind_of(value);
        if (kind.empty() && may_be_domain && !value.empty() && is_domain(value)) kind = "domain";
        if (kind.empty() || (m_hosts.size() >= k_most && !m_hosts.contains({kind, value}))) return false;
        auto& host = m_hosts[{kind, value}];
        host.kind = kind, host.value = value, host.hostile |= shown == Shown::hostile;
        if (std::find(host.findings.begin(), host.findings.end(), f.id) == host.findings.end()) host.findings.push_back(f.id);
        return true;
    }

    base::Result<void> load_roots() {
        TRY_ASSIGN(const bool there, m_view.has_table("web_root"));
        if (!there) return {};
        TRY_ASSIGN(Statement row, m_view.prepare("SELECT DISTINCT ifnull(system, 0), path, ifnull(url, '/') FROM web_root WHERE path LIKE '/_%' ORDER BY 1, 2, 3"));
        for (;;) {
            TRY_ASSIGN(const bool more, row.step());
            if (!more) return {};
            m_roots.push_back({row.integer(0), std::string(row.text(1)), std::string(row.text(2))});
        }
    }

    struct Root {
        std::int64_t system = 0;
        std::string path, url;
    };
    const View& m_view;
    bool m_requests = false, m_broken_into = false;
    std::int64_t m_sign = std::numeric_limits<std::int64_t>::max();  // s: the first one of an intruder
    std::vector<Root> m_roots;
    std::map<std::pair<std::string, std::string>, RemoteHost> m_hosts;
    std::vector<std::pair<const ReportFinding*, std::string>> m_used;  // the finding that leads to it, the address
    std::set<std::pair<std::string, std::string>> m_led_to;            // of m_hosts, those that no finding names
};

}  // namespace

bool is_domain(std::string_view text) {
    if (text.size() > 253 || text.find('.') == std::string_view::npos || text.front() == '.' || text.back() == '.' || text.find("..") != std::string_view::npos) return false;
    const auto top = text.substr(text.rfind('.') + 1);
    return std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-'; }) &&
           std::any_of(top.begin(), top.end(), [](char c) { return c > '9'; });
}

std::optional<AddressKind> address_kind(const std::string& text) {
    in6_addr address{};
    if (inet_pton(AF_INET, text.c_str(), &address) == 1) return AddressKind::ipv4;
    if (inet_pton(AF_INET6, text.c_str(), &address) == 1) return AddressKind::ipv6;
    return std::nullopt;
}

base::Result<std::vector<RemoteHost>> remote_hosts(const View& view, const std::vector<ReportFinding>& findings) { return Collector(view).collect(findings); }

}  // namespace deadbox::report
