// MD5 (RFC 1321) as a compression of whole blocks.
#pragma once

#include <array>

#include "codec/lanes.hpp"

namespace deadbox::codec {

using Md5State = std::array<std::uint32_t, 4>;
inline constexpr Md5State k_md5_start{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};

// Takes in every run. States must differ from each other. The fastest way that the processor has is found at run time;
// the others are for tests, which may ask for what md5_has().
bool md5_has(Lanes lanes);
void md5_compress(std::span<BlockRun> runs, Lanes lanes = Lanes::fastest);

}  // namespace deadbox::codec
