// Reads fields one after the other out of hostile bytes. The first read past the end makes the cursor fail for good:
// that read and every later one give zero or an empty view, and ok() is false. Check ok() before believing a record.
#pragma once

#include "base/bytes.hpp"

namespace deadbox::base {

class ByteCursor {
public:
    explicit ByteCursor(ByteView bytes, std::size_t offset = 0) : m_bytes(bytes), m_offset(offset) {
        if (offset > bytes.size()) m_failed = true;
    }

    bool ok() const { return !m_failed; }
    std::size_t offset() const { return m_offset; }
    std::size_t left() const { return m_failed ? 0 : m_bytes.size() - m_offset; }

    std::uint8_t u8() { return load_u8(take(1), 0); }
    std::uint16_t le16() { return load_le16(take(2), 0); }
    std::uint32_t le32() { return load_le32(take(4), 0); }
    std::uint64_t le64() { return load_le64(take(8), 0); }
    std::uint16_t be16() { return load_be16(take(2), 0); }
    std::uint32_t be32() { return load_be32(take(4), 0); }
    std::uint64_t be64() { return load_be64(take(8), 0); }
    void skip(std::size_t count) { take(count); }

    // The next `count` bytes; empty and failed where fewer are left.
    ByteView take(std::size_t count) {
        if (m_failed || count > m_bytes.size() - m_offset) {
            m_failed = true;
            return {};
        }
        const auto view = m_bytes.subspan(m_offset, count);
        m_offset += count;
        return view;
    }

private:
    ByteView m_bytes;
    std::size_t m_offset;
    bool m_failed = false;
};

}  // namespace deadbox::base
