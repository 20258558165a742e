// A machine whose clock was wrong: what is told of when something happened is corrected, with what the machine wrote.
#include <QFile>
#include <QTemporaryDir>
#include <nlohmann/json.hpp>

#include "case/edit.hpp"
#include "case/view_clock.hpp"
#include "case/view_machine.hpp"
#include "case/view_timeline_index.hpp"
#include "report/bodyfile.hpp"
#include "report/build.hpp"
#include "report/format.hpp"
#include "report/timeline_lines.hpp"
#include "sample_case.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using nlohmann::json;

namespace {

constexpr std::int64_t k_ahead = 5400;  // no whole hours

void set_clock(test::CaseFixture& fixture, std::int64_t offset) {
    fixture.sql("INSERT OR REPLACE INTO meta VALUES('clock_offset', '" + std::to_string(offset) + "'), ('clock_source', 'compared with NTP | by Eve')");
}

std::string lines(const case_file::View& view, void (*append)(std::string&, const report::TimelineLine&), const report::TimelineOptions& options = {}) {
    const auto texts = report::Texts::load("en");
    std::string all;
    const auto done = report::for_each_line(view, *texts, options, [&](const report::TimelineLine& line) {
        append(all, line);
        return base::Next::go_on;
    });
    return done ? all : "failed";
}

}  // namespace

class ClockTest : public QObject {
    Q_OBJECT
private slots:
    void texts_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("corrected");
        QTest::newRow("nine digits") << QByteArray("2026-03-02T01:00:00.123456789Z") << QByteArray("2026-03-01T23:30:00.123456789Z");
        QTest::newRow("seconds") << QByteArray("2026-03-02T01:00:00Z") << QByteArray("2026-03-01T23:30:00Z");
        QTest::newRow("minutes") << QByteArray("2026-03-02 01:00 UTC") << QByteArray("2026-03-01 23:30 UTC");
        QTest::newRow("more than a moment") << QByteArray("at 2026-03-02T01:00:00Z") << QByteArray("at 2026-03-02T01:00:00Z");
        QTest::newRow("a day") << QByteArray("2026-03-02") << QByteArray("2026-03-02");
        QTest::newRow("no moment") << QByteArray("twenty characters UTC") << QByteArray("twenty characters UTC");
    }
    void texts() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, corrected);
        const case_file::Clock clock{k_ahead, ""};
        QCOMPARE(QByteArray::fromStdString(clock.corrected_text(text.toStdString())), corrected);
        QCOMPARE(QByteArray::fromStdString(case_file::Clock().corrected_text(text.toStdString())), text);
    }
    void the_ends_of_time_stay() {
        const case_file::Clock ahead{k_ahead, ""}, behind{-k_ahead, ""};
        QCOMPARE(ahead.corrected({INT64_MIN + 1, 0}).seconds, INT64_MIN);
        QCOMPARE(behind.corrected({INT64_MAX - 1, 0}).seconds, INT64_MAX);
        QVERIFY(!case_file::clock_rows(INT64_MIN, "").has_value());
    }

    // The report's moments differ by the offset, those of files in items do not, and what the machine wrote is there too.
    void report_data() {
        QTest::addColumn<int>("offset");
        QTest::newRow("ahead") << static_cast<int>(k_ahead);
        QTest::newRow("behind") << -7200;
    }
    void report() {
        QFETCH(int, offset);
        const auto made = [](test::CaseFixture& fixture) {
            test::fill_sample(fixture);
            fixture.sql("INSERT INTO story(s, ns, phase, arguments, findings) VALUES(1710000000, 5, 'use', '{}', '[\"aaaaaaaaaaaaaaaa\"]')");
        };
        const auto written = [](test::CaseFixture& fixture) {
            const auto view = case_file::View::open(fixture.path());
            const auto texts = report::Texts::load("en");
            const auto model = report::build_report(*view, *texts, {});
            QTemporaryDir folder;
            const auto done = report::write_report({*model, *view, *texts}, "json", folder.path().toStdString());
            QFile file(folder.filePath("report.json"));
            return done && file.open(QIODevice::ReadOnly) ? json::parse(file.readAll().toStdString()) : json();
        };
        test::CaseFixture right, wrong;
        made(right), made(wrong);
        set_clock(wrong, offset);
        const auto a = written(right), b = written(wrong);
        const case_file::Clock clock{offset, ""};
        const auto shifted = [&](const json& time) { return time.is_null() ? std::string("null") : clock.corrected_text(time.get<std::string>()); };
        const auto text = [](const json& time) { return time.is_null() ? std::string("null") : time.get<std::string>(); };
        QCOMPARE(a["systems"][0]["clock"]["offset"].get<int>(), 0);
        QVERIFY(a["systems"][0]["clock"]["source"].is_null());
        QCOMPARE(b["systems"][0]["clock"]["offset"].get<int>(), offset);
        QCOMPARE(b["systems"][0]["clock"]["source"].get<std::string>(), std::string("compared with NTP | by Eve"));
        for (const char* key : {"installed", "last_activity"}) QCOMPARE(text(b["systems"][0][key]), shifted(a["systems"][0][key]));
        QVERIFY(b["systems"][0]["last_activity"].is_string());
        for (std::size_t i = 0; i < a["findings"].size(); ++i) {
            const auto &f = a["findings"][i], &g = b["findings"][i];
            QCOMPARE(g["id"], f["id"]);
            QVERIFY(!f.contains("first_seen_recorded"));
            QCOMPARE(text(g["first_seen"]), shifted(f["first_seen"]));
            if (f["first_seen"].is_string()) QCOMPARE(g["first_seen_recorded"], f["first_seen"]);
            QCOMPARE(g["items"], f["items"]);
        }
        QCOMPARE(text(b["story"][0]["time"]), shifted(a["story"][0]["time"]));
        QCOMPARE(b["story"][0]["time_recorded"], a["story"][0]["time"]);
        const auto told = b["coverage"].dump();
        QVERIFY2(told.find(offset > 0 ? "s ahead (compared with NTP | by Eve)" : "s behind (compared with NTP | by Eve)") != std::string::npos, told.c_str());
        QVERIFY(a["coverage"].dump().find("clock") == std::string::npos);
    }

    void timeline() {
        test::CaseFixture fixture;
        test::fill_sample(fixture);
        const auto view = case_file::View::open(fixture.path());
        const auto before = lines(*view, &report::append_jsonl);
        set_clock(fixture, k_ahead);
        const auto after = lines(*view, &report::append_jsonl);
        std::istringstream a(before), b(after);
        std::string x, y;
        int count = 0;
        const case_file::Clock clock{k_ahead, ""};
        while (std::getline(a, x) && std::getline(b, y)) {
            auto p = json::parse(x), q = json::parse(y);
            QCOMPARE(q["datetime"].get<std::string>(), clock.corrected_text(p["datetime"].get<std::string>()));
            QCOMPARE(q["datetime_recorded"], p["datetime"]);
            p.erase("datetime"), q.erase("datetime"), q.erase("datetime_recorded");
            QCOMPARE(q, p);
            ++count;
        }
        QVERIFY(count > 3);
        // Conditions are of the same times as what is shown: the shell was changed at 1710000000 by a clock 5400 s ahead.
        report::TimelineOptions options;
        options.from = options.to = base::Timestamp{1'710'000'000 - k_ahead, 0};
        QVERIFY(lines(*view, &report::append_jsonl, options).find("\"datetime\": \"2024-03-09T14:30:00.000000000Z\"") != std::string::npos);
        options.from = options.to = base::Timestamp{1'710'000'000, 0};
        QCOMPARE(lines(*view, &report::append_jsonl, options), std::string());
        options.from = options.to = base::Timestamp{1'710'000'000 - k_ahead, 0};
        for (auto* append : {&report::append_csv, &report::append_l2tcsv}) {
            const auto text = lines(*view, append, options);
            QVERIFY2(text.find("14:30:00") != std::string::npos && text.find("2024-03-09T16:00:00.000000000Z") != std::string::npos, text.c_str());
        }
        QVERIFY(lines(*view, &report::append_timesketch, options).find("\"timestamp\": 1709994600000000") != std::string::npos);
    }

    void body_file() {
        test::CaseFixture fixture;
        test::fill_sample(fixture);
        set_clock(fixture, k_ahead);
        const auto view = case_file::View::open(fixture.path());
        const auto clock = case_file::clock_of(*view);
        QCOMPARE(report::bodyfile_clock_note(*clock), std::string("# times corrected by -5400 s: the machine's clock was ahead (compared with NTP \\x7c by Eve)\n"));
        std::string text;
        QVERIFY(report::write_bodyfile_lines(*view, {}, [&](std::string_view piece) { text += piece; }).has_value());
        QVERIFY2(text.find("|1709994600|") != std::string::npos && text.find("|1710000000|") == std::string::npos, text.c_str());
        QVERIFY(text.find("|0\n") != std::string::npos || text.find("|0|") != std::string::npos);  // unknown stays 0
    }

    // The window's list: places, totals and neighbours of corrected times.
    void index() {
        test::CaseFixture fixture;
        test::fill_sample(fixture);
        set_clock(fixture, k_ahead);
        const auto view = case_file::View::open(fixture.path());
        auto index = case_file::TimelineIndex::open(*view, {});
        QVERIFY(index.has_value());
        const auto rows = index->page(0, 100);
        QVERIFY(rows.has_value() && rows->size() > 3);
        std::int64_t in_hours = 0;
        const auto hours = case_file::hour_counts(*view);
        for (const auto& hour : *hours) in_hours += hour.count;
        QCOMPARE(in_hours, index->rows());
        for (std::size_t i = 0; i < rows->size(); ++i) {
            const auto& row = (*rows)[i].row;
            QCOMPARE(row.recorded.seconds - row.time.seconds, k_ahead);
            if (i == 0 || (*rows)[i - 1].row.time < row.time) QCOMPARE(*index->row_at(row.time), static_cast<std::int64_t>(i));
            const auto around = case_file::rows_around(*view, row.time, row.time, 100);
            QVERIFY(std::any_of(around->begin(), around->end(), [&](const auto& other) { return other.key == (*rows)[i].key; }));
        }
        case_file::TimelineQuery query;
        query.from = query.to = (*rows)[0].row.time;
        auto narrow = case_file::TimelineIndex::open(*view, query);
        QVERIFY(narrow->rows() >= 1 && narrow->rows() < index->rows());
    }

    void overview() {
        test::CaseFixture fixture;
        test::fill_sample(fixture);
        fixture.sql("INSERT INTO event(s, ns, kind, inode, precision, assumptions) SELECT 1710000000, 0, k.id, f.inode, 3, 0 FROM kind k, file f WHERE k.type = 'login.boot' AND f.path = '/etc/passwd'");
        fixture.sql("INSERT INTO event_hour SELECT 1710000000 / 3600, id, 1 FROM kind WHERE type = 'login.boot'");
        set_clock(fixture, k_ahead);
        const auto view = case_file::View::open(fixture.path());
        const auto boots = case_file::boots(*view, 1, 5);
        QVERIFY(boots.has_value());
        QCOMPARE(boots->size(), std::size_t{1});
        QCOMPARE(boots->front().seconds, 1'710'000'000 - k_ahead);
    }

    void set_later() {
        test::CaseFixture fixture;
        test::fill_sample(fixture);
        const auto rows = case_file::clock_rows(-90, "a photograph of its screen");
        QVERIFY(case_file::set_case_data(fixture.path(), *rows).has_value());
        const auto view = case_file::View::open(fixture.path());
        const auto clock = case_file::clock_of(*view);
        QCOMPARE(clock->offset, std::int64_t{-90});
        QCOMPARE(clock->source, std::string("a photograph of its screen"));
    }
};

DEADBOX_TEST(ClockTest)
#include "clock_test.moc"
