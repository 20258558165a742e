#include "worker/intake.hpp"

#include <algorithm>

namespace deadbox::worker {
namespace {

constexpr std::size_t k_side_by_side = 32;             // twice the lanes of the widest digest
constexpr std::size_t k_piece = 32 * 1024;             // read of each file in one round: all pieces of one stay in a processor's cache
constexpr std::size_t k_kept_whole = 1024 * 1024;      // files up to this stay in memory for their parsers; of larger ones they read what they need
constexpr std::size_t k_most_held = 24 * 1024 * 1024;  // bytes of small files: no further one is opened above it

}  // namespace

Intake::Intake() : m_digester(k_side_by_side) {
    for (std::size_t slot = k_side_by_side; slot > 0; --slot) m_free.push_back(slot - 1);
}

void Intake::begin(const std::vector<FileTask>& tasks, const Trees& trees, const Zeros& zeros, const Skips& skips, ipc::Slot& slot) {
    m_zeros = zeros, m_skips = &skips, m_slot = &slot;
    for (const auto& task : tasks) add(task, trees);
    // Large files go first: begun together they keep each other company, and none is left to be hashed alone at the end.
    for (auto& reading : m_readings) m_closed.push_back(&reading);
    const auto size = [](const Reading* reading) { return reading->file.inode.size > k_kept_whole ? reading->file.inode.size : 0; };
    std::stable_sort(m_closed.begin(), m_closed.end(), [&](const Reading* a, const Reading* b) { return size(a) > size(b); });
}

std::optional<TakenFile> Intake::next() {
    for (;;) {
        if (m_readings.empty()) return std::nullopt;
        open_more();
        auto& front = m_readings.front();
        if (front.state != Reading::State::ended) {
            read_round();
            continue;
        }
        auto file = std::move(front.file);
        m_held -= front.held;
        m_readings.pop_front();
        return file;
    }
}

// Small files are opened in the batch's order, so the one at the front is never kept from it by those behind it.
void Intake::open_more() {
    while (!m_closed.empty() && m_open < k_side_by_side && m_held < k_most_held) {
        auto& reading = *m_closed.front();
        m_closed.pop_front();
        open(reading);
    }
}

void Intake::add(const FileTask& task, const Trees& trees) {
    const auto* filesystem = trees(task.tree);
    if (filesystem == nullptr || m_skips->contains({task.row(), ipc::k_step_file})) return;
    at(task);
    Reading reading;
    auto& file = reading.file;
    file.task = &task, file.filesystem = filesystem;
    const auto zeros_before = m_zeros();
    if (const auto got = filesystem->inode({task.number, 0}, file.inode); !got) file.error = got.error();
    else if (file.inode.type != image::FileType::file) return;
    file.zeros = m_zeros() != zeros_before;
    m_readings.push_back(std::move(reading));
}

void Intake::at(const FileTask& task) {
    m_slot->inode.store(task.row(), std::memory_order_relaxed);
    m_slot->step.store(ipc::k_step_hash, std::memory_order_relaxed);
    m_slot->progress.fetch_add(1, std::memory_order_relaxed);
}

void Intake::open(Reading& reading) {
    auto& file = reading.file;
    const auto& task = *file.task;
    reading.state = Reading::State::ended;
    if (file.error) return;
    at(task);
    const auto zeros_before = m_zeros();
    if (auto content = file.filesystem->content({task.number, 0}); !content) file.error = content.error();
    else file.content = std::make_unique<FilledContent>(std::move(*content));
    file.zeros |= m_zeros() != zeros_before;
    if (!file.content || m_skips->contains({task.row(), ipc::k_step_hash})) return;
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
    reading.state = Reading::State::open;
    ++m_open;
    if (!hash) return;
    reading.digester = m_free.back();
    m_free.pop_back();
    m_digester.begin(*reading.digester);
}

// A piece of every file that is not at its end, then the digests of all pieces.
void Intake::read_round() {
    m_pieces.clear();
    const auto is_open = [](const Reading& reading) { return reading.state == Reading::State::open; };
    for (auto& reading : m_readings) {
        if (!is_open(reading) || reading.offset >= reading.wanted) continue;
        at(*reading.file.task);
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
        if (is_open(reading) && reading.offset >= reading.wanted) end(reading);
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
    reading.state = Reading::State::ended;
    reading.piece.reset();
    --m_open;
    if (!reading.digester) return;
    auto digests = m_digester.finish(*reading.digester);
    if (!reading.file.error && !reading.file.zeros) reading.file.digests = digests;
    m_free.push_back(*reading.digester);
    reading.digester.reset();
}

}  // namespace deadbox::worker
