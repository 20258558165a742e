#include <array>
#include <map>
#include <vector>

#include "logs/rules.hpp"

namespace deadbox::plugins::logs {
namespace {

using plugin::RowView, plugin::Value;
using base::Next;

struct Hole {
    std::int64_t inode, system, position, run, next_type;
    std::string path, folder;
    std::optional<std::int64_t> before, after;
};

constexpr std::int64_t k_boot = 2;

base::Result<void> judge_zeroed(const plugin::CaseReader& reader, plugin::FindingSink& sink) {
    std::map<std::int64_t, std::vector<Hole>> files;
    TRY(reader.query("SELECT a.inode, a.system, a.position, a.run, a.next_type, p.path, a.time_before_s, a.time_after_s FROM utmp_anomaly a "
                     "JOIN inode_path p ON p.inode = a.inode WHERE a.kind = 'zeroed' AND a.next_type IS NOT NULL "
                     "AND NOT EXISTS (SELECT 1 FROM file f WHERE f.directory = p.directory AND f.inode = a.inode AND f.content = 2) ORDER BY a.inode, a.position",
                     [&](const RowView& row) {
                         auto& holes = files[row.integer(0)];
                         if (holes.size() < 1000)
                             holes.push_back({row.integer(0), row.integer(1), row.integer(2), row.integer(3), row.integer(4), std::string(row.text(5)), {},
                                              row.maybe_integer(6), row.maybe_integer(7)});
                         return Next::go_on;
                     }));
    for (const auto& [inode, holes] : files) {
        // Zeros right before a boot are what a crash leaves of records that never reached the disk.
        std::int64_t wiped = 0, lost = 0;
        for (const auto& hole : holes) (hole.next_type == k_boot ? lost : wiped) += hole.run;
        plugin::FindingHead head;
        head.rule = "logs/wtmp_zeroed";
        head.system = holes.front().system;
        head.subject = holes.front().path;
        head.arguments = {{"path", holes.front().path}, {"records", std::to_string(wiped > 0 ? wiped : lost)}};
        if (wiped == 0) head.severity = plugin::Severity::low, head.confidence = plugin::Confidence::possible;
        head.basis = plugin::TimeBasis::log;
        for (const auto& hole : holes) {
            if (wiped > 0 && hole.next_type == k_boot) continue;
            if (!head.first && hole.before) head.first = base::Timestamp{*hole.before, 0};
            if (hole.after) head.last = base::Timestamp{*hole.after, 0};
        }
        sink.finding(head);
        for (const auto& hole : holes) {
            if (wiped > 0 && hole.next_type == k_boot) continue;
            plugin::Item item;
            item.inode = inode;
            item.offset = static_cast<std::uint64_t>(hole.position);
            item.key = std::to_string(hole.run) + " records between " + (hole.before ? day_and_minute(*hole.before) : "the beginning") + " and " +
                       (hole.after ? day_and_minute(*hole.after) : "the end");
            sink.item(item);
        }
    }
    return {};
}

base::Result<bool> exists(const plugin::CaseReader& reader, std::string_view sql, std::span<const Value> parameters) {
    bool found = false;
    TRY(reader.query(sql, parameters, [&](const RowView&) {
        found = true;
        return Next::stop;
    }));
    return found;
}

struct Login {
    std::int64_t inode, uid, time, system;
    std::string terminal, host;
};

// A login in lastlog that the system log has too, at a time that wtmp covers and does not have.
base::Result<void> judge_missing(const plugin::CaseReader& reader, plugin::FindingSink& sink) {
    // Since when each system's wtmp files are without a hole: the first record of the oldest; an empty wtmp, its birth.
    std::map<std::int64_t, std::int64_t> since;
    bool damaged = false;
    TRY(reader.query("SELECT u.system, min(u.first_record_s), sum(u.damaged) FROM utmp_file u JOIN inode_path p ON p.inode = u.inode "
                     "WHERE p.name GLOB 'wtmp*' AND u.first_record_s IS NOT NULL GROUP BY u.system",
                     [&](const RowView& row) {
                         since.emplace(row.integer(0), row.integer(1));
                         damaged = damaged || row.integer(2) > 0;
                         return Next::go_on;
                     }));
    if (damaged) return {};
    TRY(reader.query("SELECT system, b_s FROM file WHERE folder = '/var/log' AND name = 'wtmp' AND size = 0 AND type = 1 AND name_allocated = 1 AND b_s IS NOT NULL",
                     [&](const RowView& row) {
                         since.emplace(row.integer(0), row.integer(1) + 60);
                         return Next::go_on;
                     }));
    if (since.empty()) return {};
    std::vector<Login> logins;
    TRY(reader.query("SELECT inode, login_uid, login_time_s, system, login_terminal, login_host FROM last_login WHERE login_uid IS NOT NULL AND login_terminal GLOB 'pts/*' ORDER BY inode, login_uid",
                     [&](const RowView& row) {
                         const auto covered = since.find(row.integer(3));
                         if (covered == since.end() || row.integer(2) <= covered->second) return Next::go_on;
                         logins.push_back({row.integer(0), row.integer(1), row.integer(2), row.integer(3), std::string(row.text(4)), std::string(row.text(5))});
                         return logins.size() < 10000 ? Next::go_on : Next::stop;
                     }));
    for (const auto& login : logins) {
        const std::array<Value, 3> near_by = {login.time - 120, login.time + 120, login.system};
        TRY_ASSIGN(const bool recorded, exists(reader, "SELECT 1 FROM logged l JOIN inode_path p ON p.inode = l.inode WHERE l.s BETWEEN ? AND ? AND p.system IS ? AND l.type = 'login.session.start' LIMIT 1", near_by));
        if (recorded) continue;
        const std::array<Value, 3> very_near = {login.time - 10, login.time + 10, login.system};
        TRY_ASSIGN(const bool proven, exists(reader, "SELECT 1 FROM logged l JOIN inode_path p ON p.inode = l.inode WHERE l.s BETWEEN ? AND ? AND p.system IS ? AND l.type = 'auth.login.success' AND l.process GLOB 'sshd*' LIMIT 1", very_near));
        if (!proven) continue;
        plugin::FindingHead head;
        head.rule = "logs/wtmp_removed";
        head.system = login.system;
        head.subject = "uid " + std::to_string(login.uid) + " at " + std::to_string(login.time);
        head.arguments = {{"uid", std::to_string(login.uid)}, {"time", day_and_minute(login.time)}, {"terminal", login.terminal}, {"host", login.host}};
        head.first = base::Timestamp{login.time, 0};
        head.basis = plugin::TimeBasis::log;
        sink.finding(head);
        plugin::Item item;
        item.inode = login.inode;
        item.key = login.host, item.kind = plugin::KeyKind::client;
        sink.item(item);
    }
    return {};
}

}  // namespace

base::Result<void> judge_login_records(const plugin::CaseReader& reader, plugin::FindingSink& sink) {
    TRY(judge_zeroed(reader, sink));
    return judge_missing(reader, sink);
}

}  // namespace deadbox::plugins::logs
