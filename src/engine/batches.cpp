#include "engine/batches.hpp"

#include <algorithm>
#include <chrono>
#include <future>
#include <utility>

#include "plugin/topic.hpp"

namespace deadbox::engine {
namespace {

constexpr std::size_t k_waiting_cap = 16u << 20;  // bytes of one batch before its turn
constexpr std::size_t k_all_waiting_cap = 32u << 20;  // of all: no further batch is begun
constexpr std::size_t k_applied_at_once = 256u << 10;  // of what waited: then the children are seen to
constexpr std::size_t k_most_running = 64;
constexpr std::size_t k_ahead = 2;      // orders of a child: the one that it works on, and the next
constexpr std::size_t k_prepared = 16;  // batches at hand while the case is not to be asked for more
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
    const auto place = static_cast<std::size_t>(slot);
    return place >= m_given.size() || m_given[place].empty() ? nullptr : m_given[place].front();
}

std::size_t BatchRunner::waiting() const {
    return static_cast<std::size_t>(std::count_if(m_running.begin(), m_running.end(), [](const Running& r) { return !r.given && !r.finished; }));
}

std::size_t BatchRunner::waiting_bytes() const {
    std::size_t bytes = 0;
    for (const auto& running : m_running) bytes += running.frames.size();
    return bytes;
}

// Until `count` batches wait for a child. Finished ones that wait for their turn are bounded, so that one slow batch does not
// fill the memory.
base::Result<void> BatchRunner::prepare(const Work& work, std::size_t count) {
    for (auto there = waiting(); there < count && !m_source_empty && m_running.size() < k_most_running && waiting_bytes() < k_all_waiting_cap; ++there) {
        TRY_ASSIGN(auto batch, work.next());
        if (!batch) {
            m_source_empty = true;
            break;
        }
        auto& running = m_running.emplace_back();
        running.batch = std::move(*batch), running.id = m_next_id++;
    }
    return {};
}

base::Result<void> BatchRunner::give(int slot) {
    const auto waits = [](const Running& r) { return !r.given && !r.finished; };
    auto waiting = std::find_if(m_running.begin(), m_running.end(), [&](const Running& r) { return waits(r) && r.batch.share.value_or(slot % k_shares) == slot % k_shares; });
    if (waiting == m_running.end()) waiting = std::find_if(m_running.begin(), m_running.end(), waits);
    TRY(m_pool.ensure(slot));
    waiting->given = true;
    m_given[static_cast<std::size_t>(slot)].push_back(&*waiting);
    return m_pool.send(slot, waiting->batch.order(waiting->id, waiting->skips));
}

// Every child gets something to do, and then something ahead: but not of the last batches, which whoever is free first takes.
base::Result<void> BatchRunner::start_waiting() {
    auto left = waiting();
    for (std::size_t have = 0; have < k_ahead; ++have)
        for (int slot = 0; slot < m_children; ++slot) {
            if (left <= (have == 0 ? 0 : static_cast<std::size_t>(m_children))) return {};
            if (m_given[static_cast<std::size_t>(slot)].size() > have) continue;
            TRY(give(slot));
            --left;
        }
    return {};
}

base::Result<void> BatchRunner::do_beside(const Work& work, const ipc::Pool::Handler& handler) {
    TRY(prepare(work, k_prepared));
    auto done = std::async(std::launch::async, std::exchange(m_beside, {}));
    while (done.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
        TRY(start_waiting());
        TRY(m_pool.poll(5, handler));
    }
    m_holding = false;
    TRY(done.get());
    return advance(work);
}

base::Result<void> BatchRunner::begin(const Work& work, Running& running) {
    if (running.begun) return {};
    TRY(m_writer.begin_batch(running.batch.wave, running.batch.unit));
    running.begun = true;
    work.begin(running.batch);
    return {};
}

// A part of what waited. A batch of logs has some hundred thousand events: with all of them written at once, the children would
// be done with what they have, and stand idle.
base::Result<void> BatchRunner::apply_waiting(const Work& work, Running& running) {
    TRY(begin(work, running));
    const auto before = running.frames.size();
    while (before - running.frames.size() < k_applied_at_once) {
        const auto frame = running.frames.next();
        if (!frame) break;
        TRY_ASSIGN(ipc::Message message, ipc::Message::decode(*frame));
        TRY(work.apply(message));
    }
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

// Commits every finished batch at the front, up to one of which something waits or behind which there is something to do.
base::Result<void> BatchRunner::advance(const Work& work) {
    while (!m_running.empty() && !m_holding) {
        auto& front = m_running.front();
        if (front.frames.size() == 0 && !front.finished) return {};
        TRY(apply_waiting(work, front));
        if (!front.finished || front.frames.size() > 0) return {};
        for (const auto& culprit : front.skips) TRY(record_skip(culprit, front.batch.wave));
        TRY(work.finish(front.batch));
        TRY(m_writer.finish_batch());
        m_progress.state.files += front.batch.files;
        m_progress.state.done += front.batch.bytes > 0 ? front.batch.bytes : front.batch.files;
        m_beside = work.committed(front.batch);
        m_holding = m_beside != nullptr;
        m_running.pop_front();
    }
    return {};
}

base::Result<void> BatchRunner::message(const Work& work, int slot, ipc::Message& message, base::ByteView frame) {
    if (message.kind() == static_cast<std::uint8_t>(ipc::Reply::opened)) {
        // A child of others' that cannot open the evidence has its order answered without it.
        if (message.integer() == 0 && slot < m_children) return base::fail(base::Errc::not_found, std::string(message.text()));
        return {};
    }
    auto* running = on(slot);
    if (running == nullptr) return other_message ? other_message(slot, message) : base::Result<void>();
    if (message.kind() == static_cast<std::uint8_t>(ipc::Reply::done)) {
        if (message.natural() != running->id) return {};
        m_given[static_cast<std::size_t>(slot)].pop_front();
        running->given = false;
        running->finished = true;
        return advance(work);
    }
    if (running == &m_running.front() && !m_holding && running->frames.size() == 0) {
        TRY(begin(work, *running));
        return work.apply(message);
    }
    running->frames.add(frame);
    return {};
}

// What a child had been given is done anew. Of what it did last the engine may not have heard that it was done: its page names
// the batch that it died in.
base::Result<void> BatchRunner::death(int slot, const ipc::Death& death) {
    auto* running = on(slot);
    if (running == nullptr) return other_death ? other_death(slot, death) : base::Result<void>();
    for (auto* lost : std::exchange(m_given[static_cast<std::size_t>(slot)], {})) {
        if (lost->id == death.batch) running = lost;
        lost->given = false;
        lost->frames = {};
        if (!lost->begun) continue;
        m_writer.abandon_batch();
        lost->begun = false;
    }
    if (death.from_outside) {
        if (++running->outside_deaths > k_most_outside_deaths) return base::fail(base::Errc::interrupted, k_killed_again);
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
    m_source_empty = m_holding = false;
    m_running.clear();
    m_given.assign(static_cast<std::size_t>(m_children), {});
    ipc::Pool::Handler handler;
    handler.message = [&](int slot, ipc::Message& m, base::ByteView frame) { return message(work, slot, m, frame); };
    handler.death = [&](int slot, const ipc::Death& d) { return death(slot, d); };
    handler.wants = [&](int slot) {
        const auto* running = on(slot);
        return running == nullptr || running->frames.size() < k_waiting_cap;
    };
    const auto fail_cleanly = [&](auto error) {
        m_writer.abandon_batch();
        return error;
    };
    const auto go_on = [&]() -> base::Result<void> {
        TRY(prepare(work, 2 * static_cast<std::size_t>(m_children)));
        return start_waiting();
    };
    for (bool first = true;; first = false) {
        if (auto started = go_on(); !started) return fail_cleanly(started);
        if (first && !m_running.empty()) m_beside = work.started, m_holding = m_beside != nullptr;
        if (m_beside)
            if (auto done = do_beside(work, handler); !done) return fail_cleanly(done);
        if (m_running.empty() && m_source_empty) return {};
        const bool at_work = m_beside || m_running.empty() || m_running.front().frames.size() > 0;
        if (auto polled = m_pool.poll(at_work ? 0 : 100, handler); !polled) return fail_cleanly(polled);
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
