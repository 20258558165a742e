// gzip, xz, zstd and bzip2 undone while reading from the start to the end, in constant memory.
#pragma once

#include <cstdint>
#include <memory>

#include "base/byte_source.hpp"

namespace deadbox::codec {

enum class Compression : std::uint8_t { none, gzip, xz, zstd, bzip2 };

// By the magic at the front of `head` (6 bytes suffice).
Compression recognize_compression(base::ByteView head);

// A stream: one pass, one thread. What can be decompressed comes first, an error after it: Errc::truncated where the
// input ends early, Errc::corrupt where it contradicts its format, Errc::limit at the cap. After an error or the end,
// read() answers the same again.
class DecompressingStream {
public:
    virtual ~DecompressingStream() = default;
    // Fills `out`; short only before the end or an error; 0 at the end.
    virtual base::Result<std::size_t> read(base::Bytes out) = 0;
};

// Output bytes after which a stream of `input` compressed bytes ends with Errc::limit: 4 GiB or 200 times the input,
// whichever is less, but never less than 16 MiB (a small log of equal lines shrinks further than 200 times).
std::uint64_t decompression_cap(std::uint64_t input);

// All members, streams or frames of `source`, one behind the other, by its magic; uncompressed bytes pass through as
// they are, without a cap. Zeros and foreign bytes behind the last member end the data. `source` must outlive the stream.
std::unique_ptr<DecompressingStream> decompress(const base::ByteSource& source);

}  // namespace deadbox::codec
