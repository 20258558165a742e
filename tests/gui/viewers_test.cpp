// Each viewer on a file of its kind, in a real case: what the locked-down process makes of it, and what is shown.
#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QHeaderView>
#include <QMimeData>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QToolButton>
#include <QUrl>

#include <signal.h>

#include "case/view.hpp"
#include "gui/demo_case.hpp"
#include "gui/models/file_list_model.hpp"
#include "gui/models/line_diff.hpp"
#include "gui/models/preview_run.hpp"
#include "gui/models/preview_table_model.hpp"
#include "gui/pages/files_page.hpp"
#include "gui/widgets/diff_view.hpp"
#include "gui/widgets/file_viewer.hpp"
#include "gui/widgets/hex_view.hpp"
#include "gui/widgets/message_bar.hpp"
#include "gui/widgets/picture_view.hpp"
#include "gui/widgets/preview_sheet.hpp"
#include "gui/widgets/table_view.hpp"
#include "gui/widgets/text_view.hpp"
#include "gui/viewers_case.hpp"
#include "gui/window_fixture.hpp"
#include "support/journal_maker.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using test::page_of, test::settle, test::wait_for, test::harmful;

namespace {

QString text_of(const gui::PreviewTableModel& model, int row, int column) { return model.index(row, column).data().toString(); }

// "a,b" as two lines; nothing as none.
QStringList lines(const char* text) { return QString::fromLatin1(text).split(QLatin1Char(','), Qt::SkipEmptyParts); }

QStringList column_of(const gui::PreviewTableModel& model, int column) {
    QStringList all;
    for (int row = 0; row < model.rowCount(); ++row) all << text_of(model, row, column);
    return all;
}

}  // namespace

class ViewersTest : public QObject {
    Q_OBJECT
    std::unique_ptr<gui::MainWindow> m_window;

    gui::FilesPage& page() { return page_of<gui::FilesPage>(*m_window, "files"); }
    gui::FileViewer& viewer() { return *page().findChild<gui::FileViewer*>(); }
    gui::PreviewSheet& contents() { return viewer().contents(); }
    bool go_to(const char* path) {
        m_window->go(gui::Link::to(gui::Link::Kind::path, path), QStringLiteral("files"));
        return wait_for([&] { return page().selection().value == QByteArray(path); });
    }

private Q_SLOTS:
    void initTestCase() {
        QVERIFY2(!test::viewers_case().isEmpty(), "no case");
        m_window = test::open_window(test::viewers_case());
        settle(*m_window, QStringLiteral("files"));
    }
    void cleanupTestCase() { m_window.reset(); }

    void an_archives_names_are_listed_data() {
        QTest::addColumn<QByteArray>("path");
        QTest::newRow("tar, gzip") << QByteArray("/srv/a.tgz");
        QTest::newRow("zip") << QByteArray("/srv/a.zip");
    }
    void an_archives_names_are_listed() {
        QFETCH(QByteArray, path);
        QVERIFY(go_to(path.constData()));
        QCOMPARE(viewer().currentWidget(), static_cast<QWidget*>(&contents()));
        auto& rows = contents().rows();
        const QAbstractItemModelTester tester(&rows, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QVERIFY2(wait_for([&] { return rows.rowCount() >= 3; }), qPrintable(contents().said()));
        const auto names = column_of(rows, 0);
        QVERIFY(names.filter(QStringLiteral("inside.txt")).size() == 1);
        QCOMPARE(names.filter(QStringLiteral("<img src=x>\\u202e.txt")).size(), 1);  // there, and escaped
        for (const auto& name : names) QCOMPARE(harmful(name, false), QString());
    }

    void a_databases_rows_come_as_one_scrolls() {
        QVERIFY(go_to("/srv/a.db"));
        auto& tables = contents().tables();
        QVERIFY2(wait_for([&] { return tables.rowCount() == 2; }), qPrintable(contents().said()));
        QCOMPARE(column_of(tables, 0), (QStringList{QStringLiteral("<b>odd"), QStringLiteral("visits")}));
        auto& rows = contents().rows();
        const QAbstractItemModelTester tester(&rows, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QVERIFY(wait_for([&] { return rows.rowCount() == 1; }));
        QCOMPARE(text_of(rows, 0, 0), QStringLiteral("<script>\\x1b[2J\\u202e"));
        contents().show_table("visits");
        QVERIFY(wait_for([&] { return rows.rowCount() == 500; }));
        while (rows.rowCount() < 1500) {
            const int before = rows.rowCount();
            if (rows.canFetchMore({})) rows.fetchMore({});  // or the view has asked by itself
            QVERIFY(wait_for([&] { return rows.rowCount() > before; }));
        }
        QCOMPARE(rows.rowCount(), 1500);
        QCOMPARE(text_of(rows, 1499, 1), QStringLiteral("http://example.org/1500"));
    }

    void a_journals_entries_are_shown() {
        if (test::journal_program().isEmpty()) QSKIP("systemd-journal-remote is not installed");
        QVERIFY(go_to("/var/log/journal/0123456789abcdef0123456789abcdef/system.journal"));
        auto& rows = contents().rows();
        QVERIFY2(wait_for([&] { return rows.rowCount() == 500; }), qPrintable(contents().said()));
        QCOMPARE(text_of(rows, 0, 0), QStringLiteral("2024-03-02 04:11:07 UTC"));
        QCOMPARE(text_of(rows, 0, 5), QStringLiteral("message 0"));
        QVERIFY(text_of(rows, 3, 5).contains(QStringLiteral("\\x1b]0;owned\\x07<img src=x>\\u202e")));
        rows.fetchMore({});
        QVERIFY(wait_for([&] { return rows.rowCount() == 700; }));
        QVERIFY(!rows.canFetchMore({}));
        QVERIFY(contents().properties().contains(QStringLiteral("Entries by its header: 700")));
    }

    void a_program_is_summed_up_and_marked_in_its_bytes() {
        QVERIFY(go_to("/srv/program"));
        QVERIFY2(wait_for([&] { return contents().properties().size() > 5; }), qPrintable(contents().said()));
        QVERIFY(contents().rows().rowCount() > 0);  // libraries
        viewer().go_to(0);
        QVERIFY(wait_for([&] { return viewer().marked() > 10; }));
        const auto& markers = viewer().hex().markers();
        QCOMPARE(markers.front().offset, quint64{0});
        QVERIFY(std::any_of(markers.begin(), markers.end(), [](const auto& marker) { return marker.label.contains(QStringLiteral(".text")); }));
    }

    void a_picture_is_blurred_and_says_what_it_is() {
        QVERIFY(go_to("/srv/photo.png"));
        auto& picture = viewer().picture();
        QVERIFY(wait_for([&] { return !picture.picture().isNull(); }));
        QVERIFY(picture.is_blurred());
        QCOMPARE(picture.picture().size(), QSize(64, 48));
        QCOMPARE(picture.picture().pixelColor(3, 3), QColor(200, 30, 60));
        viewer().setCurrentWidget(&contents());
        QVERIFY(wait_for([&] { return contents().properties().filter(QStringLiteral("made <b>by</b> a test")).size() == 1; }));
        QVERIFY(contents().properties().filter(QStringLiteral("64 × 48")).size() == 1);
    }

    void versions_are_compared_data() {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QString>("went");
        QTest::addColumn<QString>("came");
        QTest::newRow("passwd and what it was") << QByteArray("/etc/passwd") << QString() << QStringLiteral("mallory:x:0:0");
        QTest::newRow("a copy and the file in use") << QByteArray("/etc/passwd-") << QString() << QStringLiteral("mallory:x:0:0");
        QTest::newRow("what the package delivers") << QByteArray("/etc/app.conf") << QStringLiteral("allow none") << QStringLiteral("allow all");
    }
    void versions_are_compared() {
        QFETCH(QByteArray, path);
        QFETCH(QString, went);
        QFETCH(QString, came);
        QVERIFY(go_to(path.constData()));
        auto& versions = viewer().versions();
        QVERIFY(wait_for([&] { return viewer().isTabVisible(viewer().indexOf(&versions)); }));
        viewer().setCurrentWidget(&versions);
        QVERIFY2(wait_for([&] { return versions.shown_text().contains(came); }), qPrintable(versions.said()));
        for (const auto& line : versions.shown_text().split(QLatin1Char('\n'))) {
            if (line.contains(came)) QVERIFY2(line.trimmed().section(QLatin1Char(' '), 1, 1) == QStringLiteral("+"), qPrintable(line));
            if (!went.isEmpty() && line.contains(went)) QVERIFY2(line.trimmed().section(QLatin1Char(' '), 1, 1) == QStringLiteral("-"), qPrintable(line));
        }
    }

    void a_file_without_versions_has_none() {
        QVERIFY(go_to("/etc/hostname"));
        settle(*m_window, QStringLiteral("files"));
        QVERIFY(!viewer().isTabVisible(viewer().indexOf(&viewer().versions())));
    }

    // Another case in the same window: what the viewers that nobody looked at held is gone.
    void viewers_outlive_their_bytes() {
        const auto view = case_file::View::open(test::demo_case().toStdString());
        QVERIFY(view);
        auto row = view->prepare("SELECT inode, size FROM file WHERE path = '/etc/passwd' AND name_allocated = 1");
        QVERIFY(row && *row->step());
        const auto inode = row->integer(0);
        const auto size = static_cast<quint64>(row->integer(1));
        row->reset();
        gui::TextView text;
        gui::HexView hex;
        for (int round = 0; round < 3; ++round) {
            gui::EvidenceBytes bytes(test::demo_case(), {});
            QSignalSpy ready(&bytes, &gui::EvidenceBytes::ready);
            text.show_file(&bytes, inode, size, QStringLiteral("passwd"));
            hex.show_file(&bytes, inode, size);
            QVERIFY(test::wait_for([&] { return !ready.isEmpty(); }));
        }
        text.show_file(nullptr, 0, 0, {});
        hex.show_file(nullptr, 0, 0);
    }

    // A database's table before it leaves the names of an archive room enough to be read.
    void each_kind_of_list_has_columns_of_its_own() {
        const auto rows = [&]() -> gui::TableView* {
            for (auto* view : contents().findChildren<gui::TableView*>())
                if (view->accessibleName() == QStringLiteral("Contents")) return view;
            return nullptr;
        };
        QVERIFY(go_to("/srv/a.db"));
        viewer().setCurrentWidget(&contents());
        QVERIFY(wait_for([&] { return rows() != nullptr && rows()->isVisible() && rows()->model()->rowCount() > 0; }));
        rows()->horizontalHeader()->resizeSection(0, 40);
        QVERIFY(go_to("/srv/a.tgz"));
        viewer().setCurrentWidget(&contents());
        QVERIFY(wait_for([&] { return rows()->isVisible() && rows()->model()->columnCount() > 3 && rows()->model()->rowCount() > 0; }));
        QVERIFY2(rows()->horizontalHeader()->sectionSize(0) >= 200, qPrintable(QString::number(rows()->horizontalHeader()->sectionSize(0))));
    }

    // What stands beside the bytes is seen, however narrow the place: by the width, or by a bar that says how much there is.
    void bytes_and_their_text_stand_side_by_side_data() {
        QTest::addColumn<int>("width");
        QTest::addColumn<bool>("bar");
        QTest::newRow("wide") << 700 << false;
        QTest::newRow("beside a list of files") << 412 << false;
        QTest::newRow("less than a row") << 200 << true;
    }
    void bytes_and_their_text_stand_side_by_side() {
        QFETCH(int, width);
        QFETCH(bool, bar);
        gui::EvidenceBytes bytes(test::demo_case(), {});
        gui::HexView hex;
        hex.resize(width * hex.fontMetrics().horizontalAdvance(QLatin1Char('0')) / 7, 300);
        hex.show();
        hex.show_file(&bytes, 2, 100'000);
        QCOMPARE(hex.horizontalScrollBar()->maximum() > 0, bar);
        if (bar) QVERIFY(hex.horizontalScrollBar()->pageStep() > hex.horizontalScrollBar()->maximum() / 4);
        hex.go_to(50'000);
        hex.resize(hex.width() * 3, 300);
        QCOMPARE(hex.cursor(), quint64(50'000));
        QTest::keyClick(&hex, Qt::Key_Home);
        QCOMPARE(hex.cursor() % 16, quint64(0));
    }

    void a_reader_that_is_killed_says_so_and_costs_nothing() {
        QVERIFY(go_to("/srv/a.db"));
        viewer().setCurrentWidget(&contents());  // an earlier test may have left another tab
        QVERIFY2(wait_for([&] { return contents().tables().rowCount() == 2 && contents().run() && !contents().run()->is_busy(); }), qPrintable(contents().said()));
        const auto child = contents().run()->process_id();
        QVERIFY(child > 0);
        ::kill(static_cast<pid_t>(child), SIGKILL);
        QTest::qWait(200);
        contents().show_table("visits");  // another one is started
        QVERIFY2(wait_for([&] { return contents().rows().rowCount() == 500; }), qPrintable(contents().said()));
        QVERIFY(!page().messages().isShown());
    }

    void hidden_names_are_found() {
        for (auto* button : page().findChildren<QToolButton*>())
            if (button->text() == QStringLiteral("Hidden")) QTest::mouseClick(button, Qt::LeftButton);
        auto& list = *page().findChild<gui::TableView*>(QStringLiteral("files"));
        auto& files = *static_cast<gui::FileListModel*>(list.model());
        QVERIFY(wait_for([&] {
            for (int row = 0; row < files.rowCount(); ++row) (void)files.index(row, 1).data();
            return files.rowCount() == 2 && files.file(0) && files.file(1) && !files.is_listing();
        }));
        for (int row = 0; row < 2; ++row) QVERIFY(files.listed(row)->hidden);
        for (auto* button : page().findChildren<QToolButton*>())
            if (button->text() == QStringLiteral("Hidden")) QTest::mouseClick(button, Qt::LeftButton);
    }

    void what_is_dragged_out_is_a_folder_of_copies() {
        QVERIFY(go_to("/etc/passwd"));
        const std::unique_ptr<QMimeData> data(page().dragged());
        QVERIFY(data);
        QVERIFY(data->hasUrls());
        const auto urls = data->urls();
        QCOMPARE(urls.size(), 1);
        const auto folder = urls.front().toLocalFile();
        QFile copy(folder + QStringLiteral("/etc/passwd"));
        QVERIFY2(copy.open(QIODevice::ReadOnly), qPrintable(folder));
        QVERIFY(copy.readAll().contains("mallory"));
        QVERIFY(QFile::exists(folder + QStringLiteral("/manifest.sha256")));
    }

    void lines_are_compared_data() {
        QTest::addColumn<QStringList>("before");
        QTest::addColumn<QStringList>("after");
        QTest::addColumn<QString>("marks");  // of each line: ' ', '-', '+'
        QTest::newRow("same") << lines("a,b") << lines("a,b") << "  ";
        QTest::newRow("nothing before") << lines("") << lines("a") << "+";
        QTest::newRow("nothing after") << lines("a,b") << lines("") << "--";
        QTest::newRow("a line more") << lines("a,c") << lines("a,b,c") << " + ";
        QTest::newRow("a line less") << lines("a,b,c") << lines("a,c") << " - ";
        QTest::newRow("two apart") << lines("a,b,c,d,e") << lines("a,x,c,d,e,f") << " -+   +";
        QTest::newRow("nothing in common") << lines("a,b") << lines("x,y") << "--++";
        QTest::newRow("turned") << lines("a,b,c") << lines("c,a,b") << "+  -";
    }
    void lines_are_compared() {
        QFETCH(QStringList, before);
        QFETCH(QStringList, after);
        QFETCH(QString, marks);
        QStringList old_lines, new_lines;
        QString seen;
        for (const auto& line : gui::line_diff(before, after)) {
            using Kind = gui::DiffLine::Kind;
            seen += line.kind == Kind::same ? QLatin1Char(' ') : line.kind == Kind::removed ? QLatin1Char('-') : QLatin1Char('+');
            if (line.kind != Kind::added) old_lines << line.text;
            if (line.kind != Kind::removed) new_lines << line.text;
        }
        QCOMPARE(old_lines, before);
        QCOMPARE(new_lines, after);
        QCOMPARE(seen.count(QLatin1Char(' ')), marks.count(QLatin1Char(' ')));
        if (!QByteArray(QTest::currentDataTag()).contains("common") && !QByteArray(QTest::currentDataTag()).contains("apart")) QCOMPARE(seen, marks);
    }
    void any_two_texts_give_both_back() {
        std::uint32_t state = 3;
        const auto text = [&](int lines) {
            QStringList all;
            for (int i = 0; i < lines; ++i) {
                state = state * 1664525 + 1013904223;
                all << QString(QChar(u'a' + static_cast<char16_t>(state >> 28) % 4));
            }
            return all;
        };
        for (int round = 0; round < 300; ++round) {
            const auto before = text(round % 40), after = text((round * 7) % 40);
            QStringList old_lines, new_lines;
            for (const auto& line : gui::line_diff(before, after)) {
                if (line.kind != gui::DiffLine::Kind::added) old_lines << line.text;
                if (line.kind != gui::DiffLine::Kind::removed) new_lines << line.text;
            }
            QCOMPARE(old_lines, before);
            QCOMPARE(new_lines, after);
        }
    }
};

DEADBOX_TEST(ViewersTest)
#include "viewers_test.moc"
