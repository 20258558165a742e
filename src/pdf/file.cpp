#include "pdf/file.hpp"

#include <zlib.h>

#include <array>

#include <fmt/format.h>

#include "base/encoding.hpp"

namespace deadbox::pdf {
namespace {

constexpr std::size_t k_packed = 200;  // objects of one object stream

std::string deflated(std::string_view bytes) {
    uLongf length = compressBound(static_cast<uLong>(bytes.size()));
    std::string out(length, '\0');
    compress2(reinterpret_cast<Bytef*>(out.data()), &length, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uLong>(bytes.size()), 6);
    out.resize(length);
    return out;
}

}  // namespace

File::File(Write write) : m_write(write), m_digest(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
    EVP_DigestInit_ex(m_digest.get(), EVP_sha256(), nullptr);
    out("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n");
}

File::~File() = default;

void File::out(std::string_view bytes) {
    EVP_DigestUpdate(m_digest.get(), bytes.data(), bytes.size());
    m_size += bytes.size();
    m_write(bytes);
}

void File::put(ObjectId id, std::string_view body) {
    m_packed_table += fmt::format("{} {} ", id, m_packed.size());
    m_packed.append(body).append("\n");
    m_packed_ids.push_back(id);
    if (m_packed_ids.size() == k_packed) flush_packed();
}

void File::flush_packed() {
    if (m_packed_ids.empty()) return;
    const ObjectId holder = reserve();
    for (std::size_t i = 0; i < m_packed_ids.size(); ++i) m_places[static_cast<std::size_t>(m_packed_ids[i])] = {static_cast<std::uint64_t>(holder), static_cast<int>(i), true};
    const std::string entries = fmt::format("/Type /ObjStm /N {} /First {}", m_packed_ids.size(), m_packed_table.size());
    m_packed_ids.clear();
    stream(holder, entries, m_packed_table + m_packed);
    m_packed.clear(), m_packed_table.clear();
}

void File::stream(ObjectId id, std::string_view entries, std::string_view bytes) {
    m_places[static_cast<std::size_t>(id)] = {m_size, -1, false};
    const std::string data = deflated(bytes);
    out(fmt::format("{} 0 obj\n<< {} /Length {} /Filter /FlateDecode >>\nstream\n", id, entries, data.size()));
    out(data);
    out("\nendstream\nendobj\n");
}

void File::finish(ObjectId catalog, ObjectId information) {
    flush_packed();
    const ObjectId table = reserve();
    const std::uint64_t start = m_size;
    m_places[static_cast<std::size_t>(table)] = {start, -1, false};
    std::string rows;
    const auto big_endian = [&](std::uint64_t value, int bytes) {
        for (int i = bytes - 1; i >= 0; --i) rows += static_cast<char>(value >> (8 * i) & 0xff);
    };
    for (std::size_t i = 0; i < m_places.size(); ++i) {
        const Place& place = m_places[i];
        big_endian(i == 0 || (place.offset == 0 && !place.packed) ? 0 : place.packed ? 2 : 1, 1);
        big_endian(place.offset, 5);
        big_endian(i == 0 ? 65535 : static_cast<std::uint64_t>(std::max(place.index, 0)), 2);
    }
    std::array<std::byte, EVP_MAX_MD_SIZE> digest{};
    EVP_DigestFinal_ex(m_digest.get(), reinterpret_cast<unsigned char*>(digest.data()), nullptr);
    EVP_DigestInit_ex(m_digest.get(), EVP_sha256(), nullptr);
    const std::string identifier = base::to_hex(base::ByteView(digest).first(16));
    stream(table, fmt::format("/Type /XRef /Size {} /W [1 5 2] /Root {} /Info {} /ID [<{}> <{}>]", m_places.size(), reference(catalog), reference(information), identifier, identifier), rows);
    out(fmt::format("startxref\n{}\n%%EOF\n", start));
}

std::string reference(ObjectId id) { return fmt::format("{} 0 R", id); }

std::string number(double value) {
    std::string text = fmt::format("{:.3f}", value);
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
    return text == "-0" ? "0" : text;
}

std::string utf16_hex(std::string_view utf8) {
    std::string hex;
    for (std::size_t i = 0; i < utf8.size();) {
        const auto byte = [&](std::size_t n) { return i + n < utf8.size() ? static_cast<unsigned char>(utf8[i + n]) : 0u; };
        const std::uint32_t first = byte(0);
        const std::size_t length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
        std::uint32_t c = length == 1 ? first : first & (0xff >> (length + 1));
        for (std::size_t n = 1; n < length; ++n) c = c << 6 | (byte(n) & 0x3f);
        if (c < 0x10000) hex += fmt::format("{:04X}", c);
        else hex += fmt::format("{:04X}{:04X}", 0xd800 + ((c - 0x10000) >> 10 & 0x3ff), 0xdc00 + (c & 0x3ff));
        i += length;
    }
    return hex;
}

std::string text_string(std::string_view utf8) { return "<FEFF" + utf16_hex(utf8) + ">"; }

}  // namespace deadbox::pdf
