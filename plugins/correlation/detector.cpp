// Chains: a way in, and within days what follows it. Each end must be a finding of its own; what is added here is that
// they belong together.
#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <vector>

#include "plugin/detector.hpp"

namespace deadbox::plugins::correlation {
namespace {

using base::Next;
using plugin::RowView;

struct Known {
    std::string id, rule, subject;
    std::int64_t system = 0, first = 0, last = 0;
    int severity = 0, confidence = 0, basis = 0;
    bool begins_with(std::string_view prefix) const { return rule.starts_with(prefix); }
};

constexpr int k_medium = 2, k_high = 3, k_likely = 1;
constexpr std::int64_t k_window = 3 * 86400, k_long_window = 14 * 86400;

// Rules by their beginnings.
constexpr std::string_view k_webshells[] = {"webshell/"};
constexpr std::string_view k_logins[] = {"ssh/brute_force_success"};
constexpr std::string_view k_accounts[] = {"accounts/new_account", "accounts/uid_zero_twin", "accounts/system_account_login", "accounts/admin_group_added",
                                           "accounts/empty_password", "accounts/hash_in_passwd"};
constexpr std::string_view k_persistence[] = {"persistence/", "ssh/authorized", "ssh/key", "ssh/forced", "ssh/new_key"};
constexpr std::string_view k_system[] = {"binaries/", "rootkit/", "privilege/", "malware/"};
constexpr std::string_view k_use[] = {"media/", "defacement/", "miner/", "mail/"};
// A command that was given to send data is no transfer: only a log of what was given out shows one.
constexpr std::string_view k_sent[] = {"exfiltration/sent"};
constexpr std::string_view k_taken[] = {"exfiltration/web_download"};
// What shows that somebody else was in control, and is not what administrators leave too (a setuid program of their own build, a
// system account that was given a shell): from an administrator's transfer it would make a theft.
constexpr std::string_view k_control[] = {"webshell/", "ssh/brute_force_success", "accounts/uid_zero_twin", "binaries/modified", "binaries/not_elf", "rootkit/", "malware/"};
constexpr std::string_view k_hiding[] = {"logs/wtmp_zeroed", "logs/wtmp_removed", "logs/lines_removed", "logs/truncated", "logs/removed"};

struct Chain {
    std::string_view rule;
    std::span<const std::string_view> entries, effects;
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

bool is_one_of(const Known& known, std::span<const std::string_view> prefixes) {
    return std::any_of(prefixes.begin(), prefixes.end(), [&](std::string_view prefix) { return known.begins_with(prefix); });
}

std::string how_long(std::int64_t seconds) {
    if (seconds < 120) return std::to_string(seconds) + " s";
    if (seconds < 7200) return std::to_string(seconds / 60) + " min";
    return std::to_string(seconds / 3600) + " h";
}

class CorrelationDetector final : public plugin::Detector {
public:
    base::Result<void> detect(const plugin::CaseReader& reader, plugin::FindingSink& sink) const override {
        std::vector<Known> all;
        constexpr std::size_t k_most = 20000;
        TRY(reader.query("SELECT id, rule, subject, ifnull(system, 0), first_s, ifnull(last_s, first_s), severity, confidence, ifnull(basis, 0) FROM finding "
                         "WHERE first_s IS NOT NULL AND severity >= 2 AND (confidence >= 1 OR rule GLOB 'exfiltration/*') AND rule NOT LIKE 'correlation/%' ORDER BY first_s, first_ns, id",
                         [&](const RowView& row) {
                             all.push_back({std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)), row.integer(3), row.integer(4), row.integer(5),
                                            static_cast<int>(row.integer(6)), static_cast<int>(row.integer(7)), static_cast<int>(row.integer(8))});
                             return all.size() < k_most ? Next::go_on : Next::stop;
                         }));
        for (const auto& chain : k_chains) TRY(follow(reader, sink, all, chain));
        return removed_traces(reader, sink, all);
    }

private:
    static bool is_entry(const Known& known, std::span<const std::string_view> entries) {
        return known.severity >= k_high && known.confidence >= k_likely && is_one_of(known, entries);
    }

    static base::Result<void> follow(const plugin::CaseReader& reader, plugin::FindingSink& sink, const std::vector<Known>& all, const Chain& chain) {
        // By system: the earliest way in that anything follows, and all that follows within the window.
        std::map<std::int64_t, std::pair<const Known*, std::vector<const Known*>>> stories;
        for (const auto& entry : all) {
            if (!is_entry(entry, chain.entries) || stories.contains(entry.system)) continue;
            std::vector<const Known*> effects;
            for (const auto& effect : all)
                if (effect.system == entry.system && effect.first >= entry.first && effect.first - entry.first <= chain.window && is_one_of(effect, chain.effects)) effects.push_back(&effect);
            if (!effects.empty()) stories.emplace(entry.system, std::pair(&entry, std::move(effects)));
        }
        for (const auto& [system, story] : stories) {
            const auto& [entry, effects] = story;
            TRY(report(reader, sink, chain.rule, *entry, effects));
        }
        return {};
    }

    // Whatever points to a break-in at a time from which lines are missing.
    static base::Result<void> removed_traces(const plugin::CaseReader& reader, plugin::FindingSink& sink, const std::vector<Known>& all) {
        constexpr std::int64_t k_near = 6 * 3600;
        for (const auto& hole : all) {
            if (!is_one_of(hole, k_hiding)) continue;
            std::vector<const Known*> within;
            for (const auto& other : all)
                if (other.system == hole.system && other.severity >= k_high && !is_one_of(other, k_hiding) && other.first >= hole.first - k_near && other.first <= hole.last + k_near)
                    within.push_back(&other);
            if (!within.empty()) TRY(report(reader, sink, "correlation/traces_removed", hole, within));
        }
        return {};
    }

    static base::Result<void> report(const plugin::CaseReader& reader, plugin::FindingSink& sink, std::string_view rule, const Known& entry, const std::vector<const Known*>& effects) {
        plugin::FindingHead head;
        head.rule = rule;
        if (entry.system != 0) head.system = entry.system;
        head.subject = entry.subject;
        const auto& first = *effects.front();
        head.arguments = {{"entry", entry.subject}, {"effect", first.subject}, {"count", std::to_string(effects.size())}, {"after", how_long(std::max<std::int64_t>(first.first - entry.first, 0))}};
        // What it falls with: the finding that it begins with, then those that follow.
        std::string rests_on = entry.id;
        for (const auto* effect : effects) rests_on += ' ' + effect->id;
        head.arguments.emplace_back("rests_on", rests_on);
        if (first.basis == static_cast<int>(plugin::TimeBasis::modification) && first.begins_with("exfiltration/sent")) head.arguments.emplace_back("untimed", first.subject);
        head.first = base::Timestamp{first.first, 0};
        head.last = base::Timestamp{effects.back()->first, 0};
        head.basis = static_cast<plugin::TimeBasis>(std::clamp(first.basis, 0, 3));
        // What was only possible by itself and came days later is not made likely by it.
        if (first.confidence < k_likely && first.first - entry.first > k_window) head.confidence = plugin::Confidence::possible;
        sink.finding(head);
        TRY(cite(reader, sink, entry));
        for (std::size_t i = 0; i < effects.size() && i < 100; ++i) TRY(cite(reader, sink, *effects[i]));
        return {};
    }

    // The first piece of evidence of another finding.
    static base::Result<void> cite(const plugin::CaseReader& reader, plugin::FindingSink& sink, const Known& known) {
        plugin::Item item;
        const std::array<plugin::Value, 1> id = {std::string_view(known.id)};
        TRY(reader.query("SELECT inode, directory, name, line, offset FROM finding_item WHERE finding = ? ORDER BY place LIMIT 1", id, [&](const RowView& row) {
            item.inode = row.maybe_integer(0), item.directory = row.maybe_integer(1), item.name = row.text(2);
            if (!row.is_null(3)) item.line = static_cast<std::uint64_t>(row.integer(3));
            if (!row.is_null(4)) item.offset = static_cast<std::uint64_t>(row.integer(4));
            return Next::stop;
        }));
        item.key = known.rule + ": " + known.subject;
        sink.item(item);
        return {};
    }
};

}  // namespace

const plugin::Detector& correlation_detector() {
    static const CorrelationDetector detector;
    return detector;
}

}  // namespace deadbox::plugins::correlation
