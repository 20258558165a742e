#include "base/glob.hpp"

#include "support/test_main.hpp"

using deadbox::base::Glob;

class GlobTest : public QObject {
    Q_OBJECT
private slots:
    void matches_data() {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QString>("path");
        QTest::addColumn<bool>("expected");
        const auto row = [](const char* pattern, const char* path, bool expected) {
            QTest::addRow("%s ~ %s", pattern, path) << pattern << path << expected;
        };
        row("/etc/passwd", "/etc/passwd", true);
        row("/etc/passwd", "/etc/passwd-", false);
        row("/etc/*.conf", "/etc/a.conf", true);
        row("/etc/*.conf", "/etc/a/b.conf", false);
        row("/etc/**", "/etc/a/b.conf", true);
        row("/etc/**/b.conf", "/etc/b.conf", true);
        row("/etc/**/b.conf", "/etc/x/y/b.conf", true);
        row("**/.ssh/authorized_keys", "/home/a/.ssh/authorized_keys", true);
        row("/var/log/{auth.log,secure}*", "/var/log/secure-20260101.gz", true);
        row("/var/log/{auth.log,secure}*", "/var/log/messages", false);
        row("/a/[a-c]x", "/a/bx", true);
        row("/a/[!a-c]x", "/a/bx", false);
        row("/a/?", "/a/b", true);
        row("/a/?", "/a/", false);
        row("/a*b*c", "/aXbXbXc", true);
        row("/a\\*", "/a*", true);
        row("/a\\*", "/ab", false);
        row("**/x/**/y*z", "/q/x/1/2/yyz", true);
        row("**.php", "/q/x.php", true);
    }
    void matches() {
        QFETCH(QString, pattern);
        QFETCH(QString, path);
        QTEST(Glob(pattern.toStdString()).matches(path.toStdString()), "expected");
    }
    void below() {
        QVERIFY(Glob("/etc/passwd").may_match_below("/etc"));
        QVERIFY(!Glob("/etc/passwd").may_match_below("/usr"));
        QVERIFY(Glob("**/x").may_match_below("/usr"));
    }
    void leads_below_data() {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QString>("folder");
        QTest::addColumn<bool>("expected");
        const auto row = [](const char* pattern, const char* folder, bool expected) { QTest::addRow("%s below %s", pattern, folder) << pattern << folder << expected; };
        row("/var/log/**/auth*", "/var", true);
        row("/var/log/**/auth*", "/var/log", true);
        row("/var/log/**/auth*", "/var/log/a/b", true);
        row("/var/log/**/auth*", "/var/lo", false);
        row("/var/log/**/auth*", "/srv/log", false);
        row("/home/*/.ssh/keys", "/home/max", true);
        row("/home/*/.ssh/keys", "/home/max/.ssh", true);
        row("/home/*/.ssh/keys", "/home/max/www", false);
        row("/home/*/.ssh/keys", "/home/max/.ssh/keys", false);
        row("/{root,home/*}/.history", "/root", true);
        row("/etc/passwd", "/", true);
        row("/etc/passwd", "/etc/passwd", false);
        row("**/.bash_history", "/root", false);
        row("/**", "/root", false);
    }
    void leads_below() {
        QFETCH(QString, pattern);
        QFETCH(QString, folder);
        QTEST(Glob(pattern.toStdString()).leads_below(folder.toStdString()), "expected");
    }
};
DEADBOX_TEST(GlobTest)
#include "glob_test.moc"
