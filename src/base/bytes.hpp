// Views of raw bytes. Evidence is bytes first: text is an interpretation of them.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

namespace deadbox::base {

using Bytes = std::span<std::byte>;
using ByteView = std::span<const std::byte>;

inline ByteView as_bytes(std::string_view text) { return std::as_bytes(std::span(text.data(), text.size())); }
inline std::string_view as_text(ByteView bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// An unsigned integer at `offset`. Where the bytes end before it does, 0: use it only on records whose size was
// checked before; ByteCursor is for everything else.
template <std::unsigned_integral T>
T load_le(ByteView bytes, std::size_t offset) {
    T value = 0;
    if (offset > bytes.size() || sizeof(T) > bytes.size() - offset) return value;
    std::memcpy(&value, bytes.data() + offset, sizeof(T));
    if constexpr (std::endian::native == std::endian::big && sizeof(T) > 1) {
        T swapped = 0;
        for (std::size_t i = 0; i < sizeof(T); ++i) swapped = static_cast<T>(swapped << 8 | ((value >> (8 * i)) & 0xff));
        value = swapped;
    }
    return value;
}
template <std::unsigned_integral T>
T load_be(ByteView bytes, std::size_t offset) {
    T value = 0;
    if (offset > bytes.size() || sizeof(T) > bytes.size() - offset) return value;
    for (std::size_t i = 0; i < sizeof(T); ++i)
        value = static_cast<T>(static_cast<std::uint64_t>(value) << 8 | std::to_integer<std::uint64_t>(bytes[offset + i]));
    return value;
}

inline std::uint8_t load_u8(ByteView b, std::size_t o) { return load_le<std::uint8_t>(b, o); }
inline std::uint16_t load_le16(ByteView b, std::size_t o) { return load_le<std::uint16_t>(b, o); }
inline std::uint32_t load_le32(ByteView b, std::size_t o) { return load_le<std::uint32_t>(b, o); }
inline std::uint64_t load_le64(ByteView b, std::size_t o) { return load_le<std::uint64_t>(b, o); }
inline std::uint16_t load_be16(ByteView b, std::size_t o) { return load_be<std::uint16_t>(b, o); }
inline std::uint32_t load_be32(ByteView b, std::size_t o) { return load_be<std::uint32_t>(b, o); }
inline std::uint64_t load_be64(ByteView b, std::size_t o) { return load_be<std::uint64_t>(b, o); }

}  // namespace deadbox::base
