// Blocks of folders, sound and damaged, record by record.
#include "image/ext/directory.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using image::ext::DirectoryRules;

namespace {

struct Record {
    std::uint32_t inode;
    std::string name;
    std::uint16_t length = 0;  // 0: what the name needs
    std::uint8_t type = 1;
};

// Records one after the other, the last one up to the block's end.
std::vector<std::byte> block_of(const std::vector<Record>& records, std::size_t size = 1024) {
    std::vector<std::byte> out(size);
    std::size_t at = 0;
    for (std::size_t i = 0; i < records.size(); ++i) {
        const auto& r = records[i];
        std::size_t length = r.length != 0 ? r.length : (8 + r.name.size() + 3) / 4 * 4;
        if (i + 1 == records.size()) length = size - at;
        for (int b = 0; b < 4; ++b) out[at + b] = std::byte(r.inode >> 8 * b & 0xff);
        out[at + 4] = std::byte(length & 0xff), out[at + 5] = std::byte(length >> 8);
        out[at + 6] = std::byte(r.name.size()), out[at + 7] = std::byte(r.type);
        std::memcpy(out.data() + at + 8, r.name.data(), r.name.size());
        at += length;
    }
    return out;
}

void put(std::vector<std::byte>& block, std::size_t at, std::initializer_list<int> bytes) {
    for (const int byte : bytes) block[at++] = std::byte(byte);
}

DirectoryRules rules() { return {.highest_inode = 1000}; }

struct Found {
    QStringList live, removed;
    image::ext::DirectoryDamage damage;
};

Found decode(const std::vector<std::byte>& block, const DirectoryRules& r) {
    Found found;
    found.damage = image::ext::decode_directory_block(block, r, [&](const image::Entry& entry) {
        (entry.allocated ? found.live : found.removed) << QString("%1:%2").arg(QString::fromLatin1(entry.name.data(), static_cast<qsizetype>(entry.name.size()))).arg(entry.inode);
        return base::Next::go_on;
    });
    return found;
}

}  // namespace

class ExtDirectoryTest : public QObject {
    Q_OBJECT
private slots:
    void sound() {
        const auto found = decode(block_of({{2, ".", 0, 2}, {2, "..", 0, 2}, {11, "a"}, {12, "longer name"}, {13, std::string(255, 'n')}}), rules());
        QCOMPARE(found.live, QStringList({"a:11", "longer name:12", QString(255, 'n') + ":13"}));
        QVERIFY(found.removed.isEmpty());
        QCOMPARE(found.damage.records, 0u);
    }

    void stops() {
        int names = 0;
        image::ext::decode_directory_block(block_of({{11, "a"}, {12, "b"}, {13, "c"}}), rules(), [&](const image::Entry&) { return ++names == 2 ? base::Next::stop : base::Next::go_on; });
        QCOMPARE(names, 2);
    }

    // A removed name lies in the slack of the one before it.
    void removed() {
        auto block = block_of({{11, "kept"}, {12, "removed one"}, {13, "removed two"}, {14, "last"}});
        put(block, 4, {12 + 20 + 20, 0});
        const auto found = decode(block, rules());
        QCOMPARE(found.live, QStringList({"kept:11", "last:14"}));
        QCOMPARE(found.removed, QStringList({"removed one:12", "removed two:13"}));
        QCOMPARE(found.damage.records, 0u);
    }

    // The first record of a block is emptied in place: what follows it in its length is still there.
    void emptied_block() {
        auto block = block_of({{11, "first"}, {12, "second"}, {13, "third"}});
        put(block, 0, {0, 0, 0, 0, 0x00, 0x04});
        const auto found = decode(block, rules());
        QVERIFY(found.live.isEmpty());
        QCOMPARE(found.removed, QStringList({"second:12", "third:13"}));
    }

    void slack_is_checked_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("inode too high") << QByteArray("\xff\xff\0\0\x0c\0\x03\x01" "abc\0", 12);
        QTest::newRow("slash") << QByteArray("\x0c\0\0\0\x0c\0\x03\x01" "a/c\0", 12);
        QTest::newRow("zero byte") << QByteArray("\x0c\0\0\0\x0c\0\x03\x01" "a\0c\0", 12);
        QTest::newRow("no such type") << QByteArray("\x0c\0\0\0\x0c\0\x03\x09" "abc\0", 12);
        QTest::newRow("no type") << QByteArray("\x0c\0\0\0\x0c\0\x03\0" "abc\0", 12);
        QTest::newRow("too short") << QByteArray("\x0c\0\0\0\x08\0\x03\x01" "abc\0", 12);
        QTest::newRow("no inode") << QByteArray("\0\0\0\0\x0c\0\x03\x01" "abc\0", 12);
        QTest::newRow("dot dot") << QByteArray("\x0c\0\0\0\x0c\0\x02\x02" "..\0\0", 12);
    }
    void slack_is_checked() {
        QFETCH(QByteArray, bytes);
        auto block = block_of({{11, "only"}});
        std::memcpy(block.data() + 12, bytes.constData(), static_cast<std::size_t>(bytes.size()));
        const auto found = decode(block, rules());
        QCOMPARE(found.live, QStringList({"only:11"}));
        QVERIFY2(found.removed.isEmpty(), qPrintable(found.removed.join(' ')));
    }

    // One record length is wrong: all names but at most that one are found.
    void damaged_length_data() {
        QTest::addColumn<int>("length");
        for (const int length : {0, 1, 4, 8, 14, 500, 1020, 1024, 1028, 65535, 40, 24}) QTest::newRow(qPrintable(QString::number(length))) << length;
    }
    void damaged_length() {
        QFETCH(int, length);
        std::vector<Record> records;
        QStringList expected;
        for (int i = 0; i < 40; ++i) {
            records.push_back({static_cast<std::uint32_t>(20 + i), "file_" + std::to_string(100 + i)});
            expected << QString("file_%1:%2").arg(100 + i).arg(20 + i);
        }
        auto block = block_of(records);
        put(block, 20 * 10 - 40 + 4, {length & 0xff, length >> 8});  // the record at 160
        const auto found = decode(block, rules());
        // A length that leads to another record hides those between: they are found as removed ones.
        QStringList all = found.live + found.removed;
        for (const auto& name : expected) QVERIFY2(all.contains(name), qPrintable(name + " of " + all.join(' ')));
        if (length % 4 != 0 || length < 12 || length > 860) QVERIFY(found.damage.records == 1 && found.live.size() == 40);
    }

    void damaged_twice() {
        std::vector<Record> records;
        for (int i = 0; i < 40; ++i) records.push_back({static_cast<std::uint32_t>(20 + i), "file_" + std::to_string(100 + i)});
        auto block = block_of(records);
        put(block, 8 * 16 + 4, {1, 0});
        put(block, 30 * 16 + 4, {3, 0});
        const auto found = decode(block, rules());
        QVERIFY2(found.live.size() >= 38, qPrintable(found.live.join(' ')));
        QVERIFY(found.damage.records >= 2);
    }

    void damaged_name_length() {
        auto block = block_of({{11, "aaaa"}, {12, "bbbb"}, {13, "cccc"}});
        put(block, 12 + 6, {200});
        const auto found = decode(block, rules());
        QCOMPARE(found.live, QStringList({"aaaa:11", "bbbb:12", "cccc:13"}));
        QCOMPARE(found.damage.records, 1u);
    }

    void inode_too_high() {
        auto block = block_of({{11, "aaaa"}, {5000, "bbbb"}, {13, "cccc"}});
        const auto found = decode(block, rules());
        QCOMPARE(found.live, QStringList({"aaaa:11", "cccc:13"}));
        QCOMPARE(found.damage.records, 1u);
    }

    void impossible_name() {
        const auto found = decode(block_of({{11, "../etc"}, {12, std::string("a\0b", 3)}}), rules());
        QCOMPARE(found.live, QStringList({".._etc:11", "a_b:12"}));
        QCOMPARE(found.damage.names, 2u);
    }

    // Encrypted names are any bytes.
    void ciphertext() {
        auto r = rules();
        r.ciphertext = true;
        const auto found = decode(block_of({{11, std::string("\x01/\0\xff", 4)}}), r);
        QCOMPARE(found.live, QStringList({QString::fromLatin1("\x01/\0\xff", 4) + ":11"}));
        QCOMPARE(found.damage.names, 0u);
    }

    // Hashes of an index are no removed names, stale names behind them are.
    void index() {
        auto r = rules();
        r.indexed = r.first_block = true;
        auto block = block_of({{2, ".", 12, 2}, {2, "..", 0, 2}});
        put(block, 24, {0, 0, 0, 0, 1, 8, 0, 0, /* limit, count */ 124, 0, 2, 0, 1, 0, 0, 0, 12, 0, 0, 0, 12, 0, 1, 1});
        put(block, 600, {12, 0, 0, 0, 12, 0, 3, 1, 'o', 'l', 'd', 0});
        QCOMPARE(decode(block, r).removed, QStringList({"old:12"}));

        r.first_block = false;
        auto inner = block_of({{0, ""}});
        put(inner, 8, {127, 0, 2, 0, 1, 0, 0, 0, 12, 0, 0, 0, 12, 0, 1, 1, 'x'});
        const auto found = decode(inner, r);
        QVERIFY(found.removed.isEmpty() && found.live.isEmpty());
    }

    void large_blocks() {
        auto r = rules();
        r.large_records = true;
        auto block = block_of({{11, "a"}, {12, "b"}}, 65536);
        const std::size_t rest = 65536 - 12;
        put(block, 16, {static_cast<int>((rest & 0xfffc) | rest >> 16) & 0xff, static_cast<int>(rest >> 8 & 0xff)});
        QCOMPARE(decode(block, r).live, QStringList({"a:11", "b:12"}));
    }

    // No bytes at all, and all bytes: neither crash nor endless.
    void any_bytes() {
        std::uint32_t state = 1;
        for (int round = 0; round < 300; ++round) {
            std::vector<std::byte> block(round % 7 == 0 ? round % 40 : 1024);
            for (auto& byte : block) state = state * 1664525 + 1013904223, byte = std::byte((state >> 24) & (round % 2 == 0 ? 0xff : 0x0f));
            auto r = rules();
            r.indexed = round % 3 == 0, r.first_block = round % 5 == 0, r.types = round % 4 != 0, r.hashes = r.ciphertext = round % 11 == 0;
            decode(block, r);
        }
    }
};
DEADBOX_TEST(ExtDirectoryTest)
#include "ext_directory_test.moc"
