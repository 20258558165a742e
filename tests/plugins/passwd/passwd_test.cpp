#include "plugin/parser.hpp"
#include "support/memory_file.hpp"
#include "support/recording_sink.hpp"
#include "support/test_main.hpp"

using namespace deadbox;

class PasswdTest : public QObject {
    Q_OBJECT
private slots:
    void lines() {
        test::RecordingSink sink;
        const test::MemoryFile file("/etc/passwd", "root:x:0:0:root:/root:/bin/bash\n\nbad\nu\xff:x:1000:1000::/home/u:/bin/sh");
        QVERIFY(plugin::find_parser("passwd")->parse(file, {}, sink));
        const auto& rows = sink.rows["account"];
        QCOMPARE(rows.size(), std::size_t{2});
        QCOMPARE(rows[0].at("user").as_text(), std::string("root"));
        QCOMPARE(rows[1].at("uid").as_text(), std::string("1000"));
        QCOMPARE(rows[1].at("line").as_text(), std::string("4"));
        QCOMPARE(sink.gaps.size(), std::size_t{1});
    }
};
DEADBOX_TEST(PasswdTest)
#include "passwd_test.moc"
