// Copies of the evidence: whole, under their own paths, inside their folder whatever names the evidence has.
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>

#include <set>

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

void put(const QString& path, const QByteArray& bytes) {
    QFile file(path);
    if (file.open(QIODevice::WriteOnly)) file.write(bytes);
}

std::vector<QJsonObject> lines_of(const QString& path) {
    QFile file(path);
    std::vector<QJsonObject> all;
    if (!file.open(QIODevice::ReadOnly)) return all;
    for (const auto& line : file.readAll().split('\n'))
        if (!line.isEmpty()) all.push_back(QJsonDocument::fromJson(line).object());
    return all;
}

}  // namespace

class ExportTest : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    QString m_case, m_hostile;

    QString at(const QString& name) const { return m_folder.filePath(name); }

    // A file system with every kind of name that makes trouble on the way out.
    bool make_hostile_image() const {
        const auto root = at("root");
        QDir().mkpath(root);
        const char* script =
            "set -e; mkdir -p etc sub/deeper; printf 'ID=debian\\n' >etc/os-release; printf one >\"$(printf 'line\\nend')\"; printf two >'back\\slash'; printf three >README; printf four >readme;"
            "printf five >CON; printf six >'a:b'; printf seven >\"$(printf 'bad\\377name')\"; printf eight >manifest.sha256; printf nine >files.jsonl; ln -s /etc/passwd link; ln -s / sub/root; mkfifo pipe;"
            "printf ten >\"$(printf 'x\\342\\200\\256gpj.php')\"; printf eleven >'~2'; printf twelve >'sub/deeper/..x'; printf thirteen >\"$(printf 'esc\\033[31m')\"; printf fourteen >'end. '; printf fifteen >report.json;"
            "cd ..; mke2fs -q -F -t ext4 -d root hostile.raw 8M";
        return run_in(root, "sh", {"-c", script}).status == 0;
    }

private slots:
    void initTestCase() {
        const auto demo = run_program({"demo", "-o", at("demo"), "--quiet"});
        QVERIFY2(demo.status == 0, demo.err.constData());
        m_case = at("demo/web1.deadbox");
        QVERIFY(make_hostile_image());
        m_hostile = at("hostile.deadbox");
        const auto ran = run_program({"analyze", at("hostile.raw"), "-o", m_hostile, "--quiet"});
        QVERIFY2(ran.status == 0 || ran.status == 4, ran.err.constData());
    }

    void the_machine_s_hash_list_holds_over_an_export() {
        const auto out = at("whole");
        QCOMPARE(run_program({"extract", m_case, "/", "-o", out, "--quiet"}).status, 0);
        QCOMPARE(run_program({"report", m_case, "-o", at("hashes"), "--format", "hashlist", "--quiet"}).status, 0);
        const auto lists = QDir(at("hashes")).entryList({"sha256-*.txt"});
        QCOMPARE(lists.size(), 1);
        for (const auto& list : {at("hashes") + "/" + lists[0], QStringLiteral("manifest.sha256")}) {
            const auto check = run_in(out, "sha256sum", {"--strict", "-c", list});
            QVERIFY2(check.status == 0, (check.out + check.err).constData());
        }
        QCOMPARE(run_program({"verify", out}).status, 0);
        QCOMPARE(run_program({"verify", m_case, "--quick", "--report", out}).status, 0);
    }

    // What lies side by side is of one machine: each has its folder, and the lists hold.
    void several_machines_lie_apart() {
        QStringList images;
        for (const char* host : {"alpha", "beta", "beta"}) {
            const auto name = QString("m%1").arg(images.size());
            const auto script = QString("set -e; mkdir -p %1/etc; printf 'ID=debian\\n' >%1/etc/os-release; printf '%2\\n' >%1/etc/hostname; printf 'root:x:0:0:%1:/root:/bin/sh\\n' >%1/etc/passwd; mke2fs -q -F -t ext4 -d %1 %1.raw 4M").arg(name, host);
            QCOMPARE(run_in(m_folder.path(), "sh", {"-c", script}).status, 0);
            images << at(name + ".raw");
        }
        const auto made = at("machines.deadbox"), out = at("machines");
        const auto ran = run_program(QStringList{"analyze"} + images + QStringList{"-o", made, "--quiet"});
        QVERIFY2(ran.status == 0 || ran.status == 4, ran.err.constData());
        QCOMPARE(run_program({"extract", made, "/etc/passwd", "-o", out, "--quiet"}).status, 0);
        QCOMPARE(QDir(out).entryList(QDir::Dirs | QDir::NoDotAndDotDot), QStringList({"alpha", "beta-2", "beta-3"}));
        QCOMPARE(run_program({"report", made, "-o", at("machines-hashes"), "--format", "hashlist", "--quiet"}).status, 0);
        for (const char* list : {"sha256-1*.txt", "sha256-2*.txt", "sha256-3*.txt"}) {
            const auto lists = QDir(at("machines-hashes")).entryList({list});
            QCOMPARE(lists.size(), 1);
            const auto check = run_in(out, "sha256sum", {"--strict", "--ignore-missing", "-c", at("machines-hashes") + "/" + lists[0]});
            QVERIFY2(check.status == 0 && check.out.contains("etc/passwd: OK"), (check.out + check.err).constData());
        }
    }

    void hostile_names_stay_inside() {
        const auto out = at("inside/out");
        const auto ran = run_program({"extract", m_hostile, "/", "-o", out});
        QCOMPARE(ran.status, 0);
        QVERIFY(!ran.out.contains('\x1b') && !ran.out.contains("\xe2\x80\xae"));
        const auto check = run_in(out, "sha256sum", {"--strict", "-c", "manifest.sha256"});
        QVERIFY2(check.status == 0, (check.out + check.err).constData());
        // A file of the server that is called as a report's is none.
        const auto verified = run_program({"verify", m_hostile, "--quick", "--report", out});
        QVERIFY2(verified.out.contains("an export: copies of evidence") && !verified.out.contains("report.json"), verified.out.constData());
        QCOMPARE(verified.status, 0);
        QCOMPARE(QDir(at("inside")).entryList(QDir::AllEntries | QDir::NoDotAndDotDot), QStringList{"out"});
        QSet<QByteArray> contents;
        for (QDirIterator it(out, QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot, QDirIterator::Subdirectories); it.hasNext();) {
            const QFileInfo info(it.next());
            QVERIFY2(!info.isSymLink() && (info.isFile() || info.isDir()), qPrintable(info.filePath()));
            QFile file(info.filePath());
            if (info.isFile() && file.open(QIODevice::ReadOnly)) contents.insert(file.readAll());
        }
        for (const char* content : {"one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen"}) QVERIFY2(contents.contains(content), content);
        // The list leads from each copy back to its bytes on the machine.
        int hex = 0;
        for (const auto& line : lines_of(out + "/files.jsonl")) {
            const auto file = line["file"].toObject();
            hex += file.contains("path_hex");
            for (const char* key : {"ref", "uid", "gid", "mode", "times"}) QVERIFY2(file.contains(key), key);
            if (file["type"] != "file") QVERIFY(line["copy"].isNull());
            else QVERIFY(line["matches"].toBool() && line["problem"].isNull());
        }
        QCOMPARE(hex, 1);
        QCOMPARE(run_program({"verify", out}).status, 0);
    }

    void what_lies_in_the_folder_is_never_written_through() {
        QDir().mkpath(at("elsewhere"));
        QDir().mkpath(at("trap"));
        QVERIFY(QFile::link(at("elsewhere"), at("trap/etc")));
        QVERIFY(QFile::link(at("elsewhere/new"), at("trap/README")));
        QCOMPARE(run_program({"extract", m_hostile, "/etc/os-release", "/README", "-o", at("trap"), "--quiet"}).status, 0);
        QVERIFY(QDir(at("elsewhere")).isEmpty());
        QVERIFY(QFile::exists(at("trap/~2/etc/os-release")) && QFile::exists(at("trap/~2/README")));
        const auto again = run_program({"extract", m_hostile, "/README", "-o", at("trap")});
        QVERIFY(again.status == 2 && again.err.contains("holds copies already"));
    }

    void findings_choose_their_files() {
        QCOMPARE(run_program({"extract", m_case, "--all-findings", "-o", at("found"), "--quiet"}).status, 0);
        QString id;
        for (const auto& line : lines_of(at("found/files.jsonl")))
            if (line["file"].toObject()["path"] == "/var/www/html/uploads/2026/03/thumb.php") id = line["findings"].toArray().at(0).toString();
        QVERIFY(!id.isEmpty());
        QVERIFY(QFile::exists(at("found/usr/bin/id")) && !QFile::exists(at("found/usr/bin/who")));
        QCOMPARE(run_program({"extract", m_case, "--finding", id, "-o", at("one"), "--quiet"}).status, 0);
        QVERIFY(QFile::exists(at("one/var/www/html/uploads/2026/03/thumb.php")) && !QFile::exists(at("one/usr/bin/id")));
        QCOMPARE(run_program({"extract", m_case, "--finding", "0000000000000000", "-o", at("none")}).status, 2);
        QCOMPARE(run_program({"mark", m_case, id, "--state", "dismissed", "--reason", "test"}).status, 0);
        QCOMPARE(run_program({"extract", m_case, "--all-findings", "-o", at("left"), "--quiet"}).status, 0);
        for (const auto& line : lines_of(at("left/files.jsonl"))) QVERIFY(!line["findings"].toArray().contains(id));
    }

    void encrypted_archive() {
        put(at("password"), "correct horse\n");
        const auto archive = at("evidence.zip");
        const auto ran = run_program({"extract", m_hostile, "/", "-o", archive, "--encrypt", "--password-file", at("password"), "--quiet"});
        QVERIFY2(ran.status == 0, ran.err.constData());
        QVERIFY(QDir(m_folder.path()).entryList({"evidence.zip.*"}).isEmpty());  // no plain copy is left
        QVERIFY(run_in(m_folder.path(), "bsdtar", {"-xf", "evidence.zip", "--passphrase", "wrong"}).status != 0);
        QDir(at("evidence")).removeRecursively();
        const auto opened = run_in(m_folder.path(), "env", {"LC_ALL=C.UTF-8", "bsdtar", "-xf", "evidence.zip", "--passphrase", "correct horse"});
        QVERIFY2(opened.status == 0, opened.err.constData());
        QCOMPARE(run_in(at("evidence"), "sha256sum", {"--strict", "-c", "manifest.sha256"}).status, 0);
        QCOMPARE(run_program({"verify", at("evidence")}).status, 0);
        std::set<QString> folded;
        for (const auto& line : lines_of(at("evidence/files.jsonl"))) {
            if (line["copy"].isNull()) continue;
            const auto name = line["copy"].toString();
            QVERIFY2(folded.insert(name.toLower()).second, qPrintable(name));
            QVERIFY2(!name.contains(QRegularExpression("[:*?\"<>|\\\\]")) && !name.endsWith(' ') && name != "CON", qPrintable(name));
        }
        QCOMPARE(run_program({"extract", m_hostile, "/", "-o", archive, "--encrypt", "--password-file", at("password")}).status, 2);  // never overwritten
        qputenv("DEADBOX_TEST_PASSWORD", "");
        QCOMPARE(run_program({"extract", m_hostile, "/", "-o", at("e.zip"), "--encrypt", "--password-env", "DEADBOX_TEST_PASSWORD"}).status, 2);
        QCOMPARE(run_program({"extract", m_hostile, "/", "-o", at("e.zip"), "--password-file", at("password")}).status, 2);
        put(at("weak"), "sieben7\n");
        const auto weak = run_program({"extract", m_hostile, "/", "-o", at("e.zip"), "--encrypt", "--password-file", at("weak")});
        QCOMPARE(weak.status, 2);
        QVERIFY2(weak.err.contains("7 of at least 8 characters"), weak.err.constData());
        QVERIFY(!QFile::exists(at("e.zip")));
    }

    void a_copy_that_differs_is_named_and_not_made() {
        const auto changed = at("changed.deadbox");
        QVERIFY(QFile::copy(m_case, changed));
        QCOMPARE(run_in(m_folder.path(), "sqlite3", {changed, "UPDATE content SET sha256 = zeroblob(32) WHERE inode = (SELECT inode FROM file WHERE path = '/home/martina/notes.txt')"}).status, 0);
        const auto ran = run_program({"extract", changed, "/home/martina/notes.txt", "-o", at("differs")});
        QCOMPARE(ran.status, 4);
        QVERIFY2(ran.err.contains("differs from what the analysis read"), ran.err.constData());
        const auto line = lines_of(at("differs/files.jsonl")).at(0);
        QVERIFY(!line["matches"].toBool(true) && line["copy"].isNull() && line["sha256"].isNull() && line["problem"].toString().contains("not copied"));
        QVERIFY(QDir(at("differs")).entryList({"home"}).isEmpty() || QDir(at("differs/home/martina")).entryList(QDir::Files).isEmpty());
        QCOMPARE(run_program({"verify", at("differs")}).status, 0);
    }
};
DEADBOX_TEST(ExportTest)
#include "export_test.moc"
