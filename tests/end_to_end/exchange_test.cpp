// What leaves the program: the same bytes from the same evidence, no secret in any of it, and commands that a reader can run.
#include <QCryptographicHash>
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>

#include "support/test_main.hpp"

namespace {

constexpr const char* k_all = "html,json,csv,bodyfile,timesketch,dfxml,case,stix,misp,navigator,hashlist";
// These are the same over two runs to the byte; report.json is but for its member `run`.
const QStringList k_same{"findings.csv", "items.csv", "coverage.csv", "bodyfile.txt", "timesketch.jsonl", "dfxml.xml", "stix.json", "misp.json", "case.jsonld", "navigator.json", "sha256-1.1.txt"};

struct Ran {
    int status = -1;
    QByteArray out, err;
};
Ran run(const QString& name, const QStringList& arguments, const QString& folder = {}) {
    QProcess process;
    if (!folder.isEmpty()) process.setWorkingDirectory(folder);
    process.start(name, arguments);
    process.waitForFinished(240'000);
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAllStandardOutput(), process.readAllStandardError()};
}
Ran program(const QStringList& arguments) { return run(QStringLiteral(DEADBOX_BIN_DIR "/deadbox"), arguments); }

QByteArray contents(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(missing)");
}
QJsonObject json(const QString& path) { return QJsonDocument::fromJson(contents(path)).object(); }

QByteArray without_run(const QString& path) {
    auto report = json(path);
    report.remove("run");
    return QJsonDocument(report).toJson();
}

// Everything that the demo machine's administrator would have to change, as the machine's own files have it.
const QByteArrayList k_secrets{
    "$y$j9T$YbHwZk3vQn0dXkq9mFhE7/$0Pn5rJqS8vQ1xkq3hZlYp2tVw7cDfGhJkLmNoPqRsT0",
    "kJ2hG4fD6sA8pO0iU2yT4rE6wQ8zX0cV2bN4mL6kJ8hG0fD2sA4pO6iU8yT0rE2wQ4zX6cV8bN0mL2kJ4h",
    "$apr1$Zd8Wq3Lk$uJ5nM2pRv7TxYb1CfGhK90",
    "DemoHostKeyDemoHostKey", "DemoUserKeyDemoUserKey", "DemoTlsKeyDemoTlsKey",
    "Kl4mmer-Sturm_1954", "Brief7Marke-blau", "Zollstock-Neun9", "Vier-Zangen_88",
    "tok5f8Zq3Lw9Xc2Vb7Nm1", "wJd3moK7MDENG", "Q7DEMOWEISS1954A", "DemoDemoDemoDemoDemoDemoDemoDemo1954",
    "dGhpcy1pcy1tYWRlLXVwLWZvci1kZW1v", "x9#Lw2@vTq8", "x9#Lw2@",
};

}  // namespace

class ExchangeTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        const auto ran = program({"demo", "-o", at("demo")});
        QVERIFY2(ran.status == 0, ran.err.constData());
        report(at("demo/web1.deadbox"), "first");
    }

    void same_bytes_for_any_number_of_jobs() {
        for (const QString jobs : {"1", "4"}) {
            const auto name = "jobs" + jobs;
            analyze(at("demo/web1.raw"), at(name + ".deadbox"), {"--jobs", jobs});
            report(at(name + ".deadbox"), name);
            for (const auto& file : k_same) QVERIFY2(contents(at(name + "/" + file)) == contents(at("first/" + file)), qPrintable(jobs + ": " + file));
            QCOMPARE(without_run(at(name + "/report.json")), without_run(at("first/report.json")));
        }
    }

    // Over another container all is equal but the evidence itself and how to read it.
    void same_bytes_over_another_container() {
        if (run("qemu-img", {"convert", "-O", "qcow2", at("demo/web1.raw"), at("web1.qcow2")}).status != 0) QSKIP("SKIPPED: qemu-img is not installed");
        analyze(at("web1.qcow2"), at("qcow2.deadbox"), {});
        report(at("qcow2.deadbox"), "qcow2");
        for (const auto& file : k_same) {
            auto here = contents(at("qcow2/" + file));
            if (file == "dfxml.xml") here.replace("<image_filename>web1.qcow2</image_filename>", "<image_filename>web1.raw</image_filename>");
            if (file == "case.jsonld") here.replace("\"qcow2\"", "\"raw\"").replace("web1.qcow2", "web1.raw");
            QVERIFY2(here == contents(at("first/" + file)), qPrintable(file));
        }
        const auto findings = [](const QJsonObject& report) {
            QJsonArray all;
            for (const auto& value : report["findings"].toArray()) {
                auto finding = value.toObject();
                QJsonArray items;
                for (const auto& one : finding["items"].toArray()) {
                    auto item = one.toObject();
                    item.remove("reproduce");
                    items.append(item);
                }
                finding["items"] = items;
                all.append(finding);
            }
            return all;
        };
        const auto first = json(at("first/report.json")), other = json(at("qcow2/report.json"));
        QCOMPARE(findings(other), findings(first));
        for (const char* part : {"verdict", "questions", "story", "exposure", "systems", "coverage", "counts"}) QCOMPARE(other[part], first[part]);
    }

    void no_secret_leaves() {
        // The secrets are on the machine: what is not there cannot leak.
        const auto image = contents(at("demo/web1.raw"));
        for (const auto& secret : k_secrets) QVERIFY2(image.contains(secret), secret.constData());
        QMap<QString, QByteArray> outputs;
        for (const auto& file : QDir(at("first")).entryList(QDir::Files)) outputs[file] = contents(at("first/" + file));
        QVERIFY(outputs.size() > 12);
        // A PDF is read as its readers do: text is compressed in it.
        report(at("demo/web1.deadbox"), "paper", {}, "pdf");
        const auto paper = run("pdftotext", {"-layout", at("paper/report.pdf"), "-"});
        if (paper.status != 0) qWarning("SKIPPED: pdftotext (poppler-utils) is not installed");
        else QVERIFY(paper.out.contains("web1") && paper.out.contains("[redacted]"));
        // A word that is broken over two lines is one.
        outputs["report.pdf"] = paper.out, outputs["report.pdf, joined"] = QByteArray(paper.out).replace("\n", "").replace(" ", "");
        QVERIFY(program({"handover", at("demo/web1.deadbox"), "-o", at("package"), "--no-evidence"}).status == 0);
        for (QDirIterator file(at("package"), QDir::Files, QDirIterator::Subdirectories); file.hasNext();) {
            const auto name = file.next();
            outputs[name] = contents(name);
        }
        const auto path = at("demo/web1.deadbox");
        for (const char* format : {"jsonl", "csv", "bodyfile", "timesketch", "l2tcsv", "text"}) outputs[QString("timeline ") + format] = program({"timeline", path, "--format", format}).out;
        outputs["findings"] = program({"findings", path}).out, outputs["findings --json"] = program({"findings", path, "--json"}).out;
        outputs["coverage"] = program({"coverage", path, "--json"}).out, outputs["custody"] = program({"custody", path, "--json"}).out;
        for (const auto& line : program({"facts", path, "--json"}).out.split('\n')) {
            const auto table = QJsonDocument::fromJson(line).object()["table"].toString();
            if (table.isEmpty()) continue;
            outputs["facts " + table] = program({"facts", path, "--table", table}).out;
            outputs["facts --json " + table] = program({"facts", path, "--table", table, "--json"}).out;
        }
        QVERIFY(outputs.size() > 60);
        for (const char* text : {"web1", "shop", "1954", "martina"}) {
            const auto found = program({"search", path, text}).out;
            outputs[QString("search ") + text] = found;
        }
        for (auto output = outputs.begin(); output != outputs.end(); ++output)
            for (const auto& secret : k_secrets) QVERIFY2(!output.value().contains(secret), qPrintable(output.key() + " tells " + QString::fromUtf8(secret)));
        // They stand where they were asked for.
        QVERIFY(program({"facts", path, "--table", "credential", "--redact", "none"}).out.contains("Kl4mmer-Sturm_1954"));
        QVERIFY(program({"timeline", path, "--redact", "none", "--format", "jsonl"}).out.contains("Kl4mmer-Sturm_1954"));
    }

    void no_person_leaves() {
        report(at("demo/web1.deadbox"), "persons", {"--redact", "persons"});
        for (const auto& file : QDir(at("persons")).entryList(QDir::Files)) {
            const auto bytes = contents(at("persons/" + file)).toLower();
            for (const char* person : {"martina", "weiss", "post@example.org"}) QVERIFY2(!bytes.contains(person), qPrintable(file + " tells " + person));
            for (const auto& secret : k_secrets) QVERIFY2(!bytes.contains(secret.toLower()), qPrintable(file + " tells " + secret));
        }
        const auto open = program({"timeline", at("demo/web1.deadbox"), "--format", "jsonl"}).out;
        QVERIFY(open.contains("/home/martina/notes.txt"));
        QVERIFY(program({"timeline", at("demo/web1.deadbox"), "--format", "jsonl", "--redact", "persons", "--path", "/home/martina/**"}).out.contains("/home/person-1/notes.txt"));
    }

    void every_format_has_its_traffic_light() {
        report(at("demo/web1.deadbox"), "tlp", {"--tlp", "amber+strict"});
        for (const auto& file : QDir(at("tlp")).entryList(QDir::Files)) {
            if (file.startsWith("manifest") || file == "signer.pem" || contents(at("tlp/" + file)).count('\n') == 1) continue;  // a table without rows tells nothing
            QVERIFY2(contents(at("tlp/" + file)).toLower().contains("amber+strict"), qPrintable(file));
        }
        QVERIFY(run("sha256sum", {"-c", "--strict", "manifest.sha256"}, at("tlp")).status == 0);
    }

    // Every command that a finding prints gives the digest that it prints, run where the image lies.
    void commands_give_the_digests() {
        if (run("icat", {"-V"}).status != 0) QSKIP("SKIPPED: The Sleuth Kit is not installed");
        // An EWF image too, which icat reads itself; qemu-img makes the qcow2 readable.
        if (run("sh", {"-c", "ewfacquirestream -q -u -t web1 -c fast < demo/web1.raw"}, m_folder.path()).status == 0) {
            analyze(at("web1.E01"), at("ewf.deadbox"), {});
            report(at("ewf.deadbox"), "ewf");
        }
        int ran = 0;
        for (const auto& [report, folder] : {std::pair(at("first/report.json"), at("demo")), std::pair(at("qcow2/report.json"), m_folder.path()), std::pair(at("ewf/report.json"), m_folder.path())}) {
            if (!QFile::exists(report)) {
                qWarning("SKIPPED: %s was not made: a tool that makes images is missing", qPrintable(report));
                continue;
            }
            for (const auto& finding : json(report)["findings"].toArray()) {
                for (const auto& one : finding.toObject()["items"].toArray()) {
                    const auto item = one.toObject();
                    for (const auto& command : item["reproduce"].toArray()) {
                        const auto done = run("sh", {"-c", command.toString()}, folder);
                        QVERIFY2(done.out.startsWith(item["sha256"].toString().toUtf8() + " "), qPrintable(command.toString() + "\n" + QString::fromUtf8(done.out + done.err)));
                        ++ran;
                    }
                }
            }
        }
        QVERIFY(ran >= 4);
    }

    // The pieces that dfxml.xml and report.json name, put together from the image alone, are the file.
    void byte_runs_are_the_file() {
        const auto image = contents(at("demo/web1.raw"));
        const QString xml = QString::fromUtf8(contents(at("first/dfxml.xml")));
        int files = 0;
        for (const auto& finding : json(at("first/report.json"))["findings"].toArray())
            for (const auto& one : finding.toObject()["items"].toArray()) {
                const auto item = one.toObject();
                const auto extents = item["extents"].toArray();
                if (extents.isEmpty()) continue;
                QByteArray bytes(item["size"].toInt(), '\0');
                for (const auto& value : extents) {
                    const auto extent = value.toObject();
                    const auto offset = extent["offset"].toInt(), length = extent["length"].toInt();
                    bytes.replace(offset, length, image.mid(extent["media_offset"].toInt(), length));
                    const auto run = QString("<byte_run file_offset=\"%1\" fs_offset=\"%2\" img_offset=\"%3\" len=\"%4\"/>").arg(offset).arg(extent["media_offset"].toInt() - (1 << 20)).arg(extent["media_offset"].toInt()).arg(length);
                    QVERIFY2(xml.contains(run), qPrintable(run));
                }
                bytes.truncate(item["size"].toInt());
                QCOMPARE(QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex(), item["sha256"].toString().toUtf8());
                ++files;
            }
        QVERIFY(files >= 4);
    }

    // An export of the whole machine, checked by the list.
    void hash_list_holds_over_an_export() {
        const auto done = program({"extract", at("demo/web1.deadbox"), "/", "-o", at("export")});
        QVERIFY2(done.status == 0, done.err.constData());
        const auto root = QFile::exists(at("export/etc/passwd")) ? at("export") : at("export/1.1");
        const auto check = run("sha256sum", {"--strict", "--quiet", "-c", at("first/sha256-1.1.txt")}, root);
        QVERIFY2(check.status == 0, (check.out + check.err).left(2000).constData());
    }

    void mactime_takes_every_line() {
        if (run("mactime", {"-V"}).out.isEmpty()) QSKIP("SKIPPED: mactime (The Sleuth Kit) is not installed");
        const auto done = run("mactime", {"-b", at("first/bodyfile.txt"), "-d", "-y", "-z", "UTC"});
        QVERIFY2(done.status == 0 && done.err.isEmpty(), done.err.left(500).constData());
        int lines = 0;
        for (const auto& line : contents(at("first/bodyfile.txt")).split('\n')) {
            const auto field = line.split('|');
            if (field.size() < 11) continue;
            ++lines;
            QVERIFY2(done.out.contains(field[1]), field[1].constData());
        }
        QVERIFY(lines > 40);
    }

    // The webshell's digest, and the address that used it and logged in as the account that was made.
    void indicators_are_the_intruders() {
        QString webshell;
        for (const auto& value : json(at("first/report.json"))["findings"].toArray()) {
            const auto finding = value.toObject();
            if (finding["rule"] == "webshell/script") webshell = finding["items"].toArray().first().toObject()["sha256"].toString();
        }
        QCOMPARE(webshell.size(), 64);
        QStringList patterns, searched;
        for (const auto& value : json(at("first/stix.json"))["objects"].toArray()) {
            const auto object = value.toObject();
            if (object["type"] == "indicator") patterns << object["pattern"].toString();
        }
        for (const auto& value : json(at("first/misp.json"))["Event"].toObject()["Object"].toArray())
            for (const auto& one : value.toObject()["Attribute"].toArray()) {
                const auto attribute = one.toObject();
                if (attribute["to_ids"].toBool()) searched << attribute["value"].toString();
            }
        QVERIFY(patterns.contains("[file:hashes.'SHA-256' = '" + webshell + "']") && searched.contains(webshell));
        QVERIFY(patterns.contains("[ipv4-addr:value = '203.0.113.77']") && searched.contains("203.0.113.77"));
        QVERIFY(!patterns.join(' ').contains("files.example.org"));  // perhaps its administrator's own
    }

    void exposure_says_what_was_open() {
        const auto exposure = json(at("first/report.json"))["exposure"].toObject();
        // Its history has a command that would send a dump away: that it was given is shown, not that it succeeded.
        QCOMPARE(exposure["answer"].toString(), QStringLiteral("reachable"));
        QCOMPARE(exposure["findings"].toArray().size(), 0);
        QCOMPARE(exposure["given"].toArray().size(), 1);
        for (const auto& value : json(at("first/report.json"))["findings"].toArray()) {
            const auto finding = value.toObject();
            if (finding["rule"] != "exfiltration/sent") continue;
            QCOMPARE(finding["first_seen_basis"].toString(), QStringLiteral("modification"));  // of the history: it has no times
            QVERIFY(finding["explanation"].toString().contains("The history has no times"));
        }
        QStringList users;
        for (const auto& right : exposure["rights"].toArray()) users << right.toObject()["user"].toString();
        QCOMPARE(users, (QStringList{"root", "www-data"}));
        QMap<QString, QString> logs;
        for (const auto& log : exposure["logs"].toArray()) logs[log.toObject()["id"].toString()] = log.toObject()["state"].toString();
        QCOMPARE(logs.value("web_access"), QStringLiteral("present"));
        QCOMPARE(logs.value("network"), QStringLiteral("absent"));
        QStringList places;
        for (const auto& credential : exposure["credentials"].toArray()) places << credential.toObject()["path"].toString();
        for (const char* path : {"/etc/shadow", "/etc/ssh/ssh_host_ed25519_key", "/etc/ssl/private/shop.key", "/root/.my.cnf", "/root/.bash_history", "/home/martina/.ssh/id_ed25519", "/home/martina/.git-credentials",
                                 "/home/martina/.pgpass", "/var/www/html/.env", "/var/www/html/.htpasswd", "/var/www/html/wp-config.php"})
            QVERIFY2(places.contains(path), path);
        QVERIFY(!places.contains("/var/www/html/wp-config-sample.php"));
    }

private:
    QString at(const QString& name) const { return m_folder.filePath(name); }
    static void analyze(const QString& image, const QString& path, const QStringList& options) {
        const auto ran = program(QStringList{"analyze", image, "-o", path, "--quiet", "--case-number", "DEMO-1", "--examiner", "demonstration", "--description", "An image made by deadbox demo"} + options);
        QVERIFY2(ran.status == 0, ran.err.constData());
    }
    void report(const QString& path, const QString& folder, const QStringList& options = {}, const QString& formats = k_all) const {
        const auto ran = program(QStringList{"report", path, "-o", at(folder), "--format", formats, "--quiet"} + options);
        QVERIFY2(ran.status == 0, ran.err.constData());
    }

    QTemporaryDir m_folder;
};
DEADBOX_TEST(ExchangeTest)
#include "exchange_test.moc"
