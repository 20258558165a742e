#include <QTest>
#include <QTemporaryDir>

#include <sys/sysmacros.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "devices/attached.hpp"
#include "devices/examination_rule.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
namespace fs = std::filesystem;

// What the kernel shows of a disk with a mounted partition, a swap partition, and an encrypted one that is mounted read-only;
// in the layout of Documentation/ABI/stable/sysfs-block.
class AttachedTest final : public QObject {
    Q_OBJECT

    static void write(const fs::path& path, const std::string& text) {
        fs::create_directories(path.parent_path());
        std::ofstream(path) << text << '\n';
    }

    static void make_disk(const fs::path& root) {
        const auto sda = root / "sys/block/sda";
        write(sda / "dev", "8:0");
        write(sda / "size", "2048");
        write(sda / "ro", "0");
        write(sda / "removable", "1");
        write(sda / "queue/logical_block_size", "4096");
        write(sda / "device/model", "  Example Disk   ");
        write(sda / "stat", "      10        0      160        5        3        0       24        1        0        6        6");
        for (int part = 1; part <= 3; ++part) {
            const auto folder = sda / ("sda" + std::to_string(part));
            write(folder / "partition", std::to_string(part));
            write(folder / "dev", "8:" + std::to_string(part));
        }
        fs::create_directories(sda / "sda3/holders/dm-0");
        write(root / "sys/block/dm-0/dev", "253:0");
        write(root / "sys/block/dm-0/size", "1000");
        write(root / "sys/block/dm-0/ro", "1");
        write(root / "sys/block/loop7/size", "0");
        write(root / "run/udev/data/b8:0", "E:ID_BUS=usb\nE:ID_SERIAL_SHORT=4C530001");
        write(root / "proc/self/mountinfo", "30 1 8:1 / /mnt/evidence\\040one rw,relatime shared:1 - ext4 /dev/sda1 rw\n31 1 253:0 / /mnt/two ro - ext4 /dev/mapper/two ro");
        write(root / "proc/swaps", "Filename Type Size Used Priority\n/dev/sda2 partition 1000 0 -2");
    }

private slots:
    void tells_what_is_attached_and_what_uses_it() {
        const QTemporaryDir folder;
        make_disk(folder.path().toStdString());
        const auto found = devices::attached(folder.path().toStdString());
        QVERIFY(found);
        QCOMPARE(found->size(), std::size_t{1});  // neither the empty loop device nor what is built on the disk
        const auto& disk = found->front();
        QCOMPARE(disk.path, std::string("/dev/sda"));
        QCOMPARE(disk.model, std::string("Example Disk"));
        QCOMPARE(disk.serial, std::string("4C530001"));
        QCOMPARE(disk.transport, std::string("usb"));
        QCOMPARE(disk.size, std::uint64_t{2048 * 512});
        QCOMPARE(disk.sector, std::uint32_t{4096});
        QCOMPARE(disk.sectors_written, std::uint64_t{24});
        QVERIFY(disk.removable && !disk.read_only);
        QCOMPARE(disk.partitions, (std::vector<std::string>{"sda1", "sda2", "sda3"}));
        QVERIFY(disk.in_use_writable());
        QCOMPARE(disk.uses.size(), std::size_t{4});
        QCOMPARE(disk.uses[0].place, std::string("/mnt/evidence one"));
        QVERIFY(disk.uses[0].writable);
        QCOMPARE(disk.uses[1].as, std::string("swap"));
        QCOMPARE(disk.uses[2].as, std::string("holder"));
        QVERIFY(!disk.uses[2].writable);
        QCOMPARE(disk.uses[3].place, std::string("/mnt/two"));
        QVERIFY(!disk.uses[3].writable);
    }

    void a_disk_that_nothing_uses_is_safe() {
        const QTemporaryDir folder;
        const fs::path root = folder.path().toStdString();
        make_disk(root);
        fs::remove(root / "proc/swaps");
        fs::remove(root / "proc/self/mountinfo");
        fs::remove_all(root / "sys/block/sda/sda3");
        const auto found = devices::attached(root.string());
        QVERIFY(found);
        QVERIFY(!found->front().in_use_writable());
    }

    void this_machine_agrees_with_the_kernel() {
        if (!fs::exists("/sys/block") || fs::is_empty("/sys/block")) QSKIP("no /sys here");
        const auto found = devices::attached();
        QVERIFY(found);
        for (const auto& device : *found) {
            std::uint64_t sectors = 0;
            std::ifstream("/sys/class/block/" + device.name + "/size") >> sectors;
            QCOMPARE(device.size, sectors * 512);
        }
    }

    void the_makers_of_holders_are_named_data() {
        QTest::addColumn<QString>("holder");
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("content");
        QTest::addColumn<QString>("kind");
        QTest::addColumn<bool>("writable");
        QTest::newRow("LVM") << "dm-0" << "dm/uuid" << "LVM-abc" << "lvm" << true;
        QTest::newRow("multipath") << "dm-0" << "dm/uuid" << "mpath-3600508b" << "multipath" << true;
        QTest::newRow("LUKS") << "dm-0" << "dm/uuid" << "CRYPT-LUKS2-abc-name" << "crypt" << true;
        QTest::newRow("RAID") << "md127" << "md/level" << "raid1" << "md raid1" << true;
        QTest::newRow("a RAID that was assembled read-only") << "md127" << "md/array_state" << "readonly" << "" << false;
        QTest::newRow("bcache") << "bcache0" << "size" << "8" << "bcache" << true;
        QTest::newRow("unknown") << "xyz0" << "size" << "8" << "" << true;
    }
    void the_makers_of_holders_are_named() {
        QFETCH(QString, holder);
        QFETCH(QString, file);
        QFETCH(QString, content);
        QFETCH(QString, kind);
        QFETCH(bool, writable);
        const QTemporaryDir folder;
        const fs::path root = folder.path().toStdString();
        write(root / "sys/block/sda/size", "2048");
        fs::create_directories(root / "sys/block/sda/holders" / holder.toStdString());
        write(root / "sys/block" / holder.toStdString() / "ro", "0");
        write(root / "sys/block" / holder.toStdString() / file.toStdString(), content.toStdString());
        const auto found = devices::attached(root.string());
        QVERIFY(found);
        const auto disk = std::find_if(found->begin(), found->end(), [](const auto& device) { return device.name == "sda"; });
        QVERIFY(disk != found->end());
        const auto& uses = disk->uses;
        QCOMPARE(uses.size(), std::size_t{1});
        QCOMPARE(uses[0].place, holder.toStdString());
        QCOMPARE(uses[0].kind, kind.toStdString());
        QCOMPARE(uses[0].writable, writable);
    }

    void a_disk_or_a_partition_is_found_by_its_number() {
        const QTemporaryDir folder;
        const fs::path root = folder.path().toStdString();
        make_disk(root);
        write(root / "sys/block/sda/sda1/size", "100");
        write(root / "sys/block/sda/sda1/stat", "1 2 3 4 5 6 7 8");
        fs::create_directories(root / "sys/dev/block");
        fs::create_directory_symlink(root / "sys/block/sda", root / "sys/dev/block/8:0");
        fs::create_directory_symlink(root / "sys/block/sda/sda1", root / "sys/dev/block/8:1");
        const auto disk = devices::device_of(makedev(8, 0), root.string());
        QVERIFY(disk && disk->path == "/dev/sda" && disk->size == 2048 * 512 && disk->partitions.size() == 3);
        const auto part = devices::device_of(makedev(8, 1), root.string());
        QVERIFY(part);
        QCOMPARE(part->path, std::string("/dev/sda1"));
        QCOMPARE(part->size, std::uint64_t{100 * 512});
        QCOMPARE(part->sectors_written, std::uint64_t{7});
        QCOMPARE(part->serial, std::string("4C530001"));
        QCOMPARE(part->uses.size(), std::size_t{1});
        QVERIFY(!devices::device_of(makedev(8, 9), root.string()));
    }

    void the_state_of_the_examination_rule_data() {
        QTest::addColumn<QStringList>("files");  // name, or name=content
        QTest::addColumn<QString>("state");
        QTest::addColumn<QString>("reason");
        const QString rule = QStringLiteral("etc/udev/rules.d/61-deadbox-examination.rules"), disks = QStringLiteral("etc/udev/rules.d/61-deadbox-disks.rules"), udev = QStringLiteral("run/udev/control=");
        QTest::newRow("nothing") << QStringList{udev} << "not_installed" << "not installed";
        QTest::newRow("installed") << QStringList{rule + "=x", disks + "=x", udev} << "active" << rule;
        QTest::newRow("no list of own disks") << QStringList{rule + "=x", udev} << "no_disk_list" << "own disks";
        QTest::newRow("switched off") << QStringList{rule + "=", "usr/lib/udev/rules.d/61-deadbox-examination.rules=x", disks + "=x", udev} << "switched_off" << "switches it off";
        QTest::newRow("by a package") << QStringList{"usr/lib/udev/rules.d/61-deadbox-examination.rules=x", disks + "=x", udev} << "active" << "/usr/lib";
        QTest::newRow("no udev") << QStringList{rule + "=x", disks + "=x"} << "no_udev" << "udev does not run";
    }
    void the_state_of_the_examination_rule() {
        QFETCH(QStringList, files);
        QFETCH(QString, state);
        QFETCH(QString, reason);
        const QTemporaryDir folder;
        const fs::path root = folder.path().toStdString();
        for (const auto& file : files) {
            const auto path = root / file.section('=', 0, 0).toStdString();
            fs::create_directories(path.parent_path());
            std::ofstream(path) << file.section('=', 1).toStdString();
        }
        const auto found = devices::examination_rule(root.string());
        QCOMPARE(QByteArray::fromStdString(std::string(devices::id_of(found.state))), state.toUtf8());
        QCOMPARE(found.is_active(), state == "active");
        QCOMPARE(found.file.empty(), state == "not_installed");
        QVERIFY2(QByteArray::fromStdString(found.reason).contains(reason.toUtf8()), found.reason.c_str());
    }

    void no_sys_is_an_error() {
        const QTemporaryDir folder;
        QVERIFY(!devices::attached(folder.path().toStdString()));
    }
};

DEADBOX_TEST(AttachedTest)
#include "attached_test.moc"
