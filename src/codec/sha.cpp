#include "codec/sha.hpp"

#ifdef DEADBOX_SHA_NI
#include <cpuid.h>

#include "codec/sha_ni.hpp"
#endif

namespace deadbox::codec {

#ifdef DEADBOX_SHA_NI
namespace {

constexpr std::size_t k_lanes = 3;  // more of them have not enough registers

// GCC 12 has no name for these instructions in __builtin_cpu_supports: leaf 7, EBX bit 29.
bool ask_processor() {
    unsigned a = 0, b = 0, c = 0, d = 0;
    return __builtin_cpu_supports("sse4.1") != 0 && __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (b >> 29 & 1) != 0;
}

template <class Streams>
void compress(std::span<BlockRun> runs, const Streams& streams) {
    run_side_by_side<k_lanes>(runs, [&](std::span<BlockRun> lanes, std::size_t blocks) {
        std::uint32_t* states[k_lanes];
        const std::byte* data[k_lanes];
        for (std::size_t i = 0; i < lanes.size(); ++i) states[i] = lanes[i].state, data[i] = lanes[i].data;
        streams(lanes.size(), states, data, blocks);
    });
}

}  // namespace

bool has_sha_instructions() {
    static const bool has = ask_processor();
    return has;
}
void sha1_compress(std::span<BlockRun> runs) { compress(runs, sha1_streams); }
void sha256_compress(std::span<BlockRun> runs) { compress(runs, sha256_streams); }
#else
bool has_sha_instructions() { return false; }
void sha1_compress(std::span<BlockRun>) {}
void sha256_compress(std::span<BlockRun>) {}
#endif

}  // namespace deadbox::codec
