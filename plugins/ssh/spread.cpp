#include "ssh/spread.hpp"

#include <algorithm>
#include <functional>

#include "plugin/network_address.hpp"
#include "plugin/secret_value.hpp"

namespace deadbox::plugins::ssh {
namespace {

using plugin::RowView;

constexpr std::int64_t k_weeks = 14 * 86400;       // in which a network's guesses count
constexpr std::int64_t k_burst = 6 * 3600;         // in which many networks ask at once
constexpr std::int64_t k_just_before = 1800;       // the login follows the last refusal
constexpr std::int64_t k_tail = 600;               // others that were asking go on for so long
constexpr std::int64_t k_typing = 600;             // who mistypes tries again before that
constexpr std::int64_t k_near = 30, k_burst_least = 60;
constexpr std::size_t k_neighbours = 3, k_sources = 20, k_places = 5;
constexpr std::size_t k_key_logins = 3;            // from which a habit shows
constexpr std::int64_t k_rise = 5;                 // times more than before
constexpr std::int64_t k_same_login = 60;          // wtmp's record of a login
constexpr std::size_t k_most_accounts = 20'000, k_most_networks = 5'000, k_most_of_account = 64, k_most_candidates = 20'000, k_most_sources = 1'000, k_most_neighbours = 64;

// Each refusal once, whoever wrote of it.
std::int64_t most(const std::array<std::int64_t, 4>& counts) { return *std::max_element(counts.begin(), counts.end()); }

}  // namespace

void SpreadGuesses::let_in(const Login& login) {
    if (login.user.empty() || login.address.empty() || plugin::is_loopback(login.address)) return;
    Account account{login.system, std::string(login.user)};
    auto found = m_accounts.find(account);
    if (found == m_accounts.end()) {
        if (m_accounts.size() >= k_most_accounts) {
            m_all = false;
            return;
        }
        found = m_accounts.emplace(std::move(account), Past()).first;
    }
    auto& past = found->second;
    const std::string network(plugin::network_of(login.address));
    const auto known = past.networks.find(network);
    const bool is_new = known == past.networks.end() || known->second > login.time - k_same_login;
    // Beyond those an account is at home everywhere: a new place says nothing of it.
    if (is_new && login.password && !login.from_wtmp && past.candidates.size() < k_most_of_account && past.networks.size() < k_most_networks) {
        if (m_candidates.size() < k_most_candidates) {
            Candidate candidate;
            candidate.user = login.user, candidate.address = login.address;
            candidate.system = login.system, candidate.time = login.time, candidate.inode = login.inode, candidate.line = login.line, candidate.offset = login.offset;
            candidate.logins = past.logins, candidate.passwords = past.passwords;
            candidate.networks = past.networks.size() - (known == past.networks.end() ? 0 : 1);
            past.candidates.push_back(m_candidates.size());
            m_candidates.push_back(std::move(candidate));
        } else m_all = false;
    }
    if (known == past.networks.end() && past.networks.size() < k_most_networks) past.networks.emplace(network, login.time);
    if (!login.from_wtmp) ++past.logins, past.passwords += login.password;
}

base::Result<void> SpreadGuesses::read_refusals(const plugin::CaseReader& reader) {
    if (m_candidates.empty()) return {};
    std::string ids;
    std::set<std::string> names;
    for (const auto& candidate : m_candidates) names.insert(candidate.user);
    for (const auto& name : names) {
        const plugin::Value value[] = {std::string_view(name)};
        TRY(reader.query("SELECT id FROM string WHERE value = ? AND shared = 1", value, [&](const RowView& row) {
            ids += (ids.empty() ? "" : ",") + std::to_string(row.integer(0));
            return base::Next::go_on;
        }));
    }
    if (ids.empty()) return {};
    TRY(reader.query("SELECT e.s, u.value, a.value, json_extract(g.value, '$.count'), k.type, json_extract(g.value, '$.method'), p.value, " + std::string(k_system_of_event) +
                        " FROM event e NOT INDEXED CROSS JOIN kind k ON k.id = e.kind CROSS JOIN string u ON u.id = e.user CROSS JOIN string a ON a.id = e.address "
                        "LEFT JOIN string p ON p.id = e.process LEFT JOIN string g ON g.id = e.arguments "
                        "WHERE e.kind IN (SELECT id FROM kind WHERE type IN ('auth.login.failure', 'auth.pam.failure', 'ssh.invalid_user', 'login.failure')) AND e.user IN (" + ids + ")",
                        [&](const RowView& row) {
                            const auto type = row.text(4), method = row.text(5), process = row.text(6);
                            if (type != "login.failure" && !process.starts_with("sshd") && process != "dropbear") return base::Next::go_on;
                            if (method == "publickey" || method == "hostbased" || method.starts_with("gssapi")) return base::Next::go_on;
                            const std::size_t witness = type == "auth.login.failure" ? 0 : type == "auth.pam.failure" ? 1 : type == "ssh.invalid_user" ? 2 : 3;
                            refused(row.integer(0), row.integer(7), row.text(1), row.text(2), witness, std::clamp<std::int64_t>(row.integer(3), 1, 1'000'000));
                            return base::Next::go_on;
                        }));
    for (const auto& candidate : m_candidates)
        if (judge(candidate).verdict == Verdict::likely) m_accused.emplace(candidate.system, candidate.address);
    return {};
}

void SpreadGuesses::refused(std::int64_t time, std::int64_t system, std::string_view user, std::string_view address, std::size_t witness, std::int64_t count) {
    const auto found = m_accounts.find(Account{system, std::string(user)});
    if (found == m_accounts.end()) return;
    const auto& past = found->second;
    if (past.candidates.empty() || address.empty()) return;
    const auto network = plugin::network_of(address);
    const auto known = past.networks.find(network);
    // Only those logins that it may have to do with: they lie in the order of time.
    const auto begin = std::lower_bound(past.candidates.begin(), past.candidates.end(), time - k_burst, [&](std::size_t at, std::int64_t from) { return m_candidates[at].time < from; });
    for (auto it = begin; it != past.candidates.end(); ++it) {
        auto& candidate = m_candidates[*it];
        if (candidate.time - time > k_weeks) break;
        const bool before = time <= candidate.time;
        if (network == plugin::network_of(candidate.address)) {
            if (!before) continue;
            candidate.near[witness] += count;
            if (candidate.neighbours.size() < k_most_neighbours) candidate.neighbours.emplace(address);
            if (address == candidate.address) {
                if (candidate.tried_first == 0 || time < candidate.tried_first) candidate.tried_first = time;
                candidate.tried_last = std::max(candidate.tried_last, time);
            }
        } else if (known == past.networks.end()) {  // the owner's devices ask from where he comes
            if (!before) {
                if (time > candidate.time + k_tail) candidate.after[witness] += count;
                continue;
            }
            candidate.far[witness] += count;
            if (candidate.time - time > k_burst) continue;
            candidate.burst[witness] += count;
            candidate.last = std::max(candidate.last, time);
            if (candidate.sources.size() < k_most_sources) candidate.sources.insert(std::hash<std::string_view>{}(network));
        }
    }
}

SpreadGuesses::Judged SpreadGuesses::by_network(const Candidate& candidate) {
    Judged judged;
    judged.by_network = true, judged.refusals = most(candidate.near), judged.sources = candidate.neighbours.size();
    if (judged.refusals < k_near || judged.sources < k_neighbours) return judged;
    // Whom all the world asks for is asked for from a data centre's network as well, where the owner may have a machine himself.
    judged.verdict = most(candidate.far) * 2 < judged.refusals && !plugin::is_private(candidate.address) ? Verdict::likely : Verdict::possible;
    return judged;
}

SpreadGuesses::Judged SpreadGuesses::by_burst(const Candidate& candidate) {
    Judged judged;
    judged.refusals = most(candidate.burst), judged.sources = candidate.sources.size();
    if (judged.refusals < k_burst_least || judged.sources < k_sources || candidate.last < candidate.time - k_just_before) return judged;
    // What goes on all the time is no burst, and who goes on asking did not get in.
    const auto usual = (most(candidate.far) - judged.refusals) * k_burst / (k_weeks - k_burst);
    if (usual * k_rise > judged.refusals || most(candidate.after) * 10 > judged.refusals || plugin::is_private(candidate.address)) return judged;
    judged.verdict = Verdict::possible;
    // He who comes from a new place meanwhile does it by the method that he has, and does not ask once with many others, long before.
    const bool other_method = candidate.logins >= k_key_logins && candidate.passwords == 0;
    const bool asked_among_them = candidate.tried_first != 0 && candidate.tried_first >= candidate.time - k_burst && candidate.tried_last < candidate.time - k_typing;
    if (candidate.networks <= k_places && (other_method || asked_among_them)) judged.verdict = Verdict::likely;
    return judged;
}

SpreadGuesses::Judged SpreadGuesses::judge(const Candidate& candidate) {
    const auto network = by_network(candidate), burst = by_burst(candidate);
    return burst.verdict > network.verdict ? burst : network;
}

void SpreadGuesses::report(plugin::FindingSink& sink, const std::set<Place>& told) const {
    if (!m_all) sink.gap({base::Gap::Level::limit, "ssh", "more accounts or logins than are held against guesses from many addresses", "", ""});
    std::map<Place, std::pair<Judged, std::vector<const Candidate*>>> found;
    for (const auto& candidate : m_candidates) {
        const auto judged = judge(candidate);
        const Place place{candidate.system, candidate.address};
        if (judged.verdict == Verdict::no || told.contains(place)) continue;
        auto& [best, logins] = found[place];
        if (judged.verdict > best.verdict) best = judged, logins.insert(logins.begin(), &candidate);
        else logins.push_back(&candidate);
    }
    for (const auto& [place, all] : found) {
        const auto& [judged, logins] = all;
        const auto& first = *logins.front();
        plugin::FindingHead head;
        head.rule = "ssh/brute_force_success";
        if (place.first != 0) head.system = place.first;
        head.subject = place.second;
        head.arguments = {{"address", first.address}, {"user", first.user}, {judged.by_network ? "near" : "spread", std::to_string(judged.refusals)}, {"sources", std::to_string(judged.sources)}};
        if (judged.by_network) head.arguments.emplace_back("network", plugin::network_of(first.address));
        const bool at_home = judged.by_network && plugin::is_private(first.address);
        if (judged.verdict == Verdict::possible) head.severity = at_home ? plugin::Severity::low : plugin::Severity::medium, head.confidence = plugin::Confidence::possible;
        head.first = base::Timestamp{first.time, 0};
        head.last = base::Timestamp{logins.back()->time, 0};
        head.basis = plugin::TimeBasis::log;
        sink.finding(head);
        for (const auto* login : logins) {
            plugin::Item item;
            item.inode = login->inode != 0 ? std::optional(login->inode) : std::nullopt;
            item.key = login->user, item.kind = plugin::KeyKind::account;
            if (login->line > 0) item.line = static_cast<std::uint64_t>(login->line);
            else item.offset = static_cast<std::uint64_t>(login->offset);
            sink.item(item);
        }
    }
}

}  // namespace deadbox::plugins::ssh
