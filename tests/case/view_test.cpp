// Queries of the window: lists of files by key, versions of a file, room by folder and day, what else is known of a row.
#include "case/view_counterparts.hpp"
#include "case/view_file_list.hpp"
#include "case/view_machine.hpp"
#include "case/view_related.hpp"
#include "case/view_usage.hpp"
#include "plugin/packed_files.hpp"
#include "support/case_fixture.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using case_file::FileChoice, case_file::FileColumn, case_file::Order;

namespace {

std::string md5_of(std::string_view text) {
    const auto digest = QCryptographicHash::hash(QByteArray(text.data(), static_cast<qsizetype>(text.size())), QCryptographicHash::Md5);
    return digest.toStdString();
}

// All names that a choice lets through, in its order; every page is read.
QStringList names(const case_file::View& view, const FileChoice& choice, FileColumn column = FileColumn::none, Order order = Order::ascending) {
    QStringList all;
    for (std::int64_t from = 0;;) {
        const auto page = case_file::file_keys(view, choice, column, order, from);
        if (!page) return {QString::fromStdString(page.error().what)};
        const auto rows = case_file::file_rows(view, page->keys);
        if (!rows) return {QString::fromStdString(rows.error().what)};
        for (const auto& row : *rows) all << QString::fromStdString(row.file.name);
        if (page->ended) return all;
        from = page->next;
    }
}

class Scene {
public:
    Scene() {
        add("/usr/bin/ls", "the packaged ls", 100);
        add("/usr/bin/ps", "another ps", 300);
        add("/usr/bin/extra", "of nobody", 50);
        add("/srv/.hidden/tool", "x", 10);
        add("/srv/gone", "y", 20, false);
        test::FileSpec shadow{.path = "/etc/app.conf", .bytes = "changed"};
        fixture.add(shadow);
        std::string files;
        plugin::pack_file(files, "ls", md5_of("the packaged ls"));
        plugin::pack_file(files, "ps", md5_of("the packaged ps"));
        // The package still says /bin where the machine has /usr/bin.
        fixture.row("package_folder", {std::string_view("/bin"), std::string_view("procps"), std::int64_t{2}, base::as_bytes(files)});
        view = std::make_unique<case_file::View>(*case_file::View::open(fixture.path()));
    }
    std::int64_t add(const std::string& path, const std::string& bytes, std::uint64_t size, bool allocated = true) {
        test::FileSpec spec{.path = path, .bytes = bytes};
        spec.size = size, spec.allocated = allocated, spec.mode = 0755;
        return fixture.add(spec);
    }
    test::CaseFixture fixture;
    std::unique_ptr<case_file::View> view;
};

}  // namespace

class ViewTest : public QObject {
    Q_OBJECT
private slots:
    void choices_data() {
        QTest::addColumn<int>("which");
        QTest::addColumn<QStringList>("wanted");
        QTest::newRow("deleted") << 0 << QStringList{"gone"};
        QTest::newRow("hidden") << 1 << QStringList{".hidden", "tool"};
        QTest::newRow("unowned") << 2 << QStringList{"extra"};
        QTest::newRow("altered") << 3 << QStringList{"ps"};
        QTest::newRow("by name") << 4 << QStringList{"tool"};
        QTest::newRow("large") << 5 << QStringList{"ps"};
    }
    void choices() {
        QFETCH(int, which);
        QFETCH(QStringList, wanted);
        Scene scene;
        FileChoice choice;
        if (which == 0) choice.deleted = true;
        if (which == 1) choice.hidden = true;
        if (which == 2) choice.unowned = true;
        if (which == 3) choice.altered = true;
        if (which == 4) choice.name_holds = "OOL";
        if (which == 5) choice.smallest = 200;
        auto found = names(*scene.view, choice);
        found.sort();
        wanted.sort();
        QCOMPARE(found, wanted);
        // The same, sorted by the database.
        auto sorted = names(*scene.view, choice, FileColumn::name);
        sorted.sort();
        QCOMPARE(sorted, wanted);
    }

    void orders_of_every_column() {
        Scene scene;
        FileChoice all;
        const auto count = names(*scene.view, all).size();
        for (int column = int(FileColumn::severity); column <= int(FileColumn::folder); ++column) {
            const auto up = names(*scene.view, all, static_cast<FileColumn>(column)), down = names(*scene.view, all, static_cast<FileColumn>(column), Order::descending);
            QCOMPARE(up.size(), count);
            QCOMPARE(down.size(), count);
        }
        FileChoice folder;
        auto id = scene.fixture.database().prepare("SELECT id FROM directory WHERE path = '/usr/bin'");
        QVERIFY(*id->step());
        folder.directory = id->integer(0);
        QCOMPARE(names(*scene.view, folder, FileColumn::size), (QStringList{"extra", "ls", "ps"}));
        QCOMPARE(names(*scene.view, folder, FileColumn::size, Order::descending), (QStringList{"ps", "ls", "extra"}));
    }

    void several_names_of_one_inode_in_a_folder() {
        test::CaseFixture fixture;
        const auto inode = fixture.add({.path = "/a/b", .bytes = "x"});
        for (const auto* name : {"/a/a", "/a/c"}) {
            test::FileSpec spec{.path = name};
            spec.same_inode = inode;
            fixture.add(spec);
        }
        const auto view = case_file::View::open(fixture.path());
        FileChoice choice;
        auto id = fixture.database().prepare("SELECT id FROM directory WHERE path = '/a'");
        QVERIFY(*id->step());
        choice.directory = id->integer(0);
        QCOMPARE(names(*view, choice, FileColumn::name, Order::descending), (QStringList{"c", "b", "a"}));
    }

    void versions_of_a_file() {
        test::CaseFixture fixture;
        for (const auto* path : {"/etc/passwd", "/etc/passwd-", "/etc/app.conf", "/etc/app.conf.dpkg-dist", "/etc/app.conf.bak", "/etc/other"}) fixture.add({.path = path, .bytes = path});
        const auto view = case_file::View::open(fixture.path());
        auto files = case_file::Files::open(*view);
        const auto of = [&](const char* path) {
            const auto file = files->at_path(path);
            std::vector<std::pair<std::string, int>> all;
            const auto versions = case_file::counterparts_of(*files, file->front());
            for (const auto& version : *versions) all.emplace_back(version.file.name, int(version.kind));
            return all;
        };
        using Kind = case_file::Counterpart::Kind;
        QCOMPARE(of("/etc/passwd"), (std::vector<std::pair<std::string, int>>{{"passwd-", int(Kind::previous)}}));
        QCOMPARE(of("/etc/passwd-"), (std::vector<std::pair<std::string, int>>{{"passwd", int(Kind::original)}}));
        QCOMPARE(of("/etc/app.conf"), (std::vector<std::pair<std::string, int>>{{"app.conf.dpkg-dist", int(Kind::packaged)}, {"app.conf.bak", int(Kind::backup)}}));
        QVERIFY(of("/etc/other").empty());
    }

    void room_by_folder_and_day() {
        test::CaseFixture fixture;
        const auto add = [&](const std::string& path, std::uint64_t size, std::int64_t born) {
            test::FileSpec spec{.path = path, .bytes = "x"};
            spec.size = size, spec.born = born;
            return fixture.add(spec);
        };
        add("/var/lib/db/big", 7'000, 86'400 * 100 + 5);
        const auto log = add("/var/log/syslog", 2'000, 86'400 * 100 + 9);
        add("/usr/bin/ls", 900, 86'400 * 90);
        add("/tmp/small", 100, 86'400 * 101);
        test::FileSpec again{.path = "/tmp/link"};  // a second name costs nothing
        again.same_inode = log;
        fixture.add(again);
        test::FileSpec gone{.path = "/tmp/gone", .bytes = "x"};
        gone.size = 5'000, gone.allocated = false;
        fixture.add(gone);
        const auto view = case_file::View::open(fixture.path());
        const auto usage = case_file::usage(*view, 10);
        QVERIFY(usage);
        QCOMPARE(usage->bytes, std::int64_t{10'000});
        QCOMPARE(usage->files, std::int64_t{4});
        std::int64_t sum = 0;
        for (const auto& folder : usage->folders) sum += folder.bytes;
        QCOMPARE(sum, usage->bytes);  // nothing twice, nothing lost
        QCOMPARE(usage->folders.front().path, std::string("/var/lib/db"));
        QCOMPARE(usage->folders.front().bytes, std::int64_t{7'000});
        QCOMPARE(usage->folders[1].path, std::string("/var/log"));
        QVERIFY(usage->by_birth);
        QCOMPARE(usage->days, (std::vector<case_file::DayUsage>{{90, 900, 1}, {100, 9'000, 2}, {101, 100, 1}}));
    }

    // A case that an older version of a topic filled has fewer columns.
    void facts_of_an_older_topic() {
        test::CaseFixture fixture;
        fixture.add_parsed("group", {.path = "/etc/group", .bytes = "sudo:x:27:mallory\n"});
        fixture.sql("ALTER TABLE group_member DROP COLUMN part");
        const auto view = case_file::View::open(fixture.path());
        const auto* table = plugin::find_table("group_member");
        case_file::FactQuery query;
        query.table = table, query.text = "mallory";
        const auto ids = case_file::fact_ids(*view, query);
        QVERIFY(ids && ids->size() == 1);
        query.text = "part";
        QVERIFY(case_file::fact_ids(*view, query)->empty());
        const auto rows = case_file::fact_rows(*view, *table, *ids);
        QVERIFY2(rows.has_value(), rows ? "" : rows.error().what.c_str());
        QVERIFY(std::holds_alternative<std::monostate>(rows->front().values.back()));
        QCOMPARE(std::get<std::string>(rows->front().values.at(3)), std::string("mallory"));
    }
    void what_else_is_known_of_a_row() {
        test::CaseFixture fixture;
        const auto inode = fixture.add_parsed("passwd", {.path = "/etc/passwd", .bytes = "root:x:0:0:root:/root:/bin/bash\nmallory:x:1001:1001::/home/mallory:/bin/bash\n"});
        fixture.add_parsed("group", {.path = "/etc/group", .bytes = "sudo:x:27:mallory\n"});
        fixture.sql("INSERT INTO finding VALUES('aaaaaaaaaaaaaaaa', 'd', 'x/key', 1, 1, 'other', 4, 2, '{}', NULL, NULL, 1, NULL, NULL, 1, 0), ('bbbbbbbbbbbbbbbb', 'd', 'x/file', 1, 1, 'f', 3, 2, '{}', NULL, NULL, 1, NULL, NULL, 1, 0)");
        fixture.sql("INSERT INTO finding_item(finding, place, key) VALUES('aaaaaaaaaaaaaaaa', 1, 'mallory')");
        fixture.sql("INSERT INTO finding_item(finding, place, inode) VALUES('bbbbbbbbbbbbbbbb', 1, " + std::to_string(inode) + ")");
        const auto view = case_file::View::open(fixture.path());
        const auto* table = plugin::find_table("account");
        auto id = fixture.database().prepare("SELECT id FROM account WHERE user = 'mallory'");
        QVERIFY(*id->step());
        const auto row = case_file::fact_rows(*view, *table, {id->integer(0)});
        const auto related = case_file::related_to(*view, *table, row->front(), {"mallory"});
        QVERIFY(related);
        QCOMPARE(related->findings, (std::vector<std::string>{"aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb"}));
        const auto member = std::find_if(related->rows.begin(), related->rows.end(), [](const auto& one) { return one.table->name == "group_member"; });
        QVERIFY(member != related->rows.end());
        QCOMPARE(member->count, std::int64_t{1});
        QVERIFY(std::none_of(related->rows.begin(), related->rows.end(), [](const auto& one) { return one.table->name == "account"; }));  // not the row itself
    }

    void starts_and_people_of_a_machine() {
        test::CaseFixture fixture;
        const auto log = fixture.add_parsed("passwd", {.path = "/etc/passwd", .bytes = "root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1::/:/usr/sbin/nologin\nann:x:1000:1000::/home/ann:/bin/bash\nnobody:x:65534:65534::/:/usr/sbin/nologin\n"});
        const auto view = case_file::View::open(fixture.path());
        const auto users = case_file::people(*view, 1);
        QVERIFY(users);
        QCOMPARE(users->size(), std::size_t{2});
        QCOMPARE((*users)[1].name, std::string("ann"));
        for (const auto second : {1'710'000'000, 1'710'000'100, 1'710'500'000}) fixture.event("login.boot", second, "", "", "{}");
        fixture.sql("UPDATE event SET inode = " + std::to_string(log));
        const auto starts = case_file::boots(*view, 1, 5);
        QVERIFY2(starts.has_value(), starts ? "" : starts.error().what.c_str());
        QCOMPARE(starts->size(), std::size_t{2});
        QCOMPARE(starts->front().seconds, std::int64_t{1'710'500'000});
        QCOMPARE(starts->back().seconds, std::int64_t{1'710'000'000});
    }
};
DEADBOX_TEST(ViewTest)
#include "view_test.moc"
