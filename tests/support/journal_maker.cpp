#include "support/journal_maker.hpp"

#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QTemporaryDir>
#include <QtEndian>

namespace deadbox::test {

QString journal_program() {
    for (const auto* path : {"/lib/systemd/systemd-journal-remote", "/usr/lib/systemd/systemd-journal-remote"})
        if (QFileInfo(QString::fromLatin1(path)).isExecutable()) return QString::fromLatin1(path);
    return {};
}

QByteArray make_journal(const std::vector<JournalLine>& lines, bool packed, bool compact) {
    // The journal export format: text fields as NAME=value, others as NAME, length and bytes.
    QByteArray text;
    std::uint64_t since_boot = 1'000'000;
    for (const auto& line : lines) {
        text += "__REALTIME_TIMESTAMP=" + QByteArray::number(qulonglong(line.time)) + "\n__MONOTONIC_TIMESTAMP=" + QByteArray::number(qulonglong(since_boot++)) + "\n_BOOT_ID=0123456789abcdef0123456789abcdef\n";
        for (const auto& [name, value] : line.fields) {
            const auto length = qToLittleEndian(quint64(value.size()));
            text += name + "\n" + QByteArray(reinterpret_cast<const char*>(&length), 8) + value + "\n";
        }
        text += "\n";
    }
    const QTemporaryDir folder;
    const auto out = folder.filePath(QStringLiteral("out.journal"));
    QProcess process;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("SYSTEMD_JOURNAL_COMPACT"), compact ? QStringLiteral("1") : QStringLiteral("0"));
    process.setProcessEnvironment(environment);
    process.start(journal_program(), {QStringLiteral("--output=") + out, QStringLiteral("--compress=") + (packed ? QStringLiteral("yes") : QStringLiteral("no")), QStringLiteral("-")});
    process.write(text);
    process.closeWriteChannel();
    if (!process.waitForFinished(30'000)) process.kill();
    QFile file(out);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

}  // namespace deadbox::test
