// Names and texts that mean to harm whoever reads them: on every page they are shown, escaped, and nothing obeys them.
#include <QAbstractItemView>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QProcess>
#include <QTemporaryDir>
#include <QTextBlock>
#include <QTreeView>
#include <QTreeWidget>

#include "gui/models/evidence_text.hpp"
#include "gui/pages/batch_page.hpp"
#include "gui/pages/files_page.hpp"
#include "gui/pages/findings_page.hpp"
#include "gui/pages/start_page.hpp"
#include "gui/pages/timeline_page.hpp"
#include "gui/viewers_case.hpp"
#include "gui/widgets/file_viewer.hpp"
#include "gui/widgets/message_bar.hpp"
#include "gui/widgets/new_case_form.hpp"
#include "gui/widgets/text_view.hpp"
#include "gui/window_fixture.hpp"
#include "report/sample_case.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using test::harmful;

namespace {

// Down to the last folder, as far as the tree gives any.
void open_all(QTreeView& tree) {
    const auto* model = tree.model();
    std::function<void(const QModelIndex&)> open = [&](const QModelIndex& parent) {
        tree.expand(parent);
        if (model->canFetchMore(parent)) tree.model()->fetchMore(parent);
        (void)QTest::qWaitFor([&] { return !model->canFetchMore(parent) && (!model->hasChildren(parent) || model->rowCount(parent) > 0); }, 3000);
        for (int row = 0; row < std::min(model->rowCount(parent), 200); ++row)
            if (const QPersistentModelIndex child = model->index(row, 0, parent); model->hasChildren(child)) open(child);
    };
    open({});
}

// All that a page says: cells and tips, labels, boxes of text and lists to choose from.
void look_at(const gui::Page& page) {
    for (auto* view : page.findChildren<QAbstractItemView*>()) {
        const auto* model = view->model();
        if (model == nullptr) continue;
        std::function<void(const QModelIndex&)> look = [&](const QModelIndex& parent) {
            for (int row = 0; row < std::min(model->rowCount(parent), 200); ++row)
                for (int column = 0; column < model->columnCount(parent); ++column) {
                    const auto index = model->index(row, column, parent);
                    for (const int role : {int(Qt::DisplayRole), int(Qt::AccessibleTextRole), int(Qt::AccessibleDescriptionRole)}) QCOMPARE(harmful(index.data(role).toString(), false), QString());
                    const auto tip = index.data(Qt::ToolTipRole).toString();
                    QCOMPARE(harmful(tip, true), QString());
                    QVERIFY2(!tip.contains(QStringLiteral("<b>")) && !tip.contains(QStringLiteral("<img")) && !tip.contains(QStringLiteral("<script")), qPrintable(tip));
                    if (column == 0) look(index);
                }
        };
        if (auto* tree = qobject_cast<QTreeView*>(view)) open_all(*tree);
        look({});
        for (int column = 0; column < model->columnCount(); ++column) QCOMPARE(harmful(model->headerData(column, Qt::Horizontal).toString(), false), QString());
    }
    for (const auto* label : page.findChildren<QLabel*>()) {
        QCOMPARE(harmful(label->text(), true), QString());
        QVERIFY2(label->text().isEmpty() || label->textFormat() == Qt::PlainText, qPrintable(page.id() + QStringLiteral(": ") + label->text()));
        QVERIFY2(!label->toolTip().contains(QStringLiteral("<b>")) && !label->toolTip().contains(QStringLiteral("<img")), qPrintable(label->toolTip()));
        QCOMPARE(harmful(label->accessibleName() + label->accessibleDescription(), true), QString());
    }
    for (const auto* box : page.findChildren<QPlainTextEdit*>()) QCOMPARE(harmful(box->toPlainText(), true), QString());
    for (const auto* line : page.findChildren<QLineEdit*>()) QCOMPARE(harmful(line->text(), false), QString());
    for (const auto* choice : page.findChildren<QComboBox*>())
        for (int i = 0; i < choice->count(); ++i) QCOMPARE(harmful(choice->itemText(i), false), QString());
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
            look_at(*page);
            if (QTest::currentTestFailed()) return;
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

    // An image whose own name, and whose backing file's name, mean to harm: in the form of a new case, in a batch, as a case.
    void images_with_hostile_names_are_shown_harmlessly() {
        const QTemporaryDir folder;
        const QString image = folder.filePath(QString::fromUtf8("ev\x1b[31mil<b>x\xe2\x80\xae.qcow2"));
        QByteArray bytes(65536 * 4, '\0');
        const QByteArray backing("../\x1b]0;own\x07<img src=x>\xe2\x80\xae\xff.raw");
        const auto put = [&](qsizetype at, std::uint64_t value, int size) {
            for (int i = 0; i < size; ++i) bytes[at + i] = static_cast<char>(value >> (8 * (size - 1 - i)));
        };
        bytes.replace(0, 4, QByteArray("QFI\xfb"));
        put(4, 2, 4), put(8, 512, 8), put(16, static_cast<std::uint64_t>(backing.size()), 4), put(20, 16, 4), put(24, 1 << 20, 8), put(36, 1, 4), put(40, 65536, 8), put(48, 131072, 8), put(56, 1, 4);
        bytes.replace(512, backing.size(), backing);
        {
            QFile file(image);
            QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
        }
        const auto window = test::open_window({});
        window->take_files({image});
        auto& start = test::page_of<gui::StartPage>(*window, "start");
        auto* tree = start.form().findChild<QTreeWidget*>();
        QVERIFY(test::wait_for([&] { return start.messages().isShown() || (tree->topLevelItemCount() > 0 && tree->topLevelItem(0)->childCount() > 0); }));
        look_at(start);
        if (QTest::currentTestFailed()) return;
        (void)window->grab();
        window->show_page(QStringLiteral("batch"));
        auto& batch = test::page_of<gui::BatchPage>(*window, "batch");
        batch.add_sources({image});
        batch.set_folder(folder.path());
        batch.start();
        QVERIFY(QTest::qWaitFor([&] { return !batch.is_running(); }, 60'000));
        look_at(batch);
        (void)window->grab();
    }

    // The evidence itself: names on the disk, and what every viewer makes of content that is meant to harm.
    void every_viewer_shows_hostile_content_harmlessly() {
        QVERIFY2(!test::viewers_case().isEmpty(), "no case");
        const auto window = test::open_window(test::viewers_case());
        test::settle(*window, QStringLiteral("files"));
        auto& page = test::page_of<gui::FilesPage>(*window, "files");
        auto& viewer = *page.findChild<gui::FileViewer*>();
        const std::string evil = std::string("/srv/") + test::k_evil_name;
        bool shown = false;
        for (const std::string& path : {evil, std::string("/srv/a.tgz"), std::string("/srv/a.zip"), std::string("/srv/a.db"), std::string("/srv/program"), std::string("/srv/photo.png"), std::string("/srv/one-line.txt"), std::string("/etc/passwd"),
                                        std::string("/var/log/journal/0123456789abcdef0123456789abcdef/system.journal")}) {
            window->go(gui::Link::to(gui::Link::Kind::path, path), QStringLiteral("files"));
            if (!test::wait_for([&] { return page.selection().value == QByteArray::fromStdString(path); })) {
                QVERIFY2(path.find("journal") != path.npos, path.c_str());  // its maker may not be installed
                continue;
            }
            for (int tab = 0; tab < viewer.count(); ++tab) {
                if (!viewer.isTabVisible(tab)) continue;
                viewer.setCurrentIndex(tab);
                QTest::qWait(150);
                test::settle(*window, QStringLiteral("files"));
                look_at(page);
                if (QTest::currentTestFailed()) return;
                (void)window->grab();
            }
            for (const auto* box : viewer.findChildren<QPlainTextEdit*>())
                for (auto block = box->document()->firstBlock(); block.isValid(); block = block.next()) QVERIFY(block.length() < 10'000);  // ten megabytes of one line too
            shown = shown || viewer.text().shown_text().contains(QStringLiteral("<h1>\\x1b[2J"));
        }
        QVERIFY(shown);  // the content is there, to be read
        for (const auto* each : window->pages()) {
            if (!each->needs_case() || each->is_absent()) continue;
            test::settle(*window, each->id());
            look_at(*each);
            if (QTest::currentTestFailed()) return;
        }
    }
};

DEADBOX_TEST(HostileTest)
#include "hostile_test.moc"
