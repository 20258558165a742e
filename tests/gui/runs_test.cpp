// From dropping an image to a finished report: the window starts the programs and shows what they do.
#include <QApplication>
#include <QComboBox>
#include <QCryptographicHash>
#include <QDir>
#include <QDropEvent>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLineEdit>
#include <QMimeData>
#include <QProcess>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>
#include <QStandardItemModel>
#include <QTemporaryDir>
#include <QTimer>
#include <QTreeWidget>
#include <QUrl>

#include <algorithm>

#include "case/fixed_options.hpp"
#include "case/view.hpp"
#include "case/view_clock.hpp"
#include "gui/demo_case.hpp"
#include "gui/models/analysis_run.hpp"
#include "gui/models/running_analysis.hpp"
#include "gui/pages/batch_page.hpp"
#include "gui/pages/report_page.hpp"
#include "gui/pages/start_page.hpp"
#include "gui/widgets/message_bar.hpp"
#include "gui/widgets/new_case_form.hpp"
#include "gui/widgets/own_files_list.hpp"
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

    void drop(const QString& path) {
        QMimeData files;
        files.setUrls({QUrl::fromLocalFile(path)});
        const auto middle = m_window->rect().center();
        QDragEnterEvent enter(middle, Qt::CopyAction, &files, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(m_window.get(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent event(middle, Qt::CopyAction, &files, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(m_window.get(), &event);
    }

private Q_SLOTS:
    void init() {
        QVERIFY2(!test::demo_case().isEmpty(), "no demo case");
        m_folder = std::make_unique<QTemporaryDir>();
        m_window = test::open_window({});
    }
    void cleanup() { m_window.reset(); }

    // As a user does it: drop, look at what was recognized, type, click, read, click.
    void from_a_dropped_image_to_a_report() {
        drop(image());
        auto& start = page_of<gui::StartPage>(*m_window, "start");
        QCOMPARE(m_window->current_page(), &start);
        auto* tree = start.form().findChild<QTreeWidget*>();
        QVERIFY(wait_for([&] { return tree->topLevelItemCount() == 1 && tree->topLevelItem(0)->childCount() > 0; }));
        QCOMPARE(tree->topLevelItem(0)->text(1), QStringLiteral("raw"));
        QVERIFY(tree->topLevelItem(0)->child(0)->text(1).contains(QStringLiteral("ext4")));

        const auto type = [&](const char* name, const QString& text) {
            auto* edit = start.form().findChild<QLineEdit*>(QString::fromLatin1(name));
            edit->selectAll();
            QTest::keyClicks(edit, text);
        };
        type("authority", QStringLiteral("the test"));
        type("case_file", in_folder("dropped.deadbox"));
        auto* begin = start.form().findChild<QPushButton*>(QStringLiteral("start_analysis"));
        QVERIFY(begin->isEnabled());
        bool provisional = false, gap_or_rate = false;
        connect(&m_window->run(), &gui::AnalysisRun::progressed, this, [&] {
            provisional = provisional || m_window->run().progress().findings > 0;
            gap_or_rate = gap_or_rate || m_window->run().progress().rate > 0;
        });
        QTest::mouseClick(begin, Qt::LeftButton);
        QVERIFY(QTest::qWaitFor([&] { return m_window->run().state() == gui::AnalysisRun::State::finished; }, 120'000));
        QVERIFY(m_window->run().outcome() == gui::AnalysisRun::Outcome::done);
        QVERIFY(provisional && gap_or_rate);
        QCOMPARE(m_window->current_page()->id(), QStringLiteral("overview"));
        QVERIFY(wait_for([&] {
            const auto* verdict = m_window->findChild<gui::PlainLabel*>(QStringLiteral("verdict"));
            return verdict != nullptr && verdict->text().contains(QStringLiteral("intruder had control"));
        }));

        auto& report = page_of<gui::ReportPage>(*m_window, "report");
        m_window->show_page(QStringLiteral("report"));
        report.set_folder(in_folder("report"));
        const auto buttons = report.findChildren<QPushButton*>();
        const auto write = std::find_if(buttons.begin(), buttons.end(), [](const auto* button) { return button->text() == QStringLiteral("Write the report"); });
        QVERIFY(write != buttons.end());
        QTest::mouseClick(*write, Qt::LeftButton);
        QVERIFY(report.is_writing());
        QVERIFY(QTest::qWaitFor([&] { return !report.is_writing(); }, 120'000));
        QVERIFY2(!report.messages().isShown(), qPrintable(report.messages().text()));
        QFile written(in_folder("report/report.json"));
        QVERIFY(written.open(QIODevice::ReadOnly));
        const auto json = QJsonDocument::fromJson(written.readAll()).object();
        QCOMPARE(json.value(QStringLiteral("verdict")).toObject().value(QStringLiteral("level")).toString(), QStringLiteral("compromised"));
        QCOMPARE(json.value(QStringLiteral("case")).toObject().value(QStringLiteral("authority")).toString(), QStringLiteral("the test"));
        QVERIFY(QFile::exists(in_folder("report/report.html")) && QFile::exists(in_folder("report/report.pdf")));
        QVERIFY(gui::StartPage::recent_cases().contains(in_folder("dropped.deadbox")));
    }

    // What the form offers reaches the analysis; who examines and how is there again in the next window, what is of one case is not.
    void how_the_media_are_read_is_chosen() {
        QFile media(image());
        QVERIFY(media.open(QIODevice::ReadOnly));
        QCryptographicHash sha1(QCryptographicHash::Sha1);
        QVERIFY(sha1.addData(&media));
        const QString expected = QString::fromLatin1(sha1.result().toHex());
        {
            auto& form = page_of<gui::StartPage>(*m_window, "start").form();
            drop(image());
            QTest::mouseClick(form.findChild<QPushButton*>(QStringLiteral("media_and_clock")), Qt::LeftButton);
            auto* digest = form.findChild<QLineEdit*>(QStringLiteral("expected"));
            auto* begin = form.findChild<QPushButton*>(QStringLiteral("start_analysis"));
            QVERIFY(digest->isVisible() && begin->isEnabled());
            digest->setText(QStringLiteral("c0ffee"));
            QVERIFY(!begin->isEnabled());
            digest->setText(QLatin1Char(' ') + expected.toUpper());
            QVERIFY(begin->isEnabled());
            form.findChild<QLineEdit*>(QStringLiteral("case_file"))->setText(in_folder("chosen.deadbox"));
            form.findChild<QLineEdit*>(QStringLiteral("examiner"))->setText(QStringLiteral("A. Nalyst"));
            form.findChild<QComboBox*>(QStringLiteral("digests"))->setCurrentIndex(2);  // all of them
            form.findChild<QComboBox*>(QStringLiteral("journal"))->setCurrentIndex(1);
            form.findChild<QSpinBox*>(QStringLiteral("clock_offset"))->setValue(-90);
            form.findChild<QLineEdit*>(QStringLiteral("clock_source"))->setText(QStringLiteral("a radio clock"));
            QTest::mouseClick(begin, Qt::LeftButton);
            QVERIFY(QTest::qWaitFor([&] { return m_window->run().state() == gui::AnalysisRun::State::finished; }, 120'000));
            QVERIFY2(m_window->run().outcome() == gui::AnalysisRun::Outcome::done, qPrintable(m_window->run().words()));
        }
        const auto view = case_file::View::open(in_folder("chosen.deadbox").toStdString());
        QVERIFY(view);
        const auto evidence = case_file::evidence(*view);
        QVERIFY(evidence && evidence->size() == 1);
        QCOMPARE(QString::fromStdString(evidence->front().expected), expected);
        QCOMPARE(QString::fromStdString(evidence->front().media_sha1), expected);
        QVERIFY(!evidence->front().media_md5.empty());  // by itself only SHA-256 is made
        const auto fixed = case_file::fixed_options(view->database());
        QVERIFY(fixed && *fixed);
        QVERIFY((*fixed)->journal == case_file::JournalReading::ignore);
        const auto clock = case_file::clock_of(*view);
        QVERIFY(clock);
        QCOMPARE(clock->offset, std::int64_t{-90});
        QCOMPARE(clock->source, std::string("a radio clock"));

        m_window = test::open_window({});
        auto& form = page_of<gui::StartPage>(*m_window, "start").form();
        QCOMPARE(form.findChild<QLineEdit*>(QStringLiteral("examiner"))->text(), QStringLiteral("A. Nalyst"));
        QVERIFY(form.what().ignore_journal);
        QCOMPARE(form.what().evidence_hash, QStringLiteral("all"));
        QVERIFY(form.what().expected_hash.isEmpty() && form.what().clock_offset == 0 && form.what().clock_source.isEmpty());
        QVERIFY(form.findChild<QPushButton*>(QStringLiteral("media_and_clock"))->isChecked());  // what is not usual is seen
        QSettings().remove(QStringLiteral("new_case"));
    }

    // Sets and rules of one's own: what each is is said, what cannot be used keeps the analysis from beginning, and the rest reaches it.
    void own_sets_and_rules() {
        const auto write = [this](const char* name, const QByteArray& text) {
            QFile file(in_folder(name));
            return file.open(QIODevice::WriteOnly) && file.write(text) == text.size() ? file.fileName() : QString();
        };
        const auto rules = write("own.yar", "rule accounts { meta: severity = \"low\" strings: $a = \"root:\" condition: $a }\nrule never { condition: false }\n"), broken = write("broken.yar", "rule x { condition: $y }\n"),
                   list = write("list", QByteArray(32, '0') + "  nothing\n");
        const auto set = in_folder("bad.set");
        QProcess import;
        import.start(gui::AnalysisRun::program(), {QStringLiteral("hashset"), QStringLiteral("import"), list, QStringLiteral("-o"), set, QStringLiteral("--as"), QStringLiteral("bad"), QStringLiteral("--name"), QStringLiteral("Bad <b>ones</b>")});
        QVERIFY(import.waitForFinished() && import.exitCode() == 0);
        auto& form = page_of<gui::StartPage>(*m_window, "start").form();
        drop(image());
        form.findChild<QLineEdit*>(QStringLiteral("case_file"))->setText(in_folder("own.deadbox"));
        auto* files = form.findChild<QTreeWidget*>(QStringLiteral("own_files"));
        auto* begin = form.findChild<QPushButton*>(QStringLiteral("start_analysis"));
        QVERIFY(!files->isVisible() && begin->isEnabled());
        QTest::mouseClick(form.findChild<QPushButton*>(QStringLiteral("known_sets_and_rules")), Qt::LeftButton);
        QVERIFY(files->isVisible());
        form.own_files().add({set, rules, broken});
        QVERIFY(!begin->isEnabled());
        QVERIFY(wait_for([&] { return files->topLevelItem(2)->text(1).contains(QStringLiteral("undefined string")) && !files->topLevelItem(0)->text(2).isEmpty() && !files->topLevelItem(1)->text(2).isEmpty(); }));
        QCOMPARE(files->topLevelItem(0)->text(1), QStringLiteral("known bad files: Bad <b>ones</b>"));
        QCOMPARE(files->topLevelItem(1)->text(1), QStringLiteral("YARA rules"));
        QCOMPARE(files->topLevelItem(1)->text(2), QStringLiteral("2"));
        QVERIFY(files->topLevelItem(2)->text(1).contains(QStringLiteral("broken.yar line 1")));
        QVERIFY(!begin->isEnabled());
        files->topLevelItem(2)->setSelected(true);
        QTest::mouseClick(form.findChild<QPushButton*>(QStringLiteral("remove_own_files")), Qt::LeftButton);
        QCOMPARE(form.own_files().count(), 2);
        QVERIFY(begin->isEnabled());
        QTest::mouseClick(begin, Qt::LeftButton);
        QVERIFY(QTest::qWaitFor([&] { return m_window->run().state() == gui::AnalysisRun::State::finished; }, 120'000));
        QVERIFY2(m_window->run().outcome() == gui::AnalysisRun::Outcome::done, qPrintable(m_window->run().words()));
        const auto view = case_file::View::open(in_folder("own.deadbox").toStdString());
        QVERIFY(view);
        auto used = view->prepare("SELECT json_extract(options, '$.own_files[0].name') || ', ' || json_extract(options, '$.own_files[1].name') || ', ' || (SELECT count(*) > 0 FROM rule_match) FROM run");
        QVERIFY(used && *used->step());
        QCOMPARE(used->text(0), std::string_view("Bad <b>ones</b>, own.yar, 1"));
    }

    void a_dropped_case_is_opened() {
        const auto copy = test::copy_of_demo_case(m_folder->path());
        drop(copy);
        QVERIFY(m_window->session() != nullptr);
        QCOMPARE(m_window->session()->path(), copy);
        QCOMPARE(m_window->current_page()->id(), QStringLiteral("overview"));
    }

    void of_a_dropped_folder_the_images_are_taken() {
        QVERIFY(QDir(m_folder->path()).mkdir(QStringLiteral("images")));
        QVERIFY(QFile::link(image(), in_folder("images/a.raw")) && QFile::link(image(), in_folder("images/b.raw")));
        QVERIFY(QFile(in_folder("images/b.raw.sha256")).open(QIODevice::WriteOnly));
        drop(in_folder("images"));
        auto& start = page_of<gui::StartPage>(*m_window, "start");
        const QStringList both{in_folder("images/a.raw"), in_folder("images/b.raw")};
        QCOMPARE(start.form().what().evidence, both);
        QVERIFY(start.messages().isShown());  // they may be machines of their own
        for (auto* button : start.messages().findChildren<QPushButton*>())
            if (button->text().contains(QStringLiteral("machines of their own"))) QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(m_window->current_page()->id(), QStringLiteral("batch"));
        QVERIFY(start.form().is_empty());
    }

    // While an analysis runs here, the next case gets a window of its own.
    void two_cases_at_once() {
        gui::NewCase what;
        what.evidence = QStringList{image()};
        what.output = in_folder("first.deadbox");
        m_window->start_analysis(what);
        QVERIFY(wait_for([&] { return m_window->session() != nullptr; }));
        QVERIFY(m_window->run().is_live());
        m_window->run().pause();
        const auto copy = test::copy_of_demo_case(m_folder->path());
        drop(copy);
        gui::MainWindow* other = nullptr;
        for (auto* widget : QApplication::topLevelWidgets())
            if (auto* window = qobject_cast<gui::MainWindow*>(widget); window != nullptr && window != m_window.get() && window->isVisible()) other = window;
        QVERIFY(other != nullptr);
        QCOMPARE(other->session()->path(), copy);
        QCOMPARE(m_window->session()->path(), in_folder("first.deadbox"));
        other->close();
        m_window->run().go_on();
        QVERIFY(QTest::qWaitFor([&] { return m_window->run().state() == gui::AnalysisRun::State::finished; }, 120'000));
        QVERIFY(m_window->run().outcome() == gui::AnalysisRun::Outcome::done);
    }

    void closing_asks_data() {
        QTest::addColumn<QString>("answer");
        QTest::addColumn<bool>("closes");
        QTest::addColumn<bool>("runs");
        QTest::newRow("stop") << "Stop it; it can be resumed" << true << false;
        QTest::newRow("go on") << "Let it go on without the window" << true << true;
        QTest::newRow("cancel") << "Cancel" << false << true;
    }
    void closing_asks() {
        QFETCH(QString, answer);
        QFETCH(bool, closes);
        QFETCH(bool, runs);
        gui::NewCase what;
        what.evidence = QStringList{image()};
        what.output = in_folder("closed.deadbox");
        m_window->start_analysis(what);
        QVERIFY(wait_for([&] { return m_window->session() != nullptr; }));
        m_window->run().pause();
        QTimer::singleShot(100, this, [&] {
            for (auto* button : QApplication::activeModalWidget()->findChildren<QPushButton*>())
                if (button->text().remove(QLatin1Char('&')) == answer) return button->click();
        });
        QCOMPARE(m_window->close(), closes);
        if (closes) m_window.reset();
        QTest::qWait(50);
        // One that goes on without the window may be done by now: what it wrote tells below.
        if (!closes || !runs) QCOMPARE(gui::analysis_of(what.output).has_value(), runs);
        if (!closes) m_window->run().go_on();
        if (!closes) QVERIFY(QTest::qWaitFor([&] { return m_window->run().state() == gui::AnalysisRun::State::finished; }, 120'000));
        if (!closes || !runs) return;
        QVERIFY(QTest::qWaitFor([&] { return !gui::analysis_of(what.output); }, 120'000));
        const auto view = case_file::View::open(what.output.toStdString());
        QVERIFY(view);
        QVERIFY(wait_for([&] {
            const auto last = case_file::last_run(*view);
            return last && *last && !(*last)->finished.empty() && (*last)->exits == "[0]";
        }));
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
        QStringList ends;  // of the first machine, as they are shown
        connect(&batch.machines(), &QStandardItemModel::itemChanged, this, [&](const QStandardItem* item) {
            if (item->row() == 0 && item->column() == 7 && !item->text().isEmpty()) ends << item->text();
        });
        batch.start();
        QVERIFY(QTest::qWaitFor([&] { return !batch.is_running(); }, 180'000));
        QCOMPARE(batch.machines().rowCount(), 2);
        QCOMPARE(batch.machines().item(0, 1)->text(), QStringLiteral("compromised"));
        QCOMPARE(ends.value(0), QStringLiteral("waiting"));
        QVERIFY2(ends.filter(QStringLiteral("%")).size() > 0, qPrintable(ends.join(QLatin1Char('\n'))));
        QVERIFY(batch.machines().item(1, 1)->text() != QStringLiteral("compromised"));
        QVERIFY(QFile::exists(in_folder("cases/summary.json")));
    }
};

DEADBOX_TEST(RunsTest)
#include "runs_test.moc"
