// The real window on a real case: what an analyst does with mouse and keyboard.
#include <QClipboard>
#include <QComboBox>
#include <QDockWidget>
#include <QGuiApplication>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTreeView>

#include "case/view.hpp"
#include "case/view_clock.hpp"
#include "gui/demo_case.hpp"
#include "gui/pages/custody_page.hpp"
#include "gui/pages/entities_page.hpp"
#include "gui/pages/findings_page.hpp"
#include "gui/pages/notes_page.hpp"
#include "gui/pages/timeline_page.hpp"
#include "gui/widgets/chip_bar.hpp"
#include "gui/widgets/clock_form.hpp"
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

#include <cmath>

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

    void a_message_takes_no_more_than_its_lines() {
        for (auto* page : m_window->pages()) {
            if (!page->needs_case()) continue;
            settle(*m_window, page->id());
            auto& bar = page->messages();
            bar.showError(QStringLiteral("Nothing was changed: the case is on a disk that is full"));
            page->layout()->activate();
            QVERIFY2(bar.height() <= 2 * bar.sizeHint().height(), qPrintable(page->id()));
            bar.clear();
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
        QTest::keyClick(reason, Qt::Key_Return);  // without a word nothing happens
        QTest::keyClicks(reason, QStringLiteral("   "));
        QTest::keyClick(reason, Qt::Key_Return);
        QVERIFY(reason->isVisible());
        QTest::qWait(200);
        QCOMPARE(finding(id).state, std::string("open"));
        reason->clear();
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
        const auto all_are = [&](const char* state) {
            const auto& all = page.model()->findings();
            return std::all_of(all.begin(), all.end(), [&](const auto& f) { return f.state == state; });
        };
        page.setState(QStringLiteral("dismissed"), QStringLiteral(" "));
        QVERIFY(page.messages().isShown());
        QVERIFY(all_are("open"));
        const auto buttons = page.findChildren<QPushButton*>();
        const auto dismiss = std::find_if(buttons.begin(), buttons.end(), [](const auto* each) { return each->accessibleName() == QStringLiteral("Dismiss all that are selected, with a reason"); });
        QVERIFY(dismiss != buttons.end() && (*dismiss)->isVisible());
        QTest::mouseClick(*dismiss, Qt::LeftButton);
        auto* reason = qobject_cast<QLineEdit*>(QApplication::focusWidget());
        QVERIFY(reason != nullptr);
        QTest::keyClick(reason, Qt::Key_Return);
        QTest::keyClicks(reason, QStringLiteral("all innocent"));
        QTest::keyClick(reason, Qt::Key_Return);
        QVERIFY(wait_for([&] { return all_are("dismissed"); }));
        for (const auto& f : page.model()->findings()) QCOMPARE(f.reason, std::string("all innocent"));
        settle(*m_window, QStringLiteral("overview"));
        QVERIFY(wait_for([&] { return verdict_text() != before; }));
        settle(*m_window, QStringLiteral("findings"));
        page.list()->setFocus();
        QTest::keyClick(page.list(), Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(wait_for([&] { return all_are("open"); }));
        settle(*m_window, QStringLiteral("overview"));
        QVERIFY(wait_for([&] { return verdict_text() == before; }));
    }

    // An analysis that writes must not take away what somebody has just chosen.
    void a_choice_of_several_outlives_a_refresh() {
        settle(*m_window, QStringLiteral("findings"));
        auto& page = page_of<gui::FindingsPage>(*m_window, "findings");
        QVERIFY(wait_for([&] { return page.model()->findings().size() > 3; }));
        const auto first = page.model()->index_of(page.model()->findings()[0].id), second = page.model()->index_of(page.model()->findings()[2].id);
        QVERIFY(first.isValid() && second.isValid());
        page.list()->selectionModel()->setCurrentIndex(first, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
        page.list()->selectionModel()->select(second, QItemSelectionModel::Select | QItemSelectionModel::Rows);
        const auto text = page.selectedText();
        QCOMPARE(text.count(QLatin1Char('\n')), 2);
        QSignalSpy loaded(&page, &gui::FindingsPage::loaded);
        page.refresh();
        QVERIFY(loaded.wait(20'000));
        QCOMPARE(page.selectedText(), text);
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

    // Given in the window as by `case set --clock-offset`: meta, custody log, and every moment that is shown; and taken back.
    void the_machines_clock_is_corrected_and_it_stands_in_the_custody_log() {
        settle(*m_window, QStringLiteral("timeline"));
        auto& page = page_of<gui::TimelinePage>(*m_window, "timeline");
        QVERIFY(wait_for([&] { return page.model()->line(page.table()->currentIndex().row()) != nullptr; }));
        const auto recorded = page.model()->line(page.table()->currentIndex().row())->recorded;
        page.correct_clock();
        auto* form = page.findChild<gui::ClockForm*>();
        QVERIFY(form->isVisible());
        const auto fields = form->findChildren<QSpinBox*>();  // days, hours, minutes, seconds
        fields[1]->setValue(1), fields[3]->setValue(5);
        form->findChild<QComboBox*>()->setCurrentIndex(1);
        QCOMPARE(form->offset(), std::int64_t{-3605});
        auto* source = form->findChild<QLineEdit*>(QStringLiteral("source"));
        QSignalSpy wanted(form, &gui::ClockForm::wanted);
        QTest::keyClick(source, Qt::Key_Return);  // nobody said where it is known from
        QCOMPARE(wanted.count(), 0);
        source->setText(QStringLiteral("compared with the hypervisor"));
        QTest::keyClick(source, Qt::Key_Return);
        const auto clock = [&] {
            const auto view = case_file::View::open(m_case.toStdString());
            return *case_file::clock_of(*view);
        };
        QVERIFY(wait_for([&] { return clock().offset == -3605; }));
        QCOMPARE(clock().source, std::string("compared with the hypervisor"));
        QVERIFY(wait_for([&] { return !form->isVisible(); }));  // it is told after the case has it
        const auto view = case_file::View::open(m_case.toStdString());
        auto entry = view->prepare("SELECT details FROM custody WHERE action = 'case.set' ORDER BY id DESC LIMIT 1");
        QVERIFY(entry && *entry->step());
        QVERIFY(entry->text(0).find("\"clock_offset\":\"-3605\"") != std::string_view::npos);
        QVERIFY(entry->text(0).find("hypervisor") != std::string_view::npos);
        entry->reset();
        const auto shown = [&](std::int64_t by) {
            return wait_for([&] {
                for (int row = 0; row < std::min(page.model()->rowCount(), 2000); ++row) (void)page.model()->index(row, 0).data();
                for (int row = 0; row < std::min(page.model()->rowCount(), 2000); ++row)
                    if (const auto* line = page.model()->line(row); line != nullptr && line->recorded == recorded) return line->time.seconds == recorded.seconds + by;
                return false;
            });
        };
        QVERIFY(shown(3605));
        QVERIFY(wait_for([&] { return page.messages().isShown(); }));
        for (auto* button : page.messages().findChildren<QPushButton*>())
            if (button->text() == QStringLiteral("Undo")) QTest::mouseClick(button, Qt::LeftButton);
        QVERIFY(wait_for([&] { return clock().is_right(); }));
        QVERIFY(shown(0));
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
        QVERIFY2(wait_for([&] { return action(0) == QStringLiteral("Digest of the examiner's entries taken") && action(1) == QStringLiteral("Note written"); }), qPrintable(action(0) + QLatin1Char('|') + action(1)));
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
        const auto says = [&](const QString& words) {
            const auto labels = page.findChildren<gui::PlainLabel*>();
            return std::any_of(labels.begin(), labels.end(), [&](const auto* label) { return label->text().contains(words); });
        };
        // What only a head from elsewhere can show is not said to hold.
        QVERIFY(says(QStringLiteral("kept elsewhere")) && !says(QStringLiteral("Everything holds")));
        const auto* results = page.findChild<gui::TableView*>(QStringLiteral("verification"));
        QStringList outcomes;
        for (int row = 0; row < results->model()->rowCount(); ++row) outcomes << results->model()->index(row, 1).data().toString();
        QVERIFY2(outcomes.contains(QStringLiteral("cannot be shown here")), qPrintable(outcomes.join(QLatin1Char('|'))));
        const auto boxes = page.findChildren<QLineEdit*>();
        const auto anchor = std::find_if(boxes.begin(), boxes.end(), [](const auto* box) { return box->accessibleName() == QStringLiteral("Head that was written down"); });
        QVERIFY(anchor != boxes.end());
        (*anchor)->setText(QString(64, QLatin1Char('0')));
        page.verify();
        QVERIFY(verified.wait(60'000));
        QCOMPARE(verified.back().front().toBool(), false);
        (*anchor)->clear();
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
        popup->box()->setText(QStringLiteral("dark"));  // a command in a menu of a menu
        QVERIFY(wait_for([&] { return has(QStringLiteral("command"), QStringLiteral("Colours › Dark")); }));
        popup->box()->setText(QStringLiteral("zone"));
        QVERIFY(wait_for([&] { return has(QStringLiteral("command"), QStringLiteral("Time zone › My own zone")); }));
        popup->box()->setText(QStringLiteral("root"));
        QVERIFY(wait_for([&] { return has(QStringLiteral("user"), QStringLiteral("root")); }));
        QTest::keyClick(popup->box(), Qt::Key_Return);
        QCOMPARE(m_window->current_page()->id(), QStringLiteral("entities"));
    }

    // The theme's icons are drawn for the window's ground: on the selection they take the colour of its text.
    void the_rails_icon_is_readable_on_the_selection() {
        auto* rail = m_window->findChild<QListWidget*>(QStringLiteral("rail"));
        const auto brightness = [&](int row) {
            const auto rect = rail->visualItemRect(rail->item(row)).adjusted(4, 4, 0, -4);
            const auto image = rail->viewport()->grab(QRect(rect.topLeft(), QSize(36, rect.height()))).toImage();
            const QColor ground = image.pixelColor(0, 0);
            double most = 0;  // of the contrast that any of its points has to the ground
            const auto luminance = [](const QColor& c) { return 0.2126 * std::pow(c.redF(), 2.2) + 0.7152 * std::pow(c.greenF(), 2.2) + 0.0722 * std::pow(c.blueF(), 2.2); };
            for (int y = 0; y < image.height(); ++y)
                for (int x = 0; x < image.width(); ++x) {
                    const auto a = luminance(image.pixelColor(x, y)) + 0.05, b = luminance(ground) + 0.05;
                    most = std::max(most, std::max(a, b) / std::min(a, b));
                }
            return most;
        };
        for (int row = 0; row < rail->count(); ++row) {
            rail->setCurrentRow(row);
            QVERIFY2(brightness(row) >= 3, qPrintable(QStringLiteral("%1: %2").arg(rail->item(row)->text()).arg(brightness(row))));
        }
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
