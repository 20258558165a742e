// Inodes that were unlinked or cut while something still held them open: the next mount finishes the work. They stand in a
// list that runs through the inodes' deletion times, or in a file of inode numbers.
#pragma once

#include <unordered_set>

#include "image/ext/ext_volume.hpp"

namespace deadbox::image::ext {

class Orphans {
public:
    static Orphans read(const ExtVolume& volume);
    // On the linked list: the deletion time is the next one's number, no time.
    bool listed(std::uint64_t number) const { return m_listed.contains(number); }

private:
    std::unordered_set<std::uint64_t> m_listed;
};

}  // namespace deadbox::image::ext
