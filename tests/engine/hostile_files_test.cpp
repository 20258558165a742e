// A parser that goes wrong on one file costs exactly that file's step.
#include <signal.h>

#include <fstream>

#include <QProcess>

#include "engine/machine.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using test::Rows;

namespace {

// Deeds that end or hang the worker, and those that the lock-down answers.
constexpr const char* k_fatal[] = {"abort", "spin", "eat", "overflow", "wild", "throw", "socket", "exec"};
constexpr const char* k_answered[] = {"open", "create", "fork", "write"};

// The children of a process, as the kernel lists them.
std::vector<pid_t> children_of(pid_t process) {
    std::ifstream list("/proc/" + std::to_string(process) + "/task/" + std::to_string(process) + "/children");
    std::vector<pid_t> all;
    for (pid_t child = 0; list >> child;) all.push_back(child);
    return all;
}

}  // namespace

class HostileFilesTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        for (const char* word : k_fatal) m_machine.add(std::string("/trial/") + word, std::string(word) + "\n");
        for (const char* word : k_answered) m_machine.add(std::string("/trial/") + word, std::string(word) + "\n");
        for (int i = 0; i < 20; ++i) m_machine.add("/trial/harmless/" + std::to_string(i), "nothing\n");
        QVERIFY(m_machine.build());
        engine::Progress progress;
        const auto result = engine::analyze(m_machine.options("one.deadbox"), progress);
        QVERIFY2(result, result ? "" : result.error().what.c_str());
        QVERIFY(result->gaps);
        m_case = m_machine.path("one.deadbox");
    }

    void every_other_step_ran() {
        // before and after on every file, the guilty ones too
        QCOMPARE(test::rows(m_case, "SELECT what, count(*) FROM trial_mark WHERE what IN ('before', 'after') GROUP BY 1 ORDER BY 1"), (Rows{"after|32", "before|32"}));
        QCOMPARE(test::rows(m_case, "SELECT count(*) FROM file f WHERE f.type = 1 AND f.name_allocated AND f.sha256 IS NULL"), Rows{"0"});
    }

    void the_ledger_names_path_and_step_data() {
        QTest::addColumn<QString>("word");
        for (const char* word : k_fatal) QTest::newRow(word) << QString(word);
    }
    void the_ledger_names_path_and_step() {
        QFETCH(QString, word);
        const bool hung = word == "spin";
        const std::string path = "/trial/" + word.toStdString();
        const auto found = test::rows(m_case, "SELECT level, area, reason, value FROM coverage, json_each(examples) WHERE value LIKE '" + path + ":%'");
        // Three examples stand in a row of the ledger; the step table has all.
        if (!found.empty())
            QCOMPARE(found, Rows{std::string("gap|worker|a step ") + (hung ? "hung" : "crashed") + " its worker twice on a file and was left out|" + path + ": step: trial_deed"});
        QCOMPARE(test::rows(m_case, "SELECT s.parser, s.outcome FROM step s JOIN inode_path p ON p.inode = s.inode WHERE p.path = '" + path + "'"), Rows{hung ? "trial_deed|3" : "trial_deed|2"});
    }
    void the_ledger_counts_all() {
        QCOMPARE(test::rows(m_case, "SELECT count, folder, json_array_length(examples) FROM coverage WHERE area = 'worker' AND reason LIKE 'a step crashed%'"),
                 Rows{std::to_string(std::size(k_fatal) - 1) + "|/trial|3"});
        QCOMPARE(test::rows(m_case, "SELECT count(*) FROM coverage WHERE area = 'worker'"), Rows{"2"});
        QCOMPARE(test::rows(m_case, "SELECT count(*) FROM step WHERE parser LIKE 'trial%'"), Rows{std::to_string(std::size(k_fatal))});
    }
    void a_hang_is_a_timeout_of_the_run() { QCOMPARE(test::rows(m_case, "SELECT timeouts FROM run"), Rows{"[\"/trial/spin: trial_deed\"]"}); }

    void the_lock_down_answers_data() {
        QTest::addColumn<QString>("word");
        for (const char* word : k_answered) QTest::newRow(word) << QString(word);
    }
    void the_lock_down_answers() {
        QFETCH(QString, word);
        QCOMPARE(test::rows(m_case, "SELECT m.what FROM trial_mark m JOIN inode_path p ON p.inode = m.inode WHERE p.path = '/trial/" + word.toStdString() + "' AND m.what LIKE '" +
                                        word.toStdString() + "%'"),
                 Rows{word.toStdString() + " refused"});
    }

    // A size costs an intruder nothing: a list of files whose digests claim to be endless is read all the same.
    void a_file_beside_has_a_bound_too() {
        test::Machine machine;
        machine.add("/var/lib/dpkg/info/coreutils.list", "/.\n/bin\n/bin/ls\n");
        machine.add("/var/lib/dpkg/info/coreutils.md5sums", "d41d8cd98f00b204e9800998ecf8427e  bin/ls\n");
        QVERIFY(machine.build());
        QProcess enlarge;
        enlarge.start("debugfs", {"-w", "-R", "set_inode_field /var/lib/dpkg/info/coreutils.md5sums size 0x0fffffffffff", QString::fromStdString(machine.image())});
        QVERIFY(enlarge.waitForFinished() && enlarge.exitCode() == 0);
        const auto options = machine.options("beside.deadbox");
        engine::Progress progress;
        const auto result = engine::analyze(options, progress);
        QVERIFY2(result, result ? "" : result.error().what.c_str());
        QCOMPARE(test::rows(options.case_path, "SELECT reason FROM coverage WHERE area = 'worker'"), Rows{});
        QCOMPARE(test::rows(options.case_path, "SELECT level, area, reason FROM coverage WHERE area = 'dpkg_list'"), Rows{"limit|dpkg_list|a file is larger than its parser reads"});
        QCOMPARE(test::rows(options.case_path, "SELECT package, files, digests FROM package_list"), Rows{"coreutils|1|NULL"});
    }

    void any_number_of_workers_says_the_same() {
        auto options = m_machine.options("four.deadbox");
        options.jobs = 4;
        engine::Progress progress;
        QVERIFY(engine::analyze(options, progress));
        QCOMPARE(QString::fromStdString(test::seal_of(options.case_path).dump(1)), QString::fromStdString(test::seal_of(m_case).dump(1)));
    }

    // Somebody kills every worker child ten times while a file is being read: that is nobody's fault.
    void a_kill_from_outside_does_not_count() {
        test::Machine machine;
        for (int i = 0; i < 50; ++i) machine.add("/trial/harmless/" + std::to_string(i), std::string(200'000, static_cast<char>('a' + i % 26)));
        QVERIFY(machine.build(32));
        auto options = machine.options("undisturbed.deadbox");
        engine::Progress progress;
        QVERIFY(engine::analyze(options, progress));
        options.case_path = machine.path("killed.deadbox");
        int kills = 0;
        progress.show = [&](const engine::ProgressState& state) {
            if (kills >= 10 || (state.wave != "walk" && state.wave != "configure" && state.wave != "content")) return;
            for (const pid_t host : children_of(getpid()))
                for (const pid_t worker : children_of(host)) kills += ::kill(worker, SIGKILL) == 0;
        };
        const auto result = engine::analyze(options, progress);
        QVERIFY2(result, result ? "" : result.error().what.c_str());
        QVERIFY(kills > 0);
        QVERIFY(!result->gaps);
        QCOMPARE(QString::fromStdString(test::seal_of(options.case_path).dump(1)), QString::fromStdString(test::seal_of(machine.path("undisturbed.deadbox")).dump(1)));
        QCOMPARE(test::rows(options.case_path, "SELECT timeouts FROM run"), Rows{"[]"});
    }

private:
    test::Machine m_machine;
    std::string m_case;
};
DEADBOX_TEST(HostileFilesTest)
#include "hostile_files_test.moc"
