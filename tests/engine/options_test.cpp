// What an analysis is told, and what it makes of it.
#include <QCryptographicHash>
#include <QFile>

#include <filesystem>

#include "engine/machine.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using test::Rows;

namespace {

base::Result<engine::AnalysisResult> run_with(const engine::AnalysisOptions& options) {
    engine::Progress progress;
    return engine::analyze(options, progress);
}

constexpr const char* k_limits = "SELECT level, area, reason, examples FROM coverage WHERE area = 'scope'";

}  // namespace

class OptionsTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        for (int i = 0; i < 20; ++i) m_machine.add("/chain/" + std::to_string(i), std::to_string(i) + "\n");
        for (int i = 0; i < 300; ++i) m_machine.add("/srv/data/" + std::to_string(i), "data " + std::to_string(i) + "\n");
        m_machine.add("/srv/site/page.php", "<?php echo 1;\n");
        m_machine.add("/var/log/auth.log", "Jul  2 04:16:40 trial sshd[2398]: Accepted password for martina from 203.0.113.77 port 40112 ssh2\n");
        QVERIFY(m_machine.build());
        m_options = m_machine.options("plain.deadbox");
        QVERIFY(run_with(m_options));
    }

    // Files that name each other are followed in 16 rounds; where it ends stands in the ledger. Each is read once.
    void requests_are_bounded() {
        Rows expected;
        for (int i = 0; i < 16; ++i) expected.push_back(std::to_string(i) + "|" + (i == 0 ? "" : std::to_string(i - 1)));
        QCOMPARE(test::rows(m_options.case_path, "SELECT place, coalesce(parameter, '') FROM trial_link ORDER BY place"), expected);
        QCOMPARE(test::rows(m_options.case_path, "SELECT level, area, count, examples FROM coverage WHERE reason LIKE 'files name each other%'"), Rows{"limit|configure|1|[\"/chain/16\"]"});
    }

    void jobs_do_not_matter() {
        auto options = m_options;
        options.case_path = m_machine.path("jobs.deadbox");
        options.jobs = 4;
        QVERIFY(run_with(options));
        QCOMPARE(QString::fromStdString(test::seal_of(options.case_path).dump(1)), QString::fromStdString(test::seal_of(m_options.case_path).dump(1)));
    }

    // Stopped in the middle of every wave, again and again.
    void stopping_does_not_matter() {
        auto options = m_options;
        options.case_path = m_machine.path("stopped.deadbox");
        int runs = 0;
        for (bool done = false; !done; ++runs) {
            QVERIFY(runs < 200);
            engine::Progress progress;
            int asked = 0;
            progress.stop = [&] { return ++asked > 3 + runs; };
            const auto result = engine::analyze(options, progress);
            QVERIFY2(result, result ? "" : result.error().what.c_str());
            done = !result->interrupted;
            options.resume = true;
        }
        QVERIFY(runs > 3);
        QCOMPARE(QString::fromStdString(test::seal_of(options.case_path).dump(1)), QString::fromStdString(test::seal_of(m_options.case_path).dump(1)));
    }

    void scope_data() {
        QTest::addColumn<QStringList>("scope");
        QTest::addColumn<QStringList>("exclude");
        QTest::addColumn<QStringList>("read");
        QTest::addColumn<int>("outside");
        QTest::newRow("one folder") << QStringList{"/etc/**"} << QStringList{} << QStringList{"/etc/hostname", "/etc/os-release", "/etc/passwd"} << 322;
        QTest::newRow("left out") << QStringList{} << QStringList{"/srv/data/**", "/chain/**"} << QStringList{"/etc/hostname", "/etc/os-release", "/etc/passwd", "/srv/site/page.php", "/var/log/auth.log"} << 320;
        QTest::newRow("both") << QStringList{"/etc/**"} << QStringList{"/etc/pass*"} << QStringList{"/etc/hostname", "/etc/os-release"} << 323;
    }
    void scope() {
        QFETCH(QStringList, scope);
        QFETCH(QStringList, exclude);
        QFETCH(QStringList, read);
        QFETCH(int, outside);
        auto options = m_machine.options("scope.deadbox");
        QFile::remove(QString::fromStdString(options.case_path));
        for (const auto& glob : scope) options.scope.push_back(glob.toStdString());
        for (const auto& glob : exclude) options.exclude.push_back(glob.toStdString());
        QVERIFY(run_with(options));
        Rows expected;
        for (const auto& path : read) expected.push_back(path.toStdString());
        QCOMPARE(test::rows(options.case_path, "SELECT path FROM file WHERE sha256 IS NOT NULL ORDER BY path"), expected);
        QCOMPARE(test::rows(options.case_path, k_limits), Rows{"limit|scope|files outside of the scope that was given were not read|[\"" + std::to_string(outside) + " files\"]"});
        const bool passwd = read.contains("/etc/passwd");
        QCOMPARE(test::rows(options.case_path, "SELECT count(*) > 0 FROM account"), Rows{passwd ? "1" : "0"});
        QCOMPARE(test::rows(options.case_path, "SELECT json_array_length(value) FROM meta WHERE key IN ('case.scope', 'case.exclude') ORDER BY key"),
                 (Rows{std::to_string(exclude.size()), std::to_string(scope.size())}));
    }
    void without_scope_nothing_is_outside() { QCOMPARE(test::rows(m_options.case_path, k_limits), Rows{}); }

    void time_zone_data() {
        QTest::addColumn<QString>("zone");
        QTest::addColumn<QString>("hour");
        QTest::newRow("none given") << "" << "04";
        QTest::newRow("Berlin") << "Europe/Berlin" << "02";
        QTest::newRow("Kolkata") << "Asia/Kolkata" << "22";
    }
    void time_zone() {
        QFETCH(QString, zone);
        QFETCH(QString, hour);
        auto options = m_machine.options("zone.deadbox");
        QFile::remove(QString::fromStdString(options.case_path));
        options.time_zone = zone.toStdString();
        QVERIFY(run_with(options));
        QCOMPARE(test::rows(options.case_path, "SELECT strftime('%H', s, 'unixepoch') FROM logged WHERE type = 'auth.login.success'"), Rows{hour.toStdString()});
    }
    void a_resumed_case_keeps_its_clock_and_zone() {
        auto options = m_machine.options("clock.deadbox");
        options.clock_offset = -3600, options.clock_source = "BIOS", options.time_zone = "Asia/Kolkata";
        QVERIFY(run_with(options));
        const char* kept = "SELECT value FROM meta WHERE key IN ('clock_offset', 'clock_source', 'time_zone') ORDER BY key";
        QCOMPARE(test::rows(options.case_path, kept), (Rows{"-3600", "BIOS", "Asia/Kolkata"}));
        options.resume = true, options.clock_offset.reset(), options.clock_source.clear(), options.time_zone.clear();
        QVERIFY(run_with(options));
        QCOMPARE(test::rows(options.case_path, kept), (Rows{"-3600", "BIOS", "Asia/Kolkata"}));
        options.clock_offset = 0;
        QVERIFY(run_with(options));
        QCOMPARE(test::rows(options.case_path, kept), (Rows{"0", "", "Asia/Kolkata"}));
    }

    // Full on a triage case reads only what triage left, and says the same as full from the start.
    void full_after_triage_does_the_remainder() {
        auto options = m_options;
        options.case_path = m_machine.path("triage.deadbox");
        options.profile = engine::Profile::triage, options.evidence_hash = engine::EvidenceHash::none;
        QVERIFY(run_with(options));
        QCOMPARE(test::rows(options.case_path, "SELECT count(*) FROM file WHERE sha256 IS NOT NULL AND path LIKE '/srv/data/%'"), Rows{"0"});
        QCOMPARE(test::rows(options.case_path, "SELECT count(*) FROM file WHERE sha256 IS NOT NULL AND path IN ('/etc/passwd', '/srv/site/page.php', '/var/log/auth.log')"), Rows{"3"});
        const auto triage = test::rows(options.case_path, "SELECT count(*) FROM content");
        const auto events = test::rows(options.case_path, "SELECT count(*) FROM event");
        options = m_options;
        options.case_path = m_machine.path("triage.deadbox"), options.resume = true;
        QVERIFY(run_with(options));
        QCOMPARE(test::rows(options.case_path, "SELECT count(*) FROM content c JOIN batch b ON b.id = c.batch WHERE b.wave = 'content.triage'"), triage);
        QCOMPARE(test::rows(options.case_path, "SELECT count(*) FROM content"), test::rows(m_options.case_path, "SELECT count(*) FROM content"));
        QCOMPARE(test::rows(options.case_path, "SELECT count(*) FROM event"), events);
        QCOMPARE(QString::fromStdString(test::report_of(options.case_path)), QString::fromStdString(test::report_of(m_options.case_path)));
    }

    // What gives rights is told by its content alone, wherever it lies.
    void triage_reads_what_gives_rights() {
        test::Machine machine;
        const std::pair<std::string, int> files[] = {{"/srv/layer/su", 04755}, {"/srv/layer/wall", 02755}, {"/srv/layer/locked", 02644}, {"/srv/layer/plain", 0755}};
        for (const auto& [path, mode] : files) {
            machine.add(path, "a program\n");
            std::filesystem::permissions(machine.path("tree") + path, static_cast<std::filesystem::perms>(mode));
        }
        QVERIFY(machine.build());
        auto options = machine.options("rights.deadbox");
        options.profile = engine::Profile::triage, options.evidence_hash = engine::EvidenceHash::none;
        QVERIFY(run_with(options));
        QCOMPARE(test::rows(options.case_path, "SELECT path FROM file WHERE md5 IS NOT NULL AND path LIKE '/srv/layer/%' ORDER BY path"), (Rows{"/srv/layer/su", "/srv/layer/wall"}));
    }

    void an_expected_hash_is_compared_data() {
        QTest::addColumn<QString>("expected");
        QTest::addColumn<bool>("matches");
        QTest::addColumn<bool>("in_triage");
        QTest::addColumn<bool>("resumed");
        const auto right = test::rows(m_options.case_path, "SELECT lower(hex(media_sha256)) FROM evidence");
        QCOMPARE(right.size(), std::size_t{1});
        QFile image(QString::fromStdString(m_machine.image()));
        QVERIFY(image.open(QIODevice::ReadOnly));
        const auto md5 = QString::fromLatin1(QCryptographicHash::hash(image.readAll(), QCryptographicHash::Md5).toHex()), sha256 = QString::fromStdString(right.front());
        QTest::newRow("right") << sha256 << true << false << false;
        QTest::newRow("wrong") << QString(64, '0') << false << false << false;
        QTest::newRow("right, another algorithm") << md5 << true << false << false;
        QTest::newRow("wrong, another algorithm") << QString(32, '0') << false << false << false;
        QTest::newRow("right, in a triage") << sha256 << true << true << false;
        QTest::newRow("wrong, in a triage") << QString(64, '0') << false << true << false;
        QTest::newRow("right, another algorithm, in a triage") << md5 << true << true << false;
        QTest::newRow("right, given when it is gone on with") << sha256 << true << false << true;
        QTest::newRow("wrong, given when it is gone on with") << QString(64, '0') << false << false << true;
        QTest::newRow("right, another algorithm, given when it is gone on with") << md5 << true << false << true;
        QTest::newRow("wrong, another algorithm, given when it is gone on with") << QString(40, '0') << false << false << true;
        QTest::newRow("wrong, given when a triage is gone on with") << QString(64, '0') << false << true << true;
    }
    void an_expected_hash_is_compared() {
        QFETCH(QString, expected);
        QFETCH(bool, matches);
        QFETCH(bool, in_triage);
        QFETCH(bool, resumed);
        auto options = m_machine.options("expected.deadbox");
        QFile::remove(QString::fromStdString(options.case_path));
        options.expect_hash = expected.toStdString();
        // A triage computes no digest by itself.
        if (in_triage) options.profile = engine::Profile::triage, options.evidence_hash = engine::EvidenceHash::none;
        if (resumed) {
            options.expect_hash.clear();
            QVERIFY(run_with(options));
            options.resume = true, options.expect_hash = expected.toStdString();
        }
        const auto result = run_with(options);
        QVERIFY2(result, result ? "" : result.error().what.c_str());
        QCOMPARE(result->gaps, !matches);
        const auto report = nlohmann::json::parse(test::report_of(options.case_path));
        QCOMPARE(report["evidence"][0]["expected"]["value"].get<std::string>(), expected.toStdString());
        QCOMPARE(report["evidence"][0]["expected"]["matches"].get<bool>(), matches);
        const char* mismatch = "SELECT level, count FROM coverage WHERE area = 'media' AND reason LIKE '%expected%'";
        const auto known = matches ? Rows{} : Rows{"gap|1"};
        QCOMPARE(test::rows(options.case_path, mismatch), known);
        // Said once; another one is refused.
        options.resume = true, options.expect_hash.clear();
        QVERIFY(run_with(options));
        QCOMPARE(test::rows(options.case_path, mismatch), known);
        options.expect_hash = std::string(64, '1');
        const auto refused = run_with(options);
        QVERIFY(!refused && refused.error().what.find("--expect-hash " + expected.toStdString()) != std::string::npos);
    }

private:
    test::Machine m_machine;
    engine::AnalysisOptions m_options;
};
DEADBOX_TEST(OptionsTest)
#include "options_test.moc"
