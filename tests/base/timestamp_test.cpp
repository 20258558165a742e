#include "base/timestamp.hpp"

#include "support/test_main.hpp"

using namespace deadbox::base;

class TimestampTest : public QObject {
    Q_OBJECT
private slots:
    void both_ways_data() {
        QTest::addColumn<qint64>("seconds");
        QTest::addColumn<QString>("text");
        QTest::newRow("epoch") << qint64{0} << "1970-01-01T00:00:00.000000000Z";
        QTest::newRow("1905") << qint64{-2051222400} << "1905-01-01T00:00:00.000000000Z";
        QTest::newRow("leap day") << qint64{1709210096} << "2024-02-29T12:34:56.000000000Z";
        QTest::newRow("2400") << qint64{13569465600} << "2400-01-01T00:00:00.000000000Z";
    }
    void both_ways() {
        QFETCH(qint64, seconds);
        QFETCH(QString, text);
        QCOMPARE(QString::fromStdString(to_rfc3339({seconds, 0})), text);
        QCOMPARE(from_rfc3339(text.toStdString())->seconds, seconds);
    }
    void offsets() {
        QCOMPARE(from_rfc3339("2026-03-02T04:11:07.5+02:00")->seconds, from_rfc3339("2026-03-02T02:11:07Z")->seconds);
        QCOMPARE(from_rfc3339("2026-03-02T04:11:07.5+02:00")->nanoseconds, 500'000'000u);
        QVERIFY(!from_rfc3339("2026-02-30T00:00:00Z"));
        QVERIFY(!from_rfc3339("2026-02-20T00:00:00"));
        QVERIFY(from_rfc3339("2026-02-20"));
    }
};
DEADBOX_TEST(TimestampTest)
#include "timestamp_test.moc"
