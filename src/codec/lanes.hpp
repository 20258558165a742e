// Digests that work on blocks of 64 bytes (MD5, SHA-1, SHA-256) over several streams side by side. One stream cannot use
// more than a part of a processor, because each of its steps waits for the one before; side by side, streams fill it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace deadbox::codec {

inline constexpr std::size_t k_digest_block = 64;

// Whole blocks that wait to be taken into a state, whose words are as many as the digest has.
struct BlockRun {
    std::uint32_t* state = nullptr;
    const std::byte* data = nullptr;
    std::size_t blocks = 0;
};

enum class Lanes { fastest, portable, avx2, avx512 };  // the last two of MD5 only

// Takes in every run: pass(lanes, blocks) takes `blocks` blocks of each of 1 to `Most` lanes into their states. The longest
// runs go first, so that few lanes are empty at the end; a lane whose run ends takes the next one.
template <std::size_t Most, class Pass>
void run_side_by_side(std::span<BlockRun> runs, const Pass& pass) {
    std::sort(runs.begin(), runs.end(), [](const BlockRun& a, const BlockRun& b) { return a.blocks > b.blocks; });
    std::size_t next = std::min(Most, runs.size());
    auto lanes = runs.first(next);  // those under way
    for (;;) {
        for (auto& lane : lanes)
            if (lane.blocks == 0 && next < runs.size()) std::swap(lane, runs[next++]);
        const auto ended = std::partition(lanes.begin(), lanes.end(), [](const BlockRun& lane) { return lane.blocks > 0; });
        lanes = lanes.first(static_cast<std::size_t>(ended - lanes.begin()));
        if (lanes.empty()) return;
        std::size_t blocks = lanes.front().blocks;
        for (const auto& lane : lanes) blocks = std::min(blocks, lane.blocks);
        pass(lanes, blocks);
        for (auto& lane : lanes) lane.data += k_digest_block * blocks, lane.blocks -= blocks;
    }
}

}  // namespace deadbox::codec
