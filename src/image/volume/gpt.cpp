// GUID partition table (UEFI 2.10, section 5.3), with sectors of 512 or 4096 bytes.
//   header = "EFI PART" revision:le32 size:le32 crc:le32 0:le32 self:le64 other:le64 first:le64 last:le64
//            guid[16] table:le64 entries:le32 entry_size:le32 table_crc:le32       in sector 1, and in the last one
//   entry  = type[16] guid[16] first:le64 last:le64 attributes:le64 name:utf16le[36]
// The backup is used where the primary is damaged. Checksums that fail are notes where nothing better is there.
#include <zlib.h>

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "base/byte_cursor.hpp"
#include "base/encoding.hpp"
#include "image/volume/formats.hpp"

namespace deadbox::image {
using base::Errc, base::fail, base::Gap, base::Result;
namespace {

constexpr std::uint32_t k_most_entries = 4096;

struct Header {
    std::uint32_t sector = 0;  // bytes
    std::uint64_t self = 0, other = 0, table = 0;
    std::uint32_t entries = 0, entry_size = 0, table_crc = 0;
    bool sound = false;        // its checksum holds
};
using Table = std::vector<std::byte>;

std::uint32_t checksum(base::ByteView bytes) {
    return static_cast<std::uint32_t>(::crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

std::optional<Header> decode_header(base::ByteView block, std::uint32_t sector) {
    base::ByteCursor cursor(block);
    if (base::as_text(cursor.take(8)) != "EFI PART") return std::nullopt;
    Header header;
    header.sector = sector;
    cursor.skip(4);
    const std::uint32_t size = cursor.le32(), crc = cursor.le32();
    cursor.skip(4);
    header.self = cursor.le64(), header.other = cursor.le64();
    cursor.skip(16 + 16);
    header.table = cursor.le64();
    header.entries = cursor.le32(), header.entry_size = cursor.le32(), header.table_crc = cursor.le32();
    if (!cursor.ok() || header.entry_size < 128 || header.entry_size > 4096 || header.entries == 0) return std::nullopt;
    if (size >= 92 && size <= block.size()) {
        std::vector<std::byte> copy(block.begin(), block.begin() + size);
        std::fill_n(copy.begin() + 16, 4, std::byte{0});
        header.sound = checksum(copy) == crc;
    }
    return header;
}

std::optional<Header> read_header(const base::ByteSource& bytes, std::uint64_t lba, std::uint32_t sector) {
    if (lba > (INT64_MAX >> 12)) return std::nullopt;
    std::vector<std::byte> block(sector);
    if (!base::read_exactly(bytes, lba * sector, block)) return std::nullopt;
    return decode_header(block, sector);
}

struct Found {
    Header header;
    Table table;
    bool table_sound = false;
    int worth() const { return header.sound * 2 + table_sound; }
};

std::optional<Found> read_table(const base::ByteSource& bytes, const std::optional<Header>& header) {
    if (!header || header->table > (INT64_MAX >> 12)) return std::nullopt;
    Found found{*header, {}, false};
    const std::uint64_t wanted = std::uint64_t{std::min(header->entries, k_most_entries)} * header->entry_size;
    found.table.resize(wanted);
    const auto got = bytes.read_at(header->table * header->sector, found.table);
    found.table.resize(got ? *got : 0);
    if (found.table.size() < header->entry_size) return std::nullopt;
    found.table_sound = header->entries <= k_most_entries && found.table.size() == wanted && checksum(found.table) == header->table_crc;
    return found;
}

std::string guid_text(base::ByteView guid) {
    return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", base::load_le32(guid, 0), base::load_le16(guid, 4), base::load_le16(guid, 6),
                       base::load_be16(guid, 8), base::load_be64(guid, 8) & 0xffff'ffff'ffff);
}

class GptFormat final : public VolumeFormat {
public:
    std::string_view name() const override { return "gpt"; }

    bool claims(const Volume& volume) const override {
        if (gpt_sector_size(*volume.bytes) == 0) return false;
        // A table that an ordinary MBR does not protect is a leftover: systems read the MBR.
        return has_protective_mbr(*volume.bytes) || !has_mbr(*volume.bytes);
    }

    Result<std::vector<Volume>> assemble(std::span<const Volume> members, base::DamageSink& damage) const override {
        const Volume& disk = members.front();
        const std::uint32_t sector = gpt_sector_size(*disk.bytes);
        if (sector == 0) return fail(Errc::corrupt, "there is no GUID partition table header");
        const auto note = [&](const char* reason) { damage.damage({Gap::Level::note, "partition table", reason, disk.id, "GPT"}); };
        auto used = read_table(*disk.bytes, read_header(*disk.bytes, 1, sector));
        if (!used || used->worth() < 3) {
            auto backup = read_table(*disk.bytes, read_header(*disk.bytes, disk.bytes->size() / sector - 1, sector));
            if (!backup && used) backup = read_table(*disk.bytes, read_header(*disk.bytes, used->header.other, sector));
            if (backup && (!used || backup->worth() > used->worth())) {
                note("the primary GUID partition table is damaged; its backup was used");
                used = std::move(backup);
            }
        } else if (!read_header(*disk.bytes, used->header.other, sector)) note("the backup GUID partition table is missing");
        if (!used) return fail(Errc::corrupt, "the GUID partition table cannot be read");
        if (!used->header.sound) note("the checksum of the GUID partition table's header does not hold");
        if (!used->table_sound) note("the checksum of the GUID partition table's entries does not hold");
        if (used->header.entries > k_most_entries)
            damage.damage({Gap::Level::gap, "partition table", "more than 4,096 entries in the GUID partition table", disk.id, ""});
        return partitions(disk, *used, damage);
    }

private:
    static std::vector<Volume> partitions(const Volume& disk, const Found& found, base::DamageSink& damage) {
        std::vector<Volume> volumes;
        const std::uint32_t step = found.header.entry_size, sector = found.header.sector;
        for (unsigned number = 1; (number - 1) * std::size_t{step} + step <= found.table.size(); ++number) {
            const auto entry = base::ByteView(found.table).subspan((number - 1) * std::size_t{step}, step);
            const std::uint64_t first = base::load_le64(entry, 32), last = base::load_le64(entry, 40);
            if (base::load_le64(entry, 0) == 0 && base::load_le64(entry, 8) == 0) continue;
            if (first > last || last > (INT64_MAX >> 13)) {
                damage.damage({Gap::Level::gap, "partition table", "an entry of the GUID partition table contradicts itself", disk.id,
                               fmt::format("entry {}: sectors {} to {}", number, first, last)});
                continue;
            }
            auto volume = partition(disk, number, "gpt", first * sector, (last - first + 1) * sector, damage);
            volume.type = guid_text(entry.first(16));
            const auto name = base::utf16le_to_utf8(entry.subspan(56, 72));
            volume.name = name.substr(0, name.find('\0'));
            volumes.push_back(std::move(volume));
        }
        return volumes;
    }
};

}  // namespace

std::uint32_t gpt_sector_size(const base::ByteSource& bytes) {
    for (const std::uint32_t sector : {512U, 4096U})
        if (read_header(bytes, 1, sector)) return sector;
    // The primary is gone: the last sector has the backup.
    for (const std::uint32_t sector : {512U, 4096U}) {
        if (bytes.size() < 3 * sector) continue;
        const auto backup = read_header(bytes, bytes.size() / sector - 1, sector);
        if (backup && backup->sound) return sector;
    }
    return 0;
}

const VolumeFormat& gpt_format() {
    static const GptFormat format;
    return format;
}

}  // namespace deadbox::image
