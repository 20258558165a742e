#include "image/volume.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "image/volume/formats.hpp"

namespace deadbox::image {
using base::Gap;
namespace {

constexpr std::uint64_t k_mebibyte = 1024 * 1024;

// Space that no partition covers: leftovers of earlier partitions may lie there.
void tell_unpartitioned(const Volume& disk, const std::vector<Volume>& partitions, base::DamageSink& damage) {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> covered{{disk.start, disk.start + k_mebibyte}};
    for (const auto& volume : partitions) covered.emplace_back(volume.start, volume.start + volume.bytes->size());
    std::sort(covered.begin(), covered.end());
    const std::uint64_t end = disk.start + disk.bytes->size();
    std::uint64_t free = 0, at = disk.start;
    for (const auto& [first, last] : covered) {
        if (first > at) free += first - at;
        at = std::max(at, last);
    }
    if (end > at) free += end - at;
    if (free >= 2 * k_mebibyte)
        damage.damage({Gap::Level::limit, "partition table", "space outside of the partitions is not examined", disk.id, fmt::format("{} bytes", free)});
}

}  // namespace

Volume partition(const Volume& parent, unsigned number, std::string scheme, std::uint64_t start, std::uint64_t length,
                 base::DamageSink& damage) {
    Volume volume;
    volume.id = fmt::format("{}.{}", parent.id, number);
    volume.scheme = std::move(scheme);
    volume.start = parent.start + start;
    volume.size = length;
    volume.bytes = std::make_shared<base::SliceSource>(parent.bytes, start, length);
    if (volume.bytes->size() < length)
        damage.damage({Gap::Level::gap, "partition table", "the partition reaches past the end of the image", volume.id,
                       fmt::format("{} of {} bytes are there", volume.bytes->size(), length)});
    return volume;
}

const std::vector<const VolumeFormat*>& volume_formats() {
    static const std::vector<const VolumeFormat*> formats{&gpt_format(), &mbr_format()};
    return formats;
}

std::vector<Volume> find_volumes(std::span<const Volume> media, base::DamageSink& damage) {
    std::vector<Volume> leaves;
    for (Volume disk : media) {
        if (disk.size == 0) disk.size = disk.bytes->size();
        const auto& formats = volume_formats();
        const auto format = std::find_if(formats.begin(), formats.end(), [&](const VolumeFormat* f) { return f->claims(disk); });
        if (format == formats.end()) {
            leaves.push_back(std::move(disk));
            continue;
        }
        // Who writes a file system over a partitioned disk leaves the backup table at its end. Systems need the protective MBR.
        if (*format == &gpt_format() && !has_protective_mbr(*disk.bytes) && is_used_as_a_whole(*disk.bytes)) {
            damage.damage({Gap::Level::note, "partition table", "a GUID partition table is left over; the disk is used as a whole", disk.id, ""});
            leaves.push_back(std::move(disk));
            continue;
        }
        auto partitions = (*format)->assemble(std::span(&disk, 1), damage);
        if (!partitions) {
            damage.damage({Gap::Level::gap, "partition table", "the partition table cannot be read", disk.id, partitions.error().what});
            leaves.push_back(std::move(disk));
            continue;
        }
        if (*format == &mbr_format() && gpt_sector_size(*disk.bytes) != 0)
            damage.damage({Gap::Level::note, "partition table", "a GUID partition table is there too, which the MBR does not protect", disk.id, ""});
        tell_unpartitioned(disk, *partitions, damage);
        leaves.insert(leaves.end(), std::make_move_iterator(partitions->begin()), std::make_move_iterator(partitions->end()));
    }
    for (auto& volume : leaves) recognize(volume, damage);
    return leaves;
}

}  // namespace deadbox::image
