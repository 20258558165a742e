// What hands do in the window: nothing moves under the pointer, nothing is changed that was not meant, nothing is taken away.
#include <QAbstractItemView>
#include <QComboBox>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QMenuBar>
#include <QPushButton>
#include <QRegularExpression>
#include <QScrollArea>
#include <QScrollBar>
#include <QSettings>
#include <QTemporaryDir>
#include <QTreeView>
#include <QWheelEvent>

#include "case/view.hpp"
#include "gui/demo_case.hpp"
#include "gui/models/own_texts.hpp"
#include "gui/pages/files_page.hpp"
#include "gui/pages/findings_page.hpp"
#include "gui/pages/report_page.hpp"
#include "gui/pages/start_page.hpp"
#include "gui/pages/timeline_page.hpp"
#include "gui/widgets/finding_card.hpp"
#include "gui/widgets/hex_view.hpp"
#include "gui/widgets/histogram.hpp"
#include "gui/widgets/message_bar.hpp"
#include "gui/widgets/new_case_form.hpp"
#include "gui/widgets/plain_label.hpp"
#include "gui/widgets/report_preview.hpp"
#include "gui/widgets/table_view.hpp"
#include "gui/window_fixture.hpp"
#include "report/sample_case.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using test::page_of, test::settle, test::wait_for;

class MannersTest : public QObject {
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_case;
    std::unique_ptr<gui::MainWindow> m_window;

    gui::FindingsPage& findings() {
        settle(*m_window, QStringLiteral("findings"));
        auto& page = page_of<gui::FindingsPage>(*m_window, "findings");
        (void)wait_for([&] { return page.model()->findings().size() > 3 && !page.card()->finding_id().isEmpty(); });
        return page;
    }
    static QModelIndex in_group(const gui::FindingsPage& page, int group, int row) { return page.model()->index(row, 0, page.model()->index(group, 0)); }
    static void click(QTreeView& list, const QModelIndex& index) { QTest::mouseClick(list.viewport(), Qt::LeftButton, {}, list.visualRect(index).center()); }
    static int count_of(const gui::FindingsPage& page, const std::string& state) {
        const auto& all = page.model()->findings();
        return static_cast<int>(std::count_if(all.begin(), all.end(), [&](const auto& f) { return f.state == state; }));
    }
    static QList<gui::MainWindow*> windows() {
        QList<gui::MainWindow*> all;
        for (auto* each : QApplication::topLevelWidgets())
            if (auto* window = qobject_cast<gui::MainWindow*>(each)) all << window;
        return all;
    }
    static bool turn_wheel(QWidget& over) {
        const QPointF at = over.rect().center();
        QWheelEvent event(at, over.mapToGlobal(at), {}, {0, -120}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(&over, &event);
        return event.isAccepted();
    }

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_case = test::copy_of_demo_case(m_folder->path());
        QVERIFY2(!m_case.isEmpty(), "no demo case");
        m_window = test::open_window({});
    }
    void cleanup() {
        m_window.reset();
        qDeleteAll(windows());
    }

    // Opened where a page has no commands, it opens on the next page all the same.
    void the_menu_of_the_page_follows_the_page() {
        const auto menus = m_window->menuBar()->actions();
        const auto of_page = std::find_if(menus.begin(), menus.end(), [](const auto* action) { return action->text() == QStringLiteral("&Page"); });
        QVERIFY(of_page != menus.end());
        const auto opened = [&] {
            QTest::mouseClick(m_window->menuBar(), Qt::LeftButton, {}, m_window->menuBar()->actionGeometry(*of_page).center());
            const bool visible = (*of_page)->menu()->isVisible();
            (*of_page)->menu()->close();
            return visible;
        };
        QVERIFY(opened());  // the page of the beginning has none
        QVERIFY((*of_page)->menu()->actions().size() == 1 && !(*of_page)->menu()->actions().front()->isEnabled());
        m_window->open_case(m_case);
        auto& page = findings();
        QVERIFY(opened());
        QVERIFY((*of_page)->menu()->actions().contains(page.actions().front()));
    }

    void the_wheel_scrolls_the_form_and_chooses_nothing() {
        m_window->resize(1366, 500);
        m_window->take_files({m_case + QStringLiteral("-none.raw")});
        auto& start = page_of<gui::StartPage>(*m_window, "start");
        const auto boxes = start.form().findChildren<QComboBox*>();
        QVERIFY(!boxes.isEmpty());
        auto* box = boxes.front();
        box->setFocus();  // chosen in, and then scrolled on
        const int chosen = box->currentIndex();
        auto* scroll = start.form().findChild<QScrollArea*>();
        QVERIFY(scroll != nullptr);
        QVERIFY(wait_for([&] { return scroll->verticalScrollBar()->maximum() > 0; }));
        QVERIFY(!turn_wheel(*box));  // it goes on to the area that scrolls
        QCOMPARE(box->currentIndex(), chosen);
        QTest::keyClick(box, Qt::Key_Down);  // the keyboard chooses
        QVERIFY(box->currentIndex() != chosen);
    }

    void how_to_start_is_in_sight_data() {
        QTest::addColumn<QSize>("size");
        QTest::newRow("laptop") << QSize(1366, 700);
        QTest::newRow("smallest") << QSize(960, 540);
    }
    void how_to_start_is_in_sight() {
        QFETCH(QSize, size);
        m_window->resize(size);
        m_window->take_files({m_case + QStringLiteral("-none.raw")});
        auto& start = page_of<gui::StartPage>(*m_window, "start");
        auto* begin = start.form().findChild<QPushButton*>(QStringLiteral("start_analysis"));
        QVERIFY(wait_for([&] { return begin->isVisible(); }));
        QTest::qWait(50);
        const QRect place(begin->mapTo(m_window.get(), QPoint()), begin->size());
        QVERIFY(m_window->rect().contains(place));
        QVERIFY(!begin->visibleRegion().isEmpty() && begin->visibleRegion().boundingRect() == begin->rect());
    }

    void a_message_moves_nothing_that_is_pointed_at() {
        m_window->open_case(m_case);
        for (auto* page : m_window->pages()) {
            if (!page->needs_case()) continue;
            settle(*m_window, page->id());
            const auto views = page->findChildren<QAbstractItemView*>();
            std::vector<std::pair<QWidget*, QPoint>> places;
            for (auto* view : views)
                if (view->isVisible()) places.emplace_back(view->viewport(), view->viewport()->mapTo(m_window.get(), QPoint()));
            page->messages().showError(QStringLiteral("Something was said"), QStringLiteral("more"));
            page->layout()->activate();
            QTest::qWait(20);
            for (const auto& [view, place] : places) QVERIFY2(view->mapTo(m_window.get(), QPoint()) == place, qPrintable(page->id()));
            page->messages().clear();
        }
    }

    void whoever_clicks_on_a_group_has_chosen_nothing() {
        m_window->open_case(m_case);
        auto& page = findings();
        auto* list = page.list();
        const auto group = page.model()->index(0, 0);
        QVERIFY(page.model()->rowCount(group) > 1);
        click(*list, in_group(page, 0, 1));
        const auto id = page.card()->finding_id();
        click(*list, group);
        QCOMPARE(page.card()->finding_id(), id);
        QTest::keyClick(list, Qt::Key_C);
        QVERIFY(wait_for([&] { return count_of(page, "confirmed") > 0; }));
        QCOMPARE(count_of(page, "confirmed"), 1);  // the one that the card shows
        QCOMPARE(page.model()->with_id(id.toStdString())->state, std::string("confirmed"));
    }

    void a_group_is_chosen_by_saying_so_and_stays_the_choice() {
        m_window->open_case(m_case);
        auto& page = findings();
        auto* list = page.list();
        const auto outside = in_group(page, 1, 0);
        click(*list, outside);
        const int in_first = page.model()->rowCount(page.model()->index(0, 0));
        Q_EMIT list->customContextMenuRequested(list->visualRect(page.model()->index(0, 0)).center());
        auto* menu = page.findChild<QMenu*>(QStringLiteral("group_menu"));
        QVERIFY(menu != nullptr);
        menu->actions().front()->trigger();
        menu->close();
        QCOMPARE(page.selectedText().count(QLatin1Char('\n')), in_first);
        click(*list, outside);  // the card shows another one than those that are chosen
        list->selectionModel()->select(QItemSelection(in_group(page, 0, 0), in_group(page, 0, in_first - 1)), QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
        const auto chosen = page.selectedText();
        page.setState(QStringLiteral("confirmed"), {});
        QVERIFY(wait_for([&] { return count_of(page, "confirmed") > 0; }));
        QCOMPARE(count_of(page, "confirmed"), in_first);
        QCOMPARE(page.selectedText(), chosen);  // the card's has not joined them
    }

    void the_menu_of_a_finding_is_headed_by_its_title() {
        m_window->open_case(m_case);
        auto& page = findings();
        const auto& finding = page.model()->findings().front();
        m_window->open_menu(gui::Link::to(gui::Link::Kind::finding, finding.id), {100, 100});
        auto* menu = m_window->findChild<QMenu*>(QStringLiteral("link_menu"));
        QVERIFY(menu != nullptr);
        const auto head = menu->actions().front()->text();
        menu->close();
        QVERIFY2(head.contains(QString::fromStdString(finding.title).left(20)) && !head.contains(QString::fromStdString(finding.id)), qPrintable(head));
    }

    void the_bar_offers_to_take_back_only_what_can_be() {
        m_window->open_case(m_case);
        auto& page = findings();
        page.setState(QStringLiteral("confirmed"), {});
        QVERIFY(wait_for([&] { return page.messages().isShown(); }));
        page.list()->setFocus();
        QTest::keyClick(page.list(), Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(wait_for([&] { return count_of(page, "confirmed") == 0; }));
        QVERIFY(!page.messages().isShown());
    }

    void the_card_shows_one_of_those_that_the_filter_leaves() {
        m_window->open_case(m_case);
        auto& page = findings();
        const auto& all = page.model()->findings();
        const auto first = QString::fromStdString(all.front().id);
        page.select(first);
        page.focusFilter();
        auto* filter = qobject_cast<QLineEdit*>(QApplication::focusWidget());
        QVERIFY(filter != nullptr);
        const auto hides_first = [&](const auto& f) {
            filter->setText(QString::fromStdString(f.title));
            return !page.model()->index_of(first.toStdString()).isValid();
        };
        QVERIFY(std::any_of(all.begin() + 1, all.end(), hides_first));
        const auto shown = page.card()->finding_id();
        QVERIFY(shown != first && page.model()->index_of(shown.toStdString()).isValid());
        filter->setText(QStringLiteral("no finding says this"));
        QVERIFY(page.card()->finding_id().isEmpty());
        filter->clear();
        QCOMPARE(page.card()->finding_id(), first);  // what the filter had put aside
    }

    void a_comment_on_several_says_so() {
        m_window->open_case(m_case);
        auto& page = findings();
        page.list()->setFocus();
        page.list()->selectAll();
        QTest::keyClick(page.list(), Qt::Key_N);
        auto* editor = qobject_cast<QLineEdit*>(QApplication::focusWidget());
        QVERIFY(editor != nullptr);
        QVERIFY2(editor->placeholderText().contains(QString::number(page.model()->findings().size())), qPrintable(editor->placeholderText()));
        page.select(QString::fromStdString(page.model()->findings().front().id));
        page.list()->setFocus();
        QTest::keyClick(page.list(), Qt::Key_N);
        editor = qobject_cast<QLineEdit*>(QApplication::focusWidget());
        QVERIFY(editor != nullptr);
        QCOMPARE(editor->placeholderText(), QStringLiteral("Comment"));
    }

    void whoever_works_on_a_case_keeps_it_when_an_image_is_dropped() {
        m_window->open_case(m_case);
        (void)findings();
        m_window->take_files({m_folder->path() + QStringLiteral("/another.raw")});
        QVERIFY(m_window->session() != nullptr);
        QCOMPARE(m_window->current_page()->id(), QStringLiteral("findings"));
        QCOMPARE(windows().size(), 2);
        for (auto* window : windows())
            if (window != m_window.get()) QVERIFY(!page_of<gui::StartPage>(*window, "start").form().is_empty());
    }

    void the_table_begins_where_the_histogram_stands() {
        m_window->open_case(m_case);
        settle(*m_window, QStringLiteral("timeline"));
        auto& page = page_of<gui::TimelinePage>(*m_window, "timeline");
        QVERIFY(wait_for([&] { return page.model()->time_of(page.table()->currentIndex().row()).has_value(); }));
        const auto at = *page.model()->time_of(page.table()->currentIndex().row());
        QVERIFY(at.seconds >= page.histogram()->from() && at.seconds <= page.histogram()->to());
    }
    void a_moment_without_records_leads_to_the_nearest_that_has_some_data() {
        QTest::addColumn<qint64>("asked");
        QTest::newRow("before all") << qint64{0};
        QTest::newRow("behind all") << qint64{4'000'000'000};
        QTest::newRow("within") << qint64{1'000 * 3600};
    }
    void a_moment_without_records_leads_to_the_nearest_that_has_some() {
        QFETCH(qint64, asked);
        gui::Histogram histogram;
        histogram.resize(640, 150);
        histogram.setHours({{900, 0, 5}, {1'000, 0, 5}, {1'100, 0, 5}}, {});
        histogram.show_range(995 * 3600, 1'005 * 3600);
        histogram.bring(asked);
        const auto shows = [&](std::int64_t hour) { return (hour + 1) * 3600 >= histogram.from() && hour * 3600 <= histogram.to(); };
        QVERIFY(shows(900) || shows(1'000) || shows(1'100));
    }

    void filters_end_with_their_case() {
        m_window->open_case(m_case);
        settle(*m_window, QStringLiteral("files"));
        std::vector<QLineEdit*> boxes;
        for (const auto* id : {"files", "findings", "custody", "coverage", "timeline", "notes"}) {
            settle(*m_window, QString::fromLatin1(id));
            for (auto* box : m_window->page(QString::fromLatin1(id))->findChildren<QLineEdit*>())
                if (box->accessibleName().startsWith(QStringLiteral("Filter"))) box->setText(QStringLiteral("nonsense")), boxes.push_back(box);
        }
        QVERIFY(boxes.size() >= 5);
        const auto second = m_folder->path() + QStringLiteral("/second.deadbox");
        QVERIFY(QFile::copy(m_case, second));
        m_window->open_case(second);
        for (const auto* box : boxes) QVERIFY2(box->text().isEmpty(), qPrintable(box->accessibleName()));
        auto& page = findings();
        QCOMPARE(page.model()->shown_count(), static_cast<int>(page.model()->findings().size()));
    }

    // A name of the evidence without a place to break it.
    void one_long_name_makes_no_page_wider() {
        test::CaseFixture fixture;
        test::fill_sample(fixture);
        const std::string name(240, 'n');
        fixture.sql("UPDATE finding SET subject = subject || '/" + name + "'");
        fixture.sql("UPDATE finding SET arguments = replace(arguments, '\":\"', '\":\"" + name + "')");
        fixture.sql("INSERT INTO coverage(level, area, reason, system, folder, count, examples, wave) VALUES('gap', '" + name + "', '" + name + "', 1, '/" + name + "', 1, '[\"/" + name + "\"]', 'content')");
        m_window->open_case(QString::fromStdString(fixture.path()));
        m_window->resize(960, 600);
        for (auto* page : m_window->pages()) {
            if (!page->needs_case() || page->is_absent()) continue;
            settle(*m_window, page->id());
            settle(*m_window, page->id());
            QVERIFY2(!page->messages().isShown(), qPrintable(page->messages().text()));
            QCOMPARE(m_window->width(), 960);
            for (const auto* area : page->findChildren<QScrollArea*>()) {
                if (!area->isVisible() || area->widget() == nullptr) continue;
                QVERIFY2(area->widget()->width() <= area->viewport()->width() + 1, qPrintable(QStringLiteral("%1: %2 of %3").arg(page->id()).arg(area->widget()->width()).arg(area->viewport()->width())));
            }
        }
    }
    void a_long_word_goes_on_in_the_next_line_data() {
        QTest::addColumn<bool>("link");
        QTest::newRow("that can be selected") << false;
        QTest::newRow("of a link") << true;
    }
    void a_long_word_goes_on_in_the_next_line() {
        QFETCH(bool, link);
        gui::PlainLabel word(QStringLiteral("a few words and ") + QString(200, QLatin1Char('w')) + QStringLiteral(" behind it"));
        gui::PlainLabel usual(QStringLiteral("a few words and some more of them, none of which is long, behind it"));
        word.setClickable(link), usual.setClickable(link);
        constexpr int k_width = 300;
        const auto line = word.fontMetrics().lineSpacing();
        QVERIFY(word.minimumSizeHint().width() <= k_width);
        QVERIFY2(word.heightForWidth(k_width) >= 5 * line, qPrintable(QString::number(word.heightForWidth(k_width))));
        QVERIFY(usual.heightForWidth(k_width) <= 3 * line);
        for (auto* label : {&word, &usual}) label->resize(k_width, label->heightForWidth(k_width)), label->show();
        // Ink in the last line: nothing was cut off at the right.
        const auto image = word.grab().toImage();
        const auto ground = image.pixelColor(0, image.height() - 1);
        bool ink = false;
        for (int y = image.height() - line; y < image.height() && !ink; ++y)
            for (int x = 0; x < image.width(); ++x) ink = ink || image.pixelColor(x, y) != ground;
        QVERIFY(ink);
        QCOMPARE(word.text().size(), 226);  // it is copied as it is
    }

    // Beside the choices its lines would be as short as words.
    void the_preview_of_the_report_has_the_width_of_a_page() {
        m_window->open_case(m_case);
        settle(*m_window, QStringLiteral("report"));
        auto& page = page_of<gui::ReportPage>(*m_window, "report");
        for (const int width : {960, 1366}) {
            m_window->resize(width, 700);
            QVERIFY(wait_for([&] { return m_window->width() == width && page.preview()->width() >= 600; }));
        }
    }

    // Without a click into the page.
    void the_keys_of_a_page_work_as_soon_as_it_is_shown() {
        m_window->activateWindow();
        m_window->open_case(m_case);
        auto& page = findings();
        QVERIFY(page.isAncestorOf(QApplication::focusWidget()));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_C);
        QVERIFY(wait_for([&] { return count_of(page, "confirmed") == 1; }));
        auto* rail = m_window->findChild<QListWidget*>(QStringLiteral("rail"));
        rail->setFocus();
        QTest::keyClick(rail, Qt::Key_Down);  // whoever walks along the rail stays on it
        QVERIFY(rail->hasFocus());
        QTest::mouseClick(rail->viewport(), Qt::LeftButton, {}, rail->visualItemRect(rail->item(1)).center());
        QVERIFY(page.isAncestorOf(QApplication::focusWidget()));
    }

    void no_recent_cases_are_explained() {
        const auto kept = gui::StartPage::recent_cases();
        QSettings().remove(QStringLiteral("recent_cases"));
        const gui::MainWindow fresh;
        const auto* list = fresh.page(QStringLiteral("start"))->findChild<QListWidget*>();
        QVERIFY(list != nullptr);
        const int rows = list->count();
        QSettings().setValue(QStringLiteral("recent_cases"), kept);
        QCOMPARE(rows, 1);
        QVERIFY(!list->item(0)->text().isEmpty());
    }

    void the_first_window_fits_the_screen() {
        QSettings().remove(QStringLiteral("window"));
        const gui::MainWindow fresh;
        const auto room = fresh.screen()->availableGeometry().size();
        QVERIFY(fresh.width() <= std::max(room.width(), fresh.minimumSizeHint().width()) && fresh.height() <= std::max(room.height(), fresh.minimumSizeHint().height()));
    }

    void names_of_sources_and_topics_are_words() {
        QCOMPARE(gui::source_name("auth"), QStringLiteral("logins"));
        QCOMPARE(gui::source_name("never heard of"), QStringLiteral("never heard of"));
        const QLocale before;
        QLocale::setDefault(QLocale(QLocale::German));
        const auto topic = gui::topic_name("binaries"), source = gui::source_name("fs");
        QLocale::setDefault(before);
        QCOMPARE(topic, QStringLiteral("Programme"));
        QCOMPARE(source, QStringLiteral("Dateizeiten"));
    }

    void moments_and_deeds_are_written_for_people() {
        m_window->open_case(m_case);
        settle(*m_window, QStringLiteral("overview"));
        const auto said = [&](const QString& words) {
            const auto labels = m_window->current_page()->findChildren<gui::PlainLabel*>();
            const auto found = std::find_if(labels.begin(), labels.end(), [&](const auto* label) { return label->text().contains(words); });
            return found == labels.end() ? QString() : (*found)->text();
        };
        QVERIFY(wait_for([&] { return !said(QStringLiteral("earliest sign")).isEmpty(); }));
        const auto verdict = said(QStringLiteral("earliest sign"));
        QVERIFY2(verdict.contains(QStringLiteral(" UTC.")) && !verdict.contains(QRegularExpression(QStringLiteral("\\dT\\d\\d:"))), qPrintable(verdict));
        settle(*m_window, QStringLiteral("custody"));
        const auto* log = m_window->current_page()->findChild<gui::TableView*>(QStringLiteral("custody"));
        const auto tables = m_window->current_page()->findChildren<gui::TableView*>();
        for (const auto* table : tables)
            if (table->accessibleName() == QStringLiteral("Custody log")) log = table;
        QVERIFY(log != nullptr);
        QVERIFY(wait_for([&] { return log->model()->rowCount() > 5; }));
        for (int row = 0; row < log->model()->rowCount(); ++row) {
            const auto deed = log->model()->index(row, 2).data().toString(), details = log->model()->index(row, 3).data().toString();
            QVERIFY2(deed.contains(QLatin1Char(' ')) && !details.startsWith(QLatin1Char('{')), qPrintable(deed + QLatin1Char('|') + details));
        }
    }

    // What a table means is said in words: a query is for whoever writes one.
    void no_meaning_of_a_table_is_a_query() {
        for (const auto* topic : plugin::topics())
            for (const auto& table : topic->tables) {
                QVERIFY2(table.meaning.find("SELECT ") == table.meaning.npos, std::string(table.name).c_str());
                for (const auto& column : table.columns) QVERIFY2(column.meaning.find("SELECT ") == column.meaning.npos, std::string(column.name).c_str());
            }
    }
};

DEADBOX_TEST(MannersTest)
#include "manners_test.moc"
