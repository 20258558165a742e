// The program as a shell or a scheduler drives it: signals, and how it ends.
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "engine/machine.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using test::Rows;

namespace {

constexpr const char* k_program = TRIAL_BIN_DIR "/deadbox";

int ended(const QStringList& arguments, QByteArray* said = nullptr) {
    QProcess process;
    process.start(k_program, arguments);
    if (!process.waitForFinished(120'000)) return -1;
    if (said != nullptr) *said = process.readAllStandardOutput() + process.readAllStandardError();
    return process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
}

std::vector<pid_t> children_of(qint64 process) {
    std::ifstream list("/proc/" + std::to_string(process) + "/task/" + std::to_string(process) + "/children");
    std::vector<pid_t> all;
    for (pid_t child = 0; list >> child;) all.push_back(child);
    return all;
}

// The states of the program's worker children: "T" where all stand still.
std::string states_of_workers(qint64 program) {
    std::string states;
    for (const pid_t host : children_of(program))
        for (const pid_t worker : children_of(host)) {
            std::ifstream stat("/proc/" + std::to_string(worker) + "/stat");
            std::string number, name, state;
            stat >> number >> name >> state;
            if (states.find(state) == std::string::npos) states += state;
        }
    return states;
}

// Waits until the program says a line of progress that holds `part`.
bool hears(QProcess& process, const QByteArray& part, int milliseconds = 30'000) {
    QElapsedTimer timer;
    timer.start();
    QByteArray heard;
    while (timer.elapsed() < milliseconds) {
        heard += process.readAllStandardError();
        if (heard.contains(part)) return true;
        if (process.state() == QProcess::NotRunning) return false;
        process.waitForReadyRead(50);
    }
    return false;
}

}  // namespace

class ProgramTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        m_machine.add("/srv/quiet.txt", "quiet\n");
        QVERIFY(m_machine.build());
        m_twin.add("/etc/passwd", "root:x:0:0:root:/root:/bin/bash\ntoor:x:0:0:root:/root:/bin/bash\n");
        m_twin.add("/etc/shadow", "root:$6$a$b:19000:0:99999:7:::\ntoor:$6$a$b:19000:0:99999:7:::\n");
        m_twin.add("/trial/abort", "abort\n");
        QVERIFY(m_twin.build());
        m_busy.add("/trial/toil", "toil\n");
        QVERIFY(m_busy.build());
    }

    void exit_statuses_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("recorded");
        const auto disk = QString::fromStdString(m_machine.image()), twin = QString::fromStdString(m_twin.image());
        QFile text(QString::fromStdString(m_machine.path("notes.txt")));
        QVERIFY(text.open(QIODevice::WriteOnly) && text.write("no disk at all\n") > 0);
        QTest::newRow("done") << QStringList{disk} << 0 << "[0]";
        QTest::newRow("done, nothing that grave") << QStringList{disk, "--fail-on", "critical"} << 0 << "[0]";
        QTest::newRow("a finding reached the mark, and gaps") << QStringList{twin, "--fail-on", "critical"} << 1 << "[1,4]";
        QTest::newRow("gaps") << QStringList{twin} << 4 << "[4]";
        QTest::newRow("usage") << QStringList{disk, "--profile", "half"} << 2 << "";
        QTest::newRow("usage of a hash") << QStringList{disk, "--expect-hash", "xyz"} << 2 << "";
        QTest::newRow("no evidence there") << QStringList{disk + ".missing"} << 3 << "[3,4]";
        QTest::newRow("one of two is not there") << QStringList{disk, disk + ".missing"} << 4 << "[4]";
    }
    void exit_statuses() {
        QFETCH(QStringList, arguments);
        QFETCH(int, status);
        QFETCH(QString, recorded);
        const auto path = m_machine.path("status.deadbox");
        QFile::remove(QString::fromStdString(path));
        QByteArray said;
        const int code = ended(QStringList{"analyze"} + arguments + QStringList{"-o", QString::fromStdString(path), "--quiet", "--jobs", "1"}, &said);
        QVERIFY2(code == status, said.constData());
        QCOMPARE(QFile::exists(QString::fromStdString(path)), !recorded.isEmpty());
        if (recorded.isEmpty()) return;
        QCOMPARE(test::rows(path, "SELECT exits FROM run"), Rows{recorded.toStdString()});
        QCOMPARE(test::rows(path, "SELECT count(*) > 0 FROM coverage WHERE level = 'gap'"), Rows{recorded.contains('4') ? "1" : "0"});
        QCOMPARE(test::rows(path, "SELECT count(*) > 0 FROM custody WHERE action = 'seal.run'"), Rows{"1"});
        QCOMPARE(ended({"verify", QString::fromStdString(path), "--quick", "--quiet"}), 0);
        // A case of any end can be reported.
        QVERIFY(test::report_of(path).find("error") != 0);
    }
    void nothing_opened_still_leaves_evidence_and_gaps() {
        const auto path = m_machine.path("nothing.deadbox");
        QCOMPARE(ended({"analyze", "/nonexistent/disk.raw", "-o", QString::fromStdString(path), "--quiet"}), 3);
        QCOMPARE(test::rows(path, "SELECT argument, error IS NOT NULL FROM evidence"), Rows{"/nonexistent/disk.raw|1"});
        QCOMPARE(test::rows(path, "SELECT count(*) > 0 FROM coverage WHERE level = 'gap' AND examples LIKE '%nonexistent%'"), Rows{"1"});
    }
    void a_case_that_cannot_be_used_data() {
        QTest::addColumn<QString>("path");
        QTest::addColumn<int>("status");
        QFile text(QString::fromStdString(m_machine.path("text.deadbox")));
        QVERIFY(text.open(QIODevice::WriteOnly) && text.write(QByteArray(5000, 'x')) > 0);
        text.close();
        QProcess sqlite;
        sqlite.start("sqlite3", {QString::fromStdString(m_machine.path("other.deadbox")), "CREATE TABLE t(a)"});
        QVERIFY(sqlite.waitForFinished() && sqlite.exitCode() == 0);
        QTest::newRow("a text") << QString::fromStdString(m_machine.path("text.deadbox")) << 5;
        QTest::newRow("another database") << QString::fromStdString(m_machine.path("other.deadbox")) << 5;
        QTest::newRow("a folder that is not there") << "/nonexistent/x.deadbox" << 5;
        QTest::newRow("a folder") << QString::fromStdString(m_machine.path("tree")) << 5;
    }
    void a_case_that_cannot_be_used() {
        QFETCH(QString, path);
        QFETCH(int, status);
        QStringList arguments{"analyze", QString::fromStdString(m_machine.image()), "-o", path, "--quiet"};
        if (QFile::exists(path)) arguments << "--resume";
        QByteArray said;
        const int code = ended(arguments, &said);
        QVERIFY2(code == status, said.constData());
    }
    void a_case_that_another_analysis_writes() {
        QProcess first;
        const auto path = QString::fromStdString(m_busy.path("busy.deadbox"));
        first.start(k_program, {"analyze", QString::fromStdString(m_busy.image()), "-o", path, "--progress", "json", "--jobs", "1"});
        QVERIFY(hears(first, "\"wave\":\"content\""));
        QCOMPARE(ended({"analyze", QString::fromStdString(m_busy.image()), "-o", path, "--quiet", "--resume"}), 5);
        // Readers and the analyst's notes need no lock.
        QCOMPARE(ended({"coverage", path}), 0);
        QCOMPARE(ended({"note", path, "it runs"}), 0);
        first.kill();
        QVERIFY(first.waitForFinished());
        QCOMPARE(test::rows(path.toStdString(), "SELECT text FROM note"), Rows{"it runs"});
    }

    void stops_within_a_second_data() {
        QTest::addColumn<int>("number");
        QTest::newRow("SIGTERM") << SIGTERM;
        QTest::newRow("SIGINT") << SIGINT;
    }
    void stops_within_a_second() {
        QFETCH(int, number);
        const auto path = m_busy.path("stopped.deadbox");
        QFile::remove(QString::fromStdString(path));
        QProcess process;
        process.start(k_program, {"analyze", QString::fromStdString(m_busy.image()), "-o", QString::fromStdString(path), "--progress", "json", "--jobs", "1"});
        QVERIFY(hears(process, "\"wave\":\"content\""));
        QTest::qWait(300);
        QElapsedTimer timer;
        timer.start();
        ::kill(static_cast<pid_t>(process.processId()), static_cast<int>(number));
        QVERIFY(process.waitForFinished(20'000));
        QVERIFY2(timer.elapsed() < 1000, qPrintable(QString::number(timer.elapsed()) + " ms"));
        QCOMPARE(process.exitCode(), 130);
        QCOMPARE(test::rows(path, "SELECT exits FROM run"), Rows{"[130]"});
        QCOMPARE(ended({"verify", QString::fromStdString(path), "--quick", "--quiet"}), 0);
    }

    // Whoever kills the worker interrupts the analysis; no wrong command line, no broken case.
    void a_killed_worker_interrupts_data() {
        QTest::addColumn<QByteArray>("until");  // what it says before; "" for at once
        QTest::newRow("at work") << QByteArray("\"wave\":\"content\"");
        QTest::newRow("while it starts") << QByteArray();
    }
    void a_killed_worker_interrupts() {
        QFETCH(QByteArray, until);
        const auto path = QString::fromStdString(m_busy.path("killed.deadbox"));
        QFile::remove(path);
        QProcess process;
        process.start(k_program, {"analyze", QString::fromStdString(m_busy.image()), "-o", path, "--progress", "json", "--jobs", "1"});
        QVERIFY(process.waitForStarted());
        if (!until.isEmpty()) QVERIFY(hears(process, until));
        std::vector<pid_t> hosts;
        QElapsedTimer timer;
        timer.start();
        while (hosts.empty() && timer.elapsed() < 20'000) hosts = children_of(process.processId());
        QVERIFY(!hosts.empty());
        ::kill(hosts.front(), SIGKILL);
        QVERIFY(process.waitForFinished(20'000));
        const auto said = process.readAllStandardError();
        QVERIFY2(process.exitCode() == 130, said.constData());
        QVERIFY2(said.contains("killed from outside (signal 9"), said.constData());
        QVERIFY2(said.contains(QFile::exists(path) ? "go on with --resume" : "start the analysis again"), said.constData());
        if (!QFile::exists(path)) return;
        QCOMPARE(test::rows(path.toStdString(), "SELECT exits FROM run"), Rows{"[130]"});
        if (!until.isEmpty()) QCOMPARE(test::rows(path.toStdString(), "SELECT count(*) FROM name WHERE name = 'passwd'"), Rows{"1"});
        QCOMPARE(ended({"verify", path, "--quick", "--quiet"}), 0);
    }
    // A case into which nothing could be written is not left behind; one that is found empty is called so.
    void leaves_no_stub() {
        const auto path = m_machine.path("stub.deadbox");
        QByteArray said;
        QProcess process;
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("DEADBOX_RESOURCES", "/nonexistent");  // the worker refuses to start
        process.setProcessEnvironment(environment);
        process.start(k_program, {"analyze", QString::fromStdString(m_machine.image()), "-o", QString::fromStdString(path), "--quiet"});
        QVERIFY(process.waitForFinished(60'000));
        QVERIFY2(process.exitCode() != 0 && !QFile::exists(QString::fromStdString(path)), process.readAllStandardError().constData());
        QFile stub(QString::fromStdString(path));
        QVERIFY(stub.open(QIODevice::WriteOnly));
        stub.close();
        QCOMPARE(ended({"findings", QString::fromStdString(path)}, &said), 5);
        QVERIFY2(said.contains("is empty") && said.contains("--resume"), said.constData());
        QCOMPARE(ended({"analyze", QString::fromStdString(m_machine.image()), "-o", QString::fromStdString(path), "--quiet", "--resume"}, &said), 0);
    }
    // Each machine that was not done says why.
    void a_batch_says_why() {
        const auto folder = QString::fromStdString(m_machine.path("fleet"));
        QCOMPARE(ended({"batch", QString::fromStdString(m_machine.image()), QString::fromStdString(m_machine.path("missing.raw")), "-o", folder, "--quiet"}), 4);
        QFile summary(folder + "/summary.json");
        QVERIFY(summary.open(QIODevice::ReadOnly));
        const auto rows = nlohmann::json::parse(summary.readAll().toStdString());
        QCOMPARE(rows.size(), std::size_t{2});
        QVERIFY(rows[0]["reason"].is_null());
        QVERIFY2(rows[1]["exit"] == 3 && rows[1]["reason"].is_string() && rows[1]["reason"].get<std::string>().find("missing.raw") != std::string::npos, rows.dump().c_str());
        QFile table(folder + "/summary.csv");
        QVERIFY(table.open(QIODevice::ReadOnly));
        QVERIFY(table.readAll().split('\n').at(2).contains("missing.raw: "));
    }

    void pauses_and_goes_on() {
        const auto path = QString::fromStdString(m_busy.path("paused.deadbox"));
        QProcess process;
        process.start(k_program, {"analyze", QString::fromStdString(m_busy.image()), "-o", path, "--progress", "json", "--jobs", "1"});
        QVERIFY(hears(process, "\"wave\":\"content\""));
        const auto program = process.processId();
        QTest::qWait(300);
        ::kill(static_cast<pid_t>(program), SIGUSR1);
        QVERIFY(hears(process, "\"paused\":true"));
        QTRY_COMPARE_WITH_TIMEOUT(QString::fromStdString(states_of_workers(program)), QStringLiteral("T"), 2000);
        ::kill(static_cast<pid_t>(program), SIGUSR2);
        QVERIFY(hears(process, "\"paused\":false"));
        QTRY_VERIFY_WITH_TIMEOUT(states_of_workers(program).find('T') == std::string::npos, 2000);
        // It can be stopped while it is paused, too.
        ::kill(static_cast<pid_t>(program), SIGUSR1);
        QVERIFY(hears(process, "\"paused\":true"));
        ::kill(static_cast<pid_t>(program), SIGTERM);
        QVERIFY(process.waitForFinished(5'000));
        QCOMPARE(process.exitCode(), 130);
    }

    // A case is given away on read-only media.
    void reads_from_a_read_only_folder_data() {
        QTest::addColumn<QStringList>("arguments");
        const QString image = QString::fromStdString(m_machine.image()), out = QString::fromStdString(m_machine.path("out"));
        QTest::newRow("findings") << QStringList{"findings", "CASE"};
        QTest::newRow("facts") << QStringList{"facts", "CASE"};
        QTest::newRow("facts of a table") << QStringList{"facts", "CASE", "--table", "account"};
        QTest::newRow("timeline") << QStringList{"timeline", "CASE"};
        QTest::newRow("bodyfile") << QStringList{"timeline", "CASE", "--files-only", "--format", "bodyfile"};
        QTest::newRow("coverage") << QStringList{"coverage", "CASE"};
        QTest::newRow("custody") << QStringList{"custody", "CASE"};
        QTest::newRow("ls") << QStringList{"ls", "CASE", "--recursive", "--json", "/"};
        QTest::newRow("stat") << QStringList{"stat", "CASE", "/etc/passwd"};
        QTest::newRow("cat") << QStringList{"cat", "CASE", "/etc/passwd"};
        QTest::newRow("extract") << QStringList{"extract", "CASE", "/etc", "-o", out + "/copies"};
        QTest::newRow("search") << QStringList{"search", "CASE", "passwd"};
        QTest::newRow("report") << QStringList{"report", "CASE", "-o", out + "/report"};
        QTest::newRow("verify") << QStringList{"verify", "CASE"};
    }
    void reads_from_a_read_only_folder() {
        QFETCH(QStringList, arguments);
        const auto folder = QString::fromStdString(m_machine.path("read-only"));
        const auto path = folder + "/one.deadbox";
        if (!QFile::exists(path)) {
            QVERIFY(QDir().mkpath(folder));
            QCOMPARE(ended({"analyze", QString::fromStdString(m_machine.image()), "-o", path, "--quiet"}), 0);
            QCOMPARE(QDir(folder).entryList(QDir::Files), QStringList{"one.deadbox"});  // closed, it is one file
            QVERIFY(::chmod(path.toLocal8Bit().constData(), 0444) == 0 && ::chmod(folder.toLocal8Bit().constData(), 0555) == 0);
        }
        arguments.replaceInStrings(QStringLiteral("CASE"), path);
        // Root may write everywhere: then somebody else reads.
        QProcess process;
        if (::geteuid() == 0) {
            ::chmod(QFileInfo(folder).absolutePath().toLocal8Bit().constData(), 0755);
            QDir().mkpath(QString::fromStdString(m_machine.path("out")));
            ::chmod(m_machine.path("out").c_str(), 0777);
            process.start("setpriv", QStringList{"--reuid=65534", "--regid=65534", "--clear-groups", k_program} + arguments);
        } else {
            process.start(k_program, arguments);
        }
        QVERIFY(process.waitForFinished(60'000));
        QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
        QCOMPARE(QDir(folder).entryList(QDir::Files), QStringList{"one.deadbox"});
    }
    void cleanupTestCase() { ::chmod(m_machine.path("read-only").c_str(), 0755); }

private:
    test::Machine m_machine, m_twin, m_busy;
};
DEADBOX_TEST(ProgramTest)
#include "program_test.moc"
