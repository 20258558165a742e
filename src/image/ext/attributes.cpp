// In the inode: magic u32, then entries; value offsets count from the first entry. In a block: magic u32, references u32,
// blocks u32, hash u32, checksum u32, 12 unused bytes, then entries; value offsets count from the block's start.
//   entry: name length u8 | prefix u8 | value offset u16 | value inode u32 | value size u32 | hash u32 | name, padded to 4
// Four zero bytes end the entries.
#include "image/ext/attributes.hpp"

#include <algorithm>

#include "image/ext/block_map.hpp"
#include "image/ext/checksum.hpp"
#include "image/ext/content.hpp"

namespace deadbox::image::ext {
namespace {

using base::load_le16;
using base::load_le32;
using base::load_u8;

constexpr std::uint32_t k_attribute_magic = 0xEA020000;
constexpr std::size_t k_attribute_entry = 16, k_block_header = 32;
constexpr std::uint8_t k_system = 7;
constexpr std::uint64_t k_most_value = 1u << 20, k_most_values = 4u << 20;  // bytes: of one value, of an inode's values
constexpr std::string_view k_damaged = "extended attributes are damaged";

// nullopt: not shown by getxattr (encryption contexts), or unknown.
std::optional<std::string_view> prefix_of(unsigned index) {
    switch (index) {
        case 1: return "user.";
        case 2: return "system.posix_acl_access";
        case 3: return "system.posix_acl_default";
        case 4: return "trusted.";
        case 6: return "security.";
        case k_system: return "system.";
        case 8: return "system.richacl";
        case 10: return "gnu.";
        default: return std::nullopt;
    }
}

struct Stored {
    unsigned prefix = 0;
    std::string_view name;
    std::uint64_t value_offset = 0, value_size = 0;
    std::uint32_t value_inode = 0;
};

// The entries in `area`; false where they run into its end.
template <class Visit>
bool each_entry(base::ByteView area, Visit&& visit) {
    std::size_t at = 0;
    while (area.size() - at >= 4 && load_le32(area, at) != 0) {
        if (area.size() - at < k_attribute_entry) return false;
        Stored entry;
        const std::size_t name_length = load_u8(area, at);
        entry.prefix = load_u8(area, at + 1);
        entry.value_offset = load_le16(area, at + 2);
        entry.value_inode = load_le32(area, at + 4);
        entry.value_size = load_le32(area, at + 8);
        if (name_length > area.size() - at - k_attribute_entry) return false;
        entry.name = base::as_text(area.subspan(at + k_attribute_entry, name_length));
        visit(entry);
        at = std::min(area.size(), at + (k_attribute_entry + name_length + 3) / 4 * 4);
    }
    return true;
}

// The entries behind an inode's fields, from the first one on.
base::ByteView in_inode(const InodeRecord& inode) {
    const auto bytes = inode.view();
    const std::size_t at = 128 + inode.extra_size();
    if (inode.extra_size() == 0 || bytes.size() < at + 8 || load_le32(bytes, at) != k_attribute_magic) return {};
    return bytes.subspan(at + 4);
}

class Reader {
public:
    Reader(const ExtVolume& volume, const InodeRecord& inode, std::vector<ExtendedAttribute>& out)
        : m_volume(volume), m_number(inode.number), m_out(out) {}

    void read(base::ByteView entries, base::ByteView values) {
        const bool whole = each_entry(entries, [&](const Stored& entry) { one(entry, values); });
        if (!whole) damaged();
    }

private:
    void damaged() { m_volume.report(base::Gap::Level::gap, k_damaged, m_number); }

    void one(const Stored& entry, base::ByteView values) {
        const auto prefix = prefix_of(entry.prefix);
        if (!prefix || (entry.prefix == k_system && entry.name == "data")) return;
        const bool list = entry.prefix == 2 || entry.prefix == 3;
        ExtendedAttribute attribute{list ? std::string(*prefix) : std::string(*prefix) + std::string(entry.name), {}};
        for (const auto& other : m_out)
            if (other.name == attribute.name) return;  // the first one counts
        if (!value_of(entry, values, attribute.value)) return damaged();
        if (list) {
            auto external = external_acl(base::as_bytes(attribute.value));
            if (external) attribute.value = *std::move(external); else damaged();
        }
        m_out.push_back(std::move(attribute));
    }

    bool value_of(const Stored& entry, base::ByteView values, std::string& value) {
        if (entry.value_size > k_most_value || entry.value_size > k_most_values - m_taken) return false;
        m_taken += entry.value_size;
        if (entry.value_inode == 0) {
            if (entry.value_offset > values.size() || entry.value_size > values.size() - entry.value_offset) return false;
            value = base::as_text(values.subspan(entry.value_offset, entry.value_size));
            return true;
        }
        InodeRecord holder;
        if (!m_volume.valid_inode(entry.value_inode) || !m_volume.read_inode(entry.value_inode, holder)) return false;
        if (!holder.has(inode_flag::ea_inode) || holder.type() != FileType::file) return false;
        value.resize(entry.value_size);
        const BlockMap map(m_volume, holder);
        return read_mapped(m_volume, map, 0, std::as_writable_bytes(std::span(value))).has_value();
    }

    const ExtVolume& m_volume;
    std::uint64_t m_number;
    std::vector<ExtendedAttribute>& m_out;
    std::uint64_t m_taken = 0;
};

bool block_checksum_ok(const Superblock& super, std::uint64_t number, base::ByteView block) {
    static constexpr std::array<std::byte, 4> zeros{};
    std::uint32_t crc = crc32c_le32(super.checksum_seed, static_cast<std::uint32_t>(number));
    crc = crc32c_le32(crc, static_cast<std::uint32_t>(number >> 32));
    crc = crc32c(crc, block.first(16));
    crc = crc32c(crc, zeros);
    return crc32c(crc, block.subspan(20)) == load_le32(block, 16);
}

}  // namespace

std::optional<InlineTail> find_inline_tail(const InodeRecord& inode) {
    const auto area = in_inode(inode);
    std::optional<InlineTail> found;
    each_entry(area, [&](const Stored& entry) {
        if (entry.prefix != k_system || entry.name != "data" || entry.value_inode != 0) return;
        if (entry.value_offset > area.size() || entry.value_size > area.size() - entry.value_offset) return;
        found = InlineTail{inode.bytes.size() - area.size() + entry.value_offset, entry.value_size};
    });
    return found;
}

std::optional<std::string> external_acl(base::ByteView stored) {
    // version 1 u32, then tag u16, permissions u16 and, for named users and groups only, id u32
    constexpr unsigned k_user = 2, k_group = 8;
    if (stored.size() < 4 || load_le32(stored, 0) != 1) return std::nullopt;
    std::string out("\2\0\0\0", 4);
    std::size_t at = 4;
    while (at < stored.size()) {
        if (stored.size() - at < 4) return std::nullopt;
        const unsigned tag = load_le16(stored, at);
        out += base::as_text(stored.subspan(at, 4));
        at += 4;
        if (tag != k_user && tag != k_group) {
            out.append(4, '\xff');
        } else if (stored.size() - at >= 4) {
            out += base::as_text(stored.subspan(at, 4));
            at += 4;
        } else {
            return std::nullopt;
        }
    }
    return out;
}

void read_attributes(const ExtVolume& volume, const InodeRecord& inode, std::vector<ExtendedAttribute>& out) {
    Reader reader(volume, inode, out);
    if (const auto area = in_inode(inode); !area.empty()) reader.read(area, area);
    const std::uint64_t number = inode.attribute_block(volume.superblock().has_incompat(incompat::wide));
    if (number == 0) return;
    const auto piece = volume.blocks().block(number);
    if (!piece || load_le32(**piece, 0) != k_attribute_magic) return volume.report(base::Gap::Level::gap, "a block of extended attributes is damaged", inode.number);
    const base::ByteView block(**piece);
    if (volume.superblock().checksums() && !block_checksum_ok(volume.superblock(), number, block))
        volume.report(base::Gap::Level::gap, "the checksum of a block of extended attributes is wrong", inode.number);
    reader.read(block.subspan(k_block_header), block);
}

}  // namespace deadbox::image::ext
