#include "codec/md5.hpp"

#include <bit>

#include "base/bytes.hpp"
#include "codec/md5_rounds.hpp"
#ifdef DEADBOX_MD5_VECTORS
#include "codec/md5_avx2.hpp"
#include "codec/md5_avx512.hpp"
#endif

namespace deadbox::codec {
namespace {

struct OneWord {
    using Word = std::uint32_t;
    static Word all(std::uint32_t value) { return value; }
    static Word add(Word a, Word b) { return a + b; }
    static Word add_second(Word a, Word b, Word c, Word d) { return a + (c & ~d) + (b & d); }
    static Word parity(Word b, Word c, Word d) { return b ^ (c ^ d); }
    static Word choose(Word which, Word a, Word b) { return b ^ (which & (a ^ b)); }
    static Word third(Word b, Word c, Word d) { return c ^ (b | ~d); }
    template <int Bits>
    static Word turn(Word a) { return std::rotl(a, Bits); }
};

void compress_one(const BlockRun& run, std::size_t blocks) {
    auto a = run.state[0], b = run.state[1], c = run.state[2], d = run.state[3];
    for (std::size_t block = 0; block < blocks; ++block) {
        std::uint32_t words[16];
        for (std::size_t i = 0; i < 16; ++i) words[i] = base::load_le32({run.data + k_digest_block * block, k_digest_block}, 4 * i);
        const Md5State before{a, b, c, d};
        md5_steps<OneWord, 0>(a, b, c, d, words);
        a += before[0], b += before[1], c += before[2], d += before[3];
    }
    run.state[0] = a, run.state[1] = b, run.state[2] = c, run.state[3] = d;
}

#ifdef DEADBOX_MD5_VECTORS
template <std::size_t Most, void (*Streams)(std::uint32_t (*state)[Most], const std::byte* const* data, std::size_t blocks)>
void compress_lanes(std::span<BlockRun> lanes, std::size_t blocks) {
    if (lanes.size() == 1) return compress_one(lanes.front(), blocks);
    // An empty lane does again what the first one does; nobody asks for its result.
    std::uint32_t state[4][Most];
    const std::byte* data[Most];
    for (std::size_t i = 0; i < Most; ++i) {
        const auto& lane = lanes[i < lanes.size() ? i : 0];
        for (std::size_t word = 0; word < 4; ++word) state[word][i] = lane.state[word];
        data[i] = lane.data;
    }
    Streams(state, data, blocks);
    for (std::size_t i = 0; i < lanes.size(); ++i)
        for (std::size_t word = 0; word < 4; ++word) lanes[i].state[word] = state[word][i];
}

Lanes widest() {
    static const Lanes k_widest = __builtin_cpu_supports("avx512f") != 0 ? Lanes::avx512 : __builtin_cpu_supports("avx2") != 0 ? Lanes::avx2 : Lanes::portable;
    return k_widest;
}
#endif

}  // namespace

bool md5_has(Lanes lanes) {
#ifdef DEADBOX_MD5_VECTORS
    if (lanes == Lanes::avx512) return widest() == Lanes::avx512;
    if (lanes == Lanes::avx2) return widest() != Lanes::portable;
#endif
    return lanes == Lanes::fastest || lanes == Lanes::portable;
}

void md5_compress(std::span<BlockRun> runs, [[maybe_unused]] Lanes lanes) {
#ifdef DEADBOX_MD5_VECTORS
    if (lanes == Lanes::fastest) lanes = widest();
    if (lanes == Lanes::avx512) return run_side_by_side<16>(runs, compress_lanes<16, md5_sixteen_streams>);
    if (lanes == Lanes::avx2) return run_side_by_side<8>(runs, compress_lanes<8, md5_eight_streams>);
#endif
    for (const auto& run : runs) compress_one(run, run.blocks);
}

}  // namespace deadbox::codec
