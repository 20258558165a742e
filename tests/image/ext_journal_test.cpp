// Images as a machine leaves them that was cut off while writing; fixtures/make_unclean.sh made them, and what the kernel
// showed of them after its own replay (of fast commits: before the cut).
#include <QFile>

#include "ext_fixture.hpp"
#include "image_fixture.hpp"
#include "support/test_main.hpp"

using namespace deadbox;

class ExtJournalTest : public QObject {
    Q_OBJECT
private slots:
    void same_as_kernel_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("without");  // files that are there without a replay
        QTest::newRow("journal with checksums, revokes") << "unclean-ext4" << 34;
        QTest::newRow("data in the journal, escaped") << "unclean-ext3-data" << 34;
        QTest::newRow("fast commits") << "unclean-fast-commit" << 34;
    }

    void same_as_kernel() {
        QFETCH(QString, name);
        QFETCH(int, without);
        const QByteArray image = unpacked(name);
        auto expected = stored(name + ".manifest").split('\n', Qt::SkipEmptyParts);
        expected.sort();
        const auto opened = test::open_ext(image);
        QVERIFY(opened.filesystem);
        QCOMPARE(opened.filesystem->journal(), std::string("replayed"));
        QVERIFY(!opened.filesystem->clean());
        const auto found = test::manifest_of(*opened.filesystem);
        QVERIFY2(expected == found, qPrintable(test::difference(expected, found)));
        QVERIFY2(opened.damage->gaps.empty(), opened.damage->text().c_str());

        const auto ignored = test::open_ext(image, image::JournalUse::ignore);
        QCOMPARE(ignored.filesystem->journal(), std::string("ignored"));
        QVERIFY(ignored.damage->has(base::Gap::Level::limit, "journal was ignored"));
        const auto before = test::manifest_of(*ignored.filesystem);
        QVERIFY2(before.size() <= without && before.size() < found.size(), qPrintable(QString::number(before.size())));
    }

    // Extents name the bytes of the image that are a file's content, in the journal too; what the journal changed is known as that.
    void places_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("in_journal");
        QTest::addColumn<bool>("escaped");
        QTest::newRow("metadata in the journal") << "unclean-ext4" << QByteArray("new/last") << false;
        QTest::newRow("data in the journal") << "unclean-ext3-data" << QByteArray("new/magic") << true;
        QTest::newRow("fast commits") << "unclean-fast-commit" << QByteArray("new/last") << false;
    }
    void places() {
        QFETCH(QString, name);
        QFETCH(QByteArray, in_journal);
        QFETCH(bool, escaped);
        const QByteArray image = unpacked(name);
        const auto opened = test::open_ext(image);
        QVERIFY(opened.filesystem);
        QVERIFY(opened.filesystem->out_of_journal({find(*opened.filesystem, in_journal), 0}));
        QVERIFY(!opened.filesystem->out_of_journal({find(*opened.filesystem, "lost+found"), 0}));
        const auto ignored = test::open_ext(image, image::JournalUse::ignore);
        int files = 0;
        bool packed = false;
        image::Inode inode;
        for (std::uint64_t number = 11; number <= opened.filesystem->highest_inode(); ++number) {
            if (!opened.filesystem->inode({number, 0}, inode) || inode.type != image::FileType::file || !inode.allocated) continue;
            QVERIFY(!ignored.filesystem->out_of_journal({number, 0}));
            const auto content = opened.filesystem->content({number, 0});
            QVERIFY(content);
            const QByteArray bytes = test::all_bytes(**content);
            for (std::uint64_t at = 0; at < (*content)->size();) {
                const auto extent = (*content)->extent_at(at);
                QVERIFY(extent && extent->length > 0);
                const auto length = extent->logical + extent->length - at;
                const auto part = bytes.mid(static_cast<qsizetype>(at), static_cast<qsizetype>(length));
                const auto there = image.mid(static_cast<qsizetype>(extent->physical + at - extent->logical), static_cast<qsizetype>(length));
                const bool differs = extent->kind == base::Extent::Kind::packed;
                const auto expected = extent->kind == base::Extent::Kind::hole ? QByteArray(static_cast<qsizetype>(length), '\0') : there;
                QCOMPARE(part != expected, differs);
                packed = packed || differs;
                at += length;
            }
            ++files;
        }
        QVERIFY(files > 30);
        QCOMPARE(packed, escaped);
    }

    // The superblock that knows of the new blocks stands in the journal only, and a file lies in them.
    void grown_just_before() {
        test::ImageFixture fixture;
        const auto content = fixture.make_bytes(12'000'000, 7);
        fixture.write("big", content);
        fixture.write("commands", "jo\njw -b 1,2 grown\njc\n");
        QVERIFY(fixture.shell("truncate -s 8M g; mkfs.ext4 -q -b 1024 -O ^metadata_csum,^uninit_bg g; cp g old; truncate -s 32M g; resize2fs -f g;"
                              "debugfs -w -R 'write big big' g; dd if=g of=grown bs=1024 skip=1 count=2 status=none; debugfs -w -f commands g;"
                              "dd if=old of=g bs=1024 skip=1 seek=1 count=2 conv=notrunc status=none"));
        auto image = fixture.read("g");
        image[1024 + 0x60] = static_cast<char>(image[1024 + 0x60] | 4);  // needs recovery
        const auto opened = test::open_ext(image);
        QVERIFY(opened.filesystem);
        QCOMPARE(opened.filesystem->journal(), std::string("replayed"));
        QCOMPARE(opened.filesystem->size(), std::uint64_t{32} << 20);
        const auto file = opened.filesystem->content({find(*opened.filesystem, "big"), 0});
        QVERIFY(file);
        QVERIFY(test::all_bytes(**file) == content);
        QVERIFY2(opened.damage->gaps.empty(), opened.damage->text().c_str());
    }

    // A file that was unlinked while open is deleted, and its content is still there.
    void unlinked_while_open() {
        const auto opened = test::open_ext(unpacked("unclean-ext4"));
        QVERIFY(opened.filesystem);
        image::Inode inode;
        QByteArray content;
        QVERIFY(opened.filesystem->deleted_inodes([&](image::InodeId id) {
            if (opened.filesystem->inode(id, inode) && inode.size == 9) {
                content = test::all_bytes(**opened.filesystem->content(id));
                return base::Next::stop;
            }
            return base::Next::go_on;
        }));
        QCOMPARE(content, QByteArray("held open"));
        QVERIFY(!inode.allocated && inode.links == 0);
        QVERIFY(!inode.deleted);  // what stands there is the orphan list
    }

    // Damage in the journal costs what it covers, and is told.
    void damaged_data() {
        QTest::addColumn<QByteArray>("what");
        QTest::newRow("superblock") << QByteArray("superblock");
        QTest::newRow("commit") << QByteArray("commit");
        QTest::newRow("data") << QByteArray("data");
    }
    void damaged() {
        QFETCH(QByteArray, what);
        QByteArray image = unpacked("unclean-ext4");
        const QByteArray magic = QByteArray::fromHex("c03b3998");
        const auto record = magic + QByteArray::fromHex(what == "superblock" ? "00000004" : what == "commit" ? "00000002" : "00000001");
        // The last descriptor: no later transaction writes or revokes its blocks.
        const qsizetype at = what == "data" ? image.lastIndexOf(record) : image.indexOf(record);
        QVERIFY(at > 0);
        if (what == "superblock") image[at] = 0;
        if (what == "commit") image[at + 50] = image[at + 50] ^ 1;
        if (what == "data") image[at + 1024 + 9] = image[at + 1024 + 9] ^ 1;
        const auto opened = test::open_ext(image);
        QVERIFY(opened.filesystem);
        QVERIFY2(opened.damage->has(base::Gap::Level::gap, "journal"), opened.damage->text().c_str());
        QVERIFY(test::manifest_of(*opened.filesystem).size() > 20);
    }

    void on_another_device() {
        QByteArray image = unpacked("unclean-ext3-data");
        image.replace(1024 + 224, 4, QByteArray(4, '\0'));  // the journal's inode
        const auto opened = test::open_ext(image);
        QVERIFY(opened.filesystem);
        QCOMPARE(opened.filesystem->journal(), std::string("damaged"));
        QVERIFY(opened.damage->has(base::Gap::Level::gap, "journal lies on another device"));
    }

    // The superblock keeps a copy of the journal's map.
    void inode_gone() {
        QByteArray image = unpacked("unclean-ext3-data");
        const auto whole = test::manifest_of(*test::open_ext(image).filesystem);
        const auto table = qsizetype{base::load_le32(base::as_bytes(image.toStdString()), 2048 + 8)} * 1024;
        image.replace(table + 7 * 128, 128, QByteArray(128, '\0'));
        const auto opened = test::open_ext(image);
        QVERIFY(opened.filesystem);
        QCOMPARE(opened.filesystem->journal(), std::string("replayed"));
        QVERIFY(test::manifest_of(*opened.filesystem).size() >= whole.size());
    }

private:
    static QString fixtures() { return QStringLiteral(DEADBOX_SOURCE_DIR "/tests/image/fixtures/"); }
    static QString stored(const QString& name) {
        QFile file(fixtures() + name);
        return file.open(QIODevice::ReadOnly) ? QString::fromLatin1(file.readAll()) : QString();
    }
    static std::uint64_t find(const image::FileSystem& filesystem, const QByteArray& path) {
        std::uint64_t number = filesystem.root(0).number;
        for (const auto& part : path.split('/')) {
            std::uint64_t next = 0;
            (void)filesystem.entries({number, 0}, [&](const image::Entry& entry) {
                if (entry.allocated && entry.name == part.toStdString()) next = entry.inode;
                return base::Next::go_on;
            });
            number = next;
        }
        return number;
    }
    QByteArray unpacked(const QString& name) {
        m_fixture.shell(QString("xz -dc %1%2.img.xz > %2.img").arg(fixtures(), name));
        return m_fixture.read(name + ".img");
    }
    test::ImageFixture m_fixture;
};
DEADBOX_TEST(ExtJournalTest)
#include "ext_journal_test.moc"
