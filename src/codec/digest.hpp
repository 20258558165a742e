// MD5, SHA-1 and SHA-256 of many files at once: the pieces of one update are taken in side by side (codec/lanes.hpp), so an
// update of several files' pieces costs much less than one of each.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace deadbox::codec {

struct Digests {
    std::array<std::byte, 16> md5{};
    std::array<std::byte, 20> sha1{};
    std::array<std::byte, 32> sha256{};
};

// Use from one thread. Make one before the lock-down and keep it: the algorithms are fetched then.
class Digester {
public:
    using Slot = std::size_t;
    struct Piece {
        Slot slot = 0;
        base::ByteView bytes;
    };

    explicit Digester(std::size_t files);
    ~Digester();
    Digester(const Digester&) = delete;

    std::size_t capacity() const;
    void begin(Slot slot);
    // At most one piece of each slot.
    void update(std::span<const Piece> pieces);
    Digests finish(Slot slot);

private:
    struct Implementation;
    std::unique_ptr<Implementation> m_implementation;
};

// One SHA-256, for identities, chains and the media.
class Sha256 {
public:
    using Value = std::array<std::byte, 32>;
    Sha256();
    ~Sha256();
    Sha256(const Sha256&) = delete;
    void update(base::ByteView bytes);
    void update(std::string_view text) { update(base::as_bytes(text)); }
    Value finish();  // and starts anew
    static Value of(base::ByteView bytes);

private:
    struct Implementation;
    std::unique_ptr<Implementation> m_implementation;
};

}  // namespace deadbox::codec
