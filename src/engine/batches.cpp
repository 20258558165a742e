#include "engine/batches.hpp"

#include <algorithm>

#include "plugin/topic.hpp"

namespace deadbox::engine {
namespace {

constexpr std::size_t k_waiting_cap = 16u << 20;  // bytes of one batch before its turn
constexpr std::size_t k_all_waiting_cap = 32u << 20;  // of all: no further batch is begun
constexpr std::size_t k_most_running = 64;
constexpr int k_most_outside_deaths = 20;

const char* const k_skip_reason[] = {"a step crashed its worker twice on a file and was left out", "a step hung its worker twice on a file and was left out"};

// As the ledger names a step: a parser by its id.
std::string step_name(std::uint32_t step) {
    switch (step) {
        case ipc::k_step_walk: return "reading the folder";
        case ipc::k_step_hash: return "reading and hashing";
        case ipc::k_step_type: return "content type";
        case ipc::k_step_place: return "finding its place on the media";
        case ipc::k_step_file: return "the whole file";
        case ipc::k_step_orphans: return "listing deleted inodes";
        default: break;
    }
    for (const auto* topic : plugin::topics())
        for (const auto& parser : topic->parsers)
            if (parser.index + ipc::k_step_first_parser == step) return std::string(parser.id);
    return std::to_string(step);
}

}  // namespace

BatchRunner::Running* BatchRunner::on(int slot) {
    for (auto& running : m_running)
        if (running.slot == slot) return &running;
    return nullptr;
}

std::size_t BatchRunner::waiting_bytes() const {
    std::size_t bytes = 0;
    for (const auto& running : m_running) bytes += running.frames.size();
    return bytes;
}

base::Result<void> BatchRunner::start_waiting(const Work& work) {
    for (int slot = 0; slot < m_children; ++slot) {
        if (on(slot) != nullptr) continue;
        auto waiting = std::find_if(m_running.begin(), m_running.end(), [](const Running& r) { return r.slot < 0 && !r.finished; });
        if (waiting == m_running.end()) {
            // Finished batches that wait for their turn are bounded, so that one slow batch does not fill the memory.
            if (m_source_empty || m_running.size() >= k_most_running || waiting_bytes() >= k_all_waiting_cap) return {};
            TRY_ASSIGN(auto batch, work.next());
            if (!batch) {
                m_source_empty = true;
                return {};
            }
            Running running;
            running.batch = std::move(*batch), running.id = m_next_id++;
            m_running.push_back(std::move(running));
            waiting = std::prev(m_running.end());
        }
        TRY(m_pool.ensure(slot));
        waiting->slot = slot;
        TRY(m_pool.send(slot, waiting->batch.order(waiting->id, waiting->skips)));
    }
    return {};
}

base::Result<void> BatchRunner::apply_frames(const Work& work, Running& running) {
    if (!running.begun) {
        TRY(m_writer.begin_batch(running.batch.wave, running.batch.unit));
        running.begun = true;
        work.begin(running.batch);
    }
    for (;;) {
        TRY_ASSIGN(const auto frame, running.frames.next());
        if (!frame) break;
        TRY_ASSIGN(ipc::Message message, ipc::Message::decode(*frame));
        TRY(work.apply(message));
    }
    running.frames = {};
    return {};
}

base::Result<void> BatchRunner::record_skip(const Culprit& culprit, const std::string& wave) {
    const auto& [inode, step] = culprit;
    const bool hung = m_skipped[culprit];
    const auto name = step_name(step);
    TRY_ASSIGN(const auto path, m_writer.path_of(inode));
    const auto level = step == ipc::k_step_orphans ? base::Gap::Level::limit : base::Gap::Level::gap;  // remnants of deleted files
    TRY(m_writer.coverage_of({level, "worker", k_skip_reason[hung ? 1 : 0], path, "step: " + name}, inode, wave));
    if (hung) TRY(m_writer.timeout(path.empty() ? name : path + ": " + name));
    return step >= ipc::k_step_first_parser ? m_writer.step(inode, name, hung ? 3 : 2) : base::Result<void>();
}

// Commits every finished batch at the front.
base::Result<void> BatchRunner::advance(const Work& work) {
    while (!m_running.empty()) {
        auto& front = m_running.front();
        if (front.frames.size() == 0 && !front.finished) return {};
        TRY(apply_frames(work, front));
        if (!front.finished) return {};
        for (const auto& culprit : front.skips) TRY(record_skip(culprit, front.batch.wave));
        TRY(work.finish(front.batch));
        TRY(m_writer.finish_batch());
        m_progress.state.files += front.batch.files;
        m_progress.state.done += front.batch.bytes > 0 ? front.batch.bytes : front.batch.files;
        TRY(work.committed(front.batch));
        m_running.pop_front();
    }
    return {};
}

base::Result<void> BatchRunner::message(const Work& work, int slot, ipc::Message& message, base::ByteView frame) {
    if (message.kind() == static_cast<std::uint8_t>(ipc::Reply::opened)) {
        if (message.integer() == 0) return base::fail(base::Errc::not_found, std::string(message.text()));
        return {};
    }
    auto* running = on(slot);
    if (running == nullptr) return other_message ? other_message(slot, message) : base::Result<void>();
    if (message.kind() == static_cast<std::uint8_t>(ipc::Reply::done)) {
        if (message.natural() != running->id) return {};
        running->slot = -1;
        running->finished = true;
        return advance(work);
    }
    if (running == &m_running.front()) {
        TRY(apply_frames(work, *running));
        return work.apply(message);
    }
    running->frames.add_frame(frame);
    return {};
}

base::Result<void> BatchRunner::death(int slot, const ipc::Death& death) {
    auto* running = on(slot);
    if (running == nullptr) return other_death ? other_death(slot, death) : base::Result<void>();
    running->slot = -1;
    running->frames = {};
    if (running->begun) {
        m_writer.abandon_batch();
        running->begun = false;
    }
    if (death.from_outside) {
        if (++running->outside_deaths > k_most_outside_deaths) return base::fail(base::Errc::internal, "something kills the worker again and again; the analysis can be resumed");
        return {};
    }
    if (death.step == ipc::k_step_open || (death.inode == 0 && death.step != ipc::k_step_orphans)) {
        if (++m_strikes[{0, death.step}] >= 3) return base::fail(base::Errc::internal, "the worker dies while it opens the evidence");
        return {};
    }
    Culprit culprit{death.inode, death.step == ipc::k_step_none ? ipc::k_step_file : death.step};
    if (++m_strikes[culprit] < 2) return {};
    // Where leaving out the step does not help, the file's metadata is what kills: then all of it is left out.
    if (running->skips.contains(culprit)) culprit.second = ipc::k_step_file;
    if (!running->skips.insert(culprit).second) return base::fail(base::Errc::internal, "the worker dies again at what it was told to leave out");
    m_skipped[culprit] = death.hung;
    return {};
}

void BatchRunner::show_progress() {
    m_progress.state.bytes = m_pool.bytes_read();
    if (m_progress.paused() != m_progress.state.paused) {
        m_progress.state.paused = !m_progress.state.paused;
        m_pool.pause(m_progress.state.paused);
    }
    m_progress.show(m_progress.state);
}

base::Result<void> BatchRunner::run(const Work& work) {
    m_source_empty = false;
    m_running.clear();
    ipc::Pool::Handler handler;
    handler.message = [&](int slot, ipc::Message& m, base::ByteView frame) { return message(work, slot, m, frame); };
    handler.death = [&](int slot, const ipc::Death& d) { return death(slot, d); };
    handler.wants = [&](int slot) {
        const auto* running = on(slot);
        return running == nullptr || running == &m_running.front() || running->frames.size() < k_waiting_cap;
    };
    const auto fail_cleanly = [&](auto error) {
        m_writer.abandon_batch();
        return error;
    };
    for (bool first = true;; first = false) {
        if (auto started = start_waiting(work); !started) return fail_cleanly(started);
        if (m_running.empty() && m_source_empty) return {};
        if (auto begun = first ? work.started() : base::Result<void>(); !begun) return fail_cleanly(begun);
        if (auto polled = m_pool.poll(100, handler); !polled) return fail_cleanly(polled);
        if (auto advanced = advance(work); !advanced) return fail_cleanly(advanced);
        show_progress();
        if (m_progress.stop()) return fail_cleanly(base::Result<void>(base::fail(base::Errc::interrupted, "stopped; go on with --resume")));
    }
}

base::Result<void> BatchRunner::wait(const std::function<bool()>& done) {
    ipc::Pool::Handler handler;
    handler.message = [&](int slot, ipc::Message& m, base::ByteView) {
        if (m.kind() == static_cast<std::uint8_t>(ipc::Reply::opened)) return base::Result<void>();
        return other_message ? other_message(slot, m) : base::Result<void>();
    };
    handler.death = [&](int slot, const ipc::Death& d) { return other_death ? other_death(slot, d) : base::Result<void>(); };
    handler.wants = [](int) { return true; };
    while (!done()) {
        TRY(m_pool.poll(100, handler));
        show_progress();
        if (m_progress.stop()) return base::fail(base::Errc::interrupted, "stopped; go on with --resume");
    }
    return {};
}

}  // namespace deadbox::engine
