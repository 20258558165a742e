// Sets of real packages, made by dpkg-deb in each of its packings; what is no package is left out by name.
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>

#include <sys/stat.h>
#include <unistd.h>

#include "base/encoding.hpp"
#include "sets/deb_package.hpp"
#include "sets/trust_set.hpp"
#include "support/test_main.hpp"

using namespace deadbox;

class TrustSetTest : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;

    std::string at(const QString& name) const { return m_folder.filePath(name).toStdString(); }
    void write(const QString& name, const QByteArray& bytes) const {
        const auto path = m_folder.filePath(name);
        QDir().mkpath(QFileInfo(path).path());
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size()) qFatal("cannot write");
    }
    QString read(const QString& name) const {
        QFile file(m_folder.filePath(name));
        return file.open(QIODevice::ReadOnly) ? QString::fromLatin1(file.readAll().toHex()) : QString();
    }
    bool make_deb(const QString& folder, const QString& version, const QString& packing, const QByteArray& program = "program\n") const {
        const QString tree = "tree-" + folder;
        QDir(m_folder.filePath(tree)).removeRecursively();
        write(tree + "/usr/bin/tool", program);
        ::chmod(at(tree + "/usr/bin/tool").c_str(), 04755);
        ::link(at(tree + "/usr/bin/tool").c_str(), at(tree + "/usr/bin/twin").c_str());
        ::symlink("tool", at(tree + "/usr/bin/alias").c_str());
        write(tree + "/etc/tool.conf", "a=1\n");
        write(tree + "/usr/share/tool/empty", "");
        write(tree + "/DEBIAN/control", "Package: tool\nVersion: " + version.toUtf8() + "\nArchitecture: amd64\nMaintainer: T <t@example.net>\nDescription: test\n more\n");
        write(tree + "/DEBIAN/conffiles", "/etc/tool.conf\n");
        ::chmod(at(tree + "/DEBIAN").c_str(), 0755);
        QDir().mkpath(m_folder.filePath(folder));
        QProcess process;
        process.start("dpkg-deb", {"--root-owner-group", packing, "-b", m_folder.filePath(tree), m_folder.filePath(folder + "/tool_" + version + ".deb")});
        return process.waitForFinished(60'000) && process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0;
    }
    // "folder name kind conffile mode md5", a file a line.
    static QString files(sets::TrustSet& set, std::int64_t package) {
        QString all;
        const auto done = set.files_of(package, [&](const sets::TrustedFile& file) {
            all += QString("%1 %2%3%4 %5 %6\n").arg(QString::fromUtf8(file.folder.data(), static_cast<int>(file.folder.size())), QString::fromUtf8(file.name.data(), static_cast<int>(file.name.size())), file.link ? " link" : "", file.conffile ? " conffile" : "",
                                                    QString::number(file.mode, 8), QString::fromStdString(base::to_hex(file.md5)).left(6));
        });
        return done ? all : QString::fromStdString(done.error().what);
    }

private slots:
    void initTestCase() {
        if (QStandardPaths::findExecutable("dpkg-deb").isEmpty()) QSKIP("there is no dpkg-deb here");
        QVERIFY(make_deb("all", "1.0-1", "-Zxz"));
    }

    void every_packing_data() {
        QTest::addColumn<QString>("packing");
        for (const char* packing : {"-Zxz", "-Zgzip", "-Zzstd", "-Znone"}) QTest::newRow(packing) << packing;
    }
    void every_packing() {
        QFETCH(QString, packing);
        QDir(m_folder.filePath("one")).removeRecursively();
        if (!make_deb("one", "2:1.0~rc1-1", packing)) QSKIP("this dpkg-deb does not pack like that");
        QFile::remove(m_folder.filePath("one.set"));
        const auto built = sets::build_trust_set({at("one")}, at("one.set"), "One");
        QVERIFY2(built, built ? "" : built.error().what.c_str());
        QCOMPARE(built->packages, std::uint64_t{1});
        QVERIFY(built->left_out.empty());
        auto set = sets::TrustSet::open(at("one.set"));
        QVERIFY2(set, set ? "" : set.error().what.c_str());
        QCOMPARE(set->name(), std::string("One"));
        QCOMPARE(set->files(), std::uint64_t{5});
        const auto package = set->find("tool", "2:1.0~rc1-1", "amd64");
        QVERIFY(package && *package);
        QCOMPARE((*package)->source, std::string("tool_2:1.0~rc1-1.deb"));
        QCOMPARE(files(*set, (*package)->id), QString("/etc tool.conf conffile 644 2fa27d\n/usr/bin alias link 777 \n/usr/bin tool 4755 4e3e3b\n/usr/bin twin 4755 4e3e3b\n/usr/share/tool empty 644 d41d8c\n")
                                                  .replace("2fa27d", QCryptographicHash::hash("a=1\n", QCryptographicHash::Md5).toHex().left(6)).replace("4e3e3b", QCryptographicHash::hash("program\n", QCryptographicHash::Md5).toHex().left(6)));
        for (const auto& [name, version, architecture] : {std::tuple("tool", "1.0-1", "amd64"), std::tuple("tool", "2:1.0~rc1-1", "arm64"), std::tuple("too", "2:1.0~rc1-1", "amd64")}) {
            const auto other = set->find(name, version, architecture);
            QVERIFY(other && !*other);
        }
    }

    void the_same_packages_give_the_same_bytes() {
        QVERIFY(make_deb("all/below", "1.1-1", "-Znone"));
        QVERIFY(sets::build_trust_set({at("all")}, at("a.set"), "x"));
        QDir().mkpath(m_folder.filePath("moved/a/b"));
        QVERIFY(QFile::copy(m_folder.filePath("all/below/tool_1.1-1.deb"), m_folder.filePath("moved/tool_1.1-1.deb")));
        QVERIFY(QFile::copy(m_folder.filePath("all/tool_1.0-1.deb"), m_folder.filePath("moved/a/b/tool_1.0-1.deb")));
        QVERIFY(QFile::copy(m_folder.filePath("all/tool_1.0-1.deb"), m_folder.filePath("moved/tool_1.0-1.deb")));  // twice
        const auto again = sets::build_trust_set({at("moved")}, at("b.set"), "x");
        QVERIFY(again);
        QCOMPARE(again->packages, std::uint64_t{2});
        QVERIFY(again->left_out.empty());
        QVERIFY(read("a.set").size() > 1000);
        QCOMPARE(read("a.set"), read("b.set"));
        QVERIFY(!sets::build_trust_set({at("all")}, at("a.set"), "x"));  // it is there
    }

    // Another build of one version: nobody can say which one a machine has.
    void two_builds_of_one_version() {
        QVERIFY(make_deb("twice", "1.0-1", "-Znone"));
        QVERIFY(make_deb("twice/other", "1.0-1", "-Znone", "another build\n"));
        const auto built = sets::build_trust_set({at("twice")}, at("twice.set"), "x");
        QVERIFY(built);
        QCOMPARE(built->packages, std::uint64_t{1});
        QCOMPARE(built->left_out.size(), std::size_t{1});
    }

    void what_is_no_package() {
        QVERIFY(make_deb("bad", "1.0-1", "-Znone"));
        QFile whole(m_folder.filePath("bad/tool_1.0-1.deb"));
        QVERIFY(whole.open(QIODevice::ReadOnly));
        const auto bytes = whole.readAll();
        write("bad/cut.deb", bytes.left(bytes.size() / 2));
        write("bad/text.deb", "no package\n");
        write("bad/empty.deb", "");
        write("bad/x.rpm", "\xed\xab\xee\xdb");
        auto escaping = bytes;  // a name that leads out of the package: same length, so that the archive stays sound but for a checksum
        write("bad/other.deb", escaping.replace("debian-binary", "debian-bin4ry"));
        const auto built = sets::build_trust_set({at("bad")}, at("bad.set"), "x");
        QVERIFY(built);
        QCOMPARE(built->packages, std::uint64_t{1});
        QCOMPARE(built->left_out.size(), std::size_t{4});
        QCOMPARE(built->unread, std::uint64_t{1});
        QVERIFY(!sets::build_trust_set({at("nowhere")}, at("n.set"), "x"));
        QDir().mkpath(m_folder.filePath("none"));
        const auto none = sets::build_trust_set({at("none")}, at("n.set"), "x");
        QVERIFY(!none);
        QCOMPARE(none.error().code, base::Errc::usage);
        QVERIFY(!QFile::exists(m_folder.filePath("n.set")));
        QVERIFY(!QFile::exists(m_folder.filePath("n.set.unfinished")));
    }

    // Any byte of a package may be another: it is read, or it is not.
    void damaged_packages() {
        QVERIFY(make_deb("damage", "1.0-1", "-Zgzip"));
        QFile whole(m_folder.filePath("damage/tool_1.0-1.deb"));
        QVERIFY(whole.open(QIODevice::ReadOnly));
        const auto bytes = whole.readAll();
        for (qsizetype place = 0; place < bytes.size(); place += 13) {
            auto other = bytes;
            other[place] = static_cast<char>(other[place] ^ 0x55);
            write("one.deb", other);
            (void)sets::read_deb(at("one.deb"));
        }
    }
};
DEADBOX_TEST(TrustSetTest)
#include "trust_set_test.moc"
