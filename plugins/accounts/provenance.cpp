#include "accounts/provenance.hpp"

#include <algorithm>

namespace deadbox::plugins::accounts {
namespace {

using base::Next;
using plugin::RowView;

constexpr std::int64_t k_grace = 30 * 60;
constexpr std::int64_t k_burst_gap = 2 * 3600;
constexpr std::int64_t k_longest_burst = 3 * 86'400;
constexpr std::int64_t k_bulk = 20 * 60;
constexpr std::size_t k_most_records = 50'000;

}  // namespace

void Installation::close() {
    std::sort(m_lists.begin(), m_lists.end());
    if (!m_lists.empty()) {
        m_burst_end = m_lists.front();
        for (const auto s : m_lists) {
            if (s - *m_burst_end > k_burst_gap || s - m_lists.front() > k_longest_burst) break;
            m_burst_end = s;
        }
        m_first = m_lists.front();
    }
    for (const auto& mark : m_marks)
        if (!m_first || mark.s < *m_first) m_first = mark.s;
    std::sort(m_changes.begin(), m_changes.end());
    for (std::size_t begin = 0, end = 0; begin < m_changes.size() && m_changes.size() >= 20; ++begin) {
        while (end < m_changes.size() && m_changes[end] - m_changes[begin] <= k_bulk) ++end;
        if ((end - begin) * 2 < m_changes.size()) continue;
        m_bulk_start = m_changes[begin + (end - begin) / 10];  // a few changes shortly before it do not count
        break;
    }
    m_lists = {}, m_changes = {};
}

bool Installation::covers(base::Timestamp time, bool written_after_packing) const {
    const bool later = packed() && written_after_packing;
    const auto near = [&](const Mark& mark) { return std::abs(mark.s - time.seconds) <= k_grace && (!later || mark.after_packing); };
    if (std::any_of(m_marks.begin(), m_marks.end(), near)) return true;
    if (later) return false;
    return (m_first && time.seconds <= *m_first + k_grace) || (m_burst_end && time.seconds <= *m_burst_end + k_grace);
}

base::Result<std::map<std::int64_t, Installation>> Installation::read(const plugin::CaseReader& reader) {
    std::map<std::int64_t, Installation> all;
    TRY(reader.query("SELECT coalesce(system, 0), m_s FROM file WHERE folder = '/var/lib/dpkg/info' AND type = 1 AND name_allocated = 1 "
                     "AND name LIKE '%.list' AND m_s IS NOT NULL",
                     [&](const RowView& row) {
                         all[row.integer(0)].m_lists.push_back(row.integer(1));
                         return Next::go_on;
                     }));
    TRY(reader.query("SELECT coalesce(system, 0), m_s, c_s >= b_s FROM file WHERE name_allocated = 1 AND type = 1 AND m_s IS NOT NULL AND ("
                     "(folder = '/var/log' AND name = 'bootstrap.log') OR (folder = '/var/log/installer' AND name = 'status') "
                     "OR (folder = '/root' AND name IN ('anaconda-ks.cfg', 'original-ks.cfg')) OR (folder = '/var/log/anaconda' AND name = 'anaconda.log') "
                     "OR (folder = '/etc' AND name = 'machine-id') OR (folder = '/etc/ssh' AND name LIKE 'ssh\\_host\\_%\\_key' ESCAPE '\\'))",
                     [&](const RowView& row) {
                         all[row.integer(0)].m_marks.push_back({row.integer(1), row.is_null(2) || row.integer(2) != 0});
                         return Next::go_on;
                     }));
    // cloud-init leaves a note in the moment in which it has made the accounts.
    TRY(reader.query("SELECT coalesce(t.system, 0), t.m_s, t.c_s >= t.b_s FROM file AS d JOIN file AS t ON t.folder = d.path || '/sem' "
                     "WHERE d.folder = '/var/lib/cloud/instances' AND d.type = 2 AND t.name = 'config_users_groups' AND t.name_allocated = 1 AND t.m_s IS NOT NULL",
                     [&](const RowView& row) {
                         all[row.integer(0)].m_marks.push_back({row.integer(1), row.is_null(2) || row.integer(2) != 0});
                         return Next::go_on;
                     }));
    TRY(reader.query("SELECT coalesce(system, 0), c_s, c_s < b_s FROM file WHERE folder = '/etc' AND type = 1 AND name_allocated = 1 AND c_s IS NOT NULL",
                     [&](const RowView& row) {
                         auto& one = all[row.integer(0)];
                         one.m_changes.push_back(row.integer(1));
                         ++one.m_files, one.m_packed_files += row.integer(2);
                         return Next::go_on;
                     }));
    for (auto& [system, installation] : all) installation.close();
    return all;
}

base::Result<std::map<std::int64_t, Records>> Records::read(const plugin::CaseReader& reader) {
    std::map<std::int64_t, std::int64_t> system_of_tree;
    TRY(reader.query("SELECT id, coalesce(system, 0) FROM tree", [&](const RowView& row) {
        system_of_tree[row.integer(0)] = row.integer(1);
        return Next::go_on;
    }));
    // Systems whose logs hold nothing of this kind have no entry but that of 0, which has the span.
    std::map<std::int64_t, Records> all;
    // In the timeline's order, from either end: mostly the first row that is looked at.
    TRY(reader.query("SELECT s FROM logged WHERE source = 'auth' AND assumptions & 4 = 0 ORDER BY s, ns, id LIMIT 1", [&](const RowView& row) {
        all[0].first = row.maybe_integer(0);
        return Next::stop;
    }));
    TRY(reader.query("SELECT s FROM logged WHERE source = 'auth' AND assumptions & 4 = 0 ORDER BY s DESC, ns DESC, id DESC LIMIT 1", [&](const RowView& row) {
        all[0].last = row.maybe_integer(0);
        return Next::stop;
    }));
    for (const auto& [tree, system] : system_of_tree) all[system].first = all[0].first, all[system].last = all[0].last;
    // The hours in which there is anything of these kinds: a machine has millions of events and few of these.
    std::optional<std::int64_t> from, until;
    TRY(reader.query("SELECT min(h.hour) * 3600, max(h.hour) * 3600 + 3599 FROM event_hour h JOIN kind k ON k.id = h.kind WHERE k.type IN "
                     "('account.user.added', 'account.user.removed', 'account.group.member_added', 'auth.sudo.command')", [&](const RowView& row) {
                         from = row.maybe_integer(0), until = row.maybe_integer(1);
                         return Next::stop;
                     }));
    if (!from) return all;
    const plugin::Value hours[] = {*from, *until};
    std::size_t count = 0;
    // The few that match are sorted here: by the index of times every event would be looked up at its own place in the table.
    TRY(reader.query(
        "SELECT s, ns, type, inode, line, offset, user, json_extract(arguments, '$.group'), json_extract(arguments, '$.home'), "
        "json_extract(arguments, '$.shell'), json_extract(arguments, '$.command'), json_extract(arguments, '$.tty'), json_extract(arguments, '$.uid'), "
        "inode >> 44 FROM logged WHERE +s BETWEEN ?1 AND ?2 AND (+type IN ('account.user.added', 'account.user.removed', 'account.group.member_added') OR (+type = 'auth.sudo.command' AND "
        "(arguments LIKE '%user%' OR arguments LIKE '%group%' OR arguments LIKE '%gpasswd%' OR arguments LIKE '%vipw%' OR arguments LIKE '%ansible%'))) "
        "ORDER BY +s, +ns, +id",
        hours,
        [&](const RowView& row) {
            Record record;
            record.time = {row.integer(0), static_cast<std::uint32_t>(row.integer(1))};
            record.type = row.text(2), record.inode = row.maybe_integer(3), record.line = row.maybe_integer(4), record.offset = row.maybe_integer(5);
            record.user = row.text(6), record.group = row.text(7), record.home = row.text(8), record.shell = row.text(9);
            record.command = std::string(row.text(10).substr(0, 1024)), record.tty = row.text(11), record.uid = row.maybe_integer(12);
            const auto tree = system_of_tree.find(row.integer(13));
            auto& mine = all[tree == system_of_tree.end() ? 0 : tree->second];
            if (record.type == "account.user.added") mine.m_additions[record.user] = std::move(record);
            else if (record.type == "account.group.member_added") mine.m_memberships[record.user + '\0' + record.group] = std::move(record);
            else (record.type == "auth.sudo.command" ? mine.commands : mine.removals).push_back(std::move(record));
            return ++count < k_most_records ? Next::go_on : Next::stop;
        }));
    return all;
}

base::Result<bool> package_activity(const plugin::CaseReader& reader, base::Timestamp time, std::int64_t seconds) {
    bool found = false;
    const plugin::Value parameters[] = {time.seconds - seconds, time.seconds + seconds};
    TRY(reader.query("SELECT 1 FROM logged WHERE s BETWEEN ? AND ? AND type LIKE 'package.%' LIMIT 1", parameters, [&](const RowView&) {
        found = true;
        return Next::stop;
    }));
    return found;
}

}  // namespace deadbox::plugins::accounts
