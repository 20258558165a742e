#include <QDir>

#include <map>
#include <random>

#include "base/encoding.hpp"
#include "image/filesystem.hpp"
#include "image/image_fixture.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using base::Gap;
using test::RecordingDamage;

namespace {

struct Opened {
    std::shared_ptr<RecordingDamage> damage = std::make_shared<RecordingDamage>();
    std::shared_ptr<const base::ByteSource> volume;
    std::unique_ptr<image::FileSystem> fs;
};

Opened open_filesystem(const test::ImageFixture& fixture, const QString& name, std::uint64_t start = 0) {
    Opened opened;
    RecordingDamage container_damage;
    auto container = test::open_image(fixture, name, container_damage);
    if (!container) return opened;
    const std::shared_ptr<const base::ByteSource> media = std::move(container->media);
    opened.volume = std::make_shared<base::SliceSource>(media, start, media->size());
    for (const auto* format : image::filesystem_formats()) {
        if (!format->claims(*opened.volume)) continue;
        auto fs = format->open(opened.volume, image::JournalUse::replay, opened.damage);
        if (fs) opened.fs = std::move(*fs);
        else qWarning("%s", fs.error().what.c_str());
        break;
    }
    return opened;
}

struct Found {
    image::Inode inode;
    QByteArray content;
    bool allocated = true;
    std::string error;
};

// All files by path, contents read in odd pieces; each extent must show the same bytes on the volume.
void walk(const Opened& opened, std::uint64_t directory, const std::string& path, std::map<std::string, Found>& found, std::uint64_t start, int depth = 0) {
    std::vector<std::pair<std::string, image::Entry>> entries;
    const auto listed = opened.fs->entries({directory, 0}, [&](const image::Entry& entry) {
        entries.emplace_back(entry.name, entry);
        return base::Next::go_on;
    });
    if (!listed || depth > 10 || found.size() > 5000) return;
    for (const auto& [name, entry] : entries) {
        Found file;
        file.allocated = entry.allocated;
        const auto got = opened.fs->inode({entry.inode, 0}, file.inode);
        if (!got) file.error = got.error().what;
        else if (file.inode.type == image::FileType::directory && entry.allocated) walk(opened, entry.inode, path + "/" + name, found, start, depth + 1);
        else if (file.inode.type == image::FileType::file || file.inode.type == image::FileType::symlink) {
            const auto content = opened.fs->content({entry.inode, 0});
            if (!content) file.error = content.error().what;
            else if ((*content)->size() < 50'000'000) {
                file.content = test::all_bytes(**content);
                for (std::uint64_t at = 0; at < (*content)->size();) {
                    const auto extent = (*content)->extent_at(at);
                    if (!extent || extent->length == 0) {
                        file.error = "no extent";
                        break;
                    }
                    if (extent->kind == base::Extent::Kind::data && extent->physical >= start) {
                        std::vector<std::byte> raw(std::min<std::uint64_t>(extent->length, 65536));
                        (void)opened.volume->read_at(extent->physical - start, raw);
                        if (QByteArray(reinterpret_cast<const char*>(raw.data()), static_cast<qsizetype>(raw.size())) != file.content.mid(static_cast<qsizetype>(at), static_cast<qsizetype>(raw.size())))
                            file.error = "the extent shows other bytes";
                    }
                    at = extent->logical + extent->length;
                }
            }
        }
        found[path + "/" + name] = std::move(file);
    }
}

std::map<std::string, Found> all_files(const Opened& opened, std::uint64_t start = 0) {
    std::map<std::string, Found> found;
    walk(opened, opened.fs->root(0).number, "", found, start);
    return found;
}

}  // namespace

class TskTest : public QObject {
    Q_OBJECT
    test::ImageFixture m_fixture;
    QByteArray m_small, m_big;

    void has(const std::map<std::string, Found>& files, const std::string& path, const QByteArray& content) {
        const auto found = files.find(path);
        QVERIFY2(found != files.end(), path.c_str());
        QVERIFY2(found->second.error.empty(), (path + ": " + found->second.error).c_str());
        QVERIFY2(found->second.content == content, path.c_str());
        QVERIFY(found->second.inode.modified);
    }

private slots:
    void initTestCase() {
        m_small = "a small file\n";
        m_big = m_fixture.make_bytes(700'123, 11);
        QVERIFY(m_fixture.shell("mkdir -p tree/sub/deeper"));
        m_fixture.write("tree/small.txt", m_small);
        m_fixture.write("tree/sub/big.bin", m_big);
        m_fixture.write("tree/sub/deeper/A long name with blanks.conf", m_small);
        m_fixture.write("tree/empty", {});
        m_fixture.write("tree/sub/gone.txt", m_small + "gone");
        QVERIFY(m_fixture.shell("find tree -exec touch -d 2024-05-06T07:08:10Z {} +"));
    }

    void fat_data() {
        QTest::addColumn<QString>("bits");
        QTest::addColumn<QString>("size");
        QTest::newRow("fat12") << "12" << "4M";
        QTest::newRow("fat16") << "16" << "20M";
        QTest::newRow("fat32") << "32" << "40M";
    }
    void fat() {
        QFETCH(QString, bits);
        QFETCH(QString, size);
        QVERIFY(m_fixture.shell(QString("rm -f f; truncate -s %1 f; mkfs.fat -F %2 -n LABEL -i 1234abcd f; export TZ=UTC; mcopy -i f -s -m tree/* ::; mdel -i f ::/sub/gone.txt").arg(size, bits)));
        const auto opened = open_filesystem(m_fixture, "f");
        QVERIFY(opened.fs);
        QCOMPARE(QString::fromStdString(opened.fs->name()), "fat" + bits);
        QCOMPARE(opened.fs->label(), "LABEL");
        QCOMPARE(opened.fs->uuid(), "1234-abcd");
        const auto files = all_files(opened);
        has(files, "/small.txt", m_small);
        has(files, "/sub/big.bin", m_big);
        has(files, "/sub/deeper/A long name with blanks.conf", m_small);
        has(files, "/empty", {});
        for (const auto& [path, file] : files) QVERIFY2(path.find("Label") == std::string::npos && path.find("LABEL") == std::string::npos, path.c_str());
        // FAT counts in steps of two seconds, without a zone.
        QCOMPARE(base::to_rfc3339(*files.at("/small.txt").inode.modified), "2024-05-06T07:08:10.000000000Z");
        QVERIFY(opened.damage->has(Gap::Level::assumption, "no time zone"));
        bool gone = false;
        for (const auto& [path, file] : files)
            if (path.find("one.txt") != std::string::npos) gone = !file.allocated && !file.inode.allocated && file.content == m_small + "gone";
        QVERIFY(gone);
    }

    // Once its clusters are used again, a deleted file's content is not another file's.
    void reallocated() {
        QVERIFY(m_fixture.shell("rm -f f; truncate -s 4M f; mkfs.fat -F 12 f; mcopy -i f tree/sub/big.bin ::first.bin; mdel -i f ::/first.bin; mcopy -i f tree/small.txt ::a.txt;"
                                "head -c 900000 /dev/zero | tr '\\0' x > other; mcopy -i f other ::second.bin"));
        const auto files = all_files(open_filesystem(m_fixture, "f"));
        int deleted = 0;
        for (const auto& [path, file] : files)
            if (!file.allocated) {
                ++deleted;
                QVERIFY2(file.content.isEmpty() && file.error.find("belongs to another file") != std::string::npos, (path + file.error).c_str());
            }
        QVERIFY(deleted >= 0);
    }

    void exfat() {
        QVERIFY(m_fixture.shell("rm -f x; truncate -s 16M x; mkfs.exfat -L name x"));
        const auto opened = open_filesystem(m_fixture, "x");
        QVERIFY(opened.fs);
        QCOMPARE(opened.fs->name(), "exfat");
        QVERIFY(opened.fs->entries(opened.fs->root(0), [](const image::Entry&) { return base::Next::go_on; }));
    }

    void ntfs() {
        QVERIFY(m_fixture.shell("rm -f n; truncate -s 16M n; mkfs.ntfs -F -q -L 'N\u00e4me' n; ntfscp n tree/small.txt small.txt; ntfscp n tree/sub/big.bin big.bin; ntfscp n tree/empty empty;"
                                "ntfscp -N stream n tree/small.txt big.bin"));
        const auto opened = open_filesystem(m_fixture, "n");
        QVERIFY(opened.fs);
        QCOMPARE(opened.fs->name(), "ntfs");
        QCOMPARE(opened.fs->label(), "N\u00e4me");
        QCOMPARE(opened.fs->uuid().size(), 16U);
        QVERIFY(opened.fs->clean());
        const auto files = all_files(opened);
        has(files, "/small.txt", m_small);
        has(files, "/big.bin", m_big);
        has(files, "/empty", {});
        QVERIFY(files.contains("/$MFT"));
        QVERIFY(opened.damage->has(Gap::Level::limit, "alternate data streams"));
        int deleted = 0;
        QVERIFY(opened.fs->deleted_inodes([&](image::InodeId) {
            ++deleted;
            return base::Next::go_on;
        }));
        QCOMPARE(deleted, 0);
    }

    void iso() {
        QVERIFY(m_fixture.shell("ln -sf small.txt tree/link; genisoimage -quiet -J -R -V DISC -o i tree"));
        const auto opened = open_filesystem(m_fixture, "i");
        QVERIFY(opened.fs);
        QCOMPARE(opened.fs->name(), "iso9660");
        QCOMPARE(opened.fs->label(), "DISC");
        QVERIFY(opened.fs->root(0).number > 0 && opened.fs->root(0).number <= opened.fs->highest_inode());  // 0 is no inode
        const auto files = all_files(opened);
        has(files, "/small.txt", m_small);
        has(files, "/sub/big.bin", m_big);
        has(files, "/sub/deeper/A long name with blanks.conf", m_small);
        QCOMPARE(base::to_rfc3339(*files.at("/small.txt").inode.modified), "2024-05-06T07:08:10.000000000Z");
    }

    void ufs_data() {
        QTest::addColumn<QString>("version");
        QTest::newRow("ufs1") << "1";
        // makefs puts UFS 2 where no FreeBSD does.
    }
    void ufs() {
        QFETCH(QString, version);
        if (!test::ImageFixture::has_tool("makefs")) QSKIP("makefs is not installed");
        QVERIFY(m_fixture.shell("makefs -t ffs -o version=" + version + " -s 8m u tree >/dev/null"));
        const auto opened = open_filesystem(m_fixture, "u");
        QVERIFY(opened.fs);
        QCOMPARE(QString::fromStdString(opened.fs->name()), "ufs" + version);
        const auto files = all_files(opened);
        has(files, "/small.txt", m_small);
        has(files, "/sub/big.bin", m_big);
    }

    // In a partition, places are the media's.
    void in_a_partition() {
        QVERIFY(m_fixture.shell("rm -f f; truncate -s 20M f; mkfs.fat -F 16 f; mcopy -i f -s tree/* ::; (head -c 1048576 /dev/zero; cat f) > p"));
        const auto opened = open_filesystem(m_fixture, "p", 1'048'576);
        QVERIFY(opened.fs);
        const auto files = all_files(opened, 1'048'576);
        has(files, "/sub/big.bin", m_big);
        const auto first = files.at("/sub/big.bin").inode.first_byte;
        QVERIFY(first > 1'048'576);
        QVERIFY(m_fixture.read("p").mid(static_cast<qsizetype>(first), 4096) == m_big.first(4096));
    }

    void damaged_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("area");
        for (const char* name : {"f", "n", "i", "u", "x"}) QTest::newRow(name) << name << (*name == 'n' ? 300'000 : *name == 'i' ? 100'000 : 200'000);
    }
    // Bytes of the metadata changed at random: no crash, no hang.
    void damaged() {
        QFETCH(QString, name);
        QFETCH(int, area);
        const auto fine = m_fixture.read(name);
        if (fine.isEmpty()) QSKIP("its tool is not installed");
        std::mt19937 random(17);
        for (int turn = 0; turn < 40; ++turn) {
            auto bytes = fine;
            const auto from = name == "i" ? 0x8000U : 0U;
            for (int i = 0; i < 1 + turn; ++i) bytes[static_cast<qsizetype>(from + random() % static_cast<unsigned>(area))] = static_cast<char>(random());
            if (turn % 8 == 7) bytes.truncate(static_cast<qsizetype>(random() % static_cast<unsigned>(bytes.size())));
            m_fixture.write("d", bytes);
            RecordingDamage damage;
            if (!test::open_image(m_fixture, "d", damage)) continue;
            const auto opened = open_filesystem(m_fixture, "d");
            if (!opened.fs) continue;
            (void)all_files(opened);
            int count = 0;
            (void)opened.fs->deleted_inodes([&](image::InodeId) { return ++count < 1000 ? base::Next::go_on : base::Next::stop; });
        }
    }
};
DEADBOX_TEST(TskTest)
#include "tsk_test.moc"
