#include "image/ext/orphans.hpp"

namespace deadbox::image::ext {
namespace {
constexpr std::size_t k_most_orphans = 1u << 20;
}  // namespace

Orphans Orphans::read(const ExtVolume& volume) {
    Orphans orphans;
    InodeRecord record;
    std::uint64_t number = volume.superblock().last_orphan;
    while (volume.valid_inode(number) && orphans.m_listed.size() < k_most_orphans) {
        if (!orphans.m_listed.insert(number).second || !volume.read_inode(number, record)) break;
        number = record.deletion();
    }
    return orphans;
}

}  // namespace deadbox::image::ext
