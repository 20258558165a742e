// Sets as the tools of this machine's lists give them, NSRL's layout, and what somebody made to do harm.
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <sqlite3.h>

#include "base/encoding.hpp"
#include "sets/hash_set.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using sets::HashSet;
using sets::HashSetBuilder;
using sets::Verdict;

namespace {

// The SQL of a database that is made with nothing held back.
void make_database(const QString& path, const char* sql) {
    sqlite3* handle = nullptr;
    QCOMPARE(sqlite3_open(path.toUtf8().constData(), &handle), SQLITE_OK);
    char* error = nullptr;
    if (sqlite3_exec(handle, sql, nullptr, nullptr, &error) != SQLITE_OK) QFAIL(error);
    sqlite3_close(handle);
}

constexpr const char* k_hello_sha256 = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";

}  // namespace

class HashSetTest : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    int m_sets = 0;

    std::string at(const QString& name) const { return m_folder.filePath(name).toStdString(); }
    QString write(const QString& name, const QByteArray& bytes) const {
        QFile file(m_folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size()) qFatal("cannot write");
        return file.fileName();
    }
    QByteArray output_of(const QString& program, const QStringList& arguments) const {
        QProcess process;
        process.setWorkingDirectory(m_folder.path());
        process.start(program, arguments);
        return process.waitForFinished() && process.exitStatus() == QProcess::NormalExit && process.error() != QProcess::FailedToStart ? process.readAllStandardOutput() : QByteArray();
    }
    base::Result<HashSet> set_of(const QStringList& files, Verdict verdict = Verdict::good, std::vector<sets::SetSource>* sources = nullptr) {
        const auto path = at(QString("%1.set").arg(++m_sets));
        TRY_ASSIGN(auto builder, HashSetBuilder::begin(path));
        for (const auto& file : files) {
            TRY_ASSIGN(auto source, builder.add(m_folder.filePath(file).toStdString()));
            if (sources != nullptr) sources->push_back(std::move(source));
        }
        TRY(builder.finish("test", verdict));
        return HashSet::open(path);
    }
    static std::vector<std::string> names(HashSet& set, const char* digest) {
        auto found = set.names_of(base::as_bytes(*base::from_hex(digest)));
        return found ? *found : std::vector<std::string>{found.error().what};
    }

private slots:
    void initTestCase() {
        write("hello", "hello\n");
        write("empty", "");
        write("odd\nname\\", "odd");
    }

    // Whatever tool made the list, the file is found under its own name.
    void real_lists_data() {
        QTest::addColumn<QStringList>("command");
        QTest::newRow("md5sum") << QStringList{"md5sum", "hello", "odd\nname\\", "empty"};
        QTest::newRow("sha1sum") << QStringList{"sha1sum", "-b", "hello", "odd\nname\\", "empty"};
        QTest::newRow("sha256sum --tag") << QStringList{"sha256sum", "--tag", "hello", "odd\nname\\", "empty"};
        QTest::newRow("hashdeep") << QStringList{"hashdeep", "hello", "empty"};
        QTest::newRow("md5deep") << QStringList{"md5deep", "-zc", "hello", "empty"};
    }
    void real_lists() {
        QFETCH(QStringList, command);
        const auto list = output_of(command.front(), command.mid(1));
        if (list.isEmpty()) QSKIP("the tool is not installed");
        write("list", list);
        std::vector<sets::SetSource> sources;
        auto set = set_of({"list"}, Verdict::bad, &sources);
        QVERIFY2(set, set ? "" : set.error().what.c_str());
        QCOMPARE(sources.at(0).bad, std::uint64_t{0});
        const bool odd = command.contains("odd\nname\\");
        QCOMPARE(set->entries(), std::uint64_t{odd ? 2u : 1u});  // without the empty file
        QCOMPARE(set->verdict(), Verdict::bad);
        const auto digest = command.front() == "sha1sum" ? "f572d396fae9206628714fb2ce00f72e94f2258f" : command.front().startsWith("md5") ? "b1946ac92492d2347c6235b4d2611184" : k_hello_sha256;
        QCOMPARE(names(*set, digest), std::vector<std::string>{"hello"});
        QVERIFY(names(*set, "00000000000000000000000000000000").empty());
        if (command.front() == "md5sum") QCOMPARE(names(*set, "a2b6f2a6066ed8700d83335fc50a2b8e"), std::vector<std::string>{"odd\nname\\"});
        QVERIFY(names(*set, "d41d8cd98f00b204e9800998ecf8427e").empty());
    }

    // The order of the lists does not matter, nor how often a line stands.
    void the_same_lists_give_the_same_bytes() {
        write("one", QByteArray(k_hello_sha256) + "  hello\nb1946ac92492d2347c6235b4d2611184  x/y\n");
        write("two", QByteArray(k_hello_sha256) + "  /etc/hello\n# " + QByteArray(100, 'a') + "\n" + QByteArray(k_hello_sha256) + "  other\n");
        std::vector<QByteArray> made;
        for (int i = 0; i < 2; ++i) {
            auto set = set_of({"one", "two"});
            QVERIFY(set);
            QCOMPARE(names(*set, k_hello_sha256), (std::vector<std::string>{"hello", "other"}));
            QFile file(m_folder.filePath(QString("%1.set").arg(m_sets)));
            QVERIFY(file.open(QIODevice::ReadOnly));
            made.push_back(file.readAll());
        }
        QCOMPARE(made[0], made[1]);
        QVERIFY(*set_of({"one"})->has_length(16));
        QVERIFY(!*set_of({"two"})->has_length(16));
    }

    void nsrl_data() {
        QTest::addColumn<QByteArray>("sql");
        const QByteArray row = QByteArray("('") + QByteArray(k_hello_sha256).toUpper() + "','F572D396FAE9206628714FB2CE00F72E94F2258F','B1946AC92492D2347C6235B4D2611184','00000000','hello',6,1)";
        const QByteArray columns = "(sha256 VARCHAR NOT NULL, sha1 VARCHAR NOT NULL, md5 VARCHAR NOT NULL, crc32 VARCHAR NOT NULL, file_name VARCHAR NOT NULL, file_size INTEGER NOT NULL, package_id INTEGER NOT NULL)";
        QTest::newRow("minimal") << "CREATE TABLE FILE" + columns + "; CREATE TABLE PKG(package_id INTEGER, name VARCHAR); INSERT INTO FILE VALUES" + row;
        QTest::newRow("full") << "CREATE TABLE METADATA" + columns + "; INSERT INTO METADATA VALUES" + row + "; CREATE VIEW FILE AS SELECT sha256, sha1, md5, file_name, file_size FROM METADATA";
        QTest::newRow("view") << "CREATE TABLE DATA" + columns + "; INSERT INTO DATA VALUES" + row + "; CREATE VIEW FILE AS SELECT sha256, sha1, md5, file_name, file_size FROM DATA";
        QTest::newRow("a row without digests") << "CREATE TABLE FILE" + columns + "; INSERT INTO FILE VALUES('','x',x'00','','bad',0,0); INSERT INTO FILE VALUES" + row;
    }
    void nsrl() {
        QFETCH(QByteArray, sql);
        QFile::remove(m_folder.filePath("rds.db"));
        make_database(m_folder.filePath("rds.db"), sql.constData());
        std::vector<sets::SetSource> sources;
        auto set = set_of({"rds.db"}, Verdict::good, &sources);
        QVERIFY2(set, set ? "" : set.error().what.c_str());
        QCOMPARE(names(*set, k_hello_sha256), std::vector<std::string>{"hello"});
        QCOMPARE(sources.at(0).format, std::string("NSRL RDS v3"));
        QCOMPARE(sources.at(0).bad, std::uint64_t{QTest::currentDataTag() == std::string_view("a row without digests") ? 1u : 0u});
    }

    // Databases that compute for ever, call functions or write are refused, as is what is none.
    void hostile_databases_data() {
        QTest::addColumn<QByteArray>("sql");
        QTest::newRow("for ever") << QByteArray("CREATE VIEW FILE AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS sha256, i AS sha1, i AS md5, i AS file_name FROM n");
        QTest::newRow("function") << QByteArray("CREATE VIEW FILE AS SELECT zeroblob(1000000000) AS sha256, '' AS sha1, '' AS md5, load_extension('x') AS file_name");
        QTest::newRow("virtual") << QByteArray("CREATE VIRTUAL TABLE FILE USING fts5(sha256, sha1, md5, file_name)");
        QTest::newRow("other columns") << QByteArray("CREATE TABLE FILE(a, b)");
        QTest::newRow("nothing") << QByteArray("CREATE TABLE x(a)");
    }
    void hostile_databases() {
        QFETCH(QByteArray, sql);
        QFile::remove(m_folder.filePath("bad.db"));
        make_database(m_folder.filePath("bad.db"), sql.constData());
        std::vector<sets::SetSource> sources;
        const auto set = set_of({"bad.db"}, Verdict::good, &sources);
        if (!set) QCOMPARE(set.error().code, base::Errc::usage);
        else QCOMPARE(sources.at(0).taken, std::uint64_t{0});
        const auto unfinished = QDir(m_folder.path()).entryList({QString("%1.set*").arg(m_sets)});
        QVERIFY2(set || unfinished.isEmpty(), unfinished.join(' ').toUtf8());
    }

    // A set is refused unless its tables are ours to the letter; a damaged one says so and does no harm.
    void hostile_sets_data() {
        QTest::addColumn<QByteArray>("sql");
        QTest::newRow("trigger") << QByteArray("CREATE TRIGGER t AFTER INSERT ON known BEGIN SELECT 1; END");
        QTest::newRow("view") << QByteArray("CREATE VIEW v AS SELECT 1");
        QTest::newRow("view in its place") << QByteArray("DROP TABLE known; CREATE VIEW known AS SELECT x'00' AS digest, '' AS name");
        QTest::newRow("index") << QByteArray("CREATE INDEX i ON source(name)");
        QTest::newRow("other application") << QByteArray("PRAGMA application_id=1");
        QTest::newRow("other version") << QByteArray("PRAGMA user_version=9");
        QTest::newRow("does not say what it is") << QByteArray("DELETE FROM meta WHERE key = 'as'");
    }
    void hostile_sets() {
        QFETCH(QByteArray, sql);
        write("plain", QByteArray(k_hello_sha256) + "  hello\n");
        QVERIFY(set_of({"plain"}));
        const auto path = m_folder.filePath(QString("%1.set").arg(m_sets));
        make_database(path, sql.constData());
        const auto opened = HashSet::open(path.toStdString());
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, base::Errc::usage);
    }
    void damaged_sets() {
        QByteArray list;
        for (int i = 0; i < 3000; ++i) list += QByteArray::number(i).rightJustified(32, '0') + "  f" + QByteArray::number(i) + "\n";
        write("many", list);
        QVERIFY(set_of({"many"}));
        const auto path = m_folder.filePath(QString("%1.set").arg(m_sets));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadWrite));
        const auto whole = file.readAll();
        for (qsizetype place = 100; place < whole.size(); place += 997) {
            auto bytes = whole;
            for (qsizetype i = place; i < std::min(place + 64, bytes.size()); ++i) bytes[i] = static_cast<char>(0xff);
            file.seek(0), file.write(bytes), file.flush();
            auto opened = HashSet::open(path.toStdString());
            if (opened) (void)names(*opened, "00000000000000000000000000001500");  // an answer or an error, never more
        }
        file.resize(5000);
        auto cut = HashSet::open(path.toStdString());
        if (cut) QVERIFY(!cut->names_of(base::as_bytes(*base::from_hex("00000000000000000000000000001500"))));
    }

    // A file of one line, one of zeros and one that is no list at all.
    void hostile_lists() {
        write("long", QByteArray(10'000'000, 'a') + "\n" + QByteArray(k_hello_sha256) + "  hello\n");
        std::vector<sets::SetSource> sources;
        auto set = set_of({"long"}, Verdict::good, &sources);
        QVERIFY(set);
        QCOMPARE(sources.at(0).bad, std::uint64_t{1});
        QCOMPARE(sources.at(0).bad_lines, std::vector<std::string>{"line 1: longer than 64 KiB"});
        QCOMPARE(names(*set, k_hello_sha256), std::vector<std::string>{"hello"});
        write("zeros", QByteArray(1'000'000, '\0'));
        sources.clear();
        QVERIFY(set_of({"zeros"}, Verdict::good, &sources));
        QCOMPARE(sources.at(0).taken, std::uint64_t{0});
        QVERIFY(!set_of({"missing"}));
        QVERIFY(!HashSet::open(at("zeros")));
        QVERIFY(!HashSet::open(m_folder.path().toStdString()));
    }
    void an_existing_file_stays() {
        write("kept.set", "mine");
        QVERIFY(!HashSetBuilder::begin(at("kept.set")));
        QFile file(m_folder.filePath("kept.set"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("mine"));
    }
};
DEADBOX_TEST(HashSetTest)
#include "hash_set_test.moc"
