// A block that cannot be read costs what stood in it, not the file.
#include <QProcess>

#include <fmt/format.h>

#include "engine/machine.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using test::Rows;

class LostBlocksTest : public QObject {
    Q_OBJECT
    // Writes a field of an inode over: "PATH FIELD VALUE", as debugfs has them.
    static bool spoil(const test::Machine& machine, const QString& field) {
        QProcess process;
        process.start("debugfs", {"-w", "-R", "set_inode_field " + field, QString::fromStdString(machine.image())});
        return process.waitForFinished() && process.exitCode() == 0;
    }

private slots:
    void a_log_is_read_around_them() {
        std::string log;
        constexpr int k_lines = 3600;  // 350 KB: beyond the block of pointers that is lost
        for (int i = 0; i < k_lines; ++i)
            log += fmt::format("2026-03-02T04:{:02}:{:02}+00:00 web sshd[{}]: Accepted password for root from 198.51.100.9 port 4222 ssh2\n", i / 60, i % 60, 10'000 + i);
        QVERIFY(log.size() > 300'000);
        test::Machine machine;
        machine.add("/var/log/auth.log", log);
        machine.add("/var/log/messages", log);
        QVERIFY(machine.build(16, "ext2"));
        // Behind the first 12 blocks stand 256 whose pointers lie in one block: it shall lie outside of the disk.
        QVERIFY(spoil(machine, "/var/log/auth.log block[IND] 99999999"));
        const auto options = machine.options("case.deadbox");
        engine::Progress progress;
        const auto result = engine::analyze(options, progress);
        QVERIFY2(result, result ? "" : result.error().what.c_str());
        QVERIFY(result->gaps);

        const auto logins = [&](const char* path) {
            return test::rows(options.case_path, std::string("SELECT count(*), min(e.s), max(e.s) FROM event e JOIN inode_path p ON p.inode = e.inode WHERE p.path = '") + path + "'");
        };
        const auto all = logins("/var/log/messages");
        QCOMPARE(QString::fromStdString(all.front()).section('|', 0, 0).toInt(), k_lines);
        const auto around = logins("/var/log/auth.log");
        const auto read = QString::fromStdString(around.front()).section('|', 0, 0).toInt();
        const int lost_lines = static_cast<int>(256 * 1024 / (log.size() / k_lines));
        QCOMPARE(QString::fromStdString(around.front()).section('|', 1), QString::fromStdString(all.front()).section('|', 1));  // before the hole and behind it
        QVERIFY2(read > k_lines - lost_lines - 10 && read < k_lines - lost_lines + 10, around.front().c_str());

        QCOMPARE(test::rows(options.case_path, "SELECT c.state, c.sha256 IS NULL, s.outcome FROM content c JOIN inode_path p ON p.inode = c.inode JOIN step s ON s.inode = c.inode AND s.parser = 'syslog' ORDER BY p.path"),
                 (Rows{"2|1|0", "0|0|0"}));
        QCOMPARE(test::rows(options.case_path, "SELECT level, reason, count, folder FROM coverage WHERE level = 'gap' AND area = 'ext2' AND reason LIKE '%zeros'"),
                 Rows{"gap|part of a file's content could not be read and counts as zeros|1|/var/log"});
        QCOMPARE(test::rows(options.case_path, "SELECT examples LIKE '%auth.log: 262144 bytes: %' FROM coverage WHERE level = 'gap' AND reason LIKE '%zeros'"), Rows{"1"});
        // Nobody silenced it: zeros that stand for what could not be read are no traces.
        QCOMPARE(test::rows(options.case_path, "SELECT rule FROM finding WHERE rule LIKE 'logs/%'"), Rows{});
    }

    // What is not in use is not read: where a name says that it is, something is lost.
    void a_name_without_an_inode_in_use() {
        test::Machine machine;
        machine.add("/var/www/html/index.php", "<?php echo 1;\n");
        QVERIFY(machine.build(16, "ext2"));
        QVERIFY(spoil(machine, "/var/www/html/index.php links_count 0"));
        const auto options = machine.options("case.deadbox");
        engine::Progress progress;
        const auto result = engine::analyze(options, progress);
        QVERIFY2(result, result ? "" : result.error().what.c_str());
        QVERIFY(result->gaps);
        QCOMPARE(test::rows(options.case_path, "SELECT level, area, reason, count FROM coverage WHERE reason LIKE 'a name leads%'"), Rows{"gap|ext2|a name leads to an inode that is not in use|1"});
    }
};
DEADBOX_TEST(LostBlocksTest)
#include "lost_blocks_test.moc"
