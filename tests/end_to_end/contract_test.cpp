// What the outside relies on: exit statuses, shapes, errors, and nothing raw on a terminal, on an image whose names, logs
// and secrets are as bad as an image can have them.
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QTemporaryDir>
#include <nlohmann/json.hpp>

#include <signal.h>

#include "support/test_main.hpp"

using nlohmann::json;

namespace {

struct Ran {
    int status = -1;
    QByteArray out, err;
    std::vector<json> lines() const {
        std::vector<json> all;
        for (const auto& line : out.split('\n'))
            if (!line.isEmpty()) all.push_back(json::parse(line.toStdString(), nullptr, false));
        return all;
    }
};

Ran run_in(const QString& folder, const QString& program, const QStringList& arguments) {
    QProcess process;
    process.setWorkingDirectory(folder);
    process.start(program, arguments);
    process.waitForFinished(240'000);
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAllStandardOutput(), process.readAllStandardError()};
}
const QString k_program = QStringLiteral(DEADBOX_BIN_DIR "/deadbox");
Ran run_program(const QStringList& arguments) { return run_in(QDir::tempPath(), k_program, arguments); }

QByteArray contents(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}
void put(const QString& path, const QByteArray& bytes) {
    QFile file(path);
    if (file.open(QIODevice::WriteOnly)) file.write(bytes);
}

// What moves a cursor, hides or reorders text: control characters (C1 too, as UTF-8 and as lone bytes), bidirectional ones.
QByteArray raw_controls(const QByteArray& out) {
    for (qsizetype i = 0; i < out.size(); ++i) {
        const auto byte = static_cast<unsigned char>(out[i]);
        const bool c1 = byte == 0xc2 && i + 1 < out.size() && static_cast<unsigned char>(out[i + 1]) < 0xa0;
        const bool lone = byte >= 0x80 && byte < 0xa0 && (i == 0 || static_cast<unsigned char>(out[i - 1]) < 0x80);
        if ((byte < 0x20 && byte != '\n' && byte != '\r') || byte == 0x7f || c1 || lone) return out.mid(std::max<qsizetype>(i - 40, 0), 80);
    }
    for (const char* bidi : {"\xe2\x80\xae", "\xe2\x80\x8b", "\xe2\x81\xa6"})
        if (const auto at = out.indexOf(bidi); at >= 0) return out.mid(std::max<qsizetype>(at - 40, 0), 80);
    return {};
}

constexpr const char* k_secret = "hunter2-S3cret-9f8e";
constexpr const char* k_marker = "NeedleInTheHay";

}  // namespace

class ContractTest : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    QString m_case, m_image, m_hostile, m_hostile_image;

    QString at(const QString& name) const { return m_folder.filePath(name); }

    bool make_hostile_image() const {
        const auto root = at("root");
        QDir().mkpath(root);
        const char* script =
            "set -e; PATH=$PATH:/sbin:/usr/sbin; mkdir -p etc var/log var/www/html/uploads srv; printf 'PRETTY_NAME=\"Debian \\033[31mred\"\\nID=debian\\n' >etc/os-release;"
            "printf 'root:x:0:0:root:/root:/bin/bash\\neve\\302\\233:x:0:0:\\342\\200\\256:/root:/bin/bash\\n' >etc/passwd; printf 'h\\302\\23331m\\n' >etc/hostname;"
            "printf '<?php $pass = \"" "hunter2-S3cret-9f8e" "\"; mysqli_connect(\"localhost\", \"root\", $pass); @eval($_POST[\"c\"]); system($_GET[\"x\"]); // password=hunter2-S3cret-9f8e\\n' >var/www/html/uploads/x.php;"
            "printf 'Jul  2 04:16:40 trial sshd[2398]: Accepted password for \\302\\233eve\\342\\200\\256 from 203.0.113.77 port 40112 ssh2\\nJul  2 04:17:40 trial sudo: eve : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/usr/bin/mysql --password=hunter2-S3cret-9f8e\\n' >var/log/auth.log;"
            "cd srv; printf one >\"$(printf 'line\\nend')\"; printf two >'back\\slash'; printf three >\"$(printf 'c1\\302\\233x')\"; printf four >\"$(printf 'esc\\033[31m')\"; printf five >\"$(printf 'x\\342\\200\\256gpj.php')\";"
            "printf six >\"$(printf 'bad\\377name')\"; printf seven >\"$(printf 'lone\\233byte')\"; printf eight >'a|b'; printf nine >'%0aliteral'; printf ten >\"$(printf '\\nliteral')\";"
            "head -c 70000 /dev/zero | tr '\\0' x >long; printf 'NeedleInTheHay' >>long; head -c 1048571 /dev/zero | tr '\\0' y >border; printf 'needleinthehay\\n' >>border; printf 'The WLAN key is Kx77-zebra-91, tell Anna.\\n' >letter; cd ..;"
            "printf eleven >manifest.sha256; ln -s \"$(printf 'to\\302\\233')\" link;"
            "cd ..; mke2fs -q -F -t ext4 -L \"$(printf 'l\\033[1m')\" -d root hostile.raw 24M";
        const auto made = run_in(root, "sh", {"-c", script});
        if (made.status != 0) qWarning("%s", made.err.constData());
        return made.status == 0;
    }

private slots:
    void initTestCase() {
        const auto demo = run_program({"demo", "-o", at("demo"), "--quiet"});
        QVERIFY2(demo.status == 0, demo.err.constData());
        m_case = at("demo/web1.deadbox"), m_image = at("demo/web1.raw");
        QVERIFY(make_hostile_image());
        m_hostile = at("hostile.deadbox"), m_hostile_image = at("hostile.raw");
        const auto ran = run_program({"analyze", m_hostile_image, "-o", m_hostile, "--quiet"});
        QVERIFY2(ran.status == 0 || ran.status == 4, ran.err.constData());
    }

    // Every command that prints, every form it has.
    void nothing_is_raw_data() {
        QTest::addColumn<QStringList>("arguments");
        for (const char* command : {"findings", "coverage", "custody", "facts", "timeline", "note"})
            for (const char* form : {"", "--json"}) QTest::newRow(qPrintable(QStringLiteral("%1 %2").arg(command, form))) << (QStringList{command, "CASE"} << QStringList(form).filter("-"));
        for (const char* table : {"account", "script", "system_fact", "finding_item", "log_file"})
            for (const char* form : {"", "--json"}) QTest::newRow(qPrintable(QStringLiteral("facts %1 %2").arg(table, form))) << (QStringList{"facts", "CASE", "--table", table} << QStringList(form).filter("-"));
        for (const char* format : {"jsonl", "csv", "bodyfile", "timesketch", "l2tcsv"}) QTest::newRow(format) << QStringList{"timeline", "CASE", "--format", format};
        QTest::newRow("bodyfile of files") << QStringList{"timeline", "CASE", "--format", "bodyfile", "--files-only"};
        for (const char* form : {"", "--json"}) {
            QTest::newRow(qPrintable(QStringLiteral("ls %1").arg(form))) << (QStringList{"ls", "CASE", "--recursive", "/"} << QStringList(form).filter("-"));
            QTest::newRow(qPrintable(QStringLiteral("stat %1").arg(form))) << (QStringList{"stat", "CASE", "hex:2f7372762f6331c29b78", "/link"} << QStringList(form).filter("-"));
            QTest::newRow(qPrintable(QStringLiteral("search %1").arg(form))) << (QStringList{"search", "CASE", "e", "--content"} << QStringList(form).filter("-"));
            QTest::newRow(qPrintable(QStringLiteral("verify %1").arg(form))) << (QStringList{"verify", "CASE"} << QStringList(form).filter("-"));
            QTest::newRow(qPrintable(QStringLiteral("info %1").arg(form))) << (QStringList{"info", "IMAGE"} << QStringList(form).filter("-"));
            QTest::newRow(qPrintable(QStringLiteral("extract %1").arg(form))) << (QStringList{"extract", "CASE", "/", "-o", QStringLiteral("FOLDER/raw%1").arg(form)} << QStringList(form).filter("-"));
        }
        QTest::newRow("missing") << QStringList{"stat", "CASE", "/\xc2\x9b\x1b[31m"};
    }
    void nothing_is_raw() {
        QFETCH(QStringList, arguments);
        arguments.replaceInStrings("CASE", m_hostile).replaceInStrings("IMAGE", m_hostile_image).replaceInStrings("FOLDER", m_folder.path());
        const auto ran = run_program(arguments);
        if (arguments.last() == "--json" || arguments.contains("jsonl") || arguments.contains("timesketch"))
            for (const auto& line : ran.lines()) QVERIFY2(line.is_object(), ran.out.left(2000).constData());
        QVERIFY2(raw_controls(ran.out).isEmpty(), raw_controls(ran.out).toPercentEncoding(" ").constData());
        QVERIFY2(raw_controls(ran.err).isEmpty(), raw_controls(ran.err).toPercentEncoding(" ").constData());
        if (QTest::currentDataTag() != QByteArray("missing")) QVERIFY2(!ran.out.isEmpty() || arguments.contains("note"), ran.err.constData());
    }
    void reports_are_not_raw() {
        const auto ran = run_program({"report", m_hostile, "-o", at("all"), "--format", "json,csv,bodyfile,timesketch,stix,misp,navigator,hashlist,case", "--quiet"});
        QVERIFY2(ran.status == 0, ran.err.constData());
        for (const auto& file : QDir(at("all")).entryInfoList(QDir::Files))
            if (!file.fileName().startsWith("manifest.json.") && file.suffix() != "pem") QVERIFY2(raw_controls(contents(file.filePath())).isEmpty(), (file.fileName().toUtf8() + ": " + raw_controls(contents(file.filePath())).toPercentEncoding(" ")).constData());
    }

    // The machine's secret stands in a script, a log and excerpts of both: nowhere by default, and everywhere on demand.
    void secrets_are_left_out_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<bool>("shown");  // with --redact none
        QTest::newRow("scripts") << QStringList{"facts", "CASE", "--table", "script"} << true;
        QTest::newRow("scripts as JSON") << QStringList{"facts", "CASE", "--table", "script", "--json"} << true;
        QTest::newRow("items") << QStringList{"facts", "CASE", "--table", "finding_item", "--json"} << true;
        QTest::newRow("findings") << QStringList{"findings", "CASE", "--json"} << true;
        QTest::newRow("timeline") << QStringList{"timeline", "CASE", "--json"} << true;
        QTest::newRow("search for what stands beside it") << QStringList{"search", "CASE", "mysql"} << true;
        QTest::newRow("search for it") << QStringList{"search", "CASE", "S3cret-9f8e"} << true;
        QTest::newRow("search in contents") << QStringList{"search", "CASE", "mysqli_connect", "--content", "--json"} << true;
        QTest::newRow("coverage") << QStringList{"coverage", "CASE", "--json"} << false;
    }
    void secrets_are_left_out() {
        QFETCH(QStringList, arguments);
        QFETCH(bool, shown);
        arguments.replaceInStrings("CASE", m_hostile);
        const auto ran = run_program(arguments);
        QVERIFY2(ran.status == 0, ran.err.constData());
        QVERIFY2(!ran.out.contains(k_secret), ran.out.mid(std::max<qsizetype>(ran.out.indexOf(k_secret) - 200, 0), 400).constData());
        const auto whole = run_program(arguments << "--redact" << "none");
        QCOMPARE(whole.out.contains(k_secret), shown);
    }

    void contents_are_searched() {
        const auto ran = run_program({"search", m_hostile, k_marker, "--content", "--json"});
        QVERIFY2(ran.status == 0, ran.err.constData());
        std::map<std::string, std::int64_t> found;
        for (const auto& hit : ran.lines()) {
            if (hit["kind"] != "content") continue;
            found[hit["in"].get<std::string>()] = hit["offset"].get<std::int64_t>();
            QVERIFY(hit["ref"].is_string() && hit["text"].get<std::string>().size() <= 14 + 160);
            QVERIFY(run_program({"stat", m_hostile, "--ref", QString::fromStdString(hit["ref"].get<std::string>())}).status == 0);
        }
        // One at the end of a file, one over the border of two pieces, in letters of either case.
        QCOMPARE(found, (std::map<std::string, std::int64_t>{{"/srv/border", 1048571}, {"/srv/long", 70000}}));
        QVERIFY(!run_program({"search", m_hostile, k_marker, "--json"}).out.contains("\"content\""));
        QCOMPARE(run_program({"search", m_hostile, "hex:4e6565646c65496e54", "--content"}).out.count("content  "), 2);
        const auto letter = run_program({"search", m_hostile, "tell Anna", "--content"}).out;  // people write secrets into sentences
        QVERIFY2(letter.contains("The WLAN key is [redacted]") && !letter.contains("zebra"), letter.constData());
        const auto many = run_program({"search", m_hostile, "x", "--content"});
        QVERIFY2(many.err.contains("only the first 100 places"), many.err.constData());
        QCOMPARE(run_program({"search", m_hostile, "x", "--content", "--evidence", at("nothing.raw")}).status, 3);
    }

    void hash_list_holds_over_an_export_of_hostile_names() {
        QCOMPARE(run_program({"extract", m_hostile, "/", "-o", at("whole"), "--quiet"}).status, 0);
        QCOMPARE(run_program({"report", m_hostile, "-o", at("hashes"), "--format", "hashlist", "--redact", "none", "--quiet"}).status, 0);
        const auto lists = QDir(at("hashes")).entryList({"sha256-*.txt"});
        QCOMPARE(lists.size(), 1);
        const auto check = run_in(at("whole"), "sha256sum", {"--strict", "-c", at("hashes") + "/" + lists[0]});
        QVERIFY2(check.status == 0, (check.out + check.err).constData());
        int files = 0;
        for (const auto& line : run_program({"ls", m_hostile, "--recursive", "--json", "/"}).lines()) files += line["type"] == "file" && line["sha256"].is_string();
        QCOMPARE(contents(at("hashes") + "/" + lists[0]).count('\n'), files);
    }

    // Other formats join the report that stands there; another report replaces it; what is nobody's is named.
    void formats_in_one_folder() {
        const auto folder = at("formats");
        const auto report = [&](const QStringList& more) { return run_program(QStringList{"report", m_case, "-o", folder} << more); };
        QCOMPARE(report({"--format", "json", "--quiet"}).status, 0);
        QCOMPARE(report({"--format", "csv,navigator", "--quiet"}).status, 0);
        for (const char* name : {"report.json", "findings.csv", "navigator.json"}) QVERIFY2(QFile::exists(folder + "/" + name), name);
        QCOMPARE(run_program({"verify", folder}).status, 0);
        QCOMPARE(run_in(folder, "sha256sum", {"--strict", "-c", "manifest.sha256"}).status, 0);
        QVERIFY(contents(folder + "/manifest.sha256").contains("report.json"));
        const auto other = report({"--format", "json", "--redact", "none"});
        QVERIFY2(other.status == 0 && other.err.contains("navigator.json"), other.err.constData());
        QVERIFY(!QFile::exists(folder + "/findings.csv") && !QFile::exists(folder + "/navigator.json"));
        QCOMPARE(run_program({"verify", folder}).status, 0);
        put(folder + "/mine.txt", "mine");
        const auto beside = report({"--format", "json"});
        QVERIFY2(beside.status == 0 && beside.err.contains("mine.txt"), beside.err.constData());
        QCOMPARE(contents(folder + "/mine.txt"), QByteArray("mine"));
        QFile::remove(folder + "/mine.txt");
        const auto before = contents(folder + "/manifest.json");
        put(folder + "/manifest.json.tsr", "a time stamp");
        QCOMPARE(report({"--format", "json", "--redact", "none"}).status, 2);
        QCOMPARE(contents(folder + "/manifest.json"), before);
        QCOMPARE(report({"--format", "docx"}).status, 2);
    }

    void expected_digest_is_repeated_by_verify() {
        const auto path = at("expected.deadbox");
        const auto ran = run_program({"analyze", m_image, "-o", path, "--quiet", "--profile", "triage", "--evidence-hash", "sha256", "--expect-hash", QString(64, '0')});
        QVERIFY2(ran.err.contains("NOT WHAT WAS EXPECTED"), ran.err.constData());
        for (const QStringList& more : {QStringList{}, QStringList{"--quick"}}) {
            const auto verified = run_program(QStringList{"verify", path} << more);
            QVERIFY2(verified.status == 5 && verified.out.contains("NOT WHAT WAS EXPECTED"), verified.out.constData());
        }
        const auto digest = run_in(m_folder.path(), "md5sum", {m_image}).out.left(32);
        const auto good = at("md5.deadbox");
        QCOMPARE(run_program({"analyze", m_image, "-o", good, "--quiet", "--expect-hash", QString::fromLatin1(digest).toUpper()}).err, QByteArray());
        const auto verified = run_program({"verify", good});
        QVERIFY2(verified.status == 0 && verified.out.contains("is the one that was read"), verified.out.constData());
    }

    // The same disk by its name, by a link, and in another container is examined once; a copy that was changed is not the same.
    void one_disk_given_twice_data() {
        QTest::addColumn<QString>("second");
        QTest::addColumn<bool>("same");
        QTest::newRow("its own name") << m_image << true;
        QTest::newRow("a hard link") << at("twin.raw") << true;
        QTest::newRow("a container") << at("twin.qcow2") << true;
        QTest::newRow("a copy that was changed") << at("changed.raw") << false;
    }
    void one_disk_given_twice() {
        QFETCH(QString, second);
        QFETCH(bool, same);
        QFile::remove(second == m_image ? QString() : second);
        if (second.endsWith("twin.raw")) QCOMPARE(run_in(m_folder.path(), "ln", {m_image, second}).status, 0);
        if (second.endsWith("qcow2")) QCOMPARE(run_in(m_folder.path(), "qemu-img", {"convert", "-O", "qcow2", m_image, second}).status, 0);
        if (second.endsWith("changed.raw")) {
            QVERIFY(QFile::copy(m_image, second));
            const auto volume = run_program({"info", m_image, "--json"}).lines().at(0)["volumes"][0];
            const auto start = volume["start"].get<qint64>(), size = volume["size"].get<qint64>();
            QFile file(second);  // the superblock's count of mounts
            QVERIFY(size > 0 && file.open(QIODevice::ReadWrite) && file.seek(start + 1024 + 52) && file.write("\x07", 1) == 1);
        }
        const auto path = at("twice.deadbox");
        QFile::remove(path);
        const auto ran = run_program({"analyze", m_image, second, "-o", path});
        QVERIFY2(ran.status == 0 || ran.status == 4, ran.err.constData());
        const auto once = run_program({"timeline", m_case, "--files-only", "--json"}).out.count('\n');
        QCOMPARE(run_program({"timeline", path, "--files-only", "--json"}).out.count('\n'), same ? once : 2 * once);
        QCOMPARE(ran.err.contains("examined once"), same);
        QCOMPARE(run_program({"coverage", path, "--level", "assumption"}).out.contains("the same disk was given more than once"), same);
        QCOMPARE(run_program({"verify", path}).status, 0);
        if (same) QCOMPARE(run_program({"cat", path, "/home/martina/notes.txt"}).out, QByteArray("order 40 clamps\ncall the printer\n"));
    }

    void statuses_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("status");
        QTest::newRow("done") << QStringList{"findings", "CASE"} << 0;
        QTest::newRow("a finding reached it") << QStringList{"analyze", "IMAGE", "-o", "FOLDER/s1.deadbox", "--fail-on", "high"} << 1;
        QTest::newRow("an empty image") << QStringList{"analyze", "EMPTY", "-o", "FOLDER/s2.deadbox", "--fail-on", "critical"} << 3;
        QTest::newRow("a finding before a gap") << QStringList{"analyze", "IMAGE", "FOLDER/nothing.raw", "-o", "FOLDER/s3.deadbox", "--fail-on", "high"} << 1;
        QTest::newRow("one of several images") << QStringList{"analyze", "IMAGE", "FOLDER/nothing.raw", "-o", "FOLDER/s4.deadbox"} << 4;
        QTest::newRow("a case that exists") << QStringList{"analyze", "IMAGE", "-o", "CASE"} << 2;
        QTest::newRow("nothing to resume") << QStringList{"analyze", "IMAGE", "-o", "FOLDER/s5.deadbox", "--resume"} << 2;
        QTest::newRow("a folder that is not there") << QStringList{"analyze", "IMAGE", "-o", "FOLDER/none/s.deadbox"} << 5;
        QTest::newRow("a zone that is none") << QStringList{"analyze", "IMAGE", "-o", "FOLDER/s6.deadbox", "--timezone", "Europe/Atlantis"} << 2;
        QTest::newRow("a digest that is none") << QStringList{"analyze", "IMAGE", "-o", "FOLDER/s6.deadbox", "--expect-hash", "abc"} << 2;
        QTest::newRow("an offset that is none") << QStringList{"analyze", "IMAGE", "-o", "FOLDER/s6.deadbox", "--clock-offset", "99999999999999"} << 2;
        QTest::newRow("no evidence") << QStringList{"analyze", "FOLDER/nothing.raw", "-o", "FOLDER/s7.deadbox"} << 3;
        QTest::newRow("a folder as evidence") << QStringList{"analyze", "FOLDER", "-o", "FOLDER/s8.deadbox"} << 3;
        QTest::newRow("info of nothing") << QStringList{"info", "FOLDER/nothing.raw"} << 3;
        QTest::newRow("info of one of two") << QStringList{"info", "IMAGE", "FOLDER/nothing.raw"} << 4;
        for (const char* command : {"findings", "facts", "timeline", "coverage", "custody", "verify", "note"}) {
            QTest::newRow(qPrintable(QStringLiteral("%1 of a text").arg(command))) << QStringList{command, "TEXT"} << 5;
            QTest::newRow(qPrintable(QStringLiteral("%1 of a foreign database").arg(command))) << QStringList{command, "FOREIGN"} << 5;
            QTest::newRow(qPrintable(QStringLiteral("%1 of a case that was cut").arg(command))) << QStringList{command, "CUT"} << 5;
            QTest::newRow(qPrintable(QStringLiteral("%1 of an empty file").arg(command))) << QStringList{command, "EMPTY"} << 5;
        }
        QTest::newRow("no such command") << QStringList{"foo"} << 2;
        QTest::newRow("report in no format") << QStringList{"report", "CASE", "-o", "FOLDER/none", "--format", ""} << 2;
        QTest::newRow("a logo that is no picture") << QStringList{"report", "CASE", "-o", "FOLDER/none", "--logo", "TEXT"} << 2;
        QTest::newRow("a demonstration over a case") << QStringList{"demo", "-o", "FOLDER/demo"} << 2;
        QTest::newRow("verify without its evidence") << QStringList{"verify", "CASE", "--evidence", "FOLDER/nothing.raw"} << 3;
        QTest::newRow("resume a text") << QStringList{"analyze", "IMAGE", "-o", "TEXT", "--resume"} << 5;
        QTest::newRow("resume a foreign database") << QStringList{"analyze", "IMAGE", "-o", "FOREIGN", "--resume"} << 5;
        QTest::newRow("mark in a foreign database") << QStringList{"mark", "FOREIGN", "0123456789abcdef", "--state", "open"} << 5;
        QTest::newRow("evidence that moved away") << QStringList{"cat", "CASE", "/etc/passwd", "--evidence", "FOLDER/nothing.raw"} << 3;
        QTest::newRow("other evidence") << QStringList{"cat", "CASE", "/etc/passwd", "--evidence", "HOSTILE"} << 2;
        QTest::newRow("no such path") << QStringList{"cat", "CASE", "/nothing"} << 2;
        QTest::newRow("no digits") << QStringList{"stat", "CASE", "hex:xyz"} << 2;
        QTest::newRow("a path in digits") << QStringList{"stat", "CASE", "hex:2f657463"} << 0;
    }
    void statuses() {
        QFETCH(QStringList, arguments);
        QFETCH(int, status);
        put(at("text.deadbox"), "this is no case\n");
        put(at("empty.raw"), QByteArray());
        QFile::remove(at("foreign.deadbox"));
        QCOMPARE(run_in(m_folder.path(), "sqlite3", {"foreign.deadbox", "CREATE TABLE inode(id); INSERT INTO inode VALUES(7)"}).status, 0);
        const auto foreign = contents(at("foreign.deadbox"));
        put(at("cut.deadbox"), contents(m_case).left(100'000));
        arguments.replaceInStrings("CASE", m_case).replaceInStrings("IMAGE", m_image).replaceInStrings("TEXT", at("text.deadbox")).replaceInStrings("FOREIGN", at("foreign.deadbox"));
        arguments.replaceInStrings("CUT", at("cut.deadbox")).replaceInStrings("EMPTY", at("empty.raw")).replaceInStrings("HOSTILE", m_hostile_image).replaceInStrings("FOLDER", m_folder.path());
        const auto ran = run_program(QStringList(arguments) << "--json" << "--quiet");
        QVERIFY2(ran.status == status, (ran.out.left(500) + ran.err.left(500)).constData());
        if (status == 2 || status == 3 || status == 5) {
            if (arguments.first() == "verify" && ran.err.isEmpty()) return;  // what does not hold is its data
            const auto error = json::parse(ran.err.split('\n').first().toStdString(), nullptr, false);
            QVERIFY2(error.is_object() && error["error"]["code"].is_string() && error["error"]["message"].is_string(), ran.err.constData());
        }
        QCOMPARE(contents(at("foreign.deadbox")), foreign);
        QCOMPARE(contents(at("text.deadbox")), QByteArray("this is no case\n"));
    }
    void an_unknown_command_is_named() { QVERIFY(run_program({"foo", "x"}).err.contains("no command foo (deadbox --help")); }

    // A dismissal stands in every report with its reason; said once, it stays.
    void a_dismissal_needs_a_reason() {
        const auto copy = at("dismissal.deadbox");
        QVERIFY(QFile::copy(m_case, copy));
        const auto findings = run_program({"findings", copy, "--json"}).out.split('\n');
        const auto id = QString::fromStdString(json::parse(findings.first().toStdString())["id"].get<std::string>());
        QCOMPARE(run_program({"mark", copy, id, "--state", "dismissed"}).status, 2);
        QCOMPARE(run_program({"mark", copy, id, "--state", "dismissed", "--reason", "a test of ours"}).status, 0);
        QCOMPARE(run_program({"mark", copy, id, "--state", "dismissed", "--comment", "seen again"}).status, 0);
        QVERIFY(run_program({"findings", copy, "--json", "--state", "dismissed"}).out.contains("a test of ours"));
        QCOMPARE(run_program({"mark", copy, id, "--state", "confirmed"}).status, 0);
        QCOMPARE(run_program({"mark", copy, id, "--state", "dismissed"}).status, 2);
    }

    // The case is read from another folder than it was made in, and a moved image is found with --evidence.
    void folders_may_change() {
        QDir().mkpath(at("here/there"));
        QVERIFY(QFile::link(m_image, at("here/d.raw")));
        QCOMPARE(run_in(at("here"), k_program, {"analyze", "d.raw", "-o", "there/c.deadbox", "--quiet"}).status, 0);
        QCOMPARE(run_in(at("here/there"), k_program, {"cat", "c.deadbox", "/home/martina/notes.txt"}).status, 0);
        QVERIFY(QFile::rename(at("here/d.raw"), at("here/there/e.raw")));
        QCOMPARE(run_in(at("here"), k_program, {"cat", "there/c.deadbox", "/home/martina/notes.txt"}).status, 3);
        QCOMPARE(run_in(at("here"), k_program, {"cat", "there/c.deadbox", "/home/martina/notes.txt", "--evidence", "there/e.raw"}).out, QByteArray("order 40 clamps\ncall the printer\n"));
    }
    void levels_of_telling() {
        const auto path = at("told.deadbox");
        const auto analyze = [&](const QStringList& more) {
            QFile::remove(path);
            return run_program(QStringList{"analyze", m_image, m_image, "-o", path} << more).err;
        };
        QVERIFY(analyze({}).contains("examined once"));
        QCOMPARE(analyze({"--log-level", "error"}), QByteArray());
        QCOMPARE(analyze({"--quiet"}), QByteArray());
        QVERIFY(analyze({"--log-level", "info"}).contains("deadbox: walk begins"));
        QVERIFY(json::parse(analyze({"--json"}).toStdString(), nullptr, false)["warning"]["code"] == "same_disk");
    }
    void run_exit_lists_all_that_applied() {
        const auto path = at("exits.deadbox");
        QCOMPARE(run_program({"analyze", m_image, at("nothing.raw"), "-o", path, "--fail-on", "low", "--quiet"}).status, 1);
        run_program({"report", path, "-o", at("exits"), "--format", "json", "--quiet"});
        const auto report = json::parse(contents(at("exits/report.json")).toStdString());
        QCOMPARE(report["run"]["exit"].dump(), std::string("[1,4]"));
        QCOMPARE(report["evidence"].size(), std::size_t{2});
    }

    // SIGTERM and Ctrl-C end it resumably; a second one at once; SIGUSR1 pauses, SIGUSR2 goes on.
    void stopping_data() {
        QTest::addColumn<int>("number");
        QTest::addColumn<int>("times");
        QTest::newRow("SIGTERM") << SIGTERM << 1;
        QTest::newRow("SIGINT") << SIGINT << 1;
        QTest::newRow("SIGINT twice") << SIGINT << 2;
    }
    void stopping() {
        QFETCH(int, number);
        QFETCH(int, times);
        const auto path = at("stopped.deadbox");
        QFile::remove(path);
        QProcess process;
        process.start(k_program, {"analyze", m_image, "-o", path, "--progress", "json", "--jobs", "1"});
        QVERIFY(process.waitForStarted());
        while (!QFile::exists(path) && process.state() == QProcess::Running) QTest::qWait(1);
        QTest::qWait(20);
        const auto pid = process.processId();  // 0, which is this process's whole group, where it has ended
        for (int i = 0; i < times && pid > 0; ++i) ::kill(static_cast<pid_t>(pid), number);
        QVERIFY(process.waitForFinished(30'000));
        if (process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0) QSKIP("it was faster than the signal");
        if (times == 1) QCOMPARE(process.exitCode(), 130);
        const auto again = run_program({"analyze", m_image, "-o", path, "--resume", "--quiet"});
        QVERIFY2(again.status == 0, again.err.constData());
        QCOMPARE(run_program({"verify", path}).status, 0);
    }
    void pause_and_go_on() {
        const auto path = at("paused.deadbox");
        QProcess process;
        process.start(k_program, {"analyze", m_image, "-o", path, "--progress", "json", "--jobs", "1"});
        QVERIFY(process.waitForStarted());
        QByteArray err;
        while (!err.contains('\n') && process.waitForReadyRead(10'000)) err += process.readAllStandardError();
        const auto pid = process.processId();
        if (pid <= 0) QSKIP("it was faster than the signal");
        ::kill(static_cast<pid_t>(pid), SIGUSR1);
        bool paused = false;
        for (int i = 0; i < 100 && !paused && process.state() == QProcess::Running; ++i) {
            process.waitForReadyRead(50);
            err += process.readAllStandardError();
            paused = err.contains("\"paused\":true");
        }
        if (process.processId() == pid) ::kill(static_cast<pid_t>(pid), SIGUSR2);
        QVERIFY(process.state() == QProcess::NotRunning || process.waitForFinished(60'000));
        QCOMPARE(process.exitCode(), 0);
        err += process.readAllStandardError();
        for (const auto& line : err.split('\n')) {
            if (line.isEmpty()) continue;
            const auto progress = json::parse(line.toStdString(), nullptr, false);
            QVERIFY2(progress.is_object(), line.constData());
            for (const char* key : {"wave", "unit", "done", "total", "bytes", "files", "rate", "eta", "findings", "gaps", "paused"}) QVERIFY2(progress.contains(key), key);
        }
        if (!paused) QSKIP("it was faster than the signal");
    }

    void names_of_the_command_line_are_bytes() {
        const auto folder = QByteArray(m_folder.path().toUtf8() + "/odd\n\xff\xc2\x9b");
        const auto script = QByteArray("mkdir -p \"$1\" && ln -f \"$2\" \"$1/d.raw\" && \"$3\" analyze \"$1/d.raw\" -o \"$1/c.deadbox\" --json --scope '/etc/\xff*' --examiner 'E\xff' && \"$3\" verify \"$1/c.deadbox\" && "
                                       "\"$3\" report \"$1/c.deadbox\" -o \"$1/r\" --format json,html && cd \"$1\" && \"$3\" analyze d.raw -o ./e.deadbox --report ./f");
        put(at("odd.sh"), script), put(at("odd.name"), folder);
        QProcess process;
        process.start("sh", {"-c", QString::fromLatin1("exec sh \"$0\" \"$(cat \"$1\")\" \"$2\" \"$3\""), at("odd.sh"), at("odd.name"), m_image, k_program});
        QVERIFY(process.waitForFinished(120'000));
        const auto out = process.readAllStandardOutput(), err = process.readAllStandardError();
        QVERIFY2(process.exitStatus() == QProcess::NormalExit && (process.exitCode() == 0 || process.exitCode() == 4), (out.right(800) + err.right(800)).constData());
        QVERIFY2(raw_controls(err).isEmpty(), err.constData());
        run_in(m_folder.path(), "sh", {"-c", "rm -rf odd*"});
    }
};
DEADBOX_TEST(ContractTest)
#include "contract_test.moc"
