// fstab(5): device mount_point type options dump pass, blanks between them, \040-like octal escapes inside them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace deadbox::content {

struct MountEntry {
    std::string device;       // raw bytes: a path, "UUID=…", "LABEL=…", "PARTUUID=…", "tmpfs"
    std::string mount_point;  // without a final slash; "/" for the root, "none" for swap
    std::string type;         // "" where the line ends before it
    std::string options;
    std::size_t line = 0;     // from 1

    // The device's value behind `tag` ("UUID", "LABEL", "PARTUUID", "PARTLABEL"), quotes taken off; "" when it is of
    // another kind. /dev/disk/by-uuid/… and its likes count as tags.
    std::string tag(std::string_view tag) const;
};

// Reads what can be read: comments and lines of a single word are passed over; at most 4,096 entries.
std::vector<MountEntry> parse_fstab(std::string_view text);

}  // namespace deadbox::content
