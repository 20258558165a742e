#include "engine/apply.hpp"
#include "engine/waves.hpp"

namespace deadbox::engine {
namespace {

constexpr std::size_t k_folders = 128;  // folders of one batch

// The folders of one level, in the order of their row ids, cut into batches of one tree.
class LevelSource {
public:
    LevelSource(const case_file::Database& database, std::int64_t level) : m_database(database), m_level(level) {}

    base::Result<std::optional<std::vector<std::int64_t>>> next() {
        TRY_ASSIGN(case_file::Statement query, m_database.prepare("SELECT id FROM directory WHERE level = ? AND id > ? AND id & 17592186044415 > 0 ORDER BY id LIMIT ?"));
        query.bind(1, m_level).bind(2, m_after).bind(3, static_cast<std::int64_t>(k_folders));
        std::vector<std::int64_t> folders;
        for (;;) {
            TRY_ASSIGN(const bool row, query.step());
            if (!row) break;
            if (!folders.empty() && case_file::inode_tree(query.integer(0)) != case_file::inode_tree(folders.front())) break;
            folders.push_back(query.integer(0));
        }
        if (folders.empty()) return std::nullopt;
        m_after = folders.back();
        return folders;
    }

private:
    const case_file::Database& m_database;
    std::int64_t m_level, m_after = -1;
};

base::Result<void> add_roots(Session& session) {
    if (session.writer.is_done("walk", "roots")) return {};
    TRY(session.writer.begin_batch("walk", "roots"));
    TRY_ASSIGN(case_file::Statement trees, session.database.prepare("SELECT id, mount_point, root FROM tree ORDER BY id"));
    for (;;) {
        TRY_ASSIGN(const bool row, trees.step());
        if (!row) break;
        TRY(session.writer.directory(case_file::inode_row(trees.integer(0), static_cast<std::uint64_t>(trees.integer(2))), trees.integer(0), trees.text(1), 0, true));
    }
    return session.writer.finish_batch();
}

base::Result<std::vector<std::int64_t>> trees(const case_file::Database& database) {
    TRY_ASSIGN(case_file::Statement query, database.prepare("SELECT id FROM tree ORDER BY id"));
    std::vector<std::int64_t> all;
    for (;;) {
        TRY_ASSIGN(const bool row, query.step());
        if (!row) return all;
        all.push_back(query.integer(0));
    }
}

// A file system in which no file is listed is seldom empty: what its reader did not see must not pass for nothing.
base::Result<void> name_if_empty(Session& session, std::int64_t tree) {
    TRY_ASSIGN(case_file::Statement query, session.database.prepare("SELECT v.label_id, v.filesystem FROM tree t JOIN volume v ON v.id = t.volume WHERE t.id = ?1 "
                                                                    "AND NOT EXISTS(SELECT 1 FROM name WHERE directory > ?2 AND directory < ?3)"));
    query.bind(1, tree).bind(2, case_file::inode_row(tree, 0)).bind(3, case_file::inode_row(tree + 1, 0));
    TRY_ASSIGN(const bool empty, query.step());
    const auto unit = "empty:" + std::to_string(tree);
    if (!empty || session.writer.is_done("walk", unit)) return {};
    const base::Gap gap{base::Gap::Level::gap, std::string(query.text(1)), "the file system lists no file at all: it is empty, or could not be read", std::string(query.text(0)), ""};
    query.reset();
    TRY_ASSIGN(const auto system, session.writer.system_of(tree));
    TRY(session.writer.begin_batch("walk", unit));
    if (auto told = session.writer.coverage(gap, system, "walk"); !told) {
        session.writer.abandon_batch();
        return told;
    }
    return session.writer.finish_batch();
}

// All times of a tree at once, when its last inode is known.
base::Result<void> add_file_times(Session& session, std::int64_t tree) {
    const auto unit = "times:" + std::to_string(tree);
    if (session.writer.is_done("walk", unit)) return {};
    TRY(session.writer.begin_batch("walk", unit));
    {
        const case_file::Interruptible interruptible(session.database, session.stop());
        if (auto added = session.writer.file_times(case_file::inode_row(tree, 0), case_file::inode_row(tree + 1, 0) - 1); !added) {
            session.writer.abandon_batch();
            return added;
        }
    }
    return session.writer.finish_batch();
}

}  // namespace

base::Result<void> walk_wave(Session& session) {
    auto& state = session.progress.state;
    state.wave = "walk", state.unit = "folders", state.done = state.total = 0;
    TRY(add_roots(session));
    WalkApplier applier(session.database, session.writer);
    for (std::int64_t level = 0;; ++level) {
        TRY_ASSIGN(case_file::Statement count, session.database.prepare("SELECT count(*) FROM directory WHERE level = ? AND id & 17592186044415 > 0"));
        count.bind(1, level);
        TRY(count.step());
        if (count.integer(0) == 0) break;
        state.total += static_cast<std::uint64_t>(count.integer(0));
        count.reset();
        LevelSource source(session.database, level);
        std::int64_t ordinal = 0;
        BatchRunner::Work work;
        work.next = [&]() -> base::Result<std::optional<Batch>> {
            for (;;) {
                TRY_ASSIGN(auto folders, source.next());
                if (!folders) return std::nullopt;
                Batch batch;
                batch.wave = "walk";
                batch.unit = std::to_string(level) + ":" + std::to_string(ordinal++) + ":" + std::to_string(case_file::inode_tree(folders->front()));
                batch.files = folders->size();
                if (session.writer.is_done(batch.wave, batch.unit)) {
                    state.done += batch.files;
                    continue;
                }
                const auto tree = case_file::inode_tree(folders->front());
                batch.order = [folders = std::move(*folders), tree](std::uint64_t id, const Skips& skips) {
                    ipc::Encoder order(static_cast<std::uint8_t>(ipc::Order::walk));
                    order.put(id).put(tree);
                    for (const auto folder : folders)
                        if (!skips.contains({folder, ipc::k_step_walk})) order.put(case_file::inode_number(folder));
                    return order.finish();
                };
                return batch;
            }
        };
        // Every reply names its folder; the tree is that of the batch at its turn, whose unit ends with it.
        work.apply = [&](ipc::Message& m) { return applier.apply(m); };
        work.begin = [&](const Batch& batch) { applier.begin(std::stoll(batch.unit.substr(batch.unit.rfind(':') + 1)), level); };
        TRY(session.runner.run(work));
    }
    TRY_ASSIGN(const auto all, trees(session.database));
    for (const auto tree : all) {
        const auto unit = "orphans:" + std::to_string(tree);
        if (session.writer.is_done("walk", unit)) continue;
        bool given = false;
        BatchRunner::Work work;
        work.next = [&]() -> base::Result<std::optional<Batch>> {
            if (std::exchange(given, true)) return std::nullopt;
            Batch batch;
            batch.wave = "walk", batch.unit = unit;
            batch.order = [tree](std::uint64_t id, const Skips& skips) {
                // A tree whose orphans kill the worker is asked for as one that is not there: an empty answer.
                const bool skip = skips.contains({tree << 44, ipc::k_step_orphans});
                return ipc::Encoder(static_cast<std::uint8_t>(ipc::Order::orphans)).put(id).put(skip ? -1 : tree).finish();
            };
            return batch;
        };
        work.apply = [&](ipc::Message& m) { return applier.apply(m); };
        work.begin = [&](const Batch&) { applier.begin(tree, 0); };
        TRY(session.runner.run(work));
    }
    for (const auto tree : all) TRY(name_if_empty(session, tree));
    return {};
}

base::Result<void> add_file_times(Session& session) {
    TRY_ASSIGN(const auto all, trees(session.database));
    for (const auto tree : all) TRY(add_file_times(session, tree));
    return {};
}

}  // namespace deadbox::engine
