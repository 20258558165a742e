#include <QFile>
#include <filesystem>

#include "plugins/dpkg/debian_root.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using test::FileSpec;

namespace {

// A real library that has readdir(): the C library itself; and one that only uses it.
std::string real_library(const char* name) {
    for (const char* folder : {"/usr/lib/x86_64-linux-gnu/", "/usr/lib/aarch64-linux-gnu/", "/lib/x86_64-linux-gnu/", "/usr/lib64/"})
        if (QFile file(QString(folder) + name); file.open(QIODevice::ReadOnly)) return file.readAll().toStdString();
    return {};
}

std::vector<test::FoundFinding> findings(const std::string& preload, const std::vector<std::pair<std::string, std::string>>& files) {
    test::CaseFixture fixture;
    fixture.add_parsed("ld_so_preload", {.path = "/etc/ld.so.preload", .bytes = preload});
    for (const auto& [path, bytes] : files) fixture.add_parsed("preloaded_library", {.path = path, .bytes = bytes});
    return fixture.detect("rootkit");
}

}  // namespace

class RootkitTest : public QObject {
    Q_OBJECT
private slots:
    void severities_data() {
        QTest::addColumn<QByteArray>("preload");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("library");  // a real one's name; "" for none
        QTest::addColumn<int>("severity");
        const auto row = [](const char* name, const char* preload, const char* path, const char* library, int severity) {
            QTest::newRow(name) << QByteArray(preload) << QByteArray(path) << QByteArray(library) << severity;
        };
        row("has readdir", "/usr/lib/libsys.so\n", "/usr/lib/libsys.so", "libc.so.6", 4);
        row("has readdir, at a vendor's place", "/opt/agent/lib/a.so\n", "/opt/agent/lib/a.so", "libc.so.6", 4);
        row("uses readdir", "/usr/lib/libsys.so\n", "/usr/lib/libsys.so", "libQt6Core.so.6", 3);
        row("a vendor's agent", "/opt/agent/lib/a.so\n", "/opt/agent/lib/a.so", "libz.so.1", 2);
        row("hidden", "/usr/lib/.x/a.so\n", "/usr/lib/.x/a.so", "libz.so.1", 4);
        row("behind a comment and another", "# ours\n/gone.so : /usr/lib/b.so # x\n", "/usr/lib/b.so", "libz.so.1", 3);
        row("a name alone", "libsys.so\n", "/usr/lib/libsys.so", "libc.so.6", 4);
        row("not there", "/usr/lib/gone.so\n", "/usr/lib/other.so", "libz.so.1", 2);
    }
    void severities() {
        QFETCH(QByteArray, preload);
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, library);
        QFETCH(int, severity);
        const auto bytes = real_library(library.constData());
        if (bytes.empty()) QSKIP("this library is not where Debian has it");
        const auto all = findings(preload.toStdString(), {{path.toStdString(), bytes}});
        QVERIFY(!all.empty());
        int worst = 0;
        for (const auto& finding : all) worst = std::max(worst, finding.severity);
        QCOMPARE(worst, severity);
        for (const auto& finding : all) QCOMPARE(finding.items.back().path, std::string("/etc/ld.so.preload"));
    }
    // A package's library, and the same with other bytes.
    void of_a_package() {
        for (const bool changed : {false, true}) {
            test::DebianRoot root;
            test::PackageSpec package{.name = "libsnoop"};
            package.files = {{"usr/lib/libsnoop.so", test::make_elf("snoop", true)}};
            root.install(package);
            root.write("etc/ld.so.preload", "/usr/lib/libsnoop.so\n");
            test::CaseFixture fixture;
            test::load(fixture, root.folder(), [&](FileSpec& spec) {
                if (changed && spec.path == "/usr/lib/libsnoop.so") spec.bytes[3000] ^= 1;
            });
            fixture.add_parsed("ld_so_preload", {.path = "/etc/ld.so.preload", .bytes = "/usr/lib/libsnoop.so\n"});
            QCOMPARE(fixture.detect("rootkit").size(), changed ? std::size_t{1} : std::size_t{0});
        }
    }
    void nothing_in_it() {
        QVERIFY(findings("# nothing\n\n", {}).empty());
        QVERIFY(findings("", {}).empty());
    }
};
DEADBOX_TEST(RootkitTest)
#include "rootkit_test.moc"
