// Every feature set that mke2fs makes, compared with libext2fs in all fields.
#include <QSet>

#include "base/descriptor.hpp"
#include "ext_fixture.hpp"
#include "ext_oracle.hpp"
#include "support/test_main.hpp"

using namespace deadbox;

class ExtFeaturesTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { QVERIFY(test::make_tree(m_fixture)); }

    void same_as_libext2fs_data() {
        QTest::addColumn<QString>("size");
        QTest::addColumn<QString>("options");
        QTest::addColumn<QString>("type");
        const auto row = [](const char* name, const char* size, const char* options, const char* type = "ext4") {
            QTest::newRow(name) << size << options << type;
        };
        row("ext2 revision 0", "16M", "-t ext2 -r 0", "ext2");
        row("ext2", "16M", "-t ext2 -b 4096", "ext2");
        row("ext2 64 KiB blocks", "256M", "-t ext2 -b 65536", "ext2");
        row("ext3", "32M", "-t ext3 -b 4096", "ext3");
        row("ext3 1 KiB blocks", "32M", "-t ext3 -b 1024 -I 128", "ext3");
        row("ext4", "32M", "-t ext4 -b 4096");
        row("1 KiB blocks", "32M", "-t ext4 -b 1024");
        row("2 KiB blocks, inodes of 1024", "32M", "-t ext4 -b 2048 -I 1024 -O ^flex_bg");
        row("64 KiB blocks", "256M", "-t ext4 -b 65536");
        row("bigalloc", "64M", "-t ext4 -b 4096 -O bigalloc -C 65536 -N 2000");
        row("bigalloc 1 KiB", "64M", "-t ext4 -b 1024 -O bigalloc -C 16384 -N 2000");
        row("meta_bg 1 KiB", "64M", "-t ext4 -b 1024 -O meta_bg,^resize_inode -g 1024 -N 2000");
        row("meta_bg ext2", "64M", "-t ext2 -b 1024 -O meta_bg,^resize_inode -g 512 -N 2000", "ext2");
        row("sparse_super2", "64M", "-t ext4 -b 1024 -O sparse_super2,^resize_inode");
        row("no sparse_super", "64M", "-t ext4 -b 1024 -O ^sparse_super,^resize_inode");
        row("32-bit, no checksums", "32M", "-t ext4 -O ^64bit,^metadata_csum");
        row("uninit_bg", "64M", "-t ext4 -b 1024 -O ^64bit,^metadata_csum,uninit_bg");
        row("no filetype", "32M", "-t ext4 -O ^filetype,^dir_index");
        row("inline_data", "32M", "-t ext4 -O inline_data -I 512");
        row("inline_data 256", "32M", "-t ext4 -O inline_data -I 256");
        row("ea_inode", "32M", "-t ext4 -O ea_inode");
        row("casefold", "32M", "-t ext4 -O casefold -E encoding=utf8");
        row("orphan_file", "32M", "-t ext4 -O orphan_file,fast_commit");
        row("all at once", "32M", "-t ext4 -O encrypt,verity,large_dir,casefold,project,quota,ea_inode,inline_data,metadata_csum_seed,orphan_file,fast_commit,mmp -I 256");
        row("no extents", "32M", "-t ext4 -O ^extent,^64bit");
    }

    void same_as_libext2fs() {
        QFETCH(QString, size);
        QFETCH(QString, options);
        QFETCH(QString, type);
        QVERIFY(test::make_ext_image(m_fixture, "image", size, options));
        const auto source = base::FileSource::open(m_fixture.std_path("image"));
        QVERIFY(source);
        const auto ours = test::open_ext(*source);
        QVERIFY(ours.filesystem);
        QCOMPARE(QString::fromStdString(ours.filesystem->name()), type);
        const auto oracle = test::open_ext_oracle(m_fixture.std_path("image"));
        QVERIFY(oracle);
        const auto expected = test::manifest_of(*oracle), found = test::manifest_of(*ours.filesystem);
        QVERIFY(expected.size() > 530);
        QVERIFY2(expected == found, qPrintable(test::difference(expected, found)));
        QVERIFY2(ours.damage->gaps.empty(), ours.damage->text().c_str());
        QVERIFY(ours.filesystem->clean());
        m_fixture.shell("rm image");
    }

private:
    test::ImageFixture m_fixture;
};
DEADBOX_TEST(ExtFeaturesTest)
#include "ext_features_test.moc"
