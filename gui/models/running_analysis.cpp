#include "gui/models/running_analysis.hpp"

#include <QDir>
#include <QFile>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace deadbox::gui {
namespace {

constexpr qint64 k_longest_progress = 4096;

// The descriptor of the process that is this file, among those that it has open.
bool has_open(qint64 process, const struct stat& file) {
    const QDir open(QStringLiteral("/proc/%1/fd").arg(process));
    const auto names = open.entryList(QDir::Files | QDir::System | QDir::NoDotAndDotDot);
    for (const auto& name : names) {
        struct stat status {};
        if (::stat(QFile::encodeName(open.filePath(name)).constData(), &status) == 0 && status.st_dev == file.st_dev && status.st_ino == file.st_ino) return true;
    }
    return false;
}

}  // namespace

// proc_locks(5): "1: FLOCK  ADVISORY  WRITE 4711 08:01:131 0 EOF". The device may be another than stat's (btrfs), so the
// process is asked too.
std::optional<qint64> analysis_of(const QString& case_path) {
    struct stat file {};
    if (::stat(QFile::encodeName(case_path).constData(), &file) != 0) return std::nullopt;
    QFile locks(QStringLiteral("/proc/locks"));
    if (!locks.open(QIODevice::ReadOnly)) return std::nullopt;
    const auto ending = ':' + QByteArray::number(static_cast<qulonglong>(file.st_ino));
    const auto lines = locks.readAll().split('\n');
    for (const auto& line : lines) {
        const auto words = line.simplified().split(' ');
        if (words.size() < 6 || words[1] != "FLOCK" || words[3] != "WRITE" || !words[5].endsWith(ending)) continue;
        if (const auto process = words[4].toLongLong(); process > 0 && has_open(process, file)) return process;
    }
    return std::nullopt;
}

QByteArray progress_of(qint64 process) {
    const QDir open(QStringLiteral("/proc/%1/fd").arg(process));
    const auto names = open.entryList(QDir::Files | QDir::System | QDir::NoDotAndDotDot);
    for (const auto& name : names) {
        const auto path = open.filePath(name);
        char target[64] = {};
        if (::readlink(QFile::encodeName(path).constData(), target, sizeof target - 1) <= 0 || !QByteArray(target).startsWith("/memfd:deadbox-progress")) continue;
        QFile progress(path);
        if (!progress.open(QIODevice::ReadOnly)) return {};
        const auto text = progress.read(k_longest_progress);
        return text.left(text.indexOf('\n'));
    }
    return {};
}

}  // namespace deadbox::gui
