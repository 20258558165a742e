// The 64 steps of MD5 over a kind of word: 32 bits, or a register of several words, one a stream. A kind says how it is
// added, turned and combined. Included by the files that each are compiled for one instruction set; all that is here is
// inlined there, so that no instruction of one set gets into another's code.
#pragma once

#include <cstdint>

namespace deadbox::codec {

// The sines' constants and turns of RFC 1321, four rounds of sixteen steps.
inline constexpr std::uint32_t k_md5_sines[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501, 0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122,
    0xfd987193, 0xa679438e, 0x49b40821, 0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8, 0x21e1cde6, 0xc33707d6,
    0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a, 0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60,
    0xbebfbc70, 0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665, 0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039,
    0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1, 0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391};

template <class Kind, int Step>
[[gnu::always_inline]] inline void md5_step(typename Kind::Word& a, typename Kind::Word b, typename Kind::Word c, typename Kind::Word d, const typename Kind::Word* words) {
    constexpr int k_turns[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
    constexpr int round = Step / 16;
    constexpr int word = round == 0 ? Step : round == 1 ? (5 * Step + 1) % 16 : round == 2 ? (3 * Step + 5) % 16 : 7 * Step % 16;
    a = Kind::add(a, Kind::add(words[word], Kind::all(k_md5_sines[Step])));
    if constexpr (round == 0) a = Kind::add(a, Kind::choose(b, c, d));
    else if constexpr (round == 1) a = Kind::add_second(a, b, c, d);
    else if constexpr (round == 2) a = Kind::add(a, Kind::parity(b, c, d));
    else a = Kind::add(a, Kind::third(b, c, d));
    a = Kind::add(Kind::template turn<k_turns[round][Step % 4]>(a), b);
}

template <class Kind, int Step>
[[gnu::always_inline]] inline void md5_steps(typename Kind::Word& a, typename Kind::Word& b, typename Kind::Word& c, typename Kind::Word& d, const typename Kind::Word* words) {
    md5_step<Kind, Step>(a, b, c, d, words);
    md5_step<Kind, Step + 1>(d, a, b, c, words);
    md5_step<Kind, Step + 2>(c, d, a, b, words);
    md5_step<Kind, Step + 3>(b, c, d, a, words);
    if constexpr (Step + 4 < 64) md5_steps<Kind, Step + 4>(a, b, c, d, words);
}

}  // namespace deadbox::codec
