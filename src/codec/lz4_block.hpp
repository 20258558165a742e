// One LZ4 block (lz4_Block_format.md), as systemd's journals hold them: no frame, no checksum.
#pragma once

#include <cstddef>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace deadbox::codec {

// At most `size` bytes come out, which callers bound. Errc::truncated, Errc::corrupt where the block is damaged; Errc::limit
// where it holds more than `size`.
base::Result<std::vector<std::byte>> decompress_lz4_block(base::ByteView block, std::size_t size);

}  // namespace deadbox::codec
