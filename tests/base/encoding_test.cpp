#include "base/encoding.hpp"

#include "support/test_main.hpp"

using namespace deadbox;

class EncodingTest : public QObject {
    Q_OBJECT
private slots:
    void utf8_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("ascii") << QByteArray("abc") << QByteArray("abc");
        QTest::newRow("emoji") << QByteArray("\xf0\x9f\x98\x80") << QByteArray("\xf0\x9f\x98\x80");
        QTest::newRow("stray") << QByteArray("a\xff\xfe" "b") << QByteArray("a\xef\xbf\xbd\xef\xbf\xbd" "b");
        QTest::newRow("overlong slash") << QByteArray("\xc0\xaf") << QByteArray("\xef\xbf\xbd\xef\xbf\xbd");
        QTest::newRow("surrogate") << QByteArray("\xed\xa0\x80") << QByteArray("\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
        QTest::newRow("cut sequence is one") << QByteArray("\xf0\x9f\x98") << QByteArray("\xef\xbf\xbd");
    }
    void utf8() {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, text);
        QCOMPARE(QByteArray::fromStdString(base::to_utf8(bytes.toStdString())), text);
        QCOMPARE(base::is_utf8(bytes.toStdString()), bytes == text);
    }
    void hexadecimal() {
        QCOMPARE(base::to_hex(std::string_view("\x00\xff", 2)), std::string("00ff"));
        QCOMPARE(base::from_hex("00fF").value(), std::string("\x00\xff", 2));
        QVERIFY(!base::from_hex("0"));
        QVERIFY(!base::from_hex("0g"));
    }
};
DEADBOX_TEST(EncodingTest)
#include "encoding_test.moc"
