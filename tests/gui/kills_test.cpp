// kill -9 of each program that works on a case: the others go on, or say what happened; nothing committed is lost.
#include <QFileInfo>
#include <QProcess>
#include <QPushButton>
#include <QSignalSpy>
#include <QStandardItemModel>
#include <QTemporaryDir>

#include <signal.h>

#include "case/view.hpp"
#include "case/view_files.hpp"
#include "gui/demo_case.hpp"
#include "gui/models/analysis_run.hpp"
#include "gui/models/evidence_bytes.hpp"
#include "gui/models/running_analysis.hpp"
#include "gui/pages/batch_page.hpp"
#include "gui/widgets/message_bar.hpp"
#include "gui/window_fixture.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using test::page_of, test::wait_for;
using State = gui::AnalysisRun::State;
using Outcome = gui::AnalysisRun::Outcome;

namespace {

// What an analysis found, to be compared with that of an undisturbed one.
QStringList findings_of(const QString& case_path) {
    QStringList all;
    const auto view = case_file::View::open(case_path.toStdString());
    if (!view) return {QString::fromStdString(view.error().what)};
    auto rows = view->prepare("SELECT id, severity, item_count FROM finding ORDER BY id");
    while (rows && *rows->step()) all << QStringLiteral("%1 %2 %3").arg(QString::fromUtf8(rows->text(0).data(), static_cast<qsizetype>(rows->text(0).size()))).arg(rows->integer(1)).arg(rows->integer(2));
    return all;
}

// Children of this process that run the program of that name.
QList<qint64> child_processes(const QByteArray& name) {
    QList<qint64> found;
    QProcess ps;
    ps.start(QStringLiteral("ps"), {QStringLiteral("-o"), QStringLiteral("pid=,comm="), QStringLiteral("--ppid"), QString::number(QCoreApplication::applicationPid())});
    ps.waitForFinished();
    for (const auto& line : ps.readAllStandardOutput().split('\n')) {
        const auto words = line.simplified().split(' ');
        if (words.size() == 2 && words[1] == name.left(15)) found << words[0].toLongLong();
    }
    return found;
}

bool kill_hard(qint64 process) { return process > 0 && ::kill(static_cast<pid_t>(process), SIGKILL) == 0; }

// Whether the case says that its last analysis did not come to its end.
bool is_cut_short(const QString& case_path) {
    const auto view = case_file::View::open(case_path.toStdString());
    if (!view) return false;
    const auto last = case_file::last_run(*view);
    return last && *last && (*last)->finished.empty();
}

bool click(QWidget& in, const char* text) {
    for (auto* button : in.findChildren<QPushButton*>()) {
        if (button->text() != QString::fromLatin1(text) || !button->isVisible()) continue;
        QTest::mouseClick(button, Qt::LeftButton);
        return true;
    }
    return false;
}

}  // namespace

class KillsTest : public QObject {
    Q_OBJECT
    static constexpr int k_attempts = 100;
    std::unique_ptr<QTemporaryDir> m_folder;

    QString image() const { return QFileInfo(test::demo_case()).path() + QStringLiteral("/web1.raw"); }
    QString in_folder(const char* name) const { return m_folder->path() + QLatin1Char('/') + QString::fromLatin1(name); }
    gui::NewCase into(const char* name) const {
        gui::NewCase what;
        what.evidence = QStringList{image()};
        what.output = in_folder(name);
        return what;
    }

    void remove_case(const char* name) const {
        for (const char* end : {"", "-wal", "-shm"}) QFile::remove(in_folder(name) + QLatin1String(end));
    }

private Q_SLOTS:
    void init() {
        QVERIFY2(!test::demo_case().isEmpty(), "no demo case");
        m_folder = std::make_unique<QTemporaryDir>();
    }

    void the_analysis() {
        // In the middle: names are read, contents are not. A fast machine may be done with the small disk before the blow falls.
        auto window = test::open_window({});
        for (int blow = 0; blow < k_attempts; ++blow) {
            if (blow > 0) {
                window = test::open_window({});
                remove_case("killed.deadbox");
            }
            auto& attempt = window->run();
            bool killed = false;
            connect(&attempt, &gui::AnalysisRun::progressed, this, [&] {
                if (!killed && attempt.progress().wave == QStringLiteral("content")) killed = kill_hard(attempt.process());
            });
            window->start_analysis(into("killed.deadbox"));
            QVERIFY(wait_for([&] { return attempt.state() == State::finished; }));
            attempt.disconnect(this);
            if (killed && attempt.outcome() == Outcome::crashed && is_cut_short(in_folder("killed.deadbox"))) break;
        }
        auto& run = window->run();
        QCOMPARE(run.outcome(), Outcome::crashed);
        QVERIFY(is_cut_short(in_folder("killed.deadbox")));
        auto& messages = window->current_page()->messages();
        QVERIFY(messages.isShown());
        QVERIFY2(messages.text().contains(QStringLiteral("killed")), qPrintable(messages.text()));

        // What was committed is there: the names of the disk.
        const auto view = case_file::View::open(in_folder("killed.deadbox").toStdString());
        QVERIFY(view);
        QVERIFY(*view->count("name") > 50);

        // A window that opens it later says so too, and goes on with it.
        window.reset();
        auto later = test::open_window(in_folder("killed.deadbox"));
        QVERIFY(wait_for([&] { return later->current_page()->messages().isShown(); }));
        QVERIFY2(later->current_page()->messages().text().contains(QStringLiteral("did not end by itself")), qPrintable(later->current_page()->messages().text()));
        QVERIFY(click(later->current_page()->messages(), "Go on with it"));
        QVERIFY(QTest::qWaitFor([&] { return later->run().state() == State::finished; }, 120'000));
        QCOMPARE(later->run().outcome(), Outcome::done);
        QCOMPARE(findings_of(in_folder("killed.deadbox")), findings_of(test::demo_case()));
    }

    void the_serving_worker() {
        const auto view = case_file::View::open(test::demo_case().toStdString());
        QVERIFY(view);
        auto row = view->prepare("SELECT inode, size FROM file WHERE path = '/etc/passwd' AND name_allocated = 1");
        QVERIFY(row && *row->step());
        const auto inode = row->integer(0), size = row->integer(1);
        row->reset();
        gui::EvidenceBytes bytes(test::demo_case(), {});
        QSignalSpy ready(&bytes, &gui::EvidenceBytes::ready), failed(&bytes, &gui::EvidenceBytes::failed);
        bytes.request(inode, 0, 1 << 20);
        QVERIFY(wait_for([&] { return ready.size() == 1; }));
        const auto first = ready[0][1].toByteArray();
        QCOMPARE(first.size(), size);
        const auto workers = child_processes("deadbox-worker");
        QCOMPARE(workers.size(), 1);
        QVERIFY(kill_hard(workers.first()));
        bytes.request(inode, 0, 1 << 20);
        QVERIFY(wait_for([&] { return ready.size() == 2 || failed.size() > 0; }));
        QVERIFY2(failed.isEmpty(), failed.isEmpty() ? "" : qPrintable(failed[0][1].toString()));
        QCOMPARE(ready[1][1].toByteArray(), first);
    }

    // The window's own process: its analysis goes on, and a window that comes later follows it.
    void the_window() {
        QProcess gui;
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
        environment.insert(QStringLiteral("XDG_CONFIG_HOME"), in_folder("config"));
        gui.setProcessEnvironment(environment);
        gui.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        gui.start(QFileInfo(gui::AnalysisRun::program()).path() + QStringLiteral("/deadbox-gui"), {QStringLiteral("-o"), in_folder("orphan.deadbox"), image()});
        QVERIFY(gui.waitForStarted());
        std::optional<qint64> analysis;
        QVERIFY(wait_for([&] { return (analysis = gui::analysis_of(in_folder("orphan.deadbox"))).has_value(); }));
        QVERIFY(wait_for([&] { const auto line = gui::progress_of(*analysis); return line.contains("\"walk\"") || line.contains("\"configure\"") || line.contains("\"content\""); }));
        QCOMPARE(::kill(static_cast<pid_t>(*analysis), SIGUSR1), 0);  // held, so that there is something to follow
        QVERIFY(wait_for([&] { return gui::progress_of(*analysis).contains("\"paused\":true"); }));
        QVERIFY(kill_hard(gui.processId()));
        QVERIFY(gui.waitForFinished());
        QTest::qWait(300);
        QCOMPARE(gui::analysis_of(in_folder("orphan.deadbox")), analysis);

        auto window = test::open_window(in_folder("orphan.deadbox"));
        QVERIFY(window->run().is_joined());
        QCOMPARE(window->run().process(), *analysis);
        QVERIFY(wait_for([&] { return window->run().state() == State::paused; }));
        window->run().go_on();
        QVERIFY(QTest::qWaitFor([&] { return window->run().state() == State::finished; }, 120'000));
        QCOMPARE(window->run().outcome(), Outcome::ended);
        QVERIFY(!is_cut_short(in_folder("orphan.deadbox")));
        QCOMPARE(findings_of(in_folder("orphan.deadbox")), findings_of(test::demo_case()));
    }

    // Closing a window that only follows an analysis asks nothing and stops nothing.
    void closing_a_window_that_follows() {
        QProcess analysis;
        std::optional<qint64> found;
        // Held, so that there is something to follow; a fast machine may be done with the small disk before that.
        for (int attempt = 0; attempt < k_attempts && !found; ++attempt) {
            remove_case("alone.deadbox");
            analysis.start(gui::AnalysisRun::program(), {QStringLiteral("analyze"), QStringLiteral("--quiet"), QStringLiteral("-o"), in_folder("alone.deadbox"), image()});
            QVERIFY(wait_for([&] { return (found = gui::analysis_of(in_folder("alone.deadbox"))).has_value() || analysis.state() == QProcess::NotRunning; }));
            if (found && wait_for([&] { return !gui::progress_of(*found).isEmpty() || analysis.state() == QProcess::NotRunning; }) && analysis.state() == QProcess::Running) {
                ::kill(static_cast<pid_t>(*found), SIGUSR1);
                if (wait_for([&] { return gui::progress_of(*found).contains("\"paused\":true") || analysis.state() == QProcess::NotRunning; }) && analysis.state() == QProcess::Running) break;
            }
            found.reset();
            QVERIFY(analysis.waitForFinished(120'000));
        }
        QVERIFY(found);
        QCOMPARE(*found, analysis.processId());
        auto window = test::open_window(in_folder("alone.deadbox"));
        QVERIFY(window->run().is_joined());
        QVERIFY(window->close());
        window.reset();
        QCOMPARE(::kill(static_cast<pid_t>(*found), SIGUSR2), 0);
        QVERIFY(analysis.waitForFinished(120'000));
        QCOMPARE(analysis.exitStatus(), QProcess::NormalExit);
        QCOMPARE(findings_of(in_folder("alone.deadbox")), findings_of(test::demo_case()));
    }

    void an_analysis_of_a_batch() {
        QVERIFY(QFile::link(image(), in_folder("one.raw")) && QFile::link(image(), in_folder("two.raw")));
        auto window = test::open_window({});
        window->show_page(QStringLiteral("batch"));
        auto& batch = page_of<gui::BatchPage>(*window, "batch");
        batch.add_sources({in_folder("one.raw"), in_folder("two.raw")});
        batch.set_folder(in_folder("cases"));
        batch.start();
        QVERIFY(wait_for([&] {
            const auto analysis = gui::analysis_of(in_folder("cases/one.deadbox"));
            return analysis && gui::progress_of(*analysis).contains("\"wave\"") && kill_hard(*analysis);
        }));
        QVERIFY(QTest::qWaitFor([&] { return !batch.is_running(); }, 180'000));
        QCOMPARE(batch.machines().rowCount(), 2);
        QCOMPARE(batch.machines().item(0, 1)->text(), QStringLiteral("failed"));
        QCOMPARE(batch.machines().item(1, 1)->text(), QStringLiteral("compromised"));
    }
};

DEADBOX_TEST(KillsTest)
#include "kills_test.moc"
