// How the window stands a large case. gui_bench make CASE [EVENTS FILES] writes one through the writer (10 million events
// and 2 million files unless said); gui_bench run CASE [--writing] opens it in the real window, without a display, and
// prints what each step took beside what it may take. --writing: meanwhile another process commits batches of events into
// the same case, as an analysis does (gui_bench write CASE, until it is ended). gui_bench first IMAGE: the window analyses
// the image with the programs beside this one, until findings stand on the screen; then the analysis is stopped.
#include <QApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QScrollBar>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTreeView>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "case/schema.hpp"
#include "case/writer.hpp"
#include "gui/pages/findings_page.hpp"
#include "gui/pages/timeline_page.hpp"
#include "gui/widgets/histogram.hpp"
#include "gui/widgets/palettes.hpp"
#include "gui/widgets/table_view.hpp"
#include "gui/window_fixture.hpp"

using namespace deadbox;

namespace {

void must(const base::Result<void>& done) {
    if (done) return;
    std::fprintf(stderr, "%s\n", done.error().what.c_str());
    std::exit(1);
}
template <class T>
T must(base::Result<T> done) {
    if (!done) {
        std::fprintf(stderr, "%s\n", done.error().what.c_str());
        std::exit(1);
    }
    return std::move(*done);
}

// Files lie in folders of a hundred; half of them came in the hour of the installation, as on a real machine.
void write_files(case_file::Writer& writer, std::int64_t files) {
    constexpr std::int64_t k_installed = 1'700'000'000;
    std::int64_t folder = case_file::inode_row(0, 2);
    for (std::int64_t i = 0; i < files; ++i) {
        if (i % 5000 == 0) {
            if (i != 0) must(writer.finish_batch());
            must(writer.begin_batch("walk", std::to_string(i)));
        }
        const auto id = case_file::inode_row(0, static_cast<std::uint64_t>(100 + i));
        const bool is_folder = i % 100 == 0;
        const std::string name = (is_folder ? "folder" : "file") + std::to_string(i);
        case_file::InodeRow row;
        row.id = id, row.parent = is_folder ? case_file::inode_row(0, 2) : folder, row.type = is_folder ? 2 : 1, row.mode = 0644, row.links = 1, row.size = static_cast<std::uint64_t>(i % 100'000);
        const std::int64_t at = i % 2 == 0 ? k_installed + i % 3000 : k_installed + i * 20;
        row.modified = base::Timestamp{at - 1000, 0}, row.accessed = base::Timestamp{at + 5000, 3}, row.changed = row.born = base::Timestamp{at, static_cast<std::uint32_t>(i % 1'000'000'000)};
        must(writer.inode(row).map([](bool) {}));
        must(writer.name(row.parent, id, name, true));
        if (!is_folder) continue;
        must(writer.directory(id, 0, "/" + name, 1, true).map([](bool) {}));
        folder = id;
    }
    must(writer.finish_batch());
}

void write_events(case_file::Writer& writer, std::int64_t events) {
    const char* kinds[] = {"auth.login.failure", "auth.login.success", "auth.session.opened", "service.started"};
    std::vector<const plugin::EventDef*> known;
    for (const auto* kind : kinds)
        if (const auto* found = plugin::find_event(kind)) known.push_back(found);
    if (known.empty())
        for (const auto* topic : plugin::topics())
            for (const auto& event : topic->events) known.push_back(&event);
    const std::int64_t start = 1'700'000'000, step = 30'000'000 / std::max<std::int64_t>(1, events / 1000);
    for (std::int64_t i = 0; i < events; ++i) {
        if (i % 20'000 == 0) {
            if (i != 0) must(writer.finish_batch());
            must(writer.begin_batch("content", std::to_string(i)));
        }
        plugin::Event event;
        const std::string user = "user" + std::to_string(i % 97), address = "203.0.113." + std::to_string(i / 50 % 250), process = "sshd";
        event.kind = known[static_cast<std::size_t>(i) % known.size()];
        event.time = {start + i * step / 1000, static_cast<std::uint32_t>(i % 1000)};
        event.user = user, event.address = i == events / 3 ? std::string_view("192.0.2.77") : std::string_view(address), event.process = process;
        event.offset = static_cast<std::uint64_t>(i * 100), event.line = static_cast<std::uint64_t>(i);
        must(writer.event(event, i % 20 == 0 ? "{\"port\":" + std::to_string(i % 60'000) + "}" : "{\"method\":\"password\"}", case_file::inode_row(0, 101)));
    }
    must(writer.finish_batch());
}

// As an analysis that is still reading logs: batch after batch, each committed.
int write(const std::string& path) {
    plugin::topics();
    const auto database = must(case_file::Database::open(path, case_file::Access::write));
    case_file::Writer writer(database);
    const auto* kind = plugin::find_event("auth.login.failure");
    for (std::int64_t batch = 0;; ++batch) {
        must(writer.begin_batch("content", "more" + std::to_string(batch) + "." + std::to_string(QCoreApplication::applicationPid())));
        for (std::int64_t i = 0; i < 5000; ++i) {
            plugin::Event event;
            const std::string user = "user" + std::to_string(i % 97);
            event.kind = kind, event.time = {1'700'000'000 + (batch * 5000 + i) * 7 % 30'000'000, 0}, event.user = user, event.address = "198.51.100.9", event.process = "sshd";
            must(writer.event(event, "{\"method\":\"password\"}", case_file::inode_row(0, 101)));
        }
        must(writer.finish_batch());
    }
}

int make(const std::string& path, std::int64_t events, std::int64_t files) {
    plugin::topics();
    const auto database = must(case_file::Database::open(path, case_file::Access::write));
    {
        auto transaction = must(case_file::Transaction::begin(database));
        must(case_file::prepare_schema(database));
        must(case_file::prepare_topics(database));
        must(transaction.commit());
    }
    must(database.execute("INSERT INTO evidence(id, argument, format, media_size, identity) VALUES(1, 'disk.raw', 'raw', 1073741824, '00112233445566778899aabbccddeeff');"
                          "INSERT INTO volume VALUES(1, 1, '1.1', 'gpt', '', '', 1048576, 1072693248, 'ext4', '', '11111111-2222-3333-4444-555555555555', 1, 'empty', 1, '/');"
                          "INSERT INTO tree VALUES(0, 1, 0, NULL, 1, '/', 2); INSERT INTO system VALUES(1, 0);"));
    case_file::Writer writer(database);
    must(writer.begin_batch("walk", "root"));
    case_file::InodeRow root;
    root.id = case_file::inode_row(0, 2), root.type = 2, root.mode = 0755, root.links = 2;
    must(writer.inode(root).map([](bool) {}));
    must(writer.directory(root.id, 0, "/", 0, true).map([](bool) {}));
    must(writer.finish_batch());
    write_files(writer, files);
    must(writer.begin_batch("content", "times"));
    must(writer.file_times(0, INT64_MAX));
    must(writer.finish_batch());
    write_events(writer, events);
    must(case_file::index_for_reading(database));
    std::printf("%s: %lld events, %lld files\n", path.c_str(), static_cast<long long>(events), static_cast<long long>(files));
    return 0;
}

// Everything the GUI thread does within one step is one frame: nobody sees anything new before it is over.
struct Times {
    std::vector<double> ms;
    template <class Run>
    void of(Run run) {
        QElapsedTimer clock;
        clock.start();
        run();
        ms.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e6);
    }
    double at(double share) {
        std::sort(ms.begin(), ms.end());
        return ms[std::min(ms.size() - 1, static_cast<std::size_t>(static_cast<double>(ms.size()) * share))];
    }
};

bool g_met = true;

void print(const char* what, double took, double may, const char* unit = "ms") {
    g_met = g_met && took < may;
    std::printf("%-52s %8.1f %s   of %.0f%s\n", what, took, unit, may, took < may ? "" : "   MISSED");
    std::fflush(stdout);
}

long memory_mib() {
    QFile file(QStringLiteral("/proc/self/status"));
    if (!file.open(QIODevice::ReadOnly)) return 0;
    for (const auto& line : file.readAll().split('\n'))
        if (line.startsWith("VmHWM:")) return line.mid(6).trimmed().split(' ').front().toLong() / 1024;
    return 0;
}

template <class Done>
void wait(Done done) {
    (void)QTest::qWaitFor(done, 60'000);
}

void scroll(gui::TimelinePage& page) {
    auto& model = *page.model();
    auto* bar = page.table()->verticalScrollBar();
    auto* viewport = page.table()->viewport();
    Times places, frames;
    for (int i = 0; i < 40; ++i) {  // the thumb is let go anywhere: until all rows of the screen are there
        places.of([&] {
            bar->setValue(static_cast<int>(static_cast<std::int64_t>(bar->maximum()) * ((i * 7919) % 1000) / 1000));
            viewport->repaint();
            const int first = page.table()->firstVisibleRow(), last = page.table()->lastVisibleRow();
            (void)QTest::qWaitFor([&] { return model.line(first) != nullptr && model.line(last) != nullptr; }, 30'000);
            viewport->repaint();
        });
    }
    print("to any place by the thumb, the worst", places.at(1), 100);
    const auto frame = [&](int value) {
        frames.of([&] {
            bar->setValue(value);
            viewport->repaint();
            QApplication::processEvents();
        });
    };
    for (int i = 0; i < 400; ++i) frame(bar->value() + 3);  // the wheel
    print("a frame under the wheel, 99th percentile", frames.at(0.99), 16);
    frames.ms.clear();
    for (int i = 0; i < 400; ++i) frame(static_cast<int>(static_cast<std::int64_t>(bar->maximum()) * i / 400));  // the thumb is dragged over all of it
    print("a frame under the thumb, 99th percentile", frames.at(0.99), 16);
}

void filter(gui::MainWindow& window, gui::TimelinePage& page) {
    auto& model = *page.model();
    const auto first_rows = [&](const char* name, auto begin) {
        Times time;
        time.of([&] {
            bool begun = false;
            const auto watch = QObject::connect(&model, &QAbstractItemModel::modelReset, &model, [&] { begun = true; });
            begin();
            wait([&] {
                if (!begun || model.rowCount() == 0) return false;
                (void)model.index(0, 0).data();
                return model.line(0) != nullptr;
            });
            QObject::disconnect(watch);
        });
        print(name, time.at(1), 300);
        (void)page.closeLast();
        wait([&] { return model.rowCount() > 5'000'000; });
        test::settle(window, QStringLiteral("timeline"));
    };
    first_rows("filter by an address of one record, first rows", [&] { (void)page.open(gui::Link::to(gui::Link::Kind::address, "192.0.2.77")); });
    first_rows("filter by a user, first rows", [&] { (void)page.open(gui::Link::to(gui::Link::Kind::account, "user42")); });
    first_rows("filter by a file, first rows", [&] { (void)page.open(gui::Link::to(gui::Link::Kind::path, "/folder1000000/file1000001")); });
    first_rows("filter by a common text, first rows", [&] { page.setText(QStringLiteral("password")); });
    first_rows("filter by a text in names, first rows", [&] { page.setText(QStringLiteral("file777")); });
    first_rows("filter by a rare name, first rows", [&] { page.setText(QStringLiteral("file1900001")); });
    first_rows("filter by a rare argument, first rows", [&] { page.setText(QStringLiteral("192.0.2.77")); });
}

void zoom(gui::TimelinePage& page) {
    auto* histogram = page.histogram();
    histogram->show_all();
    wait([&] { return histogram->is_exact(); });
    Times frames, exact;
    for (int i = 0; i < 48; ++i) {  // in to minutes, along, and out again
        exact.of([&] {
            frames.of([&] {
                i < 20 ? histogram->zoom(0.5, 0.3) : i < 28 ? histogram->pan(0.4) : histogram->zoom(2, 0.3);
                histogram->repaint();
            });
            wait([&] { return histogram->is_exact(); });
            histogram->repaint();
        });
    }
    print("the histogram after a zoom, first picture, worst", frames.at(1), 200);
    print("the histogram after a zoom, exact, worst", exact.at(1), 200);
}

int run(const QString& path, bool writing) {
    QProcess writer;
    if (writing) {
        writer.start(QCoreApplication::applicationFilePath(), {QStringLiteral("write"), path});
        (void)writer.waitForStarted();
        QTest::qWait(1500);
    }
    std::unique_ptr<gui::MainWindow> window;
    Times open, timeline;
    open.of([&] {
        window = test::open_window(path);
        wait([&] { return window->findChild<QWidget*>(QStringLiteral("verdict")) != nullptr; });
        window->repaint();
    });
    print("open, to the verdict", open.at(1), 1000);
    auto& page = test::page_of<gui::TimelinePage>(*window, "timeline");
    auto& model = *page.model();
    timeline.of([&] {
        window->show_page(QStringLiteral("timeline"));
        wait([&] { return model.rowCount() > 0 && ((void)model.index(0, 0).data(), page.table()->currentIndex().isValid() ? model.line(page.table()->currentIndex().row()) != nullptr : model.line(0) != nullptr); });
    });
    print("timeline, to its first rows", timeline.at(1), 1000);
    std::printf("%d rows\n", model.rowCount());
    test::settle(*window, QStringLiteral("timeline"));
    scroll(page);
    zoom(page);
    filter(*window, page);
    print("most memory", static_cast<double>(memory_mib()), 500, "MiB");
    if (writing) writer.kill(), (void)writer.waitForFinished();
    return g_met ? 0 : 1;
}

int first_findings(const QString& image) {
    const QTemporaryDir folder(QFileInfo(image).absolutePath() + QStringLiteral("/first-XXXXXX"));
    const auto window = test::open_window({});
    auto& page = test::page_of<gui::FindingsPage>(*window, "findings");
    gui::NewCase what;
    what.evidence = QStringList{image}, what.output = folder.filePath(QStringLiteral("first.deadbox"));
    QElapsedTimer clock;
    clock.start();
    window->start_analysis(what);
    wait([&] { return window->session() != nullptr || !window->run().is_live(); });
    const auto opened = static_cast<double>(clock.nsecsElapsed()) / 1e6;
    window->show_page(QStringLiteral("findings"));
    double told = 0;
    wait([&] {
        if (told == 0 && window->run().progress().findings > 0) told = static_cast<double>(clock.nsecsElapsed()) / 1e6;
        return page.model()->shown_count() > 0 || !window->run().is_live();
    });
    page.list()->viewport()->repaint();
    const auto took = static_cast<double>(clock.nsecsElapsed()) / 1e6;
    if (page.model()->shown_count() == 0) std::printf("the analysis ended without findings: %s\n", qPrintable(window->run().words()));
    std::printf("%-52s %8.1f ms\n", "the case opens while it is written, after", opened);
    std::printf("%-52s %8.1f ms\n", "the analysis tells of findings, after", told);
    print("first findings on the screen, after", page.model()->shown_count() > 0 ? took : 1e9, 3000);
    std::printf("%d findings, wave %s, %llu files read\n", page.model()->shown_count(), qPrintable(window->run().progress().wave), static_cast<unsigned long long>(window->run().progress().files));
    window->run().stop();
    wait([&] { return !window->run().is_live(); });
    return g_met ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
    QStandardPaths::setTestModeEnabled(true);
    QApplication application(argc, argv);
    gui::apply_theme(gui::Theme::light);
    const auto arguments = QCoreApplication::arguments();
    if (arguments.size() >= 3 && arguments[1] == QStringLiteral("make"))
        return make(arguments[2].toStdString(), arguments.size() > 3 ? arguments[3].toLongLong() : 10'000'000, arguments.size() > 4 ? arguments[4].toLongLong() : 2'000'000);
    if (arguments.size() == 3 && arguments[1] == QStringLiteral("write")) return write(arguments[2].toStdString());
    if (arguments.size() >= 3 && arguments[1] == QStringLiteral("run")) return run(arguments[2], arguments.contains(QStringLiteral("--writing")));
    if (arguments.size() == 3 && arguments[1] == QStringLiteral("first")) return first_findings(arguments[2]);
    std::fprintf(stderr, "gui_bench make CASE [EVENTS FILES] | run CASE [--writing] | write CASE | first IMAGE\n");
    return 2;
}
