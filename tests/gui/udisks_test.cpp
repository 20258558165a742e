// The real udisksd on a bus of the test's own, with a loop device of the demo's image: as root; skipped where it cannot run.
#include <QFileInfo>
#include <QProcess>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTreeWidget>

#include <fcntl.h>
#include <unistd.h>

#include "case/view.hpp"
#include "case/view_files.hpp"
#include "gui/demo_case.hpp"
#include "gui/models/disk_opener.hpp"
#include "gui/models/evidence_bytes.hpp"
#include "gui/pages/start_page.hpp"
#include "gui/private_bus.hpp"
#include "gui/widgets/disk_list.hpp"
#include "gui/widgets/message_bar.hpp"
#include "gui/widgets/new_case_form.hpp"
#include "gui/window_fixture.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using test::page_of, test::wait_for;

class UdisksTest : public QObject {
    Q_OBJECT
    std::unique_ptr<test::PrivateBus> m_bus;
    std::unique_ptr<QTemporaryDir> m_folder;
    QProcess m_udisks;
    QString m_device;

    static QString output_of(const QString& program, const QStringList& arguments) {
        QProcess process;
        process.start(program, arguments);
        process.waitForFinished();
        return process.exitCode() == 0 ? QString::fromUtf8(process.readAllStandardOutput()).trimmed() : QString();
    }

private Q_SLOTS:
    void initTestCase() {
        const QString daemon = QStringLiteral("/usr/libexec/udisks2/udisksd");
        if (::getuid() != 0 || !QFileInfo(daemon).isExecutable()) QSKIP("needs root and udisks2");
        QVERIFY2(!test::demo_case().isEmpty(), "no demo case");
        m_folder = std::make_unique<QTemporaryDir>();
        const auto image = m_folder->filePath(QStringLiteral("disk.raw"));
        QVERIFY(QFile::copy(QFileInfo(test::demo_case()).path() + QStringLiteral("/web1.raw"), image));
        m_device = output_of(QStringLiteral("losetup"), {QStringLiteral("--find"), QStringLiteral("--show"), QStringLiteral("--read-only"), image});
        if (m_device.isEmpty()) QSKIP("no loop devices here");
        // udisksd shows what udev knows; where no udev runs, this makes it known.
        output_of(QStringLiteral("udevadm"), {QStringLiteral("test"), QStringLiteral("--action=add"), QStringLiteral("/sys/block/") + QFileInfo(m_device).fileName()});
        m_bus = std::make_unique<test::PrivateBus>();
        QVERIFY(!m_bus->address().isEmpty());
        m_udisks.setProcessChannelMode(QProcess::ForwardedChannels);
        m_udisks.start(daemon, {QStringLiteral("--no-debug")});
        QVERIFY(m_udisks.waitForStarted());
        // It is there when it is the one that answers: without it a disk is opened directly, which root may. Then it comes to know
        // the loop device.
        QVERIFY(wait_for([] {
            const auto opened = gui::open_disk(QStringLiteral("/dev/null"));
            return !opened && opened.error().what.find("UDisks2 knows no disk") != std::string::npos;
        }));
        QVERIFY(wait_for([this] { return gui::open_disk(m_device).has_value(); }));
    }
    void cleanupTestCase() {
        if (m_udisks.state() != QProcess::NotRunning) m_udisks.kill(), m_udisks.waitForFinished();
        if (!m_device.isEmpty()) output_of(QStringLiteral("losetup"), {QStringLiteral("-d"), m_device});
    }

    void it_hands_out_a_descriptor_for_reading() {
        std::optional<base::Result<gui::OpenDisks>> answer;
        gui::open_disks({m_device}, this, [&](base::Result<gui::OpenDisks> disks) { answer = std::move(disks); });
        QVERIFY(wait_for([&] { return answer.has_value(); }));
        QVERIFY2(*answer, *answer ? "" : answer->error().what.c_str());
        const int fd = (**answer).at(m_device)->get();
        QCOMPARE(::fcntl(fd, F_GETFL) & O_ACCMODE, O_RDONLY);
        QByteArray head(4096, 0);
        QCOMPARE(::pread(fd, head.data(), 4096, 0), ssize_t{4096});
    }

    void a_disk_is_examined_and_its_files_are_read_later() {
        auto window = test::open_window({});
        window->show_page(QStringLiteral("start"));
        auto& start = page_of<gui::StartPage>(*window, "start");
        start.begin_case();
        auto& form = start.form();
        form.disks().show();
        form.disks().look_again();
        auto* list = form.disks().findChild<QTreeWidget*>();
        QVERIFY(wait_for([&] { return !list->findItems(m_device, Qt::MatchExactly).isEmpty(); }));
        auto* item = list->findItems(m_device, Qt::MatchExactly).first();
        QVERIFY2(item->text(4).startsWith(QStringLiteral("read-only")), qPrintable(item->text(4)));
        list->setCurrentItem(item);
        QTest::mouseClick(form.disks().findChild<QPushButton*>(), Qt::LeftButton);
        auto* evidence = form.findChild<QTreeWidget*>();
        QVERIFY(wait_for([&] { return evidence->topLevelItemCount() == 1 && evidence->topLevelItem(0)->childCount() > 0; }));
        auto what = form.what();
        what.output = m_folder->filePath(QStringLiteral("disk.deadbox"));
        QVERIFY(what.arguments().last().startsWith(QStringLiteral("fd:")));
        window->start_analysis(what);
        QVERIFY(QTest::qWaitFor([&] { return window->run().state() == gui::AnalysisRun::State::finished; }, 120'000));
        QCOMPARE(window->run().outcome(), gui::AnalysisRun::Outcome::done);
        const auto view = case_file::View::open(what.output.toStdString());
        QVERIFY(view);
        const auto rows = case_file::evidence(*view);
        QVERIFY(rows && rows->size() == 1);
        QCOMPARE(rows->front().files.front().path, m_device.toStdString());
        auto custody = view->prepare("SELECT details FROM custody WHERE action = 'evidence.state'");
        QVERIFY(custody && *custody->step());
        QVERIFY(custody->text(0).find("sectors_written") != std::string_view::npos);
        custody->reset();

        auto row = view->prepare("SELECT inode FROM file WHERE path = '/etc/passwd' AND name_allocated = 1");
        QVERIFY(row && *row->step());
        gui::EvidenceBytes bytes(what.output, {});
        QSignalSpy ready(&bytes, &gui::EvidenceBytes::ready), failed(&bytes, &gui::EvidenceBytes::failed);
        bytes.request(row->integer(0), 0, 1 << 20);
        QVERIFY(wait_for([&] { return ready.size() + failed.size() > 0; }));
        QVERIFY2(failed.isEmpty(), failed.isEmpty() ? "" : qPrintable(failed[0][1].toString()));
        QVERIFY(ready[0][1].toByteArray().contains("root:"));
    }
};

DEADBOX_TEST(UdisksTest)
#include "udisks_test.moc"
