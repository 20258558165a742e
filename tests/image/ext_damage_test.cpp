// Damaged images: no crash, no hang, and what the damage did not touch is read right. DEADBOX_DAMAGE_VARIANTS sets how many
// variants of each image are tried (30); 350 make 2,100 in all.
#include <map>
#include <set>
#include <sstream>

#include "base/descriptor.hpp"
#include "ext_damage.hpp"
#include "ext_fixture.hpp"
#include "manifest.hpp"
#include "support/test_main.hpp"

using namespace deadbox;

namespace {

struct Name {
    std::uint64_t folder = 0, inode = 0;
    std::string name;
    bool operator<(const Name& other) const { return std::tie(folder, inode, name) < std::tie(other.folder, other.inode, other.name); }
};

// What the sound image holds: each name with the folders above it, and each inode's line.
struct Truth {
    std::vector<Name> names;
    std::map<std::uint64_t, std::uint64_t> parent;  // of folders
    std::map<std::uint64_t, std::string> lines;
};

std::string line_of(const image::FileSystem& filesystem, std::uint64_t number) {
    image::Inode inode;
    const auto read = filesystem.inode({number, 0}, inode);
    return read ? test::manifest_line(filesystem, inode, "", test::Digests::compute) : read.error().what;
}

Truth learn(const image::FileSystem& filesystem) {
    Truth truth;
    std::vector<std::uint64_t> folders{2};
    truth.parent[2] = 0;
    while (!folders.empty()) {
        const auto folder = folders.back();
        folders.pop_back();
        (void)filesystem.entries({folder, 0}, [&](const image::Entry& entry) {
            if (!entry.allocated) return base::Next::go_on;
            truth.names.push_back({folder, entry.inode, std::string(entry.name)});
            image::Inode inode;
            if (filesystem.inode({entry.inode, 0}, inode) && inode.type == image::FileType::directory && truth.parent.emplace(entry.inode, folder).second)
                folders.push_back(entry.inode);
            return base::Next::go_on;
        });
    }
    for (const auto& name : truth.names) truth.lines.try_emplace(name.inode, line_of(filesystem, name.inode));
    return truth;
}

}  // namespace

class ExtDamageTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { QVERIFY(test::make_tree(m_fixture)); }

    void untouched_files_are_right_data() {
        QTest::addColumn<QString>("size");
        QTest::addColumn<QString>("options");
        QTest::newRow("ext4") << "12M" << "-t ext4 -b 4096 -N 1024 -J size=4";
        QTest::newRow("ext4 1 KiB") << "12M" << "-t ext4 -b 1024 -N 1024 -g 4096";
        QTest::newRow("ext3") << "12M" << "-t ext3 -b 1024 -N 1024 -I 128";
        QTest::newRow("ext2") << "8M" << "-t ext2 -b 1024 -N 1024 -g 2048";
        QTest::newRow("inline_data, ea_inode") << "12M" << "-t ext4 -b 4096 -N 1024 -O inline_data,ea_inode,^has_journal -I 512";
        QTest::newRow("no checksums, meta_bg") << "12M" << "-t ext4 -b 1024 -N 1024 -O ^metadata_csum,^has_journal,meta_bg,^resize_inode -g 2048";
    }

    void untouched_files_are_right() {
        QFETCH(QString, size);
        QFETCH(QString, options);
        QVERIFY(test::make_ext_image(m_fixture, "image", size, options));
        const QByteArray bytes = m_fixture.read("image");
        const auto view = base::as_bytes({bytes.constData(), static_cast<std::size_t>(bytes.size())});
        const auto image = std::make_shared<const std::vector<std::byte>>(view.begin(), view.end());
        const auto places = test::ext_places(m_fixture.std_path("image"));
        QVERIFY(places.inodes.size() > 500 && places.metadata.at("folder").size() >= 5);
        const auto sound = test::open_ext(bytes);
        QVERIFY(sound.filesystem);
        const Truth truth = learn(*sound.filesystem);
        QVERIFY(truth.names.size() > 500);

        const int variants = qEnvironmentVariableIntValue("DEADBOX_DAMAGE_VARIANTS") > 0 ? qEnvironmentVariableIntValue("DEADBOX_DAMAGE_VARIANTS") : 30;
        quint64 compared = 0;
        int opened_variants = 0;
        for (int variant = 0; variant < variants; ++variant) {
            const auto damage = test::make_damage(*image, places, static_cast<std::uint32_t>(variant + 1));
            const auto opened = test::open_ext(std::make_shared<test::PatchedSource>(image, damage.patches, damage.size));
            const bool head_touched = any(damage, places.metadata.at("superblock")) || any(damage, places.metadata.at("descriptors"));
            if (!opened.filesystem) {
                QVERIFY2(head_touched, damage.description.c_str());
                continue;
            }
            ++opened_variants;
            std::ostringstream walked;
            test::write_manifest(*opened.filesystem, walked, test::Digests::leave_out, test::Removed::list);
            (void)opened.filesystem->deleted_inodes([](image::InodeId) { return base::Next::go_on; });
            for (std::uint64_t number = 1; number <= 1024; ++number) touch_content(*opened.filesystem, number);
            if (head_touched) continue;
            compared += compare(*opened.filesystem, truth, places, damage);
        }
        QVERIFY(opened_variants > variants * 8 / 10);
        QVERIFY(compared > quint64(variants) * 100);
        qInfo("%d of %d variants opened, %llu names compared", opened_variants, variants, static_cast<unsigned long long>(compared));
    }

private:
    static bool any(const test::Damage& damage, const std::vector<test::Place>& places) {
        return std::any_of(places.begin(), places.end(), [&](const auto& place) { return damage.touches(place); });
    }

    // Some of the content and of its map: damaged sizes reach exabytes.
    static void touch_content(const image::FileSystem& filesystem, std::uint64_t number) {
        const auto content = filesystem.content({number, 0});
        if (!content) return;
        std::vector<std::byte> buffer(65536);
        std::uint64_t at = 0;
        for (int i = 0; i < 64 && at < (*content)->size(); ++i) {
            const auto extent = (*content)->extent_at(at);
            if (!extent) break;
            (void)(*content)->read_at(at, buffer);
            at = extent->logical + extent->length;
        }
        if ((*content)->size() > 0) (void)(*content)->read_at((*content)->size() - 1, buffer);
    }

    quint64 compare(const image::FileSystem& filesystem, const Truth& truth, const test::ExtPlaces& places, const test::Damage& damage) {
        const bool folders_cut = damage.size < 4096;
        std::map<std::uint64_t, bool> touched, reachable;
        const auto is_touched = [&](std::uint64_t number) {
            const auto [found, fresh] = touched.try_emplace(number, false);
            if (fresh) found->second = folders_cut || any(damage, places.inodes.at(number));
            return found->second;
        };
        std::set<Name> listed;
        std::set<std::uint64_t> visited;
        quint64 compared = 0;
        std::map<std::uint64_t, bool> right;
        for (const auto& name : truth.names) {
            bool clear = !is_touched(name.inode);
            for (auto folder = name.folder; clear && folder != 0; folder = truth.parent.at(folder)) clear = !is_touched(folder);
            if (!clear) continue;
            if (visited.insert(name.folder).second)
                (void)filesystem.entries({name.folder, 0}, [&](const image::Entry& entry) {
                    if (entry.allocated) listed.insert({name.folder, entry.inode, std::string(entry.name)});
                    return base::Next::go_on;
                });
            if (!listed.contains(name)) return QTest::qFail(("not listed: " + name.name + " after " + damage.description).c_str(), __FILE__, __LINE__), compared;
            const auto [found, fresh] = right.try_emplace(name.inode, true);
            if (fresh) {
                const auto line = line_of(filesystem, name.inode);
                if (line != truth.lines.at(name.inode))
                    return QTest::qFail(("not right: " + line + "\nexpected " + truth.lines.at(name.inode) + "\nafter " + damage.description).c_str(), __FILE__, __LINE__), compared;
            }
            ++compared;
        }
        return compared;
    }

    test::ImageFixture m_fixture;
};
DEADBOX_TEST(ExtDamageTest)
#include "ext_damage_test.moc"
