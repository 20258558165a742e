// SHA-1 and SHA-256 by the processor's instructions. Compiled for them: nothing here may run before sha.cpp has asked the
// processor, and no inline function of a library may be used, since its code could be taken by others.
#include "codec/sha_ni.hpp"

#include <immintrin.h>

namespace deadbox::codec {
namespace {

alignas(16) constexpr std::uint32_t k_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74,
    0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d,
    0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e,
    0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5,
    0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

[[gnu::always_inline]] inline __m128i load(const void* from) { return _mm_loadu_si128(static_cast<const __m128i*>(from)); }
[[gnu::always_inline]] inline void store(void* to, __m128i words) { _mm_storeu_si128(static_cast<__m128i*>(to), words); }

// The instructions hold the state as ABEF and CDGH. Of the sixteen words of the schedule, four registers are kept.
template <int Streams>
void sha256(std::uint32_t* const* states, const std::byte* const* data, std::size_t blocks) {
    const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    __m128i abef[Streams], cdgh[Streams];
    for (int n = 0; n < Streams; ++n) {
        const __m128i badc = _mm_shuffle_epi32(load(states[n]), 0xb1), hgfe = _mm_shuffle_epi32(load(states[n] + 4), 0x1b);
        abef[n] = _mm_alignr_epi8(badc, hgfe, 8), cdgh[n] = _mm_blend_epi16(hgfe, badc, 0xf0);
    }
    for (std::size_t block = 0; block < blocks; ++block) {
        __m128i words[Streams][4], abef_before[Streams], cdgh_before[Streams];
        for (int n = 0; n < Streams; ++n) abef_before[n] = abef[n], cdgh_before[n] = cdgh[n];
#pragma GCC unroll 16
        for (int group = 0; group < 16; ++group) {
#pragma GCC unroll 3
            for (int n = 0; n < Streams; ++n) {
                auto& w = words[n];
                auto& now = w[group % 4];
                if (group < 4) now = _mm_shuffle_epi8(load(data[n] + 64 * block + 16 * static_cast<std::size_t>(group)), big_endian);
                else now = _mm_sha256msg2_epu32(_mm_add_epi32(_mm_sha256msg1_epu32(now, w[(group + 1) % 4]), _mm_alignr_epi8(w[(group + 3) % 4], w[(group + 2) % 4], 4)), w[(group + 3) % 4]);
                const __m128i input = _mm_add_epi32(now, load(k_constants + 4 * group));
                cdgh[n] = _mm_sha256rnds2_epu32(cdgh[n], abef[n], input);
                abef[n] = _mm_sha256rnds2_epu32(abef[n], cdgh[n], _mm_shuffle_epi32(input, 0x0e));
            }
        }
        for (int n = 0; n < Streams; ++n) abef[n] = _mm_add_epi32(abef[n], abef_before[n]), cdgh[n] = _mm_add_epi32(cdgh[n], cdgh_before[n]);
    }
    for (int n = 0; n < Streams; ++n) {
        const __m128i feba = _mm_shuffle_epi32(abef[n], 0x1b), dchg = _mm_shuffle_epi32(cdgh[n], 0xb1);
        store(states[n], _mm_blend_epi16(feba, dchg, 0xf0));
        store(states[n] + 4, _mm_alignr_epi8(dchg, feba, 8));
    }
}

[[gnu::always_inline]] inline __m128i sha1_rounds(__m128i abcd, __m128i e, int group) {
    switch (group / 5) {
        case 0: return _mm_sha1rnds4_epu32(abcd, e, 0);
        case 1: return _mm_sha1rnds4_epu32(abcd, e, 1);
        case 2: return _mm_sha1rnds4_epu32(abcd, e, 2);
        default: return _mm_sha1rnds4_epu32(abcd, e, 3);
    }
}

template <int Streams>
void sha1(std::uint32_t* const* states, const std::byte* const* data, std::size_t blocks) {
    const __m128i big_endian = _mm_set_epi64x(0x0001020304050607, 0x08090a0b0c0d0e0f);
    __m128i abcd[Streams], e[Streams];
    for (int n = 0; n < Streams; ++n) abcd[n] = _mm_shuffle_epi32(load(states[n]), 0x1b), e[n] = _mm_set_epi32(static_cast<int>(states[n][4]), 0, 0, 0);
    for (std::size_t block = 0; block < blocks; ++block) {
        __m128i words[Streams][4], abcd_before[Streams], e_before[Streams], last[Streams];  // last: abcd four rounds ago, of which e is made
        for (int n = 0; n < Streams; ++n) abcd_before[n] = abcd[n], e_before[n] = e[n], last[n] = abcd[n];
#pragma GCC unroll 20
        for (int group = 0; group < 20; ++group) {
#pragma GCC unroll 3
            for (int n = 0; n < Streams; ++n) {
                auto& w = words[n];
                auto& now = w[group % 4];
                if (group < 4) now = _mm_shuffle_epi8(load(data[n] + 64 * block + 16 * static_cast<std::size_t>(group)), big_endian);
                else now = _mm_sha1msg2_epu32(_mm_xor_si128(_mm_sha1msg1_epu32(now, w[(group + 1) % 4]), w[(group + 2) % 4]), w[(group + 3) % 4]);
                const __m128i input = group == 0 ? _mm_add_epi32(e[n], now) : _mm_sha1nexte_epu32(last[n], now);
                last[n] = abcd[n];
                abcd[n] = sha1_rounds(abcd[n], input, group);
            }
        }
        for (int n = 0; n < Streams; ++n) e[n] = _mm_sha1nexte_epu32(last[n], e_before[n]), abcd[n] = _mm_add_epi32(abcd[n], abcd_before[n]);
    }
    for (int n = 0; n < Streams; ++n) {
        store(states[n], _mm_shuffle_epi32(abcd[n], 0x1b));
        states[n][4] = static_cast<std::uint32_t>(_mm_extract_epi32(e[n], 3));
    }
}

}  // namespace

void sha1_streams(std::size_t streams, std::uint32_t* const* states, const std::byte* const* data, std::size_t blocks) {
    if (streams == 1) sha1<1>(states, data, blocks);
    else if (streams == 2) sha1<2>(states, data, blocks);
    else sha1<3>(states, data, blocks);
}

void sha256_streams(std::size_t streams, std::uint32_t* const* states, const std::byte* const* data, std::size_t blocks) {
    if (streams == 1) sha256<1>(states, data, blocks);
    else if (streams == 2) sha256<2>(states, data, blocks);
    else sha256<3>(states, data, blocks);
}

}  // namespace deadbox::codec
