// From dropping an image to a finished report: the window starts the programs and shows what they do.
#include <QFile>
#include <QFileInfo>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QStandardItemModel>
#include <QTemporaryDir>
#include <QTreeWidget>

#include "gui/demo_case.hpp"
#include "gui/models/analysis_run.hpp"
#include "gui/pages/batch_page.hpp"
#include "gui/pages/report_page.hpp"
#include "gui/pages/start_page.hpp"
#include "gui/widgets/message_bar.hpp"
#include "gui/widgets/new_case_form.hpp"
#include "gui/widgets/plain_label.hpp"
#include "gui/window_fixture.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using test::page_of, test::wait_for;

class RunsTest : public QObject {
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<gui::MainWindow> m_window;

    // The image that `deadbox demo` made lies beside its case.
    QString image() const { return QFileInfo(test::demo_case()).path() + QStringLiteral("/web1.raw"); }
    QString in_folder(const char* name) const { return m_folder->path() + QLatin1Char('/') + QString::fromLatin1(name); }

private Q_SLOTS:
    void init() {
        QVERIFY2(!test::demo_case().isEmpty(), "no demo case");
        m_folder = std::make_unique<QTemporaryDir>();
        m_window = test::open_window({});
    }
    void cleanup() { m_window.reset(); }

    void from_a_dropped_image_to_a_report() {
        m_window->take_files({image()});
        auto& start = page_of<gui::StartPage>(*m_window, "start");
        QCOMPARE(m_window->current_page(), &start);
        auto* tree = start.form().findChild<QTreeWidget*>();
        QVERIFY(wait_for([&] { return tree->topLevelItemCount() == 1 && tree->topLevelItem(0)->childCount() > 0; }));
        QCOMPARE(tree->topLevelItem(0)->text(1), QStringLiteral("raw"));
        QVERIFY(tree->topLevelItem(0)->child(0)->text(1).contains(QStringLiteral("ext4")));

        auto what = start.form().what();
        QCOMPARE(what.evidence, QStringList{image()});
        what.output = in_folder("dropped.deadbox");
        what.authority = QStringLiteral("the test");
        m_window->start_analysis(what);
        QVERIFY(QTest::qWaitFor([&] { return m_window->run().state() == gui::AnalysisRun::State::finished; }, 120'000));
        QVERIFY(m_window->run().outcome() == gui::AnalysisRun::Outcome::done);
        QVERIFY(wait_for([&] {
            const auto* verdict = m_window->findChild<gui::PlainLabel*>(QStringLiteral("verdict"));
            return verdict != nullptr && !verdict->text().isEmpty();
        }));

        auto& report = page_of<gui::ReportPage>(*m_window, "report");
        m_window->show_page(QStringLiteral("report"));
        report.set_folder(in_folder("report"));
        report.write();
        QVERIFY(QTest::qWaitFor([&] { return !report.is_writing(); }, 120'000));
        QVERIFY2(!report.messages().isShown(), qPrintable(report.messages().text()));
        QVERIFY(QFile::exists(in_folder("report/report.html")));
        QVERIFY(report.findChild<QListWidget*>()->count() >= 2);
        QVERIFY(gui::StartPage::recent_cases().contains(in_folder("dropped.deadbox")));
    }

    void a_stopped_analysis_goes_on() {
        gui::NewCase what;
        what.evidence = QStringList{image()};
        what.output = in_folder("stopped.deadbox");
        m_window->start_analysis(what);
        auto& run = m_window->run();
        QVERIFY(wait_for([&] { return !run.progress().wave.isEmpty() || run.state() == gui::AnalysisRun::State::finished; }));
        run.pause();
        run.stop();
        QVERIFY(QTest::qWaitFor([&] { return run.state() == gui::AnalysisRun::State::finished; }, 60'000));
        // It may have been done already on a fast machine.
        QVERIFY(run.outcome() == gui::AnalysisRun::Outcome::stopped || run.outcome() == gui::AnalysisRun::Outcome::done);
        what.resume = true;
        m_window->start_analysis(what);
        QVERIFY(QTest::qWaitFor([&] { return run.state() == gui::AnalysisRun::State::finished; }, 120'000));
        QVERIFY(run.outcome() == gui::AnalysisRun::Outcome::done);
    }

    void what_is_no_image_is_said_and_harms_nothing() {
        const auto path = in_folder("nothing.raw");
        QFile(path).open(QIODevice::WriteOnly);
        m_window->take_files({path});
        auto& start = page_of<gui::StartPage>(*m_window, "start");
        QVERIFY(wait_for([&] { return start.messages().isShown(); }));
        QVERIFY(start.messages().text().contains(QStringLiteral("nothing.raw")));
    }

    void a_case_that_is_none_is_said() {
        const auto path = in_folder("broken.deadbox");
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("this is no case");
        file.close();
        m_window->take_files({path});
        QVERIFY(wait_for([&] { return m_window->current_page() != nullptr && m_window->current_page()->messages().isShown(); }));
    }

    void a_batch_shows_each_machine_and_the_broken_one_alone() {
        const auto broken = in_folder("broken.raw");
        QFile file(broken);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(4096, 'x'));
        file.close();
        m_window->show_page(QStringLiteral("batch"));
        auto& batch = page_of<gui::BatchPage>(*m_window, "batch");
        batch.add_sources({image(), broken});
        batch.set_folder(in_folder("cases"));
        batch.start();
        QVERIFY(QTest::qWaitFor([&] { return !batch.is_running(); }, 180'000));
        QCOMPARE(batch.machines().rowCount(), 2);
        QCOMPARE(batch.machines().item(0, 1)->text(), QStringLiteral("compromised"));
        QVERIFY(QFile::exists(in_folder("cases/summary.json")));
    }
};

DEADBOX_TEST(RunsTest)
#include "runs_test.moc"
