// Sixteen streams of MD5 in the sixteen words of an AVX-512 register, which turns and combines three words in one step.
// Compiled for AVX-512F: nothing here may run before md5.cpp has asked the processor, and no inline function of a library may
// be used, since its code could be taken by others.
#include "codec/md5_avx512.hpp"

#include <immintrin.h>

#include "codec/md5_rounds.hpp"

namespace deadbox::codec {
namespace {

// A combination of three words is the column of its truth table, for b, c, d from 000 to 111.
struct SixteenWords {
    using Word = __m512i;
    [[gnu::always_inline]] static Word all(std::uint32_t value) { return _mm512_set1_epi32(static_cast<int>(value)); }
    [[gnu::always_inline]] static Word add(Word a, Word b) { return _mm512_add_epi32(a, b); }
    [[gnu::always_inline]] static Word choose(Word b, Word c, Word d) { return _mm512_ternarylogic_epi32(b, c, d, 0xca); }
    [[gnu::always_inline]] static Word add_second(Word a, Word b, Word c, Word d) { return add(a, _mm512_ternarylogic_epi32(d, b, c, 0xca)); }
    [[gnu::always_inline]] static Word parity(Word b, Word c, Word d) { return _mm512_ternarylogic_epi32(b, c, d, 0x96); }
    [[gnu::always_inline]] static Word third(Word b, Word c, Word d) { return _mm512_ternarylogic_epi32(b, c, d, 0x39); }
    template <int Bits>
    [[gnu::always_inline]] static Word turn(Word a) { return _mm512_rol_epi32(a, Bits); }
};

// Rows become columns: word i of each of sixteen streams stands in out[i].
[[gnu::always_inline]] inline void transpose(const __m512i* in, __m512i* out) {
    __m512i pairs[16], fours[16], eights[16];
    for (int i = 0; i < 16; i += 2) {
        pairs[i] = _mm512_unpacklo_epi32(in[i], in[i + 1]);
        pairs[i + 1] = _mm512_unpackhi_epi32(in[i], in[i + 1]);
    }
    // fours[4g + k]: word k of each of the four quarters, of streams 4g to 4g + 3
    for (int i = 0; i < 16; i += 4) {
        fours[i] = _mm512_unpacklo_epi64(pairs[i], pairs[i + 2]);
        fours[i + 1] = _mm512_unpackhi_epi64(pairs[i], pairs[i + 2]);
        fours[i + 2] = _mm512_unpacklo_epi64(pairs[i + 1], pairs[i + 3]);
        fours[i + 3] = _mm512_unpackhi_epi64(pairs[i + 1], pairs[i + 3]);
    }
    for (int k = 0; k < 4; ++k) {
        eights[k] = _mm512_shuffle_i32x4(fours[k], fours[4 + k], 0x88);           // quarters 0 and 2 of the first eight streams
        eights[4 + k] = _mm512_shuffle_i32x4(fours[8 + k], fours[12 + k], 0x88);  // of the others
        eights[8 + k] = _mm512_shuffle_i32x4(fours[k], fours[4 + k], 0xdd);       // quarters 1 and 3
        eights[12 + k] = _mm512_shuffle_i32x4(fours[8 + k], fours[12 + k], 0xdd);
    }
    for (int k = 0; k < 4; ++k) {
        out[k] = _mm512_shuffle_i32x4(eights[k], eights[4 + k], 0x88);
        out[8 + k] = _mm512_shuffle_i32x4(eights[k], eights[4 + k], 0xdd);
        out[4 + k] = _mm512_shuffle_i32x4(eights[8 + k], eights[12 + k], 0x88);
        out[12 + k] = _mm512_shuffle_i32x4(eights[8 + k], eights[12 + k], 0xdd);
    }
}

[[gnu::always_inline]] inline __m512i load(const void* from) { return _mm512_loadu_si512(from); }

}  // namespace

void md5_sixteen_streams(std::uint32_t (*state)[16], const std::byte* const* data, std::size_t blocks) {
    __m512i a = load(state[0]), b = load(state[1]), c = load(state[2]), d = load(state[3]);
    for (std::size_t block = 0; block < blocks; ++block) {
        __m512i rows[16], words[16];
        for (int lane = 0; lane < 16; ++lane) rows[lane] = load(data[lane] + 64 * block);
        transpose(rows, words);
        const __m512i before[] = {a, b, c, d};
        md5_steps<SixteenWords, 0>(a, b, c, d, words);
        a = _mm512_add_epi32(a, before[0]), b = _mm512_add_epi32(b, before[1]), c = _mm512_add_epi32(c, before[2]), d = _mm512_add_epi32(d, before[3]);
    }
    const __m512i after[] = {a, b, c, d};
    for (int i = 0; i < 4; ++i) _mm512_storeu_si512(state[i], after[i]);
}

}  // namespace deadbox::codec
