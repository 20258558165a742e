#include <QCryptographicHash>

#include <random>

#include "image/container/ewf_sections.hpp"
#include "image/image_fixture.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using base::Errc, base::Gap;
using test::RecordingDamage;

class EwfTest : public QObject {
    Q_OBJECT
    test::ImageFixture m_fixture;
    QByteArray m_disk;

    bool acquire(const QString& target, const QString& options) {
        return m_fixture.shell(QString("rm -f %1.*; ewfacquire -u -q -d sha1 -t %1 -C case-7 -D 'the web server' -E 42 -e 'A. Nalyst' -N 'cold start' -m fixed -M physical %2 disk.raw").arg(target, options));
    }

private slots:
    void initTestCase() {
        m_disk = m_fixture.make_bytes(6 * 1024 * 1024 + 512, 6);
        m_fixture.write("disk.raw", m_disk);
    }

    void formats_data() {
        QTest::addColumn<QString>("options");
        for (const char* options : {"-f encase6 -c deflate:none", "-f encase6 -c deflate:best", "-f encase6 -c deflate:empty-block", "-f encase5", "-f encase3 -c deflate:fast", "-f encase2", "-f encase1", "-f linen6",
                                    "-f ftk", "-f ewfx", "-f encase6 -b 16", "-f encase6 -b 16384", "-f encase6 -S 1126400 -c deflate:none", "-f encase6 -S 1126400 -c deflate:best", "-f smart"})
            QTest::newRow(options) << options;
    }
    void formats() {
        QFETCH(QString, options);
        QVERIFY(acquire("e", options));
        const QString first = options.contains("smart") ? "e.s01" : options.contains("ewfx") ? "e.e01" : "e.E01";
        RecordingDamage damage;
        const auto wrong = test::differs(m_fixture, first, "ewf", m_disk, damage);
        QVERIFY2(wrong.empty(), wrong.c_str());
        QVERIFY2(damage.gaps.empty(), damage.text().c_str());
        const auto container = test::open_image(m_fixture, first, damage);
        QVERIFY(options.contains("-S ") == (container->names.size() > 1));
        const auto& said = *container->acquisition;
        QCOMPARE(QByteArray::fromStdString(said.stored_md5), QCryptographicHash::hash(m_disk, QCryptographicHash::Md5).toHex());
        if (!said.stored_sha1.empty()) QCOMPARE(QByteArray::fromStdString(said.stored_sha1), QCryptographicHash::hash(m_disk, QCryptographicHash::Sha1).toHex());
        QCOMPARE(said.stored_sha1.empty(), !options.contains("encase6") && !options.contains("linen6"));
        QCOMPARE(said.examiner, "A. Nalyst");
        QCOMPARE(said.case_number, "case-7");
        QCOMPARE(said.evidence_number, "42");
        QCOMPARE(said.description, "the web server");
        QCOMPARE(said.notes, "cold start");
        QVERIFY2(said.date.starts_with("202") && said.date.find('T') == 10, said.date.c_str());
    }

    void missing_segment() {
        QVERIFY(acquire("m", "-f encase6 -S 1126400 -c deflate:none") && m_fixture.shell("rm m.E03"));
        RecordingDamage damage;
        const auto container = test::open_image(m_fixture, "m.E01", damage);
        QVERIFY(container);
        QVERIFY(damage.has(Gap::Level::gap, "segments of the EWF image are missing"));
        QVERIFY(damage.has(Gap::Level::gap, "ends before the end of its media"));
        QCOMPARE(container->media->size(), static_cast<std::uint64_t>(m_disk.size()));
        std::vector<std::byte> block(4096);
        QVERIFY(container->media->read_at(0, block));
        QVERIFY(!container->media->read_at(5'000'000, block));
        QCOMPARE(test::not_refused(m_fixture, "m.E02", Errc::usage, "give the first one"), std::string());
    }

    void not_read() {
        m_fixture.write("x.Ex01", QByteArray("EVF2\r\n\x81\0", 8) + QByteArray(100, '\0'));
        QCOMPARE(test::not_refused(m_fixture, "x.Ex01", Errc::unsupported, "Ex01"), std::string());
    }

    // No damage may give other bytes than the disk's without an error.
    void damaged() {
        QVERIFY(acquire("d", "-f encase6 -c deflate:fast -b 16"));
        const auto fine = m_fixture.read("d.E01");
        std::mt19937 random(8);
        int opened = 0, wrong = 0;
        for (int turn = 0; turn < 400; ++turn) {
            auto file = fine;
            for (int i = 0; i < 4; ++i) file[static_cast<qsizetype>(random() % static_cast<unsigned>(file.size()))] = static_cast<char>(random());
            if (turn % 10 == 0) file.truncate(static_cast<qsizetype>(random() % static_cast<unsigned>(file.size())));
            m_fixture.write("d.E01", file);
            RecordingDamage damage;
            const auto container = test::open_image(m_fixture, "d.E01", damage);
            if (!container || container->media->size() != static_cast<std::uint64_t>(m_disk.size())) continue;
            ++opened;
            std::vector<std::byte> block(8192);
            for (qsizetype at = 0; at < m_disk.size(); at += 8192) {
                const auto got = container->media->read_at(static_cast<std::uint64_t>(at), block);
                if (got && QByteArray(reinterpret_cast<const char*>(block.data()), static_cast<qsizetype>(*got)) != m_disk.mid(at, 8192)) ++wrong;
            }
        }
        QVERIFY(opened > 100);
        QCOMPARE(wrong, 0);
    }

    void segment_names() {
        QCOMPARE(image::ewf_segment_name("d.E01", 2), "d.E02");
        QCOMPARE(image::ewf_segment_name("d.E01", 99), "d.E99");
        QCOMPARE(image::ewf_segment_name("d.E01", 100), "d.EAA");
        QCOMPARE(image::ewf_segment_name("d.e01", 101), "d.eab");
        QCOMPARE(image::ewf_segment_name("d.E01", 100 + 676), "d.FAA");
        QCOMPARE(image::ewf_segment_name("d.s01", 2), "d.s02");
        QCOMPARE(image::ewf_segment_name("d.E01", 20'000), "");
        QCOMPARE(image::ewf_segment_name("fd:3", 2), "");
    }
};
DEADBOX_TEST(EwfTest)
#include "ewf_test.moc"
