#include "image/filesystem.hpp"

#include "image/ext/ext_format.hpp"
#include "image/tsk/tsk_filesystem.hpp"

namespace deadbox::image {

void Inode::clear() {
    number = generation = size = first_byte = hole_bytes = 0;
    type = FileType::unknown;
    mode = uid = gid = links = flags = device_major = device_minor = 0;
    allocated = true, encrypted = false;
    modified = accessed = changed = born = deleted = std::nullopt;
    target.clear(), attributes.clear();
}

const std::vector<const FileSystemFormat*>& filesystem_formats() {
    static const std::vector<const FileSystemFormat*> formats{&ext::ext_format(), &ntfs_format(), &exfat_format(), &fat_format(), &hfs_format(), &iso9660_format(), &ufs_format()};
    return formats;
}

}  // namespace deadbox::image
