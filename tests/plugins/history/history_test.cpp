#include "plugin/parser.hpp"
#include "support/memory_file.hpp"
#include "support/recording_sink.hpp"
#include "support/test_main.hpp"

using namespace deadbox;

class HistoryTest : public QObject {
    Q_OBJECT
private slots:
    void forms_data() {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QStringList>("commands");  // shell, time or "-", line, command
        QTest::newRow("bash") << "/root/.bash_history" << QByteArray("ls\n\ncd /tmp\n") << QStringList{"bash - 1 ls", "bash - 3 cd /tmp"};
        QTest::newRow("bash with times") << "/root/.bash_history" << QByteArray("#1772352000\nls\n#1772352060\nid\nwho\n") << QStringList{"bash 1772352000 2 ls", "bash 1772352060 4 id", "bash - 5 who"};
        QTest::newRow("a comment is a command") << "/root/.bash_history" << QByteArray("#note\n") << QStringList{"bash - 1 #note"};
        QTest::newRow("zsh") << "/home/a/.zsh_history" << QByteArray(": 1772352000:0;ls; id\nplain\n") << QStringList{"zsh 1772352000 1 ls; id", "zsh - 2 plain"};
        QTest::newRow("zsh, bytes of its own") << "/home/a/.zsh_history" << QByteArray(": 1772352000:0;echo \xc3\x83\xa3\n") << QStringList{QString::fromUtf8("zsh 1772352000 1 echo \xc3\x83")};
        QTest::newRow("fish") << "/home/a/.local/share/fish/fish_history" << QByteArray("- cmd: ls\n  when: 1772352000\n- cmd: id\n") << QStringList{"fish 1772352000 1 ls", "fish - 3 id"};
        QTest::newRow("tcsh") << "/root/.history" << QByteArray("#+1772352000\nls\n") << QStringList{"shell 1772352000 2 ls"};
        QTest::newRow("mysql") << "/root/.mysql_history" << QByteArray("_HiStOrY_V2_\nselect\\0401;\n") << QStringList{"mysql - 2 select 1;"};
        QTest::newRow("empty") << "/root/.bash_history" << QByteArray() << QStringList{};
        QTest::newRow("a time and no more") << "/root/.bash_history" << QByteArray("#1772352000") << QStringList{};
    }
    void forms() {
        QFETCH(QString, path);
        QFETCH(QByteArray, text);
        QFETCH(QStringList, commands);
        test::RecordingSink sink;
        const test::MemoryFile file(path.toStdString(), text.toStdString());
        QVERIFY(plugin::find_parser("shell_history")->parse(file, {}, sink));
        QStringList got;
        std::size_t timed = 0;
        for (auto& row : sink.rows["shell_command"]) {
            const auto time = row["time_s"].as_text();
            if (!time.empty()) ++timed;
            got << QString::fromStdString(row["shell"].as_text() + " " + (time.empty() ? "-" : time) + " " + row["line"].as_text() + " " + row["command"].as_text());
        }
        QCOMPARE(got, commands);
        QCOMPARE(sink.events.size(), timed);
    }
};
DEADBOX_TEST(HistoryTest)
#include "history_test.moc"
