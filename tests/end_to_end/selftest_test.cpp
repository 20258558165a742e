// The self-test: passes on this workstation with all its images, and fails where the program is broken.
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>

#include "support/test_main.hpp"

namespace {

struct Ran {
    int status = -1;
    QByteArray out, err;
};

Ran run_program(const QStringList& arguments, const QString& program = QStringLiteral(DEADBOX_BIN_DIR "/deadbox")) {
    QProcess process;
    process.start(program, arguments);
    process.waitForFinished(280'000);
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAllStandardOutput(), process.readAllStandardError()};
}

QJsonObject record_of(const QString& folder) {
    QFile file(folder + "/validation.json");
    return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()).object() : QJsonObject();
}

}  // namespace

class SelftestTest : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;

private slots:
    void passes_here() {
        const auto out = m_folder.filePath("record");
        const auto ran = run_program({"selftest", "-o", out});
        QVERIFY2(ran.status == 0, (ran.out + ran.err).constData());
        const auto record = record_of(out);
        QCOMPARE(record["verdict"].toString(), QStringLiteral("passed"));
        QSet<QString> tried;
        for (const auto& value : record["trials"].toArray()) {
            const auto trial = value.toObject();
            if (trial["verdict"].toString() == "passed") tried.insert(trial["image"].toString());
            QVERIFY(trial["verdict"].toString() != "failed");
        }
        for (const char* image : {"compromised", "healthy", "damaged", "split", "qcow2", "vmdk", "ewf", "workstation"}) QVERIFY2(tried.contains(image), image);
        QVERIFY(record["counts"].toObject()["passed"].toInt() > 150);
        const auto workstation = record["workstation"].toObject();
        QVERIFY(workstation["libraries"].toArray().size() > 5 && workstation["programs"].toArray().size() == 2 && workstation["topics"].toArray().size() > 5);
        QVERIFY(!workstation["kernel"].toString().isEmpty());
        QCOMPARE(QDir(out).entryList(QDir::Dirs | QDir::NoDotAndDotDot), QStringList());  // nothing of the work is left
        // A record is shown to others: nothing of the machine's secrets is in it.
        for (const auto& name : QDir(out).entryList(QDir::Files)) {
            QFile file(out + "/" + name);
            QVERIFY(file.open(QIODevice::ReadOnly));
            const auto bytes = file.readAll();
            for (const char* secret : {"YbHwZk3vQn0dXkq9mFhE7", "kJ2hG4fD6sA8pO0iU2yT4rE6wQ8", "Kl4mmer-Sturm_1954", "DemoUserKeyDemoUserKey", "tok5f8Zq3Lw9Xc2Vb7Nm1"}) QVERIFY2(!bytes.contains(secret), qPrintable(name + " tells " + secret));
        }
        const auto verified = run_program({"verify", out});
        QVERIFY2(verified.status == 0, verified.out.constData());
    }

    // A program whose worker does not work finds nothing, and says so.
    void fails_where_the_program_is_broken() {
        const auto bin = m_folder.filePath("bin");
        QVERIFY(QDir().mkpath(bin));
        QVERIFY(QFile::copy(QStringLiteral(DEADBOX_BIN_DIR "/deadbox"), bin + "/deadbox"));
        QFile worker(bin + "/deadbox-worker");
        QVERIFY(worker.open(QIODevice::WriteOnly) && worker.write("#!/bin/sh\nexit 1\n") > 0);
        worker.close();
        QVERIFY(worker.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner));
        const auto ran = run_program({"selftest", "-o", m_folder.filePath("broken"), "--quiet"}, bin + "/deadbox");
        QVERIFY2(ran.status == 1, (QByteArray::number(ran.status) + ran.out + ran.err).constData());
        QVERIFY(ran.out.contains("failed"));
        QCOMPARE(record_of(m_folder.filePath("broken"))["verdict"].toString(), QStringLiteral("failed"));
        QCOMPARE(run_program({"verify", m_folder.filePath("broken")}).status, 0);  // the record of the failure is signed too
    }
};
DEADBOX_TEST(SelftestTest)
#include "selftest_test.moc"
