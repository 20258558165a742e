#include "support/case_fixture.hpp"
#include "support/test_main.hpp"

using namespace deadbox;

namespace {

constexpr std::int64_t k_first_login = 1'772'352'000;  // 2026-03-01T08:00:00Z

class Log {
public:
    Log& line(std::int64_t at, const std::string& message) {
        m_text += base::to_rfc3339({k_first_login + at, 0}).substr(0, 19) + "+00:00 web1 sshd[4711]: " + message + "\n";
        return *this;
    }
    Log& refused(std::int64_t at, const std::string& user, const std::string& address, bool known = true) {
        if (!known) line(at, "Invalid user " + user + " from " + address + " port 4000");
        line(at + 1, "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=" + address + (known ? "  user=" + user : ""));
        return line(at + 2, std::string("Failed password for ") + (known ? "" : "invalid user ") + user + " from " + address + " port 4000 ssh2");
    }
    Log& accepted(std::int64_t at, const std::string& user, const std::string& address, const std::string& method = "password") {
        return line(at, "Accepted " + method + " for " + user + " from " + address + " port 4001 ssh2" + (method == "publickey" ? ": ED25519 SHA256:abc" : ""));
    }
    QByteArray bytes() const { return QByteArray::fromStdString(m_text); }

private:
    std::string m_text;
};

}  // namespace

class SshLoginsTest : public QObject {
    Q_OBJECT
private slots:
    void guesses_data() {
        QTest::addColumn<QByteArray>("log");
        QTest::addColumn<int>("severity");  // -1: no finding
        const auto many = [](Log log, int count, const std::string& user, const std::string& address) {
            for (int i = 0; i < count; ++i) log.refused(i * 10, user, address);
            return log;
        };
        const std::string out = "203.0.113.7", in = "192.168.1.20";
        QTest::newRow("root guessed") << many(Log(), 40, "root", out).accepted(900, "root", out).bytes() << 3;
        QTest::newRow("refused for ever") << many(Log(), 400, "root", out).bytes() << -1;
        QTest::newRow("an administrator mistypes twice") << many(Log(), 2, "bob", out).accepted(100, "bob", out).bytes() << -1;
        QTest::newRow("an administrator mistypes nine times") << many(Log(), 9, "bob", out).accepted(100, "bob", out).bytes() << -1;
        QTest::newRow("guessers from elsewhere while bob logs in") << many(Log(), 400, "root", "198.51.100.9").accepted(900, "bob", out).bytes() << -1;
        QTest::newRow("a key after many refusals") << many(Log(), 40, "bob", out).accepted(900, "bob", out, "publickey").bytes() << -1;
        QTest::newRow("a job with an old password at home") << many(Log(), 60, "backup", in).accepted(900, "backup", in).bytes() << 1;
        QTest::newRow("refusals of last week") << many(Log(), 60, "root", out).accepted(8 * 86400, "root", out).bytes() << -1;
        Log names;
        for (const char* name : {"oracle", "postgres", "test", "ubuntu", "pi", "git"}) names.refused(10, name, out, false).refused(20, name, out, false);
        QTest::newRow("many names, one of them right") << names.accepted(300, "deploy", out).bytes() << 3;
        Log office;  // colleagues behind one address, each of whom gets in
        for (const char* name : {"ann", "bob", "cem", "dan", "eve", "fay"}) office.refused(10, name, out).refused(20, name, out).accepted(30, name, out);
        QTest::newRow("an office behind one address") << office.bytes() << -1;
        QTest::newRow("repeated lines count") << Log().line(0, "Failed password for root from 203.0.113.7 port 4 ssh2").line(1, "message repeated 30 times: [ Failed password for root from 203.0.113.7 port 4 ssh2]")
                                                     .accepted(60, "root", out).bytes() << 3;
    }
    void guesses() {
        QFETCH(QByteArray, log);
        QFETCH(int, severity);
        test::CaseFixture fixture;
        test::FileSpec spec;
        spec.path = "/var/log/auth.log", spec.bytes = log.toStdString();
        fixture.add_parsed("syslog", spec);
        const auto findings = fixture.detect("ssh_logins");
        if (severity < 0) {
            QVERIFY(findings.empty());
            return;
        }
        QCOMPARE(findings.size(), std::size_t{1});
        QCOMPARE(findings[0].rule, std::string("ssh/brute_force_success"));
        QCOMPARE(findings[0].severity, severity);
        QCOMPARE(findings[0].items.at(0).path, std::string("/var/log/auth.log"));
        QVERIFY(findings[0].items.at(0).line.value_or(0) > 1);
    }

    void from_login_records_alone() {
        const auto record = [](std::int16_t type, std::int64_t at, std::string_view line, std::string_view user) {
            std::string b(384, '\0');
            b[0] = static_cast<char>(type);
            for (std::size_t i = 0; i < 4; ++i) b[340 + i] = static_cast<char>((k_first_login + at) >> (8 * i));
            b.replace(8, line.size(), line);
            b.replace(44, user.size(), user);
            b.replace(76, 11, "203.0.113.7");
            return b;
        };
        test::FileSpec btmp, wtmp;
        btmp.path = "/var/log/btmp", wtmp.path = "/var/log/wtmp";
        for (int i = 0; i < 50; ++i) btmp.bytes += record(6, i * 5, "ssh:notty", "root");
        wtmp.bytes = record(7, 600, "pts/0", "root");
        test::CaseFixture fixture;
        fixture.add_parsed("utmp", btmp);
        fixture.add_parsed("utmp", wtmp);
        const auto findings = fixture.detect("ssh_logins");
        QCOMPARE(findings.size(), std::size_t{1});
        QCOMPARE(findings[0].confidence, 0);
    }
};
DEADBOX_TEST(SshLoginsTest)
#include "ssh_logins_test.moc"
