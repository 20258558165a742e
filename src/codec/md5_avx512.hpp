#pragma once

#include <cstddef>
#include <cstdint>

namespace deadbox::codec {

// state[word][lane], data[lane]: takes `blocks` blocks of each of sixteen lanes in. Only where the processor has AVX-512F.
void md5_sixteen_streams(std::uint32_t (*state)[16], const std::byte* const* data, std::size_t blocks);

}  // namespace deadbox::codec
