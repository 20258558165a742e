// Names and texts that mean to harm whoever reads them: on every page they are shown, escaped, and nothing obeys them.
#include <QAbstractItemView>
#include <QLabel>
#include <QPlainTextEdit>

#include "gui/models/evidence_text.hpp"
#include "gui/pages/findings_page.hpp"
#include "gui/pages/timeline_page.hpp"
#include "gui/window_fixture.hpp"
#include "report/sample_case.hpp"
#include "support/test_main.hpp"

using namespace deadbox;

namespace {

// Characters that may reach a screen: no control characters but line ends in boxes of code, nothing that turns or hides text.
QString harmful(const QString& text, bool lines) {
    for (const QChar c : text) {
        const auto u = c.unicode();
        const bool line = lines && (u == '\n' || u == '\t' || u == 0x2028 || u == 0x2029);
        if ((u < 0x20 && !line) || (u >= 0x7f && u < 0xa0) || (u >= 0x202a && u <= 0x202e) || (u >= 0x2066 && u <= 0x2069) || u == 0x200b || u == 0x200f) return QStringLiteral("U+%1 in %2").arg(u, 4, 16).arg(text.left(80));
    }
    return {};
}

}  // namespace

class HostileTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void text_is_shown_escaped_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("escapes");
        QTest::newRow("plain") << QByteArray("/etc/passwd") << QStringLiteral("/etc/passwd") << 0;
        QTest::newRow("line break") << QByteArray("a\nb") << QStringLiteral("a\\nb") << 1;
        QTest::newRow("terminal") << QByteArray("\x1b[31m") << QStringLiteral("\\x1b[31m") << 1;
        QTest::newRow("turned") << QByteArray("a\xe2\x80\xae" "b") << QStringLiteral("a\\u202eb") << 1;
        QTest::newRow("no text") << QByteArray("\xff\xfe") << QStringLiteral("\\xff\\xfe") << 2;
        QTest::newRow("cut sequence") << QByteArray("\xe2\x80") << QStringLiteral("\\xe2\\x80") << 2;
        QTest::newRow("markup") << QByteArray("<b>x</b>") << QStringLiteral("<b>x</b>") << 0;
        QTest::newRow("letters") << QByteArray("\xc3\xa4\xe4\xb8\xad\xf0\x9f\x98\x80") << QString::fromUtf8("ä中😀") << 0;
    }
    void text_is_shown_escaped() {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, text);
        QFETCH(int, escapes);
        const auto seen = gui::shown(gui::view_of(bytes));
        QCOMPARE(seen.text, text);
        QCOMPARE(seen.escapes.size(), escapes);
    }
    void a_line_of_ten_megabytes_is_cut() {
        const std::string line(10'000'000, '\xe2');
        QVERIFY(gui::shown(line).text.size() < 20'000);
        std::string letters;
        for (int i = 0; i < 100'000; ++i) letters += "\xc3\xa4";
        const auto cut = gui::shown(letters, 1001);
        QVERIFY(cut.text.endsWith(QChar(0x2026)));
        QVERIFY(cut.escapes.isEmpty());  // no character is cut in two
    }

    void every_page_shows_a_hostile_case_harmlessly() {
        test::CaseFixture fixture;
        test::fill_sample(fixture);
        const auto id = fixture.add({.path = std::string("/var/log/\x1b]0;evil\x07<img src=x>\xe2\x80\xae.log"), .bytes = "x"});
        fixture.sql("INSERT INTO finding_item(finding, place, inode, excerpt) VALUES('bbbbbbbbbbbbbbbb', 2, " + std::to_string(id) + ", '<script>' || char(27) || '[2J' || char(8238) || 'evil')");
        fixture.event("auth.login.success", 1'710'000'000, "ro\xe2\x80\xaeot<b>", "203.0.113.7", "{\"method\":\"<i>\\u001b[1m</i>\"}");
        fixture.sql("INSERT INTO coverage(level, area, reason, system, folder, count, examples, wave) VALUES('note', 'x', 'damaged', 1, '/srv/' || char(10) || char(8238), 1, '[\"/srv/\\u001b[31m<b>\"]', 'content')");
        fixture.sql("INSERT INTO note(written, at, kind, who, permitted_by, finding, text) VALUES('2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', 'action', 'me', '', NULL, '<b>bold</b>' || char(8238))");
        const auto window = test::open_window(QString::fromStdString(fixture.path()));
        for (const auto* page : window->pages()) {
            if (!page->needs_case()) continue;
            test::settle(*window, page->id());
            test::settle(*window, page->id());
            for (auto* view : page->findChildren<QAbstractItemView*>()) {
                const auto* model = view->model();
                if (model == nullptr) continue;
                std::function<void(const QModelIndex&)> look = [&](const QModelIndex& parent) {
                    for (int row = 0; row < std::min(model->rowCount(parent), 200); ++row)
                        for (int column = 0; column < model->columnCount(parent); ++column) {
                            const auto index = model->index(row, column, parent);
                            for (const int role : {int(Qt::DisplayRole), int(Qt::AccessibleTextRole)}) QCOMPARE(harmful(index.data(role).toString(), false), QString());
                            const auto tip = index.data(Qt::ToolTipRole).toString();
                            QVERIFY2(!tip.contains(QStringLiteral("<b>")) && !tip.contains(QStringLiteral("<img")) && !tip.contains(QStringLiteral("<script")), qPrintable(tip));
                            if (column == 0) look(index);
                        }
                };
                look({});
            }
            for (const auto* label : page->findChildren<QLabel*>()) {
                QCOMPARE(harmful(label->text(), true), QString());
                QVERIFY2(label->text().isEmpty() || label->textFormat() == Qt::PlainText, qPrintable(page->id() + QStringLiteral(": ") + label->text()));
            }
            for (const auto* box : page->findChildren<QPlainTextEdit*>()) QCOMPARE(harmful(box->toPlainText(), true), QString());
            (void)window->grab();
        }
        // The hostile name itself is there, to be read.
        auto& findings = test::page_of<gui::FindingsPage>(*window, "findings");
        QVERIFY(test::wait_for([&] { return !findings.model()->findings().empty(); }));
        test::settle(*window, QStringLiteral("findings"));
        bool seen = false;
        for (const auto* label : findings.findChildren<QLabel*>()) seen = seen || label->text().contains(QStringLiteral("\\x1b[31m<script>alert(1)</script>\\u202e"));
        QVERIFY(seen);
    }
};

DEADBOX_TEST(HostileTest)
#include "hostile_test.moc"
