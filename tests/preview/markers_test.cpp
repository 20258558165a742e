// Where structures lie, in files and disks made by their own tools.
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>

#include "preview/recording_answer.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using test::RecordingAnswer, test::sources_of;

namespace {

QByteArray file_bytes(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

bool run(const QString& program, const QStringList& arguments, const QString& folder, const QByteArray& input = {}) {
    QProcess tool;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("PATH"), QStringLiteral("/usr/sbin:/sbin:/usr/bin:/bin"));
    tool.setProcessEnvironment(environment);
    tool.setWorkingDirectory(folder);
    tool.start(QStandardPaths::findExecutable(program, {QStringLiteral("/usr/sbin"), QStringLiteral("/sbin"), QStringLiteral("/usr/bin"), QStringLiteral("/bin")}), arguments);
    tool.write(input);
    tool.closeWriteChannel();
    const bool done = tool.waitForFinished(30'000) && tool.exitCode() == 0;
    if (!done) qWarning() << program << tool.readAllStandardError();
    return done;
}

}  // namespace

class MarkersTest : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;

    // A disk of 8 MiB with a table of this kind and ext4 in its first partition, which begins at 1 MiB.
    QByteArray disk(const QByteArray& label) {
        const auto path = m_folder.filePath(QString::fromLatin1(label) + QStringLiteral(".img"));
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || !file.resize(16 << 20)) return {};
        file.close();
        if (!run(QStringLiteral("sfdisk"), {QStringLiteral("-q"), path}, m_folder.path(), "label: " + label + "\nstart=2048, size=20480\n")) return {};
        if (!run(QStringLiteral("mke2fs"), {QStringLiteral("-q"), QStringLiteral("-t"), QStringLiteral("ext4"), QStringLiteral("-E"), QStringLiteral("offset=1048576"), path, QStringLiteral("10M")}, m_folder.path())) return {};
        return file_bytes(path);
    }

private slots:
    void a_programs_headers_and_sections() {
        const auto bytes = file_bytes(QCoreApplication::applicationFilePath());
        RecordingAnswer answer;
        QVERIFY(preview::markers({}, sources_of(bytes), answer));
        QCOMPARE(answer.marked("ELF header")->length, std::uint64_t{64});
        QVERIFY(answer.marked("program headers"));
        QVERIFY(answer.marked("section", ".text"));
        QVERIFY(answer.marked("section", ".dynamic"));
        for (const auto& marker : answer.markers) QVERIFY(marker.offset + marker.length <= static_cast<std::uint64_t>(bytes.size()));
    }

    void partition_tables_and_superblocks_data() {
        QTest::addColumn<QByteArray>("label");
        QTest::newRow("MBR") << QByteArray("dos");
        QTest::newRow("GPT") << QByteArray("gpt");
    }
    void partition_tables_and_superblocks() {
        QFETCH(QByteArray, label);
        const auto bytes = disk(label);
        QVERIFY(!bytes.isEmpty());
        RecordingAnswer answer;
        QVERIFY(preview::markers({}, sources_of(bytes), answer));
        QVERIFY(answer.marked("partition table"));
        QCOMPARE(answer.marked("GPT header") != nullptr, label == "gpt");
        QCOMPARE(answer.marked("content of the partition")->offset, std::uint64_t{1 << 20});
        QCOMPARE(answer.marked("superblock: ext")->offset, std::uint64_t{(1 << 20) + 1024});
        QCOMPARE(bytes.mid((1 << 20) + 1024 + 56, 2), QByteArray("\x53\xef"));
        RecordingAnswer volume;  // without a table
        QVERIFY(preview::markers({}, sources_of(bytes.mid(1 << 20)), volume));
        QCOMPARE(volume.marked("superblock: ext")->offset, std::uint64_t{1024});
    }

    void archives() {
        QFile file(m_folder.filePath(QStringLiteral("one.txt")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(1000, 'x'));
        file.close();
        for (const auto* kind : {"zip", "ustar"}) {
            const auto name = QStringLiteral("a.") + QString::fromLatin1(kind);
            QVERIFY(run(QStringLiteral("bsdtar"), {QStringLiteral("--format=%1").arg(QString::fromLatin1(kind)), QStringLiteral("-cf"), name, QStringLiteral("one.txt")}, m_folder.path()));
            const auto bytes = file_bytes(m_folder.filePath(name));
            RecordingAnswer answer;
            QVERIFY(preview::markers({}, sources_of(bytes), answer));
            QVERIFY(answer.marked("header of a file", "one.txt"));
            const auto* content = answer.marked("content of a file", "one.txt");
            QVERIFY(content);
            if (QByteArray(kind) == "ustar") QCOMPARE(bytes.mid(static_cast<qsizetype>(content->offset), static_cast<qsizetype>(content->length)), QByteArray(1000, 'x'));
            QVERIFY(answer.marked("end of the archive"));
        }
        QVERIFY(run(QStringLiteral("gzip"), {QStringLiteral("-k"), QStringLiteral("one.txt")}, m_folder.path()));
        RecordingAnswer answer;
        QVERIFY(preview::markers({}, sources_of(file_bytes(m_folder.filePath(QStringLiteral("one.txt.gz")))), answer));
        QVERIFY(answer.marked("name", "one.txt"));
    }

    void text_has_none() {
        RecordingAnswer answer;
        QVERIFY(preview::markers({}, sources_of("just some words"), answer));
        QVERIFY(answer.markers.empty());
    }

    void damage_never_harms() {
        QVERIFY(run(QStringLiteral("bsdtar"), {QStringLiteral("--format=zip"), QStringLiteral("-cf"), QStringLiteral("d.zip"), QStringLiteral("one.txt")}, m_folder.path()));
        const QList<QByteArray> wholes{file_bytes(QCoreApplication::applicationFilePath()).left(50'000), disk("gpt").left(1'200'000), file_bytes(m_folder.filePath(QStringLiteral("d.zip"))),
                                       QByteArray("\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR", 16) + QByteArray(300, '\1'), QByteArray("SQLite format 3\0\x10\0", 18) + QByteArray(9000, '\r')};
        for (const auto& whole : wholes) {
            for (int round = 0; round < 40; ++round) {
                // The head of a disk alone: damage between it and the first partition changes nothing.
                auto bytes = test::damaged(whole.left(40'000), round);
                if (bytes.size() == 40'000) bytes += whole.mid(40'000);
                RecordingAnswer answer;
                QVERIFY(preview::markers({}, sources_of(bytes), answer));
            }
        }
    }
};
DEADBOX_TEST(MarkersTest)
#include "markers_test.moc"
