// Attached disks in the window: what the list says of them, and descriptors from UDisks2. The peer here speaks UDisks2's
// interface on a bus of the test's own and hands out real descriptors; gui_heavy's udisks_test does the same with udisksd.
#include <QDBusArgument>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusObjectPath>
#include <QDBusUnixFileDescriptor>
#include <QDBusVirtualObject>
#include <QFileInfo>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTreeWidget>

#include <fcntl.h>
#include <unistd.h>

#include "case/view.hpp"
#include "gui/demo_case.hpp"
#include "gui/models/disk_opener.hpp"
#include "gui/pages/start_page.hpp"
#include "gui/private_bus.hpp"
#include "gui/widgets/disk_list.hpp"
#include "gui/widgets/message_bar.hpp"
#include "gui/widgets/new_case_form.hpp"
#include "gui/widgets/plain_label.hpp"
#include "gui/window_fixture.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using test::page_of, test::wait_for;

namespace {

const QString k_service = QStringLiteral("org.freedesktop.UDisks2");

// /dev/deadbox-test is the demo's image; /dev/deadbox-denied is refused; /dev/deadbox-writable comes open for writing.
class Peer final : public QDBusVirtualObject {
public:
    explicit Peer(QString image) : m_image(std::move(image)) {}
    QString introspect(const QString&) const override { return {}; }
    bool handleMessage(const QDBusMessage& message, const QDBusConnection& connection) override {
        const auto say = [&](const QVariant& value) { return connection.send(message.createReply(value)); };
        if (message.member() == QLatin1String("ResolveDevice")) {
            const auto path = qdbus_cast<QVariantMap>(message.arguments().value(0)).value(QStringLiteral("path")).toString();
            QList<QDBusObjectPath> found;
            if (path.startsWith(QLatin1String("/dev/deadbox-"))) found << QDBusObjectPath(QStringLiteral("/org/freedesktop/UDisks2/block_devices/") + path.mid(5).replace(QLatin1Char('-'), QLatin1Char('_')));
            return say(QVariant::fromValue(found));
        }
        if (message.member() != QLatin1String("OpenDevice")) return false;
        modes << message.arguments().value(0).toString();
        interactive = message.isInteractiveAuthorizationAllowed();
        if (message.path().endsWith(QLatin1String("denied"))) return connection.send(message.createErrorReply(QStringLiteral("org.freedesktop.UDisks2.Error.NotAuthorized"), QStringLiteral("Not authorized to perform operation")));
        const int fd = ::open(qPrintable(m_image), message.path().endsWith(QLatin1String("writable")) ? O_RDWR : O_RDONLY);
        QDBusUnixFileDescriptor handed;
        handed.giveFileDescriptor(fd);
        return say(QVariant::fromValue(handed));
    }
    QStringList modes;
    bool interactive = false;

private:
    QString m_image;
};

QByteArray device_line(const char* device, bool read_only, const QByteArray& uses, bool rule) {
    return QByteArray("{\"device\":\"") + device + "\",\"model\":\"Example \\u202eDisk\",\"serial\":\"4C530001\",\"size\":16777216,\"read_only\":" + (read_only ? "true" : "false") +
           ",\"examination_rule\":" + (rule ? "true" : "false") + ",\"examination_rule_state\":\"" + (rule ? "active" : "not_installed") + "\",\"examination_rule_file\":\"\",\"uses\":[" + uses + "]}\n";
}

}  // namespace

class DisksTest : public QObject {
    Q_OBJECT
    std::unique_ptr<test::PrivateBus> m_bus;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Peer> m_peer;

    QString image() const { return m_folder->filePath(QStringLiteral("disk.raw")); }

    // What open_disks() answers for one disk.
    base::Result<gui::OpenDisks> opened(const QString& path) {
        std::optional<base::Result<gui::OpenDisks>> answer;
        gui::open_disks({path}, this, [&](base::Result<gui::OpenDisks> disks) { answer = std::move(disks); });
        if (!wait_for([&] { return answer.has_value(); })) return base::fail(base::Errc::internal, "no answer");
        return std::move(*answer);
    }

private Q_SLOTS:
    void initTestCase() {
        QVERIFY2(!test::demo_case().isEmpty(), "no demo case");
        m_bus = std::make_unique<test::PrivateBus>();
        QVERIFY2(!m_bus->address().isEmpty(), "dbus-daemon does not start");
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(QFile::copy(QFileInfo(test::demo_case()).path() + QStringLiteral("/web1.raw"), image()));
        m_peer = std::make_unique<Peer>(image());
        auto bus = QDBusConnection::connectToBus(m_bus->address(), QStringLiteral("peer"));
        QVERIFY(bus.isConnected());
        QVERIFY(bus.registerVirtualObject(QStringLiteral("/org/freedesktop/UDisks2"), m_peer.get(), QDBusConnection::SubPath));
    }
    void init() { QVERIFY(QDBusConnection(QStringLiteral("peer")).registerService(k_service)); }
    void cleanup() { QDBusConnection(QStringLiteral("peer")).unregisterService(k_service); }

    void a_disk_is_opened_for_reading() {
        m_peer->modes.clear();
        const auto disks = opened(QStringLiteral("/dev/deadbox-test"));
        QVERIFY2(disks, disks ? "" : disks.error().what.c_str());
        QCOMPARE(m_peer->modes, QStringList{QStringLiteral("r")});
        QVERIFY(m_peer->interactive);  // so that the user can be asked
        const int fd = disks->at(QStringLiteral("/dev/deadbox-test"))->get();
        QVERIFY(fd >= 10);
        QCOMPARE(::fcntl(fd, F_GETFL) & O_ACCMODE, O_RDONLY);
        QVERIFY((::fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
        QByteArray head(1024, 0);
        QCOMPARE(::pread(fd, head.data(), 1024, 0), ssize_t{1024});
        QFile file(image());
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(head, file.read(1024));
    }

    void what_cannot_be_opened_is_said_data() {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("words");
        QTest::newRow("refused") << "/dev/deadbox-denied" << "Not authorized";
        QTest::newRow("open for writing") << "/dev/deadbox-writable" << "for writing";
        QTest::newRow("unknown") << "/dev/none" << "knows no disk";
    }
    void what_cannot_be_opened_is_said() {
        QFETCH(QString, path);
        QFETCH(QString, words);
        const auto disks = opened(path);
        QVERIFY(!disks);
        QVERIFY2(QString::fromStdString(disks.error().what).contains(words), disks.error().what.c_str());
    }

    void without_udisks_it_is_opened_directly() {
        cleanup();
        const auto disks = opened(QStringLiteral("/dev/deadbox-test"));
        QVERIFY(!disks);
        QVERIFY2(QString::fromStdString(disks.error().what).contains(QStringLiteral("start udisks2")), disks.error().what.c_str());
    }

    void the_list_warns() {
        gui::DiskList list;
        list.take(device_line("/dev/sda", false, R"({"device":"sda1","as":"mount","kind":"","place":"/","writable":true},{"device":"sda2","as":"swap","kind":"","place":"","writable":true})", false) +
                  device_line("/dev/sdb", true, R"({"device":"sdb1","as":"holder","kind":"md raid1","place":"md127","writable":false})", false));
        QCOMPARE(list.count(), 2);
        auto* tree = list.findChild<QTreeWidget*>();
        const auto* rule = list.findChild<gui::PlainLabel*>(QStringLiteral("examination_rule"));
        QVERIFY(rule->text().contains(QStringLiteral("Before you attach a disk")) && rule->text().contains(QStringLiteral("it is not installed")));
        QVERIFY2(tree->topLevelItem(0)->text(4).contains(QStringLiteral("IN USE")) && tree->topLevelItem(0)->text(4).contains(QStringLiteral("sda1 is mounted on /")) && tree->topLevelItem(0)->text(4).contains(QStringLiteral("sda2 is swap")), qPrintable(tree->topLevelItem(0)->text(4)));
        QVERIFY2(tree->topLevelItem(1)->text(4).startsWith(QStringLiteral("read-only")) && tree->topLevelItem(1)->text(4).contains(QStringLiteral("md127 (md raid1)")), qPrintable(tree->topLevelItem(1)->text(4)));
        QVERIFY(!tree->topLevelItem(0)->text(1).contains(QChar(0x202e)));  // the disk's own text
        QString path, warning;
        connect(&list, &gui::DiskList::chosen, this, [&](const QString& chosen, const QString& why) { path = chosen, warning = why; });
        tree->setCurrentItem(tree->topLevelItem(1));
        QTest::mouseClick(list.findChild<QPushButton*>(), Qt::LeftButton);
        QVERIFY(path == QStringLiteral("/dev/sdb") && warning.isEmpty());
        tree->setCurrentItem(tree->topLevelItem(0));
        QTest::mouseClick(list.findChild<QPushButton*>(), Qt::LeftButton);
        QVERIFY(path == QStringLiteral("/dev/sda") && warning.contains(QStringLiteral("can change it")));
        list.take(device_line("/dev/sda", false, "", true));
        QVERIFY(rule->text().contains(QStringLiteral("rule is active")));
    }

    // Told by the state's id, whatever the English sentence says.
    void why_the_rule_is_not_active_data() {
        QTest::addColumn<QByteArray>("members");
        QTest::addColumn<QString>("words");
        QTest::newRow("not installed") << QByteArray(R"("examination_rule_state":"not_installed","examination_rule_file":"","examination_rule_reason":"x")") << "(it is not installed)";
        QTest::newRow("switched off") << QByteArray(R"("examination_rule_state":"switched_off","examination_rule_file":"/etc/%1","examination_rule_reason":"x")") << "(/etc/%1 switches it off)";
        QTest::newRow("no list") << QByteArray(R"("examination_rule_state":"no_disk_list","examination_rule_file":"/etc/r","examination_rule_reason":"x")") << "(/etc/r is there, but not the list of the workstation's own disks)";
        QTest::newRow("no udev") << QByteArray(R"("examination_rule_state":"no_udev","examination_rule_file":"/etc/r","examination_rule_reason":"x")") << "(/etc/r is there, but udev does not run)";
        QTest::newRow("of a later program") << QByteArray(R"("examination_rule_state":"asleep","examination_rule_file":"/etc/r","examination_rule_reason":"it is asleep")") << "(it is asleep)";
    }
    void why_the_rule_is_not_active() {
        QFETCH(QByteArray, members);
        QFETCH(QString, words);
        gui::DiskList list;
        list.take(R"({"device":"/dev/sda","size":1,"read_only":true,"uses":[],"examination_rule":false,)" + members + "}\n");
        const auto* rule = list.findChild<gui::PlainLabel*>(QStringLiteral("examination_rule"));
        QVERIFY2(rule->text().contains(words), qPrintable(rule->text()));
    }

    // From the list of disks to a case, without a right to the device: everything goes through the descriptor.
    void a_disk_is_examined() {
        auto window = test::open_window({});
        window->show_page(QStringLiteral("start"));
        auto& start = page_of<gui::StartPage>(*window, "start");
        start.begin_case();
        auto& form = start.form();
        form.disks().show();
        form.disks().take(device_line("/dev/deadbox-test", false, R"({"device":"deadbox-test","as":"mount","kind":"","place":"/mnt","writable":true})", false));
        auto* list = form.disks().findChild<QTreeWidget*>();
        list->setCurrentItem(list->topLevelItem(0));
        QTest::mouseClick(form.disks().findChild<QPushButton*>(), Qt::LeftButton);
        QVERIFY(start.messages().isShown());
        QVERIFY2(start.messages().text().contains(QStringLiteral("/mnt")), qPrintable(start.messages().text()));
        auto* evidence = form.findChild<QTreeWidget*>();
        QVERIFY(wait_for([&] { return evidence->topLevelItemCount() == 1 && evidence->topLevelItem(0)->childCount() > 0; }));
        QVERIFY(evidence->topLevelItem(0)->child(0)->text(1).contains(QStringLiteral("ext4")));
        auto what = form.what();
        QCOMPARE(what.evidence, QStringList{QStringLiteral("/dev/deadbox-test")});
        QVERIFY(what.arguments().last().startsWith(QStringLiteral("fd:")));
        what.output = m_folder->filePath(QStringLiteral("disk.deadbox"));
        window->start_analysis(what);
        QVERIFY(QTest::qWaitFor([&] { return window->run().state() == gui::AnalysisRun::State::finished; }, 120'000));
        QCOMPARE(window->run().outcome(), gui::AnalysisRun::Outcome::done);
        const auto view = case_file::View::open(what.output.toStdString());
        QVERIFY(view);
        const auto rows = case_file::evidence(*view);
        QVERIFY(rows && rows->size() == 1);
        QCOMPARE(rows->front().files.front().path, image().toStdString());  // what the descriptor was opened from
    }
};

DEADBOX_TEST(DisksTest)
#include "disks_test.moc"
