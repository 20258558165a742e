// The commands as a user starts them: what they print, where, and how they end.
#include <QDir>
#include <QFile>
#include <QProcess>
#include <nlohmann/json.hpp>
#include <set>

#include <unistd.h>

#include "case/custody.hpp"
#include "report/sample_case.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using nlohmann::json;

namespace {

struct Ran {
    int status = -1;
    QByteArray out, err;
    std::vector<json> lines() const {
        std::vector<json> all;
        for (const auto& line : out.split('\n'))
            if (!line.isEmpty()) all.push_back(json::parse(line.toStdString()));
        return all;
    }
};

Ran start(const QStringList& arguments) {
    QProcess process;
    process.start(QStringLiteral(DEADBOX_BIN_DIR "/deadbox"), arguments);
    Ran ran;
    if (!process.waitForFinished(60'000)) return ran;
    ran.status = process.exitCode(), ran.out = process.readAllStandardOutput(), ran.err = process.readAllStandardError();
    return ran;
}

}  // namespace

class CliTest : public QObject {
    Q_OBJECT
    std::unique_ptr<test::CaseFixture> m_fixture;
    QString m_case;

private slots:
    void init() {
        m_fixture = std::make_unique<test::CaseFixture>();
        test::fill_sample(*m_fixture);
        m_case = QString::fromStdString(m_fixture->path());
    }
    void cleanup() { m_fixture.reset(); }

    void statuses_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("status");
        QTest::newRow("help") << QStringList{"--help"} << 0;
        QTest::newRow("help of a command") << QStringList{"timeline", "--help"} << 0;
        QTest::newRow("version") << QStringList{"--version"} << 0;
        QTest::newRow("nothing") << QStringList{} << 2;
        QTest::newRow("no such command") << QStringList{"frobnicate"} << 2;
        QTest::newRow("no such option") << QStringList{"findings", "CASE", "--frob"} << 2;
        QTest::newRow("wrong value") << QStringList{"findings", "CASE", "--min-severity", "huge"} << 2;
        QTest::newRow("no case") << QStringList{"findings", "/nonexistent/x.deadbox"} << 5;
        QTest::newRow("not a case") << QStringList{"findings", "/bin/sh"} << 5;
        QTest::newRow("a folder") << QStringList{"findings", "/tmp"} << 5;
        QTest::newRow("no such topic") << QStringList{"findings", "CASE", "--topic", "nosuch"} << 2;
        QTest::newRow("a topic without findings") << QStringList{"findings", "CASE", "--topic", "defacement"} << 0;
        QTest::newRow("no such finding") << QStringList{"mark", "CASE", "0123456789abcdef", "--state", "open"} << 2;
        QTest::newRow("no such table") << QStringList{"facts", "CASE", "--table", "nothing"} << 2;
        QTest::newRow("no such file") << QStringList{"stat", "CASE", "/nothing"} << 2;
        QTest::newRow("not a ref") << QStringList{"stat", "CASE", "--ref", "x"} << 2;
        QTest::newRow("not a time") << QStringList{"timeline", "CASE", "--from", "yesterday"} << 2;
        QTest::newRow("no such format") << QStringList{"report", "CASE", "-o", "/tmp/never-made", "--format", "docx"} << 2;
        QTest::newRow("no such language") << QStringList{"findings", "CASE", "--language", "../../etc"} << 2;
        QTest::newRow("noted before it is done") << QStringList{"note", "CASE", "x", "--at", "2199-01-01T00:00:00Z"} << 2;
        QTest::newRow("unwritable") << QStringList{"report", "CASE", "-o", "/proc/nothing"} << 2;
    }
    void statuses() {
        QFETCH(QStringList, arguments);
        QFETCH(int, status);
        arguments.replaceInStrings(QStringLiteral("CASE"), m_case);
        QCOMPARE(start(arguments).status, status);
    }

    void an_unknown_topic_is_told_the_known() {
        const auto ran = start({"findings", m_case, "--topic", "nosuch"});
        QVERIFY(ran.out.isEmpty());
        QVERIFY2(ran.err.contains("no topic nosuch") && ran.err.contains("webshell") && ran.err.contains("packages"), ran.err.constData());
    }
    void a_full_disk_says_what_to_do() {
        QProcess shell;
        shell.start("sh", {"-c", "exec \"$0\" findings \"$1\" --json >/dev/full", QStringLiteral(DEADBOX_BIN_DIR "/deadbox"), m_case});
        QVERIFY(shell.waitForFinished(60'000));
        QCOMPARE(shell.exitCode(), 2);
        QVERIFY(shell.readAllStandardError().contains("No space left on device; make room"));
    }

    void errors_are_objects() {
        for (const QStringList& arguments : {QStringList{"findings", "/nonexistent", "--json"}, QStringList{"findings", "--json", "--frob"}}) {
            const Ran ran = start(arguments);
            QVERIFY(ran.out.isEmpty());
            const auto error = json::parse(ran.err.toStdString());
            QVERIFY(error["error"]["code"].is_string() && error["error"]["message"].is_string());
        }
    }

    void every_command_has_help() {
        const QByteArray all = start({"--help"}).out;
        for (const char* name : {"findings", "facts", "timeline", "coverage", "custody", "ls", "stat", "search", "mark", "note", "case", "report"}) {
            QVERIFY2(all.contains(name), name);
            QVERIFY2(start({name, "--help"}).out.contains("--json"), name);
        }
    }

    void nothing_reaches_the_terminal_raw() {
        const QString hostile = QString::fromStdString("hex:" + QByteArray::fromStdString(std::string(test::k_hostile)).toHex().toStdString());
        for (const QStringList& arguments : {QStringList{"ls", m_case, "--recursive", "/"}, QStringList{"findings", m_case}, QStringList{"timeline", m_case}, QStringList{"stat", m_case, hostile},
                                             QStringList{"search", m_case, "script"}, QStringList{"ls", m_case, "--json", "--recursive", "/"}, QStringList{"findings", m_case, "--json"},
                                             QStringList{"timeline", m_case, "--json"}, QStringList{"timeline", m_case, "--format", "csv"}}) {
            const Ran ran = start(arguments);
            QCOMPARE(ran.status, 0);
            QVERIFY(!ran.out.isEmpty());
            QVERIFY2(!ran.out.contains('\x1b') && !ran.out.contains("\xe2\x80\xae"), qPrintable(arguments.join(' ')));
        }
        const Ran wrong = start({"stat", m_case, "/\x1b[31m"});
        QVERIFY(!wrong.err.contains('\x1b'));
    }

    void listing() {
        const auto lines = start({"ls", m_case, "--recursive", "--json", "/"}).lines();
        QCOMPARE(lines.size(), std::size_t{8});  // a slash in the hostile name makes it a folder and a file
        std::set<std::string> refs;
        for (const auto& line : lines) {
            refs.insert(line["ref"].get<std::string>());
            for (const char* key : {"path", "ref", "volume", "system", "state", "inode", "type", "mode", "uid", "gid", "links", "size", "rdev", "target", "flags", "name_allocated", "inode_allocated", "content",
                                    "times", "md5", "sha1", "sha256", "xattrs"})
                QVERIFY2(line.contains(key), key);
        }
        QCOMPARE(refs.size(), lines.size());
        QCOMPARE(lines[0]["path"].get<std::string>(), std::string("/"));
        // A ref leads back to what it names, a path in hexadecimal too.
        for (const auto& line : lines) {
            const auto again = start({"stat", m_case, "--json", "--ref", QString::fromStdString(line["ref"].get<std::string>())}).lines();
            QCOMPARE(again.size(), std::size_t{1});
            QCOMPARE(again[0], line);
            if (!line.contains("path_hex")) continue;
            QCOMPARE(start({"stat", m_case, "--json", QString::fromStdString("hex:" + line["path_hex"].get<std::string>())}).lines().at(0), line);
        }
    }

    void facts() {
        bool listed = false;
        for (const auto& table : start({"facts", m_case, "--json"}).lines())
            listed = listed || (table["table"] == "account" && table["rows"] == 2);
        QVERIFY(listed);
        const auto rows = start({"facts", m_case, "--json", "--table", "account"}).lines();
        QCOMPARE(rows.size(), std::size_t{2});
        QCOMPARE(rows[0]["user"].get<std::string>(), std::string("root"));
        QCOMPARE(rows[0]["record"]["path"].get<std::string>(), std::string("/etc/passwd"));
        const auto items = start({"facts", m_case, "--json", "--table", "finding_item"}).lines();
        QCOMPARE(items.size(), std::size_t{4});
        QCOMPARE(items[0]["finding"].get<std::string>(), std::string("aaaaaaaaaaaaaaaa"));
    }

    void filters() {
        QCOMPARE(start({"findings", m_case, "--json", "--min-severity", "critical"}).lines().size(), std::size_t{1});
        QCOMPARE(start({"findings", m_case, "--json", "--state", "dismissed"}).lines().size(), std::size_t{1});
        QCOMPARE(start({"findings", m_case, "--json", "--topic", "nothing"}).lines().size(), std::size_t{0});
        QCOMPARE(start({"coverage", m_case, "--json", "--level", "gap"}).lines().size(), std::size_t{1});
        const auto all = start({"timeline", m_case, "--json"}).lines();
        QVERIFY(all.size() > 5);
        QVERIFY(std::is_sorted(all.begin(), all.end(), [](const json& a, const json& b) { return a["datetime"] < b["datetime"]; }));
        QCOMPARE(start({"timeline", m_case, "--json", "--from", "2024-03-09", "--to", "2024-03-09"}).lines().size(), std::size_t{1});
        QCOMPARE(start({"timeline", m_case, "--json", "--path", "/etc/passwd"}).lines().size(), std::size_t{2});
        QCOMPARE(start({"timeline", m_case, "--json", "--since", "1d"}).lines().size(), all.size() - 0);
    }

    void marks_and_notes() {
        QCOMPARE(start({"mark", m_case, "aaaaaaaaaaaaaaaa", "--state", "dismissed", "--reason", "ours", "--tag", "one", "--tag", "two", "--comment", "looked at"}).status, 0);
        const auto found = start({"findings", m_case, "--json", "--min-severity", "critical"}).lines().at(0);
        QCOMPARE(found["state"].get<std::string>(), std::string("dismissed"));
        QCOMPARE(found["reason"].get<std::string>(), std::string("ours"));
        QCOMPARE(found["tags"].dump(), std::string("[\"one\",\"two\"]"));
        QCOMPARE(start({"mark", m_case, "aaaaaaaaaaaaaaaa", "--state", "open"}).status, 0);
        QCOMPARE(start({"findings", m_case, "--json", "--min-severity", "critical"}).lines().at(0)["state"].get<std::string>(), std::string("open"));
        QCOMPARE(start({"note", m_case, "told the owner", "--kind", "communication", "--at", "2026-03-02T10:00:00Z", "--who", "me"}).status, 0);
        QCOMPARE(start({"case", "set", m_case, "--examiner", "N. N.", "--conclusion", "It was.", "--conclusion-level", "compromised", "--json"}).status, 0);
        QTemporaryDir folder;
        QCOMPARE(start({"report", m_case, "-o", folder.filePath("r/s"), "--format", "json"}).status, 0);
        QFile file(folder.filePath("r/s/report.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto report = json::parse(file.readAll().toStdString());
        QCOMPARE(report["case"]["examiner"].get<std::string>(), std::string("N. N."));
        QCOMPARE(report["conclusion"]["text"].get<std::string>(), std::string("It was."));
        QCOMPARE(report["notes"][0]["at"].get<std::string>(), std::string("2026-03-02T10:00:00.000000000Z"));
        int edits = 0;
        for (const auto& entry : start({"custody", m_case, "--json"}).lines())
            edits += (entry["action"] == "finding.marked" || entry["action"] == "note.written" || entry["action"] == "case.set") && entry["details"].is_object();
        QCOMPARE(edits, 4);
        const auto chain = case_file::verify_chain(m_fixture->database());
        QVERIFY(chain.has_value() && !chain->first_broken);
    }

    void journal_and_letters() {
        QCOMPARE(start({"note", m_case, "told the board", "--kind", "communication", "--audience", "management", "--who", "board", "--permitted-by", "CISO"}).status, 0);
        QCOMPARE(start({"note", m_case, "told it an hour later", "--corrects", "1"}).status, 0);
        QCOMPARE(start({"note", m_case, "x", "--corrects", "3"}).status, 2);
        QCOMPARE(start({"note", m_case, "x", "--audience", "legal"}).status, 2);  // an action tells nobody
        QCOMPARE(start({"note", m_case, "--corrects", "1"}).status, 2);
        const auto lines = start({"note", m_case, "--json"}).lines();
        QCOMPARE(lines.size(), std::size_t{2});
        QCOMPARE(lines[1]["corrects"].get<int>(), 1);
        // What the correction does not say stays as it was, and the plan counts it.
        for (const auto* key : {"kind", "audience", "who", "permitted_by", "at"}) QCOMPARE(lines[1][key], lines[0][key]);
        QCOMPARE(lines[0]["permitted_by"].get<std::string>(), std::string("CISO"));
        QCOMPARE(start({"note", m_case, "the root password was Kiste7x", "--permitted-by", "CISO"}).status, 0);
        QVERIFY(!start({"note", m_case}).out.contains("Kiste7x"));
        QVERIFY(start({"note", m_case, "--redact", "none"}).out.contains("Kiste7x"));
        QTemporaryDir folder;
        QCOMPARE(start({"report", m_case, "-o", folder.path(), "--format", "json"}).status, 0);
        QFile file(folder.filePath("report.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto plan = json::parse(file.readAll().toStdString())["communication"];
        QCOMPARE(plan.size(), std::size_t{5});
        QCOMPARE(plan[0]["audience"].get<std::string>(), std::string("management"));
        QCOMPARE(plan[0]["notes"].dump(), std::string("[2]"));  // the corrected one no longer counts
        QCOMPARE(plan[1]["notes"].dump(), std::string("[]"));
        for (const char* language : {"en", "de"})
            for (const char* audience : {"management", "legal", "police", "cert", "customers"}) {
                const auto letter = start({"note", m_case, "--template", audience, "--language", language});
                QCOMPARE(letter.status, 0);
                QVERIFY2(letter.out.size() > 300 && !letter.out.contains('{') && !letter.out.contains("[[") && !letter.out.contains('\x1b'), letter.out.constData());
            }
        QVERIFY(start({"note", m_case, "--template", "police", "--language", "de"}).out.contains("Beweismittelkette"));
        QCOMPARE(start({"note", m_case, "--template", "nobody"}).status, 2);
    }

    void notes_of_an_older_case() {
        m_fixture->sql("DROP TABLE note");
        m_fixture->sql("CREATE TABLE note(id INTEGER PRIMARY KEY, written TEXT NOT NULL, at TEXT NOT NULL, kind TEXT NOT NULL, who TEXT NOT NULL, permitted_by TEXT NOT NULL, finding TEXT, text TEXT NOT NULL) STRICT");
        m_fixture->sql("INSERT INTO note VALUES(1, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', 'action', 'me', '', NULL, 'old')");
        QCOMPARE(start({"note", m_case, "--json"}).lines().at(0)["text"].get<std::string>(), std::string("old"));
        QCOMPARE(start({"note", m_case, "new", "--corrects", "1"}).status, 0);
        QCOMPARE(start({"note", m_case, "--json"}).lines().at(1)["corrects"].get<int>(), 1);
    }

    void a_case_that_cannot_be_written_is_read() {
        QTemporaryDir folder;
        const QString copy = folder.filePath("c.deadbox");
        m_fixture->sql("PRAGMA wal_checkpoint(TRUNCATE)");
        QVERIFY(QFile::copy(m_case, copy));
        QFile::setPermissions(copy, QFileDevice::ReadOwner);
        QFile::setPermissions(folder.path(), QFileDevice::ReadOwner | QFileDevice::ExeOwner);
        const Ran ran = start({"findings", copy, "--json"});
        QCOMPARE(ran.lines().size(), std::size_t{5});
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 1);
        QFile::setPermissions(folder.path(), QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner);
    }
};
DEADBOX_TEST(CliTest)
#include "cli_test.moc"
