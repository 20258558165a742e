// Letters say no more than the verdict does.
#include <QRegularExpression>

#include "report/build.hpp"
#include "report/communication.hpp"
#include "support/case_fixture.hpp"
#include "support/test_main.hpp"

using namespace deadbox;

class LetterTest : public QObject {
    Q_OBJECT
private slots:
    void say_what_the_verdict_says_data() {
        QTest::addColumn<QByteArray>("level");
        QTest::addColumn<bool>("claims");  // that somebody broke in
        QTest::newRow("compromised") << QByteArray("compromised") << true;
        QTest::newRow("suspicious") << QByteArray("suspicious") << false;
        QTest::newRow("undetermined") << QByteArray("undetermined") << false;
        QTest::newRow("no indication") << QByteArray("no_indication") << false;
    }
    void say_what_the_verdict_says() {
        QFETCH(QByteArray, level);
        QFETCH(bool, claims);
        test::CaseFixture fixture;
        const auto view = case_file::View::open(fixture.path());
        for (const char* language : {"en", "de"}) {
            const auto texts = report::Texts::load(language);
            auto model = report::build_report(*view, *texts, {});
            QVERIFY(model.has_value());
            model->verdict.level = level.toStdString();
            for (const auto& audience : report::audiences()) {
                const auto letter = report::communication_letter(*model, *texts, audience);
                QVERIFY(letter.has_value());
                auto text = QString::fromStdString(*letter);
                const bool draft = text.startsWith('[');
                QCOMPARE(draft, !claims && level != "suspicious" && (audience == "customers" || audience == "police"));
                text.remove(QRegularExpression("\\[[^\\]]*\\]"));  // what is to be filled in or taken out
                const QRegularExpression claim("had gained access|intrusion into|Zugang zu einem unserer Server verschafft hat\\b|Eindringen in den");
                for (const auto& line : text.split('\n'))
                    if (line.contains(claim) && !line.contains("suspected") && !line.contains("Verdacht")) QVERIFY2(claims, qPrintable(line));
                QCOMPARE(text.contains(claim), audience == "customers" ? claims : audience == "police" && (claims || level == "suspicious"));
                // No heading without anything below, no name without a value.
                QVERIFY2(!text.contains(QRegularExpression("^(System|Verdict|Urteil): *$", QRegularExpression::MultilineOption)), qPrintable(text));
                QVERIFY2(!text.contains(QRegularExpression("^(Traces|Spuren|The traces|Die Spuren|What is known|Was bekannt ist|Findings|Befunde)\\n\\n", QRegularExpression::MultilineOption)), qPrintable(text));
                QVERIFY2(!text.contains('{') && !text.contains("[["), qPrintable(text));
            }
        }
    }
};
DEADBOX_TEST(LetterTest)
#include "letter_test.moc"
