#include "image/image_fixture.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using base::Errc, base::Gap;
using test::RecordingDamage;

class VmdkTest : public QObject {
    Q_OBJECT
    test::ImageFixture m_fixture;
    QByteArray m_disk;

    void same(const QString& name, const QByteArray& disk) {
        RecordingDamage damage;
        const auto wrong = test::differs(m_fixture, name, "vmdk", disk, damage);
        QVERIFY2(wrong.empty(), wrong.c_str());
        QVERIFY2(damage.gaps.empty(), damage.text().c_str());
    }
    void refused(const QString& name, Errc code, const char* part) {
        const auto wrong = test::not_refused(m_fixture, name, code, part);
        QVERIFY2(wrong.empty(), wrong.c_str());
    }

private slots:
    void initTestCase() {
        m_disk = m_fixture.make_bytes(6 * 1024 * 1024 + 512, 2);
        m_fixture.write("disk.raw", m_disk);
    }

    void formats_data() {
        QTest::addColumn<QString>("options");
        for (const char* options : {"monolithicSparse", "streamOptimized", "twoGbMaxExtentSparse", "twoGbMaxExtentFlat", "monolithicFlat", "monolithicSparse,zeroed_grain=on", "monolithicSparse,compat6=on"})
            QTest::newRow(options) << options;
    }
    void formats() {
        QFETCH(QString, options);
        QVERIFY(m_fixture.shell("rm -rf d; mkdir d; qemu-img convert -O vmdk -o subformat=" + options + " disk.raw d/v.vmdk"));
        same("d/v.vmdk", m_disk);
        // A renamed set still opens where one file is all there is.
        if (options.startsWith("monolithicSparse") || options == "streamOptimized") {
            QVERIFY(m_fixture.shell("mv d/v.vmdk d/other"));
            same("d/other", m_disk);
        }
    }

    void several_extents() {
        // A disk of several extents of each kind, as descriptors of 2 GB extents are: smaller here.
        m_fixture.write("f1.raw", m_disk.mid(0, 1'048'576));
        m_fixture.write("f2.raw", QByteArray(4096, 'x') + m_disk.mid(1'048'576, 1'048'576));
        m_fixture.write("part.raw", m_disk.mid(3 * 1'048'576));
        QVERIFY(m_fixture.shell("rm -rf p; mkdir p; qemu-img convert -O vmdk -o subformat=twoGbMaxExtentSparse part.raw p/v.vmdk; mv p/v-s001.vmdk s3.vmdk"));
        m_fixture.write("many.vmdk", "# Disk DescriptorFile\nversion=1\nCID=1\nparentCID=ffffffff\ncreateType=\"custom\"\n"
                                     "RW 2048 FLAT \"f1.raw\" 0\nRW 2048 FLAT \"f2.raw\" 8\nRW 2048 ZERO\nRW 6145 SPARSE \"s3.vmdk\"\n");
        auto disk = m_disk;
        disk.replace(2 * 1'048'576, 1'048'576, QByteArray(1'048'576, '\0'));
        same("many.vmdk", disk);
        refused("s3.vmdk", Errc::usage, "one extent of a VMDK");
    }

    void snapshot() {
        QVERIFY(m_fixture.shell("qemu-img convert -O vmdk disk.raw base.vmdk; qemu-img create -q -f vmdk -b base.vmdk -F vmdk child.vmdk;"
                                "qemu-io -c 'write -P 5 600k 5k' -c 'write -P 6 3M 200k' child.vmdk > /dev/null; qemu-img convert -O raw child.vmdk child.raw"));
        same("child.vmdk", m_fixture.read("child.raw"));
    }

    void hostile_names_data() {
        QTest::addColumn<QByteArray>("extent");
        QTest::addColumn<int>("code");
        QTest::newRow("absolute") << QByteArray("RW 1 FLAT \"/etc/passwd\" 0") << int(Errc::denied);
        QTest::newRow("up") << QByteArray("RW 1 FLAT \"../secret\" 0") << int(Errc::denied);
        QTest::newRow("windows") << QByteArray("RW 1 FLAT \"C:\\\\x\\\\secret\" 0") << int(Errc::denied);
        QTest::newRow("itself") << QByteArray("RW 1 FLAT \"h.vmdk\" 0") << int(Errc::corrupt);
        QTest::newRow("gone") << QByteArray("RW 1 SPARSE \"gone.vmdk\"") << int(Errc::not_found);
        QTest::newRow("no name") << QByteArray("RW 1 FLAT \"\" 0") << int(Errc::corrupt);
        QTest::newRow("device") << QByteArray("RW 1 FLAT \"\\\\.\\PhysicalDrive0\" 0") << int(Errc::denied);
        QTest::newRow("huge") << QByteArray("RW 99999999999999999999 ZERO") << int(Errc::corrupt);
        QTest::newRow("sum") << QByteArray("RW 18014398509481984 ZERO\nRW 18014398509481984 ZERO") << int(Errc::limit);
        QTest::newRow("kind") << QByteArray("RW 1 VMFSSPARSE \"x\"") << int(Errc::unsupported);
        QTest::newRow("none") << QByteArray("") << int(Errc::corrupt);
    }
    void hostile_names() {
        QFETCH(QByteArray, extent);
        QFETCH(int, code);
        m_fixture.write("h.vmdk", "# Disk DescriptorFile\nversion=1\nparentCID=ffffffff\n" + extent + "\n");
        refused("h.vmdk", static_cast<Errc>(code), "");
    }

    void short_extent() {
        m_fixture.write("short.raw", m_disk.first(4096));
        m_fixture.write("short.vmdk", "# Disk DescriptorFile\nversion=1\nparentCID=ffffffff\nRW 16 FLAT \"short.raw\" 0\n");
        RecordingDamage damage;
        const auto container = test::open_image(m_fixture, "short.vmdk", damage);
        QVERIFY(container);
        QVERIFY(damage.has(Gap::Level::gap, "shorter than its descriptor"));
        std::vector<std::byte> block(4096);
        QVERIFY(container->media->read_at(0, block));
        QVERIFY(!container->media->read_at(4096, block));
    }

    void cut_stream() {
        QVERIFY(m_fixture.shell("qemu-img convert -O vmdk -o subformat=streamOptimized disk.raw cut.vmdk; truncate -s 1M cut.vmdk"));
        RecordingDamage damage;
        (void)test::open_image(m_fixture, "cut.vmdk", damage);
    }

    void hostile_headers() {
        QVERIFY(m_fixture.shell("qemu-img convert -O vmdk disk.raw fine.vmdk; qemu-img convert -O vmdk -o subformat=streamOptimized disk.raw stream.vmdk"));
        for (const char* name : {"fine.vmdk", "stream.vmdk"}) {
            const auto fine = m_fixture.read(name);
            for (const auto& [at, length] : {std::pair{4, 4}, {8, 4}, {12, 8}, {20, 8}, {28, 8}, {36, 8}, {44, 4}, {48, 8}, {56, 8}, {77, 2}})
                for (const char value : {'\xff', '\x7f', '\x01', '\x00'})
                    for (int width = 1; width <= length; width *= 2) {
                        auto file = fine;
                        m_fixture.write("h.vmdk", file.replace(at, width, QByteArray(width, value)));
                        RecordingDamage damage;
                        const auto container = test::open_image(m_fixture, "h.vmdk", damage);
                        if (!container) continue;
                        std::vector<std::byte> block(70'000);
                        for (std::uint64_t offset = 0; offset < 8'000'000; offset += 1'000'000) {
                            (void)container->media->read_at(offset, block);
                            (void)container->media->extent_at(offset);
                        }
                    }
        }
    }
};
DEADBOX_TEST(VmdkTest)
#include "vmdk_test.moc"
