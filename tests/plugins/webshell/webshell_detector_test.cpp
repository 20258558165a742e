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
        scene.put("/usr/share/app/tool.php", shell);
        scene.put("/usr/share/app/other.php", shell);
        const auto found = scene.fixture.detect("webshell");
        QCOMPARE(found.size(), std::size_t{2});
        QCOMPARE(found[0].subject, std::string("/usr/share/app/other.php"));
        QCOMPARE(found[0].severity, 4);
        // The list of digests lies on the same disk: a line in it takes a step away, not the finding.
        QCOMPARE(found[1].subject, std::string("/usr/share/app/tool.php"));
        QCOMPARE(found[1].severity, 3);
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
