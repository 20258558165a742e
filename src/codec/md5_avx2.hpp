#pragma once

#include <cstddef>
#include <cstdint>

namespace deadbox::codec {

// state[word][lane], data[lane]: takes `blocks` blocks of each of eight lanes in. Only where the processor has AVX2.
void md5_eight_streams(std::uint32_t (*state)[8], const std::byte* const* data, std::size_t blocks);

}  // namespace deadbox::codec
