#include "report/ledger.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include <fmt/format.h>

#include "report/texts.hpp"
#include "report/workstation_paths.hpp"

namespace deadbox::report {
namespace {

using case_file::Statement;
using case_file::View;

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
    if (!clock.is_right()) {
        const auto behind_gaps = std::find_if(all.begin(), all.end(), [](const CoverageRow& row) { return row.level != "gap" && row.level != "limit"; });
        all.insert(behind_gaps, {"assumption", "clock", "the machine's clock was wrong; times are shown corrected by that", "", 1, {fmt::format("{} s {} ({})", std::abs(clock.offset), clock.offset > 0 ? "ahead" : "behind", clock.source)}, {}});
    }
    return all;
}

}  // namespace deadbox::report
