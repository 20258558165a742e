// Queries over a timeline long enough that rare rows are gathered and frequent ones walked to, against every row looked at.
#include "case/event_blocks.hpp"
#include "case/schema.hpp"
#include "case/text_finder.hpp"
#include "case/text_memory.hpp"
#include "case/view_indicators.hpp"
#include "case/view_timeline_index.hpp"
#include "case/writer.hpp"
#include "support/test_main.hpp"

#include <QTemporaryDir>

#include <limits>
#include <random>

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
    must(writer.file_times(0, std::numeric_limits<std::int64_t>::max()));
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
    must(case_file::index_for_reading(database, 0));
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
        case_file::TextMemory read;
        while (must(read.read_on(view, 700))) {}
        QVERIFY(read.is_whole());
        for (auto* memory : {static_cast<case_file::TextMemory*>(nullptr), &read}) {
            auto index = must(case_file::TimelineIndex::open(view, query, memory));
            while (must(index.advance(5000))) {}
            const auto page = must(index.page(0, index.rows()));
            QCOMPARE(page.size(), expected.size());
            for (std::size_t i = 0; i < page.size(); ++i) QVERIFY(page[i].row.time == expected[i]);
            for (std::size_t i = 1; i < page.size(); ++i) QVERIFY(page[i - 1].key < page[i].key);
        }
    }

    void texts_that_are_too_many_are_looked_for_in_the_case() {
        const auto view = must(case_file::View::open(m_path));
        case_file::TextMemory small(100);
        case_file::TimelineQuery query;
        query.text = "unlike_";
        auto index = must(case_file::TimelineIndex::open(view, query, &small));
        while (must(index.advance(5000))) {}
        QVERIFY(!small.is_whole() && small.names().size() + small.strings().size() == 0);
        QVERIFY(index.rows() > 0);
    }

    void a_list_of_texts_finds_what_each_of_them_holds() {
        std::mt19937 random(7);
        std::vector<std::string> texts;
        case_file::TextList list;
        for (int i = 0; i < 40'000; ++i) {  // more than a block holds
            std::string text(random() % 9, 'a');
            for (auto& c : text) c = "aAbB0"[random() % 5];
            list.add(i, text);
            texts.push_back(text);
        }
        QCOMPARE(list.size(), texts.size());
        for (const char* part : {"", "a", "ab", "ABBA", "00", "aaaaa", "b0b0a", "bbbbbbbb", "aaaaaaaaa", "x"}) {
            const case_file::TextFinder finder(part);
            std::vector<std::int64_t> expected;
            for (std::size_t i = 0; i < texts.size(); ++i)
                if (finder.in(texts[i])) expected.push_back(static_cast<std::int64_t>(i));
            QVERIFY2(list.with(finder, texts.size()) == expected, part);
            expected.resize(std::min<std::size_t>(expected.size(), 3));
            QVERIFY2(list.with(finder, 3) == expected, part);
        }
        QVERIFY(case_file::TextList().with(case_file::TextFinder("a"), 9).empty());
    }

    // What an analysis writes meanwhile is found too, and what another build made anew is not taken for what it was.
    void texts_in_memory_follow_the_case() {
        const QString path = m_folder.filePath(QStringLiteral("growing.deadbox"));
        QVERIFY(QFile::copy(QString::fromStdString(m_path), path));
        const auto database = must(case_file::Database::open(path.toStdString(), case_file::Access::write));
        const auto view = must(case_file::View::open(path.toStdString()));
        case_file::TextMemory memory;
        const auto rows = [&](const char* text) {
            case_file::TimelineQuery query;
            query.text = text;
            auto index = must(case_file::TimelineIndex::open(view, query, &memory));
            while (must(index.advance(5000))) {}
            return index.rows();
        };
        QCOMPARE(rows("latecomer"), std::int64_t{0});
        {
            case_file::Writer writer(database);
            must(writer.begin_batch("content", "late"));
            plugin::Event event;
            event.kind = plugin::find_event("auth.login.failure"), event.time = {k_start + 70'000, 0}, event.user = "latecomer";
            must(writer.event(event, {}, case_file::inode_row(0, k_log)));
            must(writer.finish_batch());
        }
        QCOMPARE(rows("latecomer"), std::int64_t{1});
        {
            case_file::Writer writer(database);
            must(writer.begin_batch("walk", "late"));
            case_file::InodeRow row;
            row.id = case_file::inode_row(0, 50), row.parent = case_file::inode_row(0, 2), row.type = 1, row.links = 1;  // before all others
            row.modified = base::Timestamp{k_start + 70'001, 0};
            must(writer.inode(row).map([](bool) {}));
            must(writer.name(row.parent, row.id, "a Latecomer", true));
            must(writer.file_times(row.id, row.id));
            must(writer.finish_batch());
        }
        QCOMPARE(rows("latecomer"), std::int64_t{2});
        must(database.execute("BEGIN; DELETE FROM string; INSERT INTO string SELECT DISTINCT process, 'anew', 1 FROM event WHERE process IS NOT NULL; "
                              "INSERT INTO run(version, command, options, started, jobs) VALUES('2', '[]', '{}', '', 1); COMMIT"));
        QCOMPARE(rows("needle"), std::int64_t{0});
        QCOMPARE(rows("anew"), k_events);
    }

    void the_first_rows_do_not_wait_for_the_rest() {
        const auto view = must(case_file::View::open(m_path));
        case_file::TimelineQuery query;
        query.text = "password";
        auto index = must(case_file::TimelineIndex::open(view, query));
        QVERIFY(must(index.advance(1'000'000)));
        QVERIFY(index.rows() > 100 && index.rows() < k_events / 2);
    }

    // Of what is rare only the blocks that name it are read; of a case that has no blocks, everything.
    void rare_events_are_found_without_reading_all() {
        const auto view = must(case_file::View::open(m_path));
        auto row = must(view.prepare("SELECT arguments, inode FROM event WHERE id = 50002"));
        QVERIFY(must(row.step()));
        case_file::WantedEvents wanted;
        wanted.strings = {row.integer(0)};
        const auto length = [](const std::vector<case_file::EventStretch>& stretches) {
            std::int64_t all = 0;
            for (const auto& s : stretches) all += s.last - s.first + 1;
            return all;
        };
        auto stretches = must(case_file::stretches_with(view, wanted));
        QCOMPARE(stretches.size(), std::size_t{1});
        QVERIFY(stretches.front().first <= 50'002 && stretches.front().last >= 50'002);
        QCOMPARE(length(stretches), case_file::k_events_a_block);
        wanted = {}, wanted.strings.emplace(), wanted.or_kinds = {1'000'000};
        QVERIFY(must(case_file::stretches_with(view, wanted)).empty());
        wanted = {}, wanted.logs = {k_log};
        QCOMPARE(length(must(case_file::stretches_with(view, wanted))), k_events);
        const QString copy = m_folder.filePath(QStringLiteral("older.deadbox"));
        QVERIFY(QFile::copy(QString::fromStdString(m_path), copy));
        {
            const auto database = must(case_file::Database::open(copy.toStdString(), case_file::Access::write));
            must(database.execute("DELETE FROM event_block WHERE first = 4097; UPDATE event_block SET strings = x'ff' WHERE first = 8193"));
        }
        wanted = {}, wanted.strings = {row.integer(0)};
        {
            const auto older = must(case_file::View::open(copy.toStdString()));
            stretches = must(case_file::stretches_with(older, wanted));
            QCOMPARE(stretches.size(), std::size_t{2});  // one that is not there and one that is no set; the needle's
            QCOMPARE(stretches.front().first, std::int64_t{4097});
            QCOMPARE(length(stretches), 3 * case_file::k_events_a_block);
        }
        {
            const auto database = must(case_file::Database::open(copy.toStdString(), case_file::Access::write));
            must(database.execute("DROP TABLE event_block"));
        }
        QCOMPARE(length(must(case_file::stretches_with(must(case_file::View::open(copy.toStdString())), wanted))), k_events);
    }

    void ids_are_packed_as_runs_data() {
        QTest::addColumn<std::vector<std::int64_t>>("ids");
        QTest::addColumn<int>("bytes");
        QTest::newRow("none") << std::vector<std::int64_t>{} << 0;
        QTest::newRow("one") << std::vector<std::int64_t>{7} << 2;
        QTest::newRow("the first") << std::vector<std::int64_t>{0} << 2;
        QTest::newRow("a run in disorder, twice") << std::vector<std::int64_t>{5, 3, 4, 6, 4} << 2;
        QTest::newRow("far apart") << std::vector<std::int64_t>{1, 1'000'000'000'000, 3LL << 44, INT64_MAX - 1} << 27;
    }
    void ids_are_packed_as_runs() {
        QFETCH(std::vector<std::int64_t>, ids);
        QFETCH(int, bytes);
        const auto packed = case_file::pack_ids(ids);
        QCOMPARE(static_cast<int>(packed.size()), bytes);
        const auto holds = [&](std::int64_t id) { return case_file::may_hold(base::as_bytes(packed), {id}); };
        for (const auto id : ids) {
            QVERIFY(holds(id));
            for (const auto other : {id - 1, id + 1}) QCOMPARE(holds(other), std::find(ids.begin(), ids.end(), other) != ids.end());
        }
        std::vector<std::int64_t> many;
        for (std::int64_t id = 100; id < 400; ++id) many.push_back(id);  // none of them
        QVERIFY(!case_file::may_hold(base::as_bytes(packed), many));
        many.push_back(ids.empty() ? 500 : *std::max_element(ids.begin(), ids.end()));
        std::sort(many.begin(), many.end());
        QCOMPARE(case_file::may_hold(base::as_bytes(packed), many), !ids.empty());
        QVERIFY(case_file::may_hold(base::as_bytes(std::string_view("\xff\xff", 2)), {1}));  // no such set: who asks looks himself
    }

    void a_text_is_found_whatever_its_case_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("part");
        QTest::addColumn<bool>("found");
        QTest::newRow("nothing in nothing") << QByteArray() << QByteArray() << true;
        QTest::newRow("one letter") << QByteArray("abC") << QByteArray("c") << true;
        QTest::newRow("longer than the text") << QByteArray("ab") << QByteArray("abc") << false;
        QTest::newRow("at the beginning") << QByteArray("Password for") << QByteArray("PASS") << true;
        QTest::newRow("at the end") << QByteArray("/etc/SHADOW") << QByteArray("shadow") << true;
        QTest::newRow("after a near miss") << QByteArray("aaab aab") << QByteArray("aab ") << true;
        QTest::newRow("overlapping itself") << QByteArray("abababac") << QByteArray("ababac") << true;
        QTest::newRow("letters only have cases") << QByteArray("@[`{") << QByteArray("`{@") << false;
        QTest::newRow("brackets are no letters") << QByteArray("a[b") << QByteArray("a{b") << false;
        QTest::newRow("a zero within") << QByteArray("a\0b", 3) << QByteArray("\0B", 2) << true;
        QTest::newRow("bytes of no text") << QByteArray("x\xff\xfey") << QByteArray("\xff\xfeY") << true;
        QTest::newRow("wildcards are themselves") << QByteArray("abc") << QByteArray("a%c") << false;
    }
    void a_text_is_found_whatever_its_case() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, part);
        QFETCH(bool, found);
        QCOMPARE(case_file::TextFinder(part.toStdString()).in(text.toStdString()), found);
        const auto view = must(case_file::View::open(m_path));
        auto row = must(view.prepare("SELECT holds(?1, ?2), holds(NULL, ?2)"));
        row.bind(1, text.toStdString()).bind(2, part.toStdString());
        QVERIFY(must(row.step()));
        QCOMPARE(row.integer(0) != 0, found);
        QCOMPARE(row.integer(1), std::int64_t{0});
    }

    // An hour of very many rows is not walked through to show a moment of it, and what was walked once is kept.
    void a_moment_of_a_heavy_hour_is_there_at_once() {
        const QString path = m_folder.filePath(QStringLiteral("heavy.deadbox"));
        QVERIFY(QFile::copy(QString::fromStdString(m_path), path));
        const auto database = must(case_file::Database::open(path.toStdString(), case_file::Access::write));
        const auto burst = [&](const char* unit, std::int64_t events, std::int64_t from) {
            case_file::Writer writer(database);
            must(writer.begin_batch("content", unit));
            const auto* login = plugin::find_event("auth.login.failure");
            for (std::int64_t i = 0; i < events; ++i) {
                plugin::Event event;
                event.kind = login, event.time = {from + i / 20, static_cast<std::uint32_t>(i % 20)}, event.process = "sshd";
                must(writer.event(event, {}, case_file::inode_row(0, k_log)));
            }
            must(writer.finish_batch());
        };
        burst("burst", 40'000, k_start + 4000);
        const auto view = must(case_file::View::open(path.toStdString()));
        const auto opened = [&] { return must(case_file::TimelineIndex::open(view, {})); };
        const auto same = [](const auto& a, const auto& b) { return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) { return x.key == y.key; }); };
        auto walked = opened();
        while (must(walked.prepare())) {}
        const auto all = must(walked.page(0, walked.rows()));
        QCOMPARE(static_cast<std::int64_t>(all.size()), walked.rows());
        for (const std::int64_t second : {-1LL, 0LL, 3999LL, 4000LL, 4711LL, 5999LL, 6001LL, 59'999LL}) {
            auto fresh = opened();
            const base::Timestamp time{k_start + second, 0};
            const auto row = must(fresh.row_at(time));
            const auto expected = std::find_if(all.begin(), all.end(), [&](const auto& r) { return r.row.time >= time; }) - all.begin();
            QCOMPARE(row, static_cast<std::int64_t>(expected));
            QCOMPARE(must(walked.row_at(time)), row);
            const auto first = std::max<std::int64_t>(row - 60, 0);
            const auto page = must(fresh.page(first, 128));
            QVERIFY(same(page, std::vector(all.begin() + first, all.begin() + first + static_cast<std::int64_t>(page.size()))));
            QVERIFY(!page.empty());
        }
        auto far = opened();  // by the thumb
        QVERIFY(same(must(far.page(30'000, 128)), std::vector(all.begin() + 30'000, all.begin() + 30'128)));
        auto next = opened();
        next.adopt(walked);
        QVERIFY(!must(next.prepare()));  // nothing is left to walk
        QVERIFY(same(must(next.page(20'000, 128)), std::vector(all.begin() + 20'000, all.begin() + 20'128)));
        burst("more", 100, k_start + 4000);
        auto grown = opened();
        grown.adopt(next);
        QVERIFY(must(grown.prepare()));  // the hour has other rows now
        QCOMPARE(grown.rows(), walked.rows() + 100);
        case_file::TimelineQuery part;
        part.from = base::Timestamp{k_start + 4500, 0}, part.to = base::Timestamp{k_start + 5500, 999'999'999};
        const auto cut = must(case_file::TimelineIndex::open(view, part));
        const auto within = std::count_if(all.begin(), all.end(), [&](const auto& r) { return r.row.time >= *part.from && r.row.time <= *part.to; });
        QCOMPARE(cut.rows(), static_cast<std::int64_t>(within));
    }

    // The thumb goes anywhere in an hour of which nothing was walked: the database passes over the rows before it.
    void a_place_of_a_heavy_hour_is_found_data() {
        QTest::addColumn<int>("files");
        QTest::addColumn<int>("events");
        QTest::newRow("files alone") << 40'000 << 0;
        QTest::newRow("events alone") << 0 << 40'000;
        QTest::newRow("both") << 30'000 << 25'000;
        QTest::newRow("more events") << 12'000 << 30'000;
    }
    void a_place_of_a_heavy_hour_is_found() {
        QFETCH(int, files);
        QFETCH(int, events);
        const QString path = m_folder.filePath(QStringLiteral("place.deadbox"));
        QFile::remove(path);
        QVERIFY(QFile::copy(QString::fromStdString(m_path), path));
        const auto database = must(case_file::Database::open(path.toStdString(), case_file::Access::write));
        constexpr std::int64_t k_then = k_start + 3'600'000;
        {
            case_file::Writer writer(database);
            must(writer.begin_batch("walk", "heavy"));
            for (std::int64_t i = 0; i < files; ++i) {  // most of them in few seconds, as a copied tree has it
                case_file::InodeRow row;
                row.id = case_file::inode_row(0, static_cast<std::uint64_t>(200'000 + i)), row.parent = case_file::inode_row(0, 2), row.type = 1, row.links = 1;
                row.modified = row.changed = row.born = base::Timestamp{k_then + (i < files * 3 / 4 ? 700 + i / 9000 : i * 3000 / files), static_cast<std::uint32_t>(i % 1000)};
                must(writer.inode(row).map([](bool) {}));
                must(writer.name(row.parent, row.id, "heavy" + std::to_string(i), true));
            }
            must(writer.file_times(case_file::inode_row(0, 200'000), case_file::inode_row(0, 200'000 + static_cast<std::uint64_t>(files))));
            must(writer.finish_batch());
            must(writer.begin_batch("content", "heavy"));
            for (std::int64_t i = 0; i < events; ++i) {
                plugin::Event event;
                event.kind = plugin::find_event("auth.login.failure"), event.time = {k_then + i * 3000 / events, 7}, event.process = "sshd";
                must(writer.event(event, {}, case_file::inode_row(0, k_log)));
            }
            must(writer.finish_batch());
        }
        const auto view = must(case_file::View::open(path.toStdString()));
        auto walked = must(case_file::TimelineIndex::open(view, {}));
        while (must(walked.prepare())) {}
        const auto all = must(walked.page(0, walked.rows()));
        const auto first = std::find_if(all.begin(), all.end(), [](const auto& r) { return r.row.time.seconds >= k_then; }) - all.begin();
        auto pages = must(case_file::TimelinePages::open(view, {}));
        const case_file::TimelineKey before{k_then, -1, 2, 0}, last{k_then + 3599, 999'999'999, 2, 0};
        std::map<std::int64_t, std::int64_t> seconds, pieces;
        for (const auto& row : all)
            if (row.row.time.seconds >= k_then && row.row.time.seconds < k_then + 3600) ++seconds[row.row.time.seconds];
        for (auto [from, done] = std::pair(k_then, false); !done;) {
            std::vector<std::pair<std::int64_t, std::int64_t>> piece;
            done = must(pages.count_seconds(from, k_then + 3599, 5000, piece));
            for (const auto& [second, count] : piece) QVERIFY(pieces.emplace(second, count).second);
            from = done ? from : piece.back().first + 1;
        }
        QCOMPARE(pieces, seconds);
        auto one = must(case_file::TimelineIndex::open(view, {}));  // that keeps what it found
        auto begun = must(case_file::TimelineIndex::open(view, {}));  // that counted its seconds
        QVERIFY(must(begun.prepare()));
        for (const std::int64_t place : {8'200LL, 31'000LL, 15'000LL, 8'300LL, 39'800LL, 20'001LL, 25'000LL}) {
            if (place >= files + events) continue;
            for (const auto& [less, exact] : {std::pair(0, true), std::pair(900, false)}) {  // rows that were written after the count
                const auto near = must(pages.near(before, last, std::max(files - less, 0), std::max(events - less, 0), place));
                QVERIFY(near ? near->place <= place && place - near->place <= 8192 : !exact);
                if (near) QVERIFY(near->key == all[static_cast<std::size_t>(first + near->place)].key);
            }
            auto fresh = must(case_file::TimelineIndex::open(view, {}));
            for (auto* index : {&fresh, &one, &begun}) {
                const auto page = must(index->page(first + place, 100));
                QCOMPARE(page.size(), std::min<std::size_t>(100, all.size() - static_cast<std::size_t>(first + place)));
                QVERIFY(std::equal(page.begin(), page.end(), all.begin() + first + place, [](const auto& x, const auto& y) { return x.key == y.key; }));
            }
        }
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
