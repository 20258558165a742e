// A case on media that cannot be written: everything is shown, nothing is written beside it, and edits say why they fail.
#include <QDir>
#include <QFileInfo>
#include <QProcess>
#include <QTemporaryDir>

#include <unistd.h>

#include "case/edit.hpp"
#include "gui/demo_case.hpp"
#include "gui/widgets/plain_label.hpp"
#include "gui/window_fixture.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using test::wait_for;

class ReadOnlyMediaTest : public QObject {
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_folder;
    bool m_mounted = false;

    static bool run(const QString& program, const QStringList& arguments) {
        QProcess process;
        process.setProcessChannelMode(QProcess::ForwardedChannels);
        process.start(program, arguments);
        return process.waitForFinished() && process.exitCode() == 0;
    }
    QString in_folder(const char* name) const { return m_folder->filePath(QString::fromLatin1(name)); }

private Q_SLOTS:
    void initTestCase() {
        if (::getuid() != 0) QSKIP("needs root, to mount");
        QVERIFY2(!test::demo_case().isEmpty(), "no demo case");
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(QDir(m_folder->path()).mkpath(QStringLiteral("burn")) && QDir(m_folder->path()).mkpath(QStringLiteral("media")));
        QVERIFY(!test::copy_of_demo_case(in_folder("burn")).isEmpty());
        QVERIFY(run(QStringLiteral("genisoimage"), {QStringLiteral("-quiet"), QStringLiteral("-r"), QStringLiteral("-J"), QStringLiteral("-o"), in_folder("media.iso"), in_folder("burn")}));
        m_mounted = run(QStringLiteral("mount"), {QStringLiteral("-o"), QStringLiteral("loop,ro"), in_folder("media.iso"), in_folder("media")});
        if (!m_mounted) {
            // A kernel without ISO 9660: any file system that is mounted read-only serves.
            QVERIFY(run(QStringLiteral("truncate"), {QStringLiteral("-s"), QStringLiteral("64M"), in_folder("media.raw")}));
            QVERIFY(run(QStringLiteral("mke2fs"), {QStringLiteral("-q"), QStringLiteral("-t"), QStringLiteral("ext4"), QStringLiteral("-d"), in_folder("burn"), in_folder("media.raw")}));
            m_mounted = run(QStringLiteral("mount"), {QStringLiteral("-o"), QStringLiteral("loop,ro"), in_folder("media.raw"), in_folder("media")});
        }
        if (!m_mounted) QSKIP("nothing can be mounted here");
    }
    void cleanupTestCase() {
        if (m_mounted) run(QStringLiteral("umount"), {in_folder("media")});
    }

    void everything_is_shown() {
        auto window = test::open_window(in_folder("media/web1.deadbox"));
        QVERIFY(wait_for([&] {
            const auto* verdict = window->findChild<gui::PlainLabel*>(QStringLiteral("verdict"));
            return verdict != nullptr && verdict->text().contains(QStringLiteral("intruder had control"));
        }));
        bool said = false;
        for (const auto* label : window->findChildren<gui::PlainLabel*>()) said = said || label->text().contains(QStringLiteral("evidence and case read-only"));
        QVERIFY(said);
        for (const auto* page : {"findings", "timeline", "files", "entities", "coverage", "notes", "custody", "report"}) test::settle(*window, QString::fromLatin1(page));
        std::optional<base::Result<void>> edited;
        window->session()->edit(window.get(), [](const std::string& path) { return case_file::mark_findings(path, {{"none", {}, {}, {"tag"}, {}}}); }, [&](base::Result<void> done) { edited = std::move(done); });
        QVERIFY(wait_for([&] { return edited.has_value(); }));
        QVERIFY(!*edited);
        QCOMPARE((*edited).error().what, std::string("the case cannot be written here; copy it to a place where it can"));
        QCOMPARE(QDir(in_folder("media")).entryList({QStringLiteral("web1.deadbox*")}).size(), 1);
    }
};

DEADBOX_TEST(ReadOnlyMediaTest)
#include "read_only_media_test.moc"
