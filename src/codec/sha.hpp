// SHA-1 and SHA-256 (FIPS 180-4) as a compression of whole blocks, by the processor's own instructions: several streams of
// them side by side take little longer than one. Where there are none, OpenSSL's code for one stream is the fastest.
#pragma once

#include <array>

#include "codec/lanes.hpp"

namespace deadbox::codec {

using Sha1State = std::array<std::uint32_t, 5>;
using Sha256State = std::array<std::uint32_t, 8>;
inline constexpr Sha1State k_sha1_start{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
inline constexpr Sha256State k_sha256_start{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

bool has_sha_instructions();
// Take in every run; only where there are instructions. States must differ from each other.
void sha1_compress(std::span<BlockRun> runs);
void sha256_compress(std::span<BlockRun> runs);

}  // namespace deadbox::codec
