// What a locked-down child cannot do, each tried in a child of its own.
#include "sandbox/lockdown.hpp"

#include <QTemporaryDir>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>

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
    void dies_on_what_no_parser_needs() {
        QCOMPARE(inside(folder(), true, [] { return ::socket(AF_INET, SOCK_STREAM, 0) >= 0; }), int{killed});
        QCOMPARE(inside(folder(), true, [] { ::execl("/bin/true", "true", nullptr); return false; }), int{killed});
        QCOMPARE(inside(folder(), true, [] { return ::ptrace(PTRACE_ATTACH, ::getppid(), nullptr, nullptr) == 0; }), int{killed});
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
