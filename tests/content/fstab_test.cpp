#include "content/fstab.hpp"
#include "support/test_main.hpp"

using namespace deadbox;

class FstabTest : public QObject {
    Q_OBJECT
private slots:
    void entries() {
        const auto found = content::parse_fstab(
            "# <file system> <mount point>\nUUID=abcd-1 / ext4 errors=remount-ro 0 1\n\n  LABEL=\"data\"\t/srv/my\\040data/ xfs\tdefaults\n"
            "/dev/disk/by-uuid/77 /boot ext2\nUUID=5 none swap sw 0 0\nalone\n//host/share /mnt cifs credentials=/root/x");
        QCOMPARE(found.size(), std::size_t{5});
        QCOMPARE(found[0].mount_point, std::string("/"));
        QCOMPARE(found[0].tag("UUID"), std::string("abcd-1"));
        QCOMPARE(found[0].tag("LABEL"), std::string());
        QCOMPARE(found[0].line, std::size_t{2});
        QCOMPARE(found[1].mount_point, std::string("/srv/my data"));
        QCOMPARE(found[1].tag("LABEL"), std::string("data"));
        QCOMPARE(found[1].options, std::string("defaults"));
        QCOMPARE(found[2].tag("UUID"), std::string("77"));
        QCOMPARE(found[2].options, std::string());
        QCOMPARE(found[3].type, std::string("swap"));
        QCOMPARE(found[4].device, std::string("//host/share"));
    }
    void hostile() {
        std::string text;
        for (int i = 0; i < 10'000; ++i) text += "a b\\04\n";
        QCOMPARE(content::parse_fstab(text).size(), std::size_t{4096});
        QVERIFY(content::parse_fstab(std::string_view("\0\0\n\\", 4)).empty());
    }
};
DEADBOX_TEST(FstabTest)
#include "fstab_test.moc"
