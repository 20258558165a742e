// Chains: a way in, and within days what follows it. Each end must be a finding of its own; what is added here is that
// they belong together.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "correlation/known.hpp"

namespace deadbox::plugins::correlation {
namespace {

using plugin::Confidence;
using plugin::Severity;

constexpr std::int64_t k_long_window = 14 * 86400;

constexpr std::string_view k_accounts[] = {"accounts/new_account", "accounts/uid_zero_twin", "accounts/system_account_login", "accounts/admin_group_added",
                                           "accounts/empty_password", "accounts/hash_in_passwd"};
constexpr std::string_view k_persistence[] = {"persistence/", "ssh/authorized", "ssh/key", "ssh/forced", "ssh/new_key"};
constexpr std::string_view k_system[] = {"binaries/", "rootkit/", "privilege/", "malware/"};
constexpr std::string_view k_use[] = {"media/", "defacement/", "miner/", "mail/"};
// A command that was given to send data is no transfer: only a log of what was given out shows one.
constexpr std::string_view k_sent[] = {"exfiltration/sent"};
constexpr std::string_view k_taken[] = {"exfiltration/web_download", "exfiltration/secret_served", "exfiltration/transfer", "exfiltration/webshell_answer"};
// What shows that somebody else was in control, and is not what administrators leave too (a setuid program of their own build, a
// system account that was given a shell): from an administrator's transfer it would make a theft.
constexpr std::string_view k_control[] = {"webshell/", "ssh/brute_force_success", "accounts/uid_zero_twin", "binaries/modified", "binaries/not_elf", "rootkit/", "malware/"};
constexpr std::string_view k_hiding[] = {"logs/wtmp_zeroed", "logs/wtmp_removed", "logs/lines_removed", "logs/truncated", "logs/removed"};

// Of a command in a history without times only the latest possible time is known: it says nothing of what came before it.
bool is_bound(const Known& known) { return known.rule == "exfiltration/sent" && known.basis == plugin::TimeBasis::modification; }

struct Chain {
    std::string_view rule;
    Rules entries, effects;
    std::int64_t window = k_window;
};
constexpr Chain k_chains[] = {
    {"correlation/webshell_then_account", k_webshells, k_accounts}, {"correlation/webshell_then_persistence", k_webshells, k_persistence},
    {"correlation/webshell_then_system", k_webshells, k_system},    {"correlation/webshell_then_use", k_webshells, k_use},
    {"correlation/login_then_account", k_logins, k_accounts},       {"correlation/login_then_persistence", k_logins, k_persistence},
    {"correlation/login_then_system", k_logins, k_system},          {"correlation/login_then_use", k_logins, k_use},
    {"correlation/break_in_then_sent", k_control, k_sent, k_long_window},
    {"correlation/break_in_then_taken", k_control, k_taken, k_long_window},
};

class CorrelationDetector final : public plugin::Detector {
public:
    base::Result<void> detect(const plugin::CaseReader& reader, plugin::FindingSink& sink) const override {
        TRY_ASSIGN(auto all, known_findings(reader, "severity >= 2 AND (confidence >= 1 OR rule GLOB 'exfiltration/*') OR rule = 'exfiltration/sent'"));
        TRY(date_by_use(reader, all));
        for (const auto& chain : k_chains) TRY(follow(reader, sink, all, chain));
        return removed_traces(reader, sink, all);
    }

private:
    // A webshell that was used before its file system has it came with a restored or moved site: what followed the use followed it.
    static base::Result<void> date_by_use(const plugin::CaseReader& reader, std::vector<Known>& all) {
        std::map<std::pair<std::int64_t, std::string>, base::Timestamp> uses;
        TRY(reader.query("SELECT ifnull(system, 0), subject, first_s, first_ns FROM finding WHERE rule = 'correlation/webshell_used' AND first_s IS NOT NULL", [&](const plugin::RowView& row) {
            uses.emplace(std::pair(row.integer(0), std::string(row.text(1))), base::Timestamp{row.integer(2), static_cast<std::uint32_t>(row.integer(3))});
            return base::Next::go_on;
        }));
        if (uses.empty()) return {};
        for (auto& known : all)
            if (const auto use = uses.find({known.system, known.subject}); use != uses.end() && is_one_of(known, k_webshells) && use->second < known.first) known.first = use->second;
        std::stable_sort(all.begin(), all.end(), [](const Known& a, const Known& b) { return a.first < b.first; });
        return {};
    }

    // Files that somebody sends to a machine of his own are anybody's, unless it is the very one that the password was guessed from.
    static bool tells(const Known& effect, const Known& entry) { return effect.severity >= Severity::medium || effect.subject == entry.subject; }

    static base::Result<void> follow(const plugin::CaseReader& reader, plugin::FindingSink& sink, const std::vector<Known>& all, const Chain& chain) {
        // By system: the earliest way in that anything follows, and all that follows within the window.
        std::map<std::int64_t, std::pair<const Known*, std::vector<const Known*>>> stories;
        for (const auto& entry : all) {
            if (!is_entry(entry, chain.entries) || stories.contains(entry.system)) continue;
            std::vector<const Known*> effects;
            for (const auto& effect : all)
                if (effect.system == entry.system && effect.first.seconds >= entry.first.seconds && effect.first.seconds - entry.first.seconds <= chain.window && is_one_of(effect, chain.effects) && tells(effect, entry)) effects.push_back(&effect);
            // Where some have a time, the chain is theirs alone.
            if (const auto timed = std::stable_partition(effects.begin(), effects.end(), [](const Known* effect) { return !is_bound(*effect); }); timed != effects.begin()) effects.erase(timed, effects.end());
            if (!effects.empty()) stories.emplace(entry.system, std::pair(&entry, std::move(effects)));
        }
        for (const auto& [system, story] : stories) {
            const auto& [entry, effects] = story;
            TRY(report(reader, sink, chain.rule, {entry}, effects));
        }
        return {};
    }

    // Whatever points to a break-in at a time from which lines are missing. Several books that lost lines of the same hours lost
    // them at one go.
    static base::Result<void> removed_traces(const plugin::CaseReader& reader, plugin::FindingSink& sink, const std::vector<Known>& all) {
        constexpr std::int64_t k_near = 6 * 3600;
        struct Stretch {
            std::vector<const Known*> holes;
            std::int64_t from = 0, to = 0;
        };
        std::map<std::int64_t, std::vector<Stretch>> stretches;
        for (const auto& hole : all) {
            if (!is_one_of(hole, k_hiding)) continue;
            auto& mine = stretches[hole.system];
            // Known ones come in the order of their beginnings.
            if (mine.empty() || hole.first.seconds > mine.back().to) mine.push_back({{}, hole.first.seconds, hole.last.seconds});
            mine.back().holes.push_back(&hole);
            mine.back().to = std::max(mine.back().to, hole.last.seconds);
        }
        for (const auto& [system, mine] : stretches)
            for (const auto& stretch : mine) {
                std::vector<const Known*> within;
                for (const auto& other : all)
                    if (other.system == system && other.severity >= Severity::high && !is_one_of(other, k_hiding) && !is_bound(other) && other.first.seconds >= stretch.from - k_near && other.first.seconds <= stretch.to + k_near)
                        within.push_back(&other);
                if (!within.empty()) TRY(report(reader, sink, "correlation/traces_removed", stretch.holes, within));
            }
        return {};
    }

    static base::Result<void> report(const plugin::CaseReader& reader, plugin::FindingSink& sink, std::string_view rule, const std::vector<const Known*>& entries, const std::vector<const Known*>& effects) {
        const auto& entry = *entries.front();
        plugin::FindingHead head;
        head.rule = rule;
        if (entry.system != 0) head.system = entry.system;
        head.subject = entry.subject;
        const auto& first = *effects.front();
        const bool bound = is_bound(first);
        std::string names, rests_on;
        std::set<std::string_view> named;
        for (const auto* one : entries) {
            rests_on += (rests_on.empty() ? "" : "+") + one->id;
            if (named.insert(one->subject).second) names += (names.empty() ? "" : ", ") + one->subject;
        }
        head.arguments = {{"entry", names}, {"effect", first.subject}, {"count", std::to_string(effects.size())}};
        head.arguments.emplace_back(bound ? "latest" : "after", how_long(std::max<std::int64_t>(first.first.seconds - entry.first.seconds, 0)));
        // What it falls with: the finding that it begins with, then those that follow.
        for (const auto* effect : effects) rests_on += ' ' + effect->id;
        head.arguments.emplace_back("rests_on", rests_on);
        head.first = first.first, head.last = effects.back()->first;
        head.basis = first.basis;
        if (bound) head.severity = Severity::medium, head.confidence = Confidence::possible;
        // What was only possible by itself and came days later is not made likely by it.
        if (first.confidence < Confidence::likely && first.first.seconds - entry.first.seconds > k_window) head.confidence = Confidence::possible;
        sink.finding(head);
        for (const auto* one : entries) TRY(cite(reader, sink, *one));
        for (std::size_t i = 0; i < effects.size() && i < 100; ++i) TRY(cite(reader, sink, *effects[i]));
        return {};
    }
};

}  // namespace

const plugin::Detector& correlation_detector() {
    static const CorrelationDetector detector;
    return detector;
}

}  // namespace deadbox::plugins::correlation
