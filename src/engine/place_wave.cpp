#include <algorithm>

#include "engine/waves.hpp"

namespace deadbox::engine {
namespace {

constexpr std::size_t k_most_placed = 256;
// Only items that a report shows.
constexpr std::string_view k_files =
    "SELECT DISTINCT f.inode FROM finding_item f JOIN inode i ON i.id = f.inode LEFT JOIN content c ON c.inode = i.id "
    "WHERE f.place <= 100 AND i.type = 1 AND i.allocated AND coalesce(c.state, 0) = 0 ORDER BY f.inode";

base::Result<void> apply_place(Session& session, ipc::Message& m) {
    const auto inode = m.integer();
    const bool journal = m.integer() != 0, cut = m.integer() != 0;
    auto count = m.integer();
    if (!m.ok() || count < 0 || static_cast<std::uint64_t>(count) * 3 != m.left()) return base::fail(base::Errc::corrupt, "the worker's description of a place is damaged");
    std::vector<case_file::Extent> extents;
    for (; count > 0; --count) {
        case_file::Extent extent;
        extent.offset = m.natural(), extent.media_offset = m.natural(), extent.length = m.natural();
        extents.push_back(extent);
    }
    if (cut)
        TRY(session.writer.coverage_of({base::Gap::Level::limit, "extents", "a file lies in more pieces than are listed", "", std::to_string(extents.size()) + " pieces are listed"}, inode, "place"));
    return session.writer.place(inode, journal ? case_file::Origin::journal_replay : case_file::Origin::disk, extents);
}

Batch place_batch(std::string unit, std::vector<std::int64_t> inodes) {
    Batch batch;
    batch.wave = "place", batch.unit = std::move(unit), batch.files = inodes.size();
    batch.order = [inodes = std::move(inodes)](std::uint64_t id, const Skips& skips) {
        ipc::Encoder order(static_cast<std::uint8_t>(ipc::Order::places));
        order.put(id);
        for (const auto inode : inodes)
            if (!skips.contains({inode, ipc::k_step_place})) order.put(case_file::inode_tree(inode)).put(case_file::inode_number(inode));
        return order.finish();
    };
    return batch;
}

}  // namespace

base::Result<void> place_wave(Session& session) {
    // Findings may have changed since it was last done, and it is short: always anew.
    TRY(session.database.execute("BEGIN; DELETE FROM place; DELETE FROM coverage WHERE wave = 'place'; "
                                 "DELETE FROM batch_rows WHERE batch IN (SELECT id FROM batch WHERE wave = 'place'); DELETE FROM batch WHERE wave = 'place'; COMMIT"));
    auto& state = session.progress.state;
    state.wave = "place", state.unit = "files", state.done = state.total = 0;
    std::vector<std::int64_t> inodes;
    {
        TRY_ASSIGN(case_file::Statement files, session.database.prepare(k_files));
        for (;;) {
            TRY_ASSIGN(const bool row, files.step());
            if (!row) break;
            inodes.push_back(files.integer(0));
        }
    }
    state.total = inodes.size();
    std::size_t place = 0;
    BatchRunner::Work work;
    work.next = [&]() -> base::Result<std::optional<Batch>> {
        if (place == inodes.size()) return std::nullopt;
        const auto count = std::min(k_most_placed, inodes.size() - place);
        const auto first = inodes.begin() + static_cast<std::ptrdiff_t>(place);
        auto batch = place_batch(std::to_string(place), {first, first + static_cast<std::ptrdiff_t>(count)});
        place += count;
        return batch;
    };
    // Damage was told of when the content was read.
    work.apply = [&](ipc::Message& message) -> base::Result<void> {
        return message.kind() == static_cast<std::uint8_t>(ipc::Reply::place) ? apply_place(session, message) : base::Result<void>();
    };
    return session.runner.run(work);
}

}  // namespace deadbox::engine
