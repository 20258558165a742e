// The fast-commit area: little-endian records of tag u16, length u16 and a value, in blocks of their own:
//   1 add range: inode u32, extent (first block u32, length u16, high u16, start u32) | 2 remove range: inode, first, length u32
//   3 create, 4 link, 5 unlink: folder u32, inode u32, name | 6 inode: number u32, its record | 7 padding
//   8 tail: transaction u32, checksum u32 of all since the last tail | 9 head: features u32, transaction u32
// Records count only up to the last tail whose transaction and checksum are right.
#include "image/ext/fast_commit.hpp"

#include <algorithm>

#include "image/ext/checksum.hpp"
#include "image/ext/ext_volume.hpp"
#include "image/ext/journal.hpp"

namespace deadbox::image::ext {
namespace {

using base::load_le16;
using base::load_le32;

enum RecordTag : std::uint16_t { add_range = 1, remove_range, create, link_name, unlink_name, inode_record, padding, tail, head };

constexpr std::size_t k_head_bytes = 4;
constexpr std::size_t k_most_area_blocks = 16384;  // of the area; the default is 256

struct Record {
    std::uint16_t tag = 0;
    std::vector<std::byte> value;
};

bool length_fits(std::uint16_t tag, std::size_t length, std::uint32_t inode_size) {
    switch (tag) {
        case add_range: return length == 16;
        case remove_range: return length == 12;
        case create:
        case link_name:
        case unlink_name: return length >= 9 && length <= 8 + 255;
        case inode_record: return length >= 4 + 128 && length <= 4 + std::size_t{inode_size};
        case padding: return true;
        case tail: return length >= 8;
        case head: return length == 8;
        default: return false;
    }
}

// The records that count.
std::vector<Record> committed_records(const ExtVolume& volume, const JournalReplay& journal) {
    std::vector<Record> counted, pending;
    std::uint32_t crc = 0;
    std::vector<std::byte> bytes(volume.superblock().block_size);
    bool started = false;
    for (std::size_t n = 0; n < std::min(journal.fast_commit_blocks.size(), k_most_area_blocks); ++n) {
        if (!volume.blocks().read(journal.fast_commit_blocks[n] * bytes.size(), bytes)) return counted;
        const base::ByteView block(bytes);
        if (!started && load_le16(block, 0) != head) return counted;
        started = true;
        for (std::size_t at = 0; at + k_head_bytes <= block.size();) {
            const std::uint16_t tag = load_le16(block, at);
            const std::size_t length = load_le16(block, at + 2);
            if (length > block.size() - at - k_head_bytes || !length_fits(tag, length, volume.superblock().inode_size)) return counted;
            const auto value = block.subspan(at + k_head_bytes, length);
            if (tag == head && (load_le32(value, 0) != 0 || load_le32(value, 4) != journal.fast_commit_transaction)) return counted;
            if (tag == tail) {
                crc = crc32c(crc, block.subspan(at, k_head_bytes + 4));
                if (load_le32(value, 0) != journal.fast_commit_transaction || !checksum_fits(crc, load_le32(value, 4))) return counted;
                std::move(pending.begin(), pending.end(), std::back_inserter(counted));
                pending.clear();
                crc = 0;
            } else {
                crc = crc32c(crc, block.subspan(at, k_head_bytes + length));
                if (tag != padding && tag != head) pending.push_back({tag, {value.begin(), value.end()}});
            }
            at += k_head_bytes + length;
        }
    }
    return counted;
}

class FastReplayer {
public:
    explicit FastReplayer(const ExtVolume& volume) : m_volume(volume) {}

    FastCommits run(const std::vector<Record>& records) {
        for (const auto& record : records) {
            ++m_out.records;
            const base::ByteView value(record.value);
            switch (record.tag) {
                case add_range: add(value); break;
                case remove_range:
                    if (m_volume.valid_inode(load_le32(value, 0)))
                        m_out.ranges[load_le32(value, 0)].push_back({load_le32(value, 4), load_le32(value, 8), 0, RangeChange::Kind::removed});
                    break;
                case create:
                case link_name:
                case unlink_name: name(record.tag, value); break;
                case inode_record: inode(value); break;
                default: break;
            }
        }
        return std::move(m_out);
    }

private:
    void add(base::ByteView value) {
        const std::uint32_t stored = load_le16(value, 8);
        const bool unwritten = stored > 32768;
        const std::uint64_t physical = load_le32(value, 12) | std::uint64_t{load_le16(value, 10)} << 32;
        if (m_volume.valid_inode(load_le32(value, 0)))
            m_out.ranges[load_le32(value, 0)].push_back({load_le32(value, 4), unwritten ? stored - 32768 : stored, physical,
                                                         unwritten ? RangeChange::Kind::unwritten : RangeChange::Kind::data});
    }

    // The record as the volume has it, ready to be changed; nullptr where there is none.
    std::vector<std::byte>* changeable(std::uint64_t number) {
        if (const auto known = m_out.inodes.find(number); known != m_out.inodes.end()) return &known->second;
        InodeRecord record;
        if (!m_volume.valid_inode(number) || !m_volume.read_inode(number, record)) return nullptr;
        return &m_out.inodes.emplace(number, std::move(record.bytes)).first->second;
    }

    void name(std::uint16_t tag, base::ByteView value) {
        const std::uint64_t folder = load_le32(value, 0), number = load_le32(value, 4);
        if (!m_volume.valid_inode(folder) || !m_volume.valid_inode(number)) return;
        m_out.names[folder].push_back({std::string(base::as_text(value.subspan(8))), number, tag != unlink_name});
        auto* const bytes = changeable(number);
        if (bytes == nullptr) return;
        const InodeRecord record{number, *bytes};
        if (tag == create && record.type() == FileType::directory) m_out.new_folders.insert(number);
        if (tag == unlink_name && record.links() > 0) {
            // Where the inode lives on, its record follows and has the right count.
            const std::uint32_t links = record.links() - 1;
            (*bytes)[26] = std::byte(links & 0xff), (*bytes)[27] = std::byte(links >> 8);
        }
    }

    void inode(base::ByteView value) {
        const std::uint64_t number = load_le32(value, 0);
        const auto logged = value.subspan(4);
        auto* const bytes = changeable(number);
        if (bytes == nullptr || logged.size() > bytes->size()) return;
        std::copy_n(logged.begin(), k_map_offset, bytes->begin());
        std::copy(logged.begin() + k_map_offset + k_map_bytes, logged.end(), bytes->begin() + k_map_offset + k_map_bytes);
        const std::uint32_t flags = load_le32(*bytes, 32);
        auto* const map = bytes->data() + k_map_offset;
        if ((flags & inode_flag::extents) == 0) {
            // Inline data, and what else lies in the place of the map: a short link's target, a device's numbers.
            std::copy_n(logged.begin() + k_map_offset, k_map_bytes, map);
        } else if (load_le16(*bytes, k_map_offset) != 0xF30A) {
            std::fill_n(map, k_map_bytes, std::byte{0});
            map[0] = std::byte{0x0A}, map[1] = std::byte{0xF3}, map[4] = std::byte{4};
        }
    }

    const ExtVolume& m_volume;
    FastCommits m_out;
};

}  // namespace

FastCommits read_fast_commits(const ExtVolume& volume, const JournalReplay& journal) {
    return FastReplayer(volume).run(committed_records(volume, journal));
}

}  // namespace deadbox::image::ext
