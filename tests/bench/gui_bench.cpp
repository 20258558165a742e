// How the window stands a large case. gui_bench make CASE [EVENTS FILES] writes one through the writer (10 million events
// and 2 million files unless said); gui_bench run CASE opens it in the real window, without a display, and prints what
// each step took: wall time, and CPU time of this process beside it, for on a loaded machine only that compares.
#include <QApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QScrollBar>
#include <QStandardPaths>

#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "case/schema.hpp"
#include "case/writer.hpp"
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

int make(const std::string& path, std::int64_t events, std::int64_t files) {
    plugin::topics();
    const auto database = must(case_file::Database::open(path, case_file::Access::write));
    must(case_file::prepare_schema(database));
    must(case_file::prepare_topics(database));
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
    write_events(writer, events);
    must(case_file::index_for_reading(database));
    std::printf("%s: %lld events, %lld files\n", path.c_str(), static_cast<long long>(events), static_cast<long long>(files));
    return 0;
}

double cpu_ms() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto ms = [](const timeval& t) { return static_cast<double>(t.tv_sec) * 1000 + static_cast<double>(t.tv_usec) / 1000; };
    return ms(usage.ru_utime) + ms(usage.ru_stime);
}

class Step {
public:
    explicit Step(const char* name) : m_name(name), m_cpu(cpu_ms()) { m_clock.start(); }
    ~Step() { std::printf("%-44s %8.0f ms wall %8.0f ms cpu\n", m_name, static_cast<double>(m_clock.nsecsElapsed()) / 1e6, cpu_ms() - m_cpu); }

private:
    const char* m_name;
    double m_cpu;
    QElapsedTimer m_clock;
};

long memory_mib() {
    QFile file(QStringLiteral("/proc/self/status"));
    if (!file.open(QIODevice::ReadOnly)) return 0;
    for (const auto& line : file.readAll().split('\n'))
        if (line.startsWith("VmHWM:")) return line.mid(6).trimmed().split(' ').front().toLong() / 1024;
    return 0;
}

int run(const QString& path) {
    std::unique_ptr<gui::MainWindow> window;
    {
        const Step step("open, to the verdict");
        window = test::open_window(path);
        (void)test::wait_for([&] { return window->findChild<QWidget*>(QStringLiteral("verdict")) != nullptr; });
    }
    auto& page = test::page_of<gui::TimelinePage>(*window, "timeline");
    auto& model = *page.model();
    {
        const Step step("timeline, to its first rows");
        window->show_page(QStringLiteral("timeline"));
        (void)test::wait_for([&] { return model.rowCount() > 0 && model.line(0) != nullptr; });
    }
    std::printf("%d rows\n", model.rowCount());
    test::settle(*window, QStringLiteral("timeline"));
    std::vector<double> walls;
    const double cpu = cpu_ms();
    constexpr int k_places = 40;
    auto* bar = page.table()->verticalScrollBar();
    for (int i = 0; i < k_places; ++i) {  // the thumb, anywhere
        QElapsedTimer clock;
        clock.start();
        bar->setValue(static_cast<int>(static_cast<std::int64_t>(bar->maximum()) * ((i * 7919) % 1000) / 1000));
        const int first = page.table()->rowAt(1);
        page.table()->viewport()->repaint();
        (void)QTest::qWaitFor([&] { return model.line(first) != nullptr; }, 30'000);
        walls.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e6);
    }
    std::sort(walls.begin(), walls.end());
    std::printf("%-44s median %.0f ms, worst %.0f ms wall; %.0f ms cpu each\n", "to any place by the thumb", walls[walls.size() / 2], walls.back(), (cpu_ms() - cpu) / k_places);
    std::vector<double> frames;
    for (int i = 0; i < 300; ++i) {  // the wheel, over rows that are there
        bar->setValue(bar->value() + 3);
        QElapsedTimer clock;
        clock.start();
        page.table()->viewport()->repaint();
        frames.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e6);
        QApplication::processEvents();
    }
    std::sort(frames.begin(), frames.end());
    std::printf("%-44s median %.1f ms, 99th percentile %.1f ms wall\n", "a frame while scrolling", frames[frames.size() / 2], frames[frames.size() * 99 / 100]);
    const auto first_rows = [&](const char* name, auto begin) {
        const Step step(name);
        begin();
        (void)QTest::qWaitFor([&] { return model.rowCount() > 0 && model.rowCount() < 20'000'000 && (model.index(0, 0).data(), model.line(0) != nullptr); }, 60'000);
    };
    first_rows("filter by a rare address, first rows", [&] { (void)page.open(gui::Link::to(gui::Link::Kind::address, "192.0.2.77")); });
    std::printf("%d rows\n", model.rowCount());
    (void)page.closeLast();
    test::settle(*window, QStringLiteral("timeline"));
    first_rows("filter by a user, first rows", [&] { (void)page.open(gui::Link::to(gui::Link::Kind::account, "user42")); });
    (void)page.closeLast();
    test::settle(*window, QStringLiteral("timeline"));
    first_rows("filter by a text, first rows", [&] { page.setText(QStringLiteral("file777")); });
    (void)page.closeLast();
    test::settle(*window, QStringLiteral("timeline"));
    {
        const Step step("histogram, zoomed and drawn, each of 20");
        for (int i = 0; i < 20; ++i) page.histogram()->zoom(i % 2 == 0 ? 0.5 : 2, 0.3), page.histogram()->repaint();
    }
    std::printf("%-44s %ld MiB\n", "most memory", memory_mib());
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QStandardPaths::setTestModeEnabled(true);
    QApplication application(argc, argv);
    gui::apply_theme(gui::Theme::light);
    const auto arguments = QCoreApplication::arguments();
    if (arguments.size() >= 3 && arguments[1] == QStringLiteral("make"))
        return make(arguments[2].toStdString(), arguments.size() > 3 ? arguments[3].toLongLong() : 10'000'000, arguments.size() > 4 ? arguments[4].toLongLong() : 2'000'000);
    if (arguments.size() == 3 && arguments[1] == QStringLiteral("run")) return run(arguments[2]);
    std::fprintf(stderr, "gui_bench make CASE [EVENTS FILES] | run CASE\n");
    return 2;
}
