#include "report/ledger.hpp"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/paths.hpp"
#include "report/texts.hpp"
#include "report/workstation_paths.hpp"

namespace deadbox::report {
namespace {

using case_file::Statement;
using case_file::View;

constexpr std::int64_t k_examples = 3;

// Files that a triage run left for a full one: 0 where none is left, or none was made.
base::Result<std::int64_t> left_by_triage(const View& view) {
    TRY_ASSIGN(Statement waves, view.prepare("SELECT EXISTS(SELECT 1 FROM batch WHERE wave = 'content.triage') AND NOT EXISTS(SELECT 1 FROM batch WHERE wave = 'content')"));
    TRY(waves.step());
    if (waves.integer(0) == 0) return 0;
    TRY_ASSIGN(Statement row, view.prepare("SELECT count(*) FROM inode i WHERE i.type = 1 AND i.size > 0 AND i.allocated = 1 AND NOT EXISTS (SELECT 1 FROM content c WHERE c.inode = i.id)"));
    TRY(row.step());
    return row.integer(0);
}

// What is said of a volume is found before the machines are: of whose disk it is where that carries one machine alone. An example
// begins with the volume's label.
class MachinesOfVolumes {
public:
    static base::Result<MachinesOfVolumes> load(const View& view) {
        MachinesOfVolumes all;
        std::map<std::int64_t, std::set<std::int64_t>> on_disk;
        TRY_ASSIGN(const auto volumes, case_file::volumes(view));
        for (const auto& volume : volumes)
            if (volume.system) on_disk[volume.evidence].insert(*volume.system);
        for (const auto& volume : volumes)
            if (volume.system) all.m_systems.emplace(volume.label_id, *volume.system);
            else if (const auto& there = on_disk[volume.evidence]; there.size() == 1) all.m_systems.emplace(volume.label_id, *there.begin());
        return all;
    }
    std::optional<std::int64_t> of(const CoverageRow& row) const {
        std::set<std::int64_t> systems;
        if (row.area != "volume" || row.count != static_cast<std::int64_t>(row.examples.size())) return std::nullopt;
        for (const auto& example : row.examples) {
            const auto found = m_systems.find(example.substr(0, example.find(':')));
            if (found == m_systems.end()) return std::nullopt;
            systems.insert(found->second);
        }
        return systems.size() == 1 ? std::optional(*systems.begin()) : std::nullopt;
    }

private:
    std::map<std::string, std::int64_t> m_systems;
};

// What the program does not search on any disk, of what this case has.
base::Result<void> add_unsearched(const View& view, std::vector<CoverageRow>& all) {
    constexpr std::string_view k_space_reason = "space that no file holds was not searched: what is left there of deleted files is not known";
    CoverageRow space{"limit", "volume", std::string(k_space_reason), "", 0, {}, {}};
    TRY_ASSIGN(const auto volumes, case_file::volumes(view));
    for (const auto& volume : volumes) {
        if (volume.filesystem.empty()) continue;
        if (++space.count <= k_examples) space.examples.push_back(volume.label_id);
    }
    if (space.count > 0) all.push_back(std::move(space));
    TRY_ASSIGN(const bool table, view.has_table("mount_entry"));
    if (!table) return {};
    TRY_ASSIGN(Statement entry, view.prepare("SELECT DISTINCT device, system FROM mount_entry WHERE type = 'swap' AND device LIKE '/%' ORDER BY system, device"));
    TRY_ASSIGN(Statement file, view.prepare("SELECT 1 FROM file WHERE folder = ?1 AND name = ?2 AND system IS ?3 AND name_allocated = 1 AND type = 1 LIMIT 1"));
    for (;;) {
        TRY_ASSIGN(const bool more, entry.step());
        if (!more) return {};
        const std::string path(entry.text(0));
        const auto system = entry.maybe_integer(1);
        file.reset();
        file.bind(1, base::folder_of(path)), file.bind(2, base::name_of(path));
        if (system) file.bind(3, *system);
        TRY_ASSIGN(const bool there, file.step());
        if (there) all.push_back({"limit", "volume", "swap space is not examined", path, 1, {path}, system});
    }
}

// Files where logs lie that no parser understood, of those that were to be read.
base::Result<void> add_unread_logs(const View& view, std::vector<CoverageRow>& all) {
    TRY_ASSIGN(const bool logs, view.has_table("log_file"));
    TRY_ASSIGN(Statement row, view.prepare(fmt::format("SELECT system, path FROM file WHERE directory IN (SELECT id FROM directory WHERE path = '/var/log' OR (path > '/var/log/' AND path < '/var/log0')) "
                                                       "AND name_allocated = 1 AND inode_allocated = 1 AND type = 1 AND size > 0 AND content IS NOT NULL "
                                                       "AND (NOT EXISTS(SELECT 1 FROM step s WHERE s.inode = file.inode AND s.outcome IN (0, 4)){}) ORDER BY system, path",
                                                       logs ? " OR EXISTS(SELECT 1 FROM log_file l WHERE l.inode = file.inode AND l.lines = 0)" : "")));
    constexpr std::string_view k_logs_reason = "files among the logs are of kinds that are not read: what stands in them is not known";
    std::map<std::optional<std::int64_t>, CoverageRow> unread;
    for (;;) {
        TRY_ASSIGN(const bool more, row.step());
        if (!more) break;
        auto& one = unread.try_emplace(row.maybe_integer(0), CoverageRow{"limit", "logs", std::string(k_logs_reason), "/var/log", 0, {}, row.maybe_integer(0)}).first->second;
        if (++one.count <= k_examples) one.examples.emplace_back(row.text(1));
    }
    for (auto& [system, one] : unread) all.push_back(std::move(one));
    return {};
}

}  // namespace

base::Result<std::vector<CoverageRow>> load_coverage(const View& view) {
    std::vector<CoverageRow> all;
    TRY_ASSIGN(const auto run, case_file::last_run(view));
    constexpr std::string_view k_reason = "the analysis was not finished; what it had not reached was not looked at";
    if (!run || !run->whole) all.push_back({"gap", "analysis", std::string(k_reason), "", 1, {}, {}});
    constexpr std::string_view k_triage_reason = "triage: only logs, scripts, settings and programs in their places were read of all files";
    TRY_ASSIGN(const auto unread, left_by_triage(view));
    if (unread > 0) all.push_back({"limit", "content", std::string(k_triage_reason), "", unread, {fmt::format("{} files were not read", unread)}, {}});
    TRY_ASSIGN(const auto paths, WorkstationPaths::load(view));
    TRY_ASSIGN(const MachinesOfVolumes machines, MachinesOfVolumes::load(view));
    TRY_ASSIGN(const case_file::Clock clock, case_file::clock_of(view));
    TRY_ASSIGN(Statement row, view.prepare("SELECT level, area, reason, folder, sum(count), min(examples), system FROM coverage GROUP BY level, area, reason, system, folder "
                                           "ORDER BY CASE level WHEN 'gap' THEN 0 WHEN 'limit' THEN 1 WHEN 'assumption' THEN 2 ELSE 3 END, area, reason, system, folder"));
    for (;;) {
        TRY_ASSIGN(const bool more, row.step());
        if (!more) break;
        CoverageRow one;
        one.level = row.text(0), one.area = row.text(1), one.reason = row.text(2), one.path = row.text(3), one.count = row.integer(4);
        one.examples = parse_list(row.text(5)), one.system = row.maybe_integer(6);
        if (!one.system) {
            if (paths.is_folder(one.path) || (one.area == "container" && one.path == "/")) one.path.clear();
            for (auto& example : one.examples) paths.shorten(example);
            one.system = machines.of(one);
        }
        all.push_back(std::move(one));
    }
    std::vector<CoverageRow> unsearched;
    TRY(add_unsearched(view, unsearched));
    TRY(add_unread_logs(view, unsearched));
    const auto behind_limits = std::find_if(all.begin(), all.end(), [](const CoverageRow& row) { return row.level != "gap" && row.level != "limit"; });
    all.insert(behind_limits, std::make_move_iterator(unsearched.begin()), std::make_move_iterator(unsearched.end()));
    if (!clock.is_right()) {
        const auto behind_gaps = std::find_if(all.begin(), all.end(), [](const CoverageRow& row) { return row.level != "gap" && row.level != "limit"; });
        all.insert(behind_gaps, {"assumption", "clock", "the machine's clock was wrong; times are shown corrected by that", "", 1, {fmt::format("{} s {} ({})", std::abs(clock.offset), clock.offset > 0 ? "ahead" : "behind", clock.source)}, {}});
    }
    return all;
}

}  // namespace deadbox::report
