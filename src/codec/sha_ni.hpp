#pragma once

#include <cstddef>
#include <cstdint>

namespace deadbox::codec {

// Take `blocks` blocks of each of one to three streams into their states. Only where the processor has the instructions.
void sha1_streams(std::size_t streams, std::uint32_t* const* states, const std::byte* const* data, std::size_t blocks);
void sha256_streams(std::size_t streams, std::uint32_t* const* states, const std::byte* const* data, std::size_t blocks);

}  // namespace deadbox::codec
