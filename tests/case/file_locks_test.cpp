#include <QFile>
#include <QProcess>
#include <QTemporaryDir>

#include "case/database.hpp"
#include "case/file_locks.hpp"
#include "case/schema.hpp"
#include "support/test_main.hpp"

using namespace deadbox;

namespace {

// As another program would: a connection of its own, which is the last one as far as it can see.
bool run_elsewhere(const QString& path, const char* sql) {
    QProcess python;
    python.start(QStringLiteral("python3"), {QStringLiteral("-c"), QStringLiteral("import sqlite3, sys\nc = sqlite3.connect(sys.argv[1], timeout=0.2)\nr = c.execute(sys.argv[2]).fetchall()\nc.commit()\nc.close()\nprint(r)"), path, QString::fromLatin1(sql)});
    return python.waitForFinished() && python.exitCode() == 0 && !python.readAllStandardOutput().contains("malformed");
}

// What a file dialog does with each file of a folder.
void look_into(const QString& path) {
    for (const char* end : {"", "-wal", "-shm"}) {
        QFile file(path + QLatin1String(end));
        if (file.open(QIODevice::ReadOnly)) file.read(16);
    }
}

}  // namespace

class FileLocksTest : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    QString path() const { return m_folder.filePath(QStringLiteral("a.deadbox")); }

    static std::int64_t rows(const case_file::Database& database) {
        auto query = database.prepare("SELECT count(*) FROM x");
        return query && *query->step() ? query->integer(0) : -1;
    }

private slots:
    void a_stranger_that_looks_into_the_files() {
        const auto name = path().toStdString();
        auto writer = case_file::Database::open(name, case_file::Access::write);
        QVERIFY(writer && writer->execute("PRAGMA application_id=" + std::to_string(case_file::k_application_id) + "; CREATE TABLE x(a)"));
        const auto reader = case_file::Database::open(name, case_file::Access::read);
        QVERIFY(reader);
        QCOMPARE(rows(*reader), 0);
        for (int round = 1; round <= 3; ++round) {
            look_into(path());
            QVERIFY(run_elsewhere(path(), "INSERT INTO x VALUES(1)"));
            QVERIFY2(QFile::exists(path() + QStringLiteral("-wal")), "the log was taken away from under the readers");
            QCOMPARE(rows(*reader), 2 * round - 1);
            QVERIFY(writer->execute("INSERT INTO x VALUES(2)"));
            QCOMPARE(rows(*reader), 2 * round);
        }
    }

    // The transaction of one connection is not another program's to break, whatever else is opened and closed here.
    void a_stranger_within_a_transaction() {
        const auto name = path().toStdString();
        const auto writer = case_file::Database::open(name, case_file::Access::write);
        QVERIFY(writer);
        {
            auto transaction = case_file::Transaction::begin(*writer);
            QVERIFY(transaction && writer->execute("INSERT INTO x VALUES(3)"));
            look_into(path());
            { QVERIFY(case_file::Database::open(name, case_file::Access::read)); }
            QVERIFY(!run_elsewhere(path(), "INSERT INTO x VALUES(4)"));
            QVERIFY(transaction->commit());
        }
        QVERIFY(run_elsewhere(path(), "INSERT INTO x VALUES(5)"));
        QCOMPARE(rows(*writer), 8);
    }

    // A closed case is one file.
    void the_last_one_takes_the_log_away() {
        { QVERIFY(case_file::Database::open(path().toStdString(), case_file::Access::read)); }
        QVERIFY(!QFile::exists(path() + QStringLiteral("-wal")));
        QVERIFY(!QFile::exists(path() + QStringLiteral("-shm")));
        QVERIFY(run_elsewhere(path(), "PRAGMA integrity_check"));
    }
};

DEADBOX_TEST(FileLocksTest)
#include "file_locks_test.moc"
