// Disks and volumes: MBR, GPT (UEFI 2.10, 5), and the superblocks of file systems and volumes.
#include <array>

#include "base/encoding.hpp"
#include "preview/markers_of.hpp"

namespace deadbox::preview {
namespace {

constexpr std::uint64_t k_sector = 512;
constexpr std::size_t k_most_partitions = 256;

// A signature at its place in a volume, and how far the structure around it reaches.
struct Superblock {
    std::uint64_t signature, start, length;
    std::string_view bytes, name;
};
constexpr std::array<Superblock, 12> k_superblocks{{
    {1024 + 56, 1024, 1024, std::string_view("\x53\xef", 2), "superblock: ext"},
    {0, 0, 512, "XFSB", "superblock: XFS"},
    {0x10040, 0x10000, 4096, "_BHRfS_M", "superblock: btrfs"},
    {3, 0, 512, "NTFS    ", "boot sector: NTFS"},
    {82, 0, 512, "FAT32   ", "boot sector: FAT32"},
    {54, 0, 512, "FAT16   ", "boot sector: FAT16"},
    {3, 0, 512, "EXFAT   ", "boot sector: exFAT"},
    {512, 512, 512, "LABELONE", "label: LVM"},
    {0, 0, 4096, std::string_view("LUKS\xba\xbe", 6), "header: LUKS"},
    {4096, 4096, 256, std::string_view("\xfc\x4e\x2b\xa9", 4), "superblock: md"},
    {4086, 0, 4096, "SWAPSPACE2", "header: swap"},
    {0x8001, 0x8000, 2048, "CD001", "volume descriptor: ISO 9660"},
}};

bool mark_volume(const base::ByteSource& source, std::uint64_t start, Answer* answer) {
    for (const auto& one : k_superblocks) {
        const auto found = bytes_at(source, start + one.signature, one.bytes.size());
        if (base::as_text(found) != one.bytes) continue;
        if (answer == nullptr) return true;
        answer->marker(start + one.start, one.length, 1, one.name);
        answer->marker(start + one.signature, one.bytes.size(), 2, "signature");
        return true;
    }
    return false;
}

bool has_boot_signature(const base::ByteSource& source) {
    const auto end = bytes_at(source, 510, 2);
    return end.size() == 2 && base::load_le16(end, 0) == 0xaa55;
}

void mark_gpt(const base::ByteSource& source, Answer& answer) {
    const auto head = bytes_at(source, k_sector, 92);
    answer.marker(k_sector, 92, 0, "GPT header");
    const std::uint64_t table = base::load_le64(head, 72), count = base::load_le32(head, 80), size = base::load_le32(head, 84);
    if (size < 128 || size > 4096 || table > source.size() / k_sector) return answer.note("the partition table is damaged");
    answer.marker(table * k_sector, count * size, 0, "partition table");
    for (std::uint64_t place = 0; place < std::min<std::uint64_t>(count, k_most_partitions); ++place) {
        const auto entry = bytes_at(source, table * k_sector + place * size, 128);
        if (entry.size() < 128 || (base::load_le64(entry, 0) == 0 && base::load_le64(entry, 8) == 0)) continue;
        const auto name = base::utf16le_to_utf8(base::ByteView(entry).subspan(56, 72));
        answer.marker(table * k_sector + place * size, size, 1, "partition", name.substr(0, name.find('\0')));
        const auto first = base::load_le64(entry, 32), last = base::load_le64(entry, 40);
        if (last < first || first > source.size() / k_sector) continue;
        answer.marker(first * k_sector, (last - first + 1) * k_sector, 0, "content of the partition", name.substr(0, name.find('\0')));
        mark_volume(source, first * k_sector, &answer);
    }
}

void mark_mbr(const base::ByteSource& source, Answer& answer) {
    const auto sector = bytes_at(source, 0, static_cast<std::size_t>(k_sector));
    answer.marker(0, 440, 0, "boot code");
    answer.marker(440, 4, 0, "disk signature");
    answer.marker(446, 64, 0, "partition table");
    answer.marker(510, 2, 0, "signature");
    for (std::size_t place = 0; place < 4; ++place) {
        const auto entry = base::ByteView(sector).subspan(446 + place * 16, 16);
        const auto type = base::load_u8(entry, 4);
        const std::uint64_t first = base::load_le32(entry, 8), sectors = base::load_le32(entry, 12);
        if (type == 0 || sectors == 0) continue;
        const std::byte digit{type};
        answer.marker(446 + place * 16, 16, 1, "partition", "0x" + base::to_hex(base::ByteView(&digit, 1)));
        if (type == 0xee) {
            mark_gpt(source, answer);
            continue;
        }
        answer.marker(first * k_sector, sectors * k_sector, 0, "content of the partition");
        mark_volume(source, first * k_sector, &answer);
    }
}

}  // namespace

bool is_disk(const base::ByteSource& source) { return source.size() >= k_sector && (has_boot_signature(source) || mark_volume(source, 0, nullptr)); }

void mark_disk(const base::ByteSource& source, Answer& answer) {
    if (mark_volume(source, 0, &answer)) return;
    if (has_boot_signature(source)) mark_mbr(source, answer);
}

}  // namespace deadbox::preview
