// Queries over a timeline long enough that rare rows are gathered and frequent ones walked to, against every row looked at.
#include "case/schema.hpp"
#include "case/view_indicators.hpp"
#include "case/view_timeline_index.hpp"
#include "case/writer.hpp"
#include "support/test_main.hpp"

#include <QTemporaryDir>

using namespace deadbox;

namespace {

constexpr std::int64_t k_events = 60'000, k_files = 3000, k_log = 1, k_other_log = 2, k_start = 1'700'000'000;

void must(const base::Result<void>& done) {
    if (!done) qFatal("%s", done.error().what.c_str());
}
template <class T>
T must(base::Result<T> done) {
    if (!done) qFatal("%s", done.error().what.c_str());
    return std::move(*done);
}

std::string make_case(const QString& folder) {
    const auto path = (folder + QStringLiteral("/long.deadbox")).toStdString();
    plugin::topics();
    const auto database = must(case_file::Database::open(path, case_file::Access::write));
    {
        auto transaction = must(case_file::Transaction::begin(database));
        must(case_file::prepare_schema(database));
        must(case_file::prepare_topics(database));
        must(transaction.commit());
    }
    must(database.execute("INSERT INTO tree VALUES(0, 1, 0, NULL, 1, '/', 2)"));
    case_file::Writer writer(database);
    must(writer.begin_batch("walk", "all"));
    const auto root = case_file::inode_row(0, 2);
    must(writer.directory(root, 0, "/", 0, true).map([](bool) {}));
    for (std::int64_t i = 0; i < k_files; ++i) {
        case_file::InodeRow row;
        row.id = case_file::inode_row(0, static_cast<std::uint64_t>(100 + i)), row.parent = root, row.type = 1, row.links = 1;
        row.modified = row.changed = row.born = base::Timestamp{k_start + i * 20, 0};
        row.accessed = base::Timestamp{k_start + i * 20 + 7, 5};
        must(writer.inode(row).map([](bool) {}));
        must(writer.name(root, row.id, i == 2900 ? "Unlike_any" : "file" + std::to_string(i), true));
    }
    must(writer.finish_batch());
    must(writer.begin_batch("content", "events"));
    const auto* login = plugin::find_event("auth.login.failure");
    const auto* opened = plugin::find_event("auth.session.opened");
    if (login == nullptr || opened == nullptr) qFatal("the kinds of events are not there");
    for (std::int64_t i = 0; i < k_events; ++i) {
        plugin::Event event;
        const std::string user = "user" + std::to_string(i % 7);
        event.kind = i % 5 == 0 ? opened : login, event.time = {k_start + i, 0}, event.user = user;
        event.address = i == 55'000 ? "192.0.2.77" : "203.0.113.9", event.process = "sshd", event.offset = static_cast<std::uint64_t>(i * 80), event.line = static_cast<std::uint64_t>(i);
        must(writer.event(event, i == 50'001 ? "{\"path\":\"/a/needle\"}" : "{\"method\":\"password\"}", case_file::inode_row(0, i % 1000 == 3 ? k_other_log : k_log)));
    }
    must(writer.finish_batch());
    must(case_file::index_for_reading(database));
    must(database.execute("INSERT INTO step VALUES(1, 'syslog', 0); INSERT INTO step VALUES(2, 'syslog', 0);"
                          "INSERT INTO finding(id, detector, rule, rule_version, subject, severity, confidence, arguments, item_count, provisional) VALUES('f1', 'd', 'd/r', 1, 's', 3, 2, '{}', 3, 0);"
                          "INSERT INTO finding_item(finding, place, inode, line, offset) VALUES('f1', 0, 1, 41000, NULL), ('f1', 1, 1, NULL, 3280160), ('f1', 2, 2900, NULL, NULL)"));
    return path;
}

}  // namespace

class TimelineIndexTest : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    std::string m_path;

private Q_SLOTS:
    void initTestCase() { m_path = make_case(m_folder.path()); }

    void a_query_lists_what_it_lets_through_data() {
        using Row = case_file::TimelineRow;
        using Query = case_file::TimelineQuery;
        QTest::addColumn<Query>("query");
        QTest::addColumn<std::function<bool(const Row&)>>("wanted");
        const auto add = [](const char* name, Query query, std::function<bool(const Row&)> wanted) { QTest::newRow(name) << query << wanted; };
        Query q;
        q.text = "NEEDLE";
        add("a text in the arguments of one", q, [](const Row& r) { return r.arguments.find("needle") != std::string::npos; });
        q = {}, q.text = "192.0.2.77";
        add("a text that is an address of one", q, [](const Row& r) { return r.address == "192.0.2.77"; });
        q = {}, q.text = "unlike_";
        add("a text in one name", q, [](const Row& r) { return r.is_file && r.inode == 3000; });
        q = {}, q.text = "password";
        add("a text that is frequent", q, [](const Row& r) { return r.arguments.find("password") != std::string::npos; });
        q = {}, q.text = "file29";
        add("a text in some names", q, [](const Row& r) { return r.is_file && ((r.inode >= 129 && r.inode < 130) || (r.inode >= 390 && r.inode < 400) || (r.inode >= 3000 && r.inode < 3100)) && r.inode != 3000; });
        q = {}, q.text = "nothing has this";
        add("a text that nothing has", q, [](const Row&) { return false; });
        q = {}, q.inode = 2;
        add("a log of few records", q, [](const Row& r) { return r.inode == 2; });
        q = {}, q.inode = 1;
        add("a log of nearly all records", q, [](const Row& r) { return r.inode == 1; });
        q = {}, q.finding = "f1";
        add("what a finding rests on", q, [](const Row& r) { return r.is_file ? r.inode == 2900 : r.inode == 1 && (r.line == 41'000 || r.offset == 3'280'160); });
        q = {}, q.user = "user3";
        add("a user", q, [](const Row& r) { return r.user == "user3"; });
        q = {}, q.not_user = "user3", q.text = "session";
        add("a text without a user", q, [](const Row&) { return false; });
        q = {}, q.text = "needle", q.from = base::Timestamp{k_start + 50'002, 0};
        add("a text outside of the time", q, [](const Row&) { return false; });
    }
    void a_query_lists_what_it_lets_through() {
        QFETCH(case_file::TimelineQuery, query);
        QFETCH(std::function<bool(const case_file::TimelineRow&)>, wanted);
        const auto view = must(case_file::View::open(m_path));
        auto stream = must(case_file::Timeline::open(view, {}));
        std::vector<base::Timestamp> expected;
        for (;;) {
            const auto* row = must(stream.next());
            if (row == nullptr) break;
            if (wanted(*row)) expected.push_back(row->time);
        }
        auto index = must(case_file::TimelineIndex::open(view, query));
        while (must(index.advance(5000))) {}
        const auto page = must(index.page(0, index.rows()));
        QCOMPARE(page.size(), expected.size());
        for (std::size_t i = 0; i < page.size(); ++i) QVERIFY(page[i].row.time == expected[i]);
        for (std::size_t i = 1; i < page.size(); ++i) QVERIFY(page[i - 1].key < page[i].key);
    }

    void the_first_rows_do_not_wait_for_the_rest() {
        const auto view = must(case_file::View::open(m_path));
        case_file::TimelineQuery query;
        query.text = "password";
        auto index = must(case_file::TimelineIndex::open(view, query));
        QVERIFY(must(index.advance(1'000'000)));
        QVERIFY(index.rows() > 100 && index.rows() < k_events / 2);
    }

    void where_else_an_indicator_stands() {
        const auto view = must(case_file::View::open(m_path));
        const auto records = must(case_file::records_of_actor(view, "user3", 1'000'000));
        QCOMPARE(records.as_user, k_events / 7 + (k_events % 7 > 3 ? 1 : 0));
        QCOMPARE(records.as_address, std::int64_t{0});
        QCOMPARE(must(case_file::records_of_actor(view, "203.0.113.9", 100)).as_address, std::int64_t{100});
        QVERIFY(must(case_file::files_with_content(view, {std::string(64, 'a'), "no digest'"}, 10)).empty());
    }
};


DEADBOX_TEST(TimelineIndexTest)
#include "timeline_index_test.moc"
