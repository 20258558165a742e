// QEMU (block/file-posix.c) shows what it does with an image by locks on single bytes, of open file descriptions:
//   100 + n  somebody has permission n: 0 to read consistently, 1 to write, 2 to write the same again, 3 to resize
//   200 + n  somebody does not share permission n
// VMware keeps a folder NAME.vmdk.lck beside the image as long as a machine has it open.
#include "image/container/image_lock.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <optional>

namespace deadbox::image {
namespace {

constexpr off_t k_qemu_permissions = 100, k_qemu_unshared = 200, k_qemu_kinds = 4, k_qemu_write = 101;

// A lock of somebody else in this range; length 0 is to the end.
std::optional<struct flock> lock_in(const base::FileSource& file, off_t start, off_t length) {
    struct flock lock = {};
    lock.l_type = F_WRLCK, lock.l_whence = SEEK_SET, lock.l_start = start, lock.l_len = length;
    if (::fcntl(file.descriptor(), F_OFD_GETLK, &lock) != 0 || lock.l_type == F_UNLCK) return std::nullopt;
    return lock;
}

// Whether it is there is all that the worker's lock-down lets be seen of a folder.
bool is_folder(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

}  // namespace

std::string holder_of(const base::FileSource& file, const std::string& path) {
    if (!path.starts_with("fd:") && is_folder(path + ".lck")) return "a virtual machine of VMware (the folder .lck beside it)";
    if (lock_in(file, k_qemu_write, 1)) return "a virtual machine of QEMU that can write to it";
    if (lock_in(file, k_qemu_permissions, k_qemu_kinds) || lock_in(file, k_qemu_unshared, k_qemu_kinds)) return "a virtual machine or a tool of QEMU";
    if (lock_in(file, 0, 0)) return "another program";
    return {};
}

}  // namespace deadbox::image
