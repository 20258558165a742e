// Gives up rights for good, in two stages: before the first byte of evidence everything but opening files below the
// evidence's folders for reading; before the first byte inside the container that too.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace deadbox::sandbox {

struct Applied {
    bool seccomp = false;
    int landlock = 0;  // ABI version, 0 where the kernel has none
};

// What this kernel offers, without applying anything.
Applied available();

struct Limits {
    std::uint64_t memory = 3ull << 30;  // bytes of address space; 0: no bound
};

// Stage one. `folders` may be opened for reading below (Landlock; without it any file may still be opened until stage
// two). Kills the process on exec, sockets, ptrace, io_uring, bpf, mount and foreign ABIs; other calls that are not
// needed answer EPERM (clone3: ENOSYS).
base::Result<Applied> enter(const std::vector<std::string>& folders, const Limits& limits);
// Stage two: no file is opened any more.
base::Result<void> close_files();

}  // namespace deadbox::sandbox
