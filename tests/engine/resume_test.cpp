// A case that is gone on with: by another build, with other evidence, with other options. It becomes what it would have become
// in one go, or is left as it is.
#include <QFile>

#include <fstream>

#include "case/custody.hpp"
#include "case/seal.hpp"
#include "engine/machine.hpp"
#include "serve/evidence_reader.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using test::Rows;

namespace {

constexpr std::size_t k_partition = 1 << 20;

base::Result<engine::AnalysisResult> run(const engine::AnalysisOptions& options, const std::function<bool(const engine::ProgressState&)>& stop = {}) {
    engine::Progress progress;
    if (stop) progress.stop = [&] { return stop(progress.state); };
    return engine::analyze(options, progress);
}

QByteArray said(const base::Result<engine::AnalysisResult>& result) { return result ? "done" : QByteArray::fromStdString(result.error().what); }

bool sql(const std::string& case_path, const std::string& statements) {
    const auto database = case_file::Database::open(case_path, case_file::Access::write);
    return database && database->execute(statements).has_value();
}

// One partition that holds a file system, behind a first MiB that all machines of one template share.
void write_disk(const std::string& file_system, const std::string& disk) {
    QFile in(QString::fromStdString(file_system)), out(QString::fromStdString(disk));
    QVERIFY(in.open(QIODevice::ReadOnly) && out.open(QIODevice::WriteOnly));
    const auto bytes = in.readAll();
    QByteArray head(static_cast<qsizetype>(k_partition), '\0');
    const auto sectors = static_cast<quint32>(bytes.size() / 512);
    head[446 + 4] = '\x83';
    for (int i = 0; i < 4; ++i) head[446 + 8 + i] = static_cast<char>(2048u >> (8 * i)), head[446 + 12 + i] = static_cast<char>(sectors >> (8 * i));
    head[510] = '\x55', head[511] = '\xaa';
    QVERIFY(out.write(head) == head.size() && out.write(bytes) == bytes.size());
}

}  // namespace

class ResumeTest : public QObject {
    Q_OBJECT
    test::Machine m_machine;
    engine::AnalysisOptions m_options;  // of the undisturbed run
    std::string m_disk;

    std::string copy_of_case(const std::string& name) {
        const auto path = m_machine.path(name);
        QFile::remove(QString::fromStdString(path));
        QFile::copy(QString::fromStdString(m_options.case_path), QString::fromStdString(path));
        return path;
    }
    engine::AnalysisOptions resuming(const std::string& case_path) {
        auto options = m_options;
        options.case_path = case_path, options.resume = true;
        return options;
    }
    // What the undisturbed case has and this one has not: tables but those that count batches.
    static std::string differing_tables(const std::string& a, const std::string& b) {
        auto one = test::seal_of(a), other = test::seal_of(b);
        if (!one.is_object() || !other.is_object()) return "no seal";
        for (const char* name : {"batch", "batch_rows", "content"}) one.erase(name), other.erase(name);
        const auto differing = nlohmann::json::diff(one, other);
        return differing.empty() ? "" : differing.dump();
    }
    static Rows kinds(const std::string& path) { return test::rows(path, "SELECT type, count(*) FROM logged GROUP BY type ORDER BY type"); }

private slots:
    void initTestCase() {
        for (int i = 0; i < 300; ++i) m_machine.add("/srv/data/" + std::to_string(i), "data " + std::to_string(i) + "\n");
        m_machine.add("/var/log/auth.log", "Jul  2 04:16:40 trial sshd[2398]: Accepted password for martina from 203.0.113.77 port 40112 ssh2\n"
                                           "Jul  2 04:17:40 trial sshd[2398]: Failed password for root from 203.0.113.77 port 40113 ssh2\n");
        QVERIFY(m_machine.build());
        m_disk = m_machine.path("template.raw");
        write_disk(m_machine.image(), m_disk);
        m_options = m_machine.options("plain.deadbox");
        m_options.evidence = {m_disk};
        const auto done = run(m_options);
        QVERIFY2(done && !done->nothing_opened, said(done));
        QVERIFY(kinds(m_options.case_path).size() > 1);
    }

    // A build whose topics are others makes anew what topics make, all of it and once.
    void another_build_data() {
        QTest::addColumn<QString>("before");
        QTest::newRow("another version of one topic") << "UPDATE meta SET value = '0' WHERE key = 'topic.trial'";
        QTest::newRow("a topic more") << "DELETE FROM meta WHERE key = 'topic.trial'; DROP TABLE trial_mark; DROP TABLE trial_link";
        QTest::newRow("a topic less") << "INSERT INTO meta VALUES('topic.gone', '1'); CREATE TABLE gone(id INTEGER PRIMARY KEY) STRICT; INSERT INTO gone VALUES(1)";
        QTest::newRow("a kind of event more") << "DELETE FROM kind WHERE type = 'auth.login.failure'";
        QTest::newRow("kinds in another order") << "UPDATE meta SET value = '0' WHERE key = 'topic.trial'; UPDATE kind SET id = 5000 - id";
        QTest::newRow("a finding that is made no more") << "UPDATE meta SET value = '0' WHERE key = 'topic.trial'; INSERT INTO finding VALUES('f0', 'gone.d', 'gone/r', 1, 1, 's', 4, 2, '{}', NULL, NULL, NULL, NULL, NULL, 0, 0)";
        QTest::newRow("indexes that readers had") << "UPDATE meta SET value = '0' WHERE key = 'topic.trial'; CREATE INDEX event_user ON event(user, s, ns) WHERE user IS NOT NULL; CREATE INDEX event_address ON event(address, s, ns) WHERE address IS NOT NULL";
    }
    void another_build() {
        QFETCH(QString, before);
        const auto path = copy_of_case("build.deadbox");
        QVERIFY(sql(path, before.toStdString()));
        const auto result = run(resuming(path));
        QVERIFY2(result, said(result));
        QCOMPARE(test::rows(path, "SELECT count(*) FROM account"), test::rows(m_options.case_path, "SELECT count(*) FROM account"));
        QCOMPARE(kinds(path), kinds(m_options.case_path));
        QCOMPARE(differing_tables(m_options.case_path, path), std::string());
        QCOMPARE(test::rows(path, "SELECT json_array_length(details, '$.made_anew') > 0 FROM custody WHERE action = 'analysis.resumed'"), Rows{"1"});
        const auto database = case_file::Database::open(path, case_file::Access::read);
        QVERIFY(database && case_file::differences(*database)->empty() && case_file::unsealed_tables(*database)->empty());
        const char* indexes = "SELECT group_concat(name) FROM (SELECT name FROM sqlite_schema WHERE type = 'index' ORDER BY name)";
        QCOMPARE(test::rows(path, indexes), test::rows(m_options.case_path, indexes));  // so few events have none for readers
    }
    // Interrupted again before the content was read: nothing that the old build made of it is left.
    void another_build_that_is_interrupted() {
        const auto path = copy_of_case("halfway.deadbox");
        QVERIFY(sql(path, "UPDATE meta SET value = '0' WHERE key = 'topic.trial'"));
        const auto stopped = run(resuming(path), [](const auto& state) { return state.wave == "configure"; });
        QVERIFY(stopped && stopped->interrupted && stopped->begun);
        QCOMPARE(test::rows(path, "SELECT (SELECT count(*) FROM event) + (SELECT count(*) FROM finding) + (SELECT count(*) FROM batch WHERE wave = 'content')"), Rows{"0"});
        const auto result = run(resuming(path));
        QVERIFY2(result, said(result));
        QCOMPARE(differing_tables(m_options.case_path, path), std::string());
    }

    // A detector that fails costs its own findings: the others', which were asked beside it, are there, and the ledger says so, once.
    void a_detector_that_fails() {
        test::Machine machine;
        machine.add("/trial/break", "break the detector\n");
        machine.add("/etc/passwd", "root:x:0:0:root:/root:/bin/bash\ntoor:x:0:0::/root:/bin/bash\n");
        QVERIFY(machine.build());
        for (const int jobs : {1, 2}) {
            auto options = machine.options("fails" + std::to_string(jobs) + ".deadbox");
            options.jobs = jobs;
            QVERIFY2(run(options), "the run goes on");
            const char* told = "SELECT reason || '; ' || json_extract(examples, '$[0]') || '; ' || count FROM coverage WHERE wave = 'detect:trial.trial_verdict'";
            const Rows once{"a detector failed; its findings are missing; it was told to break; 1"};
            QCOMPARE(test::rows(options.case_path, told), once);
            QCOMPARE(test::rows(options.case_path, "SELECT count(*) FROM finding WHERE rule = 'accounts/uid_zero_twin'"), Rows{"1"});
            options.resume = true;
            QVERIFY(sql(options.case_path, "UPDATE meta SET value = '0' WHERE key = 'topic.trial'"));
            QVERIFY2(run(options), "gone on with");
            QCOMPARE(test::rows(options.case_path, told), once);
        }
    }

    // Another build numbers its kinds otherwise: an event has the kind that its type names in the case.
    void kinds_are_found_by_type() {
        auto options = m_options;
        options.case_path = m_machine.path("kinds.deadbox");
        const auto stopped = run(options, [](const auto& state) { return state.wave == "configure"; });
        QVERIFY(stopped && stopped->interrupted);
        QVERIFY(sql(options.case_path, "UPDATE kind SET id = 5000 - id"));
        const auto result = run(resuming(options.case_path));
        QVERIFY2(result, said(result));
        QCOMPARE(kinds(options.case_path), kinds(m_options.case_path));
    }

    // Whatever ends it between the first thing dropped and the entry that says so: nothing was dropped.
    void dropping_is_one_step_data() {
        QTest::addColumn<QString>("cut");
        QTest::newRow("before the run is written") << "CREATE TRIGGER cut BEFORE INSERT ON run BEGIN SELECT RAISE(ABORT, 'cut'); END";
        QTest::newRow("before batches are dropped") << "CREATE TRIGGER cut BEFORE DELETE ON batch BEGIN SELECT RAISE(ABORT, 'cut'); END";
        QTest::newRow("before the custody log says so") << "CREATE TRIGGER cut BEFORE INSERT ON custody BEGIN SELECT RAISE(ABORT, 'cut'); END";
    }
    void dropping_is_one_step() {
        QFETCH(QString, cut);
        const auto path = copy_of_case("step.deadbox");
        QVERIFY(sql(path, "UPDATE meta SET value = '0' WHERE key = 'topic.trial'; " + cut.toStdString()));
        const char* counts = "SELECT (SELECT count(*) FROM batch), (SELECT count(*) FROM account), (SELECT count(*) FROM event), (SELECT value FROM meta WHERE key = 'topic.trial'), (SELECT count(*) FROM run)";
        const auto before = test::rows(path, counts);
        QVERIFY(!run(resuming(path)));
        QCOMPARE(test::rows(path, counts), before);
        QVERIFY(sql(path, "DROP TRIGGER cut"));
        const auto result = run(resuming(path));
        QVERIFY2(result, said(result));
        QCOMPARE(differing_tables(m_options.case_path, path), std::string());
    }

    // Machines of one template share the first MiB, the sizes and the UUIDs of their disks.
    void other_evidence_data() {
        QTest::addColumn<qint64>("at");
        QTest::addColumn<QString>("words");
        const auto size = QFile(QString::fromStdString(m_disk)).size();
        QTest::newRow("the first MiB") << qint64{440} << "first MiB";
        QTest::newRow("the beginning of a volume") << qint64{k_partition + 8} << "1 of 259 places";
        QTest::newRow("a place far inside") << size / 256 * 200 + 7 << "1 of 259 places";
        QTest::newRow("the end") << size - 1 << "1 of 259 places";
        QTest::newRow("the UUID") << qint64{k_partition + 1024 + 104} << "";  // the superblock's checksum fails too
        QTest::newRow("the size") << size << "bytes, this one";
    }
    void other_evidence() {
        QFETCH(qint64, at);
        QFETCH(QString, words);
        const auto other = m_machine.path("other.raw"), path = copy_of_case("other.deadbox");
        QFile::remove(QString::fromStdString(other));
        QVERIFY(QFile::copy(QString::fromStdString(m_disk), QString::fromStdString(other)));
        QFile file(QString::fromStdString(other));
        QVERIFY(file.open(QIODevice::ReadWrite) && file.seek(at) && file.write("\xa5", 1) == 1);
        file.close();
        const auto before = test::rows(path, "SELECT count(*), max(id) FROM custody");
        auto options = resuming(path);
        options.evidence = {other};
        const auto refused = run(options);
        QVERIFY2(!refused && refused.error().code == base::Errc::usage && said(refused).contains("not the evidence of the case") && said(refused).contains(other.c_str()) && said(refused).contains(words.toUtf8()), said(refused));
        // Nothing was begun: the case is as it was.
        QCOMPARE(test::rows(path, "SELECT count(*), max(id) FROM custody"), before);
        const auto database = case_file::Database::open(path, case_file::Access::read);
        QVERIFY(database && case_file::differences(*database)->empty() && case_file::unsealed_tables(*database)->empty());
        const auto reader = serve::EvidenceReader::open_case(*database, {other});
        QVERIFY2(!reader && reader.error().code == base::Errc::usage, reader ? "opened" : reader.error().what.c_str());
        const auto told = serve::EvidenceReader::open_case(*database, {other}, serve::OtherEvidence::told);
        QVERIFY(told && (*told)->same_as_case().differences.size() == 1);
        QVERIFY(serve::EvidenceReader::open_case(*database, {m_disk}));
    }

    // What an older case does not say is said to be not compared; what it says is.
    void a_case_from_before_the_marks() {
        const auto path = copy_of_case("old.deadbox");
        QVERIFY(sql(path, "ALTER TABLE evidence DROP COLUMN samples; ALTER TABLE finding_item DROP COLUMN key_kind; DROP VIEW inode_path; DROP TABLE main_name; DROP TABLE event_block; CREATE VIEW inode_path AS SELECT 1 AS inode; PRAGMA user_version = 2; DELETE FROM meta WHERE key IN ('journal', 'scope', 'exclude')"));
        {
            const auto database = case_file::Database::open(path, case_file::Access::read);
            const auto reader = serve::EvidenceReader::open_case(*database, {});
            QVERIFY2(reader && (*reader)->same_as_case().not_compared.size() == 1, reader ? "" : reader.error().what.c_str());
            QVERIFY(!serve::EvidenceReader::open_case(*database, {m_machine.image()}));
        }
        for (int times = 0; times < 2; ++times) {
            const auto result = run(resuming(path));
            QVERIFY2(result, said(result));
            QCOMPARE(test::rows(path, "SELECT level, count FROM coverage WHERE reason LIKE '%compared in part'"), Rows{"assumption|1"});
        }
        auto options = resuming(path);
        options.evidence = {m_machine.image()};
        QVERIFY(!run(options));
    }

    // Nothing given is as the case has it; another value is refused and changes nothing.
    void other_options_data() {
        QTest::addColumn<QString>("option");
        QTest::addColumn<QString>("begun_with");
        QTest::addColumn<QString>("other");
        QTest::newRow("a scope") << "--scope" << "/etc/**" << "/var/**";
        QTest::newRow("a scope where there was none") << "--scope" << "" << "/var/**";
        QTest::newRow("a scope that is no text") << "--scope" << QString::fromLatin1("/etc/\xff*") << "/etc/**";
        QTest::newRow("an exclusion") << "--exclude" << "/srv/**" << "/etc/**";
        QTest::newRow("a zone") << "--timezone" << "Asia/Kolkata" << "Europe/Berlin";
        QTest::newRow("a zone where there was none") << "--timezone" << "" << "Europe/Berlin";
        QTest::newRow("the journal") << "--journal" << "ignore" << "replay";
        QTest::newRow("the journal, as it is by itself") << "--journal" << "" << "ignore";
    }
    void other_options() {
        QFETCH(QString, option);
        QFETCH(QString, begun_with);
        QFETCH(QString, other);
        const auto give = [&](engine::AnalysisOptions options, const QString& value) {
            const auto text = value.toLatin1().toStdString();
            if (text.empty()) return options;
            if (option == "--scope") options.scope = {text};
            if (option == "--exclude") options.exclude = {text};
            if (option == "--timezone") options.time_zone = text;
            if (option == "--journal") options.journal = text == "ignore" ? case_file::JournalReading::ignore : case_file::JournalReading::replay;
            return options;
        };
        auto plain = m_options;
        plain.case_path = m_machine.path("in-one-go.deadbox");
        QFile::remove(QString::fromStdString(plain.case_path));
        QVERIFY(run(give(plain, begun_with)));
        auto options = plain;
        options.case_path = m_machine.path("options.deadbox");
        QFile::remove(QString::fromStdString(options.case_path));
        const auto stopped = run(give(options, begun_with), [](const auto& state) { return state.wave == "content"; });
        QVERIFY(stopped && stopped->interrupted);
        options.resume = true;
        const auto before = test::rows(options.case_path, "SELECT max(id) FROM custody");
        const auto refused = run(give(options, other));
        QVERIFY2(!refused && refused.error().code == base::Errc::usage && said(refused).contains(option.toUtf8()) && said(refused).contains(other.toLatin1()) && said(refused).contains(begun_with.toLatin1()), said(refused));
        QCOMPARE(test::rows(options.case_path, "SELECT max(id) FROM custody"), before);
        QVERIFY2(run(give(options, begun_with)), "the same");
        QVERIFY2(run(options), "none");
        QCOMPARE(QString::fromStdString(nlohmann::json::diff(test::seal_of(plain.case_path), test::seal_of(options.case_path)).dump()), QStringLiteral("[]"));
    }
    // A case from before these were kept has them in what its first run was told.
    void options_of_an_older_case() {
        auto options = m_options;
        options.case_path = m_machine.path("older.deadbox");
        options.scope = {"/etc/**"}, options.journal = case_file::JournalReading::ignore;
        QVERIFY(run(options));
        QVERIFY(sql(options.case_path, "DELETE FROM meta WHERE key IN ('journal', 'scope', 'exclude')"));
        auto other = resuming(options.case_path);
        other.journal = case_file::JournalReading::replay;
        QVERIFY2(said(run(other)).contains("--journal ignore"), said(run(other)));
        QVERIFY(run(resuming(options.case_path)));
        QCOMPARE(test::rows(options.case_path, "SELECT json_extract(options, '$.scope[0]'), json_extract(options, '$.journal') FROM run"), (Rows{"/etc/**|ignore", "/etc/**|ignore"}));
        QCOMPARE(test::rows(options.case_path, "SELECT count(*) FROM file WHERE sha256 IS NOT NULL AND path NOT LIKE '/etc/%'"), Rows{"0"});
    }

    // A triage of a full analysis that was begun leaves no file out of it.
    void triage_in_between() {
        auto options = m_options;
        options.case_path = m_machine.path("between.deadbox");
        const auto stopped = run(options, [](const auto& state) { return state.wave == "content" && state.done > 0; });
        QVERIFY(stopped && stopped->interrupted);
        auto triage = resuming(options.case_path);
        triage.profile = engine::Profile::triage, triage.evidence_hash = engine::EvidenceHash::none;
        QVERIFY(run(triage));
        QVERIFY(run(resuming(options.case_path)));
        QCOMPARE(test::rows(options.case_path, "SELECT count(*) FROM content WHERE sha256 IS NOT NULL"), test::rows(m_options.case_path, "SELECT count(*) FROM content WHERE sha256 IS NOT NULL"));
        QCOMPARE(QString::fromStdString(test::report_of(options.case_path)), QString::fromStdString(test::report_of(m_options.case_path)));
    }
};
DEADBOX_TEST(ResumeTest)
#include "resume_test.moc"
