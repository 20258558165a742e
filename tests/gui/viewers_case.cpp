#include "gui/viewers_case.hpp"

#include <QDebug>
#include <QDir>
#include <QFile>
#include <QImage>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>

#include "support/journal_maker.hpp"

namespace deadbox::test {
namespace {

void put(const QString& path, const QByteArray& bytes) {
    QDir().mkpath(path.left(path.lastIndexOf(QLatin1Char('/'))));
    QFile file(path);
    if (file.open(QIODevice::WriteOnly)) file.write(bytes);
    else qWarning() << path << file.errorString();
}

bool run(const QString& program, const QStringList& arguments, const QString& folder, const QByteArray& input = {}) {
    QProcess process;
    process.setWorkingDirectory(folder);
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("LC_ALL"), QStringLiteral("C.UTF-8"));  // names are kept as they are
    process.setProcessEnvironment(environment);
    process.start(QStandardPaths::findExecutable(program, {QStringLiteral("/usr/sbin"), QStringLiteral("/sbin"), QStringLiteral("/usr/bin"), QStringLiteral("/bin")}), arguments);
    process.write(input);
    process.closeWriteChannel();
    const bool done = process.waitForFinished(120'000) && process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0;
    if (!done) qWarning() << program << process.readAllStandardError();
    return done;
}

bool fill(const QString& root, const QString& work) {
    put(root + QStringLiteral("/etc/os-release"), "ID=debian\nPRETTY_NAME=\"Debian GNU/Linux 12\"\n");
    put(root + QStringLiteral("/etc/hostname"), "viewers\n");
    put(root + QStringLiteral("/etc/passwd"), "root:x:0:0:root:/root:/bin/bash\nann:x:1000:1000::/home/ann:/bin/bash\nmallory:x:0:0::/root:/bin/bash\n");
    put(root + QStringLiteral("/etc/passwd-"), "root:x:0:0:root:/root:/bin/bash\nann:x:1000:1000::/home/ann:/bin/bash\n");
    put(root + QStringLiteral("/etc/app.conf"), "listen 80\nuser www\nallow all\n");
    put(root + QStringLiteral("/etc/app.conf.dpkg-dist"), "listen 80\nuser www\nallow none\n");
    put(root + QStringLiteral("/srv/one-line.txt"), QByteArray(10 << 20, 'x'));
    put(root + QStringLiteral("/srv/") + QString::fromUtf8(k_evil_name), QByteArray("<h1>\x1b[2J\xff\xfe\xe2\x80\xae</h1>\n"));
    put(root + QStringLiteral("/srv/.secret/tool.sh"), "#!/bin/sh\necho hidden\n");
    QFile::copy(QStringLiteral("/bin/true"), root + QStringLiteral("/srv/program"));
    QImage picture(64, 48, QImage::Format_RGB32);
    picture.fill(QColor(200, 30, 60));
    picture.setText(QStringLiteral("Software"), QStringLiteral("made <b>by</b> a test"));
    picture.save(root + QStringLiteral("/srv/photo.png"));
    put(work + QStringLiteral("/tree/inside.txt"), "inside");
    put(work + QStringLiteral("/tree/") + QString::fromUtf8(k_evil_name), "boo");
    for (const auto& [name, options] : std::initializer_list<std::pair<const char*, QStringList>>{{"a.tgz", {QStringLiteral("-z")}}, {"a.zip", {QStringLiteral("--format=zip")}}})
        if (!run(QStringLiteral("bsdtar"), QStringList{QStringLiteral("-cf"), root + QStringLiteral("/srv/") + QString::fromLatin1(name)} + options + QStringList{QStringLiteral(".")}, work + QStringLiteral("/tree"))) return false;
    if (!run(QStringLiteral("sqlite3"), {root + QStringLiteral("/srv/a.db")}, work,
             "CREATE TABLE visits(id INTEGER PRIMARY KEY, url TEXT); WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) INSERT INTO visits SELECT i, 'http://example.org/' || i FROM n;"
             "CREATE TABLE \"<b>odd\"(\"<i>name\" TEXT); INSERT INTO \"<b>odd\" VALUES('<script>' || char(27) || '[2J' || char(8238));"))
        return false;
    if (!journal_program().isEmpty()) {
        std::vector<JournalLine> lines;
        for (int i = 0; i < 700; ++i) lines.push_back({1'709'352'667'000'000ull + static_cast<std::uint64_t>(i) * 1'000'000, {{"MESSAGE", i % 100 == 3 ? QByteArray(k_evil_name) : "message " + QByteArray::number(i)}, {"_SYSTEMD_UNIT", "ssh.service"}, {"SYSLOG_IDENTIFIER", "sshd"}, {"_PID", "77"}, {"PRIORITY", "6"}}});
        put(root + QStringLiteral("/var/log/journal/0123456789abcdef0123456789abcdef/system.journal"), make_journal(lines, true, true));
    }
    return true;
}

}  // namespace

QString viewers_case() {
    static QTemporaryDir folder;
    static const QString path = [] {
        const auto root = folder.filePath(QStringLiteral("root")), image = folder.filePath(QStringLiteral("viewers.raw")), made = folder.filePath(QStringLiteral("viewers.deadbox"));
        if (!fill(root, folder.path())) return QString();
        if (!run(QStringLiteral("mke2fs"), {QStringLiteral("-q"), QStringLiteral("-t"), QStringLiteral("ext4"), QStringLiteral("-d"), root, image, QStringLiteral("64M")}, folder.path())) return QString();
        QProcess analysis;
        analysis.start(QStringLiteral(DEADBOX_BIN_DIR "/deadbox"), {QStringLiteral("analyze"), image, QStringLiteral("-o"), made, QStringLiteral("--quiet")});
        if (!analysis.waitForFinished(240'000)) analysis.kill();
        if (!QFile::exists(made)) qWarning() << "deadbox analyze:" << analysis.readAllStandardError();
        return QFile::exists(made) ? made : QString();
    }();
    return path;
}

QString harmful(const QString& text, bool lines) {
    for (const QChar c : text) {
        const auto u = c.unicode();
        const bool line = lines && (u == '\n' || u == '\t' || u == 0x2028 || u == 0x2029);
        if ((u < 0x20 && !line) || (u >= 0x7f && u < 0xa0) || (u >= 0x202a && u <= 0x202e) || (u >= 0x2066 && u <= 0x2069) || u == 0x200b || u == 0x200f) return QStringLiteral("U+%1 in %2").arg(u, 4, 16).arg(text.left(80));
    }
    return {};
}

}  // namespace deadbox::test
