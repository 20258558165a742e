// The process that looks into hostile files: what it cannot do, and how it talks.
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QBuffer>
#include <QFile>
#include <QProcess>

#include <functional>

#include "ipc/frame.hpp"
#include "preview/kind.hpp"
#include "preview/lock_down.hpp"
#include "preview/protocol.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using preview::Kind, preview::Say;

namespace {

constexpr int k_patience_ms = 60'000;  // a busy machine

enum Outcome { allowed = 10, refused = 11, killed = 12, not_locked = 13 };

int inside(Kind kind, const std::function<bool()>& act) {
    const pid_t pid = ::fork();
    if (pid == 0) {
        if (!preview::lock_down(kind)) ::_exit(not_locked);
        ::_exit(act() ? allowed : refused);
    }
    int status = 0;
    ::waitpid(pid, &status, 0);
    return WIFSIGNALED(status) ? killed : WEXITSTATUS(status);
}

std::string order(std::int64_t size) {
    ipc::Encoder frame(static_cast<std::uint8_t>(Say::order));
    frame.put("").put(0).put(500).put(64).put(size);
    return frame.finish();
}

struct Conversation {
    bool ended = false;       // with end
    std::string failed;       // or with failed
    int rows = 0, pixels = 0;
    std::size_t asked = 0;    // bytes
    std::vector<std::string> properties;
};

// Talks with the program as the window does.
Conversation talk(QProcess& process, const QByteArray& file, std::int64_t size) {
    Conversation talk;
    const auto first = order(size);
    process.write(first.data(), static_cast<qint64>(first.size()));
    ipc::FrameBuffer frames;
    while (process.waitForReadyRead(k_patience_ms)) {
        const auto bytes = process.readAllStandardOutput();
        frames.add({reinterpret_cast<const std::byte*>(bytes.constData()), static_cast<std::size_t>(bytes.size())});
        for (;;) {
            const auto frame = frames.next();
            if (!frame || !*frame) break;
            auto message = ipc::Message::decode(**frame);
            if (!message) return talk;
            switch (static_cast<Say>(message->kind())) {
                case Say::need: {
                    (void)message->integer();
                    const auto offset = message->integer(), length = message->integer();
                    talk.asked += static_cast<std::size_t>(length);
                    const auto piece = file.mid(offset, length);
                    ipc::Encoder answer(static_cast<std::uint8_t>(Say::bytes));
                    answer.put(base::ByteView(reinterpret_cast<const std::byte*>(piece.constData()), static_cast<std::size_t>(piece.size())));
                    const auto text = answer.finish();
                    process.write(text.data(), static_cast<qint64>(text.size()));
                    break;
                }
                case Say::row: ++talk.rows; break;
                case Say::pixels: talk.pixels += static_cast<int>(message->bytes().size()); break;
                case Say::property: {
                    (void)message->text();
                    talk.properties.push_back(std::string(message->text()) + ": " + std::string(message->text()));
                    break;
                }
                case Say::end: talk.ended = true; return talk;
                case Say::failed: talk.failed = message->text(); return talk;
                default: break;
            }
        }
    }
    return talk;
}

}  // namespace

class LockedTest : public QObject {
    Q_OBJECT
    void start(QProcess& process, const char* kind) {
        process.start(QStringLiteral(DEADBOX_BIN_DIR "/deadbox-preview"), {QString::fromLatin1(kind)});
        if (!process.waitForStarted()) qWarning() << process.errorString();
    }

private slots:
    void no_kind_opens_anything_data() {
        QTest::addColumn<int>("kind");
        for (const auto* name : {"picture", "media", "archive", "database", "journal", "elf", "markers"}) QTest::newRow(name) << int(*preview::kind_named(name));
    }
    void no_kind_opens_anything() {
        QFETCH(int, kind);
        const auto as = static_cast<Kind>(kind);
        QCOMPARE(inside(as, [] { return ::open("/etc/passwd", O_RDONLY) >= 0; }), int{refused});
        QCOMPARE(inside(as, [] { return ::open("/tmp/deadbox-preview-was-here", O_WRONLY | O_CREAT, 0600) >= 0; }), int{refused});
        QCOMPARE(inside(as, [] { return ::unlink("/tmp/deadbox-preview-was-here") == 0; }), int{refused});
        QCOMPARE(inside(as, [] { return ::fork() >= 0; }), int{refused});
        QCOMPARE(inside(as, [] { return ::socket(AF_INET, SOCK_STREAM, 0) >= 0; }), int{killed});
        QCOMPARE(inside(as, [] { return ::execl("/bin/true", "true", nullptr) == 0; }), int{killed});
    }

    // The program itself: while it waits for bytes of the file, it is behind both filters.
    void the_program_is_locked_before_it_reads() {
        for (const auto* kind : {"picture", "archive", "database", "journal", "elf", "media", "markers"}) {
            QProcess process;
            start(process, kind);
            const auto first = order(1000);
            process.write(first.data(), static_cast<qint64>(first.size()));
            QVERIFY2(process.waitForReadyRead(k_patience_ms), kind);  // it asks for bytes
            QFile status(QStringLiteral("/proc/%1/status").arg(process.processId()));
            QVERIFY(status.open(QIODevice::ReadOnly));
            const auto text = status.readAll();
            QVERIFY2(text.contains("Seccomp:\t2"), kind);
            QVERIFY2(text.contains("NoNewPrivs:\t1"), kind);
            const auto at = text.indexOf("Seccomp_filters:\t");
            if (at >= 0) QVERIFY2(text.mid(at + 17, 1).toInt() >= 2, kind);
            process.closeWriteChannel();
            QVERIFY(process.waitForFinished(10'000));
        }
    }

    void it_asks_for_what_it_looks_at_alone() {
        QByteArray disk(1 << 20, '\0');
        disk[510] = '\x55', disk[511] = '\xaa';
        QProcess process;
        start(process, "markers");
        const auto said = talk(process, disk, 1ll << 40);  // a disk of a terabyte
        QVERIFY(said.ended);
        QVERIFY(said.asked < (4u << 20));
        process.kill();
        process.waitForFinished();
    }

    void it_answers_one_order_after_the_other() {
        QProcess process;
        start(process, "elf");
        QFile own(QCoreApplication::applicationFilePath());
        QVERIFY(own.open(QIODevice::ReadOnly));
        const auto bytes = own.readAll();
        for (int round = 0; round < 3; ++round) {
            const auto said = talk(process, bytes, bytes.size());
            QVERIFY2(said.ended, said.failed.c_str());
            QVERIFY(said.rows > 0 && !said.properties.empty());
        }
        process.closeWriteChannel();
        QVERIFY(process.waitForFinished(10'000));
        QCOMPARE(process.exitCode(), 0);
    }

    void what_it_cannot_read_is_an_answer() {
        for (const auto* kind : {"picture", "archive", "database", "journal", "elf", "media"}) {
            QProcess process;
            start(process, kind);
            const auto said = talk(process, QByteArray(5000, '?'), 5000);
            QVERIFY2(!said.failed.empty(), kind);
            process.kill();
            process.waitForFinished();
        }
    }

    void a_peer_that_talks_nonsense_ends_it() {
        QProcess process;
        start(process, "archive");
        process.write(QByteArray("\xff\xff\xff\xff nonsense", 13));
        process.closeWriteChannel();
        QVERIFY(process.waitForFinished(10'000));
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 1);
    }

    void usage() {
        QProcess process;
        start(process, "everything");
        QVERIFY(process.waitForFinished(10'000));
        QCOMPARE(process.exitCode(), 2);
    }
};
DEADBOX_TEST(LockedTest)
#include "locked_test.moc"
