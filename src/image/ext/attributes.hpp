// Extended attributes: behind the fields of an inode, in a block of their own, their values also in inodes of their own.
#pragma once

#include "image/ext/ext_volume.hpp"

namespace deadbox::image::ext {

// Where the value of the inode's inline data (the part that did not fit into its map) lies.
struct InlineTail {
    std::uint64_t offset = 0;  // bytes from the inode's start
    std::uint64_t length = 0;
};
std::optional<InlineTail> find_inline_tail(const InodeRecord& inode);

// All attributes that getxattr would give, in their stored order. Damage is reported, the rest still given.
void read_attributes(const ExtVolume& volume, const InodeRecord& inode, std::vector<ExtendedAttribute>& out);

// The kernel's external form of an access control list in ext4's short one; nullopt where it is not one.
std::optional<std::string> external_acl(base::ByteView stored);

}  // namespace deadbox::image::ext
