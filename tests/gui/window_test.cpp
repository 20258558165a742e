// The real window on a real case: what an analyst does with mouse and keyboard.
#include <QClipboard>
#include <QDockWidget>
#include <QGuiApplication>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTreeView>

#include "case/view.hpp"
#include "gui/demo_case.hpp"
#include "gui/pages/custody_page.hpp"
#include "gui/pages/entities_page.hpp"
#include "gui/pages/findings_page.hpp"
#include "gui/pages/notes_page.hpp"
#include "gui/pages/timeline_page.hpp"
#include "gui/widgets/chip_bar.hpp"
#include "gui/widgets/events_dock.hpp"
#include "gui/widgets/finding_card.hpp"
#include "gui/widgets/histogram.hpp"
#include "gui/widgets/link_menu.hpp"
#include "gui/widgets/message_bar.hpp"
#include "gui/widgets/plain_label.hpp"
#include "gui/widgets/search_popup.hpp"
#include "gui/widgets/table_view.hpp"
#include "gui/window_fixture.hpp"
#include "report/build.hpp"
#include "report/findings.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using test::page_of, test::settle, test::wait_for;

class WindowTest : public QObject {
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_case;
    std::unique_ptr<gui::MainWindow> m_window;

    report::ReportFinding finding(const QString& id) const {
        const auto view = case_file::View::open(m_case.toStdString());
        const auto texts = report::Texts::load("en");
        report::FindingFilter filter;
        filter.id = id.toStdString();
        const auto found = report::load_findings(*view, *texts, report::Redact::secrets, filter);
        return found && !found->empty() ? found->front() : report::ReportFinding();
    }
    QString verdict_text() const {
        const auto* label = m_window->findChild<gui::PlainLabel*>(QStringLiteral("verdict"));
        return label == nullptr ? QString() : label->text();
    }

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_case = test::copy_of_demo_case(m_folder->path());
        QVERIFY2(!m_case.isEmpty(), "no demo case");
        m_window = test::open_window(m_case);
        QVERIFY(wait_for([&] { return !verdict_text().isEmpty(); }));
    }
    void cleanup() { m_window.reset(); }

    void the_verdict_is_first_and_is_the_reports() {
        QCOMPARE(m_window->current_page()->id(), QStringLiteral("overview"));
        const auto view = case_file::View::open(m_case.toStdString());
        const auto report = report::build_report(*view, *report::Texts::load("en"), {});
        QVERIFY(report.has_value());
        QVERIFY(QString::fromStdString(report->verdict.summary).startsWith(verdict_text()));
        QCOMPARE(m_window->findChild<gui::PlainLabel*>(QStringLiteral("verdict"))->font().pointSize(), 20);
        for (const auto& question : report->questions) {
            const auto labels = m_window->current_page()->findChildren<gui::PlainLabel*>();
            QVERIFY(std::any_of(labels.begin(), labels.end(), [&](const auto* label) { return label->text() == QString::fromStdString(question.question); }));
        }
    }

    void every_page_shows_the_case_without_an_error() {
        for (const auto* page : m_window->pages()) {
            if (!page->needs_case()) continue;
            settle(*m_window, page->id());
            QCOMPARE(m_window->current_page(), page);
            QVERIFY2(!page->messages().isShown(), qPrintable(page->id() + QStringLiteral(": ") + page->messages().text()));
        }
    }

    void a_finding_is_dismissed_with_a_reason_and_undone() {
        settle(*m_window, QStringLiteral("findings"));
        auto& page = page_of<gui::FindingsPage>(*m_window, "findings");
        QVERIFY(wait_for([&] { return !page.card()->finding_id().isEmpty(); }));
        const auto id = page.card()->finding_id();
        page.list()->setFocus();
        QTest::keyClick(page.list(), Qt::Key_D);
        auto* reason = qobject_cast<QLineEdit*>(QApplication::focusWidget());
        QVERIFY(reason != nullptr);
        QTest::keyClicks(reason, QStringLiteral("a test of ours"));
        QTest::keyClick(reason, Qt::Key_Return);
        QVERIFY(wait_for([&] { return finding(id).state == "dismissed"; }));
        QCOMPARE(finding(id).reason, std::string("a test of ours"));
        QVERIFY(wait_for([&] { return page.messages().isShown(); }));
        for (auto* button : page.messages().findChildren<QPushButton*>())
            if (button->text() == QStringLiteral("Undo")) QTest::mouseClick(button, Qt::LeftButton);
        QVERIFY(wait_for([&] { return finding(id).state == "open"; }));
        page.list()->setFocus();
        QTest::keyClick(page.list(), Qt::Key_C);
        QVERIFY(wait_for([&] { return finding(id).state == "confirmed"; }));
        QTest::keyClick(page.list(), Qt::Key_B);
        QVERIFY(wait_for([&] { return finding(id).tags == std::vector<std::string>{"bookmark"}; }));
        QVERIFY(wait_for([&] { const auto* f = page.model()->with_id(id.toStdString()); return f != nullptr && !f->tags.empty(); }));
        page.select(id);
        QTest::keyClick(page.list(), Qt::Key_B);
        QVERIFY(wait_for([&] { return finding(id).tags.empty(); }));
    }

    void all_of_a_group_change_together_and_the_verdict_follows() {
        const auto before = verdict_text();
        settle(*m_window, QStringLiteral("findings"));
        auto& page = page_of<gui::FindingsPage>(*m_window, "findings");
        QVERIFY(wait_for([&] { return page.model()->rowCount() > 0; }));
        page.list()->selectAll();
        page.setState(QStringLiteral("dismissed"), QStringLiteral("all innocent"));
        QVERIFY(wait_for([&] {
            const auto& all = page.model()->findings();
            return std::all_of(all.begin(), all.end(), [](const auto& f) { return f.state == "dismissed"; });
        }));
        settle(*m_window, QStringLiteral("overview"));
        QVERIFY(wait_for([&] { return verdict_text() != before; }));
    }

    void the_list_is_filtered_as_one_types() {
        settle(*m_window, QStringLiteral("findings"));
        auto& page = page_of<gui::FindingsPage>(*m_window, "findings");
        const int all = page.model()->shown_count();
        page.focusFilter();
        QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("critical"));
        QVERIFY(page.model()->shown_count() < all && page.model()->shown_count() > 0);
        QTest::keyClick(m_window.get(), Qt::Key_Escape);
        QCOMPARE(page.model()->shown_count(), all);
    }

    void back_and_forward_find_the_place() {
        settle(*m_window, QStringLiteral("findings"));
        auto& page = page_of<gui::FindingsPage>(*m_window, "findings");
        QVERIFY(wait_for([&] { return page.model()->findings().size() > 1; }));
        const auto id = QString::fromStdString(page.model()->findings()[1].id);
        page.select(id);
        settle(*m_window, QStringLiteral("coverage"));
        m_window->back();
        QCOMPARE(m_window->current_page()->id(), QStringLiteral("findings"));
        QCOMPARE(page.card()->finding_id(), id);
        m_window->back();
        QCOMPARE(m_window->current_page()->id(), QStringLiteral("overview"));
        m_window->forward();
        m_window->forward();
        QCOMPARE(m_window->current_page()->id(), QStringLiteral("coverage"));
    }

    void a_finding_leads_to_its_minute_and_the_dock_shows_what_was_around() {
        settle(*m_window, QStringLiteral("findings"));
        auto& findings = page_of<gui::FindingsPage>(*m_window, "findings");
        QVERIFY(wait_for([&] { return !findings.model()->findings().empty(); }));
        const report::ReportFinding* timed = nullptr;
        for (const auto& f : findings.model()->findings())
            if (f.first_seen && timed == nullptr) timed = &f;
        QVERIFY(timed != nullptr);
        const auto time = *timed->first_seen;
        findings.select(QString::fromStdString(timed->id));
        findings.list()->setFocus();
        QTest::keyClick(findings.list(), Qt::Key_T);
        auto& timeline = page_of<gui::TimelinePage>(*m_window, "timeline");
        QCOMPARE(m_window->current_page(), &timeline);
        QVERIFY(wait_for([&] { const auto at = timeline.model()->time_of(timeline.table()->currentIndex().row()); return at && *at >= time && at->seconds - time.seconds < 3600; }));
        auto* dock = m_window->findChild<QDockWidget*>(QStringLiteral("events_dock"));
        dock->show();
        auto* around = dock->findChild<gui::LineModel*>();
        QVERIFY(wait_for([&] { return around->rowCount() > 0; }));
        for (const auto& line : around->lines()) QVERIFY(std::abs(line.time.seconds - time.seconds) <= 3600 + 300);
        dock->hide();
    }

    void filters_of_the_timeline_are_chips() {
        settle(*m_window, QStringLiteral("timeline"));
        auto& page = page_of<gui::TimelinePage>(*m_window, "timeline");
        QVERIFY(wait_for([&] { return page.model()->rowCount() > 50; }));
        const int all = page.model()->rowCount();
        auto* chips = page.findChild<gui::ChipBar*>();
        page.setText(QStringLiteral("ssh"));
        QVERIFY(wait_for([&] { return !page.model()->is_listing() && page.model()->rowCount() > 0 && page.model()->rowCount() < all; }));
        QVERIFY(chips->isVisible());
        m_window->go(gui::Link::to(gui::Link::Kind::account, "root"), QStringLiteral("timeline"));
        QCOMPARE(chips->findChildren<QPushButton*>(Qt::FindDirectChildrenOnly).size() >= 2, true);
        page.exclude(gui::Link::to(gui::Link::Kind::address, "203.0.113.7"));
        QTest::keyClick(m_window.get(), Qt::Key_Escape);
        QVERIFY(wait_for([&] { return page.model()->rowCount() == all; }));
        QVERIFY(!chips->isVisible());
        auto* histogram = page.histogram();
        Q_EMIT histogram->brushed(histogram->from(), histogram->from() + (histogram->to() - histogram->from()) / 2);
        QVERIFY(wait_for([&] { return page.model()->rowCount() < all; }));
        for (int row = 0; row < std::min(page.model()->rowCount(), 50); ++row) {
            (void)page.model()->index(row, 0).data();
            QVERIFY(wait_for([&] { return page.model()->line(row) != nullptr; }));
            QVERIFY(page.model()->line(row)->time.seconds <= histogram->to());
        }
    }

    void a_note_is_written_and_stands_in_the_custody_log() {
        settle(*m_window, QStringLiteral("notes"));
        auto& page = page_of<gui::NotesPage>(*m_window, "notes");
        page.findChild<QPlainTextEdit*>()->setPlainText(QStringLiteral("Told the owner"));
        QSignalSpy written(&page, &gui::NotesPage::written);
        page.write();
        QVERIFY(written.wait(20'000));
        const auto view = case_file::View::open(m_case.toStdString());
        const auto notes = report::load_notes(*view);
        QCOMPARE(notes->size(), std::size_t{1});
        QCOMPARE(notes->front().text, std::string("Told the owner"));
        settle(*m_window, QStringLiteral("custody"));
        const auto tables = m_window->page(QStringLiteral("custody"))->findChildren<gui::TableView*>();
        const auto log = std::find_if(tables.begin(), tables.end(), [](const auto* each) { return each->model()->columnCount() == 5; });
        QVERIFY(log != tables.end());
        auto* table = *log;
        const auto action = [&](int row) { return table->model()->index(row, 2).data().toString(); };
        QVERIFY2(wait_for([&] { return action(0) == QStringLiteral("seal.analyst") && action(1) == QStringLiteral("note.written"); }), qPrintable(action(0) + QLatin1Char('|') + action(1)));
        page.write();  // empty: a bar says so, nothing is written
        QVERIFY(page.messages().isShown());
    }

    void verification_runs_as_a_program_of_its_own() {
        settle(*m_window, QStringLiteral("custody"));
        auto& page = page_of<gui::CustodyPage>(*m_window, "custody");
        QSignalSpy verified(&page, &gui::CustodyPage::verified);
        page.verify();
        QVERIFY(verified.wait(60'000));
        QCOMPARE(verified.front().front().toBool(), true);
    }

    void everything_is_found_from_one_box() {
        m_window->open_search();
        auto* popup = m_window->findChild<gui::SearchPopup*>();
        QVERIFY(popup->isVisible());
        popup->box()->setText(QStringLiteral("passwd"));
        const auto has = [&](const QString& start, const QString& part) {
            for (int i = 0; i < popup->list()->count(); ++i) {
                const auto text = popup->list()->item(i)->text();
                if (text.startsWith(start) && text.contains(part)) return popup->list()->setCurrentRow(i), true;
            }
            return false;
        };
        QVERIFY(wait_for([&] { return has(QStringLiteral("file"), QStringLiteral("/etc/passwd")); }));
        popup->box()->setText(QStringLiteral("Keys of"));
        QVERIFY(wait_for([&] { return has(QStringLiteral("command"), QStringLiteral("Keys of this page")); }));
        popup->box()->setText(QStringLiteral("root"));
        QVERIFY(wait_for([&] { return has(QStringLiteral("user"), QStringLiteral("root")); }));
        QTest::keyClick(popup->box(), Qt::Key_Return);
        QCOMPARE(m_window->current_page()->id(), QStringLiteral("entities"));
    }

    void every_table_of_a_topic_has_its_page() {
        settle(*m_window, QStringLiteral("entities"));
        auto& page = page_of<gui::EntitiesPage>(*m_window, "entities");
        QVERIFY(wait_for([&] { return page.tables()->count() > 3; }));
        for (int i = 0; i < page.tables()->count(); ++i) {
            page.tables()->setCurrentRow(i);
            QVERIFY(wait_for([&] { return page.model()->rowCount() > 0; }));
            QVERIFY2(!page.messages().isShown(), qPrintable(page.messages().text()));
        }
    }

    void rows_are_copied_as_text_and_as_json() {
        settle(*m_window, QStringLiteral("timeline"));
        auto* page = m_window->page(QStringLiteral("timeline"));
        auto* table = page->findChild<gui::TableView*>();
        QVERIFY(wait_for([&] { return table->model()->rowCount() > 0 && !table->model()->index(0, 0).data().toString().isEmpty(); }));
        table->selectRow(0);
        QVERIFY2(page->selectedText().startsWith(QStringLiteral("Time\tSource")), qPrintable(page->selectedText()));
        QVERIFY(page->selectedJson().startsWith(QLatin1Char('{')));
    }

    void the_menu_of_a_link_is_the_same_everywhere() {
        const auto link = gui::Link::to_file("/etc/passwd", 0);
        m_window->open_menu(link, {100, 100});
        auto* menu = m_window->findChild<gui::LinkMenu*>();
        QVERIFY(menu != nullptr);
        QStringList texts;
        for (const auto* action : menu->actions()) texts += action->text();
        for (const auto* wanted : {"Open", "Show in timeline", "Show in files", "Findings about it", "Copy", "Copy hash", "Add to a note", "Bookmark"}) QVERIFY(texts.contains(QString::fromLatin1(wanted)));
        menu->close();
    }

    void a_case_that_is_none_says_so_and_what_to_do() {
        QFile file(m_folder->path() + QStringLiteral("/broken.deadbox"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(8192, 'x'));
        file.close();
        m_window->open_case(file.fileName());
        QVERIFY(wait_for([&] { return m_window->current_page()->messages().isShown(); }));
        QVERIFY(m_window->current_page()->messages().text().contains(QStringLiteral("cannot be read")));
    }

    void what_another_program_writes_appears() {
        settle(*m_window, QStringLiteral("findings"));
        auto& page = page_of<gui::FindingsPage>(*m_window, "findings");
        QVERIFY(wait_for([&] { return !page.model()->findings().empty(); }));
        const auto id = page.model()->findings().front().id;
        QProcess process;
        process.start(gui::deadbox_program(), {QStringLiteral("mark"), m_case, QString::fromStdString(id), QStringLiteral("--state"), QStringLiteral("confirmed")});
        QVERIFY(process.waitForFinished(30'000));
        QCOMPARE(process.exitCode(), 0);
        QVERIFY(wait_for([&] { const auto* f = page.model()->with_id(id); return f != nullptr && f->state == "confirmed"; }));
    }
};

DEADBOX_TEST(WindowTest)
#include "window_test.moc"
