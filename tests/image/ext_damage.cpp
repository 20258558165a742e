#include "ext_damage.hpp"

#include <random>

#include <fmt/format.h>

namespace deadbox::test {

bool Damage::touches(const Place& place) const {
    if (place.offset + place.length > size) return true;
    for (const auto& patch : patches)
        if (place.touches({patch.offset, patch.bytes.size()})) return true;
    return false;
}

Damage make_damage(const std::vector<std::byte>& image, const ExtPlaces& places, std::uint32_t seed) {
    std::mt19937 random(seed);  // its numbers are the same everywhere, those of the distributions are not
    const auto below = [&](std::uint64_t limit) { return random() % std::max<std::uint64_t>(limit, 1); };
    static constexpr const char* kinds[] = {"inode", "inode", "inode", "inode", "folder", "folder", "folder", "map", "map", "attributes", "bitmaps", "superblock", "descriptors", "journal", "any"};
    Damage damage;
    damage.size = image.size();
    const auto count = 1 + below(8);
    for (std::uint64_t i = 0; i < count; ++i) {
        std::string kind = kinds[below(std::size(kinds))];
        Place place{0, image.size()};
        if (const auto found = places.metadata.find(kind); found != places.metadata.end() && !found->second.empty()) place = found->second[below(found->second.size())];
        else kind = "any";
        Patch patch;
        patch.offset = place.offset + below(place.length);
        const std::uint64_t room = image.size() - patch.offset;
        switch (below(4)) {
            case 0:  // one bit
                patch.bytes = {image[patch.offset] ^ std::byte(1u << below(8))};
                break;
            case 1:  // some bytes of anything
                patch.bytes.resize(std::min<std::uint64_t>(1 + below(8), room));
                for (auto& byte : patch.bytes) byte = std::byte(below(256));
                break;
            case 2:  // all ones, as of erased flash
                patch.bytes.assign(std::min<std::uint64_t>(1 + below(64), room), std::byte{0xff});
                break;
            default:  // zeros, as of a sector that was never written
                patch.bytes.assign(std::min<std::uint64_t>(below(8) == 0 ? 512 : 1 + below(16), room), std::byte{0});
        }
        damage.description += fmt::format("{}@{}+{} ", kind, patch.offset, patch.bytes.size());
        damage.patches.push_back(std::move(patch));
    }
    if (below(12) == 0) {
        damage.size = 4096 + below(image.size() - 4096);
        damage.description += fmt::format("cut@{} ", damage.size);
    }
    return damage;
}

}  // namespace deadbox::test
