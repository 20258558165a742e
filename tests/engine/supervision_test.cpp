// What a worker does is watched, whatever it does: one that stands still is ended, and costs what it worked on.
#include <QElapsedTimer>

#include <signal.h>
#include <unistd.h>

#include <fstream>

#include "engine/machine.hpp"
#include "ipc/pool.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using test::Rows;

namespace {

std::vector<pid_t> children_of(pid_t process) {
    std::ifstream list("/proc/" + std::to_string(process) + "/task/" + std::to_string(process) + "/children");
    std::vector<pid_t> all;
    for (pid_t child = 0; list >> child;) all.push_back(child);
    return all;
}

// A pool with one child that has opened the evidence.
class Watched {
public:
    explicit Watched(const std::string& image) {
        ipc::PoolOptions options;
        options.evidence = {image}, options.hang_seconds = 1;
        auto started = ipc::Pool::start(std::move(options), 1);
        if (!started || !(*started)->ensure(0)) return;
        m_pool = std::move(*started);
        m_handler.message = [this](int, ipc::Message& message, base::ByteView) -> base::Result<void> {
            m_opened |= message.kind() == static_cast<std::uint8_t>(ipc::Reply::opened);
            ++m_messages;
            return {};
        };
        m_handler.death = [this](int, const ipc::Death& death) -> base::Result<void> {
            m_death = death;
            return {};
        };
        m_handler.wants = [](int) { return true; };
        poll_until([this] { return m_opened; });
    }
    bool opened() const { return m_opened; }
    const std::optional<ipc::Death>& death() const { return m_death; }

    bool poll_until(const std::function<bool()>& over, int milliseconds = 10'000) {
        QElapsedTimer timer;
        timer.start();
        while (!over() && timer.elapsed() < milliseconds)
            if (!m_pool->poll(50, m_handler)) return false;
        return over();
    }
    // Gives the order, stops the child in the middle of it, and waits for its end.
    bool stop_within(const ipc::Encoder& order, std::uint64_t bytes) {
        const auto before = m_pool->bytes_read();
        ipc::Encoder copy = order;
        if (!m_pool->send(0, copy.finish())) return false;
        QElapsedTimer timer;
        timer.start();
        while (m_pool->bytes_read() - before < bytes && timer.elapsed() < 10'000) ::usleep(500);
        for (const pid_t host : children_of(getpid()))
            for (const pid_t worker : children_of(host)) ::kill(worker, SIGSTOP);
        return poll_until([this] { return m_death.has_value(); });
    }
    // Takes nothing for a while, then all of it.
    bool take_late(const ipc::Encoder& order, int milliseconds) {
        ipc::Encoder copy = order;
        if (!m_pool->send(0, copy.finish())) return false;
        ::usleep(static_cast<unsigned>(milliseconds) * 1000);
        int seen = 0;
        poll_until([&] { return m_death.has_value() || (m_messages == seen ? ++m_quiet > 20 : (seen = m_messages, m_quiet = 0, false)); });
        return !m_death;
    }

private:
    std::unique_ptr<ipc::Pool> m_pool;
    ipc::Pool::Handler m_handler;
    bool m_opened = false;
    int m_messages = 0, m_quiet = 0;
    std::optional<ipc::Death> m_death;
};

}  // namespace

class SupervisionTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        m_machine.add("/srv/large.bin", std::string(8u << 20, 'x'));
        QVERIFY(m_machine.build(2048));
        QVERIFY(run("/srv/large.bin"));
    }

    void a_child_that_stands_still_is_ended_data() {
        QTest::addColumn<QString>("order");
        QTest::newRow("digest of the media") << "media";
        QTest::newRow("a viewer's bytes") << "read";
    }
    void a_child_that_stands_still_is_ended() {
        QFETCH(QString, order);
        Watched watched(m_machine.image());
        QVERIFY(watched.opened());
        ipc::Encoder message(static_cast<std::uint8_t>(order == "media" ? ipc::Order::media : ipc::Order::read));
        if (order == "media") message.put(0).put(1);
        else message.put(1).put(0).put(m_inode).put(0).put(8 << 20);
        QVERIFY(watched.stop_within(message, order == "media" ? 16u << 20 : 1u << 20));
        QVERIFY(watched.death()->hung);
        QCOMPARE(watched.death()->step, order == "media" ? ipc::k_step_media : ipc::k_step_read);
    }
    // A window whose user looks at something else does not ask for a while: its worker did not hang.
    void one_that_waits_for_us_is_not() {
        Watched watched(m_machine.image());
        QVERIFY(watched.opened());
        ipc::Encoder message(static_cast<std::uint8_t>(ipc::Order::read));
        message.put(1).put(0).put(m_inode).put(0).put(8 << 20);
        QVERIFY(watched.take_late(message, 2500));
    }

    // The worker of the tests goes wrong while it lists the deleted inodes of a file system whose root says so.
    void listing_deleted_inodes_may_go_wrong_data() {
        QTest::addColumn<QString>("how");
        QTest::addColumn<bool>("hung");
        QTest::newRow("crash") << "abort" << false;
        QTest::newRow("hang") << "spin" << true;
    }
    void listing_deleted_inodes_may_go_wrong() {
        QFETCH(QString, how);
        QFETCH(bool, hung);
        test::Machine machine;
        machine.add("/orphans-" + how.toStdString(), "");
        machine.add("/srv/site/page.html", "<html></html>");
        QVERIFY(machine.build());
        auto options = machine.options("case.deadbox");
        engine::Progress progress;
        QElapsedTimer timer;
        timer.start();
        progress.stop = [&] { return timer.elapsed() > 60'000; };
        const auto result = engine::analyze(options, progress);
        QVERIFY2(result, result ? "" : result.error().what.c_str());
        QVERIFY(!result->interrupted);
        QVERIFY(!result->gaps);  // remnants of deleted files are a limit
        QCOMPARE(test::rows(options.case_path, "SELECT level, area, examples FROM coverage WHERE area = 'worker'"), Rows{"limit|worker|[\"step: listing deleted inodes\"]"});
        QCOMPARE(test::rows(options.case_path, "SELECT timeouts FROM run"), Rows{hung ? "[\"listing deleted inodes\"]" : "[]"});
        QCOMPARE(test::rows(options.case_path, "SELECT count(*) FROM file WHERE sha256 IS NOT NULL AND path = '/srv/site/page.html'"), Rows{"1"});
    }

private:
    bool run(const char* path) {
        engine::Progress progress;
        auto options = m_machine.options("large.deadbox");
        options.scope = {path};
        options.evidence_hash = engine::EvidenceHash::none;
        if (!engine::analyze(options, progress)) return false;
        const auto inode = test::rows(options.case_path, std::string("SELECT inode FROM file WHERE path = '") + path + "'");
        m_inode = inode.empty() ? 0 : std::stoull(inode.front());
        return m_inode > 0;
    }
    test::Machine m_machine;
    std::uint64_t m_inode = 0;
};
DEADBOX_TEST(SupervisionTest)
#include "supervision_test.moc"
