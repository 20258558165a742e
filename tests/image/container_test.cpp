#include "image/container.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "image/image_fixture.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using base::Errc;
using test::RecordingDamage;

class ContainerTest : public QObject {
    Q_OBJECT
    test::ImageFixture m_fixture;
    QByteArray m_disk;

    void same(const QString& name, const char* format) {
        RecordingDamage damage;
        const auto wrong = test::differs(m_fixture, name, format, m_disk, damage);
        QVERIFY2(wrong.empty(), wrong.c_str());
        QVERIFY2(damage.gaps.empty(), damage.text().c_str());
    }
    void refused(const QString& name, Errc code, const char* part) {
        const auto wrong = test::not_refused(m_fixture, name, code, part);
        QVERIFY2(wrong.empty(), wrong.c_str());
    }

private slots:
    void initTestCase() {
        m_disk = m_fixture.make_bytes(6'000'000 / 512 * 512, 1);
        m_fixture.write("disk.raw", m_disk);
    }

    void raw() { same("disk.raw", "raw"); }

    void split_data() {
        QTest::addColumn<QString>("command");
        QTest::addColumn<QString>("first");
        QTest::newRow("numbers from 1") << "split -b 1700000 -d -a 3 --numeric-suffixes=1 disk.raw n1." << "n1.001";
        QTest::newRow("numbers from 0") << "split -b 1700000 -d -a 3 disk.raw n0." << "n0.000";
        QTest::newRow("two digits") << "split -b 1700000 -d -a 2 disk.raw n2." << "n2.00";
        QTest::newRow("letters") << "split -b 100000 disk.raw x." << "x.aa";
        QTest::newRow("letters, no dot") << "split -b 100000 -a 3 disk.raw y-" << "y-aaa";
        QTest::newRow("more than nine") << "split -b 500000 -d -a 4 --numeric-suffixes=1 disk.raw n4." << "n4.0001";
    }
    void split() {
        QFETCH(QString, command);
        QFETCH(QString, first);
        QVERIFY(m_fixture.shell(command));
        same(first, "split-raw");
    }

    void split_later_segment() {
        QVERIFY(m_fixture.shell("split -b 1700000 -d -a 3 --numeric-suffixes=1 disk.raw l."));
        refused("l.002", Errc::usage, "give the first one, 'l.001'");
    }

    void split_missing_segment() {
        QVERIFY(m_fixture.shell("split -b 1700000 -d -a 3 --numeric-suffixes=1 disk.raw m. && rm m.002"));
        RecordingDamage damage;
        const auto container = test::open_image(m_fixture, "m.001", damage);
        QVERIFY(container);
        QCOMPARE(container->media->size(), 1'700'000U);
        QVERIFY(damage.has(base::Gap::Level::gap, "segment of the split image is missing"));
    }

    // A name that only looks like a segment.
    void names_that_are_no_segments() {
        for (const char* name : {"data", "backup.2024", "x.1", "image.007"}) {
            m_fixture.write(name, m_disk);
            same(name, "raw");
        }
    }

    void siblings_are_not_followed_out() {
        QVERIFY(m_fixture.shell("mkdir -p out && split -b 3000000 -d -a 3 --numeric-suffixes=1 disk.raw out/s. && mkdir -p in && "
                                "cp out/s.001 in/ && ln -sf ../out/s.002 in/s.002"));
        refused("in/s.001", Errc::denied, "symbolic link");
    }

    void unread_data() {
        QTest::addColumn<QString>("command");
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("part");
        QTest::newRow("vdi") << "qemu-img convert -O vdi disk.raw u.vdi" << "u.vdi" << "VDI";
        QTest::newRow("vhdx") << "qemu-img convert -O vhdx disk.raw u.vhdx" << "u.vhdx" << "VHDX";
        QTest::newRow("qed") << "qemu-img convert -O qed disk.raw u.qed" << "u.qed" << "QED";
        QTest::newRow("parallels") << "qemu-img convert -O parallels disk.raw u.hds" << "u.hds" << "Parallels";
        QTest::newRow("gzip") << "gzip -k -1 disk.raw" << "disk.raw.gz" << "gzip";
        QTest::newRow("a host's name") << "echo web1 > hostname" << "hostname" << "a text file";
        QTest::newRow("a long text, UTF-8") << "for i in $(seq 9000); do echo 'Zeile mit Umlauten: äöü'; done > text" << "text" << "a text file";
        QTest::newRow("tar") << "tar cf u.ova disk.raw" << "u.ova" << "OVA";
    }
    void unread() {
        QFETCH(QString, command);
        QFETCH(QString, name);
        QFETCH(QString, part);
        QVERIFY(m_fixture.shell(command));
        refused(name, Errc::unsupported, part.toUtf8().constData());
    }

    // A disk over whose beginning somebody wrote text is one.
    void text_over_a_beginning() {
        auto disk = m_disk;
        disk.replace(0, 4096, QByteArray(4096, 'x'));
        m_fixture.write("over.raw", disk);
        RecordingDamage damage;
        const auto container = test::open_image(m_fixture, "over.raw", damage);
        QVERIFY(container);
        QCOMPARE(container->format, std::string("raw"));
    }

    void folder_and_empty() {
        m_fixture.write("empty", {});
        refused("empty", Errc::corrupt, "is empty");
        refused("", Errc::usage, "is a folder");
        refused("nothing", Errc::io, "cannot open");
    }

    void an_image_that_a_virtual_machine_holds_is_named_data() {
        QTest::addColumn<QString>("hold");
        QTest::addColumn<QString>("free");
        QTest::addColumn<QString>("holder");
        const auto qemu = [](const char* options) { return QStringLiteral("qemu-nbd --fork --persistent %1 -f raw --pid-file=qemu.pid -k \"$PWD/qemu.sock\" disk.raw").arg(QString::fromUtf8(options)); };
        const QString end = QStringLiteral("kill $(cat qemu.pid); while kill -0 $(cat qemu.pid) 2>/dev/null; do sleep 0.02; done");
        QTest::newRow("qemu writes") << qemu("") << end << "a virtual machine of QEMU that can write to it";
        QTest::newRow("qemu reads") << qemu("--read-only") << end << "a virtual machine or a tool of QEMU";
        QTest::newRow("vmware") << "mkdir disk.raw.lck && touch disk.raw.lck/M42.lck" << "rm -r disk.raw.lck" << "a virtual machine of VMware";
        QTest::newRow("a file of that name") << "touch disk.raw.lck" << "rm disk.raw.lck" << "";
        QTest::newRow("nobody") << "true" << "true" << "";
    }
    void an_image_that_a_virtual_machine_holds_is_named() {
        QFETCH(QString, hold);
        QFETCH(QString, free);
        QFETCH(QString, holder);
        QVERIFY(m_fixture.shell(hold));
        RecordingDamage damage;
        const auto opened = test::open_image(m_fixture, "disk.raw", damage);
        QVERIFY(m_fixture.shell(free));
        QVERIFY(opened);
        QCOMPARE(damage.has(base::Gap::Level::note, "held by another program"), !holder.isEmpty());
        if (!holder.isEmpty()) QVERIFY2(QByteArray::fromStdString(damage.gaps.front().detail).contains(holder.toUtf8()), damage.gaps.front().detail.c_str());
    }

    void a_lock_of_any_program() {
        const int fd = ::open(m_fixture.std_path("disk.raw").c_str(), O_RDWR);
        struct flock lock = {};
        lock.l_type = F_RDLCK, lock.l_whence = SEEK_SET, lock.l_start = 0, lock.l_len = 1;
        QCOMPARE(::fcntl(fd, F_OFD_SETLK, &lock), 0);
        RecordingDamage damage;
        QVERIFY(test::open_image(m_fixture, "disk.raw", damage));
        ::close(fd);
        QVERIFY(damage.has(base::Gap::Level::note, "held by another program"));
    }

    void descriptor() {
        const int fd = ::open(m_fixture.std_path("disk.raw").c_str(), O_RDONLY);
        RecordingDamage damage;
        const auto container = image::open_container("fd:" + std::to_string(fd), 1, damage);
        ::close(fd);
        QVERIFY(container);
        QVERIFY(test::all_bytes(*container->media) == m_disk);
    }
};
DEADBOX_TEST(ContainerTest)
#include "container_test.moc"
