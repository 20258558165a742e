#include "codec/lz4_block.hpp"

#include "support/test_main.hpp"

using namespace deadbox;

class Lz4BlockTest : public QObject {
    Q_OBJECT
private slots:
    void blocks_data() {
        QTest::addColumn<QByteArray>("block");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("error");  // -1: none
        const auto none = -1;
        QTest::newRow("nothing") << QByteArray("\x00", 1) << QByteArray() << none;
        QTest::newRow("literals") << QByteArray("\x30" "abc", 4) << QByteArray("abc") << none;
        QTest::newRow("a match that overlaps itself") << QByteArray("\x14" "a\x01\x00\x20" "zz", 7) << QByteArray("aaaaaaaaazz") << none;
        QTest::newRow("a long match") << QByteArray("\x2f" "ab\x02\x00\x03\x00", 7) << "ab" + QByteArray("ab").repeated(11) << none;
        QTest::newRow("many literals") << QByteArray("\xf0\x01", 2) + QByteArray(16, 'x') << QByteArray(16, 'x') << none;
        QTest::newRow("cut in the literals") << QByteArray("\x50" "abc", 4) << QByteArray() << int(base::Errc::truncated);
        QTest::newRow("cut in a match") << QByteArray("\x14" "a\x01", 3) << QByteArray() << int(base::Errc::truncated);
        QTest::newRow("before the beginning") << QByteArray("\x14" "a\x09\x00", 4) << QByteArray() << int(base::Errc::corrupt);
        QTest::newRow("offset zero") << QByteArray("\x14" "a\x00\x00", 4) << QByteArray() << int(base::Errc::corrupt);
        QTest::newRow("more than is wanted") << QByteArray("\x1f" "a\x01\x00", 4) + QByteArray(40, '\xff') + QByteArray("\x00", 1) << QByteArray() << int(base::Errc::limit);
    }
    void blocks() {
        QFETCH(QByteArray, block);
        QFETCH(QByteArray, text);
        QFETCH(int, error);
        const auto out = codec::decompress_lz4_block(base::as_bytes({block.constData(), static_cast<std::size_t>(block.size())}), 4096);
        QCOMPARE(out ? -1 : int(out.error().code), error);
        if (out) QCOMPARE(QByteArray(reinterpret_cast<const char*>(out->data()), static_cast<qsizetype>(out->size())), text);
    }
};
DEADBOX_TEST(Lz4BlockTest)
#include "lz4_block_test.moc"
