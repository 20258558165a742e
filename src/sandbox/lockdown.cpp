#include "sandbox/lockdown.hpp"

#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "base/descriptor.hpp"

namespace deadbox::sandbox {
namespace {

using Filter = std::unique_ptr<void, decltype(&seccomp_release)>;

int landlock_abi() {
    const long abi = syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
    return abi > 0 ? static_cast<int>(abi) : 0;
}

base::Result<int> restrict_files(const std::vector<std::string>& folders) {
    const int abi = landlock_abi();
    if (abi == 0) return 0;
    landlock_ruleset_attr rights{};
    rights.handled_access_fs = (1ull << 13) - 1;           // ABI 1: execute .. make_sym
    if (abi >= 2) rights.handled_access_fs |= 1ull << 13;  // refer
    if (abi >= 3) rights.handled_access_fs |= 1ull << 14;  // truncate
    const base::Descriptor rules(static_cast<int>(syscall(SYS_landlock_create_ruleset, &rights, sizeof rights, 0)));
    if (!rules) return base::fail_errno("cannot make a Landlock rule set", errno);
    for (const auto& folder : folders) {
        const base::Descriptor path(::open(folder.c_str(), O_PATH | O_CLOEXEC));
        if (!path) continue;
        landlock_path_beneath_attr beneath{};
        beneath.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE;
        beneath.parent_fd = path.get();
        if (syscall(SYS_landlock_add_rule, rules.get(), LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) != 0)
            return base::fail_errno("cannot add the evidence's folder to Landlock", errno);
    }
    if (syscall(SYS_landlock_restrict_self, rules.get(), 0) != 0) return base::fail_errno("cannot enter Landlock", errno);
    return abi;
}

void limit(__rlimit_resource_t resource, std::uint64_t value) {
    const rlimit bound{value, value};
    setrlimit(resource, &bound);
}

base::Result<void> load(const Filter& filter, int outcome) {
    if (outcome < 0) return base::fail(base::Errc::internal, "a seccomp rule was refused");
    const int loaded = seccomp_load(filter.get());
    if (loaded < 0) return base::fail_errno("the kernel refuses seccomp; --reduced-sandbox goes on without it", -loaded);
    return {};
}

}  // namespace

Applied available() { return {prctl(PR_GET_SECCOMP) >= 0, landlock_abi()}; }

base::Result<Applied> enter(const std::vector<std::string>& folders, const Limits& limits) {
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return base::fail_errno("cannot give up privileges", errno);
    prctl(PR_SET_DUMPABLE, 0);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, 0);
    if (limits.memory > 0) limit(RLIMIT_AS, limits.memory);

    Applied applied;
    TRY_ASSIGN(applied.landlock, restrict_files(folders));

    const Filter filter(seccomp_init(SCMP_ACT_ERRNO(EPERM)), &seccomp_release);
    int outcome = 0;
    const auto rule = [&](std::uint32_t action, std::initializer_list<int> calls) {
        for (const int call : calls) outcome = std::min(outcome, seccomp_rule_add(filter.get(), action, call, 0));
    };
    seccomp_attr_set(filter.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    rule(SCMP_ACT_ALLOW,
         {SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64), SCMP_SYS(preadv), SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(lseek), SCMP_SYS(fstat),
          SCMP_SYS(newfstatat), SCMP_SYS(close), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(brk), SCMP_SYS(madvise), SCMP_SYS(futex),
          SCMP_SYS(set_robust_list), SCMP_SYS(rseq), SCMP_SYS(gettid), SCMP_SYS(getpid), SCMP_SYS(sched_yield), SCMP_SYS(clock_gettime),
          SCMP_SYS(clock_nanosleep), SCMP_SYS(nanosleep), SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigprocmask),
          SCMP_SYS(rt_sigaction), SCMP_SYS(sigaltstack), SCMP_SYS(getrandom), SCMP_SYS(sched_getaffinity), SCMP_SYS(restart_syscall),
          SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(fadvise64), SCMP_SYS(fcntl), SCMP_SYS(dup), SCMP_SYS(openat),
          SCMP_SYS(seccomp)});  // a further filter can only take away: stage two needs it
    rule(SCMP_ACT_KILL_PROCESS,
         {SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(socket), SCMP_SYS(socketpair), SCMP_SYS(connect), SCMP_SYS(bind), SCMP_SYS(ptrace),
          SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev), SCMP_SYS(io_uring_setup), SCMP_SYS(io_uring_enter), SCMP_SYS(bpf), SCMP_SYS(mount),
          SCMP_SYS(umount2), SCMP_SYS(pivot_root), SCMP_SYS(chroot), SCMP_SYS(init_module), SCMP_SYS(finit_module), SCMP_SYS(kexec_load),
          SCMP_SYS(userfaultfd), SCMP_SYS(perf_event_open), SCMP_SYS(io_uring_register), SCMP_SYS(fsopen), SCMP_SYS(move_mount), SCMP_SYS(open_tree),
          SCMP_SYS(delete_module), SCMP_SYS(unshare), SCMP_SYS(setns), SCMP_SYS(keyctl)});
    rule(SCMP_ACT_ERRNO(ENOSYS), {SCMP_SYS(clone3)});
    // abort() signals the process itself; nobody else's may be signalled (Landlock says so from its 6th version on only).
    outcome = std::min(outcome, seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(getpid()))));
    // Memory may never be executed that was not executable before.
    const auto no_exec = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
    outcome = std::min(outcome, seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, no_exec));
    outcome = std::min(outcome, seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, no_exec));
    // Threads, not processes.
    constexpr std::uint64_t k_clone_thread = 0x10000;
    outcome = std::min(outcome, seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, SCMP_SYS(clone), 1, SCMP_A0(SCMP_CMP_MASKED_EQ, k_clone_thread, k_clone_thread)));
    TRY(load(filter, outcome));
    applied.seccomp = true;
    return applied;
}

base::Result<void> close_files() {
    // A second filter on top of the first: the stricter answer wins. EACCES, because malloc opens a file of /proc now
    // and then and lives without it.
    const Filter filter(seccomp_init(SCMP_ACT_ALLOW), &seccomp_release);
    seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_NNP, 0);  // set in stage one
    int outcome = 0;
    for (const int call : {SCMP_SYS(openat), SCMP_SYS(openat2), SCMP_SYS(open), SCMP_SYS(creat)})
        outcome = std::min(outcome, seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(EACCES), call, 0));
    return load(filter, outcome);
}

}  // namespace deadbox::sandbox
