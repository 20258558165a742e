#include "passwd/records.hpp"
#include "plugin/parser.hpp"
#include "support/memory_file.hpp"
#include "support/recording_sink.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using namespace deadbox::plugins::passwd;

namespace {

test::RecordingSink parsed(const char* parser, const char* path, std::string_view text) {
    test::RecordingSink sink;
    const test::MemoryFile file(path, text);
    if (!plugin::find_parser(parser)->parse(file, {}, sink)) qFatal("the parser failed");
    return sink;
}

}  // namespace

class PasswdTest : public QObject {
    Q_OBJECT
private slots:
    void lines() {
        const auto sink = parsed("passwd", "/etc/passwd", "root:x:0:0:root:/root:/bin/bash\n\nbad\nu\xff:x:1000:1000::/home/u:/bin/sh");
        const auto& rows = sink.rows.at("account");
        QCOMPARE(rows.size(), std::size_t{2});
        QCOMPARE(rows[0].at("user").as_text(), std::string("root"));
        QCOMPARE(rows[0].at("password").as_text(), std::string("shadowed"));
        QCOMPARE(rows[0].at("oddity").as_text(), std::string());
        QCOMPARE(rows[1].at("uid").as_text(), std::string("1000"));
        QCOMPARE(rows[1].at("line").as_text(), std::string("4"));
        QCOMPARE(sink.gaps.size(), std::size_t{1});
        QCOMPARE(sink.kept.size(), std::size_t{1});
        QVERIFY(!sink.rows.contains("password"));
    }
    void a_hash_in_passwd_is_no_open_text() {
        const auto sink = parsed("passwd", "/etc/passwd-", "old:ab1cdefghijkl:5:5::/:/bin/sh\n");
        QCOMPARE(sink.rows.at("password")[0].at("scheme").as_text(), std::string("des"));
        QCOMPARE(sink.rows.at("password")[0].at("source").as_text(), std::string("passwd-"));
        QVERIFY(sink.kept.empty());
    }
    void sources_data() {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("source");
        QTest::newRow("live") << QByteArray("/etc/passwd") << QByteArray("passwd");
        QTest::newRow("backup") << QByteArray("/etc/passwd-") << QByteArray("passwd-");
        QTest::newRow("altfiles") << QByteArray("/usr/lib/passwd") << QByteArray("altfiles");
        QTest::newRow("base-passwd") << QByteArray("/usr/share/base-passwd/passwd.master") << QByteArray("master");
    }
    void sources() {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, source);
        const auto sink = parsed("passwd", path.constData(), "sync:*:4:65534:sync:/bin:/bin/sync\n");
        QCOMPARE(sink.rows.at("account")[0].at("source").as_text(), source.toStdString());
    }

    void ids_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qint64>("value");
        QTest::addColumn<bool>("canonical");
        QTest::newRow("zero") << QByteArray("0") << qint64{0} << true;
        QTest::newRow("plain") << QByteArray("1000") << qint64{1000} << true;
        QTest::newRow("zeros") << QByteArray("0000") << qint64{0} << false;
        QTest::newRow("plus") << QByteArray("+0") << qint64{0} << false;
        QTest::newRow("minus") << QByteArray("-0") << qint64{0} << false;
        QTest::newRow("blank") << QByteArray(" 0") << qint64{0} << false;
        QTest::newRow("too large") << QByteArray("99999999999999999999999") << qint64{4294967295} << true;
        QTest::newRow("hexadecimal") << QByteArray("0x0") << qint64{-1} << false;
        QTest::newRow("empty") << QByteArray("") << qint64{-1} << false;
    }
    void ids() {
        QFETCH(QByteArray, text);
        QFETCH(qint64, value);
        QFETCH(bool, canonical);
        const auto id = read_id(std::string_view(text.constData(), static_cast<std::size_t>(text.size())));
        QCOMPARE(id.has_value(), value >= 0);
        if (!id) return;
        QCOMPARE(qint64{id->value}, value);
        QCOMPARE(id->canonical, canonical);
    }

    void passwords_data() {
        QTest::addColumn<QByteArray>("field");
        QTest::addColumn<QByteArray>("scheme");
        QTest::addColumn<QByteArray>("state");
        const auto row = [](const char* name, const char* field, const char* scheme, const char* state) {
            QTest::newRow(name) << QByteArray(field) << QByteArray(scheme) << QByteArray(state);
        };
        row("yescrypt", "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7", "yescrypt", "set");
        row("sha512", "$6$saltsalt$qFmFH.bQmmtXzyBY0s9v7Oicd2z4XSIecDzlB5KiA2/jctKu9YterLp8wwnSq.qc.eoxqOmSuNp2xS0ktL3nh/", "sha512", "set");
        row("sha512 rounds", "$6$rounds=65600$saltsalt$qFmFH.bQmmtXzyBY0s9v7Oicd2z4XSIecDzlB5KiA2", "sha512", "set");
        row("md5", "$1$abcdefgh$WK0KuUPWEJNI5bRGJ3T5o/", "md5", "set");
        row("bcrypt", "$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW", "bcrypt", "set");
        row("des", "rl.3StKT.4T8M", "des", "set");
        row("locked by usermod", "!$6$saltsalt$qFmFH.bQmmtXzyBY0s9v7Oicd2z4XSIecDzl", "sha512", "locked");
        row("locked by passwd of Red Hat", "!!$6$saltsalt$qFmFH.bQmmtXzyBY0s9v7Oicd2z4XSIecDzl", "sha512", "locked");
        row("star", "*", "none", "none");
        row("mark", "!", "none", "none");
        row("two marks", "!!", "none", "none");
        row("mark star", "!*", "none", "none");
        row("LK", "*LK*", "none", "none");
        row("empty", "", "none", "empty");
        row("no hash", "secret", "none", "none");
    }
    void passwords() {
        QFETCH(QByteArray, field);
        QFETCH(QByteArray, scheme);
        QFETCH(QByteArray, state);
        const auto found = classify_password(field.toStdString());
        QCOMPARE(std::string(found.scheme), scheme.toStdString());
        QCOMPARE(std::string(found.state), state.toStdString());
    }

    void shadow() {
        const auto sink = parsed("shadow", "/etc/shadow", "root:*:19000:0:99999:7:::\nbob::0:0:99999:7:14:20000:\nshort\n");
        const auto& rows = sink.rows.at("password");
        QCOMPARE(rows.size(), std::size_t{2});
        QCOMPARE(rows[0].at("last_change").as_text(), std::string("19000"));
        QCOMPARE(rows[0].at("expire_day").as_text(), std::string());
        QCOMPARE(rows[1].at("state").as_text(), std::string("empty"));
        QCOMPARE(rows[1].at("expire_day").as_text(), std::string("20000"));
        QCOMPARE(sink.gaps.size(), std::size_t{1});
        QVERIFY(sink.kept.empty());
    }
    void groups() {
        const auto sink = parsed("group", "/etc/group", "sudo:x:27:alice,,bob\nx:y\n");
        QCOMPARE(sink.rows.at("account_group")[0].at("members").as_text(), std::string("2"));
        QCOMPARE(sink.rows.at("group_member")[1].at("user").as_text(), std::string("bob"));
        const auto secrets = parsed("gshadow", "/etc/gshadow-", "sudo:*:carol:alice\nplain:!::\n");
        QCOMPARE(secrets.rows.at("group_member")[0].at("part").as_text(), std::string("admin"));
        QCOMPARE(secrets.rows.at("account_group").size(), std::size_t{2});
    }
    void settings() {
        const auto sink = parsed("login_defs", "/etc/login.defs", "# comment\nUID_MIN\t\t\t 1000\nENCRYPT_METHOD YESCRYPT\n\nUMASK 022 # mask\n");
        const auto& rows = sink.rows.at("login_default");
        QCOMPARE(rows.size(), std::size_t{3});
        QCOMPARE(rows[0].at("value").as_text(), std::string("1000"));
        QCOMPARE(rows[2].at("value").as_text(), std::string("022"));
        const auto adduser = parsed("login_defs", "/etc/adduser.conf", "DSHELL=/bin/bash\nSKEL_IGNORE_REGEX=\"a b\"\n#X=1\n");
        QCOMPARE(adduser.rows.at("login_default")[1].at("value").as_text(), std::string("a b"));
    }
    void shells() {
        const auto sink = parsed("login_shells", "/etc/shells", "# shells\n/bin/sh\n/usr/bin/tmux # screen\nbad\n");
        QCOMPARE(sink.rows.at("login_shell").size(), std::size_t{2});
        QCOMPARE(sink.rows.at("login_shell")[1].at("path").as_text(), std::string("/usr/bin/tmux"));
    }
    void sysusers() {
        const auto sink = parsed("sysusers", "/usr/lib/sysusers.d/x.conf",
                                 "u postgres 26 \"PostgreSQL Server\" /var/lib/pgsql /bin/bash\ng wheel 10\nm alice wheel\nu! chrony -:12\n");
        const auto& rows = sink.rows.at("account");
        QCOMPARE(rows[0].at("shell").as_text(), std::string("/bin/bash"));
        QCOMPARE(rows[0].at("gecos").as_text(), std::string("PostgreSQL Server"));
        QCOMPARE(rows[1].at("gid").as_text(), std::string("12"));
        QCOMPARE(sink.rows.at("group_member")[0].at("group_name").as_text(), std::string("wheel"));
    }
    void subordinate_ids() {
        const auto sink = parsed("subordinate_ids", "/etc/subuid", "alice:100000:65536\n");
        QCOMPARE(sink.rows.at("subordinate_id")[0].at("start").as_text(), std::string("100000"));
    }
    // Any bytes give rows and notes, never a failure.
    void hostile() {
        std::string bytes;
        std::uint32_t state = 1;
        for (int i = 0; i < 200'000; ++i) {
            state = state * 1664525 + 1013904223;
            const auto pick = state >> 24;
            bytes += pick < 60 ? ':' : pick < 70 ? '\n' : pick < 80 ? ',' : static_cast<char>(state >> 16);
        }
        for (const char* id : {"passwd", "shadow", "group", "gshadow", "login_defs", "login_shells", "sysusers", "subordinate_ids"})
            parsed(id, "/etc/passwd", bytes);
    }
};
DEADBOX_TEST(PasswdTest)
#include "passwd_test.moc"
