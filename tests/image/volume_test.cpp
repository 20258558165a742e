#include "image/volume.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include "image/image_fixture.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using base::Gap;
using test::RecordingDamage;

namespace {
std::vector<image::Volume> volumes_of(const test::ImageFixture& fixture, const QString& name, RecordingDamage& damage) {
    auto container = test::open_image(fixture, name, damage);
    if (!container) return {};
    image::Volume disk;
    disk.id = "1", disk.scheme = "media";
    disk.bytes = std::move(container->media);
    return image::find_volumes(std::span(&disk, 1), damage);
}
QString text_of(const std::vector<image::Volume>& volumes) {
    std::string text;
    for (const auto& v : volumes) text += fmt::format("{} {} {} {} {}\n", v.id, v.scheme, v.type.substr(0, 8), v.start, v.bytes->size());
    return QString::fromStdString(text);
}
void poke(QByteArray& disk, qsizetype at, const QByteArray& bytes) { disk.replace(at, bytes.size(), bytes); }
}  // namespace

class VolumeTest : public QObject {
    Q_OBJECT
    test::ImageFixture m_fixture;

    bool make_gpt(const QString& name) {
        return m_fixture.shell(QString("rm -f %1; truncate -s 16M %1; sgdisk -a 1 -n 1:2048:4095 -t 1:ef02 -n 2:4096:20479 -c 2:r\u00f6\u00f6t -n 7:20480:30000 -t 7:8200 %1").arg(name));
    }
    static constexpr const char* k_gpt = "1.1 gpt 21686148 1048576 1048576\n1.2 gpt 0fc63daf 2097152 8388608\n1.7 gpt 0657fd6d 10485760 4874752\n";

private slots:
    void bare() {
        QVERIFY(m_fixture.shell("truncate -s 4M bare; mkfs.ext4 -q bare; truncate -s 4M fat; mkfs.fat fat"));
        for (const char* name : {"bare", "fat"}) {
            RecordingDamage damage;
            QCOMPARE(text_of(volumes_of(m_fixture, name, damage)), "1 media  0 4194304\n");
            QVERIFY2(damage.gaps.empty(), damage.text().c_str());
        }
    }

    void mbr() {
        QVERIFY(m_fixture.run("truncate", {"-s", "32M", "mbr"}));
        QVERIFY(m_fixture.run("sfdisk", {"-q", "mbr"},
                              "label: dos\n2048,4096,83,*\n8192,40000,5\n"
                              "10240,2048,83\n14336,2048,82\n20480,4096,fd\n"));
        RecordingDamage damage;
        QCOMPARE(text_of(volumes_of(m_fixture, "mbr", damage)),
                 "1.1 mbr 83 1048576 2097152\n1.5 mbr 83 5242880 1048576\n1.6 mbr 82 7340032 1048576\n1.7 mbr fd 10485760 2097152\n");
        QVERIFY(damage.has(Gap::Level::limit, "outside of the partitions"));
    }

    void mbr_chain_in_a_circle() {
        QVERIFY(m_fixture.run("truncate", {"-s", "32M", "loop"}));
        QVERIFY(m_fixture.run("sfdisk", {"-q", "loop"}, "label: dos\n8192,40000,5\n10240,2048,83\n14336,2048,83\n"));
        auto disk = m_fixture.read("loop");
        // The first link's second entry points back to the first link itself.
        const qsizetype link = 8192 * 512;
        poke(disk, link + 446 + 16 + 8, QByteArray(4, '\0'));
        m_fixture.write("loop", disk);
        RecordingDamage damage;
        const auto volumes = volumes_of(m_fixture, "loop", damage);
        QCOMPARE(volumes.size(), 1U);
        QVERIFY(damage.has(Gap::Level::gap, "in a circle"));
    }

    void gpt() {
        QVERIFY(make_gpt("gpt"));
        RecordingDamage damage;
        const auto volumes = volumes_of(m_fixture, "gpt", damage);
        QCOMPARE(text_of(volumes), k_gpt);
        QCOMPARE(volumes[1].name, "r\u00f6\u00f6t");
        QCOMPARE(volumes[0].holds, "bios_boot");
        QCOMPARE(volumes[1].type, "0fc63daf-8483-4772-8e79-3d69d8477de4");
        QVERIFY2(!damage.has(Gap::Level::note, ""), damage.text().c_str());
    }

    // The table as a disk with sectors of 4096 bytes has it: made from one with 512, its checksums made anew.
    void gpt_4096() {
        QVERIFY(m_fixture.shell("truncate -s 2M g; sgdisk -a 1 -n 1:256:1279 -n 2:2048:2559 g"));
        const auto small = m_fixture.read("g");
        QByteArray header = small.mid(512, 92), table = small.mid(1024, 128 * 128);
        header.replace(16, 4, QByteArray(4, '\0'));
        const auto crc = ::crc32(0, reinterpret_cast<const Bytef*>(header.constData()), 92);
        for (int i = 0; i < 4; ++i) header[16 + i] = static_cast<char>(crc >> (8 * i));
        QByteArray disk(16 * 1024 * 1024, '\0');
        poke(disk, 0, small.first(512));
        poke(disk, 4096, header);
        poke(disk, 8192, table);
        m_fixture.write("g4", disk);
        RecordingDamage damage;
        QCOMPARE(text_of(volumes_of(m_fixture, "g4", damage)), "1.1 gpt 0fc63daf 1048576 4194304\n1.2 gpt 0fc63daf 8388608 2097152\n");
        QVERIFY2(!damage.has(Gap::Level::note, "checksum"), damage.text().c_str());
    }

    void gpt_damaged_data() {
        QTest::addColumn<qint64>("at");
        QTest::addColumn<int>("length");
        QTest::addColumn<QString>("note");
        QTest::newRow("header gone") << qint64{512} << 512 << "its backup was used";
        QTest::newRow("header and MBR gone") << qint64{0} << 1024 << "its backup was used";
        QTest::newRow("an entry changed") << qint64{1024 + 128 + 41} << 1 << "its backup was used";
        QTest::newRow("header field changed") << qint64{512 + 72} << 1 << "its backup was used";
        QTest::newRow("backup gone") << qint64{16 * 1024 * 1024 - 512} << 512 << "backup GUID partition table is missing";
    }
    void gpt_damaged() {
        QFETCH(qint64, at);
        QFETCH(int, length);
        QFETCH(QString, note);
        QVERIFY(make_gpt("gd"));
        auto disk = m_fixture.read("gd");
        poke(disk, at, QByteArray(length, '\xff'));
        m_fixture.write("gd", disk);
        RecordingDamage damage;
        QCOMPARE(text_of(volumes_of(m_fixture, "gd", damage)), k_gpt);
        QVERIFY2(damage.has(Gap::Level::note, note.toStdString()), damage.text().c_str());
    }

    // A file system written over a partitioned disk: the backup table at its end is a leftover.
    void gpt_leftover() {
        QVERIFY(make_gpt("old"));
        QVERIFY(m_fixture.shell("truncate -s 12M fs; mkfs.ext4 -q -F fs; dd if=fs of=old conv=notrunc status=none"));
        RecordingDamage damage;
        QCOMPARE(text_of(volumes_of(m_fixture, "old", damage)), "1 media  0 16777216\n");
        QVERIFY2(damage.has(Gap::Level::note, "left over"), damage.text().c_str());
    }

    void gpt_cut() {
        QVERIFY(make_gpt("gc"));
        QVERIFY(m_fixture.run("truncate", {"-s", "6M", "gc"}));
        RecordingDamage damage;
        const auto volumes = volumes_of(m_fixture, "gc", damage);
        QCOMPARE(volumes.size(), 3U);
        QCOMPARE(volumes[1].bytes->size(), 4U * 1024 * 1024);
        QCOMPARE(volumes[1].size, 8U * 1024 * 1024);
        QCOMPARE(volumes[2].bytes->size(), 0U);
        QVERIFY(damage.has(Gap::Level::gap, "reaches past the end of the image"));
    }

    void hostile_gpt() {
        QVERIFY(make_gpt("gh"));
        auto disk = m_fixture.read("gh").first(8 * 1024 * 1024);  // no backup
        for (const auto& [at, length] : {std::pair{512 + 80, 4}, {512 + 84, 4}, {512 + 72, 8}, {512 + 32, 8}, {1024 + 32, 16}, {1024 + 40, 8}}) {
            for (const char value : {'\xff', '\x7f', '\x00'}) {
                auto copy = disk;
                poke(copy, at, QByteArray(length, value));
                m_fixture.write("gh", copy);
                RecordingDamage damage;
                volumes_of(m_fixture, "gh", damage);
            }
        }
    }

    void recognized_data() {
        QTest::addColumn<QString>("command");
        QTest::addColumn<QString>("holds");
        QTest::newRow("swap") << "truncate -s 1M r && mkswap -q r" << "swap";
        QTest::newRow("luks2 header") << "truncate -s 1M r && printf 'LUKS\\272\\276\\000\\002' | dd of=r conv=notrunc status=none" << "luks2";
        QTest::newRow("lvm2 label") << "truncate -s 4M r && printf 'LABELONE\\001\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000 \\000\\000\\000LVM2 001' | dd of=r seek=1 conv=notrunc status=none" << "lvm2";
        QTest::newRow("xfs") << "truncate -s 1M r && printf 'XFSB' | dd of=r conv=notrunc status=none" << "xfs";
        QTest::newRow("md 1.2") << "truncate -s 1M r && printf '\\374N+\\251\\001' | dd of=r seek=8 conv=notrunc status=none" << "md";
        QTest::newRow("md 0.90") << "truncate -s 1M r && printf '\\374N+\\251' | dd of=r bs=65536 seek=15 conv=notrunc status=none" << "md";
        QTest::newRow("md 1.0") << "truncate -s 1M r && printf '\\374N+\\251\\001' | dd of=r seek=2032 conv=notrunc status=none" << "md";
        QTest::newRow("nothing") << "truncate -s 1M r" << "";
    }
    void recognized() {
        QFETCH(QString, command);
        QFETCH(QString, holds);
        QVERIFY(m_fixture.shell("rm -f r; " + command));
        RecordingDamage damage;
        const auto volumes = volumes_of(m_fixture, "r", damage);
        QCOMPARE(volumes.size(), 1U);
        QCOMPARE(QString::fromStdString(volumes[0].holds), holds);
        QCOMPARE(damage.gaps.size(), holds.isEmpty() ? 0U : 1U);
    }
};
DEADBOX_TEST(VolumeTest)
#include "volume_test.moc"
