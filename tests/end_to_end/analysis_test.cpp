// The program as a user starts it, on an image that it makes itself.
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>

#include <signal.h>

#include "support/test_main.hpp"

namespace {

struct Ran {
    int status = -1;
    QByteArray out, err;
};

Ran run_program(const QStringList& arguments) {
    QProcess process;
    process.start(QStringLiteral(DEADBOX_BIN_DIR "/deadbox"), arguments);
    process.waitForFinished(240'000);
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAllStandardOutput(), process.readAllStandardError()};
}

QByteArray sha256_of(const QString& path) {
    QFile file(path);
    QCryptographicHash hash(QCryptographicHash::Sha256);
    if (!file.open(QIODevice::ReadOnly) || !hash.addData(&file)) return {};
    return hash.result().toHex();
}

// The report without what may differ from run to run.
QJsonObject report_of(const QString& case_path, const QString& folder) {
    run_program({"report", case_path, "-o", folder, "--format", "json", "--quiet"});
    QFile file(folder + "/report.json");
    if (!file.open(QIODevice::ReadOnly)) return {};
    auto report = QJsonDocument::fromJson(file.readAll()).object();
    report.remove("run");
    return report;
}

}  // namespace

class AnalysisTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        const auto ran = run_program({"demo", "-o", m_folder.filePath("demo")});
        QVERIFY2(ran.status == 0, ran.err.constData());
        m_image = m_folder.filePath("demo/web1.raw");
        m_digest = sha256_of(m_image);
        m_report = report_of(m_folder.filePath("demo/web1.deadbox"), m_folder.filePath("r0"));
        QVERIFY(!m_report.isEmpty());
    }

    // Each machine of a case wrote its logs in its own zone.
    void each_machine_has_its_zone() {
        const QString script =
            "set -e; for m in web1 db1; do mkdir -p $m/etc $m/var/log; printf 'ID=debian\\n' >$m/etc/os-release; echo $m >$m/etc/hostname;"
            "printf 'root:x:0:0::/root:/bin/bash\\n' >$m/etc/passwd; printf 'Mar  2 04:30:00 %s sshd[7]: Accepted password for root from 198.51.100.77 port 1 ssh2\\n' $m >$m/var/log/auth.log; done;"
            "ln -s /usr/share/zoneinfo/Asia/Tokyo web1/etc/localtime; echo Europe/Berlin >db1/etc/timezone; for m in web1 db1; do mke2fs -q -F -t ext4 -d $m $m.raw 8M; done";
        QProcess shell;
        shell.setWorkingDirectory(m_folder.path());
        shell.start("sh", {"-c", script});
        QVERIFY(shell.waitForFinished(60'000) && shell.exitCode() == 0);
        const auto two = m_folder.filePath("two.deadbox");
        const auto ran = run_program({"analyze", m_folder.filePath("web1.raw"), m_folder.filePath("db1.raw"), "-o", two, "--quiet"});
        QVERIFY2(ran.status == 0, ran.err.constData());
        const auto lines = run_program({"timeline", two, "--type", "auth.login.success"}).out;
        QVERIFY2(lines.contains("-02T03:30:00") && lines.contains("-01T19:30:00"), lines.constData());
    }

    void demo_finds_what_was_planted_data() {
        QTest::addColumn<QString>("rule");
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("severity");
        QTest::newRow("twin of root") << "accounts/uid_zero_twin" << "/etc/passwd" << "critical";
        QTest::newRow("webshell") << "webshell/script" << "/var/www/html/uploads/2026/03/thumb.php" << "critical";
        QTest::newRow("changed program") << "binaries/modified" << "/usr/bin/id" << "";
    }
    void demo_finds_what_was_planted() {
        QFETCH(QString, rule);
        QFETCH(QString, path);
        QFETCH(QString, severity);
        bool found = false;
        for (const auto& value : m_report["findings"].toArray()) {
            const auto finding = value.toObject();
            if (finding["rule"].toString() != rule) continue;
            for (const auto& item : finding["items"].toArray()) found = found || item.toObject()["path"].toString() == path;
            if (found && !severity.isEmpty()) QCOMPARE(finding["severity"].toString(), severity);
        }
        QVERIFY2(found, QJsonDocument(m_report["findings"].toArray()).toJson().left(3000).constData());
        QCOMPARE(m_report["verdict"].toObject()["level"].toString(), QStringLiteral("compromised"));
    }
    void demo_twins_stay_silent() {
        for (const auto& value : m_report["findings"].toArray())
            for (const auto& item : value.toObject()["items"].toArray()) {
                const auto path = item.toObject()["path"].toString();
                QVERIFY2(path != "/usr/bin/who" && path != "/var/www/html/theme/footer.php" && path != "/home/martina/notes.txt", qPrintable(path));
            }
    }
    void same_report_for_any_number_of_jobs() {
        for (const QString jobs : {"1", "4"}) {
            const auto path = m_folder.filePath("jobs" + jobs + ".deadbox");
            const auto ran = run_program({"analyze", m_image, "-o", path, "--quiet", "--jobs", jobs, "--case-number", "DEMO-1", "--examiner", "demonstration", "--description", "An image made by deadbox demo"});
            QVERIFY2(ran.status == 0, ran.err.constData());
            QCOMPARE(report_of(path, m_folder.filePath("r" + jobs)), m_report);
        }
    }
    void killed_and_resumed_gives_the_same_report() {
        const auto path = m_folder.filePath("killed.deadbox");
        QStringList arguments{"analyze", m_image, "-o", path, "--quiet", "--case-number", "DEMO-1", "--examiner", "demonstration", "--description", "An image made by deadbox demo"};
        for (int round = 0; round < 12; ++round) {
            QProcess process;
            process.start(QStringLiteral(DEADBOX_BIN_DIR "/deadbox"), arguments);
            QVERIFY(process.waitForStarted());
            if (process.waitForFinished(7 + round * 23)) break;
            ::kill(static_cast<pid_t>(process.processId()), SIGKILL);
            process.waitForFinished();
            if (QFileInfo::exists(path) && !arguments.contains("--resume")) arguments << "--resume";
        }
        if (QFileInfo::exists(path) && !arguments.contains("--resume")) arguments << "--resume";
        const auto ran = run_program(arguments);
        QVERIFY2(ran.status == 0, ran.err.constData());
        QCOMPARE(report_of(path, m_folder.filePath("killed")), m_report);
    }
    void evidence_is_untouched() { QCOMPARE(sha256_of(m_image), m_digest); }
    void verify_names_what_changed() {
        const auto path = m_folder.filePath("demo/web1.deadbox");
        QVERIFY2(run_program({"verify", path}).status == 0, run_program({"verify", path}).out.constData());
        const auto changed = m_folder.filePath("changed.deadbox");
        QVERIFY(QFile::copy(path, changed));
        QProcess sqlite;
        sqlite.start("sqlite3", {changed, "UPDATE inode SET size = size + 1 WHERE id = (SELECT max(id) FROM inode)"});
        QVERIFY(sqlite.waitForFinished() && sqlite.exitCode() == 0);
        const auto ran = run_program({"verify", changed, "--quick"});
        QVERIFY(ran.status != 0);
        QVERIFY2(ran.out.contains("table inode"), ran.out.constData());
        const auto other = m_folder.filePath("tampered.raw");  // the evidence itself stays as it is: a resumed analysis would say that it changed
        QVERIFY(QFile::copy(m_image, other));
        QFile image(other);
        QVERIFY(image.open(QIODevice::ReadWrite));
        image.seek(30 << 20);
        const auto byte = image.read(1);
        image.seek(30 << 20);
        image.write(QByteArray(1, static_cast<char>(byte[0] ^ 1)));
        image.close();
        const auto media = run_program({"verify", path, "--evidence", other});
        QVERIFY(media.status != 0);
        QVERIFY2(media.out.contains("media has changed"), media.out.constData());
    }
    void a_mark_survives_a_second_analysis() {
        const auto path = m_folder.filePath("marked.deadbox");
        QVERIFY(QFile::copy(m_folder.filePath("demo/web1.deadbox"), path));
        const auto id = m_report["findings"].toArray()[0].toObject()["id"].toString();
        QVERIFY(run_program({"mark", path, id, "--state", "dismissed", "--reason", "a drill"}).status == 0);
        QVERIFY(run_program({"analyze", m_image, "-o", path, "--resume", "--quiet"}).status == 0);
        for (const auto& value : report_of(path, m_folder.filePath("marked"))["findings"].toArray())
            if (value.toObject()["id"].toString() == id) QCOMPARE(value.toObject()["state"].toString(), QStringLiteral("dismissed"));
    }
    // A chain whose parts are all dismissed is no finding to exit for, and none to hand over.
    // What the logs have of the way in and of the new account's use is answered and told, in its order.
    void the_story_has_the_way_in_and_the_use() {
        for (const auto& value : m_report["questions"].toArray())
            if (value.toObject()["id"].toString() == "entry") QCOMPARE(value.toObject()["answer"].toString(), QStringLiteral("yes"));
        QHash<QString, QString> rules;
        for (const auto& value : m_report["findings"].toArray()) rules.insert(value.toObject()["id"].toString(), value.toObject()["rule"].toString());
        QStringList told;
        for (const auto& value : m_report["story"].toArray()) {
            const auto rule = rules.value(value.toObject()["findings"].toArray().first().toString());
            if (QStringList{"correlation/web_entry", "webshell/script", "correlation/webshell_used", "accounts/uid_zero_twin", "correlation/account_used", "binaries/modified"}.contains(rule)) told += rule;
        }
        QCOMPARE(told, (QStringList{"correlation/web_entry", "webshell/script", "correlation/webshell_used", "accounts/uid_zero_twin", "correlation/account_used", "binaries/modified"}));
    }
    void a_chain_falls_with_its_parts() {
        const auto path = m_folder.filePath("fallen.deadbox");
        QVERIFY(QFile::copy(m_folder.filePath("demo/web1.deadbox"), path));
        QStringList parts;
        qsizetype chains = 0;
        for (const auto& value : m_report["findings"].toArray()) {
            const auto finding = value.toObject();
            if (finding["rule"].toString().startsWith("correlation/")) ++chains;
            else parts += finding["id"].toString();
        }
        QVERIFY(chains > 0);
        QCOMPARE(run_program({"analyze", m_image, "-o", path, "--resume", "--quiet", "--fail-on", "low"}).status, 1);
        for (const auto& id : parts) QCOMPARE(run_program({"mark", path, id, "--state", "dismissed", "--reason", "a drill"}).status, 0);
        QCOMPARE(run_program({"analyze", m_image, "-o", path, "--resume", "--quiet", "--fail-on", "low"}).status, 0);
        QCOMPARE(run_program({"extract", path, "--all-findings", "-o", m_folder.filePath("nothing"), "--quiet"}).status, 0);
        QFile listed(m_folder.filePath("nothing/files.jsonl"));
        QVERIFY(listed.open(QIODevice::ReadOnly) && listed.readAll().isEmpty());
    }
    void cat_and_extract_give_the_evidence() {
        const auto path = m_folder.filePath("demo/web1.deadbox");
        QCOMPARE(run_program({"cat", path, "/home/martina/notes.txt"}).out, QByteArray("order 40 clamps\ncall the printer\n"));
        const auto out = m_folder.filePath("out");
        const auto ran = run_program({"extract", path, "/home/martina", "-o", out});
        QVERIFY2(ran.status == 0, ran.err.constData());
        QProcess check;
        check.setWorkingDirectory(out);
        check.start("sha256sum", {"-c", "manifest.sha256"});
        QVERIFY(check.waitForFinished() && check.exitCode() == 0);
    }
    void extents_lead_to_the_content() {
        QFile image(m_image);
        QVERIFY(image.open(QIODevice::ReadOnly));
        int checked = 0;
        for (const auto& finding : m_report["findings"].toArray())
            for (const auto& value : finding.toObject()["items"].toArray()) {
                const auto item = value.toObject();
                if (item["sha256"].toString().isEmpty() || item["content"].toString() != "live") continue;
                QCOMPARE(item["origin"].toString(), QStringLiteral("disk"));
                QByteArray content(item["size"].toInteger(), '\0');
                for (const auto& one : item["extents"].toArray()) {
                    const auto extent = one.toObject();
                    QVERIFY(image.seek(extent["media_offset"].toInteger()));
                    const auto bytes = image.read(extent["length"].toInteger());
                    content.replace(extent["offset"].toInteger(), bytes.size(), bytes);
                }
                QCOMPARE(QString::fromLatin1(QCryptographicHash::hash(content, QCryptographicHash::Sha256).toHex()), item["sha256"].toString());
                ++checked;
            }
        QVERIFY(checked >= 3);
    }
    void files_of_the_evidence_have_digests() {
        QProcess convert;
        convert.start("qemu-img", {"convert", "-c", "-O", "qcow2", m_image, m_folder.filePath("web1.qcow2")});
        QVERIFY(convert.waitForFinished() && convert.exitCode() == 0);
        const auto path = m_folder.filePath("qcow2.deadbox"), copy = m_folder.filePath("web1.qcow2");
        QCOMPARE(run_program({"analyze", copy, "-o", path, "--quiet"}).status, 0);
        const auto evidence = report_of(path, m_folder.filePath("qcow2"))["evidence"].toArray()[0].toObject();
        QCOMPARE(evidence["files"].toArray()[0].toObject()["sha256"].toString().toLatin1(), sha256_of(copy));
        QCOMPARE(evidence["media"].toObject()["sha256"].toString().toLatin1(), m_digest);
        QCOMPARE(run_program({"verify", path}).status, 0);
        // Behind the header's fields and before the first table: no byte of the media.
        QFile file(copy);
        QVERIFY(file.open(QIODevice::ReadWrite) && file.seek(60'000) && file.write("x", 1) == 1);
        file.close();
        const auto verified = run_program({"verify", path});
        QVERIFY(verified.status != 0);
        QVERIFY2(verified.out.contains("the file has changed") && !verified.out.contains("media has changed"), verified.out.constData());
    }
    void holes_are_not_read_unasked() {
        QProcess make;
        make.setWorkingDirectory(m_folder.path());
        make.start("sh", {"-c", "PATH=$PATH:/sbin:/usr/sbin; mkdir tree tree/etc && echo root:x:0:0::/:/bin/sh > tree/etc/passwd && printf begin > tree/small && truncate -s 100M tree/small && "
                                "printf end > tree/huge && truncate -s 9G tree/huge && truncate -s 32M holes.raw && mke2fs -q -F -t ext4 -d tree holes.raw"});
        QVERIFY(make.waitForFinished() && make.exitCode() == 0);
        const auto path = m_folder.filePath("holes.deadbox"), out = m_folder.filePath("holes.out");
        QVERIFY(run_program({"analyze", m_folder.filePath("holes.raw"), "-o", path, "--quiet"}).status == 0);
        QVERIFY(run_program({"coverage", path}).out.contains("8 GiB of holes was not hashed"));
        const auto refused = run_program({"cat", path, "/huge"});
        QVERIFY(refused.status != 0 && refused.out.isEmpty() && refused.err.contains("--holes"));
        const auto ran = run_program({"extract", path, "/", "-o", out});
        QCOMPARE(ran.status, 4);
        QVERIFY(!QFileInfo::exists(out + "/huge") && QFileInfo(out + "/small").size() == 100 << 20);
        QProcess used;
        used.start("du", {"-sk", out});
        QVERIFY(used.waitForFinished());
        QVERIFY2(used.readAllStandardOutput().split('\t')[0].toInt() < 2048, "zeros were written");
        QProcess check;
        check.setWorkingDirectory(out);
        check.start("sha256sum", {"-c", "manifest.sha256"});
        QVERIFY(check.waitForFinished() && check.exitCode() == 0);
    }
    void no_evidence_still_leaves_a_case() {
        const auto path = m_folder.filePath("none.deadbox");
        QCOMPARE(run_program({"analyze", m_folder.filePath("missing.raw"), "-o", path, "--quiet"}).status, 3);
        QVERIFY(run_program({"coverage", path}).out.contains("could not be opened"));
    }
    void what_could_not_be_opened_is_tried_anew() {
        const auto path = m_folder.filePath("late.deadbox"), image = m_folder.filePath("late.raw");
        QCOMPARE(run_program({"analyze", image, "-o", path, "--quiet"}).status, 3);
        QCOMPARE(run_program({"analyze", image, "-o", path, "--quiet", "--resume"}).status, 3);
        QVERIFY(QFile::link(m_image, image));
        QCOMPARE(run_program({"analyze", image, "-o", path, "--quiet", "--resume"}).status, 0);
        QVERIFY(!run_program({"coverage", path}).out.contains("could not be opened"));
    }
    void resume_refuses_other_evidence() {
        const auto path = m_folder.filePath("own.deadbox"), other = m_folder.filePath("other.raw");
        QVERIFY(QFile::copy(m_image, other));
        QFile file(other);
        QVERIFY(file.open(QIODevice::ReadWrite) && file.seek(440) && file.write("else", 4) == 4);  // in the MBR: the disk's signature
        file.close();
        QCOMPARE(run_program({"analyze", m_image, "-o", path, "--quiet"}).status, 0);
        const auto ran = run_program({"analyze", other, "-o", path, "--quiet", "--resume"});
        QVERIFY(ran.status != 0 && ran.err.contains("not the evidence of the case"));
    }
    // Names that meet, and a case that is there already: each machine has a case of its own or a row that says why not.
    void batch_goes_on_with_the_others() {
        const auto folder = m_folder.filePath("fleet"), list = m_folder.filePath("fleet.csv");
        QVERIFY(QDir().mkpath(folder));
        QFile there(folder + "/there.deadbox"), manifest(list);
        QVERIFY(there.open(QIODevice::WriteOnly) && there.write("of another batch") > 0);
        QVERIFY(manifest.open(QIODevice::WriteOnly));
        manifest.write(("machine,evidence\nthere," + m_image + "\nx,/missing/1\nx,/missing/2\nx-2," + m_image + "\nx,/missing/3\n").toUtf8());
        there.close(), manifest.close();
        const auto ran = run_program({"batch", list, "-o", folder});
        QVERIFY2(ran.status == 4 && ran.err.contains("there.deadbox exists"), ran.err.constData());
        QFile summary(folder + "/summary.json");
        QVERIFY(summary.open(QIODevice::ReadOnly));
        QStringList rows;
        for (const auto& value : QJsonDocument::fromJson(summary.readAll()).array()) {
            const auto row = value.toObject();
            rows << QStringLiteral("%1 %2 %3 %4").arg(row["machine"].toString(), row["case"].toString().section('/', -1)).arg(row["exit"].toInt()).arg(row["reason"].isString());
        }
        QCOMPARE(rows, (QStringList{"there there.deadbox 2 1", "x x.deadbox 3 1", "x-3 x-3.deadbox 3 1", "x-2 x-2.deadbox 0 0", "x-4 x-4.deadbox 3 1"}));
        QVERIFY(there.open(QIODevice::ReadOnly) && there.readAll() == "of another batch");
        QFile::remove(list);
        QVERIFY(manifest.open(QIODevice::WriteOnly) && manifest.write(("machine,evidence\nthere," + m_image + "\n").toUtf8()) > 0);
        manifest.close();
        QCOMPARE(run_program({"batch", list, "-o", folder, "--quiet"}).status, 2);
    }
    void batch_survives_a_broken_image() {
        QVERIFY(QDir().mkpath(m_folder.filePath("images")));
        QVERIFY(QFile::link(m_image, m_folder.filePath("images/good.raw")));
        QFile broken(m_folder.filePath("images/broken.qcow2"));
        QVERIFY(broken.open(QIODevice::WriteOnly));
        broken.write("QFI\xfb\x00\x00\x00\x03 this is cut", 20);
        broken.close();
        const auto ran = run_program({"batch", m_folder.filePath("images"), "-o", m_folder.filePath("batch")});
        QVERIFY2(ran.status == 4, ran.err.constData());
        QFile summary(m_folder.filePath("batch/summary.json"));
        QVERIFY(summary.open(QIODevice::ReadOnly));
        const auto rows = QJsonDocument::fromJson(summary.readAll()).array();
        QCOMPARE(rows.size(), 2);
        QCOMPARE(rows[1].toObject()["verdict"].toString(), QStringLiteral("compromised"));
        QCOMPARE(rows[0].toObject()["exit"].toInt(), 3);
    }

private:
    QTemporaryDir m_folder;
    QString m_image;
    QByteArray m_digest;
    QJsonObject m_report;
};
DEADBOX_TEST(AnalysisTest)
#include "analysis_test.moc"
