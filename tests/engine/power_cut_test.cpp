// The power goes at any moment of an analysis: what was committed for good is there, and --resume makes the rest anew, to the
// same case. DEADBOX_ALL_CUTS=1 tries every sync boundary, not only some.
#include <QFile>

#include <algorithm>

#include "case/custody.hpp"
#include "case/edit.hpp"
#include "case/seal.hpp"
#include "engine/machine.hpp"
#include "engine/power_cut_vfs.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using test::Rows;
using test::Unsynced;

class PowerCutTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        for (int i = 0; i < 700; ++i) m_machine.add("/srv/" + std::to_string(i % 9) + "/file" + std::to_string(i), "file " + std::to_string(i) + "\n");
        for (int i = 0; i < 4; ++i) m_machine.add("/chain/" + std::to_string(i), std::to_string(i) + "\n");
        m_machine.add("/var/log/auth.log", "Mar  2 04:16:40 trial useradd[2398]: new user: name=backup1, UID=0, GID=0, home=/var/tmp/.b, shell=/bin/bash, from=none\n");
        QVERIFY(m_machine.build());
        const auto options = m_machine.options("recorded.deadbox");
        m_recorder = std::make_unique<test::PowerCutRecorder>(options.case_path);
        engine::Progress progress;
        // The analyst writes notes meanwhile.
        std::optional<case_file::Database> reader;  // keeps the last close from writing everything back, as a window would
        std::optional<case_file::Database> writer;  // a small run takes its log in hardly ever by itself
        int shown = 0;
        progress.show = [&](const engine::ProgressState& state) {
            if (!reader) {
                auto opened = case_file::Database::open(options.case_path, case_file::Access::read);
                QVERIFY(opened);
                reader = std::move(*opened);
                QVERIFY(reader->execute("SELECT count(*) FROM meta"));
            }
            if (++shown % 4 == 0) {
                if (!writer) {
                    auto opened = case_file::Database::open(options.case_path, case_file::Access::write);
                    QVERIFY(opened);
                    writer = std::move(*opened);
                }
                QVERIFY(writer->execute("PRAGMA wal_checkpoint(PASSIVE)"));
            }
            if (state.wave != "detect" || state.done != m_notes.size() + 1 || m_notes.size() > 2) return;
            const auto text = "note " + std::to_string(m_notes.size());
            QVERIFY(case_file::write_note(options.case_path, {.text = text}));
            m_notes.emplace_back(m_recorder->operations(), text);
        };
        const auto result = engine::analyze(options, progress);
        QVERIFY2(result, result ? "" : result.error().what.c_str());
        m_all = m_recorder->operations();
        writer.reset(), reader.reset();
        m_recorder->stop();
        m_head = result->custody_head;
        m_seal = seal_without_notes(options.case_path);
        m_report = test::report_of(options.case_path);
        QVERIFY(m_notes.size() > 1 && !m_seal.empty() && m_report.find("error") != 0);
    }

    void resumes_from_every_cut_data() {
        QTest::addColumn<qulonglong>("at");
        QTest::addColumn<int>("unsynced");
        const auto boundaries = m_recorder->sync_boundaries();
        QVERIFY2(boundaries.size() >= 20, qPrintable(QString::number(boundaries.size())));
        const bool all = qEnvironmentVariableIsSet("DEADBOX_ALL_CUTS");
        const std::size_t step = all ? 1 : std::max<std::size_t>(1, boundaries.size() / 9);
        for (std::size_t i = 0; i < boundaries.size(); i += step)
            for (const auto unsynced : {Unsynced::lost, Unsynced::some})
                QTest::addRow("%zu %s", boundaries[i], unsynced == Unsynced::lost ? "all lost" : "some lost") << qulonglong{boundaries[i]} << static_cast<int>(unsynced);
        // And between them, where most is unsynced.
        for (std::size_t i = 1; i <= (all ? 60 : 8); ++i) {
            const auto at = m_all * i / (all ? 61 : 9);
            QTest::addRow("%zu in between", at) << qulonglong{at} << static_cast<int>(Unsynced::some);
        }
        for (const auto& [written, text] : m_notes) QTest::addRow("behind %s, all lost", text.c_str()) << qulonglong{written} << static_cast<int>(Unsynced::lost);
        QTest::addRow("the end, all lost") << qulonglong{m_all} << static_cast<int>(Unsynced::lost);
    }
    void resumes_from_every_cut() {
        QFETCH(qulonglong, at);
        QFETCH(int, unsynced);
        auto options = m_machine.options("cut.deadbox");
        m_recorder->cut(at, static_cast<Unsynced>(unsynced), at, options.case_path);
        if (at >= m_all) {
            // The head was told outside: the end of the analysis stands, whatever becomes of the rest.
            const auto heads = test::rows(options.case_path, "SELECT lower(hex(hash)) FROM custody WHERE action = 'analysis.finished'");
            QCOMPARE(heads, Rows{m_head});
        }
        options.resume = true;
        engine::Progress progress;
        const auto result = engine::analyze(options, progress);
        QVERIFY2(result, result ? "" : result.error().what.c_str());
        const auto differing = nlohmann::json::diff(m_seal, seal_without_notes(options.case_path));
        QVERIFY2(differing.empty(), differing.dump().c_str());
        for (const auto& [written, text] : m_notes)
            if (written <= at) QCOMPARE(test::rows(options.case_path, "SELECT count(*) FROM note WHERE text = '" + text + "'"), Rows{"1"});
        QCOMPARE(test::rows(options.case_path, "SELECT details, count(*) FROM custody WHERE action = 'batch' GROUP BY 1 HAVING count(*) > 1"), Rows{});
        QCOMPARE(test::rows(options.case_path, "SELECT count(*) FROM (SELECT json_extract(details, '$.batch') b FROM custody WHERE action = 'batch') WHERE b NOT IN (SELECT id FROM batch)"), Rows{"0"});
        QCOMPARE(test::rows(options.case_path, "PRAGMA integrity_check"), Rows{"ok"});
        const auto database = case_file::Database::open(options.case_path, case_file::Access::read);
        QVERIFY(database && !case_file::verify_chain(*database)->first_broken);
        const auto differences = case_file::differences(*database);
        QVERIFY(differences);
        QVERIFY2(differences->empty(), differences->empty() ? "" : differences->front().c_str());
        if (at % 3 == 0) QCOMPARE(QString::fromStdString(without_notes(test::report_of(options.case_path))), QString::fromStdString(without_notes(m_report)));
    }

    // That the above can fail: on a disk whose syncs do nothing the same end of the same run is not there.
    void a_disk_that_lies_loses_the_end() {
        const auto path = m_machine.path("lying.deadbox");
        m_recorder->cut(m_all, Unsynced::all_of_it, 1, path);
        QVERIFY(test::rows(path, "SELECT lower(hex(hash)) FROM custody WHERE action = 'analysis.finished'") != Rows{m_head});
    }

private:
    static nlohmann::json seal_without_notes(const std::string& path) {
        auto seal = test::seal_of(path);
        if (seal.is_object()) seal.erase("note");
        return seal;
    }
    static std::string without_notes(const std::string& report) {
        auto json = nlohmann::json::parse(report, nullptr, false);
        if (json.is_object()) json.erase("notes");
        return json.is_object() ? json.dump(1) : report;
    }
    test::Machine m_machine;
    std::unique_ptr<test::PowerCutRecorder> m_recorder;
    std::vector<std::pair<std::size_t, std::string>> m_notes;
    std::size_t m_all = 0;
    std::string m_head, m_report;
    nlohmann::json m_seal;
};
DEADBOX_TEST(PowerCutTest)
#include "power_cut_test.moc"
