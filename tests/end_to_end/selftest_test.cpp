// The self-test: passes on this workstation with all its images, and fails where what is examined is not what is known.
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

Ran run_program(const QStringList& arguments, const QString& resources = {}) {
    QProcess process;
    if (!resources.isEmpty()) {
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("DEADBOX_RESOURCES", resources);
        process.setProcessEnvironment(environment);
    }
    process.start(QStringLiteral(DEADBOX_BIN_DIR "/deadbox"), arguments);
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
        const auto verified = run_program({"verify", out});
        QVERIFY2(verified.status == 0, verified.out.constData());
    }

    // Without the list of grave words the webshell's rule is blunt; a rule that is gone is a finding that is missing.
    void fails_where_rules_are_missing() {
        const auto resources = m_folder.filePath("resources");
        QProcess copy;
        copy.start("cp", {"-r", QStringLiteral(DEADBOX_SOURCE_DIR "/resources"), resources});
        QVERIFY(copy.waitForFinished() && copy.exitCode() == 0);
        QFile words(resources + "/webshell/words.tsv");
        QVERIFY(words.open(QIODevice::WriteOnly | QIODevice::Truncate));
        words.close();
        const auto ran = run_program({"selftest", "-o", m_folder.filePath("blunt"), "--quiet"}, resources);
        QVERIFY2(ran.status != 0, ran.out.constData());
        if (ran.status == 1) QCOMPARE(record_of(m_folder.filePath("blunt"))["verdict"].toString(), QStringLiteral("failed"));
    }
};
DEADBOX_TEST(SelftestTest)
#include "selftest_test.moc"
