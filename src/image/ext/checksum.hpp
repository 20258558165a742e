// The checksums of ext4 and its journal. None inverts its result: callers chain them through `seed`.
#pragma once

#include "base/bytes.hpp"

namespace deadbox::image::ext {

std::uint32_t crc32c(std::uint32_t seed, base::ByteView bytes, bool portable = false);  // Castagnoli, least significant bit first; portable: for tests
std::uint32_t crc32_be(std::uint32_t seed, base::ByteView bytes);   // 0x04C11DB7, most significant bit first
std::uint16_t crc16(std::uint16_t seed, base::ByteView bytes);      // 0x8005, least significant bit first

std::uint32_t crc32c_le32(std::uint32_t seed, std::uint32_t value);  // of the value's four little-endian bytes

// Whether a record that is only believed with its checksum may be. Fuzzing gets past it.
inline bool checksum_fits(std::uint32_t computed, std::uint32_t stored) {
#ifdef DEADBOX_FUZZING
    return computed == stored || stored != 0;
#else
    return computed == stored;
#endif
}

}  // namespace deadbox::image::ext
