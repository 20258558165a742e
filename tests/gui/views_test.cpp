// Findings, timeline and report: what the pages show beside their lists.
#include <QComboBox>
#include <QIcon>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QToolButton>
#include <QTreeView>

#include "case/database.hpp"
#include "gui/demo_case.hpp"
#include "gui/pages/findings_page.hpp"
#include "gui/pages/report_page.hpp"
#include "gui/pages/timeline_page.hpp"
#include "gui/widgets/chip_bar.hpp"
#include "gui/widgets/finding_card.hpp"
#include "gui/widgets/finding_context.hpp"
#include "gui/widgets/histogram.hpp"
#include "gui/widgets/message_bar.hpp"
#include "gui/widgets/own_icon.hpp"
#include "gui/widgets/palettes.hpp"
#include "gui/widgets/plain_label.hpp"
#include "gui/widgets/report_preview.hpp"
#include "gui/widgets/table_view.hpp"
#include "gui/window_fixture.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using test::page_of, test::settle, test::wait_for;

class ViewsTest : public QObject {
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<gui::MainWindow> m_window;

    gui::FindingsPage& findings() {
        settle(*m_window, QStringLiteral("findings"));
        auto& page = page_of<gui::FindingsPage>(*m_window, "findings");
        (void)wait_for([&] { return !page.model()->findings().empty() && !page.card()->finding_id().isEmpty(); });
        return page;
    }
    static const report::ReportFinding* of_rule(const gui::FindingsPage& page, std::string_view rule) {
        for (const auto& f : page.model()->findings())
            if (f.rule == rule) return &f;
        return nullptr;
    }
    static bool reads(const QWidget& where, const QString& text) {
        for (const auto* label : where.findChildren<QLabel*>())
            if (label->text().contains(text)) return true;
        for (const auto* box : where.findChildren<QPlainTextEdit*>())
            if (box->toPlainText().contains(text)) return true;
        return false;
    }

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_window = test::open_window(test::copy_of_demo_case(m_folder->path()));
        QVERIFY(wait_for([&] { return m_window->findChild<QWidget*>(QStringLiteral("verdict")) != nullptr; }));
    }
    void cleanup() { m_window.reset(); }

    void a_card_shows_what_was_around_and_where_it_lies() {
        {  // as if the script had been an encoded one
            const auto database = case_file::Database::open((m_folder->path() + QStringLiteral("/web1.deadbox")).toStdString(), case_file::Access::write);
            QVERIFY(database && database->execute("UPDATE script SET layers = 1, decoded = 'system($_GET[1]);' || char(10) || '\xe2\x80\xae<b>'"));
        }
        auto& page = findings();
        const auto* webshell = of_rule(page, "webshell/script");
        QVERIFY(webshell != nullptr);
        const auto id = QString::fromStdString(webshell->id);
        const auto offset = webshell->items.front().extents.front().media_offset;
        page.select(QString::fromStdString(page.model()->findings().back().id));
        page.select(id);
        QVERIFY(wait_for([&] { return reads(*page.card(), QStringLiteral("What decoding shows")); }));
        QVERIFY(reads(*page.card(), QStringLiteral("system($_GET[1]);")));
        QVERIFY(!reads(*page.card(), QString(QChar(0x202e))));
        QVERIFY(reads(*page.card(), QStringLiteral("offset %1").arg(offset)));
        auto* context = page.card()->findChild<gui::FindingContext*>();
        auto* minutes = context->findChild<QSpinBox*>();
        QVERIFY(wait_for([&] { return reads(*context, QStringLiteral("thumb.php")); }));
        QVERIFY(!reads(*context, QStringLiteral("/usr/bin/id")));  // twenty minutes later
        minutes->setValue(30);
        QVERIFY(wait_for([&] { return reads(*context, QStringLiteral("04:31:09")) || reads(*context, QStringLiteral("later")); }));
        minutes->setValue(5);
    }

    void an_account_leads_to_its_records() {
        auto& page = findings();
        const auto* account = of_rule(page, "accounts/uid_zero_twin");
        QVERIFY(account != nullptr);
        page.select(QString::fromStdString(account->id));
        QVERIFY(wait_for([&] { return page.findChild<gui::PlainLabel*>(QStringLiteral("finding_title"))->text().contains(QStringLiteral("backup1")); }));
    }

    void several_change_at_once_and_each_change_is_taken_back() {
        auto& page = findings();
        auto* bookmark = [&]() -> QPushButton* {
            for (auto* button : page.findChildren<QPushButton*>())
                if (button->accessibleName() == QStringLiteral("Bookmark all that are selected")) return button;
            return nullptr;
        }();
        QVERIFY(bookmark != nullptr && !bookmark->isVisible());
        page.list()->selectAll();
        QVERIFY(bookmark->isVisible());
        QTest::mouseClick(bookmark, Qt::LeftButton);
        const auto all = [&](auto holds) { return wait_for([&] { const auto& every = page.model()->findings(); return std::all_of(every.begin(), every.end(), holds); }); };
        QVERIFY(all([](const auto& f) { return f.tags == std::vector<std::string>{"bookmark"}; }));
        page.list()->selectAll();
        page.setState(QStringLiteral("confirmed"), {});
        QVERIFY(all([](const auto& f) { return f.state == "confirmed"; }));
        page.list()->setFocus();
        QTest::keyClick(page.list(), Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(all([](const auto& f) { return f.state == "open"; }));
        QTest::keyClick(page.list(), Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(all([](const auto& f) { return f.tags.empty(); }));
    }

    void the_timeline_follows_a_type_a_finding_and_a_session() {
        settle(*m_window, QStringLiteral("timeline"));
        auto& page = page_of<gui::TimelinePage>(*m_window, "timeline");
        auto& model = *page.model();
        QVERIFY(wait_for([&] { return model.rowCount() > 50; }));
        const int all = model.rowCount();
        const auto listed = [&] { return wait_for([&] { return !model.is_listing() && model.rowCount() < all; }); };
        const auto loaded = [&](int row) {
            (void)model.index(row, 0).data();
            return wait_for([&] { return model.line(row) != nullptr; });
        };
        QVERIFY(page.open(gui::Link::to(gui::Link::Kind::type, "fs")));
        QVERIFY(listed());
        QVERIFY(loaded(0));
        QCOMPARE(model.line(0)->source, std::string("fs"));
        const int files = model.rowCount();
        QVERIFY(page.closeLast());
        QVERIFY(wait_for([&] { return model.rowCount() == all; }));
        page.exclude(gui::Link::to(gui::Link::Kind::type, "fs"));
        QVERIFY(listed());
        QCOMPARE(model.rowCount(), all - files);
        QVERIFY(page.closeLast());
        QVERIFY(wait_for([&] { return model.rowCount() == all; }));
        // A record that a finding rests on leads to all of that finding's.
        int marked = -1;
        for (int row = 0; row < all && marked < 0; ++row) {
            QVERIFY(loaded(row));
            if (!model.line(row)->findings.empty()) marked = row;
        }
        QVERIFY(marked >= 0);
        const auto id = model.line(marked)->findings.front();
        page.table()->setCurrentIndex(model.index(marked, 0));
        page.table()->setFocus();
        QTest::keyClick(page.table(), Qt::Key_G);
        QVERIFY(listed());
        QVERIFY(model.rowCount() > 0);
        for (int row = 0; row < model.rowCount(); ++row) {
            QVERIFY(loaded(row));
            const auto& of_row = model.line(row)->findings;
            QVERIFY(std::find(of_row.begin(), of_row.end(), id) != of_row.end());
        }
        QCOMPARE(page.findChild<gui::ChipBar*>()->isVisible(), true);
        const auto place = page.place();
        const int kept = model.rowCount();
        QVERIFY(page.closeLast());
        page.restore(place);
        QVERIFY(wait_for([&] { return !model.is_listing() && model.rowCount() == kept; }));
    }

    void a_wrong_clock_is_said_and_its_times_corrected() {
        const auto before = of_rule(findings(), "webshell/script")->first_seen;
        {
            const auto database = case_file::Database::open((m_folder->path() + QStringLiteral("/web1.deadbox")).toStdString(), case_file::Access::write);
            QVERIFY(database && database->execute("INSERT OR REPLACE INTO meta VALUES('clock_offset', '60'), ('clock_source', 'the provider''s note')"));
        }
        QVERIFY(wait_for([&] {
            const auto buttons = m_window->findChildren<QToolButton*>();
            return std::any_of(buttons.begin(), buttons.end(), [](const auto* button) { return button->text().contains(QStringLiteral("clock corrected")) && button->toolTip().contains(QStringLiteral("60 s ahead")); });
        }));
        auto& page = findings();
        QVERIFY(wait_for([&] { const auto* f = of_rule(page, "webshell/script"); return f != nullptr && f->first_seen != before; }));
        const auto moment = *of_rule(page, "webshell/script")->first_seen;
        QCOMPARE(moment.seconds, before->seconds - 60);
        m_window->go(gui::Link::to_time(moment), QStringLiteral("timeline"));
        auto& timeline = page_of<gui::TimelinePage>(*m_window, "timeline");
        QVERIFY(wait_for([&] { const auto at = timeline.model()->time_of(timeline.table()->currentIndex().row()); return at && *at == moment; }));
    }

    void the_histogram_is_exact_after_each_zoom_and_stacks_by_severity() {
        settle(*m_window, QStringLiteral("timeline"));
        auto& page = page_of<gui::TimelinePage>(*m_window, "timeline");
        QVERIFY(wait_for([&] { return page.model()->rowCount() > 50; }));
        auto* histogram = page.histogram();
        for (int i = 0; i < 12; ++i) {
            histogram->zoom(0.4, 0.5);
            QVERIFY(wait_for([&] { return histogram->is_exact(); }));
        }
        histogram->show_all();
        settle(*m_window, QStringLiteral("timeline"));
        const auto by_source = histogram->grab().toImage();
        for (auto* combo : page.findChildren<QComboBox*>())
            if (combo->count() == 2) combo->setCurrentIndex(1);
        settle(*m_window, QStringLiteral("timeline"));
        const auto by_severity = histogram->grab().toImage();
        QVERIFY(by_source != by_severity);
        const auto holds = [](const QImage& image, const QColor& colour, int from_top) {
            for (int y = from_top; y < image.height(); ++y)
                for (int x = 0; x < image.width(); ++x)
                    if (image.pixelColor(x, y).rgb() == colour.rgb()) return true;
            return false;
        };
        const int below_markers = by_severity.height() / 2;
        QVERIFY(holds(by_severity, gui::severity_colour(plugin::Severity::critical), below_markers));
        for (auto* combo : page.findChildren<QComboBox*>())
            if (combo->count() == 2) combo->setCurrentIndex(0);
    }

    void the_preview_is_what_is_written() {
        m_window->show_page(QStringLiteral("report"));
        auto& page = page_of<gui::ReportPage>(*m_window, "report");
        QSignalSpy previewed(&page, &gui::ReportPage::previewed);
        QVERIFY(previewed.count() > 0 || previewed.wait(30'000));
        const auto whole = page.preview()->toPlainText();
        QVERIFY(whole.contains(QStringLiteral("backup1")));
        QCOMPARE(page.sections()->item(0)->text(), QStringLiteral("Summary"));
        QVERIFY(!page.arguments().contains(QStringLiteral("--sections")));
        for (int i = 0; i < page.sections()->count(); ++i)
            if (page.sections()->item(i)->data(Qt::UserRole).toString() != QStringLiteral("summary")) page.sections()->item(i)->setCheckState(Qt::Unchecked);
        QVERIFY(previewed.wait(30'000));
        const auto part = page.preview()->toPlainText();
        QVERIFY(part.size() < whole.size() / 2);
        QVERIFY(part.contains(QStringLiteral("This is a part of the report")));
        QCOMPARE(page.arguments().value(page.arguments().indexOf(QStringLiteral("--sections")) + 1), QStringLiteral("summary"));
        QImage logo(64, 32, QImage::Format_ARGB32);
        logo.fill(Qt::darkCyan);
        QVERIFY(logo.save(m_folder->filePath(QStringLiteral("logo.png"))));
        page.set_logo(m_folder->filePath(QStringLiteral("logo.png")));
        QVERIFY(page.arguments().contains(QStringLiteral("--logo")));
        page.set_folder(m_folder->filePath(QStringLiteral("report")));
        QSignalSpy written(&page, &gui::ReportPage::written);
        page.write();
        QVERIFY(written.wait(60'000));
        QVERIFY2(written.front().front().toBool(), qPrintable(page.messages().text()));
        QFile html(m_folder->filePath(QStringLiteral("report/report.html")));
        QVERIFY(html.open(QIODevice::ReadOnly));
        const auto text = html.readAll();
        QVERIFY(text.contains("This is a part of the report") && text.contains("data:image/png") && !text.contains("<article"));
    }

    // Without any icon theme the window still has pictures, in the text's colour.
    void every_icon_has_a_drawing_of_our_own() {
        QStringList missing;
        QDir sources(QStringLiteral(DEADBOX_SOURCE_DIR "/gui"));
        static const QRegularExpression k_use(QStringLiteral("icon_named\\(QStringLiteral\\(\"([a-z-]+)\"\\)\\)"));
        for (const auto* folder : {"pages", "widgets"}) {
            for (const auto& name : QDir(sources.filePath(QString::fromLatin1(folder))).entryList({QStringLiteral("*.cpp"), QStringLiteral("*.hpp")})) {
                QFile file(sources.filePath(QString::fromLatin1(folder) + QLatin1Char('/') + name));
                QVERIFY(file.open(QIODevice::ReadOnly));
                for (auto uses = k_use.globalMatch(QString::fromUtf8(file.readAll())); uses.hasNext();) {
                    const auto icon = uses.next().captured(1);
                    if (gui::own_icon(icon).isNull()) missing += icon;
                }
            }
        }
        QVERIFY2(missing.isEmpty(), qPrintable(missing.join(QLatin1Char(' '))));
        const auto drawn = gui::own_icon(QStringLiteral("flag")).pixmap(QSize(48, 48)).toImage();
        int inked = 0;
        for (int y = 0; y < drawn.height(); ++y)
            for (int x = 0; x < drawn.width(); ++x)
                if (drawn.pixelColor(x, y).alpha() > 200) {
                    ++inked;
                    QCOMPARE(drawn.pixelColor(x, y).lightness() < 128, QApplication::palette().color(QPalette::WindowText).lightness() < 128);
                }
        QVERIFY(inked > 50);
    }
};

DEADBOX_TEST(ViewsTest)
#include "views_test.moc"
