#include "image/image_fixture.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using base::Errc, base::Gap;
using test::RecordingDamage;

class VhdTest : public QObject {
    Q_OBJECT
    test::ImageFixture m_fixture;
    QByteArray m_disk;

private slots:
    void initTestCase() {
        m_disk = m_fixture.make_bytes(6 * 1024 * 1024 + 512, 4);
        m_disk.replace(2'500'000, 2'400'000, QByteArray(2'400'000, '\0'));
        m_fixture.write("disk.raw", m_disk);
    }

    void formats_data() {
        QTest::addColumn<QString>("options");
        for (const char* options : {"subformat=fixed,force_size=on", "subformat=dynamic,force_size=on", "subformat=fixed", "subformat=dynamic"}) QTest::newRow(options) << options;
    }
    void formats() {
        QFETCH(QString, options);
        QVERIFY(m_fixture.shell("rm -f v; qemu-img convert -O vpc -o " + options + " disk.raw v"));
        RecordingDamage damage;
        auto disk = m_disk;
        // Without force_size the disk grows to whole cylinders.
        if (const auto container = test::open_image(m_fixture, "v", damage)) disk.append(QByteArray(static_cast<qsizetype>(container->media->size()) - disk.size(), '\0'));
        QVERIFY(disk.size() - m_disk.size() < 1'000'000 && (!options.contains("force") || disk.size() == m_disk.size()));
        const auto wrong = test::differs(m_fixture, "v", "vhd", disk, damage);
        QVERIFY2(wrong.empty(), wrong.c_str());
        QVERIFY2(damage.gaps.empty(), damage.text().c_str());
    }

    void footer_lost() {
        QVERIFY(m_fixture.shell("qemu-img convert -O vpc -o subformat=dynamic,force_size=on disk.raw lost.vhd; truncate -s -512 lost.vhd"));
        RecordingDamage damage;
        QCOMPARE(test::differs(m_fixture, "lost.vhd", "vhd", m_disk, damage), std::string());
        QVERIFY(damage.has(Gap::Level::note, "footer is missing"));
    }

    void differencing() {
        QVERIFY(m_fixture.shell("qemu-img convert -O vpc -o subformat=dynamic,force_size=on disk.raw diff.vhd"));
        auto file = m_fixture.read("diff.vhd");
        for (const qsizetype footer : {qsizetype{0}, file.size() - 512}) {
            file[footer + 63] = 4;
            // The checksum sinks by what the sum rose: 3 to 4.
            auto at = footer + 67;
            file[at] = static_cast<char>(file[at] - 1);
            if (file[at] == '\xff') file[at - 1] = static_cast<char>(file[at - 1] - 1);
        }
        m_fixture.write("diff.vhd", file);
        QCOMPARE(test::not_refused(m_fixture, "diff.vhd", Errc::unsupported, "differencing"), std::string());
    }

    void hostile() {
        QVERIFY(m_fixture.shell("qemu-img convert -O vpc -o subformat=dynamic,force_size=on disk.raw fine.vhd"));
        const auto fine = m_fixture.read("fine.vhd");
        for (const auto& [at, length] : {std::pair{512 + 16, 8}, {512 + 28, 4}, {512 + 32, 4}, {1536, 16}})
            for (const char value : {'\xff', '\x7f', '\x01', '\x00'})
                for (int width = 1; width <= length; width *= 2) {
                    auto file = fine;
                    m_fixture.write("h.vhd", file.replace(at, width, QByteArray(width, value)));
                    RecordingDamage damage;
                    const auto container = test::open_image(m_fixture, "h.vhd", damage);
                    if (!container) continue;
                    std::vector<std::byte> block(70'000);
                    for (std::uint64_t offset = 0; offset < 8'000'000; offset += 1'000'000) {
                        (void)container->media->read_at(offset, block);
                        (void)container->media->extent_at(offset);
                    }
                }
    }
};
DEADBOX_TEST(VhdTest)
#include "vhd_test.moc"
