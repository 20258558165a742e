#include "worker/same_media.hpp"

#include <algorithm>
#include <string>

namespace deadbox::worker {
namespace {

constexpr std::uint64_t k_media_head = 1 << 20, k_volume_head = 128 * 1024, k_compared_bytes = 4096, k_compared_places = 256;

bool equal_at(const base::ByteSource& one, const base::ByteSource& other, std::uint64_t offset, std::uint64_t length) {
    std::vector<std::byte> a(static_cast<std::size_t>(length)), b(a.size());
    const auto got = one.read_at(offset, a), same = other.read_at(offset, b);
    if (got.has_value() != same.has_value()) return false;
    if (!got) return true;  // unreadable in both
    return *got == *same && std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(*got), b.begin());
}

// "1.2" within media 1 is ".2".
std::string_view within(const image::Volume& volume, std::string_view media) {
    std::string_view id = volume.id;
    if (!id.starts_with(media)) return {};
    id.remove_prefix(media.size());
    return id.empty() || id.front() == '.' ? id : std::string_view();
}

std::vector<const image::Volume*> volumes_of(const std::vector<image::Volume>& volumes, std::string_view media) {
    std::vector<const image::Volume*> all;
    for (const auto& volume : volumes)
        if (volume.id == media || !within(volume, media).empty()) all.push_back(&volume);
    return all;
}

}  // namespace

bool same_media(const image::Volume& one, const image::Volume& other, const std::vector<image::Volume>& volumes) {
    if (one.size != other.size) return false;
    const auto &a = *one.bytes, &b = *other.bytes;
    const auto head = std::min(k_media_head, one.size), tail = std::min(k_volume_head, one.size);
    if (!equal_at(a, b, 0, head) || !equal_at(a, b, one.size - tail, tail)) return false;
    const auto mine = volumes_of(volumes, one.id), its = volumes_of(volumes, other.id);
    if (mine.size() != its.size()) return false;
    for (std::size_t i = 0; i < mine.size(); ++i) {
        if (within(*mine[i], one.id) != within(*its[i], other.id) || mine[i]->start != its[i]->start || mine[i]->size != its[i]->size) return false;
        if (mine[i]->bytes && its[i]->bytes && !equal_at(*mine[i]->bytes, *its[i]->bytes, 0, std::min(k_volume_head, mine[i]->size))) return false;
    }
    const auto step = one.size / k_compared_places;
    for (std::uint64_t place = 1; step > k_compared_bytes && place < k_compared_places; ++place)
        if (!equal_at(a, b, place * step, k_compared_bytes)) return false;
    return true;
}

}  // namespace deadbox::worker
