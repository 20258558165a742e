#include "engine/case_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

namespace deadbox::engine {

base::Result<base::Descriptor> lock_case(const std::string& path) {
    const bool made = ::access(path.c_str(), F_OK) != 0;
    base::Descriptor descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    if (!descriptor) return base::fail_errno("cannot write the case " + path, errno);
    if (made) {
        // SQLite makes the names of its logs durable, not that of a file that is there already: a power cut could leave a log
        // without its case.
        const base::Descriptor folder(::open(path.substr(0, path.find('/') == std::string::npos ? 0 : path.rfind('/') + 1).append(".").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (folder) ::fsync(folder.get());
    }
    // flock, because closing it does not drop SQLite's own (POSIX) locks before the end.
    if (::flock(descriptor.get(), LOCK_EX | LOCK_NB) != 0) return base::fail(base::Errc::busy, "another analysis is writing the case " + path);
    return descriptor;
}

}  // namespace deadbox::engine
