#include "report/timeline_lines.hpp"

#include <nlohmann/json.hpp>

#include "case/view.hpp"
#include "plugin/topic.hpp"
#include "sample_case.hpp"
#include "support/test_main.hpp"

using namespace deadbox;

namespace {

// Enough rows that several pages are read; deterministic.
void fill_many(test::CaseFixture& fixture, int files, int events) {
    fixture.sql("INSERT INTO kind VALUES(9001, 'example', 'example.one', 'auth', 'One'), (9002, 'example', 'example.two', 'web', 'Two')");
    fixture.sql("INSERT INTO string(id, value, shared) VALUES(9001, 'mallory', 1), (9002, '10.0.0.1', 1), (9003, '{\"path\":\"/x\",\"n\":7}', NULL)");
    fixture.sql("WITH RECURSIVE n(i) AS (VALUES(0) UNION ALL SELECT i + 1 FROM n WHERE i < " + std::to_string(files - 1) +
                ") INSERT INTO inode(id, batch, parent, generation, first_byte, type, mode, uid, gid, links, size, flags, allocated) SELECT 100000 + i, 1, 2, 0, 0, 1, 420, 0, 0, 1, i, 0, 1 FROM n");
    fixture.sql("INSERT INTO name SELECT 2, id, 'f' || id, 1 FROM inode WHERE id >= 100000");
    fixture.sql("INSERT INTO file_time SELECT 1700000000 + (id * 7919) % 5003, (id * 31) % 7, id, 1 + id % 31 FROM inode WHERE id >= 100000");
    fixture.sql("WITH RECURSIVE n(i) AS (VALUES(0) UNION ALL SELECT i + 1 FROM n WHERE i < " + std::to_string(events - 1) +
                ") INSERT INTO event(s, ns, kind, inode, offset, line, user, address, arguments, precision, assumptions) "
                "SELECT 1700000000 + (i * 104729) % 5003, (i * 17) % 7, 9001 + i % 2, 100000 + i % 10, i, i, CASE i % 3 WHEN 0 THEN 9001 END, 9002, 9003, 3, i % 4 FROM n");
}

}  // namespace

class TimelineTest : public QObject {
    Q_OBJECT
private slots:
    void merge_data() {
        QTest::addColumn<QByteArray>("where");  // of the brute-force query
        QTest::addColumn<int>("which");
        QTest::newRow("all") << QByteArray("1") << 0;
        QTest::newRow("window") << QByteArray("(s, ns) >= (1700001000, 3) AND (s, ns) <= (1700002000, 2)") << 1;
        QTest::newRow("files") << QByteArray("f = 0") << 2;
        QTest::newRow("web") << QByteArray("f = 1 AND kind = 9002") << 3;
        QTest::newRow("user") << QByteArray("f = 1 AND user = 9001") << 4;
        QTest::newRow("one inode") << QByteArray("inode = 100003") << 5;
    }
    void merge() {
        QFETCH(QByteArray, where);
        QFETCH(int, which);
        test::CaseFixture fixture;
        fill_many(fixture, 9000, 7000);
        report::TimelineOptions options;
        if (which == 1) options.from = base::Timestamp{1'700'001'000, 3}, options.to = base::Timestamp{1'700'002'000, 2};
        if (which == 2) options.files_only = true;
        if (which == 3) options.sources = {"web"};
        if (which == 4) options.user = "mallory";
        if (which == 5) options.inode = 100'003;
        std::vector<std::string> expected, got;
        auto query = fixture.database().prepare("SELECT s, ns, f, inode, offset FROM (SELECT s, ns, 0 AS f, inode, id, NULL AS offset, 0 AS kind, NULL AS user FROM (SELECT *, 0 AS id FROM file_time) "
                                                "UNION ALL SELECT s, ns, 1, inode, id, offset, kind, user FROM event) WHERE " + where.toStdString() + " ORDER BY s, ns, f, CASE f WHEN 0 THEN inode ELSE id END");
        QVERIFY(query.has_value());
        while (*query->step()) {
            if (query->integer(3) < 100'000) continue;  // the fixture's own
            expected.push_back(std::to_string(query->integer(0)) + "." + std::to_string(query->integer(1)) + (query->integer(2) == 0 ? " file " + std::to_string(query->integer(3)) : " event " + std::to_string(query->integer(4))));
        }
        const auto view = case_file::View::open(fixture.path());
        const auto texts = report::Texts::load("en");
        const auto done = report::for_each_line(*view, *texts, options, [&](const report::TimelineLine& line) {
            if (line.source == "fs" && *line.inode < 100'000) return base::Next::go_on;
            got.push_back(std::to_string(line.time.seconds) + "." + std::to_string(line.time.nanoseconds) + (line.source == "fs" ? " file " + std::to_string(*line.inode) : " event " + std::to_string(*line.offset)));
            return base::Next::go_on;
        });
        QVERIFY(done.has_value());
        QVERIFY(!expected.empty());
        QCOMPARE(got.size(), expected.size());
        QCOMPARE(got, expected);
    }

    void lines() {
        test::CaseFixture fixture;
        fill_many(fixture, 10, 10);
        fixture.sql("INSERT INTO finding VALUES('ffffffffffffffff', 'x', 'example/x', 1, 1, 's', 2, 1, '{}', NULL, NULL, 1, NULL, NULL, 1, 0)");
        fixture.sql("INSERT INTO finding_item(finding, place, inode, line) VALUES('ffffffffffffffff', 1, 100003, 3)");
        const auto view = case_file::View::open(fixture.path());
        const auto texts = report::Texts::load("en");
        int files = 0, events = 0;
        const auto done = report::for_each_line(*view, *texts, {}, [&](const report::TimelineLine& line) {
            std::string text;
            report::append_jsonl(text, line);
            const auto json = nlohmann::json::parse(text);
            for (const char* key : {"datetime", "type", "timestamp_desc", "message", "source", "system", "path", "ref", "volume", "inode", "user", "address", "process", "attributes", "record", "precision", "assumptions", "findings"})
                if (!json.contains(key)) qFatal("%s is missing", key);
            if (line.source == "fs" && *line.inode == 100'003) {
                ++files;
                [&] { QCOMPARE(json["findings"].size(), std::size_t{1}); QCOMPARE(json["path"].get<std::string>(), std::string("/f100003")); }();
            }
            if (line.source != "fs" && *line.offset == 3) {
                ++events;
                [&] {
                    QCOMPARE(json["findings"].size(), std::size_t{1});
                    QCOMPARE(json["record"]["line"].get<int>(), 3);
                    QCOMPARE(json["record"]["path"].get<std::string>(), std::string("/f100003"));
                    QCOMPARE(json["attributes"]["n"].get<int>(), 7);
                    QCOMPARE(json["user"].get<std::string>(), std::string("mallory"));
                    QCOMPARE(json["precision"].get<std::string>(), std::string("s"));
                    QCOMPARE(json["assumptions"].dump(), std::string("[\"year\",\"zone\"]"));
                }();
            }
            return base::Next::go_on;
        });
        QVERIFY(done.has_value());
        QCOMPARE(files, 1);
        QCOMPARE(events, 1);
    }

    void equal_times_are_one_line() {
        test::CaseFixture fixture;
        test::FileSpec spec;
        spec.path = "/srv/x", spec.modified = spec.changed = spec.born = 1'650'000'000, spec.modified_ns = spec.changed_ns = spec.born_ns = 5;
        fixture.add(spec);
        const auto view = case_file::View::open(fixture.path());
        const auto texts = report::Texts::load("en");
        report::TimelineOptions options;
        options.path = "/srv/x";
        int lines = 0;
        QVERIFY(report::for_each_line(*view, *texts, options, [&](const report::TimelineLine& line) {
            ++lines;
            [&] { QCOMPARE(line.timestamp_desc, std::string("Content modified; Last access; Metadata changed; Created")); }();
            return base::Next::go_on;
        }).has_value());
        QCOMPARE(lines, 1);
    }
};
DEADBOX_TEST(TimelineTest)
#include "timeline_test.moc"
