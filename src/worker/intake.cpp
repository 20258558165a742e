#include "worker/intake.hpp"

#include <algorithm>

namespace deadbox::worker {
namespace {

constexpr std::size_t k_side_by_side = 24;
constexpr std::size_t k_piece = 64 * 1024;             // read of each file in one round
constexpr std::size_t k_kept_whole = 8 * 1024 * 1024;  // files up to this stay in memory for their parsers
constexpr std::size_t k_most_waiting = 512;            // files that are read already, behind one that is not
constexpr std::size_t k_most_held = 24 * 1024 * 1024;  // bytes of small files: no further one is opened above it

}  // namespace

Intake::Intake() : m_digester(k_side_by_side) {
    for (std::size_t slot = k_side_by_side; slot > 0; --slot) m_free.push_back(slot - 1);
}

void Intake::begin(const std::vector<FileTask>& tasks, const Trees& trees, const Zeros& zeros, const Skips& skips, ipc::Slot& slot) {
    m_tasks = &tasks, m_next_task = 0, m_trees = trees, m_zeros = zeros, m_skips = &skips, m_slot = &slot;
}

std::optional<TakenFile> Intake::next() {
    for (;;) {
        open_more();
        if (m_readings.empty()) return std::nullopt;
        auto& front = m_readings.front();
        if (!front.ended) {
            read_round();
            continue;
        }
        auto file = std::move(front.file);
        m_held -= front.held;
        m_readings.pop_front();
        return file;
    }
}

void Intake::open_more() {
    while (m_next_task < m_tasks->size() && m_open < k_side_by_side && m_readings.size() < k_most_waiting && (m_readings.empty() || m_held < k_most_held)) open((*m_tasks)[m_next_task++]);
}

void Intake::open(const FileTask& task) {
    const auto row = task.row();
    const auto* filesystem = m_trees(task.tree);
    if (filesystem == nullptr || m_skips->contains({row, ipc::k_step_file})) return;
    m_slot->inode.store(row, std::memory_order_relaxed);
    m_slot->step.store(ipc::k_step_hash, std::memory_order_relaxed);
    m_slot->progress.fetch_add(1, std::memory_order_relaxed);
    Reading reading;
    auto& file = reading.file;
    file.task = &task, file.filesystem = filesystem;
    reading.ended = true;
    const auto zeros_before = m_zeros();
    if (const auto got = filesystem->inode({task.number, 0}, file.inode); !got) file.error = got.error();
    else if (file.inode.type != image::FileType::file) return;
    else if (auto content = filesystem->content({task.number, 0}); !content) file.error = content.error();
    else file.content = std::make_unique<FilledContent>(std::move(*content));
    file.zeros = m_zeros() != zeros_before;
    if (file.content && !m_skips->contains({row, ipc::k_step_hash})) {
        const auto size = file.content->size();
        file.whole = size <= k_kept_whole;
        file.too_many_holes = task.hash && file.inode.hole_bytes > k_most_holes;
        const bool hash = task.hash && !file.too_many_holes;
        reading.wanted = hash || file.whole ? size : std::min<std::uint64_t>(size, k_head);
        if (file.whole) {
            reading.held = static_cast<std::size_t>(size);
            m_held += reading.held;
        } else {
            reading.piece = std::make_unique_for_overwrite<std::byte[]>(k_piece);
        }
        file.memory = std::make_unique_for_overwrite<std::byte[]>(file.whole ? reading.held : k_head);
        reading.ended = false;
        ++m_open;
        if (hash) {
            reading.digester = m_free.back();
            m_free.pop_back();
            m_digester.begin(*reading.digester);
        }
    }
    m_readings.push_back(std::move(reading));
}

// A piece of every file that is not at its end, then the digests of all pieces.
void Intake::read_round() {
    m_pieces.clear();
    for (auto& reading : m_readings) {
        if (reading.ended || reading.offset >= reading.wanted) continue;
        m_slot->inode.store(reading.file.task->row(), std::memory_order_relaxed);
        m_slot->step.store(ipc::k_step_hash, std::memory_order_relaxed);
        m_slot->progress.fetch_add(1, std::memory_order_relaxed);
        const auto zeros_before = m_zeros();
        const auto piece = read_piece(reading);
        reading.file.zeros |= m_zeros() != zeros_before || reading.file.content->lost() > 0;
        if (!piece) {
            reading.file.error = piece.error();
            end(reading);
        } else if (reading.digester) {
            m_pieces.push_back({*reading.digester, *piece});
        }
    }
    m_digester.update(m_pieces);
    for (auto& reading : m_readings)
        if (!reading.ended && reading.offset >= reading.wanted) end(reading);
}

base::Result<base::ByteView> Intake::read_piece(Reading& reading) {
    auto& file = reading.file;
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(k_piece, reading.wanted - reading.offset));
    auto* const into = file.whole ? file.memory.get() + file.filled : reading.piece.get();
    TRY_ASSIGN(const std::size_t got, file.content->read_at(reading.offset, base::Bytes(into, size)));
    if (got == 0) return base::fail(base::Errc::truncated, "the content ends at byte " + std::to_string(reading.offset));
    reading.offset += got;
    if (!file.whole) std::copy_n(into, std::min(got, k_head - file.filled), file.memory.get() + file.filled);
    file.filled += file.whole ? got : std::min(got, k_head - file.filled);
    return base::ByteView(into, got);
}

void Intake::end(Reading& reading) {
    reading.ended = true;
    reading.piece.reset();
    --m_open;
    if (!reading.digester) return;
    auto digests = m_digester.finish(*reading.digester);
    if (!reading.file.error && !reading.file.zeros) reading.file.digests = digests;
    m_free.push_back(*reading.digester);
    reading.digester.reset();
}

}  // namespace deadbox::worker
