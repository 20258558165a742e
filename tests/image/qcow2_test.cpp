#include "image/image_fixture.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using base::Errc, base::Gap;
using test::RecordingDamage;

class Qcow2Test : public QObject {
    Q_OBJECT
    test::ImageFixture m_fixture;
    QByteArray m_disk;

    void same(const QString& name, const QByteArray& disk) {
        RecordingDamage damage;
        const auto wrong = test::differs(m_fixture, name, "qcow2", disk, damage);
        QVERIFY2(wrong.empty(), wrong.c_str());
        QVERIFY2(damage.gaps.empty(), damage.text().c_str());
    }
    void refused(const QString& name, Errc code, const char* part) {
        const auto wrong = test::not_refused(m_fixture, name, code, part);
        QVERIFY2(wrong.empty(), wrong.c_str());
    }
    void poke(const QString& name, qsizetype at, const QByteArray& bytes) {
        auto file = m_fixture.read(name);
        m_fixture.write(name, file.replace(at, bytes.size(), bytes));
    }

private slots:
    void initTestCase() {
        m_disk = m_fixture.make_bytes(6 * 1024 * 1024 + 512, 1);
        m_fixture.write("disk.raw", m_disk);
    }

    void formats_data() {
        QTest::addColumn<QString>("options");
        for (const char* options : {"-o compat=1.1", "-o compat=0.10", "-o cluster_size=512", "-o cluster_size=2M", "-c", "-c -o compat=0.10", "-c -o compression_type=zstd",
                                    "-c -o cluster_size=512", "-c -o cluster_size=2M,compression_type=zstd", "-o extended_l2=on", "-o extended_l2=on,cluster_size=16k", "-c -o extended_l2=on",
                                    "-o lazy_refcounts=on", "-o preallocation=metadata", "-o preallocation=full", "-o refcount_bits=1", "-S 0"})
            QTest::newRow(options) << options;
    }
    void formats() {
        QFETCH(QString, options);
        QVERIFY(m_fixture.shell("rm -f q; qemu-img convert -O qcow2 " + options + " disk.raw q"));
        same("q", m_disk);
    }

    void written_in_place() {
        // Subclusters, discarded and zeroed clusters, and compressed ones beside plain ones.
        QVERIFY(m_fixture.shell("for o in extended_l2=on,cluster_size=64k cluster_size=4k compat=0.10; do f=w-$o; qemu-img convert -c -O qcow2 -o $o disk.raw $f;"
                                "qemu-io -c 'write -P 7 100k 3072' -c 'write -z 200k 130k' -c 'discard 1M 256k' -c 'write -P 1 3M 2k' $f >/dev/null;"
                                "qemu-img convert -O raw $f $f.raw; done"));
        for (const char* name : {"w-extended_l2=on,cluster_size=64k", "w-cluster_size=4k", "w-compat=0.10"}) same(name, m_fixture.read(QString(name) + ".raw"));
    }

    void backing() {
        QVERIFY(m_fixture.shell("qemu-img convert -O qcow2 -c disk.raw base.q; qemu-img create -q -f qcow2 -b base.q -F qcow2 mid.q 8M;"
                                "qemu-io -c 'write -P 3 500k 70k' -c 'write -z 2M 1M' -c 'write -P 4 7M 10k' mid.q >/dev/null;"
                                "qemu-img create -q -f qcow2 -o extended_l2=on -b mid.q -F qcow2 top.q; qemu-io -c 'write -P 5 600k 5k' top.q > /dev/null;"
                                "qemu-img convert -O raw top.q top.raw; qemu-img create -q -f qcow2 -b disk.raw -F raw onraw.q"));
        same("top.q", m_fixture.read("top.raw"));
        same("onraw.q", m_disk);
        RecordingDamage damage;
        const auto container = test::open_image(m_fixture, "top.q", damage);
        QCOMPARE(container->names, (std::vector<std::string>{"top.q", "mid.q", "base.q"}));
    }

    void data_file() {
        QVERIFY(m_fixture.shell("qemu-img convert -O qcow2 -o data_file=ext.data,data_file_raw=on disk.raw ext.q; qemu-img convert -O qcow2 -o data_file=ext2.data disk.raw ext2.q"));
        same("ext.q", m_disk);
        same("ext2.q", m_disk);
    }

    void hostile_names() {
        QVERIFY(m_fixture.shell("mkdir -p in out; cp disk.raw out/secret.raw; cp disk.raw in/beside.raw; cd in; "
                                "qemu-img create -q -u -f qcow2 -b ../out/secret.raw -F raw up.q 6M; qemu-img create -q -u -f qcow2 -b \"$PWD/../out/secret.raw\" -F raw abs.q 6M;"
                                "qemu-img create -q -u -f qcow2 -b /etc/passwd -F raw etc.q 6M; qemu-img create -q -u -f qcow2 -b self.q -F qcow2 tmp.q 6M; mv tmp.q self.q;"
                                "qemu-img create -q -u -f qcow2 -b b.q -F qcow2 a.q 6M; qemu-img create -q -u -f qcow2 -b a.q -F qcow2 b.q 6M;"
                                "qemu-img create -q -u -f qcow2 -b nbd://host/x -F raw nbd.q 6M; qemu-img create -q -u -f qcow2 -b gone.raw -F raw gone.q 6M;"
                                "ln -sf ../out/secret.raw link.raw; qemu-img create -q -u -f qcow2 -b link.raw -F raw link.q 6M;"
                                "mkfifo fifo.raw; qemu-img create -q -u -f qcow2 -b fifo.raw -F raw fifo.q 6M;"
                                "qemu-img create -q -u -f qcow2 -b /srv/images/beside.raw -F raw moved.q 6M"));
        refused("in/up.q", Errc::denied, "outside of its own folder");
        refused("in/abs.q", Errc::denied, "outside of its own folder");
        refused("in/etc.q", Errc::denied, "outside of its own folder");
        refused("in/self.q", Errc::corrupt, "leads back to itself");
        refused("in/a.q", Errc::corrupt, "leads back to itself");
        refused("in/nbd.q", Errc::denied, "outside of its own folder");
        refused("in/gone.q", Errc::not_found, "needs 'gone.raw'");
        refused("in/link.q", Errc::denied, "symbolic link");
        refused("in/fifo.q", Errc::denied, "not a regular file");
        RecordingDamage damage;
        QVERIFY(test::open_image(m_fixture, "in/moved.q", damage));
        QVERIFY(damage.has(Gap::Level::assumption, "named in another folder"));
    }

    void not_read() {
        // For LUKS qemu-img measures the processor's speed, and fails where other programs run: only the header's field says so here.
        QVERIFY(m_fixture.shell("qemu-img create -q --object secret,id=s,data=x -f qcow2 -o encrypt.format=aes,encrypt.key-secret=s aes.q 2M; qemu-img convert -O qcow disk.raw one.q"));
        auto image = m_fixture.read("aes.q");
        m_fixture.write("luks.q", image.replace(32, 4, QByteArray::fromHex("00000002")));
        refused("aes.q", Errc::unsupported, "encrypted");
        refused("luks.q", Errc::unsupported, "encrypted");
        refused("one.q", Errc::unsupported, "version 1");
    }

    void snapshots_are_a_limit() {
        QVERIFY(m_fixture.shell("qemu-img convert -O qcow2 disk.raw snap.q; qemu-img snapshot -c one snap.q"));
        RecordingDamage damage;
        QCOMPARE(test::differs(m_fixture, "snap.q", "qcow2", m_disk, damage), std::string());
        QVERIFY(damage.has(Gap::Level::limit, "internal snapshots"));
    }

    void cut_short() {
        QVERIFY(m_fixture.shell("qemu-img convert -O qcow2 -S 0 disk.raw cut.q; truncate -s 3M cut.q"));
        RecordingDamage damage;
        const auto container = test::open_image(m_fixture, "cut.q", damage);
        QVERIFY(container);
        std::vector<std::byte> block(4096);
        QVERIFY(container->media->read_at(1024 * 1024, block));
        QVERIFY(!container->media->read_at(5 * 1024 * 1024, block));
    }

    // Every header field with values that lie.
    void hostile_headers() {
        QVERIFY(m_fixture.shell("qemu-img convert -O qcow2 -c disk.raw fine.q"));
        const auto fine = m_fixture.read("fine.q");
        for (const auto& [at, length] : {std::pair{8, 8}, {16, 4}, {20, 4}, {24, 8}, {32, 4}, {36, 4}, {40, 8}, {60, 4}, {64, 8}, {72, 8}, {100, 4}, {104, 1}})
            for (const char value : {'\xff', '\x7f', '\x01', '\x00'})
                for (int width = 1; width <= length; width *= 2) {
                    auto file = fine;
                    m_fixture.write("h.q", file.replace(at + length - width, width, QByteArray(width, value)));
                    RecordingDamage damage;
                    const auto container = test::open_image(m_fixture, "h.q", damage);
                    if (!container) continue;
                    std::vector<std::byte> block(70'000);
                    for (std::uint64_t offset = 0; offset < 8'000'000; offset += 1'000'000) {
                        (void)container->media->read_at(offset, block);
                        (void)container->media->extent_at(offset);
                    }
                }
    }
};
DEADBOX_TEST(Qcow2Test)
#include "qcow2_test.moc"
