// Each file system that is read, bare and in a partition, from its image to the names of the case.
#include <QProcess>

#include "engine/machine.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using test::Rows;

class FileSystemsTest : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;

    bool shell(const QString& script) const {
        QProcess process;
        process.setWorkingDirectory(m_folder.path());
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("PATH", environment.value("PATH") + ":/usr/sbin:/sbin");
        environment.insert("TZ", "UTC");
        process.setProcessEnvironment(environment);
        process.setStandardOutputFile(QProcess::nullDevice());
        process.start("sh", {"-ec", script});
        return process.waitForFinished(60'000) && process.exitCode() == 0;
    }
    engine::AnalysisOptions analyzed(const char* image, const QString& case_name) const {
        engine::AnalysisOptions options;
        options.evidence = {m_folder.filePath(image).toStdString()};
        options.case_path = m_folder.filePath(case_name + ".deadbox").toStdString();
        options.jobs = 1;
        options.command = {"deadbox", "analyze"};
        options.version = "test";
        engine::Progress progress;
        if (const auto result = engine::analyze(options, progress); !result) qWarning("%s", result.error().what.c_str());
        return options;
    }

private slots:
    void initTestCase() { QVERIFY(shell("mkdir -p tree/sub; echo page >tree/page.php; echo deep >tree/sub/deep.txt")); }

    void lists_its_files_data() {
        QTest::addColumn<QString>("tool");
        QTest::addColumn<QString>("make");  // the image "fs"
        QTest::addColumn<Rows>("names");
        const Rows both{"/page.php", "/sub", "/sub/deep.txt"};
        QTest::newRow("ISO 9660, Rock Ridge and Joliet") << "genisoimage" << "genisoimage -quiet -R -J -o fs tree" << both;
        QTest::newRow("ISO 9660, Joliet") << "genisoimage" << "genisoimage -quiet -J -o fs tree" << both;
        QTest::newRow("ISO 9660, Rock Ridge") << "genisoimage" << "genisoimage -quiet -R -o fs tree" << Rows{"/PAGE.PHP", "/SUB", "/SUB/DEEP.TXT"};  // as libtsk has them
        const QString fat = "truncate -s %1 fs; mkfs.fat -F %2 fs; mcopy -i fs -s tree/* ::";
        QTest::newRow("FAT 12") << "mkfs.fat" << fat.arg("4M", "12") << both;
        QTest::newRow("FAT 16") << "mkfs.fat" << fat.arg("20M", "16") << both;
        QTest::newRow("FAT 32") << "mkfs.fat" << fat.arg("40M", "32") << both;
        QTest::newRow("NTFS") << "mkfs.ntfs" << "truncate -s 8M fs; mkfs.ntfs -F -q fs; ntfscp fs tree/page.php page.php" << Rows{"/page.php"};
        QTest::newRow("UFS 1") << "makefs" << "makefs -t ffs -o version=1 -s 8m fs tree" << both;
        QTest::newRow("ext2") << "mke2fs" << "mke2fs -q -F -t ext2 -d tree fs 4M" << both;
    }
    void lists_its_files() {
        QFETCH(QString, tool);
        QFETCH(QString, make);
        QFETCH(Rows, names);
        if (!shell("command -v " + tool)) QSKIP("its tool is not installed");
        QVERIFY(shell("rm -f fs; " + make));
        // One entry of the table of partitions, from sector 2048 to the end.
        QVERIFY(shell("rm -f disk; s=$(($(stat -c %s fs) / 512)); { head -c 446 /dev/zero; printf '\\000\\376\\377\\377\\007\\376\\377\\377\\000\\010\\000\\000';"
                      "for i in 0 8 16 24; do printf \"\\\\$(printf %o $(((s >> i) & 255)))\"; done; head -c 48 /dev/zero; printf '\\125\\252'; head -c 1048064 /dev/zero; cat fs; } >disk"));
        const bool partitioned = QString(QTest::currentDataTag()).endsWith(" 16") || QString(QTest::currentDataTag()).endsWith("Joliet");
        for (const char* image : partitioned ? std::vector<const char*>{"fs", "disk"} : std::vector<const char*>{"fs"}) {
            const auto options = analyzed(image, QString(QTest::currentDataTag()) + image);
            Rows listed;
            for (auto& path : test::rows(options.case_path, "SELECT DISTINCT path FROM file WHERE name_allocated = 1 ORDER BY path"))
                if (path.find('$') == std::string::npos && path != "/lost+found" && path != "/System Volume Information") listed.push_back(path);
            QCOMPARE(listed, names);
            QCOMPARE(test::rows(options.case_path, "SELECT count(*) FROM content c JOIN inode_path p ON p.inode = c.inode WHERE lower(p.name) = 'page.php' AND c.state = 0 AND c.sha256 IS NOT NULL"), Rows{"1"});
            QCOMPARE(test::rows(options.case_path, "SELECT reason FROM coverage WHERE reason LIKE 'the file system lists no file%'"), Rows{});
        }
    }

    void one_that_lists_nothing_is_a_gap() {
        QVERIFY(shell("rm -f fs; truncate -s 4M fs; mkfs.fat -F 12 fs"));
        auto options = analyzed("fs", "empty");
        const char* gaps = "SELECT level, area, count FROM coverage WHERE reason LIKE 'the file system lists no file%'";
        QCOMPARE(test::rows(options.case_path, gaps), Rows{"gap|fat12|1"});
        options.resume = true;
        engine::Progress progress;
        QVERIFY(engine::analyze(options, progress));
        QCOMPARE(test::rows(options.case_path, gaps), Rows{"gap|fat12|1"});
    }
};
DEADBOX_TEST(FileSystemsTest)
#include "file_systems_test.moc"
