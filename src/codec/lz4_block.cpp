// block    := sequence*                       the last sequence ends behind its literals
// sequence := token literals-length* literal* offset(u16 le) match-length*
// token    := high nibble: number of literals, low nibble: length of the match less 4; 15: bytes follow, each added, until
//             one is below 255
#include "codec/lz4_block.hpp"

#include "base/byte_cursor.hpp"

namespace deadbox::codec {
namespace {

constexpr std::size_t k_least_match = 4, k_long = 15, k_more = 255;

std::size_t length_of(base::ByteCursor& in, std::size_t nibble) {
    std::size_t length = nibble;
    if (nibble < k_long) return length;
    for (;;) {
        const std::size_t more = in.u8();
        length += more;
        if (more < k_more || !in.ok()) return length;
    }
}

}  // namespace

base::Result<std::vector<std::byte>> decompress_lz4_block(base::ByteView block, std::size_t size) {
    std::vector<std::byte> out;
    base::ByteCursor in(block);
    while (in.left() > 0) {
        const std::size_t token = in.u8();
        const auto literals = in.take(length_of(in, token >> 4));
        if (!in.ok()) return base::fail(base::Errc::truncated, "an LZ4 block ends inside its literals");
        if (literals.size() > size - out.size()) return base::fail(base::Errc::limit, "an LZ4 block holds more than it says");
        out.insert(out.end(), literals.begin(), literals.end());
        if (in.left() == 0) break;
        const std::size_t offset = in.le16(), match = length_of(in, token & k_long) + k_least_match;
        if (!in.ok()) return base::fail(base::Errc::truncated, "an LZ4 block ends inside a match");
        if (offset == 0 || offset > out.size()) return base::fail(base::Errc::corrupt, "an LZ4 block refers to what is before it");
        if (match > size - out.size()) return base::fail(base::Errc::limit, "an LZ4 block holds more than it says");
        for (std::size_t i = 0; i < match; ++i) out.push_back(out[out.size() - offset]);
    }
    return out;
}

}  // namespace deadbox::codec
