#include <functional>

#include "support/case_fixture.hpp"
#include "support/test_main.hpp"

using namespace deadbox;

namespace {

constexpr std::int64_t k_start = 1'769'904'000;  // 2026-02-01T00:00:00Z

std::string stamp(std::int64_t seconds) { return base::to_rfc3339({seconds, 0}).substr(0, 19) + "+00:00 web1 "; }

using Keep = std::function<bool(std::int64_t hour)>;

// A quiet server: cron at 17 minutes past every hour, a session in auth.log for each.
std::string syslog(int hours, const Keep& keep = [](std::int64_t) { return true; }) {
    std::string log;
    for (std::int64_t hour = 0; hour < hours; ++hour)
        if (keep(hour)) log += stamp(k_start + hour * 3600 + 1020) + "CRON[7]: (root) CMD (cd / && run-parts --report /etc/cron.hourly)\n";
    return log;
}
std::string auth_log(int hours, const Keep& keep = [](std::int64_t) { return true; }) {
    std::string log;
    for (std::int64_t hour = 0; hour < hours; ++hour) {
        if (!keep(hour)) continue;
        log += stamp(k_start + hour * 3600 + 1020) + "CRON[7]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)\n";
        log += stamp(k_start + hour * 3600 + 1021) + "CRON[7]: pam_unix(cron:session): session closed for user root\n";
    }
    return log;
}

void add_log(test::CaseFixture& fixture, const std::string& path, const std::string& bytes, const char* parser = "syslog") {
    test::FileSpec spec;
    spec.path = path, spec.bytes = bytes;
    fixture.add_parsed(parser, spec);
}

std::string utmp_record(std::int16_t type, std::int64_t seconds, std::string_view line, std::string_view user, std::string_view host = {}) {
    std::string b(384, '\0');
    b[0] = static_cast<char>(type);
    for (std::size_t i = 0; i < 4; ++i) b[340 + i] = static_cast<char>(seconds >> (8 * i));
    b.replace(8, line.size(), line);
    b.replace(44, user.size(), user);
    b.replace(76, host.size(), host);
    return b;
}

QStringList rules(const std::vector<test::FoundFinding>& findings) {
    QStringList list;
    for (const auto& finding : findings) list << QString::fromStdString(finding.rule + " " + finding.subject + " " + std::to_string(finding.severity));
    return list;
}

}  // namespace

class LogsTest : public QObject {
    Q_OBJECT
private slots:
    void silences_data() {
        QTest::addColumn<QByteArray>("syslog_old");
        QTest::addColumn<QByteArray>("syslog_new");
        QTest::addColumn<QByteArray>("auth_old");
        QTest::addColumn<QByteArray>("auth_new");
        QTest::addColumn<QStringList>("found");
        const auto bytes = [](const std::string& text) { return QByteArray::fromStdString(text); };
        const auto before = [](std::int64_t edge) { return Keep([edge](std::int64_t hour) { return hour < edge; }); };
        const auto from = [](std::int64_t edge) { return Keep([edge](std::int64_t hour) { return hour >= edge; }); };
        const auto without = [](std::int64_t a, std::int64_t b, std::int64_t edge) { return Keep([=](std::int64_t hour) { return hour >= edge && (hour < a || hour >= b); }); };
        QTest::newRow("healthy") << bytes(syslog(300, before(150))) << bytes(syslog(300, from(150))) << bytes(auth_log(300, before(150))) << bytes(auth_log(300, from(150))) << QStringList{};
        QTest::newRow("a night cut out of auth.log") << bytes(syslog(300, before(150))) << bytes(syslog(300, from(150))) << bytes(auth_log(300, before(150)))
            << bytes(auth_log(300, without(200, 207, 150))) << QStringList{"logs/lines_removed /var/log/auth.log 2"};
        QTest::newRow("a rotated auth.log taken away") << bytes(syslog(300, before(150))) << bytes(syslog(300, from(150))) << bytes(auth_log(300, before(130)))
            << bytes(auth_log(300, from(150))) << QStringList{"logs/lines_removed /var/log/auth.log 2"};
        QTest::newRow("the machine was off") << bytes(syslog(300, before(150))) << bytes(syslog(300, without(200, 230, 150)) + stamp(k_start + 230 * 3600) + "kernel: [    0.0] Linux version 6.1.0\n")
            << bytes(auth_log(300, before(150))) << bytes(auth_log(300, without(200, 230, 150))) << QStringList{};
        QTest::newRow("all silent, no restart") << bytes(syslog(300, before(150))) << bytes(syslog(300, without(200, 230, 150)))
            << bytes(auth_log(300, before(150))) << bytes(auth_log(300, without(200, 230, 150))) << QStringList{"logs/gap /var/log/auth.log 1", "logs/gap /var/log/syslog 1"};
        QTest::newRow("auth.log emptied") << bytes(syslog(300, before(150))) << bytes(syslog(300, from(150))) << bytes(auth_log(300, before(150))) << QByteArray() << QStringList{"logs/truncated /var/log/auth.log 2"};
        QTest::newRow("rotated an hour ago") << bytes(syslog(300, before(299))) << bytes(syslog(300, from(299))) << bytes(auth_log(300, before(299))) << QByteArray() << QStringList{};
        // cron was stopped: other daemons go on in syslog
        std::string others = syslog(300, before(200));
        for (int hour = 200; hour < 230; ++hour) others += stamp(k_start + hour * 3600) + "dhclient[5]: DHCPACK of 10.0.0.5 from 10.0.0.1\n";
        others += syslog(300, from(230));
        QTest::newRow("cron stood still") << QByteArray() << bytes(others) << QByteArray() << bytes(auth_log(300, without(200, 230, 0))) << QStringList{"logs/gap /var/log/auth.log 1"};
    }
    void silences() {
        QFETCH(QByteArray, syslog_old);
        QFETCH(QByteArray, syslog_new);
        QFETCH(QByteArray, auth_old);
        QFETCH(QByteArray, auth_new);
        QFETCH(QStringList, found);
        test::CaseFixture fixture;
        add_log(fixture, "/var/log/syslog.1", syslog_old.toStdString());
        add_log(fixture, "/var/log/syslog", syslog_new.toStdString());
        add_log(fixture, "/var/log/auth.log.1", auth_old.toStdString());
        add_log(fixture, "/var/log/auth.log", auth_new.toStdString());
        QCOMPARE(rules(fixture.detect("logs")), found);
    }

    void current_log_removed() {
        test::CaseFixture fixture;
        add_log(fixture, "/var/log/syslog", syslog(300));
        add_log(fixture, "/var/log/auth.log.1", auth_log(200));
        QCOMPARE(rules(fixture.detect("logs")), QStringList{"logs/removed /var/log/auth.log 2"});
    }

    void mail_that_stops_is_no_sign() {
        std::string mail;
        for (int hour = 0; hour < 300; ++hour)
            if (hour < 200 || hour >= 210) mail += stamp(k_start + hour * 3600) + "postfix/qmgr[5]: 4B1C2D3E4F: removed\n";
        test::CaseFixture fixture;
        add_log(fixture, "/var/log/syslog", syslog(300));
        add_log(fixture, "/var/log/auth.log", auth_log(300));
        add_log(fixture, "/var/log/mail.log", mail);
        for (const auto& finding : fixture.detect("logs")) QVERIFY2(finding.severity < 2, finding.rule.c_str());
    }

    void wiped_login() {
        const std::string zero(384, '\0');
        test::CaseFixture fixture;
        add_log(fixture, "/var/log/wtmp", utmp_record(7, k_start, "pts/0", "bob") + zero + utmp_record(7, k_start + 900, "pts/1", "eve"), "utmp");
        const auto findings = fixture.detect("logs");
        QCOMPARE(rules(findings), QStringList{"logs/wtmp_zeroed /var/log/wtmp 3"});
        QCOMPARE(findings[0].first_s, std::optional<std::int64_t>(k_start));
    }

    void zeros_of_a_crash() {
        const std::string zero(384, '\0');
        test::CaseFixture fixture;
        add_log(fixture, "/var/log/wtmp", utmp_record(7, k_start, "pts/0", "bob") + zero + zero + utmp_record(2, k_start + 900, "~", "reboot") + zero, "utmp");
        QCOMPARE(rules(fixture.detect("logs")), QStringList{"logs/wtmp_zeroed /var/log/wtmp 1"});
    }

    // A disk that cannot be read gives zeros too: the reader says which files got some.
    void zeros_of_a_bad_sector() {
        const std::string zero(384, '\0');
        test::CaseFixture fixture;
        add_log(fixture, "/var/log/wtmp", utmp_record(7, k_start, "pts/0", "bob") + zero + utmp_record(7, k_start + 900, "pts/1", "eve"), "utmp");
        fixture.sql("UPDATE content SET state = 2");
        QCOMPARE(rules(fixture.detect("logs")), QStringList{});
    }

    void login_missing_from_wtmp_data() {
        QTest::addColumn<bool>("recorded");
        QTest::newRow("removed") << false;
        QTest::newRow("there") << true;
    }
    void login_missing_from_wtmp() {
        QFETCH(bool, recorded);
        const auto login = k_start + 5000;
        std::string lastlog(292 * 1001, '\0');
        for (std::size_t i = 0; i < 4; ++i) lastlog[292 * 1000 + i] = static_cast<char>(login >> (8 * i));
        lastlog.replace(292 * 1000 + 4, 5, "pts/1");
        lastlog.replace(292 * 1000 + 36, 11, "203.0.113.7");
        test::CaseFixture fixture;
        add_log(fixture, "/var/log/lastlog", lastlog, "lastlog");
        add_log(fixture, "/var/log/wtmp", utmp_record(2, k_start, "~", "reboot") + (recorded ? utmp_record(7, login, "pts/1", "eve", "203.0.113.7") : "") + utmp_record(7, login + 9000, "pts/1", "bob"), "utmp");
        add_log(fixture, "/var/log/auth.log", stamp(login) + "sshd[9]: Accepted password for eve from 203.0.113.7 port 4 ssh2\n");
        QCOMPARE(rules(fixture.detect("logs")).size(), recorded ? 0 : 1);
    }

    // wtmp has somebody in the hours of which the log of logins knows nothing.
    void gap_with_a_login() {
        for (const bool away : {true, false}) {
            const auto without = [](std::int64_t hour) { return hour < 200 || hour >= 260; };
            test::CaseFixture fixture;
            add_log(fixture, "/var/log/auth.log", auth_log(400, without));
            add_log(fixture, "/var/log/wtmp", utmp_record(2, k_start, "~", "reboot") + utmp_record(7, k_start + (away ? 230 : 270) * 3600, "pts/0", "eve", "203.0.113.7"), "utmp");
            QCOMPARE(rules(fixture.detect("logs")), QStringList{away ? "logs/gap /var/log/auth.log 2" : "logs/gap /var/log/auth.log 1"});
        }
    }

    void emptied_data() {
        QTest::addColumn<int>("days");      // between the file's birth and its last change
        QTest::addColumn<bool>("used");     // somebody came in the day before
        QTest::addColumn<bool>("copied");   // a rotated copy of that moment lies beside it
        QTest::addColumn<QStringList>("found");
        QTest::newRow("emptied") << 20 << true << false << QStringList{"logs/emptied /var/log/btmp 2"};
        QTest::newRow("made anew by a rotation") << 0 << true << false << QStringList{};
        QTest::newRow("rotated by copying") << 20 << true << true << QStringList{};
        QTest::newRow("before the machine was used") << 20 << false << false << QStringList{};
    }
    void emptied() {
        QFETCH(int, days);
        QFETCH(bool, used);
        QFETCH(bool, copied);
        QFETCH(QStringList, found);
        const auto time = k_start + 40 * 86400;
        test::CaseFixture fixture;
        fixture.add({.path = "/var/log/btmp", .modified = time, .changed = time, .born = time - days * 86400});
        if (copied) fixture.add({.path = "/var/log/btmp.1", .bytes = "x", .modified = time - 60, .changed = time, .born = time});
        add_log(fixture, "/var/log/auth.log", stamp(used ? time - 86400 : time + 86400) + "sshd[9]: Accepted password for eve from 203.0.113.7 port 4 ssh2\n");
        QCOMPARE(rules(fixture.detect("logs")), found);
    }

    void blocks_of_zeros() {
        const auto log = [](const std::string& behind) { return auth_log(50) + std::string(2000, '\0') + "cut off (uid=0)\n" + behind + auth_log(60, [](std::int64_t hour) { return hour >= 52; }); };
        for (const bool crash : {false, true}) {
            test::CaseFixture fixture;
            add_log(fixture, "/var/log/auth.log", log(crash ? stamp(k_start + 51 * 3600) + "kernel: [    0.0] Linux version 6.1.0\n" : ""));
            QCOMPARE(rules(fixture.detect("logs")), crash ? QStringList{} : QStringList{"logs/overwritten /var/log/auth.log 2"});
        }
    }

    void links_to_nowhere() {
        test::CaseFixture fixture;
        const auto link = [&](const char* path, const char* target) {
            test::FileSpec spec;
            spec.path = path, spec.type = 3, spec.target = target;
            fixture.add(spec);
        };
        link("/root/.bash_history", "/dev/null");
        link("/home/db/.mysql_history", "/dev/null");
        link("/etc/systemd/system/apt-daily.timer", "/dev/null");
        link("/home/bob/.zsh_history", ".histfile");
        link("/var/log/wtmp", "/dev/null");
        QCOMPARE(rules(fixture.detect("logs")), (QStringList{"logs/linked_to_null /root/.bash_history 2", "logs/linked_to_null /var/log/wtmp 2"}));
    }
};
DEADBOX_TEST(LogsTest)
#include "logs_test.moc"
