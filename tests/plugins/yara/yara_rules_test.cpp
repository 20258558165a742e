// The examiner's own rules: how their texts are taken, and what they say of a file's bytes.
#include "support/test_main.hpp"
#include "yara/compiled_rules.hpp"

using namespace deadbox;
using plugins::yara::CompiledRules;

namespace {

// "FILE RULE severity [description] places", a match a line; or why it ended.
QString matches_of(CompiledRules& rules, std::string_view bytes, const std::string& path = "/srv/x.php") {
    QString all;
    const auto done = rules.scan(base::as_bytes(bytes), {path, "text/plain"}, [&](const plugins::yara::RuleMatch& match) {
        all += QString("%1 %2 %3[%4] %5\n").arg(QString::fromUtf8(match.file.data(), static_cast<int>(match.file.size())), QString::fromUtf8(match.rule.data(), static_cast<int>(match.rule.size())), QString::fromStdString(match.severity),
                                                QString::fromStdString(match.description), QString::fromStdString(match.places));
    });
    return done ? all : QString::fromStdString(done.error().what);
}

}  // namespace

class YaraRulesTest : public QObject {
    Q_OBJECT
private slots:
    void what_a_match_says() {
        CompiledRules rules;
        QVERIFY(rules.add({"a.yar", "rule one : php { meta: description = \"A test\" severity = \"HIGH\" score = 5 strings: $a = \"abc\" $b = { 00 ff } condition: any of them }\nprivate rule hidden { condition: true }"}));
        QVERIFY(rules.add({"b.yar", "rule one { condition: filename == \"x.php\" and filepath contains \"/srv/\" and extension == \".php\" and filetype == \"text/plain\" and owner == \"\" and filesize < 10 }"}));
        QCOMPARE(rules.count(), std::size_t{2});
        QCOMPARE(matches_of(rules, std::string_view("abcabc\0\xff", 8)), QString("a.yar one high[A test] $a @0 @3  $b @6\nb.yar one [] \n"));
        QCOMPARE(matches_of(rules, "nothing at all"), QString());
        QCOMPARE(matches_of(rules, "nothing", "/srv/y.php"), QString());  // the variables are each file's
    }

    void texts_that_do_not_compile_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("why");
        QTest::newRow("syntax") << QByteArray("rule a { condition: true }\nrule b { condition }\n") << "x.yar line 2: syntax error";
        QTest::newRow("undefined") << QByteArray("rule a {\n strings: $a = \"x\"\n condition: $b }\n") << "x.yar line 3: undefined string \"$b\"";
        QTest::newRow("include") << QByteArray("include \"/etc/passwd\"\nrule a { condition: true }") << "x.yar line 1: includes are disabled";
        QTest::newRow("unknown variable") << QByteArray("rule a { condition: language == \"php\" }") << "x.yar line 1: undefined identifier \"language\"";
        QTest::newRow("unknown module") << QByteArray("import \"nothing\"\nrule a { condition: true }") << "x.yar line 1: unknown module \"nothing\"";
        QTest::newRow("zeros") << QByteArray("rule a { condition: true }\0rule", 31) << "x.yar holds zero bytes: it is no text of rules";
        QTest::newRow("no rules at all") << QByteArray("<html>\n") << "";  // in YARA's own words
        QTest::newRow("deep") << QByteArray("rule a { condition: " + QByteArray(20'000, '(') + "true" + QByteArray(20'000, ')') + " }") << "";
        QTest::newRow("a regular expression that is too large") << QByteArray("rule a { strings: $a = /(a{1,1000}){1,1000}b{1,30000}/ condition: $a }") << "";
    }
    void texts_that_do_not_compile() {
        QFETCH(QByteArray, text);
        QFETCH(QString, why);
        CompiledRules rules;
        const auto added = rules.add({"x.yar", {text.constData(), static_cast<std::size_t>(text.size())}});
        QVERIFY(!added || why.isEmpty());
        if (!why.isEmpty()) QCOMPARE(QString::fromStdString(added.error().what), why);
        if (!added) QVERIFY(!rules.scan(base::as_bytes("x"), {}, [](const plugins::yara::RuleMatch&) {}));
    }

    // What would make the answer depend on anything but the file.
    void refused_modules_data() {
        QTest::addColumn<QByteArray>("module");
        for (const char* module : {"time", "magic", "cuckoo"}) QTest::newRow(module) << QByteArray(module);
    }
    void refused_modules() {
        QFETCH(QByteArray, module);
        CompiledRules rules;
        if (!rules.add({"x.yar", "import \"" + module.toStdString() + "\"\nrule a { condition: true }"})) QSKIP("this YARA has no such module");
        QVERIFY(matches_of(rules, "x").contains("is not offered"));
    }
    void offered_modules() {
        CompiledRules rules;
        QVERIFY(rules.add({"x.yar", "import \"elf\"\nimport \"hash\"\nimport \"math\"\nrule a { condition: hash.md5(0, filesize) == \"900150983cd24fb0d6963f7d28e17f72\" and math.entropy(0, filesize) < 3 }"}));
        QCOMPARE(matches_of(rules, "abc"), QString("x.yar a [] \n"));
    }

    void bounds() {
        std::string text;
        for (int i = 0; i < 1000; ++i) text += "rule r" + std::to_string(i) + " { condition: true }\n";
        CompiledRules rules;
        QVERIFY(rules.add({"x.yar", text}));
        QCOMPARE(matches_of(rules, "x"), QString("more than 256 rules match one file"));
        CompiledRules many;
        QVERIFY(many.add({"x.yar", "rule a { strings: $a = \"a\" condition: $a }"}));
        for (const std::size_t size : {std::size_t{1'000'000}, std::size_t{5'000'000}}) {
            const auto said = matches_of(many, std::string(size, 'a'));
            QVERIFY2(said.startsWith("x.yar a [] $a @0") && said.size() < 200, said.toUtf8());
        }
    }
};
DEADBOX_TEST(YaraRulesTest)
#include "yara_rules_test.moc"
