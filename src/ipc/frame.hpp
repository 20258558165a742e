// Messages between the engine and the worker: u32 little-endian length, then one CBOR array (RFC 8949) of unsigned and
// negative integers, byte and text strings, floats and null, nothing nested and no indefinite lengths. The first value
// is the message's kind. A peer is not trusted: a length over k_longest, or CBOR of another shape, ends the connection.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "base/gap.hpp"
#include "base/result.hpp"
#include "base/timestamp.hpp"

namespace deadbox::ipc {

inline constexpr std::size_t k_longest = 8u << 20;
inline constexpr std::size_t k_most_values = 200'000;

// Views into the frame that they came in. Text strings are raw bytes.
using Value = std::variant<std::monostate, std::int64_t, double, std::string_view, base::ByteView>;

// Builds one message.
class Encoder {
public:
    explicit Encoder(std::uint8_t kind);
    template <std::integral T>
    Encoder& put(T value) { return put_integer(static_cast<std::int64_t>(value)); }
    Encoder& put(double value);
    Encoder& put(std::string_view text);
    Encoder& put(const char* text) { return put(std::string_view(text)); }
    Encoder& put(const std::string& text) { return put(std::string_view(text)); }
    Encoder& put(base::ByteView bytes);
    Encoder& put_time(const std::optional<base::Timestamp>& time);  // two values
    Encoder& put_null();
    Encoder& put_value(const Value& value);
    // The frame, length first; valid until more is put or the encoder ends.
    const std::string& finish();

private:
    Encoder& put_integer(std::int64_t value);
    void head(std::uint8_t major, std::uint64_t value);
    std::string m_frame;  // behind room for the heads, which finish() knows
    std::size_t m_count = 0;
};

// A message that came in. Reading past the end, or a value of another type, gives zero, "" or null and ok() false.
class Message {
public:
    // `frame` without its length; it must outlive the message.
    static base::Result<Message> decode(base::ByteView frame);
    std::uint8_t kind() const { return m_kind; }
    std::int64_t integer();
    std::uint64_t natural() { return static_cast<std::uint64_t>(integer()); }
    std::string_view text();
    base::ByteView bytes();
    std::optional<base::Timestamp> time();
    Value value();
    bool at_end() const { return m_next >= m_values.size(); }
    std::size_t left() const { return m_values.size() - m_next; }
    bool ok() const { return m_ok; }

private:
    std::vector<Value> m_values;
    std::size_t m_next = 1;
    std::uint8_t m_kind = 0;
    bool m_ok = true;
};

// What a gap reply holds, in the order of the protocol; believe it where the message is still ok(). An unknown level
// becomes the nearest one.
struct GapReply {
    std::int64_t inode = 0;  // row id, 0 for none
    base::Gap gap;
};
GapReply take_gap(Message& message);

// Cuts frames out of bytes as they arrive.
class FrameBuffer {
public:
    void add(base::ByteView bytes) { m_bytes.insert(m_bytes.end(), bytes.begin(), bytes.end()); }
    // The next whole frame without its length; nothing when more bytes are needed. Valid until the next call.
    base::Result<std::optional<base::ByteView>> next();
    std::size_t size() const { return m_bytes.size() - m_start; }

private:
    std::vector<std::byte> m_bytes;
    std::size_t m_start = 0;
};

// Frames that wait, in the order in which they came. They lie in chunks: what waits is never moved, and what was taken is given back.
class FrameQueue {
public:
    void add(base::ByteView frame);
    // Nothing where none waits. Valid until the next call.
    std::optional<base::ByteView> next();
    std::size_t size() const { return m_size; }  // bytes that wait

private:
    static constexpr std::size_t k_chunk = 64u << 10;
    std::deque<std::vector<std::byte>> m_chunks;
    std::size_t m_start = 0, m_size = 0;
};

}  // namespace deadbox::ipc
