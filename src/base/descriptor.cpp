#include "base/descriptor.hpp"

#include <fcntl.h>
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
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) return fail_errno("cannot open " + path, errno);
    return Descriptor(fd);
}

Result<std::shared_ptr<FileSource>> FileSource::open(const std::string& path, std::uint32_t media) {
    TRY_ASSIGN(Descriptor descriptor, open_evidence(path));
    const off_t size = ::lseek(descriptor.get(), 0, SEEK_END);
    if (size < 0) return fail_errno("cannot find the size of " + path, errno);
    return std::make_shared<FileSource>(std::move(descriptor), static_cast<std::uint64_t>(size), media);
}

Result<std::size_t> FileSource::read_at(std::uint64_t offset, Bytes out) const {
    std::size_t done = 0;
    if (offset >= m_size) return done;
    const std::size_t wanted = std::min<std::uint64_t>(out.size(), m_size - offset);
    while (done < wanted) {
        const ssize_t got = ::pread(m_descriptor.get(), out.data() + done, wanted - done, static_cast<off_t>(offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail_errno("cannot read the evidence at byte " + std::to_string(offset + done), errno);
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
