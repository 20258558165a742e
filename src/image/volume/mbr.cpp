// Master boot record (PC partition table).
//   sector = code[446] entry[4] 0x55 0xaa
//   entry  = status:u8 chs[3] type:u8 chs[3] start:le32 sectors:le32
// An extended partition (05, 0f, 85) holds a chain of such sectors: entry 0 is a logical partition relative to its own
// sector, entry 1 the next link relative to the extended partition. Logical partitions are numbered from 5, as Linux does.
#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "image/volume/formats.hpp"

namespace deadbox::image {
using base::Errc, base::fail, base::Gap, base::Result;
namespace {

constexpr std::uint64_t k_sector = 512;
constexpr std::size_t k_most_logical = 256;

struct MbrEntry {
    std::uint8_t status = 0, type = 0;
    std::uint32_t start = 0, sectors = 0;
    bool used() const { return type != 0 && sectors != 0; }
    bool extended() const { return type == 0x05 || type == 0x0f || type == 0x85; }
};
using MbrTable = std::array<MbrEntry, 4>;
using Sector = std::array<std::byte, k_sector>;

Result<Sector> read_sector(const base::ByteSource& bytes, std::uint64_t offset) {
    Sector sector;
    TRY(base::read_exactly(bytes, offset, sector));
    return sector;
}

bool signed_sector(const Sector& sector) { return base::load_be16(sector, 510) == 0x55aa; }

MbrTable decode(const Sector& sector) {
    MbrTable table;
    for (std::size_t i = 0; i < table.size(); ++i) {
        const std::size_t at = 446 + 16 * i;
        table[i] = {base::load_u8(sector, at), base::load_u8(sector, at + 4), base::load_le32(sector, at + 8), base::load_le32(sector, at + 12)};
    }
    return table;
}

// FAT, exFAT and NTFS put the same signature at the end of their own first sector.
bool boot_sector_of_filesystem(const Sector& sector) {
    const auto text = base::as_text(sector);
    if (text.substr(3, 8) == "NTFS    " || text.substr(3, 8) == "EXFAT   " || text.substr(3, 8) == "-FVE-FS-") return true;
    const auto jump = base::load_u8(sector, 0);
    const bool fat = text.substr(54, 3) == "FAT" || text.substr(82, 5) == "FAT32";
    return fat && (jump == 0xeb || jump == 0xe9);
}

bool believable(const Sector& sector, std::uint64_t size) {
    if (!signed_sector(sector)) return false;
    bool any = false;
    for (const auto& entry : decode(sector)) {
        if (entry.status != 0 && entry.status != 0x80) return false;
        if (!entry.used()) continue;
        // A start past the end is a cut image; but a table of which nothing lies inside is none.
        if (entry.start > 0 && entry.start < size / k_sector) any = true;
    }
    return any && !boot_sector_of_filesystem(sector);
}

class MbrFormat final : public VolumeFormat {
public:
    std::string_view name() const override { return "mbr"; }
    bool claims(const Volume& volume) const override { return has_mbr(*volume.bytes); }

    Result<std::vector<Volume>> assemble(std::span<const Volume> members, base::DamageSink& damage) const override {
        const Volume& disk = members.front();
        TRY_ASSIGN(const Sector sector, read_sector(*disk.bytes, 0));
        std::vector<Volume> found;
        unsigned number = 0, logical = 5;
        for (const auto& entry : decode(sector)) {
            ++number;
            if (!entry.used()) continue;
            if (entry.extended()) follow(disk, entry, logical, found, damage);
            else add(disk, number, entry, entry.start, found, damage);
        }
        return found;
    }

private:
    static void add(const Volume& disk, unsigned number, const MbrEntry& entry, std::uint64_t start, std::vector<Volume>& found,
                    base::DamageSink& damage) {
        auto volume = partition(disk, number, "mbr", start * k_sector, entry.sectors * k_sector, damage);
        volume.type = fmt::format("{:02x}", entry.type);
        found.push_back(std::move(volume));
    }

    static void follow(const Volume& disk, const MbrEntry& extended, unsigned& logical, std::vector<Volume>& found, base::DamageSink& damage) {
        const auto broken = [&](const char* reason, std::uint64_t at) {
            damage.damage({Gap::Level::gap, "partition table", reason, disk.id, fmt::format("sector {}", at)});
        };
        std::set<std::uint64_t> seen;
        std::uint64_t at = extended.start;
        for (;;) {
            if (!seen.insert(at).second) return broken("the chain of logical partitions runs in a circle", at);
            if (seen.size() > k_most_logical) return broken("more than 256 logical partitions", at);
            const auto sector = read_sector(*disk.bytes, at * k_sector);
            if (!sector) return broken("the chain of logical partitions leads past the end of the image", at);
            if (!signed_sector(*sector)) return broken("a link of the chain of logical partitions is damaged", at);
            std::uint64_t next = 0;
            for (const auto& entry : decode(*sector)) {
                if (!entry.used()) continue;
                if (entry.extended()) {
                    if (next == 0) next = std::uint64_t{extended.start} + entry.start;
                } else add(disk, logical++, entry, at + entry.start, found, damage);
            }
            if (next == 0) return;
            at = next;
        }
    }
};

}  // namespace

bool has_mbr(const base::ByteSource& bytes) {
    const auto sector = read_sector(bytes, 0);
    return sector && believable(*sector, bytes.size());
}

bool has_protective_mbr(const base::ByteSource& bytes) {
    const auto sector = read_sector(bytes, 0);
    if (!sector || !signed_sector(*sector)) return false;
    const auto table = decode(*sector);
    return std::any_of(table.begin(), table.end(), [](const MbrEntry& entry) { return entry.type == 0xee; });
}

const VolumeFormat& mbr_format() {
    static const MbrFormat format;
    return format;
}

}  // namespace deadbox::image
