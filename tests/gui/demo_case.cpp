#include "gui/demo_case.hpp"

#include <QDebug>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>

namespace deadbox::test {

QString demo_case() {
    static QTemporaryDir folder;
    static const QString path = [] {
        QProcess process;
        process.start(QStringLiteral(DEADBOX_BIN_DIR "/deadbox"), {QStringLiteral("demo"), QStringLiteral("-o"), folder.path(), QStringLiteral("--quiet")});
        if (!process.waitForFinished(240'000)) process.kill();
        const QString made = folder.path() + QStringLiteral("/web1.deadbox");
        if (!QFile::exists(made)) qWarning() << "deadbox demo:" << process.readAllStandardError();
        return QFile::exists(made) ? made : QString();
    }();
    return path;
}

QString copy_of_demo_case(const QString& folder) {
    const QString copy = folder + QStringLiteral("/web1.deadbox");
    return QFile::copy(demo_case(), copy) ? copy : QString();
}

}  // namespace deadbox::test
