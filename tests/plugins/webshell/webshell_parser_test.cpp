#include <QFile>

#include "plugin/parser.hpp"
#include "support/memory_file.hpp"
#include "support/recording_sink.hpp"
#include "support/test_main.hpp"
#include "webshell/inspect.hpp"
#include "webshell/verdict.hpp"

using namespace deadbox;

namespace {

struct Fixture {
    QByteArray name, expected, path, text;
};
std::vector<Fixture> fixtures() {
    QFile file(QStringLiteral(DEADBOX_SOURCE_DIR "/tests/plugins/webshell/fixtures.txt"));
    std::vector<Fixture> all;
    if (!file.open(QIODevice::ReadOnly)) return all;
    for (const auto& line : file.readAll().split('\n')) {
        const auto parts = line.split(' ');
        if (parts.size() == 4 && !line.startsWith('#')) all.push_back({parts[0], parts[1], parts[2], QByteArray::fromBase64(parts[3])});
    }
    return all;
}
const plugin::Parser& prepared() {
    static const plugin::Parser* parser = [] {
        const auto* found = plugin::find_parser("webshell");
        (void)found->prepare(DEADBOX_SOURCE_DIR "/resources/webshell");
        return found;
    }();
    return *parser;
}

}  // namespace

class WebshellParserTest : public QObject {
    Q_OBJECT
private slots:
    void levels_data() {
        QTest::addColumn<QByteArray>("expected");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("text");
        for (const auto& f : fixtures()) if (f.expected != "unknown") QTest::newRow(f.name.constData()) << f.expected << f.path << f.text;
    }
    void levels() {
        QFETCH(QByteArray, expected);
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, text);
        test::RecordingSink sink;
        const test::MemoryFile file(path.toStdString(), text.toStdString());
        QVERIFY(prepared().parse(file, {}, sink));
        const auto& rows = sink.rows["script"];
        const int level = rows.empty() ? 0 : std::stoi(rows[0].at("level").as_text());
        const QByteArray said = rows.empty() ? QByteArray("no row") : QByteArray::fromStdString(rows[0].at("kind").as_text() + " / " + rows[0].at("signs").as_text());
        if (expected == "clean") QVERIFY2(level == 0, said.constData());
        else if (expected == "low") QVERIFY2(level <= 1, said.constData());
        else {
            const int least = expected == "critical" ? 4 : expected == "high" ? 3 : 2;
            QVERIFY2(level >= least, said.constData());
            QVERIFY(!rows[0].at("excerpt").as_text().empty());
            QVERIFY(rows[0].at("excerpt").as_text().size() <= 300);
            QVERIFY(level < 2 || !sink.kept.empty());
        }
    }

    void other_files_cost_nothing() {
        test::RecordingSink sink;
        const test::MemoryFile film("/srv/film.mkv", std::string("\x1a\x45\xdf\xa3") + std::string(100'000, '\x01'));
        QVERIFY(prepared().parse(film, {}, sink));
        QVERIFY(sink.rows.empty());
    }

    // Whatever the bytes, it ends, and soon.
    void damaged() {
        std::uint64_t state = 88172645463325252ull;
        const auto random = [&] { state ^= state << 13; state ^= state >> 7; state ^= state << 17; return state; };
        for (const auto& f : fixtures()) {
            for (int round = 0; round < 60; ++round) {
                std::string text = f.text.toStdString();
                for (std::uint64_t i = 0, n = 1 + random() % 6; i < n && !text.empty(); ++i) {
                    const auto at = random() % text.size();
                    switch (random() % 5) {
                        case 0: text[at] = static_cast<char>(random()); break;
                        case 1: text.erase(at, random() % 8); break;
                        case 2: text.insert(at, text.substr(random() % text.size(), random() % 40)); break;
                        case 3: text.insert(at, 1, "{}()[]'\"`$;\\<?"[random() % 14]); break;
                        default: text.resize(at); break;
                    }
                }
                test::RecordingSink sink;
                const test::MemoryFile file(f.path.toStdString(), text);
                QVERIFY(prepared().parse(file, {}, sink));
            }
        }
    }

    void nested_deeply() {
        for (const std::string_view piece : {"(", "[", "{", "if(1)", "$a[", "!", "function(){", "\"{$a[", "$$", "a(", "?:", "new ", "-", "@", "case 1:"}) {
            std::string text = "<?php eval(";
            for (int i = 0; i < 20'000; ++i) text += piece;
            test::RecordingSink sink;
            const test::MemoryFile file("/x.php", text);
            QVERIFY(prepared().parse(file, {}, sink));
        }
    }
    void endless() {
        for (const std::string_view code : {"$a='a'; while(true) { $a .= $a; } eval($a);", "for(;;) $x[] = 1; eval($x);", "function f($a) { return f($a . $a) . f($a); } eval(f('abc'));",
                                            "$a = 'eval($a);'; eval($a);", "$s = str_repeat('a', 9000000); $s = str_repeat($s, 9000000); eval($s);", "eval(eval(eval('eval($x);')));"}) {
            test::RecordingSink sink;
            const test::MemoryFile file("/x.php", "<?php " + std::string(code));
            QVERIFY(prepared().parse(file, {}, sink));
        }
    }
};
DEADBOX_TEST(WebshellParserTest)
#include "webshell_parser_test.moc"
