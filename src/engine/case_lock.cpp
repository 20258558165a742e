#include "engine/case_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>

namespace deadbox::engine {

base::Result<base::Descriptor> lock_case(const std::string& path) {
    base::Descriptor descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    if (!descriptor) return base::fail_errno("cannot write the case " + path, errno);
    // flock, because closing it does not drop SQLite's own (POSIX) locks before the end.
    if (::flock(descriptor.get(), LOCK_EX | LOCK_NB) != 0) return base::fail(base::Errc::busy, "another analysis is writing the case " + path);
    return descriptor;
}

}  // namespace deadbox::engine
