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
        QTest::newRow("a ticket after many refusals") << many(Log(), 40, "bob", out).accepted(900, "bob", out, "gssapi-with-mic").bytes() << -1;
        QTest::newRow("another machine's word after many refusals") << many(Log(), 40, "bob", out).accepted(900, "bob", out, "hostbased").bytes() << -1;
        QTest::newRow("a password that PAM asked for") << many(Log(), 40, "bob", out).accepted(900, "bob", out, "keyboard-interactive/pam").bytes() << 3;
        QTest::newRow("a job with an old password at home") << many(Log(), 60, "backup", in).accepted(900, "backup", in).bytes() << 1;
        QTest::newRow("refusals of last week") << many(Log(), 60, "root", out).accepted(8 * 86400, "root", out).bytes() << -1;
        Log slow, day;
        for (int i = 0; i < 25; ++i) slow.refused(i * 60, "bob", out), day.refused(i * 3600, "bob", out);
        QTest::newRow("a guesser who takes his time") << slow.accepted(1600, "bob", out).bytes() << 2;
        QTest::newRow("a job that asks each hour") << day.accepted(25 * 3600, "bob", out).bytes() << -1;
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

    // Who guesses at one door comes in by any.
    void other_doors_data() {
        QTest::addColumn<int>("refused");       // by sshd, of martina
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("line");   // some minutes later
        QTest::addColumn<QString>("found");     // severity service
        const char *ftp = "/var/log/vsftpd.log", *mail = "/var/log/mail.log", *xfer = "/var/log/xferlog";
        const QByteArray fetched = "Sun Mar  1 08:20:00 2026 [pid 3] [martina] OK DOWNLOAD: Client \"203.0.113.7\", \"/home/martina/kunden.csv\", 700 bytes, 9.00Kbyte/sec\n";
        QTest::newRow("vsftpd, a file") << 60 << QByteArray(ftp) << fetched << "3 ftp";
        QTest::newRow("vsftpd, mistyped thrice") << 3 << QByteArray(ftp) << fetched << "";
        QTest::newRow("vsftpd, another address") << 60 << QByteArray(ftp) << QByteArray(fetched).replace("203.0.113.7", "198.51.100.7") << "";
        QTest::newRow("vsftpd, another account") << 60 << QByteArray(ftp) << QByteArray(fetched).replace("[martina]", "[linmei]") << "";
        QTest::newRow("vsftpd, everybody's") << 60 << QByteArray(ftp) << QByteArray(fetched).replace("[martina]", "[ftp]") << "";
        QTest::newRow("vsftpd, a login") << 60 << QByteArray(ftp) << QByteArray("Sun Mar  1 08:20:00 2026 [pid 3] [martina] OK LOGIN: Client \"203.0.113.7\"\n") << "3 vsftpd";
        QTest::newRow("proftpd") << 60 << QByteArray("/var/log/daemon.log") << QByteArray("2026-03-01T08:20:00+00:00 web1 proftpd[9]: web1 (h[203.0.113.7]) - USER martina: Login successful.\n") << "3 proftpd";
        QTest::newRow("pure-ftpd") << 60 << QByteArray("/var/log/daemon.log") << QByteArray("2026-03-01T08:20:00+00:00 web1 pure-ftpd: (?@203.0.113.7) [INFO] martina is now logged in\n") << "3 pure-ftpd";
        QTest::newRow("xferlog") << 60 << QByteArray(xfer) << QByteArray("Sun Mar  1 08:20:00 2026 1 203.0.113.7 700 /home/martina/kunden.csv b _ o r martina ftp 0 * c\n") << "3 ftp";
        const auto imap = [](const char* method, int minute) {
            return QByteArray("2026-03-01T08:") + QByteArray::number(minute) + ":00+00:00 web1 dovecot: imap-login: Login: user=<martina@example.org>, method=" + method + ", rip=203.0.113.7, lip=10.0.0.1, mpid=5, session=<x>\n";
        };
        QTest::newRow("dovecot") << 60 << QByteArray(mail) << imap("PLAIN", 20) << "3 imap";
        QTest::newRow("dovecot, a token and then a password") << 60 << QByteArray(mail) << imap("OAUTHBEARER", 18) + imap("PLAIN", 20) << "3 imap";
        QTest::newRow("postfix") << 60 << QByteArray(mail) << QByteArray("2026-03-01T08:20:00+00:00 web1 postfix/smtpd[7]: 4AB12C0DEF: client=h[203.0.113.7], sasl_method=LOGIN, sasl_username=martina\n") << "3 postfix/smtpd";
        for (const char* method : {"XOAUTH2", "OAUTHBEARER", "EXTERNAL", "GSSAPI"})
            QTest::addRow("postfix, %s", method) << 60 << QByteArray(mail) << QByteArray("2026-03-01T08:20:00+00:00 web1 postfix/smtpd[7]: 4AB12C0DEF: client=h[203.0.113.7], sasl_method=") + method + ", sasl_username=martina\n" << "";
    }
    void other_doors() {
        QFETCH(int, refused);
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, line);
        QFETCH(QString, found);
        test::CaseFixture fixture;
        Log guesses;
        for (int i = 0; i < refused; ++i) guesses.refused(i * 10, "martina", "203.0.113.7");
        test::FileSpec log;
        log.path = "/var/log/auth.log", log.bytes = guesses.bytes().toStdString();
        fixture.add_parsed("syslog", log);
        log.path = path.toStdString(), log.bytes = line.toStdString();
        fixture.add_parsed("syslog", log);
        QString got;
        for (const auto& f : fixture.detect("ssh_logins")) {
            QCOMPARE(f.items.at(0).path, path.toStdString());
            got += QStringLiteral("%1 %2").arg(f.severity).arg(QString::fromStdString(f.arguments.value("service", "")));
        }
        QCOMPARE(got, found);
    }
    // An address for each method; all were refused by sshd.
    void methods_that_are_no_password() {
        const QStringList guessed{"", "PLAIN", "Login", "plain", "CRAM-MD5", "DIGEST-MD5", "SCRAM-SHA-256", "APOP"};
        const QStringList others{"EXTERNAL", "external", "GSSAPI", "GSS-SPNEGO", "XOAUTH2", "xoauth2", "OAUTHBEARER", "PublicKey", "hostbased"};
        Log guesses;
        std::string logins;
        int address = 0;
        for (const auto& method : guessed + others) {
            const auto from = "203.0.113." + std::to_string(++address);
            for (int i = 0; i < 30; ++i) guesses.refused(i * 10, "martina", from);
            logins += "2026-03-01T08:20:00+00:00 web1 dovecot: imap-login: Login: user=<martina>, method=" + method.toStdString() + ", rip=" + from + ", lip=10.0.0.1\n";
        }
        test::CaseFixture fixture;
        test::FileSpec log;
        log.path = "/var/log/auth.log", log.bytes = guesses.bytes().toStdString();
        fixture.add_parsed("syslog", log);
        log.path = "/var/log/mail.log", log.bytes = logins;
        fixture.add_parsed("syslog", log);
        QStringList found;
        for (const auto& f : fixture.detect("ssh_logins")) found += (guessed + others).at(std::stoi(f.subject.substr(f.subject.rfind('.') + 1)) - 1);
        found.sort();
        QStringList expected = guessed;
        expected.sort();
        QCOMPARE(found, expected);
    }

    // People's programs ask on with an old password; a guesser has many names.
    void refused_at_other_doors_data() {
        QTest::addColumn<QByteArray>("log");
        QTest::addColumn<int>("severity");  // -1: no finding
        const auto mail = [](int minute, const char* user, bool good, const char* from = "203.0.113.7", const char* method = "PLAIN") {
            char line[256];
            std::snprintf(line, sizeof line, "2026-03-01T08:%02d:00+00:00 web1 dovecot: imap-login: %s: user=<%s>, method=%s, rip=%s, lip=10.0.0.1\n", minute, good ? "Login" : "Disconnected (auth failed, 9 attempts in 9 secs)", user, method, from);
            return std::string(line);
        };
        const auto ftp = [](int minute, int second, bool good) {
            char line[160];
            std::snprintf(line, sizeof line, "2026-03-01T08:%02d:%02d+00:00 web1 proftpd[9]: web1 (h[203.0.113.7]) - USER martina%s\n", minute, second, good ? ": Login successful." : " (Login failed): Incorrect password");
            return std::string(line);
        };
        std::string telephone, office, names, device, tries;
        for (int i = 0; i < 50; ++i) telephone += mail(i, "martina", false);
        for (const char* name : {"ann", "bob", "cem", "dan", "eve"}) office += mail(1, name, false), office += mail(2, name, false);
        for (const char* name : {"ann", "bob", "cem", "dan", "eve"}) office += mail(9, name, true);
        for (const char* name : {"info", "sales", "office", "scan", "martina"}) names += mail(1, name, false), names += mail(2, name, false);
        // Of an office's telephones: the names as they ask, and as their people are let in, from where they read mail else.
        std::string full, typed, tokens;
        for (const char* name : {"ann@example.org", "bob@example.org", "cem@example.org", "dan@example.org", "martina@example.org"}) full += mail(1, name, false), tokens += mail(1, name, false, "203.0.113.7", "OAUTHBEARER");
        for (const char* name : {"Ann@Example.org", "BOB", "Cem@example.org", "Dan", "martina"}) typed += mail(1, name, false);
        const auto read = [&](const char* from, std::initializer_list<const char*> names) {
            std::string log;
            for (const char* name : names) log += mail(3, name, true, from);
            return log;
        };
        const auto read_full = [&](const char* from) { return read(from, {"ann@example.org", "bob@example.org", "cem@example.org", "dan@example.org"}); };
        const auto read_bare = [&](const char* from) { return read(from, {"ann", "bob", "cem", "dan"}); };
        for (int i = 0; i < 50; ++i) device += ftp(i, 0, false);
        for (int i = 0; i < 400; ++i) tries += ftp(i / 60, i % 60, false);
        QTest::newRow("a telephone with an old password") << QByteArray::fromStdString(telephone + mail(55, "martina", true)) << -1;
        QTest::newRow("an office's telephones") << QByteArray::fromStdString(office) << -1;
        for (const char* from : {"127.0.0.1", "192.168.1.20"}) {
            const auto log = full + read_full(from) + mail(9, "martina@example.org", true);
            QTest::addRow("an office's telephones, its people read from %s", from) << QByteArray::fromStdString(log) << -1;
        }
        QTest::newRow("names without a domain are logged") << QByteArray::fromStdString(full + read_bare("198.51.100.9") + mail(9, "martina@example.org", true)) << -1;
        QTest::newRow("names in small letters are logged") << QByteArray::fromStdString(typed + read_bare("127.0.0.1") + mail(9, "martina", true)) << -1;
        QTest::newRow("names are logged in capitals") << QByteArray::fromStdString(full + read("127.0.0.1", {"ANN", "Bob", "Cem@Example.org", "DAN"}) + mail(9, "martina@example.org", true)) << -1;
        QTest::newRow("tokens that are too old") << QByteArray::fromStdString(tokens + mail(9, "martina@example.org", true)) << -1;
        QTest::newRow("many names, others read by webmail") << QByteArray::fromStdString(full + read("127.0.0.1", {"linmei", "eve"}) + mail(9, "martina@example.org", true)) << 3;
        QTest::newRow("many names, the right one is logged without its domain") << QByteArray::fromStdString(full + mail(9, "Martina", true)) << 3;
        QTest::newRow("many names at the mail server") << QByteArray::fromStdString(names + mail(9, "martina", true)) << 3;
        QTest::newRow("many names, and one who was never refused") << QByteArray::fromStdString(names + mail(9, "linmei", true)) << -1;
        QTest::newRow("a camera with an old password") << QByteArray::fromStdString(device + ftp(55, 0, true)) << -1;
        QTest::newRow("hundreds of tries within minutes") << QByteArray::fromStdString(tries + ftp(55, 0, true)) << 3;
    }
    void refused_at_other_doors() {
        QFETCH(QByteArray, log);
        QFETCH(int, severity);
        test::CaseFixture fixture;
        test::FileSpec spec;
        spec.path = "/var/log/syslog", spec.bytes = log.toStdString();
        fixture.add_parsed("syslog", spec);
        const auto findings = fixture.detect("ssh_logins");
        QCOMPARE(findings.empty() ? -1 : findings[0].severity, severity);
    }

    // Few refusals are a device's with an old password, or a guesser's: what was before and what came after tells.
    void few_refusals_data() {
        QTest::addColumn<QStringList>("story");  // minute server what user address [file]; "25x": refused so often, each half minute
        QTest::addColumn<QString>("found");      // severity confidence deed
        const QString out = "203.0.113.50", home = "198.51.100.20", camera = "198.51.100.77";
        const auto refused = [](int minute, const char* server, const QString& user, const QString& from) { return QString("%1 %2 25x %3 %4").arg(minute).arg(server, user, from); };
        const auto in = [](int minute, const char* server, const QString& user, const QString& from) { return QString("%1 %2 in %3 %4").arg(minute).arg(server, user, from); };
        const auto get = [](int minute, const char* server, const QString& user, const QString& from, const char* file = "/home/karl/bewerbungen.zip") { return QString("%1 %2 get %3 %4 %5").arg(minute).arg(server, user, from, file); };
        const auto put = [](int minute, const char* server, const QString& user, const QString& from, const char* file = "/home/cam/1.jpg") { return QString("%1 %2 put %3 %4 %5").arg(minute).arg(server, user, from, file); };
        for (const char* server : {"vsftpd", "proftpd", "pure-ftpd"}) {
            const QStringList guess{refused(1500, server, "karl", out), in(1530, server, "karl", out)};
            QTest::addRow("%s: guessed, then fetched", server) << guess + QStringList{get(1531, server, "karl", out)} << "2 0 get zip";
            QTest::addRow("%s: an account in use from elsewhere", server) << QStringList{in(10, server, "karl", home), put(11, server, "karl", home)} + guess + QStringList{get(1531, server, "karl", out)} << "2 0 get zip";
            QTest::addRow("%s: a program is put for the web server", server) << guess + QStringList{put(1531, server, "karl", out, "/srv/www/x.php")} << "2 0 put php";
            QTest::addRow("%s: nothing was done", server) << guess << "";
            QTest::addRow("%s: what the account always did", server) << QStringList{in(10, server, "karl", home), get(11, server, "karl", home)} + guess + QStringList{get(1531, server, "karl", out)} << "";
            QTest::addRow("%s: a camera whose password was changed", server) << QStringList{in(10, server, "cam", camera), put(11, server, "cam", camera), refused(1500, server, "cam", camera), in(1530, server, "cam", camera), put(1531, server, "cam", camera), get(1532, server, "cam", camera)} << "";
            QTest::addRow("%s: a new camera that was set up wrong", server) << QStringList{refused(1500, server, "cam", camera), in(1530, server, "cam", camera), put(1531, server, "cam", camera)} << "";
            QTest::addRow("%s: a camera that was given another address by night", server) << QStringList{in(10, server, "cam", "192.0.2.9"), put(11, server, "cam", "192.0.2.9"), refused(1500, server, "cam", camera), in(1530, server, "cam", camera), put(1531, server, "cam", camera)} << "";
            QTest::addRow("%s: a neighbour's address of the provider", server) << QStringList{in(10, server, "karl", "203.0.113.9")} + guess + QStringList{get(1531, server, "karl", out)} << "";
        }
        QStringList nightly{refused(1500, "vsftpd", "till", out), in(1530, "vsftpd", "till", out), get(1531, "vsftpd", "till", out)};
        for (int day = 2; day < 9; ++day) nightly += in(day * 1440, "vsftpd", "till", out);
        QTest::newRow("a till that fetches each night, the log begins with its refusals") << nightly << "";
        nightly += in(9 * 1440, "vsftpd", "till", home);
        QTest::newRow("somebody else uses that account too") << nightly << "2 0 get zip";
        QTest::newRow("some names, and one of them right") << QStringList{refused(1500, "vsftpd", "admin", out), refused(1500, "vsftpd", "ftpuser", out), refused(1501, "vsftpd", "karl", out), in(1530, "vsftpd", "karl", out)} << "2 0 ";
        QTest::newRow("from the house, a job with an old password") << QStringList{refused(1500, "vsftpd", "karl", "192.168.1.9"), in(1530, "vsftpd", "karl", "192.168.1.9"), get(1531, "vsftpd", "karl", "192.168.1.9")} << "1 0 get zip";
        const QStringList telephone{refused(1500, "dovecot", "karl", out), in(1530, "dovecot", "karl", out)};
        QTest::newRow("a telephone somewhere else") << QStringList{in(10, "dovecot", "karl", home)} + telephone << "";
        QTest::newRow("a mailbox that never sent sends") << QStringList{in(10, "dovecot", "karl", home)} + telephone + QStringList{"1531 postfix send karl " + out} << "2 0 send";
        QTest::newRow("a mailbox that always sent sends") << QStringList{in(10, "dovecot", "karl", home), "20 postfix send karl " + home} + telephone + QStringList{"1531 postfix send karl " + out} << "";
        QTest::newRow("a mailbox of which nothing is known sends") << telephone + QStringList{"1531 postfix send karl " + out} << "";
        QTest::newRow("by ssh, a job whose password was changed") << QStringList{in(10, "sshd", "karl", out), refused(1500, "sshd", "karl", out), in(1530, "sshd", "karl", out)} << "";
        QStringList nights;
        for (int day = 0; day < 10; ++day) nights += in(day * 1440, "sshd", "karl", out);
        const QStringList many{"15000 sshd 35x karl " + out, in(15030, "sshd", "karl", out)};
        QTest::newRow("by ssh, a nightly job whose password was changed, for a while") << nights + many << "1 0 ";
        QTest::newRow("by ssh, as many, and no night before") << many << "3 1 ";
        QTest::newRow("by ssh, as many, from where it came once") << QStringList{nights.front()} + many << "3 1 ";
        QTest::newRow("by ssh, as many, from where it came later alone") << many + QStringList{in(18000, "sshd", "karl", out), in(20000, "sshd", "karl", out), in(22000, "sshd", "karl", out)} << "3 1 ";
        QTest::newRow("by ssh, a nightly job's host that tries other names, too") << nights + QStringList{refused(14990, "sshd", "admin", out), refused(14990, "sshd", "test", out)} + many << "3 1 ";
        QTest::newRow("by ssh, from where it never was") << QStringList{in(10, "sshd", "karl", home), refused(1500, "sshd", "karl", out), in(1530, "sshd", "karl", out)} << "2 0 ";
    }
    void few_refusals() {
        QFETCH(QStringList, story);
        QFETCH(QString, found);
        std::string log;
        const auto say = [&](std::int64_t at, const std::string& message) { log += base::to_rfc3339({k_first_login + at, 0}).substr(0, 19) + "+00:00 web1 " + message + "\n"; };
        for (const auto& step : story) {
            const auto part = step.split(' ');
            const auto server = part[1].toStdString(), user = part[3].toStdString(), from = part[4].toStdString(), file = part.size() > 5 ? part[5].toStdString() : std::string();
            for (int i = 0; i < (part[2].endsWith('x') ? part[2].chopped(1).toInt() : 1); ++i) {
                const auto at = part[0].toInt() * 60 + i * 30;
                const bool good = part[2] == "in", moved = !file.empty(), got = part[2] == "get";
                const std::string client = "Client \"" + from + "\"", pure = "pure-ftpd: (" + (moved ? user : "?") + "@" + from + ") ";
                if (part[2] == "send") say(at, "postfix/smtpd[7]: 4AB12C0DEF: client=h[" + from + "], sasl_method=LOGIN, sasl_username=" + user);
                else if (server == "vsftpd" && moved) say(at, "vsftpd[3]: [" + user + "] OK " + (got ? "DOWNLOAD" : "UPLOAD") + ": " + client + ", \"" + file + "\", 2400000 bytes, 9.00Kbyte/sec");
                else if (server == "vsftpd") say(at, "vsftpd[3]: [" + user + "] " + (good ? "OK" : "FAIL") + " LOGIN: " + client);
                else if (server == "pure-ftpd" && moved) say(at, pure + "[NOTICE] " + file + (got ? " downloaded " : " uploaded ") + " (2400000 bytes, 9.00KB/sec)");
                else if (server == "pure-ftpd") say(at, pure + (good ? "[INFO] " + user + " is now logged in" : "[WARNING] Authentication failed for user [" + user + "]"));
                else if (server == "proftpd" && moved) say(at, "vsftpd[3]: [" + user + "] OK " + (got ? "DOWNLOAD" : "UPLOAD") + ": " + client + ", \"" + file + "\", 2400000 bytes, 9.00Kbyte/sec");
                else if (server == "proftpd") say(at, "proftpd[9]: web1 (h[" + from + "]) - USER " + user + (good ? ": Login successful." : " (Login failed): Incorrect password"));
                else if (server == "dovecot") say(at, "dovecot: imap-login: " + std::string(good ? "Login" : "Disconnected (auth failed, 1 attempts in 2 secs)") + ": user=<" + user + "@example.org>, method=PLAIN, rip=" + from + ", lip=10.0.0.1");
                else say(at, "sshd[4711]: " + std::string(good ? "Accepted" : "Failed") + " password for " + user + " from " + from + " port 4000 ssh2");
            }
        }
        test::CaseFixture fixture;
        test::FileSpec spec;
        spec.path = "/var/log/syslog", spec.bytes = log;
        fixture.add_parsed("syslog", spec);
        QString got;
        for (const auto& f : fixture.detect("ssh_logins")) got += QStringLiteral("%1 %2 %3").arg(f.severity).arg(f.confidence).arg(QString::fromStdString(f.arguments.value("deed", "")));
        QCOMPARE(got, found);
    }

    // Each address asks a few times only.
    void from_many_addresses_data() {
        QTest::addColumn<QByteArray>("log");
        QTest::addColumn<QString>("found");  // severity address
        constexpr std::int64_t k_day = 86400, k_burst = 20 * k_day;
        const std::string home = "217.80.12.34", away = "77.91.2.2";
        const auto net = [](int i) { return std::to_string(45 + i % 9) + "." + std::to_string(i % 200 + 1) + "." + std::to_string(i * 7 % 250) + ".9"; };
        const auto used = [&](const std::string& method) {  // day after day, from home
            Log log;
            for (int day = 0; day < 20; ++day) log.accepted(day * k_day, "bob", home, method);
            return log;
        };
        const auto burst = [&](Log log, const std::string& user = "bob") {
            for (int i = 0; i < 180; ++i) log.refused(k_burst + i * 20, user, net(i));
            return log;
        };
        constexpr std::int64_t k_in = k_burst + 3900;
        QTest::newRow("a burst, then in by a password where keys were used") << burst(used("publickey")).accepted(k_in, "bob", away).bytes() << "3 77.91.2.2";
        QTest::newRow("a burst, then in from one of those who asked") << burst(used("password")).accepted(k_in, "bob", net(77)).bytes() << "3 " + QString::fromStdString(net(77));
        QTest::newRow("a burst, then in from a new place") << burst(used("password")).accepted(k_in, "bob", away).bytes() << "2 77.91.2.2";
        QTest::newRow("a burst, and its owner from home") << burst(used("password")).accepted(k_in, "bob", home).bytes() << "";
        QTest::newRow("a burst, and its owner from his provider's network") << burst(used("password")).accepted(k_in, "bob", "217.80.12.99").bytes() << "";
        QTest::newRow("a burst, and its owner's key from a new place") << burst(used("publickey")).accepted(k_in, "bob", away, "publickey").bytes() << "";
        QTest::newRow("a burst at another's name") << burst(used("publickey"), "root").accepted(k_in, "bob", away).bytes() << "";
        QTest::newRow("a burst that nobody got in by") << burst(used("publickey")).bytes() << "";
        QTest::newRow("a burst, and its owner hours later") << burst(used("publickey")).accepted(k_in + 3 * 3600, "bob", away).bytes() << "";
        Log goes_on = burst(used("publickey")).accepted(k_in, "bob", away);
        for (int i = 180; i < 360; ++i) goes_on.refused(k_burst + i * 20 + 1200, "bob", net(i));
        QTest::newRow("a burst that goes on") << goes_on.bytes() << "";
        const auto asked_for_ever = [&](Log log, const std::string& user, std::int64_t until) {
            for (std::int64_t at = 0; at < until; at += 120) log.refused(at, user, net(static_cast<int>(at / 120)));
            return log;
        };
        QTest::newRow("all the world asks all day, its owner from home") << asked_for_ever(used("password"), "bob", k_in).accepted(k_in, "bob", home).bytes() << "";
        // The log ends with the very login: whether they went on is not known.
        QTest::newRow("all the world asks all day, its owner from a new place") << asked_for_ever(used("publickey"), "bob", k_in).accepted(k_in, "bob", away).bytes() << "";
        QTest::newRow("all the world asks for root, who came once") << asked_for_ever(Log(), "root", k_in).accepted(k_in, "root", away).bytes() << "";
        Log workers = used("publickey");  // forty machines with an old password
        for (int i = 0; i < 40; ++i) workers.accepted(i * 3600, "bob", net(i));
        for (int i = 0; i < 160; ++i) workers.refused(k_burst + i * 20, "bob", net(i % 40));
        for (int i = 0; i < 40; ++i) workers.accepted(k_in + i, "bob", net(i));
        QTest::newRow("machines of its own with an old password") << workers.accepted(k_in + 60, "bob", away).bytes() << "";

        const auto slow = [&](Log log, const std::string& user, const std::string& network, int count) {  // one in eight hours
            for (int i = 0; i < count; ++i) log.refused((20 * 24 - 8 * count + 8 * i) * 3600, user, network + std::to_string(10 + i));
            return log;
        };
        QTest::newRow("a network that takes its time") << slow(used("password"), "bob", "91.240.118.", 36).accepted(k_burst, "bob", "91.240.118.200").bytes() << "3 91.240.118.200";
        QTest::newRow("a network of IPv6") << slow(used("password"), "bob", "2001:db8:bad::", 40).accepted(k_burst, "bob", "2001:db8:bad::99").bytes() << "3 2001:db8:bad::99";
        QTest::newRow("its owner's network") << slow(used("password"), "bob", "217.80.12.", 36).accepted(k_burst, "bob", "217.80.12.200").bytes() << "";
        QTest::newRow("a network, and its owner from elsewhere") << slow(used("password"), "bob", "91.240.118.", 36).accepted(k_burst, "bob", away).bytes() << "";
        QTest::newRow("a network that asked for others") << slow(used("password"), "root", "91.240.118.", 36).accepted(k_burst, "bob", "91.240.118.200").bytes() << "";
        QTest::newRow("a network, few times") << slow(used("password"), "bob", "91.240.118.", 9).accepted(k_burst, "bob", "91.240.118.200").bytes() << "";
        QTest::newRow("a network, and a key") << slow(used("publickey"), "bob", "91.240.118.", 36).accepted(k_burst, "bob", "91.240.118.200", "publickey").bytes() << "";
        QTest::newRow("one's own network") << slow(used("password"), "bob", "10.1.1.", 36).accepted(k_burst, "bob", "10.1.1.200").bytes() << "1 10.1.1.200";
        QTest::newRow("a data centre's network, and all the world") << asked_for_ever(slow(Log(), "root", "91.240.118.", 36), "root", k_burst).accepted(k_burst, "root", "91.240.118.200").bytes() << "2 91.240.118.200";
    }
    void from_many_addresses() {
        QFETCH(QByteArray, log);
        QFETCH(QString, found);
        test::CaseFixture fixture;
        test::FileSpec spec;
        spec.path = "/var/log/auth.log", spec.bytes = log.toStdString();
        fixture.add_parsed("syslog", spec);
        QStringList got;
        for (const auto& f : fixture.detect("ssh_logins")) {
            QCOMPARE(f.rule, std::string("ssh/brute_force_success"));
            QVERIFY(f.items.at(0).line.value_or(0) > 1);
            got += QStringLiteral("%1 %2").arg(f.severity).arg(QString::fromStdString(f.arguments.value("address", "")));
        }
        QCOMPARE(got.join(", "), found);
    }

    // Each machine is judged by what happened on it.
    void machines_data() {
        QTest::addColumn<QByteArray>("web1");
        QTest::addColumn<QByteArray>("db1");
        QTest::addColumn<QByteArray>("nowhere");  // a log on a volume that is no machine's
        QTest::addColumn<int>("count");           // machines in the case
        QTest::addColumn<QString>("found");       // each finding: machine severity refusals: accounts
        const std::string out = "203.0.113.7";
        const auto tried = [&](int count, const std::string& user) {
            Log log;
            for (int i = 0; i < count; ++i) log.refused(i * 10, user, out);
            return log;
        };
        const auto in = [&](Log log, const std::string& user) { return log.accepted(1500, user, out).bytes(); };
        QTest::newRow("both were broken into") << in(tried(40, "root"), "root") << in(tried(40, "root"), "root") << QByteArray() << 2 << "1 3 40: root; 2 3 40: root";
        QTest::newRow("another account on each") << in(tried(50, "root"), "root") << in(tried(60, "martina"), "martina") << QByteArray() << 2 << "1 3 50: root; 2 3 60: martina";
        QTest::newRow("one was broken into, the other let its people in") << in(tried(40, "root"), "root") << in(Log(), "bob") << QByteArray() << 2 << "1 3 40: root";
        QTest::newRow("refused by one, let in by the other") << tried(40, "root").bytes() << in(Log(), "root") << QByteArray() << 2 << "";
        QTest::newRow("refused some times by each") << in(tried(11, "root"), "root") << in(tried(11, "root"), "root") << QByteArray() << 2 << "";
        QTest::newRow("a log of no machine, one machine") << in(tried(15, "root"), "root") << QByteArray() << tried(40, "root").bytes() << 1 << "1 3 55: root";
        QTest::newRow("let in by a log of no machine, one machine") << tried(40, "root").bytes() << QByteArray() << in(Log(), "root") << 1 << "1 3 40: root";
        QTest::newRow("a log of no machine, nothing else fits") << in(Log(), "root") << QByteArray() << tried(40, "root").bytes() << 2 << "1 3 40: root";
        QTest::newRow("a log of no machine, refused by the machine too") << in(tried(2, "root"), "root") << QByteArray() << tried(40, "root").bytes() << 2 << "";
        QTest::newRow("a log of no machine, refused by the other") << in(Log(), "root") << tried(1, "root").bytes() << tried(40, "root").bytes() << 2 << "";
        QTest::newRow("a log of no machine, let in by both") << in(Log(), "root") << in(Log(), "root") << tried(40, "root").bytes() << 2 << "";
        QTest::newRow("all in a log of no machine") << in(Log(), "root") << QByteArray() << in(tried(40, "root"), "root") << 2 << "0 3 40: root";

        const auto imap = [](const char* user, bool good, const char* from) {
            return QByteArray("2026-03-01T08:20:00+00:00 web1 dovecot: imap-login: ") + (good ? "Login" : "Disconnected (auth failed, 9 attempts in 9 secs)") + ": user=<" + user + ">, method=PLAIN, rip=" + from + ", lip=10.0.0.1\n";
        };
        QByteArray refused, read;
        for (const char* name : {"ann", "bob", "cem", "dan", "martina"}) refused += imap(name, false, "203.0.113.7"), read += imap(name, true, "198.51.100.9");
        const auto martina = imap("martina", true, "203.0.113.7");
        QTest::newRow("telephones with old passwords") << QByteArray() << refused + read + martina << QByteArray() << 2 << "";
        QTest::newRow("names that are the other machine's") << read << refused + martina << QByteArray() << 2 << "2 3 45: martina";
        QTest::newRow("telephones, the mails' log is no machine's") << in(Log(), "bob") << QByteArray() << refused + read << 2 << "";
    }
    void machines() {
        QFETCH(QByteArray, web1);
        QFETCH(QByteArray, db1);
        QFETCH(QByteArray, nowhere);
        QFETCH(int, count);
        QFETCH(QString, found);
        test::CaseFixture fixture;
        if (count > 1) fixture.sql("INSERT INTO tree VALUES(5, 1, 0, NULL, 2, '/', 2); INSERT INTO system VALUES(2, 5)");
        fixture.sql("INSERT INTO tree VALUES(6, 1, 0, NULL, NULL, '', 2)");
        int tree = 0;
        for (const auto& log : {web1, db1, nowhere}) {
            test::FileSpec spec;
            spec.path = "/var/log/" + std::to_string(tree), spec.bytes = log.toStdString();
            const auto inode = fixture.add_parsed("syslog", spec);
            if (tree > 0) fixture.sql("UPDATE event SET inode = (" + std::to_string(tree) + " << 44) | 77 WHERE inode = " + std::to_string(inode));
            tree = tree == 0 ? 5 : tree + 1;
        }
        fixture.detect("ssh_logins");
        auto query = fixture.database().prepare("SELECT group_concat(said, '; ') FROM (SELECT ifnull(f.system, 0) || ' ' || f.severity || ' ' || json_extract(f.arguments, '$.failures') || ': ' || "
                                                "(SELECT group_concat(DISTINCT i.key) FROM finding_item i WHERE i.finding = f.id) AS said FROM finding f WHERE f.subject = '203.0.113.7' ORDER BY f.system)");
        QVERIFY(query && query->step());
        QCOMPARE(QString::fromStdString(std::string(query->text(0))), found);
    }

    void from_login_records_alone_data() {
        QTest::addColumn<QByteArray>("log");
        QTest::addColumn<bool>("found");
        QTest::newRow("no log tells the method") << QByteArray() << true;
        QTest::newRow("a key, as the log has it") << Log().accepted(590, "root", "203.0.113.7", "publickey").bytes() << false;
        QTest::newRow("another door's token says nothing of it") << QByteArray("2026-03-01T08:09:50+00:00 web1 dovecot: imap-login: Login: user=<root>, method=OAUTHBEARER, rip=203.0.113.7, lip=10.0.0.1\n") << true;
    }
    void from_login_records_alone() {
        QFETCH(QByteArray, log);
        QFETCH(bool, found);
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
        test::FileSpec spec;
        spec.path = "/var/log/syslog", spec.bytes = log.toStdString();
        fixture.add_parsed("syslog", spec);
        const auto findings = fixture.detect("ssh_logins");
        QCOMPARE(findings.size(), std::size_t{found ? 1U : 0U});
        if (found) QCOMPARE(findings[0].confidence, 0);
    }
};
DEADBOX_TEST(SshLoginsTest)
#include "ssh_logins_test.moc"
