// What a locked-down child cannot do, each tried in a child of its own.
#include "sandbox/lockdown.hpp"

#include <QTemporaryDir>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <functional>
#include <thread>

#include "support/test_main.hpp"

using namespace deadbox;

namespace {

enum Outcome { allowed = 10, refused = 11, killed = 12, not_locked = 13 };

// Runs `act` behind the lock-down; it answers whether it was let through.
int inside(const std::string& folder, bool second_stage, const std::function<bool()>& act) {
    const pid_t pid = ::fork();
    if (pid == 0) {
        sandbox::Limits limits;
        limits.memory = 0;
        if (!sandbox::enter({folder}, limits)) ::_exit(not_locked);
        if (second_stage && !sandbox::close_files()) ::_exit(not_locked);
        ::_exit(act() ? allowed : refused);
    }
    int status = 0;
    ::waitpid(pid, &status, 0);
    return WIFSIGNALED(status) ? killed : WEXITSTATUS(status);
}

}  // namespace

class LockdownTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        QFile file(m_folder.filePath("evidence.raw"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("bytes");
        m_file = m_folder.filePath("evidence.raw").toStdString();
        m_open = ::open(m_file.c_str(), O_RDONLY);
        QVERIFY(m_open >= 0);
    }
    void reads_the_evidence() {
        QCOMPARE(inside(folder(), true, [this] { char byte = 0; return ::pread(m_open, &byte, 1, 0) == 1; }), int{allowed});
    }
    void opens_beside_the_evidence_in_stage_one() {
        QCOMPARE(inside(folder(), false, [this] { return ::open(m_file.c_str(), O_RDONLY) >= 0; }), int{allowed});
        if (sandbox::available().landlock > 0) {
            QCOMPARE(inside(folder(), false, [] { return ::open("/etc/passwd", O_RDONLY) >= 0; }), int{refused});
            QCOMPARE(inside(folder(), false, [this] { return ::open(m_file.c_str(), O_WRONLY) >= 0; }), int{refused});
        }
    }
    void opens_nothing_in_stage_two() {
        QCOMPARE(inside(folder(), true, [this] { return ::open(m_file.c_str(), O_RDONLY) >= 0; }), int{refused});
        QCOMPARE(inside(folder(), true, [this] { return ::open((m_file + ".new").c_str(), O_WRONLY | O_CREAT, 0600) >= 0; }), int{refused});
    }
    void writes_nothing() {
        QCOMPARE(inside(folder(), true, [this] { return ::pwrite(m_open, "x", 1, 0) == 1; }), int{refused});
        QCOMPARE(inside(folder(), true, [this] { return ::unlink(m_file.c_str()) == 0; }), int{refused});
    }
    void dies_on_what_no_parser_needs_data() {
        QTest::addColumn<long>("call");
        for (const auto& [name, call] : std::initializer_list<std::pair<const char*, long>>{
                 {"socket", SYS_socket}, {"socketpair", SYS_socketpair}, {"connect", SYS_connect}, {"bind", SYS_bind}, {"execve", SYS_execve}, {"execveat", SYS_execveat},
                 {"ptrace", SYS_ptrace}, {"process_vm_readv", SYS_process_vm_readv}, {"process_vm_writev", SYS_process_vm_writev}, {"io_uring_setup", SYS_io_uring_setup},
                 {"io_uring_enter", SYS_io_uring_enter}, {"io_uring_register", SYS_io_uring_register}, {"bpf", SYS_bpf}, {"mount", SYS_mount}, {"umount2", SYS_umount2},
                 {"fsopen", SYS_fsopen}, {"move_mount", SYS_move_mount}, {"open_tree", SYS_open_tree}, {"pivot_root", SYS_pivot_root}, {"chroot", SYS_chroot}, {"init_module", SYS_init_module},
                 {"finit_module", SYS_finit_module}, {"delete_module", SYS_delete_module}, {"kexec_load", SYS_kexec_load}, {"userfaultfd", SYS_userfaultfd},
                 {"perf_event_open", SYS_perf_event_open}, {"unshare", SYS_unshare}, {"setns", SYS_setns}, {"keyctl", SYS_keyctl}})
            QTest::newRow(name) << call;
    }
    void dies_on_what_no_parser_needs() {
        QFETCH(long, call);
        for (const bool second_stage : {false, true})
            QCOMPARE(inside(folder(), second_stage, [call] { return ::syscall(call, 0, 0, 0, 0, 0, 0) >= 0; }), int{killed});
    }
    // The calls of other ABIs have other numbers, by which a filter of numbers could be passed.
    void dies_on_foreign_abis_data() {
        QTest::addColumn<int>("abi");
        QTest::newRow("i386, int 0x80") << 0;
        QTest::newRow("x32") << 1;
    }
    void dies_on_foreign_abis() {
#if defined(__x86_64__)
        QFETCH(int, abi);
        const auto call = [abi]() -> bool {
            long result = 0;
            if (abi == 0) __asm__ volatile("int $0x80" : "=a"(result) : "a"(20L) : "memory");  // getpid
            else result = ::syscall(0x40000000L + SYS_getpid);
            return result > 0;
        };
        // A kernel without i386 ends the process by itself, and nothing is shown.
        QCOMPARE(inside(folder(), true, call), int{killed});
#else
        QSKIP("x86 only");
#endif
    }
    // glibc tries clone3 first and goes on with clone where it is told that there is none.
    void knows_no_clone3() {
        QCOMPARE(inside(folder(), true, [] { return ::syscall(SYS_clone3, nullptr, 0) < 0 && errno == ENOSYS; }), int{allowed});
    }
    void threads_may_start() {
        QCOMPARE(inside(folder(), true, [] {
                     bool ran = false;
                     std::thread([&] { ran = true; }).join();
                     return ran;
                 }),
                 int{allowed});
    }
    void other_calls_are_refused_data() {
        QTest::addColumn<long>("call");
        for (const auto& [name, call] : std::initializer_list<std::pair<const char*, long>>{
                 {"unlink", SYS_unlink}, {"rename", SYS_rename}, {"mkdir", SYS_mkdir}, {"chmod", SYS_chmod}, {"fchmod", SYS_fchmod}, {"fchown", SYS_fchown}, {"ftruncate", SYS_ftruncate},
                 {"fallocate", SYS_fallocate}, {"utimensat", SYS_utimensat}, {"setxattr", SYS_setxattr}, {"fsetxattr", SYS_fsetxattr}, {"kill", SYS_kill}, {"prctl", SYS_prctl}, {"setuid", SYS_setuid}, {"ioctl", SYS_ioctl},
                 {"memfd_create", SYS_memfd_create}, {"pwrite64", SYS_pwrite64}, {"sendfile", SYS_sendfile}, {"copy_file_range", SYS_copy_file_range}, {"shmget", SYS_shmget}, {"msgget", SYS_msgget},
                 {"open_by_handle_at", SYS_open_by_handle_at}, {"pidfd_open", SYS_pidfd_open}})
            QTest::newRow(name) << call;
    }
    void other_calls_are_refused() {
        QFETCH(long, call);
        QCOMPARE(inside(folder(), true, [this, call] { return ::syscall(call, m_open, 0, 0, 0, 0, 0) < 0 && errno == EPERM; }), int{allowed});
    }
    void signals_nobody_but_itself() {
        const auto parent = ::getpid();
        QCOMPARE(inside(folder(), true, [parent] { return ::syscall(SYS_tgkill, parent, parent, 0) < 0 && errno == EPERM; }), int{allowed});
        QCOMPARE(inside(folder(), true, [] { return ::syscall(SYS_tgkill, ::getpid(), ::syscall(SYS_gettid), 0) == 0; }), int{allowed});
    }
    void makes_no_process_and_no_code() {
        QCOMPARE(inside(folder(), true, [] { return ::fork() >= 0; }), int{refused});
        QCOMPARE(inside(folder(), true, [] { return ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED; }), int{refused});
    }

private:
    std::string folder() const { return m_folder.path().toStdString(); }
    QTemporaryDir m_folder;
    std::string m_file;
    int m_open = -1;
};
DEADBOX_TEST(LockdownTest)
#include "lockdown_test.moc"
