// An image that changes while it is read, or between two runs.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "engine/machine.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using test::Rows;

namespace {

constexpr const char* k_ledger = "SELECT level, area, reason, count FROM coverage WHERE wave = 'watch' ORDER BY id";
constexpr const char* k_custody = "SELECT action FROM custody WHERE action LIKE 'evidence.%' AND action NOT IN ('evidence.opened', 'evidence.hashed') ORDER BY id";

}  // namespace

class EvidenceWatchTest : public QObject {
    Q_OBJECT
    test::Machine m_machine;

    // Does something to the image when the walk begins.
    base::Result<engine::AnalysisResult> run(const engine::AnalysisOptions& options, const std::function<void()>& meanwhile = [] {}) {
        engine::Progress progress;
        bool done = false;
        progress.show = [&](const engine::ProgressState& state) {
            if (done || state.wave != "walk") return;
            done = true;
            meanwhile();
        };
        return engine::analyze(options, progress);
    }

private slots:
    void initTestCase() {
        m_machine.add("/srv/file", "text\n");
        QVERIFY(m_machine.build());
    }

    void what_stays_is_said_to_stay() {
        const auto options = m_machine.options("same.deadbox");
        const auto result = run(options);
        QVERIFY(result && !result->gaps);
        QCOMPARE(test::rows(options.case_path, k_custody), (Rows{"evidence.state", "evidence.unchanged"}));
        QCOMPARE(test::rows(options.case_path, k_ledger), Rows{});
    }

    void a_change_is_recorded_and_said_data() {
        QTest::addColumn<QString>("change");
        QTest::addColumn<QString>("words");
        QTest::newRow("size") << "size" << "size ";
        QTest::newRow("bytes") << "bytes" << "modified ";
        QTest::newRow("bytes with the time set back") << "set back" << "changed ";
        QTest::newRow("removed") << "removed" << "not there any more";
    }
    void a_change_is_recorded_and_said() {
        QFETCH(QString, change);
        QFETCH(QString, words);
        const auto copy = m_machine.path("copy.raw");
        std::filesystem::copy_file(m_machine.image(), copy, std::filesystem::copy_options::overwrite_existing);
        auto options = m_machine.options(change.toStdString() + ".deadbox");
        options.evidence = {copy};
        const auto result = run(options, [&] {
            struct stat before {};
            ::stat(copy.c_str(), &before);
            if (change == "removed") std::filesystem::remove(copy);
            else if (change == "size") std::filesystem::resize_file(copy, std::filesystem::file_size(copy) + 512);
            else {
                std::fstream file(copy, std::ios::in | std::ios::out | std::ios::binary);
                file.seekp(-1, std::ios::end);
                file.put('x');
            }
            const timespec times[] = {before.st_atim, before.st_mtim};
            if (change == "set back") ::utimensat(AT_FDCWD, copy.c_str(), times, 0);
        });
        QVERIFY2(result, result ? "" : result.error().what.c_str());
        QVERIFY(result->gaps);
        QCOMPARE(test::rows(options.case_path, k_custody), (Rows{"evidence.state", "evidence.changed"}));
        QCOMPARE(test::rows(options.case_path, k_ledger), Rows{"gap|evidence|the evidence changed while it was read|1"});
        const auto details = test::rows(options.case_path, "SELECT details FROM custody WHERE action = 'evidence.changed'");
        QVERIFY2(QString::fromStdString(details.front()).contains(words), details.front().c_str());
    }

    void a_change_between_two_runs_is_found() {
        const auto copy = m_machine.path("later.raw");
        std::filesystem::copy_file(m_machine.image(), copy);
        auto options = m_machine.options("later.deadbox");
        options.evidence = {copy};
        engine::Progress progress;
        progress.stop = [&] { return progress.state.wave == "walk"; };
        const auto first = engine::analyze(options, progress);
        QVERIFY(first && first->interrupted);
        const timespec times[] = {{1, 0}, {1, 0}};
        QCOMPARE(::utimensat(AT_FDCWD, copy.c_str(), times, 0), 0);
        options.resume = true;
        QVERIFY(run(options));
        QCOMPARE(test::rows(options.case_path, k_ledger), Rows{"gap|evidence|the evidence changed between two runs of its analysis|1"});
        // Said once, however often it is looked at again.
        QVERIFY(run(options));
        QCOMPARE(test::rows(options.case_path, k_ledger).size(), std::size_t{1});
    }

    void a_descriptor_has_the_place_that_it_was_opened_from_data() {
        QTest::addColumn<int>("number");
        QTest::newRow("any") << 40;
        QTest::newRow("the worker's own first") << 3;
        QTest::newRow("the worker's own second") << 4;
    }
    void a_descriptor_has_the_place_that_it_was_opened_from() {
        QFETCH(int, number);
        const int kept = ::fcntl(number, F_GETFD) >= 0 ? ::dup(number) : -1;
        const int opened = ::open(m_machine.image().c_str(), O_RDONLY);
        if (opened != number) ::dup2(opened, number), ::close(opened);
        auto options = m_machine.options("fd" + std::to_string(number) + ".deadbox");
        options.evidence = {"fd:" + std::to_string(number)};
        const auto result = run(options);
        if (kept >= 0) ::dup2(kept, number), ::close(kept);
        else ::close(number);
        QVERIFY2(result, result ? "" : result.error().what.c_str());
        QVERIFY(!result->nothing_opened);
        QCOMPARE(test::rows(options.case_path, "SELECT e.argument, f.name, f.path FROM evidence e JOIN evidence_file f ON f.evidence = e.id"),
                 Rows{"fd:" + std::to_string(number) + "|disk.raw|" + m_machine.image()});
    }
};

DEADBOX_TEST(EvidenceWatchTest)
#include "evidence_watch_test.moc"
