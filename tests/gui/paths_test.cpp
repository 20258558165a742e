// What a newcomer wants to know, with the mouse alone: from the opened case, at most three clicks each.
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QTemporaryDir>
#include <QTimer>

#include "gui/demo_case.hpp"
#include "gui/pages/findings_page.hpp"
#include "gui/pages/report_page.hpp"
#include "gui/pages/timeline_page.hpp"
#include "gui/widgets/finding_card.hpp"
#include "gui/widgets/message_bar.hpp"
#include "gui/widgets/plain_label.hpp"
#include "gui/widgets/table_view.hpp"
#include "gui/window_fixture.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using test::page_of, test::wait_for;

class PathsTest : public QObject {
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<gui::MainWindow> m_window;
    int m_clicks = 0;

    // A click where the widget is, after it was scrolled to as a person scrolls.
    void click(QWidget* widget) {
        for (auto* parent = widget->parentWidget(); parent != nullptr; parent = parent->parentWidget())
            if (auto* area = qobject_cast<QScrollArea*>(parent)) area->ensureWidgetVisible(widget);
        QVERIFY2(widget->isVisible(), qPrintable(widget->accessibleName()));
        QTest::mouseClick(widget, Qt::LeftButton, {}, QPoint(std::min(20, widget->width() / 2), widget->height() / 2));
        ++m_clicks;
        QCoreApplication::processEvents();
    }
    void click_rail(const QString& page) {
        auto* rail = m_window->findChild<QListWidget*>(QStringLiteral("rail"));
        for (int i = 0; i < rail->count(); ++i) {
            if (rail->item(i)->data(Qt::UserRole).toString() != page) continue;
            QTest::mouseClick(rail->viewport(), Qt::LeftButton, {}, rail->visualItemRect(rail->item(i)).center());
            ++m_clicks;
        }
        QCOMPARE(m_window->current_page()->id(), page);
    }
    // What can be read on the page now, in any label that is there to be seen.
    bool reads(const QString& text) const {
        for (const auto* label : m_window->current_page()->findChildren<QLabel*>())
            if (label->isVisible() && label->text().contains(text, Qt::CaseInsensitive)) return true;
        for (const auto* box : m_window->current_page()->findChildren<QPlainTextEdit*>())
            if (box->isVisible() && box->toPlainText().contains(text, Qt::CaseInsensitive)) return true;
        return false;
    }
    gui::PlainLabel* link(const QString& text) const {
        for (auto* label : m_window->current_page()->findChildren<gui::PlainLabel*>())
            if (label->focusPolicy() == Qt::TabFocus && label->text().contains(text)) return label;
        return nullptr;
    }

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_window = test::open_window(test::copy_of_demo_case(m_folder->path()));
        QVERIFY(wait_for([&] { return m_window->findChild<gui::PlainLabel*>(QStringLiteral("verdict")) != nullptr; }));
        m_clicks = 0;
    }
    void cleanup() {
        m_window.reset();
        QVERIFY2(m_clicks <= 3, qPrintable(QString::number(m_clicks)));
    }

    // Overview > the first line of "What happened" > the finding; its time leads into the timeline.
    void what_happened_first() {
        QVERIFY(reads(QStringLiteral("What happened")));
        auto* first = link(QStringLiteral("2026-03-02 04:11:07"));
        QVERIFY2(first != nullptr, "the story's first time");
        click(first);
        auto& page = page_of<gui::TimelinePage>(*m_window, "timeline");
        QCOMPARE(m_window->current_page(), &page);
        QVERIFY(wait_for([&] { const auto* line = page.model()->line(page.table()->currentIndex().row()); return line != nullptr && line->message.find("thumb.php") != std::string::npos; }));
        QCOMPARE(m_clicks, 1);
    }

    // Overview > the question "Were accounts added or raised?" > the finding's card.
    void which_account_was_added() {
        auto* question = link(QStringLiteral("Were accounts added"));
        QVERIFY2(question != nullptr, "the question about accounts");
        click(question);
        QCOMPARE(m_window->current_page()->id(), QStringLiteral("findings"));
        QVERIFY(wait_for([&] { return reads(QStringLiteral("backup1")); }));
        QVERIFY(reads(QStringLiteral("root's user id 0")));
    }

    // Overview > the question "Are there webshells?" > the card: what it can do, and what happened in the minutes around it.
    void what_the_webshell_did() {
        auto* question = link(QStringLiteral("Are there webshells"));
        QVERIFY2(question != nullptr, "the question about webshells");
        click(question);
        auto& page = page_of<gui::FindingsPage>(*m_window, "findings");
        QVERIFY(wait_for([&] { return reads(QStringLiteral("A script that serves an intruder")); }));
        QVERIFY(reads(QStringLiteral("What happened around it")));
        QVERIFY(wait_for([&] { return reads(QStringLiteral("thumb.php")); }));
        auto* next = link(QStringLiteral("after a webshell appeared, an account was added"));
        QVERIFY2(next != nullptr, "what followed it");
        click(next);
        QVERIFY(wait_for([&] { return page.findChild<gui::PlainLabel*>(QStringLiteral("finding_title"))->text().contains(QStringLiteral("backup1")); }));
    }

    // Findings > "Export the evidence…" > the folder.
    void how_to_export_the_evidence() {
        click_rail(QStringLiteral("findings"));
        auto& page = page_of<gui::FindingsPage>(*m_window, "findings");
        QVERIFY(wait_for([&] { return page.model()->rowCount() > 0; }));
        const QString folder = m_folder->filePath(QStringLiteral("evidence"));
        QVERIFY(QDir().mkpath(folder));
        QSignalSpy exported(&page, &gui::FindingsPage::exported);
        QTimer::singleShot(500, this, [&] {
            auto* dialog = qobject_cast<QFileDialog*>(QApplication::activeModalWidget());
            if (dialog == nullptr) return;
            QTimer::singleShot(10'000, dialog, &QDialog::reject);  // a test that fails must not wait for ever
            dialog->setDirectory(folder);
            for (auto* button : dialog->findChild<QDialogButtonBox*>()->buttons())
                if (dialog->findChild<QDialogButtonBox*>()->buttonRole(button) == QDialogButtonBox::AcceptRole) QTest::mouseClick(button, Qt::LeftButton), ++m_clicks;
        });
        click(page.findChild<QPushButton*>(QStringLiteral("export_evidence")));
        QVERIFY(exported.count() > 0 || exported.wait(60'000));
        QVERIFY2(exported.front().front().toBool(), qPrintable(page.messages().text()));
        QVERIFY(QFile::exists(folder + QStringLiteral("/manifest.sha256")));
        QVERIFY(QFile::exists(folder + QStringLiteral("/files.jsonl")));
    }

    // Report > "Write the report".
    void how_to_get_a_report() {
        click_rail(QStringLiteral("report"));
        auto& page = page_of<gui::ReportPage>(*m_window, "report");
        QSignalSpy written(&page, &gui::ReportPage::written);
        for (auto* button : page.findChildren<QPushButton*>())
            if (button->text() == QStringLiteral("Write the report")) click(button);
        QVERIFY(written.wait(60'000));
        QCOMPARE(written.front().front().toBool(), true);
    }
};

DEADBOX_TEST(PathsTest)
#include "paths_test.moc"
