#include "support/case_fixture.hpp"
#include "support/test_main.hpp"

using namespace deadbox;

namespace {
constexpr std::int64_t k_first_step = 1'772'352'000;
}

class CorrelationTest : public QObject {
    Q_OBJECT
private slots:
    void chains_data() {
        QTest::addColumn<QStringList>("findings");  // rule subject severity confidence hours [basis of the time]
        QTest::addColumn<QStringList>("found");
        QTest::newRow("nothing") << QStringList{} << QStringList{};
        QTest::newRow("a webshell, then an account") << QStringList{"webshell/script /var/www/x.php 4 1 0", "accounts/new_account eve 2 1 5"} << QStringList{"correlation/webshell_then_account /var/www/x.php"};
        QTest::newRow("an account, then a webshell") << QStringList{"webshell/script /var/www/x.php 4 1 9", "accounts/new_account eve 2 1 5"} << QStringList{};
        QTest::newRow("weeks between") << QStringList{"webshell/script /var/www/x.php 4 1 0", "accounts/new_account eve 2 1 500"} << QStringList{};
        QTest::newRow("a suspicious script only") << QStringList{"webshell/script /var/www/x.php 2 1 0", "accounts/new_account eve 2 1 5"} << QStringList{};
        QTest::newRow("low ones do not count") << QStringList{"webshell/script /var/www/x.php 4 1 0", "accounts/odd_order eve 1 1 5"} << QStringList{};
        QTest::newRow("a guessed password, then sshd changed") << QStringList{"ssh/brute_force_success 203.0.113.7 3 1 0", "binaries/modified /usr/sbin/sshd 4 2 1", "persistence/cron /etc/cron.d/x 3 1 2"}
            << QStringList{"correlation/login_then_persistence 203.0.113.7", "correlation/login_then_system 203.0.113.7"};
        QTest::newRow("lines removed at that hour") << QStringList{"webshell/script /var/www/x.php 4 1 0", "logs/lines_removed /var/log/auth.log 2 1 1"} << QStringList{"correlation/traces_removed /var/log/auth.log"};
        QTest::newRow("three books lost lines of one hour: one finding")
            << QStringList{"webshell/script /var/www/x.php 4 1 0", "logs/lines_removed /var/log/auth.log 2 1 1", "logs/lines_removed /var/log/btmp 2 1 1", "logs/wtmp_zeroed /var/log/wtmp 2 1 1"}
            << QStringList{"correlation/traces_removed /var/log/auth.log"};
        QTest::newRow("two books, hours apart")
            << QStringList{"webshell/script /var/www/x.php 4 1 0", "logs/lines_removed /var/log/auth.log 2 1 1", "logs/wtmp_zeroed /var/log/wtmp 2 1 4"}
            << QStringList{"correlation/traces_removed /var/log/auth.log", "correlation/traces_removed /var/log/wtmp"};
        QTest::newRow("lines removed in another month") << QStringList{"webshell/script /var/www/x.php 4 1 0", "logs/lines_removed /var/log/auth.log 2 1 700"} << QStringList{};
        QTest::newRow("data sent after a break-in") << QStringList{"accounts/uid_zero_twin toor 4 2 0", "exfiltration/sent transfer.sh 2 0 100 3"} << QStringList{"correlation/break_in_then_sent toor possible"};
        QTest::newRow("data sent hours after a break-in") << QStringList{"webshell/script /var/www/x.php 4 1 0", "exfiltration/sent transfer.sh 2 0 5 3"} << QStringList{"correlation/break_in_then_sent /var/www/x.php likely"};
        QTest::newRow("files sent to whoever guessed the password") << QStringList{"ssh/brute_force_success 203.0.113.9 3 1 0", "exfiltration/sent 203.0.113.9 1 0 5 3"} << QStringList{"correlation/break_in_then_sent 203.0.113.9 likely"};
        QTest::newRow("files sent to a machine of somebody's own") << QStringList{"ssh/brute_force_success 203.0.113.9 3 1 0", "exfiltration/sent nas.example.org 1 0 5 3"} << QStringList{};
        QTest::newRow("a command of unknown time") << QStringList{"webshell/script /var/www/x.php 4 1 0", "exfiltration/sent transfer.sh 2 1 5 2"} << QStringList{"correlation/break_in_then_sent /var/www/x.php possible at the latest"};
        QTest::newRow("one with a time beside it") << QStringList{"webshell/script /var/www/x.php 4 1 0", "exfiltration/sent old.example 2 1 1 2", "exfiltration/sent transfer.sh 2 0 5 3"} << QStringList{"correlation/break_in_then_sent /var/www/x.php likely"};
        QTest::newRow("lines removed when a history was last written") << QStringList{"logs/lines_removed /var/log/auth.log 2 1 1", "exfiltration/sent transfer.sh 3 1 2 2"} << QStringList{};
        QTest::newRow("data fetched hours after a break-in") << QStringList{"webshell/script /var/www/x.php 4 1 0", "exfiltration/web_download /var/www/all.sql 2 1 5"} << QStringList{"correlation/break_in_then_taken /var/www/x.php likely"};
        QTest::newRow("an administrator's own setuid program, then a transfer") << QStringList{"privilege/setuid_unowned /usr/local/lib/nagios/check_icmp 3 2 0", "exfiltration/sent all.sql.gz 2 0 24"} << QStringList{};
        QTest::newRow("a system account with a shell, then a transfer") << QStringList{"accounts/system_account_login backup 3 2 0", "exfiltration/sent all.sql.gz 2 1 24"} << QStringList{};
        QTest::newRow("data sent, no break-in") << QStringList{"accounts/new_account eve 2 1 0", "exfiltration/sent transfer.sh 2 1 5"} << QStringList{};
        QTest::newRow("data sent months later") << QStringList{"accounts/uid_zero_twin toor 4 2 0", "exfiltration/sent transfer.sh 2 1 2000"} << QStringList{};
    }
    void chains() {
        QFETCH(QStringList, findings);
        QFETCH(QStringList, found);
        test::CaseFixture fixture;
        int number = 0;
        for (const auto& finding : findings) {
            const auto part = finding.split(' ');
            fixture.sql(QString("INSERT INTO finding VALUES('f%1', 'x', '%2', 1, 1, '%3', %4, %5, '{}', %6, 0, %7, NULL, NULL, 0, 0)")
                            .arg(++number).arg(part[0], part[1], part[2], part[3]).arg(k_first_step + part[4].toInt() * 3600).arg(part.value(5, "0")).toStdString());
        }
        QStringList got;
        for (const auto& finding : fixture.detect("correlation")) {
            auto words = QString::fromStdString(finding.rule + " " + finding.subject);
            if (finding.rule.starts_with("correlation/break_in_then_")) words += finding.confidence == 0 ? " possible" : " likely";
            QVERIFY(finding.items.size() >= 2);
            // What it rests on: an entry and all that followed, by id.
            const auto rests_on = QString::fromStdString(finding.arguments["rests_on"].get<std::string>()).split(' ');
            QCOMPARE(rests_on.size() + rests_on.front().count('+'), static_cast<qsizetype>(finding.items.size()));
            QVERIFY(rests_on.front().startsWith('f'));
            // A title names a span only where both of its ends are known.
            const bool bound = finding.arguments.contains("latest");
            QCOMPARE(finding.arguments.contains("after"), !bound);
            if (bound) words += " at the latest";
            got << words;
            QCOMPARE(finding.severity, bound ? 2 : 3);
        }
        QCOMPARE(got, found);
    }
};
DEADBOX_TEST(CorrelationTest)
#include "correlation_test.moc"
