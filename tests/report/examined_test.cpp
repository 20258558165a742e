// What the report claims to have examined, and what it says of names that the evidence chose.
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <map>

#include "report/build.hpp"
#include "report/communication.hpp"
#include "report/format.hpp"
#include "report/ledger.hpp"
#include "report/questions.hpp"
#include "report/reproduce.hpp"
#include "report/spoken_name.hpp"
#include "support/case_fixture.hpp"
#include "support/test_main.hpp"

using namespace deadbox;

namespace {

report::Report examined_report_of(const test::CaseFixture& fixture, const char* language = "en") {
    const auto view = case_file::View::open(fixture.path());
    const auto texts = report::Texts::load(language);
    auto model = report::build_report(*view, *texts, {});
    if (!model) throw std::runtime_error(model.error().what);
    return *std::move(model);
}

QString page_of(const test::CaseFixture& fixture, const QString& folder) {
    const auto view = case_file::View::open(fixture.path());
    const auto texts = report::Texts::load("en");
    const auto model = examined_report_of(fixture);
    if (!report::write_report({model, *view, *texts}, "html", folder.toStdString())) throw std::runtime_error("no report");
    QFile file(folder + "/report.html");
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

report::Question question(const report::Report& report, std::string_view id) {
    for (const auto& q : report.questions)
        if (q.id == id) return q;
    throw std::runtime_error("no such question");
}

bool says(const report::Question& q, std::string_view text) {
    return std::any_of(q.limits.begin(), q.limits.end(), [&](const auto& limit) { return limit.find(text) != std::string::npos; });
}

// A machine with accounts, one package and hashed content: what a no of most questions needs.
void fill_examined(test::CaseFixture& fixture, bool digests = true) {
    test::FileSpec spec;
    spec.path = "/etc/passwd", spec.bytes = "root:x:0:0:root:/root:/bin/bash\n";
    fixture.add_parsed("passwd", spec);
    spec = {};
    spec.path = "/usr/sbin/sshd", spec.bytes = "x", spec.content_type = "application/x-executable";
    fixture.add(spec);
    spec = {};
    spec.path = "/var/lib/dpkg/info/openssh-server.list", spec.bytes = "/usr/sbin/sshd\n";
    if (digests) spec.companions = {{".list>.md5sums", "9dd4e461268c8034f5c8564e155c67a6  usr/sbin/sshd\n"}};
    fixture.add_parsed("dpkg_list", spec);
    fixture.sql("INSERT INTO run(version, command, options, started, finished, jobs, exits) VALUES('0.1.0', '[]', '{}', '2026-01-01T00:00:00Z', '2026-01-01T00:01:00Z', 1, '[0]')");
}

}  // namespace

class ExaminedTest : public QObject {
    Q_OBJECT
private slots:
    // A program that was held against nothing was not compared.
    void programs_compared_with_nothing() {
        {
            test::CaseFixture fixture;
            fill_examined(fixture);
            QCOMPARE(question(examined_report_of(fixture), "binaries").answer, std::string("no"));
            fixture.sql("INSERT INTO coverage(level, area, reason, system, folder, count, examples, wave) VALUES('limit', 'binaries', 'programs and libraries of packages without digests were not compared with anything "
                        "(how many of which package)', 1, '/var/lib/dpkg/info', 1, '[\"/var/lib/dpkg/info: sudo: 1\"]', 'detect:binaries.binaries')");
            const auto q = question(examined_report_of(fixture), "binaries");
            QCOMPARE(q.answer, std::string("cannot_say"));
            QVERIFY(says(q, "sudo: 1"));
        }
        test::CaseFixture fixture;
        fill_examined(fixture, false);
        const auto report = examined_report_of(fixture);
        QCOMPARE(question(report, "binaries").answer, std::string("cannot_say"));
        QVERIFY(says(question(report, "binaries"), "No package database with digests was read"));
        QCOMPARE(report.verdict.level, std::string("undetermined"));
    }

    // That a program was compared with nothing shows nobody's rights.
    void a_missing_digest_shows_no_rights() {
        test::CaseFixture fixture;
        fill_examined(fixture);
        fixture.sql("INSERT INTO finding VALUES('aaaaaaaaaaaaaaaa', 'd', 'packages/digests_missing', 1, 1, 'openssh-server', 3, 1, '{\"package\": \"openssh-server\", \"path\": \"/usr/sbin/sshd\", \"count\": 1}', 1710000000, 0, 1, NULL, NULL, 1, 0)");
        fixture.sql("INSERT INTO finding_item(finding, place, inode) SELECT 'aaaaaaaaaaaaaaaa', 1, inode FROM file WHERE path = '/usr/sbin/sshd'");
        const auto report = examined_report_of(fixture);
        QVERIFY(report.exposure.rights.empty());
        QCOMPARE(question(report, "binaries").answer, std::string("yes"));
        QCOMPARE(question(report, "privilege").answer, std::string("cannot_say"));
    }

    // Only what is there was compared.
    void accounts_compared_data() {
        QTest::addColumn<bool>("backup");
        QTest::addColumn<bool>("log");
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<QByteArray>("examined");
        QTest::newRow("neither") << false << false << QByteArray("cannot_say") << QByteArray("Accounts and groups, compared with each other.");
        QTest::newRow("backup") << true << false << QByteArray("no") << QByteArray("Accounts and groups, compared with each other and with their backups.");
        QTest::newRow("both") << true << true << QByteArray("no") << QByteArray("Accounts and groups, compared with each other and with their backups and the logs of logins.");
    }
    void accounts_compared() {
        QFETCH(bool, backup);
        QFETCH(bool, log);
        QFETCH(QByteArray, answer);
        QFETCH(QByteArray, examined);
        test::CaseFixture fixture;
        fill_examined(fixture);
        test::FileSpec spec;
        spec.path = "/etc/passwd-", spec.bytes = "root:x:0:0:root:/root:/bin/bash\n";
        if (backup) fixture.add_parsed("passwd", spec);
        spec = {};
        spec.path = "/var/log/auth.log", spec.bytes = "Mar  2 04:08:20 web1 CRON[1]: x\n";
        if (log) fixture.add_parsed("syslog", spec);
        const auto q = question(examined_report_of(fixture), "accounts");
        QCOMPARE(QByteArray::fromStdString(q.answer), answer);
        QCOMPARE(QByteArray::fromStdString(q.examined), examined);
        QCOMPARE(says(q, "No backup of the accounts"), !backup);
        QCOMPARE(says(q, "No log of logins"), !log);
    }

    // A log that was read is there, whether or not its lines are events; and nothing is claimed that no rule looks for.
    void a_mail_log_that_was_read() {
        test::CaseFixture fixture;
        fill_examined(fixture);
        QVERIFY(says(question(examined_report_of(fixture), "mail_abuse"), "No mail log"));
        test::FileSpec spec;
        spec.path = "/var/log/mail.log", spec.bytes = "Mar  2 04:08:20 web1 postfix/qmgr[2]: 4AB12: something\n";
        fixture.sql("INSERT INTO step(inode, parser, outcome) VALUES(" + std::to_string(fixture.add_parsed("syslog", spec)) + ", 'syslog', 0)");
        const auto report = examined_report_of(fixture);
        const auto q = question(report, "mail_abuse");
        QVERIFY(!says(q, "No mail log"));
        QCOMPARE(q.answer, std::string("cannot_say"));
        QCOMPARE(q.examined, std::string("Nothing for this question alone."));
        const auto log = std::find_if(report.exposure.logs.begin(), report.exposure.logs.end(), [](const auto& one) { return one.id == "mail"; });
        QVERIFY(log != report.exposure.logs.end());
        QCOMPARE(log->state, std::string("present"));
    }

    // No disk is searched whole.
    void what_is_never_searched() {
        test::CaseFixture fixture;
        fill_examined(fixture);
        for (const char* path : {"/var/log/mysql/error.log", "/var/log/app.log", "/swap.img"}) {
            test::FileSpec spec;
            spec.path = path, spec.bytes = "x";
            fixture.add(spec);
        }
        test::FileSpec excluded;
        excluded.path = "/var/log/excluded.log", excluded.bytes = "x";
        fixture.sql("DELETE FROM content WHERE inode = " + std::to_string(fixture.add(excluded)));
        test::FileSpec fstab;
        fstab.path = "/etc/fstab", fstab.bytes = "/swap.img none swap sw 0 0\n/gone.img none swap sw 0 0\n";
        fixture.add_parsed("fstab", fstab);
        const auto view = case_file::View::open(fixture.path());
        const auto rows = report::load_coverage(*view);
        QVERIFY(rows.has_value());
        std::map<std::string, std::vector<std::string>> limits;
        for (const auto& row : *rows)
            if (row.level == "limit") limits[row.reason.substr(0, row.reason.find(' '))] = row.examples;
        QCOMPARE(limits["space"], std::vector<std::string>{"1.1"});
        QCOMPARE(limits["swap"], std::vector<std::string>{"/swap.img"});
        QCOMPARE(limits["files"], (std::vector<std::string>{"/var/log/app.log", "/var/log/mysql/error.log"}));
    }

    void host_names_data() {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<bool>("valid");
        QTest::newRow("short") << QByteArray("web1") << true;
        QTest::newRow("domain") << QByteArray("a-1.example.net") << true;
        QTest::newRow("sentence") << QByteArray("web1 is clean. Verdict") << false;
        QTest::newRow("hyphen first") << QByteArray("-web") << false;
        QTest::newRow("two dots") << QByteArray("a..b") << false;
        QTest::newRow("empty") << QByteArray() << false;
        QTest::newRow("label of 63") << QByteArray(63, 'a') << true;
        QTest::newRow("label of 64") << QByteArray(64, 'a') << false;
        QTest::newRow("hidden") << QByteArray("web\xe2\x80\xae") << false;
    }
    void host_names() {
        QFETCH(QByteArray, name);
        QFETCH(bool, valid);
        QCOMPARE(report::is_host_name(name.toStdString()), valid);
    }

    // A name that is a sentence is told apart from ours: in the summary, in letters, where several machines are told apart.
    void a_name_is_no_sentence_of_ours() {
        const std::string name = "web1 is clean. Verdict: “no” indication\xe2\x80\xae " + std::string(500, 'H');
        test::CaseFixture fixture;
        fill_examined(fixture);
        fixture.sql("INSERT INTO system_fact(inode, system, key, value) VALUES(NULL, 1, 'host.name', '" + name + "')");
        fixture.sql("INSERT INTO finding VALUES('aaaaaaaaaaaaaaaa', 'd', 'accounts/uid_zero_twin', 1, 1, 'x', 4, 2, '{\"user\": \"nobody at all. Ignore the rest\"}', 1710000000, 0, 2, NULL, NULL, 0, 0)");
        const auto model = examined_report_of(fixture);
        const auto& summary = model.verdict.summary;
        QVERIFY2(summary.starts_with("An intruder had control of “web1 is clean. Verdict: 'no'"), summary.c_str());
        QVERIFY2(summary.find("” (no valid host name). Findings") != std::string::npos && summary.find(std::string(30, 'H')) == std::string::npos, summary.c_str());
        const auto texts = report::Texts::load("en");
        const auto letter = report::communication_letter(model, *texts, "police");
        QVERIFY(letter.has_value() && letter->find("server “web1 is clean") != std::string::npos);
        QVERIFY2(model.findings.at(0).title.find("“nobody at all. Ignore the rest”") != std::string::npos, model.findings.at(0).title.c_str());
        fixture.sql("INSERT INTO system VALUES(2, 1)");
        fixture.sql("INSERT INTO system_fact(inode, system, key, value) VALUES(NULL, 2, 'host.name', 'other')");
        const auto two = examined_report_of(fixture);
        QVERIFY2(two.findings.at(0).title.starts_with("“web1 is clean"), two.findings.at(0).title.c_str());
    }
    void names_in_sentences() {
        QCOMPARE(report::spoken_word("www-data"), std::string("www-data"));
        QCOMPARE(report::spoken_word("a b"), std::string("“a b”"));
        QCOMPARE(report::spoken_word("x\x1b"), std::string("“x\\x1b”"));
        QCOMPARE(report::spoken_line("Debian GNU/Linux 12 (bookworm)"), std::string("Debian GNU/Linux 12 (bookworm)"));
        QCOMPARE(report::spoken_line("Debian. All is well"), std::string("“Debian. All is well”"));
        QVERIFY(report::spoken_line(std::string(3000, 'W')).size() < 80);
        QCOMPARE(report::spoken_argument("path", "/a b"), std::string("/a b"));
        QCOMPARE(report::spoken_argument("user", "a b"), std::string("“a b”"));
    }

    // An item that names a line without its text says what was read from it.
    void what_a_line_said() {
        test::CaseFixture fixture;
        fill_examined(fixture);
        test::FileSpec spec;
        spec.path = "/var/log/auth.log", spec.modified = spec.changed = 1'772'500'000;
        spec.bytes = "Mar  2 04:08:20 web1 sshd[1]: Failed password for root from 203.0.113.77 port 5 ssh2\nMar  2 04:08:24 web1 sshd[1]: Accepted password for anna from 203.0.113.77 port 5 ssh2\n";
        const auto log = std::to_string(fixture.add_parsed("syslog", spec));
        fixture.sql("INSERT INTO finding VALUES('aaaaaaaaaaaaaaaa', 'd', 'ssh/brute_force_success', 1, 1, 'anna', 3, 1, '{\"user\": \"anna\"}', 1710000000, 0, 3, NULL, NULL, 3, 0)");
        fixture.sql("INSERT INTO finding_item(finding, place, inode, line, excerpt) VALUES('aaaaaaaaaaaaaaaa', 1, " + log + ", 2, NULL), ('aaaaaaaaaaaaaaaa', 2, " + log + ", 1, 'its own'), ('aaaaaaaaaaaaaaaa', 3, " + log + ", 7, NULL)");
        const auto model = examined_report_of(fixture);
        const auto& items = model.findings.at(0).items;
        QVERIFY2(items.at(0).record.find("anna") != std::string::npos && items.at(0).record.find("203.0.113.77") != std::string::npos, items.at(0).record.c_str());
        QVERIFY(items.at(1).record.empty() && items.at(2).record.empty());
        const QTemporaryDir folder;
        const auto page = page_of(fixture, folder.path());
        QVERIFY(page.contains("As read from this line:") && page.contains(QString::fromStdString(items.at(0).record)));
    }

    // Which way is not answered with yes.
    void the_way_in() {
        test::CaseFixture fixture;
        fill_examined(fixture);
        fixture.sql("INSERT INTO finding VALUES('aaaaaaaaaaaaaaaa', 'd', 'ssh/brute_force_success', 1, 1, 'anna', 3, 1, '{\"user\": \"anna\"}', 1710000000, 0, 3, NULL, NULL, 0, 0)");
        const QTemporaryDir folder;
        const auto page = page_of(fixture, folder.path());
        QCOMPARE(question(examined_report_of(fixture), "entry").answer, std::string("yes"));
        QVERIFY(page.contains("The way is shown by"));
    }

    // Numbers and times of the drawn story stand beside each other, whatever happened in one second; and no word widens the page.
    void nothing_is_drawn_over() {
        test::CaseFixture fixture;
        fill_examined(fixture);
        for (int i = 0; i < 116; ++i)
            fixture.sql("INSERT INTO finding VALUES('" + QString::number(i).rightJustified(16, '0').toStdString() + "', 'd', 'accounts/new_account', 1, 1, 'x" + std::to_string(i) + "', 3, 1, '{}', " + std::to_string(i < 100 ? 1710000000 : 1710000000 + i * 9000) + ", 0, 3, NULL, NULL, 0, 0)");
        const QTemporaryDir folder;
        const auto page = page_of(fixture, folder.path());
        const auto svg = page.mid(page.indexOf("<svg"), page.indexOf("</svg>") - page.indexOf("<svg"));
        std::map<QString, double> end;  // by height
        int labels = 0;
        const QRegularExpression label("<text x=\"([0-9.]+)\" y=\"([0-9.]+)\" text-anchor=(start|middle|end)>([^<]*)</text>");
        for (auto found = label.globalMatch(svg); found.hasNext();) {
            const auto one = found.next();
            const double width = 6.2 * static_cast<double>(one.captured(4).size()), x = one.captured(1).toDouble();
            const double from = one.captured(3) == "start" ? x : one.captured(3) == "middle" ? x - width / 2 : x - width;
            const auto place = end.find(one.captured(2));
            QVERIFY2(place == end.end() || place->second <= from, qPrintable(one.captured(0)));
            end[one.captured(2)] = from + width;
            ++labels;
        }
        QVERIFY(labels > 20);
        QVERIFY(page.contains(QRegularExpression("\\nbody\\{[^}]*overflow-wrap:anywhere")));
    }

    // An image's name need not be text: the command does what it says all the same.
    void commands_with_any_name() {
        for (const char* name : {"bad\xff\xfename.raw", "line\nbreak", "it's \x1b[2J\\", "-\xff"}) {
            const auto command = QByteArray("printf %s ") + QByteArray::fromStdString(report::shell_quoted(name));
            QVERIFY(std::all_of(command.begin(), command.end(), [](char c) { return c >= 0x20 && c < 0x7f; }));
            QProcess shell;
            shell.start("bash", {"-c", QString::fromLatin1(command)});
            QVERIFY(shell.waitForFinished());
            QCOMPARE(shell.readAllStandardOutput(), (*name == '-' ? QByteArray("./") : QByteArray()) + name);
        }
    }
};
DEADBOX_TEST(ExaminedTest)
#include "examined_test.moc"
