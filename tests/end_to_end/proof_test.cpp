// What is handed out, as a user gets it: whatever is changed in report, case or image is named by verify.
#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>

#include <functional>

#include "proof/authority.hpp"
#include "support/test_main.hpp"

namespace {

struct Ran {
    int status = -1;
    QByteArray out, err;
};

Ran run_in(const QString& folder, const QString& program, const QStringList& arguments) {
    QProcess process;
    process.setWorkingDirectory(folder);
    process.start(program, arguments);
    process.waitForFinished(240'000);
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAllStandardOutput(), process.readAllStandardError()};
}
Ran run_program(const QStringList& arguments) { return run_in(QDir::tempPath(), QStringLiteral(DEADBOX_BIN_DIR "/deadbox"), arguments); }

void flip(const QString& path, qint64 place) {
    QFile file(path);
    if (!file.open(QIODevice::ReadWrite) || !file.seek(place)) return;
    const auto byte = file.read(1);
    file.seek(place);
    file.write(QByteArray(1, static_cast<char>(byte[0] ^ 0x10)));
}

bool sql(const QString& path, const QString& statement) { return run_in(QDir::tempPath(), "sqlite3", {path, statement}).status == 0; }

}  // namespace

class ProofTest : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    QString m_image, m_case, m_report;

    QString at(const QString& name) const { return m_folder.filePath(name); }
    // What verify says to differ, one line each.
    QByteArray differing(const QStringList& arguments, int* status = nullptr) const {
        const auto ran = run_program(QStringList{"verify", "--json"} + arguments);
        if (status != nullptr) *status = ran.status;
        QByteArray text;
        for (const auto& line : ran.out.split('\n')) {
            const auto check = QJsonDocument::fromJson(line).object();
            if (check["outcome"].toString() == "differs") text += check["what"].toString().toUtf8() + ": " + check["detail"].toString().toUtf8() + "\n";
        }
        return text + ran.err;
    }
    QString copy_of_report() const {
        QDir(at("report copy")).removeRecursively();
        QDir().mkpath(at("report copy"));
        for (const auto& name : QDir(m_report).entryList(QDir::Files)) QFile::copy(m_report + "/" + name, at("report copy") + "/" + name);
        return at("report copy");
    }
    QString copy_of_case() const {
        QFile::remove(at("copy.deadbox"));
        QFile::copy(m_case, at("copy.deadbox"));
        return at("copy.deadbox");
    }

private slots:
    void initTestCase() {
        const auto ran = run_program({"demo", "-o", at("demo"), "--quiet"});
        QVERIFY2(ran.status == 0, ran.err.constData());
        m_image = at("demo/web1.raw"), m_case = at("demo/web1.deadbox"), m_report = at("report");
        QCOMPARE(run_program({"note", m_case, "The owner was told", "--kind", "communication"}).status, 0);
        QCOMPARE(run_program({"report", m_case, "-o", m_report, "--format", "html,json,csv,hashlist"}).status, 0);
    }

    void untouched_holds() {
        for (const QStringList& arguments : {QStringList{m_case, "--report", m_report}, QStringList{m_report}, QStringList{m_case}}) QCOMPARE(differing(arguments), QByteArray());
        const auto said = run_program({"verify", m_case, "--report", m_report});
        QCOMPARE(said.status, 0);
        for (const char* words : {"What holds", "What only something kept elsewhere can show", "there is no time stamp", "SHA-256 of the media is"}) QVERIFY2(said.out.contains(words), said.out.constData());
        QVERIFY(!said.out.contains("What does not hold"));
        QVERIFY(run_program({"verify", m_case, "--quick"}).out.contains("--anchor"));  // alone, it says what it cannot know
    }

    void every_file_of_a_report() {
        const auto names = QDir(m_report).entryList(QDir::Files);
        QVERIFY(names.size() >= 10);
        for (const auto& name : names) {
            const auto size = QFile(m_report + "/" + name).size();
            for (const auto place : {qint64{0}, size / 2, size - 1}) {
                const auto copy = copy_of_report();
                flip(copy + "/" + name, place);
                int status = 0;
                const auto said = differing({copy}, &status);
                QCOMPARE(status, 5);
                QVERIFY2(said.contains(name.toUtf8()) || (name.startsWith("manifest.json") && said.contains("manifest.json")), qPrintable(name + ": " + said));
                // With the case too.
                QVERIFY(!differing({m_case, "--quick", "--report", copy}).isEmpty());
            }
        }
    }

    void report_of_another_case() {
        const auto other = at("other.deadbox");
        QCOMPARE(run_program({"analyze", m_image, "-o", other, "--quiet"}).status, 0);
        QVERIFY(differing({other, "--quick", "--report", m_report}).contains("does not stand in the chain"));
    }

    void later_work_is_after_the_anchor() {
        const auto copy = copy_of_case();
        QCOMPARE(run_program({"note", copy, "later"}).status, 0);
        QCOMPARE(differing({copy, "--quick", "--report", m_report}), QByteArray());
        QVERIFY(run_program({"verify", copy, "--quick", "--report", m_report}).out.contains("that none of the 2 entries after the anchor"));
    }

    void case_rows_data() {
        QTest::addColumn<QString>("statement");
        QTest::addColumn<QString>("said");
        QTest::newRow("custody entry") << "UPDATE custody SET actor = 'somebody' WHERE id = 3" << "custody row 3";
        QTest::newRow("custody time") << "UPDATE custody SET at = replace(at, '20', '19') WHERE id = 5" << "custody row 5";
        QTest::newRow("custody order") << "UPDATE custody SET id = -1 WHERE id = 4; UPDATE custody SET id = 4 WHERE id = 5; UPDATE custody SET id = 5 WHERE id = -1" << "custody row 4";
        QTest::newRow("custody row in the middle removed") << "DELETE FROM custody WHERE id = 6; UPDATE custody SET id = id - 1 WHERE id > 6" << "custody row 6";
        QTest::newRow("custody cut off") << "DELETE FROM custody WHERE id > 8" << "custody";
        QTest::newRow("note reworded") << "UPDATE note SET text = 'nobody was told'" << "table note";
        QTest::newRow("finding removed") << "DELETE FROM finding WHERE rule LIKE 'webshell%'" << "table finding";
        QTest::newRow("mark added") << "INSERT INTO mark(finding, at, by, state) SELECT id, '2026-01-01T00:00:00Z', 'x', 'dismissed' FROM finding" << "table mark";
        QTest::newRow("table dropped") << "DROP TABLE account" << "table account is gone";
        QTest::newRow("batches dropped") << "DROP TABLE batch_rows" << "case: table batch_rows is gone";
        QTest::newRow("evidence dropped") << "DROP TABLE evidence" << "case: table evidence is gone";
        QTest::newRow("runs dropped") << "DROP TABLE run" << "case: table run is gone";
        QTest::newRow("custody dropped") << "DROP TABLE custody" << "case: table custody is gone";
        QTest::newRow("rows of a batch") << "UPDATE account SET user = 'x'" << "table account was changed: rows of batch ";
        QTest::newRow("digest of the media") << "UPDATE evidence SET media_sha256 = zeroblob(32)" << "table evidence";
    }
    void case_rows() {
        QFETCH(QString, statement);
        QFETCH(QString, said);
        const auto copy = copy_of_case();
        QVERIFY(sql(copy, statement));
        const auto alone = differing({copy, "--quick"});
        QVERIFY2(alone.contains(said.toUtf8()), alone.constData());
        QVERIFY2(!alone.contains("SELECT"), alone.constData());
    }

    // Cut back to before the note, with all that would tell: consistent in itself, and only the anchor shows it.
    void the_end_cut_off_is_shown_by_the_anchor_alone() {
        const auto copy = copy_of_case();
        QVERIFY(sql(copy, "DELETE FROM note; DELETE FROM custody WHERE id > (SELECT max(id) FROM custody WHERE action = 'seal.run')"));
        const auto ran = run_program({"verify", copy, "--quick"});
        QVERIFY2(ran.status == 0, ran.out.constData());
        QVERIFY(ran.out.contains("nor its end cut off"));
        int status = 0;
        const auto said = differing({copy, "--quick", "--report", m_report}, &status);
        QCOMPARE(status, 5);
        QVERIFY2(said.contains("does not stand in the chain"), said.constData());
        const auto manifest = QJsonDocument::fromJson([&] {
            QFile file(m_report + "/manifest.json");
            return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
        }()).object();
        QVERIFY(differing({copy, "--quick", "--anchor", manifest["custody_head"].toString()}).contains("does not stand in the chain"));
    }

    void image() {
        QVERIFY(QFile::copy(m_image, at("changed.raw")));
        flip(at("changed.raw"), 30 << 20);
        // The file that was read is named, with what was expected and found.
        const auto said = differing({m_case, "--evidence", at("changed.raw")});
        QVERIFY2(said.contains("changed.raw: the media has changed: its SHA-256 is ") && !said.contains("web1.raw"), said.constData());
        QVERIFY(QFile::copy(m_image, at("moved.raw")));
        const auto moved = run_program({"verify", m_case, "--evidence", at("moved.raw")});
        QVERIFY2(moved.status == 0 && moved.out.contains("moved.raw: SHA-256 of the media is") && !moved.out.contains("web1.raw"), moved.out.constData());
    }

    void container_files_that_were_not_read() {
        QCOMPARE(run_in(m_folder.path(), "qemu-img", {"convert", "-O", "qcow2", m_image, "disk.qcow2"}).status, 0);
        QCOMPARE(run_program({"analyze", at("disk.qcow2"), "-o", at("qcow.deadbox"), "--quiet", "--scope", "/etc/*"}).status, 0);
        const auto raw = run_program({"verify", at("qcow.deadbox"), "--evidence", m_image});
        QCOMPARE(raw.status, 0);
        QVERIFY2(raw.out.contains("the container files of the case were not looked at") && !raw.out.contains("disk.qcow2: SHA-256 of the file"), raw.out.constData());
        QVERIFY(run_program({"verify", at("qcow.deadbox")}).out.contains("disk.qcow2: SHA-256 of the file"));
    }

    void evidence_that_is_elsewhere() {
        QVERIFY(QFile::rename(m_image, m_image + ".away"));
        const auto ran = run_program({"verify", m_case});
        QVERIFY(QFile::rename(m_image + ".away", m_image));
        QCOMPARE(ran.status, 3);
    }

    void mistyped_input_accuses_nobody_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("said");
        QTest::newRow("anchor of words") << QStringList{"CASE", "--quick", "--anchor", "the head"} << 2 << "64 hexadecimal digits";
        QTest::newRow("anchor too short") << QStringList{"CASE", "--quick", "--anchor", "0123abcd"} << 2 << "the first 16 are enough";
        QTest::newRow("anchor with capitals and blanks") << QStringList{"CASE", "--quick", "--anchor", "SPACED"} << 0 << "the head that --anchor names is entry";
        QTest::newRow("anchor as the report abbreviates it") << QStringList{"CASE", "--quick", "--anchor", "SHORT"} << 0 << "the head that --anchor names is entry";
        QTest::newRow("signer that is no file") << QStringList{"REPORT", "--signer", "/nowhere/signer.pem"} << 2 << "neither a file that is there nor a fingerprint";
        QTest::newRow("signer without a report") << QStringList{"CASE", "--quick", "--signer", QString(64, 'a')} << 2 << "--report";
        QTest::newRow("time stamp without a report") << QStringList{"CASE", "--quick", "--timestamp", "/dev/null"} << 2 << "--report";
    }
    void mistyped_input_accuses_nobody() {
        QFETCH(QStringList, arguments);
        QFETCH(int, status);
        QFETCH(QString, said);
        QFile manifest(m_report + "/manifest.json");
        QVERIFY(manifest.open(QIODevice::ReadOnly));
        const auto head = QJsonDocument::fromJson(manifest.readAll()).object()["custody_head"].toString();
        QString spaced;
        for (int i = 0; i < head.size(); i += 8) spaced += head.mid(i, 8).toUpper() + (i % 16 == 0 ? " " : ":");
        arguments.replaceInStrings("CASE", m_case).replaceInStrings("REPORT", m_report).replaceInStrings("SPACED", spaced.trimmed()).replaceInStrings("SHORT", head.left(16));
        const auto ran = run_program(QStringList{"verify"} + arguments);
        QVERIFY2(ran.status == status, (ran.out + ran.err).constData());
        QVERIFY2((ran.out + ran.err).contains(said.toUtf8()), (ran.out + ran.err).constData());
    }

    // What is left out of the number in a report makes no other case of it.
    void report_of_a_number_that_is_left_out() {
        const auto copy = copy_of_case(), folder = at("left-out");
        QCOMPARE(run_program({"case", "set", copy, "--case-number", "K-1 Passwort: CasePw90!"}).status, 0);
        QCOMPARE(run_program({"report", copy, "-o", folder, "--format", "json"}).status, 0);
        const auto ran = run_program({"verify", copy, "--quick", "--report", folder});
        QVERIFY2(ran.status == 0 && !ran.out.contains("CasePw90"), (ran.out + ran.err).constData());
    }
    void report_of_another_number() {
        const auto copy = copy_of_case();
        QCOMPARE(run_program({"case", "set", copy, "--case-number", "OTHER-7"}).status, 0);
        const auto said = differing({copy, "--quick", "--report", m_report});
        QVERIFY2(said.contains("this report belongs to another case: it is of DEMO-1, this case is OTHER-7") && !said.contains("chain"), said.constData());
    }

    // Made anew on the workstation, with the workstation's own key: folder and signature hold, and the case does not say so.
    void forged_with_the_own_key() {
        const auto forged = at("forged"), copy = copy_of_case();
        QVERIFY(run_program({"verify", m_report}).out.contains("sign with this key too"));
        QVERIFY(sql(copy, "DELETE FROM finding WHERE severity >= 3"));
        QCOMPARE(run_program({"report", copy, "-o", forged, "--format", "json"}).status, 0);
        QCOMPARE(differing({forged}), QByteArray());
        int status = 0;
        const auto said = differing({m_case, "--quick", "--report", forged}, &status);
        QCOMPARE(status, 5);
        QVERIFY2(said.contains("its verdict is") && said.contains("it lacks findings of the case: "), said.constData());
        QVERIFY(run_program({"verify", m_case, "--quick", "--report", m_report}).out.contains("report.json has the verdict and the"));
        // What the examiner said of a finding since then is named.
        const auto marked = at("marked.deadbox");
        QVERIFY(QFile::copy(m_case, marked));
        const auto finding = QJsonDocument::fromJson(run_program({"findings", marked, "--json"}).out.split('\n')[0]).object()["id"].toString();
        QCOMPARE(run_program({"mark", marked, finding, "--state", "confirmed"}).status, 0);
        const auto since = run_program({"verify", marked, "--quick", "--report", m_report}).out;
        QVERIFY2(since.contains("it gives findings another state than the case: " + finding.toUtf8()), since.constData());
    }

    void another_signer() {
        QCOMPARE(run_in(m_folder.path(), "openssl", {"genpkey", "-algorithm", "ED25519", "-out", "other.pem"}).status, 0);
        QCOMPARE(run_in(m_folder.path(), "openssl", {"pkey", "-in", "other.pem", "-pubout", "-out", "other.pub"}).status, 0);
        const auto ran = run_program({"report", m_case, "-o", at("other report"), "--format", "json", "--sign-key", at("other.pem")});
        QCOMPARE(ran.status, 0);
        QVERIFY(ran.out.contains("signed by"));
        QCOMPARE(differing({at("other report"), "--signer", at("other.pub")}), QByteArray());
        QVERIFY(differing({m_report, "--signer", at("other.pub")}).contains("another than you named"));
        QVERIFY(run_program({"verify", at("other report")}).out.contains("compare the fingerprint"));
        QCOMPARE(run_program({"report", m_case, "-o", at("bare"), "--format", "json", "--unsigned"}).status, 0);
        QVERIFY(run_program({"verify", at("bare")}).out.contains("it is not signed"));
        QVERIFY(differing({at("bare"), "--signer", at("other.pub")}).contains("there is no signature"));
        QCOMPARE(run_program({"report", m_case, "-o", at("bad"), "--sign-key", at("nothing.pem")}).status, 2);
    }

    void time_stamp_of_a_real_authority() {
        QDir().mkpath(at("authority"));
        QVERIFY(deadbox::test::make_authority(at("authority")));
        const auto copy = copy_of_report();
        QVERIFY(deadbox::test::answer_request(at("authority"), copy + "/manifest.json.tsq", at("answer.tsr")));
        QVERIFY(run_program({"verify", copy, "--timestamp", at("answer.tsr")}).out.contains("manifest.json existed at 2"));
        QVERIFY(QFile::copy(at("answer.tsr"), copy + "/manifest.json.tsr"));
        const auto trusted = run_program({"verify", copy, "--timestamp-ca", at("authority/ca.pem")});
        QVERIFY2(trusted.status == 0 && !trusted.out.contains("whether that authority is one"), trusted.out.constData());
        QVERIFY(differing({copy, "--timestamp-ca", at("authority/examiner.pem")}).contains("no authority that you named"));
        // Of another folder it is none.
        QCOMPARE(run_program({"report", m_case, "-o", at("stamped"), "--format", "csv", "--quiet"}).status, 0);
        QVERIFY(differing({at("stamped"), "--timestamp", at("answer.tsr")}).contains("about other bytes"));
    }

    void two_reports_are_the_same() {
        QCOMPARE(run_program({"report", m_case, "-o", at("again"), "--format", "html,json,csv,hashlist"}).status, 0);
        for (const auto& name : QDir(m_report).entryList(QDir::Files)) {
            QFile one(m_report + "/" + name), two(at("again") + "/" + name);
            QVERIFY(one.open(QIODevice::ReadOnly) && two.open(QIODevice::ReadOnly));
            QCOMPARE(one.readAll(), two.readAll());
        }
    }
};
DEADBOX_TEST(ProofTest)
#include "proof_test.moc"
