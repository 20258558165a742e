// Eight streams of MD5 in the eight words of an AVX2 register. Compiled for AVX2: nothing here may run before md5.cpp has
// asked the processor, and no inline function of a library may be used, since its code could be taken by others.
#include "codec/md5_avx2.hpp"

#include <immintrin.h>

#include "codec/md5_rounds.hpp"

namespace deadbox::codec {
namespace {

struct EightWords {
    using Word = __m256i;
    [[gnu::always_inline]] static Word all(std::uint32_t value) { return _mm256_set1_epi32(static_cast<int>(value)); }
    [[gnu::always_inline]] static Word add(Word a, Word b) { return _mm256_add_epi32(a, b); }
    [[gnu::always_inline]] static Word differ(Word a, Word b) { return _mm256_xor_si256(a, b); }
    [[gnu::always_inline]] static Word add_second(Word a, Word b, Word c, Word d) { return add(add(a, _mm256_andnot_si256(d, c)), _mm256_and_si256(b, d)); }
    [[gnu::always_inline]] static Word parity(Word b, Word c, Word d) { return differ(b, differ(c, d)); }
    [[gnu::always_inline]] static Word choose(Word which, Word a, Word b) { return differ(b, _mm256_and_si256(which, differ(a, b))); }
    [[gnu::always_inline]] static Word third(Word b, Word c, Word d) { return differ(c, _mm256_or_si256(b, differ(d, all(0xffffffff)))); }
    template <int Bits>
    [[gnu::always_inline]] static Word turn(Word a) { return _mm256_or_si256(_mm256_slli_epi32(a, Bits), _mm256_srli_epi32(a, 32 - Bits)); }
};

// Rows become columns: word i of each of eight streams stands in out[i].
[[gnu::always_inline]] inline void transpose(const __m256i* in, __m256i* out) {
    __m256i pairs[8], fours[8];
    for (int i = 0; i < 8; i += 2) {
        pairs[i] = _mm256_unpacklo_epi32(in[i], in[i + 1]);
        pairs[i + 1] = _mm256_unpackhi_epi32(in[i], in[i + 1]);
    }
    for (int i = 0; i < 8; i += 4) {
        fours[i] = _mm256_unpacklo_epi64(pairs[i], pairs[i + 2]);
        fours[i + 1] = _mm256_unpackhi_epi64(pairs[i], pairs[i + 2]);
        fours[i + 2] = _mm256_unpacklo_epi64(pairs[i + 1], pairs[i + 3]);
        fours[i + 3] = _mm256_unpackhi_epi64(pairs[i + 1], pairs[i + 3]);
    }
    for (int i = 0; i < 4; ++i) {
        out[i] = _mm256_permute2x128_si256(fours[i], fours[i + 4], 0x20);
        out[i + 4] = _mm256_permute2x128_si256(fours[i], fours[i + 4], 0x31);
    }
}

[[gnu::always_inline]] inline __m256i load(const void* from) { return _mm256_loadu_si256(static_cast<const __m256i*>(from)); }

}  // namespace

void md5_eight_streams(std::uint32_t (*state)[8], const std::byte* const* data, std::size_t blocks) {
    __m256i a = load(state[0]), b = load(state[1]), c = load(state[2]), d = load(state[3]);
    for (std::size_t block = 0; block < blocks; ++block) {
        __m256i rows[8], words[16];
        for (int half = 0; half < 2; ++half) {
            for (int lane = 0; lane < 8; ++lane) rows[lane] = load(data[lane] + 64 * block + 32 * static_cast<std::size_t>(half));
            transpose(rows, words + 8 * half);
        }
        const __m256i before[] = {a, b, c, d};
        md5_steps<EightWords, 0>(a, b, c, d, words);
        a = _mm256_add_epi32(a, before[0]), b = _mm256_add_epi32(b, before[1]), c = _mm256_add_epi32(c, before[2]), d = _mm256_add_epi32(d, before[3]);
    }
    const __m256i after[] = {a, b, c, d};
    for (int i = 0; i < 4; ++i) _mm256_storeu_si256(reinterpret_cast<__m256i*>(state[i]), after[i]);
}

}  // namespace deadbox::codec
