#include "image/ext/checksum.hpp"

#include <array>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace deadbox::image::ext {
namespace {

// Eight tables, so that eight bytes are folded in at once.
using Tables = std::array<std::array<std::uint32_t, 256>, 8>;

constexpr Tables make_castagnoli() {
    Tables tables{};
    for (std::uint32_t i = 0; i < 256; ++i) {
        std::uint32_t value = i;
        for (int bit = 0; bit < 8; ++bit) value = value >> 1 ^ (value & 1 ? 0x82F63B78u : 0);
        tables[0][i] = value;
    }
    for (std::size_t t = 1; t < 8; ++t)
        for (std::size_t i = 0; i < 256; ++i) tables[t][i] = tables[t - 1][i] >> 8 ^ tables[0][tables[t - 1][i] & 0xff];
    return tables;
}

constexpr std::array<std::uint32_t, 256> make_big_endian() {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < 256; ++i) {
        std::uint32_t value = i << 24;
        for (int bit = 0; bit < 8; ++bit) value = value << 1 ^ (value & 0x80000000u ? 0x04C11DB7u : 0);
        table[i] = value;
    }
    return table;
}

constexpr std::array<std::uint16_t, 256> make_crc16() {
    std::array<std::uint16_t, 256> table{};
    for (std::uint32_t i = 0; i < 256; ++i) {
        std::uint32_t value = i;
        for (int bit = 0; bit < 8; ++bit) value = value >> 1 ^ (value & 1 ? 0xA001u : 0);
        table[i] = static_cast<std::uint16_t>(value);
    }
    return table;
}

constexpr Tables k_castagnoli = make_castagnoli();
constexpr auto k_big_endian = make_big_endian();
constexpr auto k_crc16 = make_crc16();

std::uint32_t byte_of(std::byte byte) { return std::to_integer<std::uint32_t>(byte); }

#if defined(__x86_64__)
// The processor's own instruction. Its data is loaded by hand: no inline function may get this code.
[[gnu::target("sse4.2")]] std::uint32_t crc32c_by_instruction(std::uint32_t seed, const std::byte* data, std::size_t size) {
    std::uint64_t crc = seed;
    for (; size >= 8; data += 8, size -= 8) {
        std::uint64_t word = 0;
        __builtin_memcpy(&word, data, 8);
        crc = _mm_crc32_u64(crc, word);
    }
    for (; size > 0; ++data, --size) crc = _mm_crc32_u8(static_cast<std::uint32_t>(crc), static_cast<unsigned char>(*data));
    return static_cast<std::uint32_t>(crc);
}
#endif

}  // namespace

std::uint32_t crc32c(std::uint32_t seed, base::ByteView bytes, [[maybe_unused]] bool portable) {
#if defined(__x86_64__)
    static const bool k_instruction = __builtin_cpu_supports("sse4.2") != 0;
    if (k_instruction && !portable) return crc32c_by_instruction(seed, bytes.data(), bytes.size());
#endif
    std::uint32_t crc = seed;
    std::size_t at = 0;
    for (; bytes.size() - at >= 8; at += 8) {
        const std::uint64_t word = base::load_le64(bytes, at) ^ crc;
        crc = 0;
        for (std::size_t i = 0; i < 8; ++i) crc ^= k_castagnoli[7 - i][word >> (8 * i) & 0xff];
    }
    for (; at < bytes.size(); ++at) crc = crc >> 8 ^ k_castagnoli[0][(crc ^ byte_of(bytes[at])) & 0xff];
    return crc;
}

std::uint32_t crc32_be(std::uint32_t seed, base::ByteView bytes) {
    std::uint32_t crc = seed;
    for (const auto byte : bytes) crc = crc << 8 ^ k_big_endian[(crc >> 24 ^ byte_of(byte)) & 0xff];
    return crc;
}

std::uint16_t crc16(std::uint16_t seed, base::ByteView bytes) {
    std::uint32_t crc = seed;
    for (const auto byte : bytes) crc = crc >> 8 ^ k_crc16[(crc ^ byte_of(byte)) & 0xff];
    return static_cast<std::uint16_t>(crc);
}

std::uint32_t crc32c_le32(std::uint32_t seed, std::uint32_t value) {
    const std::array<std::byte, 4> bytes{std::byte(value & 0xff), std::byte(value >> 8 & 0xff), std::byte(value >> 16 & 0xff),
                                         std::byte(value >> 24)};
    return crc32c(seed, bytes);
}

}  // namespace deadbox::image::ext
