// Names of copies: ordinary ones stay, hostile ones are encoded, none leaves the folder, no two are one.
#include "case/export_names.hpp"
#include "support/test_main.hpp"

using namespace deadbox;

class ExportNamesTest : public QObject {
    Q_OBJECT
private slots:
    void names_data() {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("here");
        QTest::addColumn<QByteArray>("anywhere");
        const auto row = [](const char* name, const QByteArray& path, const QByteArray& here, const QByteArray& anywhere) { QTest::newRow(name) << path << here << anywhere; };
        row("ordinary", "/var/www/html/x.php", "var/www/html/x.php", "var/www/html/x.php");
        row("package list", "/var/lib/dpkg/info/libc6:amd64.list", "var/lib/dpkg/info/libc6:amd64.list", "var/lib/dpkg/info/libc6%3aamd64.list");
        row("letters of all kinds", "/srv/\xc3\xa4\xe6\xbc\xa2\xd8\xb9 bc", "srv/\xc3\xa4\xe6\xbc\xa2\xd8\xb9 bc", "srv/\xc3\xa4\xe6\xbc\xa2\xd8\xb9 bc");
        row("what looks encoded", "/a%0ab 100%", "a%250ab 100%25", "a%250ab 100%25");  // not "a", line end, "b"
        row("upwards", "/../../etc/passwd", "%2e%2e/%2e%2e/etc/passwd", "%2e%2e/%2e%2e/etc/passwd");
        row("here", "/./a", "%2e/a", "%2e/a");
        row("slashes", "//a///b", "a/b", "a/b");
        row("line end and escape", "/a\n\x1b[31mb", "a%0a%1b[31mb", "a%0a%1b[31mb");
        row("backslash", "/..\\..\\x", "..%5c..%5cx", "..%5c..%5cx");
        row("no text", "/a\xff\xc0\xaf", "a%ff%c0%af", "a%ff%c0%af");
        row("right to left", "/a\xe2\x80\xaegpj.exe", "a%e2%80%aegpj.exe", "a%e2%80%aegpj.exe");
        row("device", "/NUL.txt", "NUL.txt", "%4eUL.txt");
        row("device with a number", "/dir/com1", "dir/com1", "dir/%63om1");
        row("device and a blank", "/con .txt", "con .txt", "%63on .txt");
        row("device with a raised number", "/com\xc2\xb9", "com\xc2\xb9", "%63om\xc2\xb9");
        row("stream", "/a.txt:b", "a.txt:b", "a.txt%3ab");
        row("dot at the end", "/a. ", "a. ", "a.%20");
        row("question", "/a?b*", "a?b*", "a%3fb%2a");
        row("nothing", "/", "%00", "%00");
        row("empty", "", "%00", "%00");
    }
    void names() {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, here);
        QFETCH(QByteArray, anywhere);
        QCOMPARE(QByteArray::fromStdString(case_file::ExportNames(case_file::NameRules::here).place(path.toStdString())), here);
        QCOMPARE(QByteArray::fromStdString(case_file::ExportNames(case_file::NameRules::anywhere).place(path.toStdString())), anywhere);
    }

    void long_parts_are_cut() {
        case_file::ExportNames names(case_file::NameRules::here);
        const auto one = names.place("/" + std::string(300, 'a')), two = names.place("/" + std::string(299, 'a') + "b"), three = names.place("/" + std::string(250, '\n'));
        QVERIFY(one != two && one.size() <= 255 && two.size() <= 255 && three.size() <= 255);
        std::string wide;
        for (int i = 0; i < 130; ++i) wide += "\xc3\xa4\xff";
        const auto cut = names.place("/" + wide);
        QVERIFY(cut.size() <= 255);
        QCOMPARE(QString::fromStdString(cut).toStdString(), cut);  // still text
    }

    // What no program opens by its name nobody can check either.
    void deep_folders_become_one() {
        case_file::ExportNames names(case_file::NameRules::here);
        std::string folder;
        for (int i = 0; i < 20; ++i) folder += "/" + std::string(231, 'D');
        const auto one = names.place(folder + "/f"), two = names.place(folder + "/g"), other = names.place(folder + "/x/f");
        for (const auto& name : {one, two, other}) QVERIFY(name.size() < 300);
        QVERIFY(one.ends_with("/f") && other.ends_with("/f") && one != other);
        QCOMPARE(one.substr(0, one.find('/')), two.substr(0, two.find('/')));
    }

    void collisions() {
        case_file::ExportNames here(case_file::NameRules::here);
        QCOMPARE(here.place("/manifest.json"), std::string("~2/manifest.json"));
        QCOMPARE(here.place("/a/b"), std::string("a/b"));
        QCOMPARE(here.place("/a/b"), std::string("~2/a/b"));
        QCOMPARE(here.place("/a/b"), std::string("~3/a/b"));
        QCOMPARE(here.place("/a"), std::string("~4/a"));      // a folder here, and below ~2 and ~3
        QCOMPARE(here.place("/a/b/c"), std::string("~5/a/b/c"));  // a/b is a file, ~4/a too
        QCOMPARE(here.place("/A/b"), std::string("A/b"));
        case_file::ExportNames anywhere(case_file::NameRules::anywhere);
        QCOMPARE(anywhere.place("/usr/xt_MARK.h"), std::string("usr/xt_MARK.h"));
        QCOMPARE(anywhere.place("/usr/xt_mark.h"), std::string("~2/usr/xt_mark.h"));
        QCOMPARE(anywhere.place("/\xc3\x84.txt"), std::string("\xc3\x84.txt"));
        QCOMPARE(anywhere.place("/\xc3\xa4.txt"), std::string("~2/\xc3\xa4.txt"));
        QCOMPARE(anywhere.place("/Usr"), std::string("~3/Usr"));  // a folder but for case, below ~2 too
    }
};
DEADBOX_TEST(ExportNamesTest)
#include "export_names_test.moc"
