#include "case/file_locks.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdarg>
#include <mutex>
#include <thread>

#include <sqlite3.h>

namespace deadbox::case_file {
namespace {

// SQLite's "SHARED" bytes (os.h: PENDING_BYTE + 2, SHARED_SIZE); what is locked of the log's index lies far below.
constexpr off_t k_pending = 0x40000000, k_shared = k_pending + 2, k_shared_size = 510;

int lock_by_description(int file, int command, struct flock* lock) {
    if (lock->l_start >= k_pending) return ::fcntl(file, command, lock);
    auto own = *lock;
    own.l_pid = 0;
    const int code = ::fcntl(file, command == F_SETLK ? F_OFD_SETLK : command == F_SETLKW ? F_OFD_SETLKW : F_OFD_GETLK, &own);
    if (code != 0 && errno == EINVAL) return ::fcntl(file, command, lock);  // a kernel or file system without them
    *lock = own;
    return code;
}

// In fcntl's place.
int fcntl_for_sqlite(int file, int command, ...) {
    va_list arguments;
    va_start(arguments, command);
    int code = 0;
    if (command == F_SETLK || command == F_SETLKW || command == F_GETLK) code = lock_by_description(file, command, va_arg(arguments, struct flock*));
    else if (command == F_GETFD || command == F_GETFL) code = ::fcntl(file, command);
    else code = ::fcntl(file, command, va_arg(arguments, int));
    va_end(arguments);
    return code;
}

}  // namespace

void lock_logs_by_description() {
    static std::once_flag once;
    std::call_once(once, [] {
        if (auto* vfs = sqlite3_vfs_find(nullptr); vfs != nullptr && vfs->iVersion >= 3 && vfs->xSetSystemCall != nullptr)
            vfs->xSetSystemCall(vfs, "fcntl", reinterpret_cast<sqlite3_syscall_ptr>(&fcntl_for_sqlite));
    });
}

base::Result<base::Descriptor> hold_case(const std::string& path) {
    base::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) return file;
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    for (;;) {
        struct flock lock {};
        lock.l_type = F_RDLCK, lock.l_whence = SEEK_SET, lock.l_start = k_shared, lock.l_len = k_shared_size;
        if (::fcntl(file.get(), F_OFD_SETLK, &lock) == 0) return file;
        if (errno != EAGAIN && errno != EACCES) return base::Descriptor();
        if (std::chrono::steady_clock::now() > end) return base::fail(base::Errc::busy, path + " is held by another program");
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
}

}  // namespace deadbox::case_file
