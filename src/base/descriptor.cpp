#include "base/descriptor.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>

namespace deadbox::base {

Descriptor::~Descriptor() {
    if (m_fd >= 0) ::close(m_fd);
}

Result<Descriptor> open_evidence(const std::string& path) {
    if (path.starts_with("fd:")) {
        int inherited = -1;
        const char* const end = path.data() + path.size();
        if (std::from_chars(path.data() + 3, end, inherited).ptr != end || inherited < 0)
            return fail(Errc::usage, "'" + path + "' is not a descriptor number; write fd:N");
        const int flags = ::fcntl(inherited, F_GETFL);
        if (flags < 0) return fail_errno("cannot use " + path, errno);
        if ((flags & O_ACCMODE) != O_RDONLY)
            return fail(Errc::denied, path + " is open for writing; hand over a descriptor that was opened read-only");
        const int copy = ::fcntl(inherited, F_DUPFD_CLOEXEC, 3);
        if (copy < 0) return fail_errno("cannot use " + path, errno);
        return Descriptor(copy);
    }
    // O_NONBLOCK: a FIFO without a writer must not hang; files and block devices do not mind it.
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0) return fail_errno("cannot open " + path, errno);
    return Descriptor(fd);
}

Result<std::shared_ptr<FileSource>> FileSource::open(const std::string& path, std::uint32_t media) {
    struct stat status = {};
    // Asked by its name: a locked-down child may not open folders.
    if (::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) return fail(Errc::usage, path + " is a folder; give an image file or a disk device");
    TRY_ASSIGN(Descriptor descriptor, open_evidence(path));
    if (::fstat(descriptor.get(), &status) != 0) return fail_errno("cannot examine " + path, errno);
    if (!S_ISREG(status.st_mode) && !S_ISBLK(status.st_mode))
        return fail(Errc::usage, path + " is neither a file nor a block device");
    const off_t size = ::lseek(descriptor.get(), 0, SEEK_END);
    if (size < 0) return fail_errno("cannot find the size of " + path, errno);
    return std::make_shared<FileSource>(std::move(descriptor), static_cast<std::uint64_t>(size), media);
}

Result<std::shared_ptr<FileSource>> FileSource::open_beside(const std::string& path, const std::string& base_name, std::uint32_t media) {
    if (base_name.empty() || base_name == "." || base_name == ".." || base_name.find_first_of(std::string_view("/\\\0", 3)) != std::string::npos)
        return fail(Errc::denied, "'" + base_name + "' is not a plain file name; only files in the image's own folder are opened");
    if (path.starts_with("fd:")) return fail(Errc::denied, "'" + base_name + "' is needed beside " + path + ", and a descriptor has no folder");
    const auto slash = path.rfind('/');
    const std::string beside = slash == std::string::npos ? base_name : path.substr(0, slash + 1) + base_name;
    Descriptor owned(::open(beside.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW));
    if (!owned) {
        const int error = errno;
        if (error == ENOENT) return fail(Errc::not_found, "there is no file '" + base_name + "' beside the image");
        if (error == ELOOP) return fail(Errc::denied, "'" + base_name + "' beside the image is a symbolic link, which is not followed");
        return fail_errno("cannot open '" + base_name + "' beside the image", error);
    }
    struct stat status = {};
    if (::fstat(owned.get(), &status) != 0) return fail_errno("cannot examine '" + base_name + "'", errno);
    if (!S_ISREG(status.st_mode)) return fail(Errc::denied, "'" + base_name + "' beside the image is not a regular file");
    return std::make_shared<FileSource>(std::move(owned), static_cast<std::uint64_t>(status.st_size), media);
}

Result<std::size_t> FileSource::read_at(std::uint64_t offset, Bytes out) const {
    std::size_t done = 0;
    if (offset >= m_size) return done;
    const std::size_t wanted = std::min<std::uint64_t>(out.size(), m_size - offset);
    while (done < wanted) {
        const ssize_t got = ::pread(m_descriptor.get(), out.data() + done, wanted - done, static_cast<off_t>(offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) {
            const int error = errno;
            // Of a device that was pulled out the kernel says that it is empty: that is no bad sector.
            if (::lseek(m_descriptor.get(), 0, SEEK_END) == 0) return fail(Errc::not_found, "the device is not there any more");
            return fail_errno("cannot read the evidence at byte " + std::to_string(offset + done), error);
        }
        if (got == 0) break;
        done += static_cast<std::size_t>(got);
    }
    return done;
}

Result<Extent> FileSource::extent_at(std::uint64_t offset) const {
    if (offset >= m_size) return fail(Errc::not_found, "no extent past the end", offset);
    return Extent{Extent::Kind::data, m_media, 0, m_size, 0};
}

}  // namespace deadbox::base
