#include <QCryptographicHash>
#include <QFile>

#include <algorithm>

#include "support/case_fixture.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using test::CaseFixture;
using test::FileSpec;

namespace {

std::string fixture_text(const QByteArray& name) {
    QFile file(QStringLiteral(DEADBOX_SOURCE_DIR "/tests/plugins/webshell/fixtures.txt"));
    if (!file.open(QIODevice::ReadOnly)) return {};
    for (const auto& line : file.readAll().split('\n')) {
        const auto parts = line.split(' ');
        if (parts.size() == 4 && parts[0] == name) return QByteArray::fromBase64(parts[3]).toStdString();
    }
    return {};
}

// A case with one web root, into which scripts are put.
struct Scene {
    CaseFixture fixture;
    Scene() {
        (void)plugin::find_parser("webshell")->prepare(DEADBOX_SOURCE_DIR "/resources/webshell");
        const auto text = [](std::string_view t) { return plugin::Value(t); };
        fixture.row("web_root", {text("/var/www/html"), text("apache"), text("example.org"), text("root"), text("/"), std::int64_t{0}, std::int64_t{1}, std::int64_t{1}});
    }
    void put(const std::string& path, const std::string& bytes, std::uint32_t uid = 0) {
        fixture.add_parsed("webshell", FileSpec{.path = path, .bytes = bytes, .uid = uid});
    }
    void own(const std::string& package, const std::string& path, const std::string& bytes) {
        const auto md5 = QCryptographicHash::hash(QByteArray::fromStdString(bytes), QCryptographicHash::Md5).toHex().toStdString();
        fixture.add_parsed("dpkg_list", FileSpec{.path = "/var/lib/dpkg/info/" + package + ".list", .bytes = path + "\n", .companions = {{".list>.md5sums", md5 + "  " + path.substr(1) + "\n"}}});
    }
};

}  // namespace

class WebshellDetectorTest : public QObject {
    Q_OBJECT
private slots:
    void in_web_root() {
        Scene scene;
        scene.put("/var/www/html/a.php", fixture_text("eval_post"));
        scene.put("/var/www/html/b.php", fixture_text("eval_twin"));
        const auto found = scene.fixture.detect("webshell");
        QCOMPARE(found.size(), std::size_t{1});
        QCOMPARE(found[0].rule, std::string("webshell/script"));
        QCOMPARE(found[0].subject, std::string("/var/www/html/a.php"));
        QCOMPARE(found[0].severity, 4);
        QCOMPARE(found[0].items.size(), std::size_t{1});
        QCOMPARE(found[0].items[0].path, std::string("/var/www/html/a.php"));
        QCOMPARE(found[0].items[0].line.value_or(0), std::int64_t{1});
        QVERIFY(!found[0].items[0].excerpt.empty());
    }
    void of_a_package() {
        Scene scene;
        const auto shell = fixture_text("eval_post");
        scene.own("one", "/usr/share/app/tool.php", shell);
        scene.own("two", "/usr/share/app/other.php", "<?php echo 1;");
        scene.own("three", "/usr/share/app/third.php", shell);
        scene.fixture.add_parsed("webshell", FileSpec{.path = "/usr/share/app/tool.php", .bytes = shell, .changed = 1'700'100'000});
        scene.put("/usr/share/app/other.php", shell);
        scene.put("/usr/share/app/third.php", shell);
        const auto found = scene.fixture.detect("webshell");
        QCOMPARE(found.size(), std::size_t{3});
        QCOMPARE(found[0].subject, std::string("/usr/share/app/other.php"));
        QCOMPARE(found[0].severity, 4);
        // Nobody touched it since the package was unpacked.
        QCOMPARE(found[1].subject, std::string("/usr/share/app/third.php"));
        QCOMPARE(found[1].severity, 2);
        // The list of digests lies on the same disk: a line in it takes a step away, not the finding.
        QCOMPARE(found[2].subject, std::string("/usr/share/app/tool.php"));
        QCOMPARE(found[2].severity, 3);
    }
    void rules_data() {
        QTest::addColumn<QByteArray>("fixture");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("rule");
        QTest::newRow("image") << QByteArray("image") << QByteArray("/var/www/html/uploads/logo.gif") << QByteArray("webshell/in_image");
        QTest::newRow("handler") << QByteArray("handler_jpg") << QByteArray("/var/www/html/uploads/.htaccess") << QByteArray("webshell/handler");
        QTest::newRow("appended") << QByteArray("appended") << QByteArray("/var/www/html/theme/functions.php") << QByteArray("webshell/appended");
        QTest::newRow("layers") << QByteArray("layers") << QByteArray("/var/www/html/c.php") << QByteArray("webshell/script");
    }
    void rules() {
        QFETCH(QByteArray, fixture);
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, rule);
        Scene scene;
        scene.put(path.toStdString(), fixture_text(fixture), 33);
        const auto found = scene.fixture.detect("webshell");
        QCOMPARE(found.size(), std::size_t{1});
        QCOMPARE(found[0].rule, rule.toStdString());
        QVERIFY(found[0].severity >= 3);
    }
    // A server's program that runs a shell on a socket amid an application's words: low where a web server runs it,
    // nothing elsewhere, and never called an intruder's.
    void resembling() {
        Scene scene;
        std::string program = "#!/usr/bin/python3\nimport os, socket, subprocess\ndef main():\n    dup2(1)\n    subprocess.call(['ls'])\n";
        for (int i = 0; i < 40; ++i) program += "    # documentation of the parameter, returns the protocol's version, raises ValueError\n    self.assertEqual(version, protocol)\n";
        scene.put("/var/www/html/tool.py", program);
        scene.put("/usr/local/lib/tool.py", program);
        const auto found = scene.fixture.detect("webshell");
        QCOMPARE(found.size(), std::size_t{1});
        QCOMPARE(found[0].subject, std::string("/var/www/html/tool.py"));
        QCOMPARE(found[0].rule, std::string("webshell/resembling"));
        QCOMPARE(found[0].severity, 1);
    }
    // What nothing runs is no script: a shell's text is one by its place and name.
    void place_data() {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("around");  // %1: the shell
        QTest::addColumn<int>("uid");
        QTest::addColumn<int>("severity");
        QTest::addColumn<QByteArray>("rule");
        const auto row = [](const char* name, const char* path, const char* around, int severity, const char* rule = "webshell/text", int uid = 0) {
            QTest::newRow(name) << QByteArray(path) << QByteArray(around) << uid << severity << QByteArray(rule);
        };
        row("log of logins", "/var/log/auth.log", "2026-11-17T11:00:00 h sshd[1]: Invalid user %1 from 203.0.113.9 port 4\n", 1);
        row("log of requests", "/var/log/apache2/access.log.1", "203.0.113.9 - - [17/Nov/2026:10:05:00 +0000] \"GET / HTTP/1.1\" 200 6 \"-\" \"%1\"\n", 1, "webshell/text", 33);
        row("log elsewhere", "/srv/site/storage/app.log", "error: %1\n", 1);
        row("incident", "/home/anna/incident.txt", "We found this line:\n%1\n", 1);
        row("readme", "/srv/git/repo/README.md", "# Shells\n%1\n", 1);
        row("yara", "/opt/rules/webshells.yar", "rule a { strings: $a = \"%1\" condition: $a }\n", 1);
        row("modsecurity", "/etc/modsecurity/rules.conf", "SecRule ARGS \"@contains %1\" \"id:1,deny\"\n", 1);
        row("mbox", "/home/anna/mail.mbox", "From a@b Mon Nov 16\nFrom: a@b\n\n%1\n", 1);
        row("maildir", "/var/vmail/x/cur/1.M1:2,S", "From: a@b\n\n%1\n", 1);
        row("dump", "/var/backups/wp.sql", "INSERT INTO wp_posts VALUES (1,'%1');\n", 1);
        row("svn", "/srv/svn/db/revs/0/1", "DELTA\n%1\nENDREP\n", 1);
        row("old copy of a page", "/opt/backup/index.php.old", "%1", 1);
        row("page in a home", "/home/anna/Downloads/exercise.php", "%1", 2, "webshell/script");
        row("page in a temporary folder", "/tmp/x.php", "%1", 2, "webshell/script", 33);
        row("text in a temporary folder", "/dev/shm/.x", "%1", 1);
        row("site in a home", "/home/anna/public_html/x.php", "%1", 4, "webshell/script");
        row("site that no configuration names", "/var/www/other/uploads/a.php", "%1", 4, "webshell/script");
        row("text beside such a site", "/var/www/other/uploads/a.txt", "%1", 1);
        row("build server's workspace", "/var/lib/jenkins/workspace/job/tests/x.php", "%1", 2, "webshell/script", 110);
        row("written by the server among a service's data", "/var/lib/app/x.php", "%1", 4, "webshell/script", 33);
        row("site in a container", "/var/lib/docker/volumes/v/_data/x.php", "%1", 4, "webshell/script");
        // Where it is known what is served, nothing runs a page elsewhere; what the server itself left there, it may.
        row("page of an application", "/opt/app/web/x.php", "%1", 2, "webshell/script");
        row("page of an application, written by the server", "/opt/app/web/x.php", "%1", 4, "webshell/script", 33);
        row("page of an application of another language", "/opt/jboss/deployments/a.war/x.jsp", "<%% Runtime.getRuntime().exec(request.getParameter(\"c\")); %%>", 4, "webshell/script");
        row("page that is served by what is not known", "/srv/shop/x.php", "%1", 4, "webshell/script");
        row("source", "/usr/local/src/php-8.2/sapi/cli/tests/server.inc", "%1", 2, "webshell/script", 1000);
        row("source, written by the server", "/usr/local/src/x.php", "%1", 4, "webshell/script", 33);
        row("named interpreter", "/usr/local/bin/x", "#!/usr/bin/php\n%1", 4, "webshell/script");
        // What a site's server does not run it sends as it is, whatever it is called.
        row("document in the web root", "/var/www/html/docs/howto.md", "# Shells\n%1\n", 1);
        row("page of text in the web root", "/var/www/html/howto.html", "<pre>\n%1\n</pre>", 1);
        row("text that a visitor brought", "/var/www/html/uploads/a.txt", "%1", 2, "webshell/text", 33);
        row("visitors' log in the web root", "/var/www/html/logs/visits.log", "203.0.113.9 %1\n", 1, "webshell/text", 33);
        row("dump in the web root", "/var/www/html/export.sql", "INSERT INTO p VALUES ('%1');\n", 1);
        row("change in the web root", "/var/www/html/fix.diff", "+%1\n", 1);
        row("repository in the web root", "/var/www/html/.git/objects/aa", "x\n%1", 1);
        row("no kind's name in the web root", "/var/www/html/uploads/.cache", "%1", 1);
        row("no kind's name, brought by a visitor", "/var/www/html/uploads/.cache", "%1", 2, "webshell/text", 33);
        row("page's name with another behind it", "/var/www/html/x.php.bak", "%1", 1);
        for (const char* name : {"a.css", "a.c", "a.asciidoc", "a.po", "a.phpt", "a.phps", "a.test", "a.dist", "a.twig", "a.php_", "a.php~", "Makefile", "HOWTO", ".a.swp", "a.1", "a.svg"})
            row(name, ("/var/www/html/course/" + std::string(name)).c_str(), "How a web shell looks:\n%1\nNever do that.\n", 1, "webshell/text", 33);
        for (const char* name : {"a.phtml", "a.phar", "a.php7", "a.pht"})
            row(name, ("/var/www/html/" + std::string(name)).c_str(), "%1", 4, "webshell/script");
        row("part that no page is known to include", "/var/www/html/lib/a.inc", "%1", 2, "webshell/script");
    }
    void place() {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, around);
        QFETCH(int, uid);
        QFETCH(int, severity);
        QFETCH(QByteArray, rule);
        Scene scene;
        scene.put(path.toStdString(), around.replace("%1", QByteArray::fromStdString(fixture_text("eval_post"))).toStdString(), static_cast<std::uint32_t>(uid));
        const auto found = scene.fixture.detect("webshell");
        QCOMPARE(found.size(), std::size_t{1});
        QCOMPARE(found[0].severity, severity);
        QCOMPARE(QByteArray::fromStdString(found[0].rule), rule);
    }
    // The same texts, where something runs them.
    void included_data() {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("by");
        QTest::addColumn<QByteArray>("page");
        QTest::addColumn<int>("severity");
        QTest::newRow("log, by a page") << QByteArray("/var/log/apache2/access.log") << QByteArray("/var/www/html/s.php") << QByteArray("<?php include '/var/log/apache2/access.log';") << 4;
        QTest::newRow("text of a folder above") << QByteArray("/var/www/lib/a.txt") << QByteArray("/var/www/html/s.php") << QByteArray("<?php require __DIR__ . '/../lib/a.txt';") << 4;
        QTest::newRow("before each script") << QByteArray("/home/anna/.x") << QByteArray("/var/www/html/.user.ini") << QByteArray("auto_prepend_file = /home/anna/.x\n") << 4;
        QTest::newRow("log, by what the request names") << QByteArray("/var/log/apache2/access.log") << QByteArray("/var/www/html/s.php") << QByteArray("<?php include $_GET['p'];") << 3;
        QTest::newRow("session, by what the request names") << QByteArray("/var/lib/php/sessions/sess_a") << QByteArray("/var/www/html/s.php") << QByteArray("<?php include $_GET['p'];") << 3;
        QTest::newRow("another text") << QByteArray("/opt/notes/a.txt") << QByteArray("/var/www/html/s.php") << QByteArray("<?php include $_GET['p'];") << 1;
        QTest::newRow("another log") << QByteArray("/var/log/nginx/access.log") << QByteArray("/var/www/html/s.php") << QByteArray("<?php include '/var/log/apache2/access.log';") << 1;
        QTest::newRow("all texts, by the folder's settings") << QByteArray("/var/www/html/up/a.txt") << QByteArray("/var/www/html/.htaccess") << QByteArray("AddType application/x-httpd-php .html .txt\n") << 4;
        QTest::newRow("all pages of text, by the server's settings") << QByteArray("/var/www/html/a.html") << QByteArray("/etc/apache2/conf-enabled/php.conf") << QByteArray("AddHandler application/x-httpd-php .html\n") << 4;
        QTest::newRow("settings of another folder") << QByteArray("/var/www/html/up/a.txt") << QByteArray("/var/www/html/other/.htaccess") << QByteArray("AddType application/x-httpd-php .txt\n") << 1;
        QTest::newRow("settings that run nothing") << QByteArray("/var/www/html/a.html") << QByteArray("/var/www/html/.htaccess") << QByteArray("AddType text/plain .html\n#AddHandler php-script .html\n") << 1;
        const auto settings = [](const char* name, const char* file, const char* lines, int severity) { QTest::newRow(name) << QByteArray("/var/www/html/up/") + file << QByteArray("/var/www/html/up/.htaccess") << QByteArray(lines) << severity; };
        settings("a name, by the folder's settings", "a.md", "<Files \"a.md\">\nSetHandler application/x-httpd-php\n</Files>\n", 4);
        settings("another name", "b.md", "<Files \"a.md\">\nSetHandler application/x-httpd-php\n</Files>\n", 1);
        settings("names of a pattern", "CHANGELOG", "<FilesMatch \"^(README|CHANGE.+)$\">\nForceType application/x-httpd-php\n</FilesMatch>\n", 4);
        settings("names of another pattern", "CHANGELOG", "<FilesMatch \"\\.ph(?:ar|p[3-8]?|tml)$\">\n  SetHandler application/x-httpd-php\n</FilesMatch>\n", 1);
        settings("a pattern in the other form", "x.log", "<Files ~ \"\\.(log|txt)$\">\nSetHandler \"proxy:unix:/run/php.sock|fcgi://localhost\"\n</Files>\n", 4);
        settings("the whole folder", "README", "SetHandler application/x-httpd-php\n", 4);
        settings("the whole folder, on a condition", "a.json", "<If \"true\">\nSetHandler application/x-httpd-php\n</If>\n", 4);
        settings("shown in colours", "a.phps", "<FilesMatch \"\\.phps$\">\nSetHandler application/x-httpd-php-source\n</FilesMatch>\n", 1);
        settings("two endings, by one of them", "a.php.jpg", "AddHandler application/x-httpd-php .php\n", 4);
        settings("two endings, by the last alone", "a.php.txt", "<FilesMatch \"\\.php$\">\nSetHandler application/x-httpd-php\n</FilesMatch>\n", 1);
        QTest::newRow("two endings, by the server's settings") << QByteArray("/var/www/html/x.php.bak") << QByteArray("/etc/apache2/conf.d/php.conf") << QByteArray("AddHandler php5-script .php\n") << 4;
        QTest::newRow("the server's own settings for pages") << QByteArray("/var/www/html/x.php.bak") << QByteArray("/etc/apache2/mods-enabled/php8.2.conf") << QByteArray("<FilesMatch \".+\\.ph(?:ar|p|tml)$\">\n    SetHandler application/x-httpd-php\n</FilesMatch>\n") << 1;
        QTest::newRow("a folder, by the server's settings") << QByteArray("/var/www/html/up/a.md") << QByteArray("/etc/apache2/sites-enabled/x.conf") << QByteArray("<Directory \"/var/www/html/up\">\n  SetHandler application/x-httpd-php\n</Directory>\n") << 4;
        QTest::newRow("another folder, by the server's settings") << QByteArray("/var/www/html/a.md") << QByteArray("/etc/apache2/sites-enabled/x.conf") << QByteArray("<Directory \"/var/www/html/up\">\n  SetHandler application/x-httpd-php\n</Directory>\n") << 1;
        QTest::newRow("part, by a page") << QByteArray("/var/www/html/lib/a.inc") << QByteArray("/var/www/html/s.php") << QByteArray("<?php include 'lib/a.inc';") << 4;
        QTest::newRow("part, by a part that nothing includes") << QByteArray("/var/www/html/lib/a.inc") << QByteArray("/var/www/html/lib/b.phar.inc") << QByteArray("<?php include 'a.inc';") << 2;
        QTest::newRow("part, by a page that nothing runs") << QByteArray("/usr/local/src/x/a.inc") << QByteArray("/usr/local/src/x/b.php") << QByteArray("<?php include 'a.inc';") << 2;
        QTest::newRow("text, by a program") << QByteArray("/opt/data/a.dat") << QByteArray("/usr/local/bin/job") << QByteArray("#!/usr/bin/php\n<?php include '/opt/data/a.dat';") << 4;
        QTest::newRow("text, by what nothing runs") << QByteArray("/var/www/html/src/a.dat") << QByteArray("/var/www/html/src/a.phpt") << QByteArray("--FILE--\n<?php include 'a.dat'; ?>") << 1;
        QTest::newRow("a page that includes pages") << QByteArray("/var/log/apache2/access.log") << QByteArray("/var/www/html/s.php") << QByteArray("<?php include 'pages/' . basename($_GET['p']) . '.php';") << 1;
    }
    void included() {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, by);
        QFETCH(QByteArray, page);
        QFETCH(int, severity);
        Scene scene;
        scene.put(path.toStdString(), "a line\n" + fixture_text("eval_post") + "\n");
        scene.put(by.toStdString(), page.toStdString());
        for (const auto& f : scene.fixture.detect("webshell")) if (f.subject == path.toStdString()) {
            QCOMPARE(f.severity, severity);
            return;
        }
        QFAIL("nothing said of the text");
    }
    void nothing_found() {
        Scene scene;
        scene.put("/etc/postgresql/15/main/postgresql.conf", "#log_line_prefix = '%m '\t# e.g. '<%u%%%d> '\n# execute the statement, eval it\n");
        scene.put("/var/www/html/i.php", fixture_text("template_twin"));
        scene.put("/var/www/html/f.php", fixture_text("appended_twin"));
        scene.put("/var/www/html/.htaccess", fixture_text("handler_twin"));
        QVERIFY(scene.fixture.detect("webshell").empty());
    }
};
DEADBOX_TEST(WebshellDetectorTest)
#include "webshell_detector_test.moc"
