#include "report/visible.hpp"

#include "report/json_writer.hpp"
#include "report/redaction.hpp"
#include "report/reproduce.hpp"
#include "report/texts.hpp"
#include "support/test_main.hpp"

using namespace deadbox;

class VisibleTest : public QObject {
    Q_OBJECT
private slots:
    void shown_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("shown");
        QTest::addColumn<QByteArray>("json");
        QTest::newRow("plain") << QByteArray("a b<c>") << QByteArray("a b<c>") << QByteArray("\"a b<c>\"");
        QTest::newRow("umlaut") << QByteArray("\xc3\xa4") << QByteArray("\xc3\xa4") << QByteArray("\"\xc3\xa4\"");
        QTest::newRow("terminal escape") << QByteArray("\x1b[2Jx") << QByteArray("\\x1b[2Jx") << QByteArray("\"\\u001b[2Jx\"");
        QTest::newRow("c1 control") << QByteArray("\xc2\x9b" "1m") << QByteArray("\\u009b1m") << QByteArray("\"\\u009b1m\"");
        QTest::newRow("right to left") << QByteArray("a\xe2\x80\xaegpj.exe") << QByteArray("a\\u202egpj.exe") << QByteArray("\"a\\u202egpj.exe\"");
        QTest::newRow("line break") << QByteArray("a\nb") << QByteArray("a\\nb") << QByteArray("\"a\\nb\"");
        QTest::newRow("not text") << QByteArray("a\xff\xfe/b") << QByteArray("a\\xff\\xfe/b") << QByteArray("\"a\xef\xbf\xbd\xef\xbf\xbd/b\"");
        QTest::newRow("cut") << QByteArray("\xe2\x82") << QByteArray("\\xe2\\x82") << QByteArray("\"\xef\xbf\xbd\"");
        QTest::newRow("tag character") << QByteArray("\xf3\xa0\x81\x81") << QByteArray("\\ue0041") << QByteArray("\"\\udb40\\udc41\"");
        QTest::newRow("noncharacter U+FFFF") << QByteArray("a\xef\xbf\xbf" "b") << QByteArray("a\\uffffb") << QByteArray("\"a\\uffffb\"");
        QTest::newRow("noncharacter U+FFFE") << QByteArray("\xef\xbf\xbe") << QByteArray("\\ufffe") << QByteArray("\"\\ufffe\"");
        QTest::newRow("noncharacter U+FDD0") << QByteArray("\xef\xb7\x90") << QByteArray("\\ufdd0") << QByteArray("\"\\ufdd0\"");
        QTest::newRow("noncharacter U+FDEF") << QByteArray("\xef\xb7\xaf") << QByteArray("\\ufdef") << QByteArray("\"\\ufdef\"");
        QTest::newRow("noncharacter U+1FFFE") << QByteArray("\xf0\x9f\xbf\xbe") << QByteArray("\\u1fffe") << QByteArray("\"\\ud83f\\udffe\"");
        QTest::newRow("noncharacter U+10FFFF") << QByteArray("\xf4\x8f\xbf\xbf") << QByteArray("\\u10ffff") << QByteArray("\"\\udbff\\udfff\"");
        QTest::newRow("replacement character") << QByteArray("\xef\xbf\xbd") << QByteArray("\xef\xbf\xbd") << QByteArray("\"\xef\xbf\xbd\"");
        QTest::newRow("quote") << QByteArray("\"\\") << QByteArray("\"\\") << QByteArray("\"\\\"\\\\\"");
    }
    void shown() {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, shown);
        QFETCH(QByteArray, json);
        QCOMPARE(QByteArray::fromStdString(report::visible(bytes.toStdString())), shown);
        std::string out;
        report::JsonWriter(out).value(bytes.toStdString());
        QCOMPARE(QByteArray::fromStdString(out), json);
    }
    void json_shapes() {
        std::string out;
        report::JsonWriter json(out);
        json.begin_object().member("a", 1).member("b", std::int64_t{1} << 60).member("c", true).key("d").begin_array().value("x").null().end_array();
        json.key("e").begin_object().end_object().bytes_member("f", "\xff").member("g", -1.5).end_object();
        QCOMPARE(QByteArray::fromStdString(out),
                 QByteArray("{\"a\": 1, \"b\": \"1152921504606846976\", \"c\": true, \"d\": [\"x\", null], \"e\": {}, \"f\": \"\xef\xbf\xbd\", \"f_hex\": \"ff\", \"g\": -1.5}"));
    }
    void redaction_data() {
        QTest::addColumn<QByteArray>("spans");
        QTest::addColumn<int>("level");
        QTest::addColumn<QByteArray>("shown");
        QTest::newRow("none asked") << QByteArray("[[0,4,false]]") << 0 << QByteArray("root:$6$abc:19000");
        QTest::newRow("secret") << QByteArray("[[5,6,false]]") << 1 << QByteArray("root:[redacted]:19000");
        QTest::newRow("person stays") << QByteArray("[[0,4,true],[5,6,false]]") << 1 << QByteArray("root:[redacted]:19000");
        QTest::newRow("person too") << QByteArray("[[0,4,true],[5,6,false]]") << 2 << QByteArray("[redacted]:[redacted]:19000");
        QTest::newRow("overlap, past the end") << QByteArray("[[5,3,false],[6,900,false]]") << 1 << QByteArray("root:[redacted]");
        QTest::newRow("damaged hides all") << QByteArray("[[") << 1 << QByteArray("[redacted]");
        QTest::newRow("negative hides all") << QByteArray("[[-1,2,false]]") << 1 << QByteArray("[redacted]");
    }
    void redaction() {
        QFETCH(QByteArray, spans);
        QFETCH(int, level);
        QFETCH(QByteArray, shown);
        QCOMPARE(QByteArray::fromStdString(report::redact_excerpt("root:$6$abc:19000", spans.toStdString(), static_cast<report::Redact>(level))), shown);
    }
    void templates() {
        const report::Arguments arguments{{"user", "{path}"}, {"path", "/x"}};
        QCOMPARE(report::fill("{user} at {path}, {other}; {open", arguments), std::string("{path} at /x, ?; {open"));
        QCOMPARE(report::fill("{user}[[ from {address}]][[ at {path}]] [[open", arguments), std::string("{path} at /x [[open"));
        QCOMPARE(report::parse_arguments(R"({"a": 1, "b": "x"})").size(), std::size_t{2});
        QVERIFY(report::parse_arguments("[").empty());
    }
    void quoting() {
        QCOMPARE(report::shell_quoted("disk.raw"), std::string("disk.raw"));
        QCOMPARE(report::shell_quoted("a'b $(x)"), std::string("'a'\\''b $(x)'"));
        QCOMPARE(report::shell_quoted("-o"), std::string("./'-o'"));
    }
};
DEADBOX_TEST(VisibleTest)
#include "visible_test.moc"
