// Each rule fires on its sign and is silent on its innocent twin; healthy servers of several families give nothing.
#include <algorithm>

#include "support/case_fixture.hpp"
#include "support/test_main.hpp"

using namespace deadbox;

namespace {

constexpr std::int64_t k_now = 1'700'000'000;  // day 19675
constexpr const char* k_yescrypt = "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7";
constexpr const char* k_sha512 = "$6$saltsalt$qFmFH.bQmmtXzyBY0s9v7Oicd2z4XSIecDzlB5KiA2/jctKu9YterLp8wwnSq.qc.eoxqOmSuNp2xS0ktL3nh/";
constexpr const char* k_md5 = "$1$abcdefgh$WK0KuUPWEJNI5bRGJ3T5o/";

const std::string k_debian =
    "root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\nbin:x:2:2:bin:/bin:/usr/sbin/nologin\n"
    "sys:x:3:3:sys:/dev:/usr/sbin/nologin\nsync:x:4:65534:sync:/bin:/bin/sync\ngames:x:5:60:games:/usr/games:/usr/sbin/nologin\n"
    "man:x:6:12:man:/var/cache/man:/usr/sbin/nologin\nlp:x:7:7:lp:/var/spool/lpd:/usr/sbin/nologin\nmail:x:8:8:mail:/var/mail:/usr/sbin/nologin\n"
    "news:x:9:9:news:/var/spool/news:/usr/sbin/nologin\nwww-data:x:33:33:www-data:/var/www:/usr/sbin/nologin\n"
    "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n_apt:x:42:65534::/nonexistent:/usr/sbin/nologin\n"
    "sshd:x:101:65534::/run/sshd:/usr/sbin/nologin\nmysql:x:102:105:MySQL Server,,,:/nonexistent:/bin/false\n"
    "postgres:x:103:106:PostgreSQL administrator,,,:/var/lib/postgresql:/bin/bash\n"
    "alice:x:1000:1000:Alice,,,:/home/alice:/bin/bash\nbob:x:1001:1001::/home/bob:/bin/bash\n";
const std::string k_debian_shadow = std::string("root:*:19600:0:99999:7:::\ndaemon:*:19600:0:99999:7:::\nbin:*:19600:0:99999:7:::\n"
    "sys:*:19600:0:99999:7:::\nsync:*:19600:0:99999:7:::\ngames:*:19600:0:99999:7:::\nman:*:19600:0:99999:7:::\nlp:*:19600:0:99999:7:::\n"
    "mail:*:19600:0:99999:7:::\nnews:*:19600:0:99999:7:::\nwww-data:*:19600:0:99999:7:::\nnobody:*:19600:0:99999:7:::\n_apt:*:19600:0:99999:7:::\n"
    "sshd:!:19600::::::\nmysql:!:19600::::::\npostgres:*:19600:0:99999:7:::\nalice:") + k_yescrypt + ":19600:0:99999:7:::\nbob:" + k_sha512 + ":19600:0:99999:7:::\n";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    if (at == std::string::npos) qFatal("nothing to replace");
    return text.replace(at, from.size(), to);
}

struct Etc {
    std::string passwd = k_debian, passwd_backup = k_debian, shadow = k_debian_shadow, shadow_backup = k_debian_shadow;
    std::string keys;              // a file of public keys that is there
    std::int64_t changed = k_now;  // the inodes of passwd and shadow
};

std::vector<test::FoundFinding> found_in(const Etc& etc, const char* sshd_config = nullptr) {
    test::CaseFixture fixture;
    const auto put = [&](const char* parser, const char* path, const std::string& text, std::int64_t time, std::int64_t changed = 0) {
        if (text.empty()) return;
        test::FileSpec spec;
        spec.path = path, spec.bytes = text, spec.modified = time, spec.changed = changed != 0 ? changed : time, spec.born = time;
        fixture.add_parsed(parser, spec);
    };
    put("passwd", "/etc/passwd", etc.passwd, k_now, etc.changed);
    put("passwd", "/etc/passwd-", etc.passwd_backup, k_now - 1'000'000);
    put("shadow", "/etc/shadow", etc.shadow, k_now, etc.changed);
    if (!etc.keys.empty()) {
        test::FileSpec spec;
        spec.path = etc.keys, spec.bytes = "ssh-ed25519 AAAA k\n", spec.modified = spec.changed = spec.born = k_now + 7200;
        fixture.add(spec);
    }
    put("shadow", "/etc/shadow-", etc.shadow_backup, k_now - 1'000'000);
    put("login_shells", "/etc/shells", "# /etc/shells\n/bin/sh\n/bin/bash\n/usr/bin/bash\n/usr/bin/tmux\n", k_now);
    put("login_defs", "/etc/login.defs", "UID_MIN 1000\nENCRYPT_METHOD YESCRYPT\n", k_now);
    if (sshd_config != nullptr) {
        test::FileSpec spec;
        spec.path = "/etc/ssh/sshd_config", spec.bytes = sshd_config;
        // Whatever parser keeps its text: here the one of login.defs does.
        fixture.add_parsed("login_defs", spec);
    }
    auto all = fixture.detect("accounts");
    // Accounts of the system are judged behind all others.
    for (auto& one : fixture.detect("account_history"))
        if (one.rule == "accounts/system_account_login") all.push_back(std::move(one));
    return all;
}

const test::FoundFinding* finding_about(const std::vector<test::FoundFinding>& all, const std::string& rule, const std::string& subject) {
    for (const auto& one : all)
        if (one.rule == "accounts/" + rule && one.subject == subject) return &one;
    return nullptr;
}

QString names(const std::vector<test::FoundFinding>& all) {
    QString text;
    for (const auto& one : all) text += QString::fromStdString(one.rule + "(" + one.subject + ") " + std::to_string(one.severity) + "; ");
    return text;
}

}  // namespace

class AccountsTest : public QObject {
    Q_OBJECT
private slots:
    void fires_data() {
        QTest::addColumn<QByteArray>("added");     // appended to passwd
        QTest::addColumn<QByteArray>("password");  // appended to shadow
        QTest::addColumn<QByteArray>("rule");
        QTest::addColumn<QByteArray>("subject");
        QTest::addColumn<int>("severity");         // -1: the rule must not fire
        const auto row = [](const char* name, const char* added, std::string password, const char* rule, const char* subject, int severity) {
            QTest::newRow(name) << QByteArray(added) << QByteArray::fromStdString(password) << QByteArray(rule) << QByteArray(subject) << severity;
        };
        const std::string hash = k_yescrypt;
        const std::string day = ":19600:0:99999:7:::\n";
        row("twin", "toor:x:0:0::/root:/bin/bash\n", "toor:" + hash + day, "uid_zero_twin", "toor", 4);
        row("twin in disguise", "dbus2:x:+00:0::/:/bin/bash\n", "dbus2:" + hash + day, "uid_zero_twin", "dbus2", 4);
        row("group 0 is no twin", "operator:x:11:0:operator:/root:/sbin/nologin\n", "operator:*:19600:0:99999:7:::\n", "uid_zero_twin", "operator", -1);
        row("system with password", "backup:x:34:34:backup:/var/backups:/bin/bash\n", "backup:" + hash + day, "system_account_login", "backup", 3);
        row("system, empty shell", "backup:x:34:34:backup:/var/backups:\n", "backup:" + hash + day, "system_account_login", "backup", 3);
        row("system, locked hash", "backup:x:34:34:backup:/var/backups:/bin/bash\n", "backup:!" + hash + day, "system_account_login", "backup", -1);
        row("system, nologin with password", "backup:x:34:34:backup:/var/backups:/usr/sbin/nologin\n", "backup:" + hash + day, "system_account_login", "backup", -1);
        row("system, a program that lets files through alone", "backup:x:34:34:backup:/var/backups:/usr/bin/rssh\n", "backup:" + hash + day, "system_account_login", "backup", -1);
        row("system, a program of its own from the beginning", "uucp:x:10:10:uucp:/var/spool/uucp:/usr/sbin/uuserve\n", "uucp:" + hash + day, "system_account_login", "uucp", -1);
        row("service of one's own", "srvapp:x:950:950::/opt/srvapp:/bin/bash\n", "srvapp:" + hash + day, "system_account_login", "srvapp", 2);
        row("person with a low id", "core:x:500:500::/home/core:/bin/bash\n", "core:" + hash + day, "system_account_login", "core", 1);
        row("person named as a service", "git:x:1002:1002::/home/git:/bin/bash\n", "git:" + hash + day, "system_account_login", "git", -1);
        row("shell alone", "backup:x:34:34:backup:/var/backups:/bin/bash\n", "backup:*" + day, "system_shell_without_password", "backup", 1);
        row("Debian's old shell", "backup:x:34:34:backup:/var/backups:/bin/sh\n", "backup:*" + day, "system_shell_without_password", "backup", -1);
        row("shell by design", "jenkins:x:110:110::/var/lib/jenkins:/bin/bash\n", "jenkins:*" + day, "system_shell_without_password", "jenkins", -1);
        row("empty", "eve:x:1002:1002::/home/eve:/bin/bash\n", "eve::19600:0:99999:7:::\n", "empty_password", "eve", 3);
        row("empty in passwd", "eve::1002:1002::/home/eve:/bin/bash\n", "eve:" + hash + day, "empty_password", "eve", 3);
        row("empty but closed", "eve:x:1002:1002::/home/eve:/usr/sbin/nologin\n", "eve::19600:0:99999:7:::\n", "empty_password", "eve", -1);
        row("live session", "user:x:1002:1002:Debian Live user,,,:/home/user:/bin/bash\n", "user::19600:0:99999:7:::\n", "empty_password", "user", 1);
        row("hash in passwd", "eve:$1$abcdefgh$WK0KuUPWEJNI5bRGJ3T5o/:1002:1002::/home/eve:/bin/bash\n", "", "hash_in_passwd", "eve", 2);
        row("locked in passwd", "eve:!:1002:1002::/home/eve:/bin/bash\n", "", "hash_in_passwd", "eve", -1);
        row("one name, two lines", "bob:x:0:0::/root:/bin/bash\n", "", "duplicate_name", "bob", 2);
        row("the same line twice", "bob:x:1001:1001::/home/bob:/bin/bash\n", "", "duplicate_name", "bob", 1);
        row("web server's id", "ftpshop:x:33:33::/var/www/shop:/bin/false\n", "ftpshop:" + hash + day, "duplicate_uid", "uid 33", 1);
        row("web server's id with shell", "helper:x:33:33::/var/www:/bin/bash\n", "helper:" + hash + day, "duplicate_uid", "uid 33", 2);
        row("older hash, newer day", "eve:x:1002:1002::/home/eve:/bin/bash\n", std::string("eve:") + k_md5 + ":19650:0:99999:7:::\n", "hash_unlike_others", "eve", 1);
        row("older hash, older day", "eve:x:1002:1002::/home/eve:/bin/bash\n", std::string("eve:") + k_md5 + ":17000:0:99999:7:::\n", "hash_unlike_others", "eve", -1);
        row("copied hash", "eve:x:1002:1002::/home/eve:/bin/bash\n", "eve:" + hash + day, "same_hash", "alice", 1);
        row("home in shared memory", "eve:x:1002:1002::/dev/shm/.x:/bin/bash\n", "eve:" + hash + day, "home_odd", "eve", 2);
        row("home as usual", "eve:x:1002:1002::/srv/devices/eve:/bin/bash\n", "eve:" + hash + day, "home_odd", "eve", -1);
        row("shell in tmp", "eve:x:1002:1002::/home/eve:/tmp/sh\n", "eve:" + hash + day, "shell_odd", "eve", 2);
        row("shell of Homebrew", "eve:x:1002:1002::/home/eve:/home/linuxbrew/.linuxbrew/bin/fish\n", "eve:" + hash + day, "shell_odd", "eve", 1);
        row("shell in a hidden folder", "eve:x:1002:1002::/home/eve:/usr/lib/.x/sh\n", "eve:" + hash + day, "shell_odd", "eve", 2);
        row("shell in usr", "eve:x:1002:1002::/home/eve:/usr/local/bin/fish\n", "eve:" + hash + day, "shell_odd", "eve", -1);
        row("NIS", "+::::::\n", "", "hidden_entry", "+", 1);
        row("NIS with root's id", "+::0:0:::\n", "", "hidden_entry", "+", 2);
        row("blank in the name", "sys :x:1002:1002::/:/bin/bash\n", "", "hidden_entry", "sys ", 2);
        row("only in shadow", "", "ghost:" + hash + day, "shadow_mismatch", "ghost", 1);
        row("only in passwd", "ghost:x:1002:1002::/home/ghost:/bin/bash\n", "", "shadow_mismatch", "ghost", 1);
    }
    void fires() {
        QFETCH(QByteArray, added);
        QFETCH(QByteArray, password);
        QFETCH(QByteArray, rule);
        QFETCH(QByteArray, subject);
        QFETCH(int, severity);
        // In the backups too: these rules need no change to compare with.
        Etc etc;
        etc.passwd_backup = etc.passwd += added.toStdString();
        etc.shadow_backup = etc.shadow += password.toStdString();
        const auto all = found_in(etc);
        const auto* finding = finding_about(all, rule.toStdString(), subject.toStdString());
        QVERIFY2((finding != nullptr) == (severity >= 0), qPrintable(names(all)));
        if (finding == nullptr) return;
        QCOMPARE(finding->severity, severity);
        QVERIFY(finding->item_count > 0);
        QVERIFY(finding->first_s.has_value());
        if (rule == "empty_password") QVERIFY(*finding->first_s != std::int64_t{19600} * 86400);  // the day in shadow is not when it was emptied
        QVERIFY(finding->items[0].line.has_value());
        QVERIFY(finding->items[0].path.starts_with("/etc/"));
    }

    void changes_since_the_backup_data() {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<QByteArray>("shadow_from");
        QTest::addColumn<QByteArray>("shadow_to");
        QTest::addColumn<QByteArray>("rule");
        QTest::addColumn<QByteArray>("subject");
        QTest::addColumn<int>("severity");
        const QByteArray hash(k_yescrypt);
        QTest::newRow("www-data opened") << QByteArray("/var/www:/usr/sbin/nologin") << QByteArray("/var/www:/bin/bash") << QByteArray("www-data:*") << "www-data:" + hash
                                         << QByteArray("system_account_login") << QByteArray("www-data") << 3;
        QTest::newRow("www-data given a program of nobody's and a password") << QByteArray("/var/www:/usr/sbin/nologin") << QByteArray("/var/www:/usr/lib/sftp-sh") << QByteArray("www-data:*") << "www-data:" + hash
                                                                             << QByteArray("system_account_login") << QByteArray("www-data") << 3;
        QTest::newRow("postgres given a password") << QByteArray() << QByteArray() << QByteArray("postgres:*") << "postgres:" + hash
                                                   << QByteArray("system_account_login") << QByteArray("postgres") << 3;
        QTest::newRow("www-data given a shell") << QByteArray("/var/www:/usr/sbin/nologin") << QByteArray("/var/www:/bin/sh") << QByteArray() << QByteArray()
                                                << QByteArray("system_shell_without_password") << QByteArray("www-data") << 2;
        QTest::newRow("root's password") << QByteArray() << QByteArray() << QByteArray("root:*") << "root:" + hash << QByteArray("root_password_changed") << QByteArray("root") << 0;
        QTest::newRow("root's password emptied") << QByteArray() << QByteArray() << QByteArray("root:*:19600") << QByteArray("root::19600") << QByteArray("empty_password") << QByteArray("root") << 3;
    }
    void changes_since_the_backup() {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(QByteArray, shadow_from);
        QFETCH(QByteArray, shadow_to);
        QFETCH(QByteArray, rule);
        QFETCH(QByteArray, subject);
        QFETCH(int, severity);
        Etc etc;
        if (!from.isEmpty()) etc.passwd = replaced(etc.passwd, from.toStdString(), to.toStdString());
        if (!shadow_from.isEmpty()) etc.shadow = replaced(etc.shadow, shadow_from.toStdString(), shadow_to.toStdString());
        const auto all = found_in(etc);
        const auto* finding = finding_about(all, rule.toStdString(), subject.toStdString());
        QVERIFY2(finding != nullptr, qPrintable(names(all)));
        QCOMPARE(finding->severity, severity);
    }

    // A shell lets in nobody by itself; with a key in the home it does.
    void keys_of_system_accounts_data() {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<QByteArray>("keys");
        QTest::addColumn<QByteArray>("rule");
        QTest::addColumn<QByteArray>("subject");
        QTest::addColumn<int>("severity");
        QTest::addColumn<bool>("in_backup");
        const QByteArray login("system_account_login"), shell("system_shell_without_password");
        const QByteArray web_from("/var/www:/usr/sbin/nologin"), web_to("/var/www:/bin/sh");
        QTest::newRow("a shell and a key") << web_from << web_to << QByteArray("/var/www/.ssh/authorized_keys") << login << QByteArray("www-data") << 2 << false;
        QTest::newRow("a shell, the key of another") << web_from << web_to << QByteArray("/home/bob/.ssh/authorized_keys") << shell << QByteArray("www-data") << 2 << false;
        QTest::newRow("a key, no shell") << QByteArray() << QByteArray() << QByteArray("/var/www/.ssh/authorized_keys") << login << QByteArray("www-data") << -1 << false;
        QTest::newRow("long since") << web_from << web_to << QByteArray("/var/www/.ssh/authorized_keys") << login << QByteArray("www-data") << 2 << true;
        QTest::newRow("a service with a shell by design") << QByteArray() << QByteArray() << QByteArray("/var/lib/postgresql/.ssh/authorized_keys") << login << QByteArray("postgres") << -1 << false;
        QTest::newRow("a service of an administrator's, for a job") << QByteArray("bob:x:1001:1001::/home/bob") << QByteArray("nagios:x:901:901::/var/lib/nagios") << QByteArray("/var/lib/nagios/.ssh/authorized_keys") << login << QByteArray("nagios") << -1 << true;
    }
    void keys_of_system_accounts() {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(QByteArray, keys);
        QFETCH(QByteArray, rule);
        QFETCH(QByteArray, subject);
        QFETCH(int, severity);
        QFETCH(bool, in_backup);
        Etc etc;
        if (!from.isEmpty()) etc.passwd = replaced(etc.passwd, from.toStdString(), to.toStdString());
        if (in_backup) etc.passwd_backup = etc.passwd;
        etc.keys = keys.toStdString();
        const auto all = found_in(etc);
        const auto* finding = finding_about(all, rule.toStdString(), subject.toStdString());
        QCOMPARE(finding == nullptr ? -1 : finding->severity, severity);
        if (rule != "system_account_login" || severity < 0) return;
        QCOMPARE(finding->arguments["vouched"].get<std::string>(), std::string("nobody"));
        QCOMPARE(finding->arguments["keys"].get<std::string>(), etc.keys);
        QCOMPARE(*finding->first_s, k_now + 7200);  // complete with the key
        QCOMPARE(finding->items.back().path, etc.keys);
    }

    // Modification times and the days in shadow are what anybody writes; changes of inodes and what a backup shows are not.
    void times_that_were_set_back_data() {
        QTest::addColumn<qint64>("changed");
        QTest::addColumn<bool>("in_backup");
        QTest::addColumn<qint64>("twin");
        QTest::addColumn<qint64>("games");
        const qint64 later = k_now + 15 * 86400;
        QTest::newRow("as written") << qint64{k_now} << false << qint64{k_now} << qint64{k_now};
        QTest::newRow("set back") << later << false << later << later;
        // Its day is that of all the accounts which nobody can log in to, so it says nothing.
        QTest::newRow("the backups have it") << qint64{k_now} << true << qint64{k_now - 1'000'000} << qint64{k_now - 1'000'000};
    }
    void times_that_were_set_back() {
        QFETCH(qint64, changed);
        QFETCH(bool, in_backup);
        QFETCH(qint64, twin);
        QFETCH(qint64, games);
        Etc etc;
        etc.passwd = replaced(etc.passwd, "games:/usr/games:/usr/sbin/nologin", "games:/usr/games:/bin/bash") + "toor:x:0:0::/root:/bin/bash\n";
        etc.shadow = replaced(etc.shadow, "games:*", std::string("games:") + k_yescrypt) + "toor:" + k_yescrypt + ":19600:0:99999:7:::\n";
        etc.passwd += "eve:x:1002:1002::/home/eve:/bin/bash\n", etc.shadow += std::string("eve:") + k_md5 + ":19650:0:99999:7:::\n";
        if (in_backup) etc.passwd_backup = etc.passwd, etc.shadow_backup = etc.shadow;
        etc.changed = changed;
        const auto all = found_in(etc);
        QCOMPARE(*finding_about(all, "uid_zero_twin", "toor")->first_s, twin);
        QCOMPARE(*finding_about(all, "system_account_login", "games")->first_s, games);
        // A line that the backup has not at all says no more of its day.
        QCOMPARE(*finding_about(all, "hash_unlike_others", "eve")->first_s, in_backup ? std::int64_t{19650} * 86400 : games);
    }

    void sshd_that_takes_empty_passwords() {
        Etc etc;
        etc.passwd += "eve:x:1002:1002::/home/eve:/bin/bash\n";
        etc.shadow += "eve::19600:0:99999:7:::\n";
        QCOMPARE(finding_about(found_in(etc, "# PermitEmptyPasswords yes\nPermitEmptyPasswords  yes\n"), "empty_password", "eve")->severity, 4);
        QCOMPARE(finding_about(found_in(etc, "#PermitEmptyPasswords yes\nPermitEmptyPasswords no\n"), "empty_password", "eve")->severity, 3);
    }

    void a_line_put_in_the_middle() {
        Etc etc;
        etc.passwd = replaced(etc.passwd, "games:", "eve:x:1002:1002::/home/eve:/bin/bash\ngames:");
        const auto all = found_in(etc);
        QVERIFY2(finding_about(all, "odd_order", "eve") != nullptr, qPrintable(names(all)));
    }

    void hashes_are_marked() {
        test::CaseFixture fixture;
        test::FileSpec passwd, shadow;
        passwd.path = "/etc/passwd", passwd.bytes = "root:x:0:0::/root:/bin/bash\nx:x:0:0::/:/bin/sh\n";
        shadow.path = "/etc/shadow", shadow.bytes = std::string("root:*:1::::::\nx:") + k_md5 + ":19600::::::\n";
        fixture.add_parsed("passwd", passwd);
        fixture.add_parsed("shadow", shadow);
        QCOMPARE(fixture.detect("accounts").size(), std::size_t{1});
        auto query = fixture.database().prepare("SELECT secrets FROM finding_item WHERE excerpt LIKE '%$1$%'");
        QVERIFY(query && query->step());
        QCOMPARE(std::string(query->text(0)), "[[2," + std::to_string(std::string_view(k_md5).size()) + ",false]]");
    }

    void healthy_data() {
        QTest::addColumn<QByteArray>("passwd");
        QTest::addColumn<QByteArray>("shadow");
        const auto row = [](const char* name, const std::string& passwd, const std::string& shadow) {
            QTest::newRow(name) << QByteArray::fromStdString(passwd) << QByteArray::fromStdString(shadow);
        };
        row("Debian", k_debian, k_debian_shadow);
        row("Red Hat",
            "root:x:0:0:root:/root:/bin/bash\nbin:x:1:1:bin:/bin:/sbin/nologin\ndaemon:x:2:2:daemon:/sbin:/sbin/nologin\nadm:x:3:4:adm:/var/adm:/sbin/nologin\n"
            "lp:x:4:7:lp:/var/spool/lpd:/sbin/nologin\nsync:x:5:0:sync:/sbin:/bin/sync\nshutdown:x:6:0:shutdown:/sbin:/sbin/shutdown\nhalt:x:7:0:halt:/sbin:/sbin/halt\n"
            "mail:x:8:12:mail:/var/spool/mail:/sbin/nologin\noperator:x:11:0:operator:/root:/sbin/nologin\nftp:x:14:50:FTP User:/var/ftp:/sbin/nologin\n"
            "nobody:x:65534:65534:Kernel Overflow User:/:/sbin/nologin\ndbus:x:81:81:System message bus:/:/sbin/nologin\n"
            "postgres:x:26:26:PostgreSQL Server:/var/lib/pgsql:/bin/bash\nmysql:x:27:27:MySQL Server:/var/lib/mysql:/bin/bash\n"
            "cloud-user:x:1000:1000:Cloud User:/home/cloud-user:/bin/bash\n",
            std::string("root:!!:19600:0:99999:7:::\nbin:*:19000:0:99999:7:::\ndaemon:*:19000:0:99999:7:::\nadm:*:19000:0:99999:7:::\nlp:*:19000:0:99999:7:::\n"
            "sync:*:19000:0:99999:7:::\nshutdown:*:19000:0:99999:7:::\nhalt:*:19000:0:99999:7:::\nmail:*:19000:0:99999:7:::\noperator:*:19000:0:99999:7:::\n"
            "ftp:*:19000:0:99999:7:::\nnobody:*:19000:0:99999:7:::\ndbus:!!:19600::::::\npostgres:!!:19600::::::\nmysql:!!:19600::::::\ncloud-user:") + k_sha512 + ":19600:0:99999:7:::\n");
        row("Alpine", "root:x:0:0:root:/root:/bin/ash\nbin:x:1:1:bin:/bin:/sbin/nologin\nsync:x:5:0:sync:/sbin:/bin/sync\nguest:x:405:100:guest:/dev/null:/sbin/nologin\n",
            "root:::0:::::\nbin:!::0:::::\nsync:!::0:::::\nguest:!::0:::::\n");
        row("Arch", "root:x:0:0::/root:/bin/bash\nbin:x:1:1::/:/usr/bin/nologin\nhttp:x:33:33::/srv/http:/usr/bin/nologin\ngit:x:977:977:git daemon user:/:/usr/bin/git-shell\n",
            "root::14871::::::\nbin:!*:19600::::::\nhttp:!*:19600::::::\ngit:!*:19600::::::\n");
        row("old Debian, upgraded", "root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:daemon:/usr/sbin:/bin/sh\nbin:x:2:2:bin:/bin:/bin/sh\nsys:x:3:3:sys:/dev:/bin/sh\n"
            "sync:x:4:65534:sync:/bin:/bin/sync\nwww-data:x:33:33:www-data:/var/www:/bin/sh\nlist:x:38:38:Mailing List Manager:/var/list:/bin/sh\n",
            "root:*:13000:0:99999:7:::\ndaemon:*:13000:0:99999:7:::\nbin:*:13000:0:99999:7:::\nsys:*:13000:0:99999:7:::\nsync:*:13000:0:99999:7:::\n"
            "www-data:*:13000:0:99999:7:::\nlist:*:13000:0:99999:7:::\n");
        std::string passwd = k_debian, shadow = k_debian_shadow;
        for (int i = 2000; i < 2100; ++i) {
            const auto name = "customer" + std::to_string(i);
            passwd += name + ":x:" + std::to_string(i) + ":33::/var/www/" + name + ":/usr/lib/openssh/sftp-server\n";
            shadow += name + ":$6$" + name + "$qFmFH.bQmmtXzyBY0s9v7Oicd2z4XSIecDzlB5KiA2/jctKu9YterLp8wwnSq.qc.:19650:0:99999:7:::\n";
        }
        row("hosting", passwd, shadow);
    }
    void healthy() {
        QFETCH(QByteArray, passwd);
        QFETCH(QByteArray, shadow);
        Etc etc;
        etc.passwd_backup = etc.passwd = passwd.toStdString();
        etc.shadow_backup = etc.shadow = shadow.toStdString();
        const auto all = found_in(etc);
        QVERIFY2(std::all_of(all.begin(), all.end(), [](const auto& one) { return one.severity < 2; }), qPrintable(names(all)));
    }
};
DEADBOX_TEST(AccountsTest)
#include "accounts_test.moc"
