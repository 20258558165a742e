// Records and logs that were emptied where they lie. Rotation makes a new file, or leaves the old content beside it; a file that is
// older than its last change and holds nothing was emptied by somebody.
#include <array>
#include <vector>

#include "logs/rules.hpp"

namespace deadbox::plugins::logs {
namespace {

using base::Next;
using plugin::RowView, plugin::Value;

constexpr std::int64_t k_an_hour = 3600, k_some_days = 8 * 86'400;

struct Emptied {
    std::int64_t inode = 0, directory = 0, system = 0, written = 0;
    std::string folder, name;
};

base::Result<bool> any(const plugin::CaseReader& reader, std::string_view sql, std::span<const Value> parameters) {
    bool found = false;
    TRY(reader.query(sql, parameters, [&](const RowView&) {
        found = true;
        return Next::stop;
    }));
    return found;
}

struct Block {
    std::int64_t inode = 0, system = 0, bytes = 0, after = 0, before = 0;
    std::string path;
};

// A crash leaves zeros where lines never reached the disk, and a start of the machine or of the log's daemon behind them.
base::Result<bool> started_near(const plugin::CaseReader& reader, const Block& block) {
    const std::array<Value, 2> hours = {block.after / 3600 - 1, block.before / 3600 + 1};
    TRY_ASSIGN(const bool started, any(reader, "SELECT 1 FROM event_hour e JOIN kind k ON k.id = e.kind WHERE e.hour BETWEEN ? AND ? AND k.type IN ('kernel.boot', 'login.boot', 'system.shutdown', 'login.shutdown', 'login.runlevel') LIMIT 1", hours));
    if (started) return true;
    const std::array<Value, 2> silence = {block.after - k_an_hour, block.before + k_an_hour};
    return any(reader, "SELECT 1 FROM log_silence WHERE restart = 1 AND silent_until_s BETWEEN ? AND ? LIMIT 1", silence);
}

}  // namespace

base::Result<void> judge_blocks(const plugin::CaseReader& reader, plugin::FindingSink& sink) {
    std::vector<Block> all;
    // Disks that could not be read give zeros, too: the reader says which files got some.
    TRY(reader.query("SELECT f.inode, f.system, f.nul_bytes, f.nul_after_s, f.nul_before_s, p.path FROM log_file f JOIN inode_path p ON p.inode = f.inode LEFT JOIN content c ON c.inode = f.inode "
                     "WHERE f.nul_bytes >= 64 AND f.nul_after_s IS NOT NULL AND f.complete = 1 AND ifnull(c.state, 0) <> 2 ORDER BY p.path, f.inode",
                     [&](const RowView& row) {
                         all.push_back({row.integer(0), row.integer(1), row.integer(2), row.integer(3), row.integer(4), std::string(row.text(5))});
                         return Next::go_on;
                     }));
    for (const auto& block : all) {
        TRY_ASSIGN(const bool crashed, started_near(reader, block));
        if (crashed) continue;
        plugin::FindingHead head;
        head.rule = "logs/overwritten";
        head.system = block.system;
        head.subject = block.path;
        head.arguments = {{"log", block.path}, {"bytes", std::to_string(block.bytes)}, {"after", day_and_minute(block.after)}, {"before", day_and_minute(block.before)}};
        head.first = base::Timestamp{block.after, 0}, head.last = base::Timestamp{block.before, 0};
        head.basis = plugin::TimeBasis::log;
        sink.finding(head);
        plugin::Item item;
        item.inode = block.inode;
        item.key = "NUL bytes between " + day_and_minute(block.after) + " and " + day_and_minute(block.before);
        sink.item(item);
    }
    return {};
}

base::Result<void> judge_emptied(const plugin::CaseReader& reader, plugin::FindingSink& sink) {
    std::vector<Emptied> all;
    TRY(reader.query("SELECT inode, directory, system, m_s, folder, name FROM file WHERE folder IN ('/var/log', '/var/log/apache2', '/var/log/httpd', '/var/log/nginx', '/var/log/audit') AND type = 1 AND size = 0 "
                     "AND name IN ('wtmp', 'btmp', 'lastlog', 'auth.log', 'secure', 'syslog', 'messages', 'audit.log', 'access.log', 'error.log', 'access_log', 'error_log') "
                     "AND name_allocated = 1 AND inode_allocated = 1 AND b_s IS NOT NULL AND m_s - b_s > 3600 ORDER BY folder, name",
                     [&](const RowView& row) {
                         all.push_back({row.integer(0), row.integer(1), row.integer(2), row.integer(3), std::string(row.text(4)), std::string(row.text(5))});
                         return Next::go_on;
                     }));
    for (const auto& one : all) {
        // What was rotated by copying lies beside it, from that moment.
        const std::array<Value, 6> place = {std::string_view(one.folder), one.system, std::string_view(one.name), one.written - k_an_hour, one.written + k_an_hour, one.inode};
        TRY_ASSIGN(const bool rotated, any(reader, "SELECT 1 FROM file WHERE folder = ?1 AND system IS ?2 AND inode <> ?6 AND name_allocated = 1 AND substr(name, 1, length(?3)) = ?3 AND (b_s BETWEEN ?4 AND ?5 OR c_s BETWEEN ?4 AND ?5) LIMIT 1", place));
        if (rotated) continue;
        // Before a machine's first day of work there is nothing to take away: people had come in on the days before.
        const std::array<Value, 3> before = {one.written - k_some_days, one.written - k_an_hour, one.system};
        TRY_ASSIGN(const bool used, any(reader, "SELECT 1 FROM logged l JOIN inode_path p ON p.inode = l.inode WHERE l.s BETWEEN ? AND ? AND p.system IS ? AND l.type IN ('auth.login.success', 'auth.login.failure', 'login.session.start') LIMIT 1", before));
        if (!used) continue;
        plugin::FindingHead head;
        head.rule = "logs/emptied";
        head.system = one.system;
        head.subject = one.folder + "/" + one.name;
        head.arguments = {{"log", head.subject}, {"time", day_and_minute(one.written)}};
        head.first = base::Timestamp{one.written, 0};
        head.basis = plugin::TimeBasis::modification;
        sink.finding(head);
        plugin::Item item;
        item.inode = one.inode, item.directory = one.directory, item.name = one.name;
        sink.item(item);
    }
    return {};
}

}  // namespace deadbox::plugins::logs
