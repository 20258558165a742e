// Runs batches on the children side by side and commits what they write in the batches' own order, each as one
// transaction: so row ids, and everything made of them, do not depend on who was faster. A batch that is not at its turn
// waits in memory up to a cap; behind it its child waits. A child has its next order before it has done the last one, so
// that it does not wait while something is written.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "case/writer.hpp"
#include "engine/progress.hpp"
#include "ipc/pool.hpp"

namespace deadbox::engine {

inline constexpr const char* k_killed_again = "something outside of Deadbox kills the worker again and again; what was found is kept: go on with --resume";

// Inode row (a folder's while walking) and step.
using Culprit = std::pair<std::int64_t, std::uint32_t>;
using Skips = std::set<Culprit>;

struct Batch {
    std::string wave, unit;
    std::uint64_t files = 0, bytes = 0;  // for the progress
    std::optional<int> share;            // of k_shares: each child keeps to one where it can
    // The order for a child: what is in `skips` is left out.
    std::function<std::string(std::uint64_t batch, const Skips& skips)> order;
};

inline constexpr int k_shares = 2;

class BatchRunner {
public:
    BatchRunner(ipc::Pool& pool, case_file::Writer& writer, Progress& progress) : m_pool(pool), m_writer(writer), m_progress(progress) {}

    // Children from 0 to count-1 work on batches.
    void use_children(int count) { m_children = count; }
    // Messages that belong to no batch (media digests) and deaths of other children.
    std::function<base::Result<void>(int slot, ipc::Message& message)> other_message;
    std::function<base::Result<void>(int slot, const ipc::Death& death)> other_death;

    using Beside = std::function<base::Result<void>()>;
    struct Work {
        std::function<base::Result<std::optional<Batch>>()> next;                               // in order; nothing at the end
        // These two are done beside the children's work, on a thread of their own: no batch is open then, nothing else uses
        // the case or the progress, and what the children say waits.
        Beside started;                                                                         // when the first orders are given
        std::function<Beside(const Batch&)> committed = [](const Batch&) { return Beside(); };  // behind a batch's commit; an empty one is nothing to do
        std::function<void(const Batch&)> begin = [](const Batch&) {};                          // just behind the transaction's begin
        std::function<base::Result<void>(ipc::Message& message)> apply;                         // inside the batch's transaction
        std::function<base::Result<void>(const Batch&)> finish = [](const Batch&) { return base::Result<void>(); };  // just before its commit
    };
    // Errc::interrupted when the progress says stop; what was committed stays.
    base::Result<void> run(const Work& work);
    // Waits for other children while no batch is left: returns when `done` says so.
    base::Result<void> wait(const std::function<bool()>& done);

private:
    struct Running {
        Batch batch;
        std::uint64_t id = 0;
        bool given = false;  // to a child
        bool finished = false, begun = false;
        int outside_deaths = 0;
        ipc::FrameQueue frames;  // that came before its turn
        Skips skips;
    };
    base::Result<void> prepare(const Work& work, std::size_t count);
    base::Result<void> give(int slot);
    base::Result<void> start_waiting();
    base::Result<void> do_beside(const Work& work, const ipc::Pool::Handler& handler);
    base::Result<void> message(const Work& work, int slot, ipc::Message& message, base::ByteView frame);
    base::Result<void> death(int slot, const ipc::Death& death);
    base::Result<void> advance(const Work& work);
    base::Result<void> record_skip(const Culprit& culprit, const std::string& wave);
    base::Result<void> begin(const Work& work, Running& running);
    base::Result<void> apply_waiting(const Work& work, Running& running);
    Running* on(int slot);  // what a child works on
    std::size_t waiting() const;  // batches for which there was no child yet
    std::size_t waiting_bytes() const;
    void show_progress();  // and pauses the children, or lets them go on

    ipc::Pool& m_pool;
    case_file::Writer& m_writer;
    Progress& m_progress;
    int m_children = 1;
    std::deque<Running> m_running;
    std::vector<std::deque<Running*>> m_given;  // each child's, in the order in which it does them
    Beside m_beside;         // is to be done
    bool m_holding = false;  // while it is to be done and being done: the case is left alone
    std::uint64_t m_next_id = 1;
    std::map<Culprit, int> m_strikes;
    std::map<Culprit, bool> m_skipped;  // what was left out, and whether it hung; written with its batch
    bool m_source_empty = false;
};

}  // namespace deadbox::engine
