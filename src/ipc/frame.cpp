#include "ipc/frame.hpp"

#include <cbor.h>

#include <algorithm>
#include <array>
#include <bit>

namespace deadbox::ipc {
namespace {

// What the streaming decoder calls; anything that we do not use sets `bad`.
struct Collector {
    std::vector<Value>* values = nullptr;
    std::size_t array = 0, most = 0;  // values of the message; as many as its bytes can hold
    bool in_array = false, bad = false;

    void add(Value value) {
        if (!in_array || values->size() >= array) bad = true;
        else values->push_back(value);
    }
};

Collector& self(void* context) { return *static_cast<Collector*>(context); }

cbor_callbacks make_callbacks() {
    cbor_callbacks c = cbor_empty_callbacks;
    c.uint8 = [](void* x, std::uint8_t v) { self(x).add(std::int64_t{v}); };
    c.uint16 = [](void* x, std::uint16_t v) { self(x).add(std::int64_t{v}); };
    c.uint32 = [](void* x, std::uint32_t v) { self(x).add(std::int64_t{v}); };
    c.uint64 = [](void* x, std::uint64_t v) { self(x).add(static_cast<std::int64_t>(v)); };
    c.negint8 = [](void* x, std::uint8_t v) { self(x).add(-1 - std::int64_t{v}); };
    c.negint16 = [](void* x, std::uint16_t v) { self(x).add(-1 - std::int64_t{v}); };
    c.negint32 = [](void* x, std::uint32_t v) { self(x).add(-1 - std::int64_t{v}); };
    c.negint64 = [](void* x, std::uint64_t v) { self(x).add(static_cast<std::int64_t>(~v)); };
    c.float8 = [](void* x, double v) { self(x).add(v); };
    c.null = [](void* x) { self(x).add(std::monostate{}); };
    c.string = [](void* x, cbor_data data, std::size_t size) { self(x).add(std::string_view(reinterpret_cast<const char*>(data), size)); };
    c.byte_string = [](void* x, cbor_data data, std::size_t size) { self(x).add(base::ByteView(reinterpret_cast<const std::byte*>(data), size)); };
    c.array_start = [](void* x, std::size_t size) {
        auto& collector = self(x);
        if (collector.in_array || size > k_most_values) collector.bad = true;
        collector.in_array = true, collector.array = size;
        collector.values->reserve(std::min(size, collector.most));
    };
    const auto refuse = [](void* x) { self(x).bad = true; };
    const auto refuse_size = [](void* x, std::size_t) { self(x).bad = true; };
    c.map_start = refuse_size;
    c.indef_array_start = c.indef_map_start = c.string_start = c.byte_string_start = c.indef_break = c.undefined = refuse;
    c.tag = [](void* x, std::uint64_t) { self(x).bad = true; };
    c.float2 = c.float4 = [](void* x, float) { self(x).bad = true; };
    c.boolean = [](void* x, bool) { self(x).bad = true; };
    return c;
}

}  // namespace

Encoder::Encoder(std::uint8_t kind) {
    constexpr std::size_t k_heads = 4 + 5, k_usual = 320;
    m_frame.reserve(k_usual);
    m_frame.resize(k_heads);
    put(std::int64_t{kind});
}

void Encoder::head(std::uint8_t major, std::uint64_t value) {
    std::array<unsigned char, 9> bytes{};
    const auto type = static_cast<unsigned char>(major << 5);
    std::size_t width = 0;
    if (value < 24) bytes[0] = static_cast<unsigned char>(type | value);
    else if (value <= 0xff) bytes[0] = type | 24, width = 1;
    else if (value <= 0xffff) bytes[0] = type | 25, width = 2;
    else if (value <= 0xffffffff) bytes[0] = type | 26, width = 4;
    else bytes[0] = type | 27, width = 8;
    for (std::size_t i = 0; i < width; ++i) bytes[1 + i] = static_cast<unsigned char>(value >> (8 * (width - 1 - i)));
    m_frame.append(reinterpret_cast<const char*>(bytes.data()), 1 + width);
    ++m_count;
}

Encoder& Encoder::put_integer(std::int64_t value) {
    if (value >= 0) head(0, static_cast<std::uint64_t>(value));
    else head(1, ~static_cast<std::uint64_t>(value));
    return *this;
}
Encoder& Encoder::put(double value) {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    m_frame += static_cast<char>(0xfb);
    for (int i = 7; i >= 0; --i) m_frame += static_cast<char>(bits >> (8 * i));
    ++m_count;
    return *this;
}
Encoder& Encoder::put(std::string_view text) {
    head(3, text.size());
    m_frame += text;
    return *this;
}
Encoder& Encoder::put(base::ByteView bytes) {
    head(2, bytes.size());
    m_frame += base::as_text(bytes);
    return *this;
}
Encoder& Encoder::put_time(const std::optional<base::Timestamp>& time) {
    if (!time) return put_null().put_null();
    return put(time->seconds).put(time->nanoseconds);
}
Encoder& Encoder::put_null() {
    m_frame += static_cast<char>(0xf6);
    ++m_count;
    return *this;
}
Encoder& Encoder::put_value(const Value& value) {
    if (const auto* i = std::get_if<std::int64_t>(&value)) return put(*i);
    if (const auto* d = std::get_if<double>(&value)) return put(*d);
    if (const auto* s = std::get_if<std::string_view>(&value)) return put(*s);
    if (const auto* b = std::get_if<base::ByteView>(&value)) return put(*b);
    return put_null();
}

const std::string& Encoder::finish() {
    // The array's head always takes five bytes, so that it can stand before values that are counted later.
    const auto count = static_cast<std::uint32_t>(m_count);
    const auto length = static_cast<std::uint32_t>(m_frame.size() - 4);
    for (std::size_t i = 0; i < 4; ++i) m_frame[i] = static_cast<char>(length >> (8 * i));
    m_frame[4] = static_cast<char>(0x9a);
    for (std::size_t i = 0; i < 4; ++i) m_frame[5 + i] = static_cast<char>(count >> (8 * (3 - i)));
    return m_frame;
}

base::Result<Message> Message::decode(base::ByteView frame) {
    static const cbor_callbacks k_callbacks = make_callbacks();
    Message message;
    Collector collector;
    collector.values = &message.m_values;
    collector.most = frame.size();
    const auto* data = reinterpret_cast<cbor_data>(frame.data());
    for (std::size_t offset = 0; offset < frame.size();) {
        const auto result = cbor_stream_decode(data + offset, frame.size() - offset, &k_callbacks, &collector);
        if (result.status != CBOR_DECODER_FINISHED || collector.bad) return base::fail(base::Errc::corrupt, "a message is damaged", offset);
        offset += result.read;
    }
    const auto* kind = message.m_values.empty() ? nullptr : std::get_if<std::int64_t>(&message.m_values[0]);
    if (kind == nullptr || *kind < 0 || *kind > 255 || message.m_values.size() != collector.array)
        return base::fail(base::Errc::corrupt, "a message has no kind");
    message.m_kind = static_cast<std::uint8_t>(*kind);
    return message;
}

Value Message::value() {
    if (at_end()) {
        m_ok = false;
        return {};
    }
    return m_values[m_next++];
}
std::int64_t Message::integer() {
    const auto v = value();
    if (const auto* i = std::get_if<std::int64_t>(&v)) return *i;
    m_ok = false;
    return 0;
}
std::string_view Message::text() {
    const auto v = value();
    if (const auto* s = std::get_if<std::string_view>(&v)) return *s;
    m_ok = false;
    return {};
}
base::ByteView Message::bytes() {
    const auto v = value();
    if (const auto* b = std::get_if<base::ByteView>(&v)) return *b;
    m_ok = false;
    return {};
}
std::optional<base::Timestamp> Message::time() {
    const auto seconds = value(), nanoseconds = value();
    const auto* s = std::get_if<std::int64_t>(&seconds);
    const auto* n = std::get_if<std::int64_t>(&nanoseconds);
    if (s == nullptr || n == nullptr) return std::nullopt;
    return base::Timestamp{*s, static_cast<std::uint32_t>(*n)};
}

GapReply take_gap(Message& m) {
    GapReply reply;
    reply.inode = m.integer();
    reply.gap.level = static_cast<base::Gap::Level>(std::clamp<std::int64_t>(m.integer(), 0, 3));
    reply.gap.area = m.text(), reply.gap.reason = m.text(), reply.gap.path = m.text(), reply.gap.detail = m.text();
    return reply;
}

base::Result<std::optional<base::ByteView>> FrameBuffer::next() {
    if (m_start > (1u << 20)) {
        m_bytes.erase(m_bytes.begin(), m_bytes.begin() + static_cast<std::ptrdiff_t>(m_start));
        m_start = 0;
    }
    const auto left = base::ByteView(m_bytes).subspan(m_start);
    if (left.size() < 4) return std::nullopt;
    const auto length = base::load_le32(left, 0);
    if (length > k_longest) return base::fail(base::Errc::corrupt, "a message is too long");
    if (left.size() - 4 < length) return std::nullopt;
    m_start += 4 + length;
    return left.subspan(4, length);
}

void FrameQueue::add(base::ByteView frame) {
    const std::size_t needed = 4 + frame.size();
    if (m_chunks.empty() || m_chunks.back().capacity() - m_chunks.back().size() < needed) m_chunks.emplace_back().reserve(std::max(k_chunk, needed));
    auto& chunk = m_chunks.back();
    for (std::size_t i = 0; i < 4; ++i) chunk.push_back(static_cast<std::byte>(frame.size() >> (8 * i)));
    chunk.insert(chunk.end(), frame.begin(), frame.end());
    m_size += needed;
}

std::optional<base::ByteView> FrameQueue::next() {
    if (!m_chunks.empty() && m_start == m_chunks.front().size()) {
        m_chunks.pop_front();
        m_start = 0;
    }
    if (m_chunks.empty()) return std::nullopt;
    const auto left = base::ByteView(m_chunks.front()).subspan(m_start);
    const auto length = base::load_le32(left, 0);
    m_start += 4 + length, m_size -= 4 + length;
    return left.subspan(4, length);
}

}  // namespace deadbox::ipc
