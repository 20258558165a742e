// The files page and its viewers on a real case.
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLineEdit>
#include <QProcess>
#include <QScrollBar>
#include <QTemporaryDir>
#include <QToolButton>
#include <QTreeView>

#include <signal.h>

#include "case/database.hpp"
#include "gui/demo_case.hpp"
#include "gui/models/file_list_model.hpp"
#include "gui/models/folder_model.hpp"
#include "gui/pages/files_page.hpp"
#include "gui/widgets/file_details.hpp"
#include "gui/widgets/file_viewer.hpp"
#include "gui/widgets/hex_view.hpp"
#include "gui/widgets/message_bar.hpp"
#include "gui/widgets/plain_label.hpp"
#include "gui/widgets/table_view.hpp"
#include "gui/widgets/text_decoder.hpp"
#include "gui/widgets/text_view.hpp"
#include "gui/window_fixture.hpp"
#include "support/test_main.hpp"

#include <QAbstractItemModelTester>
#include <QCryptographicHash>

using namespace deadbox;
using test::page_of, test::settle, test::wait_for;

namespace {

constexpr char k_shell[] = "/var/www/html/uploads/2026/03/thumb.php";

}  // namespace

class FilesTest : public QObject {
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_case;
    std::unique_ptr<gui::MainWindow> m_window;

    gui::FilesPage& page() { return page_of<gui::FilesPage>(*m_window, "files"); }
    gui::TableView& list() { return *page().findChild<gui::TableView*>(QStringLiteral("files")); }
    gui::FileViewer& viewer() { return *page().findChild<gui::FileViewer*>(); }
    gui::FileListModel& files() { return *static_cast<gui::FileListModel*>(list().model()); }
    bool go_to(const char* path) {
        m_window->go(gui::Link::to(gui::Link::Kind::path, path), QStringLiteral("files"));
        return wait_for([&] { return page().selection().value == QByteArray(path); });
    }

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_case = test::copy_of_demo_case(m_folder->path());
        QVERIFY2(!m_case.isEmpty(), "no demo case");
        m_window = test::open_window(m_case);
        settle(*m_window, QStringLiteral("files"));
        QVERIFY(wait_for([&] { return list().model() != nullptr && files().rowCount() > 0; }));
    }
    void cleanup() { m_window.reset(); }

    void the_models_keep_qts_rules() {
        auto* tree = page().findChild<QTreeView*>();
        const QAbstractItemModelTester folders(tree->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        const QAbstractItemModelTester rows(list().model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        QVERIFY(go_to(k_shell));
        for (int column = 0; column < files().columnCount(); ++column) {
            list().sortByColumn(column, Qt::DescendingOrder);
            list().sortByColumn(column, Qt::AscendingOrder);
        }
        QVERIFY(wait_for([&] { return page().selection().value == QByteArray(k_shell); }));  // sorting keeps the place
    }

    void a_path_leads_to_its_folder_and_content() {
        QVERIFY(go_to(k_shell));
        auto* tree = page().findChild<QTreeView*>();
        QVERIFY(wait_for([&] { return tree->currentIndex().data(gui::FolderModel::PathRole).toByteArray() == QByteArray("/var/www/html/uploads/2026/03"); }));
        QVERIFY(wait_for([&] { return viewer().text().shown_text().contains(QStringLiteral("<?php")); }));
        const int row = list().currentIndex().row();
        QVERIFY(files().severity(row).has_value());  // a finding names it
    }

    void a_path_that_is_not_there_is_said() {
        m_window->go(gui::Link::to(gui::Link::Kind::path, "/no/such/file"), QStringLiteral("files"));
        QVERIFY(wait_for([&] { return page().messages().isShown(); }));
        QVERIFY(page().messages().text().contains(QStringLiteral("/no/such/file")));
    }

    void filters_search_the_whole_machine() {
        for (auto* button : page().findChildren<QToolButton*>())
            if (button->text() == QStringLiteral("With findings")) QTest::mouseClick(button, Qt::LeftButton);
        QVERIFY(wait_for([&] {
            for (int row = 0; row < files().rowCount(); ++row) (void)files().index(row, 1).data();
            return files().rowCount() > 0 && !files().is_listing() && files().severity(0).has_value() && files().file(files().rowCount() - 1);
        }));
        bool shell = false;
        for (int row = 0; row < files().rowCount(); ++row) {
            QVERIFY(files().severity(row).has_value());
            shell = shell || files().file(row)->path == k_shell;
        }
        QVERIFY(shell);
    }

    void bytes_are_those_of_the_file() {
        QVERIFY(go_to(k_shell));
        const auto file = *files().file(list().currentIndex().row());
        viewer().go_to(0);
        auto& hex = viewer().hex();
        hex.setFocus();
        QVERIFY(wait_for([&] {
            QTest::keyClick(&hex, Qt::Key_A, Qt::ControlModifier);
            return hex.selected_hex().split(QLatin1Char(' ')).size() == file.size;
        }));
        const auto bytes = QByteArray::fromHex(hex.selected_hex().toLatin1());
        QCOMPARE(QString::fromLatin1(QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex()), QString::fromStdString(file.sha256));
        hex.go_to(1ull << 40);
        QCOMPARE(hex.cursor(), quint64(file.size - 1));
    }

    // The image lies elsewhere: the window asks where, keeps it for this case, and what it starts is told so too.
    void evidence_that_has_moved() {
        m_window.reset();
        {
            const auto database = case_file::Database::open(m_case.toStdString(), case_file::Access::write);
            QVERIFY(database && database->execute("UPDATE evidence SET argument = '/nowhere/web1.raw'"));
        }
        const auto image = QFileInfo(test::demo_case()).path() + QStringLiteral("/web1.raw");
        m_window = test::open_window(m_case);
        settle(*m_window, QStringLiteral("files"));
        QVERIFY(wait_for([&] { return list().model() != nullptr && files().rowCount() > 0; }));
        QVERIFY(go_to(k_shell));
        QVERIFY(wait_for([&] { return page().messages().isShown(); }));
        QVERIFY2(page().messages().text().contains(QStringLiteral("not where it was")), qPrintable(page().messages().text()));
        QString asked;
        m_window->ask_for_evidence = [&](const QString& before) { return asked = before, image; };
        m_window->find_evidence();
        QVERIFY(wait_for([&] { return viewer().text().shown_text().contains(QStringLiteral("<?php")); }));
        QCOMPARE(asked, QStringLiteral("/nowhere/web1.raw"));
        QVERIFY(!page().messages().isShown());
        const QString out = m_folder->path() + QStringLiteral("/moved");
        page().export_to(out);
        QVERIFY(wait_for([&] { return QFile::exists(out + QString::fromLatin1(k_shell)); }));
        m_window = test::open_window(m_case);  // again, later
        settle(*m_window, QStringLiteral("files"));
        QVERIFY(wait_for([&] { return list().model() != nullptr && files().rowCount() > 0; }));
        QVERIFY(go_to(k_shell));
        QVERIFY(wait_for([&] { return viewer().text().shown_text().contains(QStringLiteral("<?php")); }));
        m_window->session()->set_evidence_places({});
    }

    void an_export_has_its_manifest() {
        QVERIFY(go_to(k_shell));
        const auto file = *files().file(list().currentIndex().row());
        const QString out = m_folder->path() + QStringLiteral("/copies");
        page().export_to(out);
        const QString copy = out + QString::fromLatin1(k_shell);
        QVERIFY(wait_for([&] { return QFile::exists(out + QStringLiteral("/manifest.sha256")); }));
        QFile content(copy);
        QVERIFY(content.open(QIODevice::ReadOnly));
        QCOMPARE(QString::fromLatin1(QCryptographicHash::hash(content.readAll(), QCryptographicHash::Sha256).toHex()), QString::fromStdString(file.sha256));
    }

    void details_name_the_findings_and_the_digest() {
        QVERIFY(go_to(k_shell));
        auto* details = page().findChild<gui::FileDetails*>();
        viewer().setCurrentWidget(details);
        const auto says = [&](const QString& text) {
            const auto labels = details->findChildren<gui::PlainLabel*>();
            return std::any_of(labels.begin(), labels.end(), [&](const auto* label) { return label->text().contains(text) || label->accessibleName().contains(text); });
        };
        QVERIFY(wait_for([&] { return says(QStringLiteral("webshell/")); }));
        QVERIFY(says(QString::fromStdString(files().file(list().currentIndex().row())->sha256)));
        QCOMPARE(details->horizontalScrollBar()->maximum(), 0);  // digests go on in the next line
    }

    void losing_the_serving_worker_costs_nothing() {
        QVERIFY(go_to(k_shell));
        QVERIFY(wait_for([&] { return viewer().text().shown_text().contains(QStringLiteral("<?php")); }));
        QProcess::execute(QStringLiteral("pkill"), {QStringLiteral("-KILL"), QStringLiteral("-P"), QString::number(QCoreApplication::applicationPid()), QStringLiteral("deadbox-worker")});
        QVERIFY(go_to("/etc/passwd"));
        QVERIFY(wait_for([&] { return viewer().text().shown_text().contains(QStringLiteral("root:")); }));
        QVERIFY(!page().messages().isShown());
    }

    void text_is_decoded_and_escaped() {
        using gui::TextEncoding;
        QCOMPARE(gui::guess_encoding("gr\xc3\xbc\xc3\x9f"), TextEncoding::utf8);
        QCOMPARE(gui::guess_encoding("gr\xfc\xdf e"), TextEncoding::latin1);
        QCOMPARE(gui::guess_encoding(QByteArray("h\0i\0!\0 \0", 8)), TextEncoding::utf16_le);
        QCOMPARE(gui::guess_encoding(QByteArray("\0h\0i\0!\0 ", 8)), TextEncoding::utf16_be);
        QCOMPARE(gui::decode_text("gr\xfc\xdf", TextEncoding::latin1).text, QStringLiteral("gr\u00fc\u00df"));
        QCOMPARE(gui::decode_text("a\x1b[31mb\xe2\x80\xae\xff", TextEncoding::utf8).text, QStringLiteral("a\\x1b[31mb\\u202e\\xff"));
        QCOMPARE(gui::decode_text(QByteArray("\x3d\xd8\x00\xde", 4), TextEncoding::utf16_le).text, QString::fromUcs4(U"\U0001f600", 1));
        const auto lines = gui::decode_text(QByteArray(5 * gui::k_longest_line, 'x'), TextEncoding::utf8).text.split(QLatin1Char('\n'));
        for (const auto& line : lines) QVERIFY(line.size() <= gui::k_longest_line + 1);
    }
};

DEADBOX_TEST(FilesTest)
#include "files_test.moc"
