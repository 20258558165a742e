// The hand-over package: what its covering page says is true, and its commands run as printed.
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>

#include "support/test_main.hpp"

namespace {

struct Ran {
    int status = -1;
    QByteArray out, err;
};

Ran run_in(const QString& folder, const QString& program, const QStringList& arguments) {
    QProcess process;
    process.setWorkingDirectory(folder);
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert("PATH", QStringLiteral(DEADBOX_BIN_DIR ":") + environment.value("PATH"));
    process.setProcessEnvironment(environment);
    process.start(program, arguments);
    process.waitForFinished(240'000);
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAllStandardOutput(), process.readAllStandardError()};
}
Ran run_program(const QStringList& arguments) { return run_in(QDir::tempPath(), QStringLiteral(DEADBOX_BIN_DIR "/deadbox"), arguments); }

QByteArray bytes_of(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}
void put(const QString& path, const QByteArray& bytes) {
    QFile file(path);
    if (file.open(QIODevice::WriteOnly)) file.write(bytes);
}

// A command over several lines is one.
QStringList joined(const QStringList& lines) {
    QStringList commands;
    bool goes_on = false;
    for (const auto& line : lines) {
        if (goes_on) commands.last() += line;
        else commands << line;
        goes_on = line.endsWith('\\');
        if (goes_on) commands.last().chop(1);
    }
    return commands;
}

// The commands of a covering page, as text or as HTML, line by line.
QStringList lines_of(const QString& folder, bool html) {
    QStringList commands;
    if (!html) {
        for (const auto& line : QString::fromUtf8(bytes_of(folder + "/README.txt")).split('\n'))
            if (line.startsWith("    ")) commands << line.mid(4);
        return commands;
    }
    const QRegularExpression block("<pre>(.*?)</pre>", QRegularExpression::DotMatchesEverythingOption);
    for (auto all = block.globalMatch(QString::fromUtf8(bytes_of(folder + "/index.html"))); all.hasNext();)
        for (auto line : all.next().captured(1).split('\n', Qt::SkipEmptyParts)) {
            const QRegularExpression entity("&#(\\d+);");
            for (auto found = entity.match(line); found.hasMatch(); found = entity.match(line)) line.replace(found.captured(0), QString(QChar(found.captured(1).toUShort())));
            commands << line.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
        }
    return commands;
}
QStringList commands_of(const QString& folder, bool html) { return joined(lines_of(folder, html)); }

}  // namespace

class HandoverTest : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    QString m_case;
    QString at(const QString& name) const { return m_folder.filePath(name); }

    void run_as_printed(const QString& folder, int expected_commands) const {
        const auto commands = commands_of(folder, false);
        QCOMPARE(commands.size(), expected_commands);
        QCOMPARE(commands_of(folder, true), commands);
        for (const auto& command : commands) {
            const auto ran = run_in(folder, "sh", {"-c", command});
            QVERIFY2(ran.status == 0, (command.toUtf8() + "\n" + ran.out + ran.err).constData());
        }
    }

private slots:
    void initTestCase() {
        const auto ran = run_program({"demo", "-o", at("demo"), "--quiet"});
        QVERIFY2(ran.status == 0, ran.err.constData());
        m_case = at("demo/web1.deadbox");
        QCOMPARE(run_program({"note", m_case, "Told the officer on duty", "--kind", "communication", "--audience", "police", "--who", "N. N."}).status, 0);
    }

    // Whoever begins to read anywhere reads first that the evidence is not what was acquired.
    void a_mismatch_is_said_first() {
        QCOMPARE(run_program({"analyze", at("demo/web1.raw"), "-o", at("other.deadbox"), "--expect-hash", QString(64, 'a'), "--quiet"}).status, 4);
        const auto ran = run_program({"handover", at("other.deadbox"), "-o", at("other"), "--no-evidence", "--quiet"});
        QVERIFY2(ran.status == 0, ran.err.constData());
        for (const char* name : {"README.txt", "communication/police.txt", "communication/management.txt", "communication/legal.txt", "communication/cert.txt", "communication/customers.txt"})
            QVERIFY2(bytes_of(at("other/") + name).startsWith("The evidence differs from its digest: web1.raw."), name);
        for (const char* name : {"index.html", "indicators/stix.json", "indicators/misp.json", "indicators/navigator.json", "report/case.jsonld"})
            QVERIFY2(bytes_of(at("other/") + name).contains("The evidence differs from its digest: web1.raw."), name);
    }

    void a_package_that_failed_is_not_there() {
        QCOMPARE(run_program({"handover", m_case, "-o", at("failed"), "--evidence", at("nothing.raw")}).status, 3);
        QVERIFY(QDir(m_folder.path()).entryList({"failed*"}).isEmpty());
        QVERIFY(QDir().mkpath(at("empty")));
        QCOMPARE(run_program({"handover", m_case, "-o", at("empty") + "/", "--no-evidence", "--quiet"}).status, 0);
        QVERIFY(QFile::exists(at("empty/manifest.json")));
    }

    void package_and_its_commands() {
        const auto out = at("package");
        const auto ran = run_program({"handover", m_case, "-o", out, "--with-case", "--tlp", "amber"});
        QVERIFY2(ran.status == 0, ran.err.constData());
        for (const char* name : {"README.txt", "index.html", "report/report.html", "report/report.json", "report/bodyfile.txt", "indicators/stix.json", "indicators/misp.json", "evidence/files.jsonl", "evidence/usr/bin/id",
                                 "custody/custody.jsonl", "communication/journal.jsonl", "communication/police.txt", "case/web1.deadbox", "manifest.json", "manifest.json.sig", "manifest.json.tsq", "manifest.sha256", "signer.pem"})
            QVERIFY2(QFile::exists(out + "/" + name), name);
        // The marking stands in whatever may be passed on by itself.
        for (const char* name : {"README.txt", "index.html", "report/report.html", "indicators/stix.json", "evidence/files.jsonl", "custody/custody.txt", "custody/custody.jsonl", "communication/police.txt", "communication/management.txt",
                                 "communication/legal.txt", "communication/customers.txt", "communication/cert.txt", "manifest.json", "manifest.sha256", "evidence/manifest.sha256"})
            QVERIFY2(bytes_of(out + "/" + name).toLower().contains("tlp:amber") || bytes_of(out + "/" + name).contains("\"tlp\":\"amber\"") || bytes_of(out + "/" + name).contains("\"tlp\": \"amber\""), name);
        run_as_printed(out, 7);
        for (const auto& line : lines_of(out, true)) QVERIFY2(line.size() <= 100, qPrintable(line));  // paper cuts longer ones
        // What the case does not say stands in the letters as a place to fill in.
        for (const char* letter : {"police", "management", "legal", "cert", "customers"}) {
            const auto text = bytes_of(out + "/communication/" + letter + ".txt");
            QVERIFY2(!QString::fromUtf8(text).contains(QRegularExpression("^(From|[^\n]*authority of[^\n]*): *$", QRegularExpression::MultilineOption)), letter);
            QVERIFY2(!text.contains("differs from its digest"), letter);
        }
        QVERIFY(bytes_of(out + "/communication/police.txt").contains("[authority of the examination]"));
        const auto fingerprint = QRegularExpression("signed by  ([0-9a-f]{64})").match(QString::fromUtf8(ran.out)).captured(1);
        QVERIFY(!fingerprint.isEmpty() && bytes_of(out + "/README.txt").contains(fingerprint.toUtf8()));
        QVERIFY(run_in(out, "sh", {"-c", "openssl pkey -pubin -in signer.pem -outform DER | sha256sum"}).out.startsWith(fingerprint.toUtf8()));
        // The case in it is whole, and anchored by the package.
        const auto verified = run_program({"verify", out + "/case/web1.deadbox", "--quick", "--report", out});
        QVERIFY2(verified.status == 0, verified.out.constData());
        // The password hash of the demo stands nowhere but in the copies of the evidence and the case.
        for (const char* folder : {"report", "indicators", "custody", "communication"})
            QVERIFY(run_in(out, "grep", {"-rlF", "kJ2hG4fD6sA8pO0iU2yT4rE6wQ8zX0cV2bN4mL6kJ8hG0fD2sA4pO6iU8yT0rE2wQ4zX6cV8bN0mL2kJ4h", folder}).out.isEmpty());
        // Whatever is changed is named, wherever it lies.
        for (const char* name : {"README.txt", "report/report.html", "evidence/usr/bin/id", "custody/custody.txt", "indicators/stix.json"}) {
            const auto whole = bytes_of(out + "/" + name);
            QFile::setPermissions(out + "/" + name, QFileDevice::ReadOwner | QFileDevice::WriteOwner);
            put(out + "/" + name, whole + " ");
            const auto said = run_program({"verify", out});
            QVERIFY2(said.status == 5 && said.out.contains(name), said.out.constData());
            QVERIFY(run_in(out, "sh", {"-c", commands_of(out, false).value(0)}).status != 0);
            put(out + "/" + name, whole);
        }
        QCOMPARE(run_program({"verify", out}).status, 0);
        QCOMPARE(run_program({"handover", m_case, "-o", out}).status, 2);  // never into a folder that holds something
    }

    void german_without_evidence_or_signature() {
        const auto out = at("german");
        QCOMPARE(run_program({"handover", m_case, "-o", out, "--language", "de", "--no-evidence", "--unsigned", "--quiet"}).status, 0);
        QVERIFY(!QFile::exists(out + "/evidence") && !QFile::exists(out + "/case"));
        QVERIFY(bytes_of(out + "/README.txt").contains("Wie man es prüft") && bytes_of(out + "/README.txt").contains("nicht unterschrieben"));
        run_as_printed(out, 4);
    }

    void certificate() {
        QCOMPARE(run_in(m_folder.path(), "openssl", {"req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "c.key", "-out", "c.pem", "-subj", "/CN=Examiner", "-days", "30"}).status, 0);
        const auto out = at("certified");
        QCOMPARE(run_program({"handover", m_case, "-o", out, "--no-evidence", "--sign-key", at("c.key"), "--sign-cert", at("c.pem"), "--quiet"}).status, 0);
        run_as_printed(out, 6);
        QVERIFY(run_program({"verify", out, "--signer-ca", at("c.pem")}).out.contains("an authority that you named certified"));
    }

    void encrypted() {
        put(at("password"), "a long password");
        const auto ran = run_program({"handover", m_case, "-o", at("sealed.zip"), "--encrypt", "--password-file", at("password"), "--json"});
        QVERIFY2(ran.status == 0, ran.err.constData());
        QVERIFY(QDir(m_folder.path()).entryList({"sealed.zip.*"}).isEmpty());
        QVERIFY(run_in(m_folder.path(), "bsdtar", {"-xf", "sealed.zip", "--passphrase", "wrong"}).status != 0);
        const auto packed = run_program({"verify", at("sealed.zip")});
        QVERIFY2(packed.status == 2 && packed.err.contains("unpack it first"), packed.err.constData());
        QDir(at("sealed")).removeRecursively();
        QCOMPARE(run_in(m_folder.path(), "env", {"LC_ALL=C.UTF-8", "bsdtar", "-xf", "sealed.zip", "--passphrase", "a long password"}).status, 0);
        run_as_printed(at("sealed"), 7);
    }
};
DEADBOX_TEST(HandoverTest)
#include "handover_test.moc"
