#include "image/salvage.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/descriptor.hpp"
#include "image/image_fixture.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using base::Errc;
using test::RecordingDamage;

namespace {

constexpr std::size_t k_page = 4096;

// A disk with bad sectors that needs no root and no device: the test's own memory, read through /proc/self/mem. Pages that
// are not mapped make pread(2) fail with EIO, in the middle of a read after a short one, as a disk does.
class BadDisk {
public:
    explicit BadDisk(std::size_t pages, const std::vector<std::size_t>& bad) : m_size(pages * k_page) {
        m_memory = static_cast<std::byte*>(::mmap(nullptr, m_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
        for (std::size_t i = 0; i < m_size; ++i) m_memory[i] = static_cast<std::byte>(1 + i % 251);
        for (const auto page : bad) ::munmap(m_memory + page * k_page, k_page);
    }
    ~BadDisk() { ::munmap(m_memory, m_size); }
    BadDisk(const BadDisk&) = delete;

    std::shared_ptr<const base::ByteSource> source() const {
        auto memory = std::make_shared<base::FileSource>(base::Descriptor(::open("/proc/self/mem", O_RDONLY | O_CLOEXEC)), UINT64_MAX / 2);
        return std::make_shared<base::SliceSource>(std::move(memory), reinterpret_cast<std::uint64_t>(m_memory), m_size);
    }
    static std::byte at(std::size_t offset) { return static_cast<std::byte>(1 + offset % 251); }

private:
    std::byte* m_memory;
    std::size_t m_size;
};

// Fails wherever it is told to, and counts how often it is asked.
class CountingSource final : public base::ByteSource {
public:
    CountingSource(std::uint64_t size, Errc code) : m_size(size), m_code(code) {}
    std::uint64_t size() const override { return m_size; }
    base::Result<std::size_t> read_at(std::uint64_t offset, base::Bytes) const override {
        ++asked;
        return base::fail(m_code, "no", offset);
    }
    base::Result<base::Extent> extent_at(std::uint64_t offset) const override { return base::fail(Errc::not_found, "none", offset); }
    mutable int asked = 0;

private:
    std::uint64_t m_size;
    Errc m_code;
};

}  // namespace

class SalvageTest : public QObject {
    Q_OBJECT

private slots:
    void what_cannot_be_read_counts_as_zeros_and_is_listed_data() {
        QTest::addColumn<QList<int>>("bad");
        QTest::addColumn<QString>("ranges");
        QTest::newRow("none") << QList<int>{} << "";
        QTest::newRow("the first sector") << QList<int>{0} << "0+4096";
        QTest::newRow("in the middle") << QList<int>{5} << "20480+4096";
        QTest::newRow("neighbours are one") << QList<int>{5, 6, 7} << "20480+12288";
        QTest::newRow("two places") << QList<int>{3, 30} << "12288+4096 122880+4096";
        QTest::newRow("the last sector") << QList<int>{63} << "258048+4096";
    }
    void what_cannot_be_read_counts_as_zeros_and_is_listed() {
        QFETCH(QList<int>, bad);
        QFETCH(QString, ranges);
        const BadDisk disk(64, {bad.begin(), bad.end()});
        QVERIFY(bad.isEmpty() || !base::read_bytes(*disk.source(), 0, 64 * k_page));  // the disk does fail
        RecordingDamage damage;
        const image::SalvageSource source(disk.source(), {}, damage);
        const auto bytes = base::read_bytes(source, 0, 64 * k_page);
        QVERIFY(bytes);
        for (std::size_t i = 0; i < bytes->size(); ++i) {
            const bool lost = bad.contains(static_cast<int>(i / k_page));
            if ((*bytes)[i] != (lost ? std::byte{0} : BadDisk::at(i))) QFAIL(qPrintable(QStringLiteral("byte %1").arg(i)));
        }
        QStringList found;
        for (const auto& range : source.lost().all()) found << QStringLiteral("%1+%2").arg(range.start).arg(range.length);
        QCOMPARE(found.join(' '), ranges);
        QCOMPARE(source.zeros(), std::uint64_t(bad.size()) * k_page);
        QCOMPARE(damage.gaps.size(), static_cast<std::size_t>(found.size()));
    }

    void a_read_inside_a_bad_range_and_across_its_edges() {
        const BadDisk disk(8, {3});
        RecordingDamage damage;
        const image::SalvageSource source(disk.source(), {}, damage);
        const auto bytes = base::read_bytes(source, 3 * k_page - 10, 20);
        QVERIFY(bytes);
        QCOMPARE((*bytes)[9], BadDisk::at(3 * k_page - 1));
        QCOMPARE((*bytes)[10], std::byte{0});
        QVERIFY(base::read_bytes(source, 3 * k_page + 100, 50));
        QCOMPARE(source.zeros(), std::uint64_t{60});
        const auto past = base::read_bytes(source, 4 * k_page - 1, 2);
        QVERIFY(past && (*past)[1] == BadDisk::at(4 * k_page));
    }

    void a_range_is_reported_once_a_piece_of_work() {
        const BadDisk disk(8, {3});
        RecordingDamage damage;
        const image::SalvageSource source(disk.source(), {}, damage);
        for (int i = 0; i < 3; ++i) QVERIFY(base::read_bytes(source, 0, 8 * k_page));
        QCOMPARE(damage.gaps.size(), std::size_t{1});
        source.forget_reports();
        QVERIFY(base::read_bytes(source, 0, 8 * k_page));
        QCOMPARE(damage.gaps.size(), std::size_t{2});
    }

    void what_the_acquisition_could_not_read_counts_too() {
        const BadDisk disk(8, {});
        RecordingDamage damage;
        const image::SalvageSource source(disk.source(), {{2 * k_page, 512}}, damage);
        QVERIFY(base::read_bytes(source, 0, k_page));
        QCOMPARE(source.zeros(), std::uint64_t{0});
        QVERIFY(base::read_bytes(source, 0, 8 * k_page));
        QCOMPARE(source.zeros(), std::uint64_t{512});
        QVERIFY(damage.has(base::Gap::Level::gap, "acquisition could not read"));
        QVERIFY(source.lost().empty());
    }

    void a_dead_disk_ends() {
        const auto dead = std::make_shared<CountingSource>(std::uint64_t{1} << 40, Errc::io);
        RecordingDamage damage;
        const image::SalvageSource source(dead, {}, damage);
        std::vector<std::byte> block(1 << 20);
        for (std::uint64_t at = 0; at < source.size(); at += block.size()) QVERIFY(source.read_at(at, block));
        QVERIFY2(dead->asked < 200'000, qPrintable(QString::number(dead->asked)));
        const auto lost = source.lost().all();
        QCOMPARE(lost.size(), std::size_t{1});
        QCOMPARE(lost.front().length, source.size());
    }

    void other_errors_stay_errors_data() {
        QTest::addColumn<int>("code");
        QTest::newRow("a damaged container") << int(Errc::corrupt);
        QTest::newRow("a device that was removed") << int(Errc::not_found);
    }
    void other_errors_stay_errors() {
        QFETCH(int, code);
        RecordingDamage damage;
        const image::SalvageSource source(std::make_shared<CountingSource>(1 << 20, static_cast<Errc>(code)), {}, damage);
        std::vector<std::byte> block(4096);
        const auto got = source.read_at(0, block);
        QVERIFY(!got && int(got.error().code) == code);
        QVERIFY(source.lost().empty());
    }

    void ranges_that_touch_become_one() {
        image::ByteRanges ranges;
        ranges.add(100, 10), ranges.add(120, 10), ranges.add(110, 10), ranges.add(5, 1), ranges.add(50, 0), ranges.add(UINT64_MAX - 1, 100);
        const auto all = ranges.all();
        QCOMPARE(all.size(), std::size_t{3});
        QCOMPARE(all[1].start, std::uint64_t{100});
        QCOMPARE(all[1].length, std::uint64_t{30});
        QCOMPARE(ranges.end_at(115), std::uint64_t{130});
        QCOMPARE(ranges.end_at(130), std::uint64_t{130});
        QCOMPARE(ranges.next(6), std::uint64_t{100});
        QCOMPARE(ranges.next(105), std::uint64_t{105});
    }
};

DEADBOX_TEST(SalvageTest)
#include "salvage_test.moc"
