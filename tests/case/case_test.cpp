#include "case/custody.hpp"
#include "case/findings.hpp"
#include "case/reader.hpp"
#include "case/schema.hpp"
#include "case/seal.hpp"
#include "case/view.hpp"
#include "support/case_fixture.hpp"
#include "support/test_main.hpp"

using namespace deadbox;

namespace {

struct Ran {
    std::int64_t findings = 0, provisional = 0, first_item = 0;
};

// The program does not have SQLite's memory counted. No connection may be open when this begins and ends.
class CountedMemory {
public:
    CountedMemory() { count(1); }
    ~CountedMemory() { count(0); }
    CountedMemory(const CountedMemory&) = delete;

private:
    static void count(int on) {
        if (sqlite3_shutdown() != SQLITE_OK || sqlite3_config(SQLITE_CONFIG_MEMSTATUS, on) != SQLITE_OK) qFatal("SQLite's memory cannot be counted");
    }
};

// Rows of twice so many bytes each.
std::string long_strings(int rows, int half) {
    return "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + std::to_string(rows) + ") INSERT INTO string(value) SELECT hex(zeroblob(" +
           std::to_string(half) + ")) || i FROM n";
}

Ran run_accounts(test::CaseFixture& fixture, case_file::Standing standing) {
    const auto& topic = **std::find_if(plugin::topics().begin(), plugin::topics().end(), [](const auto* t) { return t->id == "accounts"; });
    const auto& definition = topic.detectors.front();
    auto transaction = case_file::Transaction::begin(fixture.database());
    if (standing == case_file::Standing::final && !case_file::drop_provisional(fixture.database())) return {};
    auto said = case_file::DetectorResult::ask(fixture.database(), definition, *plugin::find_detector(definition.id), topic.id, standing);
    if (!said || !said->store(fixture.database()) || !transaction->commit()) return {};
    auto query = fixture.database().prepare("SELECT count(*), sum(provisional), (SELECT min(id) FROM finding_item) FROM finding");
    if (!*query->step()) return {};
    return {query->integer(0), query->integer(1), query->integer(2)};
}

}  // namespace

class CaseTest : public QObject {
    Q_OBJECT
private slots:
    void file_view_joins_names() {
        test::CaseFixture fixture;
        fixture.add({.path = "/etc/na\xff" "me", .bytes = "hello"});
        auto query = fixture.database().prepare("SELECT path, hex_of(sha256), size FROM file WHERE name_allocated AND type = 1");
        QVERIFY(query);
        QVERIFY(*query->step());
        QCOMPARE(std::string(query->text(0)), std::string("/etc/na\xff" "me"));
        QCOMPARE(std::string(query->text(1)), std::string("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"));
    }
    void abandoned_batch_leaves_nothing() {
        test::CaseFixture fixture;
        case_file::Writer writer(fixture.database());
        QVERIFY(writer.begin_batch("content", "1"));
        QVERIFY(writer.string_id("left"));
        writer.abandon_batch();
        QVERIFY(!writer.is_done("content", "1"));
        auto query = fixture.database().prepare("SELECT count(*) FROM string WHERE value = 'left'");
        QVERIFY(*query->step());
        QCOMPARE(query->integer(0), std::int64_t{0});
    }
    void a_full_disk_is_called_so() {
        test::CaseFixture fixture;
        QVERIFY(fixture.database().execute("CREATE TABLE large(a); PRAGMA max_page_count = 1"));  // never below what it has
        const auto full = fixture.database().execute("INSERT INTO large VALUES(zeroblob(3000000))");
        QVERIFY(!full);
        for (const std::string& part : {std::string("no room left"), fixture.path(), std::string("make room"), std::string("--resume")}) QVERIFY2(full.error().what.find(part) != std::string::npos, full.error().what.c_str());
    }
    void chain_names_the_changed_row() {
        test::CaseFixture fixture;
        QVERIFY(case_file::append_custody(fixture.database(), "a", "one", "{}"));
        QVERIFY(case_file::append_custody(fixture.database(), "a", "two", "{}"));
        QVERIFY(!case_file::verify_chain(fixture.database())->first_broken);
        fixture.sql("UPDATE custody SET details = '{\"x\":1}' WHERE action = 'one'");
        QVERIFY(case_file::verify_chain(fixture.database())->first_broken);
    }
    void sealing_ahead_keeps_no_page() {
        const CountedMemory memory;
        test::CaseFixture fixture;
        fixture.sql(long_strings(8000, 500));
        const auto before = sqlite3_memory_used();
        sqlite3_memory_highwater(1);
        QCOMPARE(case_file::SealAhead(fixture.database(), case_file::SealAhead::k_of_content).take().count("string"), std::size_t{1});
        const auto taken = sqlite3_memory_highwater(0) - before;
        QVERIFY2(taken < 2'000'000, std::to_string(taken).c_str());
    }
    void writing_takes_little_memory_of_a_case_of_any_size() {
        const CountedMemory memory;
        test::CaseFixture fixture;
        fixture.sql(long_strings(12000, 1000));
        const auto cached = sqlite3_memory_used();
        QVERIFY(cached > 0);
        QVERIFY2(cached < 20'000'000, std::to_string(cached).c_str());
        sqlite3_memory_highwater(1);
        fixture.sql("CREATE TEMP TABLE sorted AS SELECT id, value FROM string ORDER BY substr(value, -3), id");
        const auto sorting = sqlite3_memory_highwater(0) - cached;
        QVERIFY2(sorting < 22'000'000, std::to_string(sorting).c_str());
    }
    // Several kernels lie in /boot: the last one booted runs the machine, else it will be the newest one.
    void the_kernel_is_the_last_booted_or_the_newest() {
        test::CaseFixture fixture;
        const auto log = fixture.add({.path = "/var/log/wtmp", .bytes = "x"});
        const auto kernel = [&] { return QString::fromStdString(*case_file::system_fact(*case_file::View::open(fixture.path()), 1, "kernel.version")); };
        QCOMPARE(kernel(), QString());
        for (const char* version : {"6.1.0-9-amd64", "6.1.0-21-amd64", "6.1.0-10-amd64", "0-rescue-5f0c"})
            fixture.sql("INSERT INTO system_fact(system, key, value) VALUES(1, 'kernel.version', '" + std::string(version) + "')");
        QCOMPARE(kernel(), QStringLiteral("6.1.0-21-amd64"));
        fixture.event("login.boot", 1'700'000'000, "reboot", "", R"({"kernel":"6.1.0-10-amd64"})");
        fixture.event("login.boot", 1'600'000'000, "reboot", "", R"({"kernel":"6.1.0-9-amd64"})");
        fixture.event("login.boot", 1'700'000'001, "reboot", "", R"({"kernel":"~"})");
        fixture.sql("UPDATE event SET inode = " + std::to_string(log));
        QCOMPARE(kernel(), QStringLiteral("6.1.0-10-amd64"));
    }
    // A file in two rotated logs has a head for each: none takes the place of another.
    void heads_of_one_identity_are_joined_data() {
        QTest::addColumn<QStringList>("heads");  // severity confidence first last who
        QTest::addColumn<QString>("found");      // severity confidence first last who, items
        QTest::newRow("one") << QStringList{"2 1 500 600 a"} << "2 1 500 600 a, 2 of 2";
        QTest::newRow("the graver one first") << QStringList{"2 1 500 600 a", "1 1 900 950 b"} << "2 1 500 950 a, 3 of 3";
        QTest::newRow("the graver one last") << QStringList{"1 1 500 600 a", "2 1 900 950 b"} << "2 1 500 950 b, 3 of 3";
        QTest::newRow("the surer one last") << QStringList{"2 0 500 600 a", "2 1 400 450 b"} << "2 1 400 600 b, 3 of 3";
        QTest::newRow("alike: who was first") << QStringList{"2 1 500 600 a", "2 1 400 700 b", "2 1 450 460 c"} << "2 1 400 700 b, 4 of 4";
        QTest::newRow("without a time") << QStringList{"2 1 - - a", "2 1 400 700 b"} << "2 1 400 700 b, 3 of 3";
    }
    void heads_of_one_identity_are_joined() {
        QFETCH(QStringList, heads);
        QFETCH(QString, found);
        class Twice final : public plugin::Detector {
        public:
            explicit Twice(QStringList heads) : m_heads(std::move(heads)) {}
            base::Result<void> detect(const plugin::CaseReader&, plugin::FindingSink& sink) const override {
                for (const auto& text : m_heads) {
                    const auto part = text.split(' ');
                    const auto time = [](const QString& second) { return second == "-" ? std::nullopt : std::optional(base::Timestamp{second.toLongLong(), 0}); };
                    plugin::FindingHead head;
                    head.rule = "exfiltration/web_download", head.system = 1, head.subject = "/var/www/html/dump.sql.gz";
                    head.severity = plugin::Severity(part[0].toInt()), head.confidence = plugin::Confidence(part[1].toInt());
                    head.first = time(part[2]), head.last = time(part[3]), head.arguments = {{"who", part[4].toStdString()}};
                    sink.finding(head);
                    plugin::Item line, file;
                    line.key = part[4].toStdString(), file.name = "dump.sql.gz";
                    sink.item(line);
                    sink.item(file);  // the same of every head
                    plugin::FindingHead other = head;
                    other.subject = "/another", other.severity = plugin::Severity::high;
                    sink.finding(other);
                }
                return {};
            }

        private:
            QStringList m_heads;
        };
        test::CaseFixture fixture;
        auto transaction = case_file::Transaction::begin(fixture.database());
        plugin::DetectorDef definition{};
        definition.id = "twice";
        auto said = case_file::DetectorResult::ask(fixture.database(), definition, Twice(heads), "exfiltration", case_file::Standing::final);
        QVERIFY(said);
        const auto stored = said->store(fixture.database());
        QVERIFY(stored);
        QCOMPARE(*stored, 2);
        QVERIFY(transaction->commit());
        auto row = fixture.database().prepare("SELECT severity, confidence, first_s, last_s, json_extract(arguments, '$.who'), item_count, (SELECT count(*) FROM finding_item i WHERE i.finding = f.id) FROM finding f WHERE subject LIKE '%.gz'");
        QVERIFY(*row->step());
        QCOMPARE(QString("%1 %2 %3 %4 %5, %6 of %7").arg(row->integer(0)).arg(row->integer(1)).arg(row->integer(2)).arg(row->integer(3)).arg(QString::fromUtf8(row->text(4).data(), qsizetype(row->text(4).size()))).arg(row->integer(6)).arg(row->integer(5)), found);
        QVERIFY(!*row->step());
    }
    void provisional_findings_leave_no_trace() {
        test::CaseFixture fixture;
        fixture.add_parsed("passwd", {.path = "/etc/passwd", .bytes = "root:x:0:0:root:/root:/bin/bash\ntoor:x:0:0::/root:/bin/bash\n"});
        for (int time = 0; time < 2; ++time) {
            const auto early = run_accounts(fixture, case_file::Standing::provisional);
            QVERIFY(early.findings > 0);
            QCOMPARE(early.provisional, early.findings);
        }
        const auto good = run_accounts(fixture, case_file::Standing::final);
        QVERIFY(good.findings > 0);
        QCOMPARE(good.provisional, std::int64_t{0});
        QCOMPARE(good.first_item, std::int64_t{1});
    }
    void detectors_see_only_what_they_name() {
        test::CaseFixture fixture;
        static constexpr std::string_view k_reads[] = {"file"};
        const case_file::DetectorReader reader(fixture.database(), k_reads);
        const auto nothing = [](const plugin::RowView&) { return base::Next::go_on; };
        QVERIFY(reader.query("SELECT path FROM file", nothing));
        QVERIFY(reader.query("WITH a AS (SELECT inode FROM file) SELECT count(*) FROM a", nothing));
        QVERIFY(!reader.query("SELECT id FROM inode", nothing));
        QVERIFY(!reader.query("DELETE FROM finding", nothing));
    }
};
DEADBOX_TEST(CaseTest)
#include "case_test.moc"
