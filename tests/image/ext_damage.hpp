// Damaged variants of a sound ext image: a seed says which bytes are changed, in which kind of metadata, or where it is cut.
#pragma once

#include "ext_oracle.hpp"
#include "patched_source.hpp"

namespace deadbox::test {

struct Damage {
    std::vector<Patch> patches;
    std::uint64_t size = 0;   // of the image; less than the whole where it is cut
    std::string description;  // kind@offset+length for each patch
    bool touches(const Place& place) const;
};

// The same for the same seed, on every machine.
Damage make_damage(const std::vector<std::byte>& image, const ExtPlaces& places, std::uint32_t seed);

}  // namespace deadbox::test
