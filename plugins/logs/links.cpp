#include <algorithm>
#include <vector>

#include "logs/rules.hpp"

namespace deadbox::plugins::logs {
namespace {

// Shells' histories. Those of database clients and pagers are left out: hardening guides send them to /dev/null.
bool is_history(std::string_view name) {
    static constexpr std::string_view k_names[] = {".bash_history", ".zsh_history", ".zhistory", ".sh_history", ".ash_history", ".ksh_history",
                                                   ".history", ".histfile", "fish_history"};
    return std::find(std::begin(k_names), std::end(k_names), name) != std::end(k_names);
}

bool is_log(std::string_view folder, std::string_view name) {
    static constexpr std::string_view k_names[] = {"auth.log", "secure", "syslog", "messages", "wtmp", "btmp", "lastlog", "utmp", "cron", "cron.log", "audit.log",
                                                   "access.log", "error.log", "access_log", "error_log", "kern.log", "daemon.log", "maillog", "mail.log"};
    return (folder == "/var/log" || folder.starts_with("/var/log/")) && std::find(std::begin(k_names), std::end(k_names), name) != std::end(k_names);
}

}  // namespace

base::Result<void> judge_links(const plugin::CaseReader& reader, plugin::FindingSink& sink) {
    // A link, or a device node that is /dev/null itself.
    return reader.query(
        "SELECT i.id, p.system, p.folder, p.directory, p.name, p.path, i.c_s, i.c_ns, i.b_s, i.b_ns, i.type FROM inode i JOIN inode_path p ON p.inode = i.id "
        "WHERE i.allocated = 1 AND ((i.type = 3 AND i.target = '/dev/null') OR (i.type = 4 AND i.rdev = '1:3')) ORDER BY i.id",
        [&](const plugin::RowView& row) {
            const auto folder = row.text(2), name = row.text(4);
            const bool history = is_history(name);
            if (!history && !is_log(folder, name)) return base::Next::go_on;
            // Web servers in containers log to a pipe or to nowhere by their image's making.
            if (!history && (name.starts_with("access") || name.starts_with("error")) && folder.find("/docker") != std::string_view::npos) return base::Next::go_on;
            plugin::FindingHead head;
            head.rule = "logs/linked_to_null";
            head.system = row.maybe_integer(1);
            head.subject = row.text(5);
            head.arguments = {{"path", std::string(row.text(5))}, {"what", history ? "history" : "log"}};
            if (!row.is_null(8)) head.first = base::Timestamp{row.integer(8), static_cast<std::uint32_t>(row.integer(9))}, head.basis = plugin::TimeBasis::birth;
            else if (!row.is_null(6)) head.first = base::Timestamp{row.integer(6), static_cast<std::uint32_t>(row.integer(7))};
            sink.finding(head);
            plugin::Item item;
            item.inode = row.integer(0), item.directory = row.maybe_integer(3), item.name = name;
            sink.item(item);
            return base::Next::go_on;
        });
}

}  // namespace deadbox::plugins::logs
