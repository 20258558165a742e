// Commands that sent something away. What an administrator does by hand looks the same: where it went and what it was decide
// how much is said. Scheduled jobs are not looked at: they are the backups.
#include <algorithm>
#include <map>
#include <optional>

#include "exfiltration/command.hpp"
#include "exfiltration/detector.hpp"

namespace deadbox::plugins::exfiltration {
namespace {

using base::Next;
using plugin::RowView;

struct Seen {
    Transfer transfer;
    std::string excerpt, user;
    std::int64_t inode = 0, system = 0, line = 0;
    std::optional<base::Timestamp> time;
    bool from_log = false;
};

bool is_drop(const std::vector<std::string>& services, std::string_view host) {
    return std::any_of(services.begin(), services.end(), [&](const std::string& service) {
        return host.ends_with(service) && (host.size() == service.size() || host[host.size() - service.size() - 1] == '.');
    });
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) {
        if (text.size() > 200) return text + " ...";
        text += (text.empty() ? "" : " ") + word;
    }
    return text;
}

// shadow and its like by themselves: in a copy of /etc or of a whole disk they are one file of many.
bool takes_hashes(const Transfer& transfer) {
    return std::any_of(transfer.what.begin(), transfer.what.end(), [](const std::string& file) {
        const std::string_view name = std::string_view(file).substr(file.rfind('/') + 1);
        return name == "shadow" || name == "gshadow" || name == "shadow-" || name == "gshadow-" || name == "opasswd" || name == "shadow.bak";
    });
}

class Collector {
public:
    void see(std::string_view command, Seen seen) {
        auto transfer = transfer_in(command);
        if (!transfer) return;
        // To a target that is known the first ones are enough; and what is data, or a bare connection, has room of its own.
        const bool telling = transfer->data || transfer->means == Means::raw;
        const auto known = m_by_target.find({seen.system, transfer->target});
        if (known != m_by_target.end()) {
            auto& all = known->second;
            if (all.size() >= k_most_of_one && (!telling || all.size() >= 2 * k_most_of_one)) return void(m_cut = true);
        } else if (m_by_target.size() >= (telling ? 2 : 1) * k_most) {
            return void(m_cut = true);
        }
        seen.transfer = std::move(*transfer);
        seen.excerpt = command.substr(0, 4096);
        m_by_target[{seen.system, seen.transfer.target}].push_back(std::move(seen));
    }

    void report(const std::vector<std::string>& services, plugin::FindingSink& sink) const {
        if (m_cut) sink.gap({base::Gap::Level::gap, "exfiltration", "more commands that sent something than are told", "", ""});
        for (const auto& [key, all] : m_by_target) {
            const auto& target = key.second;
            const bool drop = is_drop(services, target), near = is_near(target);
            // The gravest of them gives the finding its words.
            const auto weight = [&](const Seen& seen) { return (seen.transfer.means == Means::raw ? 2 : 0) + (seen.transfer.data ? 1 : 0); };
            const auto& gravest = *std::max_element(all.begin(), all.end(), [&](const Seen& a, const Seen& b) { return weight(a) < weight(b); });
            plugin::FindingHead head;
            head.rule = "exfiltration/sent";
            if (key.first != 0) head.system = key.first;
            head.subject = target;
            const bool grave = drop || (!near && gravest.transfer.means == Means::raw && gravest.transfer.data);
            if (!grave) {
                // A file transfer by hand to a machine of somebody's own: an expert looks where it is data that went outside.
                head.confidence = plugin::Confidence::possible;
                if (near || !gravest.transfer.data) head.severity = plugin::Severity::low;
            }
            // Nobody needs the passwords' hashes of all accounts alone, unless for guessing them or for moving the accounts.
            const bool hashes = std::any_of(all.begin(), all.end(), [](const Seen& seen) { return takes_hashes(seen.transfer); });
            if (hashes) head.severity = std::max(head.severity.value_or(plugin::Severity::medium), plugin::Severity::medium);
            head.arguments = {{"target", target}, {gravest.transfer.piped ? "output" : "what", joined(gravest.transfer.what)}, {"program", gravest.transfer.program}, {"user", gravest.user}, {"service", drop ? target : std::string()}};
            if (hashes) head.arguments.emplace_back("hashes", "all");
            if (is_everybodys(services, target)) head.arguments.emplace_back("everybodys", "yes");
            if (all.size() > 1) head.arguments.emplace_back("count", std::to_string(all.size()));
            bool recorded = gravest.from_log;
            for (const auto& seen : all) {
                if (!seen.time) continue;
                if (!head.first || *seen.time < *head.first) head.first = seen.time, recorded = seen.from_log;
                if (!head.last || *head.last < *seen.time) head.last = seen.time;
            }
            head.basis = recorded ? plugin::TimeBasis::log : plugin::TimeBasis::modification;
            if (!recorded && head.first) head.arguments.emplace_back("written", base::to_rfc3339(*head.first));
            sink.finding(head);
            for (const auto& seen : all) sink.item(item_of(seen));
        }
    }

private:
    static plugin::Item item_of(const Seen& seen) {
        plugin::Item item;
        if (seen.inode != 0) item.inode = seen.inode;
        item.key = seen.user, item.kind = plugin::KeyKind::account;
        if (seen.line > 0) item.line = static_cast<std::uint64_t>(seen.line);
        item.excerpt = seen.excerpt;
        return item;
    }
    static constexpr std::size_t k_most = 5'000, k_most_of_one = 1'000;  // targets; commands to one of them
    std::map<std::pair<std::int64_t, std::string>, std::vector<Seen>> m_by_target;
    bool m_cut = false;
};

}  // namespace

base::Result<void> find_sent(const plugin::CaseReader& reader, const std::vector<std::string>& drop_services, plugin::FindingSink& sink) {
    Collector collector;
    // A history without times: the last of its commands is no younger than the file.
    TRY(reader.query("SELECT c.command, c.inode, c.line, c.time_s, c.system, i.m_s, (SELECT a.user FROM account a WHERE a.uid = i.uid AND a.system IS c.system AND a.source = 'passwd' ORDER BY a.id LIMIT 1) "
                     "FROM shell_command c LEFT JOIN inode i ON i.id = c.inode ORDER BY c.inode, c.line",
                     [&](const RowView& row) {
                         Seen seen;
                         seen.inode = row.integer(1), seen.line = row.integer(2), seen.system = row.integer(4), seen.user = row.text(6);
                         seen.from_log = !row.is_null(3);
                         if (const auto time = row.is_null(3) ? row.maybe_integer(5) : row.maybe_integer(3)) seen.time = base::Timestamp{*time, 0};
                         collector.see(row.text(0), std::move(seen));
                         return Next::go_on;
                     }));
    TRY(reader.query("SELECT json_extract(g.value, '$.command'), e.inode, e.line, e.s, (SELECT p.system FROM inode_path p WHERE p.inode = e.inode), u.value FROM event e "
                     "LEFT JOIN string g ON g.id = e.arguments LEFT JOIN string u ON u.id = e.user WHERE e.kind IN (SELECT id FROM kind WHERE type = 'auth.sudo.command') ORDER BY e.s, e.id",
                     [&](const RowView& row) {
                         Seen seen;
                         seen.inode = row.integer(1), seen.line = row.integer(2), seen.time = base::Timestamp{row.integer(3), 0}, seen.system = row.integer(4), seen.user = row.text(5);
                         seen.from_log = true;
                         collector.see(row.text(0), std::move(seen));
                         return Next::go_on;
                     }));
    collector.report(drop_services, sink);
    return {};
}

}  // namespace deadbox::plugins::exfiltration
