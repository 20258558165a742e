// Single faults and rarities, put into sound images by hand.
#include "base/descriptor.hpp"
#include "ext_fixture.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using base::Gap;

namespace {

quint32 le32(const QByteArray& bytes, qsizetype at) { return base::load_le32(base::as_bytes({bytes.constData(), static_cast<std::size_t>(bytes.size())}), static_cast<std::size_t>(at)); }
void put32(QByteArray& bytes, qsizetype at, quint32 value) {
    for (int i = 0; i < 4; ++i) bytes[at + i] = static_cast<char>(value >> 8 * i);
}

struct Names {
    QStringList live, removed;
};
Names names_in(const image::FileSystem& filesystem, std::uint64_t folder) {
    Names names;
    (void)filesystem.entries({folder, 0}, [&](const image::Entry& entry) {
        (entry.allocated ? names.live : names.removed) << QString::fromLatin1(entry.name.data(), static_cast<qsizetype>(entry.name.size()));
        return base::Next::go_on;
    });
    names.live.sort(), names.removed.sort();
    return names;
}
std::uint64_t find(const image::FileSystem& filesystem, const QString& path) {
    std::uint64_t at = 2;
    for (const auto& part : path.split('/', Qt::SkipEmptyParts)) {
        std::uint64_t next = 0;
        (void)filesystem.entries({at, 0}, [&](const image::Entry& entry) {
            if (entry.allocated && entry.name == part.toStdString()) next = entry.inode;
            return base::Next::go_on;
        });
        if ((at = next) == 0) return 0;
    }
    return at;
}

}  // namespace

class ExtCraftedTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        QVERIFY(test::make_tree(m_fixture));
        QVERIFY(test::make_ext_image(m_fixture, "ext4", "24M", "-t ext4 -b 1024 -N 1024 -O ^has_journal"));
        QVERIFY(test::make_ext_image(m_fixture, "ext2", "24M", "-t ext2 -b 1024 -N 1024"));
        m_ext4 = m_fixture.read("ext4"), m_ext2 = m_fixture.read("ext2");
        m_manifest = test::manifest_of(*test::open_ext(m_ext4).filesystem);
        QVERIFY(m_manifest.size() > 530);
    }

    // All of it through the backups in group 1.
    void superblock_gone_data() {
        QTest::addColumn<int>("from");
        QTest::addColumn<int>("length");
        QTest::newRow("all") << 1024 << 1024;
        QTest::newRow("magic") << 1024 + 56 << 1;
        QTest::newRow("inodes in a group") << 1024 + 40 << 4;
        QTest::newRow("block size") << 1024 + 24 << 4;
        QTest::newRow("inode size") << 1024 + 88 << 2;
        QTest::newRow("superblock and descriptors") << 1024 << 2048;
    }
    void superblock_gone() {
        QFETCH(int, from);
        QFETCH(int, length);
        QByteArray image = m_ext4;
        image.replace(from, length, QByteArray(length, length > 100 ? '\0' : '\x5a'));
        const auto opened = test::open_ext(image);
        QVERIFY(opened.filesystem);
        QVERIFY2(opened.damage->has(Gap::Level::note, "backup"), opened.damage->text().c_str());
        const auto found = test::manifest_of(*opened.filesystem);
        QVERIFY2(found == m_manifest, qPrintable(test::difference(m_manifest, found)));
    }

    // What was made over an old file system is not taken for it, though its backups are still there.
    void backups_under_another_format() {
        QByteArray image = m_ext4;
        image.replace(0, 4096, QByteArray(4096, '\0'));
        QVERIFY(test::open_ext(image).filesystem);
        image.replace(0, 4, "XFSB");
        QVERIFY(!test::open_ext(image).filesystem);
        QVERIFY(!test::open_ext(QByteArray(1 << 20, '\0')).filesystem);
        QVERIFY(!test::open_ext(QByteArray("short")).filesystem);
    }

    void descriptors_gone() {
        QByteArray image = m_ext4;
        image.replace(2048, 1024, QByteArray(1024, '\xff'));
        const auto opened = test::open_ext(image);
        QVERIFY(opened.filesystem);
        const auto found = test::manifest_of(*opened.filesystem);
        QVERIFY2(found == m_manifest, qPrintable(test::difference(m_manifest, found)));
        QVERIFY(opened.damage->has(Gap::Level::note, "descriptor was taken from its backup"));
    }

    // Bitmaps say nothing of files that are named and linked.
    void bitmap_gone() {
        QByteArray image = m_ext2;
        const auto bitmap = qsizetype{le32(image, 2048 + 4)} * 1024;
        image.replace(bitmap, 1024, QByteArray(1024, '\0'));
        const auto opened = test::open_ext(image);
        image::Inode inode;
        QVERIFY(opened.filesystem->inode({find(*opened.filesystem, "etc/hello"), 0}, inode));
        QVERIFY(inode.allocated);
    }

    // A file stays one though its deletion time is damaged, where no bitmap says that it was freed.
    void deletion_time_damaged_data() {
        QTest::addColumn<char>("bitmap");
        QTest::addColumn<bool>("allocated");
        QTest::newRow("bitmap agrees") << '\0' << false;
        QTest::newRow("bitmap does not") << '\xff' << true;
    }
    void deletion_time_damaged() {
        QFETCH(char, bitmap);
        QFETCH(bool, allocated);
        QByteArray image = m_ext2;
        const auto number = find(*test::open_ext(image).filesystem, "etc/hello");
        const auto record = qsizetype{le32(image, 2048 + 8)} * 1024 + static_cast<qsizetype>(number - 1) * (le32(image, 1024 + 88) & 0xffff);
        put32(image, record + 20, 0xff000000u);
        image.replace(qsizetype{le32(image, 2048 + 4)} * 1024, 32, QByteArray(32, bitmap));
        image::Inode inode;
        QVERIFY(test::open_ext(image).filesystem->inode({number, 0}, inode));
        QCOMPARE(inode.allocated, allocated);

        image = m_ext4;  // where the bitmap's checksum is wrong, nobody knows
        const auto same = find(*test::open_ext(image).filesystem, "etc/hello");
        put32(image, qsizetype{le32(image, 2048 + 8)} * 1024 + static_cast<qsizetype>(same - 1) * (le32(image, 1024 + 88) & 0xffff) + 20, 0xff000000u);
        image.replace(qsizetype{le32(image, 2048 + 4)} * 1024, 32, QByteArray(32, bitmap));
        const auto opened = test::open_ext(image);
        QVERIFY(opened.filesystem->inode({same, 0}, inode));
        QVERIFY(inode.allocated);
        QVERIFY2(opened.damage->has(Gap::Level::gap, "an inode's checksum is wrong"), opened.damage->text().c_str());
    }

    // Extent trees and block lists that lead to themselves or outside end, and say so.
    void map_damaged_data() {
        QTest::addColumn<quint32>("child");
        QTest::newRow("outside") << 0xffffff00u;
        QTest::newRow("no node") << 1u;
        QTest::newRow("zero") << 0u;
    }
    void map_damaged() {
        QFETCH(quint32, child);
        QByteArray image = m_ext4;
        const QByteArray head = QByteArray::fromHex("0af301000400"  "0100");  // one index, depth 1
        const auto at = image.indexOf(head);
        QVERIFY(at > 0);
        put32(image, at + 12 + 4, child);
        const auto opened = test::open_ext(image);
        const auto found = test::manifest_of(*opened.filesystem);
        QCOMPARE(found.size(), m_manifest.size());
        QCOMPARE(found.filter("READERR").size(), 1);
        QVERIFY(opened.damage->has(Gap::Level::gap, "extent tree is damaged"));
    }
    void list_leads_to_itself() {
        QByteArray image = m_ext2;
        const auto opened = test::open_ext(image);
        image::Inode inode;
        const auto number = find(*opened.filesystem, "large");
        QVERIFY(opened.filesystem->inode({number, 0}, inode));
        const auto table = qsizetype{le32(image, 2048 + 8)} * 1024;
        const auto record = table + static_cast<qsizetype>(number - 1) * (le32(image, 1024 + 88) & 0xffff);
        put32(image, record + 40 + 4 * 14, le32(image, record + 40 + 4 * 12));  // the third level is the first's list
        put32(image, record + 4, 0xfffffff0u);                                   // and the size asks for it
        const auto damaged = test::open_ext(image);
        const auto content = damaged.filesystem->content({number, 0});
        QVERIFY(content);
        std::uint64_t at = 0;
        int extents = 0;
        while (at < (*content)->size() && ++extents < 100'000) {
            const auto extent = (*content)->extent_at(at);
            QVERIFY(extent && extent->length > 0);
            at = extent->logical + extent->length;
        }
    }

    // One attribute is wrong, the others stay.
    void attribute_damaged() {
        QByteArray image = m_ext4;
        const auto at = image.indexOf(QByteArray("\x0a\x06", 2), image.indexOf("capability") - 16);
        QVERIFY(at > 0 && image.mid(at + 16, 10) == "capability");
        image[at + 8] = '\xff', image[at + 9] = '\xff';  // its value's size
        const auto opened = test::open_ext(image);
        image::Inode inode;
        QVERIFY(opened.filesystem->inode({find(*opened.filesystem, "suid"), 0}, inode));
        QCOMPARE(inode.attributes.size(), std::size_t{1});
        QCOMPARE(inode.attributes[0].name, std::string("system.posix_acl_access"));
        QVERIFY(opened.damage->has(Gap::Level::gap, "extended attributes are damaged"));
    }

    // What reads without a fault and is not what was written: only its checksum says so.
    void checksum_wrong_data() {
        QTest::addColumn<qsizetype>("at");
        QTest::addColumn<QString>("reason");
        const auto number = static_cast<qsizetype>(find(*test::open_ext(m_ext4).filesystem, "etc/hello"));
        const auto record = qsizetype{le32(m_ext4, 2048 + 8)} * 1024 + (number - 1) * qsizetype{le32(m_ext4, 1024 + 88) & 0xffff};
        QTest::newRow("inode: another block is its content") << record + 40 + 20 << "an inode's checksum is wrong";
        QTest::newRow("folder: another name") << m_ext4.indexOf(QByteArray("\x06\x01" "bottom")) + 3 << "the checksum of a folder's block is wrong";
        const auto node = m_ext4.indexOf(QByteArray::fromHex("0af301000400" "0100"));  // one index, depth 1
        QTest::newRow("extent tree: another block") << qsizetype{le32(m_ext4, node + 16)} * 1024 + 20 << "the checksum of a block of an extent tree is wrong";
        QTest::newRow("attribute: another value") << m_ext4.indexOf(QByteArray(700, 'q')) + 350 << "the checksum of a block of extended attributes is wrong";
    }
    void checksum_wrong() {
        QFETCH(qsizetype, at);
        QFETCH(QString, reason);
        QVERIFY(at > 4096);
        QByteArray image = m_ext4;
        image[at] = static_cast<char>(image[at] ^ 1);
        const auto opened = test::open_ext(image);
        QVERIFY(opened.filesystem);
        QCOMPARE(test::manifest_of(*opened.filesystem).size(), m_manifest.size());
        QVERIFY2(opened.damage->has(Gap::Level::gap, reason.toStdString()), opened.damage->text().c_str());
    }

    void size_of_no_file_data() {
        QTest::addColumn<quint32>("high");
        QTest::addColumn<quint64>("size");
        QTest::newRow("no signed number") << 0xff000000u << quint64{INT64_MAX};  // sizes are signed for everybody who reads them on
        QTest::newRow("more blocks than can be counted") << 0x00ff0000u << quint64{0x00ff'0000'0000'0000};
    }
    void size_of_no_file() {
        QFETCH(quint32, high);
        QFETCH(quint64, size);
        QByteArray image = m_ext2;
        const auto number = find(*test::open_ext(image).filesystem, "etc/hello");
        const auto record = qsizetype{le32(image, 2048 + 8)} * 1024 + static_cast<qsizetype>(number - 1) * (le32(image, 1024 + 88) & 0xffff);
        put32(image, record + 4, 0);
        put32(image, record + 108, high);
        const auto opened = test::open_ext(image);
        image::Inode inode;
        QVERIFY(opened.filesystem->inode({number, 0}, inode));
        QCOMPARE(quint64{inode.size}, size);
        QVERIFY2(opened.damage->has(Gap::Level::gap, "size is none that a file can have"), opened.damage->text().c_str());
    }

    // The kernel's own order: removed names are found with their inodes, copies of live ones are not told.
    void removed_names_and_inodes() {
        m_fixture.write("ext2rm", m_ext2);
        m_fixture.write("rm", "rm few/2\nrm tiny\nrm many/a_file_with_a_longish_name_77\nrm many/a_file_with_a_longish_name_200\n");
        QVERIFY(m_fixture.shell("debugfs -w -f rm ext2rm > rm.log 2>&1"));
        const auto opened = test::open_ext(m_fixture.read("ext2rm"));
        const auto names = names_in(*opened.filesystem, find(*opened.filesystem, "few"));
        QCOMPARE(names.live, QStringList({"1", "3"}));
        QCOMPARE(names.removed, QStringList({"2"}));
        QVERIFY(names_in(*opened.filesystem, 2).removed.contains("tiny"));
        const auto many = names_in(*opened.filesystem, find(*opened.filesystem, "many"));
        QVERIFY(!many.live.contains("a_file_with_a_longish_name_77") && !many.live.contains("a_file_with_a_longish_name_200"));
        // The first record of a block loses its inode number when it is removed, and with it what would make it believable.
        QVERIFY2(many.removed.contains("a_file_with_a_longish_name_200"), qPrintable(many.removed.join(' ')));
        int deleted = 0;
        image::Inode inode;
        QByteArray tiny;
        QVERIFY(opened.filesystem->deleted_inodes([&](image::InodeId id) {
            ++deleted;
            if (!opened.filesystem->inode(id, inode) || inode.allocated || !inode.deleted) qFatal("a deleted inode is not");
            if (inode.uid == 70000) tiny = test::all_bytes(**opened.filesystem->content(id));
            return base::Next::go_on;
        }));
        QCOMPARE(deleted, 4);
        QCOMPARE(tiny, m_fixture.read("tree/tiny"));
    }

    // Descriptors that lead to the same tables again and again do not make a walk longer than the volume.
    void tables_larger_than_the_volume() {
        QVERIFY(m_fixture.shell("truncate -s 16M wild && mke2fs -q -F -t ext2 -b 1024 -I 128 -g 256 -N 512 wild"));
        QByteArray image = m_fixture.read("wild");
        image.replace(1024, 4, QByteArray::fromHex("00000800"));       // 64 groups ...
        image.replace(1024 + 40, 4, QByteArray::fromHex("00200000"));  // ... of 8,192 inodes: 64 MiB of tables
        const auto opened = test::open_ext(image);
        QVERIFY(opened.filesystem);
        QCOMPARE(opened.filesystem->highest_inode(), std::uint64_t{64 * 8192});
        QVERIFY(opened.filesystem->deleted_inodes([](image::InodeId) { return base::Next::go_on; }));
        QVERIFY2(opened.damage->has(Gap::Level::limit, "the inode tables are larger than the volume"), opened.damage->text().c_str());
    }

    void encrypted() {
        m_fixture.write("enc", m_ext4);
        m_fixture.write("flags", "set_inode_field few flags 0x80800\nset_inode_field page flags 0x80800\n");
        QVERIFY(m_fixture.shell("debugfs -w -f flags enc > enc.log 2>&1"));
        QByteArray image = m_fixture.read("enc");
        const auto opened = test::open_ext(image);
        image::Inode inode;
        const auto folder = find(*opened.filesystem, "few"), file = find(*opened.filesystem, "page");
        QVERIFY(opened.filesystem->inode({folder, 0}, inode) && inode.encrypted);
        QCOMPARE(names_in(*opened.filesystem, folder).live.size(), 3);
        QVERIFY(opened.damage->has(Gap::Level::gap, "names are encrypted"));
        QCOMPARE(test::all_bytes(**opened.filesystem->content({file, 0})), m_fixture.read("tree/page"));
        QVERIFY(opened.damage->has(Gap::Level::gap, "content is encrypted"));
    }

    void places() {
        const auto opened = test::open_ext(m_ext4);
        image::Inode inode;
        const auto hole = find(*opened.filesystem, "hole");
        QVERIFY(opened.filesystem->inode({hole, 0}, inode));
        QCOMPARE(inode.hole_bytes, std::uint64_t{3 << 20});
        const auto content = opened.filesystem->content({hole, 0});
        const auto extent = (*content)->extent_at(3 << 20);
        QVERIFY(extent && extent->kind == base::Extent::Kind::data);
        QCOMPARE(m_ext4.mid(static_cast<qsizetype>(extent->physical), 3), QByteArray("end"));
        QCOMPARE(inode.first_byte, extent->physical);
        QVERIFY(!(*content)->extent_at((3 << 20) + 3));
    }

    void cut_off() {
        const auto opened = test::open_ext(m_ext4.left(9 << 20));
        QVERIFY(opened.filesystem);
        QVERIFY(opened.damage->has(Gap::Level::gap, "larger than its volume"));
        QVERIFY(test::manifest_of(*opened.filesystem).size() > 10);
    }

private:
    test::ImageFixture m_fixture;
    QByteArray m_ext4, m_ext2;
    QStringList m_manifest;
};
DEADBOX_TEST(ExtCraftedTest)
#include "ext_crafted_test.moc"
