#include "content/sqlite_file.hpp"

#include <sqlite3.h>

#include <QFile>
#include <QTemporaryDir>

#include "support/test_main.hpp"

using namespace deadbox;

namespace {

std::vector<std::byte> database_bytes(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) return {};
    const auto all = file.readAll();
    const auto view = base::as_bytes(std::string_view(all.constData(), static_cast<std::size_t>(all.size())));
    return {view.begin(), view.end()};
}

class Writer {
public:
    explicit Writer(const QString& path) {
        if (sqlite3_open(path.toUtf8().constData(), &m_handle) != SQLITE_OK) throw std::runtime_error("no database");
    }
    ~Writer() { sqlite3_close(m_handle); }
    void run(const char* sql) {
        if (sqlite3_exec(m_handle, sql, nullptr, nullptr, nullptr) != SQLITE_OK) throw std::runtime_error(sqlite3_errmsg(m_handle));
    }

private:
    sqlite3* m_handle = nullptr;
};

std::int64_t count(const content::SqliteFile& file) {
    std::int64_t rows = -1;
    if (!file.query("SELECT count(*) FROM t", [&](const content::SqliteRow& row) {
            rows = row.integer(0);
            return base::Next::go_on;
        }))
        return -1;
    return rows;
}

}  // namespace

class SqliteFileTest : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;

private slots:
    void rows() {
        const auto path = m_folder.filePath("plain.db");
        Writer(path).run("CREATE TABLE t(a INTEGER, b TEXT, c BLOB); INSERT INTO t VALUES(7, 'x', x'00ff'), (NULL, NULL, NULL)");
        const base::MemorySource source(database_bytes(path));
        const auto file = content::SqliteFile::open({&source, nullptr, nullptr});
        QVERIFY(file);
        QVERIFY(file->has_table("T"));
        QVERIFY(!file->has_table("u"));
        int seen = 0;
        QVERIFY(file->query("SELECT a, b, c FROM t", [&](const content::SqliteRow& row) {
            if (seen++ == 0) {
                if (row.integer(0) != 7 || row.text(1) != "x" || row.blob(2).size() != 2) seen = -100;
            } else if (!row.is_null(0) || !row.text(1).empty()) seen = -100;
            return base::Next::go_on;
        }));
        QCOMPARE(seen, 2);
        QVERIFY(!file->query("DELETE FROM t", [](const content::SqliteRow&) { return base::Next::go_on; }));
        QVERIFY(!file->query("ATTACH '/etc/passwd' AS p", [](const content::SqliteRow&) { return base::Next::go_on; }));
    }

    void write_ahead_log() {
        const auto path = m_folder.filePath("wal.db");
        Writer writer(path);
        writer.run("PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0; CREATE TABLE t(a); INSERT INTO t VALUES(1); PRAGMA wal_checkpoint(TRUNCATE); INSERT INTO t VALUES(2), (3)");
        const base::MemorySource main(database_bytes(path)), log(database_bytes(path + "-wal"));
        QVERIFY(log.size() > 0);
        const auto both = content::SqliteFile::open({&main, &log, nullptr});
        QVERIFY(both);
        QCOMPARE(count(*both), std::int64_t{3});
        const auto alone = content::SqliteFile::open({&main, nullptr, nullptr});
        QVERIFY(alone);
        QCOMPARE(count(*alone), std::int64_t{1});
    }

    void hot_journal() {
        const auto path = m_folder.filePath("journal.db");
        Writer writer(path);
        writer.run("PRAGMA cache_size=5; CREATE TABLE t(a); INSERT INTO t VALUES(randomblob(500)); BEGIN");
        writer.run("WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) INSERT INTO t SELECT randomblob(500) FROM n");
        const base::MemorySource main(database_bytes(path)), journal(database_bytes(path + "-journal"));
        QVERIFY(journal.size() > 0);
        const auto file = content::SqliteFile::open({&main, nullptr, &journal});
        QVERIFY(file);
        QCOMPARE(count(*file), std::int64_t{1});
    }

    void damage() {
        const auto path = m_folder.filePath("damaged.db");
        Writer(path).run("CREATE TABLE t(a); WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) INSERT INTO t SELECT 'row ' || i FROM n");
        const auto whole = database_bytes(path);
        std::uint32_t state = 7;
        for (int round = 0; round < 300; ++round) {
            auto bytes = whole;
            for (int i = 0; i < 1 + round % 20; ++i) {
                state = state * 1664525 + 1013904223;
                bytes[state % bytes.size()] = static_cast<std::byte>(state >> 24);
            }
            if (round % 3 == 0) bytes.resize(state % bytes.size());
            const base::MemorySource source(std::move(bytes));
            const auto file = content::SqliteFile::open({&source, nullptr, nullptr});
            if (file) static_cast<void>(file->query("SELECT * FROM t", [](const content::SqliteRow&) { return base::Next::go_on; }));
        }
    }

    void endless_work_ends() {
        const auto path = m_folder.filePath("endless.db");
        Writer(path).run("CREATE TABLE x(a); CREATE VIEW t AS WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n");
        const base::MemorySource source(database_bytes(path));
        const auto file = content::SqliteFile::open({&source, nullptr, nullptr});
        QVERIFY(file);
        QVERIFY(!file->has_table("t"));  // a view is none
    }
};
DEADBOX_TEST(SqliteFileTest)
#include "sqlite_file_test.moc"
